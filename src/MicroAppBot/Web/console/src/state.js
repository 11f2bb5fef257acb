import { useEffect, useReducer } from "preact/hooks";

/** All that the page knows. Changed by `set` only, which draws whoever uses it. */
export const state = {
  people: null,
  byId: new Map(),
  overview: null,
  fault: null,
  connected: true,
  home: null,
  current: null,
  tab: "chat",
  chats: new Map(),
  awaiting: new Map(),
  journey: null,
  said: "",
};

const watchers = new Set();

export function set(change) {
  Object.assign(state, change);
  for (const watcher of watchers) watcher();
}

export function useConsole() {
  const [, draw] = useReducer((n) => n + 1, 0);
  useEffect(() => {
    watchers.add(draw);
    return () => watchers.delete(draw);
  }, []);
  return state;
}

export const person = (id) => state.byId.get(id) ?? { id, name: id, department: "", roles: [], time_zone: "UTC" };
export const firstName = (id) => person(id).name.split(" ")[0];
export const unreadOf = (id) => state.overview?.inboxes.find((box) => box.person === id)?.unread ?? 0;
