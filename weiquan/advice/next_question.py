"""The interview: which question is worth asking next.

The questions are data (`data/interview.yml`, and the conditions of
`knowledge/compensation.yml`). A question is put only where two of its answers
would lead to different advice, so nothing is asked that changes nothing; and
only after the first concrete step, which the questions refine.
"""

from __future__ import annotations

import dataclasses
import datetime
from typing import Any, Iterator, Optional, Tuple

from weiquan.advice.compensation import circumstance, estimate, open_circumstances
from weiquan.advice.deadlines import due_dates, missing_events
from weiquan.advice.ladder import is_urgent
from weiquan.advice.next_step import next_step
from weiquan.advice.views import view
from weiquan.case.case import Case
from weiquan.case.events import STAGES
from weiquan.facts.case_words import case_words
from weiquan.facts.interview_questions import CIRCUMSTANCE, NO, YES, Question, interview
from weiquan.facts.knowledge import Knowledge
from weiquan.reading.details import Details, add_details

MAX_QUESTIONS = 4
"""With the one about steps taken, which the first answer asks, at most five in a case."""

PAPER_MARK = "paper:"
"""Before the id of a question that is put for a paper, in `Case.question`."""

TRIAL_AMOUNTS = (20.0, 2_000.0)
"""Below and above every minimum of compensation: where both get the same advice, the amount does not matter."""


def find_question(question_id: Optional[str], facts: Knowledge) -> Optional[Question]:
    """Return the question of an id, None where there is none."""
    if not question_id:
        return None
    own = next((question for question in interview().questions if question.id == question_id), None)
    return own or _about_circumstance(question_id, facts)


def open_question(case: Case, facts: Knowledge) -> Optional[Question]:
    """Return the question now open in `case` as it is put there, None where none is."""
    question = find_question(case.question, facts)
    return _as_put(question, case) if question else None


def text_asked(case: Case, facts: Knowledge) -> Optional[str]:
    """Return the words of the question to which the shopper's next message may be the answer, None where none is open.

    That of a danger goes before all, then that of a development, of the interview, and the one about a rung.
    """
    danger = facts.dangers.get(case.danger or "")
    development = facts.developments.get(case.development or "")
    question, rung = open_question(case, facts), facts.rungs.get(case.asked or "")
    of_paper = facts.paper_questions.get((case.question or "").removeprefix(PAPER_MARK))
    if danger:
        return danger.ask
    if development:
        return development.question
    if of_paper and not question:
        return of_paper.text
    return question.text if question else rung.question if rung else None


def _as_put(question: Question, case: Case) -> Question:
    """Return the question without the answer 「还没收到」 where the goods are at hand."""
    return question if may_not_have_happened(question, case) else dataclasses.replace(question, not_yet=None)


def may_not_have_happened(question: Question, case: Case) -> bool:
    """Tell whether 「还没」 is an answer to `question` in this case: the goods are not known to be at hand."""
    if question.not_yet is None:
        return False
    is_at_hand = question.event == "received" and case.stage in {"received", "returned"}
    return not is_at_hand and case.situation not in question.not_yet.get("not_in", ())


def _about_circumstance(name: str, facts: Knowledge) -> Optional[Question]:
    known = circumstance(name, facts)
    if known is None:
        return None
    options = ({"title": known.yes_label, "value": YES}, {"title": known.no_label, "value": NO})
    return Question(name, CIRCUMSTANCE, known.question, known.why.rstrip("。"), event=name, options=options)


def next_question(case: Case, facts: Knowledge, today: datetime.date) -> Optional[Question]:
    """Return what is worth asking next, None where nothing more would change the advice.

    In danger nothing is asked; and no more than `MAX_QUESTIONS` are put in a case.
    """
    if case.situation not in facts.situations or is_urgent(case, facts) or len(case.put) >= MAX_QUESTIONS:
        return None
    for question in (_as_put(candidate, case) for candidate in _candidates(case, facts)):
        if (
            question.id not in case.put
            and not is_known(question, case)
            and changes_advice(question, case, facts, today)
        ):
            return question
    return None


def _candidates(case: Case, facts: Knowledge) -> Iterator[Question]:
    """Yield the questions that fit the case, in their order.

    The conditions of compensation come before the amount: where they rule the
    larger claims out, what was paid changes nothing.
    """
    missing = missing_events(case, facts)
    for question in interview().questions:
        if question.kind == "amount":
            for name in open_circumstances(case, facts):
                about = _about_circumstance(name, facts)
                if about and case.situation not in facts.circumstances[name].not_asked_in:
                    yield about
        if (question.situations and case.situation not in question.situations) or case.situation in question.not_in:
            continue
        if question.unless_failed in case.failed:
            continue
        if question.kind == "date" and question.event not in missing:
            continue
        yield question


def date_question(case: Case, facts: Knowledge) -> Optional[Question]:
    """Return the question for the day from which most of the case's limits run, None where all are known."""
    missing = missing_events(case, facts)
    dated = [question for question in interview().questions if question.kind == "date" and question.event in missing]
    return _as_put(dated[0], case) if dated else None


def is_known(question: Question, case: Case) -> bool:
    """Tell whether the case holds the answer already."""
    if question.kind == "date":
        passed_over = question.event == "received" and case.stage in {"unshipped", "shipped"}
        return question.event in case.dates or passed_over
    known = {"stage": case.stage, "amount": case.amount, "remedy": case.remedy}
    if question.kind in known:
        return known[question.kind] is not None
    return question.event in case.circumstances


def changes_advice(question: Question, case: Case, facts: Knowledge, today: datetime.date) -> bool:
    """Tell whether two answers to `question` lead to different advice."""
    outcomes = {_advice(answered, facts, today) for answered in _answered_each_way(question, case, today)}
    return len(outcomes) > 1


def _answered_each_way(question: Question, case: Case, today: datetime.date) -> Iterator[Case]:
    if question.kind == "amount":
        for yuan in TRIAL_AMOUNTS:
            yield dataclasses.replace(case, amount=yuan)
    else:
        for option in question.offered(today):
            yield with_value(question, case, option.value)


def with_value(question: Question, case: Case, value: str) -> Case:
    """Return the case with one of the offered answers; a value of a wrong form changes nothing."""
    if question.kind == "date":
        if value in STAGES:
            return dataclasses.replace(case, stage=value)
        try:
            day = datetime.date.fromisoformat(value)
        except ValueError:
            return case
        return add_details(case, Details(stage=_stage_at(question), dates={question.event: day}))
    if question.kind == "stage":
        return dataclasses.replace(case, stage=value) if value in STAGES else case
    if question.kind == "remedy":
        return dataclasses.replace(case, remedy=value if value in case_words().remedies else case.remedy)
    if question.kind == CIRCUMSTANCE and value in (YES, NO):
        return dataclasses.replace(case, circumstances={**case.circumstances, question.event: value == YES})
    return case


def _stage_at(question: Question) -> Optional[str]:
    return {"received": "received", "return_received": "returned"}.get(question.event)


def _advice(case: Case, facts: Knowledge, today: datetime.date) -> Tuple[Any, ...]:
    """Return what is advised, comparable: step, reasons, last days, claims beyond the price, what to ask for."""
    step = next_step(case, facts, today)
    dues = tuple((due.deadline.id, due.ends) for due in due_dates(case, facts, today))
    claims = tuple(
        (claim.rule.id, claim.amount if claim.rule.is_beyond_refund else None, claim.met)
        for claim in estimate(case, facts)
    )
    return step.rung.id, step.reasons, dues, claims, view(case, facts).ask
