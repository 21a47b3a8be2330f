/** Colours derived from the operator's one colour, so that contrast stays at WCAG AA whatever it is. */

type Rgb = [number, number, number];

function parse(hex: string): Rgb {
  const long = hex.length === 4 ? hex.replace(/[0-9a-f]/gi, "$&$&") : hex;
  return [1, 3, 5].map((at) => Number.parseInt(long.slice(at, at + 2), 16)) as Rgb;
}

function print(colour: Rgb): string {
  return `#${colour.map((part) => Math.round(part).toString(16).padStart(2, "0")).join("")}`;
}

/** Relative luminance, WCAG 2.2. */
function luminance(colour: Rgb): number {
  const [red, green, blue] = colour.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as Rgb;
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** Contrast ratio of two hex colours, 1 to 21, WCAG 2.2. */
export function contrast(one: string, other: string): number {
  const [light, dark] = [luminance(parse(one)), luminance(parse(other))].sort((a, b) => b - a) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

function mix(colour: Rgb, into: Rgb, share: number): Rgb {
  return colour.map((part, at) => part + ((into[at] ?? 0) - part) * share) as Rgb;
}

/** `hex` moved towards black or white, as little as gives `ratio` against `ground`. */
export function readable(hex: string, ground: string, ratio = 4.5): string {
  const goal: Rgb = luminance(parse(ground)) > 0.18 ? [0, 0, 0] : [255, 255, 255];
  for (let share = 0; share < 1; share += 0.04) {
    const candidate = print(mix(parse(hex), goal, share));
    if (contrast(candidate, ground) >= ratio) return candidate;
  }
  return print(goal);
}

/** The custom properties of the chat for the operator's colour, in the light or the dark dress. */
export function palette(hex: string, dark: boolean): Record<string, string> {
  const surface = dark ? "#1b2626" : "#ffffff";
  // White words stand on it: header, the shopper's own bubbles, the main buttons.
  const solid = readable(hex, "#ffffff");
  return {
    "--solid": solid,
    "--brand": readable(hex, dark ? "#233231" : "#f1ece2", 4.6),
    "--tint": print(mix(parse(surface), parse(hex), dark ? 0.16 : 0.09)),
  };
}
