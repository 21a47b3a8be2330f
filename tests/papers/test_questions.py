"""Before the first paper: what will stand in it is shown, and what is missing is asked for, one thing at a time."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.papers.test_papers import ORDER, PAPERS, TODAY, counterfeit, troubles
from weiquan.advice.advice import Advice
from weiquan.case.case import Case
from weiquan.facts.knowledge import Knowledge, knowledge
from weiquan.handlers.context import State
from weiquan.language.normalisation import normalise
from weiquan.papers.questions import open_paper_question, passed_over, questions_for
from weiquan.reading.details import Entity
from weiquan.reading.message import Message
from weiquan.rendering.fitting import MAX_BUBBLE
from weiquan.turn import TurnResult, take_turn

AT_ONCE = "先这样，直接生成"


class Talk:
    """A conversation turn by turn: words with the intent that the classifier would give, or buttons."""

    def __init__(self, case: Case) -> None:
        self.case, self.last = case, TurnResult((), case, (), "")

    def say(self, text: str, intent: str = "inform", **amounts: float) -> str:
        """Send words; `yuan` is an amount in them. Return what is answered."""
        text = normalise(text)
        entities = tuple(Entity("amount", amount, 0, len(text)) for amount in amounts.values())
        return self._turn(Message(text, knowledge(), TODAY, intent, 0.9, entities=entities))

    def press(self, title: str) -> str:
        """Press the button of that title."""
        buttons = [button for bubble in self.last.bubbles for button in bubble.buttons]
        payload = next(button.payload for button in buttons if button.title == title)
        intent, _, values = payload.removeprefix("/").partition("{")
        entities = json.loads("{" + values) if values else {}
        return self._turn(
            Message(
                "",
                knowledge(),
                TODAY,
                intent,
                1.0,
                entities=tuple(Entity(kind, value, 0, 0) for kind, value in entities.items()),
            )
        )

    def _turn(self, message: Message) -> str:
        self.last = take_turn(message, State("somebody", self.case))
        # What is kept goes through the slots.
        self.case = Case.from_slots(self.last.case.to_slots())
        for bubble in self.last.bubbles:
            assert bubble.card or len(bubble.text) <= MAX_BUBBLE
        return "\n".join(bubble.text for bubble in self.last.bubbles)

    @property
    def paper(self) -> dict[str, Any] | None:
        """The card of the paper that was given in the last turn."""
        cards = (bubble.card for bubble in self.last.bubbles)
        return next((dict(card) for card in cards if card and card["kind"] == "paper"), None)

    @property
    def asked(self) -> str:
        """The id of the question that is open for a paper."""
        question = open_paper_question(Advice(self.case, knowledge(), TODAY))
        return question.id if question else ""


def test_what_is_missing_is_asked_for_one_thing_at_a_time_and_stands_in_the_paper():
    talk = Talk(counterfeit(amount=None, order_number=None, account=("鞋标都是贴上去的",)))
    shown = talk.say("帮我写一份12315投诉", "request_document")
    assert talk.paper is None
    assert "商品：羽绒服" in shown
    assert "还空着：店铺、金额、订单号" in shown
    assert talk.asked == "shop"
    assert "店铺 青禾服饰" in talk.say("店名叫青禾服饰", "out_of_scope")
    assert talk.asked == "amount"
    assert "金额 299 元" in talk.say("299")
    assert talk.asked == "order_number"
    talk.press("跳过")
    assert talk.asked == "promised_tenfold"
    talk.press("没写")
    assert talk.asked == "seller_deceived"
    talk.press("有证据")
    assert talk.asked == ""
    text = talk.paper["text"]
    assert "「青禾服饰」" in text
    assert "实付 299 元" in text
    assert "按价款的三倍增加赔偿 897 元" in text
    assert "订单号【请填写：订单号】" in text
    assert "〔可选〕" not in text


def test_the_paper_is_had_at_once_by_a_tap_or_in_words_and_the_same_is_not_asked_again():
    for say in (lambda talk: talk.press(AT_ONCE), lambda talk: talk.say("不用问了直接生成吧")):
        talk = Talk(counterfeit(amount=None))
        talk.say("帮我写一份12315投诉", "request_document")
        say(talk)
        assert talk.paper["id"] == "complaint_12315"
        assert talk.asked == ""
        talk.say("再写一份12315投诉", "request_document")
        assert talk.paper is not None


def test_a_second_paper_of_the_same_kind_has_what_was_put_right():
    talk = Talk(counterfeit(amount=45.0, shop="青禾"))
    talk.say("写份12315投诉", "request_document")
    talk.press(AT_ONCE)
    assert "实付 45 元" in talk.paper["text"]
    talk.case = dataclasses.replace(talk.case, amount=54.0)
    talk.say("重新写一份12315投诉", "request_document")
    assert "实付 54 元" in talk.paper["text"]
    assert "45 元" not in talk.paper["text"]


def test_without_a_trouble_what_happened_is_asked_first_and_the_form_is_a_tap_away():
    talk = Talk(Case())
    assert "出了什么问题" in talk.say("帮我写一份12315投诉", "request_document")
    assert talk.paper is None
    talk.press(AT_ONCE)
    assert talk.paper["text"].count("【请填写：") > 5


def test_the_reason_of_a_refusal_is_asked_for_verbatim_and_kept_as_it_was_said():
    case = counterfeit(failed=frozenset({"after_sales"}), climbed=frozenset({"after_sales"}), account=("鞋标是贴的",))
    talk = Talk(case)
    talk.say("帮我写一份12315投诉", "request_document")
    assert talk.asked == "refusal"
    talk.say("亲亲，人为损坏不予退货哦", "seller_refused")
    talk.press(AT_ONCE)
    assert "亲亲，人为损坏不予退货哦" not in talk.paper["text"]  # nothing told of a refused application
    talk.case = dataclasses.replace(talk.case, dates={**talk.case.dates, "refused": TODAY})
    talk.say("帮我写一份12315投诉", "request_document")
    assert "拒绝售后申请，理由是「亲亲，人为损坏不予退货哦」" in talk.paper["text"]


@pytest.mark.parametrize(
    ("text", "intent"),
    [("12315电话是多少？", "ask_phone"), ("这个要多久有结果", "ask_deadline"), ("我的案子到哪了", "show_case")],
)
def test_what_is_no_answer_does_not_go_into_the_paper(text, intent):
    talk = Talk(counterfeit(amount=None, account=("鞋标是贴的",)))
    talk.say("帮我写一份12315投诉", "request_document")
    assert talk.asked == "shop"
    talk.say(text, intent)
    assert talk.case.shop is None
    assert talk.paper is None


def test_a_detail_told_out_of_turn_is_taken_and_the_open_question_put_again():
    talk = Talk(counterfeit(amount=None, order_number=None, account=("鞋标是贴的",)))
    talk.say("帮我写一份12315投诉", "request_document")
    assert talk.asked == "shop"
    number = Message(ORDER, knowledge(), TODAY, "inform", 0.9, entities=(Entity("order_number", ORDER, 0, len(ORDER)),))
    talk._turn(number)
    assert talk.case.order_number == ORDER
    assert talk.asked == "shop"
    talk.say("239", "nlu_fallback")
    assert talk.case.shop is None


def test_money_taken_is_asked_for_as_such():
    talk = Talk(Case("impersonation_fraud", "already_paid", account=("有人冒充客服骗我转了钱",)))
    assert "被转走" in talk.say("帮我写一份报案材料", "request_document")
    assert talk.asked == "lost"
    talk.say("3000")
    assert "金额：3000 元" in talk.paper["text"]


def test_why_a_thing_is_asked_is_told_and_asked_again():
    talk = Talk(counterfeit(amount=None, account=("鞋标是贴的",)))
    talk.say("帮我写一份12315投诉", "request_document")
    assert "哪家店" in talk.say("为什么问这个", "ask_why")
    assert talk.asked == "shop"


def test_medical_cost_and_the_age_of_a_child_are_asked_for_apart_from_the_price():
    talk = Talk(Case("food_safety", "illness", amount=60.0, goods="面包", shop="甲店", account=("吃了拉肚子",)))
    talk.say("帮我写一份12315投诉", "request_document")
    assert talk.asked == "medical_cost"
    talk.say("看病花了600块", yuan=600.0)
    assert talk.case.amount == 60.0
    assert talk.case.told["medical_cost"] == "600"
    child = Talk(
        Case("minor_purchase", amount=600.0, goods="手机", shop="甲店", order_number=ORDER, account=("孩子买的",))
    )
    child.say("帮我写一份12315投诉", "request_document")
    assert child.asked == "child_age"
    # As the classifier reads it.
    child.say("12岁", "report_price_dispute")
    child.press(AT_ONCE)
    assert "孩子（12岁）" in child.paper["text"]


@settings(deadline=None, max_examples=150)
@given(trouble=st.sampled_from(troubles()), paper_id=st.sampled_from(PAPERS), failed=st.booleans())
def test_questions_end_and_none_asks_for_what_nobody_should_send(trouble, paper_id, failed):
    facts: Knowledge = knowledge()
    case = Case(trouble[0], trouble[1])
    case = case.with_rungs(failed={"after_sales", "platform"}) if failed else case
    advice = Advice(case, facts, TODAY)
    for asked in questions_for(paper_id, advice):
        assert not [word for word in ("身份证", "银行卡", "密码", "验证码") if word in asked.text]
        assert len(asked.text) + len(asked.why) < MAX_BUBBLE - 60
    done = passed_over(paper_id, advice)
    for _ in range(5):
        left = questions_for(paper_id, advice.of(done))
        done = passed_over(paper_id, advice.of(done))
    assert left == ()


def test_a_case_with_answers_survives_the_slots():
    case = counterfeit(paper="civil_complaint:firm", told={"refusal": "不退", "district": ""}, question="paper:shop")
    assert Case.from_slots(json.loads(json.dumps(case.to_slots()))) == case
