"""Answers to what the other side offers, wants or does."""

from __future__ import annotations

from decimal import Decimal
from typing import List, Optional, Sequence, Tuple

from weiquan.advice.advice import Advice
from weiquan.advice.compensation import circumstance_told, yuan
from weiquan.advice.due_date import day_in_words, due_date, in_words
from weiquan.advice.views import fill
from weiquan.dialogue.developments import EVIDENCE_DUE
from weiquan.facts.situations import Development
from weiquan.reading.message import Message
from weiquan.replies.bubbles import Bubble, Button, Reply, payload
from weiquan.replies.plan import claim_line
from weiquan.replies.texts import text_of
from weiquan.replies.told.said_back import paid

AT_FAULT = "goods_at_fault"
MOST_CLAIMS = 2
REFUND_AFTER_RETURN = "refund_after_return"


def development_reply(development: Development, message: Message, advice: Advice) -> Reply:
    """Say what to do about `development`, by when with which sums, and ask how it is answered."""
    is_at_fault = bool(development.at_fault and circumstance_told(AT_FAULT, advice.case, advice.facts))
    words = str(development.at_fault) if is_at_fault else development.say
    text = text_of(
        "development",
        advice,
        words=fill(words, advice.situation),
        cited=development.law_at_fault if is_at_fault else development.law,
        last_day=_last_day(development, message, advice),
        lines=_lines(development, advice),
    )
    return Reply((Bubble(text), Bubble(development.question, _answers(development))), advice.case)


def _answers(development: Development) -> Tuple[Button, ...]:
    return tuple(
        Button(answer.title, payload(answer.tells, **({"development": answer.event} if answer.event else {})))
        for answer in development.answers
    )


def development_doubt_reply(development: Development, advice: Advice) -> Reply:
    """Ask whether `development` is what the shopper means."""
    yes = Button("是这样", payload("inform", development=development.id))
    no = Button("不是", payload("inform"))
    return Reply((Bubble(text_of("development_doubt", advice, meant=development.name), (yes, no)),), advice.case)


def which_development_reply(rivals: Sequence[Development], message: Message, advice: Advice) -> Reply:
    """Ask which of `rivals` the shopper means; the one amount of the `message` goes with the answer."""
    amounts = [f"{float(entity.value):g}" for entity in message.entities if entity.kind == "amount" and entity.value]
    amount = {"amount": amounts[0]} if len(amounts) == 1 else {}
    buttons = [Button(told.name, payload("inform", development=told.id, **amount)) for told in rivals]
    meant = "，还是".join(told.name for told in rivals)
    neither = Button("都不是", payload("inform"))
    return Reply((Bubble(text_of("development_doubt", advice, meant=meant), (*buttons, neither)),), advice.case)


def _last_day(development: Development, message: Message, advice: Advice) -> Optional[str]:
    """Return the day by which evidence is wanted, None where it is not known."""
    until = advice.case.dates.get(EVIDENCE_DUE)
    if not development.has_last_day or until is None:
        return None
    return day_in_words(until, message.today)


def _lines(development: Development, advice: Advice) -> List[str]:
    """Return what the sums and days of the case say of `development`: an offer beside what the law gives."""
    case, lines = advice.case, []
    sum_told = case.sums.get(development.sum or "")
    if sum_told is not None and case.amount is not None:
        left = Decimal(str(case.amount)) - Decimal(str(sum_told))
        if development.sum == "offered":
            lines.append(
                f"他出 {paid(sum_told)}，您付了 {paid(case.amount)}" + (f"，差 {yuan(left)}。" if left > 0 else "。")
            )
        elif development.sum == "refunded":
            lines.append(f"您付了 {paid(case.amount)}，退了 {paid(sum_told)}，还差 {yuan(left)}。")
        else:
            lines.append(f"您付了 {paid(case.amount)}，按他说的扣 {paid(sum_told)}，只剩 {yuan(left)}。")
    if development.id in {"offered", "refunded_part", "refunded"} and case.amount is not None:
        claims = [claim for claim in advice.claims if claim.amount is not None]
        weighty = [*claims[:1], *sorted(claims[1:], key=lambda claim: -(claim.amount or 0))][:MOST_CLAIMS]
        lines += [f"依法可以提：{'；'.join(claim_line(claim) for claim in weighty)}"] if weighty else []
    if development.id == "return_received":
        due = due_date(REFUND_AFTER_RETURN, case, advice.facts, advice.today)
        lines += [in_words(due, advice.facts, advice.today)] if due else []
    return lines
