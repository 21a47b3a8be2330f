"""What is said before anything else: in danger, on a trick, on a number that nobody should send."""

from __future__ import annotations

from typing import AbstractSet, Optional, Sequence

from weiquan.advice.advice import Advice
from weiquan.facts.answers import Answer
from weiquan.facts.dangers import Danger
from weiquan.facts.records import Scam
from weiquan.language.masking import KINDS
from weiquan.rendering.fitting import MAX_BUBBLE
from weiquan.replies import cards
from weiquan.replies.bubbles import Bubble, Button, Reply, payload
from weiquan.replies.steps import followup
from weiquan.replies.texts import text_of
from weiquan.replies.topics import answer_text

MOST_DANGERS = 2
"""Dangers spoken of in one bubble: who is in danger reads no more."""


def scam_reply(scam: Scam, advice: Advice) -> Reply:
    """Name the script of swindlers and what to do at once; the case goes on from there."""
    (second,), asked = followup(advice, with_others=False)
    return Reply((Bubble(text_of("scam", advice, scam=scam)), second), asked)


def trick_text(scam: Scam, advice: Advice) -> str:
    """Return a warning of a trick that is no fraud under way (asking to withdraw before paying)."""
    return text_of("trick", advice, scam=scam)


def danger_reply(dangers: Sequence[Danger], advice: Advice, asked: Optional[Answer] = None) -> Reply:
    """Say what to do at once in the most urgent of `dangers` (and the next one), and ask whether it is done.

    What was `asked` besides (「钱能追回来吗」) is answered between the two, where there is room.
    """
    first = dangers[0]
    buttons = (Button(first.yes_title, payload("affirm")), Button(first.no_title, payload("deny")))
    now = text_of("danger", advice, dangers=dangers[:MOST_DANGERS])
    card = cards.danger_card(first, now, advice.facts)
    ask = f"{answer_text(asked, advice)}\n{first.ask}" if asked else first.ask
    return Reply((Bubble(now, card=card), Bubble(ask if len(ask) <= MAX_BUBBLE else first.ask, buttons)), advice.case)


def danger_doubt_text(danger: Danger, advice: Advice) -> str:
    """Return the line above another answer to somebody who may be in `danger`."""
    return text_of("danger_possible", advice, danger=danger)


def danger_met_reply(danger: Danger, advice: Advice) -> Reply:
    """Say what to keep once the urgent thing is done; the case goes on from there, where there is one."""
    met = Bubble(text_of("danger_met", advice, danger=danger))
    if not advice.is_open:
        return Reply((met,), advice.case)
    (second,), asked = followup(advice, with_others=False)
    return Reply((met, second), asked)


def privacy_warning(kinds: AbstractSet[str], advice: Advice) -> str:
    """Return one or two sentences on what was not kept (`kinds` of `mask`) and what to do; "" for no kind."""
    return text_of("privacy", advice, kinds=[kind for kind in KINDS if kind in kinds]) if kinds else ""
