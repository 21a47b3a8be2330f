"""Within a case: nothing changes but by what was said, what changed is said back, and all of it can be put right."""

from __future__ import annotations

import dataclasses
import datetime

import pytest

from components.nlu.shopper_entities import ShopperEntityExtractor
from weiquan.case.case import Case
from weiquan.dialogue.fields import known_fields, take_field, with_field
from weiquan.dialogue.news import is_acknowledgement
from weiquan.handlers.context import State
from weiquan.reading.details import Entity, read_entity
from weiquan.reading.message import Message
from weiquan.reading.situations import Found
from weiquan.replies.bubbles import read_payload
from weiquan.turn import TurnResult, take_turn

TODAY = datetime.date(2026, 11, 24)
NOW = datetime.datetime(2026, 11, 24, 12)
FAULTY = Case("quality_problem", goods="电饭煲", amount=129.0, asked="negotiate")
REFUSED = dataclasses.replace(FAULTY, asked="after_sales").with_rungs(failed={"negotiate"})


def buttons_of(result: TurnResult) -> tuple[tuple[str, str], ...]:
    return tuple((button.title, button.payload) for bubble in result.bubbles for button in bubble.buttons)


def say(
    facts, text: str, case: Case, intent: str = "inform", before: TurnResult | None = None, today=TODAY, **news: float
):
    entities = tuple(
        entity for entry in ShopperEntityExtractor().extract(text, NOW) if (entity := read_entity(entry)) is not None
    )
    found = Found(news=tuple(sorted(news.items(), key=lambda entry: -entry[1])) or (("contacted", 0.01),))
    message = Message(text, facts, today, intent, 0.9, entities=entities, found=found)
    return take_turn(message, State(case=case, offered=buttons_of(before) if before else None))


def press(facts, title: str, before: TurnResult) -> TurnResult:
    intent, values = read_payload(dict(buttons_of(before))[title])
    entities = tuple(Entity(kind, value, 0, 0) for kind, value in values.items())
    message = Message("", facts, TODAY, intent, 1.0, entities=entities)
    return take_turn(message, State(case=before.case, offered=buttons_of(before)))


def words(result: TurnResult) -> str:
    return "\n".join(bubble.text for bubble in result.bubbles)


def steps(case: Case) -> tuple[frozenset[str], frozenset[str]]:
    return case.climbed, case.failed


@pytest.mark.parametrize("text", ["好", "好的", "知道了", "好的知道了", "嗯嗯好的", "OK", "收到,谢谢", "明白了"])
def test_what_is_only_heard_changes_nothing(facts, text):
    assert is_acknowledgement(text)
    for asked in ("negotiate", "after_sales", "platform", "complaint_12315"):
        before = dataclasses.replace(FAULTY, asked=asked)
        assert steps(say(facts, text, before, "affirm").case) == steps(before)


@pytest.mark.parametrize("text", ["嗯", "是的", "说了", "好评返现", "知道怎么办了吗", "好几天了"])
def test_what_says_more_is_not_only_heard(text):
    assert not is_acknowledgement(text)


def test_a_yes_answers_only_what_yes_answers(facts):
    assert say(facts, "嗯", FAULTY, "affirm").case.climbed == {"negotiate"}
    dated = dataclasses.replace(FAULTY, question="received_on")
    after = say(facts, "嗯", dated, "affirm").case
    assert (after.climbed, after.question) == (frozenset(), "received_on")
    waiting = dataclasses.replace(FAULTY, asked="after_sales").with_rungs(climbed={"after_sales"})
    assert steps(say(facts, "嗯", waiting, "affirm").case) == steps(waiting)


def test_a_refusal_in_words_fails_no_application_that_was_not_made(facts):
    assert say(facts, "他不给退", FAULTY, "seller_refused", refused=0.99).case.failed == {"negotiate"}
    again = say(facts, "就是不肯退", REFUSED, "seller_refused", refused=0.95).case
    assert steps(again) == steps(REFUSED)
    named = say(facts, "申请被他驳回了", REFUSED, "seller_refused", refused=0.9).case
    assert named.failed == {"negotiate", "after_sales"}
    applied = REFUSED.with_rungs(climbed={"after_sales"})
    assert say(facts, "他还是不肯", applied, "seller_refused", refused=0.9).case.failed == {"negotiate", "after_sales"}


def test_silence_fails_no_application_that_was_not_made(facts):
    unshipped = Case("not_shipped", asked="after_sales")
    assert say(facts, "发消息也不回", unshipped, "no_reply_yet", silent=0.9).case.failed == {"negotiate"}


def test_the_platform_decides_once(facts):
    decided = dataclasses.replace(FAULTY, asked="platform_complaint").with_rungs(failed={"platform"})
    doubtful = say(facts, "平台也没支持我", decided, "platform_refused", platform_against=0.99)
    assert steps(doubtful.case) == steps(decided)
    assert press(facts, "官方客服投诉也没用", doubtful).case.failed == {"platform", "platform_complaint"}


@pytest.mark.parametrize("intent", ["seller_agreed", "platform_refused", "seller_refused"])
def test_a_wish_of_which_the_reader_sees_no_answer_is_none(facts, intent):
    assert steps(say(facts, "我要全退", FAULTY, intent).case) == steps(FAULTY)


def test_a_typed_label_does_what_its_button_does(facts):
    asked = say(facts, "他那样", FAULTY, "ask_next_step")
    for title, _ in buttons_of(asked):
        typed = say(facts, title, asked.case, "chitchat", before=asked)
        assert steps(typed.case) == steps(press(facts, title, asked).case), title


def test_what_happened_is_kept_with_who_when_and_why_and_said_back(facts):
    told = say(facts, "昨天商家拒绝了,说是人为损坏", FAULTY, "seller_refused", refused=0.95)
    (entry,) = told.case.diary
    assert (entry.what, entry.day, entry.told) == ("refused", datetime.date(2026, 11, 23), TODAY)
    assert "商家拒绝（说「人为损坏」）" in words(told)
    assert "改一下" in dict(buttons_of(told))
    assert Case.from_slots(told.case.to_slots()) == told.case


def test_an_offer_stands_beside_the_price_and_is_open_until_it_is_answered(facts):
    offered = say(facts, "他说退我50", FAULTY, "seller_agreed", offered=0.9)
    assert (offered.case.sums, offered.case.amount) == ({"offered": 50.0}, 129.0)
    assert "差 79 元" in words(offered)
    declined = press(facts, "不接受", offered)
    assert (declined.case.failed, [entry.what for entry in declined.case.diary]) == (
        {"negotiate"},
        ["offered", "offer_declined"],
    )


def test_the_day_for_evidence_is_a_last_day_until_it_is_handed_in(facts):
    wanted = say(facts, "平台让我三天内举证", FAULTY, "platform_agreed", platform_wants_evidence=0.95)
    assert wanted.case.dates["evidence_due"] == datetime.date(2026, 11, 27)
    listed = say(facts, "还有几天", wanted.case, "ask_deadline")
    assert "给平台举证" in words(listed).split("要盯住的日子")[0] or "1. 给平台举证" in words(listed)
    later = say(facts, "在吗", wanted.case, "greet", today=TODAY + datetime.timedelta(days=2))
    assert "就是明天" in words(later)
    sent = press(facts, "交了", wanted)
    assert sent.case.dates["evidence_sent"] == TODAY
    assert "给平台举证" not in words(say(facts, "还有几天", sent.case, "ask_deadline"))


def test_every_field_is_put_right_by_tap(facts):
    case = dataclasses.replace(
        FAULTY,
        stage="shipped",
        dates={"applied": datetime.date(2026, 11, 20)},
        sums={"medical": 600.0},
        remedy="exchange",
        shop="小满家电",
        order_number="241110-558301947720163",
        circumstances={"promised_tenfold": True},
    ).with_rungs(failed={"after_sales"})
    asked = say(facts, "我说错了", case, "correct_information")
    assert asked.case.correcting == "anything"
    titles = [title for title, payload in buttons_of(asked) if "field" in payload]
    assert len(titles) == len(set(known_fields(case)))
    for title in titles:
        one = press(facts, title, asked)
        kept = press(facts, "不改了", one)
        assert dataclasses.replace(kept.case, asked=None, question=None) == dataclasses.replace(case, asked=None), title
        assert "没改" in words(kept)
        for choice, payload in buttons_of(one):
            if "answer" in read_payload(payload)[1]:
                assert press(facts, choice, one).case.correcting is None, (title, choice)


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        ("amount", "139", 139.0),
        ("amount", "是139块", 139.0),
        ("goods", "高压锅", "高压锅"),
        ("shop", "小满家电", "小满家电"),
        ("dates.received", "前天", datetime.date(2026, 11, 22)),
        ("sums.medical", "600", 600.0),
    ],
)
def test_a_field_is_put_right_in_words(facts, field, text, value):
    message = Message(
        text,
        facts,
        TODAY,
        "inform",
        0.9,
        entities=tuple(
            entity
            for entry in ShopperEntityExtractor().extract(text, NOW)
            if (entity := read_entity(entry)) is not None
        ),
    )
    kind, _, name = field.partition(".")
    taken = take_field(FAULTY, field, message)
    assert taken is not None
    held = getattr(taken, kind)
    assert (held[name] if name else held) == value


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("amount", "many"),
        ("stage", "lost"),
        ("dates.landed", "2026-11-20"),
        ("rung.moon", "pending"),
        ("asked", "x"),
        ("", ""),
    ],
)
def test_a_field_that_is_not_there_is_not_set(facts, field, value):
    assert with_field(FAULTY, field, value, facts) is None
    pressed = Message(
        "",
        facts,
        TODAY,
        "correct_information",
        1.0,
        entities=(Entity("field", field, 0, 0), Entity("answer", value, 0, 0)),
    )
    after = take_turn(pressed, State(case=FAULTY)).case
    assert dataclasses.replace(after, correcting=None, asked=FAULTY.asked) == FAULTY


@pytest.mark.parametrize("days", [0, 1, 7])
def test_who_comes_back_hears_the_case_its_question_and_what_is_due(facts, days):
    case = dataclasses.replace(FAULTY, question="remedy_wanted", dates={"received": datetime.date(2026, 11, 22)})
    back = say(facts, "你好", case, "greet", today=TODAY + datetime.timedelta(days=days))
    assert "质量问题" in words(back)
    assert "七天无理由退货" in words(back)
    assert back.case.question == "remedy_wanted"
    assert "您最想要哪种结果" in words(back)
