/** Reading a `text/event-stream`, piece by piece (docs/decisions/0013-own-event-stream-parser.md). */

export interface ServerEvent {
  event: string;
  data: string;
}

/**
 * Make a parser of an event stream that arrives in pieces of any size.
 *
 * It returns the events that a piece completes. Comments and unknown fields are dropped, as the standard has it; a
 * piece may end within a line, and a line within CR LF.
 */
export function eventStreamParser(): (piece: string) => ServerEvent[] {
  let rest = "";
  let event = "";
  let data: string[] = [];
  return (piece) => {
    const text = rest + piece;
    // A CR at the very end may be half of a CR LF.
    const whole = text.endsWith("\r") ? text.slice(0, -1) : text;
    const lines = whole.split(/\r\n|\r|\n/);
    rest = (lines.pop() ?? "") + text.slice(whole.length);
    const found: ServerEvent[] = [];
    for (const line of lines) {
      if (line === "") {
        if (data.length) found.push({ event: event || "message", data: data.join("\n") });
        event = "";
        data = [];
        continue;
      }
      const colon = line.indexOf(":");
      if (colon === 0) continue;
      const field = colon < 0 ? line : line.slice(0, colon);
      const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
      if (field === "event") event = value;
      else if (field === "data") data.push(value);
    }
    return found;
  };
}
