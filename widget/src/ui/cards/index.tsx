/** The cards: one component a kind. */
import { Component, type ComponentChildren, type JSX } from "preact";
import type { Card } from "../../chat/cards";
import { CaseCard, DatesCard, EstimateCard, QuestionCard } from "./case";
import { EvidenceCard } from "./evidence";
import { ContactsCard, PaperCard } from "./paper";
import { StepCard } from "./step";

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
