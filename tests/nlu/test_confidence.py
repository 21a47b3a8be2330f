"""Confidence: the classifier's calibration and the ranking of situations."""

from __future__ import annotations

import numpy as np
import pytest

from components.logistic_regression import (
    SafeLogisticRegressionClassifier,
    find_sharpness,
    prior_shift,
    shares,
)
from components.situation_ranker import SituationRanker, compose, is_report

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
    with pytest.raises(ValueError, match="threshold"):
        SituationRanker.validate_config({"threshold": 1})


def test_composed_messages_hold_what_they_say():
    texts = [f"事{number}" for number in range(2000)]
    labels = [("report_a", "report_b", "ask_a")[number % 3] for number in range(2000)]
    of = dict(zip(texts, labels, strict=True))
    composed = compose(texts, labels)
    assert composed == compose(texts, labels)
    for message, told in composed:
        assert set(told) == set(filter(is_report, (of[part] for part in message.split(","))))
    assert {len(set(told)) for _, told in composed} == {0, 1, 2}


def test_three_troubles_in_one_message_are_all_named_in_the_order_of_handling(bot):
    reading = bot.parse(THREE_TROUBLES)
    told = [one["intent"] for one in reading["situations"]]
    assert set(told) == {"report_quality_problem", "report_refund_refused", "report_bad_service"}
    assert told[-1] == "report_bad_service"
    assert all(0.5 <= one["confidence"] <= 1 for one in reading["situations"])
    top = [one["name"] for one in reading["intent_ranking"] if one["name"].startswith("report_")][:3]
    assert set(top) == set(told)


def test_the_dialogue_names_the_further_troubles(bot):
    bubbles = "".join(one["text"] for one in bot.say(THREE_TROUBLES, bot.new_sender()))
    assert "客服" in bubbles or "态度" in bubbles


@pytest.mark.parametrize("text", ["今天天气怎么样", "你好", "😀", "", "/greet"])
def test_no_situation_is_read_into_small_talk(bot, text):
    assert bot.parse(text).get("situations", []) == []


def test_the_ranking_falls_and_starts_with_the_intent(bot):
    reading = bot.parse("杯子漏水，找客服也没人理")
    confidences = [one["confidence"] for one in reading["intent_ranking"]]
    assert confidences == sorted(confidences, reverse=True)
    assert reading["intent_ranking"][0] == reading["intent"]
    probabilities = [one["confidence"] for one in reading["situation_ranking"]]
    assert probabilities == sorted(probabilities, reverse=True)
