import { Avatar, wordsOf } from "./Avatar.jsx";
import { go } from "./go.js";
import { Mark } from "./icons.jsx";
import { unreadOf, useConsole } from "./state.js";

export function Picker() {
  const { people } = useConsole();
  const builders = people.filter((p) => p.roles.length === 0);
  const signers = people.filter((p) => p.roles.length > 0);
  return (
    <main class="picker">
      <div class="picker-inner">
        <Mark size={48} />
        <h1>Who would you like to be?</h1>
        <p class="lead">
          This is MicroAppBot on your own machine. Play a colleague who needs a small app, then step into the shoes of those who sign for it.
          You can change places at any time.
        </p>
        <Group title="Needs an app" people={builders} />
        <Group title="Signs for others" people={signers} />
      </div>
    </main>
  );
}

function Group({ title, people }) {
  if (people.length === 0) return null;
  return (
    <section>
      <h2 class="eyebrow">{title}</h2>
      <ul class="faces">
        {people.map((p) => (
          <li key={p.id}>
            <button class="face" onClick={() => go(p.id, { home: true })}>
              <Avatar who={p} large />
              <span class="row-words">
                <span class="row-name">{p.name}</span>
                <span class="row-roles">{wordsOf(p)}</span>
              </span>
              {unreadOf(p.id) > 0 && <span class="badge" aria-label={`${unreadOf(p.id)} new`}>{unreadOf(p.id)}</span>}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
