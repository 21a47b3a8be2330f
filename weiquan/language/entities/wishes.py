"""What a shopper wants now: remedies.

Their phrases and the words that decide stand in `data/entities/remedies.yml`. The same
phrase is wanted ("我要退款"), refused ("不给退款"), done ("退款了") or merely named
("退款进度"): here the clause around it is read.
"""

from __future__ import annotations

import bisect
import dataclasses
import functools
from typing import Any, Iterator, List, Mapping, Sequence, Tuple

from weiquan.data_files import read_data
from weiquan.language.clauses import Clause, split
from weiquan.language.patterns import without_overlaps
from weiquan.language.phrases import Phrases, compiled
from weiquan.places import DATA

FILE = DATA / "entities" / "remedies.yml"

_NONE = "none"
"""In place of an id: phrases that are there to be passed over."""
_QUESTION = "question"
"""The cues that count only where the clause asks."""

_REACH = 40
"""Characters of a clause that are read before a phrase and after it: the time stays linear in the message."""
_CUE_REACH = 10
"""Characters between a cue and the phrase."""
_SAID_REACH = 8
"""Characters between a word of saying and the phrase."""
_ASKED_REACH = 6
"""Characters after the phrase in which 吗 stands."""
_NEXT_REACH = 2
"""Characters of the next clause before the one who refuses: 但是商家不同意."""
_MOST_BETWEEN = 5
"""Small words in a row between two that belong together."""

Words = Tuple[str, ...]


@dataclasses.dataclass(frozen=True)
class Wish:
    """A remedy wanted at `text[start:end]`; `remedy` is its id in `remedies.yml`."""

    start: int
    end: int
    remedy: str


@dataclasses.dataclass(frozen=True)
class _Words:
    """The lists of words of `remedies.yml`, which says what each is for."""

    bare: Words
    may_follow: Words
    denied: Words
    idle: Words
    asking: Words
    breaks: Words
    joining: Words
    refused: Words
    refused_then: Words
    not_refused: Words
    other: Words
    other_then: Words
    spoken_to: Words
    agrees: Words
    saying: Words
    not_saying: Words
    named: Words
    not_named: Words
    times: Words
    done: Words
    strong: Words
    whole_start: Words
    whole_end: Words


@dataclasses.dataclass(frozen=True)
class _Rules:
    """What `remedies.yml` holds: the phrases of remedies and of cues by id, other phrases, and words."""

    remedies: Mapping[str, Phrases]
    cues: Mapping[str, Phrases]
    said: Phrases
    next_refuses: Phrases
    numerals: str
    words: _Words


@dataclasses.dataclass(frozen=True)
class _Named:
    """A phrase that names a remedy, what stands before and after it in its clause, and the next clause."""

    before: str
    phrase: str
    after: str
    following: str


def _taken(data: Any) -> _Rules:
    lists = data["lists"]
    words = {**lists, **data}
    remedies = {**data["remedies"], _NONE: data["no_remedies"]}
    return _Rules(
        remedies={remedy: compiled(phrases, lists) for remedy, phrases in remedies.items()},
        cues={kind: compiled(phrases, lists) for kind, phrases in data["cues"].items()},
        said=compiled(data["said"], lists),
        next_refuses=compiled(data["next_refuses"], lists),
        numerals=data["numerals"],
        words=_Words(**{field.name: tuple(words[field.name]) for field in dataclasses.fields(_Words)}),
    )


@functools.lru_cache(maxsize=1)
def _rules() -> _Rules:
    return read_data(FILE, _taken)


def warm_up() -> None:
    """Read the data file. Raises `DataError` where it is missing or broken."""
    _rules()


def remedy_ids() -> Tuple[str, ...]:
    """Return the ids that a remedy may have."""
    return tuple(remedy for remedy in _rules().remedies if remedy != _NONE)


def find_wishes(text: str) -> List[Wish]:
    """Return the remedies that `text` (normalised) asks for, first to last."""
    rules = _rules()
    clauses = list(split(text))
    found: List[Wish] = []
    for start, end, remedy in _longest(text, rules.remedies):
        if remedy == _NONE or not _stands_for_itself(text, start, end, rules):
            continue
        is_joined = bool(found) and _consists_of(text[found[-1].end : start], rules.words.joining)
        if _is_wanted(_around(clauses, start, end), is_joined, rules):
            found.append(Wish(start, end, remedy))
    return found


def _longest(text: str, phrases: Mapping[str, Phrases]) -> List[Tuple[int, int, str]]:
    """Return (start, end, id) of all `phrases` in `text`, of overlapping ones the longest, first to last."""
    found = [(start, end, name) for name, some in phrases.items() for start, end in some.spans(text)]
    longest_first = sorted(found, key=lambda span: (span[0] - span[1], span[0]))
    return without_overlaps(longest_first, lambda span: span[:2])


def _stands_for_itself(text: str, start: int, end: int, rules: _Rules) -> bool:
    """Tell whether `text[start:end]` is more than the beginning of another word: 退吧, not 退出."""
    if text[start:end] not in rules.words.bare:
        return True
    following = text[end : end + 1]
    return not following.isalnum() or following in rules.numerals or text.startswith(rules.words.may_follow, end)


def _around(clauses: Sequence[Clause], start: int, end: int) -> _Named:
    """Return what stands at the places from `start` to `end` of the message that `clauses` make up, and around it."""
    place = bisect.bisect_right(clauses, start, key=lambda clause: clause.start) - 1
    clause = clauses[place]
    first, last = start - clause.start, end - clause.start
    return _Named(
        before=clause.text[max(first - _REACH, 0) : first],
        phrase=clause.text[first:last],
        after=clause.text[last : last + _REACH],
        following=clauses[place + 1].text[:_REACH] if place + 1 < len(clauses) else "",
    )


def _is_wanted(named: _Named, is_joined: bool, rules: _Rules) -> bool:
    """Tell whether the shopper wants what is named; `is_joined` where it is joined to a wish before it."""
    if _is_refused(named, rules) or _is_said_by_others(named, rules):
        return False
    ends_clause = _consists_of(named.after, rules.words.whole_end)
    if not ends_clause and (_is_done(named, rules) or _is_merely_named(named, rules)):
        return False
    if is_joined or _has_cue(named, rules):
        return True
    # "退我差价": with 我 in it a phrase is an order, whatever follows.
    is_order = ends_clause or "我" in named.phrase
    is_whole = is_order and _consists_of(named.before, rules.words.whole_start)
    return is_whole and not _is_refused_next(named, rules)


def _is_refused(named: _Named, rules: _Rules) -> bool:
    """Tell whether the words right before the phrase refuse it, call it past or ask about it."""
    words = rules.words
    if any(word in named.before for word in words.not_refused):
        return False
    return any(True for _ in _endings(named.before, words.refused, words.refused_then))


def _is_said_by_others(named: _Named, rules: _Rules) -> bool:
    """Tell whether the phrase is what another says: "客服说马上退款"."""
    near = len(named.before) - _SAID_REACH
    # 要求商家说: the shopper has it said. A space parts what many part by a comma.
    if any(end >= near for _, end in rules.said.spans(named.before, barred="要求 ")):
        return True
    return near <= 0 and _begins(named.before, rules.words.saying, unless=rules.words.not_saying)


def _is_done(named: _Named, rules: _Rules) -> bool:
    """Tell whether what follows says that it was done: "退款了", but not "我要退款了"."""
    is_strong = any(word in named.before for word in rules.words.strong)
    return named.after.startswith(rules.words.done) and not is_strong


def _is_merely_named(named: _Named, rules: _Rules) -> bool:
    """Tell whether what follows makes the phrase a name, or tells of its course: "退款进度", "退款三天了"."""
    if _begins(named.after.removeprefix("的"), rules.words.named, unless=rules.words.not_named):
        return True
    unit = named.after.lstrip(rules.numerals)
    return unit != named.after and unit.startswith(rules.words.times)


def _has_cue(named: _Named, rules: _Rules) -> bool:
    """Tell whether a word of wanting that is the shopper's own reaches the phrase."""
    words, before = rules.words, named.before
    for start, end, kind in _longest(before, rules.cues):
        between = before[end:]
        if len(between) > _CUE_REACH or any(word in between for word in words.breaks):
            continue
        if kind == _NONE or before.endswith(words.denied, 0, start) or before.startswith(words.idle, end):
            continue
        if kind == _QUESTION and not _is_asked(named, rules):
            continue
        if not _is_of_others(before[:start], rules):
            return True
    return False


def _is_asked(named: _Named, rules: _Rules) -> bool:
    near = named.after[:_ASKED_REACH]
    return any(word in near for word in rules.words.asking) or named.after.endswith("不")


def _is_of_others(before: str, rules: _Rules) -> bool:
    """Tell whether what stands before a cue gives the wish to another: "商家又" (要我退货)."""
    words = rules.words
    if before.endswith(words.agrees):
        return True
    starts = _endings(before, words.other, words.other_then)
    return any(not before.endswith(words.spoken_to, 0, start) for start in starts)


def _is_refused_next(named: _Named, rules: _Rules) -> bool:
    """Tell whether the next clause says that another refused it: "退款,商家不同意"."""
    return any(start <= _NEXT_REACH for start, _ in rules.next_refuses.spans(named.following))


def _begins(text: str, words: Words, unless: Words) -> bool:
    """Tell whether `text` begins with one of `words`, and not with a longer one of `unless`."""
    return text.startswith(words) and not text.startswith(unless)


def _endings(text: str, words: Words, then: Words) -> Iterator[int]:
    """Yield where one of `words` begins with which `text` ends, but for a few of the words `then` after it."""
    ends = {len(text)}
    for _ in range(_MOST_BETWEEN + 1):
        yield from (end - len(word) for end in ends for word in words if text.endswith(word, 0, end))
        ends = {end - len(word) for end in ends for word in then if text.endswith(word, 0, end)}


def _consists_of(text: str, words: Words) -> bool:
    """Tell whether `text` is nothing but some of `words`, or empty."""
    reached = {0}
    for place in range(len(text)):
        if place in reached:
            reached.update(place + len(word) for word in words if text.startswith(word, place))
    return len(text) in reached
