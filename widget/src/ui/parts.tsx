/** Small parts that several cards share. */
import type { ComponentChildren, JSX } from "preact";
import { useRef, useState } from "preact/hooks";
import type { Contact, Due, Law } from "../chat/cards";
import { copyText } from "../chat/copy";
import { linkify, safeUrl } from "../chat/linkify";
import { dayName, daysLeft, isOpen } from "../chat/time";
import { essentials, type Phone } from "../shared/essentials";
import { useSurface } from "./context";
import { Icon, type IconName } from "./icons";

/** Words of the bot: the labels at the beginnings of lines stand out, and what is safe becomes a link. */
export function Linked({ text }: { text: string }): JSX.Element {
  return (
    <>
      {text.split(/^(【[^】\n]+】)/m).map((part, at) => (at % 2 ? <b class="tag">{part}</b> : <Links text={part} />))}
    </>
  );
}

/** Words with their safe links. The shopper's own words never come here. */
function Links({ text }: { text: string }): JSX.Element {
  const { options, strings } = useSurface();
  // The address of a paper is two hundred letters that mean nothing to anybody.
  const isPaper = (href: string) => href.startsWith(`${options.server}/papers/`);
  return (
    <>
      {linkify(text, options.server, essentials).map(({ text: words, href }) =>
        href === undefined ? (
          words
        ) : href.startsWith("tel:") ? (
          <a href={href}>{words}</a>
        ) : (
          <a href={href} target="_blank" rel="noopener noreferrer">
            {isPaper(href) ? strings.visit : words}
          </a>
        ),
      )}
    </>
  );
}

export function CopyButton({ words, label, quiet }: { words: string; label?: string; quiet?: boolean }): JSX.Element {
  const { strings, announce } = useSurface();
  const [done, setDone] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const copy = async () => {
    if (!button.current) return;
    const worked = await copyText(words, button.current);
    announce(worked ? strings.copied : strings.notCopied);
    if (!worked) return;
    setDone(true);
    setTimeout(() => setDone(false), 2000);
  };
  return (
    <button ref={button} type="button" class={quiet ? "icon-button" : "button"} onClick={() => void copy()}>
      <Icon name={done ? "check" : "copy"} />
      <span class={quiet ? "hidden" : ""}>{label ?? strings.copy}</span>
    </button>
  );
}

export function Section(props: { icon: IconName; label: string; children: ComponentChildren }): JSX.Element {
  return (
    <section class="part">
      <h4 class="label">
        <Icon name={props.icon} />
        {props.label}
      </h4>
      {props.children}
    </section>
  );
}

/** A disclosure that opens in place. */
export function More({ label, children }: { label: ComponentChildren; children: ComponentChildren }): JSX.Element {
  return (
    <details class="more">
      <summary>
        <Icon name="chevron" />
        <span>{label}</span>
      </summary>
      <div class="more-body">{children}</div>
    </details>
  );
}

export function Path({ steps }: { steps: string[] }): JSX.Element {
  return (
    <ol class="path">
      {steps.map((step) => (
        <li key={step}>{step}</li>
      ))}
    </ol>
  );
}

/** «8:00–21:30 现在有人接», by the clock of Beijing. */
export function Hours({ opens, closes }: { opens?: string; closes?: string }): JSX.Element | null {
  const { now, strings } = useSurface();
  const open = isOpen(opens, closes, now);
  if (open === undefined) return null;
  return (
    <span class="hours">
      {opens}–{closes}
      <span class={open ? "chip good" : "chip"}>{open ? strings.openNow : strings.closedNow}</span>
    </span>
  );
}

export function CallLink({ phone, label }: { phone: Pick<Phone, "value" | "tel">; label: string }): JSX.Element {
  return (
    <a class="button call" href={`tel:${phone.tel}`} aria-label={`${label} ${phone.value}`}>
      <Icon name="phone" />
      <span>{label}</span>
    </a>
  );
}

export function Contacts({ contacts }: { contacts: Contact[] }): JSX.Element {
  return (
    <ul class="contacts">
      {contacts.map((one) => (
        <ContactRow key={one.value} contact={one} />
      ))}
    </ul>
  );
}

function ContactRow({ contact }: { contact: Contact }): JSX.Element {
  const { options, strings } = useSurface();
  const tel = (contact.tel ?? "").replace(/[^\d+]/g, "");
  const url = safeUrl(contact.url, options.server, essentials);
  return (
    <li>
      <div class="contact">
        <div class="contact-words">
          <b>{contact.name}</b>
          {contact.name.includes(contact.value) ? null : <span>{contact.value}</span>}
          <Hours opens={contact.opens} closes={contact.closes} />
        </div>
        {tel ? (
          <CallLink phone={{ value: contact.value, tel }} label={strings.call} />
        ) : url ? (
          <a class="button call" href={url} target="_blank" rel="noopener noreferrer">
            <Icon name="link" />
            <span>{strings.visit}</span>
          </a>
        ) : (
          <CopyButton words={contact.value} />
        )}
      </div>
      {contact.use ? <p class="under">{contact.use}</p> : null}
      {contact.caution ? <p class="under caution">{contact.caution}</p> : null}
    </li>
  );
}

/** How urgent a date is, as a class; the words beside it say the same. */
function urgency(due: Due, left: number | undefined): string {
  if (left === undefined) return "";
  if (left < 0) return "past";
  if (!due.mine) return "";
  return left <= 2 ? "soon" : "good";
}

export function Dues({ dues }: { dues: Due[] }): JSX.Element {
  const { now, strings } = useSurface();
  return (
    <ul class="dues">
      {dues.map((due) => {
        // The card may be days old: the date counts, not the days left when it was made.
        const left = daysLeft(due.ends, now) ?? due.daysLeft;
        return (
          <li key={due.name + due.line}>
            <div class="due-line">
              <b>{due.name}</b>
              {left === undefined ? null : (
                <span class={`chip ${urgency(due, left)}`}>
                  {due.approximate ? strings.about : ""}
                  {left < 0 ? strings.over(-left) : left === 0 ? strings.today : strings.left(left)}
                </span>
              )}
            </div>
            <p class="under">
              {due.ends && daysLeft(due.ends, now) !== undefined ? (
                <span class="due-day">
                  {strings.until(dayName(due.ends, now))} · {due.mine ? strings.mine : strings.others}
                </span>
              ) : null}
              {due.line}
            </p>
          </li>
        );
      })}
    </ul>
  );
}

export function Laws({ laws }: { laws: Law[] }): JSX.Element {
  return (
    <div>
      {laws.map((law) => (
        <More key={law.short} label={law.short}>
          {law.title && law.title !== law.short ? <b>{law.title}</b> : null}
          <p>{law.meaning}</p>
        </More>
      ))}
    </div>
  );
}
