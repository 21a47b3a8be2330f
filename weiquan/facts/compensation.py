"""The schema of what can be claimed: circumstances to ask about, and rules that say how much is due when."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Dict, Optional, Tuple

from pydantic import BaseModel, Extra, Field, root_validator, validator

from weiquan.facts.records import Fact, Record, count


class Circumstance(Record):
    """A yes-or-no question whose answer decides a claim. Its id is the key in `Case.circumstances`."""

    question: str = Field(..., max_length=40)
    why: str = Field(..., max_length=40, description="the reason for asking, told with the question")
    yes_label: str = Field(..., max_length=10)
    no_label: str = Field(..., max_length=10)
    not_asked_in: Tuple[str, ...] = Field((), description="situations where to ask would be odd; it counts when told")
    told_by: Tuple[str, ...] = Field((), description="situations, or situation.variant, that amount to a yes")
    yes_phrases: Tuple[str, ...] = Field((), description="a message that says yes unasked")
    no_phrases: Tuple[str, ...] = Field((), description="one that says no; they go before yes")


class Condition(BaseModel):
    """What must hold for a claim. Without a circumstance it stays open: proof and others decide."""

    text: str = Field(..., max_length=32)
    circumstance: Optional[str] = None
    otherwise: Optional[str] = Field(None, max_length=24, description="why the claim falls where the answer is no")

    class Config:
        extra = Extra.forbid
        frozen = True

    @validator("otherwise", always=True)
    def _a_no_has_its_reason(cls, value: Optional[str], values: Dict[str, Any]) -> Optional[str]:
        if (value is None) != (values.get("circumstance") is None):
            raise ValueError("circumstance 和 otherwise 要一起写")
        return value


class Exclusion(BaseModel):
    """What a claim must not be. A yes to its circumstance ends the claim, or narrows what it is counted on."""

    text: str = Field(..., max_length=24, description="a noun phrase")
    circumstance: Optional[str] = None
    asked: bool = Field(True, description="false: counts when told; to ask would accuse, or seldom bear on it")
    narrows_to: Optional[str] = Field(None, max_length=20, description="what the claim is then counted on")

    class Config:
        extra = Extra.forbid
        frozen = True


class CompensationRule(Fact):
    """What can be claimed, from whom it is due under which conditions, and how the amount is worked out.

    The amount is `counted_on` times `factor`, at least `minimum` (yuan). It can
    be told in figures where the basis is the price paid, or a deposit that
    `amount_if` shows the amount paid to be.
    """

    name: str = Field(..., max_length=14)
    tier: int = Field(..., ge=1, le=3, description="how sure: 1 owed as such, 2 losses and promises, 3 punishment")
    situations: Tuple[str, ...] = Field(..., description="situations, or situation.variant")
    not_for: Tuple[str, ...] = Field((), description="variants of these (situation.variant) that it does not suit")
    stages: Tuple[str, ...] = Field((), description="order stages it supposes; none: any")
    basis: str = Field(..., regex="^(price|loss|deposit|freight|difference)$")
    counted_on: str = Field(..., max_length=24, description="the basis in plain words")
    factor: Decimal = Field(Decimal(1), gt=0)
    minimum: Optional[Decimal] = Field(None, gt=0, description="yuan")
    up_to: bool = Field(False, description="the factor is the most that a court may grant")
    capped_by_price: bool = False
    amount_if: Optional[str] = Field(None, description="circumstance under which the amount paid is the deposit")
    beside_refund: Optional[str] = Field(None, regex="^(added|included|as_promised)$")
    choice: Optional[str] = Field(None, description="of claims with the same word only one can be had")
    only_if_told: bool = Field(False, description="neither mentioned nor asked about before its conditions are told")
    laws: Tuple[str, ...]
    conditions: Tuple[Condition, ...] = ()
    exclusions: Tuple[Exclusion, ...] = ()

    _situations = count("situations", 1)
    _laws = count("laws", 1)

    @root_validator(skip_on_failure=True)
    def _the_parts_agree(cls, values: Dict[str, Any]) -> Dict[str, Any]:
        if (values["basis"] == "deposit") != (values["amount_if"] is not None):
            raise ValueError("basis: deposit 要写 amount_if，别的不写")
        if values["basis"] == "price" and values["capped_by_price"]:
            raise ValueError("按实付价算的，不用再写 capped_by_price")
        if values["only_if_told"] and not any(condition.circumstance for condition in values["conditions"]):
            raise ValueError("only_if_told 要有带 circumstance 的条件")
        return values

    @property
    def is_beyond_refund(self) -> bool:
        """True for what is claimed on top of the money back."""
        return self.tier > 1

    def circumstances(self) -> Tuple[str, ...]:
        """Return the ids of the circumstances that bear on the claim, in the order written, each once."""
        named = [
            *(condition.circumstance for condition in self.conditions),
            *(exclusion.circumstance for exclusion in self.exclusions),
            self.amount_if,
        ]
        return tuple(dict.fromkeys(name for name in named if name))

    def to_ask(self) -> Tuple[str, ...]:
        """Return those of `circumstances` that are worth a question; for a claim only made if told, none is."""
        if self.only_if_told:
            return ()
        unasked = {exclusion.circumstance for exclusion in self.exclusions if not exclusion.asked}
        return tuple(name for name in self.circumstances() if name not in unasked)
