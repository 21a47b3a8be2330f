/** The next step: what to do, whom to call, by when, and why. */
import type { JSX } from "preact";
import { useSurface } from "../context";
import { Contacts, CopyButton, Dues, Laws, Linked, More, Path, Section } from "../parts";
import { Bullets, Frame, Note, type Props } from "./frame";

export function StepCard({ card }: Props<"step">): JSX.Element {
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
