"""The schema of `knowledge/papers.yml`: the papers, their tones and the sentences they are made of."""

from __future__ import annotations

from typing import Mapping, Optional, Tuple

from pydantic import BaseModel, Extra, Field

from weiquan.facts.records import Fact, Record, count


class Party(BaseModel):
    """One side of a paper: its heading and what is to be told of it."""

    heading: str
    fields: Tuple[str, ...] = Field(..., description="each becomes a line with a blank; a hint stands in （）")
    is_respondent: bool = Field(False, description="the first field is the name of the seller or the platform")

    _fields = count("fields", 1)

    class Config:
        extra = Extra.forbid
        frozen = True


class PaperKind(Fact):
    """A paper that can be written, and what it must hold by the rule in `source` and `laws`."""

    name: str = Field(..., max_length=12, description="as a button says it")
    title: str
    me: str = Field(..., description="how the paper calls the shopper")
    seller: str = Field(..., description="how it calls the other side")
    rungs: Tuple[str, ...] = Field(..., description="where on the ladder it is used")
    own_event: Optional[str] = Field(None, description="what it is itself, told of only where it failed before")
    keeps_back: Tuple[str, ...] = Field((), description="events that its reader is not told of")
    chooses_claims: bool = Field(False, description="what is claimed beyond the refund is chosen before it is written")
    parties: Tuple[Party, ...] = ()
    required: Tuple[str, ...] = Field(..., description="words that the written paper must hold")
    laws: Tuple[str, ...] = Field(..., description="what lays down its form")
    to_platform: bool = Field(False, description="the platform reads it")
    is_message: bool = Field(False, description="it is sent as it stands, without a title")
    cites: Tuple[str, ...] = Field(..., description="titles of the laws that it may rely on")
    leaves_out: Tuple[str, ...] = Field((), description="ids of articles that it does not rely on all the same")
    phrases: Tuple[str, ...] = Field(..., description="how a shopper asks for it")

    _phrases = count("phrases", 1)


class Tone(Record):
    """A way to word the message to the seller."""

    name: str
    reply_days: Optional[int] = Field(None, gt=0, description="days until an answer is asked for; none: no day is set")
    phrases: Tuple[str, ...]


class Company(Fact):
    """A company that is complained of in certain situations or variants (`troubles`) in place of a seller."""

    name: str
    troubles: Tuple[str, ...]
    laws: Tuple[str, ...] = Field((), description="its own duties, held against nobody else")


class EventSentence(Record):
    """The sentence that tells an event of a case, or a rung taken; `failed` where it led nowhere."""

    text: str
    failed: Optional[str] = None
    is_against: bool = Field(False, description="no claim rests on it, and the other side could use it: left out")


class TroubleSentence(Record):
    """The sentence that tells a situation or variant; `also` goes on, and stands for it beside another trouble."""

    text: str
    plain: Optional[str] = Field(None, description="told instead where the shopper's own words say the rest")
    once: Mapping[str, str] = Field({}, description="event -> what is told instead once it has happened")
    where_platform: Optional[str] = Field(None, description="told where the platform refused, and not the seller")
    supposes: Tuple[str, ...] = Field((), description="events that have happened wherever it is true")
    denies: Tuple[str, ...] = Field((), description="events that have not happened wherever it is true")
    also: Optional[str] = None
    same_as: Optional[str] = Field(None, description="the event whose sentence says what `also` says, where it failed")
    request: Optional[str] = Field(None, description="what to ask for where the situation's own wish does not fit")
    suspected: Optional[str] = Field(None, description="what a report calls it")
    is_purchase: bool = Field(True, description="false: nothing need have been bought")


class WishSentence(Record):
    """A remedy as a request; the id is the remedy's."""

    text: str


class ClaimSentence(Record):
    """A claim as a request; the id is that of its rule in `compensation.yml`."""

    text: str
    amount_from: Optional[str] = Field(None, description="the question that tells what was lost")


class PaperQuestion(Record):
    """What is asked before a paper is written; the answer stands in it.

    It goes into the field `fills` of the case (an event, where `kind` is date), else it is
    kept as it was said, for {id} in the sentences.
    """

    kind: str = Field(..., regex="^(words|shop|goods|amount|age|order_number|date|remedy)$")
    text: str = Field(..., max_length=60)
    why: str = Field(..., max_length=40, description="goes on after 问这个是为了")
    label: str = Field(..., max_length=8, description="how what is known is called")
    blank: str = Field(..., description="what stands in the paper without an answer")
    fills: Optional[str] = None
    papers: Tuple[str, ...] = Field((), description="asked for these only; none: for all but those of `leaves_out`")
    leaves_out: Tuple[str, ...] = ()
    troubles: Tuple[str, ...] = Field((), description="situations or variants in which it is asked")
    after: Tuple[str, ...] = Field((), description="rungs that failed, or events, after which it is asked in any")
    is_purchase: bool = Field(False, description="asked only where something was bought")
