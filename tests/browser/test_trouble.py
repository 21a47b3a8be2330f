"""What a shopper sees when the server dies, is slow, errs, or the network goes."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import expect

from tests.browser.chat_page import Chat, hold
from weiquan.facts.knowledge import Knowledge

MESSAGES, EVENTS = "**/chat/messages", "**/chat/events?*"


def expect_essentials(chat: Chat, facts: Knowledge) -> None:
    """Expect the official number, ready to be called, and the way in the app."""
    hotline = facts.contacts["pdd_hotline"].value
    expect(chat.root.locator(".ways").get_by_text(hotline)).to_be_visible()
    call = chat.root.locator(".ways a.call")
    assert call.get_attribute("href") == "tel:" + re.sub(r"\D", "", hotline)
    expect(chat.root.locator(".ways .path li").first).to_be_visible()


@pytest.fixture
def chat(chat: Chat, visitor) -> Chat:
    """A chat that has had one answer, in a browser in which requests may fail."""
    visitor.network_may_fail = True
    chat.send("你好")
    return chat


def test_a_server_that_is_killed_and_comes_back(chat, servers, facts):
    try:
        servers.kill()
        chat.write("卖家一直不发货")
        expect(chat.root.get_by_role("button", name="重新发送")).to_be_visible()
        expect(chat.banner).to_contain_text("连不上服务器")
        expect_essentials(chat, facts)
        expect(chat.turns.last).to_contain_text("卖家一直不发货")
        assert chat.findings() == []
    finally:
        servers.start()
    with chat.an_answer():
        chat.root.get_by_role("button", name="重新发送").click()
    expect(chat.turns).to_have_count(4)
    expect(chat.banner).to_have_count(0)
    expect(chat.last).to_contain_text("发货")
    chat.page.reload()
    expect(chat.turns).to_have_count(4)


def test_offline_the_message_waits_for_the_network(chat, visitor, facts):
    visitor.context.set_offline(True)
    chat.write("申请退款被拒绝了")
    expect(chat.root.get_by_role("button", name="重新发送")).to_be_visible()
    expect(chat.banner).to_contain_text("网络断了")
    expect_essentials(chat, facts)
    visitor.context.set_offline(False)
    with chat.an_answer():
        chat.root.get_by_role("button", name="重新发送").click()
    expect(chat.banner).to_have_count(0)
    expect(chat.turns).to_have_count(4)


def test_a_server_that_errs(chat, facts):
    chat.page.route(MESSAGES, lambda route: route.fulfill(status=500, body="<h1>oops</h1>"))
    chat.write("怀疑买到假货")
    expect(chat.root.get_by_role("button", name="重新发送")).to_be_visible()
    expect(chat.banner).to_contain_text("服务器出了问题")
    expect_essentials(chat, facts)
    chat.page.unroute(MESSAGES)
    with chat.an_answer():
        chat.root.get_by_role("button", name="重新发送").click()
    expect(chat.turns).to_have_count(4)


def test_an_error_that_passes_is_not_worth_a_word(chat):
    answers = iter([503])

    def once(route):
        status = next(answers, None)
        route.fulfill(status=status) if status else route.continue_()

    chat.page.route(MESSAGES, once)
    chat.send("怀疑买到假货")
    expect(chat.banner).to_have_count(0)
    expect(chat.turns).to_have_count(4)


def test_a_server_that_is_slow_and_then_silent(visitor, servers, facts):
    visitor.network_may_fail = True
    page = visitor.context.new_page()
    page.clock.install()
    page.goto(servers.url + "/chat/")
    chat = Chat(page)

    def accept(route):
        body = {"id": json.loads(route.request.post_data)["id"], "status": "accepted"}
        route.fulfill(status=202, json=body)

    page.route(MESSAGES, accept)
    page.route(EVENTS, lambda route: route.fulfill(content_type="text/event-stream", body="event: ready\ndata: {}\n\n"))
    chat.write("客服电话是多少")
    expect(chat.root.get_by_text("已送到")).to_be_visible()
    page.route(EVENTS, hold)
    page.clock.fast_forward("00:09")
    expect(chat.root.get_by_text("还在等，稍微慢一点")).to_be_visible()
    expect_essentials(chat, facts)
    page.clock.fast_forward("01:10")
    expect(chat.root.get_by_role("button", name="重新发送")).to_be_visible()
    page.unroute_all(behavior="ignoreErrors")
    page.clock.resume()
    with chat.an_answer():
        chat.root.get_by_role("button", name="重新发送").click()
    expect(chat.turns).to_have_count(2)


def test_an_answer_that_breaks_off_is_told_on_without_doubling(chat):
    cut = iter([True])

    def drop(route):
        # The whole head, and half an event.
        if next(cut, False):
            route.fulfill(content_type="text/event-stream", body='event: message\ndata: {"seq": 1, "role": "us')
        else:
            route.continue_()

    chat.page.route(EVENTS, drop)
    chat.page.reload()
    expect(chat.turns).to_have_count(2)
    chat.send("客服电话是多少")
    expect(chat.turns).to_have_count(4)


def test_the_chat_itself_cannot_be_loaded(visitor, servers, facts, site):
    visitor.network_may_fail = True
    page = visitor.context.new_page()
    page.route("**/chat/assets/chat-*.js*", lambda route: route.abort())
    page.goto(site.add("/broken", f'<script src="{servers.url}/chat/widget.js"></script>'))
    chat = Chat(page)
    chat.launcher.click()
    sorry = chat.root.get_by_role("alert")
    expect(sorry).to_contain_text(facts.contacts["pdd_hotline"].value)
    assert chat.findings() == []
    page.unroute_all()
    sorry.get_by_role("button", name="再试一次").click()
    expect(chat.input).to_be_visible()
    expect(sorry).to_have_count(0)
