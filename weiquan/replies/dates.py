"""The last days of a case."""

from __future__ import annotations

import datetime
from typing import Optional

from weiquan.advice.deadlines import due_dates
from weiquan.advice.due_date import in_words
from weiquan.case.case import Case
from weiquan.facts.knowledge import Knowledge
from weiquan.rendering.fitting import fitted
from weiquan.replies import cards
from weiquan.replies.bubbles import Bubble
from weiquan.replies.steps import Answer, followup


def dates_answer(case: Case, facts: Knowledge, today: datetime.date, calendar: Optional[str]) -> Optional[Answer]:
    """Return the last days of this case, None where none can be reckoned. `calendar` is the address of an .ics file."""
    dues = due_dates(case, facts, today)
    if not dues:
        return None
    lines = [(one, in_words(one, facts, today)) for one in dues]
    calendar = calendar if any(one.is_open for one in dues) else None
    text, shown = fitted(
        "dates",
        facts,
        today,
        {"lines": lines, "calendar": calendar},
        ({"lines": lines[:4]}, {"lines": lines[:3]}, {"lines": lines[:2]}, {"lines": lines[:1]}),
    )
    card = cards.dates_card([cards.due_part(due, line) for due, line in shown["lines"]], calendar)
    second, asked = followup(case, facts, today, with_others=False)
    return (Bubble(text, card=card), second), asked
