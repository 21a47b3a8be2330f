"""What is said before anything else: on words of dying, on a trick, on a number that nobody should send."""

from __future__ import annotations

from typing import AbstractSet

from weiquan.advice.advice import Advice
from weiquan.facts.records import Scam
from weiquan.language.masking import KINDS
from weiquan.replies.bubbles import Bubble, Reply
from weiquan.replies.steps import followup
from weiquan.replies.texts import text_of


def scam_reply(scam: Scam, advice: Advice) -> Reply:
    """Name the script of swindlers and what to do at once; the case goes on from there."""
    (second,), asked = followup(advice, with_others=False)
    return Reply((Bubble(text_of("scam", advice, scam=scam)), second), asked)


def trick_text(scam: Scam, advice: Advice) -> str:
    """Return a warning of a trick that is no fraud under way (asking to withdraw before paying)."""
    return text_of("trick", advice, scam=scam)


def crisis_text(advice: Advice) -> str:
    """Return what is said first to somebody who speaks of dying."""
    return text_of("crisis", advice)


def privacy_warning(kinds: AbstractSet[str], advice: Advice) -> str:
    """Return one or two sentences on what was not kept (`kinds` of `mask`) and what to do; "" for no kind."""
    return text_of("privacy", advice, kinds=[kind for kind in KINDS if kind in kinds]) if kinds else ""
