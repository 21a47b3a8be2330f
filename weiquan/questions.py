"""Answers to questions, to numbers, and to what was not understood."""

from __future__ import annotations

import dataclasses
import datetime
from typing import Any, Dict, List, Mapping, Optional, Sequence, Tuple

from weiquan import cards
from weiquan.bubbles import MAX_BUBBLE, Bubble, Button, fill, payload, situation_buttons
from weiquan.case import Case
from weiquan.contacts import verify
from weiquan.facts import Scam
from weiquan.knowledge import Knowledge
from weiquan.ladder import is_urgent, next_step
from weiquan.rendering import render, render_parts
from weiquan.steps import Answer, followup, step_bubble, words_for
from weiquan.views import view

MAX_OFFERED_READINGS = 3
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


def scam_answer(scam: Scam, case: Case, facts: Knowledge, today: datetime.date) -> Answer:
    """Name the script of swindlers and what to do at once; the case goes on from there."""
    second, asked = followup(case, facts, today, with_others=False)
    return (Bubble(render("scam", facts, today, scam=scam)), second), asked


def trick_text(scam: Scam, facts: Knowledge, today: datetime.date) -> str:
    """Return a warning of a trick that is no fraud under way (asking to withdraw before paying)."""
    return render("trick", facts, today, scam=scam)


def crisis_text(facts: Knowledge, today: datetime.date) -> str:
    """Return what is said first to somebody who speaks of dying."""
    return render("crisis", facts, today)


def contact_answer(text: str, facts: Knowledge, today: datetime.date) -> Tuple[Bubble, ...]:
    """Say what is known of the numbers and sites in `text`."""
    return (Bubble(render("verdict", facts, today, verdicts=verify(text, facts))),)


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
