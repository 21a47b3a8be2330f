"""Logs without the words of shoppers: of an error its kind and place, never its message.

The message of an exception quotes what it failed on: Rasa's of a failed action the
whole conversation, the database's the row, the web server's the address of a paper.
"""

from __future__ import annotations

import logging
import re
import sys
import traceback
import warnings
from typing import Any, Dict, List, MutableMapping, Optional, Type, Union

_SECRETS = re.compile(r"(/papers/|[?&]token=|Bearer )[^\s'\"&?]+")

SHORTEST = 2
"""Characters of an exception's message that are looked for; one alone stands in every sentence."""


def trace(error: BaseException) -> str:
    """Return the calls that led to `error` and to those that it came of, each with its kind but not its message."""
    parts = [
        "".join(traceback.format_tb(each.__traceback__)) + f"{type(each).__module__}.{type(each).__qualname__}"
        for each in _with_origins(error)
    ]
    return "\nwhich came of\n".join(parts)


def _with_origins(error: Optional[BaseException]) -> List[BaseException]:
    """Return `error` and those that it came of, the latest first."""
    found: List[BaseException] = []
    while error is not None and error not in found:
        found.append(error)
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return found


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
        # A message made with f"… {error}" holds what it says already.
        self._said = {str(each): type(each).__name__ for each in _with_origins(sys.exc_info()[1])}

    def getMessage(self) -> str:
        """Return the message without links and tokens, and without what an exception at hand says."""
        message = super().getMessage()
        for said, kind in self._said.items():
            if len(said) >= SHORTEST:
                message = message.replace(said, kind)
        return _SECRETS.sub(r"\1…", message)


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


def _show_warning(
    message: Union[Warning, str],
    category: Type[Warning],
    filename: str,
    lineno: int,
    file: Any = None,
    line: Any = None,
) -> None:
    """Log a warning's kind and place: Rasa's about a payload that it cannot read quotes the payload."""
    logging.getLogger("warnings").warning("%s at %s:%s", category.__name__, filename, lineno)


def keep_private() -> None:
    """Make all log records and warnings of this process private from now on."""
    logging.setLogRecordFactory(PrivateRecord)
    warnings.showwarning = _show_warning
