/**
 * The chat's end of the wire: keeps one conversation in step with the server (docs/chat-channel.md).
 *
 * A message is posted with an id of our own and posted again with the same id until the server has it, so that it is
 * taken once. Answers come over one event stream, which is opened again with growing pauses and told from where on.
 */
import {
  addDelivery,
  apply,
  type Conversation,
  changeDelivery,
  type Delivery,
  EMPTY,
  isAwaiting,
  resumePoint,
  retell,
  type Trouble,
  vote,
} from "./conversation";
import { type Fetch, Http, Refusal } from "./http";
import { type Keeper, randomId, sessionKey } from "./session";
import { EventStreamParser } from "./sse";
import { type ChatEvent, fields, readEvent, text, type Vote } from "./wire";

/** Times in ms. */
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

const POST_ATTEMPTS = 3;

export interface Link {
  state: "idle" | "connecting" | "open" | "waiting";
  trouble?: Trouble;
  /** Failed attempts in a row. */
  failures: number;
}

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

export function backoff(failures: number, random: number = Math.random()): number {
  const pause = Math.min(TIMES.lastRetry, TIMES.firstRetry * 2 ** Math.max(0, failures - 1));
  return pause * (0.75 + random / 2);
}

export class ChatClient {
  private view: View = { conversation: EMPTY, link: { state: "idle", failures: 0 }, slow: false, expired: false };
  private listener: (view: View) => void = () => {};
  private token: string | null;
  private readonly key: string;
  private readonly http: Http;
  /** The stream that is open or being opened. `ended` tells our own ending from a timeout's. */
  private stream: { limit: AbortController; ended: boolean } | null = null;
  private running = false;
  private stopped = true;
  private readonly sleepers = new Set<() => void>();
  private sessionMade: Promise<string> | null = null;
  private patience: ReturnType<typeof setTimeout> | undefined;
  private despair: ReturnType<typeof setTimeout> | undefined;
  private hiding: ReturnType<typeof setTimeout> | undefined;
  /** The server gave our place to a newer stream: no new one until somebody looks at this tab. */
  private crowded = false;

  constructor(
    server: string,
    private readonly around: Surroundings,
  ) {
    this.http = new Http(server, around.fetch, TIMES.request);
    this.key = sessionKey(server);
    this.token = around.keeper.getItem(this.key);
  }

  /** Be told of every change, and of the present state at once. */
  subscribe(listener: (view: View) => void): void {
    this.listener = listener;
    listener(this.view);
  }

  /** Whether there may be a history to show. */
  get hasSession(): boolean {
    return this.token !== null;
  }

  start(): void {
    this.stopped = false;
    if (this.token === null) this.setConversation({ ...this.view.conversation, ready: true });
    else void this.run();
  }

  stop(): void {
    this.stopped = true;
    this.endStream();
    clearTimeout(this.patience);
    clearTimeout(this.despair);
    clearTimeout(this.hiding);
  }

  /** The browser says that the network is back, or the page is in sight again: try at once. */
  poke(): void {
    clearTimeout(this.hiding);
    if (this.stopped) return;
    this.crowded = false;
    this.wake();
    void this.run();
  }

  /** The browser says that the network is gone: an open stream would not notice for a while. */
  cut(): void {
    this.endStream();
  }

  /** The page went out of sight. */
  hide(): void {
    clearTimeout(this.hiding);
    this.hiding = setTimeout(() => {
      if (this.around.isHidden() && !isAwaiting(this.view.conversation)) this.endStream();
    }, TIMES.hidden);
  }

  /** Another tab changed what is kept in the browser. */
  kept(key: string | null, value: string | null): void {
    if (key !== this.key || value === this.token) return;
    this.token = value;
    this.endStream();
    const { farewell, deliveries } = this.view.conversation;
    if (value === null) {
      this.set({ conversation: { ...EMPTY, ready: true, farewell } });
      return;
    }
    // What the other conversation does not know will be sent again when it has been told.
    const open = deliveries.filter((one) => one.state === "sending" || one.state === "waiting");
    this.set({ conversation: { ...EMPTY, deliveries: open } });
    if (!this.stopped) void this.run();
  }

  /** Send words, or the payload of a button that says `title`. */
  send(payload: string, title?: string): void {
    const delivery: Delivery = {
      id: randomId(),
      payload,
      shown: title ?? payload,
      isButton: title !== undefined,
      at: new Date().toISOString(),
      state: "sending",
      seq: null,
      answered: false,
      known: false,
      losses: 0,
    };
    this.set({ conversation: addDelivery(this.view.conversation, delivery), expired: false });
    this.crowded = false;
    this.wake();
    void this.deliver(delivery.id);
  }

  /** Send a message again that failed. */
  resend(id: string): void {
    const old = this.delivery(id);
    if (old?.state !== "failed") return;
    if (old.known) {
      // The server has had this id and gave no answer to it: only a new one makes a new turn.
      this.setConversation({
        ...this.view.conversation,
        messages: this.view.conversation.messages.filter((one) => one.id !== id),
        deliveries: this.view.conversation.deliveries.filter((one) => one.id !== id),
      });
      this.send(old.payload, old.isButton ? old.shown : undefined);
      return;
    }
    this.change(id, { state: "sending", answered: false, trouble: undefined, sentence: undefined });
    void this.deliver(id);
  }

  /** Thumbs up or down for the message `seq`. Returns whether the server has it. */
  async feedback(seq: number, value: Vote, word?: string): Promise<boolean> {
    const before = this.view.conversation.messages.find((one) => one.seq === seq)?.feedback ?? null;
    this.setConversation(vote(this.view.conversation, seq, value));
    try {
      await this.request("POST", "/feedback", { seq, value, ...(word ? { word } : {}) });
      return true;
    } catch {
      this.setConversation(vote(this.view.conversation, seq, before));
      return false;
    }
  }

  /** Delete the conversation on the server. Throws if it was not deleted. */
  async forget(): Promise<void> {
    const token = this.token;
    try {
      if (token !== null) await this.request("DELETE", "/session");
    } catch (error) {
      if (!(error instanceof Refusal && error.status === 401)) throw error;
    }
    if (this.token === token) this.reset("", token);
  }

  // ---------------------------------------------------------------- sending

  private async deliver(id: string): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      const delivery = this.delivery(id);
      // The stream may have told the message meanwhile.
      if (delivery?.state !== "sending") return;
      try {
        const body = { id, text: delivery.payload, ...(delivery.isButton ? { title: delivery.shown } : {}) };
        const answer = fields(await this.request("POST", "/messages", body));
        const known = answer.status === "known";
        if (this.delivery(id)?.state === "sending") this.change(id, { state: "waiting", known });
        void this.run();
        return;
      } catch (error) {
        const trouble = this.troubleOf(error);
        if (trouble === "refused" && (error as Refusal).status === 401) {
          this.expire(id);
          if (attempt < POST_ATTEMPTS) continue;
        }
        const again = trouble === "unreachable" || trouble === "error";
        if (again && attempt < POST_ATTEMPTS) {
          await this.pause(backoff(attempt + 1));
          continue;
        }
        if (this.delivery(id)?.state === "sending")
          this.change(id, {
            state: "failed",
            trouble,
            sentence: error instanceof Refusal ? error.sentence : undefined,
          });
        return;
      }
    }
  }

  /** The session is gone: begin a new one, with the message `keep` alone. */
  private expire(keep: string): void {
    const { conversation } = this.view;
    this.dropToken();
    this.endStream();
    const deliveries = conversation.deliveries.filter((one) => one.id === keep).map((one) => ({ ...one, seq: null }));
    this.set({ conversation: { ...EMPTY, ready: true, deliveries }, expired: conversation.messages.length > 0 });
  }

  // ---------------------------------------------------------------- stream

  /** Keep a stream open until there is no session or the chat is stopped. */
  private async run(): Promise<void> {
    if (this.running) return;
    this.running = true;
    let failures = 0;
    try {
      while (!this.stopped && !this.crowded && this.token !== null) {
        if (this.around.isHidden() && this.view.conversation.ready && !isAwaiting(this.view.conversation)) break;
        const token = this.token;
        const stream = { limit: new AbortController(), ended: false };
        this.stream = stream;
        try {
          this.set({ link: { ...this.view.link, state: "connecting", failures } });
          await this.listen(token, stream.limit, () => {
            failures = 0;
          });
        } catch (error) {
          if (stream.ended) continue;
          if (error instanceof Refusal && error.status === 401) {
            if (this.token === token) this.sessionGone();
            continue;
          }
          failures += 1;
          this.set({ link: { state: "waiting", failures, trouble: this.troubleOf(error) } });
          await this.pause(backoff(failures));
        }
      }
    } finally {
      this.running = false;
      this.stream = null;
    }
    this.set({ link: { state: "idle", failures: 0 } });
  }

  /** Read one stream to its end, which is always an error. */
  private async listen(token: string, limit: AbortController, onReady: () => void): Promise<never> {
    const { messages } = this.view.conversation;
    let after = resumePoint(this.view.conversation);
    // By the time of its first message the server knows whether it is still the same conversation.
    const begun = messages[0]?.seq === 1 ? `&begun=${encodeURIComponent(messages[0].at)}` : "";
    let timer = setTimeout(() => limit.abort(), TIMES.request);
    try {
      const response = await this.http.open("GET", `/events?after=${after}${begun}`, token, limit.signal);
      if (!response.body) throw new Error("no stream");
      const reader = response.body.getReader();
      const decoder = new TextDecoder();
      const parser = new EventStreamParser();
      // Until `ready`, what comes is gathered and shown at once.
      let retelling: ChatEvent[] | null = [];
      for (;;) {
        clearTimeout(timer);
        timer = setTimeout(() => limit.abort(), TIMES.streamSilence);
        const { done, value } = await reader.read();
        if (done) throw new Error("the stream ended");
        for (const one of parser.push(decoder.decode(value, { stream: true }))) {
          const event = readEvent(one.event, one.data);
          if (!event || limit.signal.aborted) continue;
          if (event.kind === "crowded") {
            this.crowded = true;
            this.endStream();
          } else if (retelling === null) {
            if (event.kind === "reset") this.reset(event.goodbye, token);
            else this.take(event);
          } else if (event.kind === "reset") {
            // Not the conversation that we know: all of this one follows.
            after = 0;
            retelling = [];
          } else if (event.kind === "ready") {
            onReady();
            this.retold(after, retelling);
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

  private retold(after: number, events: ChatEvent[]): void {
    const told = events.flatMap((one) => (one.kind === "message" ? [one.message] : []));
    const [conversation, lost] = retell(this.view.conversation, after, told);
    this.set({ conversation, link: { state: "open", failures: 0 } });
    for (const one of events) if (one.kind !== "message") this.take(one);
    this.watch(false);
    for (const id of lost) void this.deliver(id);
  }

  private take(event: ChatEvent): void {
    this.setConversation(apply(this.view.conversation, event));
    this.watch(true);
  }

  private endStream(): void {
    if (!this.stream) return;
    this.stream.ended = true;
    this.stream.limit.abort();
  }

  // ---------------------------------------------------------------- session

  private async session(): Promise<string> {
    if (this.token !== null) return this.token;
    this.sessionMade ??= this.makeSession().finally(() => {
      this.sessionMade = null;
    });
    return this.sessionMade;
  }

  private async makeSession(): Promise<string> {
    const answer = fields(await this.http.json("POST", "/session", null));
    const made = text(answer.session);
    if (!made) throw new Refusal(502, "");
    // Another tab may have been faster; both must end up in one conversation.
    const others = this.around.keeper.getItem(this.key);
    this.token = others ?? made;
    if (!others) this.around.keeper.setItem(this.key, made);
    void this.run();
    return this.token;
  }

  private dropToken(token: string | null = this.token): void {
    if (this.around.keeper.getItem(this.key) === token) this.around.keeper.removeItem(this.key);
    this.token = this.around.keeper.getItem(this.key);
  }

  /** The conversation of `token` was deleted; `farewell` stays on the screen. */
  private reset(farewell: string, token: string | null): void {
    this.dropToken(token);
    this.endStream();
    this.set({ conversation: { ...EMPTY, ready: true, farewell }, slow: false, expired: false });
    this.watch(false);
  }

  /** The stream was refused: the session has expired. */
  private sessionGone(): void {
    const { messages, deliveries } = this.view.conversation;
    this.dropToken();
    // What is being sent finds out by itself and begins a new session.
    const open = deliveries.filter((one) => one.state === "sending");
    this.set({
      conversation: { ...EMPTY, ready: this.token === null, deliveries: open },
      expired: messages.length > 0,
    });
  }

  // ---------------------------------------------------------------- requests

  private async request(method: string, path: string, body?: object): Promise<unknown> {
    return this.http.json(method, path, await this.session(), body);
  }

  private troubleOf(error: unknown): Trouble {
    if (error instanceof Refusal) return error.status >= 500 || error.status === 408 ? "error" : "refused";
    return this.around.isOnline() ? "unreachable" : "offline";
  }

  // ---------------------------------------------------------------- state

  private delivery(id: string): Delivery | undefined {
    return this.view.conversation.deliveries.find((one) => one.id === id);
  }

  private change(id: string, change: Partial<Delivery>): void {
    this.setConversation(changeDelivery(this.view.conversation, id, change));
    this.watch(change.state === "sending" || change.state === "waiting");
  }

  private setConversation(conversation: Conversation): void {
    this.set({ conversation });
  }

  private set(change: Partial<View>): void {
    const before = this.view;
    this.view = { ...before, ...change };
    if (this.view.slow && !isAwaiting(this.view.conversation)) this.view = { ...this.view, slow: false };
    this.listener(this.view);
  }

  /** Wait for an answer: from now on after a sign of life, else from when it was due. */
  private watch(anew: boolean): void {
    const due = isAwaiting(this.view.conversation);
    if (due && !anew && this.despair !== undefined) return;
    clearTimeout(this.patience);
    clearTimeout(this.despair);
    this.despair = undefined;
    if (!due) return;
    this.patience = setTimeout(() => this.set({ slow: true }), TIMES.slow);
    this.despair = setTimeout(() => this.giveUp(), TIMES.silent);
  }

  private giveUp(): void {
    this.despair = undefined;
    const { conversation } = this.view;
    const deliveries = conversation.deliveries.map((one) =>
      one.state === "waiting" && !one.answered ? { ...one, state: "failed" as const, trouble: "silent" as const } : one,
    );
    this.set({ conversation: { ...conversation, deliveries, typing: false }, slow: false });
  }

  /** Wait, but no longer than until somebody calls `wake`. */
  private pause(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.sleepers.delete(done);
        resolve();
      };
      const timer = setTimeout(done, milliseconds);
      this.sleepers.add(done);
    });
  }

  private wake(): void {
    for (const one of [...this.sleepers]) one();
  }
}
