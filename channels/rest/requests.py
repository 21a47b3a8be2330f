"""Reading requests to the REST channel: checked, without personal data."""

from __future__ import annotations

import uuid
from typing import Any, Container, Dict, Optional, Tuple

from channels.messages import SLASH, BadRequest, as_words, json_object, masked, size_of, words_of
from weiquan.language.masking import MASKED

MAX_SENDER = 128
MAX_METADATA = 4 * 1024
"""Bytes of the metadata as JSON: they are stored with the message."""
CHAT_PREFIX = "chat-"
"""The web chat's senders, which only its signed tokens open."""
SESSION_START = "/session_start"


def as_read(text: str, intents: Container[str]) -> str:
    """Return what Rasa is to read for `text`: a payload of one of our own `intents`, or words.

    A caller may send the payload of any button; Rasa's reserved words (/restart,
    /back) and names that are no intent lose their slash.
    """
    if text.strip() == SESSION_START:
        # Rasa's own name for the start of a session; it says nothing and so would look like a failure.
        return "/greet"
    name = text.strip()[1:].partition("{")[0].partition("@")[0]
    return text if text.strip().startswith(SLASH) and name in intents else as_words(text)


def read_request(body: bytes, intents: Container[str]) -> Tuple[str, str, Optional[Dict[str, Any]]]:
    """Return (sender, text, metadata) of a request body; `intents` are those that a payload may name.

    A missing sender gets a fresh random id, which the answer's `recipient_id`
    tells, so that no two people share a conversation. Raises `BadRequest`.
    """
    data = json_object(body, "sender 和 message")
    text = words_of(data, "message")
    sender = data.get("sender")
    if sender is None or sender == "":
        sender = uuid.uuid4().hex
    if not isinstance(sender, str) or len(sender) > MAX_SENDER or not sender.isprintable():
        raise BadRequest(400, "invalid_sender", f"sender 要是不超过 {MAX_SENDER} 个字符的字符串。")
    if sender.startswith(CHAT_PREFIX):
        raise BadRequest(400, "invalid_sender", f"{CHAT_PREFIX} 开头的 sender 只属于网页聊天，请换一个。")
    metadata = data.get("metadata")
    if metadata is not None and not isinstance(metadata, dict):
        raise BadRequest(400, "invalid_metadata", "metadata 要是 JSON 对象。")
    if size_of(metadata) > MAX_METADATA:
        raise BadRequest(413, "metadata_too_long", f"metadata 最多 {MAX_METADATA // 1024} KB。")
    text, kinds = masked(as_read(text, intents))
    # What was masked is for us to say, not for the caller.
    given = {name: value for name, value in (metadata or {}).items() if name != MASKED}
    return sender, text, {**given, **kinds} or None
