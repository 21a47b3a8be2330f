"""News within a case: what the seller or the platform said, what the shopper did."""

from __future__ import annotations

from typing import Any, Dict, List

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions import conversation
from weiquan.answers import agreed_answer, comfort_answer, overview_answer, rung_answer, situation_answer
from weiquan.case import Case
from weiquan.progress import take_progress, take_report

AGREED = {"seller_agreed": "商家", "platform_agreed": "平台"}
HOW_TO = frozenset({"deny", "dont_know", "skip", "request_document"})
"""Answers after which the rung in question is explained, words to send included."""


class ActionAdvanceCase(Action):
    """Moves the case along by a short answer and says what is next."""

    def name(self) -> str:
        """Return the action's name in domain.yml."""
        return "action_advance_case"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Dict[str, Any]) -> List[EventType]:
        """Say the next step; without a case the shopper is asked what happened."""
        facts, today = conversation.facts(), conversation.today()
        intent = conversation.intent_name(tracker)
        case = conversation.current_case(tracker)
        if case.situation is None:
            reading = conversation.read_message(tracker)
            case = take_report(case, reading)
        if intent in AGREED:
            bubbles = agreed_answer(AGREED[intent], case, facts, today)
        elif intent in HOW_TO:
            bubbles, case = rung_answer(case, facts, today)
        else:
            case = take_progress(case, intent, facts)
            bubbles, case = situation_answer(case, facts, today)
        conversation.say(dispatcher, bubbles)
        return conversation.keep(case)


class ActionContinueCase(Action):
    """Takes up facts told in passing (goods, dates, a correction) and repeats the next step."""

    def name(self) -> str:
        """Return the action's name in domain.yml."""
        return "action_continue_case"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Dict[str, Any]) -> List[EventType]:
        """Say the next step of the case."""
        facts, today = conversation.facts(), conversation.today()
        case = take_report(conversation.current_case(tracker), conversation.read_message(tracker))
        bubbles, case = situation_answer(case, facts, today)
        conversation.say(dispatcher, bubbles)
        return conversation.keep(case)


class ActionShowCase(Action):
    """Shows where the case stands."""

    def name(self) -> str:
        """Return the action's name in domain.yml."""
        return "action_show_case"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Dict[str, Any]) -> List[EventType]:
        """Say the situation, the rungs taken and the next one."""
        case = conversation.current_case(tracker)
        conversation.say(dispatcher, overview_answer(case, conversation.facts(), conversation.today()))
        return []


class ActionComfortShopper(Action):
    """Meets anger with one human sentence, then the next step."""

    def name(self) -> str:
        """Return the action's name in domain.yml."""
        return "action_comfort_shopper"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Dict[str, Any]) -> List[EventType]:
        """Say it; the case is untouched."""
        case = conversation.current_case(tracker)
        conversation.say(dispatcher, comfort_answer(case, conversation.facts(), conversation.today()))
        return []


class ActionStartNewCase(Action):
    """Closes the case at hand."""

    def name(self) -> str:
        """Return the action's name in domain.yml."""
        return "action_start_new_case"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Dict[str, Any]) -> List[EventType]:
        """Empty the case; the rule asks what happened."""
        return conversation.keep(Case())
