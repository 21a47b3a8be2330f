"""Where a case stands, a new case, a case taken up again."""

from __future__ import annotations

import dataclasses
import datetime
from typing import List, Sequence, Tuple

from weiquan.advice.advice import Advice
from weiquan.advice.deadlines import worth_telling
from weiquan.advice.due_date import day_in_words
from weiquan.advice.views import wanted
from weiquan.case.archive import PastCase
from weiquan.case.case import Case
from weiquan.dialogue.fields import known_fields
from weiquan.facts.case_words import case_words
from weiquan.facts.knowledge import Knowledge
from weiquan.rendering.fitting import MAX_BUBBLE
from weiquan.replies import cards
from weiquan.replies.bubbles import Bubble, Button, Reply, payload
from weiquan.replies.buttons import progress_buttons, situation_buttons
from weiquan.replies.steps import no_case_reply, question_bubble
from weiquan.replies.texts import due_lines, fitted_text, text_of
from weiquan.replies.told.corrections import correction_payload, field_in_words
from weiquan.replies.told.said_back import CHANGE, entry_in_words, paid

MOST_PAST = 2
"""Cases put away that are offered as buttons."""


def known_lines(case: Case, today: datetime.date) -> List[Tuple[str, str]]:
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
    lines += [(words.sums[name], paid(yuan)) for name, yuan in case.sums.items()]
    if case.shop:
        lines.append(("店铺", case.shop))
    if wanted(case):
        lines.append(("想要", wanted(case) or ""))
    if case.order_number:
        lines.append(("订单号", case.order_number))
    return lines


def diary_lines(case: Case, today: datetime.date) -> List[Tuple[str, str]]:
    """Return what happened as (day, what), the earliest first, as a diary reads; what is not sure, or has no day, is
    marked.
    """
    entries = sorted(case.diary, key=lambda entry: entry.day or entry.told)
    return [
        (
            day_in_words(entry.day, today) if entry.day else f"{day_in_words(entry.told, today)}说的",
            entry_in_words(entry, today, with_day=False) + ("" if entry.is_sure else "（没听准，不对就改）"),
        )
        for entry in entries
    ]


def _named_fields(advice: Advice) -> List[Tuple[str, str]]:
    """Return the fields of the case with their labels on its card."""
    return [(field, field_in_words(field, advice)[0]) for field in known_fields(advice.case)]


def overview_reply(advice: Advice, past: Sequence[PastCase] = (), recalled: bool = False) -> Reply:
    """Return where the case stands: the next last day first, what was done, what is next, what is known.

    `past` are the cases put away; `recalled` where the shopper has just come back.
    """
    if not advice.is_open:
        return _only_past(advice, past) if past else no_case_reply(advice)
    about = advice.rung_in_question
    question = advice.open_question
    buttons: List[Button] = [
        *progress_buttons(about, bool(advice.step.waiting)),
        CHANGE,
        Button("换一件事", payload("start_new_case")),
        *past_buttons(past, advice.facts),
    ]
    first = dataclasses.replace(_overview_bubble(advice, past, recalled), buttons=tuple(buttons))
    # A question that is not shown must not take the next message for its answer; it will be put again.
    asked = dataclasses.replace(advice.case, asked=about.id, question=question.id if question else None)
    return Reply((first, question_bubble(question, advice, resumed=True)) if question else (first,), asked)


def _overview_bubble(advice: Advice, past: Sequence[PastCase], recalled: bool, room: int = MAX_BUBBLE) -> Bubble:
    case, facts, step, situation = advice.case, advice.facts, advice.step, advice.situation
    lines = due_lines(worth_telling(advice.due_dates), advice)
    known = known_lines(case, advice.today)
    limits = [] if lines else [*step.rung.deadlines, *situation.deadlines][:1]
    base = {
        "situation": situation,
        "others": [facts.situations[other] for other in case.others if other in facts.situations],
        "done": [facts.rungs[rung] for rung in advice.ladder if rung in case.climbed],
        "failed": case.failed,
        "step": step,
        "move": advice.move,
        "dues": lines,
        "deadline": limits[0] if limits else None,
        "known": known,
        "past": _names(past, facts),
        "recalled": recalled,
        "with_path": True,
        "diary": diary_lines(case, advice.today),
    }
    text, shown = fitted_text(
        "overview",
        advice,
        base,
        (
            {"diary": diary_lines(case, advice.today)[-3:]},
            {"diary": diary_lines(case, advice.today)[-1:]},
            {"diary": []},
            {"known": known[:3]},
            {"dues": lines[:1]},
            {"known": []},
            {"past": []},
            {"deadline": None},
            {"others": []},
            {"with_path": False},
            {"dues": []},
        ),
        room,
    )
    parts = [cards.due_part(due, line) for due, line in shown["dues"]]
    fields = {label: correction_payload(field) for field, label in _named_fields(advice)}
    card = cards.case_card(case, step, facts, [*shown["known"], *shown["diary"]], parts, situation.name, fields)
    return Bubble(text, card=card, within=lambda less: _overview_bubble(advice, past, recalled, less))


def _names(past: Sequence[PastCase], facts: Knowledge) -> List[str]:
    """Return the names of the troubles put away; one that the facts no longer know has none."""
    return [facts.situations[kept.case.situation or ""].name for kept in _known(past, facts)]


def _known(past: Sequence[PastCase], facts: Knowledge) -> List[PastCase]:
    return [kept for kept in past if kept.case.situation in facts.situations]


def past_buttons(past: Sequence[PastCase], facts: Knowledge) -> List[Button]:
    """Return buttons that take up a case put away, the latest first; two of one name are told apart by number."""
    offered = _known(past, facts)[::-1][:MOST_PAST]
    titles = [_title(kept.case, facts) for kept in offered]
    return [
        Button(
            f"回到：{title}" if titles.count(title) == 1 else f"回到：{title}，第 {kept.number} 件",
            payload("resume_case", case=str(kept.number)),
        )
        for kept, title in zip(offered, titles, strict=True)
    ]


def _title(case: Case, facts: Knowledge) -> str:
    name = facts.situations[case.situation or ""].name
    return f"{name}（{case.goods}）" if case.goods else name


def _only_past(advice: Advice, past: Sequence[PastCase]) -> Reply:
    (bubble,), case = no_case_reply(advice)
    buttons = (*past_buttons(past, advice.facts), *bubble.buttons)
    return Reply((dataclasses.replace(bubble, buttons=buttons),), case)


def new_case_reply(past: Sequence[PastCase], advice: Advice) -> Reply:
    """Ask what happened; the cases put away are offered beside."""
    text = text_of("new_case", advice, kept=_names(past, advice.facts)[-1:])
    buttons = [*situation_buttons(advice.facts), *past_buttons(past, advice.facts)]
    return Reply((Bubble(text, tuple(buttons)),), Case())


def doubt_new_case_reply(advice: Advice) -> Reply:
    """Ask whether the case at hand, which must be open, is really to be put away."""
    text = text_of("doubt_new_case", advice, situation=advice.facts.situations[advice.case.situation or ""])
    buttons = (Button("换一件事", payload("start_new_case")), Button("接着办这件", payload("show_case")))
    return Reply((Bubble(text, buttons),), advice.case)
