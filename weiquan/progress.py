"""How a case moves: a new report, or word from the seller, the platform, the shopper."""

from __future__ import annotations

import dataclasses
from typing import FrozenSet, Mapping, Optional

from weiquan.case import Case
from weiquan.facts import Situation
from weiquan.knowledge import Knowledge
from weiquan.ladder import ladder_of, next_step
from weiquan.reading import Reading

PROCESS_SITUATIONS: Mapping[str, FrozenSet[str]] = {
    "seller_ignoring": frozenset({"negotiate"}),
    "refund_refused": frozenset({"negotiate"}),
    "complaint_rejected": frozenset(),
}
"""Troubles about how a complaint went. Told within a case they move it along
(the rungs named count as failed); told first they open a case of their own."""

MADE_PROGRESS = frozenset({"affirm", "step_done"})
WAS_REFUSED = frozenset({"seller_refused", "platform_refused", "no_reply_yet"})


def open_case(reading: Reading) -> Case:
    """Return the case that a first message opens."""
    case = Case(situation=reading.situation, variant=reading.variant, others=reading.others)
    case = case.with_rungs(reading.climbed, reading.failed)
    for told in (reading.situation, *reading.others):
        case = _fail(case, told or "")
    return case


def _fail(case: Case, told: str) -> Case:
    """Return the case after a trouble about how the complaint went.

    Ignored or refused is as far as the seller; it goes further where the
    application was made, or where a complaint was handed in.
    """
    case = case.with_rungs(failed=PROCESS_SITUATIONS.get(told, frozenset()))
    if told == "refund_refused" and "after_sales" in case.climbed:
        return case.with_rungs(failed={"after_sales"})
    if told == "complaint_rejected":
        return case.with_rungs(failed=case.climbed)
    return case


def take_report(case: Case, reading: Reading, chosen: Optional[str] = None) -> Case:
    """Return the case after the shopper reports trouble.

    `chosen` is a situation picked by button. Within a case, "the seller does
    not answer" is news of that case; another kind of trouble becomes the main
    one, with the former noted among the others.
    """
    situation = chosen or reading.situation
    if not situation:
        return case.with_rungs(reading.climbed, reading.failed)
    if not case.situation:
        return open_case(dataclasses.replace(reading, situation=situation))
    if not chosen and not reading.is_told:
        return case.with_rungs(reading.climbed, reading.failed)
    if situation == case.situation or (situation in PROCESS_SITUATIONS and not chosen):
        variant = reading.variant if situation == case.situation and reading.variant else case.variant
        moved = dataclasses.replace(case, variant=variant).with_rungs(reading.climbed, reading.failed)
        return moved if situation == case.situation else _fail(moved, situation)
    others = [one for one in (*reading.others, case.situation, *case.others) if one != situation]
    fresh = open_case(dataclasses.replace(reading, situation=situation, others=tuple(dict.fromkeys(others))))
    return fresh


def take_progress(case: Case, intent: str, facts: Knowledge) -> Case:
    """Return the case after a short piece of news (`seller_refused`, `step_done` …).

    What the news is about is the rung last asked about, else the one waited
    for, else the next one. A refusal by the seller also fails the application
    where one was made, and never a rung above the one in question.
    """
    if case.situation not in facts.situations:
        return case
    ladder = ladder_of(case, facts)
    step = next_step(case, facts)
    about = case.asked if case.asked in ladder else (step.waiting or step.rung).id
    if intent == "no_reply_yet" and facts.rungs[about].answer_within and about not in case.climbed:
        # Handed in and not answered yet: that is waiting, not failure.
        intent = "step_done"
    if intent in MADE_PROGRESS:
        return dataclasses.replace(case.with_rungs(climbed={about}), asked=None)
    if intent not in WAS_REFUSED:
        return case
    if intent == "platform_refused" and "platform" in ladder and ladder.index(about) < ladder.index("platform"):
        about = "platform"
    elif intent == "seller_refused" and about in ladder and "after_sales" in ladder:
        # A seller can refuse no further up than the application.
        about = ladder[min(ladder.index(about), ladder.index("after_sales"))]
    return dataclasses.replace(case.with_rungs(failed={about}), asked=None)


def situation_of_intent(intent: str, facts: Knowledge) -> Optional[Situation]:
    """Return the default situation of a `report_` intent, or None."""
    return next((one for one in facts.situations.values() if one.intent == intent and one.default), None)
