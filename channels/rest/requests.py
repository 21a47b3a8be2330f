"""Reading requests to the REST channel: checked, without personal data."""

from __future__ import annotations

import uuid
from typing import Any, Dict, Optional, Tuple

from channels.messages import BadRequest, json_object, masked, words_of
from weiquan.language.masking import MASKED

MAX_SENDER = 128
SESSION_START = "/session_start"


def read_request(body: bytes) -> Tuple[str, str, Optional[Dict[str, Any]]]:
    """Return (sender, text, metadata) of a request body.

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
    metadata = data.get("metadata")
    if metadata is not None and not isinstance(metadata, dict):
        raise BadRequest(400, "invalid_metadata", "metadata 要是 JSON 对象。")
    if text.strip() == SESSION_START:
        # Rasa's own name for the start of a session; it says nothing and so would look like a failure.
        text = "/greet"
    text, kinds = masked(text)
    # What was masked is for us to say, not for the caller.
    given = {name: value for name, value in (metadata or {}).items() if name != MASKED}
    return sender, text, {**given, **kinds} or None
