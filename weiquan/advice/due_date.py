"""The last day of one limit, and how it is told."""

from __future__ import annotations

import dataclasses
import datetime
from typing import FrozenSet, Iterable, Optional, Tuple

from dateutil.relativedelta import relativedelta  # type: ignore[import-untyped]

from weiquan.advice.workdays import UnknownCalendar, add_workdays, next_workday
from weiquan.case.case import Case
from weiquan.facts.case_words import case_words
from weiquan.facts.knowledge import Knowledge
from weiquan.facts.records import Deadline
from weiquan.rendering.render import render

SHOPPER = "shopper"

AFTER_SALES = "after_sales"

HOURS_A_DAY = 24


@dataclasses.dataclass(frozen=True)
class DueDate:
    """The last day of one limit, worked out for one case.

    `start` is the day of `event`. `ends` is None where the year's working days
    are not known; `unknown_year` says which. Where `ends` and `unknown_year`
    are both given the end may move to a later day. `latest` is the day on which
    the law may still accept it, `ends` itself where there is no such grace.
    `days_left` counts from today to `ends`: 0 is the last day, negative is over.

    `closed`: it no longer runs, because the shopper has done what it was for or
    the others have answered; `in_time` tells whether that was within the limit
    (None where the day of it is not known).
    """

    deadline: Deadline
    start: datetime.date
    event: str
    ends: Optional[datetime.date]
    days_left: Optional[int]
    approximate: bool
    unknown_year: Optional[int] = None
    latest: Optional[datetime.date] = None
    closed: bool = False
    in_time: Optional[bool] = None

    @property
    def lapsed(self) -> Optional[bool]:
        """True where the limit is over without having been kept.

        A right that was used in time has not lapsed, however long ago that was.
        None where it cannot be told: no calendar, or used on an unknown day.
        """
        if self.closed:
            return None if self.in_time is None else not self.in_time
        if self.days_left is None:
            return None
        if self.days_left >= 0:
            return False
        return None if self.unknown_year or self.days_of_grace + self.days_left >= 0 else True

    @property
    def days_of_grace(self) -> int:
        """Days from `ends` to `latest`."""
        return (self.latest - self.ends).days if self.latest and self.ends else 0

    @property
    def is_open(self) -> bool:
        """True where it still runs, or may still run."""
        return not self.closed and self.lapsed is not True

    @property
    def is_the_shoppers(self) -> bool:
        """True for a right that lapses, False for the time that others have."""
        return self.deadline.binds == SHOPPER


def due_date(deadline_id: str, case: Case, facts: Knowledge, today: datetime.date) -> Optional[DueDate]:
    """Return the last day of a limit, whether or not it concerns the case's situation.

    None where the day it starts is unknown, lies after `today`, or no event of
    a case starts it. Raises `KeyError` for an unknown `deadline_id`.
    """
    deadline = facts.deadlines[deadline_id]
    if deadline.ends_on:
        return _set_by_others(deadline, case, facts, today)
    event = starting_event(deadline, case, facts)
    start = case.dates.get(event) if event else None
    if event is None or start is None or start > today:
        return None
    ends, unknown_year = _last_day(deadline, start)
    latest = _latest(deadline, ends)
    closed, in_time = _closed(deadline, case, facts, start, latest, today)
    return DueDate(
        deadline=deadline,
        start=start,
        event=event,
        ends=ends,
        days_left=(ends - today).days if ends else None,
        approximate=deadline.unit == "hour" or deadline.at_earliest or bool(ends and unknown_year),
        unknown_year=unknown_year,
        latest=latest,
        closed=closed,
        in_time=in_time,
    )


def _set_by_others(deadline: Deadline, case: Case, facts: Knowledge, today: datetime.date) -> Optional[DueDate]:
    """Return the limit whose last day was told; how it was counted, who set it knows."""
    ends = case.dates.get(deadline.ends_on or "")
    if ends is None:
        return None
    done = [case.dates[event] for event in deadline.closed_by if event in case.dates]
    return DueDate(
        deadline=deadline,
        start=ends,
        event=str(deadline.ends_on),
        ends=ends,
        days_left=(ends - today).days,
        approximate=True,
        latest=ends,
        closed=bool(done),
        in_time=min(done) <= ends if done else None,
    )


def replaced_by(limits: Iterable[str], facts: Knowledge) -> FrozenSet[str]:
    """Return the ids of the general limits that some of `limits` stand for («not shipped: 24 hours»)."""
    return frozenset(general for limit in limits if (general := facts.deadlines[limit].replaces))


def in_words(due: DueDate, facts: Knowledge, today: datetime.date) -> str:
    """Return one Chinese line: from what it is counted, the last day, how many days are left.

    What is not certain says 通常, what is known to the day only says 大约. For
    a limit that is over the line says what is still possible, if the record does.
    """
    return _written("line", due, facts, today)


def start_in_words(due: DueDate, facts: Knowledge, today: datetime.date) -> str:
    """Return the part of `in_words` that tells the start: 「从 11月20日签收的次日起算」."""
    return _written("start", due, facts, today)


def day_in_words(day: datetime.date, today: datetime.date) -> str:
    """Return 「11月27日」, with the year where it is not that of `today`."""
    in_year = f"{day.month}月{day.day}日"
    return in_year if day.year == today.year else f"{day.year}年{in_year}"


def _written(part: str, due: DueDate, facts: Knowledge, today: datetime.date) -> str:
    return render(
        "due",
        facts,
        today,
        part=part,
        due=due,
        limit_of=due.deadline,
        happened=case_words().happened(due.event, day_in_words(due.start, today)),
        ends=day_in_words(due.ends, today) if due.ends else None,
        latest=day_in_words(due.latest, today) if due.latest else None,
    )


def _last_day(deadline: Deadline, start: datetime.date) -> Tuple[Optional[datetime.date], Optional[int]]:
    """Return the last day and the year whose calendar was wanting; the schema sees to amount and unit."""
    amount = deadline.amount or 0
    if deadline.unit == "workday":
        try:
            return add_workdays(start, amount), None
        except UnknownCalendar as error:
            return None, error.year
    if deadline.unit == "hour":
        rounded_up = 0 if deadline.binds == SHOPPER else HOURS_A_DAY - 1
        ends = start + datetime.timedelta(days=(amount + rounded_up) // HOURS_A_DAY)
    else:
        ends = start + relativedelta(**{f"{deadline.unit}s": amount})
    if deadline.rolls:
        try:
            return next_workday(ends), None
        except UnknownCalendar as error:
            return ends, error.year
    return ends, None


def _latest(deadline: Deadline, ends: Optional[datetime.date]) -> Optional[datetime.date]:
    """Return until when the law may accept a shopper's right whose last day is a day off.

    `ends` itself for all others, and where the days off of its year are unknown.
    """
    if ends is None or not deadline.law or deadline.binds != SHOPPER:
        return ends
    try:
        return next_workday(ends)
    except UnknownCalendar:
        return ends


def starting_event(deadline: Deadline, case: Case, facts: Knowledge) -> Optional[str]:
    """Return the event that the limit is counted from in this case."""
    if deadline.restarts and (deadline.restarts in case.dates or was_sent_back(case, facts)):
        return deadline.restarts
    return deadline.starts


def _closed(
    deadline: Deadline,
    case: Case,
    facts: Knowledge,
    start: datetime.date,
    latest: Optional[datetime.date],
    today: datetime.date,
) -> Tuple[bool, Optional[bool]]:
    """Tell whether the limit no longer runs, and whether that came in time (None: not known)."""
    days = [case.dates[event] for event in deadline.closed_by if event in case.dates]
    days = [day for day in days if start <= day <= today]
    if days:
        return True, min(days) <= latest if latest else None
    return any(_was_taken(event, case, facts) for event in deadline.closed_by if event not in case.dates), None


def _was_taken(event: str, case: Case, facts: Knowledge) -> bool:
    return facts.rung_of.get(event) in case.climbed


def has_closed(deadline: Deadline, case: Case, facts: Knowledge) -> bool:
    """Tell whether anything happened after which the limit does not run, its start being unknown."""
    return any(event in case.dates or _was_taken(event, case, facts) for event in deadline.closed_by)


def started_by(case: Case, facts: Knowledge) -> Tuple[Optional[str], ...]:
    """Return the events that start the limits of the situation itself, that of its main limit first."""
    situation = facts.situations.get(case.situation or "")
    return tuple(facts.deadlines[limit].starts for limit in situation.deadlines) if situation else ()


def was_sent_back(case: Case, facts: Knowledge) -> bool:
    """Tell whether goods went back to the seller, by stage, by date, or because that is the trouble."""
    about = started_by(case, facts)[:1] == ("return_received",)
    return case.stage == "returned" or "returned" in case.dates or about
