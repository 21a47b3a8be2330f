"""The last days of a case as a calendar file (iCalendar, RFC 5545) with reminders."""

from __future__ import annotations

import datetime
import uuid
from typing import Iterable, Iterator, Tuple

from icalendar import Alarm, Calendar, Event

from weiquan.advice.due_date import DueDate, start_in_words
from weiquan.clock import BEIJING
from weiquan.facts.knowledge import Knowledge
from weiquan.rendering.render import render

PRODUCER = "-//Weiquan//Reminders//ZH"

NINE_ON_THE_DAY = datetime.timedelta(hours=9)

NINE_THE_DAY_BEFORE = NINE_ON_THE_DAY - datetime.timedelta(days=1)
"""Alarms are relative to the start of the day, which phones understand best."""

_ONE_DAY = datetime.timedelta(days=1)

_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "weiquan:reminders")


def to_remind_of(dues: Iterable[DueDate], now: datetime.datetime) -> Tuple[DueDate, ...]:
    """Return those of `dues` whose day is known and still to come (`now` as for `calendar_of`)."""
    today = _in_china(now).date()
    return tuple(due for due in dues if due.is_open and due.ends and _day(due, due.ends) >= today)


def calendar_of(dues: Iterable[DueDate], title: str, facts: Knowledge, now: datetime.datetime) -> bytes:
    """Return an .ics file (UTF-8) with one all-day event for each limit still running.

    A shopper's own last day is reminded of at nine on the day before and on the
    day. Where others have to answer, the event is the day after their last day,
    to look what came of it, with one alarm. `title`, the name of the situation,
    is all that it tells of the case beside the limits. An event keeps its UID
    while limit, start and title stay, so that importing again replaces it.

    `now` without a zone is Chinese time. Raises `ValueError` where nothing is
    left to be reminded of (see `to_remind_of`).
    """
    reminded = to_remind_of(dues, now)
    if not reminded:
        raise ValueError("no limit is running")
    calendar = Calendar()
    calendar.add("prodid", PRODUCER)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", title)
    calendar.add("x-wr-timezone", BEIJING.key)
    for due in reminded:
        calendar.add_component(_event(due, title, facts, _in_china(now)))
    return bytes(calendar.to_ical())


def _in_china(now: datetime.datetime) -> datetime.datetime:
    return now.astimezone(BEIJING) if now.tzinfo else now.replace(tzinfo=BEIJING)


def _day(due: DueDate, ends: datetime.date) -> datetime.date:
    return ends if due.is_the_shoppers else ends + _ONE_DAY


def _event(due: DueDate, title: str, facts: Knowledge, now: datetime.datetime) -> Event:
    day = _day(due, due.ends or due.start)
    # It is read on that day: a start in an earlier year shows its year.
    start = start_in_words(due, facts, day)

    def written(part: str) -> str:
        return render("reminder", facts, now.date(), part=part, due=due, title=title, start=start)

    event = Event()
    event.add("uid", f"{uuid.uuid5(_NAMESPACE, '/'.join((title, due.deadline.id, due.event, str(due.start))))}@weiquan")
    event.add("dtstamp", now.astimezone(datetime.timezone.utc))
    event.add("dtstart", day)
    event.add("dtend", day + _ONE_DAY)
    event.add("summary", written("title"))
    event.add("description", written("description"))
    event.add("transp", "TRANSPARENT")
    for part, trigger in _alarms(due):
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("trigger", trigger)
        alarm.add("description", written(part))
        event.add_component(alarm)
    return event


def _alarms(due: DueDate) -> Iterator[Tuple[str, datetime.timedelta]]:
    if due.is_the_shoppers:
        yield "day_before", NINE_THE_DAY_BEFORE
    yield "on_the_day", NINE_ON_THE_DAY
