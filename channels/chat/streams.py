"""Telling the open tabs: events as bytes, one bounded stream for each tab, Rasa's output channel."""

from __future__ import annotations

import asyncio
import json
import time
from typing import Any, Callable, Dict, Mapping, Optional

from rasa.core.channels.channel import OutputChannel

CHANNEL = "chat"
QUEUE_SIZE = 256
"""Events that a stream may lag behind before it is ended; its client comes back and asks for the rest."""

FLUSH_SECONDS = 0.002


def frame(event: str, data: Mapping[str, Any], seq: Optional[int] = None) -> bytes:
    """Return one event of a `text/event-stream`."""
    number = f"id: {seq}\n" if seq is not None else ""
    return f"{number}event: {event}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n".encode()


class Stream:
    """What one tab is still to be told. A tab that reads too slowly is ended, never waited for."""

    def __init__(self) -> None:
        """Begin with nothing to tell."""
        self._queue: asyncio.Queue[bytes] = asyncio.Queue(QUEUE_SIZE)
        self._is_over = False

    def put(self, event: bytes) -> None:
        """Add an event; a full queue ends the stream."""
        try:
            self._queue.put_nowait(event)
        except asyncio.QueueFull:
            self._is_over = True

    def end(self) -> None:
        """End the stream after what was put before."""
        self.put(b"")

    async def next(self, seconds: float) -> Optional[bytes]:
        """Return the next event, a comment after so many seconds of silence, None at the end."""
        if self._is_over:
            return None
        try:
            event = await asyncio.wait_for(self._queue.get(), seconds)
        except asyncio.TimeoutError:
            return b": \n\n"
        return event or None


class ChatOutput(OutputChannel):
    """Rasa's way to speak: each bot message goes whole to `say`, the moment it is made."""

    def __init__(self, say: Callable[[Mapping[str, Any]], None]) -> None:
        """Speak through `say`."""
        self._say = say

    @classmethod
    def name(cls) -> str:
        """Return the name that channel-specific responses go by."""
        return CHANNEL

    async def send_response(self, recipient_id: str, message: Dict[str, Any]) -> None:
        """Say a bot message: Rasa's own would send its text, buttons and card one by one."""
        self._say(message)
        # The open streams run now, not when the turn, which keeps the process busy, next waits for something.
        await asyncio.sleep(FLUSH_SECONDS)

    async def send_text_message(self, recipient_id: str, text: str, **_: Any) -> None:
        """Say a text."""
        await self.send_response(recipient_id, {"text": text, "timestamp": time.time()})
