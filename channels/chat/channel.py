"""The web chat's input channel: docs/chat-channel.md, served at /chat.

Nothing that a client needs is kept here alone: after a restart of the server
a conversation is read from the tracker store again, with the same numbers. One
process must serve all requests of a conversation; a proxy before several goes
by the Authorization header.
"""

from __future__ import annotations

import asyncio
import dataclasses
import os
import pathlib
import time
from typing import Any, Dict, Optional, Sequence

from rasa.core.channels.channel import InputChannel
from rasa.shared.exceptions import RasaException
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import BaseHTTPResponse
from sanic_cors.core import SANIC_CORS_EVALUATED  # type: ignore[import-untyped]

from channels.addresses import client_address, is_loopback, network
from channels.chat.conversation import Conversation, Limits
from channels.chat.files import PAGE, find_file, not_built
from channels.chat.hub import Hub
from channels.chat.requests import read_incoming, refusing, short_text
from channels.chat.sessions import LIFETIME, Sessions
from channels.chat.streams import CHANNEL
from channels.messages import BadRequest, OnNewMessage, json_object, own_intents, read_body
from channels.rates import Rates
from weiquan.places import ROOT
from weiquan.settings import read_settings

WIDGET = ROOT / "widget" / "dist"
MAX_WORD = 1000
"""Characters of what a shopper writes beside a thumb."""
SEND_SECONDS, PING_SECONDS, STOP_SECONDS = 30.0, 15.0, 3.0
BEARER = "Bearer "


class ChatInput(InputChannel):
    """The routes of docs/chat-channel.md."""

    def __init__(
        self, limits: Limits, sessions: Sessions, widget: pathlib.Path = WIDGET, proxies: Sequence[str] = ()
    ) -> None:
        """Serve conversations within `limits`, opened by tokens of `sessions`, and the files in `widget`.

        `proxies` are the operator's, which tell whose address it is.
        """
        self._limits, self._sessions, self._widget, self._proxies = limits, sessions, widget, proxies
        self._begun = Rates(limits.sessions_per_minute)

    @classmethod
    def name(cls) -> str:
        """Return the channel's name in the tracker."""
        return CHANNEL

    def url_prefix(self) -> str:
        """Return "/chat": Rasa joins it to "/webhooks/", and a path from the root wins."""
        return "/" + CHANNEL

    @classmethod
    def from_credentials(cls, credentials: Optional[Dict[str, Any]]) -> ChatInput:
        """Create the channel from credentials.yml: the fields of `Limits`, and `widget`, the folder of the build.

        Raises `RasaException` for an unknown or impossible option.
        """
        options = dict(credentials or {})
        widget = pathlib.Path(options.pop("widget", WIDGET))
        known = {field.name for field in dataclasses.fields(Limits)}
        for name, value in options.items():
            if name not in known or not isinstance(value, int) or value < 1:
                raise RasaException(
                    f"credentials.yml: {name}={value!r} is no option of {cls.__name__} ({sorted(known)})."
                )
        settings = read_settings(os.environ)
        return cls(Limits(**options), Sessions(settings.secret), widget, settings.proxies)

    def blueprint(self, on_new_message: OnNewMessage) -> Blueprint:
        """Return the routes of the channel."""
        routes = Blueprint("weiquan_chat", __name__)
        hub = Hub(self._limits, on_new_message)

        @routes.listener("before_server_stop")
        async def stop(*_: Any) -> None:
            await hub.close(STOP_SECONDS)

        @routes.post("/session")
        @refusing
        async def begin(request: Request) -> BaseHTTPResponse:
            address = client_address(request.ip, request.headers, self._proxies)
            if not is_loopback(address):
                self._begun.take(network(address))
            body = {"session": self._sessions.make(time.time()), "expires_in": LIFETIME}
            return response.json(body, headers={"Cache-Control": "no-store"})

        @routes.delete("/session")
        @refusing
        async def forget(request: Request) -> BaseHTTPResponse:
            await (await self._conversation(hub, request)).forget()
            return response.empty()

        @routes.post("/messages", stream=True)
        @refusing
        async def receive(request: Request) -> BaseHTTPResponse:
            conversation = await self._conversation(hub, request)
            data = json_object(await read_body(request), "id 和 text")
            incoming = read_incoming(data, conversation.transcript, own_intents(request.app))
            if conversation.accept(incoming):
                return response.json({"id": incoming.id, "status": "accepted"}, status=202)
            return response.json({"id": incoming.id, "status": "known"})

        @routes.post("/feedback", stream=True)
        @refusing
        async def rate(request: Request) -> BaseHTTPResponse:
            conversation = await self._conversation(hub, request)
            data = json_object(await read_body(request), "seq 和 value")
            seq, value = data.get("seq"), data.get("value")
            if not isinstance(seq, int) or isinstance(seq, bool) or value not in ("up", "down"):
                raise BadRequest(400, "invalid_feedback", "seq 要是一条回答的编号，value 要是 up 或 down。")
            await conversation.rate(seq, value, short_text(data, "word", MAX_WORD))
            return response.empty()

        @routes.get("/events")
        @refusing
        async def follow(request: Request) -> None:
            after = request.args.get("after", "0")
            if not (after.isascii() and after.isdigit() and len(after) < 10):
                raise BadRequest(400, "invalid_after", "after 要是最后收到的编号（从 0 起的整数）。")
            conversation = await self._conversation(hub, request)
            await tell_everything(request, conversation, int(after), request.args.get("begun"))

        @routes.route("/", methods=["GET", "HEAD"], strict_slashes=True)
        @refusing
        async def page(request: Request) -> BaseHTTPResponse:
            return self._file(request, PAGE)

        @routes.route("", methods=["GET", "HEAD"], strict_slashes=True)
        @refusing
        async def page_without_slash(_: Request) -> BaseHTTPResponse:
            # The page's relative addresses need the slash.
            return response.redirect(self.url_prefix() + "/", status=308)

        @routes.route("/<name:path>", methods=["GET", "HEAD"])
        @refusing
        async def file(request: Request, name: str) -> BaseHTTPResponse:
            return self._file(request, name)

        return routes

    async def _conversation(self, hub: Hub, request: Request) -> Conversation:
        """Return the conversation that the request's token names. Raises `BadRequest`."""
        refusal = BadRequest(401, "no_session", "这段对话已经失效，请重新开始。")
        header = request.headers.get("Authorization", "")
        try:
            session = self._sessions.read(header.removeprefix(BEARER).strip() if header.startswith(BEARER) else "")
        except ValueError:
            raise refusal from None
        conversation = await hub.open(request.app, session.sender)
        if time.time() - max(session.made, conversation.last_message_at) > LIFETIME:
            raise refusal
        return conversation

    def _file(self, request: Request, name: str) -> BaseHTTPResponse:
        """Answer with a file of the widget. Raises `BadRequest` where there is none."""
        file = find_file(self._widget, name)
        if file:
            wanted = request.headers.get("If-None-Match", "")
            status, headers, body = file.answer(request.headers.get("Accept-Encoding", ""), wanted)
        elif name == PAGE:
            status, headers, body = not_built()
        else:
            raise BadRequest(404, "not_found", "没有这个地址。")
        # These files are for every site; Rasa's CORS would add a second origin to theirs.
        setattr(request.ctx, SANIC_CORS_EVALUATED, "1")
        return response.raw(body, status=status, headers=headers)


async def tell_everything(request: Request, conversation: Conversation, after: int, begun: Optional[str]) -> None:
    """Answer with the conversation's events until the client leaves, lags too far behind, or the server stops."""
    frames, stream = conversation.attach(after, begun)
    try:
        answer = await request.respond(
            content_type="text/event-stream; charset=utf-8",
            # nginx would otherwise hold the events back.
            headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no", "X-Content-Type-Options": "nosniff"},
        )
        event: Optional[bytes] = b"".join(frames)
        while event is not None:
            await asyncio.wait_for(answer.send(event), SEND_SECONDS)
            event = await stream.next(PING_SECONDS)
    except asyncio.TimeoutError:
        # The client does not read. A polite end would wait for it too.
        request.transport.abort()
    finally:
        conversation.detach(stream)
