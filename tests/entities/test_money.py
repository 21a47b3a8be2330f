"""Amounts of money: which words they are, and how much."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weiquan.language.entities.money import find_amounts
from weiquan.language.entities.numerals import Number, read_number


def amounts(text: str) -> list[tuple[str, float | None, bool]]:
    return [(text[amount.start : amount.end], amount.yuan, amount.approximate) for amount in find_amounts(text)]


def spans(text: str) -> list[str]:
    return [amount[0] for amount in amounts(text)]


@pytest.mark.parametrize(
    ("text", "yuan"),
    [
        ("39.9元", 39.9),
        ("¥39.9", 39.9),
        ("￥ 1,299", 1299),
        ("39块9", 39.9),
        ("39块90", 39.9),
        ("12块8毛5", 12.85),
        ("一百二十块五毛", 120.5),
        ("30块零5毛", 30.5),
        ("30块零5分", 30.05),
        ("两百九十九块五", 299.5),
        ("两块五", 2.5),
        ("三块半", 3.5),
        ("3毛", 0.3),
        ("5毛5", 0.55),
        ("八分钱", 0.08),
        ("1.2万元", 12000),
        ("3w块", 30000),
        ("一千二百块", 1200),
        ("300人民币", 300),
    ],
)
def test_an_amount_with_its_unit_is_read(text, yuan):
    assert amounts(text) == [(text, yuan, False)]


@pytest.mark.parametrize(
    ("text", "yuan"),
    [
        ("五十多元", 50),
        ("20来块", 20),
        ("十几块钱", 10),
        ("百来块", 100),
        ("上百块", 100),
        ("三四百块", 300),
        ("一万多块钱", 10000),
        ("五块多", 5),
        ("几十块", None),
        ("好几百块", None),
        ("50-100元", None),
    ],
)
def test_a_vague_amount_says_so_and_gives_its_lower_end_if_it_has_one(text, yuan):
    assert amounts(text) == [(text, yuan, True)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("大概五十多元左右", ["五十多元"]),
        ("一共花了39.9", ["39.9"]),
        ("9.9包邮", ["9.9"]),
        ("9块9包邮", ["9块9"]),
        ("被骗了三千", ["三千"]),
        ("骗我转了五千八", ["五千八"]),
        ("退我两百", ["两百"]),
        ("原价199现价99", ["199", "99"]),
        ("从59涨到89", ["59", "89"]),
        ("满200减30", ["200", "30"]),
        ("满一百减五十", ["一百", "五十"]),
        ("保证金1000", ["1000"]),
        ("发了5块红包", ["5块"]),
        ("十块钱一斤", ["十块钱"]),
        ("三十块五斤", ["三十块"]),
        ("价格是三千", ["三千"]),
        ("这个卖59,那个卖49.9", ["59", "49.9"]),
        ("点赞一条两块", ["两块"]),
        ("退款金额128", ["128"]),
    ],
)
def test_the_span_holds_the_amount_and_no_more(text, found):
    assert spans(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "买了3斤5件2盒",
        "等了48小时",
        "九成新",
        "退一赔三",
        "假一赔十",
        "一罚十",
        "买了一块手表",
        "一块布",
        "两块五花肉",
        "1000块拼图",
        "退了两块破布",
        "少了一块",
        "黑了一块",
        "碎成几块",
        "我们一块去",
        "一块一块掰",
        "百亿补贴",
        "打8折",
        "五毛特效",
        "三条毛巾",
        "八角桂皮",
        "想买个千元机",
        "元旦买的",
        "双11买的",
        "618买的",
        "10.28买的",
        "退了3次",
        "收了两百多条短信",
        "补发3件",
        "差2天",
        "评分4.9",
        "订单尾号4512",
        "一分钱没赔",
        "一毛钱都没退",
        "第3块",
        "39.9",
    ],
)
def test_what_only_looks_like_money_is_left_alone(text):
    assert amounts(text) == []


def test_other_currencies_have_no_yuan():
    assert amounts("刷了三百美金") == [("三百美金", None, False)]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("一千二", Number(1200)),
        ("两百五", Number(250)),
        ("1千3", Number(1300)),
        ("百八十", Number(100, approximate=True)),
        ("二十三四", Number(23, approximate=True)),
        ("半", Number(0.5)),
        ("好几百", Number(None, approximate=True)),
        ("哈哈", None),
        ("", None),
    ],
)
def test_numbers_are_read_as_they_are_spoken(text, number):
    assert read_number(text) == number


@given(st.text(alphabet="0123456789.,¥元块毛角分钱一二两三十百千万几多半来花退了赔买的手表 ", max_size=24))
def test_any_text_gives_spans_inside_it_that_do_not_overlap(text):
    end = 0
    for amount in find_amounts(text):
        assert end <= amount.start < amount.end <= len(text)
        assert amount.yuan is None or amount.yuan >= 0
        end = amount.end


@given(st.integers(min_value=0, max_value=9999), st.integers(min_value=0, max_value=99))
def test_a_price_in_digits_is_read_to_the_cent(yuan, cents):
    (amount,) = find_amounts(f"付了{yuan}.{cents:02d}元")
    assert amount.yuan == pytest.approx(yuan + cents / 100)


def test_what_only_looks_like_a_number_is_none():
    assert read_number("十十一") is None
