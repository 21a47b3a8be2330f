"""The schema of `knowledge/`: one frozen record class for each kind of fact.

Every fact names its sources, how sure we are of it (`Confidence`) and the day
it was last checked. Unknown keys are refused, so that a typing mistake in YAML
is found at start-up and not by a shopper.
"""

from __future__ import annotations

import datetime
import enum
import re
from typing import Any, Optional, Tuple

from pydantic import BaseModel, Extra, Field, validator

from weiquan.case.events import EVENTS

STALE_AFTER_DAYS = 183
"""A fact unchecked for six months is shown with its date (house rule)."""

_ID = re.compile(r"[a-z][a-z0-9_]*\Z")


def count(field: str, least: int, most: int = 99) -> Any:
    """Return a pydantic validator for the length of a list (pydantic 1 has none for tuples)."""

    def check(cls: type, value: Tuple[str, ...]) -> Tuple[str, ...]:
        if not least <= len(value) <= most:
            raise ValueError(f"要有 {least} 到 {most} 条，现有 {len(value)} 条")
        return value

    return validator(field, allow_reuse=True)(check)


class Confidence(str, enum.Enum):
    """How a fact was established."""

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

    _sources = count("source", 1)

    def is_stale(self, today: datetime.date) -> bool:
        """Tell whether the fact was last checked over `STALE_AFTER_DAYS` days ago."""
        return (today - self.checked).days > STALE_AFTER_DAYS

    @property
    def is_certain(self) -> bool:
        """True for grade A: it may be stated without "usually"."""
        return self.confidence is Confidence.A


class Hours(BaseModel):
    """Daily service hours in Beijing time."""

    opens: str
    closes: str

    class Config:
        extra = Extra.forbid
        frozen = True

    @validator("opens", "closes")
    def _is_a_time(cls, value: str) -> str:
        if not re.fullmatch(r"\d{1,2}:\d{2}", value):
            raise ValueError("时间要加引号，写成 '8:00' 的样子")
        return value

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
    own_platform: bool = Field(False, description="of the platform whose menus stand here")

    @property
    def with_hours(self) -> str:
        """«021-… （8:00–21:30）», or the bare value where no hours are known."""
        return f"{self.value}（{self.hours}）" if self.hours else self.value

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
    own_platform: bool = Field(False, description="in the app of the platform whose menus stand here")

    _path = count("path", 1)


class Law(Fact):
    """One article (or a few neighbours) of a law, in plain words."""

    law: str = Field(..., description="full title without 《》")
    articles: Tuple[str, ...]
    short: str = Field(..., description="how an answer cites it")
    meaning: str
    effective: datetime.date

    _articles = count("articles", 1)

    @validator("articles", each_item=True)
    def _articles_are_chinese_numerals(cls, value: str) -> str:
        if not re.fullmatch(r"第[〇零一二三四五六七八九十百千]+条(?:第[一二三四五六七八九十]+款)?", value):
            raise ValueError(f"条号「{value}」要写成「第二十四条」的样子")
        return value


class Deadline(Fact):
    """A time limit or a usual time.

    `starts` is the event of a case (`weiquan.case.events.EVENTS`) from which it is
    counted, None where a case holds no such event; `restarts` an event that
    sets it going anew. What no case can tell stays words: `counted_from`.
    """

    name: str
    text: str = Field(..., description="one sentence without 通常 or a caveat")
    amount: Optional[int] = Field(None, gt=0)
    unit: Optional[str] = Field(None, regex="^(hour|day|workday|month|year)$")
    counted_from: Optional[str] = None
    law: Optional[str] = Field(None, description="id of the law it follows from")
    replaces: Optional[str] = Field(None, description="id of the general limit that it stands for")
    own_platform: bool = Field(False, description="a rule of the platform whose menus stand here; elsewhere it is none")
    binds: str = Field(
        ...,
        regex="^(shopper|seller|platform|authority|court|courier)$",
        description="shopper: a right that lapses; the others: the time they have to act",
    )
    ends_on: Optional[str] = Field(None, description="the event of a case that is its last day, set by others")
    starts: Optional[str] = None
    restarts: Optional[str] = None
    at_earliest: bool = Field(False, description="the true first day may come after the event, never before it")
    rolls: bool = Field(False, description="a last day that is a day off moves to the next working day")
    always_told: bool = Field(False, description="told whatever the next rung is, though it belongs to another one")
    closed_by: Tuple[str, ...] = Field((), description="events after which it no longer runs: done, or answered")
    goods: Tuple[str, ...] = Field((), description="only for goods whose name ends so")
    remedies: Tuple[str, ...] = Field((), description="remedies that it also counts for, whatever the situation")
    not_in: Tuple[str, ...] = Field((), description="situations where it never counts")
    exceptions: Optional[str] = Field(None, max_length=24, description="what it does not hold for")
    afterwards: Optional[str] = Field(None, max_length=40, description="what holds, or can be done, once it is over")

    @validator("starts", "restarts", "ends_on")
    def _is_an_event(cls, value: Optional[str]) -> Optional[str]:
        return None if value is None else event_name(value)

    @validator("closed_by", each_item=True)
    def _are_events(cls, value: str) -> str:
        return event_name(value)

    @validator("starts")
    def _has_a_length(cls, value: Optional[str], values: dict) -> Optional[str]:  # type: ignore[type-arg]
        if value and not (values.get("amount") and values.get("unit")):
            raise ValueError("写了 starts 就要有 amount 和 unit")
        return value


def event_name(name: str) -> str:
    """Return `name`, one of `EVENTS`. Raises `ValueError` for any other."""
    if name not in EVENTS:
        raise ValueError(f"没有叫「{name}」的事件")
    return name


class WordList(Record):
    """Words that phrases share: `{seller}` stands for those of the list `seller` (`weiquan.language.phrases`)."""

    words: Tuple[str, ...]

    _words = count("words", 1)


class Piece(Fact):
    """A piece of evidence: how to get it and what it proves.

    `name` and `also_named` are the texts under which situations and rungs ask
    for it. `phrases` name it in the shopper's words; whether it is there or
    lacking is read around them (`weiquan.dialogue.ticks`).
    """

    name: str = Field(..., max_length=24)
    also_named: Tuple[str, ...] = ()
    kind: str = Field(..., regex="^(photo|video|screenshot|record|paper|thing|number)$")
    how: str = Field(..., max_length=80, description="how to get it")
    channel: Optional[str] = Field(None, description="where it is found, as a menu path")
    proves: str = Field(..., max_length=20, description="one phrase")
    general: Optional[str] = Field(None, max_length=30, description="its text where the trouble is not known")
    phrases: Tuple[str, ...]

    _phrases = count("phrases", 1)

    @property
    def names(self) -> Tuple[str, ...]:
        """All texts that ask for it."""
        return (self.name, *self.also_named)


class NotRequired(Fact):
    """What is good to have and no condition; told below a list that holds one of `pieces`."""

    text: str = Field(..., max_length=50)
    pieces: Tuple[str, ...]

    _pieces = count("pieces", 1)


class WrongNumber(Fact):
    """A number that circulates as Pinduoduo's and is not to be trusted."""

    value: str
    why: str


class Scam(Fact):
    """A known script of swindlers."""

    name: str
    phrases: Tuple[str, ...]
    what_it_is: str
    do: Tuple[str, ...]
    alarm: bool = Field(True, description="false: a trick to be warned of, not a fraud under way")

    _phrases = count("phrases", 1)
    _do = count("do", 1)


class NeverDo(Fact):
    """Something no genuine customer service ever asks for."""

    text: str
