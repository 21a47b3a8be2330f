/**
 * The chat's end of the wire: keeps one conversation in step with the server (docs/chat-channel.md).
 *
 * A message is posted with an id of our own and posted again with the same id until the server has it, so that it is
 * taken once. Answers come over one event stream (`Connection`).
 */
import { type Connection, connect } from "./connection";
import {
  addDelivery,
  apply,
  type Conversation,
  changeDelivery,
  type Delivery,
  EMPTY,
  giveUp,
  isAwaiting,
  newDelivery,
  retell,
  type Trouble,
  vote,
} from "./conversation";
import { Http, Refusal } from "./http";
import { randomId, type Session, takeUpSession } from "./session";
import { backoff, makePatience, makePauses, TIMES } from "./timing";
import type { Surroundings, View } from "./view";
import { type ChatEvent, fields, type Vote } from "./wire";

const POST_ATTEMPTS = 3;

export class ChatClient {
  private view: View = { conversation: EMPTY, link: { state: "idle", failures: 0 }, slow: false, expired: false };
  private listener: (view: View) => void = () => {};
  private readonly http: Http;
  private readonly session: Session;
  private readonly pauses = makePauses();
  private readonly connection: Connection;
  private readonly awaitAnswer = makePatience(
    () => this.set({ slow: true }),
    () => this.set({ conversation: giveUp(this.conversation), slow: false }),
  );
  private stopped = true;
  private hiding: ReturnType<typeof setTimeout> | undefined;

  constructor(
    server: string,
    private readonly around: Surroundings,
  ) {
    this.http = new Http(server, around.fetch, TIMES.request);
    this.session = takeUpSession(this.http, around.keeper, server, () => void this.connection.run());
    this.connection = connect(this.http, this.pauses, {
      wanted: () => (this.stopped || this.isUnwatched(this.conversation.ready) ? null : this.session.token()),
      known: () => this.conversation,
      link: (state, failures, error) => {
        const trouble = error ? this.troubleOf(error) : state === "connecting" ? this.view.link.trouble : undefined;
        this.set({ link: { state, failures, trouble } });
      },
      refused: (token) => this.sessionGone(token),
      retold: (after, events) => this.retold(after, events),
      take: (event, token) => (event.kind === "reset" ? this.reset(event.goodbye, token) : this.take(event)),
    });
  }

  /** Be told of every change, and of the present state at once. */
  subscribe(listener: (view: View) => void): void {
    this.listener = listener;
    listener(this.view);
  }

  /** Whether there may be a history to show. */
  get hasSession(): boolean {
    return this.session.token() !== null;
  }

  start(): void {
    this.stopped = false;
    if (this.hasSession) void this.connection.run();
    else this.set({ conversation: { ...this.conversation, ready: true } });
  }

  stop(): void {
    this.stopped = true;
    this.connection.end();
    this.awaitAnswer(false, false);
    clearTimeout(this.hiding);
  }

  /** The browser says that the network is back, or the page is in sight again: try at once. */
  poke(): void {
    clearTimeout(this.hiding);
    if (this.stopped) return;
    this.wake();
    void this.connection.run();
  }

  /** The browser says that the network is gone: an open stream would not notice for a while. */
  cut(): void {
    this.connection.end();
  }

  /** The page went out of sight. */
  hide(): void {
    clearTimeout(this.hiding);
    this.hiding = setTimeout(() => {
      if (this.isUnwatched(true)) this.connection.end();
    }, TIMES.hidden);
  }

  /** Another tab changed what is kept in the browser. */
  kept(key: string | null, value: string | null): void {
    if (!this.session.kept(key, value)) return;
    this.connection.end();
    const { farewell, deliveries } = this.conversation;
    if (value === null) {
      this.set({ conversation: { ...EMPTY, ready: true, farewell } });
      return;
    }
    // What the other conversation does not know will be sent again when it has been told.
    const open = deliveries.filter((one) => one.state === "sending" || one.state === "waiting");
    this.set({ conversation: { ...EMPTY, deliveries: open } });
    if (!this.stopped) void this.connection.run();
  }

  /** Send words, or the payload of a button that says `title`. */
  send(payload: string, title?: string): void {
    const id = randomId();
    const at = new Date().toISOString();
    const delivery = newDelivery({ id, payload, shown: title ?? payload, isButton: title !== undefined, at });
    this.set({ conversation: addDelivery(this.conversation, delivery), expired: false });
    this.wake();
    void this.deliver(id);
  }

  /** Send a message again that failed. */
  resend(id: string): void {
    const old = this.delivery(id);
    if (old?.state !== "failed") return;
    if (old.known) {
      // The server has had this id and gave no answer to it: only a new one makes a new turn.
      const isOther = (one: { id: string | null }) => one.id !== id;
      const messages = this.conversation.messages.filter(isOther);
      const deliveries = this.conversation.deliveries.filter(isOther);
      this.set({ conversation: { ...this.conversation, messages, deliveries } });
      this.send(old.payload, old.isButton ? old.shown : undefined);
      return;
    }
    this.change(id, { state: "sending", answered: false, trouble: undefined, sentence: undefined });
    void this.deliver(id);
  }

  /** Thumbs up or down for the message `seq`. Returns whether the server has it. */
  async feedback(seq: number, value: Vote, word?: string): Promise<boolean> {
    const before = this.conversation.messages.find((one) => one.seq === seq)?.feedback ?? null;
    this.set({ conversation: vote(this.conversation, seq, value) });
    try {
      await this.request("POST", "/feedback", { seq, value, ...(word ? { word } : {}) });
      return true;
    } catch {
      this.set({ conversation: vote(this.conversation, seq, before) });
      return false;
    }
  }

  /** Delete the conversation on the server. Throws if it was not deleted. */
  async forget(): Promise<void> {
    const token = this.session.token();
    try {
      if (token !== null) await this.request("DELETE", "/session");
    } catch (error) {
      if (!(error instanceof Refusal && error.status === 401)) throw error;
    }
    if (this.session.token() === token) this.reset("", token);
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
        void this.connection.run();
        return;
      } catch (error) {
        const trouble = this.troubleOf(error);
        if (trouble === "refused" && (error as Refusal).status === 401) {
          this.expire(id);
          if (attempt < POST_ATTEMPTS) continue;
        }
        const again = trouble === "unreachable" || trouble === "error";
        if (again && attempt < POST_ATTEMPTS) {
          await this.pauses.pause(backoff(attempt + 1));
          continue;
        }
        const sentence = error instanceof Refusal ? error.sentence : undefined;
        if (this.delivery(id)?.state === "sending") this.change(id, { state: "failed", trouble, sentence });
        return;
      }
    }
  }

  private async request(method: string, path: string, body?: object): Promise<unknown> {
    return this.http.json(method, path, await this.session.open(), body);
  }

  private troubleOf(error: unknown): Trouble {
    if (error instanceof Refusal) return error.status >= 500 || error.status === 408 ? "error" : "refused";
    return this.around.isOnline() ? "unreachable" : "offline";
  }

  // ---------------------------------------------------------------- what the stream tells

  private retold(after: number, events: ChatEvent[]): void {
    const told = events.flatMap((one) => (one.kind === "message" ? [one.message] : []));
    const [conversation, lost] = retell(this.conversation, after, told);
    this.set({ conversation, link: { state: "open", failures: 0 } });
    for (const one of events) if (one.kind !== "message") this.take(one);
    this.watch(false);
    for (const id of lost) void this.deliver(id);
  }

  private take(event: ChatEvent): void {
    this.set({ conversation: apply(this.conversation, event) });
    this.watch(true);
  }

  /** The conversation of `token` was deleted; `farewell` stays on the screen. */
  private reset(farewell: string, token: string | null): void {
    this.session.drop(token);
    this.connection.end();
    this.set({ conversation: { ...EMPTY, ready: true, farewell }, slow: false, expired: false });
    this.watch(false);
  }

  /** The stream was refused: the session of `token` has expired. */
  private sessionGone(token: string): void {
    if (this.session.token() !== token) return;
    this.session.drop();
    // What is being sent finds out by itself and begins a new session.
    const open = this.conversation.deliveries.filter((one) => one.state === "sending");
    this.startAnew(!this.hasSession, open);
  }

  /** A post was refused, the session is gone: begin a new one, with the message `keep` alone. */
  private expire(keep: string): void {
    this.session.drop();
    this.connection.end();
    const { deliveries } = this.conversation;
    const kept = deliveries.flatMap((one) => (one.id === keep ? [{ ...one, seq: null }] : []));
    this.startAnew(true, kept);
  }

  private startAnew(ready: boolean, deliveries: Delivery[]): void {
    const expired = this.conversation.messages.length > 0;
    this.set({ conversation: { ...EMPTY, ready, deliveries }, expired });
  }

  // ---------------------------------------------------------------- state

  private get conversation(): Conversation {
    return this.view.conversation;
  }

  private delivery(id: string): Delivery | undefined {
    return this.conversation.deliveries.find((one) => one.id === id);
  }

  private change(id: string, change: Partial<Delivery>): void {
    this.set({ conversation: changeDelivery(this.conversation, id, change) });
    this.watch(change.state === "sending" || change.state === "waiting");
  }

  private set(change: Partial<View>): void {
    this.view = { ...this.view, ...change };
    if (this.view.slow && !isAwaiting(this.conversation)) this.view = { ...this.view, slow: false };
    this.listener(this.view);
  }

  private watch(anew: boolean): void {
    this.awaitAnswer(isAwaiting(this.conversation), anew);
  }

  /** Whether nobody sees the page and no answer is due in a conversation that is `told`. */
  private isUnwatched(told: boolean): boolean {
    return this.around.isHidden() && told && !isAwaiting(this.conversation);
  }

  private wake(): void {
    this.connection.claim();
    this.pauses.wake();
  }
}
