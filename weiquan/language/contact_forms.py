"""The forms in which contacts are typed: telephone numbers, accounts, sites and e-mail addresses."""

from __future__ import annotations

import dataclasses
import re
from typing import Tuple

from weiquan.language.identifiers import ORDER, TRACKING, find_identifiers

_AMOUNT = r"(?!\s?(?:元|块|毛|万|%|折|天|年|月|日|点|小时|分钟|件|个|次|斤|码|条|级|岁))"

_NUMBER = re.compile(
    rf"(?<!\d)(?<!\d\.)(?<!\d[./:-])[+(]{{0,2}}\d(?:[)(\-－—– ]{{0,2}}\d){{2,18}}(?![\d:/]|\.\d|-\d){_AMOUNT}"
)

_DOTTED = re.compile(r"(?<![\d.])(\d{3,4})\.(\d{3,4})\.(\d{4})(?![\d.])")

_DATE = re.compile(r"(?<!\d)20\d\d[-/.](?:0?[1-9]|1[0-2])[-/.](?:[12]\d|3[01]|0?[1-9])(?!\d)")

_READ_OUT = re.compile(r"(?<![零〇幺一二三四五六七八九十百千万第])[零〇幺一二三四五六七八九]{5,12}(?![零〇十百千万])")

_SPOKEN = str.maketrans("零〇幺一二三四五六七八九", "001123456789")

_SITE = re.compile(
    r"(?<![\w@.-])(?:https?://)?((?:[a-z0-9-]+\.)+"
    r"(?:com|cn|net|org|top|xyz|vip|cc|info|shop|site|link|icu|club|online|work|ltd|app|io|me|tv|store|live|fun|pro|co|mobi|tech|ink)"
    r"(?:\.cn)?)(?![a-z0-9-]|\.[a-z])",
    re.I,
)

_ACCOUNT = re.compile(
    r"(?:(?:(?P<qq>qq)|企业微信|微信|vx|v信|wechat)(?:群|账?号码?)?(?:[是为:：\s]|叫|搜)*"
    r"(?P<named>(?(qq)[1-9]\d{4,11}|[a-z][a-z0-9_-]{5,19}))|(?P<bare>\bwxid_[a-z0-9]+))(?![a-z0-9_.-])",
    re.I | re.A,
)
"""An account outside the app: a QQ number, a WeChat id (six signs or more, a letter first)."""

_PART = re.compile(
    r"(?P<head>\d[\d -]{1,10}\d) ?(?:开头|打头|开始)|(?P<end>\d{3,6}) ?(?:结尾|收尾)"
    r"|(?:尾号|末尾|结尾|最?后[三四五六]位)(?:数|是|为|[:： ])*(?P<tail>\d{3,6})(?!\d)"
)

_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.A)


@dataclasses.dataclass(frozen=True)
class Contacts:
    """What looks like a contact in a text, as typed; `parts` are beginnings and ends of numbers (尾号5288)."""

    numbers: Tuple[str, ...]
    parts: Tuple[str, ...]
    accounts: Tuple[str, ...]
    sites: Tuple[str, ...]
    emails: Tuple[str, ...]


def find_contacts(text: str) -> Contacts:
    """Return the contacts in `text`, of each kind first to last. Orders, waybills, dates and amounts are none."""
    emails = tuple(match.group() for match in _EMAIL.finditer(text))
    rest = _EMAIL.sub(" ", text)
    sites = tuple(match.group(1) for match in _SITE.finditer(rest))
    rest = _SITE.sub(" ", rest)
    accounts = tuple(match["named"] or match["bare"] for match in _ACCOUNT.finditer(rest))
    rest = _only_numbers(_ACCOUNT.sub(" ", rest))
    parts = tuple(match.group() for match in _PART.finditer(rest))
    numbers = tuple(match.group().strip() for match in _NUMBER.finditer(_PART.sub(" ", rest)))
    return Contacts(numbers, parts, accounts, sites, emails)


def _only_numbers(text: str) -> str:
    """Return `text` with numbers read out as digits and dotted ones dashed, without orders, waybills and dates."""
    text = _READ_OUT.sub(lambda match: match.group().translate(_SPOKEN), text)
    text = _DOTTED.sub(r"\1-\2-\3", text)
    for identifier in reversed(find_identifiers(text)):
        if identifier.kind in {ORDER, TRACKING}:
            text = f"{text[: identifier.start]} {text[identifier.end :]}"
    return _DATE.sub(" ", text)
