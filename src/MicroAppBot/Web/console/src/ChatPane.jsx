import { Fragment } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { Avatar, wordsOf } from "./Avatar.jsx";
import { CardView } from "./CardView.jsx";
import * as chats from "./chats.js";
import { Composer } from "./Composer.jsx";
import { Greeting } from "./Greeting.jsx";
import { go, load } from "./go.js";
import { Back, Down, Mark } from "./icons.jsx";
import * as outbox from "./outbox.js";
import { useReading } from "./reading.js";
import { firstName, person, useConsole } from "./state.js";
import { clockTime, dayKey, longDay } from "./time.js";

/** Cards are heavy: a long chat is drawn from its end. */
const STEP = 60;

export function ChatPane({ hidden }) {
  const { current, home, chats: all, awaiting, fault } = useConsole();
  const who = person(current);
  const chat = all.get(current);
  const lines = chat?.loaded ? chats.sorted(chat) : [];
  const unsent = outbox.unsent(current).filter((said) => !chat?.lines.has(`console:${current}:${said.id}`));
  const visiting = home && current !== home;
  const list = useRef(null);
  const reading = useReading(list, current, chat);
  const [shown, setShown] = useState(STEP);
  useLayoutEffect(() => setShown(STEP), [current]);
  useEffect(() => {
    if (!hidden) chats.markSeen(current);
  });

  return (
    <main class={`pane chat${hidden ? " is-hidden" : ""}`}>
      <header class="chat-head">
        {visiting && (
          <button class="back" onClick={() => go(home)}>
            <Back /><span>Back to {firstName(home)}</span>
          </button>
        )}
        <Avatar who={who} />
        <div class="chat-who">
          <h1>{who.name}</h1>
          <p>{visiting ? <span class="acting">You act as {firstName(current)}</span> : null}{wordsOf(who)}</p>
        </div>
      </header>
      <div class="lines" ref={list} tabIndex={0} role="region" aria-label={`Chat of ${who.name}`} onScroll={reading.scrolled}>
        <div class="lines-inner">
          {fault && (
            <div class="chat-fault" role="alert">
              <p>{fault}</p>
              <button class="quiet" onClick={() => load(current)}>Try again</button>
            </div>
          )}
          {chat?.loaded && lines.length === 0 && unsent.length === 0 && <Greeting who={who} />}
          {lines.length > shown && (
            <button class="earlier" onClick={() => setShown(shown + STEP)}>Earlier messages</button>
          )}
          <Lines lines={lines.slice(-shown)} who={who} firstUnread={chat?.firstUnread} />
          {unsent.map((said) => <Unsent key={said.id} said={said} />)}
          {awaiting.has(current) && (
            <div class="line theirs" key="typing">
              <Mark size={26} />
              <p class="typing"><span class="sr">The bot is answering</span><i /><i /><i /></p>
            </div>
          )}
        </div>
      </div>
      <div class="below">
        {reading.below && <button onClick={reading.toEnd} aria-label="To the latest"><Down /></button>}
      </div>
      <Composer key={current} as={current} onSaid={reading.follow} />
    </main>
  );
}

/** Lines in groups: of one side, one day, and within a few minutes; the time stands at the end of each. */
function Lines({ lines, who, firstUnread }) {
  const pause = 10 * 60_000;
  const day = (line) => dayKey(line.at, who.time_zone);
  const breaks = (line, before) => !before || before.from_person !== line.from_person || line.id === firstUnread
    || day(before) !== day(line) || new Date(line.at) - new Date(before.at) > pause;
  return lines.map((line, index) => {
    const before = lines[index - 1];
    const after = lines[index + 1];
    return (
      <Fragment key={line.id}>
        {(!before || day(before) !== day(line)) && <p class="divider"><span>{longDay(line.at, who.time_zone)}</span></p>}
        {line.id === firstUnread && before && <p class="divider is-new"><span>New</span></p>}
        <Line line={line} who={who} opens={breaks(line, before)} closes={!after || breaks(after, line)} />
      </Fragment>
    );
  });
}

function Line({ line, who, opens, closes }) {
  const time = <time dateTime={line.at}>{clockTime(line.at, who.time_zone)}</time>;
  return line.from_person ? (
    <article data-line={line.id} class={`line mine${opens ? " opens" : ""}`} aria-label={`${who.name} at ${clockTime(line.at, who.time_zone)}`}>
      <p class="bubble">{line.text}</p>
      {closes && time}
    </article>
  ) : (
    <article data-line={line.id} class={`line theirs${opens ? " opens" : ""}`} aria-label={`MicroAppBot at ${clockTime(line.at, who.time_zone)}`}>
      {opens ? <Mark size={26} /> : <span class="no-mark" />}
      <div class="line-body">
        {line.card ? <CardView as={who.id} line={line} /> : <p class="words">{line.text}</p>}
        {closes && time}
      </div>
    </article>
  );
}

const STATES = { sending: "Sending…", sent: "Sent", waiting: "Kept here. It goes out as soon as the bot can be reached." };

function Unsent({ said }) {
  return (
    <article class={`line mine unsent is-${said.state}`}>
      <p class="bubble">{said.text}</p>
      {said.state === "refused" ? (
        <p class="line-fault" role="alert">
          {said.words} <button class="link" onClick={() => outbox.discard(said.id)}>Remove</button>
        </p>
      ) : (
        <p class="line-state" aria-live="polite">{STATES[said.state]}</p>
      )}
    </article>
  );
}
