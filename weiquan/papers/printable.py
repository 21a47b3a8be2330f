"""Values of a case that are safe to print."""

from __future__ import annotations

import datetime
import re
import unicodedata
from typing import List, Optional

from weiquan.case.case import Case
from weiquan.language.masking import mask

BLANK = re.compile(r"【请填写：[^】]*】")

_MAX_VALUE = 60

# Longer than any telephone and most waybills: cards have 16 to 19 digits, identity cards 15 or 18 with X.
_LONG_NUMBER = re.compile(r"\d(?:[\s\-.·]?\d){13,}[\s\-.·]?[\dXx]")

_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Cn"})

_PINDUODUO_ORDER = re.compile(r"(?P<day>\d{6})-(?P<rest>\d{12,18})")

_BIRTH_AND_MORE = re.compile(r"(?P<day>(?:19|20)\d{6})\d{4}")
"""What stands on an identity card after the six digits of the district."""

_LONGER_THAN_ANY_CARD = re.compile(r"\d{20,24}")

_FIRST_DAY = datetime.date(2015, 1, 1)
"""Pinduoduo took its first orders in 2015."""


def blank(what: str) -> str:
    """Return the blank for what only the shopper can fill in."""
    return f"【请填写：{what}】"


def as_blanks(text: str) -> List[str]:
    """Return the blanks in `text`, as they stand there."""
    return BLANK.findall(text)


def in_full(day: datetime.date) -> str:
    """Return a date as papers write it: 2026年11月20日."""
    return f"{day.year}年{day.month}月{day.day}日"


# --- values of a case, safe to print ---


def printable(value: str, most: int = _MAX_VALUE) -> str:
    """Return `value` on one line and of bearable length, at most `most` characters.

    What could be the number of an identity or bank card goes, and so do
    characters that cannot be seen: controls, marks of direction, halves.
    """
    # Before masking: a number that something unseen parts is whole without it.
    seen = "".join(sign for sign in re.sub(r"\s+", " ", value) if unicodedata.category(sign) not in _UNSEEN)
    line = re.sub(r"\s+", " ", unicodedata.normalize("NFKC", mask(seen)[0])).strip().replace("|", "｜")
    return _LONG_NUMBER.sub(blank("此处号码已隐去"), line)[:most]


def order_number_of(case: Case, today: datetime.date) -> Optional[str]:
    """Return the case's order number if it cannot be anybody's identity card or bank card, else None.

    Pinduoduo's begin with the day of the order (yymmdd) and a dash; other
    digits are taken where there are more of them than on any card.
    """
    number = re.sub(r"\s", "", unicodedata.normalize("NFKC", case.order_number or ""))
    if _LONGER_THAN_ANY_CARD.fullmatch(number):
        return number
    match = _PINDUODUO_ORDER.fullmatch(number)
    day = _day_of(match["day"], "%y%m%d") if match else None
    if match is None or day is None or not _FIRST_DAY <= day <= today + datetime.timedelta(days=1):
        return None
    birth = _BIRTH_AND_MORE.fullmatch(match["rest"])
    return None if birth and _day_of(birth["day"], "%Y%m%d") else number


def _day_of(digits: str, form: str) -> Optional[datetime.date]:
    try:
        return datetime.datetime.strptime(digits, form).date()
    except ValueError:
        return None
