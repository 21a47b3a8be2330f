"""The ladder's decision table: its rows, what their conditions mean, and where two rows disagree.

A condition limits some of what is known of a case, its *traits* (where the
order is, what was done at a rung, how a time limit stands …), each to a few
values. A row is thereby a box: it holds where every trait has an allowed value,
and two rows can hold together where their boxes meet. Matching and the check
for overlaps read the same boxes, so they cannot drift apart.
"""

from __future__ import annotations

import dataclasses
import functools
import itertools
import string
from typing import Callable, Dict, FrozenSet, Iterable, Iterator, List, Mapping, Optional, Tuple

from pydantic import BaseModel, Extra, Field, validator

from weiquan.case import EVENTS, STAGES
from weiquan.facts import Fact
from weiquan.troubles import Situation, Variant

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

_OPEN = (*(str(days) for days in range(MOST_DAYS + 1)), "more")

Kind = Tuple[str, Optional[str]]
"""A situation's id with a variant's, or None."""

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
    unreckoned: FrozenSet[str] = Field(frozenset(), description="how these time limits stand is not known")
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
        return self.open | self.lapsed | self.unreckoned | frozenset(self.closing)

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
        for limits, standing in ((self.open, _OPEN), (self.lapsed, (LAPSED,)), (self.unreckoned, (UNKNOWN,))):
            for limit in limits:
                narrow(f"limit {limit}", standing)
        for limit, days in self.closing.items():
            narrow(f"limit {limit}", _OPEN[: days + 1])
        return allowed


class _Rule(Fact):
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


class ClosedDoor(_Rule):
    """Rungs that cannot be taken any more while the conditions hold, and what to say of it."""

    rungs: FrozenSet[str] = Field(..., min_items=1)

    @validator("rungs")
    def _is_not_reckoned_from_itself(cls, value: FrozenSet[str], values: dict) -> FrozenSet[str]:  # type: ignore[type-arg]
        if "when" in values and values["when"].next:
            raise ValueError("closed_doors 的条件里不能用 next：下一步要先知道哪些路关了")
        return value


class Decision(_Rule):
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


@dataclasses.dataclass(frozen=True)
class Box:
    """Conditions as sets: the `kinds` of case they can hold for, and the values `allowed` for the traits they limit."""

    kinds: FrozenSet[Kind]
    allowed: Allowed

    def holds(self, trait: Callable[[str], str]) -> bool:
        """Tell whether the conditions hold for a case of one of the kinds, whose traits `trait` tells."""
        return all(trait(name) in values for name, values in self.allowed.items())

    def is_empty(self) -> bool:
        """Tell whether the conditions can never hold: a trait without a value, or no kind of case."""
        return not self.kinds or not all(self.allowed.values())

    def meet(self, other: Box) -> Box:
        """Return where both hold."""
        allowed = dict(self.allowed)
        for name, values in other.allowed.items():
            allowed[name] = allowed.get(name, values) & values
        return Box(self.kinds & other.kinds, allowed)


@dataclasses.dataclass(frozen=True)
class Row:
    """A decision with its conditions as a box."""

    decision: Decision
    box: Box


@dataclasses.dataclass(frozen=True)
class Door:
    """A closed door with its conditions as a box."""

    closed: ClosedDoor
    box: Box


@dataclasses.dataclass(frozen=True)
class Table:
    """All rows, by priority and then as written, and all doors, ready for look-up by the kind of case."""

    rows: Tuple[Row, ...]
    doors: Tuple[Door, ...]

    @functools.cached_property
    def _rows_of(self) -> Mapping[Kind, Tuple[Row, ...]]:
        kinds = {kind for row in self.rows for kind in row.box.kinds}
        return {kind: tuple(row for row in self.rows if kind in row.box.kinds) for kind in kinds}

    @functools.cached_property
    def _doors_of(self) -> Mapping[Kind, Tuple[Door, ...]]:
        kinds = {kind for door in self.doors for kind in door.box.kinds}
        return {kind: tuple(door for door in self.doors if kind in door.box.kinds) for kind in kinds}

    def rows_of(self, kind: Kind) -> Tuple[Row, ...]:
        """Return the rows that can hold for `kind`, the first to be asked first."""
        return self._rows_of.get(kind, ())

    def doors_of(self, kind: Kind) -> Tuple[Door, ...]:
        """Return the doors that can be closed for `kind`."""
        return self._doors_of.get(kind, ())


def kinds_of(situations: Mapping[str, Situation]) -> Iterator[Tuple[Kind, Situation, Optional[Variant]]]:
    """Yield every kind of case: each situation as such, and each of its variants."""
    for situation in situations.values():
        yield (situation.id, None), situation, None
        for variant in situation.variants:
            yield (situation.id, variant.id), situation, variant


def ladder_for(situation: Situation, variant: Optional[Variant]) -> Tuple[str, ...]:
    """Return the rung ids, lowest first: the variant's own ladder, else the situation's."""
    return variant.ladder if variant and variant.ladder else situation.ladder


def _names(kind: Kind) -> FrozenSet[str]:
    situation, variant = kind
    return frozenset({situation} if variant is None else {situation, f"{situation}.{variant}"})


def situation_names(situations: Mapping[str, Situation]) -> FrozenSet[str]:
    """Return everything that a condition may name under `situations`."""
    return frozenset(name for kind, _, _ in kinds_of(situations) for name in _names(kind))


def _kinds(when: When, rungs: FrozenSet[str], situations: Mapping[str, Situation]) -> FrozenSet[Kind]:
    """Return the kinds that `when` can hold for; where `rungs` are given, only those whose ladder has one of them."""
    found = set()
    for kind, situation, variant in kinds_of(situations):
        names, ladder = _names(kind), ladder_for(situation, variant)
        urgent = variant.urgent if variant else situation.urgent
        if (
            (not when.situations or names & when.situations)
            and not names & when.except_situations
            and when.urgent in (None, urgent)
            and (not when.next or when.next.intersection(ladder))
            and (not rungs or rungs.intersection(ladder))
        ):
            found.add(kind)
    return frozenset(found)


def compiled(decisions: Iterable[Decision], doors: Iterable[ClosedDoor], situations: Mapping[str, Situation]) -> Table:
    """Return the table that `decisions` and `doors` make for `situations`.

    What a row leaves unsaid goes into its box: its rung is untaken (unless
    `again`) and on the ladder (unless `off_ladder`).
    """
    rows: List[Row] = []
    for one in sorted(decisions, key=lambda decision: PRIORITIES.index(decision.priority)):
        allowed = one.when.allowed()
        named = one.then != NEXT
        if named and not one.again:
            trait = f"rung {one.then}"
            allowed[trait] = allowed.get(trait, RUNG_STATES) & {"untaken"}
        on_ladder = frozenset({one.then} if named and not one.off_ladder else ())
        rows.append(Row(one, Box(_kinds(one.when, on_ladder, situations), allowed)))
    return Table(
        rows=tuple(rows),
        doors=tuple(Door(one, Box(_kinds(one.when, frozenset(), situations), one.when.allowed())) for one in doors),
    )


def _disagree(one: Row, other: Row) -> bool:
    """Tell whether both rows can hold for the same case and name different rungs."""
    thens = {one.decision.then, other.decision.then}
    both = one.box.meet(other.box)
    if len(thens) == 1 or both.is_empty():
        return False
    # "next" and a rung agree where that rung must be the next one.
    named = thens - {NEXT}
    return len(named) > 1 or both.allowed.get("next", frozenset()) != named


def overlaps(table: Table) -> Tuple[Tuple[str, str], ...]:
    """Return the pairs of rows (ids) of one priority that can hold together and name different rungs.

    Traits count as independent of each other, so that a pair may be found that no real case
    meets; its rows are then to be told apart by a condition or by their priority.
    """
    return tuple(
        (one.decision.id, other.decision.id)
        for one, other in itertools.combinations(table.rows, 2)
        if one.decision.priority == other.decision.priority and _disagree(one, other)
    )


def contradictions(table: Table) -> Tuple[str, ...]:
    """Return the ids of rows and doors that can never hold."""
    return (
        *(row.decision.id for row in table.rows if row.box.is_empty()),
        *(door.closed.id for door in table.doors if door.box.is_empty()),
    )


def dead_ends(table: Table, situations: Mapping[str, Situation]) -> Tuple[Kind, ...]:
    """Return the kinds of case for which every rung of the ladder can be closed."""
    ends = []
    for kind, situation, variant in kinds_of(situations):
        closable = {rung for door in table.doors_of(kind) for rung in door.closed.rungs}
        if closable.issuperset(ladder_for(situation, variant)):
            ends.append(kind)
    return tuple(ends)


def is_complete(table: Table, situations: Mapping[str, Situation]) -> bool:
    """Tell whether a row of the last priority holds for every case, so that there always is an answer."""
    everything = Box(frozenset(kind for kind, _, _ in kinds_of(situations)), {})
    return any(
        row.box == everything and row.decision.then == NEXT and row.decision.priority == PRIORITIES[-1]
        for row in table.rows
    )
