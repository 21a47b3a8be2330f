"""What evidence a case needs. The pieces are facts (`knowledge/evidence.yml`)."""

from __future__ import annotations

import dataclasses
import datetime
from typing import Dict, Iterable, Optional, Tuple

from weiquan.advice.ladder import Step, find_variant
from weiquan.advice.next_step import next_step
from weiquan.case.case import Case
from weiquan.facts.knowledge import Knowledge
from weiquan.facts.records import NotRequired, Piece
from weiquan.facts.situations import Situation


@dataclasses.dataclass(frozen=True)
class Item:
    """A line of the checklist: the piece, whether the shopper has it, and how this case names it."""

    piece: Piece
    ticked: bool
    text: str


def situation_of(case: Case, facts: Knowledge) -> Optional[Situation]:
    """Return the situation of the case as its variant sees it, None where it is unknown."""
    situation = facts.situations.get(case.situation or "")
    return situation.seen_as(find_variant(case, situation)) if situation else None


def pieces_named(texts: Iterable[str], facts: Knowledge) -> Dict[str, str]:
    """Return piece ids with the text that asks for each; a text that asks for several gives each its own name."""
    found: Dict[str, str] = {}
    for text in texts:
        pieces = [piece for piece in facts.pieces.values() if text in piece.names]
        for piece in pieces:
            found.setdefault(piece.id, text if len(pieces) == 1 else piece.name)
    return found


def checklist(
    case: Case, facts: Knowledge, today: Optional[datetime.date] = None, step: Optional[Step] = None
) -> Tuple[Item, ...]:
    """Return what to gather: the situation's or its variant's pieces, then those of the next rung on `today`.

    `step` is the next step, where the caller knows it.

    Without a known situation: what is good to have whatever happened. A piece
    stands once; its place does not depend on what is ticked, so that "the
    third" stays the third.
    """
    situation = situation_of(case, facts)
    if situation:
        lines = pieces_named((*situation.evidence, *(step or next_step(case, facts, today)).rung.evidence), facts)
    else:
        lines = {piece.id: piece.general for piece in facts.pieces.values() if piece.general}
    return tuple(Item(facts.pieces[piece_id], piece_id in case.evidence, text) for piece_id, text in lines.items())


def not_required(items: Iterable[Item], facts: Knowledge) -> Tuple[NotRequired, ...]:
    """Return what to say of pieces that are no condition, for a list of `items`."""
    listed = {item.piece.id for item in items}
    return tuple(note for note in facts.not_required.values() if listed.intersection(note.pieces))
