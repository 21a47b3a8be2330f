"""The calendar file: read back, it holds the running limits and nothing else."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from weiquan.advice.deadlines import due_dates
from weiquan.case.case import Case
from weiquan.case.events import EVENTS
from weiquan.facts.knowledge import knowledge
from weiquan.papers.calendar import calendar_of, to_remind_of

FACTS = knowledge()
NOW = datetime.datetime(2026, 11, 24, 12)
TODAY = NOW.date()
TITLE = FACTS.situations["refund_refused"].name
CASE = Case(
    situation="refund_refused",
    climbed=frozenset({"after_sales"}),
    goods="毛衣",
    order_number="261101-123456789012345",
    amount=87.5,
    remedy="return_refund",
    dates={
        "received": datetime.date(2026, 11, 20),
        "applied": datetime.date(2026, 11, 12),
        "refused": datetime.date(2026, 11, 22),
        "confirmed": datetime.date(2026, 10, 2),
    },
)


def read(dues, now: datetime.datetime = NOW) -> dict[str, object]:
    """Return the events of the file by summary."""
    calendar = Calendar.from_ical(calendar_of(dues, TITLE, FACTS, now))
    return {str(event["summary"]): event for event in calendar.walk("VEVENT")}


def test_the_file_read_back():
    dues = due_dates(CASE, FACTS, TODAY)
    assert any(due.lapsed for due in dues)
    file = calendar_of(dues, TITLE, FACTS, NOW)
    assert max(len(line) for line in file.split(b"\r\n")) <= 75
    calendar = Calendar.from_ical(file)
    assert str(calendar["x-wr-timezone"]) == "Asia/Shanghai"
    events = calendar.walk("VEVENT")
    days = {str(event["summary"]): event.decoded("dtstart") for event in events}
    assert days == {
        f"七天无理由退货：最后一天（{TITLE}）": datetime.date(2026, 11, 27),
        f"被拒后再提：最后一天（{TITLE}）": datetime.date(2026, 11, 27),
        f"故意拖延：回来看看有没有结果（{TITLE}）": datetime.date(2026, 11, 28),
        f"起诉期限：大约最后一天（{TITLE}）": datetime.date(2029, 11, 20),
    }
    for event in events:
        assert event.decoded("dtend") - event.decoded("dtstart") == datetime.timedelta(days=1)
        assert event.decoded("dtstamp") == datetime.datetime(2026, 11, 24, 4, tzinfo=datetime.timezone.utc)
        assert "起算" in event["description"]
    own = read(dues)[f"被拒后再提：最后一天（{TITLE}）"]
    assert "从 11月22日商家拒绝的次日起算" in own["description"]
    assert "通常" in own["description"]


def test_reminded_at_nine_the_day_before_and_on_the_day():
    events = read(due_dates(CASE, FACTS, TODAY))

    def nine_o_clocks(summary: str) -> list[datetime.datetime]:
        event = events[f"{summary}（{TITLE}）"]
        midnight = datetime.datetime.combine(event.decoded("dtstart"), datetime.time())
        return [midnight + alarm.decoded("trigger") for alarm in event.walk("VALARM")]

    assert nine_o_clocks("七天无理由退货：最后一天") == [
        datetime.datetime(2026, 11, 26, 9),
        datetime.datetime(2026, 11, 27, 9),
    ]
    assert nine_o_clocks("故意拖延：回来看看有没有结果") == [datetime.datetime(2026, 11, 28, 9)]


def test_nothing_of_the_shopper_stands_in_it():
    text = calendar_of(due_dates(CASE, FACTS, TODAY), TITLE, FACTS, NOW).decode().replace("\r\n ", "")
    for detail in ("毛衣", "261101", "87.5"):
        assert detail not in text


def test_an_event_keeps_its_uid_until_its_start_is_corrected():
    def uids(dues, now):
        return {str(event["uid"]) for event in read(dues, now).values()}

    dues = due_dates(CASE, FACTS, TODAY)
    later = NOW + datetime.timedelta(days=1)
    assert uids(dues, NOW) == uids(due_dates(CASE, FACTS, later.date()), later)
    assert len(uids(dues, NOW)) == 4
    corrected = {**CASE.dates, "refused": datetime.date(2026, 11, 23)}
    moved = due_dates(Case(**{**vars(CASE), "dates": corrected}), FACTS, TODAY)
    assert len(uids(dues, NOW) - uids(moved, NOW)) == 1


def test_without_a_running_limit_there_is_no_file():
    dues = due_dates(Case(situation="refund_after_return", dates={"return_received": TODAY}), FACTS, TODAY)
    assert to_remind_of(dues, NOW)
    next_year = NOW + datetime.timedelta(days=366)
    assert to_remind_of(dues, next_year) == ()
    with pytest.raises(ValueError, match="no limit"):
        calendar_of(dues, TITLE, FACTS, next_year)


@given(
    st.sampled_from(sorted(FACTS.situations)),
    st.dictionaries(
        st.sampled_from(EVENTS),
        st.dates(datetime.date(2026, 6, 1), datetime.date(2026, 11, 24)),
        min_size=1,
        max_size=8,
    ),
)
def test_the_round_trip_keeps_every_running_limit(situation, dates):
    dues = to_remind_of(due_dates(Case(situation=situation, dates=dates), FACTS, TODAY), NOW)
    if not dues:
        return
    name = FACTS.situations[situation].name
    events = Calendar.from_ical(calendar_of(dues, name, FACTS, NOW)).walk("VEVENT")
    assert len({str(event["uid"]) for event in events}) == len(events) == len(dues)
    for due, event in zip(dues, events, strict=True):
        watched = due.ends if due.is_the_shoppers else due.ends + datetime.timedelta(days=1)
        assert event.decoded("dtstart") == watched >= TODAY
        assert due.deadline.name in event["summary"]
        assert name in event["summary"]
        assert not event.errors
