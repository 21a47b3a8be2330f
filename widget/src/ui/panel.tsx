/** The chat panel: header, conversation, composer, and the rules between them. */
import type { JSX } from "preact";
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import type { ChatClient } from "../chat/client";
import { isAwaiting, type Shown, shown } from "../chat/conversation";
import { copyText, printText, saveText } from "../chat/copy";
import { keepPrefs, type Prefs } from "../chat/prefs";
import type { Keeper } from "../chat/session";
import { stringsOf } from "../chat/strings";
import { clockOf, dateOf } from "../chat/time";
import type { View } from "../chat/view";
import { fields } from "../chat/wire";
import type { Options } from "../shared/options";
import { Composer } from "./composer";
import { type Surface, SurfaceProvider, useSurface } from "./context";
import { Icon } from "./icons";
import { Banner, OfficialWays, Welcome } from "./notices";
import { ForgetDialog, Menu, trapFocus } from "./overlays";
import { useFollowing } from "./scroll";
import { BotTurn, Replies, type Turn, turnsOf, UserTurn } from "./turns";

/** Rasa's own `restart` resets the tracker; this begins a second case and keeps the first. */
const START_ANEW = "/start_new_case";
const TOAST = 2500;
const CLOCK = 30_000;

export interface PanelProps {
  options: Options;
  client: ChatClient;
  view: View;
  keeper: Keeper;
  prefs: Prefs;
  setPrefs(prefs: Prefs): void;
  open: boolean;
  /** The panel covers the page: focus stays in it. */
  covers: boolean;
  onClose(): void;
}

export function Panel(props: PanelProps): JSX.Element {
  const { options, client, view, open } = props;
  const strings = useMemo(() => stringsOf(options.language), [options]);
  const { conversation } = view;
  const items = useMemo(() => shown(conversation), [conversation]);
  const turns = useMemo(() => turnsOf(items), [items]);
  const awaiting = isAwaiting(conversation);
  const thinking = awaiting && !conversation.deliveries.some((one) => one.state === "sending" && one.seq === null);

  const [menuOpen, setMenuOpen] = useState(false);
  const [forgetting, setForgetting] = useState(false);
  const [toast, setToast] = useState("");
  const [now, setNow] = useState(Date.now);
  const panel = useRef<HTMLDivElement>(null);
  const input = useRef<HTMLTextAreaElement>(null);
  const menuButton = useRef<HTMLButtonElement>(null);
  const { log, away, unread, toEnd, follow } = useFollowing(
    items.length + (thinking ? 1 : 0) + (view.slow ? 1 : 0),
    conversation.ready,
    open,
  );

  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), CLOCK);
    return () => clearInterval(timer);
  }, []);
  useEffect(() => {
    if (!toast) return undefined;
    const timer = setTimeout(() => setToast(""), TOAST);
    return () => clearTimeout(timer);
  }, [toast]);
  useLayoutEffect(() => {
    if (open) focusFirst(panel.current, input.current);
  }, [open]);

  const say = useCallback(
    (words: string, title?: string) => {
      follow();
      client.send(words, title);
    },
    [client, follow],
  );
  const surface: Surface = useMemo(
    () => ({
      options,
      strings,
      client,
      now,
      announce: setToast,
      press: (payload, title) => {
        say(payload, payload === title ? undefined : title);
        // The button is gone after the answer, and with it the place in the page.
        focusFirst(panel.current, input.current);
      },
    }),
    [options, strings, client, now, say],
  );

  const closeMenu = (back: boolean) => {
    setMenuOpen(false);
    if (back) menuButton.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Escape" && !event.isComposing) {
      event.stopPropagation();
      if (forgetting) {
        setForgetting(false);
        menuButton.current?.focus();
      } else if (menuOpen) closeMenu(true);
      else props.onClose();
    } else if (props.covers && !forgetting) trapFocus(event, panel.current);
  };

  const name = `${options.title} ${strings.transcript}`;
  const words = () => transcript(items, `${name}\n${strings.independent}`, strings.you, strings.bot);
  const save = () => saveText(words(), `${name}-${dateOf(new Date().toISOString())}.txt`);
  const print = () => {
    if (!printText(name, words())) save();
  };
  const copyAll = async () => {
    const worked = panel.current !== null && (await copyText(words(), panel.current));
    setToast(worked ? strings.copied : strings.notCopied);
  };

  const last = items[items.length - 1];
  const buttons = last && last.message.role === "bot" && !awaiting ? last.message.buttons : [];
  const liveEvidence = lastEvidence(items);
  const isNew = items.length === 0 && conversation.ready && !conversation.farewell;
  return (
    <SurfaceProvider value={surface}>
      <div
        class="panel"
        ref={panel}
        role="dialog"
        aria-modal={props.covers ? "true" : undefined}
        aria-labelledby="title"
        aria-describedby="independent"
        tabIndex={-1}
        hidden={!open}
        onKeyDown={onKeyDown}
      >
        <header class="head">
          <Icon name="mark" class="mark" />
          <div class="head-words">
            <h2 id="title">{options.title}</h2>
            <p id="independent">{strings.independent}</p>
          </div>
          <button
            ref={menuButton}
            type="button"
            class="icon-button"
            aria-label={strings.menu}
            aria-expanded={menuOpen}
            aria-controls="menu"
            onClick={() => setMenuOpen(!menuOpen)}
          >
            <Icon name="menu" class="dots" />
          </button>
          <button type="button" class="icon-button" aria-label={strings.close} onClick={props.onClose}>
            <Icon name="close" />
          </button>
        </header>
        {menuOpen ? (
          <>
            {/* biome-ignore lint/a11y/noStaticElementInteractions lint/a11y/useKeyWithClickEvents: Esc does the same */}
            <div class="ground" onClick={() => closeMenu(false)} />
            <Menu
              prefs={props.prefs}
              questions={`${options.server}/questions`}
              setPrefs={(prefs) => {
                keepPrefs(props.keeper, prefs);
                props.setPrefs(prefs);
              }}
              hasWords={items.length > 0}
              onClose={() => closeMenu(true)}
              print={print}
              save={save}
              copyAll={() => void copyAll()}
              restart={() => say(START_ANEW, strings.restart)}
              forget={() => setForgetting(true)}
            />
          </>
        ) : null}
        <div class="middle">
          <div
            class="log"
            ref={log}
            role="log"
            aria-label={strings.log}
            aria-live={conversation.ready ? "polite" : "off"}
            // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reached by keyboard
            tabIndex={0}
          >
            {view.expired ? <p class="notice">{strings.expired}</p> : null}
            {conversation.farewell ? <div class="said bubble">{conversation.farewell}</div> : null}
            {conversation.farewell === "" ? <p class="notice">{strings.deleted}</p> : null}
            {isNew ? <Welcome /> : null}
            {!conversation.ready ? <p class="notice">{strings.loading}</p> : null}
            {turns.map((turn, at) => (
              <TurnView
                key={turn.key}
                turn={turn}
                day={newDay(turn, turns[at - 1], now)}
                done={at < turns.length - 1 || !awaiting}
                liveEvidence={liveEvidence}
              />
            ))}
            {thinking ? <Thinking slow={view.slow} /> : null}
            {buttons.length ? <Replies buttons={buttons} /> : null}
          </div>
          {away ? (
            <button type="button" class={unread ? "button pill solid" : "button pill"} onClick={toEnd}>
              <Icon name="down" />
              <span class={unread ? "" : "hidden"}>{unread ? strings.newMessage : strings.toEnd}</span>
            </button>
          ) : null}
        </div>
        <Banner view={view} />
        <Composer input={input} onSend={say} />
        <div class={toast ? "toast shown" : "toast"} role="status">
          {toast ? <span>{toast}</span> : null}
        </div>
        {forgetting ? (
          <ForgetDialog
            onClose={(done) => {
              setForgetting(false);
              if (done) focusFirst(panel.current, input.current);
              else menuButton.current?.focus();
            }}
          />
        ) : null}
      </div>
    </SurfaceProvider>
  );
}

function TurnView(props: { turn: Turn; day: string; done: boolean; liveEvidence: number }): JSX.Element {
  const { turn } = props;
  return (
    <>
      {props.day ? <p class="day">{props.day}</p> : null}
      {"user" in turn ? (
        <UserTurn item={turn.user} />
      ) : (
        <BotTurn messages={turn.bot} done={props.done} liveEvidence={props.liveEvidence} />
      )}
    </>
  );
}

function Thinking({ slow }: { slow: boolean }): JSX.Element {
  const { strings } = useSurface();
  return (
    <div class="thinking">
      <div class="bubble dots-bubble">
        <span class="wave" aria-hidden="true">
          <i />
          <i />
          <i />
        </span>
        <span class={slow ? "" : "hidden"}>{slow ? strings.slow : strings.typing}</span>
      </div>
      {slow ? <OfficialWays /> : null}
    </div>
  );
}

/** Put the focus where the next word is written; on a phone, where that would raise the keyboard, on the panel. */
function focusFirst(panel: HTMLElement | null, input: HTMLElement | null): void {
  const touch = window.matchMedia("(pointer: coarse)").matches;
  (touch ? panel : input)?.focus({ preventScroll: true });
}

/** The day as a divider, where it is another than before; today's first words need none. */
function newDay(turn: Turn, before: Turn | undefined, now: number): string {
  const day = dateOf(turn.at);
  const previous = before ? dateOf(before.at) : dateOf(new Date(now).toISOString());
  return day && day !== previous ? day : "";
}

/** The `seq` of the newest evidence card: only that one takes ticks. */
function lastEvidence(items: Shown[]): number {
  let seq = 0;
  for (const { message } of items) if (fields(message.card).kind === "evidence") seq = message.seq;
  return seq;
}

function transcript(items: Shown[], head: string, you: string, bot: string): string {
  const parts = items.map(({ message }) => {
    const who = message.role === "user" ? you : bot;
    return `${who}（${dateOf(message.at)} ${clockOf(message.at)}）\n${message.text}`;
  });
  return [head, ...parts].join("\n\n");
}
