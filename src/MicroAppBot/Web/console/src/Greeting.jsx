import { Mark } from "./icons.jsx";
import * as outbox from "./outbox.js";
import { useConsole } from "./state.js";
import { hourOf } from "./time.js";

const BUILD = [
  "I need a page where the marketing team sees which campaigns ran last month",
  "A form to approve travel requests in our department",
  "Tell our channel when a support ticket has waited two days",
];
const SIGN = ["approvals", "my apps", "help"];

export function Greeting({ who }) {
  const { overview } = useConsole();
  const hour = hourOf(overview?.clock.now ?? Date.now(), who.time_zone);
  const time = hour < 5 ? "Good evening" : hour < 12 ? "Good morning" : hour < 18 ? "Good afternoon" : "Good evening";
  const signs = who.roles.length > 0;
  return (
    <section class="greeting">
      <Mark size={44} />
      <h2>{time}, {who.name.split(" ")[0]}.</h2>
      <p>
        {signs
          ? "When somebody needs your signature, the card comes here. You can also ask for an app of your own."
          : "Say in your own words what your team needs. I pick the right start, ask only what is missing, and tell you what was decided and why."}
      </p>
      <ul class="examples">
        {(signs ? [...SIGN, BUILD[0]] : BUILD).map((words) => (
          <li key={words}><button onClick={() => outbox.say(who.id, words)}>{words}</button></li>
        ))}
      </ul>
    </section>
  );
}
