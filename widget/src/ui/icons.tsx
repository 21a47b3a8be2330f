/** The icons, drawn as strokes so that they follow the colour of the words; pictures of emoji fonts differ or lack. */
import type { JSX } from "preact";

const PATHS = {
  // A compass needle in a ring: the way, not a judge's hammer.
  mark: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18ZM15.6 8.4l-2.1 5.1-5.1 2.1 2.1-5.1 5.1-2.1Z",
  close: "M6 6l12 12M18 6 6 18",
  menu: "M5 12h.01M12 12h.01M19 12h.01",
  send: "M12 19V5M6 11l6-6 6 6",
  copy: "M9 9h10v11H9zM5 15V4h10",
  check: "M5 12.5l4.5 4.5L19 7.5",
  phone: "M6.5 4h3l1.5 4-2 1.5a11 11 0 0 0 5.5 5.5l1.5-2 4 1.5v3a2 2 0 0 1-2.2 2A16 16 0 0 1 4.5 6.2 2 2 0 0 1 6.5 4Z",
  down: "M12 5v14M6 13l6 6 6-6",
  chevron: "M9 6l6 6-6 6",
  up: "M7 11v9H4v-9h3Zm0 0 4-7c1.5 0 2.5 1 2.2 2.6L12.7 10H18a2 2 0 0 1 2 2.4l-1.2 6A2 2 0 0 1 16.8 20H7",
  thumbDown:
    "M17 13V4h3v9h-3Zm0 0-4 7c-1.500 0-2.500-1-2.200-2.600L11.300 14H6a2 2 0 0 1-2-2.400l1.200-6A2 2 0 0 1 7.200 4H17",
  calendar: "M4 6h16v14H4zM4 10.500h16M8 3v4M16 3v4",
  download: "M12 4v11M7 10.500l5 5 5-5M5 20h14",
  clock: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18ZM12 7.500V12l3 2",
  shield: "M12 3l7 3v5c0 4.500-3 8-7 10-4-2-7-5.500-7-10V6l7-3Z",
  alert: "M12 4 2.800 20h18.400L12 4ZM12 10v4.500M12 17.300v.01",
  retry: "M20 11a8 8 0 1 0-2.300 6.300M20 5v6h-6",
  paper: "M7 3h7l4 4v14H7zM14 3v4h4M10 12h5M10 16h5",
  scale: "M12 4v16M8 20h8M5 7h14M5 7l-2.500 6h5L5 7ZM19 7l-2.500 6h5L19 7Z",
  list: "M9 6h11M9 12h11M9 18h11M4.500 6h.01M4.500 12h.01M4.500 18h.01",
  steps: "M6 20V10M12 20V4M18 20v-7",
  chat: "M4 5h16v11H10l-4 4v-4H4z",
  link: "M10 14l9-9M13 5h6v6M19 14v5H5V5h5",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name, class: extra = "" }: { name: IconName; class?: string }): JSX.Element {
  return (
    <svg class={`icon ${extra}`} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}
