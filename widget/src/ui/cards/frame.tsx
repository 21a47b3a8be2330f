/** What the cards have in common. */
import type { ComponentChildren, JSX } from "preact";
import type { Card, CardOf } from "../../chat/cards";
import { Linked } from "../parts";

export interface Props<Kind extends Card["kind"]> {
  card: CardOf<Kind>;
  /** False for a card that a later one of its kind has replaced. */
  live: boolean;
}

export function Frame(props: {
  title: string;
  class?: string;
  badge?: string;
  children: ComponentChildren;
}): JSX.Element {
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

export function Note({ text }: { text: string }): JSX.Element | null {
  return text ? (
    <p class="note">
      <Linked text={text} />
    </p>
  ) : null;
}

export function Bullets({ items }: { items: string[] }): JSX.Element {
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
