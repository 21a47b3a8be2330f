"""A fine question is answered by its own record: by a button, in words, within a case, beside a trouble."""

from __future__ import annotations

import dataclasses
import datetime

import pytest

from weiquan.advice.advice import Advice
from weiquan.case.case import Case
from weiquan.facts.answers import Answer
from weiquan.handlers.context import State
from weiquan.reading.details import Entity
from weiquan.reading.fine_questions import ASKED, CLEAR, CLEAR_UNASKED, PLAIN, POSSIBLE, SURE
from weiquan.reading.message import Message
from weiquan.reading.situations import Found
from weiquan.rendering.fitting import MAX_BUBBLE
from weiquan.replies.topics import answer_words, topic_reply
from weiquan.turn import TurnResult, take_turn

TODAY = datetime.date(2026, 11, 24)
REFUSED = Case("refund_refused", climbed=frozenset({"negotiate"}), dates={"received": datetime.date(2026, 11, 20)})


def ask(facts, text: str, answers: dict[str, float], case: Case | None = None, **more: object) -> TurnResult:
    """The turn that answers `text`, for which the selector found `answers`."""
    ranked = tuple(sorted(answers.items(), key=lambda entry: -entry[1]))
    message = Message(
        text,
        facts,
        TODAY,
        **{"intent": "ask_12315", "confidence": 0.9, "answers": ranked, "asks_fine_question": 0.9, **more},
    )
    return take_turn(message, State(case=case or Case()))


def words(result: TurnResult) -> str:
    return "\n".join(bubble.text for bubble in result.bubbles)


def two_answers(facts) -> tuple[Answer, Answer]:
    """Two answers to the same topic of which the first does not lead to the second."""
    first, *others = (answer for answer in facts.answers.values() if answer.topic == "ask_12315")
    return first, next(other for other in others if other.id not in first.related)


def test_every_record_is_answered_by_its_button_in_one_bubble_with_others_to_go_on(facts):
    for answer in facts.answers.values():
        pressed = Message("", facts, TODAY, answer.topic, 1.0, entities=(Entity("answer_id", answer.id, 0, 0),))
        result = take_turn(pressed, State())
        assert answer_words(answer, facts) in result.bubbles[0].text
        assert len(result.bubbles[0].text) <= MAX_BUBBLE
        titles = [button.title for button in result.bubbles[-1].buttons]
        assert titles == [facts.answers[other].title for other in answer.related]


def test_a_sure_reading_is_answered_and_a_doubtful_one_asked_about(facts):
    first, second = two_answers(facts)
    plain = ask(facts, "多久有结果", {first.id: PLAIN, second.id: POSSIBLE})
    assert first.answer in words(plain)
    assert second.title not in [button.title for button in plain.bubbles[-1].buttons]
    sure = ask(facts, "多久有结果", {first.id: SURE, second.id: POSSIBLE})
    assert first.answer in words(sure)
    assert sure.bubbles[-1].buttons[0].title == second.title
    doubtful = ask(facts, "多久有结果", {first.id: SURE - 0.1, second.id: POSSIBLE})
    assert first.answer not in words(doubtful)
    titles = [button.title for button in doubtful.bubbles[-1].buttons]
    assert titles[:2] == [first.title, second.title]
    assert facts.topics["ask_12315"].label in titles[2]


def test_what_no_record_answers_gets_the_answer_to_its_topic_with_fine_questions_to_tap(facts):
    first, _ = two_answers(facts)
    result = ask(facts, "12315 怎么投诉", {first.id: 0.9}, asks_fine_question=ASKED - 0.01)
    assert first.answer not in words(result)
    assert "12315.cn" in words(result)
    assert any("answer_id" in button.payload for button in result.bubbles[-1].buttons)


def test_every_topic_with_records_offers_some_of_them(facts):
    for topic in {answer.topic for answer in facts.answers.values()}.intersection(facts.topics):
        if topic in {"verify_contact", "ask_deadline"}:
            continue
        buttons = topic_reply(topic, Advice(Case(), facts, TODAY), with_step=False).bubbles[-1].buttons
        assert any("answer_id" in button.payload for button in buttons), topic


@pytest.mark.parametrize(
    ("text", "share", "is_answered"),
    [
        ("这个要多久？", CLEAR, True),
        ("这个要多久？", CLEAR - 0.05, False),
        ("今天真冷", CLEAR_UNASKED, True),
        ("今天真冷", CLEAR_UNASKED - 0.05, False),
    ],
)
def test_a_question_taken_for_nothing_is_answered_where_it_is_clear(facts, text, share, is_answered):
    first, _ = two_answers(facts)
    result = ask(facts, text, {first.id: share}, intent="out_of_scope", confidence=0.9)
    assert (first.answer in words(result)) == is_answered


def test_within_a_case_the_day_of_the_case_stands_first_and_the_open_question_comes_again(facts):
    answer = next(one for one in facts.answers.values() if one.limits == ("seven_day_return",))
    case = dataclasses.replace(REFUSED, situation="seven_day_return_refused", question="amount_paid")
    result = ask(facts, "最晚哪天能退", {answer.id: 0.9}, case, intent=answer.topic)
    assert result.bubbles[0].text.startswith("七天无理由退货：从 11月20日签收的次日起算，最后一天是 11月27日")
    assert answer.answer in result.bubbles[0].text
    assert result.case.question == "amount_paid"
    assert "多少钱" in result.bubbles[-1].text


def test_beside_a_trouble_the_question_is_answered_and_the_step_follows(facts):
    answer = facts.answers["freight_quality"]
    found = Found(trouble=0.97, situations=(("quality_problem", 0.95),))
    more = {"intent": "report_quality_problem", "confidence": 0.97, "found": found}
    result = ask(facts, "水壶漏水，退货运费谁出？", {answer.id: 0.9}, **more)
    assert result.case.situation == "quality_problem"
    assert answer.answer in result.bubbles[0].text
    assert "店铺聊天" in words(result)
    danger = ask(facts, "水壶漏电我被电了，运费谁出？", {answer.id: 0.9}, dangers=("injury",), **more)
    assert answer.answer not in danger.bubbles[0].text


def test_a_second_question_in_the_same_message_is_answered_after_the_first(facts):
    first, second = two_answers(facts)
    result = ask(facts, "12315要多久？要收钱吗？", {first.id: 0.95}, answers_besides=(second.id,))
    assert answer_words(first, facts) in result.bubbles[0].text
    assert answer_words(second, facts) in result.bubbles[1].text
    told = Found(trouble=0.95, situations=(("quality_problem", 0.95),))
    beside = ask(facts, "锅坏了，12315要多久？要收钱吗？", {first.id: 0.95}, answers_besides=(second.id,), found=told)
    assert beside.case.situation == "quality_problem"
    assert answer_words(first, facts) in words(beside)
    assert any(second.id in button.payload for button in beside.bubbles[-1].buttons)


def test_a_question_in_danger_is_answered_after_what_to_do_at_once(facts):
    answer, _ = two_answers(facts)
    danger = facts.dangers["money_gone"]
    result = ask(facts, "钱转走了，12315要多久？", {answer.id: 0.95}, intent="report_fraud", dangers=(danger.id,))
    assert answer_words(answer, facts) not in result.bubbles[0].text
    assert answer_words(answer, facts) in result.bubbles[1].text
    assert result.bubbles[1].text.endswith(danger.ask)
    assert result.bubbles[1].buttons


def test_a_question_beside_an_urgent_trouble_is_answered_after_the_step(facts):
    answer, _ = two_answers(facts)
    told = Found(trouble=0.95, situations=(("injury", 0.95),))
    result = ask(facts, "手划破了，12315要多久？", {answer.id: 0.95}, intent="report_injury", found=told)
    assert result.case.situation == "injury"
    assert answer_words(answer, facts) in result.bubbles[1].text
