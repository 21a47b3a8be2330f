"""Print the patterns that take longest on the strings made for them: `python -m tests.hostile.measure`.

Each line is «milliseconds of CPU, place, start of the string, pattern». Exit code 1 where one takes over `LIMIT`.
"""

from __future__ import annotations

import re
import signal
import sys
import time
from types import FrameType
from typing import List, Optional, Tuple

from tests.hostile.pumps import hostile_strings
from tests.hostile.recorder import record
from weiquan.language.normalisation import MAX_LENGTH

LIMIT = 0.05
"""Seconds of CPU for one pattern and one string."""
_GIVE_UP = 0.5


class TooSlow(Exception):
    """A search was stopped."""


def _stop(number: int, frame: Optional[FrameType]) -> None:
    raise TooSlow


def seconds(pattern: re.Pattern[str], text: str) -> float:
    """Return the CPU time of searching all of `text`; after `_GIVE_UP` the search is stopped."""
    signal.signal(signal.SIGPROF, _stop)
    began = time.process_time()
    signal.setitimer(signal.ITIMER_PROF, _GIVE_UP)
    try:
        for _ in pattern.finditer(text):
            pass
        pattern.match(text)
    except TooSlow:
        pass
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
    return time.process_time() - began


def measure() -> Tuple[int, List[Tuple[float, str, str, str]]]:
    """Return the number of patterns, and the slowest string of each, slowest first."""
    patterns = record()
    found = []
    for pattern, place in patterns.items():
        worst, text = 0.0, ""
        for string in hostile_strings(pattern, MAX_LENGTH):
            spent = seconds(pattern, string)
            if spent > worst:
                worst, text = spent, string
            if worst > _GIVE_UP:
                break
        if worst > LIMIT < _GIVE_UP:
            worst = min(worst, seconds(pattern, text), seconds(pattern, text))
        found.append((worst, place, text[:40], pattern.pattern[:100]))
    return len(patterns), sorted(found, reverse=True)


def main() -> int:
    """Print the count and the slowest ones."""
    count, found = measure()
    slow = [row for row in found if row[0] > LIMIT]
    for spent, place, text, pattern in slow or found[:5]:
        print(f"{spent * 1000:.0f} ms\t{place}\t{text!r}\t{pattern!r}")
    print(f"{count} patterns, {len(slow)} over {LIMIT * 1000:.0f} ms")
    return 1 if slow or not count else 0


if __name__ == "__main__":
    sys.exit(main())
