"""Last days: until when a shopper has a right, and when somebody else's answer is due.

What a limit is counted from, and whose time it is, stands in
`knowledge/deadlines.yml`. How periods are counted is the Civil Code's way:

- Days, months and years: the day of the event is not counted (article 201), so
  the last of seven days is the event's day plus seven. A month or year ends on
  the day of the same number, or on the last day of a month that has none
  (article 202).
- Hours run from the event, of which only the day is known: the
  result is approximate, rounded down for a shopper's right and up for the time
  that others have, so that nobody acts too late or complains too early.
- Working days come from the calendar of `weiquan.advice.workdays`.
- A last day that is a day off moves on only where the record says so (`rolls`,
  from article 45 of order 121 on complaints to the market regulators). The
  Civil Code moves it too (article 203), but what an app or a court makes of
  that is not certain. So a shopper is told the earlier day to act by, and a
  right given by law is not called lapsed before the later one (`latest`).
"""

from __future__ import annotations

import datetime
from typing import Dict, Iterator, List, Sequence, Tuple

from weiquan.advice.due_date import (
    AFTER_SALES,
    HOURS_A_DAY,
    SHOPPER,
    DueDate,
    due_date,
    has_closed,
    replaced_by,
    started_by,
    starting_event,
    was_sent_back,
)
from weiquan.advice.ladder import find_variant, ladder_of
from weiquan.case.case import Case
from weiquan.facts.knowledge import Knowledge
from weiquan.facts.records import Deadline

MOST_DUES = 2

NEAR = 365
"""Days; a limit further off says nothing about what to do now."""


def worth_telling(dues: Sequence[DueDate]) -> List[DueDate]:
    """Return the few limits that an answer tells: what still runs, the shopper's first, then what is over."""
    near = [due for due in _once(dues) if due.days_left is None or abs(due.days_left) <= NEAR]
    mine = [due for due in near if due.is_open and due.is_the_shoppers]
    others = [due for due in near if due.is_open and not due.is_the_shoppers]
    over = [due for due in near if not due.is_open and due.is_the_shoppers]
    return [*mine[:MOST_DUES], *over, *others][:MOST_DUES]


def _once(dues: Sequence[DueDate]) -> List[DueDate]:
    """Return `dues` without those that end on the day of one before them and are for the same remedy."""
    kept: List[DueDate] = []
    for due in dues:
        alike = (other for other in kept if set(other.deadline.remedies).intersection(due.deadline.remedies))
        if not any(other.ends == due.ends for other in alike):
            kept.append(due)
    return kept


_DAYS_IN = {"day": 1, "workday": 1.5, "month": 30, "year": 365, "hour": 1 / HOURS_A_DAY}
"""Roughly, to tell short limits from long ones."""

_STAGES_AFTER: Dict[str, Tuple[str, ...]] = {
    "shipped": ("shipped", "received", "returned"),
    "received": ("received", "returned"),
    "confirmed": ("received", "returned"),
    "harmed": ("received", "returned"),
    "returned": ("returned",),
    "return_received": ("returned",),
}
"""The stages of an order at which an event can have happened."""


def due_dates(case: Case, facts: Knowledge, today: datetime.date) -> Tuple[DueDate, ...]:
    """Return the limits that count for `case` and whose start is known.

    Those still running come first, the soonest of them first and on one day the
    shopper's own; then those whose end cannot be told; the missed ones last, the latest of them first. What was
    done in time, what others have answered, and the time of those who have been
    given up on (`Case.failed`) is left out. Empty without a known situation.
    """
    found = []
    for deadline_id in _counting(case, facts):
        due = due_date(deadline_id, case, facts, today)
        if due and _is_worth_watching(due, case, facts):
            found.append(due)

    def order(due: DueDate) -> Tuple[int, int, bool]:
        left = due.days_left or 0
        if due.lapsed:
            return 2, -left, not due.is_the_shoppers
        return 1 if due.ends is None else 0, left, not due.is_the_shoppers

    return tuple(sorted(found, key=order))


def missing_events(case: Case, facts: Knowledge) -> Tuple[str, ...]:
    """Return the events whose day would let more of the case's limits be worked out.

    The event of the shortest limit comes first. Left out are events that cannot
    have happened yet, what others have answered since, limits of a few hours, about which a day says nothing,
    and limits of years that are counted from their earliest day anyway.
    """
    wanted: Dict[str, float] = {}
    for deadline_id in _counting(case, facts):
        deadline = facts.deadlines[deadline_id]
        event = starting_event(deadline, case, facts)
        if event is None or event in case.dates or deadline.at_earliest or not _can_have_happened(event, case, facts):
            continue
        if deadline.binds != SHOPPER and has_closed(deadline, case, facts):
            continue
        if _in_days(deadline) >= 1:
            wanted[event] = min(_in_days(deadline), wanted.get(event, _in_days(deadline)))
    return tuple(sorted(wanted, key=lambda event: (wanted[event], event)))


def _in_days(deadline: Deadline) -> float:
    """Return the length of a limit in days, roughly; 0 without one."""
    return (deadline.amount or 0) * _DAYS_IN[deadline.unit or "day"]


def _counting(case: Case, facts: Knowledge) -> Tuple[str, ...]:
    """Return the ids of the limits that count for the case's situation, ladder, remedy and goods."""
    return tuple(limit for limit in dict.fromkeys(_named(case, facts)) if _fits(facts.deadlines[limit], case))


def _named(case: Case, facts: Knowledge) -> Iterator[str]:
    situation = facts.situations.get(case.situation or "")
    if situation is None:
        return
    ladder = ladder_of(case, facts)
    own = situation.seen_as(find_variant(case, situation)).deadlines
    replaced = replaced_by(own, facts)
    yield from own
    for rung in (*ladder, *sorted(case.climbed.difference(ladder).intersection(facts.rungs))):
        for limit in (*facts.rungs[rung].deadlines, facts.rungs[rung].answer_within):
            if limit and limit not in replaced:
                yield limit
    # Until a remedy is told every one of them is open, where goods can be returned at all.
    open_remedy = case.remedy is None and AFTER_SALES in ladder
    for deadline in facts.deadlines.values():
        if case.remedy in deadline.remedies or (deadline.remedies and open_remedy):
            yield deadline.id


def _fits(deadline: Deadline, case: Case) -> bool:
    if case.situation in deadline.not_in:
        return False
    return not deadline.goods or bool(case.goods and case.goods.endswith(deadline.goods))


def _is_worth_watching(due: DueDate, case: Case, facts: Knowledge) -> bool:
    given_up = {limit for rung in case.failed.intersection(facts.rungs) for limit in _limits_at(rung, facts)}
    if due.deadline.ends_on and due.deadline.id in given_up:
        return False
    if due.is_the_shoppers:
        used = due.closed and due.in_time is not False
        missed_by_the_hour = due.lapsed and _in_days(due.deadline) < 1
        return not used and not missed_by_the_hour
    return not due.closed and due.deadline.id not in given_up


def _limits_at(rung: str, facts: Knowledge) -> Iterator[str]:
    """Yield the limits of a rung, and those that stand for the limit of its answer."""
    record = facts.rungs[rung]
    yield from record.deadlines
    if record.answer_within:
        yield record.answer_within
        yield from (deadline.id for deadline in facts.deadlines.values() if deadline.replaces == record.answer_within)


def _can_have_happened(event: str, case: Case, facts: Knowledge) -> bool:
    """Tell whether it is worth asking for the day of `event`.

    Where the order is does not have to be told: a situation with a limit that
    starts at signing is one of goods received.
    """
    started = started_by(case, facts)
    if event in facts.rung_of:
        return facts.rung_of[event] in case.climbed
    if event == "accepted_12315":
        return facts.rung_of["complained_12315"] in case.climbed - case.failed
    if event == "refused":
        return AFTER_SALES in case.failed or started[:1] == (event,)
    if event in ("returned", "return_received"):
        return was_sent_back(case, facts)
    stages = _STAGES_AFTER.get(event)
    if stages is None:
        return True
    if case.stage:
        return case.stage in stages
    return any(set(_STAGES_AFTER.get(event or "", ())).issubset(stages) for event in started if event in _STAGES_AFTER)
