"""What a message tells of a case beside the trouble, and the case with it."""

from __future__ import annotations

import dataclasses
import datetime
from typing import Any, Dict, FrozenSet, Iterable, Mapping, Optional, Tuple

from weiquan.case.case import Case
from weiquan.case.values import iso_day

OLDEST = datetime.timedelta(days=6 * 366)
"""A date further back concerns no order that anything can still be done about."""

WIDEST = datetime.timedelta(days=7)
"""A stretch of more days ("last month") does not tell a day."""

_IN_ORDER = ("ordered", "shipped", "received", "confirmed", "returned", "return_received")

_BEFORE: Mapping[str, Tuple[str, ...]] = {
    **{event: _IN_ORDER[:place] for place, event in enumerate(_IN_ORDER)},
    # Not before the goods are sent: who pays later (先用后付) pays when they have come.
    "paid": ("ordered",),
}
"""Event -> those that cannot come after it."""


@dataclasses.dataclass(frozen=True)
class Entity:
    """An entity of a message: `kind`, `value` as Rasa gives it, its place, and for a length the day it began."""

    kind: str
    value: Any
    start: int
    end: int
    since: Optional[datetime.date] = None


@dataclasses.dataclass(frozen=True)
class Details:
    """What a message tells of a case; empty fields tell nothing.

    `bare_dates` are days of no event: the open question says what of.
    """

    goods: Optional[str] = None
    stage: Optional[str] = None
    dates: Mapping[str, datetime.date] = dataclasses.field(default_factory=dict)
    bare_dates: Tuple[datetime.date, ...] = ()
    amount: Optional[float] = None
    remedy: Optional[str] = None
    order_number: Optional[str] = None
    shop: Optional[str] = None
    sums: Mapping[str, float] = dataclasses.field(default_factory=dict)
    adds: bool = False
    """The amount comes on top of what was told before."""
    future: bool = False
    """A date was told that is still to come."""
    from_lengths: FrozenSet[str] = dataclasses.field(default=frozenset(), compare=False)
    """Events of `dates` whose day was counted back from a length of time (签收三天了): less certain than a day told."""

    @property
    def is_empty(self) -> bool:
        """True where nothing was told."""
        return self == Details()


def read_entity(entity: Mapping[str, Any]) -> Optional[Entity]:
    """Return one of Rasa's entities (a dict), None where it is damaged."""
    kind, value = entity.get("entity"), entity.get("value")
    if not isinstance(kind, str) or value is None:
        return None
    start, end = entity.get("start"), entity.get("end")
    if not isinstance(start, int) or not isinstance(end, int):
        start = end = 0  # a button's payload has no places
    return Entity(kind, value, start, end, iso_day(entity.get("since")))


_DENIALS = tuple(f"{no}{verb}" for no in ("不是", "并非", "而非") for verb in ("", "在", "付", "花"))


def is_denied(text: str, entity: Entity) -> bool:
    """Tell whether `text` says before `entity` that it is not so: 「不是昨天，是前天」 tells nothing of yesterday."""
    return text.endswith(_DENIALS, 0, entity.start)


def add_details(case: Case, details: Details) -> Case:
    """Return `case` with what was told; the latest word counts.

    Goods stay as first told: later sentences name parts and presents. A date of
    the goods' arrival says where they are. Nothing is dated after what it must
    come before: the day told now stays, then one known before, last one that
    was counted back from a length of time.
    """
    dates = {**case.dates, **details.dates}

    def doubt(event: str) -> int:
        return 2 if event in details.from_lengths else 0 if event in details.dates else 1

    return dataclasses.replace(
        case,
        goods=case.goods or details.goods,
        stage=details.stage or case.stage,
        dates=possible_dates(dates, sorted(dates, key=lambda event: (doubt(event), rank_of_event(event)))),
        amount=_amount_after(case, details),
        sums={**case.sums, **details.sums},
        remedy=details.remedy or case.remedy,
        order_number=details.order_number or case.order_number,
        shop=details.shop or case.shop,
    )


def _amount_after(case: Case, details: Details) -> Optional[float]:
    if details.amount is None:
        return case.amount
    return details.amount + (case.amount or 0.0) if details.adds else details.amount


def rank_of_event(event: str) -> int:
    """Return the rank of an event among equally certain ones: most limits run from the day of signing."""
    if event == "received":
        return -1
    return len(_IN_ORDER) - _IN_ORDER.index(event) if event in _IN_ORDER else len(_IN_ORDER)


def possible_dates(dates: Mapping[str, datetime.date], ranked: Iterable[str]) -> Dict[str, datetime.date]:
    """Return `dates` without those that contradict one ranked before them."""
    kept: Dict[str, datetime.date] = {}
    for event in ranked:
        too_early = any(kept[other] > dates[event] for other in _BEFORE.get(event, ()) if other in kept)
        too_late = any(day < dates[event] for other, day in kept.items() if event in _BEFORE.get(other, ()))
        if not too_early and not too_late:
            kept[event] = dates[event]
    return {event: day for event, day in dates.items() if event in kept}
