"""Counting the cues of `knowledge/` (regular expressions) in a text."""

from __future__ import annotations

import functools
import re
from typing import Optional, Pattern, Sequence


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
