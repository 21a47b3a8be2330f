/** What every part of the page may need. */
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { ChatClient } from "../chat/client";
import type { Strings } from "../chat/strings";
import type { Options } from "../shared/options";

export interface Surface {
  options: Options;
  strings: Strings;
  client: ChatClient;
  /** The time in ms, moved on every half minute: hours and days left follow it. */
  now: number;
  /** Say a short word to everybody: on the screen for a moment, and to a screen reader. */
  announce(words: string): void;
  /** Send the payload of a button, and put the focus where the next step is. */
  press(payload: string, title: string): void;
}

const Context = createContext<Surface | null>(null);

export const SurfaceProvider = Context.Provider;

export function useSurface(): Surface {
  const surface = useContext(Context);
  if (!surface) throw new Error("outside the chat");
  return surface;
}
