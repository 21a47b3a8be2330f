"""What every action shares: reading the tracker, saying bubbles, keeping the case."""

from __future__ import annotations

import dataclasses
import datetime
import zoneinfo
from typing import Any, Dict, Iterable, List, Optional, Tuple

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from weiquan.bubbles import Bubble, with_note
from weiquan.case import Case
from weiquan.contacts import find_scam
from weiquan.knowledge import Knowledge, knowledge
from weiquan.questions import crisis_text, trick_text
from weiquan.reading import CRISIS, Reading, find_variant_told, read
from weiquan.rendering import render
from weiquan.text import is_cut, normalise

BEIJING = zoneinfo.ZoneInfo("Asia/Shanghai")
PAYLOAD_PREFIX = "/"


def facts() -> Knowledge:
    """Return the facts of this process."""
    return knowledge()


def today() -> datetime.date:
    """Return today's date in Beijing, where deadlines run."""
    return datetime.datetime.now(BEIJING).date()


def say(dispatcher: CollectingDispatcher, bubbles: Iterable[Bubble]) -> None:
    """Send bubbles with their buttons."""
    for bubble in bubbles:
        buttons: List[Dict[str, Any]] = [{"title": one.title, "payload": one.payload} for one in bubble.buttons]
        dispatcher.utter_message(text=bubble.text, buttons=buttons or None)


def answer(
    dispatcher: CollectingDispatcher, tracker: Tracker, bubbles: Tuple[Bubble, ...], case: Case
) -> List[EventType]:
    """Say `bubbles` and keep `case`; what must not wait comes before.

    Words of somebody who wants to die, and a trick like "withdraw first, then
    we pay", are met at once, whatever else was asked. That a very long message
    was not read to the end is said beside the answer, not before what is urgent.
    """
    text = message_text(tracker)
    scam = find_scam(text, facts())
    first = None
    if CRISIS.search(text):
        first = crisis_text(facts(), today())
    elif scam and not scam.alarm:
        first = trick_text(scam, facts(), today())
    if first:
        bubbles = (Bubble(bubbles[0].text, bubbles[-1].buttons),)
    if is_cut(typed_text(tracker)) and not has_spoken(tracker):
        bubbles = with_note(bubbles, render("cut", facts(), today()))
    say(dispatcher, (Bubble(first), *bubbles) if first else bubbles)
    return keep(case)


def message_text(tracker: Tracker) -> str:
    """Return the shopper's words, normalised; a button payload counts as no words."""
    text = str(tracker.latest_message.get("text") or "")
    return "" if text.startswith(PAYLOAD_PREFIX) else normalise(text)


def typed_text(tracker: Tracker) -> str:
    """Return the shopper's words as they were typed; a button payload counts as no words.

    `latest_message` holds what the pipeline made of them; only the event keeps them.
    """
    text = next((str(one.get("text") or "") for one in reversed(tracker.events) if one.get("event") == "user"), "")
    return "" if text.startswith(PAYLOAD_PREFIX) else text


def has_spoken(tracker: Tracker) -> bool:
    """Tell whether the bot has already said something to the latest message."""
    kinds = (one.get("event") for one in reversed(tracker.events))
    return next((one for one in kinds if one in ("user", "bot")), None) == "bot"


def intent_name(tracker: Tracker) -> str:
    """Return the intent of the latest message, "" if none."""
    return str((tracker.latest_message.get("intent") or {}).get("name") or "")


def intent_confidence(tracker: Tracker) -> float:
    """Return how sure the classifier is of `intent_name`, from 0 to 1."""
    return float((tracker.latest_message.get("intent") or {}).get("confidence") or 0.0)


def intent_ranking(tracker: Tracker) -> List[Tuple[str, float]]:
    """Return (intent, confidence) pairs, likeliest first."""
    ranking = tracker.latest_message.get("intent_ranking") or []
    return [
        (str(one["name"]), float(one.get("confidence") or 0.0))
        for one in ranking
        if isinstance(one, dict) and one.get("name")
    ]


def entity_value(tracker: Tracker, name: str) -> Optional[str]:
    """Return the first value of an entity in the latest message, or None."""
    for entity in tracker.latest_message.get("entities") or []:
        if entity.get("entity") == name and isinstance(entity.get("value"), str):
            return str(entity["value"])
    return None


def read_message(tracker: Tracker) -> Reading:
    """Return what the latest message says, with its classifier's ranking."""
    return read(message_text(tracker), intent_name(tracker), intent_ranking(tracker), facts(), situations_told(tracker))


def situations_told(tracker: Tracker) -> List[str]:
    """Return the situation ids that the latest message likely tells, the first to handle first."""
    told = tracker.latest_message.get("situations") or []
    return [str(one["situation"]) for one in told if isinstance(one, dict) and one.get("situation")]


def read_cues(tracker: Tracker) -> Reading:
    """Return what the words alone say, for messages whose intent is not a report.

    Within a case a special case of its situation may be told ("已经转了三千")
    without the situation being named again.
    """
    text, case = message_text(tracker), current_case(tracker)
    reading = read(text, None, [], facts())
    if reading.situation is None and case.situation:
        variant = find_variant_told(facts().situations[case.situation], text)
        if variant and variant != case.variant:
            return dataclasses.replace(reading, situation=case.situation, variant=variant, is_told=True)
    return reading


def current_case(tracker: Tracker) -> Case:
    """Return the case kept in the slots; an unknown situation id counts as none."""
    case = Case.from_slots(tracker.current_slot_values())
    return case if case.situation in facts().situations else Case()


def keep(case: Case) -> List[EventType]:
    """Return the slot events that keep `case`."""
    return [SlotSet(name, value) for name, value in case.to_slots().items()]
