/**
 * The conversation as this tab sees it: an immutable value and the steps from one to the next. No I/O, no clock.
 *
 * `messages` is the server's truth, in the order of `seq`. A `Delivery` follows one message of this tab from the tap
 * on "send" to the answer; it is shown in its own right until the server tells the message with its `seq`.
 */
import type { ChatEvent, Message, Vote } from "./wire";

/** Why something did not work, as far as the page can tell. */
export type Trouble = "offline" | "unreachable" | "error" | "silent" | "refused";

export interface Delivery {
  /** The client's id, the same at every attempt, so that the server takes the message once. */
  id: string;
  /** What is sent: words, or the payload of a button. */
  payload: string;
  /** What is shown: the words, or what the button said. */
  shown: string;
  isButton: boolean;
  at: string;
  /** `waiting`: the server has it, the answer is due. */
  state: "sending" | "waiting" | "done" | "failed";
  seq: number | null;
  answered: boolean;
  /** The server said that it knew the message already. */
  known: boolean;
  /** How often the server had it and lost it. */
  losses: number;
  trouble?: Trouble;
  /** The server's own sentence about the trouble. */
  sentence?: string;
}

/** A message of this tab that is about to be sent, but for what `part` says of it. */
export function newDelivery(
  part: Pick<Delivery, "id" | "payload" | "shown" | "isButton" | "at"> & Partial<Delivery>,
): Delivery {
  return { state: "sending", seq: null, answered: false, known: false, losses: 0, ...part };
}

export interface Conversation {
  messages: Message[];
  deliveries: Delivery[];
  /** The server says that an answer is being made. */
  typing: boolean;
  /** The history has been told. */
  ready: boolean;
  /** Not null after the conversation was deleted: the bot's goodbye, which stays on the screen, or "". */
  farewell: string | null;
}

export const EMPTY: Conversation = { messages: [], deliveries: [], typing: false, ready: false, farewell: null };

/** What stands on the screen: the server's messages, then this tab's that the server has not told yet. */
export interface Shown {
  key: string;
  message: Message;
  delivery?: Delivery;
}

export function shown(conversation: Conversation): Shown[] {
  const byId = new Map(conversation.deliveries.map((one) => [one.id, one]));
  const told = conversation.messages.map((message) => ({
    // The key stays when an own message gets its `seq`, so that its element does too.
    key: message.id ?? `seq-${message.seq}`,
    message,
    delivery: message.id === null ? undefined : byId.get(message.id),
  }));
  const ids = new Set(conversation.messages.map((one) => one.id));
  const own = conversation.deliveries.filter((one) => !ids.has(one.id) && one.state !== "done");
  return [...told, ...own.map((delivery) => ({ key: delivery.id, message: asMessage(delivery), delivery }))];
}

function asMessage(one: Delivery): Message {
  return { seq: 0, role: "user", id: one.id, text: one.shown, buttons: [], card: null, at: one.at, feedback: null };
}

/** Whether an answer is due. */
export function isAwaiting(conversation: Conversation): boolean {
  return (
    conversation.typing ||
    conversation.deliveries.some((one) => one.state === "sending" || (one.state === "waiting" && !one.answered))
  );
}

/**
 * After which `seq` to ask the server to tell on: the last one, but not past a turn of this tab that is unfinished,
 * since a server that died within it has lost the turn and will number the next message anew.
 */
export function resumePoint(conversation: Conversation): number {
  const open = conversation.deliveries.filter((one) => one.state === "waiting" && one.seq !== null);
  const last = conversation.messages[conversation.messages.length - 1]?.seq ?? 0;
  return Math.min(last, ...open.map((one) => (one.seq ?? 1) - 1));
}

export function changeDelivery(conversation: Conversation, id: string, change: Partial<Delivery>): Conversation {
  const deliveries = conversation.deliveries.map((one) => (one.id === id ? { ...one, ...change } : one));
  return { ...conversation, deliveries };
}

export function addDelivery(conversation: Conversation, delivery: Delivery): Conversation {
  return { ...conversation, farewell: null, deliveries: [...conversation.deliveries, delivery] };
}

export function vote(conversation: Conversation, seq: number, value: Vote | null): Conversation {
  const messages = conversation.messages.map((one) => (one.seq === seq ? { ...one, feedback: value } : one));
  return { ...conversation, messages };
}

function put(messages: Message[], message: Message): Message[] {
  const others = messages.filter((one) => one.seq !== message.seq);
  return [...others, message].sort((one, other) => one.seq - other.seq);
}

/** The conversation after one event that came outside a retelling. */
export function apply(conversation: Conversation, event: ChatEvent): Conversation {
  switch (event.kind) {
    case "message": {
      const { message } = event;
      const next = { ...conversation, messages: put(conversation.messages, message), farewell: null };
      if (message.role === "user") {
        return message.id === null ? next : changeDelivery(next, message.id, heard(next, message));
      }
      const deliveries = next.deliveries.map((one) =>
        one.seq !== null && one.seq < message.seq ? { ...one, answered: true } : one,
      );
      return { ...next, deliveries };
    }
    case "typing": {
      const next = { ...conversation, typing: event.on };
      if (event.on) return next;
      const deliveries = next.deliveries.map((one) =>
        one.state === "waiting" && one.answered ? { ...one, state: "done" as const } : one,
      );
      return { ...next, deliveries };
    }
    case "failed":
      return failed({ ...conversation, typing: false }, event.id, event.sentence);
    case "ready":
      return { ...conversation, ready: true };
    case "feedback":
      return vote(conversation, event.seq, event.value);
    default:
      // The client's business: they are about the stream and the session.
      return conversation;
  }
}

/** What is known of an own message once the server told it. */
function heard(conversation: Conversation, message: Message): Partial<Delivery> {
  const own = conversation.deliveries.find((one) => one.id === message.id);
  if (own?.state === "done") return { seq: message.seq };
  // An attempt that seemed to fail has arrived after all, or a failed turn is tried again.
  return { seq: message.seq, state: "waiting", trouble: undefined, sentence: undefined };
}

function failed(conversation: Conversation, id: string, sentence: string): Conversation {
  const change: Partial<Delivery> = { state: "failed", trouble: "error", sentence };
  if (conversation.deliveries.some((one) => one.id === id)) return changeDelivery(conversation, id, change);
  // Another tab sent it, or this one before it was reloaded.
  const message = conversation.messages.find((one) => one.id === id);
  if (!message) return conversation;
  const { text, at, seq } = message;
  const delivery = newDelivery({ id, payload: text, shown: text, isButton: false, at, seq, ...change });
  return { ...conversation, deliveries: [...conversation.deliveries, delivery] };
}

/** The conversation once the answers that are due are not going to come. */
export function giveUp(conversation: Conversation): Conversation {
  const deliveries = conversation.deliveries.map(
    (one): Delivery =>
      one.state === "waiting" && !one.answered ? { ...one, state: "failed", trouble: "silent" } : one,
  );
  return { ...conversation, deliveries, typing: false };
}

/** A message that the server lost so often is perhaps what it dies of. */
const MOST_LOSSES = 2;

/**
 * The conversation after a retelling: `told` is what came between the request for everything after `after` and `ready`.
 *
 * Returns the ids of own messages that the server had taken and no longer knows: they are to be sent again.
 */
export function retell(conversation: Conversation, after: number, told: Message[]): [Conversation, string[]] {
  const kept = conversation.messages.filter((one) => one.seq <= after);
  const known = new Set([...kept, ...told].map((one) => one.id));
  const again: string[] = [];
  const deliveries = conversation.deliveries.map((one): Delivery => {
    const retold = one.seq !== null && one.seq > after ? { ...one, answered: false } : one;
    if (one.state === "sending" || known.has(one.id)) return retold;
    const lost = { ...retold, seq: null, losses: one.losses + 1 };
    if (one.state !== "waiting") return lost;
    if (lost.losses > MOST_LOSSES) return { ...lost, state: "failed", trouble: "error" };
    again.push(one.id);
    return { ...lost, state: "sending" };
  });
  let next: Conversation = { ...conversation, messages: kept, deliveries, ready: true };
  for (const message of told) next = apply(next, { kind: "message", message });
  // A turn that is still going on says so with `typing`; an answered one that does not is over.
  return [apply(next, { kind: "typing", on: false }), again];
}
