import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { Send } from "./icons.jsx";
import * as outbox from "./outbox.js";
import { useConsole } from "./state.js";

const MOST = 20_000;
const draftKey = (as) => `console.draft.${as}`;

export function Composer({ as, onSaid }) {
  const { connected } = useConsole();
  const [words, show] = useState(() => localStorage.getItem(draftKey(as)) ?? "");
  const box = useRef(null);
  const tooLong = words.length > MOST;
  const stuck = !connected || outbox.anyStuck();

  // Kept at once and not after the next paint: a reload may come between
  function setWords(next) {
    if (next) localStorage.setItem(draftKey(as), next);
    else localStorage.removeItem(draftKey(as));
    show(next);
  }

  useLayoutEffect(() => {
    box.current.style.height = "auto";
    box.current.style.height = `${Math.min(box.current.scrollHeight, 180)}px`;
  }, [words]);
  useEffect(() => {
    if (matchMedia("(hover: hover)").matches) box.current.focus({ preventScroll: true });
  }, [as]);

  function send() {
    if (!words.trim() || tooLong) return;
    outbox.say(as, words.trim());
    setWords("");
    onSaid();
  }

  return (
    <footer class="composer">
      {stuck && (
        <div class="trouble" role="status">
          <span class="trouble-dot" />
          <p><b>The bot cannot be reached.</b> Go on writing: what you say is kept here and sent when it is back.</p>
          <button class="quiet" onClick={() => outbox.flush()}>Try now</button>
        </div>
      )}
      <form class="composer-box" onSubmit={(e) => { e.preventDefault(); send(); }}>
        <textarea
          ref={box}
          rows={1}
          value={words}
          placeholder="Say what you need"
          aria-label="Message to MicroAppBot"
          aria-describedby="composer-hint"
          onInput={(e) => setWords(e.target.value)}
          onKeyDown={(e) => {
            if (e.key !== "Enter" || e.shiftKey || e.isComposing) return;
            e.preventDefault();
            send();
          }}
        />
        <button class="send" type="submit" aria-label="Send" disabled={!words.trim() || tooLong}><Send /></button>
      </form>
      <p id="composer-hint" class={`composer-hint${tooLong ? " is-bad" : ""}`}>
        {tooLong ? `That is ${(words.length - MOST).toLocaleString("en")} characters more than I can read at once. Please say it in parts.` : <><kbd>Enter</kbd> sends, <kbd>Shift</kbd> <kbd>Enter</kbd> starts a new line</>}
      </p>
    </footer>
  );
}
