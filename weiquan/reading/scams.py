"""Known scripts of swindlers."""

from __future__ import annotations

import re
from typing import Optional

from weiquan.facts.knowledge import Knowledge
from weiquan.facts.records import Scam


def find_scam(text: str, facts: Knowledge) -> Optional[Scam]:
    """Return the known swindlers' script that `text` describes, or None."""
    for scam in facts.scams.values():
        if any(re.search(cue, text, re.IGNORECASE) for cue in scam.cues):
            return scam
    return None
