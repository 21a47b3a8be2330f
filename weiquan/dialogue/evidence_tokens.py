"""A clause about evidence as a row of tokens: the pieces that it names, by name or by place, and the words around."""

from __future__ import annotations

import dataclasses
from typing import Dict, FrozenSet, Iterable, Iterator, List, Optional, Sequence, Tuple

from weiquan.dialogue.evidence_names import Span, find_names
from weiquan.dialogue.evidence_words import BEFORE_PIECE, END, FILLER, FIRST, LAST, OTHER, REST, evidence_words
from weiquan.facts.knowledge import Knowledge
from weiquan.facts.records import Piece

NAMED, PLACED = "named", "placed"

SUBJECTS = frozenset({NAMED, PLACED, REST})
"""What is there or lacking: pieces by name, pieces by their place in the list, and all the others."""

ORDINAL, COUNT, DIGITS = "ordinal", "count", "digits"

NUMBERS = frozenset({ORDINAL, COUNT, DIGITS})
"""第三个, 三个, 3."""

_VALUES = {numeral: value for value, numeral in enumerate("一二三四五六七八九", start=1)} | {"两": 2, "十": 10}

_NUMERALS = frozenset("零〇一二两三四五六七八九十百千万")

_MEASURES = "个项条样份张件号"

_UNITS = "次天月日年元块层周秒分点斤岁单家款批几多"
"""第3天, 第一次: no place in a list."""

_MOST_DIGITS = 2

_THROUGH = frozenset({"到", "至", "-", "~"})

_MARKS_OF_LISTS = frozenset({".", " "})


@dataclasses.dataclass(frozen=True)
class Token:
    """A part of a clause: `kind` is one of `SUBJECTS`, of `NUMBERS`, or of the kinds of words."""

    kind: str
    text: str
    pieces: FrozenSet[str] = frozenset()
    value: int = 0


def tokenise(
    clauses: Iterable[str], candidates: Sequence[Tuple[Piece, bool]], listed: Sequence[str], facts: Knowledge
) -> Iterator[List[Token]]:
    """Yield each of `clauses` as tokens.

    `candidates` are the pieces that may be named, each with whether it is listed now; `listed` are those that are, by
    their places.
    """
    # All clauses at once, since each word of the lists is looked for in the whole text.
    text = "".join(f"{clause}{END}" for clause in clauses)
    row: List[Token] = []
    for token in _scan(text, find_names(text, candidates, facts)):
        if token.text == END:
            yield _joined(_with_places(row, listed))
            row = []
        else:
            row.append(token)


def _scan(text: str, names: Sequence[Tuple[Span, FrozenSet[str]]]) -> Iterator[Token]:
    named = _without_overlap(names)
    words = evidence_words().at_each_place(text, named)
    place = 0
    while place < len(text):
        if place in named:
            end, pieces = named[place]
            yield Token(NAMED, text[place:end], pieces)
            # 聊天记录截图了: the end of the name is also the beginning of what was done.
            deed = next((deed for deed in evidence_words().deeds if text[place:end].endswith(deed)), "")
            after, kind = words.get(end - len(deed), (0, ""))
            if deed and after > end:
                yield Token(kind, text[end:after])
                end = after
        elif place in words:
            end, kind = words[place]
            yield Token(kind, text[place:end])
        else:
            number = _number(text, place)
            end = number[0] if number else place + 1
            yield number[1] if number else Token(FILLER if text[place].isspace() else OTHER, text[place])
        place = end


def _without_overlap(names: Iterable[Tuple[Span, FrozenSet[str]]]) -> Dict[int, Tuple[int, FrozenSet[str]]]:
    """Return where each name begins, with its end and pieces; names that overlap are one."""
    merged: List[Tuple[int, int, FrozenSet[str]]] = []
    for (start, end), pieces in names:
        if merged and start < merged[-1][1]:
            first, last, others = merged.pop()
            merged.append((first, max(last, end), others | pieces))
        else:
            merged.append((start, end, pieces))
    return {start: (end, pieces) for start, end, pieces in merged}


# Places in the list


def _number(text: str, start: int) -> Optional[Tuple[int, Token]]:
    """Return the end of the number that begins at `start`, and the number, or None where none begins.

    What counts days, times or money is `OTHER`.
    """
    is_ordinal = text[start] == "第"
    place = start + is_ordinal
    if is_ordinal and text.startswith(" ", place):
        place += 1
    end = place
    while end < len(text) and (text[end].isdecimal() or text[end] in _NUMERALS):
        end += 1
    if end == place:
        return None
    value = _value(text[place:end])
    is_measured = text[end : end + 2].lstrip()[:1] in tuple(_MEASURES)
    digits = text[place:end].isdecimal()
    if is_measured:
        end += 1 + text.startswith(" ", end)
    if value is None or text[end : end + 1] in tuple(_UNITS):
        return end, Token(OTHER, text[start:end])
    kind = ORDINAL if is_ordinal else DIGITS if digits and not is_measured else COUNT
    return end, Token(kind, text[start:end], value=value)


def _value(numeral: str) -> Optional[int]:
    """Return what `numeral` means, up to 19 in characters and 99 in digits; no list is longer."""
    if numeral.isdecimal():
        return int(numeral) if len(numeral) <= _MOST_DIGITS else None
    if numeral.startswith("十") and len(numeral) > 1:
        return 10 + _VALUES[numeral[1:]] if numeral[1:] in _VALUES else None
    return _VALUES.get(numeral)


def _with_places(tokens: Sequence[Token], listed: Sequence[str]) -> List[Token]:
    """Put pieces in the place of the numbers that mean them: 第一个和第三个, 1、2, 前两个, 1到3."""
    found: List[Token] = []
    at = 0
    while at < len(tokens):
        end, values, is_place = _numbers_at(tokens, at, len(listed))
        if not values:
            found.append(tokens[at])
            at += 1
            continue
        run = tokens[at:end]
        text = "".join(token.text for token in run)
        if end < len(tokens) and tokens[end].kind == NAMED:
            found.append(Token(BEFORE_PIECE, text))  # 第一张照片, 1 2张照片
        elif is_place:
            pieces = frozenset(listed[value - 1] for value in values if 1 <= value <= len(listed))
            found.append(Token(PLACED, text, pieces))
        else:
            found.extend(run)
        at = end
    return found


def _numbers_at(tokens: Sequence[Token], at: int, length: int) -> Tuple[int, List[int], bool]:
    """Return where the numbers end that begin at `at`, their values, and whether they can only mean places."""
    following = tokens[at + 1] if at + 1 < len(tokens) else None
    if tokens[at].kind in {FIRST, LAST} and following and following.kind in {COUNT, DIGITS}:
        count = min(following.value, length)
        values = range(1, count + 1) if tokens[at].kind == FIRST else range(length - count + 1, length + 1)
        return at + 2, list(values), True
    if tokens[at].kind not in NUMBERS:
        return at, [], False
    values_of_run = [tokens[at].value]
    end = ahead = at + 1
    while ahead < len(tokens):
        token = tokens[ahead]
        if token.kind in NUMBERS and (ahead > end or token.kind == ORDINAL):
            is_range = any(between.text in _THROUGH for between in tokens[end:ahead])
            values_of_run.extend(range(min(values_of_run[-1], token.value) + 1, token.value) if is_range else ())
            values_of_run.append(token.value)
            end = ahead + 1
        elif token.text not in _THROUGH and not _joins(token):
            break
        ahead += 1
    # 「3没有」 begins with the number; 「有3个」 only counts.
    is_bare = tokens[at].kind == DIGITS and all(token.kind == FILLER for token in tokens[:at])
    return end, values_of_run, tokens[at].kind == ORDINAL or end > at + 1 or is_bare


def _joins(token: Token) -> bool:
    return token.text in _MARKS_OF_LISTS or token.text in evidence_words().joins


def _joined(tokens: Sequence[Token]) -> List[Token]:
    """Join pieces that overlap or that only 和 or a comma parts: one word of having counts for all of them."""
    found: List[Token] = []
    between: List[Token] = []
    for token in tokens:
        last = found[-1] if found else None
        if token.kind in {NAMED, PLACED} and last and last.kind == token.kind:
            text = "".join(part.text for part in (last, *between, token))
            found[-1] = Token(token.kind, text, last.pieces | token.pieces)
            between = []
        elif last and last.kind in {NAMED, PLACED} and _joins(token):
            between.append(token)
        else:
            found.extend((*between, token))
            between = []
    return [*found, *between]
