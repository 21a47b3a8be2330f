"""A limit to the processor time of a piece of work, so that one message never stops the bot for everybody.

Processor time and not the clock's: on a busy machine everything takes longer, and
nothing has gone wrong. The system's timer interrupts regular expressions, too.
"""

from __future__ import annotations

import contextlib
import signal
import threading
from types import FrameType
from typing import Iterator, Optional


class OverBudget(BaseException):
    """The time is up. No `Exception`, so that no handler on the way takes it for its own."""


def _stop(_number: int, _frame: Optional[FrameType]) -> None:
    raise OverBudget


@contextlib.contextmanager
def within(seconds: float) -> Iterator[None]:
    """Raise `OverBudget` in the block once it has used `seconds` of processor time; blocks do not nest.

    Signals reach the main thread alone, where Rasa and the action server do their work;
    elsewhere there is no limit.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGPROF, _stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
