"""Last days: until when a shopper has a right, and when somebody else's answer is due.

What a limit is reckoned from, and whose time it is, stands in
`knowledge/deadlines.yml`. How periods are counted is the Civil Code's way:

- Days, months and years: the day of the event is not counted (article 201), so
  the last of seven days is the event's day plus seven. A month or year ends on
  the day of the same number, or on the last day of a month that has none
  (article 202).
- Hours run from the moment of the event, of which only the day is known: the
  result is approximate, rounded down for a shopper's right and up for the time
  that others have, so that nobody acts too late or complains too early.
- Working days come from the calendar of `weiquan.workdays`.
- A last day that is a day off moves on only where the record says so (`rolls`,
  from article 45 of order 121 on complaints to the market regulators). The
  Civil Code moves it too (article 203), but what an app or a court makes of
  that is not certain. So a shopper is told the earlier day to act by, and a
  right given by law is not called lapsed before the later one (`latest`).
"""

from __future__ import annotations

import dataclasses
import datetime
from typing import Dict, Iterator, Optional, Tuple

from dateutil.relativedelta import relativedelta  # type: ignore[import-untyped]

from weiquan.case import RUNG_EVENTS, Case
from weiquan.facts import Deadline
from weiquan.knowledge import Knowledge
from weiquan.ladder import find_variant, ladder_of
from weiquan.rendering import render
from weiquan.workdays import UnknownCalendar, add_workdays, next_workday

SHOPPER = "shopper"
AFTER_SALES = "after_sales"
HOURS_A_DAY = 24
_RUNG_OF: Dict[str, str] = {event: rung for rung, event in RUNG_EVENTS.items()}
_DAYS_IN = {"day": 1, "workday": 1.5, "month": 30, "year": 365, "hour": 1 / HOURS_A_DAY}
"""Roughly, to tell short limits from long ones."""
_STAGES_AFTER: Dict[str, Tuple[str, ...]] = {
    "shipped": ("shipped", "received", "returned"),
    "received": ("received", "returned"),
    "confirmed": ("received", "returned"),
    "harmed": ("received", "returned"),
    "returned": ("returned",),
    "return_received": ("returned",),
}
"""The stages of an order at which an event can have happened."""


@dataclasses.dataclass(frozen=True)
class DueDate:
    """The last day of one limit, reckoned for one case.

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
        """True where the limit was missed, None where that cannot be told."""
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
    event = _starting_event(deadline, case, facts)
    start = case.dates.get(event) if event else None
    if event is None or start is None or start > today:
        return None
    ends, unknown_year = _last_day(deadline, start)
    latest = _latest(deadline, ends)
    closed, in_time = _closed(deadline, case, start, latest, today)
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


def has_lapsed(deadline_id: str, case: Case, facts: Knowledge, today: datetime.date) -> Optional[bool]:
    """Tell whether a limit is over without having been kept.

    A right that was used in time has not lapsed, however long ago that was.
    None where it cannot be told: no start, no calendar, or used on an unknown
    day. Raises `KeyError` for an unknown `deadline_id`.
    """
    due = due_date(deadline_id, case, facts, today)
    return due.lapsed if due else None


def due_dates(case: Case, facts: Knowledge, today: datetime.date) -> Tuple[DueDate, ...]:
    """Return the limits that count for `case` and whose start is known.

    Those still running come first, the soonest of them first and on one day the
    shopper's own; then those whose end cannot be told; the missed ones last, the latest of them first. What was
    done in time, what others have answered, and the time of those who have been
    given up on (`Case.failed`) is left out. Empty without a known situation.
    """
    found = []
    for deadline_id in _counting(case, facts):
        due = due_date(deadline_id, case, facts, today)
        if due and _is_worth_watching(due, case, facts):
            found.append(due)

    def order(due: DueDate) -> Tuple[int, int, bool]:
        left = due.days_left or 0
        if due.lapsed:
            return 2, -left, not due.is_the_shoppers
        return 1 if due.ends is None else 0, left, not due.is_the_shoppers

    return tuple(sorted(found, key=order))


def missing_events(case: Case, facts: Knowledge) -> Tuple[str, ...]:
    """Return the events whose day would let more of the case's limits be reckoned.

    The event of the shortest limit comes first. Left out are events that cannot
    have happened yet, what others have answered since, limits of a few hours, about which a day says nothing,
    and limits of years that are reckoned from their earliest day anyway.
    """
    wanted: Dict[str, float] = {}
    for deadline_id in _counting(case, facts):
        deadline = facts.deadlines[deadline_id]
        event = _starting_event(deadline, case, facts)
        if event is None or event in case.dates or deadline.at_earliest or not _can_have_happened(event, case, facts):
            continue
        if deadline.binds != SHOPPER and _has_closed(deadline, case):
            continue
        if _in_days(deadline) >= 1:
            wanted[event] = min(_in_days(deadline), wanted.get(event, _in_days(deadline)))
    return tuple(sorted(wanted, key=lambda event: (wanted[event], event)))


def in_words(due: DueDate, facts: Knowledge, today: datetime.date) -> str:
    """Return one Chinese line: from what it was reckoned, the last day, how many days are left.

    What is not certain says 通常, what is reckoned to the day only says 大约. For
    a limit that is over the line says what is still possible, if the record does.
    """
    return _written("line", due, facts, today)


def reckoned_from(due: DueDate, facts: Knowledge, today: datetime.date) -> str:
    """Return the part of `in_words` that tells the start: 「从 11月20日签收的次日起算」."""
    return _written("reckoning", due, facts, today)


def day_in_words(day: datetime.date, today: datetime.date) -> str:
    """Return 「11月27日」, with the year where it is not that of `today`."""
    in_year = f"{day.month}月{day.day}日"
    return in_year if day.year == today.year else f"{day.year}年{in_year}"


def _in_days(deadline: Deadline) -> float:
    """Return the length of a limit in days, roughly; 0 without one."""
    return (deadline.amount or 0) * _DAYS_IN[deadline.unit or "day"]


def _written(part: str, due: DueDate, facts: Knowledge, today: datetime.date) -> str:
    return render(
        "due",
        facts,
        today,
        part=part,
        due=due,
        limit_of=due.deadline,
        start=day_in_words(due.start, today),
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


def _starting_event(deadline: Deadline, case: Case, facts: Knowledge) -> Optional[str]:
    """Return the event that the limit is reckoned from in this case."""
    if deadline.restarts and (deadline.restarts in case.dates or _was_sent_back(case, facts)):
        return deadline.restarts
    return deadline.starts


def _closed(
    deadline: Deadline,
    case: Case,
    start: datetime.date,
    latest: Optional[datetime.date],
    today: datetime.date,
) -> Tuple[bool, Optional[bool]]:
    """Tell whether the limit no longer runs, and whether that came in time (None: not known)."""
    days = [case.dates[event] for event in deadline.closed_by if event in case.dates]
    days = [day for day in days if start <= day <= today]
    if days:
        return True, min(days) <= latest if latest else None
    return any(_was_taken(event, case) for event in deadline.closed_by if event not in case.dates), None


def _was_taken(event: str, case: Case) -> bool:
    return event in _RUNG_OF and _RUNG_OF[event] in case.climbed


def _has_closed(deadline: Deadline, case: Case) -> bool:
    """Tell whether anything happened after which the limit does not run, its start being unknown."""
    return any(event in case.dates or _was_taken(event, case) for event in deadline.closed_by)


def _counting(case: Case, facts: Knowledge) -> Tuple[str, ...]:
    """Return the ids of the limits that count for the case's situation, ladder, remedy and goods."""
    return tuple(one for one in dict.fromkeys(_named(case, facts)) if _fits(facts.deadlines[one], case))


def _named(case: Case, facts: Knowledge) -> Iterator[str]:
    situation = facts.situations.get(case.situation or "")
    if situation is None:
        return
    ladder = ladder_of(case, facts)
    own = situation.seen_as(find_variant(case, situation)).deadlines
    yield from own
    for rung in (*ladder, *sorted(case.climbed.difference(ladder).intersection(facts.rungs))):
        for limit in (*facts.rungs[rung].deadlines, facts.rungs[rung].answer_within):
            # "Not shipped: 24 hours" stands for the general limit.
            if limit and not any(special.startswith(f"{limit}_") for special in own):
                yield limit
    # Until a remedy is told every one of them is open, where goods can be returned at all.
    open_remedy = case.remedy is None and AFTER_SALES in ladder
    for deadline in facts.deadlines.values():
        if case.remedy in deadline.remedies or (deadline.remedies and open_remedy):
            yield deadline.id


def _fits(deadline: Deadline, case: Case) -> bool:
    if case.situation in deadline.not_in:
        return False
    return not deadline.goods or bool(case.goods and case.goods.endswith(deadline.goods))


def _is_worth_watching(due: DueDate, case: Case, facts: Knowledge) -> bool:
    if due.is_the_shoppers:
        used = due.closed and due.in_time is not False
        missed_by_the_hour = due.lapsed and _in_days(due.deadline) < 1
        return not used and not missed_by_the_hour
    given_up = {limit for rung in case.failed.intersection(facts.rungs) for limit in _limits_at(rung, facts)}
    return not due.closed and due.deadline.id not in given_up


def _limits_at(rung: str, facts: Knowledge) -> Iterator[str]:
    """Yield the limits of a rung, and the special forms of its answer's ("…_unshipped")."""
    record = facts.rungs[rung]
    yield from record.deadlines
    if record.answer_within:
        yield record.answer_within
        yield from (one for one in facts.deadlines if one.startswith(f"{record.answer_within}_"))


def _started_by(case: Case, facts: Knowledge) -> Tuple[Optional[str], ...]:
    """Return the events that start the limits of the situation itself, that of its main limit first."""
    situation = facts.situations.get(case.situation or "")
    return tuple(facts.deadlines[one].starts for one in situation.deadlines) if situation else ()


def _was_sent_back(case: Case, facts: Knowledge) -> bool:
    """Tell whether goods went back to the seller, by stage, by date, or because that is the trouble."""
    about = _started_by(case, facts)[:1] == ("return_received",)
    return case.stage == "returned" or "returned" in case.dates or about


def _can_have_happened(event: str, case: Case, facts: Knowledge) -> bool:
    """Tell whether it is worth asking for the day of `event`.

    Where the order is does not have to be told: a situation with a limit that
    starts at signing is one of goods received.
    """
    started = _started_by(case, facts)
    if event in _RUNG_OF:
        return _RUNG_OF[event] in case.climbed
    if event == "accepted_12315":
        return _RUNG_OF["complained_12315"] in case.climbed - case.failed
    if event == "refused":
        return AFTER_SALES in case.failed or started[:1] == (event,)
    if event in ("returned", "return_received"):
        return _was_sent_back(case, facts)
    stages = _STAGES_AFTER.get(event)
    if stages is None:
        return True
    if case.stage:
        return case.stage in stages
    return any(set(_STAGES_AFTER.get(one or "", ())).issubset(stages) for one in started if one in _STAGES_AFTER)
