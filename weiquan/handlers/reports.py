"""A shopper tells what went wrong."""

from __future__ import annotations

from typing import Optional

from weiquan.dialogue.reports import take_report
from weiquan.handlers.context import Context, Outcome
from weiquan.reading.situations import is_report
from weiquan.replies.plan import case_reply
from weiquan.replies.topics import topic_reply


def report(context: Context) -> Optional[Outcome]:
    """Answer a trouble with the next step; a question in it comes first, but not in danger."""
    message, before, facts = context.message, context.case, context.facts
    if not is_report(message.intent):
        return None
    chosen = message.value("situation")
    if not message.text and chosen not in facts.situations:
        default = facts.default_situation(message.intent)
        chosen = default.id if default else None
    chosen = chosen if chosen in facts.situations else None
    reading = message.reading
    case = context.with_details(take_report(before, reading, facts, chosen, message.value("variant")))
    advice = context.advice.of(case)
    is_new = case.situation != before.situation
    if is_new and reading.topic in facts.topics and not chosen and not advice.is_urgent:
        return Outcome(topic_reply(reading.topic or "", advice, with_step=True))
    return Outcome(case_reply(before, advice))
