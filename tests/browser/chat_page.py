"""The chat as somebody in front of a browser meets it, for tests."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Route, expect

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
DESKTOP = {"viewport": {"width": 1280, "height": 800}}
BEIJING = {"locale": "zh-CN", "timezone_id": "Asia/Shanghai"}

NETWORK_FAILED = ("Failed to load resource", "blocked by CORS policy")
AXE = {"rules": {"target-size": {"enabled": True}}, "resultTypes": ["violations"]}
"""Everything that axe checks by itself, and WCAG 2.2's size of targets."""


class Visitor:
    """Somebody's browser: one context, watched for what must never happen.

    The console must stay free of errors, scripts of exceptions, and no request may go to any other site.
    """

    def __init__(self, browser: Browser, sites: set[str], **options: object) -> None:
        """Open an empty browser that may ask `sites` ("host:port") only."""
        self.context: BrowserContext = browser.new_context(**{**BEIJING, **DESKTOP, **options})
        self.network_may_fail = False
        self.wrong: list[str] = []
        self.sites = set(sites)
        self.context.on("request", lambda request: self._asked(request.url))
        self.context.on("console", lambda message: self._logged(message.type, message.text))
        self.context.on("weberror", lambda error: self.wrong.append(f"exception: {error.error}"))

    def _asked(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("data", "blob", "about") and parts.netloc not in self.sites:
            self.wrong.append(f"request to {url}")

    def _logged(self, kind: str, text: str) -> None:
        if kind == "error" and not (self.network_may_fail and any(failure in text for failure in NETWORK_FAILED)):
            self.wrong.append(f"console: {text}")

    def open(self, url: str) -> Chat:
        """Open a page in a new tab and return its chat."""
        page = self.context.new_page()
        page.goto(url)
        return Chat(page)

    def close(self) -> None:
        """Close the browser and fail if anything went wrong meanwhile."""
        self.context.close()
        assert self.wrong == []


@dataclasses.dataclass
class Chat:
    """One chat on a page."""

    page: Page
    number: int = 0
    """Which of the page's embeds it is, from 0 on."""

    @property
    def root(self) -> Locator:
        return self.page.locator("weiquan-chat").nth(self.number)

    @property
    def launcher(self) -> Locator:
        return self.root.locator("button.launch")

    @property
    def panel(self) -> Locator:
        return self.root.get_by_role("dialog")

    @property
    def input(self) -> Locator:
        return self.root.get_by_role("textbox", name="输入您要说的话")

    @property
    def log(self) -> Locator:
        return self.root.get_by_role("log")

    @property
    def replies(self) -> Locator:
        return self.root.get_by_role("group", name="可以直接点").get_by_role("button")

    @property
    def turns(self) -> Locator:
        return self.log.locator(".turn")

    @property
    def last(self) -> Locator:
        """The last answer."""
        return self.log.locator(".turn.bot").last

    @property
    def banner(self) -> Locator:
        return self.root.locator(".banner")

    def card(self, kind: str) -> Locator:
        """Return the last card with this heading, or part of it."""
        return self.log.locator("article.card").filter(has=self.page.get_by_role("heading", name=kind)).last

    def said(self) -> list[str]:
        """Return all that stands in the conversation, bubble by bubble."""
        return self.log.locator(".turn .bubble, .turn .card").all_inner_texts()

    @contextmanager
    def an_answer(self) -> Iterator[None]:
        """Wait, after what is done within, for the end of one more answer."""
        before = self.root.locator(".foot").count()
        yield
        expect(self.root.locator(".foot")).to_have_count(before + 1)
        expect(self.root.locator(".thinking")).to_have_count(0)

    def write(self, words: str) -> None:
        """Write and send words; do not wait for the answer."""
        self.input.fill(words)
        self.root.get_by_role("button", name="发送", exact=True).click()

    def send(self, words: str) -> None:
        """Send words and wait for the answer."""
        with self.an_answer():
            self.write(words)

    def press(self, title: str) -> None:
        """Press a quick reply and wait for the answer."""
        with self.an_answer():
            self.replies.filter(has_text=title).first.click()

    def menu(self, item: str) -> None:
        """Choose an item of the menu."""
        self.root.get_by_role("button", name="更多").click()
        self.root.get_by_role("group", name="更多").locator("button, label").filter(has_text=item).click()

    def focused(self) -> str:
        """Return what has the focus in the chat: its label, else its words, else its class."""
        return str(
            self.root.evaluate(
                """host => {
                    const one = host.shadowRoot.activeElement;
                    return one ? one.getAttribute("aria-label") || one.innerText.trim() || one.className : "";
                }"""
            )
        )

    def settle(self) -> None:
        """Wait until nothing slides or fades any more."""
        self.root.evaluate(
            "host => Promise.all(host.shadowRoot.getAnimations().map(one => one.finished.catch(() => 0)))"
        )

    def findings(self) -> list[str]:
        """Return what axe finds on the page, the chat included."""
        # What is still fading in or out has not its own colours.
        expect(self.root.locator(".toast.shown")).to_have_count(0)
        self.settle()
        found = Axe().run(self.page, options=AXE).response["violations"]
        return [
            f"{violation['id']}: {node['target']} {node.get('failureSummary', '')}"
            for violation in found
            for node in violation["nodes"]
        ]


def events(*sent: tuple[str, object]) -> str:
    """Return events as a server sends them."""

    return "".join(f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n" for name, data in sent)


def hold(_: Route) -> None:
    """Answer a request never."""
