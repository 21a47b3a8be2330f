"""Conditions of compensation of which a message speaks without being asked."""

from __future__ import annotations

from typing import Dict

from weiquan.advice.compensation import rules_for
from weiquan.case.case import Case
from weiquan.facts.knowledge import Knowledge


def find_circumstances(text: str, case: Case, facts: Knowledge) -> Dict[str, bool]:
    """Return what `text` (normalised) tells, without being asked, of the circumstances that bear on the case."""
    named = {name for rule in rules_for(case, facts) for name in rule.circumstances()}
    found: Dict[str, bool] = {}
    for name in named:
        circumstance = facts.circumstances[name]
        if facts.phrases(circumstance.no_phrases).found_in(text):
            found[name] = False
        elif facts.phrases(circumstance.yes_phrases).found_in(text, unless_asked=True):
            found[name] = True
    return found
