"""Take pictures of the widget's main states against the mock server, and run axe on each.

`.venv/bin/python widget/dev/look.py [folder]`, after `make widget`; needs Chromium and the machine's Node.js.
"""

from __future__ import annotations

import pathlib
import shutil
import subprocess
import sys
from typing import Any, Dict

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, sync_playwright

HERE = pathlib.Path(__file__).resolve().parent
PORT = 5098
URL = f"http://127.0.0.1:{PORT}/chat/"
PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 800}
CARDS = ["step", "urgent", "question", "case", "evidence", "dates", "estimate", "paper", "contacts", "long"]
ARGUMENTS = ["--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"]


def send(page: Page, words: str, answered: bool = True) -> None:
    """Type words and send them; wait for the answer."""
    page.get_by_role("textbox", name="输入您要说的话").fill(words)
    before = page.locator(".foot").count()
    page.get_by_role("button", name="发送", exact=True).click()
    if answered:
        page.wait_for_function(
            "n => document.querySelector('weiquan-chat').shadowRoot.querySelectorAll('.foot').length > n", arg=before
        )
    page.wait_for_timeout(700)


class Look:
    """Pictures of one browser, with what axe found."""

    def __init__(self, folder: pathlib.Path) -> None:
        self.folder = folder
        self.found: list[str] = []

    def take(self, page: Page, name: str) -> None:
        """Keep a picture of the screen, and what axe finds on it."""
        page.screenshot(path=str(self.folder / f"{name}.png"))
        for one in Axe().run(page).response["violations"]:
            nodes = "; ".join(
                str(node["target"]) + " " + node.get("failureSummary", "")[:300] for node in one["nodes"][:3]
            )
            self.found.append(f"{name}: {one['id']} ({one['impact']}): {nodes}")


def main() -> int:
    """Return 1 if axe found something."""
    folder = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else "/tmp/look")
    folder.mkdir(parents=True, exist_ok=True)
    node = shutil.which("node") or "node"
    server = subprocess.Popen([node, str(HERE / "mock.mjs"), str(PORT)], stdout=subprocess.PIPE)
    assert server.stdout is not None
    server.stdout.readline()
    look = Look(folder)
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=ARGUMENTS)

            def page(size: Dict[str, int], **options: Any) -> Page:
                context = browser.new_context(viewport=size, device_scale_factor=2 if size is PHONE else 1, **options)
                opened = context.new_page()
                opened.on("console", lambda one: print("console:", one.text))
                opened.on("pageerror", lambda one: print("error:", one))
                opened.goto(URL)
                opened.get_by_role("dialog").wait_for()
                opened.wait_for_timeout(400)
                return opened

            phone = page(PHONE, has_touch=True, is_mobile=True)
            look.take(phone, "phone-welcome")
            for card in CARDS:
                send(phone, card)
                look.take(phone, f"phone-{card}")
            dark = page(PHONE, has_touch=True, is_mobile=True, color_scheme="dark")
            look.take(dark, "dark-welcome")
            for card in ["step", "evidence", "dates", "case", "500"]:
                send(dark, card, answered=card != "500")
                if card == "500":
                    dark.wait_for_timeout(4000)
                look.take(dark, f"dark-{card}")
            desk = page(DESKTOP)
            look.take(desk, "desktop-welcome")
            send(desk, "step")
            look.take(desk, "desktop-step")
            desk.get_by_role("button", name="更多").click()
            desk.wait_for_timeout(300)
            look.take(desk, "desktop-menu")
            desk.get_by_label("大字模式").check()
            desk.keyboard.press("Escape")
            look.take(desk, "desktop-large")
            desk.get_by_role("button", name="更多").click()
            desk.get_by_role("button", name="删除我的数据").click()
            look.take(desk, "desktop-forget")
            desk.get_by_role("button", name="取消").click()
            desk.get_by_role("button", name="没帮上").last.click()
            desk.wait_for_timeout(300)
            look.take(desk, "desktop-word")
            desk.keyboard.press("Escape")
            desk.wait_for_timeout(300)
            look.take(desk, "desktop-closed")
            large = page(PHONE, has_touch=True, is_mobile=True)
            large.get_by_role("button", name="更多").click()
            large.get_by_text("大字模式").click()
            large.keyboard.press("Escape")
            large.wait_for_timeout(300)
            look.take(large, "large-welcome")
            for card in ["step", "case", "evidence", "dates"]:
                send(large, card)
                look.take(large, f"large-{card}")
            large.context.set_offline(True)
            large.wait_for_timeout(1500)
            send(large, "在吗", answered=False)
            look.take(large, "large-offline")
            narrow = page({"width": 320, "height": 568}, has_touch=True, is_mobile=True)
            for card in ["step", "dates", "contacts", "bad"]:
                send(narrow, card)
                look.take(narrow, f"narrow-{card}")
            browser.close()
    finally:
        server.terminate()
    for one in look.found:
        print("axe:", one)
    print(f"{len(list(folder.glob('*.png')))} pictures in {folder}, {len(look.found)} findings")
    return 1 if look.found else 0


if __name__ == "__main__":
    sys.exit(main())
