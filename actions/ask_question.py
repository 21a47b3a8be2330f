"""A shopper asks for information, or whether a contact is genuine."""

from __future__ import annotations

from typing import Any, Dict, List

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions import conversation
from weiquan.contacts import find_scam, is_about_listed_number
from weiquan.progress import take_report
from weiquan.questions import contact_answer, scam_answer, topic_answer
from weiquan.reading import FRAUD

SAME_QUESTION = {"request_human": "ask_human_agent"}


class ActionAnswerQuestion(Action):
    """Answers an `ask_` intent; where the message also tells a trouble, its step follows."""

    def name(self) -> str:
        """Return the action's name in domain.yml."""
        return "action_answer_question"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Dict[str, Any]) -> List[EventType]:
        """Say the answer; the case changes only if the message told a trouble."""
        facts, today = conversation.facts(), conversation.today()
        intent = conversation.intent_name(tracker)
        reading = conversation.read_message(tracker)
        case = conversation.current_case(tracker)
        if is_about_listed_number(conversation.message_text(tracker), facts):
            conversation.say(dispatcher, contact_answer(conversation.message_text(tracker), facts, today))
            return conversation.keep(case)
        told_now = bool(reading.situation) and reading.situation != case.situation
        if told_now:
            case = take_report(case, reading)
        bubbles, case = topic_answer(SAME_QUESTION.get(intent, intent), case, told_now, facts, today)
        conversation.say(dispatcher, bubbles)
        return conversation.keep(case)


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
        if scam:
            case = take_report(case, conversation.read_cues(tracker), FRAUD)
            bubbles, case = scam_answer(scam, case, facts, today)
        else:
            bubbles = contact_answer(text, facts, today)
        conversation.say(dispatcher, bubbles)
        return conversation.keep(case)
