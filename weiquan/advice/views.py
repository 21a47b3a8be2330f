"""A situation as one case sees it: with what its special case says, and the remedy that the shopper wants."""

from __future__ import annotations

from typing import Optional

from weiquan.advice.ladder import find_variant, ladder_of
from weiquan.case.case import Case
from weiquan.facts.case_words import case_words
from weiquan.facts.knowledge import Knowledge
from weiquan.facts.situations import Situation


def fill(text: str, situation: Situation) -> str:
    """Fill {name}, {ask} and {apply_as} of a rung's sentence for `situation` (as `seen_as` its variant)."""
    return (
        text.replace("{name}", situation.name)
        .replace("{ask}", situation.ask)
        .replace("{apply_as}", situation.apply_as or situation.ask)
    )


def wanted(case: Case) -> Optional[str]:
    """Return how the remedy that the shopper wants is asked for, None where none is known."""
    return case_words().remedies.get(case.remedy or "")


def view(case: Case, facts: Knowledge) -> Situation:
    """Return the case's situation with what its variant says of itself. Raises `KeyError` without one.

    The remedy wanted takes the place of the usual one where the seller is asked
    first: what a bank or the police is asked for is no matter of choice.
    """
    situation = facts.situations[case.situation or ""]
    seen = situation.seen_as(find_variant(case, situation))
    asked_for = wanted(case)
    if asked_for is None or not facts.rungs[ladder_of(case, facts)[0]].with_seller:
        return seen
    return seen.copy(update={"ask": asked_for})
