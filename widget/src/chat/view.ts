/** Both sides of the client: what it gives the page to draw, and what it needs of the browser. */
import type { Conversation, Trouble } from "./conversation";
import type { Fetch } from "./http";
import type { Keeper } from "./session";

/** How the event stream is doing. */
export interface Link {
  state: "idle" | "connecting" | "open" | "waiting";
  trouble?: Trouble;
  /** Failed attempts in a row. */
  failures: number;
}

/** All that is drawn; a new one at every change. */
export interface View {
  conversation: Conversation;
  link: Link;
  /** An answer is late. */
  slow: boolean;
  /** The server no longer knew the session; what was on the screen is gone. */
  expired: boolean;
}

/** What the client needs of the browser; tests give their own. */
export interface Surroundings {
  fetch: Fetch;
  keeper: Keeper;
  isOnline(): boolean;
  isHidden(): boolean;
}
