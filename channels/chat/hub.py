"""The conversations that are in memory, and how they get there."""

from __future__ import annotations

import asyncio
import logging
from typing import Any, Dict, Optional

from channels.chat.conversation import Conversation, Limits
from channels.chat.store import ChatStore
from channels.chat.transcript import Transcript
from channels.messages import BadRequest, OnNewMessage
from channels.storage import tracker_store

logger = logging.getLogger(__name__)


class Hub:
    """All conversations that are in memory. Anything in it can be built again from the tracker store."""

    def __init__(self, limits: Limits, on_new_message: OnNewMessage) -> None:
        """Begin with none."""
        self._limits, self._on_new_message = limits, on_new_message
        self._conversations: Dict[str, Conversation] = {}
        self._store: Optional[ChatStore] = None

    def store(self, app: Any) -> ChatStore:
        """Return the tracker store of the Sanic `app`, and listen to it.

        Raises `BadRequest` for one that is no `ChatStore`.
        A browser would take "no such conversation" for a deletion, so it must be the one that says when it fails.
        """
        store = tracker_store(app)
        if not isinstance(store, ChatStore):
            raise BadRequest(503, "wrong_store", "服务的设置不对：对话记录要存在 ForgettingTrackerStore 里。")
        if store is not self._store:
            # At the first request, and when an operator has put another model in place.
            self._store = store
            store.tell_when_forgotten(self._forgotten)
        return store

    async def open(self, app: Any, sender: str) -> Conversation:
        """Return the conversation of `sender`, from memory or the tracker store. Raises `BadRequest` if that fails."""
        store = self.store(app)
        self._leave_idle()
        if sender not in self._conversations:
            try:
                tracker = await store.retrieve_full_tracker(sender)
                feedback = await store.feedback_of(sender)
            except Exception:
                logger.exception("conversation not read, sender %s", sender)
                raise BadRequest(503, "unavailable", "对话记录暂时读不出来，请稍后再试。") from None
            conversation = Conversation(
                sender,
                Transcript.of_events(tracker.events if tracker else ()),
                feedback,
                self._limits,
                self._on_new_message,
                lambda: self.store(app),
            )
            self._conversations.setdefault(sender, conversation)
        return self._conversations[sender]

    async def close(self, seconds: float) -> None:
        """End every stream, and give running turns so many seconds to be saved."""
        for conversation in self._conversations.values():
            conversation.end_streams()
        workers = [
            conversation.worker
            for conversation in self._conversations.values()
            if conversation.worker and not conversation.worker.done()
        ]
        if workers:
            await asyncio.wait(workers, timeout=seconds)

    def _forgotten(self, sender: str) -> None:
        conversation = self._conversations.get(sender)
        if conversation:
            conversation.was_forgotten()

    def _leave_idle(self) -> None:
        for sender in [sender for sender, conversation in self._conversations.items() if conversation.is_idle]:
            del self._conversations[sender]
