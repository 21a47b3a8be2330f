"""The clauses of a message: where one ends, and the parts each of which may tell a trouble of its own."""

from __future__ import annotations

import bisect
import dataclasses
import functools
import itertools
import re
from typing import Iterator, List, Pattern, Tuple

from weiquan.language.patterns import HAN

_ALWAYS = "。!！?？;；~…\n"

MARKS = f"{_ALWAYS},，."
"""The marks that may end a clause, for a set of characters in a pattern."""

BORDER = rf"(?:[{_ALWAYS}]|(?<![0-9A-Za-z])\.|\.(?![0-9A-Za-z])|(?<!\d)[,，]|[,，](?!\d{{3}}(?!\d)))"
"""A mark that ends a clause; the points of 39.9 and www.12315.cn and the comma of 1,299 do not."""

LIST_BORDER = rf"(?:{BORDER}|、)"
"""Also what parts the items of a list: what is said of one is not said of the next."""

SPACED_BORDER = rf"(?:{BORDER}|[、\s])"
"""Also a space, which many write for a comma; for readers to whom half a clause is enough."""

CLAUSE_END = rf"[啊嘛呀哦噻嘞哈呢啦]*(?:[^{HAN}]|$)"
"""What follows the last word of a clause: particles, then no Chinese character."""

_QUOTATION = re.compile(r"[「『“\"'‘][^「『」』“”\"'‘’]{1,60}[」』”\"'’]")

MAX_CLAUSES = 12
"""Clauses that are looked at one by one; a longer message has said its troubles by then."""

_SHORTEST = 2


@dataclasses.dataclass(frozen=True)
class Clause:
    """`text`, which begins at the place `start` of a message; `border` is what ends it, "" at the message's end."""

    text: str
    start: int
    border: str


@functools.lru_cache(maxsize=16)
def _run_of(border: str) -> Pattern[str]:
    return re.compile(f"(?:{border})+")


def split(text: str, border: str = BORDER) -> Iterator[Clause]:
    """Yield the clauses of `text` that are not empty, first to last; `border` is a pattern of what parts them."""
    start = 0
    for match in _run_of(border).finditer(text):
        if match.start() > start:
            yield Clause(text[start : match.start()], start, match.group())
        start = match.end()
    if start < len(text):
        yield Clause(text[start:], start, "")


def clause_around(text: str, start: int, end: int, border: str = BORDER) -> Tuple[int, int]:
    """Return the places where the clause around `text[start:end]` begins and ends.

    A border within the stretch itself does not count.
    """
    borders = _borders(text, border)
    following = bisect.bisect_right(borders, (start, len(text)))
    # The run before ends where the stretch begins, or earlier: one within the stretch does not.
    while following and borders[following - 1][1] > start:
        following -= 1
    begin = borders[following - 1][1] if following else 0
    while following < len(borders) and borders[following][1] <= end:
        following += 1
    return begin, (max(borders[following][0], end) if following < len(borders) else len(text))


@functools.lru_cache(maxsize=8)
def _borders(text: str, border: str) -> List[Tuple[int, int]]:
    return [match.span() for match in _run_of(border).finditer(text)]


def quotations(text: str) -> List[Tuple[int, int]]:
    """Return where `text` quotes something short, the quotation marks included."""
    return [match.span() for match in _QUOTATION.finditer(text)]


def clauses(text: str) -> Tuple[str, ...]:
    """Return the clauses of `text` (normalised) and each pair of neighbours; nothing for a single clause.

    A pair holds what the comma cut in two. Two clauses are no pair: together
    they are the text.
    """
    parts: List[str] = [clause.text for clause in split(text, SPACED_BORDER) if len(clause.text) >= _SHORTEST][
        :MAX_CLAUSES
    ]
    if len(parts) < 2:
        return ()
    if len(parts) == 2:
        return tuple(parts)
    return (*parts, *(f"{part},{following}" for part, following in itertools.pairwise(parts)))
