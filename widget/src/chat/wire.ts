/** The server's events as typed values (docs/chat-channel.md). What does not fit the contract is dropped, never shown. */

export interface Button {
  title: string;
  payload: string;
}

export type Vote = "up" | "down";

export interface Message {
  seq: number;
  role: "user" | "bot";
  /** The client's id of a user message; null for others. */
  id: string | null;
  text: string;
  buttons: Button[];
  /** A card as it came; `readCard` makes it a typed one. */
  card: unknown;
  at: string;
  feedback: Vote | null;
}

export type ChatEvent =
  | { kind: "message"; message: Message }
  | { kind: "typing"; on: boolean }
  | { kind: "failed"; id: string; sentence: string }
  | { kind: "ready"; seq: number }
  | { kind: "feedback"; seq: number; value: Vote }
  /** `goodbye` are the bot's last words, "" if the deletion was not asked for in words. */
  | { kind: "reset"; goodbye: string }
  /** Too many streams of this conversation are open, and this one was the oldest. */
  | { kind: "crowded" };

export type Fields = Record<string, unknown>;

export function fields(value: unknown): Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

export function text(value: unknown): string {
  return typeof value === "string" ? value : typeof value === "number" ? String(value) : "";
}

export function list<T>(value: unknown, read: (one: unknown) => T | undefined): T[] {
  if (!Array.isArray(value)) return [];
  return value.map(read).filter((one): one is T => one !== undefined);
}

function isVote(value: unknown): value is Vote {
  return value === "up" || value === "down";
}

export function readButton(value: unknown): Button | undefined {
  const { title, payload } = fields(value);
  return text(title) && text(payload) ? { title: text(title), payload: text(payload) } : undefined;
}

function readMessage(data: Fields): Message | undefined {
  const { seq, role, id, feedback } = data;
  if (typeof seq !== "number" || (role !== "user" && role !== "bot")) return undefined;
  return {
    seq,
    role,
    id: typeof id === "string" ? id : null,
    text: text(data.text),
    buttons: list(data.buttons, readButton),
    card: data.card ?? null,
    at: text(data.at),
    feedback: isVote(feedback) ? feedback : null,
  };
}

/** Read one event of the stream; undefined for an unknown or malformed one. */
export function readEvent(event: string, json: string): ChatEvent | undefined {
  let data: Fields;
  try {
    data = fields(JSON.parse(json));
  } catch {
    return undefined;
  }
  switch (event) {
    case "message": {
      const message = readMessage(data);
      return message && { kind: "message", message };
    }
    case "typing":
      return { kind: "typing", on: data.on === true };
    case "failed":
      return { kind: "failed", id: text(data.id), sentence: text(data.message) };
    case "ready":
      return { kind: "ready", seq: typeof data.seq === "number" ? data.seq : 0 };
    case "reset":
      return { kind: "reset", goodbye: text(data.message) };
    case "feedback":
      return typeof data.seq === "number" && isVote(data.value)
        ? { kind: "feedback", seq: data.seq, value: data.value }
        : undefined;
    case "crowded":
      return { kind: "crowded" };
    default:
      return undefined;
  }
}
