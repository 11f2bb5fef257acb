import { useEffect, useState } from "preact/hooks";
import * as api from "./api.js";
import { go } from "./go.js";
import { firstName, set, state, useConsole } from "./state.js";
import { ahead, clockTime, count, dayAndYear, shortDay, until, weekday } from "./time.js";
import { Words } from "./Words.jsx";

const DAY = "1.00:00:00";
const WEEK = "7.00:00:00";

/** Collects what arrives while the clock is moved; the last messages come a moment after the answer. */
async function move(how) {
  const journey = { from: now(), moving: true, events: [], acted: null, fault: null };
  set({ journey });
  try {
    const moved = await api.moveClock(how);
    journey.acted = moved.acted;
  } catch (refusal) {
    journey.fault = refusal.message;
  }
  journey.moving = false;
  journey.until = Date.now() + 3000;
  set({});
}

/** Called with each new line; belongs to the way of the clock if it came while it was moved. */
export function noteOnTheWay(lines) {
  const journey = state.journey;
  if (!journey || journey.fault || (!journey.moving && Date.now() > journey.until)) return;
  const fresh = lines.filter((line) => !line.from_person && !journey.events.some((known) => known.id === line.id));
  if (fresh.length > 0) journey.events = [...journey.events, ...fresh].slice(-40);
}

const now = () => Date.now() + (state.overview?.clock.offset_seconds ?? 0) * 1000;

export function ClockPanel() {
  const { overview, journey } = useConsole();
  const [, tick] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => tick((n) => n + 1), 10_000);
    return () => clearInterval(timer);
  }, []);
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const { clock } = overview;
  const busy = journey?.moving ?? false;

  return (
    <section class="clock" aria-labelledby="clock-title">
      <h2 id="clock-title" class="sr">Clock</h2>
      <p class="clock-day">{weekday(now(), zone)}</p>
      <p class="clock-date">{dayAndYear(now(), zone)}<span>{clockTime(now(), zone)}</span></p>
      <Words>
        <span>{ahead(clock.offset_seconds)}</span>
        {clock.next_event && <span>next event {until(clock.next_event, now())}</span>}
      </Words>
      <div class="clock-buttons">
        <button disabled={busy} onClick={() => move({ advance: DAY })}>Next day</button>
        <button disabled={busy} onClick={() => move({ advance: WEEK })}>Next week</button>
        <button disabled={busy || !clock.next_event} onClick={() => move({ to_next_event: true })}>Next event</button>
      </div>
      <div aria-live="polite">
        {busy && <p class="clock-note">Moving on…</p>}
        {journey && !busy && (
          <div class="journey">
            {journey.fault
              ? <p class="card-fault">{journey.fault}</p>
              : <p class="journey-title">{journey.events.length > 0 ? `${count(journey.events.length, "message")} on the way` : "A quiet time: nobody was told anything."}</p>}
            {journey.events.length > 0 && (
              <ol>
                {journey.events.map((line) => (
                  <li key={line.id}>
                    <button onClick={() => go(line.person)}>
                      <time dateTime={line.at}>{shortDay(line.at, zone)}</time>
                      <span><b>{firstName(line.person)}</b> {line.text}</span>
                    </button>
                  </li>
                ))}
              </ol>
            )}
          </div>
        )}
      </div>
    </section>
  );
}
