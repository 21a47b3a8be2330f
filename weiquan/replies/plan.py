"""Answers of the interview: what was noted, the next question, the plan that it leads to, the case recalled."""

from __future__ import annotations

import dataclasses
import datetime
from decimal import Decimal
from typing import List, Optional, Tuple

from weiquan.advice.compensation import Claim, circumstance, estimate, yuan
from weiquan.advice.deadlines import due_dates, worth_telling
from weiquan.advice.due_date import day_in_words, in_words
from weiquan.advice.ladder import is_urgent
from weiquan.advice.next_question import next_question
from weiquan.advice.next_step import next_step
from weiquan.advice.views import fill, view, wanted
from weiquan.case.case import Case
from weiquan.facts.case_words import case_words
from weiquan.facts.interview_questions import Question
from weiquan.facts.knowledge import Knowledge
from weiquan.rendering.fitting import fitted
from weiquan.rendering.render import render
from weiquan.replies import cards
from weiquan.replies.bubbles import Bubble, Button, payload
from weiquan.replies.buttons import progress_buttons, question_buttons, situation_buttons
from weiquan.replies.steps import Answer, first_answer, followup, how_to_answer, no_case_answer, progress_answer

MOST_CLAIMS = 2

MOST_LAWS = 2

PAPER_BUTTONS: Tuple[Tuple[str, str], ...] = (("写给商家的话", "seller_message"), ("投诉材料", ""))
"""What a plan's buttons offer to write; "" is the paper of the next rung."""


def noted(before: Case, case: Case, today: datetime.date) -> Tuple[List[str], List[str]]:
    """Return what is newly told, and what was told otherwise before, each as a phrase."""
    words = case_words()
    new: List[str] = []
    fixed: List[str] = []
    for event, day in case.dates.items():
        if before.dates.get(event) != day:
            (fixed if event in before.dates else new).append(words.happened(event, day_in_words(day, today)))
    if case.stage and case.stage != before.stage and not {"received", "return_received"} & set(case.dates):
        (fixed if before.stage else new).append(words.stages[case.stage])
    if case.amount is not None and case.amount != before.amount:
        (new if before.amount is None else fixed).append(f"付了 {paid(case.amount)}")
    if case.remedy != before.remedy and wanted(case):
        (fixed if before.remedy else new).append(f"想要{wanted(case)}")
    if case.goods and before.goods and case.goods != before.goods:
        fixed.append(f"买的是{case.goods}")
    if case.order_number and case.order_number != before.order_number:
        new.append("订单号")
    return new, fixed


def _answers_noted(before: Case, case: Case, facts: Knowledge) -> Tuple[List[str], List[str]]:
    """Return the answers to yes-or-no questions that are new, and those otherwise than before, as buttons word them."""
    new: List[str] = []
    fixed: List[str] = []
    for name, told in case.circumstances.items():
        known = circumstance(name, facts)
        if known and before.circumstances.get(name) != told:
            (fixed if name in before.circumstances else new).append(known.yes_label if told else known.no_label)
    return new, fixed


def paid(amount: float) -> str:
    return yuan(Decimal(str(amount)))


def noted_text(before: Case, case: Case, facts: Knowledge, today: datetime.date) -> str:
    """Return one sentence that says back what was understood."""
    lines, fixed = noted(before, case, today)
    answers, answers_fixed = _answers_noted(before, case, facts)
    lines += [f"「{one}」" for one in answers]
    fixed += answers_fixed
    put_aside = len(case.put) > len(before.put) and case.circumstances == before.circumstances
    return render("noted", facts, today, lines=lines, fixed=[*lines, *fixed] if fixed else [], skipped=put_aside)


def interview_answer(before: Case, case: Case, facts: Knowledge, today: datetime.date) -> Answer:
    """Return the answer to something told of the case: what it changes, then the next question or the plan."""
    if case.situation not in facts.situations:
        return no_case_answer(case, facts, today)
    if before.situation != case.situation:
        return first_answer(case, facts, today)
    said = noted_text(before, case, facts, today)
    question = next_question(case, facts, today)
    if question is None:
        return plan_answer(said, case, facts, today)
    second, asked = followup(case, facts, today, with_others=False)
    changes = _changes(before, case, facts, today)
    return (Bubble("\n".join([said, *changes])), second), asked


def case_answer(before: Case, case: Case, facts: Knowledge, today: datetime.date) -> Answer:
    """Return the answer to what a message told: a new trouble's first step, what a detail changes, or the next rung."""
    if (before.situation, before.variant) != (case.situation, case.variant):
        return first_answer(case, facts, today)
    if case != before and (before.climbed, before.failed) == (case.climbed, case.failed):
        return interview_answer(before, case, facts, today)
    return progress_answer(case, facts, today, news=case != before)


def _changes(before: Case, case: Case, facts: Knowledge, today: datetime.date) -> List[str]:
    """Return what is advised otherwise than before: another step, limits that can now be reckoned."""
    was, step = next_step(before, facts, today), next_step(case, facts, today)
    lines = []
    if step.rung.id != was.rung.id:
        lines.append(f"下一步改为：{step.rung.name}。{''.join(step.reasons)}")
    known = {(one.deadline.id, one.ends) for one in due_dates(before, facts, today)}
    new = [one for one in due_dates(case, facts, today) if (one.deadline.id, one.ends) not in known]
    lines += [in_words(one, facts, today) for one in worth_telling(new)]
    return lines


def claim_line(claim: Claim) -> str:
    """Return a claim in a few words: 「退款 120 元」."""
    worth = yuan(claim.amount) if claim.amount is not None else claim.formula
    beside = "另加" if claim.rule.beside_refund == "added" else ""
    condition = f"（前提：{claim.needs[0]}）" if claim.needs else ""
    return f"{claim.rule.name}：{beside}{worth}{condition}"


def plan_answer(said: str, case: Case, facts: Knowledge, today: datetime.date) -> Answer:
    """Return the plan made for this case, and the question whether its step is taken."""
    step = next_step(case, facts, today)
    situation = view(case, facts)
    dues = worth_telling(due_dates(case, facts, today))
    lines = [(one, in_words(one, facts, today)) for one in dues]
    found = estimate(case, facts) if case.amount is not None else ()
    # The price back, then the most that may be had beside it; the freight is the smallest matter.
    weighty = [*found[:1], *sorted(found[1:], key=lambda one: -(one.amount or 0))]
    claims = [claim_line(one) for one in weighty[:MOST_CLAIMS]]
    laws = situation.laws[:MOST_LAWS]
    move = fill(step.rung.move, situation)
    contacts = () if step.rung.channel else step.rung.contacts[:2]
    base = {
        "noted": said,
        "rung": step.rung,
        "reasons": step.reasons,
        "move": move,
        "contacts": contacts,
        "dues": lines,
        "claims": claims,
        "articles": [facts.laws[one] for one in laws],
        "after": step.after,
    }
    text, shown = fitted(
        "plan",
        facts,
        today,
        base,
        (
            {"articles": []},
            {"after": None},
            {"claims": claims[:1]},
            {"dues": lines[:1]},
            {"claims": []},
            {"reasons": step.reasons[:1]},
            {"noted": ""},
            {"dues": []},
        ),
    )
    card = cards.step_card(
        step,
        facts,
        opening=shown["noted"],
        reasons=shown["reasons"],
        moves=[move],
        contacts=contacts,
        dues=[cards.due_part(due, line) for due, line in shown["dues"]],
        laws=laws if shown["articles"] else (),
    )
    kept = {"after": shown["after"].name if shown["after"] else None}
    second, asked = followup(case, facts, today, with_others=False)
    return (Bubble(text, card={**card, **kept, "plan": True, "claims": shown["claims"]}), with_papers(second)), asked


def explain_answer(case: Case, facts: Knowledge, today: datetime.date) -> Answer:
    """Return how to take the rung that was asked about and is not taken yet ("还没").

    Who has told all that would be asked gets the plan at once.
    """
    if case.situation in facts.situations and (case.dates or case.amount is not None):
        waits = next_step(case, facts, today).waiting
        if waits is None and next_question(case, facts, today) is None and not is_urgent(case, facts):
            return plan_answer("", dataclasses.replace(case, question=None), facts, today)
    return how_to_answer(case, facts, today)


def with_papers(bubble: Bubble) -> Bubble:
    """Return `bubble` with buttons for what can be written and kept."""
    offers = [Button(title, _paper_payload(paper)) for title, paper in PAPER_BUTTONS]
    kept = [one for one in bubble.buttons if one.title not in {"要说的话"}]
    return dataclasses.replace(bubble, buttons=(*kept, *offers))


def _paper_payload(paper: str) -> str:
    return payload("request_document", paper=paper) if paper else payload("request_document")


def resumed(case: Case, facts: Knowledge, today: datetime.date, question: Question) -> Bubble:
    """Return the open question put again after something else came between."""
    text = render("question", facts, today, others=[], resumed=True, question=question)
    return Bubble(text, tuple(question_buttons(question, today)), card=cards.question_card(question))


def why_answer(question: Optional[Question], case: Case, facts: Knowledge, today: datetime.date) -> Answer:
    """Say why the open question is asked, and put it again; else why the steps taken are asked about."""
    text = render("why", facts, today, question=question)
    if question:
        return (Bubble(text, tuple(question_buttons(question, today)), card=cards.question_card(question)),), case
    if case.situation not in facts.situations:
        return (Bubble(text, tuple(situation_buttons(facts))),), case
    step = next_step(case, facts, today)
    about = step.waiting or step.rung
    buttons = tuple(progress_buttons(about, bool(step.waiting)))
    return (Bubble(text, buttons),), dataclasses.replace(case, asked=about.id)
