"""Reading: situations, questions and steps in a shopper's words."""

from __future__ import annotations

import pytest

from weiquan.case.case import Case
from weiquan.dialogue.reports import open_case, take_report
from weiquan.language.normalisation import MAX_LENGTH, normalise, without_numbers
from weiquan.reading.situations import Reading, find_situations, read


@pytest.mark.parametrize(
    ("text", "intent", "situation"),
    [
        ("我家孩子拿我手机下单买了三百块钱的卡", "report_payment_or_account", "minor_purchase"),
        ("先用后付莫名其妙扣了我的钱", "report_payment_or_account", "unwanted_charge"),
        ("寄来的水果烂了一大半", "report_food_safety", "spoiled_fresh_goods"),
        ("面包里有虫子", "report_food_safety", "food_safety"),
        ("订单莫名其妙", "report_not_shipped", "not_shipped"),
        ("这双鞋越看越不对劲", "report_counterfeit", "counterfeit"),
        ("说是全新的结果是翻新机", "report_counterfeit", "secondhand_as_new"),
    ],
)
def test_words_decide_the_situation_within_an_intent(facts, text, intent, situation):
    assert read(text, intent, [], facts).situation == situation


@pytest.mark.parametrize(
    ("text", "intent", "variant"),
    [
        ("物流显示已签收，可我根本没收到", "report_logistics_problem", "false_delivery"),
        ("商家威胁我说知道我家住哪要上门", "report_bad_service", "threat"),
    ],
)
def test_special_cases_are_variants(facts, text, intent, variant):
    assert read(text, intent, [], facts).variant == variant


def test_goods_come_before_manners_and_both_are_noticed(facts):
    reading = read("鞋子穿两天就开胶了，卖家三天不回消息", "report_seller_ignoring", [], facts)
    assert reading.situation == "quality_problem"
    assert "seller_ignoring" in reading.others
    assert "negotiate" in reading.failed


def test_what_the_ranker_holds_told_is_noticed_but_never_leads(facts):
    likely = ["bad_service", "not_as_described", "impersonation_fraud"]
    reading = read("鞋子开胶了，还有话要说", "report_quality_problem", [], facts, likely)
    assert reading.situation == "quality_problem"
    # Danger needs a word of its own.
    assert set(reading.others) == {"bad_service", "not_as_described"} == reading.supposed
    assert read("今天天气不错", "chitchat", [], facts, likely).situation is None


def test_a_supposed_trouble_moves_no_rung(facts):
    reading = read("鞋子开胶了，还有话要说", "report_quality_problem", [], facts, ["refund_refused"])
    assert reading.others == ("refund_refused",)
    assert not open_case(reading, facts).failed
    assert open_case(read("鞋子开胶了，商家拒绝退款", "report_quality_problem", [], facts), facts).failed


def test_situations_are_handled_in_the_order_of_their_severity(facts):
    intents = ["report_bad_service", "report_quality_problem", "report_fraud"]
    assert find_situations("有人冒充客服让我转账", intents, facts)[0] == "impersonation_fraud"
    assert find_situations("", intents, facts)[-1] == "bad_service"


def test_danger_comes_first_whatever_the_classifier_says(facts):
    reading = read("衣服掉色，商家还威胁我说知道我家地址要上门找我", "report_quality_problem", [], facts)
    assert (reading.situation, reading.variant) == ("bad_service", "threat")
    assert "quality_problem" in reading.others


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("面包吃出虫子，能赔多少", "ask_compensation"),
        ("质量问题退货运费谁出", "ask_return_freight"),
        ("鞋子开胶了，投诉电话多少", "ask_phone"),
        ("鞋子开胶了", None),
    ],
)
def test_a_question_in_a_complaint_is_found(facts, text, topic):
    assert read(text, "report_quality_problem", [], facts).topic == topic


@pytest.mark.parametrize(
    ("text", "climbed", "failed"),
    [
        ("我申请了售后，商家拒绝退款", {"negotiate", "after_sales"}, {"negotiate"}),
        ("我还没申请售后", set(), set()),
        ("怎么联系商家", set(), set()),
        ("平台介入了也不管", {"platform"}, {"platform"}),
        ("打了12315没用", {"complaint_12315"}, {"complaint_12315"}),
    ],
)
def test_steps_already_taken_are_read(facts, text, climbed, failed):
    reading = read(text, None, [], facts)
    assert climbed <= reading.climbed
    assert failed <= reading.failed
    if not climbed:
        assert not reading.climbed


def test_danger_needs_a_word_or_a_sure_classifier(facts):
    assert read("椅子有点晃", "report_injury", [("report_injury", 0.4)], facts).situation is None
    assert read("椅子有点晃", "report_injury", [("report_injury", 0.9)], facts).situation == "injury"
    assert read("椅子断了把腿划伤流血", "report_injury", [("report_injury", 0.4)], facts).situation == "injury"


def test_a_trouble_without_a_word_never_stands_before_one_that_was_named(facts):
    reading = read("鞋子开胶了", "report_injury", [("report_injury", 0.9)], facts)
    assert reading.situation == "quality_problem"


def test_an_application_beside_a_named_trouble_is_no_refusal(facts):
    reading = read("买的水壶漏水,我申请了退款", "report_refund_refused", [("report_refund_refused", 0.9)], facts)
    assert (reading.situation, reading.others) == ("quality_problem", ())
    assert "after_sales" in reading.climbed
    assert "after_sales" not in reading.failed


def test_a_bare_wish_to_complain_tells_no_trouble(facts):
    assert read("我要投诉", "report_other", [("report_other", 0.9)], facts).situation is None


def test_an_unsure_reading_without_a_word_does_not_replace_the_case(facts):
    case = open_case(read("水壶漏水", "report_quality_problem", [], facts), facts)
    unsure = read("商家说让我拍照", "report_bad_service", [("report_bad_service", 0.4)], facts)
    assert take_report(case, unsure, facts).situation == "quality_problem"


def test_news_of_the_same_case_does_not_open_another(facts):
    case = open_case(read("水壶漏水", "report_quality_problem", [], facts), facts)
    later = take_report(case, read("卖家一直不回消息", "report_seller_ignoring", [], facts), facts)
    assert later.situation == "quality_problem"
    assert "negotiate" in later.failed


@pytest.mark.parametrize(
    ("trouble", "asked", "failed"),
    [
        ("seller_ignoring", None, {"negotiate"}),
        ("refund_refused", None, {"negotiate", "after_sales"}),
        ("bad_service", None, set()),
        ("complaint_rejected", None, {"after_sales"}),
        ("complaint_rejected", "complaint_12315", {"after_sales", "complaint_12315"}),
        ("complaint_rejected", "court", {"after_sales"}),
    ],
)
def test_a_trouble_about_the_process_says_which_rungs_have_failed(facts, trouble, asked, failed):
    case = Case("quality_problem", climbed=frozenset({"after_sales"}), asked=asked)
    reading = Reading(trouble, None, (), None, frozenset(), frozenset())
    after = take_report(case, reading, facts)
    assert (after.situation, after.others) == ("quality_problem", (trouble,))
    assert after.failed == failed


def test_another_trouble_becomes_the_main_one_and_the_first_is_kept(facts):
    case = open_case(read("水壶漏水", "report_quality_problem", [], facts), facts)
    later = take_report(case, read("发票一直不给我开", "report_invoice_problem", [], facts), facts)
    assert later.situation == "invoice_problem"
    assert "quality_problem" in later.others


def test_no_words_open_no_case(facts):
    assert take_report(Case(), read("", None, [], facts), facts).situation is None


@pytest.mark.parametrize(
    ("typed", "read_as"),
    [
        ("１２３１５", "12315"),
        ("質量問題怎麼辦", "质量问题怎么办"),
        ("鞋子\u200b开胶\ufeff了", "鞋子开胶了"),
        ("  多个   空格\n换行 ", "多个 空格 换行"),
        ("\x00\x07控制符", "控制符"),
        ("太差了了了!!!!", "太差了!"),
        ("哈哈哈哈哈", "哈哈"),
        ("1111块", "1111块"),
        ("质量问提,客副不给退宽", "质量问题,客服不给退款"),
        ("在PDD买的", "在拼多多买的"),
        ("https://pdd-kefu.com/a--b", "https://pdd-kefu.com/a--b"),
        ("坏了😡😡", "坏了气死了气死了"),
        ("收到了📦", "收到了"),
        ("😀😀", "😀😀"),
        ("", ""),
    ],
)
def test_normalising(typed, read_as):
    assert normalise(typed) == read_as


def test_a_very_long_message_keeps_its_start_and_end():
    read_as = normalise("头一" * 300 + "中二" * 4500 + "尾三" * 100)
    assert len(read_as) <= MAX_LENGTH + 1
    assert read_as.startswith("头一头一")
    assert read_as.endswith("尾三" * 100)


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("39.9元的鞋坏了", "的鞋坏了"),
        ("打12315有用吗", "打12315有用吗"),
        ("订单240315-123456789012345", "订单"),
    ],
)
def test_numbers_are_left_out_but_for_the_hotlines(text, rest):
    assert without_numbers(text) == rest
