"""Take the pictures of the README: `make screenshots` starts a bot of its own and writes docs/images/*.png."""

from __future__ import annotations

import io
import pathlib
import sys
import tempfile

from PIL import Image
from playwright.sync_api import Browser, expect, sync_playwright

from tests.browser.chat_page import BEIJING, DESKTOP, PHONE, Chat
from tests.browser.chromium import ARGUMENTS, find_chromium
from tests.browser.servers import Servers
from tests.conftest import ROOT

IMAGES = ROOT / "docs" / "images"
LARGEST = 150_000
"""Bytes of one picture."""
TROUBLE = "前天收到的颈椎按摩仪不通电，花了299"


class TooLargeError(Exception):
    """A picture is larger than a README should carry."""


def keep(chat: Chat, name: str) -> None:
    """Write what is on the screen to docs/images. Raises `TooLargeError`."""
    chat.page.wait_for_timeout(500)  # smooth scrolling and fading in have no end that could be asked for
    picture = Image.open(io.BytesIO(chat.page.screenshot())).convert("RGB")
    # A page of flat colours loses nothing that an eye would see.
    target = IMAGES / f"{name}.png"
    picture.quantize(128, dither=Image.Dither.NONE).save(target, optimize=True)
    size = target.stat().st_size
    print(f"  {target.relative_to(ROOT)}  {size / 1000:.0f} kB")
    if size > LARGEST:
        raise TooLargeError(f"{target} has {size} bytes, more than {LARGEST}.")


def top_of_last(chat: Chat) -> None:
    """Scroll to where the last answer begins, the words before it in sight."""
    chat.page.wait_for_timeout(700)  # the chat itself scrolls there, smoothly
    chat.turns.nth(-2).evaluate("one => { one.style.scrollMarginTop = '12px'; one.scrollIntoView({block: 'start'}); }")


def take_phone(browser: Browser, url: str) -> None:
    """Pictures of a phone: a case from the first screen to the paper, and the server gone."""
    context = browser.new_context(**{**BEIJING, **PHONE, "device_scale_factor": 2})
    page = context.new_page()
    page.goto(url)
    chat = Chat(page)
    expect(chat.root.locator(".welcome")).to_be_visible()
    keep(chat, "phone-welcome")
    for words, name in (
        (TROUBLE, "phone-first-step"),
        ("证据清单", "phone-evidence"),
        ("帮我写一份12315投诉，直接生成", "phone-paper"),
    ):
        chat.send(words)
        top_of_last(chat)
        keep(chat, name)
    chat.menu("深色")
    page.keyboard.press("Escape")
    chat.send("看看我的情况")
    top_of_last(chat)
    keep(chat, "phone-case-dark")
    chat.send("有人冒充客服让我开屏幕共享，刚转走了三千")
    top_of_last(chat)
    keep(chat, "phone-urgent-dark")
    chat.menu("浅色")
    page.keyboard.press("Escape")
    context.set_offline(True)
    chat.write("商家还是不回")
    expect(chat.root.get_by_role("button", name="重新发送")).to_be_visible()
    keep(chat, "phone-offline")
    context.close()


def take_desktop(browser: Browser, url: str) -> None:
    """Pictures of a desktop, light and dark."""
    context = browser.new_context(**{**BEIJING, **DESKTOP})
    page = context.new_page()
    page.goto(url)
    chat = Chat(page)
    chat.send(TROUBLE)
    top_of_last(chat)
    keep(chat, "desktop-first-step")
    chat.send("时限")
    top_of_last(chat)
    page.emulate_media(color_scheme="dark")
    keep(chat, "desktop-dates-dark")
    context.close()


def main() -> int:
    """Return 0 once all pictures are written."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        expect.set_options(timeout=30_000)
        servers = Servers(pathlib.Path(folder) / "weiquan.db", "http://localhost")
        browser = playwright.chromium.launch(executable_path=find_chromium(playwright), args=ARGUMENTS)
        try:
            servers.start()
            for take in (take_phone, take_desktop):
                take(browser, servers.url + "/chat/")
        finally:
            browser.close()
            servers.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
