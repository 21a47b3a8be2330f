"""News within a case: what the seller or the platform said, what the shopper did."""

from __future__ import annotations

from typing import Any, Dict, List

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions import conversation
from actions.tick_evidence import ActionTickEvidence, speaks_of_checklist
from weiquan.advice.next_question import open_question
from weiquan.case.archive import put_away, take_up
from weiquan.case.case import Case
from weiquan.dialogue.corrections import correct, is_correcting
from weiquan.dialogue.news import denies_asked_step, interpret, take_progress, untold_refusal, without_denied_steps
from weiquan.dialogue.reports import take_report
from weiquan.reading.requests import is_about_another_case
from weiquan.replies.cases import doubt_new_case_answer, new_case_answer, overview_answer
from weiquan.replies.plan import case_answer, explain_answer, why_answer
from weiquan.replies.steps import agreed_answer, comfort_answer, first_answer, progress_answer
from weiquan.replies.talk import welcome_answer

AGREED = {"seller_agreed": "商家", "platform_agreed": "平台"}
SURE_OF_NEW_CASE = 0.75
"""Confidence from which on a case is put away without a question."""
HOW_TO = frozenset({"deny", "dont_know", "skip"})
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
        if speaks_of_checklist(tracker):
            return ActionTickEvidence().run(dispatcher, tracker, domain)
        if before.situation and is_correcting("", text):
            return ActionContinueCase().run(dispatcher, tracker, domain)
        told = conversation.answered(tracker)
        if told:
            return conversation.say_interview(dispatcher, tracker, told)
        intent = interpret(conversation.intent_name(tracker), before, text, facts, today)
        before = conversation.with_details(tracker, before)
        if denies_asked_step(before, text, facts):
            # 「还没申请售后」 is no news of the seller's silence.
            intent, before = "deny", without_denied_steps(before, text, facts)
        if before.situation is None:
            case = take_report(before, reading, facts, None if reading.situation else untold_refusal(intent, text))
            answer = agreed_answer(AGREED[intent], case, facts, today) if _agreed(intent, case) else None
            bubbles, case = answer or first_answer(case, facts, today)
        elif intent in AGREED:
            bubbles, case = agreed_answer(AGREED[intent], before, facts, today)
        elif intent in HOW_TO:
            bubbles, case = explain_answer(before, facts, today)
        elif reading.variant and reading.variant != before.variant and reading.situation == before.situation:
            bubbles, case = case_answer(before, take_report(before, reading, facts), facts, today)
        else:
            # "申请了，商家拒绝了" is one intent but two pieces of news.
            moved = take_progress(before, intent, facts, today, named=reading.climbed)
            case = moved.with_rungs(reading.climbed, reading.failed)
            bubbles, case = progress_answer(case, facts, today)
        return conversation.answer(dispatcher, tracker, bubbles, case)


def _agreed(intent: str, case: Case) -> bool:
    """Tell whether an agreement was told without a trouble."""
    return intent in AGREED and case.situation is None


class ActionContinueCase(Action):
    """Takes up what is told in passing (a date, an amount, a step taken, a correction) and says what it changes."""

    def name(self) -> str:
        """Return the action's name in domain.yml."""
        return "action_continue_case"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Dict[str, Any]) -> List[EventType]:
        """Say the step of the case; a trouble told for the first time opens one."""
        facts, today = conversation.facts(), conversation.today()
        if speaks_of_checklist(tracker):
            return ActionTickEvidence().run(dispatcher, tracker, domain)
        before, text = conversation.current_case(tracker), conversation.message_text(tracker)
        reading, details = conversation.read_cues(tracker), conversation.details(tracker)
        is_correction = is_correcting(conversation.intent_name(tracker), text)
        told = None if is_correction else conversation.answered(tracker)
        case = told or take_report(before, reading, facts)
        if is_correction:
            case = without_denied_steps(correct(case, text, details, facts), text, facts)
        elif not told:
            case = conversation.with_details(tracker, case)
        if told or (is_correction and case != before):
            return conversation.say_interview(dispatcher, tracker, case)
        bubbles, case = case_answer(before, case, facts, today)
        return conversation.answer(dispatcher, tracker, bubbles, case)


class ActionShowCase(Action):
    """Shows where the case stands; a case put away is taken up again."""

    def name(self) -> str:
        """Return the action's name in domain.yml."""
        return "action_show_case"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Dict[str, Any]) -> List[EventType]:
        """Say the situation, the days that count, the rungs taken and the next one."""
        case, past = conversation.current_case(tracker), conversation.past_cases(tracker)
        number = conversation.entity_value(tracker, "case")
        if number or is_about_another_case(conversation.message_text(tracker)):
            taken = take_up(int(number) if number and number.isdigit() else None, case, past)
            case, past = taken or (case, past)
        bubbles, case = overview_answer(case, conversation.facts(), conversation.today(), past)
        return [*conversation.answer(dispatcher, tracker, bubbles, case), conversation.keep_past(past)]


class ActionGreetShopper(Action):
    """Greets; who comes back to a case hears where it stands."""

    def name(self) -> str:
        """Return the action's name in domain.yml."""
        return "action_greet_shopper"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Dict[str, Any]) -> List[EventType]:
        """Say the greeting, or the case recalled."""
        case, past = conversation.current_case(tracker), conversation.past_cases(tracker)
        if case.situation is None and not past:
            bubbles = welcome_answer(conversation.facts(), conversation.today())
            return conversation.answer(dispatcher, tracker, bubbles, case)
        bubbles, case = overview_answer(case, conversation.facts(), conversation.today(), past, recalled=True)
        return conversation.answer(dispatcher, tracker, bubbles, case)


class ActionExplainQuestion(Action):
    """Says why the bot asks what it asks."""

    def name(self) -> str:
        """Return the action's name in domain.yml."""
        return "action_explain_question"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Dict[str, Any]) -> List[EventType]:
        """Say the reason of the open question and put it again, else why steps are asked about."""
        facts, today = conversation.facts(), conversation.today()
        case = conversation.current_case(tracker)
        question = open_question(case, facts)
        bubbles, case = why_answer(question, case, facts, today)
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
    """Puts the case at hand away and begins another."""

    def name(self) -> str:
        """Return the action's name in domain.yml."""
        return "action_start_new_case"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Dict[str, Any]) -> List[EventType]:
        """Ask what happened; the former case is kept and can be taken up again. A doubtful reading is asked about."""
        facts, today, before = conversation.facts(), conversation.today(), conversation.current_case(tracker)
        if before.situation in facts.situations and conversation.intent_confidence(tracker) < SURE_OF_NEW_CASE:
            return conversation.answer(dispatcher, tracker, *doubt_new_case_answer(before, facts, today))
        past = put_away(before, conversation.past_cases(tracker))
        bubbles, case = new_case_answer(past, facts, today)
        return [*conversation.answer(dispatcher, tracker, bubbles, case), conversation.keep_past(past)]
