/** What the page says of itself: the first screen, and what does not work at the moment. */
import type { JSX } from "preact";
import type { Trouble } from "../chat/conversation";
import type { View } from "../chat/view";
import { essentials } from "../shared/essentials";
import { useSurface } from "./context";
import { Icon } from "./icons";
import { CallLink, Hours, Path } from "./parts";

export function Welcome(): JSX.Element {
  const { strings, options, press } = useSurface();
  return (
    <div class="welcome">
      <h3>{strings.hello(options.title)}</h3>
      <p>{options.greeting || strings.greeting}</p>
      <ul class="promises">
        <li>
          <Icon name="shield" />
          <b>{strings.independent}</b>
        </li>
        {strings.promise.map((one) => (
          <li key={one}>
            <Icon name="check" />
            {one}
          </li>
        ))}
      </ul>
      <p class="alarm">
        <Icon name="alert" />
        <span>
          {strings.danger} <a href={`tel:${essentials.police.tel}`}>{essentials.police.value}</a>
          {strings.dangerThen}
        </span>
      </p>
      <p class="label">{strings.startersLabel}</p>
      <div class="row">
        {strings.starters.map((one) => (
          <button key={one} type="button" class="button reply" onClick={() => press(one, one)}>
            {one}
          </button>
        ))}
      </div>
    </div>
  );
}

/** Failed attempts in a row before it is mentioned: a phone changes from one net to another all the time. */
const WORTH_MENTIONING = 2;

/** What does not work, in one sentence; "" if all is well. */
function sentenceOf(
  view: View,
  strings: ReturnType<typeof useSurface>["strings"],
): { text: string; trouble?: Trouble } {
  const { link, conversation } = view;
  if (link.trouble && (link.failures >= WORTH_MENTIONING || (link.failures > 0 && link.trouble === "offline")))
    return { text: strings.retrying(strings.trouble[link.trouble]), trouble: link.trouble };
  const failed = conversation.deliveries.filter((one) => one.state === "failed");
  const { trouble, sentence } = failed[failed.length - 1] ?? {};
  if (!trouble) return { text: "" };
  if (trouble === "refused" && sentence) return { text: sentence, trouble };
  return { text: strings.resendable(strings.trouble[trouble]), trouble };
}

export function Banner({ view }: { view: View }): JSX.Element {
  const { strings } = useSurface();
  const { text, trouble } = sentenceOf(view, strings);
  return (
    <div role="status">
      {text ? (
        <div class="banner">
          <p class="banner-head">
            <Icon name="alert" />
            <span>{text}</span>
          </p>
          {trouble === "refused" ? null : <OfficialWays />}
        </div>
      ) : null}
    </div>
  );
}

/** The official number and the way to a person in the app, from what was built in. */
export function OfficialWays(): JSX.Element {
  const { strings } = useSurface();
  const { hotline, path, pathCertain } = essentials;
  return (
    <div class="ways">
      <p class="label">{strings.meanwhile}</p>
      <div class="contact">
        <div class="contact-words">
          <b>{hotline.name}</b>
          <span>{hotline.value}</span>
          <Hours opens={hotline.opens} closes={hotline.closes} />
        </div>
        <CallLink phone={hotline} label={strings.call} />
      </div>
      <p class="label">
        {strings.inApp}
        {pathCertain ? "" : strings.appFirst}
      </p>
      <Path steps={path} />
    </div>
  );
}
