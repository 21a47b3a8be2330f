"""Values of slots and entities, which may be of any type: read as what they should be, or None."""

from __future__ import annotations

import datetime
from typing import Any, Optional


def iso_day(value: Any) -> Optional[datetime.date]:
    """Return the day of an ISO date, None for anything else."""
    try:
        return datetime.date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


def number(value: Any) -> Optional[float]:
    """Return a number as a float, None for anything else; True and False are none."""
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else None
