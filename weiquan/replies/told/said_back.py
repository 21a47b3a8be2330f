"""What a message added to the case or put right, said back in one line so that a mistake is seen."""

from __future__ import annotations

import dataclasses
import datetime
from decimal import Decimal
from typing import Dict, Iterator, List, Optional, Sequence, Tuple

from weiquan.advice.advice import Advice
from weiquan.advice.compensation import circumstance, yuan
from weiquan.advice.due_date import day_in_words
from weiquan.advice.views import wanted
from weiquan.case.case import Case
from weiquan.case.diary import Happening
from weiquan.dialogue.diary import EVENT_OF_NEWS
from weiquan.facts.case_words import case_words
from weiquan.facts.knowledge import Knowledge
from weiquan.language.clauses import split
from weiquan.replies.bubbles import Bubble, Button, Reply, payload, with_note, with_opening
from weiquan.replies.buttons import MOST_BUTTONS, detail_buttons
from weiquan.replies.texts import text_of

BETWEEN = " · "
NEW, FIXED = "记下了：", "改好了："
CHANGE = Button("改一下", payload("correct_information"))
LONGEST_REASON = 14
"""Characters of a reason that are said back."""
_BEFORE_REASON = ("理由是", "说是", "说因为", "说")
_ABOUT_SUMS = ("offered", "deducted", "refunded")
"""Sums that the entry of the diary tells already."""


def paid(amount: float) -> str:
    """Write an amount paid as 「39.9 元」."""
    return yuan(Decimal(str(amount)))


def instead_of(new: str, old: str) -> str:
    """Return what is right now, and what stood there before."""
    return f"{new}（原来记的是 {old}）"


def noted(before: Case, case: Case, facts: Knowledge, today: datetime.date) -> Tuple[List[str], List[str]]:
    """Return what is newly known, and what was otherwise before with what it was, each as a phrase."""
    new: List[str] = []
    fixed: List[str] = []
    for now, was in _differences(before, case, facts, today):
        if was is None:
            new.append(now)
        else:
            fixed.append(instead_of(now, was))
    return new, fixed


def _differences(
    before: Case, case: Case, facts: Knowledge, today: datetime.date
) -> Iterator[Tuple[str, Optional[str]]]:
    """Yield (what is known, what was known before or None) for each thing that differs."""
    words = case_words()
    for event, day in case.dates.items():
        was = before.dates.get(event)
        if was != day:
            yield words.happened(event, day_in_words(day, today)), day_in_words(was, today) if was else None
    if case.stage and case.stage != before.stage and not {"received", "return_received"} & set(case.dates):
        yield words.stages[case.stage], words.stages[before.stage] if before.stage else None
    if case.amount is not None and case.amount != before.amount:
        yield f"付了 {paid(case.amount)}", None if before.amount is None else paid(before.amount)
    for name, told in case.sums.items():
        was_told = before.sums.get(name)
        if told != was_told and (was_told is not None or name not in _ABOUT_SUMS):
            yield f"{words.sums[name]} {paid(told)}", None if was_told is None else paid(was_told)
    if case.remedy != before.remedy and wanted(case):
        yield f"想要{wanted(case)}", wanted(before)
    if case.goods and before.goods and case.goods != before.goods:
        yield f"买的是{case.goods}", before.goods
    if case.order_number and case.order_number != before.order_number:
        yield "订单号", None
    if case.shop and case.shop != before.shop:
        yield f"店铺「{case.shop}」", f"「{before.shop}」" if before.shop else None
    for name, holds in case.circumstances.items():
        known = circumstance(name, facts)
        if known and before.circumstances.get(name) != holds:
            label, other = (known.yes_label, known.no_label) if holds else (known.no_label, known.yes_label)
            was_known = name in before.circumstances
            yield label if was_known else f"「{label}」", other if was_known else None


def noted_text(before: Case, advice: Advice) -> str:
    """Return one sentence that says back what was understood."""
    case = advice.case
    lines, fixed = noted(before, case, advice.facts, advice.today)
    put_aside = len(case.put) > len(before.put) and case.circumstances == before.circumstances
    return text_of("noted", advice, lines=lines, fixed=[*lines, *fixed] if fixed else [], skipped=put_aside)


def entry_in_words(entry: Happening, today: datetime.date, with_day: bool = True) -> str:
    """Return one entry of the diary: 「11月30日商家拒绝（说「人为损坏」）」."""
    words = case_words()
    name = words.news.get(entry.what) or words.events[entry.what]
    day = day_in_words(entry.day, today) if entry.day and with_day else ""
    day = f"{day} " if day and name[0].isascii() else day
    amount = f" {paid(entry.yuan)}" if entry.yuan is not None else ""
    reason = reason_in(entry.words)
    return f"{day}{name}{amount}{f'（说「{reason}」）' if reason else ''}"


def reason_in(words: str) -> str:
    """Return what somebody said, in the words of who told it; "" where nothing follows 说."""
    for clause in split(words):
        after = [clause.text.rfind(lead) + len(lead) for lead in _BEFORE_REASON if lead in clause.text]
        if after:
            said = clause.text[max(after) :].strip()
            return said if len(said) <= LONGEST_REASON else f"{said[:LONGEST_REASON]}…"
    return ""


def with_said_back(reply: Reply, before: Case, advice: Advice) -> Reply:
    """Return the reply with a line on what it took up, and a button to put it right, if anything."""
    case = reply.case
    entries = case.diary[len(before.diary) :] if case.diary[: len(before.diary)] == before.diary else ()
    news = [entry_in_words(entry, advice.today) for entry in entries]
    news += _steps(before, case, entries, advice.facts)
    told = {EVENT_OF_NEWS.get(entry.what) for entry in entries if entry.day}
    # The day of what happened stands with it.
    plain = dataclasses.replace(case, dates={event: day for event, day in case.dates.items() if event not in told})
    lines, fixed = noted(before, plain, advice.facts, advice.today)
    goods = [case.goods] if case.goods and before.goods is None else []
    if not (news or lines or fixed or goods):
        return reply
    if before.danger in advice.facts.dangers:
        # What is said of the danger stands first.
        lead = FIXED if fixed else NEW
        bubbles = with_note(reply.bubbles, f"{lead}{BETWEEN.join([*fixed, *goods, *lines, *news])}。")
    else:
        bubbles = _said(reply.bubbles, [*goods, *lines, *news], [*goods, *news], fixed)
    *others, last = bubbles
    return Reply((*others, dataclasses.replace(last, buttons=_with_change(last.buttons, advice.facts))), case)


def _with_change(buttons: Tuple[Button, ...], facts: Knowledge) -> Tuple[Button, ...]:
    """Return the buttons with the one that puts right, in the place of another where there is no room."""
    if CHANGE in buttons:
        return buttons
    kept = list(buttons)
    details = [button for button in kept if button in detail_buttons(facts)]
    if len(kept) >= MOST_BUTTONS and details:
        kept.remove(details[-1])
    return tuple(kept) if len(kept) >= MOST_BUTTONS else (*kept, CHANGE)


def _steps(before: Case, case: Case, entries: Sequence[Happening], facts: Knowledge) -> List[str]:
    """Return the rungs newly taken or failed that no entry of the diary tells."""
    names = {entry.what for entry in entries}
    told = {rung.id for rung in facts.rungs.values() if names.intersection((*rung.done_by, *rung.failed_by))}
    failed = [rung for rung in case.failed - before.failed if rung not in told and not names]
    done = [rung for rung in case.climbed - before.climbed - case.failed if rung not in told]
    named = [f"{rung.name}：做了" for rung in facts.rungs.values() if rung.id in done]
    return [*named, *(f"{rung.name}：没成" for rung in facts.rungs.values() if rung.id in failed)]


def _said(
    bubbles: Tuple[Bubble, ...], lines: Sequence[str], beside: Sequence[str], fixed: Sequence[str]
) -> Tuple[Bubble, ...]:
    """Return the bubbles with the line; where one stands there already, `beside` is put into it."""
    first = bubbles[0]
    begun = next((lead for lead in (NEW, FIXED) if first.text.startswith(lead)), None)
    if begun is None:
        lead = FIXED if fixed else NEW
        return with_opening(bubbles, f"{lead}{BETWEEN.join([*fixed, *lines])}。")
    if not beside:
        return bubbles
    added = f"{begun}{BETWEEN.join(beside)}{BETWEEN}"
    card: Optional[Dict[str, object]] = dict(first.card) if first.card else None
    if card and str(card.get("opening", "")).startswith(begun):
        card["opening"] = str(card["opening"]).replace(begun, added, 1)
    return (dataclasses.replace(first, text=first.text.replace(begun, added, 1), card=card), *bubbles[1:])
