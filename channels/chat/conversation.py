"""The conversations that are open in a browser: one turn at a time, told to every tab."""

from __future__ import annotations

import asyncio
import collections
import dataclasses
import datetime
import logging
import time
from typing import Any, Callable, Deque, Dict, List, Mapping, Optional, Set, Tuple

from rasa.core.channels.channel import UserMessage
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.events import ActionExecuted, BotUttered, UserUtteranceReverted, UserUttered

from channels.chat.store import ChatStore
from channels.chat.streams import CHANNEL, ChatOutput, Stream, frame
from channels.chat.transcript import AT, FAILED, ID, SHOWN, Message, Transcript
from channels.messages import BadRequest, OnNewMessage
from weiquan.facts.knowledge import knowledge
from weiquan.faults import NotDeleted
from weiquan.rendering.essentials import apology, explanation

logger = logging.getLogger(__name__)

IDLE_SECONDS = 600.0
"""After which a conversation that nobody looks at leaves memory; the tracker store has it."""


@dataclasses.dataclass(frozen=True)
class Limits:
    """What one conversation may ask of the server, and how many one address may begin."""

    messages_per_minute: int = 20
    sessions_per_minute: int = 120
    waiting: int = 5
    streams: int = 8
    turn_seconds: int = 60


@dataclasses.dataclass(frozen=True)
class Incoming:
    """A user message: the client's id, what Rasa reads, what is shown, when it came, what was masked in it."""

    id: str
    text: str
    shown: str
    at: str
    masked: Mapping[str, Any]

    @property
    def metadata(self) -> Dict[str, Any]:
        """Return what the tracker keeps of it beside the text."""
        shown = {SHOWN: self.shown} if self.shown != self.text else {}
        return {ID: self.id, AT: self.at, **shown, **self.masked}


class Conversation:
    """One person's conversation: its transcript, its open tabs, and the messages that wait for their turn."""

    def __init__(
        self,
        sender: str,
        transcript: Transcript,
        feedback: Dict[int, str],
        limits: Limits,
        on_new_message: OnNewMessage,
        store: Callable[[], ChatStore],
    ) -> None:
        """Take up a conversation where `transcript` ends; `store` returns the tracker store of the moment."""
        self.sender, self.transcript = sender, transcript
        self._feedback, self._limits = feedback, limits
        self._on_new_message, self._store = on_new_message, store
        self._streams: List[Stream] = []
        self._waiting: Deque[Incoming] = collections.deque()
        self._pending: Set[str] = set()
        self._accepted: Deque[float] = collections.deque()
        self._lock = asyncio.Lock()
        self._is_typing = False
        self._was_forgotten = False
        self._failure = apology(knowledge())
        self.worker: Optional[asyncio.Task[None]] = None
        self.used = time.monotonic()

    # What clients ask for

    def accept(self, incoming: Incoming) -> bool:
        """Queue a message for its turn; False if it was taken before. Raises `BadRequest` over the limits.

        A message whose turn failed, or ended without an answer, may come again.
        """
        self.used = time.monotonic()
        is_answered = self.transcript.find(incoming.id) and not self.transcript.is_unanswered(incoming.id)
        if is_answered or incoming.id in self._pending:
            return False
        self._check_limits()
        self._accepted.append(self.used)
        self._pending.add(incoming.id)
        self._waiting.append(incoming)
        if self.worker is None or self.worker.done():
            self.worker = asyncio.get_running_loop().create_task(self._work())
        return True

    def attach(self, after: int, begun: Optional[str]) -> Tuple[List[bytes], Stream]:
        """Return what a tab that knows everything up to `after` is to be told first, and its stream.

        `begun` is the time of the first message that the tab knows. A tab that
        knows another conversation than this (it was deleted meanwhile) is told
        to begin anew.
        """
        self.used = time.monotonic()
        messages, frames = self.transcript.messages, []
        is_other = after > len(messages) or bool(after and begun and messages[0].at != begun)
        if is_other:
            frames, after = [frame("reset", {"message": None})], 0
        frames += [self._message_frame(message) for message in messages[after:]]
        frames.append(frame("ready", {"seq": len(messages)}))
        unanswered = self.transcript.left_unanswered()
        if self._is_typing:
            frames.append(frame("typing", {"on": True}))
        elif unanswered and unanswered.id not in self._pending:
            frames.append(self._failed_frame(str(unanswered.id)))
        while len(self._streams) >= self._limits.streams:
            oldest = self._streams.pop(0)
            oldest.put(frame("crowded", {}))
            oldest.end()
        stream = Stream()
        self._streams.append(stream)
        return frames, stream

    def detach(self, stream: Stream) -> None:
        """Stop telling a tab."""
        self.used = time.monotonic()
        if stream in self._streams:
            self._streams.remove(stream)

    async def rate(self, seq: int, value: str, word: Optional[str]) -> None:
        """Keep an opinion of bot message `seq`. Raises `BadRequest` if there is none."""
        message = self.transcript.messages[seq - 1] if 1 <= seq <= len(self.transcript.messages) else None
        if message is None or message.role != "bot":
            raise BadRequest(404, "no_message", "没有这条回答。")
        await self._store().keep_feedback(self.sender, seq, value, word, message.text.split("\n")[0])
        self._feedback[seq] = value
        self._tell(frame("feedback", {"seq": seq, "value": value}))

    async def forget(self) -> None:
        """Delete the conversation and everything kept with it, after the turn that is running.

        Raises `BadRequest` where it is still there."""
        self._pending.difference_update(message.id for message in self._waiting)
        self._waiting.clear()
        async with self._lock:
            try:
                await self._store().forget(self.sender)
            except NotDeleted as error:
                raise BadRequest(503, "not_deleted", explanation(error, knowledge()), retry_after=5) from None

    def end_streams(self) -> None:
        """End every tab's stream; they come back by themselves."""
        for stream in self._streams:
            stream.end()

    # What happens to it

    def was_forgotten(self) -> None:
        """Take note that the tracker store deleted the conversation."""
        if self._is_typing:
            self._was_forgotten = True  # the goodbye is told first
        else:
            self._reset(None)

    @property
    def is_idle(self) -> bool:
        """Whether nobody has looked at it for a while and nothing is under way."""
        is_working = self.worker is not None and not self.worker.done()
        return not self._streams and not is_working and time.monotonic() - self.used > IDLE_SECONDS

    @property
    def last_message_at(self) -> float:
        """When the last message was told (seconds since 1970), 0 if none was."""
        messages = self.transcript.messages
        return datetime.datetime.fromisoformat(messages[-1].at).timestamp() if messages else 0.0

    # Turns

    async def _work(self) -> None:
        while self._waiting:
            async with self._lock:
                # Deleting the conversation may have emptied the queue meanwhile.
                incoming = self._waiting.popleft() if self._waiting else None
                if incoming:
                    await self._turn(incoming)

    async def _turn(self, incoming: Incoming) -> None:
        """Tell a message, let Rasa answer it, and tell what came of it."""
        is_again = self.transcript.find(incoming.id) is not None
        heard = self.transcript.hear(incoming.id, incoming.shown, incoming.at)
        # A message that is told again after a failure must not set a client's place back.
        self._tell(self._message_frame(heard, has_number=not is_again))
        self._set_typing(True)
        said: List[Mapping[str, Any]] = []

        def say(message: Mapping[str, Any]) -> None:
            added = self.transcript.say(message)
            if added:
                said.append(message)
                self._tell(self._message_frame(added))

        message = UserMessage(
            incoming.text, ChatOutput(say), self.sender, input_channel=CHANNEL, metadata=incoming.metadata
        )
        is_stored, self._failure = False, apology(knowledge())
        try:
            await asyncio.wait_for(self._on_new_message(message), self._limits.turn_seconds)
            is_stored = True
        except asyncio.TimeoutError:
            logger.error("turn took over %s s, sender %s", self._limits.turn_seconds, self.sender)
        except Exception as error:
            logger.exception("turn failed, sender %s", self.sender)
            self._failure = explanation(error, knowledge())
        self._pending.discard(incoming.id)
        self._set_typing(False)
        if self._was_forgotten:
            self._reset(self.transcript.messages[-1].text if said else None)
        elif not is_stored or not said:
            self.transcript.fail(incoming.id)
            if not is_stored:
                await self._keep_failed_turn(incoming, said)
            self._tell(self._failed_frame(incoming.id))

    async def _keep_failed_turn(self, incoming: Incoming, said: List[Mapping[str, Any]]) -> None:
        """Store what was told in a turn that Rasa did not save, so that it keeps its numbers.

        It is reverted at once, so the dialogue goes on as if it had not been.
        """
        try:
            store = self._store()
            stored = await store.retrieve_full_tracker(self.sender)
            if stored and len(Transcript.of_events(stored.events).messages) == len(self.transcript.messages):
                return  # it failed after it was saved, or told nothing new
            tracker = await store.get_or_create_tracker(self.sender, append_action_listen=False)
            had_begun = bool(tracker.applied_events())
            tracker.update(UserUttered(incoming.text, metadata={**incoming.metadata, FAILED: True}))
            for bubble in said:
                data = {part: bubble.get(part) for part in ("buttons", "custom")}
                tracker.update(BotUttered(bubble.get("text"), data, timestamp=bubble["timestamp"]))
            tracker.update(UserUtteranceReverted())
            if had_begun:
                # The revert takes the listening before the message with it.
                tracker.update(ActionExecuted(ACTION_LISTEN_NAME))
            await store.save(tracker)
        except Exception:
            logger.exception("failed turn not kept, sender %s", self.sender)

    def _reset(self, goodbye: Optional[str]) -> None:
        self._was_forgotten = False
        self.transcript = Transcript()
        self._feedback.clear()
        self._tell(frame("reset", {"message": goodbye}))

    # Telling

    def _tell(self, event: bytes) -> None:
        for stream in self._streams:
            stream.put(event)

    def _set_typing(self, on: bool) -> None:
        self._is_typing = on
        self._tell(frame("typing", {"on": on}))

    def _message_frame(self, message: Message, has_number: bool = True) -> bytes:
        data = message.as_data(self._feedback.get(message.seq))
        return frame("message", data, message.seq if has_number else None)

    def _failed_frame(self, client_id: str) -> bytes:
        return frame("failed", {"id": client_id, "message": self._failure})

    def _check_limits(self) -> None:
        while self._accepted and self.used - self._accepted[0] > 60:
            self._accepted.popleft()
        if len(self._accepted) >= self._limits.messages_per_minute:
            seconds = int(61 - (self.used - self._accepted[0]))
            raise BadRequest(429, "too_many_messages", f"发得太快了，请过 {seconds} 秒再发。", retry_after=seconds)
        if len(self._waiting) >= self._limits.waiting:
            raise BadRequest(429, "busy", "前面的话还在处理，请等回答出来再发。", retry_after=5)
