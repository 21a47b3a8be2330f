"""What has happened in a case, as it was told: the entries of its diary."""

from __future__ import annotations

import dataclasses
import datetime
from typing import Any, Dict, List, Mapping, Optional, Sequence, Tuple

from weiquan.case.events import EVENTS, NEWS

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
        told, yuan = iso_day(entry.get("told")), entry.get("yuan")
        if told is None:
            continue
        is_number = isinstance(yuan, (int, float)) and not isinstance(yuan, bool)
        found.append(
            Happening(
                what=str(entry["what"]),
                told=told,
                day=iso_day(entry.get("day")),
                yuan=float(yuan) if is_number else None,  # type: ignore[arg-type]
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


def iso_day(written: Any) -> Optional[datetime.date]:
    """Return the day of an ISO date, None for anything else."""
    try:
        return datetime.date.fromisoformat(written) if isinstance(written, str) else None
    except ValueError:
        return None
