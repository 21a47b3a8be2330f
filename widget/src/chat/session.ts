/** The session token, kept in the browser: one a server, shared by the tabs of one person. */
import { type Http, Refusal } from "./http";
import { fields, text } from "./wire";

/** The part of `Storage` that is needed. */
export interface Keeper {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

/** `localStorage`, or memory where the browser has or allows none (private windows, blocked site data). */
export function browserKeeper(): Keeper {
  try {
    const store = window.localStorage;
    store.setItem("weiquan:probe", "1");
    store.removeItem("weiquan:probe");
    return {
      getItem: (key) => store.getItem(key),
      setItem: (key, value) => {
        try {
          store.setItem(key, value);
        } catch {
          // Full: the conversation goes on, a reload begins anew.
        }
      },
      removeItem: (key) => store.removeItem(key),
    };
  } catch {
    return memoryKeeper();
  }
}

export function memoryKeeper(): Keeper {
  const kept = new Map<string, string>();
  return {
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => void kept.set(key, value),
    removeItem: (key) => void kept.delete(key),
  };
}

export function sessionKey(server: string): string {
  return `weiquan:session:${server}`;
}

/** A random id of 128 bits; `crypto.randomUUID` exists on https pages only. */
export function randomId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (one) => one.toString(16).padStart(2, "0")).join("");
}

/** The session of this tab: the token that the browser keeps, or a new one of the server's. */
export interface Session {
  token(): string | null;
  /** Return the token, asking the server for one where there is none. Throws as `Http.json` does. */
  open(): Promise<string>;
  /** Let go of `token`; another tab may have begun a new session already, which is taken up. */
  drop(token?: string | null): void;
  /** Another tab changed what is kept in the browser; returns whether that is another session than ours. */
  kept(key: string | null, value: string | null): boolean;
}

/** Take up the session that `keeper` has for `server`; `onBegun` is called when a new one was begun. */
export function takeUpSession(http: Http, keeper: Keeper, server: string, onBegun: () => void): Session {
  const ownKey = sessionKey(server);
  let own = keeper.getItem(ownKey);
  let opening: Promise<string> | null = null;

  async function begin(): Promise<string> {
    const made = text(fields(await http.json("POST", "/session", null)).session);
    if (!made) throw new Refusal(502, "");
    // Another tab may have been faster; both must end up in one conversation.
    const others = keeper.getItem(ownKey);
    if (!others) keeper.setItem(ownKey, made);
    own = others ?? made;
    onBegun();
    return own;
  }

  return {
    token: () => own,
    open: async () => {
      if (own !== null) return own;
      opening ??= begin().finally(() => {
        opening = null;
      });
      return opening;
    },
    drop: (token = own) => {
      if (keeper.getItem(ownKey) === token) keeper.removeItem(ownKey);
      own = keeper.getItem(ownKey);
    },
    kept: (key, value) => {
      if (key !== ownKey || value === own) return false;
      own = value;
      return true;
    },
  };
}
