"""How a limit of a case stands, asked by its id."""

from __future__ import annotations

import datetime

from weiquan.advice.due_date import due_date
from weiquan.case.case import Case
from weiquan.facts.knowledge import Knowledge


def has_lapsed(deadline_id: str, case: Case, facts: Knowledge, today: datetime.date) -> bool | None:
    """Return what `DueDate.lapsed` says of the limit, None also where it has no last day."""
    due = due_date(deadline_id, case, facts, today)
    return due.lapsed if due else None
