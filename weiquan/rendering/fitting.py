"""Fitting a template's text into a bubble, and telling what of it is left."""

from __future__ import annotations

import datetime
from typing import Any, Callable, Dict, Mapping, Sequence, Tuple

from weiquan.facts.knowledge import Knowledge
from weiquan.rendering.render import render

MAX_BUBBLE = 350
"""Characters that one bubble may hold (a phone screen)."""


def fit(
    write: Callable[[Mapping[str, Any]], str], reductions: Sequence[Mapping[str, Any]], room: int = MAX_BUBBLE
) -> str:
    """Return the fullest text of at most `room` characters, the shortest where none is.

    `write` makes the text from overriding values; `reductions` are applied in
    turn, each on top of the former, while the text is too long.
    """
    values: Dict[str, Any] = {}
    text = write(values)
    for reduction in reductions:
        if len(text) <= room:
            break
        values.update(reduction)
        text = write(values)
    return text


def fitted(
    template: str,
    facts: Knowledge,
    today: datetime.date,
    values: Mapping[str, Any],
    reductions: Sequence[Mapping[str, Any]],
    room: int = MAX_BUBBLE,
) -> Tuple[str, Dict[str, Any]]:
    """Return the template's fullest text that fits, and the values that it shows.

    `reductions` and `room` as in `fit`. A card is made of the values returned, so
    that it holds no more than the text.
    """
    shown = dict(values)

    def write(reduced: Mapping[str, Any]) -> str:
        shown.update(reduced)
        return render(template, facts, today, **shown)

    return fit(write, reductions, room), shown
