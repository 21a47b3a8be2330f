"""Keys for all that is signed or encrypted: one secret, and of it a key for each purpose (HKDF, RFC 5869).

Who learns one key learns neither the secret nor another key.
"""

from __future__ import annotations

import enum
from typing import Union

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32


class Purpose(enum.Enum):
    """What a key is for, as HKDF's `info`. Another value ends all that was made under the former one."""

    PAPER_LINKS = b"weiquan paper links"
    CHAT_SESSIONS = b"weiquan chat sessions"
    HTTP_API = b"weiquan http api"
    ACTION_SERVER = b"weiquan action server"


def derive_key(secret: Union[bytes, str], purpose: Purpose) -> bytes:
    """Return the 32 bytes that `secret` gives for `purpose`. Raises `ValueError` for an empty secret."""
    material = secret.encode("utf-8") if isinstance(secret, str) else secret
    if not material:
        raise ValueError("the secret is empty")
    return HKDF(algorithm=hashes.SHA256(), length=KEY_BYTES, salt=None, info=purpose.value).derive(material)
