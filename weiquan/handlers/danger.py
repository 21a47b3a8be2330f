"""Something happens to somebody right now: that is met first, whatever was asked and whichever case is open."""

from __future__ import annotations

import dataclasses
import itertools
from typing import Optional, Tuple

from weiquan.case.case import Case
from weiquan.dialogue.reports import take_report
from weiquan.facts.dangers import Danger
from weiquan.handlers.context import UNCLEAR, Context, Outcome
from weiquan.reading.prices import bare_amount
from weiquan.reading.requests import is_asking
from weiquan.replies.urgent import danger_met_reply, danger_reply

DONE, NOT_DONE = frozenset({"affirm", "step_done"}), frozenset({"deny", "dont_know", "skip", *UNCLEAR})


def danger(context: Context) -> Optional[Outcome]:
    """Say what to do at once, and ask whether it is done; the case of the danger is opened beside."""
    facts = context.facts
    found = [facts.dangers[kind] for kind in facts.dangers if kind in context.message.dangers]
    # A bare amount says nothing by itself: it answers what was asked.
    if not found or bare_amount(context.message.text) is not None:
        return None
    if context.case.danger == found[0].id and context.message.passing.climbed.intersection(found[0].settles):
        # 「已经送医院了」 tells of the same danger that what it called for is done.
        return None
    case = _opened(found[0], context)
    case = dataclasses.replace(case, danger=found[0].id, asked=None, question=None)
    message = context.message
    asked = facts.answers.get(message.question_besides or "") if is_asking(message.text) else None
    return Outcome(danger_reply(found, context.advice.of(case), asked))


def danger_answered(context: Context) -> Optional[Outcome]:
    """Take the answer to what a danger asked: what is done is followed by what to keep, what is not by what to do."""
    asked = context.facts.dangers.get(context.case.danger or "")
    intent = context.message.intent
    # Once something else was asked, an answer is about that.
    is_open = context.case.asked is None and context.case.question is None
    if asked is None or not is_open:
        return None
    # 「看过医生了」 names what was called for, whatever the intent; 「打了12315」 something else.
    named = context.message.passing.climbed
    if named and not named.intersection(asked.settles):
        return None
    if intent in UNCLEAR and is_asking(context.message.text):
        return None
    if not named and intent not in DONE:
        return Outcome(danger_reply([asked], context.advice)) if intent in NOT_DONE else None
    settled = dataclasses.replace(context.case, danger=None).with_rungs(climbed=_settled(asked, context))
    return Outcome(danger_met_reply(asked, context.advice.of(settled)))


def _settled(danger: Danger, context: Context) -> Tuple[str, ...]:
    """Return the rungs taken with what `danger` called for: those at the foot of its ladder, skipping none."""
    if not context.advice.is_open:
        return ()
    return tuple(itertools.takewhile(lambda rung: rung in danger.settles, context.advice.ladder))


def _opened(danger: Danger, context: Context) -> Case:
    """Return the case that `danger` belongs to: the trouble told, else an urgent one at hand, else its usual one."""
    reading, usual = context.message.reading, next(iter(danger.cases), None)
    told = reading.situation if reading.is_sure and not danger.own_case else None
    if told is None and (usual is None or (context.advice.is_urgent and not danger.own_case)):
        return context.case
    situation = told or str(usual and usual.situation)
    special = next((case.variant for case in danger.cases if case.situation == situation), None)
    variant = (reading.variant if told else None) or special
    return context.with_details(take_report(context.case, reading, context.facts, situation, variant))
