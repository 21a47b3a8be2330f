"""What a report of trouble does: it opens a case, or is news of the case at hand."""

from __future__ import annotations

import dataclasses
from typing import Optional

from weiquan.advice.compensation import circumstance_told
from weiquan.advice.ladder import is_urgent
from weiquan.case.case import Case
from weiquan.facts.knowledge import Knowledge
from weiquan.reading.message import Message
from weiquan.reading.situations import Reading

SHORTEST_ACCOUNT, LONGEST_ACCOUNT, MOST_ACCOUNTS = 6, 100, 3
"""Characters of what is kept in the shopper's own words, and how many messages."""
AT_FAULT, WITHOUT_REASON = "goods_at_fault", "seven_day_return_refused"
REFUSALS = frozenset({"refused", "platform_against", "complaint_refused"})
"""News of which the reason matters."""


def open_case(reading: Reading, facts: Knowledge, before: Optional[Case] = None) -> Case:
    """Return the case that a message opens; what was told of the order (`before`) stays true."""
    case = dataclasses.replace(
        before or Case(),
        situation=reading.situation,
        variant=reading.variant,
        others=reading.others,
        climbed=reading.climbed | reading.failed,
        failed=reading.failed,
        asked=None,
        question=None,
    )
    for trouble in (reading.situation, *reading.others):
        case = _fail(case, trouble or "", facts)
    return case


def _fail(case: Case, trouble: str, facts: Knowledge) -> Case:
    """Return the case after the trouble of that id, where it says that rungs have failed.

    Ignored or refused is as far as the seller; it goes further where the
    application was made, or where a complaint was handed in.
    """
    situation = facts.situations.get(trouble)
    if situation is None:
        return case
    failed = {*situation.fails, *case.climbed.intersection(situation.fails_if_taken)}
    if situation.fails_all:
        # 「平台投诉了，没用」 answers whether the platform was complained to.
        asked = facts.rungs.get(case.asked or "")
        failed |= case.climbed | ({asked.id} if asked and asked.is_complaint else set())
    return case.with_rungs(failed=failed)


def take_report(
    case: Case, reading: Reading, facts: Knowledge, chosen: Optional[str] = None, variant: Optional[str] = None
) -> Case:
    """Return the case after the shopper reports trouble.

    `chosen` (with `variant`) is a situation picked by button. Within a case, "the seller does
    not answer" is news of that case; another kind of trouble becomes the main
    one, with the former noted among the others.
    """
    reading = reading if chosen else _of_faulty_goods(reading, facts)
    if variant:
        reading = dataclasses.replace(reading, variant=variant)
    situation = chosen or reading.situation
    if situation != reading.situation and not variant:
        reading = dataclasses.replace(reading, variant=None)
    if not situation:
        return case.with_rungs(reading.climbed, reading.failed)
    if not case.situation:
        opened = open_case(dataclasses.replace(reading, situation=situation), facts, case)
        return opened.with_rungs(case.climbed, case.failed)
    if not chosen and not reading.is_sure:
        return case.with_rungs(reading.climbed, reading.failed)
    if not chosen:
        situation = _as_told_of_faulty_goods(situation, case, reading, facts)
    danger = is_urgent(Case(situation, reading.variant), facts)
    about_process = situation in facts.situations and facts.situations[situation].about_process
    if situation == case.situation or (about_process and not chosen and not danger):
        variant = reading.variant if situation == case.situation and reading.variant else case.variant
        moved = dataclasses.replace(case, variant=variant).with_rungs(reading.climbed, reading.failed)
        if situation == case.situation:
            return moved
        noticed = tuple(dict.fromkeys((*moved.others, situation)))
        return _fail(dataclasses.replace(moved, others=noticed), situation, facts)
    others = [other for other in (*reading.others, case.situation, *case.others) if other != situation]
    others = list(dict.fromkeys(others))
    return open_case(dataclasses.replace(reading, situation=situation, others=tuple(others)), facts, case)


def _as_told_of_faulty_goods(situation: str, case: Case, reading: Reading, facts: Knowledge) -> str:
    """Return the situation told, or how the complaint went, where both were read of goods that are at fault.

    「就是不给退」 is no return without a reason then.
    """
    process = next((name for name in reading.others if facts.situations[name].about_process), None)
    is_meant = process is not None and situation == WITHOUT_REASON and circumstance_told(AT_FAULT, case, facts)
    return str(process) if is_meant else situation


def _of_faulty_goods(reading: Reading, facts: Knowledge) -> Reading:
    """Return the reading with the fault as the trouble, where a return without a reason is no surer than it."""
    if reading.situation != WITHOUT_REASON or reading.is_sure:
        return reading
    faults = [name for name in reading.others if circumstance_told(AT_FAULT, Case(name), facts)]
    if not faults:
        return reading
    others = tuple(name for name in reading.others if name != faults[0])
    return dataclasses.replace(reading, situation=faults[0], variant=None, others=others)


def with_account(before: Case, case: Case, message: Message) -> Case:
    """Return the case after the turn with the shopper's own words, where `message` told a trouble or a refusal.

    They stand in papers between quotation marks: nobody tells a defect, or the reason of a
    refusal, better than who was told it.
    """
    if case.situation is None or len(message.text) < SHORTEST_ACCOUNT or message.text in case.account:
        return case
    tells_trouble = (case.situation, case.variant, case.others) != (before.situation, before.variant, before.others)
    tells_refusal = bool(REFUSALS & message.found.news_told)
    if not (tells_trouble or tells_refusal):
        return case
    account = (*case.account, message.text[:LONGEST_ACCOUNT])
    return dataclasses.replace(case, account=account[:MOST_ACCOUNTS])
