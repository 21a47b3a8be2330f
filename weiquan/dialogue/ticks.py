"""Which evidence a shopper says to have, and the case with it ticked.

It is read clause by clause: a piece or its number in the list, and beside it a
word of having (拍了, 存好了) or lacking (没拍, 找不到). A question, a plan and what
the seller demands tell neither.
"""

from __future__ import annotations

import dataclasses
import datetime
import re
from typing import Dict, FrozenSet, Iterable, List, Optional, Sequence, Set, Tuple

from weiquan.advice.checklist import checklist, pieces_named
from weiquan.advice.ladder import ladder_of
from weiquan.case.case import Case
from weiquan.dialogue.evidence_patterns import (
    ALL,
    AND,
    BACK,
    BEFORE_PIECE,
    BEFORE_VERB,
    BUT,
    BY_NUMBER,
    CLAUSE_BORDER,
    DEMANDED,
    ENDS_IN_VERB,
    EVERY_AFTER,
    EVERY_BEFORE,
    EXCEPTION,
    KEPT,
    LACKED,
    NONE,
    NUMERAL,
    ONLY_PIECES,
    PLANNED,
    QUESTION,
    RANGE,
    VERB,
)
from weiquan.facts.knowledge import Knowledge
from weiquan.facts.records import Piece
from weiquan.language.clauses import split
from weiquan.language.patterns import one_of

_BRACKETS = re.compile(r"[（(].*?[）)]")

_WHOLE_KIND = {"photo": "照片", "video": one_of("视频 录像"), "screenshot": one_of("截图 截屏")}

_NOT_WITHIN_A_NAME = "没有了都也和跟与、"
"""「聊天没有截图」 names two things, not one."""

_TAIL = re.compile(rf"(?:的?{one_of('截图 截屏 照片 图片 视频 录像 录屏 录音 记录 凭证 证明 说明 内容 名称')}){{0,3}}")

_VALUES = {numeral: place for place, numeral in enumerate("一二三四五六七八九", start=1)}


@dataclasses.dataclass(frozen=True)
class _Mention:
    """Pieces named together at `start:end` of a clause."""

    start: int
    end: int
    pieces: FrozenSet[str]


@dataclasses.dataclass
class _Ticks:
    """What was read so far; `waiting` are pieces named without a word of having or lacking."""

    ticks: Set[str] = dataclasses.field(default_factory=set)
    unticks: Set[str] = dataclasses.field(default_factory=set)
    waiting: FrozenSet[str] = frozenset()

    def note(self, pieces: Iterable[str], has: Optional[bool]) -> None:
        """Take `pieces` as there, as lacking, or (None) as only named; the last word counts."""
        if has is not None:
            (self.unticks if has else self.ticks).difference_update(pieces)
            (self.ticks if has else self.unticks).update(pieces)


def find_ticks(
    text: str, case: Case, facts: Knowledge, today: Optional[datetime.date] = None
) -> Tuple[FrozenSet[str], FrozenSet[str]]:
    """Return the ids of the pieces that `text` (normalised) says the shopper has, and of those that are lacking.

    No piece is in both. Named pieces are those of the case's whole ladder;
    numbers and "all" mean the lines of `checklist`, which depends on `today`.
    """
    found = _read(text, case, facts, today)
    return frozenset(found.ticks), frozenset(found.unticks)


def _read(text: str, case: Case, facts: Knowledge, today: Optional[datetime.date]) -> _Ticks:
    listed = [item.piece.id for item in checklist(case, facts, today)]
    candidates = _candidates(case, listed, facts)
    found = _Ticks()
    for clause, is_question in _clauses(EXCEPTION.sub(r"\1", text)):
        if is_question:
            found.waiting = frozenset()
        elif not _read_list(clause, listed, candidates, found, facts):
            _read_named(clause, candidates, found, facts)
    return found


def _candidates(case: Case, listed: Sequence[str], facts: Knowledge) -> List[Tuple[Piece, bool]]:
    """Return the pieces that may be named, with whether they are listed now: also those of the rungs to come."""
    ids = dict.fromkeys(listed)
    if case.situation in facts.situations:
        later = (text for rung in ladder_of(case, facts) for text in facts.rungs[rung].evidence)
        ids.update(dict.fromkeys(pieces_named(later, facts)))
    return [(facts.pieces[piece_id], piece_id in listed) for piece_id in ids]


def _clauses(text: str) -> List[Tuple[str, bool]]:
    """Return the clauses of `text` and whether each asks something."""
    read = ((clause.text.strip(), clause.border) for clause in split(text, CLAUSE_BORDER))
    return [(clause, bool(QUESTION.search(clause + border))) for clause, border in read if clause]


# By number, and all of it


def _read_list(
    clause: str, listed: Sequence[str], candidates: Sequence[Tuple[Piece, bool]], found: _Ticks, facts: Knowledge
) -> bool:
    """Read "the first and the third", "all", "all but the second"; tell whether the clause was of that kind."""
    exception = BUT.search(clause)
    if exception:
        lacking = _numbered(exception["these"], listed) | _all_of(_mentions(exception["these"], candidates, facts))
        found.note(set(listed) - lacking, True)
        found.note(lacking, False)
        return True
    for pattern, has in ((NONE, False), (ALL, True)):
        if pattern.fullmatch(clause):
            found.note(found.waiting or listed, has)
            return True
    span = RANGE.match(clause)
    if span:
        first, last = (1, _value(span["top"])) if span["top"] else (_value(span["first"]), _value(span["last"]))
        found.note(listed[first - 1 : last], _verb_says(span["verb"]))
        return True
    match = next((numbers for pattern in BY_NUMBER if (numbers := pattern.match(clause))), None)
    if match:
        found.note(_numbered(match["places"], listed), _verb_says(match["verb"]))
    return match is not None


def _numbered(text: str, listed: Sequence[str]) -> Set[str]:
    places = [_value(numeral) for numeral in re.findall(NUMERAL, text)]
    return {listed[place - 1] for place in places if 1 <= place <= len(listed)}


def _value(numeral: str) -> int:
    if numeral.isdigit():
        return int(numeral)
    if numeral.startswith("十"):
        return 10 + _VALUES.get(numeral[1:], 0)
    return 2 if numeral == "两" else _VALUES[numeral]


# By name


def _read_named(clause: str, candidates: Sequence[Tuple[Piece, bool]], found: _Ticks, facts: Knowledge) -> None:
    """Read "照片拍了", "没有截图" and their like; a piece that was only named waits for the next clause."""
    groups = _groups(clause, _mentions(clause, candidates, facts))
    if not groups:
        back = BACK.fullmatch(clause)
        if back:
            found.note(found.waiting, _verb_says(back["verb"]))
        found.waiting = frozenset()
        return
    if DEMANDED.search(clause[: groups[0].start]):
        found.waiting = _all_of(groups)
        return
    verb_first = bool(re.search(rf"{VERB}{BEFORE_PIECE}\Z", clause[: groups[0].start]))
    only_named: Set[str] = set()
    for place, group in enumerate(groups):
        before = clause[groups[place - 1].end if place else 0 : group.start]
        is_last = place + 1 == len(groups)
        after = clause[group.end : len(clause) if is_last else groups[place + 1].start]
        has = _has(clause[group.start : group.end], before, after, verb_first, is_last)
        found.note(group.pieces, has)
        if has is None:
            only_named |= group.pieces
        elif place == 0:
            found.note(found.waiting, has)
    is_bare = bool(ONLY_PIECES.match("".join(_between(clause, groups))))
    found.waiting = found.waiting | only_named if only_named and is_bare else frozenset()


def _between(clause: str, groups: Sequence[_Mention]) -> List[str]:
    """Return what of `clause` lies outside `groups`."""
    ends = [0, *(group.end for group in groups)]
    starts = [*(group.start for group in groups), len(clause)]
    return [clause[end:start] for end, start in zip(ends, starts, strict=True)]


def _has(name: str, before: str, after: str, verb_first: bool, is_last: bool) -> Optional[bool]:
    """Tell whether the piece called `name` is there (True), lacking (False), or only named (None)."""
    following = re.match(rf"{BEFORE_VERB}{VERB}", after)
    made = ENDS_IN_VERB.search(name)
    if following is None and made:
        following = re.match(VERB, made.group() + after)
    leading = re.search(rf"(?P<plan>{PLANNED})?{VERB}{BEFORE_PIECE}\Z", before)
    if following and (not verb_first or (is_last and leading is None)):
        return _verb_says(following["verb"])
    if leading:
        has = _verb_says(leading["verb"])
        return None if leading["plan"] and has else has
    return None


def _verb_says(verb: str) -> bool:
    return bool(re.match(KEPT, verb)) or not re.match(LACKED, verb)


def _mentions(clause: str, candidates: Sequence[Tuple[Piece, bool]], facts: Knowledge) -> List[_Mention]:
    """Return the pieces named in `clause`, of nested names the longest, first to last.

    A name that several pieces share means those listed now, if any is.
    """
    found: Dict[Tuple[int, int], Dict[str, bool]] = {}
    for piece, is_listed in candidates:
        spans = [(start, _with_tail(end, clause)) for start, end in _named(piece, clause, facts)]
        if is_listed and piece.kind in _WHOLE_KIND:
            spans += _every_of(_WHOLE_KIND[piece.kind], clause)
        for span in spans:
            found.setdefault(span, {})[piece.id] = is_listed
    kept = [
        _Mention(
            start,
            end,
            frozenset(piece_id for piece_id, is_listed in pieces.items() if is_listed or not any(pieces.values())),
        )
        for (start, end), pieces in found.items()
        if not any(a <= start and end <= b and (a, b) != (start, end) for a, b in found)
    ]
    return sorted(kept, key=lambda mention: (mention.start, mention.end))


def _every_of(kind: str, clause: str) -> List[Tuple[int, int]]:
    """Return where `clause` speaks of all photos, all screenshots …"""
    return [
        match.span()
        for match in re.finditer(kind, clause)
        if EVERY_AFTER.match(clause[match.end() :]) or EVERY_BEFORE.search(clause[: match.start()])
    ]


def _groups(clause: str, mentions: Sequence[_Mention]) -> List[_Mention]:
    """Join mentions that overlap or that only 和 or a comma parts: one word of having counts for all of them."""
    groups: List[_Mention] = []
    for mention in mentions:
        last = groups[-1] if groups else None
        if last and (mention.start <= last.end or AND.match(clause[last.end : mention.start])):
            groups[-1] = _Mention(last.start, max(last.end, mention.end), last.pieces | mention.pieces)
        else:
            groups.append(mention)
    return groups


def _all_of(mentions: Iterable[_Mention]) -> FrozenSet[str]:
    return frozenset(piece for mention in mentions for piece in mention.pieces)


def _named(piece: Piece, clause: str, facts: Knowledge) -> Set[Tuple[int, int]]:
    """Return where `clause` names `piece`: by a phrase, or by a text of the list without what stands in brackets."""
    names = (_BRACKETS.sub("", name) for name in piece.names)
    whole = {(clause.find(name), clause.find(name) + len(name)) for name in names if name in clause}
    return whole | facts.phrases(piece.phrases).spans(clause, barred=_NOT_WITHIN_A_NAME)


def _with_tail(end: int, clause: str) -> int:
    """Return where the name ends that goes on to `end`: 截图 and its like belong to it."""
    tail = _TAIL.match(clause, end)
    return tail.end() if tail else end


def with_ticks(case: Case, had: FrozenSet[str], lacked: FrozenSet[str]) -> Case:
    """Return the case with pieces of evidence ticked and unticked."""
    return dataclasses.replace(case, evidence=(case.evidence | had) - lacked)
