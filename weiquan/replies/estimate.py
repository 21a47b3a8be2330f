"""What can be claimed, as a text, and as an answer."""

from __future__ import annotations

import dataclasses
from decimal import Decimal
from typing import Any, Dict, List, Mapping, Sequence, Tuple

from weiquan.advice.advice import Advice
from weiquan.advice.compensation import Claim, is_odd_amount, yuan
from weiquan.facts.knowledge import Knowledge
from weiquan.facts.quick_replies import ESTIMATE
from weiquan.rendering.fitting import fit
from weiquan.replies import cards
from weiquan.replies.bubbles import Bubble, Reply
from weiquan.replies.buttons import back_button, quick_replies
from weiquan.replies.texts import text_of

AMOUNT = "amount_paid"


def estimate_reply(advice: Advice) -> Reply:
    """Return what can be claimed; where the price would tell how much, it is asked for."""
    case, claims, text = advice.case, advice.claims, estimate_text(advice)
    asks_price = case.amount is None and any(claim.rule.basis == "price" for claim in claims)
    asked = dataclasses.replace(case, question=AMOUNT) if asks_price and case.question is None else case
    buttons = (back_button(advice.facts), *quick_replies(ESTIMATE, advice.facts))
    if not claims:
        return Reply((Bubble(text, buttons),), asked)
    basis = text_of("basis", advice, situation=advice.situation)
    return Reply((Bubble(text, card=_estimate_card(advice)), Bubble(basis, buttons)), asked)


def _estimate_card(advice: Advice) -> Dict[str, Any]:
    return {
        "kind": "estimate",
        # A page that draws the card shows no text beside it.
        "title": headline(advice) or f"「{advice.situation.name}」依法可以提",
        "claims": [_claim_part(claim, advice.facts) for claim in advice.claims],
        "exclusions": list(
            dict.fromkeys(exclusion.text for claim in advice.claims for exclusion in claim.rule.exclusions)
        ),
        "note": "能不能拿到要看证据和各方认定。",
    }


def _claim_part(claim: Claim, facts: Knowledge) -> Dict[str, Any]:
    return {
        "name": claim.rule.name,
        "amount": yuan(claim.amount) if claim.amount is not None else None,
        "formula": claim.formula,
        "conditions": list(claim.needs),
        "laws": [cards.law_part(facts.laws[law], facts) for law in claim.rule.laws],
        "sure": bool(claim.met),
    }


_REDUCTIONS: Tuple[Mapping[str, Any], ...] = (
    {"fallen": 0},
    {"exclusions": 3},
    {"exclusions": 2},
    {"laws": 0},
    {"claims": 5},
    {"named": False},
    {"exclusions": 1},
    {"claims": 4},
    {"claims": 3},
    {"exclusions": 0},
    {"claims": 2},
    {"needs": 1},
)
"""What a text that is too long does without: {what: how many of it are kept}."""


def estimate_text(advice: Advice) -> str:
    """Return the estimate as one bubble, with conditions, exclusions and that nothing is promised.

    Where no rule fits, the situation's own words on compensation stand instead.
    """
    case, claims = advice.case, advice.claims

    def write(kept: Mapping[str, Any]) -> str:
        shown = _foremost(claims, kept["claims"]) if "claims" in kept else claims
        return text_of(
            "estimate",
            advice,
            headline=headline(advice),
            situation=advice.situation if advice.is_open else None,
            is_named=kept.get("named", True),
            is_odd=is_odd_amount(case),
            claims=shown,
            needs=kept.get("needs"),
            with_laws="laws" not in kept,
            choices=_choices(shown),
            fallen=advice.ruled_out[: kept.get("fallen")] if claims else (),
            exclusions=_exclusions(shown)[: kept.get("exclusions")],
            asks_price=case.amount is None and any(claim.rule.basis == "price" for claim in shown),
        )

    return fit(write, _REDUCTIONS)


def headline(advice: Advice) -> str:
    """Return the figures of this case in one line: the price back, the most beside it, own costs; "" without any."""
    case = advice.case
    told = [claim for claim in advice.claims if claim.amount is not None]
    if case.amount is None or not told:
        return ""
    back = next((claim for claim in told if claim.rule.basis == "price" and not claim.rule.is_beyond_refund), None)
    beyond = [claim for claim in told if claim.rule.is_beyond_refund and claim.rule.basis in {"price", "deposit"}]
    most = max(beyond, key=lambda claim: claim.amount or 0, default=None)
    own = [claim for claim in told if claim.rule.basis == "loss" and claim.rule.factor == 1]
    parts = [f"能要回 {yuan(back.amount)}" if back and back.amount is not None else ""]
    if most is not None and most.amount is not None:
        beside = "另加" if most.rule.beside_refund == "added" else "按承诺或规则最多"
        parts.append(f"{beside} {yuan(most.amount)}（{most.rule.name}，看前提）")
    parts += [f"看病花的 {yuan(claim.amount)} 凭票据另算" for claim in own[:1] if claim.amount is not None]
    refunded = case.sums.get("refunded")
    parts.append(f"已经退的 {yuan(Decimal(str(refunded)))} 从里面减" if refunded else "")
    return f"您付了 {yuan(Decimal(str(case.amount)))}：{'；'.join(filter(None, parts))}。" if any(parts) else ""


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
    return tuple(dict.fromkeys(exclusion.text for claim in claims for exclusion in claim.rule.exclusions))
