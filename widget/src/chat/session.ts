/** The session token, kept in the browser: one a server, shared by the tabs of one person. */

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
