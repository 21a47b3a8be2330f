"""The evidence checklist as a text, and as an answer with buttons that tick what is at hand."""

from __future__ import annotations

from typing import Any, Dict

from weiquan.advice.advice import Advice
from weiquan.advice.checklist import Item, not_required, situation_of
from weiquan.replies.bubbles import Bubble, Button, Reply, payload
from weiquan.replies.buttons import back_button, paper_payload
from weiquan.replies.texts import fitted_text

CHECKLIST = "evidence"
"""The kind of the card that shows the checklist."""
MOST_TICKS = 4
"""Pieces with a button of their own; the card has all."""


def checklist_text(advice: Advice) -> str:
    """Return the numbered list with its ticks, the next piece with how to get it, and what is not required.

    Where it is too long, what the next piece proves, where it is found and the
    second note are left out first.
    """
    items = advice.checklist
    situation = situation_of(advice.case, advice.facts)
    notes = not_required(items, advice.facts)
    values: Dict[str, Any] = {
        "trouble": situation.name if situation else None,
        "items": items,
        "missing": next((item for item in items if not item.ticked), None),
        "notes": notes[:2],
        "with_proof": True,
        "with_path": True,
        "with_hint": True,
    }
    text, _ = fitted_text(
        "evidence",
        advice,
        values,
        ({"notes": notes[:1]}, {"with_proof": False}, {"with_path": False}, {"with_hint": False}, {"notes": ()}),
    )
    return text


def evidence_reply(advice: Advice) -> Reply:
    """Return the checklist of the case, with buttons that tick what is at hand."""
    case, items, text = advice.case, advice.checklist, checklist_text(advice)
    ticks = [
        Button(f"有了：{item.text}", payload("tick_evidence", evidence=item.piece.id))
        for item in items
        if not item.ticked
    ]
    back = [back_button(advice.facts), Button("证据目录", paper_payload("evidence_list"))]
    notes = not_required(items, advice.facts)
    card = {
        "kind": CHECKLIST,
        "title": f"「{advice.situation.name}」的证据" if case.situation else "证据清单",
        "items": [_item_part(item) for item in items],
        "note": " ".join(note.text for note in notes),
    }
    offered = (*ticks[:MOST_TICKS], *back)
    # What is no condition is said once: by the list, or by the situation's own note.
    own = advice.situation if case.situation else None
    if own and own.evidence_note and not any(note.id in own.evidence_note_says for note in notes):
        return Reply((Bubble(text, card=card), Bubble(own.evidence_note, offered)), case)
    return Reply((Bubble(text, offered, card=card),), case)


def _item_part(item: Item) -> Dict[str, Any]:
    return {
        "id": item.piece.id,
        "name": item.text,
        "how": item.piece.how,
        "ticked": item.ticked,
        "payload": payload("tick_evidence", evidence=item.piece.id),
    }
