"""Anger and despair: hearing them, and one short human sentence before the help.

Words and sentences are data (`data/feelings.yml`). Who speaks of dying is met
first, as a danger (`handlers.danger`).
"""

from __future__ import annotations

import functools
import hashlib
import itertools
from typing import Any, Dict, List, Optional, Tuple

from pydantic import BaseModel, Extra, validator

from weiquan.data_files import read_data
from weiquan.language.clauses import SPACED_BORDER, quotations, split
from weiquan.language.endings import ends_with
from weiquan.language.phrases import Phrases, compiled
from weiquan.places import DATA

ANGER, DESPAIR = "anger", "despair"

FILE = DATA / "feelings.yml"

LONGEST_SENTENCE = 40

_NOT_OF_ONESELF = "我,，。"
"""What may not stand between the seller and his saying: 「商家把我骂了」 is about oneself."""


class _Denied(BaseModel):
    words: Tuple[str, ...]
    hedges: Tuple[str, ...]

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
    anger: Phrases
    despair: Phrases
    of_others: Phrases
    own: Phrases
    denied: _Denied
    sentences: _Sentences

    @validator("anger", "despair", "of_others", "own", pre=True)
    def _are_phrases(cls, value: Any) -> Phrases:
        return compiled(value, {})

    class Config:
        extra = Extra.forbid
        arbitrary_types_allowed = True


def _checked(sentences: Tuple[str, ...]) -> Tuple[str, ...]:
    if not sentences or any(len(sentence) > LONGEST_SENTENCE or {"!", "！"} & set(sentence) for sentence in sentences):
        raise ValueError(f"至少一句，每句不超过 {LONGEST_SENTENCE} 字，不用叹号")
    return sentences


@functools.lru_cache(maxsize=1)
def _feelings() -> _Feelings:
    """Read the file once. Raises `DataError` where it is not as it should be."""
    return read_data(FILE, _Feelings.parse_obj)


def find_feeling(text: str) -> Optional[str]:
    """Return ANGER, DESPAIR or None: what `text` (normalised) tells of the shopper's own feeling.

    The one of which more is said; despair where it is even. What others said or
    felt, what stands in quotation marks and what is denied ("我不生气") is not
    counted.
    """
    clauses = [_own_words(clause.text) for clause in split(_without_quotations(text), SPACED_BORDER)]
    counts = {feeling: sum(_is_felt(feeling, clause) for clause in clauses) for feeling in (DESPAIR, ANGER)}
    best = max(counts, key=lambda feeling: counts[feeling])
    return best if counts[best] else None


def _without_quotations(text: str) -> str:
    ends = [0, *itertools.chain(*quotations(text)), len(text)]
    return "".join(text[start:end] for start, end in zip(ends[::2], ends[1::2], strict=True))


def _own_words(clause: str) -> str:
    """Return what of `clause` the shopper feels: nothing after "the seller says", unless it comes back to 我."""
    others = min(_feelings().of_others.spans(clause, barred=_NOT_OF_ONESELF), default=None)
    if others is None:
        return clause
    own = min((start for start, _ in _feelings().own.spans(clause) if start >= others[1]), default=len(clause))
    return clause[: others[0]] + clause[own:]


def _is_felt(feeling: str, clause: str) -> bool:
    cues = {ANGER: _feelings().anger, DESPAIR: _feelings().despair}[feeling]
    denied = _feelings().denied
    spans = sorted(cues.spans(clause))
    # What is denied holds shorter cues: 没掉眼泪.
    unfelt = {
        place
        for start, end in spans
        if ends_with(clause[:start], denied.words, denied.hedges, most=1)
        for place in range(start, end)
    }
    return any(start not in unfelt for start, _ in spans)


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
    """Read the data file. Raises `DataError` where it is missing or broken."""
    _feelings()
