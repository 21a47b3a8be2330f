"""The chat by keyboard, by input method, by touch, and on screens of all kinds; axe finds nothing on any."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.chat_page import PHONE, Chat


@pytest.fixture
def embedded(visitor, servers, site) -> Chat:
    """A closed chat on another site's page."""
    return visitor.open(site.add("/keys", f'<script src="{servers.url}/chat/widget.js"></script>'))


def test_by_keyboard_alone_from_the_button_to_an_answer_and_back(embedded):
    chat, keyboard = embedded, embedded.page.keyboard
    keyboard.press("Tab")
    expect(chat.launcher).to_be_focused()
    keyboard.press("Enter")
    expect(chat.input).to_be_focused()
    keyboard.type("客服电话是多少")
    with chat.an_answer():
        keyboard.press("Enter")
    expect(chat.input).to_be_focused()
    expect(chat.input).to_have_value("")

    backwards = []
    for _ in range(60):
        keyboard.press("Shift+Tab")
        backwards.append(chat.focused())
        if backwards[-1] == "更多":
            break
    order = backwards[::-1]
    assert order[:3] == ["更多", "关闭对话", "对话内容"]
    assert order.index("有帮助") < order.index("没帮上")

    keyboard.press("Enter")
    expect(chat.root.get_by_role("group", name="更多").get_by_role("radio").first).to_be_focused()
    assert chat.findings() == []
    keyboard.press("Escape")
    assert chat.focused() == "更多", "the menu gives the focus back"
    keyboard.press("Escape")
    expect(chat.panel).to_be_hidden()
    expect(chat.launcher).to_be_focused()
    keyboard.press("Enter")
    expect(chat.input).to_be_focused()
    expect(chat.turns).to_have_count(2)


def test_a_reply_by_keyboard_leaves_the_focus_where_one_writes(chat):
    chat.send("买的颈椎按摩仪不通电")
    chat.replies.filter(has_text="还没说").focus()
    with chat.an_answer():
        chat.page.keyboard.press("Space")
    expect(chat.input).to_be_focused()


def test_the_question_before_a_deletion_keeps_the_focus_and_gives_it_back(chat):
    chat.send("你好")
    chat.menu("删除我的数据")
    dialog = chat.root.get_by_role("alertdialog")
    expect(dialog.get_by_role("button", name="取消")).to_be_focused()
    assert chat.findings() == []
    seen = set()
    for _ in range(4):
        chat.page.keyboard.press("Tab")
        seen.add(chat.focused())
    assert seen == {"取消", "删除"}
    chat.page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    assert chat.focused() == "更多"


def test_enter_that_takes_a_word_from_an_input_method_does_not_send(chat, visitor):
    chat.input.focus()
    keys = visitor.context.new_cdp_session(chat.page)
    keys.send("Input.imeSetComposition", {"text": "zhiliang", "selectionStart": 8, "selectionEnd": 8})
    enter = {"key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 229}
    keys.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", **enter})
    keys.send("Input.insertText", {"text": "质量有问题"})
    # Safari's order: the composition is over, and the key of the same Enter comes after it.
    expect(chat.input).to_have_value("质量有问题")
    keys.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", **enter})
    expect(chat.input).to_have_value("质量有问题")
    expect(chat.turns).to_have_count(0)
    chat.page.keyboard.press("Shift+Enter")
    expect(chat.input).to_have_value("质量有问题\n")
    with chat.an_answer():
        chat.page.keyboard.press("Enter")
    expect(chat.turns.first).to_contain_text("质量有问题")


def test_on_a_phone_the_chat_fills_the_screen_and_the_keyboard_hides_nothing(visit, servers):
    chat = visit(**PHONE).open(servers.url + "/chat/")
    expect(chat.input).to_be_visible()
    chat.settle()
    box = {name: round(size) for name, size in chat.panel.bounding_box().items()}
    assert box == {"x": 0, "y": 0, "width": 390, "height": 844}
    chat.page.evaluate(
        """() => {
            Object.defineProperty(visualViewport, "height", {get: () => 420});
            Object.defineProperty(visualViewport, "offsetTop", {get: () => 60});
            visualViewport.dispatchEvent(new Event("resize"));
        }"""
    )
    for part in (chat.input, chat.root.get_by_role("button", name="关闭对话")):
        box = part.bounding_box()
        assert box["y"] >= 60
        assert box["y"] + box["height"] <= 480


def too_small(chat: Chat) -> list[str]:
    """Return the controls that a finger would miss: under 44 px in either direction."""
    return chat.root.evaluate(
        """host => [...host.shadowRoot.querySelectorAll("button, summary, a.button, input, textarea, label.switch")]
            .filter(one => one.offsetParent !== null)
            .map(one => [one.closest("label") || one, one.innerText || one.getAttribute("aria-label") || one.type])
            .map(([one, words]) => [words, one.getBoundingClientRect()])
            .filter(([_, box]) => box.width < 43.5 || box.height < 43.5)
            .map(([words, box]) => `${words}: ${box.width} x ${box.height}`)"""
    )


def overflowing(chat: Chat) -> list[str]:
    """Return what is wider than the conversation."""
    return chat.log.evaluate(
        """log => [...log.querySelectorAll("*")]
            .filter(one => one.getBoundingClientRect().right > log.getBoundingClientRect().right + 1)
            .filter(one => !one.closest(".hidden"))
            .map(one => one.className + ": " + one.textContent.slice(0, 40))"""
    )


ASKED = [
    "买的颈椎按摩仪不通电，前天收到的，花了299",
    "帮我写一份12315投诉，直接生成",
    "证据清单",
    "时限",
    "能赔多少",
    "看看我的情况",
    "客服电话是多少",
    "有人冒充客服让我开屏幕共享，刚转走了三千",
]


@pytest.mark.parametrize("looks", ["phone, light", "phone 320 wide, dark, large text", "desktop, dark, little motion"])
def test_every_main_state_is_free_of_what_axe_finds(visit, servers, looks):
    options = dict(PHONE) if "phone" in looks else {}
    if "320" in looks:
        options["viewport"] = {"width": 320, "height": 568}
    if "dark" in looks:
        options["color_scheme"] = "dark"
    if "motion" in looks:
        options["reduced_motion"] = "reduce"
    chat = visit(**options).open(servers.url + "/chat/")
    expect(chat.root.locator(".welcome")).to_be_visible()
    small = chat.input.evaluate("one => parseFloat(getComputedStyle(one).fontSize)")
    assert small >= 16, "Safari zooms into smaller fields"
    if "large" in looks:
        chat.menu("大字模式")
        chat.page.keyboard.press("Escape")
        expect(chat.input).not_to_have_css("font-size", f"{small:g}px")  # it is drawn anew a moment later
        assert chat.input.evaluate("one => parseFloat(getComputedStyle(one).fontSize)") > small
    assert chat.findings() == []
    for words in ASKED:
        chat.send(words)
        assert chat.findings() == [], words
        assert overflowing(chat) == [], words
    assert too_small(chat) == []
    chat.last.get_by_role("button", name="没帮上").click()
    expect(chat.root.get_by_label("哪里没帮上")).to_be_visible()
    assert chat.findings() == []
    background = chat.panel.evaluate("one => getComputedStyle(one).backgroundColor")
    assert ("dark" in looks) == (sum(int(part) for part in background[4:-1].split(",")[:3]) < 3 * 128)
    if "motion" in looks:
        moving = chat.root.evaluate(
            """host => [...host.shadowRoot.querySelectorAll("*")].filter(one => {
                const style = getComputedStyle(one);
                return [style.animationDuration, style.transitionDuration].join().split(",")
                    .some(time => parseFloat(time) > 0.01);
            }).map(one => one.className)"""
        )
        assert moving == []


def test_large_text_and_the_dark_look_are_remembered(chat):
    chat.menu("深色")
    chat.root.get_by_label("大字模式").check()
    chat.page.reload()
    expect(chat.root.locator(".wq.dark.large")).to_have_count(1)


def test_the_log_tells_a_screen_reader_politely(chat):
    expect(chat.log).to_have_attribute("aria-live", "polite")
    chat.send("你好")
    expect(chat.panel).to_have_attribute("aria-labelledby", "title")
    assert chat.panel.evaluate("one => one.getRootNode().getElementById('title').textContent") == "维权向导"
    expect(chat.turns.first).to_contain_text("您说：")
