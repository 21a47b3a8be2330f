"""Numbers that name something: orders, waybills, telephones."""

from __future__ import annotations

import dataclasses
import re
from typing import Iterator, List, Match

from weiquan.language.patterns import one_of, without_overlaps

ORDER, TRACKING, PHONE = "order_number", "tracking_number", "phone_number"


@dataclasses.dataclass(frozen=True)
class Identifier:
    """A number at `text[start:end]`: `kind` is ORDER, TRACKING or PHONE, `value` its usual spelling."""

    start: int
    end: int
    kind: str
    value: str


_ALONE = r"(?<![A-Za-z0-9])"

_CLOSED = r"(?![A-Za-z0-9])"

_PINDUODUO_ORDER = re.compile(r"(?<![\d-])\d{6}\s?-\s?\d{12,18}(?![\d-])")

_LONG = re.compile(rf"{_ALONE}\d{{15,24}}{_CLOSED}")

_ORDER_CUE = re.compile(r"(?:订单|单号|定单|下单)[^,，。;；\d]{0,8}\Z")

_COURIER_CUE = re.compile(
    r"(?:快递|运单|物流|面单|包裹|退货|寄件|中通|圆通|申通|韵达|极兔|顺丰|邮政|EMS|京东快递|德邦|退回|寄回)[^,，。;；\d]{0,10}\Z",
    re.I,
)

# SF and 12 to 13 digits, YT and 13 to 15 ...: the couriers' own forms.
_LETTERED = re.compile(
    rf"{_ALONE}(?:SF|YT|JT|JDVC|JDV[A-Z]?|JDX|JDL|JDK|JDAZ|JD|ZTO|STO|YD|YUNDA|DPK|DP|UC|HT|BEST|KY|ZJS|TT|CN|EMS|FW|JYM|ANE|YZPY)"
    rf"\s?\d{{9,16}}(?:-\d{{1,2}}){{0,3}}{_CLOSED}",
    re.I,
)

_POSTAL = re.compile(rf"{_ALONE}[A-Z]{{2}}\d{{9}}CN{_CLOSED}", re.I)

_KNOWN_START = re.compile(rf"{_ALONE}(?:77[3-9]\d|78\d\d|4318|46\d\d|98\d\d)\d{{9,11}}{_CLOSED}")
"""中通's 773 and 78, 韵达's 4318 and 46, 邮政's 98: 13 to 15 digits."""

_CALLED_WAYBILL = re.compile(
    r"(?:快递|运单|物流|面单|退货|寄件|取件|包裹)(?:的)?(?:单号|编号|号码|号|单)?(?:是|为|[:：]|\s)*(?P<number>[A-Za-z]{0,4}\d{10,20})"
    + _CLOSED
)

_MOBILE = re.compile(r"(?<![\d-])(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?![\d-])")

_LANDLINE = re.compile(r"(?<![\d-])(?:\(?0\d{2,3}\)?[- ]?)\d{7,8}(?:-\d{1,4})?(?![\d-])")

_SERVICE_LINE = re.compile(r"(?<![\d-])(?:[48]00[- ]?\d{3,4}[- ]?\d{3,4}|10[16]\d{5}|1010\d{4})(?![\d-])")

_BANKS_AND_FIRMS = re.compile(r"(?<![\d.¥￥-])95\d{3,6}(?![\d.-]|元|块)")

_PUBLIC_LINES = one_of(
    "12315 12345 12305 12363 12377 12381 12358 12378 12368 12348 12313 12321 12300 12318 12319 12328 12366"
)

_HOTLINE = re.compile(
    rf"(?<![\d.¥￥:/-]){_PUBLIC_LINES}"
    r"(?![\d.:/-]|元|块|万)"
    r"|(?<![\d.¥￥:/-])(?:96110|96315|96\d{4}|11183|11185)(?![\d.:/-]|元|块|万)"
)

_EMERGENCY = re.compile(
    r"(?:打|拨|拨通|报警|热线|电话|(?:\A|[,，。.!！?？\s]))(?:了|过|打)?\s?(?P<number>1(?:10|14|19|20|22))"
    r"(?![\d.:/%-]|\s?(?:元|块|多|个|件|斤|天|年|码|米|平|厘|[A-Za-z]|万|人|号|的|度|分|通|次|折))"
)
"""110 and its like: too short to be telephones wherever they stand."""

_CALLED = one_of(
    "电话 号码(?<!订单号码)(?<!运单号码)(?<!快递号码) 手机号? 热线 座机 联系方式 客服(?:电话)?号? 拨打?了?"
)

_CALLED_PHONE = re.compile(rf"{_CALLED}(?:是|为|[:：]|\s|打)*(?P<number>\d[\d -]{{3,13}}\d)(?![\d-]|元|块)")


def find_identifiers(text: str) -> List[Identifier]:
    """Return the orders, waybills and telephones in `text`, first to last, without overlaps."""
    return without_overlaps(_candidates(text), lambda found: (found.start, found.end))


def _candidates(text: str) -> Iterator[Identifier]:
    """Yield all readings, the surest first."""
    for match in _PINDUODUO_ORDER.finditer(text):
        yield _found(match, ORDER)
    for pattern in (_LETTERED, _POSTAL):
        for match in pattern.finditer(text):
            yield _found(match, TRACKING)
    for match in _CALLED_WAYBILL.finditer(text):
        yield _found(match, TRACKING, "number")
    for match in _LONG.finditer(text):
        before = text[: match.start()]
        if _COURIER_CUE.search(before):
            yield _found(match, TRACKING)
        elif _ORDER_CUE.search(before):
            yield _found(match, ORDER)
    for match in _KNOWN_START.finditer(text):
        yield _found(match, TRACKING)
    for pattern in (_MOBILE, _SERVICE_LINE, _LANDLINE, _BANKS_AND_FIRMS, _HOTLINE):
        for match in pattern.finditer(text):
            yield _found(match, PHONE)
    for pattern in (_EMERGENCY, _CALLED_PHONE):
        for match in pattern.finditer(text):
            yield _found(match, PHONE, "number")


def _found(match: Match[str], kind: str, group: str = "") -> Identifier:
    start, end = match.span(group) if group else match.span()
    written = match.string[start:end]
    value = written.replace(" ", "")
    if kind == TRACKING:
        value = value.upper()
    elif match.re is _MOBILE:
        value = re.sub(r"\D", "", written)[-11:]
    return Identifier(start, end, kind, value)
