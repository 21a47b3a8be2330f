"""Session tokens of the chat: who has one may read and write one conversation, nobody else.

A token is base64url of 16 random bytes, the time it was made (8 bytes, whole
seconds since 1970) and an HMAC-SHA256 of both. Nothing about it is stored: the
random bytes are the conversation's sender id, and a forged token fails the
signature before anything is looked up.
"""

from __future__ import annotations

import base64
import binascii
import dataclasses
import hashlib
import hmac
import secrets

from weiquan.keys import Purpose, derive_key

LIFETIME = 30 * 24 * 3600
"""Seconds after which an unused conversation can no longer be opened; every message renews them."""

SENDER_PREFIX = "chat-"
_RANDOM, _TIME = 16, 8


@dataclasses.dataclass(frozen=True)
class Session:
    """A conversation's sender id, and when its token was made (seconds since 1970)."""

    sender: str
    made: int


class Sessions:
    """Makes and reads tokens signed with one secret."""

    def __init__(self, secret: str) -> None:
        """Derive the signing key from `secret` (weiquan.settings.secret_of)."""
        self._key = derive_key(secret, Purpose.CHAT_SESSIONS)

    def make(self, now: float) -> str:
        """Return a token for a new conversation; `now` in seconds since 1970."""
        content = secrets.token_bytes(_RANDOM) + int(now).to_bytes(_TIME, "big")
        return base64.urlsafe_b64encode(content + self._signature(content)).decode("ascii").rstrip("=")

    def read(self, token: str) -> Session:
        """Return what `token` names; its age is for the caller to judge. Raises `ValueError` for any other text."""
        try:
            raw = base64.urlsafe_b64decode(token.encode("ascii") + b"=" * (-len(token) % 4))
        except (UnicodeEncodeError, binascii.Error):
            raise ValueError("not base64url") from None
        content, signature = raw[: _RANDOM + _TIME], raw[_RANDOM + _TIME :]
        if not hmac.compare_digest(signature, self._signature(content)):
            raise ValueError("not signed by us")
        return Session(SENDER_PREFIX + content[:_RANDOM].hex(), int.from_bytes(content[_RANDOM:], "big"))

    def _signature(self, content: bytes) -> bytes:
        return hmac.new(self._key, content, hashlib.sha256).digest()
