"""The schema of `knowledge/`: one frozen record class for each kind of fact.

Every fact names its sources, how sure we are of it (`Confidence`) and the day
it was last checked. Unknown keys are refused, so that a typing mistake in YAML
is found at start-up and not by a shopper.
"""

from __future__ import annotations

import datetime
import enum
import re
from typing import Any, List, Optional, Tuple

from pydantic import BaseModel, Extra, Field, validator

STALE_AFTER_DAYS = 183
"""A fact unchecked for six months is shown with its date (house rule)."""

_ID = re.compile(r"[a-z][a-z0-9_]*\Z")


def _count(field: str, least: int, most: int = 99) -> Any:
    """Return a pydantic validator for the length of a list (pydantic 1 has none for tuples)."""

    def check(cls: type, value: Tuple[str, ...]) -> Tuple[str, ...]:
        if not least <= len(value) <= most:
            raise ValueError(f"要有 {least} 到 {most} 条，现有 {len(value)} 条")
        return value

    return validator(field, allow_reuse=True)(check)


class Confidence(str, enum.Enum):
    """How a fact was established; the marks of the dossier it comes from."""

    A = "A"  # the official or legal text was read
    B = "B"  # several independent secondary sources
    C = "C"  # one weak source, or sources disagree


class Record(BaseModel):
    """A YAML mapping with an id; unknown keys are errors, values are frozen."""

    id: str = Field(..., description="permanent slug, snake_case")

    class Config:
        extra = Extra.forbid
        allow_mutation = False
        frozen = True

    @validator("id")
    def _id_is_a_slug(cls, value: str) -> str:
        if not _ID.match(value):
            raise ValueError(f"id「{value}」要用小写字母、数字和下划线")
        return value


class Source(Record):
    """Where a fact was read."""

    name: str
    kind: str = Field(..., regex="^(law|official|test|press|directory|secondary|article)$")
    where: str = Field(..., description="title and place, enough to find it again")


class Fact(Record):
    """A record that a shopper may be told, with its provenance."""

    source: Tuple[str, ...]
    confidence: Confidence
    checked: datetime.date

    _sources = _count("source", 1)

    def is_stale(self, today: datetime.date) -> bool:
        """Tell whether the fact was last checked over `STALE_AFTER_DAYS` days ago."""
        return (today - self.checked).days > STALE_AFTER_DAYS

    @property
    def is_certain(self) -> bool:
        """True for grade A: it may be stated without "usually"."""
        return self.confidence is Confidence.A


class Hours(BaseModel):
    """Daily service hours in Beijing time."""

    opens: str = Field(..., regex=r"^\d{1,2}:\d{2}$")
    closes: str = Field(..., regex=r"^\d{1,2}:\d{2}$")

    class Config:
        extra = Extra.forbid
        frozen = True

    def __str__(self) -> str:
        return f"{self.opens}–{self.closes}"


class Contact(Fact):
    """A number, site or mini-program; only `offered` ones are given to shoppers."""

    name: str
    kind: str = Field(..., regex="^(phone|website|mini_program|caller_id)$")
    value: str = Field(..., description="as shown to people")
    also_written: Tuple[str, ...] = ()
    hours: Optional[Hours] = None
    audience: str = Field(..., regex="^(shopper|merchant|anyone)$")
    offered: bool = True
    use: str = Field(..., description="what it is good for, one phrase")
    how: Optional[str] = Field(None, description="keys to press, what to prepare")
    caution: Optional[str] = None

    @validator("offered")
    def _merchant_lines_are_not_offered(cls, value: bool, values: dict) -> bool:  # type: ignore[type-arg]
        if value and values.get("audience") == "merchant":
            raise ValueError("商家专线不能提供给消费者（offered 要写 false）")
        return value


class Channel(Fact):
    """A way to complain or apply, as a menu path."""

    name: str
    path: Tuple[str, ...]
    then: Optional[str] = Field(None, description="what follows after the path")
    tips: Tuple[str, ...] = ()
    older: bool = Field(False, description="the path of an older app version")

    _path = _count("path", 1)


class Law(Fact):
    """One article (or a few neighbours) of a law, in plain words."""

    law: str = Field(..., description="full title without 《》")
    articles: Tuple[str, ...]
    short: str = Field(..., description="how an answer cites it")
    meaning: str
    effective: datetime.date

    _articles = _count("articles", 1)

    @validator("articles", each_item=True)
    def _articles_are_chinese_numerals(cls, value: str) -> str:
        if not re.fullmatch(r"第[〇零一二三四五六七八九十百千]+条(?:第[一二三四五六七八九十]+款)?", value):
            raise ValueError(f"条号「{value}」要写成「第二十四条」的样子")
        return value


class Deadline(Fact):
    """A time limit or a usual time."""

    name: str
    text: str = Field(..., description="one sentence without 通常 or a caveat")
    amount: Optional[int] = Field(None, gt=0)
    unit: Optional[str] = Field(None, regex="^(hour|day|workday|month|year)$")
    counted_from: Optional[str] = None
    law: Optional[str] = Field(None, description="id of the law it follows from")


class Rung(Fact):
    """A rung of the ladder: what to do there, where, and with which words."""

    name: str
    move: str = Field(..., max_length=90, description="the imperative, with {ask} and {apply_as}")
    channel: Optional[str] = None
    contacts: Tuple[str, ...] = ()
    deadlines: Tuple[str, ...] = ()
    answer_within: Optional[str] = Field(None, description="deadline of the reply; without one nothing is waited for")
    words: Optional[str] = Field(None, description="text to send or file there, with {name} and {ask}")
    evidence: Tuple[str, ...] = ()
    question: Optional[str] = Field(None, description="how the bot asks whether it was climbed")
    done_cues: Tuple[str, ...] = Field((), description="regular expressions: the shopper has climbed it")
    failed_cues: Tuple[str, ...] = Field((), description="regular expressions: climbed and refused or unanswered")


class Variant(BaseModel):
    """A special case within a situation that needs its own first moves."""

    id: str
    name: str
    cues: Tuple[str, ...]
    opening: str = Field(..., max_length=60)
    first_moves: Tuple[str, ...]
    ladder: Tuple[str, ...] = ()
    urgent: bool = False
    # Where the situation's own do not fit:
    ask: Optional[str] = Field(None, max_length=24)
    apply_as: Optional[str] = Field(None, max_length=24)
    words: Optional[str] = Field(None, max_length=170)
    evidence: Optional[Tuple[str, ...]] = None
    deadlines: Optional[Tuple[str, ...]] = None

    _cues = _count("cues", 1)
    _moves = _count("first_moves", 1, 3)

    class Config:
        extra = Extra.forbid
        frozen = True


class Situation(Fact):
    """One of the 33 kinds of trouble, and what helps against it."""

    number: int = Field(..., ge=1, le=33)
    name: str = Field(..., max_length=16)
    intent: str = Field(..., regex="^report_[a-z_]+$")
    default: bool = Field(False, description="the intent's situation when no cue decides")
    severity: int = Field(..., ge=0, le=9, description="0 danger … 9 nuisance: what is handled first")
    urgent: bool = False
    cues: Tuple[str, ...] = Field((), description="regular expressions that point at it")
    opening: str = Field(..., max_length=60, description="one sentence: what the shopper can expect")
    first_moves: Tuple[str, ...]
    ask: str = Field(..., max_length=24, description="the usual remedy, as a noun phrase")
    apply_as: Optional[str] = Field(None, max_length=24, description="after-sales type and reason")
    words: str = Field(..., max_length=170, description="a message to the seller (or whom the first rung names)")
    evidence: Tuple[str, ...]
    evidence_note: Optional[str] = None
    deadlines: Tuple[str, ...] = ()
    contacts: Tuple[str, ...] = ()
    laws: Tuple[str, ...]
    compensation: str = Field(..., max_length=160, description="what can be claimed, under which condition")
    freight: str = Field(..., max_length=80, description="who bears return freight here")
    ladder: Tuple[str, ...]
    variants: Tuple[Variant, ...] = ()

    _moves = _count("first_moves", 1, 3)
    _evidence = _count("evidence", 2, 6)
    _laws = _count("laws", 1)
    _ladder = _count("ladder", 2)

    @validator("first_moves", "evidence", each_item=True)
    def _items_are_short(cls, value: str) -> str:
        if len(value) > 60:
            raise ValueError(f"「{value[:20]}…」超过 60 字，一条只说一件事")
        return value


class Topic(Record):
    """A question intent: its button label, an example, and words that show it is asked."""

    label: str = Field(..., max_length=14)
    example: str
    cues: Tuple[str, ...] = ()


class WrongNumber(Fact):
    """A number that circulates as Pinduoduo's and is not to be trusted."""

    value: str
    why: str


class Scam(Fact):
    """A known script of swindlers."""

    name: str
    cues: Tuple[str, ...]
    what_it_is: str
    do: Tuple[str, ...]

    _cues = _count("cues", 1)
    _do = _count("do", 1)


class NeverDo(Fact):
    """Something no genuine customer service ever asks for."""

    text: str


RECORD_KINDS: Tuple[Tuple[str, str, type], ...] = (
    ("sources", "sources", Source),
    ("contacts", "contacts", Contact),
    ("channels", "channels", Channel),
    ("laws", "laws", Law),
    ("deadlines", "deadlines", Deadline),
    ("ladder", "rungs", Rung),
    ("situations", "situations", Situation),
    ("topics", "topics", Topic),
    ("scams", "wrong_numbers", WrongNumber),
    ("scams", "scams", Scam),
    ("scams", "never_do", NeverDo),
)
"""(file stem, top-level key, record class) of everything in `knowledge/`."""

__all__: List[str] = [
    "RECORD_KINDS",
    "STALE_AFTER_DAYS",
    "Channel",
    "Confidence",
    "Contact",
    "Deadline",
    "Fact",
    "Hours",
    "Law",
    "NeverDo",
    "Record",
    "Rung",
    "Scam",
    "Situation",
    "Source",
    "Topic",
    "Variant",
    "WrongNumber",
]
