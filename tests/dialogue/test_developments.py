"""Offers, demands and the like: advice of their own, never an agreement, and an answer that means what was asked."""

from __future__ import annotations

import dataclasses
import datetime
import json

import pytest

from components.nlu.shopper_entities import ShopperEntityExtractor
from weiquan.case.case import Case
from weiquan.handlers.context import State
from weiquan.reading.details import Entity, read_entity
from weiquan.reading.message import Message
from weiquan.reading.situations import Found
from weiquan.turn import TurnResult, take_turn

TODAY = datetime.date(2026, 11, 24)
NOW = datetime.datetime(2026, 11, 24, 12)
FAULTY = Case("quality_problem", amount=139.0, climbed=frozenset({"negotiate"}), asked="negotiate")
UNWANTED = dataclasses.replace(FAULTY, situation="seven_day_return_refused")


def found(**news: float) -> Found:
    return Found(news=tuple(sorted(news.items(), key=lambda entry: -entry[1])))


def say(facts, text: str, case: Case, intent: str = "seller_agreed", **news: float) -> TurnResult:
    """The turn that answers `text`, in which the reader found `news`."""
    entities = tuple(
        entity for entry in ShopperEntityExtractor().extract(text, NOW) if (entity := read_entity(entry)) is not None
    )
    return take_turn(Message(text, facts, TODAY, intent, 0.9, entities=entities, found=found(**news)), State(case=case))


def words(result: TurnResult) -> str:
    return "\n".join(bubble.text for bubble in result.bubbles)


def test_every_development_is_told_whatever_the_intent_seems_to_be_and_asks_its_question(facts):
    for told in facts.developments.values():
        for intent in (
            "seller_agreed",
            "platform_agreed",
            "seller_refused",
            "inform",
            "ask_compensation",
            "nlu_fallback",
        ):
            result = say(facts, "他这样说", FAULTY, intent, **{told.id: 0.9})
            assert result.bubbles[-1].text == told.question, (told.id, intent)
            # What was taken up is said back, with a button to put it right.
            change = ["改一下"] if "记下了：" in words(result) else []
            titles = [button.title for button in result.bubbles[-1].buttons]
            assert titles == [*(answer.title for answer in told.answers), *change]
            assert (result.case.development, result.case.failed) == (told.id, frozenset())


def test_a_deduction_rests_on_whether_the_goods_are_the_trouble(facts):
    demanded = facts.developments["demanded"]
    faulty, unwanted = (words(say(facts, "要扣40折旧", case, demanded=0.9)) for case in (FAULTY, UNWANTED))
    assert demanded.at_fault in faulty
    assert facts.laws[demanded.law_at_fault].short in faulty
    assert demanded.say in unwanted
    assert facts.laws[demanded.law].short in unwanted


@pytest.mark.parametrize(
    ("intent", "failed", "climbed"), [("affirm", set(), {"negotiate"}), ("deny", {"negotiate"}, {"negotiate"})]
)
def test_a_short_answer_takes_the_offer_or_refuses_it_where_it_was_made(facts, intent, failed, climbed):
    offered = say(facts, "他说退我50", FAULTY, offered=0.9)
    answered = say(facts, "嗯", offered.case, intent)
    assert (set(answered.case.failed), set(answered.case.climbed)) == (failed, climbed)
    assert answered.case.development is None


@pytest.mark.parametrize("intent", ["seller_agreed", "platform_refused", "nlu_fallback"])
def test_a_development_that_is_only_possible_is_asked_about_and_one_tap_tells_it(facts, intent):
    doubtful = say(facts, "他那样讲", FAULTY, intent, platform_wants_evidence=0.4)
    named = facts.developments["platform_wants_evidence"]
    assert named.name in doubtful.bubbles[0].text
    assert doubtful.case == FAULTY
    yes = doubtful.bubbles[0].buttons[0]
    entity = Entity("development", json.loads(yes.payload.partition("inform")[2])["development"], 0, 0)
    told = take_turn(Message("", facts, TODAY, "inform", 1.0, entities=(entity,)), State(case=doubtful.case))
    assert named.say in words(told)


def test_nothing_is_asked_where_somebody_has_surely_answered(facts):
    result = say(facts, "他拒绝了", FAULTY, "seller_refused", refused=0.9, offered=0.4)
    assert result.case.failed == {"negotiate"}


def test_what_comes_instead_of_an_answer_is_no_answer(facts):
    offered = say(facts, "他说退我50", FAULTY, offered=0.9)
    between = say(facts, "12315电话多少", offered.case, "ask_12315")
    assert between.case.development is None
    assert say(facts, "不", between.case, "deny").case.failed == frozenset()


def test_the_day_by_which_the_platform_wants_evidence_is_told(facts):
    assert "11月27日" in words(say(facts, "平台让我三天内举证", FAULTY, platform_wants_evidence=0.95))
    assert "月" not in words(say(facts, "平台让我举证", FAULTY, platform_wants_evidence=0.95))


def test_another_question_is_answered_first(facts):
    result = say(facts, "他说退我50，12315电话多少", FAULTY, "ask_12315", offered=0.9)
    assert result.case.development is None
    assert "12315" in words(result)


@pytest.mark.parametrize(("news", "is_told"), [({"agreed": 0.9}, True), ({"agreed": 0.35}, False)])
def test_an_agreement_that_is_not_sure_is_asked_about(facts, news, is_told):
    result = say(facts, "他说可以", FAULTY, **news)
    assert ("有进展" in words(result)) == is_told
    titles = {button.title for button in result.bubbles[-1].buttons}
    assert ({"商家同意了", "商家拒绝了"} <= titles) != is_told


@pytest.mark.parametrize(
    "intent", ["seller_agreed", "seller_refused", "platform_agreed", "platform_refused", "no_reply_yet"]
)
def test_where_the_reader_sees_no_answer_of_anybody_nothing_changes(facts, intent):
    before = dataclasses.replace(FAULTY, asked="after_sales")
    after = say(facts, "平台一般多久有结果", before, intent, contacted=0.05).case
    assert (after.climbed, after.failed) == (before.climbed, before.failed)


@pytest.mark.parametrize(
    ("text", "news", "dates"),
    [
        ("11月20号寄的，22号他们签收", ("sent_back", "return_received"), {"returned": 20, "return_received": 22}),
        (
            "15号收到的，20号寄回去，22号签收的",
            ("sent_back", "return_received"),
            {"received": 15, "return_received": 22},
        ),
        ("15号签收的，退回去他们收到了不退钱", ("return_received",), {"received": 15}),
        ("11月20号寄的，22号签收", (), {"received": 22}),
    ],
)
def test_who_sent_and_who_signed_is_told_by_the_news(facts, text, news, dates):
    case = say(facts, text, Case("refund_after_return"), "inform", **dict.fromkeys(news, 0.95)).case
    for event, day in dates.items():
        assert case.dates.get(event) == datetime.date(2026, 11, day), (event, case.dates)


def test_a_long_message_is_no_bare_yes_and_in_danger_none_is(facts):
    offered = say(facts, "他说退我50", FAULTY, offered=0.9).case
    for text, case in (
        ("人没事，安全了，现在说钱的事，只退30肯定不行", offered),
        ("安全了", dataclasses.replace(offered, danger="fire")),
    ):
        assert "有进展" not in words(say(facts, text, case, "affirm"))


def test_a_step_that_was_not_taken_has_no_day(facts):
    case = dataclasses.replace(FAULTY, climbed=frozenset({"after_sales"}), dates={"applied": TODAY})
    after = say(facts, "我还没申请退款呢，你记错了", case, "correct_information").case
    assert "applied" not in after.dates
    assert "after_sales" not in after.climbed
