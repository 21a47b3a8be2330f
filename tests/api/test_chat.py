"""The chat channel over the real bot: whole conversations, tabs, tokens, privacy, the demo page."""

from __future__ import annotations

import json
import re
import socket
import sqlite3
import urllib.parse

import pytest

from scripts.feedback import read_feedback
from tests.api.chat_client import Person

ID_CARD = "110101199003071233"


@pytest.fixture
def person(bot):
    return Person(bot.url)


def test_a_conversation_is_told_as_it_happens_and_the_same_afterwards(person):
    tab = person.tab()
    assert tab.names == ["ready"]
    assert person.send("买的水壶漏水，卖家不理我", "m-1").json() == {"id": "m-1", "status": "accepted"}
    tab.wait(lambda: tab.data("typing")[-1:] == [{"on": False}])
    first = tab.messages[0]
    assert (first["seq"], first["role"], first["id"], first["text"]) == (1, "user", "m-1", "买的水壶漏水，卖家不理我")
    assert tab.names[:3] == ["ready", "message", "typing"]
    assert tab.data("typing") == [{"on": True}, {"on": False}]
    assert "现在这样做" in tab.messages[1]["text"]
    assert any(message["buttons"] for message in tab.messages)
    person.say("投诉电话多少", "m-2")
    tab.wait(lambda: "021-53395288" in tab.messages[-1]["text"])
    assert [message["seq"] for message in tab.messages] == list(range(1, len(tab.messages) + 1)) == tab.numbers
    assert person.history() == tab.messages


def test_two_tabs_are_in_step_and_a_third_takes_up_where_it_left(person):
    first, second = person.tab(), person.tab()
    person.say("水壶漏水")
    person.say("投诉电话多少")
    for tab in (first, second):
        tab.wait(lambda tab=tab: tab.data("typing").count({"on": False}) == 2)
    assert first.events == second.events
    third = person.tab(after=2, begun=first.messages[0]["at"])
    assert third.messages == first.messages[2:]
    assert third.events[-1] == ("ready", {"seq": len(first.messages)})


def test_the_same_id_is_answered_once_also_when_it_comes_at_the_same_time(person):
    tab = person.tab()
    replies = [person.send("投诉电话多少", "same") for _ in range(3)]
    assert [reply.status_code for reply in replies] == [202, 200, 200]
    assert replies[1].json() == {"id": "same", "status": "known"}
    tab.wait(lambda: {"on": False} in tab.data("typing"))
    assert person.send("投诉电话多少", "same").json()["status"] == "known"
    person.say("要留什么证据")
    assert [message["role"] for message in person.history()].count("user") == 2


def test_messages_at_the_same_time_are_answered_one_after_the_other(person):
    texts = ("水壶漏水", "投诉电话多少", "要留什么证据")
    tab = person.tab()
    for text in texts:
        assert person.send(text).status_code == 202
    tab.wait(lambda: tab.data("typing").count({"on": False}) == 3)
    roles = [message["role"] for message in tab.messages]
    assert [message["text"] for message in tab.messages if message["role"] == "user"] == list(texts)
    assert all(roles[place + 1] == "bot" for place, role in enumerate(roles) if role == "user")
    assert tab.messages == person.history()


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer x", "Bearer " + "A" * 75, "Basic abc", "Bearer é"])
def test_without_a_token_of_ours_nothing_can_be_read_or_written(bot, person, header):
    person.say("水壶漏水")
    headers = {} if header is None else {"Authorization": header.encode()}
    for method, path in (("GET", "/chat/events"), ("DELETE", "/chat/session"), ("POST", "/chat/messages")):
        body = {"json": {"id": "1", "text": "水"}} if method == "POST" else {}
        reply = bot.client.request(method, path, headers=headers, **body)
        assert reply.status_code == 401, reply.text
        assert reply.json()["error"] == "no_session"


def test_a_token_opens_its_own_conversation_only_and_cannot_be_altered(bot, person):
    person.say("水壶漏水")
    assert Person(bot.url).history() == []
    for place in (0, 20, len(person.token) - 3):
        other = "A" if person.token[place] != "A" else "B"
        forged = person.token[:place] + other + person.token[place + 1 :]
        reply = bot.client.get("/chat/events", headers={"Authorization": f"Bearer {forged}"})
        assert reply.status_code == 401
    assert person.token not in json.dumps(person.history())


def test_a_button_is_told_by_its_title_and_a_payload_that_nobody_offered_is_words(bot, person):
    said = person.say("水壶漏水")
    button = said[-1]["buttons"][0]
    assert person.say(button["payload"], title=button["title"])
    history = person.history()
    assert button["title"] in [message["text"] for message in history]
    assert button["payload"] not in [message["text"] for message in history]
    assert person.say("/ask_phone", title="投诉电话")[0]["text"].count("021-53395288"), "an intent needs no offer"
    assert "/ask_phone" not in str([message["text"] for message in person.history()])


@pytest.mark.parametrize(
    "text", ["/restart", "／restart", "\u200b/restart", "/back", "/session_start", "/", "/inform{", '/x{"a": 1}']
)
def test_commands_typed_by_a_shopper_do_no_harm(bot, person, text):
    person.say("水壶漏水")
    before = person.history()
    assert person.say(text)
    after = person.history()
    assert after[: len(before)] == before
    assert after[len(before)]["text"] == text, "told as it was typed"
    tracker = bot.client.get(f"/conversations/{sender_of(bot, before[0]['text'])}/tracker").json()
    assert tracker["slots"]["situation"] == "quality_problem", "the case is still there"


def sender_of(bot, text: str) -> str:
    """Return the sender of the latest message with this text."""
    with sqlite3.connect(bot.database) as connection:
        rows = connection.execute("SELECT sender_id FROM events WHERE type_name = 'user' AND sender_id LIKE 'chat-%'")
        return [sender for (sender,) in rows][-1]


def test_an_identity_card_number_is_neither_told_nor_stored(bot, person):
    person.say(f"我的身份证号是{ID_CARD}，水壶漏水")
    person.say("投诉电话多少", title=f"身份证号{ID_CARD}")
    assert person.post("/chat/feedback", {"seq": 2, "value": "down", "word": f"身份证号{ID_CARD}"}).status_code == 204
    bot.say(f"我的身份证号是{ID_CARD}", bot.new_sender())
    assert ID_CARD not in str(person.history())
    assert "已隐去" in person.history()[0]["text"]
    stored = b"".join(file.read_bytes() for file in bot.database.parent.iterdir())
    assert ID_CARD.encode() not in stored
    with sqlite3.connect(bot.database) as connection:
        rows = connection.execute("SELECT data FROM events WHERE type_name = 'user' ORDER BY id DESC LIMIT 3")
        kinds = [json.loads(data)["metadata"].get("masked") for (data,) in rows]
    assert kinds == [["id_number"], [], ["id_number"]], "over REST too"


def test_thumbs_are_kept_told_to_every_tab_and_listed(bot, person):
    person.say("投诉电话多少")
    tab = person.tab()
    assert person.post("/chat/feedback", {"seq": 2, "value": "up"}).status_code == 204
    assert person.post("/chat/feedback", {"seq": 2, "value": "down", "word": " 号码打不通\n吧 "}).status_code == 204
    tab.wait(lambda: len(tab.data("feedback")) == 2)
    assert person.history()[1]["feedback"] == "down"
    row = next(row for row in read_feedback(bot.database) if row[3] == "号码打不通 吧")
    assert row[1] == "thumbs_down"
    assert "021-53395288" in row[2]
    for seq, status in ((1, 404), (0, 404), (99, 404), (-1, 404), ("2", 400), (True, 400), (None, 400)):
        assert person.post("/chat/feedback", {"seq": seq, "value": "up"}).status_code == status
    assert person.post("/chat/feedback", {"seq": 2, "value": "maybe"}).json()["error"] == "invalid_feedback"


def traces(bot, word: str) -> bool:
    escaped = json.dumps(word).strip('"').encode()
    stored = b"".join(file.read_bytes() for file in bot.database.parent.iterdir())
    return escaped in stored or word.encode() in stored


def test_deleting_leaves_nothing_in_the_database_and_every_tab_begins_anew(bot, person):
    first, second = person.tab(), person.tab()
    person.say("我买的汝窑茶盏碎了")
    person.post("/chat/feedback", {"seq": 2, "value": "down", "word": "青花瓷盘"})
    sender = sender_of(bot, "")
    assert traces(bot, "汝窑茶盏")
    assert traces(bot, "青花瓷盘")
    assert person.delete().status_code == 204
    for tab in (first, second):
        tab.wait(lambda tab=tab: tab.data("reset") == [{"message": None}])
    assert not traces(bot, "汝窑茶盏")
    assert not traces(bot, "青花瓷盘")
    assert sender.encode() not in bot.database.read_bytes()
    assert person.history() == []
    assert person.say("投诉电话多少")[0]["seq"] == 2, "the token begins a new conversation"
    first.wait(lambda: first.messages[-1]["seq"] == 2)


def test_deleting_in_words_says_goodbye_before_the_reset(bot, person):
    tab = person.tab()
    person.say("我买的钧窑花瓶碎了")
    old = person.history()
    assert person.send("删除我的数据", "bye").status_code == 202
    tab.wait(lambda: "reset" in tab.names)
    goodbye = tab.messages[-1]
    assert "删除" in goodbye["text"]
    assert tab.data("reset") == [{"message": goodbye["text"]}]
    assert tab.names.index("reset") > max(place for place, name in enumerate(tab.names) if name == "message")
    assert person.history() == []
    assert not traces(bot, "钧窑花瓶")
    assert person.post("/chat/feedback", {"seq": goodbye["seq"], "value": "up"}).status_code == 404
    late = person.tab(after=len(old))
    assert late.events[0] == ("reset", {"message": None}), "a tab that was away learns of it"
    for _ in range(3):
        person.say("投诉电话多少")
    assert person.tab(after=2, begun=old[0]["at"]).names[0] == "reset", "also when as much was said again"
    assert person.tab(after=2).names[0] == "message"


def test_too_many_messages_are_refused_in_plain_words(person):
    statuses = []
    tab = person.tab()
    for number in range(30):
        reply = person.send("谢谢", f"n{number}")
        statuses.append(reply.status_code)
        if reply.status_code == 429:
            if reply.json()["error"] == "too_many_messages":
                break
            tab.wait(lambda: not waiting(tab, statuses))
    assert statuses.count(202) == 20
    assert reply.json()["retry_after"] > 0
    assert "秒" in reply.json()["message"]
    assert person.send("谢谢", "n0").json()["status"] == "known", "what was taken is still known"


def waiting(tab, statuses: list[int]) -> int:
    return statuses.count(202) - tab.data("typing").count({"on": False})


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"", 400, "invalid_json"),
        (b"[1]", 400, "invalid_body"),
        (b"[" * 100_000, 400, "invalid_json"),
        (b'{"text": "x"}', 400, "invalid_id"),
        (b'{"id": "", "text": "x"}', 400, "invalid_id"),
        (b'{"id": "a\\u0000b", "text": "x"}', 400, "invalid_id"),
        (json.dumps({"id": "a" * 65, "text": "x"}).encode(), 400, "invalid_id"),
        (b'{"id": "1"}', 400, "invalid_message"),
        (b'{"id": "1", "text": " \\n "}', 400, "invalid_message"),
        (b'{"id": "1", "text": "x", "title": 5}', 400, "invalid_title"),
        (json.dumps({"id": "1", "text": "字" * 20_001}).encode(), 413, "message_too_long"),
        (b" " * 300_000, 413, "body_too_long"),
    ],
)
def test_bad_requests_get_a_clear_4xx_in_chinese(person, body, status, code):
    reply = person.http.post("/chat/messages", content=body, headers=person.headers)
    assert reply.status_code == status, reply.text
    assert reply.json()["error"] == code
    assert any("\u4e00" <= character <= "\u9fff" for character in reply.json()["message"])
    assert person.history() == []


@pytest.mark.parametrize("after", ["x", "-1", "1.5", "٣", "9" * 30])
def test_a_wrong_place_to_go_on_from_is_refused(person, after):
    reply = person.http.get("/chat/events", params={"after": after}, headers=person.headers)
    assert (reply.status_code, reply.json()["error"]) == (400, "invalid_after")


def test_the_demo_page_is_safe_to_open(bot):
    reply = bot.client.get("/chat/")
    assert reply.status_code in (200, 503), "503 with a clear page where the widget is not built"
    assert reply.headers["content-type"] == "text/html; charset=utf-8"
    policy = reply.headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert reply.headers["x-content-type-options"] == "nosniff"
    if reply.status_code == 503:
        assert "make widget" in reply.text
    slashless = bot.client.get("/chat")
    assert (slashless.status_code, slashless.headers["location"]) == (308, "/chat/")
    assert bot.client.head("/chat/").status_code == reply.status_code


def test_the_page_links_the_licences_of_what_it_carries(bot):
    page = bot.client.get("/chat/")
    if page.status_code == 503:
        pytest.skip("the widget is not built")
    link = re.search(r'rel="license" href="([^"]+)"', page.text)
    assert link is not None
    reply = bot.client.get(f"/chat/{link[1]}")
    assert (reply.status_code, reply.headers["content-type"]) == (200, "text/plain; charset=utf-8")
    assert "Copyright (c) 2015-present Jason Miller" in reply.text
    assert "this permission notice shall be included" in reply.text


@pytest.mark.parametrize(
    "path",
    [
        "/chat/../endpoints.yml",
        "/chat/..%2f..%2fendpoints.yml",
        "/chat/%2e%2e/%2e%2e/config.yml",
        "/chat/assets/../../../README.md",
        "/chat/..%5c..%5cREADME.md",
        "/chat//etc/passwd",
        "/chat/%2fetc%2fpasswd",
        "/chat/assets/%00.js",
        "/chat/package.json",
    ],
)
def test_nothing_outside_the_build_can_be_fetched(bot, path):
    # A raw request: clients tidy such paths away.
    address = urllib.parse.urlsplit(bot.url)
    with socket.create_connection((address.hostname, address.port), timeout=10) as wire:
        wire.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
        answer = b"".join(iter(lambda: wire.recv(65536), b""))
    assert answer.split(b"\r\n")[0].split(b" ")[1] in (b"404", b"400"), answer
