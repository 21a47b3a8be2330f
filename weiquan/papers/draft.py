"""Everything that the templates of papers are given of one case."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Dict, List, Optional, Sequence, Tuple

from weiquan.advice.advice import Advice
from weiquan.advice.compensation import Claim, is_odd_amount, yuan
from weiquan.advice.views import fill
from weiquan.facts.case_words import case_words
from weiquan.facts.knowledge import Knowledge
from weiquan.facts.papers import PaperKind
from weiquan.facts.situations import Situation
from weiquan.papers.claims import (
    UNKNOWN_AMOUNT,
    amount_of,
    claimed,
    claims_left_out,
    claims_made,
    is_refund,
    told_amount,
)
from weiquan.papers.narrative import ELEMENTS, Narrative, element_of, quoted, told_words
from weiquan.papers.printable import blank, in_full, order_number_of, printable

_MOST_LEFT_OUT = 4


class Draft:
    """Everything that the templates say of one case in one paper."""

    def __init__(self, kind: PaperKind, advice: Advice) -> None:
        case, today = advice.case, advice.today
        self.kind, self.advice, self.case, self.facts, self.today = kind, advice, case, advice.facts, today
        self.situation: Optional[Situation] = advice.situation if advice.is_open else None
        self.claims: Tuple[Claim, ...] = advice.claims if advice.is_open else ()
        self.made = claims_made(advice)
        is_paid_known = case.amount is not None and not is_odd_amount(case)
        self.platform = (advice.elsewhere or advice.facts.own_platform).name
        shop = f"{self.platform}店铺{quoted(case.shop) or blank('店铺名称')}"
        self.words: Dict[str, str] = {
            "me": kind.me,
            "seller": kind.seller,
            "shop": "贵店" if kind.seller == "贵店" else shop,
            "goods": printable(case.goods or "") or blank("商品名称和规格"),
            "order_number": order_number_of(case, today) or blank("订单号"),
            "amount": yuan(Decimal(str(case.amount))) if is_paid_known else UNKNOWN_AMOUNT,
            "today": in_full(today),
            **told_words(case, self.facts.paper_questions),
        }
        for question in self.facts.paper_questions.values():
            if question.kind == "amount" and question.fills is None:
                told = told_amount(case, question.id)
                self.words[question.id] = yuan(told) if told else f"{blank(question.blank)}元"
        self.narrative = Narrative(kind, advice, self.words)
        self.trouble = self.narrative.trouble
        first = self.narrative.first_sentence()
        self.words["trouble"] = self.narrative.say(first) if first else blank("出了什么问题")

    def values(self) -> Dict[str, Any]:
        """Return the values by the names that the templates use."""
        case, items = self.case, self.advice.checklist
        names = {item.piece.id: item.text if self.situation else item.piece.name for item in items}
        missing = [item for item in items if not item.ticked]
        at_hand = [item for item in items if item.ticked]
        return {
            "events": [statement.text for statement in self.narrative.statements],
            "requests": self._requests(),
            "elements": self._elements(),
            "total": self._total(),
            "amount": self.words["amount"],
            "left_out": self._left_out(),
            "days_in_doubt": self._days_in_doubt(),
            "citations": self._citations(),
            "suspected": (self.trouble and self.trouble.suspected) or "侵害消费者合法权益",
            "subject": self.situation.name if self.situation else blank("出了什么问题"),
            "order_number": self.words["order_number"],
            "company": self._company(),
            "platform": self.platform,
            "parties": self._parties(),
            "is_delivered": self.narrative.is_purchase,
            "district": printable(case.told.get("district", "")),
            "evidence": [(names[item.piece.id], item.piece.proves) for item in at_hand or items],
            "is_at_hand": bool(at_hand),
            "attached": "、".join(names.values()),
            # Where nothing was ticked, nothing is known of what is missing.
            "missing": "、".join(names[item.piece.id] for item in missing) if len(missing) < len(items) else "",
            "further": self._further(),
        }

    def _company(self) -> str:
        """Return the platform's company where it is the one complained of, else "".

        A variant decides for itself: an event of the platform's is another
        matter than a seller's gift.
        """
        about = self.narrative.troubles[:1]
        return next(
            (company.name for company in self.facts.companies.values() if set(about) & set(company.troubles)), ""
        )

    def _parties(self) -> List[Tuple[str, List[str]]]:
        """Return each party's heading and lines, 「名称：【请填写：…】」 or the company's name."""
        return [
            (
                party.heading,
                [
                    _line(field, self._company() if party.is_respondent and place == 0 else "")
                    for place, field in enumerate(party.fields)
                ],
            )
            for party in self.kind.parties
        ]

    def _elements(self) -> List[Tuple[str, List[str]]]:
        """Return the facts by the elements that a court asks for, in its order, those without a fact left out."""
        found: Dict[str, List[str]] = {heading: [] for heading in ELEMENTS}
        for statement in self.narrative.statements:
            found[element_of(statement)].append(statement.text)
        return [(heading, lines) for heading, lines in found.items() if lines]

    # --- what is wanted, and why it is due ---

    def _total(self) -> str:
        """Return the sum of what is claimed, a blank where not all of it is known."""
        amounts = [amount_of(claim, self.case, self.facts) for claim in self.made]
        paid = Decimal(str(self.case.amount)) if self.words["amount"] != UNKNOWN_AMOUNT else None
        is_refund_asked = self.words["amount"] in self._requests()[0]
        known = [amount for amount in (*amounts, paid) if amount is not None]
        return yuan(sum(known, Decimal(0))) if is_refund_asked and len(known) > len(amounts) else UNKNOWN_AMOUNT

    def _requests(self) -> List[str]:
        """Return what is asked for: what the shopper said, else the usual, and the claims that hold without more."""
        wishes = self.facts.wish_sentences
        refunds = any(is_refund(claim) and claim.rule.basis == "price" for claim in self.claims)
        if self.case.remedy in wishes:
            first = self.narrative.say(wishes[self.case.remedy or ""].text)
        elif self.trouble and self.trouble.request:
            first = self.trouble.request
        elif self.kind.id == "civil_complaint" and refunds:
            # A court cannot decide "return or exchange"; and only plain money is a small claim.
            first = self.narrative.say(wishes["refund"].text)
        elif self.situation:
            first = fill("{ask}", self.situation).replace("商家", self.kind.seller)
        else:
            first = blank("您要怎么处理，如退款、换货、补发")
        return [first, *(claimed(claim, self.advice) for claim in self.made)]

    def _left_out(self) -> List[str]:
        """Return, for the shopper, the claims that the paper does not make, with their conditions."""
        if not self.kind.chooses_claims:
            return []
        left = claims_left_out(self.advice)[:_MOST_LEFT_OUT]
        return [f"{claimed(claim, self.advice)}，条件是{'；'.join(claim.needs) or '请核对是否符合'}" for claim in left]

    def _days_in_doubt(self) -> List[str]:
        """Return the days that cannot be right beside the others: 「10月2日签收」."""
        words, dates = case_words(), self.case.dates
        return [words.happened(event, in_full(dates[event])) for event in sorted(self.narrative.days_in_doubt)]

    def _citations(self) -> str:
        """Return the articles that this paper may rely on, without those of claims that are open or ruled out."""
        if not self.situation:
            return ""
        owed = {law for claim in self.claims if claim in self.made or claim.rule.tier == 1 for law in claim.rule.laws}
        hoped_for = {
            law for claim in self.claims if claim not in self.made and claim.rule.tier > 1 for law in claim.rule.laws
        }
        fallen = {law for rule, _ in self.advice.ruled_out for law in rule.laws}
        unfounded = (hoped_for | fallen) - owed
        return cited([law for law in self._allowed(self.situation.laws) if law not in unfounded], self.facts)

    def _allowed(self, laws: Sequence[str]) -> List[str]:
        left_out = set(self.kind.leaves_out)
        if not (self.kind.to_platform or self._company()):
            left_out.update(law for company in self.facts.companies.values() for law in company.laws)
        return [law for law in laws if self.facts.laws[law].law in self.kind.cites and law not in left_out]

    # --- the way on ---

    def _further(self) -> str:
        """Return the name of the step to announce: the lowest beyond talking that is not taken yet."""
        rungs, usual = self.facts.rungs, self.facts.usual_ladder
        ladder = self.advice.ladder if self.situation else usual
        beyond = [rung for rung in ladder if rung in usual and not rungs[rung].with_seller]
        left = [rung for rung in beyond if rung not in self.case.climbed] or beyond or ["complaint_12315"]
        return rungs[left[0]].name


def _line(field: str, value: str) -> str:
    """Return «name: value» of a field 「名称（提示）」; the blank of an unknown value bears the hint."""
    name, _, hint = field.rstrip("）").partition("（")
    return f"{name}：{value or blank(hint or name)}"


def cited(laws: Sequence[str], facts: Knowledge) -> str:
    """Return «《…法》第二十四条、第五十五条，《…》第十条», in the order of `laws.yml`, "" for none."""
    articles: Dict[str, List[str]] = {}
    in_order = list(facts.laws)
    for law in sorted(set(laws), key=in_order.index):
        record = facts.laws[law]
        articles.setdefault(record.law, []).extend(record.articles)
    # Within 《》 a title is set in 〈〉 (GB/T 15834).
    titles = {law: law.replace("《", "〈").replace("》", "〉") for law in articles}
    return "，".join(f"《{titles[law]}》{'、'.join(articles_of)}" for law, articles_of in articles.items())
