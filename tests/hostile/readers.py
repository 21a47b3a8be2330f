"""Everything that reads a message, asked in turn."""

from __future__ import annotations

import datetime

from weiquan import feelings, wishes
from weiquan.case import Case
from weiquan.clock import BEIJING
from weiquan.compensation import find_circumstances
from weiquan.contacts import find_scam, is_about_listed_number, is_about_unknown_site, is_doubted_contact, verify
from weiquan.details import add_details, bare_amount, find_details
from weiquan.evidence import ticks_told
from weiquan.identifiers import find_identifiers
from weiquan.interview import correct, is_correcting, take_answer
from weiquan.knowledge import Knowledge, knowledge
from weiquan.moments import find_durations, find_moments
from weiquan.papers import asks_for_paper, paper_told, tone_told
from weiquan.plan import is_about_another_case
from weiquan.privacy import mask
from weiquan.progress import denies_asked_step, interpret, is_asking, news_told
from weiquan.quantities import find_amounts
from weiquan.reading import cue_counts, find_steps, find_topic, read
from weiquan.text import is_cut, normalise, without_numbers

NOW = datetime.datetime(2026, 11, 24, 12, tzinfo=BEIJING)
MESSAGES = ("照片拍了，聊天记录也有，前两个有了，第3个没有", "上周三签收的锅，付了129元，第二天就掉漆，打了12315没人理")


def read_message(text: str, case: Case, facts: Knowledge) -> None:
    """Ask every reader for what it finds in `text` (as typed), in `case`."""
    is_cut(text)
    text = mask(normalise(text))[0]
    without_numbers(text)
    for one in (find_scam, verify, is_about_listed_number, is_about_unknown_site, is_doubted_contact):
        one(text, facts)
    for other in (asks_for_paper, paper_told, tone_told, find_topic, find_steps, cue_counts):
        other(text, facts)
    for reader in (is_about_another_case, is_asking, news_told, feelings.feeling_told, find_amounts, find_identifiers):
        reader(text)
    find_moments(text, NOW)
    find_durations(text, NOW)
    wishes.find_wishes(text, wishes.find_steps_told(text))
    bare_amount(text)
    read(text, None, [], facts)
    details = find_details(text, [], NOW.date())
    find_circumstances(text, case, facts)
    interpret("inform", case, text, facts, NOW.date())
    denies_asked_step(case, text, facts)
    take_answer(case, "inform", text, details, [], facts)
    if is_correcting("", text):
        correct(add_details(case, details), text, details, facts)
    ticks_told(text, case, facts, NOW.date())


def read_everything() -> None:
    """Read the facts and `MESSAGES` in every kind of case, so that every pattern is compiled."""
    facts = knowledge()
    for situation in facts.situations:
        for text in MESSAGES:
            for question in (None, "received", "amount", "remedy"):
                read_message(text, Case(situation=situation, asked="after_sales", question=question), facts)
