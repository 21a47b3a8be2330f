/** What the tests of the client stand on: a pretended server, browser and clock, and tabs in that browser. */
import { afterEach, beforeEach, vi } from "vitest";
import { ChatClient } from "../src/chat/client";
import { shown } from "../src/chat/conversation";
import { type Keeper, memoryKeeper } from "../src/chat/session";
import type { View } from "../src/chat/view";
import { FakeServer } from "./server";

export const SERVER = "https://bot.example";

/** Made anew for each test. */
export let server: FakeServer;
/** What the browser knows of itself. */
export const browser = { online: true, hidden: false };

export interface Tab {
  client: ChatClient;
  view: () => View;
  /** "user 文 sent" and the like, as on the screen. */
  screen: () => string[];
}

export function open(keeper: Keeper = memoryKeeper()): Tab {
  const client = new ChatClient(SERVER, {
    fetch: server.fetch,
    keeper,
    isOnline: () => browser.online,
    isHidden: () => browser.hidden,
  });
  let view!: View;
  client.subscribe((next) => {
    view = next;
  });
  client.start();
  const screen = () =>
    shown(view.conversation).map(({ message, delivery }) =>
      [message.role, message.text, ...(delivery && delivery.state !== "done" ? [delivery.state] : [])].join(" "),
    );
  return { client, view: () => view, screen };
}

/** Let so many milliseconds pass. */
export const settle = (milliseconds = 0) => vi.advanceTimersByTimeAsync(milliseconds);

beforeEach(() => {
  vi.useFakeTimers();
  server = new FakeServer();
  Object.assign(browser, { online: true, hidden: false });
});
afterEach(() => vi.useRealTimers());
