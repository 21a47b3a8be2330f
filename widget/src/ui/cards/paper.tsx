/** A paper to copy or download, and contacts to reach. */
import type { JSX } from "preact";
import { safeUrl } from "../../chat/linkify";
import { essentials } from "../../shared/essentials";
import { useSurface } from "../context";
import { Icon } from "../icons";
import { Contacts, CopyButton } from "../parts";
import { Frame, Note, type Props } from "./frame";

export function PaperCard({ card }: Props<"paper">): JSX.Element {
  const { strings, options, press } = useSurface();
  const url = safeUrl(card.url, options.server, essentials);
  return (
    <Frame title={card.title}>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset would bring a border and a form's meaning */}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reached by keyboard */}
      <div class="paper" role="group" tabIndex={0} aria-label={strings.paperText}>
        {card.text}
      </div>
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

export function ContactsCard({ card }: Props<"contacts">): JSX.Element {
  return (
    <Frame title={card.title}>
      <Contacts contacts={card.contacts} />
      <Note text={card.note} />
    </Frame>
  );
}
