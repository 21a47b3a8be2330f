/** How the person likes the chat to look, kept in the browser for every embed on the site. */

import type { Keeper } from "./session";
import { fields } from "./wire";

export type Theme = "auto" | "light" | "dark";

export interface Prefs {
  theme: Theme;
  large: boolean;
}

const KEY = "weiquan:looks";

export function readPrefs(keeper: Keeper): Prefs {
  let kept: Record<string, unknown> = {};
  try {
    kept = fields(JSON.parse(keeper.getItem(KEY) ?? "{}"));
  } catch {
    // Somebody else's value: begin anew.
  }
  const theme = (["light", "dark"] as const).find((one) => one === kept.theme) ?? "auto";
  return { theme, large: kept.large === true };
}

export function keepPrefs(keeper: Keeper, prefs: Prefs): void {
  keeper.setItem(KEY, JSON.stringify(prefs));
}
