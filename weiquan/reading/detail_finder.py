"""What a message tells of a case beside the trouble: dates, amount, stage, remedy, goods, order number.

Entities say where a date or an amount stands (the component that extracts them);
the words near it say of what (`event_words`).
"""

from __future__ import annotations

import bisect
import datetime
from typing import Dict, FrozenSet, Iterator, List, Mapping, Optional, Sequence, Set, Tuple

from weiquan.case.values import iso_day
from weiquan.language.clauses import LIST_BORDER, clause_around
from weiquan.reading.details import (
    OLDEST,
    WIDEST,
    Details,
    Entity,
    is_denied,
    possible_dates,
    rank_of_event,
)
from weiquan.reading.event_words import Named, event_words
from weiquan.reading.prices import find_amounts
from weiquan.reading.shops import find_shop

OTHER_REMEDY = "other"

_LIMIT_AFTER = ("前", "之前", "以前")
"""After a day: 「11 月 20 号前发货」 tells until when, not when."""

_OTHERS = ("商家", "卖家", "店家", "店铺", "仓库", "对方", "那边", "那头", "他", "她")

_NEXT_TO = 1
"""Characters of distance that do not matter: 前天的晚上收到."""


_Day = Tuple[Optional[str], datetime.date, Entity]
"""The event that a day is of, where one is named; the day; and where it stands."""


def find_details(
    text: str, entities: Sequence[Entity], today: datetime.date, news: FrozenSet[str] = frozenset()
) -> Details:
    """Return what `text` (normalised) tells, with the entities and the `news` found in it, as of `today`.

    A stretch of a few days counts from its first day: a limit counted from
    there is never promised too long. Days to come tell nothing that happened,
    nor does the time for which something was used. Of days that cannot be in
    their order one stays, see `add_details`. Who sent and who signed, the news know:
    「20号寄的,22号他们签收」 is a return.
    """
    dates: Dict[str, datetime.date] = {}
    from_lengths: Set[str] = set()
    named: List[_Day] = []
    bare: List[datetime.date] = []
    future = False
    happened = event_words().happened(text)
    events = _NearEvents(happened)
    for entity, day in _days(entities):
        if day > today:
            future = True
            continue
        if today - day > OLDEST or is_denied(text, entity) or text.startswith(_LIMIT_AFTER, entity.end):
            continue
        if entity.kind == "duration" and event_words().is_use(text[: entity.start]):
            continue
        named.append((events.nearest(entity), day, entity))
    for event, day, entity in _of_a_return(named, happened, news):
        if event is None:
            bare.append(day)
        elif event not in dates:
            dates[event] = day
            if entity.kind == "duration":
                from_lengths.add(event)
    dates = possible_dates(dates, sorted(dates, key=lambda event: (event in from_lengths, rank_of_event(event))))
    alone = _day_alone(text, today)
    if alone and not dates and not bare:
        bare.append(alone)
    amounts = find_amounts(text, entities, news)
    return Details(
        goods=next((str(entity.value) for entity in entities if entity.kind == "goods"), None),
        stage=_stage(happened, dates),
        dates=dates,
        bare_dates=tuple(bare),
        amount=amounts.price,
        sums=amounts.sums,
        adds=amounts.adds,
        remedy=next(
            (str(entity.value) for entity in entities if entity.kind == "remedy" and entity.value != OTHER_REMEDY), None
        ),
        order_number=next((str(entity.value) for entity in entities if entity.kind == "order_number"), None),
        shop=find_shop(text),
        future=future,
        from_lengths=frozenset(from_lengths),
    )


def _of_a_return(named: Sequence[_Day], text: str, news: FrozenSet[str]) -> List[_Day]:
    """Return `named` with the days of a return as such, where the `news` tell that goods went back or arrived there."""
    found = list(named)
    events = [event for event, _, _ in found]
    sending = "shipped" if "shipped" in events else None  # 「20号寄的」 names no event by itself
    if "sent_back" in news and "returned" not in events and events.count(sending) == 1:
        found = [("returned" if event == sending else event, day, entity) for event, day, entity in found]
    if "return_received" not in news or "return_received" in events:
        return found
    sent = next((day for event, day, _ in found if event == "returned"), None)
    for place in reversed(range(len(found))):
        event, day, entity = found[place]
        if event == "received" and ((sent and day >= sent) or _is_of_others(text, entity)):
            found[place] = ("return_received", day, entity)
            break
    return found


def _is_of_others(text: str, entity: Entity) -> bool:
    begin, end = clause_around(text, entity.start, entity.end, LIST_BORDER)
    return any(word in text[begin:end] for word in _OTHERS)


def _days(entities: Sequence[Entity]) -> Iterator[Tuple[Entity, datetime.date]]:
    for entity in entities:
        if entity.kind == "duration" and entity.since:
            yield entity, entity.since
        elif entity.kind == "date" and isinstance(entity.value, str):
            first, _, last = entity.value.partition("/")
            began, ended = iso_day(first), iso_day(last or first)
            if began and ended and ended - began <= WIDEST:
                yield entity, began


def _day_alone(text: str, today: datetime.date) -> Optional[datetime.date]:
    """Return the day that a whole message is (11.15, 11-15), the latest such that is not after `today`; else None."""
    month, _, day = text.strip().replace("-", ".").partition(".")
    if not all(part.isascii() and part.isdigit() and len(part) <= 2 for part in (month, day)):
        return None
    days = (iso_day(f"{year}-{month:0>2}-{day:0>2}") for year in (today.year, today.year - 1))
    return next((day for day in days if day and day <= today), None)


class _NearEvents:
    """The events that `text` names near a day; each clause is read once."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._named: Dict[Tuple[int, int], List[Named]] = {}

    def nearest(self, entity: Entity) -> Optional[str]:
        """Return the event named nearest to `entity` in its clause."""
        begin, end = clause_around(self._text, entity.start, entity.end, LIST_BORDER)
        if (begin, end) not in self._named:
            self._named[begin, end] = event_words().events_in(self._text[begin:end])
        named = self._named[begin, end]

        def distance(span: Named) -> int:
            first, last = span[0] + begin, span[1] + begin
            gap = max(first - entity.end, entity.start - last, 0)
            # What follows the date is what happened then: 「收到货后第三天申请的退款」.
            return max(gap - _NEXT_TO, 0) * 2 + (0 if first >= entity.end else 1)

        place = bisect.bisect(named, (entity.start - begin,))
        return min(named[max(place - 1, 0) : place + 2], key=distance, default=(0, 0, None))[2]


def _stage(text: str, dates: Mapping[str, datetime.date]) -> Optional[str]:
    if {"returned", "return_received"} & set(dates):
        return "returned"
    return event_words().stage_in(text) or ("received" if {"received", "confirmed"} & set(dates) else None)
