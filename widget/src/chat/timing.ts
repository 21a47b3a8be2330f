/** How long things may take, in ms, and how long to wait before another attempt. */

export const TIMES = {
  /** A post, or the head of a stream, without an answer for this long counts as lost. */
  request: 15_000,
  /** The server sends a comment every 15 s; a stream silent for three of them is dead. */
  streamSilence: 45_000,
  /** An answer due for this long gets a word of patience. */
  slow: 8_000,
  /** An answer due for this long is not going to come; the server itself gives a turn up after 60 s. */
  silent: 75_000,
  firstRetry: 500,
  lastRetry: 20_000,
  /** A page out of sight gives its connection back after this long: browsers allow six a server. */
  hidden: 30_000,
} as const;

/** Return the pause after so many failures in a row; `random` (0 to 1) spreads the clients of a server. */
export function backoff(failures: number, random: number = Math.random()): number {
  const pause = Math.min(TIMES.lastRetry, TIMES.firstRetry * 2 ** Math.max(0, failures - 1));
  return pause * (0.75 + random / 2);
}

/** Pauses that can be cut short. */
export interface Pauses {
  /** Wait, but no longer than until somebody calls `wake`. */
  pause(milliseconds: number): Promise<void>;
  /** End all pauses now. */
  wake(): void;
}

export function makePauses(): Pauses {
  const sleepers = new Set<() => void>();
  return {
    pause: (milliseconds) =>
      new Promise((resolve) => {
        const done = () => {
          clearTimeout(timer);
          sleepers.delete(done);
          resolve();
        };
        const timer = setTimeout(done, milliseconds);
        sleepers.add(done);
      }),
    wake: () => {
      for (const one of [...sleepers]) one();
    },
  };
}

/**
 * Waiting for an answer: calls `onSlow` when it is late, `onSilent` when it is not going to come any more.
 *
 * The function that is returned is told whether an answer is due; it is waited for from now on after a sign of life
 * (`anew`), else from when it was due.
 */
export function makePatience(onSlow: () => void, onSilent: () => void): (due: boolean, anew: boolean) => void {
  let timers: ReturnType<typeof setTimeout>[] = [];
  return (due, anew) => {
    if (due && !anew && timers.length) return;
    for (const one of timers) clearTimeout(one);
    const giveUp = () => {
      timers = [];
      onSilent();
    };
    timers = due ? [setTimeout(onSlow, TIMES.slow), setTimeout(giveUp, TIMES.silent)] : [];
  };
}
