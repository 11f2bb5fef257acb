import { useState } from "preact/hooks";
import { Avatar, wordsOf } from "./Avatar.jsx";
import { go } from "./go.js";
import { person, useConsole } from "./state.js";
import { count } from "./time.js";

export function PeoplePane({ hidden }) {
  const { people, overview, current, home } = useConsole();
  const [filter, setFilter] = useState("");
  const news = (overview?.inboxes ?? [])
    .filter((box) => box.unread > 0 && box.person !== current)
    .sort((a, b) => b.at.localeCompare(a.at));
  const waiting = new Set(news.map((box) => box.person));
  const wanted = filter.trim().toLowerCase();
  const rest = (people ?? []).filter((p) => !waiting.has(p.id) && (!wanted || `${p.name} ${wordsOf(p)}`.toLowerCase().includes(wanted)));

  return (
    <nav class={`pane people${hidden ? " is-hidden" : ""}`} aria-label="People">
      <div class="pane-scroll">
        {news.length > 0 && (
          <section aria-labelledby="news-title">
            <h2 id="news-title" class="eyebrow">New messages</h2>
            <ul class="rows">
              {news.map((box) => (
                <li key={box.person}>
                  <button class="row news" onClick={() => go(box.person)}>
                    <Avatar who={person(box.person)} />
                    <span class="row-words">
                      <span class="row-name">{person(box.person).name}</span>
                      <span class="row-excerpt">{box.excerpt}</span>
                    </span>
                    <span class="badge" aria-label={count(box.unread, "new message")}>{box.unread > 99 ? "99+" : box.unread}</span>
                  </button>
                </li>
              ))}
            </ul>
          </section>
        )}
        <section aria-labelledby="people-title">
          <h2 id="people-title" class="eyebrow">People</h2>
          {(people?.length ?? 0) > 20 && (
            <input class="filter" type="search" placeholder="Find somebody" aria-label="Find somebody" value={filter} onInput={(e) => setFilter(e.target.value)} />
          )}
          <ul class="rows">
            {rest.map((p) => (
              <li key={p.id}>
                <button class={`row${p.id === current ? " is-current" : ""}`} aria-current={p.id === current ? "true" : undefined} onClick={() => go(p.id, { home: true })}>
                  <Avatar who={p} />
                  <span class="row-words">
                    <span class="row-name">{p.name}{p.id === home && p.id !== current && <span class="row-you">you</span>}</span>
                    <span class="row-roles">{wordsOf(p)}</span>
                  </span>
                </button>
              </li>
            ))}
          </ul>
        </section>
      </div>
    </nav>
  );
}
