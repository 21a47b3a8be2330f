"""The day is Beijing's, wherever the machine stands."""

from __future__ import annotations

import ast
import datetime

import pytest

from weiquan import clock
from weiquan.places import ROOT

UTC = datetime.timezone.utc


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime.datetime(2026, 11, 24, 15, 59, tzinfo=UTC), datetime.date(2026, 11, 24)),
        (datetime.datetime(2026, 11, 24, 16, 0, tzinfo=UTC), datetime.date(2026, 11, 25)),
        (datetime.datetime(2026, 12, 31, 20, 0, tzinfo=UTC), datetime.date(2027, 1, 1)),
    ],
)
def test_the_day_begins_at_midnight_in_beijing(monkeypatch, moment, day):
    class Stopped(datetime.datetime):
        @classmethod
        def now(cls, tz=None):
            return moment.astimezone(tz)

    monkeypatch.setattr(clock.datetime, "datetime", Stopped)
    assert clock.today() == day


@pytest.mark.parametrize("folder", ["weiquan", "actions", "channels", "components", "scripts"])
def test_nobody_asks_the_machine_for_its_day_or_makes_a_zone_of_his_own(folder):
    found = []
    for file in (ROOT / folder).rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or file == ROOT / "weiquan" / "clock.py":
                continue
            called = ast.unparse(node.func)
            without_zone = called.endswith("datetime.now") and not node.args and not node.keywords
            if without_zone or called.endswith(("date.today", "datetime.today", "datetime.utcnow", "ZoneInfo")):
                found.append(f"{file.relative_to(ROOT)}:{node.lineno}: {ast.unparse(node)}")
    assert not found, "\n".join(found)
