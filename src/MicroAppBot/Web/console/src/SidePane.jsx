import { useState } from "preact/hooks";
import { ClockPanel } from "./ClockPanel.jsx";
import { Signed, Unsigned } from "./icons.jsx";
import { firstName, person, useConsole } from "./state.js";
import { count, shortDay } from "./time.js";
import { Words } from "./Words.jsx";

export function SidePane({ hidden }) {
  const { overview, current } = useConsole();
  const [mine, setMine] = useState(false);
  if (!overview) return <aside class={`pane side${hidden ? " is-hidden" : ""}`} aria-label="Clock and apps" />;
  const apps = overview.apps.filter((app) => !mine || app.owner === current || app.co_owner === current);
  const requests = overview.requests.filter((r) => !mine || r.requester === current || r.seats.some((s) => s.person === current));
  return (
    <aside class={`pane side${hidden ? " is-hidden" : ""}`} aria-label="Clock and apps">
      <div class="pane-scroll">
        <ClockPanel />
        <div class="segments" role="group" aria-label="Whose apps">
          <button aria-pressed={!mine} onClick={() => setMine(false)}>Everyone's</button>
          <button aria-pressed={mine} onClick={() => setMine(true)}>{firstName(current)}'s</button>
        </div>
        <section aria-labelledby="requests-title">
          <h2 id="requests-title" class="eyebrow">Open requests{requests.length > 0 && <span class="eyebrow-count">{requests.length}</span>}</h2>
          {requests.length === 0 ? <p class="none">Nothing waits for anybody.</p> : <ul class="things">{requests.map((r) => <RequestRow key={r.id} request={r} />)}</ul>}
        </section>
        <section aria-labelledby="apps-title">
          <h2 id="apps-title" class="eyebrow">Apps{apps.length > 0 && <span class="eyebrow-count">{apps.length}</span>}</h2>
          {apps.length === 0
            ? <p class="none">{mine ? `${firstName(current)} has no app yet.` : "No app yet. The first one is a sentence away."}</p>
            : <ul class="things">{apps.map((app) => <AppRow key={app.id} app={app} />)}</ul>}
        </section>
      </div>
    </aside>
  );
}

const STATES = {
  provisioning: ["Being set up", "neutral"],
  active: ["Live", "good"],
  suspended: ["Suspended", "attention"],
  archived: ["Archived", "neutral"],
  quarantined: ["Quarantined", "attention"],
  purged: ["Deleted", "neutral"],
};

function AppRow({ app }) {
  const [words, tone] = STATES[app.state] ?? [app.state, "neutral"];
  const days = app.days_left === undefined || app.days_left === null ? null
    : app.days_left > 0 ? `${count(app.days_left, "day")} left` : "ends today";
  const soon = app.days_left !== undefined && app.days_left !== null && app.days_left <= 7;
  return (
    <li class="thing">
      <div class="thing-head">
        <span class="thing-title">{app.title}</span>
        <span class={`state tone-${tone}`}><i />{words}</span>
      </div>
      <Words>
        {app.owner && <span>{person(app.owner).name}</span>}
        {days && <span class={soon ? "soon" : ""}>{days}</span>}
        {app.because && <span>{app.because}</span>}
        {app.restorable_until && <span>restorable until {shortDay(app.restorable_until, "UTC")}</span>}
      </Words>
      {app.cap_usd > 0 && app.days_left !== undefined && <Spend spent={app.spent_usd} cap={app.cap_usd} />}
    </li>
  );
}

const usd = (n) => n.toLocaleString("en", { maximumFractionDigits: n % 1 ? 2 : 0, minimumFractionDigits: n % 1 ? 2 : 0 });

function Spend({ spent, cap }) {
  const share = Math.min(100, Math.round((spent / cap) * 100));
  const tone = share >= 100 ? "attention" : share >= 80 ? "warning" : "good";
  return (
    <div class="spend">
      <svg class={`bar tone-${tone}`} viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
        <rect class="bar-room" width="100" height="4" />
        <rect class="bar-spent" width={share} height="4" />
      </svg>
      <span>{usd(spent)} of {usd(cap)} USD</span>
    </div>
  );
}

const KINDS = {
  create: "New app", change: "Change", renew: "Renewal", "raise-cap": "Higher cap", restore: "Restore", archive: "Archive", transfer: "Handover", resume: "Resume",
};
const WAITS = { stopped: "Stopped by a rule", "changes-requested": "Changes wanted" };

function RequestRow({ request }) {
  return (
    <li class="thing">
      <div class="thing-head">
        <span class="thing-title">{request.title}</span>
        <span class={`tier tier-${request.tier}`}>{request.tier}</span>
      </div>
      <Words>
        <span>{KINDS[request.kind] ?? request.kind} for {firstName(request.requester)}</span>
        {WAITS[request.state] && <span class="soon">{WAITS[request.state]}</span>}
      </Words>
      {request.seats.length > 0 && (
        <ul class="seats">
          {request.seats.map((seat) => (
            <li key={seat.role} class={seat.signed ? "is-signed" : ""}>
              {seat.signed ? <Signed /> : <Unsigned />}{seat.role}: {seat.person ? firstName(seat.person) : "nobody"}<span class="sr">{seat.signed ? ", signed" : ", not signed yet"}</span>
            </li>
          ))}
        </ul>
      )}
    </li>
  );
}
