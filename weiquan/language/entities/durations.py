"""Lengths of time as shoppers tell them: 十天, 一个多月, 48小时, 两天半, 三四天, 好几天."""

from __future__ import annotations

import dataclasses
import datetime
from typing import Match, Optional, Tuple

from dateutil.relativedelta import relativedelta  # type: ignore[import-untyped]

from weiquan.language.entities.numerals import COUNT, Number, read_number
from weiquan.language.patterns import one_of

_UNIT = one_of(
    "天 日(?=内|之内|以内) 周 个?星期 个?礼拜 个?月 年 个?季度 个?小时 个?钟头 个钟 个?工作日 个?自然日 分钟 秒钟?",
    "[hH](?![a-zA-Z])",
)

LENGTH = rf"""(?:
    (?P<half_head>[大小])?半(?P<half_measure>个)?(?P<half_more>多)?(?P<half_unit>年|月(?!形|板)|星期|礼拜|周|小时|钟头|天|季度)
  | 一整(?P<whole>天|个?月|年|周|个?星期)
  | (?P<handful>个把)(?P<handful_unit>月|小时|星期|礼拜|钟头)
  | (?P<some>好几|几|好多|好些)(?P<some_unit>{_UNIT})
  | (?P<days_nights>{COUNT})(?:天|日)(?P<nights>{COUNT})夜
  | (?P<idiom>十天半个?月)
  | (?P<range>(?P<low>\d{{1,3}}|[一二两三四五六七八九十]+)\s?[-~—到至]\s?(?P<high>{COUNT})(?P<range_unit>{_UNIT}))
  | (?P<count>{COUNT}|俩|仨)(?P<measure>个)?(?P<more>多|来)?(?P<unit>半?{_UNIT})(?P<tail>半(?!夜)|多(?![次少久长大]))?
      (?P<rest>零?(?P<rest_count>{COUNT})(?P<rest_unit>(?<=[年\d一二两三四五六七八九十零])个月|个?小时|分钟))?
)"""

_ISO_UNITS = {
    "天": ("D", 1),
    "日": ("D", 1),
    "自然日": ("D", 1),
    "周": ("W", 1),
    "星期": ("W", 1),
    "礼拜": ("W", 1),
    "月": ("M", 1),
    "季度": ("M", 3),
    "年": ("Y", 1),
    "小时": ("TH", 1),
    "钟头": ("TH", 1),
    "钟": ("TH", 1),
    "h": ("TH", 1),
    "H": ("TH", 1),
    "分钟": ("TM", 1),
    "秒": ("TS", 1),
    "秒钟": ("TS", 1),
}
"""Unit -> (ISO letter, how many of it); T before the units of a day."""

_HALVES = {"D": ("TH", 12), "W": ("D", 3.5), "M": ("D", 15), "Y": ("M", 6), "TH": ("TM", 30), "TM": ("TS", 30)}
"""Half of a unit in the next smaller one; half a week has no honest number of days."""

_DELTA = {"D": "days", "W": "weeks", "M": "months", "Y": "years", "TH": "hours", "TM": "minutes", "TS": "seconds"}


@dataclasses.dataclass(frozen=True)
class Length:
    """Parts of a duration: (ISO unit, whole number), largest first; empty where unknown."""

    parts: Tuple[Tuple[str, int], ...]
    approximate: bool

    @property
    def iso(self) -> Optional[str]:
        """Return the ISO 8601 form, None where unknown."""
        if not self.parts:
            return None
        days = "".join(f"{count}{unit}" for unit, count in self.parts if not unit.startswith("T"))
        times = "".join(f"{count}{unit[1:]}" for unit, count in self.parts if unit.startswith("T"))
        return f"P{days}{'T' + times if times else ''}"

    def before(self, now: datetime.datetime) -> Optional[datetime.date]:
        """Return the day that long before `now`, None where unknown or before the calendar begins."""
        if not self.parts:
            return None
        try:
            then: datetime.datetime = now - relativedelta(**{_DELTA[unit]: count for unit, count in self.parts})
        except (ValueError, OverflowError):
            return None
        return then.date()


def _parts(number: Optional[Number], unit: str, with_half: bool = False) -> Tuple[Tuple[str, int], ...]:
    """Return the ISO parts of so many units; 1.5 and 半 go into the next smaller unit."""
    entry = _ISO_UNITS.get(unit.lstrip("个"))
    if number is None or number.value is None or entry is None:
        return ()
    letter, times = entry
    value = number.value * times + (0.5 if with_half else 0)
    whole, half = int(value), value - int(value)
    parts = [(letter, whole)] if whole else []
    if half:
        smaller = _HALVES.get(letter)
        if half != 0.5 or smaller is None or smaller[1] != int(smaller[1]):
            return ()
        parts.append((smaller[0], int(smaller[1])))
    return tuple(parts)


def read_length(match: Match[str]) -> Optional[Length]:
    """Return what a match of `LENGTH` says, None where it is no length of time."""
    if match.group("half_unit"):
        is_vague = bool(match.group("half_head") or match.group("half_more"))
        if match.group("half_unit") == "天":
            return Length((), approximate=True)  # "等了半天" is a long while
        return Length(_parts(Number(0.5), match.group("half_unit")), is_vague)
    if match.group("whole"):
        return Length(_parts(Number(1), match.group("whole")), approximate=False)
    if match.group("handful"):
        return Length(_parts(Number(1), match.group("handful_unit")), approximate=True)
    if match.group("some") or match.group("idiom"):
        return Length((), approximate=True)
    if match.group("range"):
        low = read_number(match.group("low"))
        return Length(_parts(low, match.group("range_unit")), approximate=True)
    if match.group("days_nights"):
        number = read_number(match.group("days_nights"))
        return Length(_parts(number, "天"), bool(number and number.approximate))
    return _counted(match)


def _counted(match: Match[str]) -> Optional[Length]:
    number = read_number(match.group("count"))
    unit = match.group("unit")
    names_month = unit == "月" and not match.group("measure") and match.group("count") not in {"两", "俩", "仨"}
    if number is None or names_month:
        return None  # 3月 is March
    has_half = unit.startswith("半") or match.group("tail") == "半"
    is_vague = number.approximate or bool(match.group("more")) or match.group("tail") == "多"
    parts = _parts(number, unit.lstrip("半"), has_half)
    if parts and match.group("rest"):
        parts += _parts(read_number(match.group("rest_count")), match.group("rest_unit"))
    return Length(parts, is_vague)
