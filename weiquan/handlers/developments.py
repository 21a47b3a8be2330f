"""The other side offers, wants or does something in the middle of a complaint that is neither a yes nor a no."""

from __future__ import annotations

import dataclasses
from typing import Optional

from weiquan.advice.ladder import ladder_of
from weiquan.case.case import Case
from weiquan.dialogue.news import SIDES
from weiquan.dialogue.reports import take_report
from weiquan.facts.knowledge import Knowledge
from weiquan.facts.situations import Development
from weiquan.handlers.context import HUMAN, UNCLEAR, Context, Outcome, is_question
from weiquan.reading.message import Message
from weiquan.reading.situations import NEWS_POSSIBLE, TOPIC_TOLD
from weiquan.replies.developments import development_doubt_reply, development_reply

SHORT_ANSWER = 10
"""Characters up to which a yes or a no is the answer to a development: a longer message says more than that."""
YES, NO = frozenset({"affirm", "step_done"}), frozenset({"deny"})
DEVELOPMENT_TOLD = 0.6
"""From this probability on its advice is given: less than for other news, for it changes nothing and asks."""
MAY_BE_ONE = frozenset({*SIDES.values(), *UNCLEAR})
"""Intents under which a development that is possible is asked about (「您是说…？」)."""


def development(context: Context) -> Optional[Outcome]:
    """Say what to do about an offer, a demand and the like, and ask how the shopper answers it."""
    message, facts, before = context.message, context.facts, context.case
    told = _told(context, DEVELOPMENT_TOLD)
    if not context.advice.is_open or _asks_something_else(context):
        return None
    if told is None:
        possible = _told(context, NEWS_POSSIBLE) if message.intent in MAY_BE_ONE and not _is_answered(message) else None
        return Outcome(development_doubt_reply(possible, context.advice)) if possible else None
    reading = message.passing_within(before)
    # Who offers less than was asked for has not refused yet: 「他只肯退我50」.
    case = context.with_details(take_report(before, reading, facts)).with_rungs(reading.climbed)
    case = dataclasses.replace(case, development=told.id, asked=_with_whom(case, facts), question=None)
    return Outcome(development_reply(told, message, context.advice.of(case)))


def _with_whom(case: Case, facts: Knowledge) -> Optional[str]:
    """Return the highest rung taken at which the seller decides: a refusal after an offer is one there."""
    taken = [rung for rung in ladder_of(case, facts) if rung in case.climbed and facts.rungs[rung].with_seller]
    return taken[-1] if taken else None


def answer(context: Context) -> Optional[Message]:
    """Return the message as the answer that it is to the question of the development just asked about, None if none.

    「不接受」 is a refusal then, whatever a bare no means elsewhere.
    """
    asked = context.facts.developments.get(context.case.development or "")
    intent = context.message.intent
    is_long = len(context.message.text) > SHORT_ANSWER
    if asked is None or intent not in YES | NO or is_long or context.case.danger:
        return None
    return dataclasses.replace(context.message, intent=asked.answers[0 if intent in YES else 1].tells)


def _told(context: Context, least: float) -> Optional[Development]:
    """Return the development of a probability of `least` that goes first, or the one that a button names."""
    developments, news = context.facts.developments, dict(context.message.found.news)
    named = developments.get(context.message.value("development") or "")
    return named or next((told for told in developments.values() if news.get(told.id, 0.0) >= least), None)


def _is_answered(message: Message) -> bool:
    """Tell whether the message surely says yes, no or nothing on somebody's behalf: no development is looked for."""
    return bool(message.found.news_told.intersection(SIDES))


def _asks_something_else(context: Context) -> bool:
    """Tell whether the message asks a question of its own: it is answered, and the development waits."""
    message, topic = context.message, context.facts.topics.get(context.message.intent)
    if message.intent == HUMAN:
        return True
    is_told = topic is not None and topic.told_by_developments
    return is_question(message.intent) and not is_told and message.confidence >= TOPIC_TOLD
