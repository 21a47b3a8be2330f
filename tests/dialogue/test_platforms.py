"""A purchase on another platform: what is the same everywhere, and none of the own one's menus, numbers and limits."""

from __future__ import annotations

import datetime
import itertools
import json

import pytest

from weiquan.advice.advice import Advice
from weiquan.case.case import Case
from weiquan.handlers.context import State
from weiquan.papers.paper import as_text
from weiquan.papers.writing import write_paper
from weiquan.places import DATA
from weiquan.reading.details import Entity
from weiquan.reading.message import Message
from weiquan.reading.platforms import BUTTON
from weiquan.reading.situations import Found
from weiquan.replies.plan import case_reply
from weiquan.replies.topics import answer_words
from weiquan.turn import TurnResult, take_turn

TODAY = datetime.date(2026, 11, 24)
BROKEN = Found(trouble=0.95, situations=(("quality_problem", 0.95),))
BROKEN_CASE = Case("quality_problem", asked="negotiate")


def say(facts, text: str, case: Case | None = None, intent: str = "report_quality_problem", **more) -> TurnResult:
    """The turn that answers `text`, in which the names of platforms are entities."""
    small = text.lower()
    names = sorted(facts.platform_names, key=len, reverse=True)
    found = next((name for name in names if name in small), None)
    entities = [Entity("platform", found, small.index(found), small.index(found) + len(found))] if found else []
    more = {"found": BROKEN, "entities": tuple(entities), **more}
    return take_turn(Message(text, facts, TODAY, intent, 0.9, **more), State(case=case or Case()))


def everything(result) -> str:
    cards = [json.dumps(bubble.card, ensure_ascii=False, default=str) for bubble in result.bubbles if bubble.card]
    return "\n".join([*(bubble.text for bubble in result.bubbles), *cards])


def test_the_names_of_platforms_are_those_that_are_found_in_messages(facts):
    lines = (DATA / "entities" / "platforms.txt").read_text(encoding="utf-8").splitlines()
    assert {line.lower() for line in lines if line and not line.startswith("#")} == set(facts.platform_names)


@pytest.mark.parametrize("text", ["京东上买的锅坏了", "在某东买的锅坏了", "锅坏了，京东买的"])
def test_a_purchase_elsewhere_is_told_so_and_helped(facts, text):
    result = say(facts, text)
    assert result.case.platform == "jd"
    assert result.case.situation == "quality_problem"
    assert "只熟拼多多" in result.bubbles[0].text
    assert any(BUTTON in button.payload for button in result.bubbles[-1].buttons)


@pytest.mark.parametrize("text", ["锅坏了", "拼多多买的锅坏了，比京东贵", "买的锅坏了，比京东还贵", "不是京东，锅坏了"])
def test_a_platform_that_is_only_compared_with_or_denied_is_not_where_it_was_bought(facts, text):
    assert say(facts, text).case.platform in {None, "pinduoduo"}


def test_no_menu_number_or_limit_of_the_own_platform_is_told_elsewhere(facts):
    own = [fact for kind in ("contacts", "channels", "deadlines") for fact in getattr(facts, kind).values()]
    forbidden = [fact.value for fact in own if fact.own_platform and hasattr(fact, "value")]
    forbidden += [
        step for fact in own if fact.own_platform for step in getattr(fact, "path", ())[:1] if step == "个人中心"
    ]
    forbidden += [fact.text for fact in own if fact.own_platform and hasattr(fact, "binds")]
    assert len(forbidden) > 10
    dates = {event: TODAY - datetime.timedelta(days=3) for event in ("ordered", "received", "applied", "refused")}
    for situation in facts.situations.values():
        ladder = Advice(Case(situation.id), facts, TODAY).ladder
        for taken in range(len(ladder)):
            climbed = frozenset(ladder[:taken])
            case = Case(situation.id, platform="jd", climbed=climbed, failed=climbed, dates=dates)
            advice = Advice(case, facts, TODAY)
            said = everything(case_reply(Case(), advice)) + json.dumps([due.deadline.text for due in advice.due_dates])
            assert not [word for word in forbidden if word in said], (situation.id, taken)
            assert "拼多多" not in said, (situation.id, taken)


def test_every_step_of_the_own_platform_is_told_for_it(facts):
    at_home = Advice(Case("quality_problem", climbed=frozenset({"negotiate"})), facts, TODAY)
    elsewhere = Advice(Case("quality_problem", climbed=frozenset({"negotiate"}), platform="jd"), facts, TODAY)
    assert at_home.step.rung.id == elsewhere.step.rung.id == "after_sales"
    assert "京东" in elsewhere.move
    assert "京东" not in at_home.move
    assert elsewhere.of(at_home.case).move == at_home.move


def test_one_tap_puts_a_misread_platform_right(facts):
    case = Case("quality_problem", asked="negotiate", platform="jd")
    pressed = Message("", facts, TODAY, "inform", 1.0, entities=(Entity(BUTTON, "pinduoduo", 0, 0),))
    after = take_turn(pressed, State(case=case)).case
    assert after.platform == "pinduoduo"
    assert Advice(after, facts, TODAY).elsewhere is None


def test_within_a_case_a_platform_told_by_itself_counts_and_one_with_a_price_does_not(facts):
    assert say(facts, "我是在京东买的", BROKEN_CASE, "inform", found=Found()).case.platform == "jd"
    price = (Entity("platform", "京东", 0, 2), Entity("amount", 30.0, 3, 5))
    assert say(facts, "京东卖30", BROKEN_CASE, "inform", found=Found(), entities=price).case.platform is None


def test_a_question_within_such_a_case_says_whose_menus_it_names(facts):
    case = Case("quality_problem", platform="jd")
    for intent in ("ask_phone", "ask_platform_intervention"):
        assert "京东的看它自己的页面" in everything(say(facts, "电话多少", case, intent, found=Found()))
        assert "看它自己的页面" not in everything(say(facts, "电话多少", BROKEN_CASE, intent, found=Found()))


def test_where_people_sell_to_people_the_rules_for_shops_are_not_promised(facts):
    assert "个人" in say(facts, "闲鱼上买的锅坏了").bubbles[0].text


def test_danger_is_spoken_of_alone(facts):
    danger = next(iter(facts.dangers))
    result = say(facts, "京东客服让我转账", dangers=(danger,), intent="report_fraud")
    assert "只熟拼多多" not in everything(result)


def test_cases_keep_their_platform(facts):
    for platform, situation in itertools.product(("jd", None), ("quality_problem", None)):
        case = Case(situation, platform=platform)
        assert Case.from_slots(case.to_slots()) == case


def test_papers_name_the_platform_of_the_case_and_not_the_company_of_the_own_one(facts):
    for situation in facts.situations:
        for paper in facts.papers:
            there = write_paper(paper, Advice(Case(situation, platform="jd"), facts, TODAY))
            assert "拼多多" not in as_text(there), (situation, paper)
            assert not [company for company in facts.companies.values() if company.name in as_text(there)]
    here = as_text(write_paper("report_12315", Advice(Case("quality_problem"), facts, TODAY)))
    assert "在拼多多平台经营" in here


def test_a_question_for_the_own_platforms_menus_is_answered_in_general_elsewhere(facts):
    general = next(answer for answer in facts.answers.values() if answer.elsewhere)
    own = next(answer for answer in facts.answers.values() if "pdd_hotline" in answer.facts)
    case = Case("quality_problem", platform="jd")
    hotline = facts.contacts["pdd_hotline"].value
    for more in ({}, {"answers": ((own.id, 0.9),), "asks_fine_question": 0.9}):
        for intent in ("ask_phone", "ask_human_agent", "ask_platform_intervention"):
            said = everything(say(facts, "电话多少", case, intent, found=Found(), **more))
            assert answer_words(general, facts) in said
            assert hotline not in said
    assert hotline in everything(say(facts, "电话多少", BROKEN_CASE, "ask_phone", found=Found()))


def test_where_it_was_bought_may_be_told_by_itself_whatever_it_is_taken_for(facts):
    for intent in ("correct_information", "inform", "nlu_fallback", "ask_logistics"):
        assert say(facts, "是某宝", BROKEN_CASE, intent, found=Found()).case.platform == "taobao"
