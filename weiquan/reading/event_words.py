"""The words that say of what a day, a length of time or an amount is: `data/entities/events.yml`."""

from __future__ import annotations

import dataclasses
import functools
from typing import Any, FrozenSet, Iterable, List, Mapping, Optional, Tuple

from weiquan.case.events import EVENTS, STAGES, SUMS
from weiquan.data_files import DataError, read_data
from weiquan.language.endings import begins_with, ends_with, is_near_end
from weiquan.language.phrases import Phrases, compiled
from weiquan.places import DATA

FILE = DATA / "entities" / "events.yml"

_PASSED_OVER = "□"

_OF_A_CLAUSE = ",，。 "
_ALREADY, _DONE = "已", ("了", "的", "过")
_DENIALS = "没未"

_SMALL_WORDS = 6
"""Small words that may stand between an amount and what it is called: 花了我差不多."""

_NEAR_AMOUNT = 5
"""Characters between 退 and the amount that is no price."""

_NEAR_SUM = 8
"""Characters between what an amount is called and the amount: 看病一共花了600."""

_PHRASES = ("passed_over", "promised", "used", "not_used")
_BY_NAME = ("events", "stages")
_SUMS = ("sums_before", "sums_after")
_LISTS = (
    *("denied_by", "arrived", "use_before_length", "between_use_and_length"),
    *("price_before", "between_price_and_amount", "price_after", "between_amount_and_price"),
    *("no_price_before", "no_price_after", "between_amount_and_no_price", "adding"),
)

_UNITS = ("块钱", "块", "元", "钱", "的")

Named = Tuple[int, int, str]
"""Where an event is named, and which."""


@dataclasses.dataclass(frozen=True)
class EventWords:
    """The phrases and word lists of the file."""

    phrases: Mapping[str, Phrases]
    events: Mapping[str, Phrases]
    stages: Mapping[str, Phrases]
    lists: Mapping[str, Tuple[str, ...]]
    sums: Mapping[str, Mapping[str, Tuple[str, ...]]]

    def happened(self, text: str) -> str:
        """Return `text` (normalised), as long as it was, with a mark for what sounds like an event and is none."""
        passed_over = set(self.phrases["passed_over"].spans(text, barred=_OF_A_CLAUSE))
        promised = self.phrases["promised"].spans(text, barred=_OF_A_CLAUSE + _ALREADY)
        passed_over.update((start, end) for start, end in promised if not text.startswith(_DONE, end))
        signs = list(text)
        for start, end in passed_over:
            signs[start:end] = _PASSED_OVER * (end - start)
        return "".join(signs)

    def events_in(self, text: str) -> List[Named]:
        """Return the events that the clause `text` names, first to last; of overlapping names the longest stays.

        A denied one (没收到货) is left out, with what its words would name.
        """
        spans = [
            (start, end, event)
            for event, phrases in self.events.items()
            for start, end in sorted(phrases.spans(text, barred=_DENIALS))
        ]
        taken = bytearray(len(text))
        kept: List[Named] = []
        for start, end, event in sorted(spans, key=lambda named: named[0] - named[1]):
            if not any(taken[start:end]):
                taken[start:end] = b"\1" * (end - start)
                if not self._is_denied(text, start):
                    kept.append((start, end, event))
        return sorted(kept)

    def stage_in(self, text: str) -> Optional[str]:
        """Return where `text` says that the order is, None where it says nothing of it."""
        for stage, phrases in self.stages.items():
            if any(not self._is_denied(text, start) for start, _ in phrases.spans(text, barred=_OF_A_CLAUSE)):
                return stage
        return "received" if text in self.lists["arrived"] or self._tells_use(text) else None

    def _tells_use(self, text: str) -> bool:
        unused = self.phrases["not_used"].spans(text)
        within = {place for start, end in unused for place in range(start + 1, end)}
        return any(end not in within for _, end in self.phrases["used"].spans(text))

    def is_use(self, before: str) -> bool:
        """Tell whether a length of time after `before` is how long something was used."""
        return ends_with(
            before, self.lists["use_before_length"], self.lists["between_use_and_length"], most=_SMALL_WORDS
        )

    def is_price(self, before: str, after: str) -> bool:
        """Tell whether an amount between `before` and `after`, parts of its clause, is called what was paid."""
        lists = self.lists
        return ends_with(
            before, lists["price_before"], lists["between_price_and_amount"], most=_SMALL_WORDS
        ) or begins_with(after, lists["price_after"], lists["between_amount_and_price"], most=2)

    def is_no_price(self, before: str, after: str) -> bool:
        """Tell whether an amount between `before` and `after`, parts of its clause, is called something else."""
        lists = self.lists
        return is_near_end(before, lists["no_price_before"], _NEAR_AMOUNT) or begins_with(
            after, lists["no_price_after"], lists["between_amount_and_no_price"], most=3
        )

    def sum_of(self, before: str, after: str) -> Optional[str]:
        """Return which sum an amount between `before` and `after`, parts of its clause, is called, None for none."""
        follows = (name for name, words in self.sums["sums_after"].items() if begins_with(after, words, _UNITS, most=2))
        named = (name for name, words in self.sums["sums_before"].items() if is_near_end(before, words, _NEAR_SUM))
        return next(follows, None) or next(named, None)

    def adds(self, before: str) -> bool:
        """Tell whether an amount after `before`, a part of its clause, comes on top of another: 「又翻到一笔150的」."""
        return any(word in before for word in self.lists["adding"])

    def _is_denied(self, text: str, start: int) -> bool:
        return text.endswith(self.lists["denied_by"], 0, start)


@functools.lru_cache(maxsize=1)
def event_words() -> EventWords:
    """Return the words, read once. Raises `DataError` (a `ValueError`) where the file is not as it should be."""
    return read_data(FILE, _event_words)


def _event_words(loaded: Any) -> EventWords:
    _check_names(loaded, ("words", *_PHRASES, *_BY_NAME, *_SUMS, *_LISTS))
    _check_names(loaded["events"], EVENTS)
    _check_names(loaded["stages"], STAGES)
    for part in _SUMS:
        _check_names(loaded[part], SUMS)
    words = loaded["words"]
    return EventWords(
        phrases={name: compiled(loaded[name], words) for name in _PHRASES},
        events={name: compiled(some, words) for name, some in loaded["events"].items()},
        stages={name: compiled(some, words) for name, some in loaded["stages"].items()},
        lists={name: tuple(loaded[name]) for name in _LISTS},
        sums={part: {name: tuple(some) for name, some in loaded[part].items()} for part in _SUMS},
    )


def _check_names(names: Iterable[str], known: Iterable[str]) -> None:
    unknown: FrozenSet[str] = frozenset(names).difference(known)
    if unknown:
        raise DataError(f"不认识的名称：{'、'.join(sorted(unknown))}")
