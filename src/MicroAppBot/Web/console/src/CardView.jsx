import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import * as api from "./api.js";
import * as chats from "./chats.js";
import { set } from "./state.js";

const { AdaptiveCard, hostConfig } = globalThis.AdaptiveCards;

/** What has the focus inside the card, so that it can have it again when the card is drawn anew. */
function focusIn(host) {
  const at = document.activeElement;
  if (!at || at === document.body || !host.contains(at)) return null;
  return { input: at.closest("[data-input]")?.dataset.input, title: at.getAttribute("aria-label") ?? at.textContent, tag: at.tagName };
}

function focusAgain(host, had) {
  if (!had) return;
  const same = had.input
    ? host.querySelector(`[data-input="${CSS.escape(had.input)}"] :is(input, textarea, select)`)
    : [...host.querySelectorAll(had.tag)].find((e) => (e.getAttribute("aria-label") ?? e.textContent) === had.title);
  // Where that is gone, the card itself: the next Tab goes on in it
  (same ?? host.firstElementChild)?.focus({ preventScroll: true });
}

/** What was typed into the card and not sent: kept when somebody else's decision changes the card meanwhile. */
const typedInto = (card) => new Map(card?.getAllInputs().filter((i) => i.id && i.value !== undefined && i.value !== i.drawnValue).map((i) => [i.id, i.value]) ?? []);

/** A row that can be clicked is called by its words, so that one can ask for it by what one sees; what a click does is said after them. */
function nameByWhatIsSeen(element) {
  const plain = (words) => (words ?? "").replace(/\s+/g, " ").trim().toLowerCase();
  for (const row of element.querySelectorAll(".ac-selectable:not(button)[aria-label]")) {
    const label = row.getAttribute("aria-label");
    if (!plain(row.textContent) || plain(label).includes(plain(row.textContent))) continue;
    row.removeAttribute("aria-label");
    row.setAttribute("aria-description", label);
  }
}

export function CardView({ as, line }) {
  const host = useRef(null);
  const drawn = useRef(null);
  const lastTry = useRef(null);
  const busyNow = useRef(false);
  const own = useRef(false);
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState(null);

  async function press(action) {
    if (busyNow.current) return;
    const data = { ...(typeof action.data === "object" ? action.data : {}) };
    const verb = action.verb ?? data.verb ?? "";
    // Pressed again after a failure it is the same click, so it is done once
    const what = JSON.stringify([verb, data]);
    const id = lastTry.current?.what === what ? lastTry.current.id : crypto.randomUUID();
    lastTry.current = { what, id };
    busyNow.current = own.current = true;
    setBusy(true);
    setFault(null);
    const button = action.renderedElement;
    button?.classList.add("is-pressed");
    try {
      const answer = await api.press(as, id, verb, data, line.id);
      lastTry.current = null;
      set({ said: answer.messages.map((m) => m.text).filter(Boolean).join(" ") });
      await chats.catchUp(as).catch(() => {});
    } catch (refusal) {
      own.current = false;
      setFault(refusal.retry ? `${refusal.message} Nothing was lost: press again in a moment.` : refusal.message);
    } finally {
      busyNow.current = false;
      button?.classList.remove("is-pressed");
      setBusy(false);
    }
  }

  useLayoutEffect(() => {
    const had = focusIn(host.current);
    const typed = own.current ? new Map() : typedInto(drawn.current);
    own.current = false;
    const card = new AdaptiveCard();
    card.hostConfig = hostConfig();
    card.onExecuteAction = (action) => {
      const type = action.getJsonTypeName();
      if (type === "Action.OpenUrl") {
        if (/^https?:/i.test(action.url ?? "")) window.open(action.url, "_blank", "noopener,noreferrer");
      } else if (type === "Action.Execute" || type === "Action.Submit") {
        void press(action);
      }
    };
    try {
      card.parse(structuredClone(line.card));
      for (const input of card.getAllInputs()) if (typed.has(input.id)) input.defaultValue = typed.get(input.id);
      const element = card.render();
      for (const input of card.getAllInputs()) {
        input.drawnValue = typed.has(input.id) ? undefined : input.value;
        if (input.renderedElement) input.renderedElement.dataset.input = input.id ?? "";
      }
      element.tabIndex = -1;
      nameByWhatIsSeen(element);
      host.current.replaceChildren(element);
      drawn.current = card;
    } catch (broken) {
      console.error("This card cannot be drawn.", broken);
      host.current.textContent = line.text || "This card cannot be shown.";
    }
    focusAgain(host.current, had);
  }, [line.sequence, line.id]);

  useEffect(() => {
    host.current.querySelectorAll("button.ac-pushButton").forEach((button) => {
      if (busy) button.setAttribute("aria-disabled", "true");
      else button.removeAttribute("aria-disabled");
    });
  }, [busy]);

  return (
    <div class={`card${busy ? " is-busy" : ""}`} aria-busy={busy}>
      <div class="card-host" ref={host} />
      {fault && <p class="card-fault" role="alert">{fault}</p>}
    </div>
  );
}
