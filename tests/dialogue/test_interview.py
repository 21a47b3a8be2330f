"""The interview: what is worth asking in every situation, and what answers and corrections say."""

from __future__ import annotations

import dataclasses
import datetime
import json
from collections.abc import Iterator
from typing import Any, Optional

import pytest

from components.nlu.shopper_entities import ShopperEntityExtractor
from weiquan.advice.advice import Advice
from weiquan.advice.compensation import estimate
from weiquan.advice.deadlines import due_dates
from weiquan.advice.ladder import is_urgent, ladder_of
from weiquan.advice.next_question import (
    MAX_QUESTIONS,
    find_question,
    is_known,
    next_question,
    open_question,
    with_value,
)
from weiquan.advice.next_step import next_step
from weiquan.case.case import ANYTHING, Case
from weiquan.case.events import EVENTS
from weiquan.dialogue.answers import settled, take_answer
from weiquan.dialogue.corrections import correct, is_correcting
from weiquan.facts.interview_questions import Question, interview
from weiquan.facts.knowledge import Knowledge
from weiquan.handlers.context import State
from weiquan.language.normalisation import normalise
from weiquan.papers.paper import as_text
from weiquan.papers.writing import write_paper
from weiquan.reading.detail_finder import find_details
from weiquan.reading.details import Details, Entity, read_entity
from weiquan.reading.message import Message
from weiquan.reading.situations import Found
from weiquan.replies.buttons import progress_buttons, question_buttons
from weiquan.turn import take_turn

TODAY = datetime.date(2026, 11, 24)
"""A Tuesday."""
NOW = datetime.datetime(2026, 11, 24, 12)
AMOUNTS = (9.9, 20.0, 168.0, 2_000.0, 30_000.0)


def places(facts: Knowledge) -> Iterator[Case]:
    """Every situation, plain and in each of its variants."""
    for situation in facts.situations.values():
        for variant in (None, *(special.id for special in situation.variants)):
            yield Case(situation.id, variant)


def standings(facts: Knowledge) -> Iterator[Case]:
    """Every place with nothing done, and with each rung taken, refused or unanswered."""
    for case in places(facts):
        yield dataclasses.replace(case, asked=ladder_of(case, facts)[0])
        for rung in (*ladder_of(case, facts), "after_sales"):
            yield case.with_rungs(climbed={rung})
            yield case.with_rungs(failed={"negotiate", rung})


def answers(question: Question, case: Case) -> list[Case]:
    """The case after each answer that a shopper may give."""
    if question.kind == "amount":
        return [dataclasses.replace(case, amount=amount) for amount in AMOUNTS]
    return [with_value(question, case, choice.value) for choice in question.offered(TODAY)]


def advice(case: Case, facts: Knowledge) -> tuple[Any, ...]:
    """What a shopper is told: the step, why, the last days, the claims."""
    step = next_step(case, facts, TODAY)
    dues = tuple((due.deadline.id, due.start, due.ends) for due in due_dates(case, facts, TODAY))
    claims = tuple((claim.rule.id, claim.formula, claim.needs) for claim in estimate(case, facts))
    return step.rung.id, step.reasons, dues, claims


def words(case: Case, facts: Knowledge) -> str:
    """What the shopper can send to the seller."""
    return as_text(write_paper("seller_message", Advice(case, facts, TODAY)))


def check(question: Question, case: Case, facts: Knowledge) -> None:
    """What must hold of a question, whatever the code that chose it thinks."""
    assert not is_urgent(case, facts)
    assert question.id not in case.put
    assert not is_known(question, case)
    assert question.text
    assert len(question.why) >= 8
    assert question.why.startswith("问这个是为了") or question.kind == "circumstance"
    assert len(f"{question.text}（{question.why}）") <= 80
    buttons = question_buttons(question, TODAY)
    assert [button.title for button in buttons[-2:]] == ["不清楚", "跳过"]
    assert question.kind == "amount" or len(buttons) >= 4
    assert len({button.title for button in buttons}) == len(buttons)
    # A remedy may change no more than the words to send.
    read = words if question.kind == "remedy" else advice
    assert len({read(answered, facts) for answered in answers(question, case)}) > 1


def test_every_question_matters_and_there_are_few(facts, capsys):
    questions, cases = set(), 0
    for start in standings(facts):
        cases += 1
        for way in ("first", "last", "none"):
            case = start
            while (question := next_question(case, facts, TODAY)) is not None:
                try:
                    check(question, case, facts)
                except AssertionError as error:
                    raise AssertionError(f"{question.id}: {case}") from error
                questions.add(question.id)
                answered = answers(question, case)
                case = settled({"first": answered[0], "last": answered[-1], "none": case}[way], question)
            assert len(case.put) <= MAX_QUESTIONS == 4
    with capsys.disabled():
        print(f"\n{cases} cases, {len(questions)} questions")
    assert questions >= {question.id for question in interview().questions}, "a question that is never asked"


def test_in_danger_nothing_is_asked(facts):
    urgent = [case for case in standings(facts) if is_urgent(case, facts)]
    assert len({case.situation for case in urgent}) >= 4
    assert not [case for case in urgent if next_question(case, facts, TODAY)]


def test_what_is_known_is_not_asked(facts):
    day = TODAY - datetime.timedelta(days=3)
    for case in standings(facts):
        full = dataclasses.replace(
            case,
            stage="received",
            amount=99.0,
            remedy="return_refund",
            dates=dict.fromkeys(EVENTS, day),
            circumstances=dict.fromkeys(facts.circumstances, True),
        )
        assert next_question(full, facts, TODAY) is None


def test_a_parcel_that_never_came_is_asked_for_no_day_of_arrival(facts):
    for stage in ("unshipped", "shipped"):
        for case in standings(facts):
            question = next_question(dataclasses.replace(case, stage=stage), facts, TODAY)
            assert question is None or question.event != "received"


# What is typed


def read(text: str) -> tuple[str, Details, list[Entity]]:
    text = normalise(text)
    found = [read_entity(entity) for entity in ShopperEntityExtractor().extract(text, NOW)]
    entities = [entity for entity in found if entity]
    return text, find_details(text, entities, TODAY), entities


def say(case: Case, text: str, facts: Knowledge, intent: str = "inform") -> Optional[Case]:
    text, details, entities = read(text)
    return take_answer(case, intent, text, details, entities, facts)


def open_case(question: str, situation: str = "quality_problem") -> Case:
    return Case(situation, question=question, asked="negotiate")


def on(month_and_day: str) -> datetime.date:
    return datetime.date.fromisoformat(f"2026-{month_and_day}")


@pytest.mark.parametrize(
    ("text", "intent", "day", "stage"),
    [
        ("十天了", "inform", "11-14", "received"),
        ("前天", "inform", "11-22", "received"),
        ("应该是上周三", "correct_information", "11-18", "received"),
        ("11.15", "inform", "11-15", "received"),
        ("11月5号左右收到的吧", "inform", "11-05", "received"),
        ("上周三签收的,我记得很清楚,那天下雨", "inform", "11-18", "received"),
        ("忘了,大概十天前", "dont_know", "11-14", "received"),
        ("还没到", "deny", None, "shipped"),
        ("还没发货呢", "inform", None, "unshipped"),
        ("明天才到", "inform", None, "shipped"),
        ("没有", "deny", None, None),
        ("上个月", "inform", None, None),
        ("好几天了", "inform", None, None),
    ],
)
def test_a_typed_day(facts, text, intent, day, stage):
    after = say(open_case("received_on"), text, facts, intent)
    assert after.dates == ({"received": on(day)} if day else {})
    assert (after.stage, after.question, after.put) == (stage, None, ("received_on",))


def test_no_parcel_is_on_its_way_that_was_told_to_be_at_hand(facts):
    def titles(case: Case) -> list[str]:
        question = next_question(case, facts, TODAY)
        assert question is not None
        assert question.id == "received_on"
        asked = open_question(dataclasses.replace(case, question=question.id), facts)
        assert asked == question
        return [button.title for button in question_buttons(question, TODAY)]

    worn = Case("quality_problem", stage="received")
    for case in (worn, Case("quality_problem"), Case("refund_refused", stage="received", put=("order_stage",))):
        assert "还没收到" not in titles(case)
        after = say(dataclasses.replace(case, question="received_on"), "没有", facts, "deny")
        assert (after.stage, dict(after.dates), after.question) == (case.stage, {}, None)
    waiting = Case("refund_refused", put=("order_stage",))
    assert "还没收到" in titles(waiting)
    assert say(dataclasses.replace(waiting, question="received_on"), "没有", facts, "deny").stage == "shipped"
    # Who says so in words is believed.
    assert say(dataclasses.replace(worn, question="received_on"), "还没收到货", facts).stage == "shipped"


def test_a_day_answers_what_was_asked_for(facts):
    case = dataclasses.replace(open_case("refused_on"), dates={"received": on("11-10")})
    assert say(case, "前天", facts).dates == {"received": on("11-10"), "refused": on("11-22")}
    assert say(case, "商家前天拒绝的", facts).dates["refused"] == on("11-22")


def test_goods_sent_back_that_have_not_arrived_are_no_parcel_on_its_way(facts):
    after = say(open_case("returned_on", "refund_after_return"), "还没收到", facts)
    assert (after.stage, dict(after.dates)) == ("returned", {})


@pytest.mark.parametrize(
    ("text", "yuan"),
    [("128", 128), ("128块", 128), ("大概三百多", 300), ("花了一千二", 1200), ("39.9包邮", 39.9), ("定金50", 50)],
)
def test_a_typed_amount(facts, text, yuan):
    after = say(open_case("amount_paid"), text, facts)
    assert (after.amount, after.question) == (yuan, None)


@pytest.mark.parametrize(
    ("text", "stage"),
    [
        ("还没发", "unshipped"),
        ("在路上", "shipped"),
        ("还没收到", "shipped"),
        ("收到货了", "received"),
        ("货到了", "received"),
        ("已经签收", "received"),
        ("寄回去了", "returned"),
        ("已经寄回", "returned"),
    ],
)
def test_a_typed_stage(facts, text, stage):
    assert say(open_case("order_stage", "refund_refused"), text, facts).stage == stage


@pytest.mark.parametrize(
    ("text", "remedy"),
    [("换货", "exchange"), ("我要退款", "refund"), ("退货退款", "return_refund"), ("赔偿", "compensation")],
)
def test_a_typed_remedy(facts, text, remedy):
    assert say(open_case("remedy_wanted"), text, facts).remedy == remedy


@pytest.mark.parametrize(
    ("text", "intent", "answer"),
    [
        ("是的", "affirm", True),
        ("写了", "inform", True),
        ("没错", "deny", True),
        ("对,写了", "inform", True),
        ("好像有", "inform", True),
        ("页面上写着的", "inform", True),
        ("没写", "inform", False),
        ("没有", "affirm", False),
        ("不是", "deny", False),
        ("对,没写", "inform", False),
        ("好像没有", "inform", False),
        ("没写,我又把商品页从头到尾看了一遍", "inform", False),
    ],
)
def test_a_typed_yes_or_no(facts, text, intent, answer):
    after = say(open_case("promised_tenfold", "counterfeit"), text, facts, intent)
    assert (after.circumstances, after.question) == ({"promised_tenfold": answer}, None)


def test_the_words_of_a_button_can_be_typed(facts):
    for name, circumstance in facts.circumstances.items():
        for title, answer in ((circumstance.yes_label, True), (circumstance.no_label, False)):
            assert say(open_case(name), title, facts).circumstances == {name: answer}, title
    for question in interview().questions:
        for option in question.offered(TODAY) if question.kind != "amount" else ():
            typed = say(open_case(question.id), option.title, facts)
            pressed = settled(with_value(question, open_case(question.id), option.value), question)
            assert typed is not None, (question.id, option.title)
            # A half month or a month may be counted a day otherwise.
            assert typed == pressed or (question.kind == "date" and "月" in option.title), (question.id, option.title)


@pytest.mark.parametrize("question", ["received_on", "amount_paid", "order_stage", "remedy_wanted", "promised_tenfold"])
@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("不清楚", "dont_know"),
        ("跳过", "skip"),
        ("", "skip"),
        ("忘了", "inform"),
        ("不记得了", "deny"),
        ("我真不知道", "inform"),
        ("算了不说", "inform"),
        ("不想说", "deny"),
    ],
)
def test_what_is_not_known_or_not_told_settles_the_question(facts, question, text, intent):
    case = open_case(question)
    assert say(case, text, facts, intent) == dataclasses.replace(case, question=None, put=(question,))


@pytest.mark.parametrize(
    ("question", "text", "intent"),
    [
        ("received_on", "昨天申请的退款", "inform"),
        ("received_on", "商家不理我", "no_reply_yet"),
        ("received_on", "谢谢", "thank"),
        ("received_on", "不知道怎么办", "dont_know"),
        ("received_on", "我从三天前就一直在联系商家可是他一直不回", "inform"),
        ("refused_on", "明天", "inform"),
        ("amount_paid", "十天了", "inform"),
        ("amount_paid", "商家只肯退20", "inform"),
        ("amount_paid", "12315", "ask_12315"),
        ("order_stage", "退款呢", "inform"),
        ("remedy_wanted", "商家只同意换货", "inform"),
        ("promised_tenfold", "对了,12315怎么打", "affirm"),
        ("promised_tenfold", "有用吗", "inform"),
        ("promised_tenfold", "有点生气", "express_frustration"),
        ("promised_tenfold", "商家不同意", "seller_refused"),
        ("promised_tenfold", "没用", "deny"),
        ("promised_tenfold", "没人理我", "deny"),
        ("promised_tenfold", "前天", "inform"),
        ("no_such_question", "是的", "affirm"),
    ],
)
def test_what_is_no_answer(facts, question, text, intent):
    assert say(open_case(question), text, facts, intent) is None


def test_every_button_of_a_question_answers_it_and_no_other_button_does(facts):
    names = [*(question.id for question in interview().questions), *facts.circumstances]
    for question in (find_question(name, facts) for name in names):
        case = open_case(question.id)
        for button in question_buttons(question, TODAY):
            intent, _, entities = button.payload[1:].partition("{")
            found = [Entity(kind, value, 0, 0) for kind, value in json.loads("{" + (entities or "}")).items()]
            after = take_answer(case, intent, "", Details(), found, facts)
            assert (after.question, after.put) == (None, (question.id,))
            assert is_known(question, after) == (intent == "inform") or question.not_yet
        for rung in facts.rungs.values():
            for button in progress_buttons(rung):
                intent = button.payload[1:].partition("{")[0]
                assert take_answer(case, intent, "", Details(), [], facts) is None


# Corrections

TOLD = Case(
    "counterfeit",
    stage="received",
    amount=39.0,
    dates={"ordered": on("11-09"), "received": on("11-14")},
    circumstances={"promised_tenfold": True},
    put=("received_on", "amount_paid", "promised_tenfold"),
)


def put_right(case: Case, text: str, facts: Knowledge) -> Case:
    text, details, _ = read(text)
    return correct(case, text, details, facts)


@pytest.mark.parametrize(
    ("text", "changed"),
    [
        ("不对，是上周三签收的", {"received": on("11-18")}),
        ("说错了，前天", {"received": on("11-22")}),
        ("不是昨天，是前天", {"received": on("11-22")}),
        ("记错了，双十一下的单", {"ordered": on("11-11")}),
        ("是49不是39", {"amount": 49}),
        ("不是39是49", {"amount": 49}),
        ("不对，是49", {"amount": 49}),
        ("打错了，49", {"amount": 49}),
        ("不对，一共付了49块", {"amount": 49}),
        ("不对，没写", {"promised_tenfold": False}),
        ("点错了，是没有", {"promised_tenfold": False}),
        ("不对", {}),
    ],
)
def test_a_correction_changes_what_it_means_and_nothing_else(facts, text, changed):
    after = put_right(TOLD, text, facts)
    dates = {event: changed.get(event, day) for event, day in TOLD.dates.items()}
    amount = changed.get("amount", TOLD.amount)
    promised = changed.get("promised_tenfold", True)
    circumstances = {"promised_tenfold": promised}
    assert after == dataclasses.replace(TOLD, dates=dates, amount=amount, circumstances=circumstances)
    same = advice(after, facts) == advice(TOLD, facts) and words(after, facts) == words(TOLD, facts)
    assert same == (not changed)


def test_goods_that_have_not_come_after_all_have_no_day_of_arrival(facts):
    after = put_right(TOLD, "说错了，还没收到货", facts)
    assert (after.stage, dict(after.dates)) == ("shipped", {"ordered": on("11-09")})


def test_a_correction_leaves_the_open_question_open(facts):
    case = dataclasses.replace(TOLD, put=("received_on",), question="amount_paid")
    after = put_right(case, "不对，是上周三签收的", facts)
    assert (after.dates["received"], after.question, after.amount) == (on("11-18"), "amount_paid", 39.0)


def test_what_corrects_nothing_answers_the_open_question(facts):
    case = Case("counterfeit", dates={"ordered": on("11-09")}, question="received_on")
    after = put_right(case, "应该是上周三", facts)
    assert after.dates == {"ordered": on("11-09"), "received": on("11-18")}
    asked = dataclasses.replace(TOLD, put=("received_on",), circumstances={}, question="promised_tenfold")
    assert put_right(asked, "不对，没写", facts).circumstances == {"promised_tenfold": False}


@pytest.mark.parametrize(
    ("text", "intent", "is_correction"),
    [
        ("不对,是上周三签收的", "inform", True),
        ("哎呀,说错了,前天", "inform", True),
        ("我刚才打错了,49", "inform", True),
        ("不是昨天,是前天", "deny", True),
        ("是49不是39", "correct_information", True),
        ("不是,不想要了", "deny", False),
        ("不是,东西坏了", "inform", False),
        ("应该是有的", "inform", False),
        ("商家说不对", "inform", False),
    ],
)
def test_what_puts_right_and_what_answers(text, intent, is_correction):
    assert is_correcting(intent, text) is is_correction


@pytest.mark.parametrize(
    ("text", "intent", "found", "kept"),
    [
        ("鞋底开胶了，才穿三天", "report_quality_problem", Found(0.95, (("quality_problem", 0.9),)), True),
        ("他说是我穿坏的，不给退", "seller_refused", Found(news=(("refused", 0.95),)), True),
        ("付了89", "inform", Found(), False),
        ("退款几天到账", "ask_refund_timing", Found(), False),
    ],
)
def test_what_is_told_of_the_trouble_is_kept_in_the_shoppers_words(facts, text, intent, found, kept):
    before = Case() if intent.startswith("report_") else Case("quality_problem", account=("锅掉漆",))
    after = take_turn(Message(text, facts, TODAY, intent, 0.9, found=found), State(case=before)).case
    assert (text in after.account) == kept
    assert set(before.account) <= set(after.account)


def test_a_question_for_a_day_is_answered_with_that_of_the_case(facts):
    sent_back = Case("refund_after_return", dates={"return_received": TODAY - datetime.timedelta(days=2)})
    asked = Message("钱几天能到", facts, TODAY, "ask_refund_timing", 0.9)
    with_day, without = (take_turn(asked, State(case=case)).bubbles[0].text for case in (sent_back, Case()))
    last = TODAY + datetime.timedelta(days=5)
    assert with_day.split("\n")[0].count(f"{last.month}月{last.day}日") == 1
    assert "月" not in without.split("\n")[0]


def test_a_correction_that_corrects_nothing_asks_what_is_meant(facts):
    case = Case("quality_problem", dates={"received": TODAY - datetime.timedelta(days=4)}, amount=88.0)
    result = take_turn(Message("不对，我说错了", facts, TODAY, "correct_information", 0.9), State(case=case))
    assert dataclasses.replace(result.case, asked=None) == dataclasses.replace(case, correcting=ANYTHING)
    assert "11月20日" in result.bubbles[0].text
    assert "88" in result.bubbles[0].text


@pytest.mark.parametrize(
    ("text", "intent", "case", "day"),
    [
        (
            "退货最晚到几号",
            "ask_refund_timing",
            Case("quality_problem", dates={"received": datetime.date(2026, 11, 20)}),
            27,
        ),
        ("最迟哪天退钱", "ask_deadline", Case(dates={"return_received": datetime.date(2026, 11, 20)}), 27),
        ("怎么投诉", "ask_12315", Case("quality_problem", dates={"received": datetime.date(2026, 11, 20)}), None),
    ],
)
def test_who_asks_for_a_day_hears_that_of_the_case_first(facts, text, intent, case, day):
    said = take_turn(Message(text, facts, TODAY, intent, 0.9), State(case=case)).bubbles[0].text
    first = said if "【" in said.split("\n")[0] else "\n".join(said.split("\n")[:2])
    assert (f"11月{day}日" in first) == (day is not None)
