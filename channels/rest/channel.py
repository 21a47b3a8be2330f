"""The REST input channel, with every bad request answered in plain words.

Rasa's own `rest` channel answers a wrong type with HTTP 500, a failing turn
with `200 []` (and the user's text in the log), never closes a stream whose
handler raised, and lets all callers without `sender` share one conversation.
The wire format is the same, so any Rasa REST client works; but a bot message
is always one element, its buttons and its card (`custom`) beside its text.
"""

from __future__ import annotations

import asyncio
import json
import logging
from typing import Any, Awaitable, Callable, Dict, List, Optional

from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.core.channels.rest import RestInput
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import BaseHTTPResponse

from channels.messages import BadRequest, OnNewMessage, WholeCollector, WholeQueue
from channels.rest.requests import read_request
from weiquan.facts.knowledge import knowledge
from weiquan.rendering.essentials import apology

logger = logging.getLogger(__name__)

_DONE = object()


def apology_message(sender: str) -> Dict[str, str]:
    """Return the message for a turn that produced nothing or raised."""
    return {"recipient_id": sender, "text": apology(knowledge())}


class WeiquanRestInput(RestInput):
    """`POST /webhooks/rest/webhook` with `{"sender": …, "message": …}`; `?stream=true` for NDJSON."""

    @classmethod
    def name(cls) -> str:
        """Return the part of the URL after `/webhooks/`."""
        return "rest"

    def blueprint(self, on_new_message: OnNewMessage) -> Blueprint:
        """Return the routes of the channel."""
        routes = Blueprint("weiquan_rest", __name__)

        @routes.route("/", methods=["GET"])
        async def health(_: Request) -> BaseHTTPResponse:
            return response.json({"status": "ok"})

        @routes.route("/webhook", methods=["POST"])
        async def receive(request: Request) -> BaseHTTPResponse:
            try:
                sender, text, metadata = read_request(request.body)
            except BadRequest as error:
                return response.json(error.body, status=error.status, ensure_ascii=False)
            if request.args.get("stream", "").lower() == "true":
                return response.stream(
                    self._streamer(on_new_message, sender, text, metadata), content_type="application/x-ndjson"
                )
            collector = WholeCollector()
            await self._handle(on_new_message, self._message(text, collector, sender, metadata))
            messages: List[Dict[str, Any]] = collector.messages or [apology_message(sender)]
            return response.json(messages, ensure_ascii=False)

        return routes

    def _message(
        self, text: str, output: CollectingOutputChannel, sender: str, metadata: Optional[Dict[str, Any]]
    ) -> UserMessage:
        return UserMessage(text, output, sender, input_channel=self.name(), metadata=metadata)

    @staticmethod
    async def _handle(on_new_message: OnNewMessage, message: UserMessage) -> None:
        """Run one turn; a failure is logged without the user's words."""
        try:
            await on_new_message(message)
        except asyncio.CancelledError:
            logger.error("turn cancelled, sender %s", message.sender_id)
        except Exception:
            logger.exception("turn failed, sender %s", message.sender_id)

    def _streamer(
        self, on_new_message: OnNewMessage, sender: str, text: str, metadata: Optional[Dict[str, Any]]
    ) -> Callable[[Any], Awaitable[None]]:
        async def stream(resp: Any) -> None:
            queue: asyncio.Queue[Any] = asyncio.Queue()

            async def turn() -> None:
                try:
                    await self._handle(on_new_message, self._message(text, WholeQueue(queue), sender, metadata))
                finally:
                    await queue.put(_DONE)

            task = asyncio.ensure_future(turn())
            sent = 0
            while (item := await queue.get()) is not _DONE:
                await resp.write(json.dumps(item, ensure_ascii=False) + "\n")
                sent += 1
            if not sent:
                await resp.write(json.dumps(apology_message(sender), ensure_ascii=False) + "\n")
            await task

        return stream
