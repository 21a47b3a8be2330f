"""What a correction does: it puts right what the shopper said before."""

from __future__ import annotations

import dataclasses
from typing import Optional, Tuple

from weiquan.advice.next_question import find_question
from weiquan.case.case import Case
from weiquan.dialogue.answers import take_answer, yes_or_no
from weiquan.facts.interview_questions import CIRCUMSTANCE
from weiquan.facts.knowledge import Knowledge
from weiquan.language.endings import beginnings
from weiquan.language.phrases import compiled
from weiquan.reading.details import Details, add_details
from weiquan.reading.event_words import event_words
from weiquan.reading.prices import bare_amount

_CORRECTIONS = compiled(
    ("不对/说错/写错/记错/打错/搞错/弄错/点错/选错+了/啦/-", "更正/纠正+一下/-", "改一下", "不是"),
    {},
)
"""A bare 不是 is an answer; 不是 … 是 … puts right."""

_NOT = "不是"

_BEFORE = ("哎呀", "哎", "啊", "等等", "等下", ",", "，", "我", "刚才", "刚刚", "前面")
_AFTER = ",，。 "
_MOST_BEFORE = 4

_LONGEST_DENIED = 8
"""Characters between 不是 and 是."""

_AMOUNT_LEADS = ("是", "改成", "改为", "付了", "花了", "错了")


def is_correcting(intent: str, text: str) -> bool:
    """Tell whether a message corrects what was told before; a bare 「不对」 is an answer."""
    start, end = _correction(text)
    return intent == "correct_information" or (start == 0 and 0 < end < len(text))


def _correction(text: str) -> Tuple[int, int]:
    """Return where `text` says that it corrects, with the small words around; (0, 0) where it does not."""
    said = min(((start, -end) for start, end in _CORRECTIONS.spans(text) if _puts_right(text, start)), default=None)
    if said is None:
        return 0, 0
    start, end = said[0], -said[1]
    lead = text[:start][::-1]
    start -= max(beginnings(lead, (word[::-1] for word in _BEFORE), _MOST_BEFORE))
    return start, len(text) - len(text[end:].lstrip(_AFTER))


def _puts_right(text: str, start: int) -> bool:
    """Tell whether what is said at `start` corrects: 不是 does where 是 follows closely."""
    if not text.startswith(_NOT, start):
        return True
    begin = start + len(_NOT)
    denied, follows, _ = text[begin : begin + _LONGEST_DENIED + len(",而是")].partition("是")
    denied = denied.removesuffix("而").rstrip(",， ")
    return bool(follows) and 0 < len(denied) <= _LONGEST_DENIED and not set(denied) & set(",，")


def _corrected_amount(text: str) -> Optional[float]:
    """Return the amount that `text` puts in the place of another: 「不是39，是49」."""
    while _NOT in text:
        before, _, after = text.partition(_NOT)
        ends = [place for mark in ",，是" if (place := after.find(mark)) >= 0]
        text = before.removesuffix("而") + (after[min(ends) :] if ends else "")
    places = [place + len(lead) for lead in _AMOUNT_LEADS if (place := text.rfind(lead)) >= 0]
    return bare_amount(text[max(places, default=0) :].strip(",，"))


def _before_addition(text: str) -> str:
    places = [place for word in event_words().lists["adding"] if (place := text.find(word)) >= 0]
    return text[: min(places, default=len(text))].rstrip(",，。 ")


def correct(case: Case, text: str, details: Details, facts: Knowledge) -> Case:
    """Return the case after a correction: a bare day, number, yes or no is the one told last.

    「不对，是上周三」 means the date that was asked for last; 「是 49 不是 39」 the
    amount. Named ones are taken as they are named. What corrects nothing may
    answer the open question.
    """
    start, end = _correction(text)
    rest = text[:start] + text[end:]
    if rest == text:
        answer = take_answer(case, "inform", text, details, (), facts)
        if answer:
            return answer
    corrected = add_details(_without_arrival(case, details), details)
    if details.adds and details.amount is not None:
        # 「其实是950，又翻到一笔150的」
        base = _corrected_amount(_before_addition(text))
        corrected = dataclasses.replace(corrected, amount=(base or case.amount or 0.0) + details.amount)
    if details.goods:
        corrected = dataclasses.replace(corrected, goods=details.goods)
    if details.bare_dates and not details.dates:
        latest = _latest_date(case, facts)
        if latest:
            corrected = add_details(corrected, Details(dates={latest: details.bare_dates[0]}))
    if details.amount is None and case.amount is not None:
        yuan = _corrected_amount(text)
        corrected = dataclasses.replace(corrected, amount=yuan) if yuan else corrected
    if corrected == case:
        last = find_question(case.put[-1] if case.put else None, facts)
        # 「说错了，是799」 is no yes.
        if last and last.kind == CIRCUMSTANCE and not any(sign.isdigit() for sign in rest):
            corrected = yes_or_no(last, corrected, "inform", rest) or corrected
    return corrected if corrected != case else take_answer(case, "inform", rest, details, (), facts) or case


def _without_arrival(case: Case, details: Details) -> Case:
    """Return the case without the days on which the goods came, where they have not come after all."""
    if details.stage not in {"unshipped", "shipped"}:
        return case
    dates = {event: day for event, day in case.dates.items() if event not in {"received", "confirmed"}}
    return dataclasses.replace(case, dates=dates)


def _latest_date(case: Case, facts: Knowledge) -> Optional[str]:
    """Return the event whose date was asked for last, else the only one dated."""
    for asked in reversed(case.put):
        question = find_question(asked, facts)
        if question and question.kind == "date" and question.event in case.dates:
            return question.event
    return next(iter(case.dates)) if len(case.dates) == 1 else None
