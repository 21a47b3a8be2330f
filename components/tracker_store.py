"""A tracker store that can really forget a conversation."""

from __future__ import annotations

import logging

import sqlalchemy as sa
from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.trackers import DialogueStateTracker

logger = logging.getLogger(__name__)

FORGET_SLOT = "forget_requested"


class ForgettingTrackerStore(SQLTrackerStore):
    """`SQLTrackerStore` that deletes a conversation whose `forget_requested` slot is set.

    An action cannot delete it: Rasa saves the whole tracker after the last
    action of the turn, the deleted messages included. So the wish is a slot,
    and it is carried out here, where Rasa would save.
    """

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Save new events, or delete every event of the sender."""
        if not tracker.get_slot(FORGET_SLOT):
            await super().save(tracker)
            return
        with self.session_scope() as session:
            if self.engine.dialect.name == "sqlite":
                # Deleted rows are overwritten, not just unlinked from the file.
                session.execute(sa.text("PRAGMA secure_delete = ON"))
            session.query(self.SQLEvent).filter(self.SQLEvent.sender_id == tracker.sender_id).delete()
            session.commit()
        logger.info("conversation deleted at its owner's wish")
