import { render } from "preact";
import { useState } from "preact/hooks";
import * as api from "./api.js";
import { ChatPane } from "./ChatPane.jsx";
import * as chats from "./chats.js";
import { noteOnTheWay } from "./ClockPanel.jsx";
import { go, lastHome, load } from "./go.js";
import { Apps, Chat, Mark, Moon, People, Sun } from "./icons.jsx";
import * as outbox from "./outbox.js";
import { PeoplePane } from "./PeoplePane.jsx";
import { Picker } from "./Picker.jsx";
import { SidePane } from "./SidePane.jsx";
import { firstName, set, state, useConsole } from "./state.js";
import { chooseTheme } from "./theme.js";
import { count } from "./time.js";

function ThemeButton() {
  const [dark, setDark] = useState(document.documentElement.dataset.theme === "dark");
  return (
    <button
      class="icon-button"
      aria-label={dark ? "Change to light" : "Change to dark"}
      onClick={() => {
        chooseTheme(dark ? "light" : "dark");
        setDark(!dark);
      }}
    >
      {dark ? <Sun /> : <Moon />}
    </button>
  );
}

function Page() {
  const { people, current, tab, said, fault, overview } = useConsole();
  if (!people) return <p class="starting" role="status">{fault ? `${fault} Trying again…` : ""}</p>;
  const unread = (overview?.inboxes ?? []).filter((box) => box.unread > 0 && box.person !== current).length;
  return (
    <div class={`page${current ? ` on-${tab}` : " is-picking"}`}>
      <header class="top">
        <button class="brand" onClick={() => { history.pushState(null, "", "/"); set({ current: null }); document.title = "MicroAppBot"; }} aria-label="MicroAppBot: choose who you are">
          <Mark /><span>MicroAppBot</span>
        </button>
        <ThemeButton />
      </header>
      {current ? (
        <>
          <PeoplePane hidden={tab !== "people"} />
          <ChatPane hidden={tab !== "chat"} />
          <SidePane hidden={tab !== "apps"} />
          <nav class="tabs" aria-label="Parts of this page">
            <Tab name="people" title="People" icon={<People />} badge={unread} />
            <Tab name="chat" title="Chat" icon={<Chat />} />
            <Tab name="apps" title="Apps" icon={<Apps />} />
          </nav>
        </>
      ) : <Picker />}
      <p class="sr" aria-live="polite">{said}</p>
    </div>
  );
}

function Tab({ name, title, icon, badge = 0 }) {
  const { tab } = useConsole();
  return (
    <button aria-current={tab === name ? "page" : undefined} onClick={() => set({ tab: name })}>
      <span class="tab-icon">{icon}{badge > 0 && <span class="badge" aria-label={count(badge, "inbox", "inboxes") + " with news"}>{badge}</span>}</span>
      {title}
    </button>
  );
}

function news(lines) {
  chats.merge(lines);
  noteOnTheWay(lines);
  const mine = lines.filter((line) => line.person === state.current && !line.from_person).at(-1);
  const others = lines.filter((line) => line.person !== state.current && !line.from_person).at(-1);
  if (mine) set({ said: `MicroAppBot: ${mine.text ?? ""}` });
  else if (others) set({ said: `${firstName(others.person)} has a new message` });
}

async function start() {
  for (let wait = 500; ; wait = Math.min(wait * 2, 5000)) {
    try {
      const [people, overview] = await Promise.all([api.people(), api.overview()]);
      set({ people, byId: new Map(people.map((p) => [p.id, p])), overview, fault: null });
      break;
    } catch (refusal) {
      set({ fault: refusal.message });
      await new Promise((done) => setTimeout(done, wait));
    }
  }
  api.listen(state.overview.sequence, {
    onLines: news,
    onOverview: (overview) => {
      // The data folder was emptied: what this page knows is of another store
      if (overview.sequence < state.overview.sequence) location.reload();
      set({ overview });
    },
    onConnected: (connected) => {
      if (connected === state.connected) return;
      set({ connected });
      if (!connected) return;
      void outbox.flush();
      if (state.current && !state.chats.get(state.current)?.loaded) void load(state.current);
    },
  });
  void outbox.flush();
  const asked = new URLSearchParams(location.search).get("as");
  if (asked && state.byId.has(asked)) {
    const home = lastHome();
    if (home && state.byId.has(home)) set({ home });
    go(asked, { push: false, home: !home });
  }
}

addEventListener("focus", () => state.current && chats.markSeen(state.current));
render(<Page />, document.getElementById("app"));
void start();
