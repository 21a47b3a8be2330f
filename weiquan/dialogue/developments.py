"""What an offer, a demand and the like do to a case: what is known of it, and never a step of the ladder too many."""

from __future__ import annotations

import dataclasses
import datetime
import re
from typing import Optional

from dateutil.relativedelta import relativedelta  # type: ignore[import-untyped]

from weiquan.case.case import Case
from weiquan.case.values import iso_day
from weiquan.facts.situations import Development
from weiquan.reading.message import Message
from weiquan.reading.prices import bare_amount

WANTS_EVIDENCE = "platform_wants_evidence"
EVIDENCE_DUE = "evidence_due"

_DAYS = re.compile(r"P(\d{1,2})D")
"""A length in days, as the entity of a duration writes it (ISO 8601)."""


def take_development(case: Case, told: Development, message: Message) -> Case:
    """Return the case after `told`: where the order is, the rung that it tells, the day set in `message`."""
    dates = dict(case.dates)
    if told.id == WANTS_EVIDENCE:
        until = day_set(message)
        dates.update({EVIDENCE_DUE: until} if until else {})
    if told.day_of and told.day_of not in message.details.dates:
        dates[told.day_of] = message.today
    sums = dict(case.sums)
    tapped = message.value("amount") if not message.text else None
    yuan = bare_amount(tapped) if tapped else None
    sums.update({told.sum: yuan} if told.sum and yuan else {})
    case = dataclasses.replace(case, dates=dates, stage=told.stage or case.stage, sums=sums)
    return case.with_rungs(climbed={told.rung} if told.rung else ())


def day_set(message: Message) -> Optional[datetime.date]:
    """Return the day by which something is wanted: the one to come that is named, else the length from today on."""
    days = [
        iso_day(str(entity.value).partition("/")[2] or entity.value)
        for entity in message.entities
        if entity.kind == "date"
    ]
    to_come = sorted(day for day in days if day and day >= message.today)
    if to_come:
        return to_come[0]
    lengths = [_DAYS.fullmatch(str(entity.value)) for entity in message.entities if entity.kind == "duration"]
    found = [int(length[1]) for length in lengths if length]
    return message.today + relativedelta(days=found[0]) if len(found) == 1 else None
