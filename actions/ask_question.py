"""A shopper asks for information, or whether a contact is genuine."""

from __future__ import annotations

from typing import Any, Dict, List

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions import conversation
from weiquan.progress import take_report
from weiquan.questions import contact_answer, topic_answer

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
        """Say the verdict; the case is untouched."""
        bubbles = contact_answer(conversation.message_text(tracker), conversation.facts(), conversation.today())
        conversation.say(dispatcher, bubbles)
        return []
