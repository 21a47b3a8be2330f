"""A shopper tells which evidence is at hand."""

from __future__ import annotations

from typing import Any, Dict, List, Optional

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions import conversation
from weiquan.dialogue.reports import take_report
from weiquan.dialogue.ticks import ticks_told, with_ticks
from weiquan.replies.checklist import evidence_answer


def speaks_of_checklist(tracker: Tracker) -> bool:
    """Tell whether the latest message ticks something of the checklist that the bot has just shown.

    「都有了」 and 「第一个有了」 are what the list invites to say, whatever they look like elsewhere.
    """
    facts, today = conversation.facts(), conversation.today()
    case, text = conversation.current_case(tracker), conversation.message_text(tracker)
    users = [place for place, one in enumerate(tracker.events) if one.get("event") == "user"]
    turn = tracker.events[users[-2] : users[-1]] if len(users) > 1 else []
    cards = [((one.get("data") or {}).get("custom") or {}).get("card") or {} for one in turn if one["event"] == "bot"]
    if not any(one.get("kind") == "evidence" for one in cards):
        return False
    return any(ticks_told(text, case, facts, today))


def answer_to_bot(
    dispatcher: CollectingDispatcher, tracker: Tracker, domain: Dict[str, Any]
) -> Optional[List[EventType]]:
    """Answer a message that ticks the checklist just shown or answers the open question; None where it does neither."""
    if speaks_of_checklist(tracker):
        return ActionTickEvidence().run(dispatcher, tracker, domain)
    told = conversation.answered(tracker)
    return conversation.say_interview(dispatcher, tracker, told) if told else None


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
            had, lacked = ticks_told(text, case, facts, today)
            # 「写了的，页面上有」 and 「有，专柜开了鉴定单」 answer the open question, unless a list was just shown.
            told = None if speaks_of_checklist(tracker) else conversation.answered(tracker)
            if told:
                return conversation.say_interview(dispatcher, tracker, with_ticks(told, had, lacked))
            case = with_ticks(case, had, lacked)
        bubbles, case = evidence_answer(case, facts, today)
        return conversation.answer(dispatcher, tracker, conversation.with_open_question(bubbles, case), case)
