"""The ladder: which rung is next for a case."""

from __future__ import annotations

import dataclasses
from typing import FrozenSet, Optional, Tuple

from weiquan.case.case import Case
from weiquan.facts.decision_table import ladder_for
from weiquan.facts.knowledge import Knowledge
from weiquan.facts.situations import Rung, Situation, Variant


@dataclasses.dataclass(frozen=True)
class Step:
    """The next step: take `rung`; `waiting` is a rung just climbed whose answer is due first.

    `after` is where to go if `rung` fails, None at the top of the ladder.
    `reasons` says why in one or two sentences, `rule` is the id of the row of
    `knowledge/decisions.yml` that decided.
    """

    rung: Rung
    waiting: Optional[Rung]
    after: Optional[Rung]
    reasons: Tuple[str, ...]
    rule: str


def find_variant(case: Case, situation: Situation) -> Optional[Variant]:
    """Return the variant of `situation` that the case names, if it exists."""
    return next((variant for variant in situation.variants if variant.id == case.variant), None)


def ladder_of(case: Case, facts: Knowledge) -> Tuple[str, ...]:
    """Return the rung ids, lowest first, for the case's situation. Raises `KeyError` without one."""
    situation = facts.situations[case.situation or ""]
    return ladder_for(situation, find_variant(case, situation))


def highest_taken(ladder: Tuple[str, ...], climbed: FrozenSet[str], usual: Tuple[str, ...]) -> int:
    """Return the greatest height reached on `ladder`, -1 on the ground.

    A rung that this ladder lacks counts at its height on the `usual` one: what lies below it has been passed.
    """
    elsewhere = [usual.index(rung) for rung in climbed.difference(ladder) if rung in usual]
    passed = frozenset(usual[: max(elsewhere, default=0)])
    return max((height for height, rung in enumerate(ladder) if rung in climbed or rung in passed), default=-1)


def agreed_rung(outcome: str, asked: Optional[str], facts: Knowledge) -> str:
    """Return the rung at which somebody agreed (`outcome`: SELLER_AGREED or PLATFORM_AGREED).

    The one last `asked` about where that can come of it, else the first of which it can.
    """
    possible = [rung.id for rung in facts.rungs.values() if outcome in {answer.tells for answer in rung.outcomes}]
    return asked if asked in possible else possible[0]


def is_urgent(case: Case, facts: Knowledge) -> bool:
    """Tell whether danger is under way, so that nothing may stand before the step.

    A variant decides for itself: "the shop cheats" is no fraud under way.
    """
    situation = facts.situations.get(case.situation or "")
    if situation is None:
        return False
    variant = find_variant(case, situation)
    return variant.urgent if variant else situation.urgent
