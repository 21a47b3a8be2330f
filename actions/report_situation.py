"""A shopper tells what went wrong."""

from __future__ import annotations

from typing import Any, Dict, List

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions import conversation
from actions.clarify_request import take_at_word
from weiquan.advice.ladder import is_urgent
from weiquan.dialogue.news import news_told
from weiquan.dialogue.reports import take_report
from weiquan.replies.plan import case_answer
from weiquan.replies.topics import topic_answer


class ActionAnswerSituation(Action):
    """Answers a `report_` intent with the next step; a question in it comes first."""

    def name(self) -> str:
        """Return the action's name in domain.yml."""
        return "action_answer_situation"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Dict[str, Any]) -> List[EventType]:
        """Say the answer and keep the case."""
        facts, today = conversation.facts(), conversation.today()
        text = conversation.message_text(tracker)
        reading, before = conversation.read_message(tracker), conversation.current_case(tracker)
        if not reading.is_told or reading.situation == before.situation:
            # "签收十天了" looks like a report of its own and answers what was asked.
            told = conversation.answered(tracker)
            if told:
                return conversation.say_interview(dispatcher, tracker, told)
            at_word = take_at_word(tracker) if not reading.is_told and news_told(text) else None
            if at_word:
                return conversation.answer(dispatcher, tracker, *at_word)
        chosen = conversation.entity_value(tracker, "situation")
        if not conversation.message_text(tracker) and chosen not in facts.situations:
            default = facts.default_situation(conversation.intent_name(tracker))
            chosen = default.id if default else None
        chosen = chosen if chosen in facts.situations else None
        case = take_report(before, reading, facts, chosen, conversation.entity_value(tracker, "variant"))
        case = conversation.with_details(tracker, case)
        is_new = case.situation != before.situation
        if is_new and reading.topic in facts.topics and not chosen and not is_urgent(case, facts):
            bubbles, case = topic_answer(reading.topic or "", case, True, facts, today)
        else:
            bubbles, case = case_answer(before, case, facts, today)
        return conversation.answer(dispatcher, tracker, bubbles, case)
