"""Known scripts of swindlers."""

from __future__ import annotations

from typing import Optional

from weiquan.facts.knowledge import Knowledge
from weiquan.facts.records import Scam


def find_scam(text: str, facts: Knowledge) -> Optional[Scam]:
    """Return the known swindlers' script that `text` (normalised) describes, or None."""
    return next((scam for scam in facts.scams.values() if facts.phrases(scam.phrases).found_in(text)), None)
