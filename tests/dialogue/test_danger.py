"""Danger: met first whatever is said and whatever is open, with a case beside, until it is known to be over."""

from __future__ import annotations

import dataclasses
import datetime
import json

import pytest

from components.nlu.shopper_entities import ShopperEntityExtractor
from weiquan.case.case import Case
from weiquan.facts.dangers import with_numbers
from weiquan.handlers.context import State
from weiquan.language.masking import KINDS
from weiquan.reading.details import read_entity
from weiquan.reading.feelings import DESPAIR
from weiquan.reading.message import Message
from weiquan.reading.situations import Found
from weiquan.replies.urgent import MOST_DANGERS
from weiquan.turn import TurnResult, take_turn

TODAY = datetime.date(2026, 11, 24)
NOW = datetime.datetime(2026, 11, 24, 12)
OPEN = Case("quality_problem", asked="negotiate", amount=88.0, put=("amount_paid",))
ANY_INTENT = (
    "report_fraud",
    "ask_phone",
    "thank",
    "affirm",
    "deny",
    "inform",
    "out_of_scope",
    "greet",
    "request_human",
)


def say(facts, intent: str, case: Case | None = None, text: str = "出事了", **found) -> TurnResult:
    """The turn that answers `text`, read as `intent`, in `case`."""
    return take_turn(Message(text, facts, TODAY, intent, 0.9, **found), State(case=case or Case()))


def words(result: TurnResult) -> str:
    return "\n".join(bubble.text for bubble in result.bubbles)


def meets(result: TurnResult, danger, facts) -> bool:
    """Tell whether the answer begins with what to do in `danger` and ends with what is asked of it."""
    first, last = result.bubbles[0], result.bubbles[-1]
    titles = [button.title for button in last.buttons]
    return (
        first.text.startswith(danger.now.split("{")[0])
        and all(facts.contacts[contact].value in first.text for contact in danger.contacts if contact in danger.now)
        and last.text == danger.ask
        and titles == [danger.yes_title, danger.no_title]
    )


def test_every_danger_is_met_in_a_message_of_any_intent_and_whatever_question_is_open(facts):
    for danger in facts.dangers.values():
        for intent in ANY_INTENT:
            for case in (Case(), OPEN, dataclasses.replace(OPEN, question="received_on")):
                result = say(facts, intent, case, dangers=(danger.id,))
                assert meets(result, danger, facts), (danger.id, intent, case)
                assert (result.case.danger, result.case.question) == (danger.id, None)
                assert result.shown


def test_a_danger_comes_before_what_else_the_words_ask_for(facts):
    for text in ("400-888-8888 是真的吗", "帮我写12315投诉", "照片拍了，聊天记录也有", "不对，我说错了", "证据清单"):
        for intent in ("verify_contact", "request_document", "tick_evidence", "correct_information", "start_new_case"):
            result = say(facts, intent, OPEN, text, dangers=("fire",))
            assert meets(result, facts.dangers["fire"], facts) or text == "证据清单", (text, intent)
            assert result.past == ()


@pytest.mark.parametrize("text", ["他让我念验证码，我念了", "卖家让我先撤销退款再给我打钱，已经转了"])
def test_what_to_do_in_danger_comes_before_a_warning_and_its_question_stays(facts, text):
    """Whoever is in danger may well have sent a number that nobody should send."""
    for hidden in (frozenset(), frozenset(KINDS[:1])):
        result = say(facts, "report_fraud", text=text, hidden=hidden, dangers=("code_given",))
        assert result.bubbles[0].text.startswith(facts.dangers["code_given"].now.split("{")[0])
        assert [button.title for button in result.bubbles[-1].buttons] == [
            facts.dangers["code_given"].yes_title,
            facts.dangers["code_given"].no_title,
        ]


def test_a_number_that_nobody_should_send_hides_no_possible_danger(facts):
    result = say(facts, "thank", text="验证码给他了", hidden=frozenset(KINDS[:1]), possible_dangers=("code_given",))
    assert if_so(facts.dangers["code_given"], facts) in words(result)


def test_without_a_danger_none_is_met_and_one_unknown_is_none(facts):
    for dangers in ((), ("boredom",)):
        result = say(facts, "thank", OPEN, dangers=dangers)
        assert result.case.danger is None
        assert result == say(facts, "thank", OPEN)


def test_the_usual_case_of_a_danger_is_opened_and_what_was_told_of_the_order_stays(facts):
    for danger in facts.dangers.values():
        result = say(facts, "thank", OPEN, dangers=(danger.id,))
        if danger.cases:
            first = danger.cases[0]
            assert (result.case.situation, result.case.variant) == (first.situation, first.variant), danger.id
            assert "quality_problem" in result.case.others
        else:
            assert dataclasses.replace(result.case, danger=None) == dataclasses.replace(OPEN, asked=None)
        assert result.case.amount == 88.0


def test_a_bare_amount_is_no_danger_whatever_it_sounds_like(facts):
    for text in ("3000", "三百多"):
        for danger in facts.dangers:
            result = say(facts, "inform", OPEN, text, dangers=(danger,))
            assert result == say(facts, "inform", OPEN, text)
            assert result.case.danger is None
    assert say(facts, "inform", OPEN, "转了3000", dangers=("money_gone",)).case.danger == "money_gone"


def test_an_urgent_case_at_hand_is_kept_but_for_a_danger_that_has_its_own(facts):
    injured = Case("injury", asked="negotiate").with_rungs(climbed={"negotiate"})
    for danger in facts.dangers.values():
        case = say(facts, "thank", injured, dangers=(danger.id,)).case
        if danger.own_case:
            assert (case.situation, case.variant) == (danger.cases[0].situation, danger.cases[0].variant)
            assert "injury" in case.others
        else:
            assert case == dataclasses.replace(injured, danger=danger.id, asked=None)


@pytest.mark.parametrize("at_hand", [Case(), OPEN, Case("injury")])
@pytest.mark.parametrize("told", ["counterfeit", "refund_refused", "impersonation_fraud"])
def test_a_threat_opens_its_own_case_whatever_is_told(facts, told, at_hand):
    found = Found(0.9, ((told, 0.9),))
    result = say(facts, facts.situations[told].intent, at_hand, found=found, dangers=("threat",))
    assert (result.case.situation, result.case.variant) == ("bad_service", "threat")
    assert at_hand.situation in {None, *result.case.others}
    other = say(facts, facts.situations[told].intent, Case(), found=found, dangers=("fire",))
    assert other.case.situation == told, "a danger without a case of its own is beside the trouble told"


@pytest.mark.parametrize("at_hand", [Case(), OPEN, Case("food_safety", "illness")])
def test_the_trouble_told_with_a_danger_is_the_case(facts, at_hand):
    found = Found(0.9, (("injury", 0.9),))
    assert say(facts, "report_injury", at_hand, found=found, dangers=("poisoning",)).case.situation == "injury"


def test_a_trouble_that_is_hardly_told_is_not(facts):
    found = Found(0.3, (("counterfeit", 0.3),))
    assert say(facts, "report_counterfeit", found=found, dangers=("fire",)).case.situation == "injury"


def test_the_trouble_told_has_the_special_case_told_else_that_of_the_danger(facts):
    found = Found(0.9, (("impersonation_fraud", 0.9),))
    gone = say(facts, "report_fraud", found=found, dangers=("money_gone",)).case
    assert gone.variant == "already_paid"
    told = dataclasses.replace(found, special_cases={"shop_vanished": 0.9})
    assert say(facts, "report_fraud", found=told, dangers=("money_gone",)).case.variant == "shop_vanished"


@pytest.mark.parametrize("share", [0.9, 0.4])
@pytest.mark.parametrize("told", ["bad_service", "logistics_problem", "refund_after_return"])
def test_no_case_has_a_special_case_of_another(facts, told, share):
    special = {variant.id: 0.9 for variant in facts.situations[told].variants}
    found = Found(share, ((told, share),), special)
    case = say(facts, facts.situations[told].intent, found=found, dangers=("fire",)).case
    assert case.variant in {None, *(variant.id for variant in facts.situations[case.situation].variants)}


def test_details_told_with_a_danger_are_kept(facts):
    text = "付了3000元才发现是骗子"
    entities = [entity for found in ShopperEntityExtractor().extract(text, NOW) if (entity := read_entity(found))]
    result = say(facts, "report_fraud", text=text, entities=tuple(entities), dangers=("money_gone",))
    assert result.case.amount == 3000


def test_of_two_dangers_the_more_urgent_is_spoken_of_first_and_asked_about(facts):
    for told in (("threat", "suicide"), ("suicide", "threat")):
        result = say(facts, "thank", dangers=told)
        assert result.case.danger == "suicide"
        assert words(result).index(facts.dangers["suicide"].now[:8]) < words(result).index(
            facts.dangers["threat"].now[:8]
        )
        assert result.bubbles[-1].text == facts.dangers["suicide"].ask


def test_of_many_dangers_no_more_are_spoken_of_than_are_read(facts):
    text = words(say(facts, "thank", dangers=tuple(facts.dangers)))
    spoken = [danger.id for danger in facts.dangers.values() if danger.now[:8] in text]
    assert spoken == list(facts.dangers)[:MOST_DANGERS]


def test_words_of_dying_open_no_case_and_name_the_line_that_listens(facts):
    result = say(facts, "report_fraud", text="我不想活了", dangers=("suicide",))
    assert result.case == Case(danger="suicide")
    text = result.bubbles[0].text
    for contact in ("line_12356", "line_120", "line_110"):
        assert facts.contacts[contact].value in text


def test_words_of_dying_are_spoken_to_before_the_money_that_was_lost(facts):
    found = Found(0.9, (("impersonation_fraud", 0.9),), {"already_paid": 0.9})
    result = say(facts, "report_fraud", found=found, dangers=("money_gone", "suicide"))
    assert result.bubbles[0].text.startswith(facts.dangers["suicide"].now[:8])


def test_a_danger_is_no_matter_for_one_sentence_of_sympathy(facts):
    message = Message("我绝望了，不想活了", facts, TODAY)
    assert message.feeling == DESPAIR
    assert dataclasses.replace(message, dangers=("suicide",)).feeling is None


# --- a danger that is possible ---


def if_so(danger, facts) -> str:
    """The line for somebody who may be in `danger`."""
    return with_numbers(danger.if_so, lambda contact: facts.contacts[contact].value)


@pytest.mark.parametrize("intent", ["ask_phone", "thank", "out_of_scope", "nlu_fallback", "inform"])
def test_above_another_answer_somebody_who_may_be_in_danger_is_told_what_to_do(facts, intent):
    for danger in facts.dangers.values():
        for case in (Case(), OPEN, Case("injury"), Case("impersonation_fraud", "already_paid")):
            answer, plain = (say(facts, intent, case, possible_dangers=dangers) for dangers in ((danger.id,), ()))
            assert answer.bubbles[0].text.split("\n")[0] == if_so(danger, facts), (danger.id, intent)
            assert answer.bubbles[0].text.count(if_so(danger, facts)) == 1
            assert answer.case == plain.case
            assert answer.case.danger is None
            assert len(answer.bubbles) == len(plain.bubbles)


def test_who_is_in_danger_hears_no_doubt(facts):
    told = say(facts, "thank", dangers=("fire",), possible_dangers=("suicide",))
    assert if_so(facts.dangers["suicide"], facts) not in words(told)
    for danger in facts.dangers.values():
        still = say(facts, "ask_phone", told.case, possible_dangers=(danger.id,))
        assert if_so(danger, facts) not in words(still)
        over = say(facts, "ask_phone", dataclasses.replace(told.case, danger=None), possible_dangers=(danger.id,))
        assert if_so(danger, facts) in words(over), "once it is over there may be another"


def test_a_possible_danger_that_is_not_known_is_none(facts):
    assert say(facts, "thank", possible_dangers=("boredom",)) == say(facts, "thank")


# --- the answer to what a danger asked ---


def pressed(facts, result: TurnResult, title: str) -> TurnResult:
    """The turn after the button of that title was pressed."""
    (button,) = [button for bubble in result.bubbles for button in bubble.buttons if button.title == title]
    return say(facts, button.payload.lstrip("/").partition("{")[0], result.case, "")


def test_what_is_done_ends_the_danger_settles_its_steps_and_goes_on_with_the_case(facts):
    for danger in facts.dangers.values():
        after = pressed(facts, say(facts, "thank", dangers=(danger.id,)), danger.yes_title)
        assert after.bubbles[0].text.startswith(danger.met.split("{")[0]), danger.id
        assert after.case.danger is None
        assert set(danger.settles) <= after.case.climbed
        assert len(after.bubbles) == (2 if danger.cases else 1)
        assert after.case.asked not in danger.settles


@pytest.mark.parametrize(
    ("danger", "told", "settled"),
    [
        ("money_gone", "impersonation_fraud", {"stop_loss", "police"}),
        ("money_gone", "account_theft", {"stop_loss"}),
        ("money_gone", "counterfeit", set()),
        ("poisoning", "injury", {"medical_care"}),
        ("poisoning", "counterfeit", set()),
        ("code_given", "refund_refused", set()),
    ],
)
def test_what_is_done_settles_only_the_steps_at_the_foot_of_the_ladder(facts, danger, told, settled):
    met = say(facts, facts.situations[told].intent, found=Found(0.9, ((told, 0.9),)), dangers=(danger,))
    assert met.case.situation == told
    after = pressed(facts, met, facts.dangers[danger].yes_title)
    assert after.case.climbed - met.case.climbed == settled
    assert settled <= set(facts.dangers[danger].settles)


def test_what_is_not_done_is_told_once_more_and_the_danger_stays_open(facts):
    for danger in facts.dangers.values():
        met = say(facts, "thank", dangers=(danger.id,))
        after = pressed(facts, met, danger.no_title)
        assert words(after) == words(met), danger.id
        assert after.case == met.case


@pytest.mark.parametrize("intent", ["nlu_fallback", "out_of_scope", "dont_know", "skip"])
def test_an_unclear_answer_to_a_danger_counts_as_not_done(facts, intent):
    met = say(facts, "thank", dangers=("threat",))
    after = say(facts, intent, met.case, "呃这个")
    assert meets(after, facts.dangers["threat"], facts)
    assert after.case.danger == "threat"


def test_a_question_or_a_trouble_is_no_answer_to_a_danger(facts):
    met = say(facts, "thank", dangers=("threat",))
    phone = say(facts, "ask_phone", met.case, "投诉电话多少")
    assert facts.contacts["pdd_hotline"].value in words(phone)
    other = say(facts, "report_counterfeit", met.case, "还买到假货", found=Found(0.9, (("counterfeit", 0.9),)))
    assert other.case.situation == "counterfeit"


@pytest.mark.parametrize("intent", ["step_done", "deny"])
def test_the_answer_to_a_later_question_is_no_answer_to_the_danger(facts, intent):
    met = say(facts, "thank", dangers=("threat",))
    later = say(facts, "report_counterfeit", met.case, "还买到假货", found=Found(0.9, (("counterfeit", 0.9),)))
    asked = later.case.asked
    assert asked in facts.rungs
    assert later.bubbles[-1].buttons
    after = say(facts, intent, later.case, "")
    assert "police" not in after.case.climbed
    assert not meets(after, facts.dangers["threat"], facts)
    assert (asked in after.case.climbed) == (intent == "step_done")


def test_another_danger_in_the_answer_is_met_in_its_turn(facts):
    met = say(facts, "thank", dangers=("money_going",))
    after = say(facts, "affirm", met.case, "停了，可是我不想活了", dangers=("suicide",))
    assert meets(after, facts.dangers["suicide"], facts)
    assert after.case.danger == "suicide"
    assert after.case.situation == "impersonation_fraud"


def test_a_danger_open_outlives_the_process_and_one_unknown_is_forgotten(facts):
    case = say(facts, "thank", dangers=("fire",)).case
    assert Case.from_slots(json.loads(json.dumps(case.to_slots()))) == case
    abolished = say(facts, "affirm", dataclasses.replace(OPEN, danger="boredom"), "是的")
    assert words(abolished) == words(say(facts, "affirm", OPEN, "是的"))


def test_what_was_called_for_may_be_told_in_any_words_and_is_not_asked_again(facts):
    open_danger = Case("food_safety", "illness", danger="poisoning")
    told = say(facts, "inform", open_danger, "我爸已经送医院了，在输液", dangers=("poisoning",))
    assert told.case.danger is None
    assert facts.dangers["poisoning"].ask not in words(told)


def test_a_question_is_no_answer_to_what_a_danger_asks(facts):
    asked = say(facts, "out_of_scope", Case(danger="fire"), "那我要不要删啊？")
    assert facts.dangers["fire"].now.split("{")[0] not in words(asked)


def test_who_may_hurt_himself_is_told_of_help_until_it_is_over(facts):
    for intent, text in (("inform", "店家跑路了"), ("ask_phone", "电话多少"), ("report_not_shipped", "一直没发货")):
        for danger in facts.dangers.values():
            result = say(facts, intent, Case("not_shipped", danger=danger.id), text)
            assert (danger.if_so.split("{")[0] in words(result)) == danger.lasting, (danger.id, intent)
