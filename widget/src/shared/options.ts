/** What an operator sets on the script tag; see docs/widget.md. */

export type Position = "left" | "right";
export type Language = "zh-CN" | "zh-TW";

export interface Options {
  /** The bot's address without a slash at the end; the chat is at `/chat`, papers at `/papers` below it. */
  server: string;
  title: string;
  /** A CSS hex colour, or "" for the widget's own. */
  colour: string;
  position: Position;
  language: Language;
  greeting: string;
  open: boolean;
  /** CSP nonce for the one `<style>` that browsers without adoptedStyleSheets need. */
  nonce: string;
}

export const TITLE = "维权向导";

/** Read the options of a script tag. `scriptUrl` is where the script came from: its server is the default one. */
export function readOptions(data: DOMStringMap, scriptUrl: string, nonce: string): Options {
  const given = data.server || new URL("..", scriptUrl).href;
  const colour = data.color || "";
  return {
    server: given.replace(/\/+$/, "").replace(/\/chat$/, ""),
    title: data.title || TITLE,
    colour: /^#([0-9a-f]{3}|[0-9a-f]{6})$/i.test(colour) ? colour : "",
    position: data.position === "left" ? "left" : "right",
    language: data.lang === "zh-TW" ? "zh-TW" : "zh-CN",
    greeting: data.greeting || "",
    open: data.open !== undefined && data.open !== "false",
    nonce,
  };
}
