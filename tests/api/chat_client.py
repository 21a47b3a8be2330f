"""The chat channel as a browser speaks it (docs/chat-channel.md), for tests."""

from __future__ import annotations

import json
import socket
import threading
import time
import uuid
from collections.abc import Callable
from typing import Any

import httpx

SECONDS = 30


class Tab(threading.Thread):
    """A tab: follows the events of one conversation, and keeps them."""

    def __init__(self, url: str, headers: dict[str, str], params: dict[str, Any]) -> None:
        super().__init__(daemon=True)
        self.events: list[tuple[str, dict[str, Any]]] = []
        self.numbers: list[int] = []
        self.times: list[float] = []
        self.ended = False
        self._url, self._headers, self._params = url, headers, params
        self._news = threading.Condition()
        self._response: httpx.Response | None = None
        self.start()
        self.wait(lambda: "ready" in self.names)

    def run(self) -> None:
        timeout = httpx.Timeout(SECONDS, read=SECONDS)
        try:
            with httpx.stream(
                "GET", self._url + "/chat/events", headers=self._headers, params=self._params, timeout=timeout
            ) as self._response:
                self._response.raise_for_status()
                assert self._response.headers["content-type"].startswith("text/event-stream")
                self._read(self._response)
        except httpx.HTTPError:
            pass  # the server ended it, or `close` did
        with self._news:
            self.ended = True
            self._news.notify_all()

    def _read(self, response: httpx.Response) -> None:
        name = ""
        for line in response.iter_lines():
            if line.startswith("id: "):
                self.numbers.append(int(line[4:]))
            elif line.startswith("event: "):
                name = line[7:]
            elif line.startswith("data: "):
                with self._news:
                    self.events.append((name, json.loads(line[6:])))
                    self.times.append(time.monotonic())
                    self._news.notify_all()

    def wait(self, is_so: Callable[[], Any]) -> None:
        """Wait until `is_so()`; fail with what was heard if it does not come."""
        with self._news:
            assert self._news.wait_for(is_so, SECONDS), self.events

    @property
    def names(self) -> list[str]:
        return [name for name, _ in self.events]

    @property
    def messages(self) -> list[dict[str, Any]]:
        return [data for name, data in self.events if name == "message"]

    def data(self, name: str) -> list[dict[str, Any]]:
        return [data for event, data in self.events if event == name]

    def close(self) -> None:
        """Leave, as a browser does that closes the tab: to close the response would not wake the reading thread."""
        if self._response is not None and not self.ended:
            self._response.extensions["network_stream"].get_extra_info("socket").shutdown(socket.SHUT_RDWR)
            self.join(SECONDS)


class Person:
    """Somebody with a conversation of their own, and any number of tabs."""

    def __init__(self, url: str, token: str | None = None) -> None:
        self.url = url
        self.http = httpx.Client(base_url=url, timeout=60)
        self.token = token or self.http.post("/chat/session").json()["session"]
        self.headers = {"Authorization": f"Bearer {self.token}"}

    def tab(self, after: int = 0, **params: Any) -> Tab:
        """Open a tab and wait until it was told the history."""
        return Tab(self.url, self.headers, {"after": after, **params})

    def post(self, path: str, body: Any) -> httpx.Response:
        return self.http.post(path, json=body, headers=self.headers)

    def send(self, text: str, id: str | None = None, **more: Any) -> httpx.Response:
        return self.post("/chat/messages", {"id": id or uuid.uuid4().hex, "text": text, **more})

    def say(self, text: str, id: str | None = None, **more: Any) -> list[dict[str, Any]]:
        """Send a message, wait for the end of its turn, and return what the bot said in it."""
        id = id or uuid.uuid4().hex
        tab = self.tab()
        before = len(tab.events)
        reply = self.send(text, id, **more)
        assert reply.status_code == 202, reply.text
        tab.wait(lambda: ("typing", {"on": False}) in tab.events[before:])
        tab.close()
        return [data for name, data in tab.events[before:] if name == "message" and data["role"] == "bot"]

    def history(self) -> list[dict[str, Any]]:
        """Return what a tab opened now is told."""
        tab = self.tab()
        tab.close()
        return tab.messages

    def delete(self) -> httpx.Response:
        return self.http.delete("/chat/session", headers=self.headers)
