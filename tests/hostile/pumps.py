"""Strings on which a regular expression backtracks most, derived from its own parse tree.

A repetition costs time beyond the length of the text where one stretch of text can be
divided among its rounds in several ways (早就 is 早就, or 早 and 就). So every repetition
of a pattern is repeated with what its alternatives match, singly and mixed, after what
must stand before it, and before something that it does not match.
"""

from __future__ import annotations

import itertools
import random
import re
import sre_constants as sre
import sre_parse
from typing import Any, Iterator, List, Sequence, Tuple

ENDS = ("\u3007", "吧")
MIXTURES = 6
_MOST_VARIANTS = 14
_CATEGORIES = {
    sre.CATEGORY_DIGIT: "1",
    sre.CATEGORY_NOT_DIGIT: "的",
    sre.CATEGORY_SPACE: " ",
    sre.CATEGORY_NOT_SPACE: "的",
    sre.CATEGORY_WORD: "的",
    sre.CATEGORY_NOT_WORD: "、",
}


def hostile_strings(pattern: re.Pattern[str], length: int) -> Iterator[str]:
    """Yield strings of about `length` characters that strain the repetitions of `pattern`."""
    tree = sre_parse.parse(pattern.pattern, pattern.flags & ~re.UNICODE)
    for before, body in _repetitions(list(tree), ""):
        rounds = _variants(body)
        rounds = [variant for variant in dict.fromkeys(rounds) if variant]
        mixer = random.Random(len(rounds))
        mixed = ["".join(mixer.choices(rounds, k=mixer.randint(2, 4))) for _ in range(MIXTURES)] if rounds else []
        for pump, end in [*itertools.product(rounds, ENDS), *((mixture, ENDS[0]) for mixture in mixed)]:
            yield before + pump * (length // len(pump)) + end


def _repetitions(items: Sequence[Tuple[Any, Any]], before: str) -> Iterator[Tuple[str, Sequence[Any]]]:
    """Yield (text before it, body) of every unbounded or long repetition in `items`."""
    for kind, value in items:
        if kind in (sre.MAX_REPEAT, sre.MIN_REPEAT):
            _, most, body = value
            if most is sre.MAXREPEAT or most > 8:
                yield before, list(body)
            yield from _repetitions(list(body), before)
        elif kind is sre.SUBPATTERN:
            yield from _repetitions(list(value[3]), before)
        elif kind is sre.BRANCH:
            for branch in value[1]:
                yield from _repetitions(list(branch), before)
        elif kind in (sre.ASSERT, sre.ASSERT_NOT):
            yield from _repetitions(list(value[1]), before)
        before += next(iter(_variants([(kind, value)])), "")


def _variants(items: Sequence[Tuple[Any, Any]]) -> List[str]:
    """Return some of the strings that `items` match, shortest repetitions and one longer."""
    parts = [_one(kind, value) for kind, value in items]
    total = 1
    for part in parts:
        total *= max(len(part), 1)
    if total <= _MOST_VARIANTS:
        return ["".join(choice) for choice in itertools.product(*parts)]
    mixer = random.Random(total)
    shortest = "".join(min(part, key=len, default="") for part in parts)
    if len(parts) == 1:
        return parts[0]
    return [shortest, *("".join(mixer.choice(part) for part in parts if part) for _ in range(_MOST_VARIANTS))]


def _one(kind: Any, value: Any) -> List[str]:
    if kind is sre.LITERAL:
        return [chr(value)]
    if kind is sre.NOT_LITERAL:
        return ["的" if value != ord("的") else "了"]
    if kind is sre.ANY:
        return ["的", "1"]
    if kind is sre.IN:
        return _in_set(value)
    if kind is sre.BRANCH:
        return list(dict.fromkeys(text for branch in value[1] for text in _variants(list(branch))))
    if kind is sre.SUBPATTERN:
        return _variants(list(value[3]))
    if kind in (sre.MAX_REPEAT, sre.MIN_REPEAT):
        least, most, body = value
        once = _variants(list(body))
        counts = {least, min(least + 1, most)}
        return list(dict.fromkeys(text * count for count in sorted(counts) for text in once))
    return [""]


def _in_set(value: Sequence[Tuple[Any, Any]]) -> List[str]:
    if value and value[0][0] is sre.NEGATE:
        return ["的", "1", " "]
    found: List[str] = []
    for kind, detail in value:
        if kind is sre.LITERAL:
            found.append(chr(detail))
        elif kind is sre.RANGE:
            found.append(chr(detail[0]))
        elif kind is sre.CATEGORY:
            found.append(_CATEGORIES.get(detail, "的"))
    return found[:6]
