"""Fitting a template's text into a bubble, and telling what of it is left."""

from __future__ import annotations

import datetime
from typing import Any, Dict, Mapping, Sequence, Tuple

from weiquan.bubbles import fit
from weiquan.knowledge import Knowledge
from weiquan.rendering import render


def fitted(
    template: str,
    facts: Knowledge,
    today: datetime.date,
    values: Mapping[str, Any],
    reductions: Sequence[Mapping[str, Any]],
) -> Tuple[str, Dict[str, Any]]:
    """Return the template's fullest text that fits a bubble, and the values that it shows.

    `reductions` as in `bubbles.fit`. A card is made of the values returned, so
    that it holds no more than the text.
    """
    shown = dict(values)

    def write(reduced: Mapping[str, Any]) -> str:
        shown.update(reduced)
        return render(template, facts, today, **shown)

    return fit(write, reductions), shown
