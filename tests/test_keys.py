"""One secret, a key for each purpose."""

from __future__ import annotations

import hashlib
import hmac

import pytest

from weiquan.keys import KEY_BYTES, Purpose, derive_key

SECRET = "a secret of more than thirty-two characters"


@pytest.mark.parametrize("purpose", Purpose)
def test_a_key_is_that_of_rfc_5869(purpose):
    extracted = hmac.new(bytes(32), SECRET.encode(), hashlib.sha256).digest()
    expanded = hmac.new(extracted, purpose.value + b"\x01", hashlib.sha256).digest()
    assert derive_key(SECRET, purpose) == derive_key(SECRET.encode(), purpose) == expanded
    assert len(expanded) == KEY_BYTES


def test_no_two_purposes_and_no_two_secrets_share_a_key():
    keys = {derive_key(secret, purpose) for purpose in Purpose for secret in (SECRET, SECRET + "!")}
    assert len(keys) == 2 * len(Purpose) == 2 * len({purpose.value for purpose in Purpose})


def test_links_made_under_the_purpose_go_on_working():
    # Another value would end the links of a running bot.
    assert Purpose.PAPER_LINKS.value == b"weiquan paper links"


@pytest.mark.parametrize("secret", ["", b""])
def test_an_empty_secret_gives_no_key(secret):
    with pytest.raises(ValueError, match="empty"):
        derive_key(secret, Purpose.HTTP_API)
