"""The schema of what can go wrong and what helps: rungs, situations, their special cases."""

from __future__ import annotations

from typing import Optional, Tuple

from pydantic import BaseModel, Extra, Field, validator

from weiquan.facts.records import Fact, count


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
    question: Optional[str] = Field(None, description="how the bot asks whether its first rung was climbed")

    _cues = count("cues", 1)
    _moves = count("first_moves", 1, 3)

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
    evidence_note_says: Tuple[str, ...] = Field((), description="ids of not_required that evidence_note says already")
    deadlines: Tuple[str, ...] = ()
    contacts: Tuple[str, ...] = ()
    laws: Tuple[str, ...]
    compensation: str = Field(..., max_length=160, description="what can be claimed, under which condition")
    freight: str = Field(..., max_length=80, description="who bears return freight here")
    ladder: Tuple[str, ...]
    variants: Tuple[Variant, ...] = ()
    default_variant: Optional[str] = Field(None, description="the variant where no cue of the situation occurs")

    _moves = count("first_moves", 1, 3)
    _evidence = count("evidence", 2, 6)
    _laws = count("laws", 1)
    _ladder = count("ladder", 2)

    @validator("first_moves", "evidence", each_item=True)
    def _items_are_short(cls, value: str) -> str:
        if len(value) > 60:
            raise ValueError(f"「{value[:20]}…」超过 60 字，一条只说一件事")
        return value

    def seen_as(self, variant: Optional[Variant]) -> Situation:
        """Return the situation with what `variant` says of itself in place of its own."""
        if variant is None:
            return self
        own = {
            "name": variant.name,
            "ask": variant.ask,
            "apply_as": variant.apply_as or variant.ask,
            "words": variant.words,
            "evidence": variant.evidence,
            "deadlines": variant.deadlines,
        }
        return self.copy(update={key: value for key, value in own.items() if value is not None})
