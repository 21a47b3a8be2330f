"""Working days in China, holidays and make-up workdays included.

The days come from the `chinesecalendar` library, which holds what the State
Council has announced year by year. A year that it does not hold is never
guessed from the days of the week: `UnknownCalendar` says which one it is.
An announcement for a year may move a weekend of the December before it, so the
last days of the last year held may still change.
"""

from __future__ import annotations

import datetime
import functools

import chinese_calendar  # type: ignore[import-untyped]

_ONE_DAY = datetime.timedelta(days=1)


class UnknownCalendar(Exception):
    """The days off of `year` are not known (not announced yet, or before the library's first year)."""

    def __init__(self, year: int) -> None:
        self.year = year
        super().__init__(f"no calendar of working days for {year}")


@functools.lru_cache(maxsize=4096)
def is_workday(day: datetime.date) -> bool:
    """Tell whether people work on `day`. Raises `UnknownCalendar` where its year is not known."""
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError as error:  # how the library says that it lacks the year
        raise UnknownCalendar(day.year) from error


def next_workday(day: datetime.date) -> datetime.date:
    """Return `day` if it is a working day, else the first one after it. Raises `UnknownCalendar`."""
    while not is_workday(day):
        day += _ONE_DAY
    return day


def add_workdays(start: datetime.date, count: int) -> datetime.date:
    """Return the last of `count` working days, the first of which comes after `start`.

    `start` itself is never counted, working day or not; 0 days end on `start`.
    Raises `UnknownCalendar` as soon as a day of an unknown year would have to
    be looked at, and `ValueError` for a negative count.
    """
    if count < 0:
        raise ValueError(f"a negative number of working days: {count}")
    day = start
    for _ in range(count):
        day = next_workday(day + _ONE_DAY)
    return day
