/**
 * A chat server for working on the widget without the bot: speaks docs/chat-channel.md, says sample cards.
 *
 * `node dev/mock.mjs [port]` serves dist/ at /chat/. What is typed chooses the answer: the name of a card (step, case,
 * evidence, dates, estimate, paper, contacts, question), `long`, `bad` (strange cards), or a failure: `500`, `429`,
 * `fail`, `slow`, `silent`, `die` (cut the stream within the turn and lose it), `bye` (delete the conversation).
 */
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { dirname, extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { cards, texts } from "./samples.mjs";

const DIST = join(dirname(fileURLToPath(import.meta.url)), "../dist");
const TYPES = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml" };
const POLICY = "default-src 'self'; require-trusted-types-for 'script'; base-uri 'none'; frame-ancestors 'none'";
const FAULTS = new Set([500, 429, 503]);

/** token -> { messages, taken, streams } */
const conversations = new Map();

function json(response, status, body) {
  response.writeHead(status, { "Content-Type": "application/json" });
  response.end(JSON.stringify(body));
}

function frame(event, data, id) {
  return `${id === undefined ? "" : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}

function tell(talk, event, data, id) {
  for (const stream of talk.streams) stream.write(frame(event, data, id));
}

function say(talk, part) {
  const message = { role: "bot", id: null, text: "", buttons: [], card: null, feedback: null, ...part };
  message.seq = talk.messages.length + 1;
  message.at = new Date().toISOString();
  talk.messages.push(message);
  tell(talk, "message", message, message.seq);
}

const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

async function turn(talk, id, text) {
  const before = talk.messages.length - 1;
  tell(talk, "typing", { on: true });
  await pause(text === "slow" ? 12_000 : 350);
  if (text === "silent") return;
  if (text === "fail") {
    talk.taken.delete(id);
    tell(talk, "failed", { id, message: "这一条没处理好，请再发一次。" });
    tell(talk, "typing", { on: false });
    return;
  }
  if (text === "die") {
    say(talk, { text: "说到一半…" });
    talk.taken.delete(id);
    talk.messages.length = before;
    for (const stream of talk.streams) stream.destroy();
    return;
  }
  if (text === "bye") {
    say(talk, { text: texts.goodbye });
    talk.messages = [];
    talk.taken.clear();
    tell(talk, "reset", { message: texts.goodbye });
    return;
  }
  const name = text.replace(/^\//, "");
  for (const part of cards[name] ?? [{ text: texts.echo(text), buttons: texts.menu }]) {
    say(talk, part);
    await pause(120);
  }
  tell(talk, "typing", { on: false });
}

function serveFile(path, response) {
  try {
    const content = readFileSync(join(DIST, normalize(path === "" ? "index.html" : path).replace(/^(\.\.[/\\])+/, "")));
    const type = TYPES[extname(path || "index.html")] ?? "application/octet-stream";
    response.writeHead(200, {
      "Content-Type": `${type}; charset=utf-8`,
      "Content-Security-Policy": POLICY,
      "Cache-Control": path.startsWith("assets/") ? "public, max-age=31536000, immutable" : "no-cache",
    });
    response.end(content);
  } catch {
    json(response, 404, { error: "not_found", message: "没有这个页面" });
  }
}

const server = createServer(async (request, response) => {
  const url = new URL(request.url, "http://mock");
  response.setHeader("Access-Control-Allow-Origin", "*");
  response.setHeader("Access-Control-Allow-Headers", "authorization, content-type");
  response.setHeader("Access-Control-Allow-Methods", "GET, POST, DELETE");
  response.setHeader("Access-Control-Max-Age", "600");
  if (request.method === "OPTIONS") return response.writeHead(204).end();
  if (url.pathname.startsWith("/papers/")) {
    response.writeHead(200, { "Content-Type": "text/plain; charset=utf-8", "Content-Disposition": "attachment" });
    return response.end("材料");
  }
  if (!url.pathname.startsWith("/chat/")) return json(response, 404, { error: "not_found", message: "没有这个页面" });
  const path = url.pathname.slice("/chat/".length);
  if (path === "session" && request.method === "POST") {
    const session = randomUUID();
    conversations.set(session, { messages: [], taken: new Set(), streams: new Set() });
    return json(response, 200, { session, expires_in: 2_592_000 });
  }
  if (!["session", "messages", "events", "feedback"].includes(path)) return serveFile(path, response);
  const token = (request.headers.authorization ?? "").replace("Bearer ", "");
  const talk = conversations.get(token);
  if (!talk) return json(response, 401, { error: "no_session", message: "会话已失效，请重新开始" });
  if (path === "session" && request.method === "DELETE") {
    talk.messages = [];
    talk.taken.clear();
    tell(talk, "reset", { message: null });
    return response.writeHead(204).end();
  }
  if (path === "events") {
    response.writeHead(200, { "Content-Type": "text/event-stream", "Cache-Control": "no-store" });
    const asked = Number(url.searchParams.get("after"));
    const after = asked > talk.messages.length ? 0 : asked;
    if (after < asked) response.write(frame("reset", { message: null }));
    for (const one of talk.messages.filter((message) => message.seq > after))
      response.write(frame("message", one, one.seq));
    response.write(frame("ready", { seq: talk.messages.length }));
    talk.streams.add(response);
    const alive = setInterval(() => response.write(": …\n\n"), 15_000);
    request.on("close", () => {
      clearInterval(alive);
      talk.streams.delete(response);
    });
    return undefined;
  }
  let sent = "";
  for await (const piece of request) sent += piece;
  const body = JSON.parse(sent);
  if (path === "feedback") {
    const message = talk.messages[body.seq - 1];
    if (message) message.feedback = body.value;
    return response.writeHead(204).end();
  }
  if (FAULTS.has(Number(body.text)))
    return json(response, Number(body.text), { error: "mock", message: "发得太快了，请等一分钟再发。" });
  if (talk.taken.has(body.id)) return json(response, 200, { id: body.id, status: "known" });
  talk.taken.add(body.id);
  say(talk, { role: "user", id: body.id, text: body.title ?? body.text });
  json(response, 202, { id: body.id, status: "accepted" });
  void turn(talk, body.id, body.text);
  return undefined;
});

const port = Number(process.argv[2] ?? 5099);
server.listen(port, "127.0.0.1", () => console.log(`http://127.0.0.1:${port}/chat/`));
