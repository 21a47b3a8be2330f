"""Greeting, anger, who are you; and what was not understood, in two stages."""

from __future__ import annotations

from typing import Optional

from weiquan.handlers.context import Context, Outcome
from weiquan.papers.addresses import questions_url
from weiquan.replies.cases import overview_reply
from weiquan.replies.steps import comfort_reply
from weiquan.replies.talk import (
    clarify_reply,
    decline_reply,
    doubt_reply,
    introduction_reply,
    menu_reply,
    welcome_reply,
)

DOUBTFUL = 0.4
"""Below this confidence "out of scope" is asked back rather than declined."""


def talk(context: Context) -> Optional[Outcome]:
    """Greet, with the case recalled where there is one; say who the bot is; meet anger with one human sentence."""
    advice, past = context.advice, context.state.past
    if context.message.intent == "greet":
        if context.case.situation is None and not past:
            return Outcome(welcome_reply(advice))
        return Outcome(overview_reply(advice, past, recalled=True))
    if context.message.intent == "bot_challenge":
        return Outcome(context.with_open_question(introduction_reply(advice, questions_url())))
    if context.message.intent == "express_frustration":
        return Outcome(comfort_reply(advice))
    return None


def decline(context: Context) -> Optional[Outcome]:
    """Say in one sentence what the bot is for; a doubtful reading, or a trace of a trouble, gives way to a question."""
    message = context.message
    if message.intent != "out_of_scope":
        return None
    if context.case.situation is None and message.likely_troubles:
        # Something bought may be behind it: that is asked, not turned away.
        return Outcome(doubt_reply(message.likely_troubles, context.advice))
    if context.case.situation is None and message.confidence < DOUBTFUL:
        return Outcome(clarify_reply(message.ranking, message.text, context.advice))
    return Outcome(decline_reply(message.text, context.advice))


def clarify(context: Context) -> Outcome:
    """Offer the likeliest readings; the second time in a row, the menu and human channels."""
    if context.state.unclear > 1:
        return Outcome(menu_reply(context.advice))
    return Outcome(clarify_reply(context.message.ranking, context.message.text, context.advice))
