"""How often somebody may ask: token buckets in memory, by address and by sender.

`limits`, the library for it, wants a later `packaging` than Rasa 3.6 allows.
"""

from __future__ import annotations

import collections
import math
import time
from typing import Any, Callable, Mapping, Optional, Tuple

from rasa.shared.exceptions import RasaException

from channels.messages import BadRequest

MOST_KEYS = 50_000
"""Buckets kept; the one used longest ago goes first, which by then is mostly full again."""


class Rates:
    """For each key `per_minute` requests a minute, and as many at once after a minute's rest."""

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        """Begin with full buckets; `clock` in seconds."""
        self._size, self._per_second, self._clock = float(per_minute), per_minute / 60, clock
        self._buckets: collections.OrderedDict[str, Tuple[float, float]] = collections.OrderedDict()

    def take(self, key: str) -> None:
        """Count one request of `key`. Raises `BadRequest` (429) with the seconds to wait if it has none left."""
        now = self._clock()
        left, then = self._buckets.pop(key, (self._size, now))
        left = min(self._size, left + (now - then) * self._per_second)
        is_over = left < 1
        self._buckets[key] = (left if is_over else left - 1, now)
        if len(self._buckets) > MOST_KEYS:
            self._buckets.popitem(last=False)
        if is_over:
            # The clock's last digits must not make a client come a moment too early.
            seconds = max(1, math.ceil((1 - left) / self._per_second))
            raise BadRequest(429, "too_many_requests", f"发得太快了，请过 {seconds} 秒再发。", retry_after=seconds)


def read_limit(owner: str, credentials: Optional[Mapping[str, Any]], name: str, default: int) -> int:
    """Return the one option `name` that the channel `owner` has in credentials.yml. Raises `RasaException`."""
    options = dict(credentials or {})
    limit = options.pop(name, default)
    if options or not isinstance(limit, int) or limit < 1:
        raise RasaException(f"credentials.yml: {owner} has one option, {name}, a number from 1.")
    return limit
