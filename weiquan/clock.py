"""The zone in which dates are told and deadlines run."""

from __future__ import annotations

import zoneinfo

BEIJING = zoneinfo.ZoneInfo("Asia/Shanghai")
