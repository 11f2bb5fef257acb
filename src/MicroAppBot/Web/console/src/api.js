/** What the server answered that is not a success. `retry` says whether the same may work later. */
export class Refusal extends Error {
  constructor(words, retry) {
    super(words);
    this.retry = retry;
  }
}

async function call(path, body) {
  let response;
  try {
    response = await fetch(path, body === undefined
      ? { headers: { Accept: "application/json" } }
      : { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
  } catch {
    throw new Refusal("The bot cannot be reached.", true);
  }
  if (response.ok) return response.status === 204 ? null : response.json();
  const text = await response.text();
  let words = text.trim();
  try {
    words = JSON.parse(text).error ?? words;
  } catch {
    // A plain sentence
  }
  throw new Refusal(words || `The bot answered ${response.status}.`, response.status >= 500 || response.status === 429);
}

export const people = () => call("/console/people");
export const overview = () => call("/console/overview");
export const say = (as, id, text) => call("/console/say", { as, id, text });
export const press = (as, id, verb, data, card) => call("/console/press", { as, id, verb, data, card });
export const seen = (as, sequence) => call("/console/seen", { as, sequence });
export const moveClock = (how) => call("/dev/clock", how);

/** All lines of a person after a sequence number. */
export async function transcript(as, after) {
  const lines = [];
  for (let more = true; more;) {
    const page = await call(`/console/transcript?as=${encodeURIComponent(as)}&after=${after}`);
    lines.push(...page.lines);
    more = page.more && page.lines.length > 0;
    if (more) after = page.lines.at(-1).sequence;
  }
  return lines;
}

/** Listens for what is new; comes back by itself with the last sequence number it had. */
export function listen(after, { onLines, onOverview, onConnected }) {
  const silence = 45_000;
  let source;
  let last = after;
  let tries = 0;
  let watchdog;
  let again;
  let alarm;

  const heard = () => {
    clearTimeout(watchdog);
    watchdog = setTimeout(lost, silence);
  };

  function lost() {
    source?.close();
    clearTimeout(watchdog);
    clearTimeout(again);
    // A connection that is back in a moment is nobody's concern
    alarm ??= setTimeout(() => onConnected(false), 1200);
    again = setTimeout(open, Math.min(8000, 500 * 2 ** tries++));
  }

  function open() {
    source = new EventSource(`/console/events?after=${last}`);
    heard();
    source.onopen = () => {
      tries = 0;
      heard();
      clearTimeout(alarm);
      alarm = undefined;
      onConnected(true);
    };
    source.onerror = lost;
    source.addEventListener("lines", (event) => {
      heard();
      const { lines } = JSON.parse(event.data);
      last = Math.max(last, ...lines.map((line) => line.sequence));
      onLines(lines);
    });
    source.addEventListener("overview", (event) => {
      heard();
      onOverview(JSON.parse(event.data));
    });
    source.addEventListener("ping", heard);
  }

  open();
  addEventListener("online", () => {
    clearTimeout(again);
    if (source?.readyState !== EventSource.OPEN) lost();
  });
}
