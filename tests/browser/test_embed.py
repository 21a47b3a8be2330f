"""The chat on other people's pages: it takes nothing from them and leaves nothing in them."""

from __future__ import annotations

from urllib.parse import urlsplit

from playwright.sync_api import expect

from tests.browser.chat_page import Chat

HOSTILE = """
    * { color: rgb(255, 0, 0) !important; box-sizing: content-box; animation: none; }
    html, body, weiquan-chat { font: italic 40px/3 fantasy !important; letter-spacing: 1em !important;
        text-transform: uppercase; text-align: right; direction: rtl; word-spacing: 2em; text-indent: 3em;
        visibility: hidden; cursor: wait; white-space: pre; }
    button, textarea, p, ol, li, h2, h3, .panel, .bubble, .card { display: none !important; }
    div { transform: scale(0.1) !important; }
"""
STYLES = [
    "color", "backgroundColor", "fontSize", "fontStyle", "lineHeight", "letterSpacing", "textTransform", "textAlign",
    "direction", "wordSpacing", "textIndent", "visibility", "whiteSpace", "display", "boxSizing", "width", "height",
]  # fmt: skip
PARTS = ["header.head", "#title", ".bubble.mine", ".card", ".moves li", ".reply", "textarea", ".send"]


def tag(servers, **options: str) -> str:
    """Return the one tag that embeds the chat."""
    data = " ".join(f'data-{name}="{value}"' for name, value in options.items())
    return f'<script src="{servers.url}/chat/widget.js" {data}></script>'


def looks(chat: Chat) -> dict[str, dict[str, str]]:
    """Return how the parts of an open chat look."""
    return chat.root.evaluate(
        """(host, [parts, styles]) => Object.fromEntries(parts.map(part => {
            const style = getComputedStyle(host.shadowRoot.querySelector(part));
            return [part, Object.fromEntries(styles.map(one => [one, style[one]]))];
        }))""",
        [PARTS, STYLES],
    )


def test_the_style_of_the_page_does_not_leak_in(visitor, servers, site):
    plain = visitor.open(site.add("/plain", tag(servers, open="true")))
    plain.send("买的颈椎按摩仪不通电")
    expected = looks(plain)
    hostile = visitor.open(site.add("/hostile", tag(servers, open="true"), head=f"<style>{HOSTILE}</style>"))
    expect(hostile.turns).to_have_count(2)
    assert looks(hostile) == expected


def test_nothing_is_left_on_the_page(visitor, servers, site):
    page = visitor.context.new_page()
    page.goto(site.add("/globals", ""))
    before = page.evaluate("Object.getOwnPropertyNames(window).sort()")
    page.evaluate(
        """source => new Promise(done => {
            const script = document.createElement("script");
            script.src = source;
            script.dataset.open = "";
            script.onload = done;
            document.body.append(script);
        })""",
        f"{servers.url}/chat/widget.js",
    )
    expect(Chat(page).input).to_be_visible()
    assert page.evaluate("Object.getOwnPropertyNames(window).sort()") == before
    assert page.evaluate("document.head.querySelectorAll('style, link[rel=stylesheet]').length") == 0
    assert page.evaluate("[...document.body.children].map(one => one.localName)") == ["main", "script", "weiquan-chat"]
    assert page.context.cookies() == []


def test_several_embeds_on_one_page_do_not_collide(visitor, servers, site):
    tags = tag(servers, title="甲助手") + tag(servers, title="乙助手", color="#884422") + tag(servers, position="left")
    first = visitor.open(site.add("/several", tags))
    second, third = Chat(first.page, 1), Chat(first.page, 2)
    boxes = [chat.launcher.bounding_box() for chat in (first, second, third)]
    for at, box in enumerate(boxes):
        for other in boxes[at + 1 :]:
            assert (
                box["x"] + box["width"] <= other["x"]
                or other["x"] + other["width"] <= box["x"]
                or box["y"] + box["height"] <= other["y"]
                or other["y"] + other["height"] <= box["y"]
            )
    first.launcher.click()
    expect(first.panel).to_be_visible()
    first.send("客服电话是多少")
    third.launcher.click()
    expect(third.panel).to_be_visible()
    expect(first.panel).to_be_hidden()
    expect(third.turns).to_have_count(2)
    third.send("卖家一直不发货")
    said = third.said()
    second.launcher.click()
    expect(third.panel).to_be_hidden()
    expect(second.panel.get_by_role("heading", name="乙助手", exact=True)).to_be_visible()
    expect(second.turns).to_have_count(4)
    assert second.said() == said
    assert second.findings() == []


def test_it_works_under_a_strict_policy(visitor, servers, site):
    policy = (
        f"default-src 'none'; script-src {servers.url}; connect-src {servers.url}; img-src data:; "
        "require-trusted-types-for 'script'; base-uri 'none'"
    )
    chat = visitor.open(site.add("/strict", tag(servers, open="true"), Content_Security_Policy=policy))
    chat.send("买的颈椎按摩仪不通电")
    expect(chat.card("和商家协商")).to_be_visible()


def test_the_options_of_the_tag(visitor, servers, site):
    looks = {"title": "小店帮手", "color": "#0a3", "position": "left"}
    words = {"lang": "zh-TW", "greeting": "先说说看。"}
    chat = visitor.open(site.add("/options", tag(servers, open="true", **looks, **words)))
    expect(chat.panel.get_by_role("heading", name="小店帮手", exact=True)).to_be_visible()
    expect(chat.log).to_contain_text("先说说看。")
    expect(chat.panel).to_contain_text("獨立的維權助手，不是拼多多官方客服")
    assert chat.panel.bounding_box()["x"] < 640
    assert chat.findings() == []


def test_a_site_that_the_bot_does_not_know_gets_no_conversation(visit, servers, site):
    visitor = visit()
    visitor.network_may_fail = True
    page = visitor.context.new_page()
    address = site.add("/stranger", tag(servers, open="true")).replace("localhost", "127.0.0.1")
    visitor.sites.add(urlsplit(address).netloc)
    page.goto(address)
    chat = Chat(page)
    chat.write("你好")
    expect(chat.root.get_by_role("button", name="重新发送")).to_be_visible()
    expect(chat.turns).to_have_count(1)
