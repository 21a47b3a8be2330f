/**
 * The event stream of a conversation: opened again with growing pauses for as long as one is wanted, told from where on.
 */
import { type Conversation, resumePoint } from "./conversation";
import { type Http, Refusal } from "./http";
import { eventStreamParser } from "./sse";
import { backoff, type Pauses, TIMES } from "./timing";
import type { Link } from "./view";
import { type ChatEvent, readEvent } from "./wire";

/** What the connection asks of the client, and tells it. */
export interface Owner {
  /** The token of the conversation to follow, null while no stream is wanted. */
  wanted(): string | null;
  /** The conversation as this tab knows it. */
  known(): Conversation;
  /** How the stream is doing, after so many failures in a row; `error` is the last one. */
  link(state: Link["state"], failures: number, error?: unknown): void;
  /** The server does not know the session of `token`. */
  refused(token: string): void;
  /** A stream is open; `events` are all that it told of what came after the message `after`. */
  retold(after: number, events: ChatEvent[]): void;
  /** What happened since in the conversation of `token`. */
  take(event: ChatEvent, token: string): void;
}

export interface Connection {
  /** Keep a stream open until none is wanted, or the server has given our place to a newer one. */
  run(): Promise<void>;
  /** End the stream; `run` opens another one if it is wanted. */
  end(): void;
  /** Somebody looks at this tab: it may have its place again. */
  claim(): void;
}

export function connect(http: Http, pauses: Pauses, owner: Owner): Connection {
  /** The stream that is open or being opened. `ended` tells our own ending from a timeout's. */
  let stream: { limit: AbortController; ended: boolean } | null = null;
  let running = false;
  let crowded = false;
  let failures = 0;

  async function run(): Promise<void> {
    if (running) return;
    running = true;
    failures = 0;
    try {
      for (;;) {
        const token = crowded ? null : owner.wanted();
        if (token === null) break;
        const own = { limit: new AbortController(), ended: false };
        stream = own;
        try {
          owner.link("connecting", failures);
          await listen(token, own.limit);
        } catch (error) {
          if (own.ended) continue;
          if (error instanceof Refusal && error.status === 401) {
            owner.refused(token);
            continue;
          }
          failures += 1;
          owner.link("waiting", failures, error);
          await pauses.pause(backoff(failures));
        }
      }
    } finally {
      running = false;
      stream = null;
    }
    owner.link("idle", 0);
  }

  function end(): void {
    if (!stream) return;
    stream.ended = true;
    stream.limit.abort();
  }

  /** Read one stream to its end, which is always an error. */
  async function listen(token: string, limit: AbortController): Promise<never> {
    const known = owner.known();
    let after = resumePoint(known);
    // By the time of its first message the server knows whether it is still the same conversation.
    const first = known.messages[0];
    const begun = first?.seq === 1 ? `&begun=${encodeURIComponent(first.at)}` : "";
    let timer = setTimeout(() => limit.abort(), TIMES.request);
    try {
      const response = await http.open("GET", `/events?after=${after}${begun}`, token, limit.signal);
      if (!response.body) throw new Error("no stream");
      const reader = response.body.getReader();
      const decoder = new TextDecoder();
      const parse = eventStreamParser();
      // Until `ready`, what comes is gathered and shown at once.
      let retelling: ChatEvent[] | null = [];
      for (;;) {
        clearTimeout(timer);
        timer = setTimeout(() => limit.abort(), TIMES.streamSilence);
        const { done, value } = await reader.read();
        if (done) throw new Error("the stream ended");
        for (const one of parse(decoder.decode(value, { stream: true }))) {
          const event = readEvent(one.event, one.data);
          if (!event || limit.signal.aborted) continue;
          if (event.kind === "crowded") {
            crowded = true;
            end();
          } else if (retelling === null) {
            owner.take(event, token);
          } else if (event.kind === "reset") {
            // Not the conversation that we know: all of this one follows.
            after = 0;
            retelling = [];
          } else if (event.kind === "ready") {
            failures = 0;
            owner.retold(after, retelling);
            retelling = null;
          } else {
            retelling.push(event);
          }
        }
      }
    } finally {
      clearTimeout(timer);
    }
  }

  return {
    run,
    end,
    claim: () => {
      crowded = false;
    },
  };
}
