"""Words of somebody who is in danger."""

from __future__ import annotations

import re

CRISIS = re.compile(r"不想活|活不下去|想死|去死了算|自杀|轻生|跳楼|跳河|割腕|没法活")
