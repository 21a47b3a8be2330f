"""Greeting, menu, and what was not understood."""

from __future__ import annotations

import datetime
from typing import Optional, Sequence, Tuple

from weiquan.case.case import Case
from weiquan.facts.knowledge import Knowledge
from weiquan.rendering.render import render
from weiquan.replies.bubbles import Bubble, Button, payload
from weiquan.replies.buttons import situation_buttons
from weiquan.replies.steps import Answer, followup

MAX_OFFERED_READINGS = 3


def reading_label(intent: str, facts: Knowledge) -> Optional[str]:
    """Return how an intent is named on a button, or None if it is not one to offer."""
    if intent in facts.topics:
        return facts.topics[intent].label
    situation = facts.default_situation(intent)
    return situation.name if situation else None


def _is_english(text: str) -> bool:
    letters = [one for one in text if one.isalpha()]
    return len(letters) > 2 and all(one.isascii() for one in letters)


def clarify_answer(
    ranking: Sequence[Tuple[str, float]], text: str, facts: Knowledge, today: datetime.date
) -> Tuple[Bubble, ...]:
    """First stage of the fallback: offer the two or three likeliest readings."""
    offered = [(intent, label) for intent, _ in ranking if (label := reading_label(intent, facts))]
    offered = offered[:MAX_OFFERED_READINGS] if len(offered) > 1 else []
    buttons = [Button(label, payload(intent)) for intent, label in offered]
    buttons = [*buttons, Button("都不是", payload("nlu_fallback"))] if buttons else situation_buttons(facts)
    words = render("clarify", facts, today, offered=bool(offered), english=_is_english(text), blank=not text)
    return (Bubble(words, tuple(buttons)),)


def decline_answer(text: str, case: Case, facts: Knowledge, today: datetime.date) -> Answer:
    """Say in one sentence what the bot is for, and come back to the case at hand; English gets a hint."""
    if _is_english(text):
        return clarify_answer([], text, facts, today), case
    situation = facts.situations.get(case.situation or "")
    if situation is None:
        return (Bubble(render("out_of_scope", facts, today, situation=None, question="")),), case
    second, asked = followup(case, facts, today, with_others=False)
    question = second.text if asked.asked else ""
    return (
        Bubble(
            render("out_of_scope", facts, today, situation=situation, question=question), second.buttons, second.card
        ),
    ), asked


def menu_answer(facts: Knowledge, today: datetime.date) -> Tuple[Bubble, ...]:
    """Second stage of the fallback: the menu and the human channels."""
    buttons = [*situation_buttons(facts), Button("投诉电话", payload("ask_phone"))]
    return (Bubble(render("menu", facts, today), tuple(buttons)),)


def welcome_answer(facts: Knowledge, today: datetime.date) -> Tuple[Bubble, ...]:
    """Greet somebody who has told nothing yet: who speaks, what is kept, what to tell."""
    buttons = (
        Button("质量问题", payload("report_quality_problem")),
        Button("商家不理人", payload("report_seller_ignoring")),
        Button("退款被拒", payload("report_refund_refused")),
        Button("投诉电话", payload("ask_phone")),
    )
    return (Bubble(render("welcome", facts, today), buttons),)


def introduction_answer(facts: Knowledge, today: datetime.date) -> Tuple[Bubble, ...]:
    """Say who the bot is and who it is not, and where the platform's people are."""
    return (Bubble(render("introduction", facts, today)),)
