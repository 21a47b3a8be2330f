"""Where a message names pieces of evidence."""

from __future__ import annotations

from typing import Dict, FrozenSet, List, Sequence, Set, Tuple

from weiquan.dialogue.evidence_words import END, evidence_words
from weiquan.facts.knowledge import Knowledge
from weiquan.facts.records import Piece
from weiquan.language.phrases import places

Span = Tuple[int, int]

_NOT_WITHIN_A_NAME = f"没有了都也和跟与、{END}"
"""「聊天没有截图」 names two things, not one."""

_MOST_TAILS = 3

_EVERY_BEFORE, _EVERY_AFTER = ("所有", "全部", "每张"), ("都", "全")
"""所有照片, 照片也都: they speak of every piece of that kind."""

_BETWEEN = ("也", "我", "已经")


def find_names(
    text: str, candidates: Sequence[Tuple[Piece, bool]], facts: Knowledge
) -> List[Tuple[Span, FrozenSet[str]]]:
    """Return where `text` names which of `candidates` (a piece, and whether it is listed now), first to last.

    Of nested names the longest counts. A name that several pieces share means those listed now, if any is.
    """
    found: Dict[Span, Dict[str, bool]] = {}
    for piece, is_listed in candidates:
        spans = {(start, _with_tail(end, text)) for start, end in _named(piece, text, facts)}
        if is_listed:
            spans |= _every_of(piece.kind, text)
        for span in spans:
            found.setdefault(span, {})[piece.id] = is_listed
    kept: List[Tuple[Span, FrozenSet[str]]] = []
    # From left to right, of those that begin together the longest first: what ends before a kept one lies in it.
    for span in sorted(found, key=lambda span: (span[0], -span[1])):
        if not kept or span[1] > kept[-1][0][1]:
            pieces = found[span]
            kept.append((span, frozenset(piece for piece in pieces if pieces[piece] or not any(pieces.values()))))
    return kept


def _named(piece: Piece, text: str, facts: Knowledge) -> Set[Span]:
    """Return where `text` names `piece`: by a phrase, or by a text of the list without what stands in brackets."""
    names = (name.partition("（")[0] for name in piece.names)
    whole = {(start, start + len(name)) for name in names for start in places(name.lower(), text)}
    return whole | facts.phrases(piece.phrases).spans(text, barred=_NOT_WITHIN_A_NAME)


def _with_tail(end: int, text: str) -> int:
    """Return where the name ends that goes on to `end`: 截图 and its like belong to it."""
    for _ in range(_MOST_TAILS):
        after = end + text.startswith("的", end)
        end = max((after + len(tail) for tail in evidence_words().tails if text.startswith(tail, after)), default=end)
    return end


def _every_of(kind: str, text: str) -> Set[Span]:
    """Return where `text` speaks of all photos, all screenshots …"""
    spans = set()
    for name in evidence_words().names_of.get(kind, ()):
        for start in places(name.lower(), text):
            end = start + len(name)
            is_every = text[:start].removesuffix("的").endswith(_EVERY_BEFORE)
            if is_every or text.startswith(_EVERY_AFTER, _after(_BETWEEN, text, end)):
                spans.add((start, end))
    return spans


def _after(words: Sequence[str], text: str, place: int) -> int:
    """Return the first place from `place` on where none of `words` begins."""
    while any(text.startswith(word, place) for word in words):
        place += next(len(word) for word in words if text.startswith(word, place))
    return place
