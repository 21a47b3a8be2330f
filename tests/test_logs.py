"""Logs tell the kind and the place of an error, never what it quotes."""

from __future__ import annotations

import io
import logging
import warnings
from collections.abc import Iterator

import pytest
import structlog

from weiquan.logs import PrivateRecord, keep_private, private_event, trace

WORDS = "我在杭州买的紫砂壶"


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """Everything that a logger with private records writes."""
    before, stream = logging.getLogRecordFactory(), io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logging.Formatter("%(levelname)s %(message)s"))
    logger = logging.getLogger("weiquan.tests.private")
    logger.addHandler(handler)
    logging.setLogRecordFactory(PrivateRecord)
    yield stream
    logging.setLogRecordFactory(before)
    logger.removeHandler(handler)


def fail() -> None:
    """Raise as Rasa does: an error that quotes the conversation, and another that came of it."""
    try:
        raise KeyError(WORDS)
    except KeyError as error:
        raise RuntimeError(f"failed on {WORDS}") from error


def test_an_exception_is_told_by_kinds_and_calls(written):
    logger = logging.getLogger("weiquan.tests.private")
    try:
        fail()
    except RuntimeError as error:
        logger.exception("turn failed, sender %s", "abc")
        logger.error("because of %s", error)
        logger.error(error)
        logger.error("given", exc_info=error)
        logger.error(f"as a text: {error}. Of {error.__cause__}.")
    text = written.getvalue()
    assert WORDS not in text
    assert "turn failed, sender abc" in text
    assert text.count("RuntimeError") >= 4
    assert text.count("in fail") >= 2
    assert "as a text: RuntimeError. Of KeyError." in text


@pytest.mark.parametrize(
    ("message", "argument", "kept"),
    [
        ("Exception occurred while handling uri: %s", "'http://127.0.0.1:5005/papers/gAAAAABn'", "/papers/…'"),
        ("GET %s", "/status?token=0123abcd", "?token=…"),
        ("header %s", "Bearer 0123abcd", "Bearer …"),
    ],
)
def test_links_and_tokens_are_cut(written, message, argument, kept):
    logging.getLogger("weiquan.tests.private").error(message, argument)
    assert kept in written.getvalue()
    assert "gAAAA" not in written.getvalue()
    assert "0123abcd" not in written.getvalue()


def test_of_an_event_of_structlog_the_name_is_left():
    told = []

    def keep(_logger, _method, event):
        told.append(event)
        raise structlog.DropEvent

    logger = structlog.wrap_logger(None, processors=[private_event, structlog.dev.set_exc_info, keep])
    logger.warning("message.parsing.failed", user_text=WORDS)
    try:
        fail()
    except RuntimeError:
        logger.exception("interpolator.interpolate.text", response=WORDS)
    assert told[0] == {"event": "message.parsing.failed", "exc_info": None}
    assert "RuntimeError" in told[1]["trace"]
    assert WORDS not in str(told)


def test_a_warning_is_told_by_kind_and_place(written, monkeypatch):
    monkeypatch.setattr("warnings.showwarning", warnings.showwarning)
    logger = logging.getLogger("warnings")
    # Whatever other tests made of it.
    monkeypatch.setattr(logger, "disabled", False)
    monkeypatch.setattr(logger, "level", logging.WARNING)
    monkeypatch.setattr(logging.root.manager, "disable", logging.NOTSET)
    logger.addHandler(logging.StreamHandler(written))
    with warnings.catch_warnings():
        keep_private()
        warnings.simplefilter("always")
        warnings.warn(f"cannot read {WORDS}", stacklevel=1)
    assert "UserWarning at" in written.getvalue()
    assert WORDS not in written.getvalue()


def test_errors_that_came_of_each_other_in_a_circle_end():
    first, second = RuntimeError(WORDS), KeyError(WORDS)
    first.__cause__, second.__cause__ = second, first
    assert trace(first).count("Error") == 2
