"""The messages kept out of training stay out of it, and the score of a first turn says what it should."""

from __future__ import annotations

import datetime

import pytest
import yaml

from components.nlu.complaint_reader import ComplaintReader
from scripts.evaluation.fine_questions import read_questions
from scripts.evaluation.first_turn import SETS, accepted, read_kept_out, verdict
from scripts.training_data.consistency import other_labels
from scripts.training_data.near_duplicates import skeleton
from weiquan.case.case import Case
from weiquan.places import ROOT
from weiquan.reading.message import Message
from weiquan.replies.bubbles import Bubble, Button, payload
from weiquan.turn import TurnResult

TODAY = datetime.date(2026, 11, 24)
MORE_EXAMPLES = ComplaintReader.get_default_config()["more_examples"]


def read_messages(file: str) -> list[dict]:
    """The labelled messages of a file beside data/nlu."""
    return list(yaml.load((ROOT / file).read_text(encoding="utf-8"), yaml.CSafeLoader)["messages"])


@pytest.fixture(scope="module")
def more_examples() -> list[dict]:
    """The labelled messages that the reader of complaints learns from as well."""
    return [message for file in MORE_EXAMPLES for message in read_messages(file)]


@pytest.fixture(scope="module")
def trained(training_set, more_examples) -> set[str]:
    """The skeletons of all that is learned from."""
    texts = [*(example.text for example in training_set.examples), *(message["text"] for message in more_examples)]
    return {skeleton(text) for text in texts}


@pytest.mark.parametrize("folder", SETS)
@pytest.mark.parametrize("name", ["messages", "danger"])
def test_no_example_is_a_message_that_was_kept_out(trained, name, folder):
    kept_out = {skeleton(message["text"]): message["text"] for message in read_kept_out(name, folder)}
    # A word or two (你好) stands in both and proves nothing.
    shared = [text for key, text in kept_out.items() if key in trained and len(key) > 6]
    assert shared == []


def test_no_example_is_a_question_that_was_kept_out_and_each_names_its_record(facts, training_set):
    trained = {skeleton(example.text) for example in training_set.examples}
    questions = read_questions()
    assert [question["text"] for question in questions if skeleton(question["text"]) in trained] == []
    assert {question["answer"] for question in questions if question["answer"]} == set(facts.answers)


def test_every_label_of_the_messages_is_known(facts, more_examples):
    known = other_labels(facts)
    labelled = [
        message for folder in SETS for name in ("messages", "danger") for message in read_kept_out(name, folder)
    ]
    labelled += more_examples
    for message in labelled:
        assert set(message.get("situations") or ()) <= {*facts.situations, "other"}, message
        for kind in ("danger", "news"):
            assert set(message.get(kind) or ()) <= known[kind], message


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
