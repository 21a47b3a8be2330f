"""From Rasa's tracker to a message and a state, and from a turn's result back to bubbles and slots."""

from __future__ import annotations

import dataclasses
from typing import Any, Dict, Iterable, List, Optional, Tuple

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from weiquan.case.archive import read_past, write_past
from weiquan.case.case import Case
from weiquan.clock import today
from weiquan.facts.knowledge import knowledge
from weiquan.handlers.context import State
from weiquan.reading.message import Message
from weiquan.replies.bubbles import Bubble
from weiquan.turn import TurnResult

PAST_SLOT, SHOWN_SLOT = "past_cases", "card_shown"
FALLBACK_INTENT = "nlu_fallback"
TERMINAL = "cmdline"
"""The input channel of `rasa shell`, which would print a card as raw JSON."""


def message_of(tracker: Tracker) -> Message:
    """Return the latest message."""
    users = (event for event in reversed(tracker.events) if event.get("event") == "user")
    last: Dict[str, Any] = next(users, {})
    return Message.from_parse(tracker.latest_message, last.get("metadata"), knowledge(), today())


def state_of(tracker: Tracker) -> State:
    """Return where the conversation stands; an unknown situation id in the slots counts as none."""
    slots = tracker.current_slot_values()
    case = Case.from_slots(slots)
    if case.situation not in knowledge().situations:
        case = dataclasses.replace(case, situation=None, variant=None)
    return State(
        sender=tracker.sender_id,
        case=case,
        past=read_past(slots.get(PAST_SLOT)),
        shown=str(slots.get(SHOWN_SLOT) or ""),
        unclear=unclear_in_a_row(tracker),
        offered=buttons_before(tracker),
    )


def buttons_before(tracker: Tracker) -> Optional[Tuple[Tuple[str, str], ...]]:
    """Return the buttons (title, payload) of the turn before the latest message: their labels may be typed.

    None where nothing was said before it.
    """
    users = [place for place, event in enumerate(tracker.events) if event.get("event") == "user"]
    begin, end = (users[-2], users[-1]) if len(users) > 1 else (0, users[-1] if users else 0)
    said = [event for event in tracker.events[begin:end] if event.get("event") == "bot"]
    if not said:
        return None
    buttons = (button for event in said for button in (event.get("data") or {}).get("buttons") or ())
    return tuple((str(button.get("title") or ""), str(button.get("payload") or "")) for button in buttons)


def unclear_in_a_row(tracker: Tracker) -> int:
    """Return how many of the latest user messages, the newest first, were not understood."""
    count = 0
    for event in reversed(tracker.events):
        if event.get("event") != "user":
            continue
        intent = ((event.get("parse_data") or {}).get("intent") or {}).get("name")
        if intent != FALLBACK_INTENT:
            break
        count += 1
    return count


def say(dispatcher: CollectingDispatcher, bubbles: Iterable[Bubble], with_cards: bool = True) -> None:
    """Send bubbles with their buttons and cards."""
    for bubble in bubbles:
        buttons: List[Dict[str, Any]] = [
            {"title": button.title, "payload": button.payload} for button in bubble.buttons
        ]
        card = {"card": dict(bubble.card)} if bubble.card and with_cards else None
        dispatcher.utter_message(text=bubble.text, buttons=buttons or None, json_message=card)


def slots_after(result: TurnResult, tracker: Tracker) -> List[EventType]:
    """Return the events that keep what a turn left: of what changed only, for every event is stored for good."""
    before = tracker.current_slot_values()
    known = {**Case.from_slots(before).to_slots(), PAST_SLOT: write_past(read_past(before.get(PAST_SLOT)))}
    known[SHOWN_SLOT] = before.get(SHOWN_SLOT)
    kept = {**result.case.to_slots(), PAST_SLOT: write_past(result.past), SHOWN_SLOT: result.shown or None}
    return [SlotSet(name, value) for name, value in kept.items() if value != known[name]]
