"""What the chat needs from the tracker store (`ForgettingTrackerStore`, see endpoints.yml, has it)."""

from __future__ import annotations

from typing import Callable, Dict, Optional, Protocol, runtime_checkable

from rasa.shared.core.trackers import DialogueStateTracker


@runtime_checkable
class ChatStore(Protocol):
    """A Rasa tracker store that can also delete a conversation and keep the thumbs given in it."""

    async def retrieve_full_tracker(self, conversation_id: str) -> Optional[DialogueStateTracker]:
        """Return the tracker with the events of all sessions, None where there is none."""
        ...

    async def get_or_create_tracker(
        self, sender_id: str, max_event_history: Optional[int] = None, append_action_listen: bool = True
    ) -> DialogueStateTracker:
        """Return the tracker of `sender_id`, a new one where there is none."""
        ...

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Store the new events of `tracker`."""
        ...

    async def forget(self, sender: str) -> None:
        """Delete all that is kept of `sender`, and tell the listener."""
        ...

    def tell_when_forgotten(self, listener: Callable[[str], None]) -> None:
        """Call `listener` with the sender of each conversation that is deleted from now on."""
        ...

    async def keep_feedback(self, sender: str, seq: int, value: str, word: Optional[str], said: str) -> None:
        """Keep the opinion `value` (and a `word`) that `sender` has of message `seq`, whose text is `said`."""
        ...

    async def feedback_of(self, sender: str) -> Dict[int, str]:
        """Return the opinions that `sender` gave: number of the message -> value."""
        ...
