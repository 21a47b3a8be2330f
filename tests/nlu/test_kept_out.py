"""The messages kept out of training stay out of it, and the score of a first turn says what it should."""

from __future__ import annotations

import datetime

import pytest
import yaml

from scripts.first_turn import accepted, read_kept_out, verdict
from scripts.training_data.consistency import OTHER_LABELS
from scripts.training_data.examples import read_training_set
from scripts.training_data.near_duplicates import skeleton
from weiquan.case.case import Case
from weiquan.places import ROOT
from weiquan.reading.message import Message
from weiquan.replies.bubbles import Bubble, Button, payload
from weiquan.turn import TurnResult

TODAY = datetime.date(2026, 11, 24)


@pytest.mark.parametrize("name", ["messages", "danger"])
def test_no_example_is_a_message_that_was_kept_out(name):
    trained = {skeleton(example.text) for example in read_training_set(ROOT / "data" / "nlu").examples}
    kept_out = {skeleton(message["text"]): message["text"] for message in read_kept_out(name)}
    # A word or two (你好) stands in both and proves nothing.
    shared = [text for key, text in kept_out.items() if key in trained and len(key) > 6]
    assert shared == []


def test_every_label_of_the_messages_is_known_and_none_stands_in_both(facts):
    written = yaml.safe_load((ROOT / "data" / "danger.yml").read_text(encoding="utf-8"))["messages"]
    kept_out = {skeleton(message["text"]) for message in read_kept_out("danger")}
    assert [message["text"] for message in written if skeleton(message["text"]) in kept_out] == []
    for message in (*read_kept_out("messages"), *read_kept_out("danger"), *written):
        assert set(message["situations"]) <= {*facts.situations, "other"}, message
        assert set(message.get("danger") or ()) <= OTHER_LABELS["danger"], message


def result(case: Case, *buttons: Button) -> TurnResult:
    return TurnResult((Bubble("…", tuple(buttons)),), case, (), "")


@pytest.mark.parametrize(
    ("turn", "intent", "expected"),
    [
        (result(Case("counterfeit")), "report_counterfeit", "right"),
        (result(Case("quality_problem", others=("counterfeit",))), "report_quality_problem", "one tap"),
        (
            result(Case(), Button("假货", payload("report_counterfeit", situation="counterfeit"))),
            "ask_12315",
            "one tap",
        ),
        (result(Case()), "out_of_scope", "turned away"),
        (result(Case("not_shipped")), "report_not_shipped", "wrong"),
        (result(Case(), Button("电话", payload("ask_phone"))), "ask_phone", "wrong"),
    ],
)
def test_a_first_turn_is_judged_by_the_case_that_it_opens(facts, turn, intent, expected):
    labelled = {"text": "假的", "situations": ["counterfeit"]}
    assert verdict(labelled, Message("假的", facts, TODAY, intent=intent), turn, facts) == expected


def test_a_complaint_of_no_kind_is_another_kind_of_trouble(facts):
    assert accepted({"situations": ["other"]}, facts) == {"report_other"}
