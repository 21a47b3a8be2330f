"""The days of the year that shoppers date by: 国庆, 双11, 中秋, 过年, 618.

lunar_python knows the lunar calendar and the solar terms, dateutil the second
Sunday of a month; nothing is looked up in a table of years that would run out.
"""

from __future__ import annotations

import datetime
import functools
from typing import Callable, Dict, Tuple

from dateutil.relativedelta import SU, TH, relativedelta, weekday  # type: ignore[import-untyped]
from lunar_python import Lunar, Solar  # type: ignore[import-untyped]

Day = Callable[[int], datetime.date]
"""The holiday of a (Gregorian) year."""


def _fixed(month: int, day: int) -> Day:
    return lambda year: datetime.date(year, month, day)


@functools.lru_cache(maxsize=512)
def lunar_day(year: int, month: int, day: int) -> datetime.date:
    """Return the Gregorian date of a lunar one; raises `ValueError` where the month has no such day."""
    try:
        solar = Lunar.fromYmd(year, month, day).getSolar()
    except Exception as error:  # the library raises bare Exception
        raise ValueError(f"no lunar {year}-{month}-{day}") from error
    return datetime.date(solar.getYear(), solar.getMonth(), solar.getDay())


def _lunar(month: int, day: int) -> Day:
    return lambda year: lunar_day(year, month, day)


def _before_spring_festival(days: int) -> Day:
    return lambda year: lunar_day(year, 1, 1) - datetime.timedelta(days=days)


def _end_of_lunar_year(day: int) -> Day:
    """The 12th lunar month of the year that ends in `year`'s winter: 腊八 of 2026 is in January 2026."""
    return lambda year: lunar_day(year - 1, 12, day)


@functools.lru_cache(maxsize=64)
def _solar_term(name: str, year: int) -> datetime.date:
    # Asked in the middle of the year: the table reaches from one December to the next but one.
    solar = Solar.fromYmd(year, 6, 1).getLunar().getJieQiTable()[name]
    return datetime.date(solar.getYear(), solar.getMonth(), solar.getDay())


def _nth(day: weekday, month: int) -> Day:
    """The weekday that comes as the n-th of its kind in `month`: `SU(+2)`, the second Sunday."""
    return lambda year: datetime.date(year, month, 1) + relativedelta(weekday=day)


NAMES: Dict[Tuple[str, ...], Day] = {
    ("元旦节", "元旦"): _fixed(1, 1),
    ("情人节",): _fixed(2, 14),
    ("三八妇女节", "三八节", "妇女节", "女神节", "38节"): _fixed(3, 8),
    ("三一五", "315晚会"): _fixed(3, 15),
    ("愚人节",): _fixed(4, 1),
    ("五一劳动节", "五一节", "五一", "劳动节"): _fixed(5, 1),
    ("五四青年节", "青年节"): _fixed(5, 4),
    ("母亲节",): _nth(SU(+2), 5),
    ("六一儿童节", "六一节", "六一", "儿童节"): _fixed(6, 1),
    ("父亲节",): _nth(SU(+3), 6),
    ("618", "六一八", "6.18"): _fixed(6, 18),
    ("建军节", "八一建军节"): _fixed(8, 1),
    ("教师节",): _fixed(9, 10),
    ("国庆节", "国庆"): _fixed(10, 1),
    ("万圣节",): _fixed(10, 31),
    ("双十一", "双11", "双 11", "11.11", "双一一"): _fixed(11, 11),
    ("感恩节",): _nth(TH(+4), 11),
    ("双十二", "双12", "双 12", "12.12"): _fixed(12, 12),
    ("平安夜",): _fixed(12, 24),
    ("圣诞节", "圣诞"): _fixed(12, 25),
    ("腊八节", "腊八"): _end_of_lunar_year(8),
    ("小年夜", "小年"): _end_of_lunar_year(23),
    ("除夕夜", "除夕", "大年三十", "年三十"): _before_spring_festival(1),
    ("春节", "过年", "大年初一", "年初一", "正月初一"): _lunar(1, 1),
    ("元宵节", "正月十五"): _lunar(1, 15),
    ("端午节", "端午"): _lunar(5, 5),
    ("七夕节", "七夕"): _lunar(7, 7),
    ("中元节",): _lunar(7, 15),
    ("中秋节", "中秋"): _lunar(8, 15),
    ("重阳节", "重阳"): _lunar(9, 9),
    ("清明节", "清明"): lambda year: _solar_term("清明", year),
    ("冬至",): lambda year: _solar_term("冬至", year),
}
"""The ways of writing each holiday, and its day in a year."""

LONG = {"国庆节": 7, "国庆": 7, "春节": 7, "过年": 7}
"""Days of a holiday of which 期间, 假期 or 长假 is said (a week, as the State Council has fixed it for years)."""

BY_NAME: Dict[str, Day] = {name: day for names, day in NAMES.items() for name in names}
