"""What has happened in a case, as it was told: the entries of its diary."""

from __future__ import annotations

import dataclasses
import datetime
from typing import Any, Dict, List, Mapping, Optional, Sequence, Tuple

from weiquan.case.events import EVENTS, NEWS
from weiquan.case.values import iso_day, number

LONGEST_WORDS = 60
"""Characters of the shopper's own words that are kept with an entry."""

MOST_ENTRIES = 40
"""The oldest goes first."""


@dataclasses.dataclass(frozen=True)
class Happening:
    """One thing that happened: `what` is one of `NEWS` or `EVENTS`, told on the day `told`.

    `day` is when it happened, None where that was not said; `yuan` the amount that it was
    about; `words` what the shopper said of it; `is_sure` whether it was told or tapped
    rather than read with some doubt.
    """

    what: str
    told: datetime.date
    day: Optional[datetime.date] = None
    yuan: Optional[float] = None
    words: str = ""
    is_sure: bool = True


def read_diary(value: Any) -> Tuple[Happening, ...]:
    """Return the entries kept in the slot `diary`; damaged ones are left out."""
    found: List[Happening] = []
    for entry in value if isinstance(value, list) else []:
        if not isinstance(entry, Mapping) or entry.get("what") not in NEWS.union(EVENTS):
            continue
        told = iso_day(entry.get("told"))
        if told is None:
            continue
        found.append(
            Happening(
                what=str(entry["what"]),
                told=told,
                day=iso_day(entry.get("day")),
                yuan=number(entry.get("yuan")),
                words=str(entry.get("words") or ""),
                is_sure=entry.get("is_sure") is not False,
            )
        )
    return tuple(found)


def write_diary(diary: Sequence[Happening]) -> List[Dict[str, Any]]:
    """Return the value of the slot `diary`."""
    return [
        {
            **dataclasses.asdict(entry),
            "told": entry.told.isoformat(),
            "day": entry.day.isoformat() if entry.day else None,
        }
        for entry in diary
    ]
