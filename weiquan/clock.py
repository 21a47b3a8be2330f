"""The zone in which dates are told and deadlines run: the day is Beijing's, wherever the machine stands."""

from __future__ import annotations

import datetime
import zoneinfo

BEIJING = zoneinfo.ZoneInfo("Asia/Shanghai")


def today() -> datetime.date:
    """Return the day that it is in Beijing."""
    return datetime.datetime.now(BEIJING).date()
