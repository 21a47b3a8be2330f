"""What the browser tests talk to: a bot that can be killed, and another site that embeds its chat."""

from __future__ import annotations

import http.server
import os
import pathlib
import signal
import subprocess
import threading
from unittest import mock

from tests.conftest import free_port, start_servers, wait_for


class Servers:
    """The bot as `make serve` runs it, with a database of its own; it can be killed and started again."""

    def __init__(self, database: pathlib.Path, origin: str) -> None:
        """Prepare a bot that answers pages of `origin`, besides its own."""
        self.database, self._origin = database, origin
        self._port, self._actions_port = free_port(), free_port()
        self.url = f"http://127.0.0.1:{self._port}"
        self._process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        """Start both servers, unless they run, and wait until they answer."""
        if self._process and self._process.poll() is None:
            return
        with mock.patch.dict(os.environ, {"WEIQUAN_ALLOWED_ORIGINS": self._origin}):
            self._process = start_servers(self._port, self._actions_port, self.database)
        wait_for(f"http://127.0.0.1:{self._actions_port}/health", self._process)
        wait_for(f"{self.url}/status", self._process)

    def kill(self) -> None:
        """Let the Rasa server die without a word; its runner then stops the rest."""
        assert self._process
        # Nothing else on this machine has the port on its command line.
        ours = ["pgrep", "-f", f"rasa run .* --port {self._port} "]
        for process in subprocess.run(ours, capture_output=True, text=True, check=True).stdout.split():
            os.kill(int(process), signal.SIGKILL)
        self._process.wait(timeout=30)

    def stop(self) -> None:
        """Stop as an operator does."""
        if self._process and self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)
            self._process.wait(timeout=30)


class Site:
    """Another site, on a port of its own: it serves the pages that a test puts into `pages`, path to HTML."""

    def __init__(self) -> None:
        """Serve at once."""
        self.pages: dict[str, str] = {}
        self.headers: dict[str, dict[str, str]] = {}
        site = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                body = site.pages.get(self.path, "").encode()
                self.send_response(200 if body else 404)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                for name, value in site.headers.get(self.path, {}).items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://localhost:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def add(self, path: str, body: str, head: str = "", **headers: str) -> str:
        """Serve a page with this body and head, and return its address; `_` in a header's name means `-`."""
        icon = '<link rel="icon" href="data:,">'
        self.pages[path] = (
            f'<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>小店</title>'
            f'<meta name="viewport" content="width=device-width, initial-scale=1">{icon}{head}</head>'
            f"<body><main><h1>小店</h1></main>{body}</body></html>"
        )
        self.headers[path] = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.url + path

    def close(self) -> None:
        """Stop serving."""
        self._server.shutdown()
        self._server.server_close()
