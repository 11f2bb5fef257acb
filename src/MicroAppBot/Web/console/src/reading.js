// Keeps the reader in the right place: what is new comes into view from its beginning, and whoever went back to read stays there.
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";

const MARGIN = 14;
const isAtEnd = (box) => box.scrollHeight - box.scrollTop - box.clientHeight < 60;
const topOf = (box, line) => box.scrollTop + line.getBoundingClientRect().top - box.getBoundingClientRect().top - MARGIN;
const lastLine = (box) => [...box.querySelectorAll(".line")].at(-1);

export function useReading(list, current, chat) {
  const following = useRef(true);
  const placed = useRef(0);
  const opening = useRef(true);
  const [below, setBelow] = useState(false);
  const look = () => list.current && setBelow(!isAtEnd(list.current));

  /** Scrolls to the end, or to the beginning of a last line that is taller than the room for it; never back up. */
  const place = () => {
    const box = list.current;
    const last = box && lastLine(box);
    if (!last || !following.current) return;
    const end = box.scrollHeight - box.clientHeight;
    box.scrollTop = Math.max(box.scrollTop, Math.min(end, topOf(box, last)));
    placed.current = box.scrollTop;
  };

  useLayoutEffect(() => {
    opening.current = following.current = true;
    list.current.scrollTop = 0;
  }, [current]);

  useLayoutEffect(() => {
    const box = list.current;
    if (opening.current && chat?.loaded) {
      opening.current = false;
      const unread = chat.firstUnread && box.querySelector(`[data-line="${CSS.escape(chat.firstUnread)}"]`);
      if (unread) {
        box.scrollTop = topOf(box, unread.previousElementSibling?.matches(".divider") ? unread.previousElementSibling : unread);
        placed.current = box.scrollTop;
        following.current = isAtEnd(box);
        look();
        return;
      }
    }
    place();
    look();
  });

  // A card grows after it was drawn: its text is laid out, a part of it unfolds
  useEffect(() => {
    const watch = new ResizeObserver(() => {
      place();
      look();
    });
    if (list.current.firstElementChild) watch.observe(list.current.firstElementChild);
    return () => watch.disconnect();
  }, [current]);

  return {
    /** There is something to read below. */
    below,
    follow: () => (following.current = true),
    toEnd: () => {
      list.current.scrollTo({ top: list.current.scrollHeight, behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "instant" : "smooth" });
      list.current.focus({ preventScroll: true });
    },
    scrolled: (event) => {
      following.current = isAtEnd(event.currentTarget) || (following.current && event.currentTarget.scrollTop >= placed.current - 40);
      look();
    },
  };
}
