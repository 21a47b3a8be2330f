"""The other side offers, wants or does something in the middle of a complaint that is neither a yes nor a no."""

from __future__ import annotations

import dataclasses
from typing import Optional, Sequence

from weiquan.advice.due_date import was_sent_back
from weiquan.advice.ladder import ladder_of
from weiquan.case.case import Case
from weiquan.case.events import EVENTS
from weiquan.dialogue.developments import take_development
from weiquan.dialogue.news import SIDES, is_acknowledgement
from weiquan.dialogue.reports import take_report
from weiquan.facts.knowledge import Knowledge
from weiquan.facts.situations import Development
from weiquan.handlers.context import HUMAN, UNCLEAR, Context, Outcome, is_question
from weiquan.reading.details import Entity
from weiquan.reading.message import Message
from weiquan.reading.requests import is_asking
from weiquan.reading.situations import NEWS_POSSIBLE, NEWS_TOLD, TOPIC_TOLD
from weiquan.replies.developments import development_doubt_reply, development_reply, which_development_reply
from weiquan.replies.steps import progress_reply

DEVELOPMENT = "development"
NEGOTIATE = "negotiate"
WITH_SELLER = frozenset({"offered", "demanded", "refunded_part", "return_refused_at_door"})
"""Developments after which it is the seller whose answer is asked for."""
RETURN_RECEIVED = "return_received"
SHORT_ANSWER = 10
"""Characters up to which a yes or a no is the answer to a development: a longer message says more than that."""
YES, NO = frozenset({"affirm", "step_done"}), frozenset({"deny"})
DEVELOPMENT_TOLD = 0.6
"""From this probability on its advice is given: less than for other news, for it changes nothing and asks."""
NEAR = 0.2
"""Of two developments nearer than this neither is taken without a question."""
MAY_BE_ONE = frozenset({*SIDES.values(), *UNCLEAR})
"""Intents under which a development that is possible is asked about (「您是说…？」)."""


def development(context: Context) -> Optional[Outcome]:
    """Say what to do about an offer, a demand and the like, and ask how the shopper answers it."""
    message, facts, before = context.message, context.facts, context.case
    told = _told(context, DEVELOPMENT_TOLD)
    if not context.advice.is_open or _asks_something_else(context):
        return None
    if told is None:
        tapped = _tapped(context)
        if tapped is not None:
            return tapped
        possible = _told(context, NEWS_POSSIBLE) if message.intent in MAY_BE_ONE and not _is_answered(message) else None
        return Outcome(development_doubt_reply(possible, context.advice)) if possible else None
    rivals = _as_likely(context)
    if len(rivals) > 1:
        return Outcome(which_development_reply(rivals, message, context.advice))
    reading = message.passing_within(before)
    # An offer or a demand is no other trouble; a return may be.
    reported = take_report(before, reading, facts) if told.stage else before
    # Who offers less than was asked for has not refused yet: 「他只肯退我50」.
    case = context.with_details(reported).with_rungs(reading.climbed)
    case = take_development(case, told, message)
    asked = _with_whom(case, facts) or (NEGOTIATE if told.id in WITH_SELLER else None)
    case = dataclasses.replace(case, development=told.id, asked=told.rung or asked, question=None)
    return Outcome(development_reply(told, message, context.advice.of(case)))


def _tapped(context: Context) -> Optional[Outcome]:
    """Take what the button of a development told: news that have no advice of their own, or an event of today."""
    message, facts, case = context.message, context.facts, context.case
    name = message.value("development")
    if name is None:
        return None
    climbed = {rung.id for rung in facts.rungs.values() if name in rung.done_by}
    failed = {rung.id for rung in facts.rungs.values() if name in rung.failed_by}
    moved = case.with_rungs(climbed, failed)
    if name in EVENTS:
        moved = dataclasses.replace(moved, dates={**moved.dates, name: message.today})
    moved = dataclasses.replace(moved, development=None, asked=None)
    return Outcome(progress_reply(context.advice.of(moved), news=moved != case))


def _with_whom(case: Case, facts: Knowledge) -> Optional[str]:
    """Return the highest rung taken at which the seller decides and has not refused: a refusal is one there."""
    pending = case.climbed - case.failed
    taken = [rung for rung in ladder_of(case, facts) if rung in pending and facts.rungs[rung].with_seller]
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
    if intent in YES and is_acknowledgement(context.message.text) and not asked.heard_is_yes:
        return None
    meant = asked.answers[0 if intent in YES else 1]
    tapped = (Entity(DEVELOPMENT, meant.event, 0, 0),) if meant.event else ()
    # What it answers is known now: nothing else is read of so short a message.
    return dataclasses.replace(context.message, text="", intent=meant.tells, entities=tapped)


def _told(context: Context, least: float) -> Optional[Development]:
    """Return the development of a probability of `least` that goes first, or the one that a button names."""
    message, developments = context.message, context.facts.developments
    news = dict(message.found.news)
    if not message.text:
        return developments.get(message.value(DEVELOPMENT) or "")
    likely = (told for told in developments.values() if _says(told, context) or news.get(told.id, 0.0) >= least)
    return next((told for told in likely if _can_be(told, context)), None)


def _can_be(development: Development, context: Context) -> bool:
    """Tell whether it can have happened: the seller signs for nothing that was not sent back."""
    if development.id != RETURN_RECEIVED:
        return True
    message, case = context.message, context.case
    goes_back = "sent_back" in message.found.news_told or message.details.stage == "returned"
    return goes_back or was_sent_back(case, context.facts)


def _as_likely(context: Context) -> Sequence[Development]:
    """Return the developments that the message may tell where the reader does not know which of two: 「只退了我60」."""
    news = dict(context.message.found.news)
    ranked = sorted(context.facts.developments.values(), key=lambda told: -news.get(told.id, 0.0))[:2]
    first, second = (news.get(told.id, 0.0) for told in ranked)
    is_open = first < NEWS_TOLD and second >= NEWS_POSSIBLE and first - second < NEAR
    return ranked if is_open else ranked[:1]


def _says(development: Development, context: Context) -> bool:
    """Tell whether the message tells an event of the case by its words."""
    is_possible = development.while_told is None or development.while_told in context.case.dates
    if not development.phrases or not is_possible or is_asking(context.message.text):
        return False
    not_done = context.facts.words("not_done")
    return context.facts.phrases(development.phrases).found_in(context.message.text, unless_after=not_done)


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
