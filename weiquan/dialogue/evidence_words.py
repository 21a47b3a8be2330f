"""The words around a piece of evidence that say whether it is there: `data/evidence_words.yml`."""

from __future__ import annotations

import dataclasses
import functools
from typing import Any, Container, Dict, List, Mapping, Sequence, Tuple

from weiquan.data_files import DataError, read_data
from weiquan.language.phrases import Phrases, compiled
from weiquan.places import DATA

FILE = DATA / "evidence_words.yml"

HAS, COMPLETE, HANDLED, LACKS = "has", "complete", "handled", "lacks"
PLAN, LATER, DEMAND, QUESTION, CONTRAST = "plan", "later", "demand", "question", "contrast"
EXCEPT, BESIDES, REST, EVERY, EVIDENCE, WHOLE = "except", "besides", "rest", "every", "evidence", "whole"
FIRST, LAST, THIS, FILLER, BEFORE_PIECE, OTHER = "first", "last", "this", "filler", "before_piece", "other"

KINDS = (
    *(HAS, COMPLETE, HANDLED, LACKS, PLAN, LATER, DEMAND, QUESTION, CONTRAST),
    *(EXCEPT, BESIDES, REST, EVERY, EVIDENCE, WHOLE, FIRST, LAST, THIS, FILLER, BEFORE_PIECE, OTHER),
)
"""What a word of the file may be."""

END = "。"
"""What closes a clause, so that a phrase can ask for its end."""


@dataclasses.dataclass(frozen=True)
class EvidenceWords:
    """The file: phrases of each of `KINDS`, and the words of names and of lists of names."""

    kinds: Mapping[str, Phrases]
    joins: Tuple[str, ...]
    tails: Tuple[str, ...]
    deeds: Tuple[str, ...]
    names_of: Mapping[str, Tuple[str, ...]]

    def at_each_place(self, text: str, names: Container[int]) -> Dict[int, Tuple[int, str]]:
        """Return where the longest word that begins at a place of `text` ends, and its kind.

        `END` closes each clause of `text`. No word goes on into a name, which begin at the places in `names`.
        """
        found: Dict[int, Tuple[int, str]] = {}
        for kind, phrases in self.kinds.items():
            for start, end in phrases.spans(text):
                if end > found.get(start, (0, ""))[0] and not any(place in names for place in range(start + 1, end)):
                    found[start] = (end, kind)
        return {start: (end - (text[end - 1] == END), kind) for start, (end, kind) in found.items()}


@functools.lru_cache(maxsize=1)
def evidence_words() -> EvidenceWords:
    """Return the words, read once. Raises `DataError` (a `ValueError`) where the file is not as it should be."""
    return read_data(FILE, _evidence_words)


def _evidence_words(loaded: Any) -> EvidenceWords:
    unlike = sorted(set(loaded["words"]) ^ set(KINDS))
    if unlike:
        raise DataError(f"词的种类多了或少了：{'、'.join(unlike)}")
    lists: Mapping[str, Sequence[str]] = loaded["lists"]
    phrases: Dict[str, List[str]] = loaded["words"]
    return EvidenceWords(
        {kind: compiled(phrases[kind], lists) for kind in KINDS},
        tuple(loaded["joins"]),
        tuple(loaded["tails"]),
        tuple(loaded["deeds"]),
        {kind: tuple(names) for kind, names in loaded["kinds"].items()},
    )
