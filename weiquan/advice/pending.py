"""What is under way in a case besides its next step: evidence wanted by a day, a return on its way, an open offer."""

from __future__ import annotations

import datetime
from typing import Optional

from weiquan.advice.due_date import DueDate, due_date
from weiquan.case.case import Case
from weiquan.case.diary import Happening
from weiquan.facts.knowledge import Knowledge

EVIDENCE = "platform_evidence"
OFFERED = "offered"
_ANSWERS_TO_AN_OFFER = frozenset(
    {"agreed", "offer_declined", "refused", "refunded", "refunded_part", "platform_for", "platform_against"}
)
_ARRIVED = frozenset({"return_received", "return_refused_at_door", "refunded"})


def evidence_due(case: Case, facts: Knowledge, today: datetime.date) -> Optional[DueDate]:
    """Return the day by which the platform wants evidence, while it runs and nothing was handed in."""
    due = due_date(EVIDENCE, case, facts, today)
    is_decided = facts.rung_of["intervened"] in case.failed
    return due if due and due.is_open and not is_decided else None


def return_is_on_its_way(case: Case) -> bool:
    """Tell whether goods were sent back on a known day and are not known to have arrived, or to be paid for."""
    arrived = "return_received" in case.dates or any(entry.what in _ARRIVED for entry in case.diary)
    return "returned" in case.dates and not arrived


def open_offer(case: Case) -> Optional[Happening]:
    """Return the seller's offer that is neither taken nor declined, None where there is none."""
    last = next((entry for entry in reversed(case.diary) if entry.what in {OFFERED, *_ANSWERS_TO_AN_OFFER}), None)
    return last if last and last.what == OFFERED else None
