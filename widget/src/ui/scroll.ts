/**
 * Where the log stands: it follows what is said, but shows a long answer from its beginning, and stays where the reader
 * scrolled to.
 */
import type { RefObject } from "preact";
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";

/** px from the end within which the reader counts as being at the end. */
const NEAR = 64;
/** px left above what is scrolled to. */
const AIR = 10;
/** px: a question longer than this is not kept on the screen above its answer. */
const SHORT_QUESTION = 140;

export interface Following {
  log: RefObject<HTMLDivElement | null>;
  /** The reader is not at the end. */
  away: boolean;
  /** Something was said meanwhile. */
  unread: boolean;
  toEnd(): void;
  /** Follow again, because the reader did something that asks for the next thing said. */
  follow(): void;
}

/**
 * `count` grows with everything said; `ready` is when the history stands. The log's last `.turn.user` is what an answer
 * is shown from.
 */
export function useFollowing(count: number, ready: boolean, open: boolean): Following {
  const log = useRef<HTMLDivElement>(null);
  const following = useRef(true);
  const byHand = useRef(false);
  const [away, setAway] = useState(false);
  const [unread, setUnread] = useState(false);

  const fromEnd = () => {
    const box = log.current;
    return box ? box.scrollHeight - box.clientHeight - box.scrollTop : 0;
  };

  const settle = useCallback((smooth: boolean) => {
    const box = log.current;
    if (!box) return;
    byHand.current = false;
    const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    box.scrollTo({ top: target(box), behavior: smooth && !calm ? "smooth" : "auto" });
  }, []);

  useLayoutEffect(() => {
    const box = log.current;
    if (!box || !ready || !open) return;
    if (following.current) settle(count > 1 && box.scrollTop > 0);
    else setUnread(true);
    setAway(fromEnd() > NEAR);
  }, [count, ready, open, settle]);

  useEffect(() => {
    const box = log.current;
    if (!box) return undefined;
    const hand = () => {
      byHand.current = true;
    };
    const moved = () => {
      const near = fromEnd() <= NEAR;
      if (byHand.current) following.current = near;
      if (near) setUnread(false);
      setAway(!near);
    };
    // The keyboard of a phone takes half of the log's height.
    const sizes =
      typeof ResizeObserver === "undefined"
        ? undefined
        : new ResizeObserver(() => {
            if (following.current) settle(false);
          });
    for (const name of ["wheel", "touchmove", "keydown", "pointerdown"])
      box.addEventListener(name, hand, { passive: true });
    box.addEventListener("scroll", moved, { passive: true });
    sizes?.observe(box);
    return () => {
      for (const name of ["wheel", "touchmove", "keydown", "pointerdown"]) box.removeEventListener(name, hand);
      box.removeEventListener("scroll", moved);
      sizes?.disconnect();
    };
  }, [settle]);

  const toEnd = useCallback(() => {
    const box = log.current;
    if (!box) return;
    following.current = true;
    byHand.current = false;
    setUnread(false);
    const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    box.scrollTo({ top: box.scrollHeight, behavior: calm ? "auto" : "smooth" });
  }, []);

  const follow = useCallback(() => {
    following.current = true;
    setUnread(false);
  }, []);

  return { log, away, unread, toEnd, follow };
}

/** The end, but not past the last question and the start of its answer. */
function target(box: HTMLElement): number {
  const end = box.scrollHeight - box.clientHeight;
  const questions = box.querySelectorAll<HTMLElement>(".turn.user");
  const question = questions[questions.length - 1];
  // The first screen is read from its top.
  if (!question) return box.querySelector(".turn") ? end : 0;
  const answer = question.nextElementSibling as HTMLElement | null;
  const first = question.offsetHeight > SHORT_QUESTION && answer ? answer : question;
  return Math.max(0, Math.min(end, first.offsetTop - AIR));
}
