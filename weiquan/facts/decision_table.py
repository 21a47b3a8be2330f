"""The decision table of the ladder, compiled for look-up, and what can be wrong with it."""

from __future__ import annotations

import dataclasses
import functools
import itertools
from typing import Any, Callable, Dict, FrozenSet, Iterable, Iterator, List, Mapping, Optional, Tuple

from weiquan.facts.decisions import NEXT, PRIORITIES, RUNG_STATES, Allowed, ClosedDoor, Decision, When
from weiquan.facts.record_reader import RecordReader
from weiquan.facts.situations import Situation, Variant

Kind = Tuple[str, Optional[str]]
"""A situation's id with a variant's, or None."""


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
    for decision in sorted(decisions, key=lambda decision: PRIORITIES.index(decision.priority)):
        allowed = decision.when.allowed()
        named = decision.then != NEXT
        if named and not decision.again:
            trait = f"rung {decision.then}"
            allowed[trait] = allowed.get(trait, RUNG_STATES) & {"untaken"}
        on_ladder = frozenset({decision.then} if named and not decision.off_ladder else ())
        rows.append(Row(decision, Box(_kinds(decision.when, on_ladder, situations), allowed)))
    return Table(
        rows=tuple(rows),
        doors=tuple(Door(door, Box(_kinds(door.when, frozenset(), situations), door.when.allowed())) for door in doors),
    )


def _disagree(first: Row, second: Row) -> bool:
    """Tell whether both rows can hold for the same case and name different rungs."""
    thens = {first.decision.then, second.decision.then}
    both = first.box.meet(second.box)
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
        (first.decision.id, second.decision.id)
        for first, second in itertools.combinations(table.rows, 2)
        if first.decision.priority == second.decision.priority and _disagree(first, second)
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


def check_decisions(reader: RecordReader, known: Dict[str, Dict[str, Any]]) -> None:
    """The decision table names what exists, always has an answer, and never two."""
    named = {**known, "situations": situation_names(known["situations"])}
    for kind in ("closed_doors", "decisions"):
        for record in known[kind].values():
            own = record.rungs if isinstance(record, ClosedDoor) else {record.then, record.after or NEXT} - {NEXT}
            for target, ids in (
                ("rungs", record.when.rungs() | own),
                ("deadlines", record.when.limits() | ({record.limit} if record.limit else set())),
                ("situations", record.when.situations | record.when.except_situations),
            ):
                for other_id in sorted(ids.difference(named[target])):
                    reader.blame(kind, record.id, f"引用了不存在的 {target}「{other_id}」")
            limit = known["deadlines"].get(record.limit)
            if limit and not (limit.amount and limit.unit):
                reader.blame(kind, record.id, f"的 limit「{record.limit}」没有写 amount 和 unit")
    if reader.problems:
        return
    table = compiled(known["decisions"].values(), known["closed_doors"].values(), known["situations"])
    for record_id in contradictions(table):
        kind = "decisions" if record_id in known["decisions"] else "closed_doors"
        reader.blame(kind, record_id, "的条件互相矛盾，永远不会成立")
    for first, second in overlaps(table):
        reader.blame("decisions", second, f"和 {first} 同级，条件可能同时成立，下一步却不同")
    if not is_complete(table, known["situations"]):
        reader.problems.append("decisions.yml:1: 最后一级要有一行没有条件、then: next，否则有的情况没有下一步")
    for situation, variant in dead_ends(table, known["situations"]):
        reader.problems.append(f"decisions.yml:1: {situation}/{variant or ''} 的每一步都可能被关上，没有路了")
