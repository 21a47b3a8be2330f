"""Reading requests to the chat: checked, without personal data; and refusing them."""

from __future__ import annotations

import functools
import logging
import time
from typing import Any, Awaitable, Callable, Dict, Optional, Tuple

from sanic.request import Request
from sanic.response import BaseHTTPResponse

from channels.chat.conversation import Incoming
from channels.chat.transcript import Transcript, iso
from channels.messages import SLASH, BadRequest, as_words, masked, refusal, words_of
from weiquan.facts.knowledge import knowledge
from weiquan.faults import NotStored
from weiquan.rendering.essentials import explanation

logger = logging.getLogger(__name__)

MAX_ID, MAX_TITLE = 64, 200

Handler = Callable[..., Awaitable[Optional[BaseHTTPResponse]]]


def refusing(handler: Handler) -> Handler:
    """Wrap a handler so that every error is answered as the contract has it."""

    @functools.wraps(handler)
    async def wrapper(request: Request, *args: Any, **kwargs: Any) -> Optional[BaseHTTPResponse]:
        try:
            return await handler(request, *args, **kwargs)
        except BadRequest as error:
            refused = error
        except NotStored as error:
            refused = BadRequest(503, "not_stored", explanation(error, knowledge()), retry_after=5)
        except Exception:
            if request.responded:
                raise
            logger.exception("request failed: %s %s", request.method, request.path)
            refused = BadRequest(500, "internal_error", "服务出了点问题，请稍后再试。")
        return refusal(refused)

    return wrapper


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
    return as_words(text), text


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
