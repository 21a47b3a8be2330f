"""The fields of a case as a shopper edits them: which are known, and what a tap or a word makes of one.

A field is named like the case's own: "amount", "dates.received", "sums.medical", "circumstances.promised_tenfold",
"rung.after_sales".
"""

from __future__ import annotations

import dataclasses
from typing import Any, Dict, Iterator, Mapping, Optional, Tuple

from weiquan.advice.next_question import find_question
from weiquan.case.case import Case
from weiquan.case.events import EVENTS, STAGES, SUMS
from weiquan.case.values import iso_day
from weiquan.dialogue.answers import yes_or_no
from weiquan.dialogue.developments import EVIDENCE_DUE, day_set
from weiquan.facts.case_words import case_words
from weiquan.facts.interview_questions import NO, YES
from weiquan.facts.knowledge import Knowledge
from weiquan.reading.message import Message
from weiquan.reading.prices import bare_amount
from weiquan.reading.requests import is_asking

NOTHING = "none"
"""The value that takes a field out of the case."""
UNTAKEN, PENDING, FAILED = "untaken", "pending", "failed"
"""How far a rung got."""
LONGEST_NAME = 20
"""Characters of goods or a shop as they are typed."""

PLAIN_FIELDS = ("goods", "shop", "amount", "stage", "remedy", "order_number")
_MADE = frozenset({"affirm", "step_done"})
_REFUSED = frozenset({"seller_refused", "platform_refused", "no_reply_yet"})


def known_fields(case: Case) -> Iterator[str]:
    """Yield the fields that the case knows, in the order in which they are shown."""
    yield from (name for name in ("goods", "amount") if getattr(case, name) is not None)
    yield from (f"dates.{event}" for event in case.dates)
    if case.stage and "received" not in case.dates:
        yield "stage"
    yield from (f"sums.{name}" for name in case.sums)
    yield from (f"rung.{rung}" for rung in sorted(case.climbed))
    yield from (name for name in ("remedy", "shop", "order_number") if getattr(case, name) is not None)
    yield from (f"circumstances.{name}" for name in case.circumstances)


def with_field(case: Case, field: str, value: str, facts: Knowledge) -> Optional[Case]:
    """Return the case with `field` set to what a button carries, NOTHING for out; None where it makes no sense."""
    kind, _, name = field.partition(".")
    if kind == "rung":
        return _with_rung(case, name, value) if name in facts.rungs else None
    if kind in {"dates", "sums", "circumstances"}:
        changed: Dict[str, Any] = {key: known for key, known in getattr(case, kind).items() if key != name}
        read = None if value == NOTHING else _entry_of(kind, name, value, facts)
        if read is None and value != NOTHING:
            return None
        changed.update({} if read is None else {name: read})
        diary = case.diary if kind != "sums" else tuple(entry for entry in case.diary if entry.what != name)
        return _with(case, {kind: changed, "diary": diary})
    if field not in PLAIN_FIELDS:
        return None
    if value == NOTHING:
        return _with(case, {field: None})
    if field == "amount":
        yuan = bare_amount(value)
        return dataclasses.replace(case, amount=yuan) if yuan else None
    if (field == "stage" and value not in STAGES) or (field == "remedy" and value not in case_words().remedies):
        return None
    return _with(case, {field: value})


def _with(case: Case, changes: Dict[str, Any]) -> Case:
    return dataclasses.replace(case, **changes)


def _entry_of(kind: str, name: str, value: str, facts: Knowledge) -> Any:
    if kind == "dates":
        return iso_day(value) if name in EVENTS else None
    if kind == "sums":
        return bare_amount(value) if name in SUMS else None
    return {YES: True, NO: False}.get(value) if name in facts.circumstances else None


def _with_rung(case: Case, rung: str, value: str) -> Optional[Case]:
    if value in {UNTAKEN, NOTHING}:
        return dataclasses.replace(case, climbed=case.climbed - {rung}, failed=case.failed - {rung})
    if value == PENDING:
        return dataclasses.replace(case, climbed=case.climbed | {rung}, failed=case.failed - {rung})
    return case.with_rungs(failed={rung}) if value == FAILED else None


def take_field(case: Case, field: str, message: Message) -> Optional[Case]:
    """Return the case with what a typed `message` says of `field`, None where it says nothing of it."""
    value = _value_in(field, message, case)
    return with_field(case, field, value, message.facts) if value is not None else None


def _value_in(field: str, message: Message, case: Case) -> Optional[str]:
    kind, _, name = field.partition(".")
    details, text = message.details, message.text
    if kind == "dates":
        days = [*details.bare_dates, *details.dates.values()]
        day = (
            day_set(message)
            if name == EVIDENCE_DUE
            else details.dates.get(name) or (days[0] if len(days) == 1 else None)
        )
        return day.isoformat() if day else None
    if kind in {"amount", "sums"}:
        amounts = [float(entity.value) for entity in message.entities if entity.kind == "amount" and entity.value]
        yuan = bare_amount(text) or details.amount or (amounts[0] if len(amounts) == 1 else None)
        return f"{yuan:g}" if yuan else None
    if kind == "rung":
        if message.intent in _REFUSED:
            return FAILED
        return PENDING if message.intent in _MADE else UNTAKEN if message.intent == "deny" else None
    if kind == "circumstances":
        question = find_question(name, message.facts)
        answered = yes_or_no(question, case, message.intent, text) if question else None
        return None if answered is None else YES if answered.circumstances[name] else NO
    told: Mapping[str, Optional[str]] = {
        "goods": details.goods,
        "shop": details.shop,
        "stage": details.stage,
        "remedy": details.remedy,
        "order_number": details.order_number,
    }
    as_typed = field in {"goods", "shop"} and len(text) <= LONGEST_NAME and not is_asking(text)
    return told.get(field) or (text.removeprefix("是") if as_typed else None)


def choices_of(field: str, facts: Knowledge) -> Tuple[Tuple[str, str], ...]:
    """Return the (title, value) pairs that a tap can choose from for `field`; what is typed has none."""
    kind, _, name = field.partition(".")
    words = case_words()
    if kind == "stage":
        return tuple((words.stages[stage], stage) for stage in STAGES)
    if kind == "remedy":
        wanted = ("return_refund", "refund_only", "exchange", "resend", "repair", "compensation")
        return tuple((words.remedies[remedy].partition("，")[0], remedy) for remedy in wanted)
    if kind == "rung":
        return (("没做过", UNTAKEN), ("做了在等", PENDING), ("做了没成", FAILED))
    known = facts.circumstances.get(name) if kind == "circumstances" else None
    return ((known.yes_label, YES), (known.no_label, NO)) if known else ()
