"""Near-duplicates: the measure, the groups, and what `make check` says of them."""

from __future__ import annotations

import itertools
import time

import pytest

from scripts.check import compare_examples, lines_by_intent
from scripts.training_data.near_duplicates import (
    NEARLY_THE_SAME,
    _grams,
    groups,
    near_duplicates,
    skeleton,
    without_annotations,
    without_particles,
)


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("怎么还没发货", "怎么还不发货"),
        ("转人工", "转人工转人工！！！"),
        ("我要投诉", "我要投诉，急"),
        ("花了39.9买的鞋坏了", "花了128买的鞋坏了"),
        ("OK", "ok。"),
        ("……", "……"),
        ("", ""),
    ],
)
def test_nearly_the_same(text, other):
    assert [pair[:2] for pair in near_duplicates([text, "今天天气怎么样", other])] == [(0, 2)]


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("怎么还没发货", "怎么还没退款"),
        ("鞋子开胶了", "鞋底裂开了"),
        ("打12315有用吗", "打96110有用吗"),
        ("39.9", "128"),
        ("。", "！"),
    ],
)
def test_different_enough(text, other):
    assert near_duplicates([text, other]) == []


def test_the_likeness_is_the_share_of_common_characters_and_pairs():
    # In common 甲, 乙, 甲乙; besides these 丙, 乙丙 and 丁, 乙丁.
    assert near_duplicates(["甲乙丙", "甲乙丁"], 0.4) == [(0, 1, pytest.approx(3 / 7))]
    assert near_duplicates(["甲乙丙", "甲乙丁"], 3 / 7) == near_duplicates(["甲乙丙", "甲乙丁"], 0.4)
    assert [pair[:2] for pair in near_duplicates(["甲乙丙", "甲乙", "甲乙"], 0.5)] == [(1, 2), (0, 1), (0, 2)]


def test_pairs_are_found_across_blocks():
    texts = [f"{chr(0x4E00 + n)}{chr(0x6E00 + n)}" for n in range(1300)]
    texts[1299] = texts[3]
    assert near_duplicates(texts) == [(3, 1299, 1.0)]


@pytest.mark.parametrize("threshold", [0, -1, 1.01])
def test_a_threshold_outside_the_measure_is_refused(threshold):
    with pytest.raises(ValueError, match="threshold"):
        near_duplicates(["甲"], threshold)


def test_groups_join_through_a_third_text():
    texts = ["甲乙丙丁", "乙丙丁戊", "丙丁戊己", "庚辛"]
    assert not any({i, j} == {0, 2} for i, j, _ in near_duplicates(texts, 0.5))
    found = groups(texts, 0.5)
    assert found[0] == found[1] == found[2] != found[3]
    assert groups([]) == []
    assert near_duplicates([]) == []


def test_what_does_not_count():
    assert skeleton("你好，OK！") == "你好ok"
    assert skeleton("？！") == "？！"
    assert without_particles("你好吗？") == without_particles("你好呀") == "你好"
    assert without_particles("啊") == "啊"
    assert without_annotations('[昨天](date)付了[39.9]{"entity": "amount", "value": 39.9}') == "昨天付了39.9"


def test_texts_that_differ_by_a_particle_are_a_problem_and_nearly_the_same_a_warning():
    examples = {
        "ask_invoice": ["开票要加钱吗？", "怎么还没发货"],
        "report_invoice_problem": ["开票要加钱", "发票抬头错了", "发票抬头错了一个字"],
        "report_not_shipped": ["咋还不发货"],
    }
    problems, warnings, within = compare_examples(examples)
    assert problems == [
        "data/nlu: 「开票要加钱吗？」 (ask_invoice) and 「开票要加钱」 (report_invoice_problem) are nearly the same"
    ]
    assert warnings == [
        "data/nlu: 「怎么还没发货」 (ask_invoice) and 「咋还不发货」 (report_not_shipped) are nearly the same"
    ]
    assert within == 1


@pytest.fixture(scope="module")
def examples(training_set) -> dict[str, list[str]]:
    """The training data."""
    return lines_by_intent(training_set)


def test_the_training_data_is_compared_fast(examples):
    """Fast beside the plain way, pair by pair, which finds the same: no machine is too slow for that, none too busy."""
    texts = [line for lines in examples.values() for line in lines][:1200]
    began = time.process_time()
    pairs = near_duplicates(texts)
    together = time.process_time() - began
    began = time.process_time()
    grams = [_grams(text) for text in texts]
    alike = [
        (first, second)
        for (first, one), (second, other) in itertools.combinations(enumerate(grams), 2)
        if len(one & other) >= NEARLY_THE_SAME * len(one | other)
    ]
    one_by_one = time.process_time() - began
    assert sorted(pair[:2] for pair in pairs) == alike != []
    assert together < one_by_one / 3
