/** Where the shopper writes. */
import type { JSX, RefObject } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { useSurface } from "./context";
import { Icon } from "./icons";

/** The server takes no longer message. */
const LONGEST = 20_000;

/** Whether a key press is Enter alone, and not the Enter that takes a word from an input method's list. */
export function isSendKey(event: KeyboardEvent, composing: boolean): boolean {
  // Safari ends the composition before the key arrives and then says isComposing=false, with the old key code 229.
  return event.key === "Enter" && !event.shiftKey && !event.isComposing && !composing && event.keyCode !== 229;
}

export function Composer(props: {
  input: RefObject<HTMLTextAreaElement | null>;
  onSend: (words: string) => void;
}): JSX.Element {
  const { strings } = useSurface();
  const [words, setWords] = useState("");
  const composing = useRef(false);

  useLayoutEffect(() => {
    const area = props.input.current;
    if (!area) return;
    area.style.height = "auto";
    // The border is not part of scrollHeight.
    area.style.height = `${area.scrollHeight + area.offsetHeight - area.clientHeight}px`;
  }, [words, props.input]);

  const send = () => {
    const said = words.trim();
    if (!said) return;
    setWords("");
    props.onSend(said);
  };
  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <textarea
        ref={props.input}
        rows={1}
        maxLength={LONGEST}
        aria-label={strings.inputLabel}
        placeholder={strings.inputHint}
        enterkeyhint="send"
        autocomplete="off"
        value={words}
        onInput={(event) => setWords(event.currentTarget.value)}
        onCompositionStart={() => {
          composing.current = true;
        }}
        onCompositionEnd={() => {
          // Some browsers send the key of the same Enter after this event.
          setTimeout(() => {
            composing.current = false;
          }, 0);
        }}
        onKeyDown={(event) => {
          if (!isSendKey(event, composing.current)) return;
          event.preventDefault();
          send();
        }}
      />
      <button
        type="submit"
        class="send"
        aria-label={strings.send}
        // Not `disabled`: a button that is would lose the focus at the very moment of sending.
        aria-disabled={!words.trim()}
        // The words keep the focus, and a phone its keyboard.
        onMouseDown={(event) => event.preventDefault()}
      >
        <Icon name="send" />
      </button>
    </form>
  );
}
