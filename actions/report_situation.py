"""A shopper tells what went wrong."""

from __future__ import annotations

from typing import Any, Dict, List

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions import conversation
from weiquan.ladder import is_urgent
from weiquan.progress import situation_of_intent, take_report
from weiquan.questions import topic_answer
from weiquan.steps import first_answer, progress_answer


class ActionAnswerSituation(Action):
    """Answers a `report_` intent with the next step; a question in it comes first."""

    def name(self) -> str:
        """Return the action's name in domain.yml."""
        return "action_answer_situation"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Dict[str, Any]) -> List[EventType]:
        """Say the answer and keep the case."""
        facts, today = conversation.facts(), conversation.today()
        reading = conversation.read_message(tracker)
        chosen = conversation.entity_value(tracker, "situation")
        if not conversation.message_text(tracker) and chosen not in facts.situations:
            default = situation_of_intent(conversation.intent_name(tracker), facts)
            chosen = default.id if default else None
        before = conversation.current_case(tracker)
        case = take_report(before, reading, chosen if chosen in facts.situations else None)
        if before.situation and case.situation == before.situation and not chosen:
            bubbles, case = progress_answer(case, facts, today, news=case != before)
        elif reading.topic in facts.topics and not chosen and not is_urgent(case, facts):
            bubbles, case = topic_answer(reading.topic or "", case, True, facts, today)
        else:
            bubbles, case = first_answer(case, facts, today)
        conversation.say(dispatcher, bubbles)
        return conversation.keep(case)
