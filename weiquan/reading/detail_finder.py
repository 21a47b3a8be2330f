"""What a message tells of a case beside the trouble: dates, amount, stage, remedy, goods, order number.

Entities say where a date or an amount stands (the component that extracts them);
here the words near it say of what. The patterns are in `data/entities/events.yml`.
"""

from __future__ import annotations

import dataclasses
import datetime
import functools
import re
from typing import Any, Dict, FrozenSet, Iterator, List, Mapping, Optional, Pattern, Sequence, Set, Tuple

from weiquan.case.events import EVENTS, STAGES
from weiquan.data_files import DataError, read_data
from weiquan.entities.numerals import COUNT, read_number
from weiquan.language.clauses import LIST_BORDER, clause_around, split
from weiquan.language.patterns import without_overlaps
from weiquan.places import DATA
from weiquan.reading.details import OLDEST, WIDEST, Details, Entity, iso_day, possible_dates, rank_of_event

PATTERNS = DATA / "entities" / "events.yml"

LARGEST_AMOUNT = 1_000_000

OTHER_REMEDY = "other"

_BARE_NUMBER = re.compile(
    rf"(?:大概|大约|差不多|将近|约|就|我|一共|总共|花了|付了|实付|是){{0,6}}\s?[¥￥]?(?P<number>{COUNT})\s?(?:块钱?|元|左右|吧|多)*[。.]?"
)

_JOINED = ("not_events", "not_since", "price", "price_after", "not_price", "not_price_after")

_DENIED = re.compile(r"(?:不是|并非|而非)(?:在|付|花)?\Z")
"""Before a day or an amount: 「不是昨天，是前天」 tells nothing of yesterday."""

_LIMIT_AFTER = re.compile(r"(?:之|以)?前")
"""After a day: 「11 月 20 号前发货」 tells until when, not when."""

_MONTH_AND_DAY = re.compile(r"(?P<month>1[0-2]|0?[1-9])[.-](?P<day>3[01]|[12]\d|0?[1-9])")

_PASSED_OVER = "□"

_PRICE_ALONE = re.compile(r"[1-9]\d{1,4}")

_QUOTE = r"[「『“\"]([^」』”\"]{2,20})[」』”\"]"
_QUOTED_SHOP = re.compile(rf"(?:店铺?|商家|卖家|在|叫){_QUOTE}|{_QUOTE}(?=[^,，。]{{0,2}}(?:店|买|拍|下单|订))")
_SHOP_OF_A_KIND = re.compile(
    r"(?:\A|[,，。:：\s我])(?:在|叫|从|是)?(?P<name>[A-Za-z0-9\u4e00-\u9fff]{2,12}?(?:旗舰店|专营店|专卖店))"
)

_OTHERS = re.compile(r"商家|卖家|店家|店铺|仓库|对方|那[边头]|他|她")

_NEXT_TO = 1
"""Characters of distance that do not matter: 前天的晚上收到."""


@dataclasses.dataclass(frozen=True)
class _Patterns:
    not_events: Pattern[str]
    not_since: Pattern[str]
    events: Mapping[str, Pattern[str]]
    stages: Mapping[str, Pattern[str]]
    price: Pattern[str]
    price_after: Pattern[str]
    not_price: Pattern[str]
    not_price_after: Pattern[str]


@functools.lru_cache(maxsize=1)
def _patterns() -> _Patterns:
    """Read the patterns once. Raises `DataError` (a `ValueError`) where the file is not as it should be."""
    return read_data(PATTERNS, _compiled)


def _compiled(loaded: Any) -> _Patterns:
    unknown = [
        *set(loaded).difference((*_JOINED, "events", "stages")),
        *set(loaded["events"]).difference(EVENTS),
        *set(loaded["stages"]).difference(STAGES),
    ]
    if unknown:
        raise DataError(f"不认识的名称：{'、'.join(sorted(unknown))}")

    def joined(patterns: Sequence[str]) -> Pattern[str]:
        for pattern in patterns:
            re.compile(pattern)  # so that a broken one is named alone
        return re.compile("|".join(f"(?:{pattern})" for pattern in patterns))

    return _Patterns(
        events={name: joined(some) for name, some in loaded["events"].items()},
        stages={name: joined(some) for name, some in loaded["stages"].items()},
        **{name: joined(loaded[name]) for name in _JOINED},
    )


def warm_up() -> None:
    """Read and compile the patterns. Raises `DataError` where the file is missing or broken."""
    _patterns()


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
    happened = _patterns().not_events.sub(lambda match: _PASSED_OVER * len(match.group()), text)
    for entity, day in _days(entities):
        if day > today:
            future = True
            continue
        if today - day > OLDEST or _is_denied(text, entity) or _LIMIT_AFTER.match(text, entity.end):
            continue
        if entity.kind == "duration" and _patterns().not_since.search(text[: entity.start]):
            continue
        named.append((_event_near(happened, entity), day, entity))
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
    return Details(
        goods=next((str(entity.value) for entity in entities if entity.kind == "goods"), None),
        stage=_stage(happened, dates),
        dates=dates,
        bare_dates=tuple(bare),
        amount=_price(text, entities),
        remedy=next(
            (str(entity.value) for entity in entities if entity.kind == "remedy" and entity.value != OTHER_REMEDY), None
        ),
        order_number=next((str(entity.value) for entity in entities if entity.kind == "order_number"), None),
        shop=_shop(text),
        future=future,
        from_lengths=frozenset(from_lengths),
    )


def _shop(text: str) -> Optional[str]:
    """Return the name of the shop where it stands out: quoted beside 店 or 买, or with its kind at the end (旗舰店)."""
    quoted = _QUOTED_SHOP.search(text)
    if quoted:
        return next(name for name in quoted.groups() if name)
    named = _SHOP_OF_A_KIND.search(text)
    return named["name"] if named else None


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
    return bool(_OTHERS.search(text, begin, end))


def bare_amount(text: str) -> Optional[float]:
    """Return the amount in yuan that a whole answer is ("128", "三百多"), None where it is none."""
    match = _BARE_NUMBER.fullmatch(text.strip())
    number = read_number(match.group("number")) if match else None
    return _plausible(number.value) if number and number.value is not None else None


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
    """Return the day that a whole message is (11.15), the latest such that is not after `today`; else None."""
    match = _MONTH_AND_DAY.fullmatch(text.strip())
    if match is None:
        return None
    days = (iso_day(f"{year}-{int(match['month']):02}-{int(match['day']):02}") for year in (today.year, today.year - 1))
    return next((day for day in days if day and day <= today), None)


def _is_denied(text: str, entity: Entity) -> bool:
    return bool(_DENIED.search(text[: entity.start]))


def _event_near(text: str, entity: Entity) -> Optional[str]:
    """Return the event named nearest to `entity` in its clause."""
    begin, end = clause_around(text, entity.start, entity.end, LIST_BORDER)

    def distance(named: Tuple[int, int, str]) -> int:
        first, last, _ = named
        gap = max(first - entity.end, entity.start - last, 0)
        # What follows the date is what happened then: 「收到货后第三天申请的退款」.
        return max(gap - _NEXT_TO, 0) * 2 + (0 if first >= entity.end else 1)

    named = [
        (match.start(), match.end(), event)
        for event, pattern in _patterns().events.items()
        for match in pattern.finditer(text, begin, end)
    ]
    whole = without_overlaps(sorted(named, key=lambda span: span[0] - span[1]), lambda span: span[:2])
    return min(whole, key=distance)[2] if whole else None


def _stage(text: str, dates: Mapping[str, datetime.date]) -> Optional[str]:
    if {"returned", "return_received"} & set(dates):
        return "returned"
    for stage, pattern in _patterns().stages.items():
        if pattern.search(text):
            return stage
    return "received" if {"received", "confirmed"} & set(dates) else None


def _plausible(yuan: float) -> Optional[float]:
    return float(yuan) if 0 < yuan <= LARGEST_AMOUNT else None


def _price(text: str, entities: Sequence[Entity]) -> Optional[float]:
    """Return the amount that was paid: one called a price, else the only one not called something else."""
    patterns = _patterns()
    candidates: List[float] = []
    for entity in entities:
        yuan = _plausible(float(entity.value)) if entity.kind == "amount" and _is_number(entity.value) else None
        if yuan is None or _is_denied(text, entity):
            continue
        begin, end = clause_around(text, entity.start, entity.end, LIST_BORDER)
        before, after = text[begin : entity.start], text[entity.end : end]
        if patterns.not_price.search(before) or patterns.not_price_after.search(after):
            continue
        if patterns.price.search(before) or patterns.price_after.search(after):
            return yuan
        candidates.append(yuan)
    if not candidates and not any(entity.kind == "amount" for entity in entities):
        # 「买的假鞋,599」: a clause of its own that is a number and nothing else.
        alone = (clause.text.strip() for clause in split(text) if clause.start)
        candidates = [float(number) for number in alone if _PRICE_ALONE.fullmatch(number)]
    return candidates[0] if len(candidates) == 1 else None


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)
