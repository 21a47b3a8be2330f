"""Which amount of a message is what was paid for the goods, and what the others are."""

from __future__ import annotations

import dataclasses
from typing import Any, Dict, FrozenSet, List, Mapping, Optional, Sequence, Tuple

from weiquan.language.clauses import LIST_BORDER, clause_around, split
from weiquan.language.endings import beginnings
from weiquan.language.entities.numerals import whole_number
from weiquan.reading.details import Entity, is_denied
from weiquan.reading.event_words import event_words

LARGEST_AMOUNT = 1_000_000

_BEFORE = (
    "大概",
    "大约",
    "差不多",
    "将近",
    "约",
    "就",
    "我",
    "一共",
    "总共",
    "花了",
    "付了",
    "实付",
    "是",
    "¥",
    "￥",
    " ",
)
_AFTER = ("块钱", "块", "元", "左右", "吧", "多", "。", ".", " ")
_SMALL_WORDS = 6
"""Small words around a number that is a whole answer: 我大概花了300块钱左右吧."""

_DIGITS_ALONE = range(2, 6)
"""Digits of a number that is a clause by itself and a price: 「买的假鞋,599」."""


def bare_amount(text: str) -> Optional[float]:
    """Return the amount in yuan that a whole answer is ("128", "三百多"), None where it is none."""
    text = text.strip()
    for start in beginnings(text, _BEFORE, _SMALL_WORDS):
        for end in beginnings(text[::-1], (word[::-1] for word in _AFTER), _SMALL_WORDS):
            number = whole_number(text[start : len(text) - end])
            if number and number.value is not None:
                return _plausible(number.value)
    return None


_SUM_OF_NEWS: Mapping[str, str] = {"offered": "offered", "demanded": "deducted", "refunded_part": "refunded"}
"""News of which the only amount that is called nothing else is a part."""


@dataclasses.dataclass(frozen=True)
class Amounts:
    """The amounts of a message in yuan: the `price` paid, None where none is told; those of SUMS by name.

    `adds`: the price comes on top of what was told before.
    """

    price: Optional[float] = None
    sums: Mapping[str, float] = dataclasses.field(default_factory=dict)
    adds: bool = False


def find_amounts(text: str, entities: Sequence[Entity], news: FrozenSet[str] = frozenset()) -> Amounts:
    """Return what the amounts in `text` (normalised) are of, with the `news` found in it.

    The price is one called so, else the only one not called something else; two of which
    the later comes on top are added: 「一单30，又买了一单50」.
    """
    words = event_words()
    priced: List[float] = []
    candidates: List[Tuple[float, bool]] = []
    left: List[float] = []
    sums: Dict[str, float] = {}
    is_any = False
    for entity in entities:
        is_any = is_any or entity.kind == "amount"
        yuan = _plausible(float(entity.value)) if entity.kind == "amount" and _is_number(entity.value) else None
        if yuan is None or is_denied(text, entity):
            continue
        begin, end = clause_around(text, entity.start, entity.end, LIST_BORDER)
        before, after = text[begin : entity.start], text[entity.end : end]
        called = words.sum_of(before, after)
        if called:
            sums[called] = sums.get(called, 0.0) + yuan
        elif words.is_no_price(before, after):
            left.append(yuan)
        elif words.is_price(before, after) and not words.adds(before):
            priced.append(yuan)
        else:
            candidates.append((yuan, words.adds(before)))
    named = next((_SUM_OF_NEWS[name] for name in _SUM_OF_NEWS if name in news), None)
    if named and not priced and len(left) + len(candidates) == 1:
        sums[named] = (left or [yuan for yuan, _ in candidates])[0]
        return Amounts(None, sums)
    added = sum(yuan for yuan, adds in candidates if adds)
    plain = [yuan for yuan, adds in candidates if not adds]
    base = priced[0] if priced else plain[0] if len(plain) == 1 else None
    if added and not (plain and base is None):
        return Amounts((base or 0.0) + added, sums, adds=base is None)
    if base is None and not is_any:
        alone = (clause.text.strip() for clause in split(text) if clause.start)
        numbers = [float(number) for number in alone if _is_price_alone(number)]
        base = numbers[0] if len(numbers) == 1 else None
    return Amounts(base, sums)


def _is_price_alone(clause: str) -> bool:
    return clause.isascii() and clause.isdigit() and clause[0] != "0" and len(clause) in _DIGITS_ALONE


def _plausible(yuan: float) -> Optional[float]:
    return float(yuan) if 0 < yuan <= LARGEST_AMOUNT else None


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)
