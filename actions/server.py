"""Run the action server for our own Rasa alone: `python -m actions.server --port 5055`.

rasa-sdk's own takes calls from whoever reaches the port, web pages included, unpacks
what is compressed without a limit, and when an action raises sends the whole
conversation back, which Rasa then writes into its log.
"""

from __future__ import annotations

import argparse
import hmac
import logging
import os
import sys
from typing import Optional

from rasa_sdk import utils
from rasa_sdk.endpoint import create_app
from sanic import Sanic, response
from sanic.exceptions import SanicException
from sanic.handlers import ErrorHandler
from sanic.request import Request
from sanic.response import BaseHTTPResponse

from weiquan.logs import keep_private
from weiquan.settings import read_settings

logger = logging.getLogger(__name__)

HOST = "127.0.0.1"
MAX_BODY = 16 * 1024 * 1024
"""Bytes of a call: Rasa sends every event of the conversation."""
BODY_SECONDS = 20
HEALTH = "/health"
JSON = "application/json"


def make_app(package: str, token: str) -> Sanic:
    """Return rasa-sdk's app for the actions in `package`, which answers only calls that bring `token`."""
    app: Sanic = create_app(package, cors_origins="")
    app.config.REQUEST_MAX_SIZE = MAX_BODY
    app.config.REQUEST_TIMEOUT = app.config.RESPONSE_TIMEOUT = BODY_SECONDS
    expected = f"Bearer {token}".encode("ascii")

    async def check(request: Request) -> Optional[BaseHTTPResponse]:
        if request.path == HEALTH:
            return None
        if not hmac.compare_digest(request.headers.get("Authorization", "").encode("utf-8", "replace"), expected):
            return response.json({"error": "no_token"}, status=401)
        is_packed = "Content-Encoding" in request.headers
        if is_packed or (request.body and request.headers.get("Content-Type", "").partition(";")[0] != JSON):
            return response.json({"error": "not_json"}, status=415)
        return None

    async def fail(_: Request, exception: Exception) -> BaseHTTPResponse:
        # The call holds the conversation, and an exception's message may quote it.
        kind = type(exception).__name__
        status = exception.status_code if isinstance(exception, SanicException) else 500
        if status == 500:
            logger.error("action failed", exc_info=exception)
        return response.json({"error": kind}, status=status)

    app.register_middleware(check, "request")
    app.error_handler = ErrorHandler()
    app.error_handler.add(Exception, fail)
    return app


def main() -> int:
    """Serve until stopped."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--actions", default="actions", help="package of the actions")
    arguments = parser.parse_args()
    keep_private()
    utils.configure_colored_logging("INFO")
    utils.update_sanic_log_level()
    make_app(arguments.actions, read_settings(os.environ).actions_token).run(HOST, arguments.port, workers=1)
    return 0


if __name__ == "__main__":
    sys.exit(main())
