"""Where a clause ends, and the parts of a message."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weiquan.language.clauses import (
    BORDER,
    CLAUSE_END,
    LIST_BORDER,
    MAX_CLAUSES,
    SPACED_BORDER,
    clause_around,
    clauses,
    quotations,
    split,
)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("付了39.9元,坏了", ["付了39.9元", "坏了"]),
        ("付了1,299元,坏了", ["付了1,299元", "坏了"]),
        ("付了39,20号收到", ["付了39", "20号收到"]),
        ("去www.12315.cn投诉.没人理", ["去www.12315.cn投诉", "没人理"]),
        ("坏了!!还不退?", ["坏了", "还不退"]),
        ("照片、视频 都有", ["照片、视频 都有"]),
        ("坏了。\n不退", ["坏了", "不退"]),
        (",,,", []),
        ("", []),
    ],
)
def test_a_mark_ends_a_clause_but_not_a_number_or_an_address(text, parts):
    assert [clause.text for clause in split(text)] == parts


def test_items_of_a_list_and_words_with_a_space_are_parted_where_it_is_asked_for():
    text = "照片、视频 都有,单号没有"
    assert [clause.text for clause in split(text, LIST_BORDER)] == ["照片", "视频 都有", "单号没有"]
    assert [clause.text for clause in split(text, SPACED_BORDER)] == ["照片", "视频", "都有", "单号没有"]


def test_a_clause_tells_its_place_and_what_ends_it():
    first, second = split("坏了!?不退")
    assert (first.text, first.start, first.border) == ("坏了", 0, "!?")
    assert (second.text, second.start, second.border) == ("不退", 4, "")


def test_the_clause_around_a_place():
    text = "11月20日收到,付了39.9元。坏了"
    start = text.index("39.9")
    assert text[slice(*clause_around(text, start, start + 4))] == "付了39.9元"
    assert clause_around(text, 0, len(text)) == (0, len(text))


@given(st.text("坏了1,.。!、 \n", max_size=30), st.sampled_from([BORDER, LIST_BORDER, SPACED_BORDER]))
def test_clauses_lie_where_they_say_and_none_is_lost(text, border):
    found = list(split(text, border))
    assert all(text[clause.start : clause.start + len(clause.text)] == clause.text for clause in found)
    assert "".join(clause.text for clause in found) == re.sub(border, "", text)
    for clause in found:
        begin, end = clause_around(text, clause.start, clause.start + len(clause.text), border)
        assert (begin, end) == (clause.start, clause.start + len(clause.text))


@pytest.mark.parametrize(("text", "is_last"), [("咋", True), ("咋啊", True), ("咋嘛,", True), ("咋办", False)])
def test_only_particles_follow_the_last_word_of_a_clause(text, is_last):
    assert bool(re.match(f"咋(?={CLAUSE_END})", text)) is is_last


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("鞋子开胶了", ()),
        ("漏了,客服还不理", ("漏了", "客服还不理")),
        ("第一,第二,第三", ("第一", "第二", "第三", "第一,第二", "第二,第三")),
        ("付了39.9元", ()),
        (",,,", ()),
    ],
)
def test_clauses_and_pairs_of_neighbours(text, parts):
    assert clauses(text) == parts


def test_a_long_message_has_a_bounded_number_of_parts():
    assert len(clauses("坏了," * 500)) == 2 * MAX_CLAUSES - 1


def test_what_is_quoted_is_found_with_its_marks():
    text = "他说“没有问题”,又说「亲,可以的」"
    assert [text[start:end] for start, end in quotations(text)] == ["“没有问题”", "「亲,可以的」"]
    assert quotations("『" + "长" * 61 + "』") == []
