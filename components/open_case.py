"""Whether the shopper whose message is being read has a case open.

Rasa shows the tracker to policies and actions but to no component of the
pipeline, and "退了" is news within a case and a riddle outside. The tracker
store is asked for the tracker just before the message is parsed, in the same
asyncio task, so it leaves a note in that task's context here. `/model/parse`
and training ask no store: no case is open there.
"""

from __future__ import annotations

import contextvars
from typing import Optional

from rasa.shared.core.trackers import DialogueStateTracker

CASE_SLOT = "situation"
_IS_OPEN: contextvars.ContextVar[bool] = contextvars.ContextVar("weiquan_case_is_open", default=False)


def note_case(tracker: Optional[DialogueStateTracker]) -> None:
    """Remember for the rest of this task whether `tracker` holds a case; None is a conversation not yet begun."""
    slot = tracker.slots.get(CASE_SLOT) if tracker else None
    _IS_OPEN.set(bool(slot and slot.value))


def case_is_open() -> bool:
    """Tell what `note_case` saw last in this task; False where it saw nothing."""
    return _IS_OPEN.get()
