"""Which steps a message tells as taken, failed, or not taken."""

from __future__ import annotations

from typing import FrozenSet, Set, Tuple

from weiquan.facts.knowledge import Knowledge


def find_steps(text: str, news: FrozenSet[str], facts: Knowledge) -> Tuple[FrozenSet[str], FrozenSet[str]]:
    """Return (climbed, failed) rung ids that `text` tells, with the `news` in it; "还没申请售后" tells none."""
    failed: Set[str] = set()
    climbed: Set[str] = set()
    not_done = facts.words("not_done")
    for rung in facts.rungs.values():
        if news.intersection(rung.failed_by) or facts.phrases(rung.failed_phrases).found_in(text):
            failed.add(rung.id)
        told = facts.phrases(rung.done_phrases).found_in(text, unless_after=not_done, unless_asked=True)
        if told or news.intersection(rung.done_by):
            climbed.add(rung.id)
    return frozenset(climbed | failed), frozenset(failed)


def find_steps_denied(text: str, facts: Knowledge) -> FrozenSet[str]:
    """Return the rung ids of which `text` (normalised) says that they were not taken."""
    return frozenset(rung.id for rung in facts.rungs.values() if facts.phrases(rung.denied_phrases).found_in(text))
