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
import os
from typing import Any, Awaitable, Callable, Dict, List, Optional, Sequence

from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.core.channels.rest import RestInput
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import BaseHTTPResponse

from channels.addresses import client_address, is_loopback
from channels.messages import BadRequest, OnNewMessage, WholeCollector, WholeQueue, own_intents, read_body, refusal
from channels.rates import Rates, read_limit
from channels.rest.requests import read_request
from channels.storage import tracker_store
from weiquan.facts.knowledge import knowledge
from weiquan.faults import NotDeleted, NotStored
from weiquan.rendering.essentials import apology, explanation
from weiquan.settings import read_settings

logger = logging.getLogger(__name__)

_DONE = object()
MESSAGES_PER_MINUTE = 60


def apology_message(sender: str) -> Dict[str, str]:
    """Return the message for a turn that produced nothing or raised."""
    return {"recipient_id": sender, "text": apology(knowledge())}


def refused(fault: NotStored) -> BadRequest:
    """Return the answer to a turn of which nothing was stored, or nothing deleted."""
    code = "not_deleted" if isinstance(fault, NotDeleted) else "not_stored"
    return BadRequest(503, code, explanation(fault, knowledge()), retry_after=5)


class WeiquanRestInput(RestInput):
    """`POST /webhooks/rest/webhook` with `{"sender": …, "message": …}`; `?stream=true` for NDJSON."""

    def __init__(self, proxies: Sequence[str] = (), messages_per_minute: int = MESSAGES_PER_MINUTE) -> None:
        """Take so many messages a minute of one sender, from this machine any number; `proxies` are the operator's."""
        self._proxies, self._rates = proxies, Rates(messages_per_minute)

    @classmethod
    def from_credentials(cls, credentials: Optional[Dict[str, Any]]) -> WeiquanRestInput:
        """Create it from credentials.yml, option `messages_per_minute`. Raises `RasaException` for another."""
        limit = read_limit(cls.__name__, credentials, "messages_per_minute", MESSAGES_PER_MINUTE)
        return cls(read_settings(os.environ).proxies, limit)

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

        @routes.post("/webhook", stream=True)
        async def receive(request: Request) -> BaseHTTPResponse:
            try:
                sender, text, metadata = read_request(await read_body(request), own_intents(request.app))
                if not is_loopback(client_address(request.ip, request.headers, self._proxies)):
                    self._rates.take(sender)
            except BadRequest as error:
                return refusal(error)
            tracker_store(request.app)
            if request.args.get("stream", "").lower() == "true":
                return response.stream(
                    self._streamer(on_new_message, sender, text, metadata), content_type="application/x-ndjson"
                )
            collector = WholeCollector()
            fault = await self._handle(on_new_message, self._message(text, collector, sender, metadata))
            if fault:
                # What was said in the turn is not so: "noted" was not noted.
                return refusal(refused(fault))
            messages: List[Dict[str, Any]] = collector.messages or [apology_message(sender)]
            return response.json(messages, ensure_ascii=False)

        return routes

    def _message(
        self, text: str, output: CollectingOutputChannel, sender: str, metadata: Optional[Dict[str, Any]]
    ) -> UserMessage:
        return UserMessage(text, output, sender, input_channel=self.name(), metadata=metadata)

    @staticmethod
    async def _handle(on_new_message: OnNewMessage, message: UserMessage) -> Optional[NotStored]:
        """Run one turn; a failure is logged without the user's words, and returned where nothing was stored."""
        try:
            await on_new_message(message)
        except asyncio.CancelledError:
            logger.error("turn cancelled, sender %s", message.sender_id)
        except NotStored as fault:
            logger.error("turn not stored, sender %s", message.sender_id)
            return fault
        except Exception:
            logger.exception("turn failed, sender %s", message.sender_id)
        return None

    def _streamer(
        self, on_new_message: OnNewMessage, sender: str, text: str, metadata: Optional[Dict[str, Any]]
    ) -> Callable[[Any], Awaitable[None]]:
        async def stream(resp: Any) -> None:
            queue: asyncio.Queue[Any] = asyncio.Queue()

            async def turn() -> None:
                try:
                    message = self._message(text, WholeQueue(queue), sender, metadata)
                    fault = await self._handle(on_new_message, message)
                    if fault:
                        await queue.put({"recipient_id": sender, "text": refused(fault).sentence})
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
