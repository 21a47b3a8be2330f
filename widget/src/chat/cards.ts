/** The cards of docs/chat-channel.md as typed values, read with care: a field that is missing or odd is left out. */
import { type Button, fields, list, readButton, text } from "./wire";

export interface Contact {
  name: string;
  value: string;
  tel?: string;
  url?: string;
  opens?: string;
  closes?: string;
  use?: string;
  caution?: string;
}

export interface Limit {
  name: string;
  text: string;
  certain: boolean;
}

export interface Due {
  name: string;
  line: string;
  ends?: string;
  daysLeft?: number;
  approximate: boolean;
  /** A right of the shopper's that lapses, rather than a time that others have. */
  mine: boolean;
}

export interface Law {
  short: string;
  title: string;
  meaning: string;
}

export const RUNG_STATES = ["done", "failed", "waiting", "next", "later"] as const;
export type RungState = (typeof RUNG_STATES)[number];

export interface Rung {
  id: string;
  name: string;
  state: RungState;
}

export interface EvidenceItem {
  id: string;
  name: string;
  how: string;
  ticked: boolean;
  payload: string;
}

export interface Claim {
  name: string;
  amount: string;
  formula: string;
  conditions: string[];
  laws: Law[];
  sure: boolean;
}

export type Card =
  | {
      kind: "step";
      title: string;
      urgent: boolean;
      opening: string;
      reasons: string[];
      moves: string[];
      path: string[];
      words: string;
      evidence: string[];
      contacts: Contact[];
      limits: Limit[];
      dues: Due[];
      laws: Law[];
      after: string;
      note: string;
    }
  | { kind: "question"; text: string; why: string }
  | {
      kind: "case";
      title: string;
      situation: string;
      others: string[];
      facts: { label: string; value: string }[];
      ladder: Rung[];
      dues: Due[];
    }
  | { kind: "evidence"; title: string; items: EvidenceItem[]; note: string }
  | { kind: "dates"; title: string; dues: Due[]; calendar: string }
  | { kind: "estimate"; title: string; claims: Claim[]; exclusions: string[]; note: string }
  | { kind: "paper"; title: string; text: string; url: string; expiresHours: number; others: Button[] }
  | { kind: "contacts"; title: string; contacts: Contact[]; note: string };

export type CardOf<Kind extends Card["kind"]> = Extract<Card, { kind: Kind }>;

function words(value: unknown): string[] {
  return list(value, (one) => text(one) || undefined);
}

function contact(value: unknown): Contact | undefined {
  const from = fields(value);
  if (!text(from.value)) return undefined;
  const told: Contact = { name: text(from.name), value: text(from.value) };
  for (const key of ["tel", "url", "opens", "closes", "use", "caution"] as const)
    if (text(from[key])) told[key] = text(from[key]);
  return told;
}

function limit(value: unknown): Limit | undefined {
  const from = fields(value);
  return text(from.text) ? { name: text(from.name), text: text(from.text), certain: from.certain === true } : undefined;
}

function due(value: unknown): Due | undefined {
  const from = fields(value);
  if (!text(from.name) && !text(from.line)) return undefined;
  return {
    name: text(from.name),
    line: text(from.line),
    ends: text(from.ends) || undefined,
    daysLeft: typeof from.days_left === "number" ? from.days_left : undefined,
    approximate: from.approximate === true,
    mine: from.mine === true,
  };
}

function law(value: unknown): Law | undefined {
  const from = fields(value);
  return text(from.short) || text(from.title)
    ? { short: text(from.short) || text(from.title), title: text(from.title), meaning: text(from.meaning) }
    : undefined;
}

function rung(value: unknown): Rung | undefined {
  const from = fields(value);
  const state = RUNG_STATES.find((one) => one === from.state);
  return state && text(from.name) ? { id: text(from.id), name: text(from.name), state } : undefined;
}

function evidenceItem(value: unknown): EvidenceItem | undefined {
  const from = fields(value);
  if (!text(from.name)) return undefined;
  const ticked = from.ticked === true;
  return { id: text(from.id), name: text(from.name), how: text(from.how), ticked, payload: text(from.payload) };
}

function claim(value: unknown): Claim | undefined {
  const from = fields(value);
  if (!text(from.name)) return undefined;
  return {
    name: text(from.name),
    amount: typeof from.amount === "number" ? `${from.amount} 元` : text(from.amount),
    formula: text(from.formula),
    conditions: words(from.conditions),
    laws: list(from.laws, law),
    sure: from.sure === true,
  };
}

function fact(value: unknown): { label: string; value: string } | undefined {
  const from = fields(value);
  return text(from.label) && text(from.value) ? { label: text(from.label), value: text(from.value) } : undefined;
}

/** Read a card; undefined for none, for an unknown kind, and for one without its content: the text is shown then. */
export function readCard(value: unknown): Card | undefined {
  const from = fields(value);
  const title = text(from.title);
  const note = text(from.note);
  switch (from.kind) {
    case "step": {
      const moves = words(from.moves);
      if (!moves.length && !text(from.opening)) return undefined;
      return {
        kind: "step",
        title,
        urgent: from.urgent === true,
        opening: text(from.opening),
        reasons: words(from.reasons),
        moves,
        path: words(from.path),
        words: text(from.words),
        evidence: words(from.evidence),
        contacts: list(from.contacts, contact),
        limits: list(from.limits, limit),
        dues: list(from.dues, due),
        laws: list(from.laws, law),
        after: text(from.after),
        note,
      };
    }
    case "question":
      return text(from.text) ? { kind: "question", text: text(from.text), why: text(from.why) } : undefined;
    case "case":
      return {
        kind: "case",
        title,
        situation: text(from.situation),
        others: words(from.others),
        facts: list(from.facts, fact),
        ladder: list(from.ladder, rung),
        dues: list(from.dues, due),
      };
    case "evidence": {
      const items = list(from.items, evidenceItem);
      return items.length ? { kind: "evidence", title, items, note } : undefined;
    }
    case "dates": {
      const dues = list(from.dues, due);
      return dues.length ? { kind: "dates", title, dues, calendar: text(from.calendar) } : undefined;
    }
    case "estimate": {
      const claims = list(from.claims, claim);
      return claims.length ? { kind: "estimate", title, claims, exclusions: words(from.exclusions), note } : undefined;
    }
    case "paper":
      if (!text(from.text)) return undefined;
      return {
        kind: "paper",
        title,
        text: text(from.text),
        url: text(from.url),
        expiresHours: typeof from.expires_hours === "number" ? from.expires_hours : 0,
        others: list(from.others, readButton),
      };
    case "contacts": {
      const contacts = list(from.contacts, contact);
      return contacts.length ? { kind: "contacts", title, contacts, note } : undefined;
    }
    default:
      return undefined;
  }
}
