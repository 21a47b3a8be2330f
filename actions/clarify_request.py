"""The fallback in two stages: likely readings as buttons, then the menu and people."""

from __future__ import annotations

from typing import Any, Dict, List, Optional

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions import conversation
from weiquan.case import Case
from weiquan.progress import take_report
from weiquan.questions import clarify_answer, decline_answer, menu_answer
from weiquan.reading import SURE
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


def take_at_word(tracker: Tracker, dispatcher: CollectingDispatcher) -> Optional[Case]:
    """Answer by the words alone, where they name a trouble or a step of the case at hand.

    Returns the case to keep, None where the words say nothing.
    """
    facts, today = conversation.facts(), conversation.today()
    before, reading = conversation.current_case(tracker), conversation.read_cues(tracker)
    if not reading.situation and not (before.situation and reading.climbed):
        return None
    case = take_report(before, reading)
    answer = progress_answer if case.situation == before.situation else first_answer
    bubbles, case = answer(case, facts, today)
    conversation.say(dispatcher, bubbles)
    return case


class ActionClarifyRequest(Action):
    """Offers the likeliest readings; the second time in a row, the menu and human channels.

    Before that the words get their chance, for the classifier is unsure.
    """

    def name(self) -> str:
        """Return the action's name in domain.yml."""
        return "action_clarify_request"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Dict[str, Any]) -> List[EventType]:
        """Say the offer, or the step that the words led to."""
        case = take_at_word(tracker, dispatcher)
        if case:
            return conversation.keep(case)
        facts, today = conversation.facts(), conversation.today()
        if fallbacks_in_a_row(tracker) > 1:
            conversation.say(dispatcher, menu_answer(facts, today))
        else:
            ranking = conversation.intent_ranking(tracker)
            conversation.say(dispatcher, clarify_answer(ranking, conversation.message_text(tracker), facts, today))
        return []


class ActionDeclineRequest(Action):
    """Says in one sentence what the bot is for, unless the words tell a trouble after all."""

    def name(self) -> str:
        """Return the action's name in domain.yml."""
        return "action_decline_request"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Dict[str, Any]) -> List[EventType]:
        """Say it; a doubtful reading gives way to the words."""
        before = conversation.current_case(tracker)
        # In a case the words come first: "已经转了三千" is an answer, whatever it looks like.
        if before.situation or conversation.intent_confidence(tracker) < SURE:
            case = take_at_word(tracker, dispatcher)
            if case:
                return conversation.keep(case)
        text = conversation.message_text(tracker)
        bubbles, before = decline_answer(text, before, conversation.facts(), conversation.today())
        conversation.say(dispatcher, bubbles)
        return conversation.keep(before)
