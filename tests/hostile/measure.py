"""Print the patterns that take longest on the strings made for them: `python -m tests.hostile.measure`.

Each line is «milliseconds of CPU, place, start of the string, pattern». Exit code 1 where one takes over `LIMIT`.
The last line holds all patterns as JSON, a list of [file, pattern].
"""

from __future__ import annotations

import json
import re
import signal
import sys
import time
from types import FrameType
from typing import Dict, List, Optional, Tuple

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


def measure(patterns: Dict[re.Pattern[str], str]) -> List[Tuple[float, str, str, str]]:
    """Return the slowest string of each of `patterns` (with their places), slowest first."""
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
    return sorted(found, reverse=True)


def main() -> int:
    """Print the slowest ones, their count, and all there are."""
    patterns = record()
    found = measure(patterns)
    slow = [row for row in found if row[0] > LIMIT]
    for spent, place, text, pattern in slow or found[:5]:
        print(f"{spent * 1000:.0f} ms\t{place}\t{text!r}\t{pattern!r}")
    print(f"{len(patterns)} patterns, {len(slow)} over {LIMIT * 1000:.0f} ms")
    print(json.dumps([[place.partition(":")[0], pattern.pattern] for pattern, place in patterns.items()]))
    return 1 if slow or not patterns else 0


if __name__ == "__main__":
    sys.exit(main())
