"""Fixtures of the browser tests: one Chromium, one bot, one foreign site.

They last as long as this folder's tests, not longer: Playwright keeps an event loop running in its thread, in which
nobody else could start one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.browser.chat_page import Chat, Visitor
from tests.browser.chromium import ARGUMENTS, find_chromium
from tests.browser.servers import Servers, Site

SECONDS = 30


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """A real headless Chromium, found or installed; the tests fail if there is none to be had."""
    expect.set_options(timeout=SECONDS * 1000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(playwright), args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def site() -> Iterator[Site]:
    """Another site."""
    site = Site()
    yield site
    site.close()


@pytest.fixture(scope="package")
def servers(tmp_path_factory: pytest.TempPathFactory, site: Site) -> Iterator[Servers]:
    """A bot of these tests alone: they kill it, and it knows the other site."""
    servers = Servers(tmp_path_factory.mktemp("browser") / "weiquan.db", site.url)
    servers.start()
    yield servers
    servers.stop()


@pytest.fixture
def visit(browser: Browser, servers: Servers, site: Site) -> Iterator[Callable[..., Visitor]]:
    """Opens browsers with the given options of a context; each is closed and judged at the end."""
    visitors: list[Visitor] = []
    sites = {urlsplit(servers.url).netloc, urlsplit(site.url).netloc}

    def make(**options: object) -> Visitor:
        visitor = Visitor(browser, sites, **options)
        visitor.context.set_default_timeout(SECONDS * 1000)
        visitors.append(visitor)
        return visitor

    yield make
    for visitor in visitors:
        visitor.close()


@pytest.fixture
def visitor(visit: Callable[..., Visitor]) -> Visitor:
    """A browser on a desktop."""
    return visit()


@pytest.fixture
def chat(visitor: Visitor, servers: Servers) -> Chat:
    """The chat of the demo page, open, in a browser on a desktop."""
    return visitor.open(servers.url + "/chat/")
