"""The chat channel when things go wrong, over a real Rasa server whose actions and locks obey the test."""

from __future__ import annotations

import json
import os
import pathlib
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.parse
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import yaml

from channels.chat.sessions import LIFETIME, Sessions
from tests.api.chat_client import Person
from tests.api.obstacles import ACTIONS
from tests.conftest import ROOT, free_port, wait_for
from weiquan.places import MODEL
from weiquan.settings import quiet_environment

SECRET = "a secret of the tests, long enough to sign"
SITE = "https://shop.example"


class Server:
    """A Rasa server and an action server that can be stopped and started again."""

    def __init__(self, directory: pathlib.Path) -> None:
        self.directory, self.port, self.actions_port = directory, free_port(), free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.fail_before, self.fail_after = directory / "fail_before", directory / "fail_after"
        (directory / "obstacle_actions.py").write_text(ACTIONS, encoding="utf-8")
        widget = directory / "dist"
        (widget / "assets").mkdir(parents=True)
        (widget / "index.html").write_text("<!doctype html><title>演示</title>" + "页" * 1000, encoding="utf-8")
        (widget / "widget.js").write_text("export const a = 1;" * 200, encoding="utf-8")
        (widget / "assets" / "chat-1a2b3c4d5e.js").write_text("export const b = 2;" * 200, encoding="utf-8")
        (widget / "assets" / "mark.svg").write_text("<svg/>", encoding="utf-8")
        (widget / "notes.md").write_text("not for browsers", encoding="utf-8")
        endpoints = {
            "action_endpoint": {"url": f"http://127.0.0.1:{self.actions_port}/webhook"},
            "nlg": {"type": "components.core.nlg.KnowledgeNaturalLanguageGenerator"},
            "tracker_store": {
                "type": "components.core.tracker_store.ForgettingTrackerStore",
                "dialect": "sqlite",
                "db": str(directory / "weiquan.db"),
            },
            "lock_store": {
                "type": "tests.api.obstacles.BrittleLockStore",
                "fail_before": str(self.fail_before),
                "fail_after": str(self.fail_after),
            },
        }
        credentials = {
            "channels.rest.WeiquanRestInput": {},
            "channels.chat.ChatInput": {"streams": 3, "waiting": 2, "turn_seconds": 10, "widget": str(widget)},
        }
        for name, content in (("endpoints", endpoints), ("credentials", credentials)):
            (directory / f"{name}.yml").write_text(yaml.safe_dump(content), encoding="utf-8")
        self._processes: list[subprocess.Popen[str]] = []

    def start(self) -> None:
        environment = {**quiet_environment(os.environ), "WEIQUAN_SECRET": SECRET, "PYTHONPATH": str(ROOT)}
        actions = ["-m", "rasa_sdk", "--actions", "obstacle_actions", "--port", str(self.actions_port)]
        rasa = ["-m", "rasa", "run", "--model", str(MODEL), "--enable-api", "--port", str(self.port)]
        rasa += ["--interface", "127.0.0.1", "--cors", SITE, "https://other.example"]
        rasa += ["--endpoints", str(self.directory / "endpoints.yml")]
        rasa += ["--credentials", str(self.directory / "credentials.yml")]
        for name, arguments, folder in (("actions", actions, self.directory), ("rasa", rasa, ROOT)):
            with (self.directory / f"{name}.log").open("a") as log:
                self._processes.append(
                    subprocess.Popen(
                        [sys.executable, *arguments], cwd=folder, env=environment, text=True, stdout=log, stderr=log
                    )
                )
        wait_for(f"http://127.0.0.1:{self.actions_port}/health", self._processes[0])
        wait_for(f"{self.url}/status", self._processes[1])

    def stop(self) -> float:
        """Stop as an operator does; return the seconds that it took."""
        began = time.monotonic()
        for process in self._processes:
            process.send_signal(signal.SIGTERM)
        for process in self._processes:
            process.wait(timeout=30)
        self._processes = []
        return time.monotonic() - began


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(tmp_path_factory.mktemp("chat"))
    server.start()
    yield server
    server.stop()


@pytest.fixture
def person(server):
    return Person(server.url)


def test_text_buttons_and_card_of_a_bot_message_stay_one_message(server, person):
    said = person.say("/show_case")
    assert [message["text"] for message in said] == ["第一段\n\n第二段"]
    assert said[0]["buttons"] == [{"title": "好", "payload": "/affirm"}]
    assert said[0]["card"]["items"][0]["name"] == "照片"
    assert person.history()[-1] == said[0]
    body = {"sender": "card", "message": "/show_case"}
    rest = httpx.post(f"{server.url}/webhooks/rest/webhook", json=body).json()
    stream = httpx.post(f"{server.url}/webhooks/rest/webhook", params={"stream": "true"}, json=body)
    expected = {
        "recipient_id": "card",
        "text": said[0]["text"],
        "buttons": said[0]["buttons"],
        "custom": {"card": said[0]["card"]},
    }
    assert rest == [expected]
    assert [yaml.safe_load(line) for line in stream.text.splitlines()] == [expected]


def test_a_payload_with_data_counts_only_where_a_card_offered_it(server, person):
    payload = '/tick_evidence{"piece": "photo"}'
    person.say(payload)
    assert person.history()[0]["text"] == payload, "typed words"
    person.say("/show_case", title="看看我的情况")
    person.say(payload)
    assert [message["text"] for message in person.history() if message["role"] == "user"][1:] == [
        "看看我的情况",
        "照片",
    ]


def test_what_is_said_first_is_told_before_the_rest_is_ready(server, person):
    tab = person.tab()
    person.send("/request_human")
    tab.wait(lambda: ("typing", {"on": False}) in tab.events)
    first, second = (place for place, (name, data) in enumerate(tab.events) if data.get("role") == "bot")
    assert tab.times[second] - tab.times[first] > 1
    assert tab.data("typing") == [{"on": True}, {"on": False}]


def fail(server: Server, person: Person, when: str) -> dict[str, Any]:
    """Send m-2 into a turn that raises; return the `failed` event."""
    marker = getattr(server, when)
    tab = person.tab()
    marker.touch()
    try:
        person.send("/show_case", "m-2", title="看看我的情况")
        tab.wait(lambda: "failed" in tab.names)
    finally:
        marker.unlink()
    return tab.data("failed")[0]


@pytest.mark.parametrize("when", ["fail_before", "fail_after"])
def test_a_turn_that_raises_is_told_and_may_be_sent_again(server, person, when):
    person.say("谢谢", "m-1")
    failure = fail(server, person, when)
    assert failure["id"] == "m-2"
    assert "021-53395288" in failure["message"]
    tab = person.tab()
    assert tab.events[-1] == ("failed", failure), "a tab that joins later learns of it"
    assert person.send("/show_case", "m-2", title="看看我的情况").status_code == 202
    tab.wait(lambda: {"on": False} in tab.data("typing"))
    assert [message["seq"] for message in tab.messages if message["id"] == "m-2"] == [3, 3]
    assert tab.messages[-1]["card"]
    assert person.send("/show_case", "m-2").json()["status"] == "known"
    assert [message["id"] for message in person.history() if message["role"] == "user"] == ["m-1", "m-2"]


def let_pass(server: Server, seconds: float) -> None:
    """Make everything stored so much older, so that Rasa begins new sessions."""
    with sqlite3.connect(server.directory / "weiquan.db") as connection:
        for number, data in connection.execute("SELECT id, data FROM events").fetchall():
            event = json.loads(data)
            event["timestamp"] -= seconds
            changed = (event["timestamp"], json.dumps(event), number)
            connection.execute("UPDATE events SET timestamp = ?, data = ? WHERE id = ?", changed)


def without_times(messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{**message, "at": None} for message in messages]


def test_a_restart_keeps_history_numbers_ids_opinions_and_failures(server):
    plain, before, after, failed = people = [Person(server.url) for _ in range(4)]
    for person in (plain, before, after):
        person.say("谢谢", "m-1")
        person.post("/chat/feedback", {"seq": 2, "value": "up"})
    let_pass(server, seconds=2 * 24 * 3600)
    plain.say("/show_case", "m-2", title="看看我的情况")
    for person, when in ((before, "fail_before"), (after, "fail_after"), (failed, "fail_before")):
        fail(server, person, when)
    for person in (before, after):
        person.say("/show_case", "m-2", title="看看我的情况")
    histories = [person.history() for person in people]
    tab = plain.tab()
    assert server.stop() < 10, "an open tab must not hold the server up"
    tab.wait(lambda: tab.ended)
    server.start()
    # The bot's first words are two days older now.
    assert [without_times(person.history()) for person in people] == [without_times(messages) for messages in histories]
    for person, was in zip((plain, before, after), histories, strict=False):
        assert person.send("/show_case", "m-2").json()["status"] == "known"
        assert person.say("谢谢", "m-3")[0]["seq"] == len(was) + 2
        assert person.tab(after=len(was)).messages == person.history()[len(was) :]
        assert "failed" not in person.tab().names
    with sqlite3.connect(server.directory / "weiquan.db") as connection:
        ask = "SELECT count(*) FROM events WHERE type_name = 'session_started' AND sender_id = ?"
        assert connection.execute(ask, [Sessions(SECRET).read(plain.token).sender]).fetchone() == (2,)
    tab = failed.tab()
    tab.wait(lambda: "failed" in tab.names)
    assert [name for name, _ in tab.events] == ["message", "ready", "failed"]
    assert failed.say("谢谢", "m-3")[0]["seq"] == 3
    assert failed.say("/show_case", "m-2", title="看看我的情况")[0]["seq"] == 4


def test_a_turn_without_an_answer_failed_too(server, person):
    tab = person.tab()
    person.send("/report_quality_problem", "m-1", title="质量问题")
    tab.wait(lambda: tab.data("failed") and {"on": False} in tab.data("typing"))
    assert person.say("/report_quality_problem", "m-1", title="质量问题")[0]["text"] == "这回答上了"
    assert [(message["role"], message["text"]) for message in person.history()] == [
        ("user", "质量问题"),
        ("bot", "这回答上了"),
    ]


def test_a_slow_reader_holds_nobody_up(server, person):
    address = urllib.parse.urlsplit(server.url)
    with socket.socket() as wire:
        wire.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        wire.connect((address.hostname, address.port))
        wire.sendall(f"GET /chat/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {person.token}\r\n\r\n".encode())
        wire.recv(100)
        began = time.monotonic()
        tab = person.tab()
        person.send("/verify_contact")
        tab.wait(lambda: {"on": False} in tab.data("typing"))
        assert time.monotonic() - began < 20
        assert len(tab.messages) == 401
    assert person.tab(after=400).messages[0]["text"].startswith("399:")


def test_a_stream_over_the_limit_ends_the_oldest(server, person):
    tabs = [person.tab() for _ in range(4)]
    tabs[0].wait(lambda: tabs[0].ended)
    assert tabs[0].names == ["ready", "crowded"]
    person.say("/show_case")  # opens one more
    assert tabs[1].names[:2] == ["ready", "crowded"]
    tabs[3].wait(lambda: len(tabs[3].messages) == 2)
    tabs[2].close()
    time.sleep(0.5)
    later = person.tab()
    assert "crowded" not in tabs[3].names, "a tab that was closed gave its place back"
    later.close()


def test_more_than_may_wait_is_refused_until_there_is_room(server, person):
    replies = [person.send("/ask_phone") for _ in range(5)]
    assert [reply.status_code for reply in replies] == [202, 202, 202, 429, 429]
    assert replies[3].json()["error"] == "busy"


def test_deleting_waits_for_the_running_turn_and_drops_the_rest(server, person):
    tab = person.tab()
    person.send("/ask_phone", "m-1")
    person.send("/ask_phone", "m-2")
    tab.wait(lambda: tab.messages)
    assert person.delete().status_code == 204
    tab.wait(lambda: "reset" in tab.names)
    assert person.history() == []
    time.sleep(2)
    assert [message["id"] for message in tab.messages if message["role"] == "user"] == ["m-1"]
    assert person.history() == []


def test_a_token_lapses_a_month_after_the_last_message(server):
    old = Sessions(SECRET).make(time.time() - LIFETIME - 60)
    reply = httpx.get(f"{server.url}/chat/events", headers={"Authorization": f"Bearer {old}"})
    assert (reply.status_code, reply.json()["error"]) == (401, "no_session")
    barely = Person(server.url, Sessions(SECRET).make(time.time() - LIFETIME + 3))
    barely.say("/show_case")
    time.sleep(4)
    assert len(barely.history()) == 2, "a message renews it"


def test_other_sites_may_talk_only_if_they_are_allowed(server):
    ask = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization,content-type"}
    allowed = httpx.options(f"{server.url}/chat/messages", headers={**ask, "Origin": SITE})
    assert allowed.headers["access-control-allow-origin"] == SITE
    assert "authorization" in allowed.headers["access-control-allow-headers"]
    assert allowed.headers["access-control-max-age"] == "86400"
    stranger = httpx.options(f"{server.url}/chat/messages", headers={**ask, "Origin": "https://evil.example"})
    assert "access-control-allow-origin" not in stranger.headers
    refused = httpx.post(f"{server.url}/chat/messages", headers={"Origin": SITE}, json={})
    assert (refused.status_code, refused.headers["access-control-allow-origin"]) == (401, SITE)


def test_the_build_is_served_typed_compressed_and_cached(server):
    page = httpx.get(f"{server.url}/chat/")
    assert "演示" in page.text
    assert "script-src" not in page.headers["content-security-policy"]
    assert page.headers["cache-control"] == "no-cache"
    script = httpx.get(f"{server.url}/chat/widget.js", headers={"Origin": "https://any.example"})
    assert script.headers["content-type"].startswith("text/javascript")
    assert script.headers["content-encoding"] == "gzip"
    assert script.headers.get_list("access-control-allow-origin") == ["*"]
    asset = httpx.get(f"{server.url}/chat/assets/chat-1a2b3c4d5e.js", headers={"Accept-Encoding": "identity"})
    assert "immutable" in asset.headers["cache-control"]
    assert "content-encoding" not in asset.headers
    icon = httpx.get(f"{server.url}/chat/assets/mark.svg")
    assert (icon.headers["content-type"], icon.headers["cache-control"]) == ("image/svg+xml", "no-cache")
    again = httpx.get(f"{server.url}/chat/widget.js", headers={"If-None-Match": script.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert httpx.get(f"{server.url}/chat/notes.md").status_code == 404


def test_the_log_holds_no_words_of_the_shopper(server, person):
    person.say("紫砂壶的壶嘴磕掉一块")
    assert "紫砂壶" not in (server.directory / "rasa.log").read_text(encoding="utf-8", errors="replace")
