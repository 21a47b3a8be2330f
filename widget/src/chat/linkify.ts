/**
 * Which words of a bot's text become links.
 *
 * Only what the knowledge vouches for: numbers that may be handed to a shopper, official sites, and the server's own
 * papers. The bot also names wrong numbers and swindlers' sites to warn of them; those must never be one tap away.
 */
import type { Essentials } from "../shared/essentials";

export interface Piece {
  text: string;
  /** `tel:` or `https:` address; missing for plain words. */
  href?: string;
}

const URL_PATTERN = /https?:\/\/[\w\-.~:/?#@!$&'*+,;=%]*[\w\-~/#=&]/g;
// A short number is also an amount, and 12315 the name of an office: it is one to call after such words only, and not
// before the name of what it is part of.
const TO_CALL = /(?:[打拨找或和、：:]|电话|热线|报警|联系)[\s「]?$/;
const SHORT = 5;
const NOT_A_CALL = /^\s?(?:元|块|%|个|次|天|条|件|平台|小程序|网|年|\.cn|」小程序|」平台)/;

/** The address of a link that may be opened, or undefined: the server's papers, or an official site. */
export function safeUrl(address: string | undefined, server: string, known: Essentials): string | undefined {
  if (!address) return undefined;
  let url: URL;
  try {
    url = new URL(address, `${server}/`);
  } catch {
    return undefined;
  }
  if (url.protocol !== "https:" && url.protocol !== "http:") return undefined;
  const paper = url.pathname.indexOf("/papers/");
  // The server may know itself by another name than the page does: the path is what counts.
  if (paper >= 0 && (url.origin === new URL(server).origin || isLoopback(url.hostname)))
    return server + url.pathname.slice(paper) + url.search;
  return known.hosts.includes(url.hostname) ? url.href : undefined;
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "127.0.0.1" || host === "[::1]";
}

/** Cut `text` into plain words and links, in order; the pieces' texts joined give `text` again. */
export function linkify(text: string, server: string, known: Essentials): Piece[] {
  const links: { start: number; end: number; href: string }[] = [];
  const taken: [number, number][] = [];
  for (const match of text.matchAll(URL_PATTERN)) {
    const end = match.index + match[0].length;
    taken.push([match.index, end]);
    const href = safeUrl(match[0], server, known);
    if (href) links.push({ start: match.index, end, href });
  }
  for (const phone of known.phones) {
    for (let at = text.indexOf(phone); at >= 0; at = text.indexOf(phone, at + 1)) {
      const end = at + phone.length;
      if (taken.some(([from, to]) => at < to && end > from)) continue;
      // Part of a longer number, of an address or of an amount is no telephone number.
      if (/[\w.\-¥￥]/.test(text.charAt(at - 1)) || /[\w-]/.test(text.charAt(end))) continue;
      if (phone.length <= SHORT && (!TO_CALL.test(text.slice(0, at)) || NOT_A_CALL.test(text.slice(end)))) continue;
      taken.push([at, end]);
      links.push({ start: at, end, href: `tel:${phone.replace(/\D/g, "")}` });
    }
  }
  links.sort((one, other) => one.start - other.start);
  const pieces: Piece[] = [];
  let done = 0;
  for (const { start, end, href } of links) {
    if (start > done) pieces.push({ text: text.slice(done, start) });
    pieces.push({ text: text.slice(start, end), href });
    done = end;
  }
  if (done < text.length) pieces.push({ text: text.slice(done) });
  return pieces;
}
