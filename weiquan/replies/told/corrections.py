"""Putting right what is known of a case: which field, its new value, and what stays as it was."""

from __future__ import annotations

import dataclasses
from typing import List, Tuple

from weiquan.advice.advice import Advice
from weiquan.advice.compensation import circumstance
from weiquan.advice.due_date import day_in_words
from weiquan.advice.views import wanted
from weiquan.case.case import ANYTHING, Case
from weiquan.dialogue.fields import NOTHING, choices_of, known_fields
from weiquan.facts.case_words import case_words
from weiquan.replies.bubbles import Bubble, Button, Reply, payload
from weiquan.replies.buttons import MOST_BUTTONS
from weiquan.replies.steps import followup, no_case_reply
from weiquan.replies.texts import text_of
from weiquan.replies.told.said_back import noted, paid

CORRECT = "correct_information"
KEEP = Button("不改了", payload("skip"))


def field_in_words(field: str, advice: Advice) -> Tuple[str, str]:
    """Return how `field` is called and what the case holds of it, "" where it holds nothing."""
    case, words = advice.case, case_words()
    kind, _, name = field.partition(".")
    if kind == "dates":
        day = case.dates.get(name)
        return words.events[name], day_in_words(day, advice.today) if day else ""
    if kind == "sums":
        return words.sums[name], paid(case.sums[name]) if name in case.sums else ""
    if kind == "rung":
        state = "没成" if name in case.failed else "做了" if name in case.climbed else ""
        return advice.facts.rungs[name].name, state
    if kind == "circumstances":
        known = circumstance(name, advice.facts)
        label = (
            (known.yes_label if case.circumstances[name] else known.no_label)
            if known and name in case.circumstances
            else ""
        )
        return (known.question if known else name), label
    return {
        "goods": ("商品", case.goods or ""),
        "shop": ("店铺", case.shop or ""),
        "amount": ("付款", paid(case.amount) if case.amount is not None else ""),
        "stage": ("进度", words.stages.get(case.stage or "", "")),
        "remedy": ("想要", wanted(case) or ""),
        "order_number": ("订单号", case.order_number or ""),
    }[field]


def correction_payload(field: str) -> str:
    """Return the payload of the button that puts `field` right."""
    return payload(CORRECT, field=field)


def ask_correction_reply(advice: Advice) -> Reply:
    """Ask what is to be put right; until it is told the case stays as it was, and that is said."""
    if not advice.is_open:
        return no_case_reply(advice)
    lines, _ = noted(Case(), advice.case, advice.facts, advice.today)
    fields = list(known_fields(advice.case))[: MOST_BUTTONS - 1]
    named = [(field, field_in_words(field, advice)) for field in fields]
    buttons = [Button(f"{name}：{value}", correction_payload(field)) for field, (name, value) in named]
    asked = dataclasses.replace(advice.case, correcting=ANYTHING, question=None)
    return Reply((Bubble(text_of("ask_correction", advice, lines=lines), (*buttons, KEEP)),), asked)


def ask_field_reply(field: str, advice: Advice) -> Reply:
    """Ask what `field` is instead, with what stands there now."""
    name, value = field_in_words(field, advice)
    choices: List[Button] = [
        Button(title, payload(CORRECT, field=field, answer=choice)) for title, choice in choices_of(field, advice.facts)
    ]
    out = (
        []
        if field.startswith("rung.") or not value
        else [Button("这条删掉", payload(CORRECT, field=field, answer=NOTHING))]
    )
    text = text_of("ask_field", advice, field=name, value=value, by_tap=bool(choices))
    asked = dataclasses.replace(advice.case, correcting=field, question=None)
    return Reply((Bubble(text, (*choices, *out, KEEP)),), asked)


def kept_reply(advice: Advice) -> Reply:
    """Say that nothing was changed, and what stands."""
    lines, _ = noted(Case(), advice.case, advice.facts, advice.today)
    (second,), asked = followup(advice, with_others=False)
    text = text_of("kept", advice, lines=lines)
    return Reply((Bubble(text), second), dataclasses.replace(asked, correcting=None))
