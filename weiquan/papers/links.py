"""Links to papers: unguessable, expiring tokens that reveal nothing of whom they belong to.

A token is a Fernet message (AES-128-CBC with HMAC-SHA256, as the library
`cryptography` specifies it) under a key derived from the bot's secret. Nothing
is stored for it: what it leads to is written anew from the conversation each
time, so a deleted conversation leaves dead links.
"""

from __future__ import annotations

import base64
import dataclasses
import datetime
import json
from typing import Union

from cryptography.fernet import Fernet, InvalidToken

from weiquan.keys import Purpose, derive_key

LINK_SECONDS = 24 * 60 * 60
"""How long a link leads somewhere (house rule): long enough to send it to one's own computer."""

CURRENT_CASE = "current"
"""The case number of the case that is not filed away."""

MAX_TOKEN = 2000
"""Characters that a token may have; a longer one is not even decrypted."""

_SKEW_SECONDS = 60

_FALSE = "这个链接不完整或不是本助手给的，请回到对话里重新要一份。"

_EXPIRED = f"这个链接已过期。链接只在 {LINK_SECONDS // 3600} 小时内有效，请回到对话里重新要一份。"


class LinkError(Exception):
    """A token that leads nowhere; the message is a sentence for the shopper.

    `expired` tells a genuine token that came too late from one that is false.
    """

    def __init__(self, sentence: str, expired: bool) -> None:
        super().__init__(sentence)
        self.expired = expired


@dataclasses.dataclass(frozen=True)
class Link:
    """What a token says: whose conversation, which paper, of which case, made when (UTC, whole seconds)."""

    sender: str
    what: str
    case_number: str
    made: datetime.datetime


def _cipher(secret: Union[bytes, str]) -> Fernet:
    """Return the cipher of `secret`. Raises `ValueError` for an empty one."""
    return Fernet(base64.urlsafe_b64encode(derive_key(secret, Purpose.PAPER_LINKS)))


def make_link(secret: Union[bytes, str], sender: str, what: str, case_number: str, now: datetime.datetime) -> str:
    """Return a token, safe in a URL path, for `what` (a paper's id, or "calendar") of a case of `sender`.

    `now` must be aware of its time zone. Each call gives another token.
    Raises `ValueError` for a naive `now` or an empty secret.
    """
    said = json.dumps([sender, what, case_number], ensure_ascii=False).encode("utf-8")
    return _cipher(secret).encrypt_at_time(said, _seconds(now)).decode("ascii")


def read_link(
    secret: Union[bytes, str], token: str, now: datetime.datetime, max_age_seconds: int = LINK_SECONDS
) -> Link:
    """Return what `token` says.

    Raises `LinkError` for one that is forged, cut off or from the future, and,
    with `expired` set, for one older than `max_age_seconds`. Raises
    `ValueError` for a naive `now` or an empty secret.
    """
    cipher = _cipher(secret)
    age = 0
    try:
        if len(token) > MAX_TOKEN:
            raise InvalidToken
        raw = token.encode("ascii")
        # The time stands outside the encryption, but the signature covers it and is checked here.
        made = cipher.extract_timestamp(raw)
        age = _seconds(now) - made
        sender, what, case_number = json.loads(cipher.decrypt(raw))
    except (InvalidToken, UnicodeEncodeError):
        raise LinkError(_FALSE, expired=False) from None
    if age < -_SKEW_SECONDS:
        raise LinkError(_FALSE, expired=False)
    if age > max_age_seconds:
        raise LinkError(_EXPIRED, expired=True)
    return Link(sender, what, case_number, datetime.datetime.fromtimestamp(made, datetime.timezone.utc))


def _seconds(now: datetime.datetime) -> int:
    if now.tzinfo is None:
        raise ValueError("a time without its zone")
    return int(now.timestamp())
