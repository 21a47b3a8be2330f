"""What was said in a conversation, as every tab shows it.

The same steps build it while people talk and from the events of the tracker
store afterwards, so that a message has the same number before and after a
restart of the server.
"""

from __future__ import annotations

import dataclasses
import datetime
from typing import Any, Dict, Iterable, List, Mapping, Optional, Sequence, Set, Tuple

from weiquan.clock import BEIJING

ID, AT, SHOWN, FAILED = "id", "at", "shown", "failed"
"""Metadata of a user message: the client's id, when it came (ISO 8601), what is shown
where that is not the text that Rasa read (a button's title), and that its turn ended in failure."""


@dataclasses.dataclass(frozen=True)
class Message:
    """One message of docs/chat-channel.md, without its feedback."""

    seq: int
    role: str
    id: Optional[str]
    text: str
    at: str
    buttons: Tuple[Mapping[str, str], ...] = ()
    card: Optional[Mapping[str, Any]] = None

    def as_data(self, feedback: Optional[str]) -> Dict[str, Any]:
        """Return the `data` of the `message` event."""
        fields = {field.name: getattr(self, field.name) for field in dataclasses.fields(self)}
        return {**fields, "buttons": list(self.buttons), "feedback": feedback}


def iso(timestamp: float) -> str:
    """Return seconds since 1970 as ISO 8601 in Beijing time, to the millisecond."""
    return datetime.datetime.fromtimestamp(timestamp, BEIJING).isoformat(timespec="milliseconds")


class Transcript:
    """The messages told so far, which payloads they offered, and which user messages got no answer."""

    def __init__(self) -> None:
        """Begin with nothing said."""
        self.messages: List[Message] = []
        self._by_id: Dict[str, Message] = {}
        self._unanswered: Set[str] = set()
        self._offered: Dict[str, str] = {}
        self._current: Optional[str] = None

    @classmethod
    def of_events(cls, events: Iterable[Any]) -> Transcript:
        """Return the transcript of a tracker's events (rasa's, of all its sessions, in order)."""
        transcript = cls()
        for event in events:
            if event.type_name == "user" and event.text is not None:
                about = event.metadata or {}
                shown = about.get(SHOWN) or event.text
                transcript.hear(about.get(ID), shown, about.get(AT) or iso(event.timestamp))
                if about.get(FAILED):
                    transcript._current = None  # what was said after it is no answer
            elif event.type_name == "bot":
                transcript.say(event.message())
        return transcript

    def hear(self, client_id: Optional[str], text: str, at: str) -> Message:
        """Take in a user message and return it as it is to be told.

        One that was told before (sent again after a failed turn) keeps its
        place and number.
        """
        self._current = client_id
        known = self.find(client_id)
        if known:
            return known
        message = Message(len(self.messages) + 1, "user", client_id, text, at)
        self.messages.append(message)
        if client_id:
            self._by_id[client_id] = message
            self._unanswered.add(client_id)
        return message

    def say(self, message: Mapping[str, Any]) -> Optional[Message]:
        """Take in a bot message (rasa's `BotUttered.message()`); None if it holds nothing to show."""
        text = str(message.get("text") or "")
        buttons = tuple(
            {
                "title": str(button.get("title") or ""),
                "payload": str(button.get("payload") or button.get("title") or ""),
            }
            for button in message.get("buttons") or ()
        )
        card = (message.get("custom") or {}).get("card") or None
        if not (text.strip() or buttons or card):
            return None
        added = Message(len(self.messages) + 1, "bot", None, text, iso(message["timestamp"]), buttons, card)
        self.messages.append(added)
        self._offered.update(payloads_in([buttons, card]))
        if self._current:
            self._unanswered.discard(self._current)
        return added

    def fail(self, client_id: str) -> None:
        """Note that the turn of `client_id` ended in failure: it may be sent again."""
        self._current = None
        self._unanswered.add(client_id)

    def find(self, client_id: Optional[str]) -> Optional[Message]:
        """Return the user message that came with this client's id, or None."""
        return self._by_id.get(client_id) if client_id else None

    def is_unanswered(self, client_id: str) -> bool:
        """Tell whether that message was told and got no answer."""
        return client_id in self._unanswered

    def left_unanswered(self) -> Optional[Message]:
        """Return the user message that came last, if it got no answer."""
        last = next((message for message in reversed(self.messages) if message.role == "user"), None)
        return last if last and last.id and self.is_unanswered(last.id) else None

    def title_of(self, payload: str) -> Optional[str]:
        """Return what the button said that offered `payload` ("" if nothing), None if none did."""
        return self._offered.get(payload)


def payloads_in(part: Any) -> List[Tuple[str, str]]:
    """Return (payload, title) of every button in the parts of a bot message, cards included."""
    if isinstance(part, Mapping):
        payload, title = part.get("payload"), part.get("title") or part.get("name")
        own = [(payload, title if isinstance(title, str) else "")] if isinstance(payload, str) else []
        return own + payloads_in(list(part.values()))
    if isinstance(part, Sequence) and not isinstance(part, str):
        return [payload for item in part for payload in payloads_in(item)]
    return []
