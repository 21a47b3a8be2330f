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
    for one in value if isinstance(value, list) else []:
        if isinstance(one, Mapping) and isinstance(one.get("number"), int) and isinstance(one.get("slots"), Mapping):
            found.append(PastCase(one["number"], Case.from_slots(one["slots"])))
    return tuple(found)


def write_past(past: Sequence[PastCase]) -> List[Any]:
    """Return the value of the slot `past_cases`."""
    return [{"number": one.number, "slots": one.case.to_slots()} for one in past]


def current_number(past: Sequence[PastCase]) -> int:
    """Return the number of the case at hand: the smallest that no other has."""
    taken = {one.number for one in past}
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
    wanted = next((one for one in reversed(past) if number is None or one.number == number), None)
    if wanted is None:
        return None
    # The number of the case at hand is taken before that of the wanted one is free.
    kept = put_away(case, past)
    return wanted.case, tuple(one for one in kept if one.number != wanted.number)


def find_case(number: int, case: Case, past: Sequence[PastCase]) -> Optional[Case]:
    """Return the case of `number`, the one at hand included; None where there is none."""
    if number == current_number(past):
        return case
    return next((one.case for one in past if one.number == number), None)
