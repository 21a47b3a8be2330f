"""The fallback in two stages: likely readings as buttons, then the menu and people."""

from __future__ import annotations

from typing import Any, Dict, List

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions import conversation
from weiquan.answers import clarify_answer, menu_answer

FALLBACK_INTENT = "nlu_fallback"


def fallbacks_in_a_row(tracker: Tracker) -> int:
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


class ActionClarifyRequest(Action):
    """Offers the likeliest readings; the second time in a row, the menu and human channels."""

    def name(self) -> str:
        """Return the action's name in domain.yml."""
        return "action_clarify_request"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Dict[str, Any]) -> List[EventType]:
        """Say the offer; the case is untouched."""
        facts, today = conversation.facts(), conversation.today()
        if fallbacks_in_a_row(tracker) > 1:
            bubbles = menu_answer(facts, today)
        else:
            ranking = conversation.intent_ranking(tracker)
            bubbles = clarify_answer(ranking, conversation.message_text(tracker), facts, today)
        conversation.say(dispatcher, bubbles)
        return []
