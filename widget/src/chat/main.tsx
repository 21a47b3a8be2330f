/** The chat bundle: what the launcher loads when the chat is first opened. */
import { render } from "preact";
import { useEffect, useState } from "preact/hooks";
import { palette } from "../shared/colour";
import type { Options } from "../shared/options";
import { addStyles } from "../shared/styles";
import css from "../ui/chat.css?inline";
import { Panel } from "../ui/panel";
import { ChatClient } from "./client";
import { type Prefs, readPrefs } from "./prefs";
import { browserKeeper } from "./session";
import type { View } from "./view";

export interface Chat {
  open(): void;
  close(): void;
}

export interface Hooks {
  onClose(): void;
  /** The bot said something while the panel was closed. */
  onUnread(): void;
}

/** Below this the panel covers the page. */
const SMALL = "(max-width: 479.98px), (max-height: 479.98px)";

/** Put the chat into `root`, closed. */
export function mount(root: ShadowRoot, options: Options, hooks: Hooks): Chat {
  addStyles(root, css, options.nonce);
  const place = document.createElement("div");
  place.className = "wq";
  place.lang = options.language;
  root.append(place);
  const keeper = browserKeeper();
  const client = new ChatClient(options.server, {
    fetch: (input, init) => fetch(input, init),
    keeper,
    isOnline: () => navigator.onLine !== false,
    isHidden: () => document.visibilityState === "hidden",
  });
  let setOpen: (open: boolean) => void = () => {};
  let isOpen = false;
  let said = 0;

  function Root() {
    const [open, changeOpen] = useState(isOpen);
    const [view, setView] = useState<View | null>(null);
    const [prefs, setPrefs] = useState<Prefs>(() => readPrefs(keeper));
    const dark = useMedia("(prefers-color-scheme: dark)");
    const covers = useMedia(SMALL);
    setOpen = changeOpen;
    useEffect(() => {
      client.subscribe((next) => {
        const { messages } = next.conversation;
        const last = messages[messages.length - 1];
        if (!isOpen && next.conversation.ready && last?.role === "bot" && last.seq > said) hooks.onUnread();
        said = Math.max(said, last?.seq ?? 0);
        setView(next);
      });
      client.start();
      return listen(client);
    }, []);
    const isDark = prefs.theme === "auto" ? dark : prefs.theme === "dark";
    useEffect(() => dress(place, options, isDark, prefs.large), [isDark, prefs.large]);
    useEffect(() => (open && covers ? coverPage(place) : undefined), [open, covers]);
    if (!view) return null;
    return (
      <Panel
        options={options}
        client={client}
        view={view}
        keeper={keeper}
        prefs={prefs}
        setPrefs={setPrefs}
        open={open}
        covers={covers}
        onClose={hooks.onClose}
      />
    );
  }

  render(<Root />, place);
  const change = (open: boolean) => {
    isOpen = open;
    setOpen(open);
  };
  return { open: () => change(true), close: () => change(false) };
}

function useMedia(query: string): boolean {
  const [matches, setMatches] = useState(() => matchMedia(query).matches);
  useEffect(() => {
    const media = matchMedia(query);
    const changed = () => setMatches(media.matches);
    // Safari before 14 has only the older pair.
    if (!media.addEventListener) {
      media.addListener(changed);
      return () => media.removeListener(changed);
    }
    media.addEventListener("change", changed);
    return () => media.removeEventListener("change", changed);
  }, [query]);
  return matches;
}

/** Tell the client of what the browser says; returns the undoing. */
function listen(client: ChatClient): () => void {
  const poke = () => client.poke();
  const cut = () => client.cut();
  const visibility = () => (document.visibilityState === "hidden" ? client.hide() : client.poke());
  const storage = (event: StorageEvent) => client.kept(event.key, event.newValue);
  addEventListener("online", poke);
  addEventListener("offline", cut);
  addEventListener("storage", storage);
  document.addEventListener("visibilitychange", visibility);
  return () => {
    removeEventListener("online", poke);
    removeEventListener("offline", cut);
    removeEventListener("storage", storage);
    document.removeEventListener("visibilitychange", visibility);
    client.stop();
  };
}

/** Light or dark, normal or large, and the operator's colour. */
function dress(place: HTMLElement, options: Options, dark: boolean, large: boolean): void {
  place.classList.toggle("dark", dark);
  place.classList.toggle("large", large);
  place.dataset.position = options.position;
  if (!options.colour) return;
  for (const [name, value] of Object.entries(palette(options.colour, dark))) place.style.setProperty(name, value);
}

/** Fit the panel to what the keyboard leaves of the screen, and keep the page behind from scrolling. */
function coverPage(place: HTMLElement): () => void {
  const page = document.documentElement;
  const before = page.style.overflow;
  page.style.overflow = "hidden";
  const view = window.visualViewport;
  const resize = () => {
    if (!view) return;
    place.style.setProperty("--height", `${view.height}px`);
    place.style.setProperty("--top", `${view.offsetTop}px`);
  };
  resize();
  view?.addEventListener("resize", resize);
  view?.addEventListener("scroll", resize);
  return () => {
    page.style.overflow = before;
    view?.removeEventListener("resize", resize);
    view?.removeEventListener("scroll", resize);
    place.style.removeProperty("--height");
    place.style.removeProperty("--top");
  };
}
