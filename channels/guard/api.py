"""Whether a request to Rasa's own HTTP API (model, tracker, domain, train) comes from the operator.

A browser sends what a page tells it to, also to 127.0.0.1. It says so in headers
that a page cannot change: `Origin`, `Sec-Fetch-Site`, `Host` (a page whose name was
made to point here, DNS rebinding, keeps its own name there), and it sends
`application/json` to a strange server only after asking it first.
"""

from __future__ import annotations

import hmac
import urllib.parse
from typing import Mapping, Optional

from channels.addresses import is_loopback
from channels.messages import BadRequest
from weiquan.settings import LOOPBACK

JSON = "application/json"
_OWN_PAGES = frozenset({"same-origin", "none"})
_FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Real-IP", "Via")


def host_name(host: str) -> str:
    """Return the name in a `Host` header or an origin's authority, without port and brackets; "" if it is none."""
    try:
        return urllib.parse.urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


def check_caller(
    headers: Mapping[str, str], peer: str, has_body: bool, given: Optional[str], token: str, token_needed: bool
) -> None:
    """Let the operator's own programs pass, raise `BadRequest` for everybody else.

    `peer` is the address at the other end of the connection, `given` the token in the
    request (None if there is none), `token` the right one. Without it only this machine
    may call, by a name of its own and not through a proxy, and only unless `token_needed`.
    """
    host = headers.get("Host", "")
    origin = headers.get("Origin")
    site = headers.get("Sec-Fetch-Site", "none")
    if site not in _OWN_PAGES or (origin is not None and origin not in (f"http://{host}", f"https://{host}")):
        raise BadRequest(403, "foreign_page", "这个接口不接受别的网页发来的请求。")
    if given is not None:
        if not hmac.compare_digest(given.encode("utf-8", "replace"), token.encode("ascii")):
            raise BadRequest(401, "wrong_token", "token 不对：运行 make token 可以看到它。")
    elif token_needed or not is_loopback(peer) or any(name in headers for name in _FORWARDED):
        raise BadRequest(401, "no_token", "这个接口要带 token：运行 make token 可以看到它。")
    elif host_name(host) not in LOOPBACK:
        raise BadRequest(403, "foreign_host", "这个接口只能用本机的地址（127.0.0.1 或 localhost）访问。")
    if has_body and headers.get("Content-Type", "").partition(";")[0].strip().lower() != JSON:
        raise BadRequest(415, "not_json", f"这个接口只接受 Content-Type: {JSON} 的请求。")
