"""What is known of the numbers and sites in a message."""

from __future__ import annotations

import datetime
from typing import Tuple

from weiquan.facts.knowledge import Knowledge
from weiquan.reading.contacts import verify
from weiquan.rendering.render import render
from weiquan.replies.bubbles import Bubble


def contact_answer(text: str, facts: Knowledge, today: datetime.date) -> Tuple[Bubble, ...]:
    """Say what is known of the numbers and sites in `text`."""
    return (Bubble(render("verdict", facts, today, verdicts=verify(text, facts))),)
