"""Measure how soon the chat stands after the button is pressed: CPU slowed down 4 times, assets warm, median of 5.

`.venv/bin/python widget/dev/measure.py [URL of a running bot's /chat/]`; without a URL against the mock server.
Nothing is preloaded: the press is a script's, without the hovering or touch that loads the chat ahead of a real one.
"""

from __future__ import annotations

import pathlib
import shutil
import statistics
import subprocess
import sys
from typing import List, Optional

from playwright.sync_api import Route, sync_playwright

HERE = pathlib.Path(__file__).resolve().parent
PORT = 5096
RUNS = 5
SLOWER = 4
PAGE = '<!doctype html><meta name="viewport" content="width=device-width"><script src="widget.js"></script>'
# The second frame after the panel has a size: the first one with it has been painted by then.
PRESS = """() => new Promise((resolve) => {
  const root = document.querySelector("weiquan-chat").shadowRoot;
  const began = performance.now();
  const look = () => {
    const panel = root.querySelector(".panel");
    if (panel && panel.offsetHeight && root.querySelector("textarea"))
      requestAnimationFrame(() => resolve(performance.now() - began));
    else requestAnimationFrame(look);
  };
  root.querySelector("button").click();
  requestAnimationFrame(look);
})"""


def measure(url: str) -> List[float]:
    """Return the milliseconds of each run after one that warms the browser's cache."""
    times: List[float] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--disable-gpu"])
        context = browser.new_context(viewport={"width": 390, "height": 844}, device_scale_factor=2)

        def closed(route: Route) -> None:
            route.fulfill(body=PAGE, content_type="text/html; charset=utf-8")

        for run in range(RUNS + 1):
            page = context.new_page()
            page.route("**/chat/closed.html", closed)
            page.goto(f"{url}closed.html")
            page.wait_for_timeout(300)
            context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
            taken = page.evaluate(PRESS)
            if run:
                times.append(taken)
            page.close()
        browser.close()
    return times


def main() -> int:
    """Print the figures."""
    server: Optional[subprocess.Popen[bytes]] = None
    url = sys.argv[1] if len(sys.argv) > 1 else f"http://127.0.0.1:{PORT}/chat/"
    if len(sys.argv) < 2:
        server = subprocess.Popen(
            [shutil.which("node") or "node", str(HERE / "mock.mjs"), str(PORT)], stdout=subprocess.PIPE
        )
        assert server.stdout is not None
        server.stdout.readline()
    try:
        times = measure(url)
    finally:
        if server:
            server.terminate()
    print(f"first paint of the opened chat, {SLOWER}x slower CPU: median {statistics.median(times):.0f} ms of", end=" ")
    print(", ".join(f"{one:.0f}" for one in sorted(times)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
