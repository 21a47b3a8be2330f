"""A shopper asks for information, or whether a contact is genuine."""

from __future__ import annotations

from typing import Any, Dict, List

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions import conversation
from weiquan.contacts import find_scam, is_about_listed_number, is_doubted_contact
from weiquan.progress import is_news, take_report
from weiquan.questions import contact_answer, scam_answer, topic_answer
from weiquan.reading import FRAUD
from weiquan.steps import progress_answer

SAME_QUESTION = {"request_human": "ask_human_agent"}


class ActionAnswerQuestion(Action):
    """Answers an `ask_` intent; where the message also tells a trouble, its step follows."""

    def name(self) -> str:
        """Return the action's name in domain.yml."""
        return "action_answer_question"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Dict[str, Any]) -> List[EventType]:
        """Say the answer; the case changes only if the message told a trouble."""
        facts, today = conversation.facts(), conversation.today()
        intent, text = conversation.intent_name(tracker), conversation.message_text(tracker)
        before, reading = conversation.current_case(tracker), conversation.read_message(tracker)
        if is_about_listed_number(text, facts) or is_doubted_contact(text, facts):
            return conversation.answer(dispatcher, tracker, contact_answer(text, facts, today), before)
        told_now = bool(reading.situation) and reading.situation != before.situation
        case = take_report(before, reading, facts) if told_now or is_news(text, before, reading) else before
        if case != before and not told_now:
            bubbles, case = progress_answer(case, facts, today)
        else:
            bubbles, case = topic_answer(SAME_QUESTION.get(intent, intent), case, told_now, facts, today)
        return conversation.answer(dispatcher, tracker, bubbles, case)


class ActionVerifyContact(Action):
    """Says whether a number, site or caller is on the official list."""

    def name(self) -> str:
        """Return the action's name in domain.yml."""
        return "action_verify_contact"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Dict[str, Any]) -> List[EventType]:
        """Say the verdict; a swindlers' script opens a case of fraud."""
        facts, today = conversation.facts(), conversation.today()
        case, text = conversation.current_case(tracker), conversation.message_text(tracker)
        scam = find_scam(text, facts)
        if scam and scam.alarm:
            case = take_report(case, conversation.read_cues(tracker), facts, FRAUD)
            bubbles, case = scam_answer(scam, case, facts, today)
        else:
            bubbles = contact_answer(text, facts, today)
        return conversation.answer(dispatcher, tracker, bubbles, case)
