"""Everything that reads a message, asked in turn."""

from __future__ import annotations

import datetime
import itertools

from weiquan.case.case import Case
from weiquan.clock import BEIJING
from weiquan.dialogue.answers import take_answer
from weiquan.dialogue.circumstances import find_circumstances
from weiquan.dialogue.corrections import correct, is_correcting
from weiquan.dialogue.news import denies_asked_step, find_news, interpret
from weiquan.dialogue.ticks import find_ticks
from weiquan.facts.knowledge import Knowledge, knowledge
from weiquan.language.entities import wishes
from weiquan.language.entities.dates import find_dates, find_durations
from weiquan.language.entities.money import find_amounts
from weiquan.language.identifiers import find_identifiers
from weiquan.language.masking import mask
from weiquan.language.normalisation import normalise_whole, without_numbers
from weiquan.reading import feelings
from weiquan.reading.contacts import verify
from weiquan.reading.detail_finder import find_details
from weiquan.reading.details import add_details
from weiquan.reading.prices import bare_amount
from weiquan.reading.requests import asks_for_paper, find_paper, find_tone, is_about_another_case, is_asking
from weiquan.reading.scams import find_scam
from weiquan.reading.situations import NOTHING_FOUND, read
from weiquan.reading.steps import find_steps, find_steps_denied

NOW = datetime.datetime(2026, 11, 24, 12, tzinfo=BEIJING)
MESSAGES = ("照片拍了，聊天记录也有，前两个有了，第3个没有", "上周三签收的锅，付了129元，第二天就掉漆，打了12315没人理")


def read_message(text: str, case: Case, facts: Knowledge) -> None:
    """Ask every reader for what it finds in `text` (as typed), in `case`."""
    text = mask(normalise_whole(text)[0])[0]
    without_numbers(text)
    for reader in (find_scam, verify):
        reader(text, facts)
    for finder in (asks_for_paper, find_paper, find_tone, find_steps_denied):
        finder(text, facts)
    find_steps(text, frozenset(), facts)
    for reader in (is_about_another_case, is_asking, find_news, feelings.find_feeling, find_amounts, find_identifiers):
        reader(text)
    find_dates(text, NOW)
    find_durations(text, NOW)
    wishes.find_wishes(text)
    bare_amount(text)
    read(text, None, NOTHING_FOUND, facts)
    details = find_details(text, [], NOW.date())
    find_circumstances(text, case, facts)
    interpret("inform", case, text, facts, NOW.date())
    denies_asked_step(case, text, facts)
    take_answer(case, "inform", text, details, [], facts)
    if is_correcting("", text):
        correct(add_details(case, details), text, details, facts)
    find_ticks(text, case, facts, NOW.date())


def read_everything() -> None:
    """Read the facts and `MESSAGES` in every kind of case, so that every pattern is compiled."""
    facts = knowledge()
    ways = itertools.cycle(itertools.product(MESSAGES, (None, "received", "amount", "remedy")))
    for situation, (text, question) in zip(facts.situations, ways, strict=False):
        read_message(text, Case(situation=situation, asked="after_sales", question=question), facts)
