"""Answers to the questions of `knowledge/topics.yml`."""

from __future__ import annotations

import dataclasses
import datetime
from typing import Any, Dict, List, Mapping, Tuple

from weiquan.advice.ladder import is_urgent
from weiquan.advice.next_step import next_step
from weiquan.advice.views import fill, view
from weiquan.case.case import Case
from weiquan.facts.knowledge import Knowledge
from weiquan.rendering.fitting import MAX_BUBBLE
from weiquan.rendering.render import render_parts
from weiquan.replies import cards
from weiquan.replies.bubbles import Bubble, Button, payload
from weiquan.replies.buttons import situation_buttons
from weiquan.replies.steps import Answer, followup, step_bubble, words_for

CONTACTS: Mapping[str, Tuple[str, ...]] = {
    "ask_phone": ("pdd_hotline", "line_12315"),
    "ask_human_agent": ("pdd_hotline", "line_12315", "line_12345"),
}
"""Contacts of the answers to a question, for their card: the numbers that the text names, with their hours."""


def topic_answer(topic: str, case: Case, told_now: bool, facts: Knowledge, today: datetime.date) -> Answer:
    """Answer the question `topic`; where the message also told a trouble (`told_now`), the step follows.

    A template of two parts gives two bubbles, or its first part where the step follows.

    Raises `KeyError` for an unknown topic.
    """
    if topic not in facts.topics:
        raise KeyError(topic)
    situation = view(case, facts) if case.situation in facts.situations else None
    told = _told(case, facts, today)
    parts, notes = render_parts(f"topics/{topic}", facts, today, situation=situation, **told)
    if told_now and situation:
        second, asked = followup(case, facts, today, asks_steps=True)
        step = step_bubble(case, facts, today)
        # Only two bubbles: the question goes to the end of the step, which then has no card to hide it.
        steps = dataclasses.replace(step, buttons=second.buttons)
        if len(step.text) + len(second.text) < MAX_BUBBLE:
            steps = Bubble(f"{step.text}\n{second.text}", second.buttons)
        answer = Bubble(parts[0] + notes)
        return ((steps, answer) if is_urgent(case, facts) else (answer, steps)), asked
    buttons: List[Button] = situation_buttons(facts)
    if situation:
        buttons = [Button(f"回到：{situation.name}", payload("ask_next_step"))]
    # A question still open is put again below: of two parts there is room for the first.
    *before, last = parts[:1] if case.question else parts
    called = CONTACTS.get(topic, ())
    card = cards.contacts_card(called, facts, facts.topics[topic].label) if called else None
    return (*(Bubble(one) for one in before), Bubble(last + notes, tuple(buttons), card=card)), case


def _told(case: Case, facts: Knowledge, today: datetime.date) -> Dict[str, Any]:
    """Return what a template may say of the case: its next rung, what to do and to send there."""
    if case.situation not in facts.situations:
        return {"rung": None, "move": "", "words": "", "to_seller": True}
    step = next_step(case, facts, today)
    return {
        "rung": step.rung,
        "move": fill(step.rung.move, view(case, facts)),
        "words": words_for(case, step, facts),
        "to_seller": step.rung.id == "negotiate",
    }
