"""Find a Chromium for the browser tests, or install one."""

from __future__ import annotations

import os
import pathlib
import shutil
import subprocess
import sys

from playwright.sync_api import Playwright

NAMES = ("chromium", "google-chrome", "google-chrome-stable", "chromium-browser")
INSTALL_SECONDS = 900
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


class NoChromiumError(Exception):
    """Why there is no browser to test with, as one sentence."""


def installed() -> str | None:
    """Return the path of a Chromium on this machine: `CHROMIUM`, else one on the PATH. Raises `NoChromiumError`."""
    given = os.environ.get("CHROMIUM", "")
    if given:
        found = shutil.which(given)
        if found is None:
            raise NoChromiumError(f"CHROMIUM={given!r} is no program that can be run.")
        return found
    return next((found for found in map(shutil.which, NAMES) if found), None)


def find_chromium(playwright: Playwright) -> str:
    """Return the path of a Chromium; install Playwright's, else the system's package. Raises `NoChromiumError`."""
    own = pathlib.Path(playwright.chromium.executable_path)
    found = installed()
    if found or own.exists():
        return found or str(own)
    may_install = shutil.which("apt-get") is not None and os.geteuid() == 0
    # Its libraries are packages of the system.
    libraries = ["--with-deps"] if may_install else []
    attempts = [[sys.executable, "-m", "playwright", "install", *libraries, "chromium"]]
    if may_install:
        attempts += [["apt-get", "update"], ["apt-get", "install", "-y", "chromium"]]
    said = []
    for command in attempts:
        done = _run(command)
        found = installed()
        if found or own.exists():
            return found or str(own)
        said.append(f"`{' '.join(command[-3:])}`: {done}")
    raise NoChromiumError(
        "The browser tests need Chromium, and none could be found or installed; "
        f"install one or set CHROMIUM to its path. Tried {'; '.join(said)}"
    )


def _run(command: list[str]) -> str:
    """Run a command and return the last line that it said."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=INSTALL_SECONDS, env=environment)
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    lines = (done.stderr + done.stdout).strip().splitlines()
    return lines[-1] if lines else f"exit {done.returncode}"
