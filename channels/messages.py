"""What the input channels share: refusing a request, reading JSON, and sending a bot message in one piece."""

from __future__ import annotations

import asyncio
import json
from typing import Any, Awaitable, Callable, Container, Dict, List, Mapping, Tuple

from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.core.channels.rest import QueueOutputChannel
from rasa.shared.core.constants import DEFAULT_INTENTS
from sanic import Sanic, response
from sanic.request import Request
from sanic.response import BaseHTTPResponse

from weiquan.language.masking import MASKED, mask
from weiquan.language.normalisation import normalise

OnNewMessage = Callable[[UserMessage], Awaitable[Any]]
"""Rasa's handler of a message: one whole turn."""

MAX_MESSAGE = 20_000
"""Characters of one message of a shopper; longer ones are refused with 413."""

MAX_READ = 256 * 1024
"""Bytes of a body: `MAX_MESSAGE` characters, each escaped as JSON may (\\uXXXX twice), and some."""
MAX_BODY = 64 * 1024
"""Bytes of a body in UTF-8, unescaped."""
BODY_SECONDS = 10.0
SLASH = "/"

_PARTS = ("text", "buttons", "custom", "image", "attachment")


class BadRequest(Exception):
    """A request that cannot be served: HTTP status, machine code, Chinese sentence, more fields of the answer."""

    def __init__(self, status: int, code: str, sentence: str, **more: Any) -> None:
        super().__init__(sentence)
        self.status, self.code, self.sentence, self.more = status, code, sentence, more

    @property
    def body(self) -> Dict[str, Any]:
        """Return the answer's JSON object."""
        return {"error": self.code, "message": self.sentence, **self.more}


def refusal(error: BadRequest) -> BaseHTTPResponse:
    """Return the answer that says why a request is not served, with Retry-After where a client may come again."""
    headers = {"Cache-Control": "no-store"}
    if "retry_after" in error.more:
        headers["Retry-After"] = str(error.more["retry_after"])
    return response.json(error.body, status=error.status, ensure_ascii=False, headers=headers)


async def read_body(request: Request) -> bytes:
    """Return the body of a request to a streaming route. Raises `BadRequest` where it is too long or too slow."""

    async def chunks() -> bytes:
        body = b""
        while (chunk := await request.stream.read()) is not None:
            body += chunk
            if len(body) > MAX_READ:
                raise too_long()
        return body

    try:
        return await asyncio.wait_for(chunks(), BODY_SECONDS)
    except asyncio.TimeoutError:
        raise BadRequest(408, "too_slow", "没有收完这条请求，请重发。") from None


def too_long() -> BadRequest:
    """Return the refusal of a body over `MAX_BODY`."""
    return BadRequest(413, "body_too_long", f"请求太大，最多 {MAX_BODY // 1024} KB。")


def json_object(body: bytes, fields: str) -> Dict[str, Any]:
    """Return the JSON object in `body`; `fields` names what it should hold. Raises `BadRequest`."""
    try:
        data = json.loads(body.decode("utf-8"))
    except (UnicodeDecodeError, ValueError, RecursionError):
        raise BadRequest(400, "invalid_json", "请求不是合法的 JSON（UTF-8）。") from None
    if not isinstance(data, dict):
        raise BadRequest(400, "invalid_body", f"请求要是一个 JSON 对象，含 {fields}。")
    if len(body) > MAX_BODY and size_of(data) > MAX_BODY:
        # The message alone may be the reason, which is said in its own words.
        words_of(data, "message" if "message" in data else "text")
        raise too_long()
    return data


def size_of(data: Any) -> int:
    """Return the bytes of `data` as JSON in UTF-8, unescaped."""
    return len(json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace"))


def own_intents(app: Sanic) -> Container[str]:
    """Return the intents that a payload may name: the bot's, without Rasa's reserved ones."""
    return set(app.ctx.agent.domain.intents) - set(DEFAULT_INTENTS)


def as_words(text: str) -> str:
    """Return `text` without the slash for which Rasa would take it for a command, also a full-width one."""
    read = normalise(text)
    return read.lstrip(SLASH + " ") if read.startswith(SLASH) else text


def words_of(data: Mapping[str, Any], field: str) -> str:
    """Return the shopper's words in `data[field]`. Raises `BadRequest` where they are none or too long."""
    text = data.get(field)
    if not isinstance(text, str):
        raise BadRequest(400, "invalid_message", f"{field} 要是字符串。")
    if len(text) > MAX_MESSAGE:
        raise BadRequest(413, "message_too_long", f"一条消息最多 {MAX_MESSAGE} 个字，请分几条发。")
    # A lone surrogate ("\ud800") is legal JSON but cannot be stored as UTF-8.
    return text.encode("utf-8", "ignore").decode("utf-8")


def masked(text: str) -> Tuple[str, Dict[str, List[str]]]:
    """Return `text` without personal data, and the metadata that says what kinds were taken out (maybe none).

    Called before a message enters Rasa, since the tracker keeps whatever does.
    """
    clean, kinds = mask(text)
    return clean, {MASKED: sorted(kinds)}


def whole_message(message: Mapping[str, Any]) -> Dict[str, Any]:
    """Return the parts of a bot message (rasa's `BotUttered.message()`) that hold something."""
    return {part: message[part] for part in _PARTS if message.get(part)}


class WholeCollector(CollectingOutputChannel):
    """Collects each bot message as one element.

    Rasa's own sends text, buttons and `custom` as up to three, and splits text at blank lines.
    """

    async def send_response(self, recipient_id: str, message: Dict[str, Any]) -> None:
        """Keep `message` as `{"recipient_id", "text"?, "buttons"?, "custom"?}`."""
        parts = whole_message(message)
        if parts:
            await self._persist_message({"recipient_id": recipient_id, **parts})


class WholeQueue(WholeCollector, QueueOutputChannel):
    """The same, into a queue that a stream reads."""
