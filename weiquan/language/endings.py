"""How a text begins or ends, small words passed over: 「我好像没有」 begins with 没有, 「一共花了」 ends with 花."""

from __future__ import annotations

from typing import FrozenSet, Iterable, Set


def beginnings(text: str, fillers: Iterable[str], most: int) -> FrozenSet[int]:
    """Return the places of `text` that up to `most` of the `fillers` before them lead to; 0 is one."""
    words = tuple(fillers)
    reached: Set[int] = {0}
    latest = {0}
    for _ in range(most):
        latest = {place + len(word) for place in latest for word in words if text.startswith(word, place)} - reached
        reached |= latest
    return frozenset(reached)


def ends_with(text: str, words: Iterable[str], fillers: Iterable[str] = (), most: int = 0) -> bool:
    """Tell whether `text` ends with one of `words`, up to `most` of the `fillers` after it."""
    wanted, passed = tuple(words), tuple(fillers)
    reached: Set[int] = {len(text)}
    latest = set(reached)
    for _ in range(most):
        latest = {place - len(word) for place in latest for word in passed if text.endswith(word, 0, place)} - reached
        reached |= latest
    return any(text.endswith(wanted, 0, place) for place in reached)


def begins_with(text: str, words: Iterable[str], fillers: Iterable[str] = (), most: int = 0) -> bool:
    """Tell whether `text` begins with one of `words`, up to `most` of the `fillers` before it."""
    wanted = tuple(words)
    return any(text.startswith(wanted, place) for place in beginnings(text, fillers, most))


def is_near_end(text: str, words: Iterable[str], gap: int) -> bool:
    """Tell whether one of `words` stands in `text` with at most `gap` characters after it."""
    return any(word in text[-(len(word) + gap) :] for word in words)
