"""Reading a number as shoppers write it: 39.9, 1,299, 1千3, 两百五, 三四十, 百来, 1.2w.

cn2an reads the numerals. Here the vague words around them (几, 多, 来, 上) are
taken off first and remembered, for cn2an refuses a text that holds them.
"""

from __future__ import annotations

import dataclasses
import functools
import re
from typing import Optional

import cn2an  # type: ignore[import-untyped]

ARABIC = r"(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?"
"""39.9, 1,299"""

CHINESE = r"[零〇一二两三四五六七八九十百千万廿]{1,12}(?:点[零〇一二三四五六七八九]{1,4})?"
"""两百九十九, 一点五"""

_SCALED = rf"{ARABIC}(?:[百千万](?:\d{{1,4}}(?:[百千]\d{{1,3}}){{0,2}}[百千]?)?|[wWkK](?![a-zA-Z]))?"

_VAGUE_HEAD = r"(?:好几|大几|几|数|上)(?=[十百千万])"

_VAGUE_TAIL = r"(?:[多来余几把](?![少久长大])(?:[十百千万](?![多来余]))?)?"

COUNT = rf"(?:{_VAGUE_HEAD})?(?:{_SCALED}|{CHINESE}){_VAGUE_TAIL}"
"""A number with the vague words that belong to it: 五十多, 几十, 百来, 1.2万."""

_WHOLE = re.compile(COUNT)

_VAGUE = re.compile(r"[多来余把]")

_NEIGHBOURS = re.compile(r"([一二两三四五六七八])([二两三四五六七八九])(?=[十百千万]|\Z)")
"""三四十, 两三百, 三五: a range whose lower end is kept."""

_UNKNOWN_DIGIT = re.compile(r"(?:好几|大几|几|数)(?=[十百千万]|\Z)")

_BIG_UNITS = {"w": "万", "W": "万", "k": "千", "K": "千"}

_IDIOMS = {"百八十": "百", "百十": "百", "千八百": "千"}


@dataclasses.dataclass(frozen=True)
class Number:
    """A number: `value` is None where only its size is named (几百).

    Where it is `approximate`, `value` is the lower end: 五十多 is 50, 三四十 is 30.
    """

    value: Optional[float]
    approximate: bool = False


def tidy(value: float) -> float:
    """Return `value` as an int where it is whole (39.0 is 39), rounded to a ten-thousandth."""
    rounded = round(value, 4)
    return int(rounded) if rounded == int(rounded) else rounded


@functools.lru_cache(maxsize=4096)
def read_number(text: str) -> Optional[Number]:
    """Return what `text`, a match of `COUNT` or 几 or 半, says; None where it is no number."""
    text = text.replace(",", "").strip()
    if text == "半":
        return Number(0.5)
    if text.startswith("上") and text != "上":
        text, approximate = text[1:], True
    else:
        approximate = False
    if _UNKNOWN_DIGIT.match(text):
        return Number(None, approximate=True)
    approximate = approximate or bool(_VAGUE.search(text)) or text.endswith("几") or "几" in text
    plain = _VAGUE.sub("", text).replace("几", "")
    if plain in _IDIOMS:
        plain, approximate = _IDIOMS[plain], True
    if _is_range(plain):
        plain, approximate = _NEIGHBOURS.sub(r"\1", plain), True
    plain = "".join(_BIG_UNITS.get(sign, sign) for sign in plain).replace("俩", "两").replace("仨", "三")
    if plain[:1] in {"百", "千", "万"}:
        plain = f"一{plain}"
    value = _plain_value(plain)
    return None if value is None else Number(tidy(value), approximate)


def whole_number(text: str) -> Optional[Number]:
    """Return the number that all of `text` is, None where it is none."""
    return read_number(text) if _WHOLE.fullmatch(text) else None


def _is_range(plain: str) -> bool:
    """Tell 三四十 from 二十三四 (also a range) and from 五三零 (digits read out)."""
    match = _NEIGHBOURS.search(plain)
    if match is None or "点" in plain or "零" in plain:
        return False
    low, high = ("一二三四五六七八九".find(numeral.replace("两", "二")) for numeral in match.groups())
    return low < high


def _plain_value(plain: str) -> Optional[float]:
    if re.fullmatch(r"\d+(?:\.\d+)?", plain):
        return float(plain)
    try:
        return float(cn2an.cn2an(plain, "smart"))
    except (ValueError, KeyError):  # 十十一 makes the library look up a place that is none
        return None
