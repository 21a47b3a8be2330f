"""The parts of a message, each of which may tell a trouble of its own."""

from __future__ import annotations

import itertools
import re
from typing import List, Tuple

MAX_CLAUSES = 12
"""Clauses that are looked at one by one; a longer message has said its troubles by then."""

_SHORTEST = 2

_BORDER = re.compile(r"[，。,.!?！？；;、~…\s]+")


def clauses(text: str) -> Tuple[str, ...]:
    """Return the clauses of `text` (normalised) and each pair of neighbours; nothing for a single clause.

    A pair holds what the comma cut in two. Two clauses are no pair: together
    they are the text.
    """
    parts: List[str] = [one for one in _BORDER.split(text) if len(one) >= _SHORTEST][:MAX_CLAUSES]
    if len(parts) < 2:
        return ()
    if len(parts) == 2:
        return tuple(parts)
    return (*parts, *(f"{one},{other}" for one, other in itertools.pairwise(parts)))
