"""The runner: settings, ports, and what happens when a server dies."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time

import pytest

from tests.conftest import ROOT, free_port, start_servers, wait_for
from weiquan.settings import SettingsError, check_port_is_free, read_settings, secret_of


def test_the_defaults_listen_on_this_machine_only_without_a_token(tmp_path):
    settings = read_settings({}, tmp_path)
    assert (settings.host, settings.port, settings.actions_port) == ("127.0.0.1", 5005, 5055)
    assert not settings.api_needs_token
    assert settings.public_url == "http://127.0.0.1:5005"


def test_listening_elsewhere_needs_a_token_that_stays_the_same(tmp_path):
    first = read_settings({"WEIQUAN_HOST": "0.0.0.0"}, tmp_path)
    assert len(first.api_token) == 64
    assert first.api_needs_token
    assert read_settings({"WEIQUAN_API_TOKEN_ALWAYS": "1"}, tmp_path).api_needs_token
    assert first.actions_token != first.api_token
    assert read_settings({"WEIQUAN_HOST": "0.0.0.0"}, tmp_path).api_token == first.api_token
    assert secret_of(tmp_path, {}) not in first.api_token
    assert (tmp_path / "secret").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("environment", "word"),
    [
        ({"WEIQUAN_PORT": "http"}, "WEIQUAN_PORT"),
        ({"WEIQUAN_PORT": "0"}, "WEIQUAN_PORT"),
        ({"WEIQUAN_ACTIONS_PORT": "70000"}, "WEIQUAN_ACTIONS_PORT"),
        ({"WEIQUAN_PORT": "5055"}, "two ports"),
        ({"WEIQUAN_PUBLIC_URL": "bot.example"}, "WEIQUAN_PUBLIC_URL"),
        ({"WEIQUAN_SECRET": "short"}, "WEIQUAN_SECRET"),
        ({"WEIQUAN_PROXIES": "127.0.0.1,proxy"}, "WEIQUAN_PROXIES"),
        ({"WEIQUAN_API_TOKEN_ALWAYS": "perhaps"}, "WEIQUAN_API_TOKEN_ALWAYS"),
    ],
)
def test_a_wrong_setting_is_one_clear_sentence(tmp_path, environment, word):
    with pytest.raises(SettingsError, match=word) as caught:
        read_settings(environment, tmp_path)
    assert "\n" not in str(caught.value)


def test_a_taken_port_is_one_clear_sentence():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(SettingsError, match="WEIQUAN_PORT"):
            check_port_is_free("127.0.0.1", taken.getsockname()[1], "WEIQUAN_PORT")


def nothing_listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


def test_if_one_server_dies_the_other_goes_too(tmp_path):
    port, actions_port = free_port(), free_port()
    process = start_servers(port, actions_port, tmp_path / "weiquan.db")
    try:
        wait_for(f"http://127.0.0.1:{actions_port}/health", process)
        found = subprocess.run(
            ["pgrep", "-f", f"actions.server.*{actions_port}"], capture_output=True, text=True, check=True
        )
        os.kill(int(found.stdout.split()[0]), signal.SIGKILL)
        output, _ = process.communicate(timeout=60)
    finally:
        process.kill()
    assert process.returncode == 1
    assert "The actions process stopped" in output
    time.sleep(0.5)
    assert nothing_listens(port)
    assert nothing_listens(actions_port)


def test_a_broken_fact_stops_the_start_with_the_place(tmp_path):
    environment = {**os.environ, "WEIQUAN_KNOWLEDGE": str(tmp_path), "WEIQUAN_PORT": str(free_port())}
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "scripts.serve"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 1
    assert "contacts.yml:1" in done.stderr
    assert "Traceback" not in done.stderr
