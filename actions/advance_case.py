"""News within a case: what the seller or the platform said, what the shopper did."""

from __future__ import annotations

from typing import Any, Dict, List

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions import conversation
from weiquan.case import Case
from weiquan.progress import interpret, take_progress, take_report, untold_refusal
from weiquan.steps import (
    agreed_answer,
    case_answer,
    comfort_answer,
    first_answer,
    how_to_answer,
    overview_answer,
    progress_answer,
)

AGREED = {"seller_agreed": "商家", "platform_agreed": "平台"}
HOW_TO = frozenset({"deny", "dont_know", "skip", "request_document"})
"""Answers after which the rung in question is explained, words to send included."""


class ActionAdvanceCase(Action):
    """Moves the case along by a short answer and says what is next."""

    def name(self) -> str:
        """Return the action's name in domain.yml."""
        return "action_advance_case"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Dict[str, Any]) -> List[EventType]:
        """Say the next step; without a case the message itself may open one."""
        facts, today = conversation.facts(), conversation.today()
        text, before = conversation.message_text(tracker), conversation.current_case(tracker)
        reading = conversation.read_cues(tracker)
        intent = interpret(conversation.intent_name(tracker), before, text, facts)
        if before.situation is None:
            case = take_report(before, reading, facts, None if reading.situation else untold_refusal(intent, text))
            answer = agreed_answer(AGREED[intent], case, facts, today) if _agreed(intent, case) else None
            bubbles, case = answer or first_answer(case, facts, today)
        elif intent in AGREED:
            bubbles, case = agreed_answer(AGREED[intent], before, facts, today)
        elif intent in HOW_TO:
            bubbles, case = how_to_answer(before, facts, today)
        elif reading.variant and reading.variant != before.variant and reading.situation == before.situation:
            bubbles, case = case_answer(before, take_report(before, reading, facts), facts, today)
        else:
            # "申请了，商家拒绝了" is one intent but two pieces of news.
            case = take_progress(before, intent, facts).with_rungs(reading.climbed, reading.failed)
            bubbles, case = progress_answer(case, facts, today)
        return conversation.answer(dispatcher, tracker, bubbles, case)


def _agreed(intent: str, case: Case) -> bool:
    """Tell whether an agreement was told without a trouble."""
    return intent in AGREED and case.situation is None


class ActionContinueCase(Action):
    """Takes up what is told in passing (a step taken, a correction) and says the next step."""

    def name(self) -> str:
        """Return the action's name in domain.yml."""
        return "action_continue_case"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Dict[str, Any]) -> List[EventType]:
        """Say the step of the case; a trouble told for the first time opens one."""
        facts, today = conversation.facts(), conversation.today()
        before = conversation.current_case(tracker)
        case = take_report(before, conversation.read_cues(tracker), facts)
        bubbles, case = case_answer(before, case, facts, today)
        return conversation.answer(dispatcher, tracker, bubbles, case)


class ActionShowCase(Action):
    """Shows where the case stands."""

    def name(self) -> str:
        """Return the action's name in domain.yml."""
        return "action_show_case"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Dict[str, Any]) -> List[EventType]:
        """Say the situation, the rungs taken and the next one."""
        case = conversation.current_case(tracker)
        bubbles, case = overview_answer(case, conversation.facts(), conversation.today())
        return conversation.answer(dispatcher, tracker, bubbles, case)


class ActionComfortShopper(Action):
    """Meets anger with one human sentence, then the next step."""

    def name(self) -> str:
        """Return the action's name in domain.yml."""
        return "action_comfort_shopper"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Dict[str, Any]) -> List[EventType]:
        """Say it and remember which rung it named."""
        case = conversation.current_case(tracker)
        bubbles, case = comfort_answer(case, conversation.facts(), conversation.today())
        return conversation.answer(dispatcher, tracker, bubbles, case)


class ActionStartNewCase(Action):
    """Closes the case at hand."""

    def name(self) -> str:
        """Return the action's name in domain.yml."""
        return "action_start_new_case"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Dict[str, Any]) -> List[EventType]:
        """Empty the case; the rule asks what happened."""
        return conversation.keep(Case())
