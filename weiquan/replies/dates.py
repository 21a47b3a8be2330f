"""The last days of a case."""

from __future__ import annotations

from typing import Callable, Optional

from weiquan.advice.advice import Advice
from weiquan.replies import cards
from weiquan.replies.bubbles import Bubble, Reply
from weiquan.replies.steps import followup
from weiquan.replies.texts import due_lines, fitted_text


def dates_reply(advice: Advice, calendar_url: Callable[[], str]) -> Optional[Reply]:
    """Return the last days of this case, None where none can be worked out.

    `calendar_url` makes the address of the calendar file, asked for only where a day is still to come.
    """
    if not advice.due_dates:
        return None
    lines = due_lines(advice.due_dates, advice)
    calendar = calendar_url() if any(due.is_open for due in advice.due_dates) else None
    text, shown = fitted_text(
        "dates",
        advice,
        {"lines": lines, "calendar": calendar},
        ({"lines": lines[:4]}, {"lines": lines[:3]}, {"lines": lines[:2]}, {"lines": lines[:1]}),
    )
    card = cards.dates_card([cards.due_part(due, line) for due, line in shown["lines"]], calendar)
    (second,), asked = followup(advice, with_others=False)
    return Reply((Bubble(text, card=card), second), asked)
