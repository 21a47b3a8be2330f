/** The case: a question about it, where it stands, its dates, what the law may give. */
import type { JSX } from "preact";
import { safeUrl } from "../../chat/linkify";
import { essentials } from "../../shared/essentials";
import { useSurface } from "../context";
import { Icon } from "../icons";
import { Dues, Laws, Linked, More, Section } from "../parts";
import { Bullets, Frame, Note, type Props } from "./frame";

export function QuestionCard({ card }: Props<"question">): JSX.Element {
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

export function CaseCard({ card }: Props<"case">): JSX.Element {
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

export function DatesCard({ card }: Props<"dates">): JSX.Element {
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

export function EstimateCard({ card }: Props<"estimate">): JSX.Element {
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
