"""A shopper tells which evidence is at hand."""

from __future__ import annotations

from typing import Any, Dict, List

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions import conversation
from weiquan.aids import evidence_answer, with_ticks
from weiquan.evidence import find_ticks, find_unticks
from weiquan.progress import take_report


class ActionTickEvidence(Action):
    """Ticks what was named, and shows the checklist."""

    def name(self) -> str:
        """Return the action's name in domain.yml."""
        return "action_tick_evidence"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Dict[str, Any]) -> List[EventType]:
        """Say the checklist; a button ticks a piece, or takes the tick back."""
        facts, today = conversation.facts(), conversation.today()
        case, text = conversation.current_case(tracker), conversation.message_text(tracker)
        if case.situation is None:
            case = take_report(case, conversation.read_cues(tracker), facts)
        pressed = conversation.entity_value(tracker, "evidence")
        if pressed in facts.pieces:
            named = frozenset({str(pressed)})
            case = with_ticks(case, named - case.evidence, named & case.evidence)
        else:
            had, lacked = find_ticks(text, case, facts, today), find_unticks(text, case, facts, today)
            # 「写了的，页面上有」 names no piece and answers the open question.
            told = None if had or lacked else conversation.answered(tracker)
            if told:
                return conversation.say_interview(dispatcher, tracker, told)
            case = with_ticks(case, had, lacked)
        bubbles, case = evidence_answer(case, facts, today)
        return conversation.answer(dispatcher, tracker, conversation.with_open_question(bubbles, case), case)
