"""How a text begins or ends, small words passed over."""

from __future__ import annotations

import pytest

from weiquan.language.endings import beginnings, begins_with, ends_with, is_near_end

SMALL = ("我", "好像", "的", "了", "我好")


@pytest.mark.parametrize(
    ("text", "most", "places"),
    [
        ("我好像没有", 2, {0, 1, 2, 3}),
        ("我好像没有", 1, {0, 1, 2}),
        ("没有", 5, {0}),
        ("", 5, {0}),
        ("我我我", 2, {0, 1, 2}),
    ],
)
def test_small_words_lead_to_where_the_rest_begins(text, most, places):
    assert beginnings(text, SMALL, most) == places


@pytest.mark.parametrize(("text", "begins"), [("我好像没有", True), ("没有", True), ("我们没有", False), ("", False)])
def test_a_text_begins_with_a_word_behind_small_ones(text, begins):
    assert begins_with(text, ("没有",), SMALL, most=2) == begins


@pytest.mark.parametrize(("text", "ends"), [("一共花了", True), ("花", True), ("花了的了", False), ("花了钱", False)])
def test_a_text_ends_with_a_word_before_small_ones(text, ends):
    assert ends_with(text, ("花",), SMALL, most=2) == ends


@pytest.mark.parametrize(("text", "is_near"), [("只肯退我这", True), ("退不退我都可以", False), ("", False)])
def test_a_word_near_the_end(text, is_near):
    assert is_near_end(text, ("退", "退我"), gap=2) == is_near
