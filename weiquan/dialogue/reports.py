"""A trouble told: it opens a case, or is news of the one at hand."""

from __future__ import annotations

import dataclasses
from typing import FrozenSet, Mapping, Optional

from weiquan.advice.ladder import is_urgent
from weiquan.case.case import Case
from weiquan.facts.knowledge import Knowledge
from weiquan.reading.situations import Reading

PROCESS_SITUATIONS: Mapping[str, FrozenSet[str]] = {
    "seller_ignoring": frozenset({"negotiate"}),
    "refund_refused": frozenset({"negotiate"}),
    "complaint_rejected": frozenset(),
    "bad_service": frozenset(),
}
"""Troubles about how a complaint went. Told within a case they move it along
(the rungs named count as failed); told first they open a case of their own."""

COMPLAINTS = frozenset({"platform", "platform_complaint", "complaint_12315"})
"""Rungs of which "the complaint was in vain" can be said without naming one."""


def open_case(reading: Reading, before: Optional[Case] = None) -> Case:
    """Return the case that a message opens; what was told of the order (`before`) stays true."""
    case = dataclasses.replace(
        before or Case(),
        situation=reading.situation,
        variant=reading.variant,
        others=reading.others,
        climbed=reading.climbed | reading.failed,
        failed=reading.failed,
        asked=None,
        question=None,
    )
    for told in (reading.situation, *reading.others):
        if told not in reading.supposed:
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
        # 「平台投诉了，没用」 answers whether the platform was complained to.
        return case.with_rungs(failed=case.climbed | ({case.asked or ""} & COMPLAINTS))
    return case


def take_report(
    case: Case, reading: Reading, facts: Knowledge, chosen: Optional[str] = None, variant: Optional[str] = None
) -> Case:
    """Return the case after the shopper reports trouble.

    `chosen` (with `variant`) is a situation picked by button. Within a case, "the seller does
    not answer" is news of that case; another kind of trouble becomes the main
    one, with the former noted among the others.
    """
    if variant:
        reading = dataclasses.replace(reading, variant=variant)
    situation = chosen or reading.situation
    if not situation:
        return case.with_rungs(reading.climbed, reading.failed)
    if not case.situation:
        return open_case(dataclasses.replace(reading, situation=situation), case)
    if not chosen and not reading.is_told:
        return case.with_rungs(reading.climbed, reading.failed)
    danger = is_urgent(Case(situation, reading.variant), facts)
    if situation == case.situation or (situation in PROCESS_SITUATIONS and not chosen and not danger):
        variant = reading.variant if situation == case.situation and reading.variant else case.variant
        moved = dataclasses.replace(case, variant=variant).with_rungs(reading.climbed, reading.failed)
        if situation == case.situation:
            return moved
        noticed = tuple(dict.fromkeys((*moved.others, situation)))
        return _fail(dataclasses.replace(moved, others=noticed), situation)
    others = [one for one in (*reading.others, case.situation, *case.others) if one != situation]
    others = list(dict.fromkeys(others))
    return open_case(dataclasses.replace(reading, situation=situation, others=tuple(others)), case)
