"""A shopper tells what went wrong."""

from __future__ import annotations

import dataclasses
from typing import Optional

from weiquan.case.case import Case
from weiquan.dialogue.reports import take_report
from weiquan.handlers.context import Context, Outcome
from weiquan.reading.situations import is_report
from weiquan.replies.buttons import with_near
from weiquan.replies.plan import case_reply
from weiquan.replies.talk import doubt_reply
from weiquan.replies.topics import answer_reply, topic_reply


def report(context: Context) -> Optional[Outcome]:
    """Answer a trouble with the next step; a question in it comes first, in what is urgent after the step."""
    message, before, facts = context.message, context.case, context.facts
    if not is_report(message.intent):
        return None
    chosen = message.value("situation")
    if not message.text and chosen not in facts.situations:
        default = facts.default_situation(message.intent)
        chosen = default.id if default else None
    chosen = chosen if chosen in facts.situations else None
    reading = message.reading
    if before.situation is None and not chosen and not reading.is_sure and not message.tells_trouble:
        return Outcome(doubt_reply(message.likely_troubles or (str(reading.situation),), context.advice))
    if message.value("instead_of") == before.situation:
        before = _without_trouble(before, context)
    case = context.with_details(take_report(before, reading, facts, chosen, message.value("variant")))
    advice = context.advice.of(case)
    is_new = case.situation != before.situation
    is_told_now = is_new and not chosen
    if is_told_now and message.question_besides:
        reply = answer_reply(
            facts.answers[message.question_besides], advice, with_step=True, besides=message.fine_question.besides
        )
    elif is_told_now and reading.topic in facts.topics and not advice.is_urgent:
        reply = topic_reply(reading.topic or "", advice, with_step=True)
    else:
        reply = case_reply(before, advice)
    return Outcome(with_near(reply, reading.near, facts) if is_new and not chosen else reply)


def _without_trouble(case: Case, context: Context) -> Case:
    """Return the case without its trouble, which was misread, and without the rungs that failed by it alone."""
    misread = context.facts.situations.get(case.situation or "")
    untrue = frozenset(misread.fails if misread else ())
    return dataclasses.replace(
        case, situation=None, variant=None, climbed=case.climbed - untrue, failed=case.failed - untrue
    )
