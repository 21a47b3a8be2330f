"""Confidence: the classifier's calibration and the ranking of situations."""

from __future__ import annotations

import contextvars
import hashlib
from types import SimpleNamespace

import numpy as np
import pytest
from rasa.shared.core.slots import TextSlot
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from components.nlu import sentence_encoder, situation_ranker
from components.nlu.cue_featurizer import CueFeaturizer
from components.nlu.ensemble import EnsembleIntentClassifier
from components.nlu.logistic_regression import (
    SafeLogisticRegressionClassifier,
    find_sharpness,
    prior_shift,
    shares,
)
from components.nlu.sentence_encoder import SentenceEncoderFeaturizer
from components.nlu.situation_ranker import SITUATION_RANKING, SITUATIONS, SituationRanker
from components.nlu.situation_scores import Ranker, compose, is_report
from components.open_case import case_is_open, note_case
from weiquan.facts.knowledge import knowledge
from weiquan.reading.cues import cue_groups

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
    with pytest.raises(ValueError, match="threshold"):
        SituationRanker.validate_config({"threshold": 1})


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


def test_composed_messages_hold_what_they_say():
    texts = [f"事{number}" for number in range(2000)]
    labels = [("report_a", "report_b", "ask_a")[number % 3] for number in range(2000)]
    of = dict(zip(texts, labels, strict=True))
    composed = compose(texts, labels)
    assert composed == compose(texts, labels)
    for message, stated in composed:
        assert set(stated) == set(filter(is_report, (of[part] for part in message.split(","))))
    assert {len(set(stated)) for _, stated in composed} == {0, 1, 2}


class Digest:
    """An encoder whose vectors differ from text to text; it counts what it is asked for."""

    identity = "digest"

    def __init__(self):
        self.asked: list[str] = []

    def encode(self, texts):
        self.asked += texts
        rows = np.array([list(hashlib.sha256(text.encode()).digest()) for text in texts], dtype=np.float32) - 128
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)


@pytest.fixture
def read_by_ranker(monkeypatch):
    """Return a function: the message as an untrained ranker of random weights leaves it, and what was encoded."""
    intents = ("out_of_scope", "report_bad_service", "report_quality_problem", "report_refund_refused")
    weights = np.random.default_rng(1).normal(size=(len(intents), 32 + len(cue_groups(knowledge()))))
    ranker = Ranker(intents, weights, np.zeros(len(intents)))

    def read(text, with_featurizers):
        encoder = Digest()
        for module in (sentence_encoder, situation_ranker):
            monkeypatch.setattr(module, "open_encoder", lambda name: encoder)
        message = Message({TEXT: text, "intent_ranking": [{"name": intent, "confidence": 0.25} for intent in intents]})
        context = SimpleNamespace(node_name="featurizer")
        if with_featurizers:
            for kind, changed in ((CueFeaturizer, {}), (SentenceEncoderFeaturizer, {"scale": 3.0})):
                kind.create({**kind.get_default_config(), **changed}, None, None, context).process([message])
        SituationRanker(SituationRanker.get_default_config(), None, None, ranker).process([message])
        return message, encoder.asked

    return read


@pytest.mark.parametrize(
    "text", ["杯子漏水", "杯子漏水,客服不理", THREE_TROUBLES.replace("，", ","), "漏了。漏了。漏了", "?"]
)
def test_what_the_featurizers_know_is_not_worked_out_again_and_changes_nothing(read_by_ranker, text):
    alone, asked_alone = read_by_ranker(text, with_featurizers=False)
    after, asked_after = read_by_ranker(text, with_featurizers=True)
    for found in (SITUATION_RANKING, SITUATIONS, "intent_ranking"):
        assert after.get(found) == alone.get(found)
    assert sorted(asked_after) == sorted(asked_alone)
    assert len(set(asked_after)) == len(asked_after)


def test_the_parts_of_a_message_are_read_each_for_itself(read_by_ranker):
    message, asked = read_by_ranker("杯子漏水,客服不理,不退款", with_featurizers=True)
    assert set(asked) == {
        "杯子漏水,客服不理,不退款", "杯子漏水", "客服不理", "不退款", "杯子漏水,客服不理", "客服不理,不退款",
    }  # fmt: skip
    whole = {entry["name"]: entry["confidence"] for entry in message.get(SITUATION_RANKING)}
    part = {entry["name"]: entry["confidence"] for entry in read_by_ranker("客服不理", True)[0].get(SITUATION_RANKING)}
    assert all(whole[name] >= part[name] for name in part)


def test_three_troubles_in_one_message_are_all_named_in_the_order_of_handling(bot):
    reading = bot.parse(THREE_TROUBLES)
    stated = [situation["intent"] for situation in reading["situations"]]
    assert set(stated) == {"report_quality_problem", "report_refund_refused", "report_bad_service"}
    assert stated[-1] == "report_bad_service"
    assert all(0.5 <= situation["confidence"] <= 1 for situation in reading["situations"])
    top = [entry["name"] for entry in reading["intent_ranking"] if entry["name"].startswith("report_")][:3]
    assert set(top) == set(stated)


def test_the_dialogue_names_the_further_troubles(bot):
    bubbles = "".join(bubble["text"] for bubble in bot.say(THREE_TROUBLES, bot.new_sender()))
    assert "还听出" in bubbles


@pytest.mark.parametrize("text", ["今天天气怎么样", "你好", "😀", "", "/greet"])
def test_no_situation_is_read_into_small_talk(bot, text):
    assert bot.parse(text).get("situations", []) == []


def test_the_ranking_falls_and_starts_with_the_intent(bot):
    reading = bot.parse("杯子漏水，找客服也没人理")
    confidences = [entry["confidence"] for entry in reading["intent_ranking"]]
    assert confidences == sorted(confidences, reverse=True)
    assert reading["intent_ranking"][0] == reading["intent"]
    probabilities = [entry["confidence"] for entry in reading["situation_ranking"]]
    assert probabilities == sorted(probabilities, reverse=True)
