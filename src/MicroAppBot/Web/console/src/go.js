import * as chats from "./chats.js";
import { set, state } from "./state.js";

const HOME = "console.home";

export const lastHome = () => localStorage.getItem(HOME);

/** Opens somebody's chat and acts as them. `home`: this is who one is; other inboxes are visits. */
export function go(id, { home = false, push = true } = {}) {
  if (!state.byId.has(id)) return;
  if (home || !state.home) {
    localStorage.setItem(HOME, id);
    set({ home: id });
  }
  if (push && state.current !== id) history.pushState(null, "", `?as=${encodeURIComponent(id)}`);
  set({ current: id, tab: "chat", fault: null });
  document.title = `${state.byId.get(id).name} · MicroAppBot`;
  void load(id);
}

export async function load(id) {
  try {
    await chats.open(id);
    set({ fault: null });
  } catch (refusal) {
    set({ fault: refusal.message });
  }
}

addEventListener("popstate", () => {
  const id = new URLSearchParams(location.search).get("as");
  if (id && state.byId.has(id)) go(id, { push: false });
  else set({ current: null });
});
