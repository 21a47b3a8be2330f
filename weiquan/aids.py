"""What helps a case along: its last days, its evidence, what can be claimed, its papers."""

from __future__ import annotations

import dataclasses
import datetime
from typing import Any, Dict, FrozenSet, List, Optional, Sequence

from weiquan import cards
from weiquan.bubbles import Bubble, Button, payload, situation_buttons
from weiquan.case import Case
from weiquan.compensation import Claim, estimate, estimate_text, yuan
from weiquan.dates import due_dates, in_words
from weiquan.evidence import Item, checklist, checklist_text, not_required
from weiquan.fitting import fitted
from weiquan.knowledge import Knowledge
from weiquan.links import LINK_SECONDS
from weiquan.papers import as_text, papers_for, write_paper
from weiquan.rendering import render
from weiquan.steps import Answer, followup
from weiquan.views import view

AMOUNT = "amount_paid"
SELLER_MESSAGE = "seller_message"
MOST_TICKS = 4
MOST_PAPERS = 4
LINK_HOURS = LINK_SECONDS // 3600
NEXT_STEP = Button("下一步", payload("ask_next_step"))


def dates_answer(case: Case, facts: Knowledge, today: datetime.date, calendar: Optional[str]) -> Optional[Answer]:
    """Return the last days of this case, None where none can be reckoned. `calendar` is the address of an .ics file."""
    dues = due_dates(case, facts, today)
    if not dues:
        return None
    lines = [(one, in_words(one, facts, today)) for one in dues]
    calendar = calendar if any(one.is_open for one in dues) else None
    text, shown = fitted(
        "dates",
        facts,
        today,
        {"lines": lines, "calendar": calendar},
        ({"lines": lines[:4]}, {"lines": lines[:3]}, {"lines": lines[:2]}, {"lines": lines[:1]}),
    )
    card = cards.dates_card([cards.due_part(due, line) for due, line in shown["lines"]], calendar)
    second, asked = followup(case, facts, today, with_others=False)
    return (Bubble(text, card=card), second), asked


def evidence_answer(case: Case, facts: Knowledge, today: datetime.date) -> Answer:
    """Return the checklist of the case, with buttons that tick what is at hand."""
    items = checklist(case, facts, today)
    text = checklist_text(case, facts, today)
    buttons = [
        Button(f"有了：{one.text}", payload("tick_evidence", evidence=one.piece.id)) for one in items if not one.ticked
    ]
    back = [NEXT_STEP, Button("证据目录", _paper("evidence_list"))]
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


def with_ticks(case: Case, had: FrozenSet[str], lacked: FrozenSet[str]) -> Case:
    """Return the case with pieces of evidence ticked and unticked."""
    return dataclasses.replace(case, evidence=(case.evidence | had) - lacked)


def estimate_answer(case: Case, facts: Knowledge, today: datetime.date) -> Answer:
    """Return what can be claimed; where the price would tell how much, it is asked for."""
    claims = estimate(case, facts)
    text = estimate_text(case, facts, today)
    asks_price = case.amount is None and any(one.rule.basis == "price" for one in claims)
    asked = dataclasses.replace(case, question=AMOUNT) if asks_price and case.question is None else case
    buttons = (NEXT_STEP, Button("写给商家的话", _paper(SELLER_MESSAGE)))
    if not claims:
        return (Bubble(text, buttons),), asked
    basis = render("basis", facts, today, situation=view(case, facts))
    return (Bubble(text, card=_estimate_card(claims, case, facts)), Bubble(basis, buttons)), asked


def _estimate_card(claims: Sequence[Claim], case: Case, facts: Knowledge) -> Dict[str, Any]:
    return {
        "kind": "estimate",
        "title": f"「{view(case, facts).name}」依法可以提",
        "claims": [_claim_part(one, facts) for one in claims],
        "exclusions": list(dict.fromkeys(one.text for claim in claims for one in claim.rule.exclusions)),
        "note": "能不能拿到要看证据和各方认定。",
    }


def _claim_part(claim: Claim, facts: Knowledge) -> Dict[str, Any]:
    return {
        "name": claim.rule.name,
        "amount": yuan(claim.amount) if claim.amount is not None else None,
        "formula": claim.formula,
        "conditions": list(claim.needs),
        "laws": [cards.law_part(facts.laws[one], facts) for one in claim.rule.laws],
        "sure": bool(claim.met),
    }


def _paper(paper: str, tone: Optional[str] = None) -> str:
    return payload("request_document", paper=paper, **({"tone": tone} if tone else {}))


def paper_answer(
    paper_id: str, tone: str, case: Case, facts: Knowledge, today: datetime.date, url: Optional[str]
) -> Answer:
    """Return a paper as text to copy, and what can be had beside it. `url` is the address of its .docx.

    Blanks are marked, so a paper comes at once, whatever is known. Raises
    `KeyError` for an unknown paper or tone.
    """
    paper = write_paper(paper_id, case, facts, today, tone)
    text = as_text(paper)
    is_message = paper_id == SELLER_MESSAGE
    tones = [Button(one.name, _paper(paper_id, one.id)) for one in facts.tones.values() if one.id != tone]
    others = [one for one in papers_for(case, facts, today) if one != paper_id][:MOST_PAPERS]
    buttons: List[Button] = [*(tones if is_message else []), *_paper_buttons(others, facts)]
    card = {
        "kind": "paper",
        "id": paper_id,
        "title": paper.title,
        "text": as_text(paper, with_notes=False),
        "url": url,
        "expires_hours": LINK_HOURS,
        "others": [{"title": one.title, "payload": one.payload} for one in buttons],
    }
    back = [NEXT_STEP] if case.situation else situation_buttons(facts)[:2]
    told = render("paper", facts, today, title=paper.title, url=url, hours=LINK_HOURS, is_message=is_message)
    return (Bubble(text, card=card), Bubble(told, (*buttons, *back))), case


def _paper_buttons(papers: Sequence[str], facts: Knowledge) -> List[Button]:
    return [Button(facts.papers[one].name, _paper(one)) for one in papers]
