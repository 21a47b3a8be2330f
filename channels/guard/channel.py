"""A channel without messages: it stands before all others and before Rasa's own API, and tells the bot's health."""

from __future__ import annotations

import os
from typing import Any, Dict, Optional

import structlog
from rasa.core.channels.channel import InputChannel
from sanic import Blueprint, Sanic, response
from sanic.request import Request
from sanic.response import BaseHTTPResponse

from channels.addresses import client_address, is_loopback, network
from channels.guard.api import check_caller
from channels.messages import BadRequest, OnNewMessage, refusal
from channels.rates import Rates, read_limit
from channels.storage import tracker_store
from weiquan.logs import keep_private, private_event
from weiquan.settings import Settings, read_settings

MAX_BODY = 4 * 1024 * 1024
"""Bytes of a request; the channels take far less (channels.messages.read_body)."""
REQUESTS_PER_MINUTE = 1200
"""Of one address: many shoppers of a mobile network share one."""
BEARER = "Bearer "
FREE_METHODS = frozenset({"OPTIONS", "HEAD"})
REST = "weiquan_rest"
CHAT = "weiquan_chat"

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
}
"""On every answer that does not say otherwise itself."""


class GuardInput(InputChannel):
    """Closes Rasa's API to web pages and strangers, limits requests by address, adds the headers of safety."""

    def __init__(self, settings: Settings, requests_per_minute: int = REQUESTS_PER_MINUTE) -> None:
        """Guard a bot that runs with `settings`."""
        self._settings, self._rates = settings, Rates(requests_per_minute)

    @classmethod
    def name(cls) -> str:
        """Return the name of the channel."""
        return "guard"

    @classmethod
    def from_credentials(cls, credentials: Optional[Dict[str, Any]]) -> GuardInput:
        """Create it from credentials.yml, option `requests_per_minute`. Raises `RasaException` for another.

        Rasa reads that file first of all, so the process's logs are private from here on.
        """
        limit = read_limit(cls.__name__, credentials, "requests_per_minute", REQUESTS_PER_MINUTE)
        keep_private()
        structlog.configure(processors=[private_event, *structlog.get_config()["processors"]])
        return cls(read_settings(os.environ), limit)

    def url_prefix(self) -> str:
        """Return a path from the root, which wins where Rasa joins it to /webhooks/."""
        return "/health"

    def blueprint(self, on_new_message: OnNewMessage) -> Blueprint:
        """Return `GET /health`, and what runs before and after all routes of the server."""
        routes = _Everywhere(self)

        @routes.get("/", strict_slashes=False)
        async def health(request: Request) -> BaseHTTPResponse:
            troubles = {} if request.app.ctx.agent.is_ready() else {"model": "no model is loaded"}
            database = tracker_store(request.app).trouble()
            if database:
                troubles["database"] = database
            status = "failing" if troubles else "ok"
            return response.json({"status": status, **troubles}, status=503 if troubles else 200)

        return routes

    async def before(self, request: Request) -> Optional[BaseHTTPResponse]:
        """Return the refusal of a request that may not pass, None for one that may."""
        if request.route is None or request.method == "OPTIONS":
            return None
        tracker_store(request.app)
        # "rasa_server.status" is Rasa's, "rasa_server.weiquan_rest.receive" a channel's.
        names = request.route.name.split(".")
        channel = names[1] if len(names) > 2 else None
        try:
            if channel is None:
                self._check_api(request)
            elif request.method not in FREE_METHODS and not (channel == CHAT and request.method == "GET"):
                self._check_shopper(request, channel)
        except BadRequest as error:
            return refusal(error)
        return None

    async def after(self, request: Request, response: BaseHTTPResponse) -> None:
        """Add the headers that are missing."""
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)

    def _check_api(self, request: Request) -> None:
        header = request.headers.get("Authorization", "")
        given = header.removeprefix(BEARER) if header.startswith(BEARER) else request.args.get("token")
        has_body = bool(request.body) or "Transfer-Encoding" in request.headers
        settings = self._settings
        check_caller(
            request.headers, request.ip, has_body, given, settings.api_token, token_needed=settings.api_needs_token
        )

    def _check_shopper(self, request: Request, channel: str) -> None:
        address = client_address(request.ip, request.headers, self._settings.proxies)
        if not is_loopback(address):
            self._rates.take(network(address))
        if channel == REST and not self._is_own_page(request):
            raise BadRequest(403, "foreign_page", "这个网页不能用这个接口：请把它加到 WEIQUAN_ALLOWED_ORIGINS 里。")

    def _is_own_page(self, request: Request) -> bool:
        """Tell whether the request comes from no page, from one of ours, or from one that the operator allows."""
        origin, host = request.headers.get("Origin"), request.headers.get("Host", "")
        own = {f"http://{host}", f"https://{host}", self._settings.public_url, *self._settings.allowed_origins}
        return origin is None or origin in own or "*" in own


class _Everywhere(Blueprint):
    """A blueprint for the whole app: Sanic's own runs only before its own routes."""

    def __init__(self, guard: GuardInput) -> None:
        super().__init__("weiquan_guard")
        self.ctx.guard = guard

    def register(self, app: Sanic, options: Dict[str, Any]) -> None:
        """Put the guard before and after every request of `app`."""
        super().register(app, options)
        app.config.REQUEST_MAX_SIZE = MAX_BODY
        app.register_middleware(self.ctx.guard.before, "request")
        app.register_middleware(self.ctx.guard.after, "response")
