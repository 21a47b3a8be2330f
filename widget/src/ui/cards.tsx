/** The cards: one component a kind. */
import { Component, type ComponentChildren, type JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { Card, CardOf, EvidenceItem } from "../chat/cards";
import { safeUrl } from "../chat/linkify";
import { essentials } from "../shared/essentials";
import { useSurface } from "./context";
import { Icon } from "./icons";
import { Contacts, CopyButton, Dues, Laws, Linked, More, Path, Section } from "./parts";

interface Props<Kind extends Card["kind"]> {
  card: CardOf<Kind>;
  /** False for a card that a later one of its kind has replaced. */
  live: boolean;
}

/** Shows `fallback` if a card cannot be drawn, whatever the server put into it. */
export class CardGuard extends Component<{ fallback: ComponentChildren; children: ComponentChildren }> {
  state = { broken: false };

  componentDidCatch(): void {
    this.setState({ broken: true });
  }

  render(): ComponentChildren {
    return this.state.broken ? this.props.fallback : this.props.children;
  }
}

export function CardView({ card, live }: { card: Card; live: boolean }): JSX.Element {
  switch (card.kind) {
    case "step":
      return <StepCard card={card} live={live} />;
    case "question":
      return <QuestionCard card={card} live={live} />;
    case "case":
      return <CaseCard card={card} live={live} />;
    case "evidence":
      return <EvidenceCard card={card} live={live} />;
    case "dates":
      return <DatesCard card={card} live={live} />;
    case "estimate":
      return <EstimateCard card={card} live={live} />;
    case "paper":
      return <PaperCard card={card} live={live} />;
    case "contacts":
      return <ContactsCard card={card} live={live} />;
  }
}

function Frame(props: { title: string; class?: string; badge?: string; children: ComponentChildren }): JSX.Element {
  return (
    <article class={`said card ${props.class ?? ""}`}>
      {props.title || props.badge ? (
        <header class="card-head">
          {props.title ? <h3>{props.title}</h3> : null}
          {props.badge ? <span class={props.class ? "chip soon" : "chip calm"}>{props.badge}</span> : null}
        </header>
      ) : null}
      {props.children}
    </article>
  );
}

function Note({ text }: { text: string }): JSX.Element | null {
  return text ? (
    <p class="note">
      <Linked text={text} />
    </p>
  ) : null;
}

function Bullets({ items }: { items: string[] }): JSX.Element {
  return (
    <ul class="bullets">
      {items.map((one) => (
        <li key={one}>
          <Linked text={one} />
        </li>
      ))}
    </ul>
  );
}

function StepCard({ card }: Props<"step">): JSX.Element {
  const { strings } = useSurface();
  // Where every minute counts, whom to call comes first.
  const contacts = card.contacts.length ? (
    <Section icon="phone" label={strings.contacts}>
      <Contacts contacts={card.contacts} />
    </Section>
  ) : null;
  return (
    <Frame title={card.title} class={card.urgent ? "urgent" : ""} badge={card.urgent ? strings.urgent : undefined}>
      {card.opening ? (
        <p class="lead">
          <Linked text={card.opening} />
        </p>
      ) : null}
      {card.moves.length ? (
        <ol class="moves">
          {card.moves.map((move) => (
            <li key={move}>
              <span>
                <Linked text={move} />
              </span>
            </li>
          ))}
        </ol>
      ) : null}
      {card.urgent ? contacts : null}
      {card.path.length ? (
        <Section icon="steps" label={strings.path}>
          <Path steps={card.path} />
        </Section>
      ) : null}
      {card.words ? (
        <Section icon="chat" label={strings.words}>
          <div class="quote">
            <p>{card.words}</p>
            <CopyButton words={card.words} />
          </div>
        </Section>
      ) : null}
      {card.urgent ? null : contacts}
      {card.dues.length || card.limits.length ? (
        <Section icon="clock" label={strings.times}>
          {card.dues.length ? <Dues dues={card.dues} /> : null}
          {card.limits.length ? <Bullets items={card.limits.map((one) => one.text)} /> : null}
        </Section>
      ) : null}
      {card.evidence.length ? (
        <Section icon="shield" label={strings.evidence}>
          <Bullets items={card.evidence} />
        </Section>
      ) : null}
      {card.reasons.length || card.laws.length ? (
        <div class="part">
          {card.reasons.length ? (
            <More label={strings.why}>
              <Bullets items={card.reasons} />
            </More>
          ) : null}
          {card.laws.length ? <Laws laws={card.laws} /> : null}
        </div>
      ) : null}
      {card.after ? (
        <p class="after">
          {strings.ifNot}
          {card.after}
        </p>
      ) : null}
      <Note text={card.note} />
    </Frame>
  );
}

function QuestionCard({ card }: Props<"question">): JSX.Element {
  const { strings } = useSurface();
  return (
    <div class="said bubble question">
      <p>
        <Linked text={card.text} />
      </p>
      {card.why ? (
        <More label={strings.whyAsked}>
          <p>{card.why}</p>
        </More>
      ) : null}
    </div>
  );
}

function CaseCard({ card }: Props<"case">): JSX.Element {
  const { strings } = useSurface();
  return (
    <Frame title={card.title || strings.yourCase}>
      {card.situation ? <p class="lead">{card.situation}</p> : null}
      {card.others.length ? (
        <p class="under">
          {strings.alsoTold}：{card.others.join("、")}
        </p>
      ) : null}
      {card.facts.length ? (
        <dl class="facts">
          {card.facts.map((one) => (
            <div key={one.label}>
              <dt>{one.label}</dt>
              <dd>{one.value}</dd>
            </div>
          ))}
        </dl>
      ) : null}
      {card.dues.length ? (
        <Section icon="clock" label={strings.times}>
          <Dues dues={card.dues} />
        </Section>
      ) : null}
      {card.ladder.length ? (
        <Section icon="steps" label={strings.progress}>
          <ol class="ladder">
            {card.ladder.map((rung) => (
              <li
                key={rung.id || rung.name}
                class={rung.state}
                aria-current={rung.state === "next" ? "step" : undefined}
              >
                <span class="dot">
                  {rung.state === "done" ? (
                    <Icon name="check" />
                  ) : rung.state === "failed" ? (
                    <Icon name="close" />
                  ) : null}
                </span>
                <span class="rung-name">{rung.name}</span>
                <span class="rung-state">{strings.rung[rung.state]}</span>
              </li>
            ))}
          </ol>
        </Section>
      ) : null}
    </Frame>
  );
}

function EvidenceCard({ card, live }: Props<"evidence">): JSX.Element {
  const { strings } = useSurface();
  const have = card.items.filter((one) => one.ticked).length;
  return (
    <Frame title={card.title || strings.evidence} badge={strings.evidenceCount(have, card.items.length)}>
      <div class="meter" aria-hidden="true">
        {card.items.map((one, at) => (
          <span key={one.id || one.name} class={at < have ? "full" : ""} />
        ))}
      </div>
      <ul class="checklist">
        {card.items.map((one) => (
          <Evidence key={one.id || one.name} item={one} live={live} />
        ))}
      </ul>
      <Note text={card.note} />
    </Frame>
  );
}

function Evidence({ item, live }: { item: EvidenceItem; live: boolean }): JSX.Element {
  const { strings, press } = useSurface();
  // Ticked at the tap; the card that the server answers with has the last word.
  const [tapped, setTapped] = useState(false);
  useEffect(() => setTapped(false), [item.ticked]);
  const ticked = item.ticked !== tapped;
  const tap = () => {
    setTapped(true);
    press(item.payload, item.ticked ? strings.haveNot(item.name) : strings.have(item.name));
  };
  const box = (
    <>
      <span class={ticked ? "tick on" : "tick"}>{ticked ? <Icon name="check" /> : null}</span>
      <b>{item.name}</b>
    </>
  );
  return (
    <li>
      {live && item.payload ? (
        // biome-ignore lint/a11y/useSemanticElements: a tap sends a message, which a native box would not say
        <button type="button" role="checkbox" class="tick-row" aria-checked={ticked} disabled={tapped} onClick={tap}>
          {box}
        </button>
      ) : (
        <div class="tick-row">
          {box}
          <span class="hidden">{ticked ? strings.rung.done : ""}</span>
        </div>
      )}
      {item.how ? (
        <p class="under">
          <Linked text={item.how} />
        </p>
      ) : null}
    </li>
  );
}

function DatesCard({ card }: Props<"dates">): JSX.Element {
  const { strings, options } = useSurface();
  const calendar = safeUrl(card.calendar, options.server, essentials);
  return (
    <Frame title={card.title || strings.times}>
      <Dues dues={card.dues} />
      {calendar ? (
        <a class="button solid" href={calendar} target="_blank" rel="noopener noreferrer">
          <Icon name="calendar" />
          {strings.calendar}
        </a>
      ) : null}
    </Frame>
  );
}

function EstimateCard({ card }: Props<"estimate">): JSX.Element {
  const { strings } = useSurface();
  return (
    <Frame title={card.title}>
      {card.claims.map((claim) => (
        <section class="claim" key={claim.name}>
          <div class="due-line">
            <h4>{claim.name}</h4>
            <span class={claim.sure ? "chip good" : "chip"}>{claim.sure ? strings.sure : strings.unsure}</span>
          </div>
          {claim.amount ? <p class="amount">{claim.amount}</p> : null}
          {claim.formula ? <p class="under">{claim.formula}</p> : null}
          {claim.conditions.length ? (
            <>
              <p class="label">{strings.conditions}</p>
              <Bullets items={claim.conditions} />
            </>
          ) : null}
          {claim.laws.length ? <Laws laws={claim.laws} /> : null}
        </section>
      ))}
      {card.exclusions.length ? (
        <Section icon="alert" label={strings.exclusions}>
          <Bullets items={card.exclusions} />
        </Section>
      ) : null}
      <Note text={card.note} />
    </Frame>
  );
}

function PaperCard({ card }: Props<"paper">): JSX.Element {
  const { strings, options, press } = useSurface();
  const url = safeUrl(card.url, options.server, essentials);
  return (
    <Frame title={card.title}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reached by keyboard */}
      <section class="paper" tabIndex={0} aria-label={strings.paperText}>
        {card.text}
      </section>
      <div class="row">
        <CopyButton words={card.text} />
        {url ? (
          <a class="button solid" href={url} target="_blank" rel="noopener noreferrer">
            <Icon name="download" />
            {strings.download}
          </a>
        ) : null}
      </div>
      {url && card.expiresHours ? <Note text={strings.expires(card.expiresHours)} /> : null}
      {card.others.length ? (
        <div class="part">
          <p class="label">{strings.otherVersions}</p>
          <div class="row">
            {card.others.map((one) => (
              <button
                key={one.payload}
                type="button"
                class="button reply"
                onClick={() => press(one.payload, one.title)}
              >
                {one.title}
              </button>
            ))}
          </div>
        </div>
      ) : null}
    </Frame>
  );
}

function ContactsCard({ card }: Props<"contacts">): JSX.Element {
  return (
    <Frame title={card.title}>
      <Contacts contacts={card.contacts} />
      <Note text={card.note} />
    </Frame>
  );
}
