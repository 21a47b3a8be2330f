"""Answers to questions, to numbers, and to what was not understood."""

from __future__ import annotations

import datetime
from typing import List, Optional, Sequence, Tuple

from weiquan.bubbles import Bubble, Button, payload, situation_buttons
from weiquan.case import Case
from weiquan.contacts import find_scam, verify
from weiquan.knowledge import Knowledge
from weiquan.rendering import render, render_parts
from weiquan.steps import Answer, followup, step_text

MAX_OFFERED_READINGS = 3


def topic_answer(topic: str, case: Case, told_now: bool, facts: Knowledge, today: datetime.date) -> Answer:
    """Answer the question `topic`; where the message also told a trouble (`told_now`), the step follows.

    A template of two parts gives two bubbles, or its first part where the step follows.

    Raises `KeyError` for an unknown topic.
    """
    if topic not in facts.topics:
        raise KeyError(topic)
    situation = facts.situations.get(case.situation or "")
    parts, notes = render_parts(f"topics/{topic}", facts, today, situation=situation)
    if told_now and situation:
        second, asked = followup(case, facts, today)
        return (Bubble(parts[0] + notes), Bubble(step_text(case, facts, today), second.buttons)), asked
    buttons: List[Button] = situation_buttons(facts)
    if situation:
        buttons = [Button(f"回到：{situation.name}", payload("ask_next_step"))]
    *before, last = parts
    return (*(Bubble(one) for one in before), Bubble(last + notes, tuple(buttons))), case


def contact_answer(text: str, facts: Knowledge, today: datetime.date) -> Tuple[Bubble, ...]:
    """Say what is known of the numbers, sites or callers in `text`."""
    scam = find_scam(text, facts)
    if scam:
        return (Bubble(render("scam", facts, today, scam=scam)),)
    return (Bubble(render("verdict", facts, today, verdicts=verify(text, facts))),)


def reading_label(intent: str, facts: Knowledge) -> Optional[str]:
    """Return how an intent is named on a button, or None if it is not one to offer."""
    if intent in facts.topics:
        return facts.topics[intent].label
    return next((one.name for one in facts.situations.values() if one.intent == intent and one.default), None)


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


def menu_answer(facts: Knowledge, today: datetime.date) -> Tuple[Bubble, ...]:
    """Second stage of the fallback: the menu and the human channels."""
    buttons = [*situation_buttons(facts), Button("投诉电话", payload("ask_phone"))]
    return (Bubble(render("menu", facts, today), tuple(buttons)),)
