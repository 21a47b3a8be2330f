/** Reading a `text/event-stream`, piece by piece. */

export interface ServerEvent {
  event: string;
  data: string;
}

/**
 * Parser of an event stream that arrives in pieces of any size.
 *
 * Returns the events that a piece completes. Comments and unknown fields are dropped, as the standard has it; a piece
 * may end within a line, and a line within CR LF.
 */
export class EventStreamParser {
  private rest = "";
  private event = "";
  private data: string[] = [];

  push(piece: string): ServerEvent[] {
    const text = this.rest + piece;
    // A CR at the very end may be half of a CR LF.
    const whole = text.endsWith("\r") ? text.slice(0, -1) : text;
    const lines = whole.split(/\r\n|\r|\n/);
    this.rest = (lines.pop() ?? "") + text.slice(whole.length);
    const found: ServerEvent[] = [];
    for (const line of lines) {
      if (line === "") {
        if (this.data.length) found.push({ event: this.event || "message", data: this.data.join("\n") });
        this.event = "";
        this.data = [];
        continue;
      }
      const colon = line.indexOf(":");
      if (colon === 0) continue;
      const field = colon < 0 ? line : line.slice(0, colon);
      const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
      if (field === "event") this.event = value;
      else if (field === "data") this.data.push(value);
    }
    return found;
  }
}
