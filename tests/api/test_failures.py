"""When the action server is down, or an action raises."""

from __future__ import annotations

import json
import os
import pathlib
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest
import yaml

from tests.conftest import ROOT, Bot, free_port, wait_for
from weiquan.places import MODEL
from weiquan.settings import quiet_environment, read_settings

BROKEN_ACTION = """
from rasa_sdk import Action

class Broken(Action):
    def name(self):
        return "action_answer_situation"

    def run(self, dispatcher, tracker, domain):
        dispatcher.utter_message(text="half an answer")
        raise RuntimeError(f"boom: {tracker.latest_message} {tracker.sender_id} /papers/g{'A' * 5}Bn0123")
"""


class Lonely(Bot):
    """A Rasa server whose action server comes and goes."""

    def __init__(self, url: str, database: pathlib.Path, actions_port: int) -> None:
        super().__init__(url, database)
        self.actions_port = actions_port
        self.log, self.actions_log = database.with_name("rasa.log"), database.with_name("actions.log")

    def logged(self) -> str:
        """Return all that both servers wrote."""
        return "".join(log.read_text(encoding="utf-8", errors="replace") for log in (self.log, self.actions_log))

    def start_actions(self, package: str, directory: pathlib.Path) -> subprocess.Popen[str]:
        """Start an action server for `package` found from `directory`."""
        process = subprocess.Popen(
            [sys.executable, "-m", "actions.server", "--actions", package, "--port", str(self.actions_port)],
            cwd=directory,
            env={**quiet_environment(os.environ), "PYTHONPATH": str(ROOT)},
            text=True,
            stdout=self.actions_log.open("a"),
            stderr=subprocess.STDOUT,
        )
        wait_for(f"http://127.0.0.1:{self.actions_port}/health", process)
        return process


@pytest.fixture(scope="module")
def lonely(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lonely]:
    directory = tmp_path_factory.mktemp("lonely")
    port, actions_port = free_port(), free_port()
    endpoints = yaml.safe_load((ROOT / "endpoints.yml").read_text(encoding="utf-8"))
    token = read_settings(os.environ).actions_token
    endpoints["action_endpoint"]["url"] = f"http://127.0.0.1:{actions_port}/webhook"
    endpoints["action_endpoint"]["headers"] = {"Authorization": f"Bearer {token}"}
    endpoints["tracker_store"]["db"] = str(directory / "weiquan.db")
    (directory / "endpoints.yml").write_text(yaml.safe_dump(endpoints), encoding="utf-8")
    command = [sys.executable, "-m", "rasa", "run", "--model", str(MODEL), "--enable-api", "--port", str(port)]
    command += ["--interface", "127.0.0.1", "--endpoints", str(directory / "endpoints.yml")]
    command += ["--credentials", str(ROOT / "credentials.yml")]
    log = (directory / "rasa.log").open("w")
    process = subprocess.Popen(command, cwd=ROOT, env=quiet_environment(os.environ), text=True, stdout=log, stderr=log)
    try:
        wait_for(f"http://127.0.0.1:{port}/status", process)
        bot = Lonely(f"http://127.0.0.1:{port}", directory / "weiquan.db", actions_port)
        yield bot
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=30)
        log.close()


def assert_apology(bubbles: list[dict[str, str]]) -> None:
    assert len(bubbles) == 1, bubbles
    for wanted in ("抱歉", "021-53395288", "官方客服", "110"):
        assert wanted in bubbles[0]["text"]


def test_down_then_back(lonely):
    sender = lonely.new_sender()
    assert_apology(lonely.say("我家的水壶漏水而且卖家不回消息", sender))
    assert "不客气" in lonely.say("谢谢", sender)[0]["text"], "what needs no action still works"
    process = lonely.start_actions("actions", ROOT)
    try:
        bubbles = lonely.say("我家的水壶漏水", sender)
        assert "现在这样做" in bubbles[0]["text"]
        assert lonely.slots(sender)["situation"] == "quality_problem"
    finally:
        process.terminate()
        process.wait(timeout=10)
    assert_apology(lonely.say("还没申请", sender))
    assert lonely.slots(sender)["situation"] == "quality_problem", "the case is not lost"


def test_an_action_that_raises_leaves_no_words_in_any_log(lonely, tmp_path):
    (tmp_path / "broken_actions.py").write_text(BROKEN_ACTION, encoding="utf-8")
    process = lonely.start_actions("broken_actions", tmp_path)
    sender = lonely.new_sender()
    try:
        assert_apology(lonely.say("我的紫砂壶漏水", sender))
    finally:
        process.terminate()
        process.wait(timeout=10)
    logged = lonely.logged()
    assert "RuntimeError" in logged, "what failed is told"
    assert "broken_actions.py" in logged, "and where"
    for private in ("紫砂壶", json.dumps("紫砂壶").strip('"'), "gAAAA", "parse_data", "report_quality_problem"):
        assert private not in logged


@pytest.mark.parametrize(
    "text", ["紫砂壶的壶嘴磕掉一块", "/inform{紫砂壶", '/inform{"goods": 紫砂壶}', '/inform{"紫砂壶": "紫砂壶"}']
)
def test_the_log_holds_no_words_of_the_shopper(lonely, text):
    lonely.say(text, lonely.new_sender())
    assert "紫砂壶" not in lonely.logged()
    assert json.dumps("紫砂壶").strip('"') not in lonely.logged()


def test_what_fails_in_rasas_api_leaves_no_words_either(lonely):
    url = f"/conversations/{lonely.new_sender()}/tracker/events"
    for event in ({"event": "slot", "value": "紫砂壶"}, {"event": "紫砂壶"}, {"event": "user", "parse_data": "紫砂壶"}):
        lonely.client.post(url, json=[event])
    lonely.client.get("/papers/gAAAAABn紫砂壶")
    lonely.client.put("/papers/gAAAAABn紫砂壶")
    for private in ("紫砂壶", json.dumps("紫砂壶").strip('"'), "%E7%B4%AB", "gAAAA"):
        assert private not in lonely.logged()
