"""The answers of the interview: step before question, what was noted, plans, the case recalled."""

from __future__ import annotations

import dataclasses
import datetime
import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from weiquan.advice.advice import Advice
from weiquan.advice.due_date import day_in_words
from weiquan.advice.ladder import ladder_of
from weiquan.advice.next_question import find_question, next_question, with_value
from weiquan.advice.next_step import next_step
from weiquan.case.archive import PastCase
from weiquan.case.case import Case
from weiquan.case.events import EVENTS, STAGES
from weiquan.dialogue.answers import settled
from weiquan.dialogue.news import take_progress
from weiquan.facts.case_words import case_words
from weiquan.facts.interview_questions import interview
from weiquan.facts.knowledge import knowledge
from weiquan.reading.requests import is_about_another_case
from weiquan.rendering.fitting import MAX_BUBBLE
from weiquan.replies.bubbles import Bubble
from weiquan.replies.cases import known_lines, new_case_reply, overview_reply
from weiquan.replies.plan import interview_reply, noted_text, plan_reply, why_reply
from weiquan.replies.steps import first_reply, how_to_reply, progress_reply, question_bubble

TODAY = datetime.date(2026, 11, 24)
LATER = datetime.date(2027, 8, 1)
"""All facts are stale by then, so that every note is shown."""
LEFTOVERS = re.compile(r"[{}]|None|undefined|\[\]|\(\)|（）|【[^】]*】$|，，|。。|；$", re.MULTILINE)
CARD_FIELDS = {
    "step": "kind title urgent opening reasons moves path words evidence contacts limits dues laws after note",
    "question": "kind id text why",
    "case": "kind title situation others facts diary ladder dues",
    "evidence": "kind title items note",
    "dates": "kind title dues calendar",
    "estimate": "kind title claims exclusions note",
    "paper": "kind id title text url expires_hours others",
    "contacts": "kind title contacts note",
}
"""The cards of docs/chat-channel.md."""
PARTS = {
    "contacts": "name value tel url opens closes use caution",
    "limits": "name text certain",
    "dues": "name line ends days_left approximate mine",
    "laws": "short title meaning",
    "facts": "label value payload",
    "ladder": "id name state",
    "diary": "day told text sure",
}
OF_THE_PLAN = {"plan", "claims"}
"""What a plan's step card has beside; unknown fields are to be ignored."""

FACTS = knowledge()
PLACES = [
    Case(situation.id, variant)
    for situation in FACTS.situations.values()
    for variant in (None, *(special.id for special in situation.variants))
]


def check_card(card: dict, beside: frozenset = frozenset()) -> None:
    """A card goes into JSON and has the fields that the channel's page promises."""
    assert json.loads(json.dumps(card, ensure_ascii=False)) == card
    assert set(card) <= {*CARD_FIELDS[card["kind"]].split(), *beside}
    for kind, fields in PARTS.items():
        for part in card.get(kind) or ():
            assert set(part) <= set(fields.split()), kind


def check_bubble(bubble: Bubble, limit: int = MAX_BUBBLE) -> None:
    """A bubble is whole, short and plain, its buttons work from any channel."""
    assert 2 <= len(bubble.text) <= limit, bubble.text
    assert not LEFTOVERS.search(bubble.text), bubble.text
    assert not re.search("[!！]", bubble.text)
    assert all(button.payload.startswith("/") and button.title for button in bubble.buttons)
    assert len({button.title for button in bubble.buttons}) == len(bubble.buttons)
    if bubble.card:
        check_card(dict(bubble.card), frozenset(OF_THE_PLAN) if bubble.card.get("plan") else frozenset())


def check_agreement(bubble: Bubble) -> None:
    """A step's card says nothing that its text lacks."""
    card, text = bubble.card, bubble.text
    assert card["title"] in text
    for said in (card["opening"], card["words"], *card["reasons"], *card["moves"], *card.get("claims", ())):
        assert said in text, said
    assert " → ".join(card["path"]) in text
    assert all(contact["value"] in text for contact in card["contacts"])
    assert all(due["line"] in text for due in card["dues"])
    assert all(law["short"] in text for law in card["laws"])
    assert card["after"] is None or card["after"] in text


# Step before question


def test_the_first_answer_is_a_step_and_asks_only_about_the_steps_taken():
    for place in PLACES:
        ladder = ladder_of(place, FACTS)
        for case in (place, place.with_rungs(climbed=ladder[:1]), place.with_rungs(failed=ladder[:2])):
            (first, second), asked = first_reply(Advice(case, FACTS, TODAY))
            assert first.card["kind"] == "step"
            assert first.card["title"] == next_step(case, FACTS, TODAY).rung.name
            assert first.card["moves"]
            assert first.card["moves"][-1] in first.text
            assert not first.buttons
            assert second.card is None
            assert (asked.question, asked.put) == (None, ())
            for bubble in (first, second):
                check_bubble(bubble)


def test_no_question_is_put_before_a_step_was_said_in_the_whole_of_a_case():
    """A shopper presses the first button each time: step, steps taken, questions, plan."""
    lengths = []
    for place in PLACES:
        _, case = first_reply(Advice(place, FACTS, TODAY))
        answer, case = progress_reply(Advice(take_progress(case, "no_reply_yet", FACTS), FACTS, TODAY))
        assert answer[0].card["kind"] == "step"
        put = 0
        while (question := find_question(case.question, FACTS)) is not None:
            put += 1
            offered = question.offered(TODAY)
            answered = (
                with_value(question, case, offered[0].value) if offered else dataclasses.replace(case, amount=99.0)
            )
            before, case = case, settled(answered, question)
            answer, case = interview_reply(before, Advice(case, FACTS, TODAY))
            assert all(len(bubble.text) <= MAX_BUBBLE for bubble in answer)
            assert len(answer) == 2
        if put:
            assert answer[0].card["plan"] is True
        lengths.append(put)
    assert max(lengths) <= 4
    assert sorted(lengths)[len(lengths) // 2] <= 3


# Plans of random cases

days = st.integers(0, 500).map(lambda ago: TODAY - datetime.timedelta(days=ago))


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """A case of any place, with anything told of it, sensible or not."""
    place = draw(st.sampled_from(PLACES))
    ladder = ladder_of(place, FACTS)
    climbed = draw(st.sets(st.sampled_from(ladder)))
    return dataclasses.replace(
        place,
        others=tuple(draw(st.lists(st.sampled_from(sorted(FACTS.situations)), max_size=3, unique=True))),
        climbed=frozenset(climbed),
        failed=frozenset(draw(st.sets(st.sampled_from(sorted(climbed))))) if climbed else frozenset(),
        asked=draw(st.sampled_from([None, *ladder])),
        goods=draw(st.sampled_from([None, "电饭煲", "羽绒服", "苹果"])),
        stage=draw(st.sampled_from([None, *STAGES])),
        dates=draw(st.dictionaries(st.sampled_from(EVENTS), days, max_size=5)),
        amount=draw(st.none() | st.floats(0.01, 999_999)),
        remedy=draw(st.sampled_from([None, *case_words().remedies])),
        order_number=draw(st.sampled_from([None, "241110-123456789012345"])),
        circumstances=draw(st.dictionaries(st.sampled_from(sorted(FACTS.circumstances)), st.booleans(), max_size=4)),
        put=tuple(
            draw(
                st.lists(st.sampled_from([question.id for question in interview().questions]), max_size=4, unique=True)
            )
        ),
    )


@settings(max_examples=150, deadline=None)
@given(before=cases(), other=cases(), today=st.sampled_from([TODAY, LATER]))
def test_plans_and_answers_fit_their_bubbles_and_their_cards(before, other, today):
    case = dataclasses.replace(other, situation=before.situation, variant=before.variant)
    said = noted_text(before, Advice(case, FACTS, today))
    (plan, second), asked = plan_reply(said, Advice(case, FACTS, today))
    check_bubble(plan)
    check_agreement(plan)
    assert next_step(case, FACTS, today).rung.name in plan.text
    check_bubble(second)
    answers, _ = interview_reply(before, Advice(case, FACTS, today))
    for bubble in answers:
        check_bubble(bubble)
    for bubble in how_to_reply(Advice(asked, FACTS, TODAY))[0]:
        check_bubble(bubble)


@settings(max_examples=120, deadline=None)
@given(case=cases(), past=st.lists(cases(), max_size=3), today=st.sampled_from([TODAY, LATER]), recalled=st.booleans())
def test_a_recalled_case_fits_its_bubble_and_its_card(case, past, today, recalled):
    kept = [PastCase(number, earlier) for number, earlier in enumerate(past, start=2)]
    open_question = next_question(case, FACTS, today)
    case = dataclasses.replace(case, question=open_question.id if open_question else None)
    answer, after = overview_reply(Advice(case, FACTS, today), kept, recalled)
    for bubble in answer:
        check_bubble(bubble)
    first = answer[0]
    assert first.card["situation"] in first.text
    assert all(fact["value"] in first.text for fact in first.card["facts"])
    assert all(due["line"] in first.text for due in first.card["dues"])
    states = {rung["id"]: rung["state"] for rung in first.card["ladder"]}
    assert set(states) == set(ladder_of(case, FACTS))
    assert list(states.values()).count("next") <= 1
    # What the next message may answer is what the last bubble asks.
    assert after.question == (answer[1].card["id"] if len(answer) > 1 else None)


# What was noted, why, what is resumed

BEFORE = Case("counterfeit", stage="received", dates={"received": datetime.date(2026, 11, 14)}, amount=39.0)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"dates": {"received": datetime.date(2026, 11, 18)}}, "改好了：11月18日签收（原来记的是 11月14日）。"),
        ({"dates": {**BEFORE.dates, "refused": datetime.date(2026, 11, 20)}}, "记下了：11月20日商家拒绝。"),
        ({"amount": 49.0}, "改好了：付了 49 元（原来记的是 39 元）。"),
        ({"remedy": "exchange"}, "记下了：想要换货，运费由商家承担。"),
        ({"stage": "returned", "dates": {}}, "记下了：货已寄回。"),
        ({"stage": "shipped", "dates": {}}, "改好了：货在路上（原来记的是 已经签收）。"),
        ({"circumstances": {"promised_tenfold": True}, "put": ("promised_tenfold",)}, "记下了：「写了」。"),
        ({"put": ("remedy_wanted",)}, "好，先不管这个，不影响往下办。"),
        ({}, "知道了。"),
    ],
)
def test_what_was_understood_is_said_back(changed, said):
    assert noted_text(BEFORE, Advice(dataclasses.replace(BEFORE, **changed), FACTS, TODAY)) == said


def test_events_are_said_back_as_the_last_days_tell_them():
    days = {"return_received": datetime.date(2026, 11, 20), "accepted_12315": datetime.date(2026, 11, 23)}
    said = noted_text(BEFORE, Advice(dataclasses.replace(BEFORE, dates=days), FACTS, TODAY))
    assert said == "记下了：11月20日商家收到退货 · 11月23日 12315 受理。"


def test_a_changed_yes_is_said_back_in_the_words_of_its_button():
    promised = dataclasses.replace(BEFORE, circumstances={"promised_tenfold": True})
    denied = dataclasses.replace(BEFORE, circumstances={"promised_tenfold": False})
    assert noted_text(promised, Advice(denied, FACTS, TODAY)) == "改好了：没写（原来记的是 写了）。"


def test_a_correction_tells_the_new_last_day():
    case = dataclasses.replace(BEFORE, situation="seven_day_return_refused", put=("received_on",))
    after = dataclasses.replace(case, dates={"received": datetime.date(2026, 11, 20)})
    answer, _ = interview_reply(case, Advice(after, FACTS, TODAY))
    assert answer[0].text.startswith("改好了：11月20日签收（原来记的是 11月14日）。")
    assert "11月27日" in answer[0].text


def test_why_is_answered_with_the_question_put_again():
    for question in (
        find_question(name, FACTS) for name in (*(q.id for q in interview().questions), *FACTS.circumstances)
    ):
        (bubble,), case = why_reply(question, Advice(BEFORE, FACTS, TODAY))
        assert question.why in bubble.text
        assert question.text in bubble.text
        assert bubble.buttons[-1].title == "跳过"
        assert case == BEFORE
        check_bubble(bubble)
        check_bubble(question_bubble(question, Advice(BEFORE, FACTS, TODAY), resumed=True))
    (bubble,), case = why_reply(None, Advice(BEFORE, FACTS, TODAY))
    assert bubble.buttons
    assert case.asked == "after_sales"
    (bubble,), case = why_reply(None, Advice(Case(), FACTS, TODAY))
    assert bubble.buttons[0].payload.startswith("/report_")


def test_what_was_told_is_listed_to_be_checked():
    case = dataclasses.replace(BEFORE, goods="手机", remedy="refund", order_number="241110-123456789012345")
    assert known_lines(case, TODAY) == [
        ("商品", "手机"),
        ("签收", "11月14日"),
        ("付款", "39 元"),
        ("想要", "退款"),
        ("订单号", "241110-123456789012345"),
    ]
    assert known_lines(Case(), TODAY) == []
    assert ("下单", day_in_words(datetime.date(2025, 12, 30), TODAY)) == ("下单", "2025年12月30日")


def test_cases_put_away_are_offered_and_unknown_ones_pass_unseen():
    past = [PastCase(1, Case("not_shipped")), PastCase(2, Case("gone_from_the_facts"))]
    for answer in (
        new_case_reply(past, Advice(Case(), FACTS, TODAY))[0],
        new_case_reply(past[:1], Advice(Case(), FACTS, TODAY))[0],
        overview_reply(Advice(BEFORE, FACTS, TODAY), past)[0],
        overview_reply(Advice(Case(), FACTS, TODAY), past)[0],
    ):
        payloads = [button.payload for button in answer[0].buttons]
        assert '/resume_case{"case": "1"}' in payloads
        assert '/resume_case{"case": "2"}' not in payloads
        check_bubble(answer[0])


def test_two_cases_of_one_name_are_told_apart():
    past = [PastCase(1, Case("not_shipped")), PastCase(3, Case("not_shipped"))]
    titles = [button.title for button in new_case_reply(past, Advice(Case(), FACTS, TODAY))[0][0].buttons[-2:]]
    assert titles == ["回到：不发货、砍单，第 3 件", "回到：不发货、砍单，第 1 件"]
    past[0] = PastCase(1, Case("not_shipped", goods="手机"))
    assert new_case_reply(past, Advice(Case(), FACTS, TODAY))[0][0].buttons[-1].title == "回到：不发货、砍单（手机）"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("回到上一件", True),
        ("之前那单怎么样了", True),
        ("另一件事呢", True),
        ("我的进度", False),
        ("上一步是什么", False),
    ],
)
def test_another_case_is_meant(text, expected):
    assert is_about_another_case(text) is expected


def test_contacts_of_cards_can_be_called_or_opened():
    parts = [part for case in PLACES for part in first_reply(Advice(case, FACTS, TODAY))[0][0].card["contacts"]]
    assert parts
    for part in parts:
        assert re.fullmatch(r"\+?\d{3,15}", part.get("tel", "12315"))
        assert part.get("url", "https://").startswith("https://") or part["url"].startswith("http://")
