"""The fallback in two stages: likely readings as buttons, then the menu and people."""

from __future__ import annotations

from typing import Any, Dict, List

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions import conversation
from weiquan.progress import take_report
from weiquan.questions import clarify_answer, menu_answer
from weiquan.steps import first_answer, progress_answer

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
    """Offers the likeliest readings; the second time in a row, the menu and human channels.

    Before that the words get their chance: where the classifier is unsure, a
    message that names a trouble, or a step of the case at hand, is taken at
    its word.
    """

    def name(self) -> str:
        """Return the action's name in domain.yml."""
        return "action_clarify_request"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Dict[str, Any]) -> List[EventType]:
        """Say the offer, or the step that the words led to."""
        facts, today = conversation.facts(), conversation.today()
        before = conversation.current_case(tracker)
        reading = conversation.read_cues(tracker)
        if reading.situation or (before.situation and reading.climbed):
            case = take_report(before, reading)
            answer = progress_answer if case.situation == before.situation else first_answer
            bubbles, case = answer(case, facts, today)
            conversation.say(dispatcher, bubbles)
            return conversation.keep(case)
        if fallbacks_in_a_row(tracker) > 1:
            conversation.say(dispatcher, menu_answer(facts, today))
        else:
            ranking = conversation.intent_ranking(tracker)
            text = conversation.message_text(tracker)
            conversation.say(dispatcher, clarify_answer(ranking, text, facts, today))
        return []
