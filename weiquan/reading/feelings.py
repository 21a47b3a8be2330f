"""Anger and despair: hearing them, and one short human sentence before the help.

Words and sentences are data (`data/feelings.yml`). Who speaks of dying is met
first, as a danger (`handlers.danger`).
"""

from __future__ import annotations

import functools
import hashlib
import re
from typing import Dict, List, Optional, Pattern, Tuple

from pydantic import BaseModel, Extra, validator

from weiquan.data_files import read_data
from weiquan.language.clauses import SPACED_BORDER, split
from weiquan.places import DATA

ANGER, DESPAIR = "anger", "despair"

FILE = DATA / "feelings.yml"

LONGEST_SENTENCE = 40

_QUOTED = re.compile(r"[「“\"'‘][^「」“”\"'‘’]{1,60}[」”\"'’]")


class _Cues(BaseModel):
    cues: Tuple[str, ...]

    @validator("cues", each_item=True)
    def _is_pattern(cls, value: str) -> str:
        re.compile(value)
        return value

    class Config:
        extra = Extra.forbid


class _Sentences(BaseModel):
    anger: Tuple[str, ...]
    despair: Tuple[str, ...]
    situations: Dict[str, Tuple[str, ...]]

    class Config:
        extra = Extra.forbid

    @validator("anger", "despair")
    def _are_short(cls, value: Tuple[str, ...]) -> Tuple[str, ...]:
        return _checked(value)

    @validator("situations", each_item=True)
    def _are_short_too(cls, value: Tuple[str, ...]) -> Tuple[str, ...]:
        return _checked(value)


class _Feelings(BaseModel):
    anger: _Cues
    despair: _Cues
    of_others: str
    own: str
    denied: str
    sentences: _Sentences

    @validator("of_others", "own", "denied")
    def _is_pattern(cls, value: str) -> str:
        re.compile(value)
        return value

    class Config:
        extra = Extra.forbid


def _checked(sentences: Tuple[str, ...]) -> Tuple[str, ...]:
    if not sentences or any(len(sentence) > LONGEST_SENTENCE or re.search("[!！]", sentence) for sentence in sentences):
        raise ValueError(f"至少一句，每句不超过 {LONGEST_SENTENCE} 字，不用叹号")
    return sentences


@functools.lru_cache(maxsize=1)
def _feelings() -> _Feelings:
    """Read the file once. Raises `DataError` where it is not as it should be."""
    return read_data(FILE, _Feelings.parse_obj)


@functools.lru_cache(maxsize=8)
def _pattern(feeling: str) -> Pattern[str]:
    cues = {ANGER: _feelings().anger, DESPAIR: _feelings().despair}[feeling].cues
    return re.compile("|".join(f"(?:{cue})" for cue in cues), re.IGNORECASE)


def find_feeling(text: str) -> Optional[str]:
    """Return ANGER, DESPAIR or None: what `text` (normalised) tells of the shopper's own feeling.

    The one of which more is said; despair where it is even. What others said or
    felt, what stands in quotation marks and what is denied ("我不生气") is not
    counted.
    """
    clauses = [_own_words(clause.text) for clause in split(_QUOTED.sub("", text), SPACED_BORDER)]
    counts = {feeling: sum(_is_felt(feeling, clause) for clause in clauses) for feeling in (DESPAIR, ANGER)}
    best = max(counts, key=lambda feeling: counts[feeling])
    return best if counts[best] else None


def _own_words(clause: str) -> str:
    """Return what of `clause` the shopper feels: nothing after "the seller says", unless it comes back to 我."""
    others = re.search(_feelings().of_others, clause)
    if others is None:
        return clause
    rest = clause[others.end() :]
    own = re.search(_feelings().own, rest)
    return clause[: others.start()] + (rest[own.start() :] if own else "")


def _is_felt(feeling: str, clause: str) -> bool:
    denied = re.compile(_feelings().denied)
    return any(not denied.search(clause[: match.start()]) for match in _pattern(feeling).finditer(clause))


def sympathy(feeling: str, situation: Optional[str] = None, text: str = "") -> str:
    """Return one short sentence for `feeling` (ANGER or DESPAIR), fitting the `situation` id where it asks for it.

    Which of several depends on `text`, the shopper's message: the same message
    is met with the same sentence, another one often with another. Raises
    `KeyError` for an unknown feeling.
    """
    sentences = _feelings().sentences
    general = {ANGER: sentences.anger, DESPAIR: sentences.despair}[feeling]
    choices: List[str] = list(sentences.situations.get(situation or "", general))
    number = int.from_bytes(hashlib.sha256(text.encode("utf-8")).digest()[:4], "big")
    return choices[number % len(choices)]


def warm_up() -> None:
    """Read and compile the data file. Raises `DataError` where it is missing or broken."""
    _pattern(ANGER)
    _pattern(DESPAIR)
