// What was typed and is not on the server yet. It outlives a reload, goes out in order, and is sent again under the
// same id until the server has it; said twice it is said once.
import * as api from "./api.js";
import { set, state } from "./state.js";

const KEY = "console.outbox";
const load = () => {
  try {
    return JSON.parse(localStorage.getItem(KEY)) ?? [];
  } catch {
    return [];
  }
};

let waiting = load();
let sending = false;
let timer;
let tries = 0;

const keep = (next) => {
  waiting = next;
  localStorage.setItem(KEY, JSON.stringify(waiting));
  set({});
};

export const unsent = (as) => waiting.filter((said) => said.as === as);
export const anyStuck = () => waiting.some((said) => said.state === "waiting");

export function say(as, text) {
  keep([...waiting, { as, id: crypto.randomUUID(), text, at: Date.now(), state: "sending" }]);
  void flush();
}

/** The line has come back from the server. */
export function arrived(as, lineId) {
  if (waiting.some((said) => lineId === `console:${as}:${said.id}`)) keep(waiting.filter((said) => lineId !== `console:${said.as}:${said.id}`));
}

export function discard(id) {
  keep(waiting.filter((said) => said.id !== id));
}

const mark = (id, change) => keep(waiting.map((said) => (said.id === id ? { ...said, ...change } : said)));

export async function flush() {
  if (sending) return;
  sending = true;
  clearTimeout(timer);
  try {
    for (let next; (next = waiting.find((said) => said.state !== "sent" && said.state !== "refused"));) {
      mark(next.id, { state: next.state === "waiting" ? "waiting" : "sending" });
      const answered = awaitReply(next.as);
      try {
        await api.say(next.as, next.id, next.text);
        tries = 0;
        mark(next.id, { state: "sent" });
      } catch (refusal) {
        answered();
        if (!refusal.retry) {
          mark(next.id, { state: "refused", words: refusal.message });
          continue;
        }
        mark(next.id, { state: "waiting" });
        timer = setTimeout(flush, Math.min(8000, 1000 * 2 ** tries++));
        return;
      }
    }
  } finally {
    sending = false;
  }
}

/** Shows that an answer is on its way, until it comes (also before the words are acknowledged) or it is plain that none will. */
function awaitReply(as) {
  const patience = 20_000;
  const wait = {};
  const over = () => {
    if (state.awaiting.get(as) !== wait) return;
    state.awaiting.delete(as);
    set({});
  };
  state.awaiting.set(as, wait);
  setTimeout(over, patience);
  return over;
}
