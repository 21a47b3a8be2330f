"""Papers to download: GET /papers/<token> writes the paper anew from its conversation.

Nothing is stored: a link leads to what the conversation says now, and to
nothing once it was deleted. A link made before a deletion stays dead even if
the same shopper begins again.
"""

from __future__ import annotations

import asyncio
import dataclasses
import datetime
import html
import logging
import urllib.parse
from typing import Any, Dict, Optional, Tuple

from rasa.core.channels.channel import InputChannel
from rasa.shared.core.trackers import DialogueStateTracker
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import BaseHTTPResponse

from channels.messages import OnNewMessage
from weiquan.advice.deadlines import due_dates
from weiquan.advice.views import view
from weiquan.case.archive import find_case, read_past
from weiquan.case.case import Case
from weiquan.clock import BEIJING
from weiquan.facts.knowledge import Knowledge, knowledge
from weiquan.papers.addresses import CALENDAR, PREFIX, TONE_MARK, open_link
from weiquan.papers.calendar import calendar_of
from weiquan.papers.docx import as_docx
from weiquan.papers.links import CURRENT_CASE, Link, LinkError
from weiquan.papers.writing import write_paper

logger = logging.getLogger(__name__)

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
ICS = "text/calendar; charset=utf-8"
HEADERS = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    # The address is the key to the paper: no page opened from here may learn it.
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
}
GONE = "这份文件已经不在了：对话删除后，文件也一起没了。需要的话，请回到对话里重新要一份。"
NOTHING_DUE = "这件事眼下没有要提醒的日期。补上签收、被拒等日期后，可以在对话里重新要一份。"
FAILED = "文件没有写成，请过一会儿再试，或回到对话里重新要一份。"
_PAGE = """<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>文件打不开</title></head>
<body style="font:1.1rem/1.7 sans-serif;max-width:32rem;margin:15vh auto;padding:0 1rem"><p>{}</p></body></html>
"""


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
    paper = write_paper(paper_id, case, facts, today, *((tone,) if tone else ()))
    return File(f"{paper.title}.docx", DOCX, as_docx(paper))


def disposition(name: str) -> str:
    """Return the Content-Disposition of a download named `name` (RFC 6266: plain letters, then UTF-8)."""
    plain = "paper" + name[name.rfind(".") :]
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{urllib.parse.quote(name, safe='')}"


def refusal(status: int, sentence: str) -> BaseHTTPResponse:
    """Return a small page that says why there is no file."""
    return response.html(_PAGE.format(html.escape(sentence)), status=status, headers=HEADERS)


class PapersInput(InputChannel):
    """`GET /papers/<token>`; 404 for what is not there, 410 for a link that has expired."""

    @classmethod
    def name(cls) -> str:
        """Return the name of the channel."""
        return "papers"

    def url_prefix(self) -> str:
        """Return a path from the root, which wins where Rasa joins it to /webhooks/."""
        return PREFIX

    def blueprint(self, on_new_message: OnNewMessage) -> Blueprint:
        """Return the route of the channel; it takes no messages."""
        routes = Blueprint("weiquan_papers", __name__)

        @routes.get("/<token>")
        async def download(request: Request, token: str) -> BaseHTTPResponse:
            try:
                file = await self._file(request, token)
            except LinkError as error:
                return refusal(410 if error.expired else 404, str(error))
            except NotThere as error:
                return refusal(404, str(error))
            except Exception:
                # Neither the token nor the case goes into the log.
                logger.exception("a paper could not be written")
                return refusal(500, FAILED)
            headers = {**HEADERS, "Content-Disposition": disposition(file.name)}
            return response.raw(file.content, headers=headers, content_type=file.media_type)

        return routes

    @staticmethod
    async def _file(request: Request, token: str) -> File:
        link = open_link(token)
        tracker = await request.app.ctx.agent.tracker_store.retrieve_full_tracker(link.sender)
        case = case_of(tracker, link)
        now = datetime.datetime.now(datetime.timezone.utc)
        # Writing takes a tenth of a second, in which the server has others to answer.
        written: Tuple[Any, ...] = (write_file, link.what, case, knowledge(), now)
        return await asyncio.get_running_loop().run_in_executor(None, *written)
