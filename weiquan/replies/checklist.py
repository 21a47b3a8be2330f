"""The evidence checklist as a text, and as an answer with buttons that tick what is at hand."""

from __future__ import annotations

import datetime
from typing import Any, Dict

from weiquan.advice.checklist import Item, checklist, not_required, situation_of
from weiquan.advice.views import view
from weiquan.case.case import Case
from weiquan.facts.knowledge import Knowledge
from weiquan.rendering.fitting import fit
from weiquan.rendering.render import render
from weiquan.replies.bubbles import Bubble, Button, payload
from weiquan.replies.buttons import NEXT_STEP, paper_payload
from weiquan.replies.steps import Answer


def checklist_text(case: Case, facts: Knowledge, today: datetime.date) -> str:
    """Return the numbered list with its ticks, the next piece with how to get it, and what is not required.

    At most `bubbles.MAX_BUBBLE` characters: what the next piece proves, where it
    is found and the second note are left out first.
    """
    items = checklist(case, facts, today)
    situation = situation_of(case, facts)
    notes = not_required(items, facts)
    values: Dict[str, Any] = {
        "trouble": situation.name if situation else None,
        "items": items,
        "missing": next((one for one in items if not one.ticked), None),
        "notes": notes[:2],
        "with_proof": True,
        "with_path": True,
        "with_hint": True,
    }
    return fit(
        lambda changed: render("evidence", facts, today, **{**values, **changed}),
        ({"notes": notes[:1]}, {"with_proof": False}, {"with_path": False}, {"with_hint": False}, {"notes": ()}),
    )


MOST_TICKS = 4


def evidence_answer(case: Case, facts: Knowledge, today: datetime.date) -> Answer:
    """Return the checklist of the case, with buttons that tick what is at hand."""
    items = checklist(case, facts, today)
    text = checklist_text(case, facts, today)
    buttons = [
        Button(f"有了：{one.text}", payload("tick_evidence", evidence=one.piece.id)) for one in items if not one.ticked
    ]
    back = [NEXT_STEP, Button("证据目录", paper_payload("evidence_list"))]
    card = {
        "kind": "evidence",
        "title": f"「{view(case, facts).name}」的证据" if case.situation else "证据清单",
        "items": [_item_part(one) for one in items],
        "note": " ".join(one.text for one in not_required(items, facts)),
    }
    offered = (*buttons[:MOST_TICKS], *back)
    # What is no condition is said once: by the list, or by the situation's own note.
    note = (view(case, facts).evidence_note if case.situation else None) or ""
    is_said = any(one.text.partition("是")[0] in note for one in not_required(items, facts))
    if note and not is_said:
        return (Bubble(text, card=card), Bubble(note, offered)), case
    return (Bubble(text, offered, card=card),), case


def _item_part(item: Item) -> Dict[str, Any]:
    toggled = payload("tick_evidence", evidence=item.piece.id)
    return {
        "id": item.piece.id,
        "name": item.text,
        "how": item.piece.how,
        "ticked": item.ticked,
        "payload": toggled,
    }
