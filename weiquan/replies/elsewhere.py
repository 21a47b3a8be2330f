"""What is said of a purchase on a platform whose menus the bot does not know."""

from __future__ import annotations

import dataclasses

from weiquan.advice.advice import Advice
from weiquan.facts.platforms import Platform
from weiquan.replies.bubbles import Button, Reply, payload, with_note, with_opening
from weiquan.replies.buttons import MOST_BUTTONS
from weiquan.replies.texts import text_of


def with_platform(reply: Reply, advice: Advice) -> Reply:
    """Return the first reply to a purchase elsewhere: what it can help with, and a button where that was misread.

    `advice` is that for the case after the reply.
    """
    if advice.elsewhere is None:
        return reply
    own = _own(advice)
    line = text_of("elsewhere", advice, platform=advice.elsewhere, own=own)
    *before, last = with_opening(reply.bubbles, line)
    misread = Button(f"是{own.name}的单", payload("inform", platform_id=own.id))
    return Reply((*before, dataclasses.replace(last, buttons=(*last.buttons, misread)[-MOST_BUTTONS:])), reply.case)


def with_platform_note(reply: Reply, advice: Advice) -> Reply:
    """Return the answer to a question within such a case, which says whose menus and numbers it names."""
    if advice.elsewhere is None:
        return reply
    note = text_of("elsewhere_note", advice, platform=advice.elsewhere, own=_own(advice))
    return Reply(with_note(reply.bubbles, note), reply.case)


def _own(advice: Advice) -> Platform:
    return next(platform for platform in advice.facts.platforms.values() if platform.own)
