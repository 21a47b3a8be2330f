"""What can be claimed, as a text, and as an answer."""

from __future__ import annotations

import dataclasses
import datetime
from typing import Any, Dict, List, Mapping, Sequence, Tuple

from weiquan.advice.compensation import Claim, estimate, is_odd_amount, ruled_out, yuan
from weiquan.advice.views import view
from weiquan.case.case import Case
from weiquan.facts.knowledge import Knowledge
from weiquan.rendering.fitting import fit
from weiquan.rendering.render import render
from weiquan.replies import cards
from weiquan.replies.bubbles import Bubble, Button
from weiquan.replies.buttons import NEXT_STEP, SELLER_MESSAGE, paper_payload
from weiquan.replies.steps import Answer

AMOUNT = "amount_paid"


def estimate_answer(case: Case, facts: Knowledge, today: datetime.date) -> Answer:
    """Return what can be claimed; where the price would tell how much, it is asked for."""
    claims = estimate(case, facts)
    text = estimate_text(case, facts, today)
    asks_price = case.amount is None and any(one.rule.basis == "price" for one in claims)
    asked = dataclasses.replace(case, question=AMOUNT) if asks_price and case.question is None else case
    buttons = (NEXT_STEP, Button("写给商家的话", paper_payload(SELLER_MESSAGE)))
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


_REDUCTIONS: Tuple[Mapping[str, Any], ...] = (
    {"fallen": 0},
    {"exclusions": 3},
    {"exclusions": 2},
    {"laws": 0},
    {"claims": 5},
    {"claims": 4},
    {"exclusions": 1},
    {"claims": 3},
    {"exclusions": 0},
    {"claims": 2},
    {"needs": 1},
)
"""What a text that is too long does without: {what: how many of it are kept}."""


def estimate_text(case: Case, facts: Knowledge, today: datetime.date) -> str:
    """Return the estimate as one bubble, with conditions, exclusions and that nothing is promised.

    `today` decides which facts are stale. Where no rule fits, the situation's
    own words on compensation stand instead.
    """
    claims = estimate(case, facts)
    fallen = ruled_out(case, facts)

    def write(kept: Mapping[str, Any]) -> str:
        shown = _foremost(claims, kept["claims"]) if "claims" in kept else claims
        return render(
            "estimate",
            facts,
            today,
            situation=view(case, facts) if case.situation in facts.situations else None,
            is_odd=is_odd_amount(case),
            claims=shown,
            needs=kept.get("needs"),
            with_laws="laws" not in kept,
            choices=_choices(shown),
            fallen=fallen[: kept.get("fallen")] if claims else (),
            exclusions=_exclusions(shown)[: kept.get("exclusions")],
            asks_price=case.amount is None and any(one.rule.basis == "price" for one in shown),
        )

    return fit(write, _REDUCTIONS)


def _foremost(claims: Sequence[Claim], most: int) -> Tuple[Claim, ...]:
    """Return at most `most` claims in their order: one of each choice before its alternatives, amounts before words."""
    chosen: List[str] = []
    ranked: List[Tuple[bool, bool, int]] = []
    for place, claim in enumerate(claims):
        group = claim.rule.choice or claim.rule.id
        ranked.append((group in chosen, claim.amount is None, place))
        chosen.append(group)
    return tuple(claims[place] for place in sorted(place for _, _, place in sorted(ranked)[:most]))


def _choices(claims: Sequence[Claim]) -> Tuple[Tuple[int, ...], ...]:
    """Return the places (from 1) of the claims of which only one can be had, group by group."""
    groups: Dict[str, List[int]] = {}
    for place, claim in enumerate(claims, 1):
        if claim.rule.choice:
            groups.setdefault(claim.rule.choice, []).append(place)
    return tuple(tuple(places) for places in groups.values() if len(places) > 1)


def _exclusions(claims: Sequence[Claim]) -> Tuple[str, ...]:
    """Return what the claims must not be, each once."""
    return tuple(dict.fromkeys(one.text for claim in claims for one in claim.rule.exclusions))
