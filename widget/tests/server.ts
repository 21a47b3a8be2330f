/** A chat server in memory that keeps to docs/chat-channel.md and can be made to fail. */
import type { Fetch } from "../src/chat/http";
import type { Message } from "../src/chat/wire";

interface Stream {
  token: string;
  controller: ReadableStreamDefaultController<Uint8Array>;
}

export class FakeServer {
  sessions = new Set<string>();
  history: Message[] = [];
  /** Ids that were taken, in order; each once. */
  taken: string[] = [];
  /** Every request, for the tests to look at. */
  requests: string[] = [];
  streams: Stream[] = [];
  /** How the next requests fail: a status, "down", or "lost" (taken, but the answer never arrives). */
  faults: (number | "down" | "lost")[] = [];
  down = false;
  private failing: string | null = null;
  /** What a turn does; the default answers at once. */
  turn: (id: string, text: string) => void = (id, text) => this.answer(id, text);
  /** The `at` of what is said. */
  begun = "2026-11-24T01:00:00Z";
  private made = 0;

  readonly fetch: Fetch = async (input, init) => {
    const url = new URL(input);
    const path = url.pathname.replace(/^\/chat/, "");
    this.requests.push(`${init.method} ${path}${url.search}`);
    const fault = this.faults.shift();
    if (this.down || fault === "down") throw new TypeError("Failed to fetch");
    if (typeof fault === "number") return Response.json({ error: "x", message: `错误${fault}` }, { status: fault });
    const token = new Headers(init.headers).get("Authorization")?.replace("Bearer ", "") ?? "";
    if (path === "/session" && init.method === "POST") {
      const session = `token-${++this.made}`;
      this.sessions.add(session);
      return Response.json({ session, expires_in: 1000 });
    }
    if (!this.sessions.has(token))
      return Response.json({ error: "no_session", message: "会话已失效" }, { status: 401 });
    if (path === "/events") return this.open(token, url.searchParams, init.signal);
    if (path === "/session") {
      this.forget();
      return new Response(null, { status: 204 });
    }
    if (path === "/feedback") return new Response(null, { status: 204 });
    const body = JSON.parse(String(init.body));
    const known = this.taken.includes(body.id);
    if (!known) {
      this.taken.push(body.id);
      this.failing = null;
      const told = this.history.find((one) => one.id === body.id);
      if (told) this.tell("message", told);
      else this.say({ role: "user", id: body.id, text: body.title ?? body.text });
      queueMicrotask(() => this.turn(body.id, body.text));
    }
    if (fault === "lost") throw new TypeError("connection reset");
    return Response.json({ id: body.id, status: known ? "known" : "accepted" }, { status: known ? 200 : 202 });
  };

  answer(_id: string, text: string): void {
    this.tell("typing", { on: true });
    this.say({ role: "bot", text: `答：${text}` });
    this.tell("typing", { on: false });
  }

  say(part: Partial<Message>): void {
    const message: Message = {
      seq: (this.history[this.history.length - 1]?.seq ?? 0) + 1,
      role: "bot",
      id: null,
      text: "",
      buttons: [],
      card: null,
      at: this.begun,
      feedback: null,
      ...part,
    };
    this.history.push(message);
    this.tell("message", message, message.seq);
  }

  tell(event: string, data: unknown, id?: number): void {
    for (const one of this.streams) one.controller.enqueue(frame(event, data, id));
  }

  forget(goodbye: string | null = null): void {
    this.history = [];
    this.tell("reset", { message: goodbye });
  }

  /** End the turn of `id` without an answer; it may be sent again. */
  fail(id: string): void {
    this.taken = this.taken.filter((one) => one !== id);
    this.failing = id;
    this.tell("failed", { id, message: "没弄成" });
  }

  /** Cut every open stream. */
  drop(): void {
    for (const one of this.streams.splice(0)) one.controller.error(new TypeError("network error"));
  }

  private open(token: string, asked: URLSearchParams, signal: AbortSignal | null | undefined): Response {
    let opened: Stream;
    const last = this.history[this.history.length - 1]?.seq ?? 0;
    const begun = asked.get("begun");
    const fits = Number(asked.get("after")) <= last && (begun === null || begun === this.history[0]?.at);
    const after = fits ? Number(asked.get("after")) : 0;
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        opened = { token, controller };
        if (!fits) controller.enqueue(frame("reset", { message: null }));
        for (const one of this.history.filter((message) => message.seq > after))
          controller.enqueue(frame("message", one, one.seq));
        controller.enqueue(frame("ready", { seq: last }));
        if (this.failing !== null) controller.enqueue(frame("failed", { id: this.failing, message: "没弄成" }));
        this.streams.push(opened);
      },
      cancel: () => {
        this.streams = this.streams.filter((one) => one !== opened);
      },
    });
    signal?.addEventListener("abort", () => {
      if (!this.streams.includes(opened)) return;
      this.streams = this.streams.filter((one) => one !== opened);
      opened.controller.error(new DOMException("aborted", "AbortError"));
    });
    return new Response(body, { headers: { "Content-Type": "text/event-stream" } });
  }
}

function frame(event: string, data: unknown, id?: number): Uint8Array {
  const head = id === undefined ? "" : `id: ${id}\n`;
  return new TextEncoder().encode(`${head}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
}
