"""What the bot knows of the shopper whose message is being read: is a case open, and which question?

Rasa shows the tracker to policies and actions but to no component of the
pipeline, and "退了" is news within a case and a riddle outside, "没" an answer to
one question and not to another. The tracker store is asked for the tracker just
before the message is parsed, in the same asyncio task, so it leaves a note in
that task's context here. `/model/parse` and training ask no store: no case is
open there.
"""

from __future__ import annotations

import contextvars
import dataclasses
from typing import Optional

from rasa.shared.core.trackers import DialogueStateTracker

from weiquan.advice.next_question import text_asked
from weiquan.case.case import Case
from weiquan.facts.knowledge import knowledge


@dataclasses.dataclass(frozen=True)
class Note:
    """Whether a case is open, and the question that the bot put and that is open."""

    is_open: bool = False
    question: Optional[str] = None


_NO_CASE = Note()
_NOTE: contextvars.ContextVar[Note] = contextvars.ContextVar("weiquan_open_case", default=_NO_CASE)


def note_case(tracker: Optional[DialogueStateTracker]) -> None:
    """Remember for the rest of this task what `tracker` holds of a case; None is a conversation not yet begun."""
    case = Case.from_slots(tracker.current_slot_values()) if tracker else Case()
    note(Note(bool(case.situation), text_asked(case, knowledge())))


def note(known: Note) -> None:
    """Remember `known` for the rest of this task."""
    _NOTE.set(known)


def case_is_open() -> bool:
    """Tell what `note_case` saw last in this task; False where it saw nothing."""
    return _NOTE.get().is_open


def question_open() -> Optional[str]:
    """Return the question that the bot put and that is open, as `note_case` saw it; None where there is none."""
    return _NOTE.get().question
