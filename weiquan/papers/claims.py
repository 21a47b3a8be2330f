"""Which claims stand in a paper: those that hold, and those that the shopper chose beforehand."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Dict, List, Optional, Sequence, Tuple

from weiquan.advice.advice import Advice
from weiquan.advice.compensation import CENT, Claim, circumstance_told, yuan
from weiquan.case.case import Case
from weiquan.facts.interview_questions import YES
from weiquan.facts.knowledge import Knowledge
from weiquan.papers.printable import blank

CLAIM = "claim."
"""Before the id of a rule: whether the claim is to stand in the papers, in `Case.told`."""
UNKNOWN_AMOUNT = f"{blank('金额')}元"


def is_refund(claim: Claim) -> bool:
    """Tell whether a claim is the money back, which the first request already asks for."""
    return claim.rule.choice in {"refund", "deposit"} and claim.rule.tier == 1


def claims_made(advice: Advice) -> Tuple[Claim, ...]:
    """Return the claims beside the refund that a paper makes: those that hold, and those chosen.

    Of claims of which only one can be had the largest stands: threefold and tenfold are not asked for at once.
    """
    case = advice.case
    chosen = {claim.rule.id for claim in claims_to_choose(advice) if case.told.get(CLAIM + claim.rule.id) == YES}
    made = [claim for claim in _beside_refund(advice) if claim.met or claim.rule.id in chosen]
    largest: Dict[str, Claim] = {}
    for claim in made:
        group = claim.rule.choice or claim.rule.id
        if group not in largest or _worth(claim, case, advice.facts) > _worth(largest[group], case, advice.facts):
            largest[group] = claim
    return tuple(claim for claim in made if claim in largest.values())


def claims_to_choose(advice: Advice) -> Tuple[Claim, ...]:
    """Return the claims that the shopper may choose: all that can be asked about holds, the rest is for proof."""
    return tuple(
        claim for claim in _beside_refund(advice) if not claim.met and _is_told(claim, advice.case, advice.facts)
    )


def claims_left_out(advice: Advice) -> Tuple[Claim, ...]:
    """Return the claims that may stand and are not made."""
    made = claims_made(advice)
    return tuple(claim for claim in _beside_refund(advice) if claim not in made)


def claimed(claim: Claim, advice: Advice) -> str:
    """Return a claim as a request, with the amount and, where it is more than the price, how it is worked out."""
    case, facts = advice.case, advice.facts
    sentence = facts.claim_sentences.get(claim.rule.id)
    text = sentence.text if sentence else f"支付{claim.rule.name} {{amount}}"
    amount = amount_of(claim, case, facts)
    said = text.replace("{amount}", UNKNOWN_AMOUNT if amount is None else yuan(amount)).replace(" 【", "【")
    is_worked_out = claim.amount is not None or claim.rule.minimum is not None
    return f"{said}（{claim.formula}）" if is_worked_out else said


def amount_of(claim: Claim, case: Case, facts: Knowledge) -> Optional[Decimal]:
    """Return what is claimed in yuan: of a loss or a freight what was told of it, never the price in its place."""
    sentence = facts.claim_sentences.get(claim.rule.id)
    loss = told_amount(case, sentence.amount_from) if sentence and sentence.amount_from else None
    if claim.amount is not None or loss is None:
        return claim.amount
    due = (loss * claim.rule.factor).quantize(CENT, ROUND_HALF_UP)
    return max(due, claim.rule.minimum or due)


def told_amount(case: Case, question: str) -> Optional[Decimal]:
    """Return the yuan told in answer to `question`, None where none were."""
    try:
        amount = Decimal(case.told.get(question, ""))
    except InvalidOperation:
        return None
    return amount if amount.is_finite() and amount > 0 else None


def _beside_refund(advice: Advice) -> List[Claim]:
    return [claim for claim in advice.claims if not is_refund(claim)] if advice.is_open else []


def _is_told(claim: Claim, case: Case, facts: Knowledge) -> bool:
    named: Sequence[Optional[str]] = [condition.circumstance for condition in claim.rule.conditions]
    return all(circumstance_told(name, case, facts) for name in named if name)


def _worth(claim: Claim, case: Case, facts: Knowledge) -> Decimal:
    return amount_of(claim, case, facts) or claim.rule.minimum or Decimal(0)
