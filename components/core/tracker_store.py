"""A tracker store that says when it failed, can delete a conversation for good, and keeps the thumbs given in it."""

from __future__ import annotations

import contextlib
import contextvars
import logging
import time
from typing import Any, Callable, Dict, Iterator, List, Optional, Set

import sqlalchemy as sa
from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from components.core.database import empty_log, open_carefully, reason, trouble
from components.open_case import note_case
from weiquan.faults import NotDeleted, NotStored

logger = logging.getLogger(__name__)

FORGET_SLOT = "forget_requested"

_STORE: contextvars.ContextVar[Optional[ForgettingTrackerStore]] = contextvars.ContextVar("weiquan_store", default=None)


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
    and it is carried out here, where Rasa would save; and a little before that,
    where the goodbye is about to be said (`forget_now`).
    """

    _listener: Optional[Callable[[str], None]] = None

    def __init__(self, *arguments: Any, **options: Any) -> None:
        """Create the store, and the tables where there are none; arguments as of `SQLTrackerStore`."""
        super().__init__(*arguments, **options)
        open_carefully(self.engine)
        self._still_there: Set[str] = set()

    @contextlib.contextmanager
    def session_scope(self) -> Iterator[Session]:
        """Give a session, closed afterwards. Raises `NotStored` where the database fails or a row cannot be read.

        Rasa's own ends the process for a row that is no JSON.
        """
        session = self.sessionmaker()
        try:
            yield session
        except (SQLAlchemyError, OSError, ValueError) as error:
            logger.error("the database failed: %s", reason(error))
            raise NotStored from None
        finally:
            session.close()

    async def retrieve(self, sender_id: str) -> Optional[DialogueStateTracker]:
        """Return the tracker, None where there is none; the pipeline may then ask `case_is_open`."""
        _STORE.set(self)
        tracker = await super().retrieve(sender_id)
        note_case(tracker)
        return tracker

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Save new events, or delete everything of the sender. Raises `NotStored` or `NotDeleted`."""
        if tracker.get_slot(FORGET_SLOT):
            if tracker.sender_id in self._still_there:
                # The shopper was told that it failed; to succeed now would make that untrue.
                self._still_there.discard(tracker.sender_id)
                raise NotDeleted
            await self.forget(tracker.sender_id)
        else:
            await super().save(tracker)

    async def forget(self, sender: str) -> None:
        """Delete every event and all feedback of `sender`, look whether it is gone, and tell the listener.

        Raises `NotDeleted` where something is left.
        """
        try:
            with self.session_scope() as session:
                for table in (self.SQLEvent, SQLFeedback):
                    session.query(table).filter(table.sender_id == sender).delete()
                session.commit()
                empty_log(self.engine)
            with self.session_scope() as session:
                tables = (self.SQLEvent, SQLFeedback)
                left = sum(session.query(table).filter(table.sender_id == sender).count() for table in tables)
        except NotStored:
            raise NotDeleted from None
        if left:
            logger.error("a conversation is still there after it was deleted")
            raise NotDeleted
        logger.info("conversation deleted at its owner's wish")
        if self._listener:
            self._listener(sender)

    def could_not_forget(self, sender: str) -> None:
        """Take note that `sender` is told in this turn that nothing was deleted."""
        self._still_there.add(sender)

    def trouble(self) -> Optional[str]:
        """Return what keeps the store from taking a turn now or soon, None where nothing does."""
        return trouble(self.engine)

    def tell_when_forgotten(self, listener: Callable[[str], None]) -> None:
        """Call `listener` with the sender whose conversation was deleted; one listener at a time."""
        self._listener = listener

    async def keep_feedback(self, sender: str, seq: int, value: str, word: Optional[str], said: str) -> None:
        """Keep what `sender` thinks of message `seq` ("up" or "down", a word, what it said); a second one replaces it.

        Raises `NotStored`.
        """
        with self.session_scope() as session:
            session.merge(
                SQLFeedback(sender_id=sender, seq=seq, timestamp=time.time(), value=value, word=word, said=said)
            )
            session.commit()

    async def feedback_of(self, sender: str) -> Dict[int, str]:
        """Return the opinions of `sender` as `value` by `seq` of the message. Raises `NotStored`."""
        with self.session_scope() as session:
            rows: List[SQLFeedback] = session.query(SQLFeedback).filter(SQLFeedback.sender_id == sender).all()
            return {row.seq: row.value for row in rows}


async def forget_now(sender: str) -> bool:
    """Delete the conversation of `sender` in the store that this task reads from; tell whether it is gone.

    The goodbye waits for it: what is said cannot be taken back, and `save` comes after it.
    """
    store = _STORE.get()
    if store is None:
        return True  # a tracker that no store of ours gave: nothing of it is kept
    try:
        await store.forget(sender)
    except NotDeleted:
        store.could_not_forget(sender)
        return False
    return True
