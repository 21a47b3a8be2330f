/** The checklist of evidence, ticked off by tapping. */
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { EvidenceItem } from "../../chat/cards";
import { useSurface } from "../context";
import { Icon } from "../icons";
import { Linked } from "../parts";
import { Frame, Note, type Props } from "./frame";

export function EvidenceCard({ card, live }: Props<"evidence">): JSX.Element {
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
