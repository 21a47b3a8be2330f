"""A shopper asks for information, or whether a contact is genuine."""

from __future__ import annotations

import dataclasses
from typing import Any, Dict, List, Optional

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions import conversation
from actions.write_paper import ActionWritePaper, paper_url
from weiquan.advice.next_question import date_question
from weiquan.case.case import Case
from weiquan.dialogue.news import denies_asked_step, is_asking, is_news
from weiquan.dialogue.reports import take_report
from weiquan.papers.addresses import CALENDAR
from weiquan.reading.contacts import is_about_listed_number, is_about_unknown_site, is_doubted_contact, verify
from weiquan.reading.cues import FRAUD
from weiquan.reading.requests import asks_for_paper
from weiquan.reading.scams import find_scam
from weiquan.replies.checklist import evidence_answer
from weiquan.replies.contacts import contact_answer
from weiquan.replies.dates import dates_answer
from weiquan.replies.estimate import estimate_answer
from weiquan.replies.steps import Answer, how_to_answer, progress_answer
from weiquan.replies.talk import introduction_answer
from weiquan.replies.topics import topic_answer
from weiquan.replies.urgent import scam_answer

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
        if any(told(text, facts) for told in (is_about_listed_number, is_doubted_contact, is_about_unknown_site)):
            bubbles = conversation.with_open_question(contact_answer(text, facts, today), before)
            return conversation.answer(dispatcher, tracker, bubbles, before)
        if asks_for_paper(text, facts):
            return ActionWritePaper().run(dispatcher, tracker, domain)
        told_now = bool(reading.situation) and reading.situation != before.situation
        told = None if told_now or is_asking(text) else conversation.answered(tracker)
        if told:
            return conversation.say_interview(dispatcher, tracker, told)
        case = take_report(before, reading, facts) if told_now or is_news(text, before, reading) else before
        case = conversation.with_details(tracker, case)
        # 「投诉了没用」 is no other trouble but news of the case at hand.
        told_now = told_now and case.situation != before.situation
        if intent == "ask_deadline" and case.situation and case.question is None:
            # Without a day nothing can be reckoned: it is asked for, and the usual limits are told meanwhile.
            asked = date_question(case, facts)
            case = dataclasses.replace(case, question=asked.id if asked else None)
        moved = (case.climbed, case.failed) != (before.climbed, before.failed)
        if moved and not told_now and not is_asking(text):
            bubbles, case = progress_answer(case, facts, today)
        elif not told_now and not is_asking(text) and denies_asked_step(before, text, facts):
            bubbles, case = how_to_answer(case, facts, today)
        else:
            bubbles, case = self._tailored(intent, tracker, case, told_now) or topic_answer(
                SAME_QUESTION.get(intent, intent), case, told_now, facts, today
            )
            # After 「我这边没有真人坐席」 there is no room for it.
            bubbles = bubbles if conversation.has_spoken(tracker) else conversation.with_open_question(bubbles, case)
        return conversation.answer(dispatcher, tracker, bubbles, case)

    def _tailored(self, intent: str, tracker: Tracker, case: Case, told_now: bool) -> Optional[Answer]:
        """Return the answer reckoned for the case at hand, None where only the general one can be given."""
        facts, today = conversation.facts(), conversation.today()
        if told_now or case.situation is None:
            return None
        if intent == "ask_deadline":
            return dates_answer(case, facts, today, paper_url(tracker, CALENDAR))
        if intent == "ask_evidence":
            return evidence_answer(case, facts, today)
        if intent == "ask_compensation":
            return estimate_answer(case, facts, today)
        return None


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
            case = conversation.with_details(tracker, take_report(case, conversation.read_cues(tracker), facts, FRAUD))
            bubbles, case = scam_answer(scam, case, facts, today)
        else:
            bubbles = conversation.with_open_question(contact_answer(text, facts, today), case)
        return conversation.answer(dispatcher, tracker, bubbles, case)


class ActionIntroduceBot(Action):
    """Says who the bot is; who asks whose a number is asks about somebody else."""

    def name(self) -> str:
        """Return the action's name in domain.yml."""
        return "action_introduce_bot"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Dict[str, Any]) -> List[EventType]:
        """Say it, or what is known of the number that the message holds."""
        facts, today = conversation.facts(), conversation.today()
        text, case = conversation.message_text(tracker), conversation.current_case(tracker)
        bubbles = contact_answer(text, facts, today) if verify(text, facts) else introduction_answer(facts, today)
        return conversation.answer(dispatcher, tracker, conversation.with_open_question(bubbles, case), case)
