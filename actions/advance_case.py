"""News within a case: what the seller or the platform said, what the shopper did."""

from __future__ import annotations

from typing import Any, Dict, List

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions import conversation
from weiquan.case import Case
from weiquan.progress import take_progress, take_report
from weiquan.steps import (
    agreed_answer,
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
        intent = conversation.intent_name(tracker)
        case, reading = conversation.current_case(tracker), conversation.read_cues(tracker)
        if case.situation is None:
            bubbles, case = first_answer(take_report(case, reading), facts, today)
        elif intent in AGREED:
            bubbles, case = agreed_answer(AGREED[intent], case, facts, today)
        elif intent in HOW_TO:
            bubbles, case = how_to_answer(case, facts, today)
        else:
            # "申请了，商家拒绝了" is one intent but two pieces of news.
            case = take_progress(case, intent, facts).with_rungs(reading.climbed, reading.failed)
            bubbles, case = progress_answer(case, facts, today)
        conversation.say(dispatcher, bubbles)
        return conversation.keep(case)


class ActionContinueCase(Action):
    """Takes up what is told in passing (a step taken, a correction) and says the next step."""

    def name(self) -> str:
        """Return the action's name in domain.yml."""
        return "action_continue_case"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Dict[str, Any]) -> List[EventType]:
        """Say the step of the case; a trouble told for the first time opens one."""
        facts, today = conversation.facts(), conversation.today()
        before = conversation.current_case(tracker)
        case = take_report(before, conversation.read_cues(tracker))
        answer = progress_answer if case.situation == before.situation else first_answer
        if case == before and case.situation:
            bubbles, case = progress_answer(case, facts, today, news=False)
        else:
            bubbles, case = answer(case, facts, today)
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
        bubbles, case = overview_answer(case, conversation.facts(), conversation.today())
        conversation.say(dispatcher, bubbles)
        return conversation.keep(case)


class ActionComfortShopper(Action):
    """Meets anger with one human sentence, then the next step."""

    def name(self) -> str:
        """Return the action's name in domain.yml."""
        return "action_comfort_shopper"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Dict[str, Any]) -> List[EventType]:
        """Say it and remember which rung it named."""
        case = conversation.current_case(tracker)
        bubbles, case = comfort_answer(case, conversation.facts(), conversation.today())
        conversation.say(dispatcher, bubbles)
        return conversation.keep(case)


class ActionStartNewCase(Action):
    """Closes the case at hand."""

    def name(self) -> str:
        """Return the action's name in domain.yml."""
        return "action_start_new_case"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Dict[str, Any]) -> List[EventType]:
        """Empty the case; the rule asks what happened."""
        return conversation.keep(Case())
