"""Building blocks of what reads messages: patterns, and the settling of overlapping finds."""

from __future__ import annotations

from typing import Callable, Iterable, List, Set, Tuple, TypeVar

Found = TypeVar("Found")

HAN = "\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0002ffff"
"""Chinese characters, for a set of characters in a pattern."""


def one_of(*lines: str) -> str:
    """Return a group that matches any of the alternatives in `lines`, which spaces part; the first wins."""
    return f"(?:{'|'.join(word for line in lines for word in line.split())})"


def without_overlaps(found: Iterable[Found], span: Callable[[Found], Tuple[int, int]]) -> List[Found]:
    """Return those of `found` that overlap none kept before them, in the order of the text.

    `found` comes the surest first; `span` gives the first character of one and the one after its last.
    """
    kept: List[Found] = []
    taken: Set[int] = set()
    for candidate in found:
        places = range(*span(candidate))
        if taken.isdisjoint(places):
            kept.append(candidate)
            taken.update(places)
    return sorted(kept, key=lambda candidate: span(candidate)[0])
