"""What a correction does: it puts right what the shopper said before."""

from __future__ import annotations

import dataclasses
import re
from typing import Optional

from weiquan.advice.next_question import find_question
from weiquan.case.case import Case
from weiquan.dialogue.answers import take_answer, yes_or_no
from weiquan.facts.interview_questions import CIRCUMSTANCE
from weiquan.facts.knowledge import Knowledge
from weiquan.reading.detail_finder import bare_amount
from weiquan.reading.details import Details, add_details

_CORRECTION = re.compile(
    r"(?:哎呀?|啊|等等|等下)?[,，]?(?:(?:我|刚才|刚刚|前面)*(?:不对|(?:说|写|记|打|搞|弄|点|选)错)(?:了|啦)?"
    r"|更正(?:一下)?|纠正(?:一下)?|改一下|不是(?=[^,，是]{1,8}[,，]?(?:而)?是))[,，。\s]*"
)
"""A bare 不是 is an answer; 不是 … 是 … puts right."""

_DENIED = re.compile(r"(?:而)?不是[^,，是]*")

_AMOUNT_LEAD = re.compile(r"^.*(?:是|改成|改为|付了|花了|错了)[,，]?|[,，]\Z")


def is_correcting(intent: str, text: str) -> bool:
    """Tell whether a message corrects what was told before; a bare 「不对」 is an answer."""
    begins = _CORRECTION.match(text)
    return intent == "correct_information" or bool(begins and begins.end() < len(text))


def correct(case: Case, text: str, details: Details, facts: Knowledge) -> Case:
    """Return the case after a correction: a bare day, number, yes or no is the one told last.

    「不对，是上周三」 means the date that was asked for last; 「是 49 不是 39」 the
    amount. Named ones are taken as they are named. What corrects nothing may
    answer the open question.
    """
    rest = _CORRECTION.sub("", text, count=1)
    if rest == text:
        answer = take_answer(case, "inform", text, details, (), facts)
        if answer:
            return answer
    corrected = add_details(_without_arrival(case, details), details)
    if details.goods:
        corrected = dataclasses.replace(corrected, goods=details.goods)
    if details.bare_dates and not details.dates:
        latest = _latest_date(case, facts)
        if latest:
            corrected = add_details(corrected, Details(dates={latest: details.bare_dates[0]}))
    if details.amount is None and case.amount is not None:
        yuan = bare_amount(_AMOUNT_LEAD.sub("", _DENIED.sub("", text)))
        corrected = dataclasses.replace(corrected, amount=yuan) if yuan else corrected
    if corrected == case:
        last = find_question(case.put[-1] if case.put else None, facts)
        # 「说错了，是799」 is no yes.
        if last and last.kind == CIRCUMSTANCE and not re.search(r"\d", rest):
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
