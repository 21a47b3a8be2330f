"""The facts of a paper as statements that know where they come from, and what must not stand together.

`problems_of` is the checker: every statement has its source in the case, and no
two contradict each other. What writes the facts (`narrative`) keeps to it; the
tests ask it about generated cases.
"""

from __future__ import annotations

import dataclasses
import datetime
import itertools
from typing import Callable, FrozenSet, Iterator, List, Mapping, Optional, Sequence

from weiquan.case.case import Case
from weiquan.facts.knowledge import Knowledge

SITUATION, OTHERS, PURCHASE, STAGE, DATE, RUNG, ACCOUNT, TOLD = (
    *("situation", "others", "purchase", "stage", "date", "rung", "account", "told"),
)
"""What of a case a statement may rest on."""

AT_STAGE: Mapping[str, Sequence[str]] = {
    "shipped": ("shipped",),
    "received": ("received",),
    "returned": ("received", "returned"),
}
"""What has happened at a stage even where no date of it is known."""


@dataclasses.dataclass(frozen=True)
class Statement:
    """A sentence of the facts.

    `source` is one of the names above and `about` what of it: an event, a rung, a
    trouble, the place in the account. `says` and `denies` are the events that
    have and have not happened if it is true; `day` is the day that it names.
    """

    text: str
    source: str
    about: str = ""
    says: FrozenSet[str] = frozenset()
    denies: FrozenSet[str] = frozenset()
    day: Optional[datetime.date] = None


def contradict(one: Statement, other: Statement) -> bool:
    """Tell whether the two cannot both be true."""
    return bool(one.says & other.denies or one.denies & other.says)


def has_source(statement: Statement, case: Case, facts: Knowledge) -> bool:
    """Tell whether the case holds what the statement says it rests on."""
    return _SOURCES[statement.source](statement, case, facts)


def problems_of(statements: Sequence[Statement], case: Case, facts: Knowledge) -> Iterator[str]:
    """Yield what is wrong with the facts of a paper about `case`: no source, a contradiction, said twice."""
    for statement in statements:
        if not has_source(statement, case, facts):
            yield f"no source in the case ({statement.source} {statement.about}): {statement.text}"
        if statement.day is not None and statement.day not in case.dates.values():
            yield f"a day that nobody told: {statement.text}"
    for one, other in itertools.combinations(statements, 2):
        if contradict(one, other):
            yield f"contradiction: {one.text} / {other.text}"
        if one.text == other.text:
            yield f"twice: {one.text}"


def without_contradictions(statements: Sequence[Statement]) -> List[Statement]:
    """Return the statements without those that contradict, or repeat, one of more weight.

    What the shopper complains of weighs most: a day of receipt beside 「没有收到」 is another's.
    """
    kept: List[Statement] = []
    for statement in sorted(statements, key=lambda statement: _WEIGHT.get(statement.source, len(_WEIGHT))):
        if not any(contradict(statement, other) or statement.text == other.text for other in kept):
            kept.append(statement)
    return sorted(kept, key=statements.index)


_WEIGHT = {SITUATION: 0, OTHERS: 1}


def _happened(statement: Statement, case: Case) -> bool:
    return statement.about in AT_STAGE.get(case.stage or "", ())


def _is_purchase(statement: Statement, case: Case, facts: Knowledge) -> bool:
    told = case.goods or case.order_number or case.dates.get("ordered")
    sentences = facts.trouble_sentences
    own = next((sentences[name] for name in (case.variant, case.situation) if name and name in sentences), None)
    return bool(told) or own is None or own.is_purchase


_SOURCES: Mapping[str, Callable[[Statement, Case, Knowledge], bool]] = {
    # Where no trouble is known, its sentence is a blank.
    SITUATION: lambda statement, case, facts: statement.about in {case.situation or "", case.variant or ""},
    OTHERS: lambda statement, case, facts: statement.about in case.others,
    PURCHASE: _is_purchase,
    STAGE: lambda statement, case, facts: _happened(statement, case),
    DATE: lambda statement, case, facts: statement.about in case.dates,
    RUNG: lambda statement, case, facts: statement.about in case.climbed,
    ACCOUNT: lambda statement, case, facts: int(statement.about) < len(case.account),
    TOLD: lambda statement, case, facts: bool(case.told.get(statement.about)),
}
