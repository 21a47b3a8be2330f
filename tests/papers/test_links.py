"""Links to papers: they expire, cannot be forged, and do not tell whose they are."""

from __future__ import annotations

import base64
import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weiquan.papers.links import CURRENT_CASE, LINK_SECONDS, LinkError, make_link, read_link

SECRET = "a secret of more than thirty-two characters"
NOW = datetime.datetime(2026, 11, 24, 9, 0, tzinfo=datetime.timezone.utc)


def later(seconds: float) -> datetime.datetime:
    return NOW + datetime.timedelta(seconds=seconds)


@given(sender=st.text(max_size=128), what=st.text(max_size=40), number=st.text(max_size=40))
def test_a_link_says_what_was_put_in(sender, what, number):
    link = read_link(SECRET, make_link(SECRET, sender, what, number, NOW), later(60))
    assert (link.sender, link.what, link.case_number, link.made) == (sender, what, number, NOW)


def test_a_link_lives_a_day_and_no_longer():
    token = make_link(SECRET, "chat-1", "civil_complaint", CURRENT_CASE, NOW)
    assert read_link(SECRET, token, later(LINK_SECONDS)).what == "civil_complaint"
    with pytest.raises(LinkError, match="过期") as caught:
        read_link(SECRET, token, later(LINK_SECONDS + 1))
    assert caught.value.expired


def test_a_link_from_the_future_is_refused_but_clocks_may_differ_a_little():
    token = make_link(SECRET, "chat-1", "civil_complaint", CURRENT_CASE, later(3600))
    with pytest.raises(LinkError) as caught:
        read_link(SECRET, token, NOW)
    assert not caught.value.expired
    assert read_link(SECRET, make_link(SECRET, "chat-1", "calendar", CURRENT_CASE, later(30)), NOW)


def test_any_change_of_any_character_is_refused():
    token = make_link(SECRET, "chat-1", "civil_complaint", CURRENT_CASE, NOW)
    for place, character in enumerate(token.rstrip("=")):
        forged = token[:place] + ("A" if character != "A" else "B") + token[place + 1 :]
        # The last character of base64 may hold bits that say nothing; then it is the same token.
        if base64.urlsafe_b64decode(forged) == base64.urlsafe_b64decode(token):
            continue
        with pytest.raises(LinkError):
            read_link(SECRET, forged, NOW)


@pytest.mark.parametrize("token", ["", "x", "文书", "../../etc/passwd", "A" * 5000, "gAAAAA=="])
def test_what_is_no_token_is_refused_in_plain_chinese(token):
    with pytest.raises(LinkError, match="重新要一份") as caught:
        read_link(SECRET, token, NOW)
    assert not caught.value.expired


def test_another_secret_opens_nothing():
    token = make_link(SECRET, "chat-1", "civil_complaint", CURRENT_CASE, NOW)
    with pytest.raises(LinkError):
        read_link(SECRET + "x", token, NOW)
    assert read_link(SECRET.encode(), token, NOW).sender == "chat-1"
    for empty in ("", b""):
        with pytest.raises(ValueError, match="secret"):
            make_link(empty, "chat-1", "calendar", CURRENT_CASE, NOW)


def test_the_sender_is_not_in_the_token_and_no_two_tokens_are_alike():
    sender = "chat-0123456789abcdef"
    tokens = {make_link(SECRET, sender, "calendar", CURRENT_CASE, NOW) for _ in range(20)}
    assert len(tokens) == 20
    for token in tokens:
        assert sender not in token
        assert sender.encode() not in base64.urlsafe_b64decode(token)


def test_a_time_without_a_zone_is_no_time():
    with pytest.raises(ValueError, match="zone"):
        make_link(SECRET, "chat-1", "calendar", CURRENT_CASE, datetime.datetime(2026, 11, 24))
