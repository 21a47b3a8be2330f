"""Where a case stands, a new case, a case taken up again."""

from __future__ import annotations

import dataclasses
import datetime
from typing import List, Sequence, Tuple

from weiquan.advice.deadlines import due_dates, worth_telling
from weiquan.advice.due_date import day_in_words, in_words
from weiquan.advice.ladder import ladder_of
from weiquan.advice.next_question import open_question
from weiquan.advice.next_step import next_step
from weiquan.advice.views import fill, view, wanted
from weiquan.case.archive import PastCase
from weiquan.case.case import Case
from weiquan.facts.case_words import case_words
from weiquan.facts.knowledge import Knowledge
from weiquan.rendering.fitting import fitted
from weiquan.rendering.render import render
from weiquan.replies import cards
from weiquan.replies.bubbles import Bubble, Button, payload
from weiquan.replies.buttons import progress_buttons, situation_buttons
from weiquan.replies.plan import paid, resumed
from weiquan.replies.steps import Answer, no_case_answer

MOST_PAST = 2
"""Cases put away that are offered as buttons."""


def told_lines(case: Case, facts: Knowledge, today: datetime.date) -> List[Tuple[str, str]]:
    """Return what is known of the case as (label, value), for its card and for the shopper to check."""
    words = case_words()
    lines: List[Tuple[str, str]] = []
    if case.goods:
        lines.append(("商品", case.goods))
    if case.stage and "received" not in case.dates:
        lines.append(("进度", words.stages[case.stage]))
    lines += [(words.events[event], day_in_words(day, today)) for event, day in case.dates.items()]
    if case.amount is not None:
        lines.append(("付款", paid(case.amount)))
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
