/** What lies over the conversation: the menu and the question before a deletion. */
import type { JSX } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Prefs, Theme } from "../chat/prefs";
import { useSurface } from "./context";
import { Icon, type IconName } from "./icons";

export interface MenuActions {
  setPrefs(prefs: Prefs): void;
  print(): void;
  save(): void;
  copyAll(): void;
  restart(): void;
  forget(): void;
}

interface MenuProps extends MenuActions {
  prefs: Prefs;
  /** Where all questions stand that have an answer. */
  questions: string;
  /** There is something to print, save or delete. */
  hasWords: boolean;
  onClose(): void;
}

export function Menu(props: MenuProps): JSX.Element {
  const { strings } = useSurface();
  const box = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => box.current?.querySelector<HTMLElement>("input:checked, button")?.focus(), []);
  const item = (icon: IconName, label: string, act: () => void, needsWords = false) => (
    <button
      type="button"
      class="menu-item"
      disabled={needsWords && !props.hasWords}
      onClick={() => {
        props.onClose();
        act();
      }}
    >
      <Icon name={icon} />
      {label}
    </button>
  );
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would bring a border and a form's meaning
    <div class="menu" ref={box} role="group" aria-label={strings.menu} id="menu">
      <fieldset class="themes">
        <legend>{strings.appearance}</legend>
        {(["auto", "light", "dark"] as Theme[]).map((theme) => (
          <label key={theme}>
            <input
              type="radio"
              name="theme"
              checked={props.prefs.theme === theme}
              onChange={() => props.setPrefs({ ...props.prefs, theme })}
            />
            <span>{strings.themes[theme]}</span>
          </label>
        ))}
      </fieldset>
      <label class="menu-item switch">
        <span>{strings.largeText}</span>
        <input
          type="checkbox"
          checked={props.prefs.large}
          onChange={(event) => props.setPrefs({ ...props.prefs, large: event.currentTarget.checked })}
        />
      </label>
      <hr />
      {item("copy", strings.copyAll, props.copyAll, true)}
      {item("download", strings.save, props.save, true)}
      {item("paper", strings.print, props.print, true)}
      <hr />
      <a class="menu-item" href={props.questions} target="_blank" rel="noopener" onClick={props.onClose}>
        <Icon name="list" />
        {strings.questions}
      </a>
      {item("retry", strings.restart, props.restart)}
      {item("alert", strings.forget, props.forget, true)}
    </div>
  );
}

/** Asks before the conversation is deleted. The deletion is for real, so it says what goes. */
export function ForgetDialog({ onClose }: { onClose: (done: boolean) => void }): JSX.Element {
  const { strings, client } = useSurface();
  const [state, setState] = useState<"asking" | "working" | "failed">("asking");
  const box = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => box.current?.querySelector("button")?.focus(), []);
  const forget = async () => {
    setState("working");
    try {
      await client.forget();
      onClose(true);
    } catch {
      setState("failed");
    }
  };
  return (
    <div class="veil">
      <div
        class="dialog"
        ref={box}
        role="alertdialog"
        aria-modal="true"
        aria-labelledby="forget-title"
        aria-describedby="forget-text"
        onKeyDown={(event) => trapFocus(event, box.current)}
      >
        <h3 id="forget-title">{strings.forgetTitle}</h3>
        <p id="forget-text">{strings.forgetText}</p>
        {state === "failed" ? (
          <p class="failed" role="alert">
            {strings.forgetFailed}
          </p>
        ) : null}
        <div class="row">
          <button type="button" class="button" onClick={() => onClose(false)}>
            {strings.cancel}
          </button>
          <button type="button" class="button danger" disabled={state === "working"} onClick={() => void forget()}>
            {strings.forgetYes}
          </button>
        </div>
      </div>
    </div>
  );
}

/** Keep Tab within `box`. */
export function trapFocus(event: KeyboardEvent, box: HTMLElement | null): void {
  if (event.key !== "Tab" || !box) return;
  const stops = [
    ...box.querySelectorAll<HTMLElement>("a[href], button:not(:disabled), input, textarea, summary, [tabindex='0']"),
  ].filter((one) => one.offsetParent !== null);
  const [first, last] = [stops[0], stops[stops.length - 1]];
  const now = (box.getRootNode() as ShadowRoot).activeElement;
  if (!first || !last) return;
  if (event.shiftKey && (now === first || now === box)) {
    event.preventDefault();
    last.focus();
  } else if (!event.shiftKey && now === last) {
    event.preventDefault();
    first.focus();
  }
}
