"""Everything that the templates of papers are given of one case."""

from __future__ import annotations

import dataclasses
import datetime
import re
from decimal import Decimal
from typing import Any, Dict, List, Mapping, Optional, Sequence, Tuple

from weiquan.advice.advice import Advice
from weiquan.advice.compensation import Claim, is_odd_amount, yuan
from weiquan.advice.ladder import find_variant
from weiquan.advice.views import fill
from weiquan.dialogue.reports import LONGEST_ACCOUNT
from weiquan.facts.knowledge import Knowledge
from weiquan.facts.papers import PaperKind, TroubleSentence
from weiquan.facts.situations import Situation
from weiquan.papers.printable import blank, in_full, order_number_of, printable

_MAX_OPTIONAL = 4

_MAX_OTHERS = 2

_BLANK_AT_THE_END = re.compile(r"：【请填写：[^】]*】。\Z")
"""What the shopper's own words, which follow, have told."""

_NARROW_COMMA = re.compile(r"(?<=[^\x00-\x7f]),|,(?=[^\x00-\x7f])")

UNKNOWN_AMOUNT = f"{blank('金额')}元"

# --- what a template is given ---


@dataclasses.dataclass(frozen=True)
class OpenRequest:
    """A request that holds under conditions only."""

    text: str
    conditions: str
    citations: str


class Draft:
    """Everything that the templates say of one case in one paper."""

    def __init__(self, kind: PaperKind, advice: Advice) -> None:
        case, today = advice.case, advice.today
        self.kind, self.advice, self.case, self.facts, self.today = kind, advice, case, advice.facts, today
        self.situation: Optional[Situation] = advice.situation if advice.is_open else None
        self.claims: Tuple[Claim, ...] = advice.claims if advice.is_open else ()
        self.trouble = self._trouble()
        is_paid_known = case.amount is not None and not is_odd_amount(case)
        self.words: Dict[str, str] = {
            "me": kind.me,
            "seller": kind.seller,
            "shop": "贵店" if kind.seller == "贵店" else f"拼多多店铺{_quoted(case.shop) or blank('店铺名称')}",
            "goods": printable(case.goods or "") or blank("商品名称和规格"),
            "order_number": order_number_of(case, today) or blank("订单号"),
            "amount": yuan(Decimal(str(case.amount))) if is_paid_known else UNKNOWN_AMOUNT,
            "today": in_full(today),
        }
        self.words["trouble"] = self._say(self._first_sentence(self.trouble)) if self.trouble else blank("出了什么问题")

    def values(self) -> Dict[str, Any]:
        """Return the values by the names that the templates use."""
        items = self.advice.checklist
        names = {item.piece.id: item.text if self.situation else item.piece.name for item in items}
        missing = [item for item in items if not item.ticked]
        return {
            "events": self._events(),
            "requests": self._requests(),
            "optional": self._optional(),
            "citations": self._citations(),
            "suspected": (self.trouble and self.trouble.suspected) or "侵害消费者合法权益",
            "subject": self.situation.name if self.situation else blank("出了什么问题"),
            "order_number": self.words["order_number"],
            "company": self._company(),
            "parties": self._parties(),
            "is_delivered": self._is_purchase(),
            "is_choice": sum(claim.rule.choice == "punitive" for claim in self.claims) > 1,
            "evidence": [(names[item.piece.id], item.piece.proves) for item in items],
            "attached": "、".join(names.values()),
            # Where nothing was ticked, nothing is known of what is missing.
            "missing": "、".join(names[item.piece.id] for item in missing) if len(missing) < len(items) else "",
            "further": self._further(),
        }

    def _say(self, sentence: str) -> str:
        said = re.sub(r"\{(\w+)\}", lambda match: self.words[match.group(1)], sentence)
        return said.replace(" 【", "【")

    def _troubles(self) -> Tuple[str, ...]:
        """Return the ids under which the trouble may be described, the special case first."""
        variant = find_variant(self.case, self.facts.situations[self.situation.id]) if self.situation else None
        return tuple(trouble.id for trouble in (variant, self.situation) if trouble)

    def _trouble(self) -> Optional[TroubleSentence]:
        sentences = self.facts.trouble_sentences
        return next((sentences[trouble] for trouble in self._troubles() if trouble in sentences), None)

    def _first_sentence(self, trouble: TroubleSentence) -> str:
        text = _BLANK_AT_THE_END.sub("。", trouble.text) if self.case.account else trouble.text
        return text + ("" if self._is_said_by_event(trouble) else trouble.also or "")

    def _sentence_beside(self, trouble: TroubleSentence) -> str:
        """Return the sentence of another trouble, "" where an event tells it."""
        return "" if self._is_said_by_event(trouble) else trouble.also or trouble.text

    def _is_said_by_event(self, trouble: TroubleSentence) -> bool:
        event = trouble.same_as
        return event is not None and self._has_happened(event, self.facts.rung_of.get(event, event))

    def _is_purchase(self) -> bool:
        return self.trouble is None or self.trouble.is_purchase

    def _other_troubles(self) -> List[TroubleSentence]:
        sentences = self.facts.trouble_sentences
        return [sentences[other] for other in self.case.others if other in sentences][:_MAX_OTHERS]

    def _company(self) -> str:
        """Return the platform's company where it is the one complained of, else "".

        A variant decides for itself: an event of the platform's is another
        matter than a seller's gift.
        """
        about = self._troubles()[:1]
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

    # --- what happened ---

    def _events(self) -> List[str]:
        """Return the sentences of what happened and was done, in the order of time.

        An event without a date stays behind the one that usually comes before it.
        """
        sentences: List[Tuple[datetime.date, str]] = []
        latest = datetime.date.min
        others = self._other_troubles()
        fruitless = {trouble.same_as for trouble in (self.trouble, *others) if trouble}
        for event in self.facts.event_sentences.values():
            rung = self.facts.rung_of.get(event.id, event.id)
            has_failed = rung in self.case.failed or event.id in fruitless
            if not self._has_happened(event.id, rung) or (event.id == self.kind.own_event and not has_failed):
                continue
            day = self._day(event.id)
            latest = day or latest
            sentence = self._say(event.failed if event.failed and has_failed else event.text)
            if event.id != "trouble":
                when = in_full(day) if day else blank("下单日期" if event.id == "purchase" else "日期")
                sentence = f"{when}，{sentence}"
            sentences.append((latest, sentence))
            if event.id == "trouble":
                sentences += [(latest, f"经过（原话）：{_quoted(words)}。") for words in self.case.account]
                beside = (self._say(self._sentence_beside(other)) for other in others)
                sentences.extend((latest, sentence) for sentence in beside if sentence)
        return [sentence for _, sentence in sorted(sentences, key=lambda dated: dated[0])]

    def _day(self, event: str) -> Optional[datetime.date]:
        dates = self.case.dates
        day = dates.get("ordered", dates.get("paid")) if event == "purchase" else dates.get(event)
        # What has not come yet has not happened.
        return day if day and day <= self.today else None

    def _has_happened(self, event: str, rung: str) -> bool:
        case = self.case
        if event == "trouble":
            return True
        if event == "purchase":
            is_known = bool(case.goods or case.order_number or self._day(event))
            return is_known or self._is_purchase()
        if event == "paid":
            return "ordered" in case.dates and self._day(event) not in {None, case.dates["ordered"]}
        if self._day(event) or rung in case.climbed:
            return True
        return event in _IMPLIED.get(case.stage or "", ())

    # --- what is wanted, and why it is due ---

    def _requests(self) -> List[str]:
        """Return what is asked for: what the shopper said, else the usual, and the claims that hold without more."""
        wishes = self.facts.wish_sentences
        refunds = any(_is_refund(claim) and claim.rule.basis == "price" for claim in self.claims)
        if self.case.remedy in wishes:
            first = self._say(wishes[self.case.remedy or ""].text)
        elif self.trouble and self.trouble.request:
            first = self.trouble.request
        elif self.kind.id == "civil_complaint" and refunds:
            # A court cannot decide "return or exchange"; and only plain money is a small claim.
            first = self._say(wishes["refund"].text)
        elif self.situation:
            first = fill("{ask}", self.situation).replace("商家", self.kind.seller)
        else:
            first = blank("您要怎么处理，如退款、换货、补发")
        return [first, *(self._claimed(claim) for claim in self.claims if claim.met and not _is_refund(claim))]

    def _optional(self) -> List[OpenRequest]:
        """Return the claims whose conditions are open, with those conditions."""
        open_claims = [claim for claim in self.claims if not claim.met and not _is_refund(claim)]
        return [
            OpenRequest(self._claimed(claim), "；".join(claim.needs), cited(self._allowed(claim.rule.laws), self.facts))
            for claim in open_claims[:_MAX_OPTIONAL]
        ]

    def _claimed(self, claim: Claim) -> str:
        """Return a claim as a request, with the amount and, where it is more than the price, how it is worked out."""
        sentence = self.facts.claim_sentences.get(claim.rule.id)
        text = sentence.text if sentence else f"支付{claim.rule.name} {{amount}}"
        said = text.replace("{amount}", UNKNOWN_AMOUNT if claim.amount is None else yuan(claim.amount))
        said = said.replace(" 【", "【")
        return f"{said}（{claim.formula}）" if claim.amount is not None or claim.rule.minimum is not None else said

    def _citations(self) -> str:
        """Return the articles that this paper may rely on, without those of claims that are open or ruled out."""
        if not self.situation:
            return ""
        owed = {law for claim in self.claims if claim.met or claim.rule.tier == 1 for law in claim.rule.laws}
        hoped_for = {law for claim in self.claims if not claim.met and claim.rule.tier > 1 for law in claim.rule.laws}
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


_IMPLIED: Mapping[str, Tuple[str, ...]] = {
    "shipped": ("shipped",),
    "received": ("received",),
    "returned": ("received", "returned"),
}
"""What has happened at a stage even where no date of it is known."""


def _is_refund(claim: Claim) -> bool:
    """Tell whether a claim is the money back, which the first request already asks for."""
    return claim.rule.choice in {"refund", "deposit"} and claim.rule.tier == 1


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


def _quoted(words: Optional[str]) -> str:
    """Return `words` of the shopper in quotation marks, "" for none."""
    written = _NARROW_COMMA.sub("，", printable(words or "", LONGEST_ACCOUNT))
    return f"「{written.rstrip('。.!，')}」" if written else ""
