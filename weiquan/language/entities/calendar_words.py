"""What a date in words means: each resolver turns one match of a pattern of `dates` into days."""

from __future__ import annotations

import dataclasses
import datetime
import re
from typing import Callable, Iterable, List, Match, Optional, Sequence, Tuple

from dateutil.relativedelta import relativedelta  # type: ignore[import-untyped]

from weiquan.language.entities.holidays import BY_NAME, LONG, lunar_day
from weiquan.language.entities.numerals import read_number
from weiquan.language.patterns import one_of

Days = Tuple[datetime.date, datetime.date]
"""First and last day of a stretch; equal for one day."""


@dataclasses.dataclass(frozen=True)
class CalendarDate:
    """A day or a stretch of days that `text[start:end]` names.

    `first` and `last` are None where the words leave the days open (前几天).
    `approximate` where the day is only about right (一个多月前).
    """

    start: int
    end: int
    first: Optional[datetime.date]
    last: Optional[datetime.date]
    approximate: bool = False


@dataclasses.dataclass(frozen=True)
class Found:
    """A match of one of the patterns below, in its message."""

    match: Match[str]
    text: str
    today: datetime.date
    earlier: Optional[CalendarDate] = None
    """The date that stands just before."""

    def get(self, group: str) -> str:
        """Return what a group matched, "" for nothing."""
        return self.match.groupdict().get(group) or ""

    @property
    def is_deadline(self) -> bool:
        """Tell whether the date is a limit still to come, or promised (11月30号前发货)."""
        before, after = self.text[: self.match.start()], self.text[self.match.end() :]
        return bool(_LIMIT_AFTER.match(after) or _LIMIT_BEFORE.search(before) or _PROMISE.search(before)) and not (
            _DONE_AFTER.match(after)
        )


Resolver = Callable[[Found], Optional[Days]]

_LIMIT_AFTER = re.compile(r"(?:之前|以前|前(?![台面后一几两天年])|截止|为止|到期)")

_LIMIT_BEFORE = re.compile(r"(?:最晚|最迟|等到|要等|截止到?|预计|预售到?|保证|承诺)(?:在|到|是|于)?\Z")

_PROMISE = re.compile(r"(?:说|答应|通知|显示)(?:要|会|得|是)?(?:等到?|到)?\Z")

_DONE_AFTER = re.compile(
    r"(?:之前|以前|前)?(?:就|才)?(?:已经?)?(?:发了|到了|收到|签收|买的|下的?单|拍的|付的?款|发的货|申请的)"
)

DIGITS = "一二两三四五六七八九十"

ONES = "[一二三四五六七八九]"

DAY_NUMBER = one_of(rf"[12]\d 3[01] 0?[1-9] 三十一? 二十{ONES}? 廿{ONES}? 十{ONES}? {ONES}")

MONTH_NUMBER = one_of(f"1[0-2] 0?[1-9] 十[一二]? {ONES}")

TIME_OF_DAY = one_of(
    "那一?天 当天 那晚 当晚 一大早 大清早 清早 清晨 早上 早晨 上午 中午 下午 傍晚 晚上 夜里 半夜 凌晨 深夜 午后"
)

PART_OF_DAY = rf"(?:的?{TIME_OF_DAY}){{0,2}}"

YEAR_WORD = r"(?:大前年|前年|去年|今年|明年|(?:20)?\d\d年)"

PART_OF_MONTH = r"(?:月?初|月?底|月?末|中旬|上旬|下旬|月中|中(?![秋间午旬国号])|头)"

# --- resolving ---


def _single_day(day: datetime.date) -> Days:
    return day, day


def _date(year: int, month: int, day: int) -> Optional[datetime.date]:
    try:
        return datetime.date(year, month, day)
    except ValueError:
        return None


def _int(text: str) -> int:
    """Return the whole number in `text`, 0 where there is none."""
    number = read_number(text) if text else None
    return int(number.value) if number and number.value is not None else 0


def _month_of(year: int, month: int) -> Days:
    first = datetime.date(year, month, 1)
    return first, first + relativedelta(months=1, days=-1)


def _part_of(month: Days, part: str) -> Days:
    """Return the thirds of a month: its first ten days, its second ten, the rest."""
    first, last = month
    if part in {"初", "月初", "上旬", "头"}:
        return first, first.replace(day=10)
    if part in {"中旬", "月中", "中"}:
        return first.replace(day=11), first.replace(day=20)
    if part:
        return first.replace(day=21), last
    return month


def _choose(candidates: Iterable[Optional[Days]], found: Found) -> Optional[Days]:
    """Return the latest candidate that is not after today, of a deadline the nearest."""
    known = [days for days in candidates if days]
    if found.is_deadline:
        return min(known, key=lambda days: (abs((days[0] - found.today).days), days[0] < found.today), default=None)
    return max((days for days in known if days[0] <= found.today), default=None)


def _year(text: str, today: datetime.date) -> Optional[int]:
    shift = {"大前年": -3, "前年": -2, "去年": -1, "今年": 0, "明年": 1}
    if text in shift:
        return today.year + shift[text]
    digits = text.rstrip("年")
    return int(digits) + (2000 if len(digits) == 2 else 0) if digits.isdigit() else None


def _years(found: Found) -> Sequence[int]:
    """Return the years that may be meant: the year named, else those around today."""
    named = _year(found.get("year").rstrip("的"), found.today)
    return (named,) if named else (found.today.year - 1, found.today.year, found.today.year + 1)


def _pick(candidates: Sequence[Optional[Days]], found: Found) -> Optional[Days]:
    return candidates[0] if len(candidates) == 1 else _choose(candidates, found)


DAY_WORDS = {"大前": -3, "前": -2, "昨": -1, "今": 0, "明": 1, "后": 2, "大后": 3}


def relative_day(found: Found) -> Days:
    """Return the day of 昨天, 后天 and their like."""
    return _single_day(found.today + datetime.timedelta(days=DAY_WORDS[found.get("which")]))


def _week_shift(prefix: str) -> Optional[int]:
    bare = prefix.replace("个", "")
    return {"上上": -2, "上": -1, "这": 0, "本": 0, "下": 1, "下下": 2}.get(bare)


def weekday(found: Found) -> Optional[Days]:
    """Return the day, or the weekend, of 周三, 上周末; None for an unknown week."""
    monday = found.today - datetime.timedelta(days=found.today.weekday())
    shift = _week_shift(found.get("week"))
    name = found.get("day")
    first, last = (5, 6) if name == "末" else ["一二三四五六日".find(name.replace("天", "日"))] * 2
    if shift is not None:
        start = monday + datetime.timedelta(weeks=shift)
        return start + datetime.timedelta(days=first), start + datetime.timedelta(days=last)
    weeks = [monday + datetime.timedelta(weeks=weeks_on) for weeks_on in (-1, 0, 1)]
    stretches = [(start + datetime.timedelta(days=first), start + datetime.timedelta(days=last)) for start in weeks]
    if found.is_deadline:
        return min(days for days in stretches if days[1] >= found.today)
    return max(days for days in stretches if days[0] <= found.today)


def week(found: Found) -> Optional[Days]:
    """Return the seven days of 上周; None for an unknown week."""
    shift = _week_shift(found.get("week"))
    if shift is None:
        return None
    monday = found.today + datetime.timedelta(days=-found.today.weekday(), weeks=shift)
    return monday, monday + datetime.timedelta(days=6)


def relative_month(found: Found) -> Optional[Days]:
    """Return the month, the part or the day of it, of 上个月, 上个月底, 上月5号; None where it has no such day."""
    shift = _week_shift(found.get("which"))
    if shift is None:
        return None
    first = found.today.replace(day=1) + relativedelta(months=shift)
    month = _month_of(first.year, first.month)
    if found.get("day"):
        day = _date(first.year, first.month, _int(found.get("day")))
        return _single_day(day) if day else None
    return _part_of(month, found.get("part"))


def month_and_day(found: Found) -> Optional[Days]:
    """Return the days of 10月3号, 10月, 10月底; None where there is no such day."""
    month, day = _int(found.get("month")), _int(found.get("day"))
    if not found.get("day"):
        return _pick([_part_of(_month_of(year, month), found.get("part")) for year in _years(found)], found)
    days = [_date(year, month, day) for year in _years(found)]
    return _pick([_single_day(day) if day else None for day in days], found)


def day_of_month(found: Found) -> Optional[Days]:
    """Return the day of 3号, in the month of the date before it where both are a stretch; None for none."""
    day = _int(found.get("day"))
    before = found.text[: found.match.start()]
    if found.earlier and found.earlier.last and re.search(r"(?:到|至|-|~|—)\Z", before):
        # "10月1号到7号": the month of the one before.
        same = _date(found.earlier.last.year, found.earlier.last.month, day)
        return _single_day(same) if same else None
    firsts = [found.today.replace(day=1) + relativedelta(months=months_on) for months_on in (-2, -1, 0, 1)]
    days = [_date(first.year, first.month, day) for first in firsts]
    return _choose([_single_day(day) if day else None for day in days], found)


def numeric(found: Found) -> Optional[Days]:
    """Return the day of 2026-11-03; None where there is no such day."""
    day = _date(_int(found.get("year")), _int(found.get("month")), _int(found.get("day")))
    return _single_day(day) if day else None


HOLIDAY_SHIFTS = {
    "前一天": -1,
    "前两天": -2,
    "前三天": -3,
    "后一天": 1,
    "第二天": 1,
    "后两天": 2,
    "后三天": 3,
}


def holiday(found: Found) -> Optional[Days]:
    """Return the days of 国庆, 国庆期间, 中秋前一天."""
    name = found.get("name")
    length = LONG.get(name, 1) if re.match(r"期间|假期|长假|放假|黄金周", found.text[found.match.end() :]) else 1
    shift = datetime.timedelta(days=HOLIDAY_SHIFTS.get(found.get("shift"), 0))
    firsts = [BY_NAME[name](year) + shift for year in _years(found)]
    return _pick([(first, first + datetime.timedelta(days=length - 1)) for first in firsts], found)


def lunar_date(found: Found) -> Optional[Days]:
    """Return the day of 正月初三; None where no year around today has it."""
    month = {"正": 1, "冬": 11, "腊": 12}.get(found.get("month")) or _int(found.get("month"))
    days: List[Optional[Days]] = []
    for year in _years(found):
        try:
            days.append(_single_day(lunar_day(year, month, _int(found.get("day").lstrip("初")))))
        except ValueError:
            days.append(None)
    return _pick(days, found)


SEASONS = {"春": (3, 5), "夏": (6, 8), "秋": (9, 11), "冬": (12, 14)}


def year_stretch(found: Found) -> Optional[Days]:
    """Return the stretch of 去年, 去年底, 今年春天; None for an unknown year."""
    year = _year(found.get("year"), found.today)
    if year is None:
        return None
    part = found.get("part").lstrip("的")
    if part[:1] in SEASONS:
        low, high = SEASONS[part[0]]
    else:
        low, high = {"上半年": (1, 6), "下半年": (7, 12)}.get(part) or (
            (1, 1) if part.endswith("初") else (12, 12) if part.endswith(("底", "末")) else (1, 12)
        )
    first = datetime.date(year, low, 1)
    return first, first + relativedelta(months=high - low + 1, days=-1)


def bare_part_of_month(found: Found) -> Optional[Days]:
    """Return the days of 月初, 月底."""
    firsts = [found.today.replace(day=1) + relativedelta(months=months_on) for months_on in (-1, 0, 1)]
    return _choose([_part_of(_month_of(first.year, first.month), found.get("part")) for first in firsts], found)


def bare_part_of_year(found: Found) -> Optional[Days]:
    """Return the month of 年初, 年底."""
    month = 1 if found.get("part") == "年初" else 12
    return _choose([_month_of(found.today.year + years_on, month) for years_on in (-1, 0, 1)], found)


def open(found: Found) -> Optional[Days]:
    """Return None: the words name no day (前几天)."""
    return None
