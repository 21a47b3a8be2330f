"""The web chat's input channel: docs/chat-channel.md, served at /chat.

Nothing that a client needs is kept here alone: after a restart of the server
a conversation is read from the tracker store again, with the same numbers. One
process must serve all requests of a conversation; a proxy before several goes
by the Authorization header.
"""

from __future__ import annotations

import asyncio
import dataclasses
import functools
import logging
import os
import pathlib
import time
from typing import Any, Awaitable, Callable, Dict, Optional, Tuple

from rasa.core.channels.channel import InputChannel
from rasa.shared.core.constants import DEFAULT_INTENTS
from rasa.shared.exceptions import RasaException
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import BaseHTTPResponse
from sanic_cors.core import SANIC_CORS_EVALUATED  # type: ignore[import-untyped]

from channels.chat_conversation import Conversation, Incoming, Limits
from channels.chat_files import PAGE, find_file, not_built
from channels.chat_hub import Hub
from channels.chat_sessions import LIFETIME, Sessions
from channels.chat_streams import CHANNEL
from channels.chat_transcript import Transcript, iso
from channels.messages import BadRequest, OnNewMessage, json_object, masked, words_of
from weiquan.language.normalisation import normalise
from weiquan.places import ROOT, VAR
from weiquan.settings import secret_of

logger = logging.getLogger(__name__)

WIDGET = ROOT / "widget" / "dist"
MAX_BODY = 256 * 1024
"""Bytes: `MAX_MESSAGE` characters, each escaped as JSON may (\\uXXXX twice), and some."""
MAX_ID, MAX_TITLE, MAX_WORD = 64, 200, 1000
BODY_SECONDS, SEND_SECONDS, PING_SECONDS, STOP_SECONDS = 20.0, 30.0, 15.0, 3.0
BEARER = "Bearer "
SLASH = "/"

Handler = Callable[..., Awaitable[Optional[BaseHTTPResponse]]]


def refusing(handler: Handler) -> Handler:
    """Wrap a handler so that every error is answered as the contract has it."""

    @functools.wraps(handler)
    async def wrapper(request: Request, *args: Any, **kwargs: Any) -> Optional[BaseHTTPResponse]:
        try:
            return await handler(request, *args, **kwargs)
        except BadRequest as error:
            refusal = error
        except Exception:
            if request.responded:
                raise
            logger.exception("request failed: %s %s", request.method, request.path)
            refusal = BadRequest(500, "internal_error", "服务出了点问题，请稍后再试。")
        return response.json(
            refusal.body, status=refusal.status, ensure_ascii=False, headers={"Cache-Control": "no-store"}
        )

    return wrapper


async def read_body(request: Request) -> bytes:
    """Return the request's body. Raises `BadRequest` where it is too long or too slow in coming."""

    async def chunks() -> bytes:
        body = b""
        while (chunk := await request.stream.read()) is not None:
            body += chunk
            if len(body) > MAX_BODY:
                raise BadRequest(413, "body_too_long", f"请求太大，最多 {MAX_BODY // 1024} KB。")
        return body

    try:
        return await asyncio.wait_for(chunks(), BODY_SECONDS)
    except asyncio.TimeoutError:
        raise BadRequest(408, "too_slow", "没有收完这条请求，请重发。") from None


def short_text(data: Dict[str, Any], field: str, longest: int) -> Optional[str]:
    """Return the optional string `data[field]`, without personal data. Raises `BadRequest`."""
    value = data.get(field)
    if value is None:
        return None
    if not isinstance(value, str) or len(value) > longest:
        raise BadRequest(400, f"invalid_{field}", f"{field} 要是不超过 {longest} 个字的字符串。")
    return masked(value.encode("utf-8", "ignore").decode("utf-8"))[0].strip() or None


def as_read(text: str, title: Optional[str], transcript: Transcript, intents: Any) -> Tuple[str, str]:
    """Return what Rasa is to read for `text`, and what is shown in its place.

    A payload counts as one where a button of this conversation offered it, or
    where it is the bare name of one of the bot's own intents ("/ask_phone"),
    which can do no more than the words for it. Any other text that Rasa would
    take for a payload ("/restart", "/inform{", also with a full-width slash)
    loses its slash and so is read as words.
    """
    offered = transcript.title_of(text)
    if offered is not None or (text.startswith(SLASH) and text[1:] in intents):
        return text, title or offered or text
    read = normalise(text)
    return (read.lstrip(SLASH + " ") if read.startswith(SLASH) else text), text


def read_incoming(data: Dict[str, Any], transcript: Transcript, intents: Any) -> Incoming:
    """Return the message in a request. Raises `BadRequest`."""
    client_id = data.get("id")
    if not isinstance(client_id, str) or not 0 < len(client_id) <= MAX_ID or not client_id.isprintable():
        raise BadRequest(400, "invalid_id", f"id 要是 1 到 {MAX_ID} 个可见字符的字符串，每条消息一个。")
    text, kinds = masked(words_of(data, "text").strip())
    if not text:
        raise BadRequest(400, "invalid_message", "text 是空的，请写点什么再发。")
    read, shown = as_read(text, short_text(data, "title", MAX_TITLE), transcript, intents)
    return Incoming(client_id, read, shown, iso(time.time()), kinds)


class ChatInput(InputChannel):
    """The routes of docs/chat-channel.md."""

    def __init__(self, limits: Limits, sessions: Sessions, widget: pathlib.Path = WIDGET) -> None:
        """Serve conversations within `limits`, opened by tokens of `sessions`, and the files in `widget`."""
        self._limits, self._sessions, self._widget = limits, sessions, widget

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
        known = {one.name for one in dataclasses.fields(Limits)}
        for name, value in options.items():
            if name not in known or not isinstance(value, int) or value < 1:
                raise RasaException(
                    f"credentials.yml: {name}={value!r} is no option of {cls.__name__} ({sorted(known)})."
                )
        return cls(Limits(**options), Sessions(secret_of(VAR, os.environ)), widget)

    def blueprint(self, on_new_message: OnNewMessage) -> Blueprint:
        """Return the routes of the channel."""
        routes = Blueprint("weiquan_chat", __name__)
        hub = Hub(self._limits, on_new_message)

        @routes.listener("before_server_stop")
        async def stop(*_: Any) -> None:
            await hub.close(STOP_SECONDS)

        @routes.post("/session")
        @refusing
        async def begin(_: Request) -> BaseHTTPResponse:
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
            intents = set(request.app.ctx.agent.domain.intents) - set(DEFAULT_INTENTS)
            incoming = read_incoming(data, conversation.transcript, intents)
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
            return response.redirect(self.url_prefix() + SLASH, status=308)

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
