"""Answers of the interview: what was noted, the next question, the plan that it leads to, the case recalled."""

from __future__ import annotations

import dataclasses
import datetime
import re
from decimal import Decimal
from typing import List, Optional, Sequence, Tuple

from weiquan import cards
from weiquan.archive import PastCase
from weiquan.bubbles import Bubble, Button, fill, payload, progress_buttons, question_buttons, situation_buttons
from weiquan.case import Case
from weiquan.compensation import Claim, circumstance, estimate, yuan
from weiquan.dates import DueDate, day_in_words, due_dates, in_words
from weiquan.fitting import fitted
from weiquan.interview import next_question, open_question
from weiquan.knowledge import Knowledge
from weiquan.ladder import is_urgent, ladder_of, next_step
from weiquan.questionnaire import Question, interview
from weiquan.rendering import render
from weiquan.steps import Answer, first_answer, followup, how_to_answer, no_case_answer, progress_answer
from weiquan.views import view, wanted

MOST_DUES = 2
MOST_CLAIMS = 2
MOST_LAWS = 2
MOST_PAST = 2
"""Cases put away that are offered as buttons."""
NEAR = 365
"""Days; a limit further off says nothing about what to do now."""
PAPER_BUTTONS: Tuple[Tuple[str, str], ...] = (("写给商家的话", "seller_message"), ("投诉材料", ""))
"""What a plan's buttons offer to write; "" is the paper of the next rung."""


def noted(before: Case, case: Case, today: datetime.date) -> Tuple[List[str], List[str]]:
    """Return what is newly told, and what was told otherwise before, each as a phrase."""
    words = interview()
    new: List[str] = []
    fixed: List[str] = []
    for event, day in case.dates.items():
        if before.dates.get(event) != day:
            (fixed if event in before.dates else new).append(f"{day_in_words(day, today)}{words.events[event]}")
    if case.stage and case.stage != before.stage and not {"received", "return_received"} & set(case.dates):
        (fixed if before.stage else new).append(words.stages[case.stage])
    if case.amount is not None and case.amount != before.amount:
        (new if before.amount is None else fixed).append(f"付了 {_yuan(case.amount)}")
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


def _yuan(amount: float) -> str:
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


def worth_telling(dues: Sequence[DueDate]) -> List[DueDate]:
    """Return the few limits that an answer tells: what still runs, the shopper's first, then what is over."""
    near = [one for one in dues if one.days_left is None or abs(one.days_left) <= NEAR]
    mine = [one for one in near if one.is_open and one.is_the_shoppers]
    others = [one for one in near if one.is_open and not one.is_the_shoppers]
    over = [one for one in near if not one.is_open and one.is_the_shoppers]
    return [*mine[:MOST_DUES], *over, *others][:MOST_DUES]


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


def told_lines(case: Case, facts: Knowledge, today: datetime.date) -> List[Tuple[str, str]]:
    """Return what is known of the case as (label, value), for its card and for the shopper to check."""
    words = interview()
    lines: List[Tuple[str, str]] = []
    if case.goods:
        lines.append(("商品", case.goods))
    if case.stage and "received" not in case.dates:
        lines.append(("进度", words.stages[case.stage]))
    lines += [(words.events[event], day_in_words(day, today)) for event, day in case.dates.items()]
    if case.amount is not None:
        lines.append(("付款", _yuan(case.amount)))
    if wanted(case):
        lines.append(("想要", wanted(case) or ""))
    if case.order_number:
        lines.append(("订单号", case.order_number))
    return lines


def overview_answer(
    case: Case, facts: Knowledge, today: datetime.date, past: Sequence[PastCase] = (), recalled: bool = False
) -> Answer:
    """Return where the case stands: the next last day first, what was done, what is next, what was told.

    `past` are the cases put away; `recalled` where the shopper has just come back.
    """
    if case.situation not in facts.situations:
        if past:
            return _only_past(case, past, facts, today)
        return no_case_answer(case, facts, today)
    step = next_step(case, facts, today)
    situation = view(case, facts)
    dues = worth_telling(due_dates(case, facts, today))
    told = told_lines(case, facts, today)
    limits = [] if dues else [*step.rung.deadlines, *situation.deadlines][:1]
    lines = [(one, in_words(one, facts, today)) for one in dues]
    base = {
        "situation": situation,
        "others": [facts.situations[one] for one in case.others if one in facts.situations],
        "done": [facts.rungs[one] for one in ladder_of(case, facts) if one in case.climbed],
        "failed": case.failed,
        "step": step,
        "move": fill(step.rung.move, situation),
        "dues": lines,
        "deadline": limits[0] if limits else None,
        "told": told,
        "past": _names(past, facts),
        "recalled": recalled,
        "with_path": True,
    }
    text, shown = fitted(
        "overview",
        facts,
        today,
        base,
        (
            {"told": told[:3]},
            {"dues": lines[:1]},
            {"told": []},
            {"past": []},
            {"deadline": None},
            {"others": []},
            {"with_path": False},
            {"dues": []},
        ),
    )
    about = step.waiting or step.rung
    question = None if recalled else open_question(case, facts)
    buttons: List[Button] = [
        *progress_buttons(about, bool(step.waiting)),
        Button("换一件事", payload("start_new_case")),
        *past_buttons(past, facts),
    ]
    parts = [cards.due_part(due, line) for due, line in shown["dues"]]
    card = cards.case_card(case, step, facts, shown["told"], parts, situation.name)
    first = Bubble(text, tuple(buttons), card=card)
    # A question that is not shown must not take the next message for its answer; it will be put again.
    asked = dataclasses.replace(case, asked=about.id, question=question.id if question else None)
    if question:
        return (first, resumed(case, facts, today, question)), asked
    return (first,), asked


def _names(past: Sequence[PastCase], facts: Knowledge) -> List[str]:
    """Return the names of the troubles put away; one that the facts no longer know has none."""
    return [facts.situations[one.case.situation or ""].name for one in past if one.case.situation in facts.situations]


def past_buttons(past: Sequence[PastCase], facts: Knowledge) -> List[Button]:
    """Return buttons that take up a case put away, the latest first; two of one name are told apart by number."""
    known = [one for one in reversed(past) if one.case.situation in facts.situations][:MOST_PAST]
    titles = [_title(one.case, facts) for one in known]
    return [
        Button(
            f"回到：{title}" if titles.count(title) == 1 else f"回到：{title}，第 {one.number} 件",
            payload("resume_case", case=str(one.number)),
        )
        for one, title in zip(known, titles, strict=True)
    ]


def _title(case: Case, facts: Knowledge) -> str:
    name = facts.situations[case.situation or ""].name
    return f"{name}（{case.goods}）" if case.goods else name


def _only_past(case: Case, past: Sequence[PastCase], facts: Knowledge, today: datetime.date) -> Answer:
    (bubble,), case = no_case_answer(case, facts, today)
    return (dataclasses.replace(bubble, buttons=(*past_buttons(past, facts), *bubble.buttons)),), case


_ANOTHER_CASE = re.compile(
    r"上一(?:件|个|单)|前(?:一|面那)(?:件|个|单)|另(?:外)?(?:一|那)(?:件|个|单)|之前那(?:件|个|单)|第一(?:件|个)事"
)


def is_about_another_case(text: str) -> bool:
    """Tell whether a shopper means a case put away (「回到上一件」)."""
    return bool(_ANOTHER_CASE.search(text))


def new_case_answer(past: Sequence[PastCase], facts: Knowledge, today: datetime.date) -> Answer:
    """Ask what happened; the cases put away are offered beside."""
    kept = _names(past, facts)[-1:]
    text = render("new_case", facts, today, kept=kept)
    buttons = [*situation_buttons(facts), *past_buttons(past, facts)]
    return (Bubble(text, tuple(buttons)),), Case()


def doubt_new_case_answer(case: Case, facts: Knowledge, today: datetime.date) -> Answer:
    """Ask whether the case at hand, which must be open, is really to be put away."""
    text = render("doubt_new_case", facts, today, situation=facts.situations[case.situation or ""])
    buttons = (Button("换一件事", payload("start_new_case")), Button("接着办这件", payload("show_case")))
    return (Bubble(text, buttons),), case


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
