"""Fixtures shared by all tests: the facts, and a running bot."""

from __future__ import annotations

import contextlib
import functools
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
import uuid
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from hypothesis import settings

from weiquan import data_files
from weiquan.facts import record_reader
from weiquan.facts.knowledge import DEFAULT_DIRECTORY, Knowledge, knowledge
from weiquan.places import ROOT
from weiquan.settings import read_settings

if TYPE_CHECKING:
    from scripts.training_data.examples import TrainingSet

START_SECONDS = 180

# In continuous integration the same examples each time: a find at random belongs on a desk, where it can be mended.
settings.register_profile("ci", derandomize=True)
if os.environ.get("CI"):
    settings.load_profile("ci")


GROUPS = {"bot": "bot", "server": "servers", "lonely": "servers", "servers": "browser", "browser": "browser"}
"""Fixture that starts servers -> the group of tests that one worker runs, so that they start once."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the tests of one server with one worker (`--dist loadgroup` in the Makefile)."""
    for item in items:
        names = getattr(item, "fixturenames", ())
        group = next((group for fixture, group in GROUPS.items() if fixture in names), None)
        if group:
            item.add_marker(pytest.mark.xdist_group(group))


@pytest.fixture(scope="session")
def facts() -> Knowledge:
    """The project's own facts."""
    return knowledge()


@pytest.fixture(scope="session")
def training_set() -> TrainingSet:
    """The project's own examples, read once."""
    # Its imports are heavy, and most files of tests do without it.
    from scripts.training_data.examples import read_training_set

    return read_training_set(ROOT / "data" / "nlu")


_read_once = functools.lru_cache(maxsize=None)(data_files.read_yaml)


@pytest.fixture
def knowledge_copy(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> pathlib.Path:
    """A copy of knowledge/ to break, of which the files that stay whole are parsed once for all tests."""
    monkeypatch.setattr(record_reader, "read_yaml", _read_once)
    return pathlib.Path(shutil.copytree(DEFAULT_DIRECTORY, tmp_path / "knowledge"))


def free_port() -> int:
    """Return a TCP port that nobody uses at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Bot:
    """A running bot, as a client on the network sees it."""

    def __init__(self, url: str, database: pathlib.Path) -> None:
        self.url = url
        self.database = database
        self.client = httpx.Client(base_url=url, timeout=60)
        self.actions_port = 0
        self.actions_token = read_settings(os.environ).actions_token

    def say(self, text: str, sender: str) -> list[dict[str, Any]]:
        """Send one message and return the bubbles."""
        reply = self.client.post("/webhooks/rest/webhook", json={"sender": sender, "message": text})
        reply.raise_for_status()
        return list(reply.json())

    def parse(self, text: str) -> dict[str, Any]:
        """Return Rasa's reading of a text."""
        reply = self.client.post("/model/parse", json={"text": text})
        reply.raise_for_status()
        return dict(reply.json())

    def slots(self, sender: str) -> dict[str, Any]:
        """Return the slots of a conversation."""
        return dict(self.client.get(f"/conversations/{sender}/tracker").json()["slots"])

    @staticmethod
    def new_sender() -> str:
        """Return an id that nobody else has."""
        return uuid.uuid4().hex


def wait_for(url: str, process: subprocess.Popen[str]) -> None:
    """Wait until `url` answers; fail with the process's output if it dies first."""
    began = time.monotonic()
    while time.monotonic() - began < START_SECONDS:
        if process.poll() is not None:
            raise RuntimeError(f"exit {process.returncode}: {process.stdout.read() if process.stdout else ''}")
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except OSError:
            time.sleep(0.3)
    raise RuntimeError(f"{url} did not answer within {START_SECONDS} s")


def start_servers(port: int, actions_port: int, database: pathlib.Path) -> subprocess.Popen[str]:
    """Start both servers under the project's own runner and return the runner."""
    environment = {
        **os.environ,
        "WEIQUAN_PORT": str(port),
        "WEIQUAN_ACTIONS_PORT": str(actions_port),
        "WEIQUAN_DATABASE": str(database),
        "WEIQUAN_PROXIES": "127.0.0.1",
    }
    return subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", "scripts.serve"],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


@contextlib.contextmanager
def running(database: pathlib.Path) -> Iterator[Bot]:
    """Both servers on free ports, with their conversations in `database`, stopped afterwards."""
    port, actions_port = free_port(), free_port()
    process = start_servers(port, actions_port, database)
    try:
        wait_for(f"http://127.0.0.1:{actions_port}/health", process)
        wait_for(f"http://127.0.0.1:{port}/health", process)
        bot = Bot(f"http://127.0.0.1:{port}", database)
        bot.actions_port = actions_port
        yield bot
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=30)


@pytest.fixture(scope="session")
def bot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bot]:
    """A bot for all tests that leave it as it was."""
    with running(tmp_path_factory.mktemp("database") / "weiquan.db") as bot:
        yield bot
