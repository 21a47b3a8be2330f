"""Conditions of compensation of which a message speaks without being asked."""

from __future__ import annotations

import re
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
        if any(re.search(cue, text, re.IGNORECASE) for cue in circumstance.no_cues):
            found[name] = False
        elif any(re.search(cue, text, re.IGNORECASE) for cue in circumstance.yes_cues):
            found[name] = True
    return found
