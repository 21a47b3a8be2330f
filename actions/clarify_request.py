"""The fallback in two stages: likely readings as buttons, then the menu and people."""

from __future__ import annotations

from typing import Any, Dict, List, Optional

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions import conversation
from actions.tick_evidence import answer_to_bot
from weiquan.dialogue.news import interpret, news_told, take_progress
from weiquan.dialogue.reports import take_report
from weiquan.reading.contacts import is_about_listed_number, is_about_unknown_site, verify
from weiquan.reading.situations import SURE
from weiquan.replies.contacts import contact_answer
from weiquan.replies.plan import case_answer
from weiquan.replies.steps import Answer, progress_answer
from weiquan.replies.talk import clarify_answer, decline_answer, menu_answer

DOUBTFUL = 0.4
"""Below this confidence "out of scope" is asked back rather than declined."""
FALLBACK_INTENT = "nlu_fallback"


def fallbacks_in_a_row(tracker: Tracker) -> int:
    """Return how many of the latest user messages, the newest first, were not understood."""
    count = 0
    for event in reversed(tracker.events):
        if event.get("event") != "user":
            continue
        intent = ((event.get("parse_data") or {}).get("intent") or {}).get("name")
        if intent != FALLBACK_INTENT:
            break
        count += 1
    return count


def take_at_word(tracker: Tracker) -> Optional[Answer]:
    """Return an answer by the words alone: a trouble, a step of the case at hand, a number or site.

    None where the words say nothing.
    """
    facts, today = conversation.facts(), conversation.today()
    before, text = conversation.current_case(tracker), conversation.message_text(tracker)
    reading = conversation.read_cues(tracker)
    news = news_told(text) if before.situation and not reading.situation else None
    if news:
        case = take_progress(before, interpret(news, before, text, facts, today), facts, today)
        return progress_answer(case, facts, today)
    if reading.situation or (before.situation and reading.climbed):
        case = conversation.with_details(tracker, take_report(before, reading, facts))
        return case_answer(before, case, facts, today)
    if is_about_listed_number(text, facts) or is_about_unknown_site(text, facts):
        return contact_answer(text, facts, today), before
    return None


class ActionClarifyRequest(Action):
    """Offers the likeliest readings; the second time in a row, the menu and human channels.

    Before that the words get their chance, for the classifier is unsure.
    """

    def name(self) -> str:
        """Return the action's name in domain.yml."""
        return "action_clarify_request"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Dict[str, Any]) -> List[EventType]:
        """Say the offer, or the step that the words led to."""
        facts, today = conversation.facts(), conversation.today()
        answered = answer_to_bot(dispatcher, tracker, domain)
        if answered is not None:
            return answered
        bubbles, case = take_at_word(tracker) or ((), conversation.current_case(tracker))
        if not bubbles and fallbacks_in_a_row(tracker) > 1:
            bubbles = menu_answer(facts, today)
        elif not bubbles:
            ranking = conversation.intent_ranking(tracker)
            bubbles = clarify_answer(ranking, conversation.message_text(tracker), facts, today)
        return conversation.answer(dispatcher, tracker, bubbles, case)


class ActionDeclineRequest(Action):
    """Says in one sentence what the bot is for, unless the words tell a trouble after all."""

    def name(self) -> str:
        """Return the action's name in domain.yml."""
        return "action_decline_request"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Dict[str, Any]) -> List[EventType]:
        """Say it; a doubtful reading gives way to the words, and to a question back."""
        facts, today = conversation.facts(), conversation.today()
        answered = answer_to_bot(dispatcher, tracker, domain)
        if answered is not None:
            return answered
        case, text = conversation.current_case(tracker), conversation.message_text(tracker)
        confidence = conversation.intent_confidence(tracker)
        # In a case the words come first: "已经转了三千" is an answer, whatever it looks like.
        is_doubtful = bool(case.situation) or confidence < SURE or bool(verify(text, facts))
        answer = take_at_word(tracker) if is_doubtful else None
        if answer is None and confidence < DOUBTFUL and not case.situation:
            answer = clarify_answer(conversation.intent_ranking(tracker), text, facts, today), case
        bubbles, case = answer or decline_answer(text, case, facts, today)
        return conversation.answer(dispatcher, tracker, bubbles, case)
