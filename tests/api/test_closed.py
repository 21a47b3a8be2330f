"""Who gets in: foreign web pages, strangers, too many requests, too much in one; what every answer says of itself."""

from __future__ import annotations

import contextlib
import json
import socket
import time
import urllib.parse

import httpx
import pytest

from channels.addresses import client_address, network
from channels.chat.conversation import Limits
from channels.guard.api import check_caller
from channels.guard.channel import REQUESTS_PER_MINUTE
from channels.messages import MAX_MESSAGE, BadRequest
from channels.rates import Rates
from channels.rest.channel import MESSAGES_PER_MINUTE

WEBHOOK = "/webhooks/rest/webhook"
EVIL = "https://evil.example"
TOKEN = "0123456789abcdef"


def refusal(**more) -> str | None:
    """Return the code with which a call of Rasa's API is refused, None if it passes; changed from a good one."""
    headers = {"Host": "127.0.0.1:5005", "Content-Type": "application/json", **more.pop("headers", {})}
    call = {"peer": "127.0.0.1", "has_body": True, "given": None, "token": TOKEN, "token_needed": False, **more}
    try:
        check_caller({name: value for name, value in headers.items() if value is not None}, **call)
    except BadRequest as error:
        return error.body["error"]
    return None


@pytest.mark.parametrize("host", ["127.0.0.1:5005", "localhost:5005", "localhost", "[::1]:5005"])
def test_this_machines_own_programs_need_no_token(host):
    assert refusal(headers={"Host": host}) is None
    assert refusal(headers={"Host": host, "Content-Type": None}, has_body=False) is None


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({"Origin": EVIL}, "foreign_page"),
        ({"Origin": "null"}, "foreign_page"),
        ({"Origin": "http://127.0.0.1:8000"}, "foreign_page"),
        ({"Sec-Fetch-Site": "cross-site"}, "foreign_page"),
        ({"Sec-Fetch-Site": "same-site"}, "foreign_page"),
        ({"Host": "evil.example:5005"}, "foreign_host"),
        ({"Host": "evil.example:5005", "Origin": "http://evil.example:5005"}, "foreign_host"),
        ({"Host": "127.0.0.1.evil.example"}, "foreign_host"),
        ({"Host": "127.0.0.1@evil.example"}, "foreign_host"),
        ({"Host": ""}, "foreign_host"),
        ({"Host": "[::1"}, "foreign_host"),
        ({"X-Forwarded-For": "203.0.113.9"}, "no_token"),
        ({"Forwarded": "for=203.0.113.9"}, "no_token"),
        ({"Content-Type": "text/plain"}, "not_json"),
        ({"Content-Type": "text/plain; application/json"}, "not_json"),
        ({"Content-Type": None}, "not_json"),
    ],
)
def test_what_a_foreign_page_can_send_is_refused(headers, code):
    assert refusal(headers=headers) == code


def test_strangers_need_the_token_and_pages_are_refused_with_it():
    assert refusal(peer="192.0.2.7") == "no_token"
    assert refusal(token_needed=True) == "no_token"
    assert refusal(given="") == "wrong_token"
    assert refusal(given="é") == "wrong_token"
    assert refusal(given=TOKEN, peer="192.0.2.7", headers={"Host": "bot.example"}) is None
    assert refusal(given=TOKEN, headers={"Origin": EVIL}) == "foreign_page"
    assert refusal(given=TOKEN, headers={"Content-Type": "text/plain"}) == "not_json"


def test_no_part_of_rasas_api_can_be_reached_from_a_foreign_page(bot):
    sender = bot.new_sender()
    bot.say("水壶漏水", sender)
    calls = [
        ("POST", f"/conversations/{sender}/tracker/events", [{"event": "restart"}]),
        ("PUT", f"/conversations/{sender}/tracker/events", []),
        ("POST", f"/conversations/{sender}/messages", {"text": "x", "sender": "user"}),
        ("POST", f"/conversations/{sender}/trigger_intent", {"name": "forget_me"}),
        ("GET", f"/conversations/{sender}/tracker", None),
        ("POST", "/model/train", {}),
        ("POST", "/model/parse", {"text": "水壶漏水"}),
        ("PUT", "/model", {"model_file": "x"}),
        ("DELETE", "/model", None),
        ("GET", "/domain", None),
        ("GET", "/status", None),
        ("GET", "/version", None),
        ("GET", "/", None),
    ]
    for method, path, body in calls:
        content = {} if body is None else {"content": json.dumps(body)}
        for headers in ({"Origin": EVIL}, {"Sec-Fetch-Site": "cross-site"}, {"Host": "evil.example"}):
            reply = bot.client.request(method, path, headers={"Content-Type": "text/plain", **headers}, **content)
            assert reply.status_code == 403, (method, path, headers, reply.text)
        if body is not None:
            reply = bot.client.request(method, path, headers={"Content-Type": "text/plain"}, **content)
            assert (reply.status_code, reply.json()["error"]) == (415, "not_json")
    assert bot.slots(sender)["situation"] == "quality_problem", "plain clients go on"
    assert bot.parse("水壶漏水")["intent"]["name"]


def test_a_foreign_page_cannot_speak_through_rest_but_a_program_can(bot):
    body = {"sender": bot.new_sender(), "message": "投诉电话多少"}
    assert bot.client.post(WEBHOOK, json=body, headers={"Origin": EVIL}).status_code == 403
    assert bot.client.post(WEBHOOK, json=body, headers={"Origin": bot.url}).status_code == 200
    plain = bot.client.post(WEBHOOK, content=json.dumps(body), headers={"Content-Type": "text/plain"})
    assert plain.status_code == 200


@pytest.mark.parametrize("path", ["/chat/", "/webhooks/rest/", "/questions", "/version", "/nowhere", "/papers/x"])
def test_every_answer_has_the_headers_of_safety(bot, path):
    headers = bot.client.get(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert "default-src" in headers["content-security-policy"]


@pytest.mark.parametrize(
    ("more", "status", "code"),
    [
        ({"metadata": {"a": "字" * 1400}}, 413, "metadata_too_long"),
        ({"junk": "x" * 70_000}, 413, "body_too_long"),
        ({"junk": "x" * 300_000}, 413, "body_too_long"),
        ({"message": "x" * 70_000}, 413, "message_too_long"),
        ({"sender": "chat-00112233445566778899aabbccddeeff"}, 400, "invalid_sender"),
    ],
)
def test_too_much_and_other_peoples_conversations_are_refused(bot, more, status, code):
    reply = bot.client.post(WEBHOOK, json={"sender": "a", "message": "x", **more})
    assert (reply.status_code, reply.json()["error"]) == (status, code)


def test_the_longest_message_passes_however_it_is_escaped(bot):
    for ascii_only in (True, False):
        body = {"sender": bot.new_sender(), "message": "鞋" * MAX_MESSAGE, "metadata": {"a": "字" * 1000}}
        content = json.dumps(body, ensure_ascii=ascii_only).encode()
        assert bot.client.post(WEBHOOK, content=content).status_code == 200


@pytest.mark.parametrize("text", ["/restart", "／restart", "/back", "/session_start", "/nlu_fallback", "/out_of_scope"])
def test_reserved_words_typed_over_rest_are_words(bot, text):
    sender = bot.new_sender()
    bot.say("水壶漏水", sender)
    assert bot.say(text, sender)[0]["text"]
    assert bot.slots(sender)["situation"] == "quality_problem"
    tracker = bot.client.get(f"/conversations/{sender}/tracker?include_events=ALL").json()
    assert "restart" not in [event["event"] for event in tracker["events"]]


def test_so_many_at_once_and_then_as_many_as_the_minute_brings():
    now = [0.0]
    rates = Rates(6, lambda: now[0])
    for _ in range(6):
        rates.take("a")
    with pytest.raises(BadRequest) as caught:
        rates.take("a")
    assert (caught.value.status, caught.value.more) == (429, {"retry_after": 10})
    rates.take("b")
    now[0] = 9.0
    with pytest.raises(BadRequest):
        rates.take("a")
    now[0] = 10.0
    rates.take("a")


@pytest.mark.parametrize(
    ("peer", "forwarded", "address"),
    [
        ("203.0.113.9", None, "203.0.113.9"),
        ("203.0.113.9", "198.51.100.1", "203.0.113.9"),
        ("127.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("127.0.0.1", "192.0.2.66, 198.51.100.1", "198.51.100.1"),
        ("127.0.0.1", "198.51.100.1, 10.0.0.2", "198.51.100.1"),
        ("127.0.0.1", None, "127.0.0.1"),
        ("127.0.0.1", "", "127.0.0.1"),
    ],
)
def test_only_the_operators_proxies_say_whose_request_it_is(peer, forwarded, address):
    headers = {} if forwarded is None else {"X-Forwarded-For": forwarded}
    assert client_address(peer, headers, ("127.0.0.1", "10.0.0.2")) == address


def test_one_customers_ipv6_network_is_one_client():
    assert network("2001:db8::1") == network("2001:db8::ffff:1") != network("2001:db8:0:1::1")


def test_a_sender_and_an_address_over_the_limit_are_told_when_to_come_again(bot):
    far = {"X-Forwarded-For": "198.51.100.20"}
    body = {"sender": bot.new_sender(), "message": "谢谢"}
    replies = [bot.client.post(WEBHOOK, json=body, headers=far) for _ in range(MESSAGES_PER_MINUTE + 20)]
    refused = [reply for reply in replies if reply.status_code == 429]
    assert refused
    assert replies[0].status_code == 200
    assert refused[0].json()["error"] == "too_many_requests"
    assert int(refused[0].headers["retry-after"]) == refused[0].json()["retry_after"] >= 1
    begun = [
        bot.client.post("/chat/session", headers=far).status_code for _ in range(Limits().sessions_per_minute + 20)
    ]
    assert (begun[0], begun[-1]) == (200, 429)
    flood = {"X-Forwarded-For": "198.51.100.21"}
    codes = [
        bot.client.post(WEBHOOK, json={"message": 5}, headers=flood).status_code
        for _ in range(REQUESTS_PER_MINUTE + 300)
    ]
    assert (codes[0], codes[-1]) == (400, 429)
    assert bot.say("谢谢", body["sender"]), "this machine's own programs are not limited"


def test_a_body_that_does_not_come_is_closed(bot):
    address = urllib.parse.urlsplit(bot.url)
    with socket.create_connection((address.hostname, address.port)) as wire:
        wire.sendall(f"POST {WEBHOOK} HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{{".encode())
        wire.settimeout(20)
        began = time.monotonic()
        assert b" 408 " in wire.recv(1000)
        assert time.monotonic() - began < 15


def test_the_action_server_takes_calls_of_our_rasa_only(bot):
    call = {"next_action": "action_show_case", "sender_id": "x", "tracker": {}, "version": "3.6.21"}
    url = f"http://127.0.0.1:{bot.actions_port}"
    assert httpx.get(f"{url}/health").status_code == 200
    for headers in ({}, {"Authorization": "Bearer " + "0" * 64}, {"Authorization": "é".encode()}):
        reply = httpx.post(f"{url}/webhook", json=call, headers=headers)
        assert reply.status_code == 401
        assert httpx.get(f"{url}/actions", headers=headers).status_code == 401
    with_token = {"Authorization": f"Bearer {bot.actions_token}"}
    assert httpx.get(f"{url}/actions", headers=with_token).status_code == 200
    plain = httpx.post(f"{url}/webhook", content=json.dumps(call), headers={**with_token, "Content-Type": "text/plain"})
    assert plain.status_code == 415
    bomb = {**with_token, "Content-Type": "application/json", "Content-Encoding": "deflate"}
    assert httpx.post(f"{url}/webhook", content=b"x", headers=bomb).status_code == 415
    large = b'{"a": "' + b"x" * (17 * 1024 * 1024) + b'"}'
    with contextlib.suppress(httpx.WriteError):  # refused and closed while it was still coming
        assert httpx.post(f"{url}/webhook", content=large, headers=with_token, timeout=30).status_code == 413
