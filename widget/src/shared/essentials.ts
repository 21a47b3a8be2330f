/**
 * What must reach a shopper even when the server does not answer.
 *
 * `essentials.json` is made from the bot's knowledge at build time (scripts/essentials.py): no number stands in this
 * code.
 */
import generated from "../essentials.json";

export interface Phone {
  name: string;
  /** As shown to people. */
  value: string;
  /** As dialled: digits only. */
  tel: string;
  /** Beijing time, "8:00"; missing where no hours are known. */
  opens?: string;
  closes?: string;
}

export interface Essentials {
  hotline: Phone;
  police: Phone;
  /** The menu path to a person within the app, one entry a tap. */
  path: string[];
  /** False where the path goes with the note that the app's own page goes first. */
  pathCertain: boolean;
  /** Every number that may be handed to a shopper, as shown: what may be made a call link. */
  phones: string[];
  /** Hosts of official sites: what may be made a link. */
  hosts: string[];
}

export const essentials: Essentials = generated;
