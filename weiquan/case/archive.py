"""Several cases of one shopper: the one at hand, and those put away until they are taken up again."""

from __future__ import annotations

import dataclasses
from typing import Any, List, Mapping, Optional, Sequence, Tuple

from weiquan.case.case import Case

MOST = 8
"""Cases kept beside the one at hand; the oldest is dropped first."""


@dataclasses.dataclass(frozen=True)
class PastCase:
    """A case put away, and the number by which it is called."""

    number: int
    case: Case


def read_past(value: Any) -> Tuple[PastCase, ...]:
    """Return the cases kept in the slot `past_cases`; damaged entries count as none."""
    found: List[PastCase] = []
    for entry in value if isinstance(value, list) else []:
        number, slots = (entry.get("number"), entry.get("slots")) if isinstance(entry, Mapping) else (None, None)
        if isinstance(number, int) and isinstance(slots, Mapping):
            found.append(PastCase(number, Case.from_slots(slots)))
    return tuple(found)


def write_past(past: Sequence[PastCase]) -> List[Any]:
    """Return the value of the slot `past_cases`."""
    return [{"number": kept.number, "slots": kept.case.to_slots()} for kept in past]


def current_number(past: Sequence[PastCase]) -> int:
    """Return the number of the case at hand: the smallest that no other has."""
    taken = {kept.number for kept in past}
    return next(number for number in range(1, len(taken) + 2) if number not in taken)


def put_away(case: Case, past: Sequence[PastCase]) -> Tuple[PastCase, ...]:
    """Return the kept cases with `case` among them; one without a trouble is not worth keeping."""
    if case.situation is None:
        return tuple(past)
    return (*past, PastCase(current_number(past), case))[-MOST:]


def take_up(number: Optional[int], case: Case, past: Sequence[PastCase]) -> Optional[Tuple[Case, Tuple[PastCase, ...]]]:
    """Return the case of `number` (None: the one put away last) and the rest, `case` among them.

    None where there is no such case.
    """
    wanted = next((kept for kept in reversed(past) if number is None or kept.number == number), None)
    if wanted is None:
        return None
    # The number of the case at hand is taken before that of the wanted one is free.
    kept = put_away(case, past)
    return wanted.case, tuple(other for other in kept if other.number != wanted.number)


def find_case(number: int, case: Case, past: Sequence[PastCase]) -> Optional[Case]:
    """Return the case of `number`, the one at hand included; None where there is none."""
    if number == current_number(past):
        return case
    return next((kept.case for kept in past if kept.number == number), None)
