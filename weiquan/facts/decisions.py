"""The schema of `knowledge/decisions.yml`: conditions, closed doors, decisions."""

from __future__ import annotations

import string
from typing import Dict, FrozenSet, Iterable, Mapping, Optional

from pydantic import BaseModel, Extra, Field, validator

from weiquan.case.events import EVENTS, STAGES
from weiquan.facts.records import Fact

PRIORITIES = ("danger", "time_bar", "expiring", "order", "waiting", "usual")
"""Which rows are asked first: harm under way; the limits of the law; windows of days; where the
order is and what is wanted; answers that are due; then the ladder as it stands."""

NEXT = "next"
"""In `then`: the ladder's own next rung."""

UNKNOWN = "unknown"

LAPSED = "lapsed"

SETTLED = "settled"
"""A limit that no longer runs, because what it was for was done."""

TAKEN_STATES = frozenset({"pending", "failed"})

RUNG_STATES = frozenset({"untaken", *TAKEN_STATES})

MOST_DAYS = 90
"""The longest "few days left" a row may speak of."""

BLANKS = frozenset({"window", "length", "left"})
"""What may be filled into a reason, of the limit it names: its length with 通常 where that is
due, its bare length, and how long it runs still."""

OPEN = (*(str(days) for days in range(MOST_DAYS + 1)), "more")

Allowed = Mapping[str, FrozenSet[str]]
"""The values allowed for each trait that is limited."""


def days_open(days_left: int) -> str:
    """Return the value of a time limit's trait while it runs for `days_left` days, the last one being 0."""
    return str(days_left) if days_left <= MOST_DAYS else "more"


class When(BaseModel):
    """The conditions of a row: all of them must hold, and what is left out does not matter."""

    situations: FrozenSet[str] = Field(frozenset(), description="one of these; «situation.variant» is that case only")
    except_situations: FrozenSet[str] = Field(frozenset(), description="none of these")
    urgent: Optional[bool] = Field(None, description="whether danger is under way")
    stages: FrozenSet[str] = Field(frozenset(), description=f"one of {', '.join(STAGES)}, {UNKNOWN}")
    remedies: FrozenSet[str] = Field(frozenset(), description=f"one of these is wanted, or {UNKNOWN}")
    next: FrozenSet[str] = Field(frozenset(), description="the ladder's own next rung is one of these")
    untaken: FrozenSet[str] = Field(frozenset(), description="none of these rungs was taken")
    taken: FrozenSet[str] = Field(frozenset(), description="each was taken, whatever came of it")
    pending: FrozenSet[str] = Field(frozenset(), description="each was taken and has not failed")
    failed: FrozenSet[str] = Field(frozenset(), description="each was refused or went unanswered")
    open: FrozenSet[str] = Field(frozenset(), description="these time limits are known to run still")
    closing: Mapping[str, int] = Field({}, description="limit: it runs still, for so many days at most")
    lapsed: FrozenSet[str] = Field(frozenset(), description="these time limits are known to be over")
    unknown: FrozenSet[str] = Field(frozenset(), description="how these time limits stand is not known")
    told: FrozenSet[str] = Field(frozenset(), description="the days of these events are known")
    untold: FrozenSet[str] = Field(frozenset(), description="the days of these events are not known")

    class Config:
        extra = Extra.forbid
        frozen = True

    @validator("stages", each_item=True)
    def _is_a_stage(cls, value: str) -> str:
        if value not in (*STAGES, UNKNOWN):
            raise ValueError(f"没有叫「{value}」的订单阶段")
        return value

    @validator("told", "untold", each_item=True)
    def _is_an_event(cls, value: str) -> str:
        if value not in EVENTS:
            raise ValueError(f"没有叫「{value}」的事件")
        return value

    @validator("closing", each_item=True)
    def _is_few_days(cls, value: int) -> int:
        if not 0 <= value <= MOST_DAYS:
            raise ValueError(f"closing 的天数要在 0 到 {MOST_DAYS} 之间")
        return value

    def limits(self) -> FrozenSet[str]:
        """Return the ids of the time limits that the conditions name."""
        return self.open | self.lapsed | self.unknown | frozenset(self.closing)

    def rungs(self) -> FrozenSet[str]:
        """Return the ids of the rungs that the conditions name."""
        return self.next | self.untaken | self.taken | self.pending | self.failed

    def allowed(self) -> Dict[str, FrozenSet[str]]:
        """Return the values that the conditions allow, of the traits that they limit (`situations` apart).

        A trait without an allowed value is a contradiction: such a row never holds.
        """
        allowed: Dict[str, FrozenSet[str]] = {}

        def narrow(trait: str, values: Iterable[str]) -> None:
            allowed[trait] = frozenset(values) & allowed.get(trait, frozenset(values))

        for rungs, states in (
            (self.untaken, frozenset({"untaken"})),
            (self.taken, TAKEN_STATES),
            (self.pending, frozenset({"pending"})),
            (self.failed, frozenset({"failed"})),
        ):
            for rung in rungs:
                narrow(f"rung {rung}", states)
        for trait, values in (("stage", self.stages), ("remedy", self.remedies), ("next", self.next)):
            if values:
                narrow(trait, values)
        for events, known in ((self.told, "told"), (self.untold, "untold")):
            for event in events:
                narrow(f"event {event}", {known})
        for limits, standing in ((self.open, OPEN), (self.lapsed, (LAPSED,)), (self.unknown, (UNKNOWN,))):
            for limit in limits:
                narrow(f"limit {limit}", standing)
        for limit, days in self.closing.items():
            narrow(f"limit {limit}", OPEN[: days + 1])
        return allowed


class Rule(Fact):
    """What a row of the table and a closed door have in common."""

    when: When = Field(default_factory=lambda: When.parse_obj({}), description="left out: it always holds")
    limit: Optional[str] = Field(None, description="the time limit that the blanks of the reason speak of")
    reason: str = Field(..., max_length=90, description=f"one sentence for the shopper; may hold {BLANKS}")

    @validator("reason")
    def _can_be_filled(cls, value: str, values: dict) -> str:  # type: ignore[type-arg]
        blanks = {name for _, name, _, _ in string.Formatter().parse(value) if name is not None}
        if blanks - BLANKS:
            raise ValueError(f"理由里不能填 {sorted(blanks - BLANKS)}，只能填 {sorted(BLANKS)}")
        limit, when = values.get("limit"), values.get("when")
        if bool(blanks) != (limit is not None):
            raise ValueError("理由里有空要填就要写 limit，写了 limit 就要用上")
        if "left" in blanks and when is not None and limit not in when.open | frozenset(when.closing):
            raise ValueError(f"{{left}} 是剩下的天数，条件里要有 open 或 closing 的「{limit}」")
        if "！" in value or "!" in value:
            raise ValueError("理由里不用感叹号")
        return value


class ClosedDoor(Rule):
    """Rungs that cannot be taken any more while the conditions hold, and what to say of it."""

    rungs: FrozenSet[str] = Field(..., min_items=1)

    @validator("rungs")
    def _does_not_depend_on_itself(cls, value: FrozenSet[str], values: dict) -> FrozenSet[str]:  # type: ignore[type-arg]
        if "when" in values and values["when"].next:
            raise ValueError("closed_doors 的条件里不能用 next：下一步要先知道哪些路关了")
        return value


class Decision(Rule):
    """A row of the table: where its conditions hold, `then` is the next rung, for `reason`.

    A rung that was taken already is not sent to again, and one that the
    ladder of the case lacks not at all, unless the row says so.
    """

    priority: str = Field(..., regex=f"^({'|'.join(PRIORITIES)})$")
    then: str = Field(..., description="a rung's id, or «next»: the ladder's own next rung")
    after: Optional[str] = Field(None, description="where to go if `then` fails; left out: the ladder's next")
    again: bool = Field(False, description="also where the rung was taken before")
    off_ladder: bool = Field(False, description="also where the ladder lacks the rung")
    wait: bool = Field(True, description="false: the answer of the rung taken last is not waited for any more")
