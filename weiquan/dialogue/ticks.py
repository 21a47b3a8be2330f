"""Which evidence a shopper says to have, and the case with it ticked.

It is read clause by clause: a piece or its number in the list, and beside it a
word of having (拍了, 存好了) or lacking (没拍, 找不到). A question, a plan and what
the seller demands tell neither.
"""

from __future__ import annotations

import dataclasses
import datetime
import itertools
from typing import FrozenSet, Iterable, Iterator, List, Optional, Sequence, Set, Tuple

from weiquan.advice.checklist import checklist, pieces_named
from weiquan.advice.ladder import ladder_of
from weiquan.case.case import Case
from weiquan.dialogue import evidence_words as words
from weiquan.dialogue.evidence_tokens import COUNT, DIGITS, NAMED, PLACED, SUBJECTS, Token, tokenise
from weiquan.facts.knowledge import Knowledge
from weiquan.facts.records import Piece
from weiquan.language.clauses import split

_VERBS = frozenset({words.HAS, words.COMPLETE, words.HANDLED, words.LACKS})

_BETWEEN = frozenset({words.FILLER, words.EVERY, words.EVIDENCE, words.WHOLE, words.THIS, COUNT, DIGITS})
"""What may stand between a piece and the word of having after it."""

_BEFORE_PIECE = _BETWEEN | {words.BEFORE_PIECE}

_AROUND = _BETWEEN | _VERBS

_MOST_AFTER = 3
"""Other characters after 第一个有 and 都有; more of them tell something else."""


@dataclasses.dataclass
class _Reading:
    """What was read so far of a message about the pieces in `listed`, of which the case has those in `already`.

    `waiting` are pieces named, in the way of `waiting_kind`, without a word of having or lacking; `excepted` are those
    of 除了….
    """

    listed: Sequence[str]
    already: FrozenSet[str]
    ticks: Set[str] = dataclasses.field(default_factory=set)
    unticks: Set[str] = dataclasses.field(default_factory=set)
    waiting: FrozenSet[str] = frozenset()
    waiting_kind: str = NAMED
    excepted: FrozenSet[str] = frozenset()

    def note(self, pieces: FrozenSet[str], has: bool) -> None:
        """Take `pieces` as there or as lacking; the last word counts."""
        (self.unticks if has else self.ticks).difference_update(pieces)
        (self.ticks if has else self.unticks).update(pieces)

    def note_all(self, has: bool) -> None:
        """Take all that is listed as there or lacking, and what was excepted as the opposite."""
        self.note(frozenset(self.listed) - self.excepted, has)
        self.note(self.excepted, not has)

    def note_rest(self, has: bool) -> None:
        """Take all that was not spoken of as there or lacking."""
        if self.excepted:
            self.note_all(has)
        else:
            self.note(frozenset(self.listed) - self.already - self.ticks - self.unticks, has)

    def forget(self) -> None:
        """Let nothing of what was only named count for the clauses to come."""
        self.waiting = self.excepted = frozenset()


def find_ticks(
    text: str, case: Case, facts: Knowledge, today: Optional[datetime.date] = None
) -> Tuple[FrozenSet[str], FrozenSet[str]]:
    """Return the ids of the pieces that `text` (normalised) says the shopper has, and of those that are lacking.

    No piece is in both. Named pieces are those of the case's whole ladder;
    numbers and "all" mean the lines of `checklist`, which depends on `today`.
    """
    listed = [item.piece.id for item in checklist(case, facts, today)]
    candidates = _candidates(case, listed, facts)
    reading = _Reading(listed, case.evidence)
    clauses = list(_clauses(text))
    rows = tokenise((clause for clause, _ in clauses), candidates, listed, facts)
    for tokens, (_, border) in zip(rows, clauses, strict=True):
        for part, is_last in _parts(tokens):
            if any(token.kind == words.QUESTION for token in part) or (is_last and ("?" in border or "？" in border)):
                reading.forget()
            else:
                _read(part, reading)
    return frozenset(reading.ticks), frozenset(reading.unticks)


def _candidates(case: Case, listed: Sequence[str], facts: Knowledge) -> List[Tuple[Piece, bool]]:
    """Return the pieces that may be named, with whether they are listed now: also those of the rungs to come."""
    ids = dict.fromkeys(listed)
    if case.situation in facts.situations:
        later = (text for rung in ladder_of(case, facts) for text in facts.rungs[rung].evidence)
        ids.update(dict.fromkeys(pieces_named(later, facts)))
    return [(facts.pieces[piece_id], piece_id in listed) for piece_id in ids]


def _clauses(text: str) -> Iterator[Tuple[str, str]]:
    """Yield the clauses of `text` with what ends each; the comma of 「1,3都有了」 ends none."""
    signs = list(text)
    for place in range(1, len(text) - 1):
        if text[place] in ",，" and text[place - 1].isdecimal() and text[place + 1 :].lstrip()[:1].isdecimal():
            signs[place] = "、"
    for clause in split("".join(signs)):
        if clause.text.strip():
            yield clause.text.strip(), clause.border


def _parts(tokens: Sequence[Token]) -> List[Tuple[List[Token], bool]]:
    """Return the stretches of `tokens` between words of contrast, and whether each is the last."""
    parts = [
        list(part) for is_border, part in itertools.groupby(tokens, lambda t: t.kind == words.CONTRAST) if not is_border
    ]
    return [(part, part is parts[-1]) for part in parts]


def _read(tokens: Sequence[Token], reading: _Reading) -> None:
    """Read a clause without contrast and question."""
    start, excepted = _exception(tokens)
    if start:
        tokens = [token for token in tokens[start:] if token.kind != words.BESIDES]
        reading.waiting, reading.excepted = frozenset(), excepted
        if all(token.kind in {words.FILLER, words.LACKS} for token in tokens):
            return  # 除了照片, and 除了照片没拍: the next clause says what of the others
    subjects = [place for place, token in enumerate(tokens) if token.kind in SUBJECTS]
    if not subjects:
        _read_without_pieces(tokens, reading)
        reading.forget()
    elif any(token.kind == words.DEMAND for token in tokens[: subjects[0]]):
        reading.forget()
        reading.waiting, reading.waiting_kind = _pieces(tokens), NAMED
    else:
        _read_pieces(tokens, subjects, reading)
        reading.excepted = frozenset()


def _pieces(tokens: Iterable[Token]) -> FrozenSet[str]:
    return frozenset(piece for token in tokens for piece in token.pieces)


def _exception(tokens: Sequence[Token]) -> Tuple[int, FrozenSet[str]]:
    """Return where 除了 with its pieces ends (照片以外, too), and those pieces; 0 where a clause excepts none."""
    end, excepted, before = 0, frozenset[str](), ""
    for place, token in enumerate(tokens):
        if token.kind in SUBJECTS:
            after = tokens[place + 1].kind if place + 1 < len(tokens) else ""
            if before != words.EXCEPT and after != words.BESIDES:
                break
            end, excepted = place + 1, excepted | token.pieces
        before = before if token.kind == words.FILLER else token.kind
    return end, excepted


def _read_without_pieces(tokens: Sequence[Token], reading: _Reading) -> None:
    """Read "都有了", "一样都没有", "我没拍" (of what the clause before named) and their like."""
    verb = next((place for place, token in enumerate(tokens) if token.kind in _VERBS), None)
    if verb is None or _strange(tokens[:verb]):
        return
    before, after = {token.kind for token in tokens[:verb]}, {token.kind for token in tokens[verb + 1 :]}
    kind, has = tokens[verb].kind, tokens[verb].kind != words.LACKS
    counts = {token.value for token in tokens[:verb] if token.kind == COUNT}
    # 「都没退」 is no word of evidence; 「两个都有」 may be of anything; 「一个也没有」 is of all.
    if _strange(tokens[verb + 1 :]) > (_MOST_AFTER if has else 0) or not counts <= (set() if has else {1}):
        return
    is_of_all = words.EVERY in before or kind == words.COMPLETE or (not has and (words.EVIDENCE in after or counts))
    if reading.waiting:
        if before or not after:
            reading.note(reading.waiting, has)
    elif is_of_all and kind != words.HANDLED and words.THIS not in before:
        # 「聊天记录没删,都在」 speaks of what it named; a list of all would call it evidence.
        names_all = before & {words.EVIDENCE, words.WHOLE} or reading.excepted
        if names_all or not has or not reading.ticks:
            reading.note_all(has)


def _strange(tokens: Iterable[Token]) -> int:
    """Return how many characters of `tokens` belong neither to a word of having nor to what may stand around one."""
    return sum(len(token.text) for token in tokens if token.kind not in _AROUND)


def _read_pieces(tokens: Sequence[Token], subjects: Sequence[int], reading: _Reading) -> None:
    """Read "照片拍了", "没有截图", "第一个和第三个有了"; a piece that was only named waits for the next clause."""
    verb_first = _leading(tokens, -1, subjects[0]) is not None
    only_named: List[Token] = []
    for start, place, end in zip([-1, *subjects], subjects, [*subjects[1:], len(tokens)], strict=False):
        subject = tokens[place]
        has = _has(tokens, (start, place, end), verb_first)
        if has is None:
            only_named.append(subject)
        elif subject.kind == words.REST:
            reading.note_rest(has)
        else:
            reading.note(subject.pieces, has)
            if place == subjects[0] and reading.waiting_kind == subject.kind:
                reading.note(reading.waiting, has)
    is_bare = all(token.kind in SUBJECTS or token.kind in _BETWEEN for token in tokens)
    kinds = {token.kind for token in only_named}
    if is_bare and kinds in ({NAMED}, {PLACED}):
        kind = kinds.pop()
        earlier = reading.waiting if reading.waiting_kind == kind else frozenset()
        reading.waiting, reading.waiting_kind = earlier | _pieces(only_named), kind
    else:
        reading.waiting = frozenset()


def _has(tokens: Sequence[Token], span: Tuple[int, int, int], verb_first: bool) -> Optional[bool]:
    """Tell whether a subject is there (True), lacking (False), or only named (None).

    `span` are the places of the subject before (or -1), of the subject, and of the one after (or the end);
    `verb_first` that each word of having stands before its piece (有照片没有聊天记录).
    """
    verb = _verb_of(tokens, span, verb_first)
    if verb is None or (tokens[span[1]].kind != NAMED and not _is_all_said(tokens, span, verb)):
        return None
    return _says(tokens, verb)


def _verb_of(tokens: Sequence[Token], span: Tuple[int, int, int], verb_first: bool) -> Optional[int]:
    """Return the place of the word of having or lacking that counts for the subject of `span`."""
    start, place, end = span
    leading = _leading(tokens, start, place)
    following = next((at for at in range(place + 1, end) if tokens[at].kind not in _BETWEEN), end)
    follows = following < end and tokens[following].kind in _VERBS
    if follows and (not verb_first or (end == len(tokens) and leading is None)):
        return following
    return leading


def _leading(tokens: Sequence[Token], start: int, place: int) -> Optional[int]:
    """Return the place of the word of having that stands closely before `place`, but after `start`."""
    for at in range(place - 1, start, -1):
        if tokens[at].kind in _VERBS:
            return at
        if tokens[at].kind not in _BEFORE_PIECE:
            return None
    return None


def _says(tokens: Sequence[Token], verb: int) -> Optional[bool]:
    """Tell whether the word at `verb` says that a piece is there; None where that is a plan."""
    if tokens[verb].kind == words.LACKS:
        return False
    is_planned = verb > 0 and tokens[verb - 1].kind == words.PLAN
    return None if is_planned or any(token.kind == words.LATER for token in tokens[:verb]) else True


def _is_all_said(tokens: Sequence[Token], span: Tuple[int, int, int], verb: int) -> bool:
    """Tell whether a number or 其他 with its `verb` is all that is said: 「第一个商家有回复」 is no tick."""
    start, place, end = span
    after = _strange(tokens[max(verb, place) + 1 : end])
    if _strange(tokens[start + 1 : min(verb, place)]):
        return False
    if tokens[place].kind == PLACED:
        return after <= _MOST_AFTER
    # 「没有其他问题」 and 「其他的发给他了」 are no talk of the list.
    return tokens[verb].kind != words.HANDLED and after <= (_MOST_AFTER if verb > place else 0)


def with_ticks(case: Case, had: FrozenSet[str], lacked: FrozenSet[str]) -> Case:
    """Return the case with pieces of evidence ticked and unticked."""
    return dataclasses.replace(case, evidence=(case.evidence | had) - lacked)
