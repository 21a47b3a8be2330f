"""Papers to download: GET /papers/<token> writes the paper anew from its conversation.

Nothing is stored: a link leads to what the conversation says now, and to
nothing once it was deleted. A link made before a deletion stays dead even if
the same shopper begins again.
"""

from __future__ import annotations

import asyncio
import datetime
import html
import logging
import urllib.parse
from typing import Any, Tuple

from rasa.core.channels.channel import InputChannel
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import BaseHTTPResponse

from channels.messages import OnNewMessage
from channels.papers.files import File, NotThere, case_of, write_file
from channels.storage import tracker_store
from weiquan.facts.knowledge import knowledge
from weiquan.papers.addresses import PREFIX, open_link
from weiquan.papers.links import LinkError

logger = logging.getLogger(__name__)

HEADERS = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    # The address is the key to the paper: no page opened from here may learn it.
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
}
FAILED = "文件没有写成，请过一会儿再试，或回到对话里重新要一份。"
_PAGE = """<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>文件打不开</title></head>
<body style="font:1.1rem/1.7 sans-serif;max-width:32rem;margin:15vh auto;padding:0 1rem"><p>{}</p></body></html>
"""


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
        tracker = await tracker_store(request.app).retrieve_full_tracker(link.sender)
        case = case_of(tracker, link)
        now = datetime.datetime.now(datetime.timezone.utc)
        # Writing takes a tenth of a second, in which the server has others to answer.
        written: Tuple[Any, ...] = (write_file, link.what, case, knowledge(), now)
        return await asyncio.get_running_loop().run_in_executor(None, *written)
