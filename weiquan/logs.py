"""Logs without the words of shoppers: of an error its kind and place, never its message.

The message of an exception quotes what it failed on: Rasa's of a failed action the
whole conversation, the database's the row, the web server's the address of a paper.
"""

from __future__ import annotations

import logging
import re
import sys
import traceback
from typing import Any, Dict, List, MutableMapping, Optional

_SECRETS = re.compile(r"(/papers/|[?&]token=|Bearer )[^\s'\"&?]+")


def trace(error: BaseException) -> str:
    """Return the calls that led to `error` and to those that it came of, each with its kind but not its message."""
    parts: List[str] = []
    seen: List[BaseException] = []
    current: Optional[BaseException] = error
    while current is not None and current not in seen:
        seen.append(current)
        calls = "".join(traceback.format_tb(current.__traceback__))
        parts.append(f"{calls}{type(current).__module__}.{type(current).__qualname__}")
        current = current.__cause__ or (None if current.__suppress_context__ else current.__context__)
    return "\nwhich came of\n".join(parts)


class PrivateRecord(logging.LogRecord):
    """A log record that tells of an exception no more than `trace`, and of no link or token."""

    def __init__(
        self,
        name: str,
        level: int,
        pathname: str,
        lineno: int,
        msg: Any,
        args: Any,
        exc_info: Any,
        *rest: Any,
        **more: Any,
    ) -> None:
        """Take what `logging` gives; every formatter then finds the trace ready."""
        given = (args,) if isinstance(args, BaseException) else args
        if isinstance(given, tuple):
            given = tuple(_kind(value) for value in given)
        super().__init__(name, level, pathname, lineno, _kind(msg), given, exc_info, *rest, **more)
        error = exc_info[1] if isinstance(exc_info, tuple) else exc_info
        if isinstance(error, BaseException):
            self.exc_text = trace(error)

    def getMessage(self) -> str:
        """Return the message without links and tokens."""
        return _SECRETS.sub(r"\1…", super().getMessage())


def private_event(_logger: Any, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Return what is logged of a structlog event, as its first processor: its name, and of an exception the trace."""
    given = event.get("exc_info", method == "exception")
    error = given if isinstance(given, BaseException) else sys.exc_info()[1] if given else None
    # Present and empty: a later processor would otherwise look for the exception itself, and print its variables.
    kept: Dict[str, Any] = {"event": event.get("event"), "exc_info": None}
    return {**kept, "trace": trace(error)} if error else kept


def _kind(value: Any) -> Any:
    """Return the name of an exception's kind in its place."""
    return type(value).__name__ if isinstance(value, BaseException) else value


def keep_private() -> None:
    """Make all records of this process private from now on."""
    logging.setLogRecordFactory(PrivateRecord)
