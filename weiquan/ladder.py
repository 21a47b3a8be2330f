"""The ladder: which rung is next for a case."""

from __future__ import annotations

import dataclasses
from typing import FrozenSet, Iterator, Optional, Tuple

from weiquan.case import Case
from weiquan.knowledge import Knowledge
from weiquan.troubles import Rung, Situation, Variant

USUAL_ORDER = ("negotiate", "after_sales", "platform", "platform_complaint", "complaint_12315", "court")


@dataclasses.dataclass(frozen=True)
class Step:
    """The next step: take `rung`; `waiting` is a rung just climbed whose answer is due first.

    `after` is where to go if `rung` fails, None at the top of the ladder.
    """

    rung: Rung
    waiting: Optional[Rung]
    after: Optional[Rung]


def find_variant(case: Case, situation: Situation) -> Optional[Variant]:
    """Return the variant of `situation` that the case names, if it exists."""
    return next((one for one in situation.variants if one.id == case.variant), None)


def ladder_of(case: Case, facts: Knowledge) -> Tuple[str, ...]:
    """Return the rung ids, lowest first, for the case's situation. Raises `KeyError` without one."""
    situation = facts.situations[case.situation or ""]
    variant = find_variant(case, situation)
    return variant.ladder if variant and variant.ladder else situation.ladder


def _heights(ladder: Tuple[str, ...], climbed: FrozenSet[str]) -> Iterator[int]:
    """Yield the heights reached; a rung that this ladder lacks counts at its usual height."""
    for height, rung in enumerate(ladder):
        below = rung in USUAL_ORDER and any(
            one in USUAL_ORDER and USUAL_ORDER.index(rung) < USUAL_ORDER.index(one)
            for one in climbed.difference(ladder)
        )
        if rung in climbed or below:
            yield height


def next_step(case: Case, facts: Knowledge) -> Step:
    """Return the next step for `case`.

    The next rung is the one above the highest rung already climbed: someone
    whom the platform has refused is not sent back to the seller. Where that
    highest rung has not failed yet and an answer is due there, it is returned as `waiting`. On the top
    rung the top rung stays the answer. Raises `KeyError` for a case without a
    known situation.
    """
    ladder = ladder_of(case, facts)
    highest = max(_heights(ladder, case.climbed), default=-1)
    position = min(highest + 1, len(ladder) - 1)
    waiting = None
    if highest >= 0 and ladder[highest] not in case.failed and highest != position:
        waiting = facts.rungs[ladder[highest]] if facts.rungs[ladder[highest]].answer_within else None
    after = facts.rungs[ladder[position + 1]] if position + 1 < len(ladder) else None
    return Step(rung=facts.rungs[ladder[position]], waiting=waiting, after=after)


def is_urgent(case: Case, facts: Knowledge) -> bool:
    """Tell whether danger is under way, so that nothing may stand before the step.

    A variant decides for itself: "the shop cheats" is no fraud under way.
    """
    situation = facts.situations.get(case.situation or "")
    if situation is None:
        return False
    variant = find_variant(case, situation)
    return variant.urgent if variant else situation.urgent
