"""The file that a link leads to: a paper or a calendar, written anew from the case."""

from __future__ import annotations

import dataclasses
import datetime
from typing import Any, Dict, Optional

from rasa.shared.core.trackers import DialogueStateTracker

from weiquan.advice.advice import Advice
from weiquan.advice.deadlines import due_dates
from weiquan.advice.views import view
from weiquan.case.archive import find_case, read_past
from weiquan.case.case import Case
from weiquan.clock import BEIJING
from weiquan.facts.knowledge import Knowledge
from weiquan.papers.addresses import CALENDAR, TONE_MARK
from weiquan.papers.calendar import calendar_of
from weiquan.papers.docx import as_docx
from weiquan.papers.links import CURRENT_CASE, Link
from weiquan.papers.writing import write_paper

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
ICS = "text/calendar; charset=utf-8"
GONE = "这份文件已经不在了：对话删除后，文件也一起没了。需要的话，请回到对话里重新要一份。"
NOTHING_DUE = "这件事眼下没有要提醒的日期。补上签收、被拒等日期后，可以在对话里重新要一份。"


class NotThere(Exception):
    """What a link leads to is not there (any more); the message is a sentence for the shopper."""


@dataclasses.dataclass(frozen=True)
class File:
    """A file to hand out: its name as saved, without personal data, its media type and content."""

    name: str
    media_type: str
    content: bytes


def case_of(tracker: Optional[DialogueStateTracker], link: Link) -> Case:
    """Return the case that `link` leads to. Raises `NotThere`.

    `tracker` holds the whole conversation. A link older than its first event
    belongs to a conversation that was deleted.
    """
    first = tracker.events[0].timestamp if tracker and tracker.events else None
    # The token knows whole seconds only, rounded down.
    if tracker is None or first is None or link.made.timestamp() + 1 <= first:
        raise NotThere(GONE)
    slots: Dict[str, Any] = tracker.current_slot_values()
    past = read_past(slots.get("past_cases"))
    current = Case.from_slots(slots)
    if link.case_number == CURRENT_CASE:
        return current
    case = find_case(int(link.case_number), current, past) if link.case_number.isdecimal() else None
    if case is None:
        raise NotThere(GONE)
    return case


def write_file(what: str, case: Case, facts: Knowledge, now: datetime.datetime) -> File:
    """Return the paper or calendar `what` (see `weiquan.papers.addresses.paper_url`) of `case`.

    `now` decides on dates and stale facts. Raises `NotThere` for an unknown
    paper or tone, and where there is nothing to be reminded of.
    """
    today = now.astimezone(BEIJING).date()
    if what == CALENDAR:
        title = view(case, facts).name if case.situation in facts.situations else ""
        try:
            content = calendar_of(due_dates(case, facts, today), title, facts, now)
        except ValueError:
            raise NotThere(NOTHING_DUE) from None
        return File("维权提醒.ics", ICS, content)
    paper_id, _, tone = what.partition(TONE_MARK)
    if paper_id not in facts.papers or (tone and tone not in facts.tones):
        raise NotThere(GONE)
    paper = write_paper(paper_id, Advice(case, facts, today), *((tone,) if tone else ()))
    return File(f"{paper.title}.docx", DOCX, as_docx(paper))
