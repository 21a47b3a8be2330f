"""Labels: what an example teaches of each, what it leaves open, and what is kept out of learning."""

from __future__ import annotations

import json

import numpy as np
import pytest
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from components.nlu.held_back import HELD_BACK, ONE_IN, is_held_back
from components.nlu.labels import (
    ANY_DANGER,
    COMPLAINT,
    MAY_BE_DANGER,
    NEWS_INTENTS,
    NEWS_LABELS,
    Lesson,
    label_names,
    labels_of,
    lessons_of_messages,
    targets,
)
from components.nlu.normaliser import TextNormaliser
from scripts.fine_tuning.train import all_lessons
from scripts.training_data.consistency import other_labels
from weiquan.language.normalisation import normalise
from weiquan.reading.situations import is_report


def of(labels: dict[str, bool], family: str) -> dict[str, bool]:
    """The labels of a family, by their names without it."""
    return {name.partition(":")[2]: value for name, value in labels.items() if name.startswith(f"{family}:")}


def true(labels: dict[str, bool], family: str) -> set[str]:
    return {name for name, value in of(labels, family).items() if value}


def test_every_label_has_one_column_and_the_dangers_are_those_of_the_facts(facts):
    names = label_names(facts)
    assert len(names) == len(set(names))
    assert [name.partition(":")[2] for name in names if name.startswith("danger:")] == list(facts.dangers)
    assert {COMPLAINT, ANY_DANGER, "situation:injury", "special_case:threat", "topic:ask_phone"} <= set(names)


def test_all_that_may_be_written_into_a_block_is_a_label(facts):
    names = set(label_names(facts))
    families = {"special_cases": "special_case", "news": "news", "danger": "danger", "questions": "topic"}
    known = other_labels(facts)
    assert set(known) == {*families, "answers", "unlabelled"}
    assert {f"{families[kind]}:{label}" for kind in families for label in known[kind]} <= names
    assert known["answers"] == set(facts.answers)


def test_an_example_without_labels_tells_of_no_situation_and_leaves_the_rest_open(facts):
    labels = labels_of("report_quality_problem", {"situations": ["quality_problem"]}, facts)
    assert true(labels, "situation") == {"quality_problem"}
    assert set(of(labels, "situation")) == set(facts.situations), "the other situations are known not to be told"
    assert labels[COMPLAINT] is True
    for family in ("special_case", "news", "topic"):
        assert of(labels, family) == {}, family


def test_whether_a_special_case_is_told_is_known_of_the_situations_told_only(facts):
    metadata = {"situations": ["bad_service"], "special_cases": ["threat"]}
    labels = labels_of("report_bad_service", metadata, facts)
    own = {variant.id for variant in facts.situations["bad_service"].variants}
    assert set(of(labels, "special_case")) == own
    assert true(labels, "special_case") == {"threat"}
    none = labels_of("report_bad_service", {**metadata, "special_cases": []}, facts)
    assert of(none, "special_case") == dict.fromkeys(own, False)


def test_a_question_is_an_example_of_its_topic_and_of_no_other(facts):
    labels = labels_of("ask_phone", None, facts)
    assert (true(labels, "topic"), set(of(labels, "topic"))) == ({"ask_phone"}, set(facts.topics))
    assert labels[COMPLAINT] is False
    with_trouble = labels_of("ask_phone", {"situations": ["counterfeit"]}, facts)
    assert with_trouble[COMPLAINT] is True
    assert true(with_trouble, "situation") == {"counterfeit"}


def test_a_question_asked_in_a_report_is_known_where_the_block_says_so(facts):
    labels = labels_of("report_injury", {"situations": ["injury"], "questions": ["ask_compensation"]}, facts)
    assert (true(labels, "topic"), set(of(labels, "topic"))) == ({"ask_compensation"}, set(facts.topics))


@pytest.mark.parametrize("intent", sorted(NEWS_INTENTS))
def test_news_within_a_case_teaches_nothing_of_troubles(facts, intent):
    labels = labels_of(intent, None, facts)
    assert of(labels, "situation") == {}
    assert COMPLAINT not in labels


def test_news_is_known_where_it_is_written_and_of_what_is_out_of_scope(facts):
    told = labels_of("report_injury", {"situations": ["injury"], "news": ["contacted"]}, facts)
    assert (true(told, "news"), set(of(told, "news"))) == ({"contacted"}, set(NEWS_LABELS))
    assert true(labels_of("out_of_scope", None, facts), "news") == set()
    assert set(of(labels_of("out_of_scope", None, facts), "news")) == set(NEWS_LABELS)
    assert of(labels_of("affirm", None, facts), "news") == {}


def test_a_report_that_may_tell_a_danger_teaches_nothing_of_dangers_unless_it_says_so(facts):
    for intent in MAY_BE_DANGER:
        labels = labels_of(intent, {}, facts)
        assert of(labels, "danger") == {}
        assert ANY_DANGER not in labels
        told = labels_of(intent, {"danger": ["fire"]}, facts)
        assert (true(told, "danger"), told[ANY_DANGER]) == ({"fire"}, True)
        assert labels_of(intent, {"danger": []}, facts)[ANY_DANGER] is False
    assert labels_of("thank", None, facts)[ANY_DANGER] is False
    assert set(of(labels_of("thank", None, facts), "danger")) == set(facts.dangers)


def test_every_label_of_an_example_is_known(facts, training_set):
    names = set(label_names(facts))
    examples = {(example.intent, example.labels) for example in training_set.examples}
    for intent, metadata in examples:
        labels = labels_of(intent, json.loads(metadata) if metadata else None, facts)
        assert set(labels) <= names, (intent, metadata)
        wrong = is_report(intent) and labels[COMPLAINT] is not True
        assert not wrong, (intent, metadata)


MESSAGES = """
messages:
- {text: 钱没了怎么办呀快帮帮我, danger: [money_gone], situations: [impersonation_fraud, abolished]}
- {text: 转了, asked: 转账了吗？, danger: [money_gone]}
- {text: 没转, asked: 转账了吗？, danger: []}
- {text: 刚才跟卖家说过了他不肯退, asked: 联系过商家吗？, news: [contacted, refused]}
- {text: 对, asked: 联系过商家吗？, news: [contacted]}
- {text: 对, news: []}
"""


def test_messages_beside_the_intents_teach_what_they_are_labelled_for(facts, tmp_path):
    file = tmp_path / "messages.yml"
    file.write_text(MESSAGES, encoding="utf-8")
    lessons = {lesson.text: lesson.labels for lesson in lessons_of_messages(file, facts)}
    gone = lessons["钱没了怎么办呀快帮帮我"]
    assert (true(gone, "danger"), gone[ANY_DANGER], gone[COMPLAINT]) == ({"money_gone"}, True, True)
    assert of(gone, "situation") == {"impersonation_fraud": True}, "other situations may be told besides"
    assert of(gone, "news") == {}
    assert lessons["没转"][ANY_DANGER] is False
    assert true(lessons["刚才跟卖家说过了他不肯退"], "news") == {"contacted", "refused"}
    assert ANY_DANGER not in lessons["刚才跟卖家说过了他不肯退"]
    # A word that answers a question says nothing without it.
    assert "转了" not in lessons
    assert [lesson for lesson in lessons_of_messages(file, facts) if lesson.text == "对"] == [
        Lesson("对", {f"news:{label}": False for label in NEWS_LABELS})
    ]


def test_what_is_not_known_of_an_example_stays_unknown():
    lessons = [Lesson("甲", {"a": True, "b": False}), Lesson("乙", {"c": True}), Lesson("丙", {})]
    holds, known = targets(lessons, ["a", "b", "c"])
    assert holds.tolist() == [[1, 0, 0], [0, 0, 1], [0, 0, 0]]
    assert known.tolist() == [[1, 1, 0], [0, 0, 1], [0, 0, 0]]
    assert holds.dtype == known.dtype == np.float32


def test_a_label_without_a_column_is_a_mistake_that_is_seen():
    with pytest.raises(KeyError):
        targets([Lesson("甲", {"boredom": True})], ["a"])


def test_a_tenth_is_held_back_and_always_the_same_tenth():
    held = [text for text in (f"第{number}句" for number in range(20_000)) if is_held_back(text)]
    assert len(held) / 20_000 == pytest.approx(1 / ONE_IN, rel=0.1)
    # What the encoder has learned must not change with the version of Python or the machine.
    assert [number for number in range(40) if is_held_back(f"第{number}句")] == [3, 7, 27, 33]


EVERY = 8
"""Of the lessons so many-th is looked at: a mistake here would let all of them through."""


def test_the_encoder_has_learned_nothing_that_confidence_is_fitted_on(training_set):
    """In training the normaliser marks what is held back before it changes the text."""
    examples = [Message({TEXT: example.text}) for example in training_set.examples]
    TextNormaliser().process_training_data(TrainingData(examples))
    held = {str(example.get(TEXT)) for example in examples if example.get(HELD_BACK)}
    assert len(held) > 0.08 * len(examples)
    learned = {normalise(lesson.text) for lesson in all_lessons()[::EVERY]}
    # A few texts differ only in what normalising takes away.
    assert len(held & learned) < 0.01 * len(held) / EVERY


def test_a_question_may_tell_a_trouble_and_a_complaint_may_ask_for_an_answer(facts):
    told = labels_of("ask_logistics", {"situations": ["logistics_problem"]}, facts)
    assert told[COMPLAINT]
    assert true(told, "situation") == {"logistics_problem"}
    assert true(told, "topic") == {"ask_logistics"}
    answer = next(iter(facts.answers.values()))
    asked = labels_of("report_fraud", {"situations": ["impersonation_fraud"], "answers": [answer.id]}, facts)
    assert true(asked, "topic") == {answer.topic}
    assert not of(labels_of("report_fraud", {"situations": ["impersonation_fraud"]}, facts), "topic")


def test_what_no_reader_could_decide_teaches_nothing_of_troubles(facts):
    undecided = labels_of("ask_logistics", {"unlabelled": ["situations"]}, facts)
    assert COMPLAINT not in undecided
    assert not of(undecided, "situation")
    assert true(undecided, "topic") == {"ask_logistics"}
