"""Identity and card numbers, passwords and codes are taken out; orders, waybills and telephones stay."""

from __future__ import annotations

import datetime
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weiquan.advice.advice import Advice
from weiquan.case.case import Case
from weiquan.language.masking import BANK_CARD, ID_NUMBER, KINDS, MARKS, SECRET, mask
from weiquan.replies.urgent import privacy_warning

TODAY = datetime.date(2026, 11, 24)
ID = "110101199003077715"
CARD = "6222020200112233446"


def id_number(area: int, day: datetime.date, order: int) -> str:
    return with_check_digit(f"{area:06d}{day:%Y%m%d}{order:03d}")


def with_check_digit(body: str) -> str:
    """Add the check digit of ISO 7064 MOD 11-2, worked out step by step."""
    rest = 0
    for digit in body:
        rest = (rest + int(digit)) * 2 % 11
    return body + "0123456789X"[(12 - rest) % 11]


def card_number(body: str) -> str:
    """The Luhn digit by trial."""

    def passes(number: str) -> bool:
        doubled = [sum(map(int, str(int(digit) * 2))) for digit in number[-2::-2]]
        return (sum(doubled) + sum(map(int, number[-1::-2]))) % 10 == 0

    return next(body + str(digit) for digit in range(10) if passes(body + str(digit)))


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        (f"我的身份证{ID}", f"我的身份证{MARKS[ID_NUMBER]}"),
        ("身份证１１０１０１１９９００３０７７７１５", f"身份证{MARKS[ID_NUMBER]}"),
        ("١١٠١٠١١٩٩٠٠٣٠٧٧٧١٥", MARKS[ID_NUMBER]),
        ("110101-19900307-7715,13800138000", f"{MARKS[ID_NUMBER]},13800138000"),
        (f"{ID} 13800138000", f"{MARKS[ID_NUMBER]} 13800138000"),
        ("身份证号码是110101900307771", f"身份证号码是{MARKS[ID_NUMBER]}"),
        (f"{ID}abc", f"{MARKS[ID_NUMBER]}abc"),
        ("身份证后四位771X", f"身份证后四位{MARKS[ID_NUMBER]}"),
        (f"卡号{CARD}", f"卡号{MARKS[BANK_CARD]}"),
        ("6222 0202 0011 2233 446", MARKS[BANK_CARD]),
        ("我的银行卡号是6222020200112233440", f"我的银行卡号是{MARKS[BANK_CARD]}"),
        ("验证码是 482913", f"验证码是 {MARKS[SECRET]}"),
        ("验证码：４８２９１３", f"验证码：{MARKS[SECRET]}"),
        ("验证码是6位数482913", f"验证码是6位数{MARKS[SECRET]}"),
        ("我把验证码482913告诉他了", f"我把验证码{MARKS[SECRET]}告诉他了"),
        ("验证码告诉他了,482913", f"验证码告诉他了,{MARKS[SECRET]}"),
        ("482913是验证码", f"{MARKS[SECRET]}是验证码"),
        ("验证码是四八二九一三", f"验证码是{MARKS[SECRET]}"),
        ("密码abc123", f"密码{MARKS[SECRET]}"),
        ("支付密码是123456，帮我看看", f"支付密码是{MARKS[SECRET]}，帮我看看"),
        ("CVV 123", f"CVV {MARKS[SECRET]}"),
        ("卡背面的三位码是456", f"卡背面的三位码是{MARKS[SECRET]}"),
    ],
)
def test_what_is_nobody_s_business_is_masked(text, masked):
    assert mask(text)[0] == masked


@pytest.mark.parametrize(
    "text",
    [
        "订单号240101-123456789012345",
        "240101 - 123456789012345 没发货",
        "订单 6222020200112233446",
        "单号7731234567890",
        "SF1234567890123",
        "快递单号是6222021001112233",
        "13812345678",
        "021-53395288",
        "他问我要验证码",
        "验证码收不到怎么办",
        "验证码是多少位的",
        "收到1069开头的验证码",
        "验证码12315发的",
        "支付密码6位",
        "密码错误3次",
        "验证码给他了，扣了5000元",
        "身份证照片给他了",
        "110101900307771 查不到",
        "110101199003077714 查不到",
        "2026-11-01 12:00 下单 299.00",
        "银行卡 13800138000",
    ],
)
def test_orders_waybills_telephones_and_questions_stay(text):
    assert mask(text) == (text, frozenset())


def test_all_kinds_at_once():
    masked, kinds = mask(f"身份证{ID}，卡{CARD}，验证码是482913，订单240101-123456789012345")
    assert kinds == set(KINDS)
    assert masked.endswith("订单240101-123456789012345")


@pytest.mark.parametrize("area", [110101, 119999, 659999, 810000, 820000, 830000, 990101])
def test_an_identity_number_is_masked_wherever_it_was_given_out(area):
    assert mask(id_number(area, datetime.date(1990, 3, 7), 771)) == (MARKS[ID_NUMBER], {ID_NUMBER})


def test_what_has_the_check_digit_but_no_possible_birthday_stays():
    for body in ("11010118990307771", "11010121000307771", "11010119900230771", "11010119901307771"):
        number = with_check_digit(body)
        assert mask(number) == (number, frozenset())


days = st.dates(datetime.date(1920, 1, 1), datetime.date(2026, 1, 1))
words = st.text(st.characters(blacklist_categories=("Nd", "Cs", "Lu", "Ll", "No", "Nl")), max_size=12).filter(
    lambda text: not re.search("[零〇幺一二三四五六七八九】]", text)
)
gaps = st.sampled_from(["", " ", "-", "\u200b", "."])


def spaced(number: str, gap: str, wide: bool) -> str:
    text = gap.join((number[:6], number[6:14], number[14:]))
    return "".join(chr(ord(character) + 0xFEE0) if wide and character.isdigit() else character for character in text)


@given(st.integers(110000, 659999), days, st.integers(0, 999), words, words, gaps, st.booleans())
def test_no_identity_number_survives_whatever_stands_around_it(area, day, order, before, after, gap, wide):
    number = id_number(area, day, order)
    masked, kinds = mask(before + spaced(number, gap, wide) + after)
    assert ID_NUMBER in kinds
    assert masked == before + MARKS[ID_NUMBER] + after


@given(st.from_regex(r"62[0-9]{13,16}", fullmatch=True), words, words)
def test_no_card_number_survives(body, before, after):
    number = card_number(body)
    masked, kinds = mask(f"{before}银行卡{number}{after}")
    assert number not in masked
    assert kinds & {BANK_CARD, ID_NUMBER}


@given(st.text(max_size=60) | st.text("0123456789身份证卡号密码验证是 -Xx,6", max_size=80))
def test_to_mask_again_changes_nothing(text):
    once, _ = mask(text)
    assert mask(once)[0] == once


@given(
    st.from_regex(r"2[0-9](0[1-9]|1[0-2])(0[1-9]|[12][0-9])-[0-9]{15}", fullmatch=True),
    st.sampled_from(["", "订单", "订单号：", "我的"]),
)
def test_orders_survive(order, before):
    assert mask(before + order) == (before + order, frozenset())


@given(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True))
def test_telephones_survive(number):
    assert mask(f"打我电话{number}") == (f"打我电话{number}", frozenset())


def test_the_warning_names_what_was_sent_and_for_a_secret_what_to_do_now(facts):
    assert privacy_warning(frozenset(), Advice(Case(), facts, TODAY)) == ""
    card = privacy_warning({BANK_CARD}, Advice(Case(), facts, TODAY))
    assert "银行卡号我没有保存" in card
    assert "改密码" not in card
    secret = privacy_warning({SECRET, ID_NUMBER}, Advice(Case(), facts, TODAY))
    assert "身份证号、验证码或密码" in secret
    assert "现在就改密码" in secret
    assert len(secret) < 100
