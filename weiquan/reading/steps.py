"""Which steps a message tells as taken, failed, or not taken."""

from __future__ import annotations

import re
from typing import FrozenSet, Set, Tuple

from weiquan.facts.knowledge import Knowledge
from weiquan.language.clauses import MARKS
from weiquan.reading.cues import count_hits

_NOT_DONE_YET = re.compile(rf"(没|未|怎么|如何|想|准备|打算|别|不要|是否|能不能|可以|需要|该|先)[^{MARKS}]{{0,3}}\Z")


def find_steps(text: str, news: FrozenSet[str], facts: Knowledge) -> Tuple[FrozenSet[str], FrozenSet[str]]:
    """Return (climbed, failed) rung ids that `text` tells, with the `news` in it; "还没申请售后" tells none."""
    failed: Set[str] = set()
    climbed: Set[str] = set()
    for rung in facts.rungs.values():
        if news.intersection(rung.failed_by) or count_hits(rung.failed_cues, text):
            failed.add(rung.id)
        if news.intersection(rung.done_by) or count_hits(rung.done_cues, text, unless_after=_NOT_DONE_YET):
            climbed.add(rung.id)
    return frozenset(climbed | failed), frozenset(failed)


def find_steps_denied(text: str, facts: Knowledge) -> FrozenSet[str]:
    """Return the rung ids of which `text` (normalised) says that they were not taken."""
    return frozenset(rung.id for rung in facts.rungs.values() if count_hits(rung.denied_cues, text))
