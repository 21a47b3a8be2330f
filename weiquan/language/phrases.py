"""Phrases: words that follow each other in a message, written as an editor of facts would write them.

`商家/卖家 承认 假货/仿冒` is three groups of words. A blank between two groups stands
for up to `NEAR` characters of the same clause, `…` for up to `FAR` characters that may
hold marks, `+` for none. `-` among the words of a later group says that it may be
missing, `。` that a clause ends there. A last group in round brackets must follow, but
is no part of what was found. `{seller}` stands for a list of words, those of
`knowledge/lexicon.yml` or of the file that holds the phrase. There is no negation: what
stands around a phrase is judged by who reads it.
"""

from __future__ import annotations

import dataclasses
import functools
from typing import FrozenSet, Iterable, Iterator, List, Mapping, Optional, Sequence, Set, Tuple

from weiquan.language.clauses import MARKS

NEAR, FAR = 6, 20
"""Characters that may stand between two groups."""

_NOTHING, _END = "-", "。"

_JOINTS = {"+": (0, MARKS), "…": (FAR, ""), " ": (NEAR, MARKS)}


@dataclasses.dataclass(frozen=True)
class _Group:
    """Words of which one must stand there, at most `gap` characters, none of `barred`, after the group before."""

    words: Tuple[str, ...]
    gap: int
    barred: str
    may_end: bool = False
    """The end of a clause is one of the words."""

    def ends_after(self, end: int, text: str, barred: str) -> Iterator[int]:
        """Yield where a word of the group ends that follows the place `end`."""
        for place in range(end, min(end + self.gap, len(text)) + 1):
            for word in self.words:
                if _lowered(text).startswith(word, place):
                    yield place + len(word)
            if self.may_end and (place == len(text) or text[place] in MARKS or text[place].isspace()):
                yield place
            if place < len(text) and (text[place] in self.barred or text[place] in barred):
                return


@dataclasses.dataclass(frozen=True)
class Phrase:
    """Groups of words in the order in which a message says them."""

    groups: Tuple[_Group, ...]
    followed_by: Optional[_Group] = None

    def spans(self, text: str, barred: str = "") -> Set[Tuple[int, int]]:
        """Return where `text` (normalised) says the phrase; no gap holds a character of `barred`.

        The time is linear in the text: from each place only the next few characters are looked at.
        """
        first, *rest = self.groups
        reached = {(start, start + len(word)) for word in first.words for start in places(word, text)}
        for group in rest:
            reached = {(start, stop) for start, end in reached for stop in group.ends_after(end, text, barred)}
        if self.followed_by is not None:
            reached = {(start, end) for start, end in reached if any(self.followed_by.ends_after(end, text, ""))}
        return reached


def parse(phrase: str, lexicon: Mapping[str, Sequence[str]]) -> Phrase:
    """Return what `phrase` means. Raises `ValueError` for an empty group or a list that `lexicon` lacks."""
    groups: List[_Group] = []
    joint = " "
    *parts, last = phrase.replace("+", " + ").replace("…", " … ").split() or [""]
    is_followed = bool(parts) and last.startswith("(") and last.endswith(")")
    for part in [*parts, last[1:-1] if is_followed else last]:
        if part in _JOINTS:
            joint = part
            continue
        words = _words(part, lexicon)
        if not groups and {_NOTHING, _END}.intersection(words):
            raise ValueError("第一组不能是「-」或「。」")
        kept = tuple("" if word == _NOTHING else word for word in words if word != _END)
        groups.append(_Group(kept, *_JOINTS[joint], _END in words))
        joint = " "
    if not groups:
        raise ValueError("没有词")
    return Phrase(tuple(groups[:-1]), groups[-1]) if is_followed else Phrase(tuple(groups))


def _words(group: str, lexicon: Mapping[str, Sequence[str]]) -> List[str]:
    words: List[str] = []
    for word in group.split("/"):
        if word.startswith("{") and word.endswith("}"):
            if word[1:-1] not in lexicon:
                raise ValueError(f"词表里没有「{word[1:-1]}」")
            words.extend(lexicon[word[1:-1]])
        elif word:
            words.append(word)
        else:
            raise ValueError(f"「{group}」里有空的词")
    return [word.lower() for word in words]


def places(word: str, text: str) -> List[int]:
    """Return where `word`, in small letters, begins in `text`, in any case of Latin letters."""
    lowered = _lowered(text)
    found: List[int] = []
    place = lowered.find(word)
    while place >= 0:
        found.append(place)
        place = lowered.find(word, place + 1)
    return found


@functools.lru_cache(maxsize=8)
def _lowered(text: str) -> str:
    """Return `text` with small Latin letters, as long as it was."""
    return "".join(sign.lower() if len(sign.lower()) == 1 else sign for sign in text)


@dataclasses.dataclass(frozen=True)
class Phrases:
    """Several phrases that mean the same."""

    phrases: Tuple[Phrase, ...]

    def spans(self, text: str, barred: str = "") -> FrozenSet[Tuple[int, int]]:
        """Return where `text` (normalised) says one of them."""
        return frozenset(span for phrase in self.phrases for span in phrase.spans(text, barred))

    def found_in(self, text: str, unless_after: Iterable[str] = (), unless_asked: bool = False) -> bool:
        """Tell whether `text` (normalised) says one of them.

        It does not count closely after a word of `unless_after` (还没…), and, with
        `unless_asked`, not in a clause that asks.
        """
        return any(
            not _follows(unless_after, text[:start]) and not (unless_asked and _is_asked(text[end:]))
            for start, end in self.spans(text)
        )


_CLOSE = 3
"""Characters between 没 and what it denies (没有再申请)."""

_ASKING = ("吗", "?", "？")
_END_OF_CLAUSE = 8


def _follows(words: Iterable[str], before: str) -> bool:
    clause = before[max((before.rfind(mark) for mark in MARKS), default=-1) + 1 :]
    return any(word in clause[-(len(word) + _CLOSE) :] for word in words)


def _is_asked(after: str) -> bool:
    near = after[:_END_OF_CLAUSE]
    ends = [near.find(mark) for mark in ",，。!！;；" if mark in near]
    return any(word in near[: min(ends)] if ends else word in near for word in _ASKING)


def compiled(phrases: Iterable[str], lexicon: Mapping[str, Sequence[str]]) -> Phrases:
    """Return `phrases` ready to be looked for. Raises `ValueError` as `parse` does, with the phrase that is wrong."""
    return Phrases(tuple(_named(phrase, lexicon) for phrase in phrases))


def _named(phrase: str, lexicon: Mapping[str, Sequence[str]]) -> Phrase:
    try:
        return parse(phrase, lexicon)
    except ValueError as error:
        raise ValueError(f"说法「{phrase}」：{error}") from None
