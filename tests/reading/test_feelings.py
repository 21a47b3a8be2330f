"""Anger and despair are heard where they are the shopper's own, and met in one sentence."""

from __future__ import annotations

import itertools

import pytest

from weiquan.language.normalisation import normalise
from weiquan.reading.feelings import ANGER, DESPAIR, find_feeling, sympathy


@pytest.mark.parametrize(
    ("text", "feeling"),
    [
        ("气死我了！！", ANGER),
        ("😡", ANGER),
        ("商家气死我了", ANGER),
        ("客服让我很生气", ANGER),
        ("太欺负人了，凭什么不退", ANGER),
        ("我真的绝望了", DESPAIR),
        ("平台客服踢皮球我都快崩溃了", DESPAIR),
        ("算了，认倒霉吧", DESPAIR),
        ("投诉也没用，不想折腾了", DESPAIR),
        ("商家骂我", None),
        ("商家骂我他妈的", None),
        ("他说「气死你」", None),
        ("客服说您别生气", None),
        ("他发火了", None),
        ("我不生气，就想退款", None),
        ("鞋子开胶了，没办法退款吗", None),
        ("怎么投诉有用", None),
        ("差点没掉眼泪", None),
        ("没办法", DESPAIR),
        ("这什么东西", ANGER),
        ("买了什么东西都不知道", None),
    ],
)
def test_the_shopper_s_own_feeling_is_heard(text, feeling):
    assert find_feeling(normalise(text)) == feeling


def test_the_sentence_depends_on_the_message_and_on_nothing_else():
    texts = [f"气死我了{number}" for number in range(40)]
    first = [sympathy(ANGER, None, text) for text in texts]
    assert first == [sympathy(ANGER, None, text) for text in texts]
    assert len(set(first)) > 2


def test_danger_has_words_of_its_own():
    general = {sympathy(ANGER, None, str(number)) for number in range(60)}
    hurt = {sympathy(ANGER, "injury", str(number)) for number in range(60)}
    assert general.isdisjoint(hurt)
    assert sympathy(DESPAIR, "quality_problem", "x") == sympathy(DESPAIR, None, "x")


def test_sentences_are_short_plain_and_promise_nothing(facts):
    for feeling, situation in itertools.product((ANGER, DESPAIR), (None, *facts.situations)):
        for number in range(30):
            sentence = sympathy(feeling, situation, str(number))
            assert len(sentence) <= 40
            assert sentence.endswith("。")
            assert sentence.count("。") == 1
            assert not any(
                phrase in sentence for phrase in ("!", "！", "一定", "保证", "肯定", "放心", "应该冷静", "别生气")
            )


def test_an_unknown_feeling_is_refused():
    with pytest.raises(KeyError):
        sympathy("joy")
