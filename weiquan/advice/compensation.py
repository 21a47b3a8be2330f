"""What the law allows in a case: which claims stand, how much each comes to, and what is still open.

Rules, figures and questions are data (`knowledge/compensation.yml`). Nothing
here says that a claim will succeed: that is for proof, platform and court.
"""

from __future__ import annotations

import dataclasses
from decimal import ROUND_HALF_UP, Decimal
from typing import Dict, FrozenSet, List, Optional, Sequence, Tuple

from weiquan.case.case import Case
from weiquan.facts.compensation import Circumstance, CompensationRule
from weiquan.facts.knowledge import Knowledge

MOST_PLAUSIBLE = Decimal(10_000_000)
"""Yuan; a larger amount was misread, no order on the platform costs so much."""

MEDICAL_COST = "医疗费"

CENT = Decimal("0.01")


@dataclasses.dataclass(frozen=True)
class Claim:
    """One thing that can be claimed.

    `amount` is in yuan, to the cent; None where it depends on what is not
    known: the price, the loss, the freight. `formula` says in words how it is
    worked out, `needs` the conditions still open. `met` is True where none of
    them and no question is open, else None.
    """

    rule: CompensationRule
    amount: Optional[Decimal]
    formula: str
    needs: Tuple[str, ...]
    met: Optional[bool]


def yuan(amount: Decimal) -> str:
    """Write an amount as 「120 元」 or 「39.9 元」, half-up to the cent."""
    return f"{amount.quantize(CENT, ROUND_HALF_UP).normalize():f} 元"


def is_odd_amount(case: Case) -> bool:
    """Tell whether the amount of the case cannot be the price of an order: nothing, negative, or absurdly much."""
    return case.amount is not None and _paid(case) is None


def estimate(case: Case, facts: Knowledge) -> Tuple[Claim, ...]:
    """Return the claims that may stand, surest first: by tier, then those whose conditions are met, then as filed.

    What the answer about a circumstance rules out is left out, see `ruled_out`. Where the
    amount is odd (`is_odd_amount`) there is no estimate.
    """
    if is_odd_amount(case):
        return ()
    standing = [
        rule
        for rule in rules_for(case, facts)
        if _reason_against(rule, case, facts) is None and (_conditions_hold(rule, case, facts) or not rule.only_if_told)
    ]
    standing.sort(key=lambda rule: (rule.tier, not _conditions_hold(rule, case, facts)))
    return tuple(_claim(rule, case, facts) for rule in standing)


def ruled_out(case: Case, facts: Knowledge) -> Tuple[Tuple[CompensationRule, str], ...]:
    """Return the rules of the case's situation that the answer about a circumstance rules out, each with why."""
    reasons = [(rule, _reason_against(rule, case, facts)) for rule in rules_for(case, facts)]
    return tuple((rule, why) for rule, why in reasons if why is not None and not rule.only_if_told)


def circumstance(name: str, facts: Knowledge) -> Optional[Circumstance]:
    """Return the circumstance of that id, None where there is none."""
    return facts.circumstances.get(name)


def open_circumstances(case: Case, facts: Knowledge) -> Tuple[str, ...]:
    """Return the ids of the circumstances whose answer would change the estimate, most telling first.

    The most telling one has the most money hanging on it; where the sums are
    equal or unknown, the order of `knowledge/compensation.yml` decides.
    """
    if is_odd_amount(case):
        return ()
    named = {name for rule in rules_for(case, facts) for name in rule.to_ask()}
    unanswered = [
        name for name in facts.circumstances if name in named and circumstance_told(name, case, facts) is None
    ]
    changes = {name: _at_stake(name, case, facts) for name in unanswered}
    telling = [name for name in unanswered if changes[name] is not None]
    return tuple(sorted(telling, key=lambda name: -(changes[name] or Decimal(0))))


def _paid(case: Case) -> Optional[Decimal]:
    """Return the price paid in yuan to the cent, None where it is unknown or odd."""
    if case.amount is None:
        return None
    price = Decimal(str(case.amount))
    if not price.is_finite() or not CENT / 2 <= price <= MOST_PLAUSIBLE:
        return None
    return price.quantize(CENT, ROUND_HALF_UP)


def _places(case: Case) -> FrozenSet[str]:
    """Return the names by which rules may mean this case: its situations, and situation.variant."""
    own = {case.situation, *case.others} - {None}
    variant = {f"{case.situation}.{case.variant}"} if case.variant else set()
    return frozenset(name for name in (*own, *variant) if name)


def rules_for(case: Case, facts: Knowledge) -> List[CompensationRule]:
    """Return the rules that fit the situations and the stage of the case, in the order of the file."""
    places = _places(case)
    return [
        rule
        for rule in facts.compensation_rules.values()
        if places.intersection(rule.situations)
        and not places.intersection(rule.not_for)
        and (not rule.stages or case.stage is None or case.stage in rule.stages)
    ]


def circumstance_told(name: str, case: Case, facts: Knowledge) -> Optional[bool]:
    """Return the answer about a circumstance: the shopper's, else what the situation says of itself, else None."""
    if name in case.circumstances:
        return case.circumstances[name]
    return True if _places(case).intersection(facts.circumstances[name].told_by) else None


def _reason_against(rule: CompensationRule, case: Case, facts: Knowledge) -> Optional[str]:
    """Return why the answer about a circumstance rules the claim out, None where none does."""
    for condition in rule.conditions:
        if condition.circumstance and circumstance_told(condition.circumstance, case, facts) is False:
            return condition.otherwise
    for exclusion in rule.exclusions:
        if (
            exclusion.circumstance
            and not exclusion.narrows_to
            and circumstance_told(exclusion.circumstance, case, facts)
        ):
            return exclusion.text
    return None


def _conditions_hold(rule: CompensationRule, case: Case, facts: Knowledge) -> bool:
    """Tell whether all conditions that a shopper can answer hold by the answers."""
    named = (condition.circumstance for condition in rule.conditions)
    return all(circumstance_told(name, case, facts) for name in named if name)


def _is_open(rule: CompensationRule, case: Case, facts: Knowledge) -> bool:
    """Tell whether an answer that is not known yet bears on the claim."""
    return any(circumstance_told(name, case, facts) is None for name in rule.to_ask())


def _claim(rule: CompensationRule, case: Case, facts: Knowledge) -> Claim:
    needs = tuple(
        condition.text
        for condition in rule.conditions
        if not (condition.circumstance and circumstance_told(condition.circumstance, case, facts))
    )
    amount, formula = _amount_and_formula(rule, case, facts)
    return Claim(rule, amount, formula, needs, None if needs or _is_open(rule, case, facts) else True)


def _amount_and_formula(rule: CompensationRule, case: Case, facts: Knowledge) -> Tuple[Optional[Decimal], str]:
    """Return the amount, None where it is not known, and how it is worked out."""
    narrowed = next(
        (
            exclusion.narrows_to
            for exclusion in rule.exclusions
            if exclusion.narrows_to
            and exclusion.circumstance
            and circumstance_told(exclusion.circumstance, case, facts)
        ),
        None,
    )
    paid = _paid(case)
    spent = _spent(rule, case)
    if spent is not None and not narrowed:
        return _of_own_costs(rule, spent)
    is_deposit = rule.amount_if is not None and circumstance_told(rule.amount_if, case, facts) is True
    if paid is None or narrowed or not (rule.basis == "price" or is_deposit):
        return None, _in_words(rule, narrowed or rule.counted_on, paid)
    product = (paid * rule.factor).quantize(CENT, ROUND_HALF_UP)
    formula = yuan(product) if rule.factor == 1 else f"{yuan(paid)} × {rule.factor} = {yuan(product)}"
    if rule.minimum is None or product >= rule.minimum:
        return product, formula
    return rule.minimum, f"{formula}，不足 {yuan(rule.minimum)}，按 {yuan(rule.minimum)}"


def _spent(rule: CompensationRule, case: Case) -> Optional[Decimal]:
    """Return what the shopper spent of what `rule` counts: freight, or treatment, never the price; None if unknown."""
    of_treatment = rule.basis == "loss" and (rule.factor > 1 or MEDICAL_COST in rule.counted_on)
    spent = case.sums.get("freight" if rule.basis == "freight" else "medical" if of_treatment else "")
    return None if spent is None else Decimal(str(spent)).quantize(CENT, ROUND_HALF_UP)


def _of_own_costs(rule: CompensationRule, spent: Decimal) -> Tuple[Decimal, str]:
    product = (spent * rule.factor).quantize(CENT, ROUND_HALF_UP)
    if rule.basis == "freight":
        return product, yuan(product)
    if rule.factor == 1:
        others = rule.counted_on.replace(f"{MEDICAL_COST}、", "")
        return product, f"看病花的 {yuan(product)}，{others}另加"
    formula = f"看病花的 {yuan(spent)} × {rule.factor} = {yuan(product)}"
    if rule.minimum is None or product >= rule.minimum:
        return product, formula
    return rule.minimum, f"{formula}，不足 {yuan(rule.minimum)}，按 {yuan(rule.minimum)}"


def _in_words(rule: CompensationRule, counted_on: str, paid: Optional[Decimal]) -> str:
    formula = counted_on if rule.factor == 1 else f"{counted_on} × {rule.factor}"
    if rule.up_to:
        formula = f"最多{formula}"
    if rule.minimum is not None:
        formula += f"，不足 {yuan(rule.minimum)}按 {yuan(rule.minimum)}"
    if rule.capped_by_price and paid is not None:
        formula += f"，最多 {yuan(paid)}"
    return formula


def _at_stake(name: str, case: Case, facts: Knowledge) -> Optional[Decimal]:
    """Return the yuan between yes and no to a circumstance, None where the claims are the same."""
    answers = [
        estimate(dataclasses.replace(case, circumstances={**case.circumstances, name: answer}), facts)
        for answer in (True, False)
    ]
    if {(claim.rule.id, claim.formula) for claim in answers[0]} == {
        (claim.rule.id, claim.formula) for claim in answers[1]
    }:
        return None
    return abs(_total(answers[0]) - _total(answers[1]))


def _total(claims: Sequence[Claim]) -> Decimal:
    """Return what the claims come to at least: amounts and minimums, of those to choose from the largest."""
    largest: Dict[str, Decimal] = {}
    for claim in claims:
        worth = claim.amount or claim.rule.minimum or Decimal(0)
        group = claim.rule.choice or claim.rule.id
        largest[group] = max(worth, largest.get(group, Decimal(0)))
    return sum(largest.values(), Decimal(0))
