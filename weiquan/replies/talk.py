"""Greeting, menu, what was only heard or not understood, and a purchase on a platform that the bot does not know."""

from __future__ import annotations

import dataclasses
from typing import Optional, Sequence, Tuple

from weiquan.advice.advice import Advice
from weiquan.facts.knowledge import Knowledge
from weiquan.facts.quick_replies import MENU, WELCOME
from weiquan.replies.bubbles import Bubble, Button, Reply, payload, with_note, with_opening
from weiquan.replies.buttons import MOST_BUTTONS, likely_buttons, quick_replies, situation_buttons
from weiquan.replies.steps import followup, question_bubble
from weiquan.replies.texts import due_lines, text_of
from weiquan.replies.told.said_back import SOON

MAX_OFFERED_READINGS = 3


def reading_label(intent: str, facts: Knowledge) -> Optional[str]:
    """Return how an intent is named on a button, or None if it is not one to offer."""
    if intent in facts.topics:
        return facts.topics[intent].label
    situation = facts.default_situation(intent)
    return situation.name if situation else None


def _is_english(text: str) -> bool:
    letters = [character for character in text if character.isalpha()]
    return len(letters) > 2 and all(letter.isascii() for letter in letters)


def clarify_reply(ranking: Sequence[Tuple[str, float]], text: str, advice: Advice) -> Reply:
    """First stage of the fallback: offer the two or three likeliest readings."""
    facts = advice.facts
    offered = [(intent, label) for intent, _ in ranking if (label := reading_label(intent, facts))]
    offered = offered[:MAX_OFFERED_READINGS] if len(offered) > 1 else []
    buttons = [Button(label, payload(intent)) for intent, label in offered]
    buttons = [*buttons, Button("都不是", payload("nlu_fallback"))] if buttons else situation_buttons(facts)
    words = text_of("clarify", advice, offered=bool(offered), english=_is_english(text), blank=not text)
    return Reply((Bubble(words, tuple(buttons)),), advice.case)


def doubt_reply(situations: Sequence[str], advice: Advice) -> Reply:
    """Say what the bot is for, and ask whether one of `situations` (ids) is behind it."""
    buttons = (*likely_buttons(situations, advice.facts), Button("都不是", payload("nlu_fallback")))
    return Reply((Bubble(text_of("doubt", advice), buttons),), advice.case)


def decline_reply(text: str, advice: Advice) -> Reply:
    """Say in one sentence what the bot is for, and come back to the case at hand; English gets a hint."""
    if _is_english(text):
        return clarify_reply([], text, advice)
    if not advice.is_open:
        return Reply((Bubble(text_of("out_of_scope", advice, situation=None, question="")),), advice.case)
    (second,), asked = followup(advice, with_others=False)
    question = second.text if asked.asked else ""
    situation = advice.facts.situations[advice.case.situation or ""]
    words = text_of("out_of_scope", advice, situation=situation, question=question)
    return Reply((Bubble(words, second.buttons, second.card, asks=second.asks),), asked)


def menu_reply(advice: Advice) -> Reply:
    """Second stage of the fallback: the menu and the human channels."""
    buttons = [*situation_buttons(advice.facts), *quick_replies(MENU, advice.facts)]
    return Reply((Bubble(text_of("menu", advice), tuple(buttons)),), advice.case)


def welcome_reply(advice: Advice) -> Reply:
    """Greet somebody who has told nothing yet: who speaks, what is kept, what to tell."""
    return Reply((Bubble(text_of("welcome", advice), tuple(quick_replies(WELCOME, advice.facts))),), advice.case)


def introduction_reply(advice: Advice, questions_url: str) -> Reply:
    """Say who the bot is and who it is not, where the platform's people are, and what can be asked."""
    text = text_of("introduction", advice, questions=len(advice.facts.answers), url=questions_url)
    return Reply((Bubble(text),), advice.case)


def with_platform(reply: Reply, advice: Advice) -> Reply:
    """Return the first reply to a purchase elsewhere: what it can help with, and a button where that was misread.

    `advice` is that for the case after the reply.
    """
    if advice.elsewhere is None:
        return reply
    own = advice.facts.own_platform
    line = text_of("elsewhere", advice, platform=advice.elsewhere, own=own)
    *before, last = with_opening(reply.bubbles, line)
    misread = Button(f"是{own.name}的单", payload("inform", platform_id=own.id))
    return Reply((*before, dataclasses.replace(last, buttons=(*last.buttons[: MOST_BUTTONS - 1], misread))), reply.case)


def with_platform_note(reply: Reply, advice: Advice) -> Reply:
    """Return the answer to a question within such a case, which says whose menus and numbers it names."""
    if advice.elsewhere is None:
        return reply
    note = text_of("elsewhere_note", advice, platform=advice.elsewhere, own=advice.facts.own_platform)
    return Reply(with_note(reply.bubbles, note), reply.case)


def acknowledged_reply(advice: Advice) -> Reply:
    """Return what was heard, what is due in the next days, and what was asked, put again."""
    near = next((due for due in advice.due_dates if due.is_open and due.days_left is not None), None)
    due = near if near and (near.days_left or 0) <= SOON else None
    lines = due_lines([due] if due else [], advice)
    text = text_of("acknowledged", advice, step=advice.step, lines=lines)
    if advice.open_question:
        second, asked = question_bubble(advice.open_question, advice, resumed=True), advice.case
    else:
        (second,), asked = followup(advice, with_others=False)
    return Reply((Bubble(text), second), asked)


def which_refusal_reply(advice: Advice) -> Reply:
    """Ask whether the platform's decision is meant, which is known, or its answer to a complaint since."""
    buttons = (
        Button("官方客服投诉也没用", payload("platform_refused")),
        Button("说的是平台介入", payload("deny")),
    )
    return Reply((Bubble(text_of("which_refusal", advice), buttons),), advice.case)
