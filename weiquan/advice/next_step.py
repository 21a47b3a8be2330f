"""The next step of a case, from the decision table in `knowledge/decisions.yml`.

First the doors: which rungs are closed for the case, because a right has lapsed.
Then the ladder: its next rung is the lowest open one above all that were taken.
Then the rows, the most pressing priority first: the first one that holds says
whether that rung is the next step, or which other, and why.
"""

from __future__ import annotations

import dataclasses
import datetime
from typing import Dict, Mapping, Optional, Tuple

from weiquan.advice.due_date import DueDate, due_date
from weiquan.advice.ladder import Step, find_variant, highest_taken, ladder_of
from weiquan.case.case import Case
from weiquan.facts.decision_table import Kind
from weiquan.facts.decisions import LAPSED, NEXT, SETTLED, UNKNOWN, ClosedDoor, Decision, days_open
from weiquan.facts.knowledge import Knowledge
from weiquan.facts.situations import Rung
from weiquan.rendering.render import USUALLY

MOST_REASONS = 2

_UNIT_WORDS = {"hour": "小时", "day": "天", "workday": "个工作日", "month": "个月", "year": "年"}


def next_step(case: Case, facts: Knowledge, today: Optional[datetime.date] = None) -> Step:
    """Return the next step for `case` on `today`; without a day no time limit counts.

    As a rule that is the rung above the highest one already climbed: someone
    whom the platform has refused is not sent back to the seller. Where that
    highest rung has not failed yet and an answer is due there, it is returned
    as `waiting`. On the top rung the top rung stays the answer. What departs
    from the rule, and why, stands in `knowledge/decisions.yml`. Raises
    `KeyError` for a case without a known situation.
    """
    standing = _Standing(_with_dated_steps(case, facts), facts, today)
    row = next(
        row.decision
        for row in facts.table.rows_of(standing.kind)
        if row.decision.then not in standing.closed and row.box.holds(standing.trait)
    )
    return standing.step(row)


def _with_dated_steps(case: Case, facts: Knowledge) -> Case:
    """Return the case with what its dates tell of the rungs.

    A rung whose event has a day was taken. An application made after the
    refusal is a new one: it has not failed, and that refusal is history.
    """
    case = case.with_rungs(climbed=(rung for event, rung in facts.rung_of.items() if event in case.dates))
    refused = case.dates.get("refused")
    if refused is None or case.dates.get("applied", refused) <= refused:
        return case
    dates = {event: day for event, day in case.dates.items() if event != "refused"}
    return dataclasses.replace(case, failed=case.failed - {"after_sales"}, dates=dates)


class _Standing:
    """Where one case stands: what the table asks of it, each thing answered once.

    `closed` maps rungs to the doors that keep them, `highest` is the height on
    the ladder reached (-1: none), `position` that of the ladder's next rung.
    """

    def __init__(self, case: Case, facts: Knowledge, today: Optional[datetime.date]) -> None:
        situation = facts.situations[case.situation or ""]
        variant = find_variant(case, situation)
        self.case, self.facts, self.today = case, facts, today
        self.kind: Kind = (situation.id, variant.id if variant else None)
        self.ladder = ladder_of(case, facts)
        self.highest = highest_taken(self.ladder, case.climbed, facts.usual_ladder)
        self._traits: Dict[str, str] = {}
        self.closed = self._closed_rungs()
        self.position = self._next_position()

    def trait(self, name: str) -> str:
        """Return the value of a trait («rung after_sales», «limit seven_day_return», «stage» …)."""
        if name not in self._traits:
            self._traits[name] = self._read(name)
        return self._traits[name]

    def _read(self, name: str) -> str:
        what, _, which = name.partition(" ")
        if what == "rung":
            return self._rung_state(which)
        if what == "limit":
            return self._limit_state(which)
        if what == "event":
            return "told" if which in self.case.dates else "untold"
        if what == "next":
            return self.ladder[self.position]
        return (self.case.stage if what == "stage" else self.case.remedy) or UNKNOWN

    def step(self, row: Decision) -> Step:
        """Return the step that `row` decides on."""
        follows = row.then == NEXT
        chosen = self.ladder[self.position] if follows else row.then
        height = self.ladder.index(chosen) if chosen in self.ladder else -1
        beyond = max(height, self.highest) + 1
        after = self._first_open(beyond)
        if row.after in self.ladder[beyond:] and row.after not in self.closed:
            after = self.ladder.index(row.after)
        reasons = self._reasons(row, after) if follows else (self._filled(row.reason, row.limit),)
        rungs = self.facts.rungs
        return Step(
            rung=rungs[chosen],
            waiting=self._awaited() if follows and row.wait else None,
            after=None if after is None else rungs[self.ladder[after]],
            reasons=reasons,
            rule=row.id,
        )

    def _rung_state(self, rung: str) -> str:
        if rung in self.case.failed:
            return "failed"
        return "pending" if rung in self.case.climbed else "untaken"

    def _due(self, limit: str) -> Optional[DueDate]:
        return due_date(limit, self.case, self.facts, self.today) if self.today else None

    def _limit_state(self, limit: str) -> str:
        due = self._due(limit)
        if due is None:
            return UNKNOWN
        if due.lapsed:
            return LAPSED
        if due.closed:
            return SETTLED
        return UNKNOWN if due.lapsed is None or due.days_left is None else days_open(due.days_left)

    def _closed_rungs(self) -> Mapping[str, ClosedDoor]:
        closed: Dict[str, ClosedDoor] = {}
        for door in self.facts.table.doors_of(self.kind):
            if door.box.holds(self.trait):
                for rung in door.closed.rungs:
                    closed.setdefault(rung, door.closed)
        return closed

    def _first_open(self, start: int) -> Optional[int]:
        """Return the height of the lowest open rung from height `start` up, or None."""
        return next(
            (height for height in range(start, len(self.ladder)) if self.ladder[height] not in self.closed), None
        )

    def _next_position(self) -> int:
        """Return the height of the ladder's next rung.

        Where nothing above is open any more it is the highest open rung, taken
        before or not: on the top rung the top rung stays the answer.
        """
        above = self._first_open(self.highest + 1)
        if above is not None:
            return above
        heights = [height for height, rung in enumerate(self.ladder) if rung not in self.closed]
        return heights[-1] if heights else len(self.ladder) - 1

    def _awaited(self) -> Optional[Rung]:
        """Return the highest rung taken, where its answer is still due."""
        if self.highest in (-1, self.position) or self.ladder[self.highest] in self.case.failed:
            return None
        rung = self.facts.rungs[self.ladder[self.highest]]
        return rung if rung.answer_within else None

    def _reasons(self, row: Decision, after: Optional[int]) -> Tuple[str, ...]:
        """Return why the ladder's next rung is the step: what is closed on the way to it, or past it.

        A door that speaks of a limit of the row itself has nothing to add.
        """
        until = len(self.ladder) if after is None else after
        passed = [height for height in range(self.highest + 1, until) if self.ladder[height] in self.closed]
        passed_doors = {height: self.closed[self.ladder[height]] for height in passed}
        doors = {height: door for height, door in passed_doors.items() if not door.when.lapsed & row.when.lapsed}
        before = [self._filled(door.reason, door.limit) for height, door in doors.items() if height < self.position]
        behind = [self._filled(door.reason, door.limit) for height, door in doors.items() if height > self.position]
        reasons = dict.fromkeys([*before[:1], self._filled(row.reason, row.limit), *behind])
        return tuple(reasons)[:MOST_REASONS]

    def _filled(self, reason: str, limit: Optional[str]) -> str:
        if limit is None:
            return reason
        deadline, due = self.facts.deadlines[limit], self._due(limit)
        length = f"{deadline.amount} {_UNIT_WORDS[deadline.unit or 'day']}"
        window = length if deadline.is_certain else f"{USUALLY} {length}"
        return reason.format(window=window, length=length, left=_left(due) if due else "")


def _left(due: DueDate) -> str:
    """Return how long a limit runs still: 「还剩 3 天」, 「大约还剩 1 天」, 「今天到期」."""
    about = "大约" if due.approximate else ""
    if due.deadline.at_earliest:
        about = "至少"
    return f"{about}还剩 {due.days_left} 天" if due.days_left else f"{about}今天到期"
