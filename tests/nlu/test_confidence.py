"""Confidence: how sure the classifier of intents says it is, and what the trained model says of troubles."""

from __future__ import annotations

import contextvars

import numpy as np
import pytest
from rasa.shared.core.slots import TextSlot
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from components.nlu.ensemble import EnsembleIntentClassifier
from components.nlu.logistic_regression import (
    SafeLogisticRegressionClassifier,
    find_sharpness,
    prior_shift,
    shares,
)
from components.open_case import case_is_open, note_case
from weiquan.reading.situations import TROUBLE_TOLD, Found, read

THREE_TROUBLES = "质量差，退款又被拒，客服还骂人"


@pytest.mark.parametrize("factor", [0.25, 1.0, 4.0])
def test_the_sharpness_undoes_a_stretch_of_the_scores(factor):
    chance = np.random.default_rng(0)
    scores = chance.normal(size=(4000, 5)) * 1.5
    right = [int(chance.choice(5, p=row)) for row in shares(scores, 1.0)]
    assert find_sharpness(scores * factor, right) == pytest.approx(1 / factor, rel=0.15)


def test_the_prior_shift_moves_each_kind_to_its_expected_share():
    intents = ["ask_a"] * 30 + ["ask_b"] * 30 + ["report_a"] * 20 + ["greet"] * 20
    shift = prior_shift(["ask_a", "ask_b", "greet", "report_a"], intents, {"ask_": 0.3, "report_": 0.5, "": 0.2})
    assert np.exp(shift) == pytest.approx([0.5, 0.5, 1.0, 2.5])
    assert prior_shift(["greet"], ["greet"], {"ask_": 1.0}) == pytest.approx([0.0])


def test_an_impossible_share_is_refused():
    with pytest.raises(ValueError, match="expected_shares"):
        SafeLogisticRegressionClassifier.validate_config({"expected_shares": {"ask_": 0}})
    with pytest.raises(ValueError, match="stretch"):
        SafeLogisticRegressionClassifier.validate_config({"stretch": 0})
    with pytest.raises(ValueError, match="networks"):
        EnsembleIntentClassifier.validate_config({"networks": -1})


@pytest.fixture
def vectors(monkeypatch):
    """Return examples of three intents whose vectors lie on rings, so that no straight line parts them."""
    monkeypatch.setattr(SafeLogisticRegressionClassifier, "persist", lambda self: None)
    chance = np.random.default_rng(3)
    examples = []
    for number in range(240):
        angle, radius = chance.uniform(0, 2 * np.pi), 1.0 + 2.0 * (number % 3)
        vector = np.array([np.cos(angle), np.sin(angle)]) * (radius + chance.normal(0, 0.15))
        example = Message({TEXT: f"句{number}", "intent": ("greet", "thank", "deny")[number % 3]})
        example.add_features(Features(vector[np.newaxis, :], FEATURE_TYPE_SENTENCE, TEXT, "vectors"))
        examples.append(example)
    return examples


def _trained(examples, **changed):
    config = {**EnsembleIntentClassifier.get_default_config(), "C": 10.0, **changed}
    classifier = EnsembleIntentClassifier(config, "classifier", None, None)
    classifier.train(TrainingData(examples))
    return classifier


def _read(classifier, example):
    message = Message({TEXT: "句子"})
    message.features = example.features
    return classifier.process([message])[0].get("intent_ranking")


def test_the_network_sees_what_the_regression_cannot(vectors):
    right = []
    for networks in (0, 1):
        classifier = _trained(vectors, networks=networks, units=64, epochs=250, held_back=0)
        right.append(sum(_read(classifier, example)[0]["name"] == example.get("intent") for example in vectors))
        assert sum(entry["confidence"] for entry in _read(classifier, vectors[0])) == pytest.approx(1)
    assert right[0] < 0.6 * len(vectors) < 0.9 * len(vectors) < right[1]


def test_a_stretch_makes_the_first_intent_surer_and_changes_no_order(vectors):
    modest, sure = (_read(_trained(vectors, networks=0, C=1.0, stretch=stretch), vectors[0]) for stretch in (1.0, 1.5))
    assert [entry["name"] for entry in modest] == [entry["name"] for entry in sure]
    odds = [np.log(ranking[0]["confidence"] / ranking[1]["confidence"]) for ranking in (modest, sure)]
    assert odds[1] == pytest.approx(1.5 * odds[0])


def _conversation(situation):
    return DialogueStateTracker("someone", [TextSlot("situation", mappings=[{}], initial_value=situation)])


def test_within_a_case_other_shares_are_expected(vectors):
    shares_in_case = {"greet": 0.05, "thank": 0.05, "deny": 0.9}
    classifier = _trained(vectors, networks=0, C=0.01, expected_shares_in_case=shares_in_case)

    def read(tracker):
        note_case(tracker)
        return [entry["name"] for entry in _read(classifier, vectors[0])]

    context = contextvars.copy_context()
    outside = context.run(read, _conversation(None))
    within = context.run(read, _conversation("quality_problem"))
    assert within[0] == "deny" != outside[0]
    assert context.run(read, None) == outside, "the next conversation has not begun"
    assert not case_is_open(), "what one turn saw is not for another"


def test_the_same_examples_give_the_same_classifier(vectors):
    first, second = (_trained(vectors, units=16, epochs=3, held_back=0) for _ in range(2))
    assert _read(first, vectors[5]) == _read(second, vectors[5])


def test_three_troubles_in_one_message_are_all_found(bot, facts):
    parse = bot.parse(THREE_TROUBLES)
    assert parse["tells_trouble"] >= TROUBLE_TOLD
    reading = read(THREE_TROUBLES, parse["intent"]["name"], Found.from_parse(parse), facts)
    assert {"quality_problem", "refund_refused", "bad_service"} <= {reading.situation, *reading.others}


def test_the_dialogue_names_the_further_troubles(bot):
    bubbles = "".join(bubble["text"] for bubble in bot.say(THREE_TROUBLES, bot.new_sender()))
    assert "还听出" in bubbles


@pytest.mark.parametrize("text", ["今天天气怎么样", "你好", "😀", "", "/greet"])
def test_no_trouble_and_no_danger_is_read_into_small_talk(bot, text):
    reading = bot.parse(text)
    assert reading.get("tells_trouble", 0.0) < TROUBLE_TOLD
    assert reading.get("dangers", []) == []


def test_the_rankings_fall_and_that_of_intents_starts_with_the_intent(bot):
    reading = bot.parse("杯子漏水，找客服也没人理")
    confidences = [entry["confidence"] for entry in reading["intent_ranking"]]
    assert confidences[1:] == sorted(confidences[1:], reverse=True)
    assert reading["intent_ranking"][0] == reading["intent"]
    probabilities = [entry["confidence"] for entry in reading["situation_ranking"]]
    assert probabilities == sorted(probabilities, reverse=True)
