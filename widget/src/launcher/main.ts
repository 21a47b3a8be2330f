/**
 * The embed script: puts a button on the page and loads the chat when it is about to be opened.
 *
 * Everything lives in a shadow root of an element of its own; nothing is added to the page's globals.
 */
import type { Chat, Hooks } from "../chat/main";
import { hotline, path } from "../essentials.json";
import { readable } from "../shared/colour";
import { type Options, readOptions } from "../shared/options";
import { addStyles } from "../shared/styles";
import css from "./launcher.css?inline";

interface ChatModule {
  mount(root: ShadowRoot, options: Options, hooks: Hooks): Chat;
}

const TAG = "weiquan-chat";
/** Told on the document by an embed that opens, so that others on the page close. */
const OPENING = "weiquan:opening";
const ICON = "M4 5h16v11H10l-4 4v-4H4zM8.500 10.500h.01M12 10.500h.01M15.500 10.500h.01";

// Known only while the script runs.
const script = document.currentScript as HTMLScriptElement | null;

function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  className: string,
  words = "",
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = words;
  return made;
}

function icon(): SVGElement {
  const space = "http://www.w3.org/2000/svg";
  const picture = document.createElementNS(space, "svg");
  picture.setAttribute("viewBox", "0 0 24 24");
  picture.setAttribute("aria-hidden", "true");
  const line = document.createElementNS(space, "path");
  line.setAttribute("d", ICON);
  picture.append(line);
  return picture;
}

function start(source: HTMLScriptElement): void {
  const options = readOptions(source.dataset, source.src, source.nonce);
  const host = document.createElement(TAG);
  host.dataset.position = options.position;
  // Several embeds in one corner stand above each other.
  const below = document.querySelectorAll(`${TAG}[data-position=${options.position}]`).length;
  const root = host.attachShadow({ mode: "open" });
  addStyles(root, css, options.nonce);

  const button = element("button", `launch ${options.position}`);
  button.type = "button";
  button.lang = options.language;
  button.setAttribute("aria-haspopup", "dialog");
  button.setAttribute("aria-expanded", "false");
  button.append(icon(), element("span", "launch-title", options.title));
  button.style.setProperty("--below", String(below));
  if (options.colour) button.style.setProperty("--own", readable(options.colour, "#ffffff"));
  root.append(button);
  document.body.append(host);

  let loading: Promise<Chat> | null = null;
  let attempts = 0;
  let sorry: HTMLElement | null = null;

  const load = (): Promise<Chat> => {
    // A browser may remember that a module failed to load, under its address.
    const again = attempts++ ? `?${attempts}` : "";
    loading ??= import(/* @vite-ignore */ new URL(__CHAT_BUNDLE__, source.src).href + again).then(
      (module: ChatModule) =>
        module.mount(root, options, { onClose: close, onUnread: () => button.classList.add("unread") }),
    );
    loading.catch(() => {
      loading = null;
    });
    return loading;
  };

  async function open(): Promise<void> {
    button.setAttribute("aria-busy", "true");
    try {
      const chat = await load();
      sorry?.remove();
      document.dispatchEvent(new CustomEvent(OPENING, { detail: host }));
      button.hidden = true;
      button.classList.remove("unread");
      button.setAttribute("aria-expanded", "true");
      chat.open();
    } catch {
      apologise();
    }
    button.removeAttribute("aria-busy");
  }

  function close(): void {
    void loading?.then((chat) => chat.close());
    if (!button.hidden) return;
    button.hidden = false;
    button.setAttribute("aria-expanded", "false");
    button.focus();
  }

  /** The chat itself could not be loaded: say what helps without it. */
  function apologise(): void {
    sorry?.remove();
    sorry = element("div", `sorry ${options.position}`);
    sorry.setAttribute("role", "alert");
    sorry.lang = "zh-CN";
    const call = element("a", "", hotline.value);
    call.href = `tel:${hotline.tel}`;
    const ways = element("p", "", `${hotline.name}（${hotline.opens}–${hotline.closes}）：`);
    ways.append(call);
    const retry = element("button", "retry", "再试一次");
    retry.type = "button";
    retry.onclick = () => void open();
    sorry.append(
      element("p", "", "聊天没能打开，可能是网络断了。"),
      ways,
      element("p", "", `App 里：${path.join(" → ")}`),
      retry,
    );
    root.append(sorry);
  }

  button.onclick = () => void open();
  for (const sign of ["pointerenter", "focus", "touchstart"])
    button.addEventListener(sign, () => void load().catch(() => {}), { once: true, passive: true });
  document.addEventListener(OPENING, (event) => {
    if ((event as CustomEvent).detail !== host && button.hidden) close();
  });
  if (options.open) void open();
}

if (script?.src) {
  if (document.body) start(script);
  else document.addEventListener("DOMContentLoaded", () => start(script));
}
