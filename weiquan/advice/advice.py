"""What follows from one case on one day, each part worked out once, when it is first asked for."""

from __future__ import annotations

import dataclasses
import datetime
import functools
from typing import Any, Dict, Hashable, Optional, Tuple

from weiquan.advice.checklist import Item, checklist
from weiquan.advice.compensation import Claim, estimate, ruled_out
from weiquan.advice.deadlines import due_dates
from weiquan.advice.due_date import DueDate
from weiquan.advice.ladder import Step, is_urgent, ladder_of
from weiquan.advice.next_question import next_question, open_question
from weiquan.advice.next_step import next_step
from weiquan.advice.views import fill, view
from weiquan.case.case import Case
from weiquan.facts.compensation import CompensationRule
from weiquan.facts.interview_questions import Question
from weiquan.facts.knowledge import Knowledge
from weiquan.facts.situations import Rung, Situation


class _Parts:
    """The parts of the advice for all cases that differ only in what was asked."""

    def __init__(self, case: Case, facts: Knowledge, today: datetime.date) -> None:
        self._case, self._facts, self._today = case, facts, today

    @functools.cached_property
    def step(self) -> Step:
        return next_step(self._case, self._facts, self._today)

    @functools.cached_property
    def situation(self) -> Situation:
        return view(self._case, self._facts)

    @functools.cached_property
    def due_dates(self) -> Tuple[DueDate, ...]:
        return due_dates(self._case, self._facts, self._today)

    @functools.cached_property
    def claims(self) -> Tuple[Claim, ...]:
        return estimate(self._case, self._facts)

    @functools.cached_property
    def ruled_out(self) -> Tuple[Tuple[CompensationRule, str], ...]:
        return ruled_out(self._case, self._facts)

    @functools.cached_property
    def checklist(self) -> Tuple[Item, ...]:
        return checklist(self._case, self._facts, self._today, self.step if self.is_open else None)

    @property
    def is_open(self) -> bool:
        return self._case.situation in self._facts.situations


def what_matters(case: Case) -> Hashable:
    """Return what of a case the advice depends on: all but the questions asked."""
    values = dataclasses.asdict(
        dataclasses.replace(
            case,
            asked=None,
            question=None,
            put=(),
            danger=None,
            development=None,
            shop=None,
            account=(),
            paper=None,
            told={},
        )
    )
    return tuple((name, _frozen(value)) for name, value in values.items())


def _frozen(value: Any) -> Hashable:
    return frozenset(value.items()) if isinstance(value, dict) else value


@dataclasses.dataclass(frozen=True)
class Advice:
    """The advice for `case` on `today`.

    `step`, `situation`, `move` and what is made of them raise `KeyError` for a
    case without a known situation; `is_open` tells. `of` gives the advice for
    another state of the case; what both have in common is worked out once.
    """

    case: Case
    facts: Knowledge
    today: datetime.date
    _known: Dict[Hashable, _Parts] = dataclasses.field(default_factory=dict, repr=False, compare=False)

    def of(self, case: Case) -> Advice:
        """Return the advice for `case` on the same day."""
        return self if case is self.case else dataclasses.replace(self, case=case)

    @functools.cached_property
    def _parts(self) -> _Parts:
        return self._known.setdefault(what_matters(self.case), _Parts(self.case, self.facts, self.today))

    @property
    def is_open(self) -> bool:
        """True where the case has a trouble that the facts know."""
        return self._parts.is_open

    @property
    def is_urgent(self) -> bool:
        """True where danger is under way."""
        return is_urgent(self.case, self.facts)

    @property
    def step(self) -> Step:
        """The next step."""
        return self._parts.step

    @property
    def rung_in_question(self) -> Rung:
        """The rung whose answer is waited for, else the next one: what the bot asks about."""
        return self.step.waiting or self.step.rung

    @property
    def situation(self) -> Situation:
        """The case's situation as its special case and the remedy wanted make it."""
        return self._parts.situation

    @property
    def ladder(self) -> Tuple[str, ...]:
        """The ids of the case's rungs, lowest first."""
        return ladder_of(self.case, self.facts)

    @property
    def move(self) -> str:
        """What to do at the next step, in one sentence."""
        return fill(self.step.rung.move, self.situation)

    @property
    def due_dates(self) -> Tuple[DueDate, ...]:
        """The limits that count and whose start is known, the most pressing first; empty without a known situation."""
        return self._parts.due_dates

    @property
    def claims(self) -> Tuple[Claim, ...]:
        """What can be claimed, surest first."""
        return self._parts.claims

    @property
    def ruled_out(self) -> Tuple[Tuple[CompensationRule, str], ...]:
        """The claims that something said rules out, each with why."""
        return self._parts.ruled_out

    @property
    def checklist(self) -> Tuple[Item, ...]:
        """The evidence to gather; without a known situation what is good to have whatever happened."""
        return self._parts.checklist

    @functools.cached_property
    def next_question(self) -> Optional[Question]:
        """The question of the interview worth asking next, None where nothing more would change the advice."""
        return next_question(self.case, self.facts, self.today)

    @property
    def open_question(self) -> Optional[Question]:
        """The question of the interview that is open, None where none is."""
        return open_question(self.case, self.facts)
