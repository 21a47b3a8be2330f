"""A shopper asks for a paper: it is printed at once, blanks and all."""

from __future__ import annotations

from typing import Any, Dict, List, Optional

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions import conversation
from weiquan.case.archive import current_number
from weiquan.case.case import Case
from weiquan.dialogue.reports import take_report
from weiquan.papers.addresses import TONE_MARK
from weiquan.papers.addresses import paper_url as url_of
from weiquan.papers.writing import papers_for
from weiquan.reading.requests import paper_told, tone_told
from weiquan.replies.papers import paper_answer

DEFAULT_TONE = "firm"


def paper_url(tracker: Tracker, what: str) -> str:
    """Return the address under which a paper of the case at hand, or its calendar, can be downloaded."""
    return url_of(tracker.sender_id, what, str(current_number(conversation.past_cases(tracker))))


class ActionWritePaper(Action):
    """Writes the paper that was asked for, else the one of the next rung."""

    def name(self) -> str:
        """Return the action's name in domain.yml."""
        return "action_write_paper"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Dict[str, Any]) -> List[EventType]:
        """Say the paper; a trouble told with the wish opens a case first."""
        facts, today = conversation.facts(), conversation.today()
        before, text = conversation.current_case(tracker), conversation.message_text(tracker)
        reading = conversation.read_cues(tracker)
        case = take_report(before, reading, facts) if before.situation is None else before
        case = conversation.with_details(tracker, case)
        paper = _known(conversation.entity_value(tracker, "paper"), facts.papers) or paper_told(text, facts)
        tone = _known(conversation.entity_value(tracker, "tone"), facts.tones) or tone_told(text, facts)
        paper, tone = paper or _paper_of_next_rung(case), tone or DEFAULT_TONE
        url = paper_url(tracker, f"{paper}{TONE_MARK}{tone}")
        bubbles, case = paper_answer(paper, tone, case, facts, today, url)
        return conversation.answer(dispatcher, tracker, bubbles, case)


def _known(name: Optional[str], records: Any) -> Optional[str]:
    return name if name in records else None


def _paper_of_next_rung(case: Case) -> str:
    return papers_for(case, conversation.facts(), conversation.today())[0]
