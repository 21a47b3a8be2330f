"""The cues of `knowledge/` in a text: whose occur, how many."""

from __future__ import annotations

import functools
import re
from typing import Dict, List, Optional, Pattern, Sequence, Tuple

from weiquan.facts.knowledge import Knowledge
from weiquan.reading.scams import find_scam

MAX_CUE_COUNT = 2
"""More cues of one group tell the classifier nothing more."""

FRAUD, OFF_PLATFORM = "impersonation_fraud", "off_platform_payment"


@functools.lru_cache(maxsize=4096)
def _compiled(pattern: str) -> Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


def count_hits(patterns: Sequence[str], text: str, unless_after: Optional[Pattern[str]] = None) -> int:
    """Count the patterns found in `text` that do not follow `unless_after`."""
    if unless_after is None:
        return sum(1 for pattern in patterns if _compiled(pattern).search(text))
    count = 0
    for pattern in patterns:
        for match in _compiled(pattern).finditer(text):
            if not unless_after.search(text[: match.start()]):
                count += 1
                break
    return count


def situation_hits(text: str, facts: Knowledge) -> Dict[str, int]:
    """Return the number of cues of each situation in `text`; a swindlers' script is a cue of fraud."""
    hits = {
        situation.id: count for situation in facts.situations.values() if (count := count_hits(situation.cues, text))
    }
    scam = find_scam(text, facts)
    if scam and scam.alarm and OFF_PLATFORM not in hits:
        hits[FRAUD] = hits.get(FRAUD, 0) + 1
    return hits


def cue_groups(facts: Knowledge) -> List[Tuple[str, Tuple[str, ...]]]:
    """Return (name, patterns) of every situation, question and rung that has cues, in a fixed order."""
    groups = [(situation.id, situation.cues) for situation in facts.situations.values()]
    groups += [(topic.id, topic.cues) for topic in facts.topics.values()]
    groups += [(rung.id, (*rung.done_cues, *rung.failed_cues)) for rung in facts.rungs.values()]
    return [(name, patterns) for name, patterns in groups if patterns]


def cue_counts(text: str, facts: Knowledge) -> List[int]:
    """Return for each of `cue_groups` how many of its patterns `text` holds, at most `MAX_CUE_COUNT`."""
    return [min(count_hits(patterns, text), MAX_CUE_COUNT) for _, patterns in cue_groups(facts)]
