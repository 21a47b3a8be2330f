"""What is said before anything else: on words of dying, on a trick, on a number that nobody should send."""

from __future__ import annotations

import datetime
from typing import AbstractSet

from weiquan.case.case import Case
from weiquan.facts.knowledge import Knowledge
from weiquan.facts.records import Scam
from weiquan.language.masking import KINDS
from weiquan.rendering.render import render
from weiquan.replies.bubbles import Bubble
from weiquan.replies.steps import Answer, followup


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


def privacy_warning(kinds: AbstractSet[str], facts: Knowledge, today: datetime.date) -> str:
    """Return one or two sentences on what was not kept (`kinds` of `mask`) and what to do; "" for no kind."""
    if not kinds:
        return ""
    return render("privacy", facts, today, kinds=[one for one in KINDS if one in kinds])
