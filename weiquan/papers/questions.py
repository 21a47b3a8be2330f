"""What is asked before a paper is written: what matters in it, is not known, and was not passed over."""

from __future__ import annotations

import dataclasses
from decimal import Decimal
from typing import Iterator, List, Optional, Tuple

from weiquan.advice.advice import Advice
from weiquan.advice.compensation import is_odd_amount, open_circumstances, yuan
from weiquan.advice.next_question import PAPER_MARK
from weiquan.advice.views import wanted
from weiquan.case.case import Case
from weiquan.facts.interview_questions import NO, YES, interview
from weiquan.facts.knowledge import Knowledge
from weiquan.facts.papers import PaperKind, PaperQuestion
from weiquan.papers.addresses import TONE_MARK
from weiquan.papers.claims import CLAIM, claimed, claims_made, claims_to_choose, told_amount
from weiquan.papers.draft import Draft
from weiquan.papers.printable import in_full, order_number_of, printable

CLAIM_KIND, CIRCUMSTANCE_KIND = "claim", "circumstance"
_MOST_CIRCUMSTANCES, _MOST_CLAIMS = 2, 2
_LONGEST_SHOWN = 40
DEFAULT_TONE = "firm"
LOST = "lost"
"""The question for money that was taken, where nothing was bought; the price is asked for elsewhere."""


@dataclasses.dataclass(frozen=True)
class Asked:
    """A question as it is put: `kind` is that of the record, or claim or circumstance; `options` are (title, value)."""

    id: str
    kind: str
    text: str
    why: str
    options: Tuple[Tuple[str, str], ...] = ()


def open_paper_question(advice: Advice) -> Optional[Asked]:
    """Return the question that is open for a paper, None where none is."""
    name = advice.case.question or ""
    if not advice.case.paper or not name.startswith(PAPER_MARK):
        return None
    return _find(name.removeprefix(PAPER_MARK), advice)


def paper_of(case: Case) -> Tuple[str, str]:
    """Return the paper whose questions are open, and the tone it was asked for in."""
    chosen, _, tone = (case.paper or "").partition(TONE_MARK)
    return chosen, tone or DEFAULT_TONE


def questions_for(paper: str, advice: Advice) -> Tuple[Asked, ...]:
    """Return what is worth asking before `paper` (an id) is written, in the order of asking."""
    if not advice.is_open:
        return ()
    kind, case = advice.facts.papers[paper], advice.case
    asked: List[Asked] = [
        _as_asked(question, advice)
        for question in _of_kind(kind, advice)
        if question.id not in case.told and value_of(question, advice) is None
    ]
    if kind.chooses_claims:
        asked += _about_claims(advice)
    return tuple(asked)


def known_for(paper: str, advice: Advice) -> Tuple[Tuple[str, str], ...]:
    """Return (label, value) of what is known and will stand in `paper`."""
    kind = advice.facts.papers[paper]
    found = ((question.label, value_of(question, advice)) for question in _of_kind(kind, advice))
    return tuple((label, value) for label, value in found if value)


def labels_missing(paper: str, advice: Advice) -> Tuple[str, ...]:
    """Return the labels of what will stand as a blank in `paper`, passed over or not."""
    kind = advice.facts.papers[paper]
    return tuple(question.label for question in _of_kind(kind, advice) if value_of(question, advice) is None)


def value_of(question: PaperQuestion, advice: Advice) -> Optional[str]:
    """Return the answer to `question` that the case holds, as it is shown, None where it holds none."""
    case = advice.case
    if question.kind == "date":
        day = case.dates.get(question.fills or "")
        return in_full(day) if day else None
    if question.fills == "amount":
        known = case.amount is not None and not is_odd_amount(case)
        return yuan(Decimal(str(case.amount))) if known else None
    if question.fills == "order_number":
        return order_number_of(case, advice.today)
    if question.fills == "remedy":
        return wanted(case)
    if question.fills:
        return printable(str(getattr(case, question.fills) or "")) or None
    if question.kind == "amount":
        told = told_amount(case, question.id)
        return yuan(told) if told else None
    told_words = case.told.get(question.id) or (case.account[0] if question.id == "defect" and case.account else "")
    return printable(told_words, _LONGEST_SHOWN) or None


def passed_over(paper: str, advice: Advice) -> Case:
    """Return the case in which all that is still to be asked for `paper` counts as passed over."""
    left = {asked.id: "" for asked in questions_for(paper, advice)}
    case = advice.case
    # A question of the interview that is open stays so.
    question = None if (case.question or "").startswith(PAPER_MARK) else case.question
    return dataclasses.replace(case, told={**left, **case.told}, paper=None, question=question)


def _of_kind(kind: PaperKind, advice: Advice) -> Iterator[PaperQuestion]:
    """Yield the questions that fit the paper and the case."""
    case, facts = advice.case, advice.facts
    narrative = Draft(kind, advice).narrative
    troubles = {case.situation, case.variant, *narrative.troubles}
    denied = narrative.trouble.denies if narrative.trouble else ()
    came_to_nothing = case.failed | set(case.dates)
    for question in facts.paper_questions.values():
        if kind.id in question.leaves_out or (question.papers and kind.id not in question.papers):
            continue
        if (question.is_purchase and not narrative.is_purchase) or (question.id == LOST and narrative.is_purchase):
            continue
        if question.kind == "date" and (question.fills in denied or case.stage in {"unshipped", "shipped"}):
            continue
        if question.kind == "remedy" and not _remedies(case):
            continue
        is_bound = bool(question.troubles or question.after)
        if is_bound and not troubles & set(question.troubles) and not came_to_nothing & set(question.after):
            continue
        yield question


def _remedies(case: Case) -> Tuple[Tuple[str, str], ...]:
    """Return the remedies among which the interview lets choose in this situation."""
    choices = (question for question in interview().questions if question.kind == "remedy")
    fitting = next((question for question in choices if case.situation in question.situations), None)
    return tuple((option["title"], str(option["value"])) for option in fitting.options) if fitting else ()


def _as_asked(question: PaperQuestion, advice: Advice) -> Asked:
    options = _remedies(advice.case) if question.kind == "remedy" else ()
    return Asked(question.id, question.kind, question.text, f"问这个是为了{question.why}", options)


def _about_claims(advice: Advice) -> List[Asked]:
    """Return the questions by which claims are chosen: what decides them first, then whether to make them."""
    case, facts = advice.case, advice.facts
    deciding = [
        name
        for name in open_circumstances(case, facts)
        if name not in case.told and case.situation not in facts.circumstances[name].not_asked_in
    ]
    if deciding:
        return [asked for name in deciding[:_MOST_CIRCUMSTANCES] if (asked := _find(name, advice))]
    groups = {claim.rule.choice for claim in claims_made(advice) if claim.rule.choice}
    open_claims = [
        claim
        for claim in claims_to_choose(advice)
        if CLAIM + claim.rule.id not in case.told and claim.rule.choice not in groups
    ]
    return [asked for claim in open_claims[:_MOST_CLAIMS] if (asked := _find(CLAIM + claim.rule.id, advice))]


def _find(name: str, advice: Advice) -> Optional[Asked]:
    facts: Knowledge = advice.facts
    if name in facts.paper_questions:
        return _as_asked(facts.paper_questions[name], advice)
    if name in facts.circumstances:
        known = facts.circumstances[name]
        options = ((known.yes_label, YES), (known.no_label, NO))
        return Asked(name, CIRCUMSTANCE_KIND, known.question, known.why.rstrip("。"), options)
    claim = next((claim for claim in advice.claims if CLAIM + claim.rule.id == name), None)
    if claim is None:
        return None
    text = f"要不要加上这一项：{claimed(claim, advice)}？"
    why = f"条件是{'；'.join(claim.needs)}" if claim.needs else "符合条件才写"
    return Asked(name, CLAIM_KIND, text, why, (("加上", YES), ("不加", NO)))
