"""Which amount of a message is what was paid for the goods."""

from __future__ import annotations

from typing import Any, List, Optional, Sequence

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


def find_price(text: str, entities: Sequence[Entity]) -> Optional[float]:
    """Return the amount in yuan that was paid: one called a price, else the only one not called something else."""
    words = event_words()
    candidates: List[float] = []
    for entity in entities:
        yuan = _plausible(float(entity.value)) if entity.kind == "amount" and _is_number(entity.value) else None
        if yuan is None or is_denied(text, entity):
            continue
        begin, end = clause_around(text, entity.start, entity.end, LIST_BORDER)
        before, after = text[begin : entity.start], text[entity.end : end]
        if words.is_no_price(before, after):
            continue
        if words.is_price(before, after):
            return yuan
        candidates.append(yuan)
    if not candidates and not any(entity.kind == "amount" for entity in entities):
        alone = (clause.text.strip() for clause in split(text) if clause.start)
        candidates = [float(number) for number in alone if _is_price_alone(number)]
    return candidates[0] if len(candidates) == 1 else None


def _is_price_alone(clause: str) -> bool:
    return clause.isascii() and clause.isdigit() and clause[0] != "0" and len(clause) in _DIGITS_ALONE


def _plausible(yuan: float) -> Optional[float]:
    return float(yuan) if 0 < yuan <= LARGEST_AMOUNT else None


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)
