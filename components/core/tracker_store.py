"""A tracker store that can delete a conversation for good, and that keeps the thumbs given in it."""

from __future__ import annotations

import logging
import time
from typing import Callable, Dict, List, Optional

import sqlalchemy as sa
from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.trackers import DialogueStateTracker

from components.open_case import note_case

logger = logging.getLogger(__name__)

FORGET_SLOT = "forget_requested"


class SQLFeedback(SQLTrackerStore.Base):
    """A shopper's opinion of one bot message; it goes when the conversation goes."""

    __tablename__ = "feedback"

    sender_id = sa.Column(sa.String(255), primary_key=True)
    seq = sa.Column(sa.Integer, primary_key=True, autoincrement=False)
    timestamp = sa.Column(sa.Float, nullable=False)
    value = sa.Column(sa.String(16), nullable=False)
    word = sa.Column(sa.Text)
    said = sa.Column(sa.Text)


class ForgettingTrackerStore(SQLTrackerStore):
    """`SQLTrackerStore` that deletes a conversation whose `forget_requested` slot is set.

    An action cannot delete it: Rasa saves the whole tracker after the last
    action of the turn, the deleted messages included. So the wish is a slot,
    and it is carried out here, where Rasa would save.
    """

    _listener: Optional[Callable[[str], None]] = None

    async def retrieve(self, sender_id: str) -> Optional[DialogueStateTracker]:
        """Return the tracker, None where there is none; the pipeline may then ask `case_is_open`."""
        tracker = await super().retrieve(sender_id)
        note_case(tracker)
        return tracker

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Save new events, or delete everything of the sender."""
        if tracker.get_slot(FORGET_SLOT):
            await self.forget(tracker.sender_id)
        else:
            await super().save(tracker)

    async def forget(self, sender: str) -> None:
        """Delete every event and all feedback of `sender`, and tell the listener. Raises `SQLAlchemyError`."""
        with self.session_scope() as session:
            if self.engine.dialect.name == "sqlite":
                # Deleted rows are overwritten, not just unlinked from the file.
                session.execute(sa.text("PRAGMA secure_delete = ON"))
            for table in (self.SQLEvent, SQLFeedback):
                session.query(table).filter(table.sender_id == sender).delete()
            session.commit()
        logger.info("conversation deleted at its owner's wish")
        if self._listener:
            self._listener(sender)

    def tell_when_forgotten(self, listener: Callable[[str], None]) -> None:
        """Call `listener` with the sender whose conversation was deleted; one listener at a time."""
        self._listener = listener

    async def keep_feedback(self, sender: str, seq: int, value: str, word: Optional[str], said: str) -> None:
        """Keep what `sender` thinks of message `seq` ("up" or "down", a word, what it said); a second one replaces it.

        Raises `SQLAlchemyError`.
        """
        with self.session_scope() as session:
            session.merge(
                SQLFeedback(sender_id=sender, seq=seq, timestamp=time.time(), value=value, word=word, said=said)
            )
            session.commit()

    async def feedback_of(self, sender: str) -> Dict[int, str]:
        """Return the opinions of `sender` as `value` by `seq` of the message. Raises `SQLAlchemyError`."""
        with self.session_scope() as session:
            rows: List[SQLFeedback] = session.query(SQLFeedback).filter(SQLFeedback.sender_id == sender).all()
            return {row.seq: row.value for row in rows}
