"""How remedies, events and stages of a case are worded: `data/case_words.yml`."""

from __future__ import annotations

import dataclasses
import functools
from typing import Any, Mapping

from weiquan.case.events import EVENTS, NEWS, STAGES, SUMS
from weiquan.data_files import DataError, read_data
from weiquan.language.entities.wishes import remedy_ids
from weiquan.places import DATA

FILE = DATA / "case_words.yml"


@dataclasses.dataclass(frozen=True)
class CaseWords:
    """The words for what is known of a case, by the ids of remedies, events, stages, news and sums."""

    remedies: Mapping[str, str]
    events: Mapping[str, str]
    stages: Mapping[str, str]
    news: Mapping[str, str]
    sums: Mapping[str, str]

    def happened(self, event: str, day: str) -> str:
        """Return what happened on `day`, a day in words: 「11月20日签收」, 「11月20日 12315 受理」.

        Raises `KeyError` for an unknown event.
        """
        words = self.events[event]
        return f"{day} {words}" if words[0].isascii() else f"{day}{words}"


@functools.lru_cache(maxsize=1)
def case_words() -> CaseWords:
    """Return the words, read once. Raises `DataError` (a `ValueError`) where the file is not as it should be."""
    return read_data(FILE, _case_words)


def _case_words(loaded: Any) -> CaseWords:
    words = CaseWords(*(loaded[part] for part in ("remedies", "events", "stages", "news", "sums")))
    worded_and_known = (
        ("事件", words.events, EVENTS),
        ("阶段", words.stages, STAGES),
        ("进展", words.news, NEWS),
        ("金额", words.sums, SUMS),
    )
    for what, worded, known in worded_and_known:
        if set(worded) != set(known):
            raise DataError(f"{what}的说法多了或少了：{'、'.join(sorted(set(worded) ^ set(known)))}")
    unknown = sorted(set(words.remedies).difference(remedy_ids()))
    if unknown:
        raise DataError(f"没有叫「{'、'.join(unknown)}」的诉求")
    return words
