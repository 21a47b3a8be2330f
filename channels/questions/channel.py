"""A page of everything that can be asked: GET /questions, with ?q= those that hold the words."""

from __future__ import annotations

import asyncio

from rasa.core.channels.channel import InputChannel
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import BaseHTTPResponse

from channels.messages import OnNewMessage
from channels.questions.page import page
from weiquan.clock import today
from weiquan.facts.knowledge import knowledge
from weiquan.papers.addresses import QUESTIONS as PREFIX

HEADERS = {
    "Cache-Control": "no-cache",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'",
}


class QuestionsInput(InputChannel):
    """`GET /questions`; it takes no messages."""

    @classmethod
    def name(cls) -> str:
        """Return the name of the channel."""
        return "questions"

    def url_prefix(self) -> str:
        """Return a path from the root, which wins where Rasa joins it to /webhooks/."""
        return PREFIX

    def blueprint(self, on_new_message: OnNewMessage) -> Blueprint:
        """Return the route of the channel."""
        routes = Blueprint("weiquan_questions", __name__)

        @routes.get("/", strict_slashes=False)
        async def show(request: Request) -> BaseHTTPResponse:
            wanted = str(request.args.get("q") or "")
            # All answers are written anew, which takes a tenth of a second, in which the server has others to answer.
            written = await asyncio.get_running_loop().run_in_executor(None, page, wanted, knowledge(), today())
            return response.html(written, headers=HEADERS)

        return routes
