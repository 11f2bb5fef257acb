// The chats that were opened: lines by id, in the order in which they stand.
import * as api from "./api.js";
import * as outbox from "./outbox.js";
import { set, state } from "./state.js";

const empty = () => ({ lines: new Map(), last: 0, loaded: false, firstUnread: null });

export const sorted = (chat) => [...chat.lines.values()].sort((a, b) => a.position - b.position);

export async function open(id) {
  let chat = state.chats.get(id);
  const unread = state.overview?.inboxes.find((box) => box.person === id)?.unread ?? 0;
  if (!chat) {
    chat = empty();
    state.chats.set(id, chat);
  }
  if (!chat.loaded) {
    const lines = await api.transcript(id, 0);
    merge(lines.map((line) => ({ ...line, person: id })));
    chat.loaded = true;
  }
  // Where the reader left off
  const theirs = sorted(chat).filter((line) => !line.from_person);
  chat.firstUnread = unread > 0 ? (theirs.at(-unread) ?? theirs[0])?.id ?? null : null;
  set({});
}

/** Takes up new and changed lines; a line that came twice is one line, the later one counts. */
export function merge(lines) {
  for (const line of lines) {
    if (line.from_person) outbox.arrived(line.person, line.id);
    const chat = state.chats.get(line.person);
    if (!chat) continue;
    const known = chat.lines.get(line.id);
    if (known && known.sequence >= line.sequence) continue;
    chat.lines.set(line.id, line);
    chat.last = Math.max(chat.last, line.sequence);
    if (!line.from_person) state.awaiting.delete(line.person);
  }
  set({});
}

/** The direct answer to a click, shown before the stream brings it. */
export async function catchUp(id) {
  const chat = state.chats.get(id);
  if (chat) merge((await api.transcript(id, chat.last)).map((line) => ({ ...line, person: id })));
}

const told = new Map();

/** Says that the open chat has been read up to its last line. */
export function markSeen(id) {
  const chat = state.chats.get(id);
  const unread = state.overview?.inboxes.find((row) => row.person === id)?.unread ?? 0;
  if (!chat?.loaded || unread === 0 || document.visibilityState !== "visible" || (told.get(id) ?? 0) >= chat.last) return;
  told.set(id, chat.last);
  api.seen(id, chat.last).catch(() => told.delete(id));
}
