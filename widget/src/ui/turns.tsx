/** What is said: the shopper's bubbles, the bot's turns, quick replies, thumbs. */
import type { JSX } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { type Card, readCard } from "../chat/cards";
import type { Delivery, Shown } from "../chat/conversation";
import { clockOf } from "../chat/time";
import type { Button, Message, Vote } from "../chat/wire";
import { CardGuard, CardView } from "./cards";
import { useSurface } from "./context";
import { Icon } from "./icons";
import { CopyButton, Linked } from "./parts";

/** One message of the shopper, or all that the bot said in a row. */
export type Turn = { key: string; at: string } & ({ user: Shown } | { bot: Message[] });

/** Cut what is shown into turns: an answer of several messages gets one set of thumbs. */
export function turnsOf(items: Shown[]): Turn[] {
  const turns: Turn[] = [];
  for (const item of items) {
    const last = turns[turns.length - 1];
    if (item.message.role === "user") turns.push({ key: item.key, at: item.message.at, user: item });
    else if (last && "bot" in last) last.bot.push(item.message);
    else turns.push({ key: item.key, at: item.message.at, bot: [item.message] });
  }
  return turns;
}

export function UserTurn({ item }: { item: Shown }): JSX.Element {
  const { strings } = useSurface();
  const { message, delivery } = item;
  return (
    <div class="turn user">
      <div class={delivery?.state === "failed" ? "bubble mine unsent" : "bubble mine"}>
        <span class="hidden">{strings.you}</span>
        {message.text}
      </div>
      {delivery ? <DeliveryState delivery={delivery} /> : null}
    </div>
  );
}

function DeliveryState({ delivery }: { delivery: Delivery }): JSX.Element | null {
  const { strings, client } = useSurface();
  if (delivery.state === "sending") return <p class="state">{strings.sending}</p>;
  if (delivery.state === "waiting" && !delivery.answered) return <p class="state">{strings.sent}</p>;
  if (delivery.state !== "failed") return null;
  return (
    <p class="state failed">
      <Icon name="alert" />
      {delivery.seq === null ? strings.failed : strings.trouble.silent}
      <button type="button" class="button resend" onClick={() => client.resend(delivery.id)}>
        <Icon name="retry" />
        {strings.resend}
      </button>
    </p>
  );
}

export function BotTurn(props: { messages: Message[]; done: boolean; liveEvidence: number }): JSX.Element {
  const { strings } = useSurface();
  const last = props.messages[props.messages.length - 1];
  return (
    <div class="turn bot">
      <span class="hidden">{strings.bot}</span>
      {props.messages.map((one) => (
        <BotMessage key={one.seq} message={one} live={one.seq === props.liveEvidence} />
      ))}
      {props.done && last ? <Feedback messages={props.messages} last={last} /> : null}
    </div>
  );
}

function BotMessage({ message, live }: { message: Message; live: boolean }): JSX.Element {
  const card: Card | undefined = useMemo(() => readCard(message.card), [message]);
  const words = (
    <div class="said bubble">
      <Linked text={message.text} />
    </div>
  );
  if (!card) return words;
  const drawn = (
    <CardGuard fallback={words}>
      <CardView card={card} live={live} />
    </CardGuard>
  );
  if (card.kind !== "contacts") return drawn;
  return (
    <>
      {words}
      {drawn}
    </>
  );
}

function Feedback({ messages, last }: { messages: Message[]; last: Message }): JSX.Element {
  const { strings, client, announce } = useSurface();
  const [asking, setAsking] = useState(false);
  const voteFor = async (value: Vote) => {
    setAsking(value === "down");
    announce((await client.feedback(last.seq, value)) ? strings.thanks : strings.notSaved);
  };
  const thumb = (value: Vote, label: string) => (
    <button
      type="button"
      class="icon-button"
      aria-pressed={last.feedback === value}
      aria-label={label}
      title={label}
      onClick={() => void voteFor(value)}
    >
      <Icon name={value === "up" ? "up" : "thumbDown"} />
    </button>
  );
  return (
    <>
      <div class="foot">
        <CopyButton quiet words={messages.map((one) => one.text).join("\n\n")} />
        {thumb("up", strings.helpful)}
        {thumb("down", strings.unhelpful)}
        <time class="clock" dateTime={last.at}>
          {clockOf(last.at)}
        </time>
      </div>
      {asking ? <WordForm seq={last.seq} onDone={() => setAsking(false)} /> : null}
    </>
  );
}

function WordForm({ seq, onDone }: { seq: number; onDone: () => void }): JSX.Element {
  const { strings, client, announce } = useSurface();
  const [word, setWord] = useState("");
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => form.current?.scrollIntoView({ block: "nearest" }), []);
  const submit = async (event: Event) => {
    event.preventDefault();
    const words = word.trim();
    const kept = words === "" || (await client.feedback(seq, "down", words));
    announce(kept ? strings.thanks : strings.notSaved);
    if (kept) onDone();
  };
  return (
    <form ref={form} class="word" onSubmit={(event) => void submit(event)}>
      <label>
        {strings.whatMissed}
        <input
          type="text"
          maxLength={500}
          autocomplete="off"
          value={word}
          onInput={(event) => setWord(event.currentTarget.value)}
        />
      </label>
      <div class="row">
        <button type="submit" class="button solid">
          {strings.sendWord}
        </button>
        <button type="button" class="button" onClick={onDone}>
          {strings.skip}
        </button>
      </div>
    </form>
  );
}

export function Replies({ buttons }: { buttons: Button[] }): JSX.Element {
  const { strings, press } = useSurface();
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would bring a border and a form's meaning
    <div class="row" role="group" aria-label={strings.options}>
      {buttons.map((one) => (
        <button key={one.payload} type="button" class="button reply" onClick={() => press(one.payload, one.title)}>
          {one.title}
        </button>
      ))}
    </div>
  );
}
