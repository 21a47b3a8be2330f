"""The zone in which dates are told and deadlines run."""

from __future__ import annotations

import datetime
import zoneinfo

BEIJING = zoneinfo.ZoneInfo("Asia/Shanghai")


def today() -> datetime.date:
    """Return today's date in Beijing."""
    return datetime.datetime.now(BEIJING).date()
