"""Texts of replies: a template filled for the case at hand."""

from __future__ import annotations

from typing import Any, Dict, Mapping, Sequence, Tuple

from weiquan.advice.advice import Advice
from weiquan.advice.due_date import DueDate, in_words
from weiquan.rendering.fitting import MAX_BUBBLE, fitted
from weiquan.rendering.render import render


def text_of(template: str, advice: Advice, **values: Any) -> str:
    """Return the text of `template`, with the notes that its facts call for. Errors as `render`."""
    return render(template, advice.facts, advice.today, **values)


def fitted_text(
    template: str,
    advice: Advice,
    values: Mapping[str, Any],
    reductions: Sequence[Mapping[str, Any]],
    room: int = MAX_BUBBLE,
) -> Tuple[str, Dict[str, Any]]:
    """Return the fullest text of `template` in `room` characters, and the values that it shows (`fitting.fitted`)."""
    return fitted(template, advice.facts, advice.today, values, reductions, room)


def due_lines(due_dates: Sequence[DueDate], advice: Advice) -> Sequence[Tuple[DueDate, str]]:
    """Return each last day with the line that tells it."""
    return [(due, in_words(due, advice.facts, advice.today)) for due in due_dates]
