"""Every custom action through `run`, with a tracker as Rasa sends it."""

from __future__ import annotations

import datetime
import importlib
import inspect
import pkgutil
import re
from typing import Any

import pytest
import yaml
from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

import actions
from actions.conversation import unclear_in_a_row
from actions.forget_me import ActionForgetMe
from actions.turns import (
    ActionAdvanceCase,
    ActionAnswerQuestion,
    ActionAnswerSituation,
    ActionClarifyRequest,
    ActionComfortShopper,
    ActionContinueCase,
    ActionDeclineRequest,
    ActionMeetDanger,
    ActionShowCase,
    ActionStartNewCase,
    ActionVerifyContact,
    TurnAction,
)
from tests.conftest import ROOT
from weiquan.case.archive import read_past
from weiquan.case.case import Case
from weiquan.rendering.fitting import MAX_BUBBLE

OPEN = Case("quality_problem", asked="negotiate")


def tracker(
    text: str,
    intent: str,
    case: Case | None = None,
    ranking: list[tuple[str, float]] | None = None,
    entities: list[dict[str, Any]] | None = None,
    events: list[dict[str, Any]] | None = None,
    **found: Any,
) -> Tracker:
    """Return a tracker whose latest message is `text` with `intent`, and with what else was `found` in it."""
    message = {
        "text": text,
        "intent": {"name": intent, "confidence": 0.9},
        "intent_ranking": [{"name": name, "confidence": value} for name, value in ranking or [(intent, 0.9)]],
        "entities": entities or [],
        **found,
    }
    slots = (case or Case()).to_slots()
    return Tracker("somebody", slots, message, events or [], False, None, {}, "action_listen")


def told(*situations: str, **special_cases: float) -> dict[str, Any]:
    """What the reader of complaints leaves on a message that tells `situations`, likeliest first."""
    return {
        "tells_trouble": 0.95,
        "situation_ranking": [{"name": name, "confidence": 0.9} for name in situations],
        "special_cases": [{"name": name, "confidence": share} for name, share in special_cases.items()],
    }


def asking(topic: str) -> dict[str, Any]:
    """What it leaves on a message that asks about `topic` besides."""
    return {"topics": [{"name": topic, "confidence": 0.9}]}


def happened(*news: str) -> dict[str, Any]:
    """What it leaves on a message that tells `news`."""
    return {"news": [{"name": name, "confidence": 0.9} for name in news]}


def in_danger(*dangers: str) -> dict[str, Any]:
    """What it leaves on a message that tells `dangers`."""
    return {"dangers": [{"name": name, "confidence": 0.9} for name in dangers]}


def run(action: Action, before: Tracker) -> tuple[str, list[str], dict[str, Any]]:
    """Return (text, button titles, slots after it) of the action's answer."""
    dispatcher = CollectingDispatcher()
    events = action.run(dispatcher, before, {})
    text = "\n".join(str(message.get("text")) for message in dispatcher.messages)
    titles = [button["title"] for message in dispatcher.messages for button in message.get("buttons") or []]
    kept = {event["name"]: event["value"] for event in events if event["event"] == "slot"}
    return text, titles, {**before.current_slot_values(), **kept}


def test_every_action_of_the_domain_has_a_class_and_every_class_is_in_the_domain():
    domain = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))
    written = set()
    for module in pkgutil.iter_modules(actions.__path__):
        found = importlib.import_module(f"actions.{module.name}")
        for _, member in inspect.getmembers(found, inspect.isclass):
            if (
                issubclass(member, Action)
                and member not in {Action, TurnAction}
                and member.__module__ == found.__name__
            ):
                written.add(member().name())
    assert written == set(domain["actions"])


def test_a_trouble_is_answered_with_a_step_and_kept():
    text, titles, slots = run(
        ActionAnswerSituation(), tracker("水壶漏水，插上就跳闸", "report_quality_problem", **told("quality_problem"))
    )
    assert "现在这样做" in text
    assert "还没说" in titles
    assert slots["situation"] == "quality_problem"
    assert slots["asked_rung"] == "negotiate"


def test_a_question_in_a_trouble_is_answered_first():
    before = tracker(
        "面包吃出虫子，能赔多少", "report_food_safety", **told("food_safety"), **asking("ask_compensation")
    )
    text, _, slots = run(ActionAnswerSituation(), before)
    assert slots["situation"] == "food_safety"
    assert text.index("倍") < text.index("现在这样做")


def test_in_danger_the_step_comes_before_the_question():
    found = {**told("impersonation_fraud"), **asking("ask_compensation")}
    text, _, slots = run(ActionAnswerSituation(), tracker("有人冒充客服骗我，能赔多少", "report_fraud", **found))
    assert slots["situation"] == "impersonation_fraud"
    assert text.index("不转账") < text.index("110")
    assert "倍" not in text


@pytest.mark.parametrize("intent", ["report_fraud", "ask_phone", "thank", "nlu_fallback", "affirm", "greet"])
@pytest.mark.parametrize("case", [Case(), OPEN])
def test_a_danger_is_met_whatever_else_the_message_is(facts, intent, case):
    before = tracker("他叫我转账到安全账户", intent, case, **in_danger("money_going"))
    text, titles, slots = run(ActionMeetDanger(), before)
    danger = facts.dangers["money_going"]
    assert text.startswith(danger.now[:10])
    assert text.endswith(danger.ask)
    assert titles == [danger.yes_title, danger.no_title]
    assert (slots["situation"], slots["danger_open"]) == ("impersonation_fraud", "money_going")


@pytest.mark.parametrize("situation", ["fake_shipping", "minor_purchase"])
def test_a_button_chooses_the_situation(facts, situation):
    intent = facts.situations[situation].intent
    before = tracker(f"/{intent}", intent, entities=[{"entity": "situation", "value": situation}])
    _, _, slots = run(ActionAnswerSituation(), before)
    assert slots["situation"] == situation


def test_a_button_with_an_unknown_situation_falls_back_to_the_intent():
    before = tracker("/report_injury", "report_injury", entities=[{"entity": "situation", "value": "nonsense"}])
    assert run(ActionAnswerSituation(), before)[2]["situation"] == "injury"


def test_a_damaged_situation_slot_counts_as_no_case():
    text, _, _ = run(ActionContinueCase(), tracker("嗯", "inform", Case("no_such_situation")))
    assert "出了什么事" in text


@pytest.mark.parametrize("intent", ["affirm", "step_done", "seller_refused", "no_reply_yet", "platform_refused"])
def test_news_leads_to_the_next_rung(intent):
    text, _, slots = run(ActionAdvanceCase(), tracker("是", intent, OPEN))
    assert text.startswith("记下了")
    assert slots["rungs_climbed"]


@pytest.mark.parametrize("intent", ["deny", "dont_know", "skip"])
def test_not_yet_leads_to_how_to_do_it_with_words_to_send(facts, intent):
    text, titles, slots = run(ActionAdvanceCase(), tracker("还没", intent, OPEN))
    assert facts.situations["quality_problem"].words in text
    assert "还没说" not in titles
    assert slots["rungs_climbed"] == []


@pytest.mark.parametrize(("intent", "who"), [("seller_agreed", "商家同意了"), ("platform_agreed", "平台同意了")])
def test_an_agreement_is_made_to_hold(intent, who):
    text, _, _ = run(ActionAdvanceCase(), tracker("同意了", intent, OPEN))
    assert who in text
    assert "撤销" in text


def test_news_without_a_case_asks_what_happened():
    text, titles, _ = run(ActionAdvanceCase(), tracker("是的", "affirm"))
    assert "出了什么事" in text
    assert titles


def test_news_without_a_case_may_tell_the_trouble_itself():
    _, _, slots = run(
        ActionAdvanceCase(), tracker("商家不同意，面包里有虫子他也不认", "seller_refused", **told("food_safety"))
    )
    assert slots["situation"] == "food_safety"


def test_facts_told_in_passing_move_the_case():
    _, _, slots = run(ActionContinueCase(), tracker("我已经申请了售后", "inform", OPEN, **happened("applied")))
    assert "after_sales" in slots["rungs_climbed"]


def test_a_question_leaves_the_case_alone():
    text, titles, slots = run(ActionAnswerQuestion(), tracker("投诉电话多少", "ask_phone", OPEN))
    assert "021-53395288（8:00–21:30）" in text
    assert text.index("021-53395288") < text.index("400-8822-528")
    assert slots["situation"] == "quality_problem"
    assert "回到：质量问题" in titles


def test_a_question_that_tells_a_trouble_gets_its_step_too():
    before = tracker("质量问题退货运费谁出", "ask_return_freight", **told("quality_problem"))
    text, _, slots = run(ActionAnswerQuestion(), before)
    assert slots["situation"] == "quality_problem"
    assert text.index("运费") < text.index("现在这样做")


@pytest.mark.parametrize("topic", ["ask_phone", "ask_email", "ask_12315", "ask_merchant_hotline", "request_human"])
def test_every_question_gets_an_answer(topic):
    text, _, _ = run(ActionAnswerQuestion(), tracker("请问", topic))
    assert len(text) > 20


def test_a_wrong_number_is_called_wrong():
    text, _, _ = run(ActionVerifyContact(), tracker("400-688-8888 是拼多多客服吗", "verify_contact"))
    assert "不在官方名单上" in text


def test_where_the_case_stands():
    text, _, _ = run(ActionShowCase(), tracker("到哪一步了", "show_case", OPEN.with_rungs(failed={"negotiate"})))
    assert "【已做】和商家协商" in text
    assert "【下一步】订单售后申请" in text


def test_anger_is_met_and_helped():
    text, _, _ = run(ActionComfortShopper(), tracker("气死我了", "express_frustration", OPEN))
    assert "生气" in text
    assert "【路径】" in text


def test_a_new_case_is_empty_and_the_former_one_kept():
    text, titles, slots = run(ActionStartNewCase(), tracker("换一件事", "start_new_case", OPEN))
    assert Case.from_slots(slots) == Case()
    assert "回到上一件" in text
    assert "回到：质量问题" in titles
    (past,) = read_past(slots["past_cases"])
    assert past.case == OPEN


def test_a_case_is_not_put_away_on_a_guess():
    before = tracker("除了第二个别的都有", "start_new_case", OPEN)
    before.latest_message["intent"]["confidence"] = 0.5
    text, titles, slots = run(ActionStartNewCase(), before)
    assert Case.from_slots(slots) == OPEN
    assert "质量问题" in text
    assert titles == ["换一件事", "接着办这件"]


def test_forgetting_is_a_wish_that_the_store_carries_out():
    assert run(ActionForgetMe(), tracker("删除我的数据", "forget_me"))[2]["forget_requested"] is True


def user(intent: str) -> dict[str, Any]:
    return {"event": "user", "parse_data": {"intent": {"name": intent}}}


def test_the_fallback_has_two_stages():
    ranking = [("nlu_fallback", 0.3), ("ask_phone", 0.2), ("report_injury", 0.1), ("inform", 0.1)]
    first = tracker("嗯哪个", "nlu_fallback", ranking=ranking, events=[user("nlu_fallback")])
    _, titles, _ = run(ActionClarifyRequest(), first)
    assert "投诉电话" in titles
    assert "都不是" in titles
    second = tracker("嗯哪个", "nlu_fallback", ranking=ranking, events=[user("nlu_fallback"), user("nlu_fallback")])
    text, titles, _ = run(ActionClarifyRequest(), second)
    assert "021-53395288" in text
    assert "都不是" not in titles


def test_a_message_in_between_starts_the_count_again():
    events = [user("nlu_fallback"), user("ask_phone"), {"event": "bot"}, user("nlu_fallback")]
    assert unclear_in_a_row(tracker("嗯", "nlu_fallback", events=events)) == 1


def test_where_the_classifier_is_unsure_the_trouble_found_still_counts():
    before = tracker("面包里有虫子", "nlu_fallback", events=[user("nlu_fallback")], **told("food_safety"))
    assert run(ActionClarifyRequest(), before)[2]["situation"] == "food_safety"


def test_english_gets_a_hint():
    before = tracker("what is this", "nlu_fallback", ranking=[], events=[user("nlu_fallback")])
    assert "in Chinese" in run(ActionClarifyRequest(), before)[0]


def test_out_of_scope_is_one_sentence_without_buttons():
    text, titles, slots = run(ActionDeclineRequest(), tracker("明天会下雨吗", "out_of_scope"))
    assert "拼多多" in text
    assert "\n" not in text
    assert not titles
    assert slots == Case().to_slots()


def test_a_doubtful_out_of_scope_gives_way_to_the_trouble_found():
    before = tracker("面包里有虫子", "out_of_scope", **told("food_safety"))
    before.latest_message["intent"]["confidence"] = 0.4
    assert run(ActionDeclineRequest(), before)[2]["situation"] == "food_safety"


def test_a_trace_of_a_trouble_is_asked_about_rather_than_turned_away(facts):
    trace = {"tells_trouble": 0.15, "situation_ranking": [{"name": "counterfeit", "confidence": 0.1}]}
    text, titles, slots = run(ActionDeclineRequest(), tracker("这表是不是不太对", "out_of_scope", **trace))
    assert "拿不准" in text
    assert titles == [facts.situations["counterfeit"].name, "都不是"]
    assert slots["situation"] is None


def test_a_swindlers_script_opens_a_case_of_fraud():
    before = tracker("有人自称客服让我共享屏幕，是真的吗", "verify_contact")
    text, titles, slots = run(ActionVerifyContact(), before)
    assert slots["situation"] == "impersonation_fraud"
    assert "110" in text
    assert "已经付了" in titles


def test_a_known_number_is_checked_whatever_was_asked():
    text, _, _ = run(ActionAnswerQuestion(), tracker("4008822528靠谱吗", "ask_prevention"))
    assert "没能核实" in text


def test_in_an_urgent_case_the_step_comes_before_the_answer():
    before = tracker("被人冒充客服骗了八千，投诉电话多少", "ask_phone", **told("impersonation_fraud"))
    text, _, _ = run(ActionAnswerQuestion(), before)
    assert text.index("不转账") < text.index("021-53395288")


def test_in_a_case_an_answer_is_never_turned_away(facts):
    fraud = Case("impersonation_fraud", asked="stop_loss")
    before = tracker("已经转了三千", "out_of_scope", fraud, **told(already_paid=0.8))
    text, _, slots = run(ActionDeclineRequest(), before)
    assert "帮不上" not in text
    assert "止付" in text
    assert "110" in text
    assert slots["situation_variant"] == "already_paid"
    text, titles, _ = run(ActionDeclineRequest(), tracker("今天天气咋样", "out_of_scope", OPEN))
    assert "接着办「质量问题」" in text
    assert "还没说" in titles


@pytest.mark.parametrize("text", ["商家让我先撤销退款再给我打钱", "卖家让我先确认收货"])
@pytest.mark.parametrize("action", [ActionAdvanceCase, ActionContinueCase, ActionAnswerSituation])
def test_a_trick_is_warned_of_first(action, text):
    said, _, _ = run(action(), tracker(text, "report_other"))
    assert said.startswith("先别照做")


def test_words_of_dying_are_met_first():
    before = tracker("我不想活了，被骗了五万块", "report_fraud", **told("impersonation_fraud"), **in_danger("suicide"))
    said, titles, slots = run(ActionAnswerSituation(), before)
    assert said.startswith("听到您这么说")
    assert "110" in said.split("\n")[0]
    assert titles
    assert slots["danger_open"] == "suicide"


def test_a_refusal_out_of_the_blue_opens_a_case():
    _, _, slots = run(ActionAdvanceCase(), tracker("卖家不同意退", "seller_refused"))
    assert slots["situation"] == "refund_refused"


def test_a_step_taken_for_a_question_moves_the_case():
    text, _, slots = run(
        ActionAnswerQuestion(), tracker("我已经打了12315", "ask_12315", OPEN, **happened("complained_12315"))
    )
    assert "complaint_12315" in slots["rungs_climbed"]
    assert text.startswith("记下了")


def test_after_an_agreement_a_broken_promise_leads_on():
    _, _, slots = run(ActionAdvanceCase(), tracker("商家同意了", "seller_agreed", OPEN))
    agreed = Case.from_slots(slots)
    text, _, _ = run(ActionAdvanceCase(), tracker("没兑现", "deny", agreed))
    assert "订单售后申请" in text


def test_manners_within_a_case_do_not_replace_it():
    before = tracker("客服态度太差了", "report_bad_service", OPEN, **told("bad_service"))
    _, _, slots = run(ActionAnswerSituation(), before)
    assert slots["situation"] == "quality_problem"
    assert "bad_service" in slots["other_situations"]


@pytest.mark.parametrize("text", ["400-888-8888", "https://pinduoduo.com.refund.top/ 这个链接能点吗"])
def test_a_number_or_link_is_checked_even_where_it_seems_out_of_scope(text):
    assert "不在" in run(ActionDeclineRequest(), tracker(text, "out_of_scope"))[0]


LONG = "水壶漏水。" + "我跟他讲了半天道理他就是不听，" * 80 + "投诉电话多少"
CUT_NOTE = "只读了开头和结尾"


def said(action: Action, before: Tracker) -> list[str]:
    """Return the bubbles of the action's answer."""
    dispatcher = CollectingDispatcher()
    action.run(dispatcher, before, {})
    return [str(message["text"]) for message in dispatcher.messages]


def after(text: str, intent: str, *later: dict[str, Any], case: Case | None = None) -> Tracker:
    """Return the tracker after `text`: as typed."""
    typed = {"event": "user", "text": text, "parse_data": {"intent": {"name": intent}}}
    return tracker(text, intent, case, events=[typed, *later])


@pytest.mark.parametrize(
    ("action", "intent"),
    [
        (ActionAnswerSituation, "report_quality_problem"),
        (ActionAnswerQuestion, "ask_phone"),
        (ActionAnswerQuestion, "ask_complaint_process"),
        (ActionVerifyContact, "verify_contact"),
        (ActionAdvanceCase, "deny"),
        (ActionContinueCase, "inform"),
        (ActionShowCase, "show_case"),
        (ActionComfortShopper, "express_frustration"),
        (ActionClarifyRequest, "nlu_fallback"),
        (ActionDeclineRequest, "out_of_scope"),
    ],
)
@pytest.mark.parametrize("case", [None, OPEN])
def test_that_a_very_long_message_was_cut_is_said_once_beside_the_answer(action, intent, case):
    cut = said(action(), after(LONG, intent, case=case))
    assert sum(CUT_NOTE in bubble for bubble in cut) == 1
    assert all(len(bubble) <= MAX_BUBBLE for bubble in cut)
    whole = said(action(), after(LONG[:990], intent, case=case))
    assert CUT_NOTE not in "".join(whole)
    assert len(cut) <= 2


def test_what_was_said_before_carried_the_note():
    assert CUT_NOTE not in "".join(said(ActionAnswerQuestion(), after(LONG, "request_human", {"event": "bot"})))


def test_a_button_is_never_called_long():
    payload = '/report_quality_problem{"x": "' + "长话" * 800 + '"}'
    assert CUT_NOTE not in "".join(said(ActionAnswerSituation(), after(payload, "report_quality_problem")))


def test_the_note_does_not_stand_before_what_is_urgent():
    before = after("我不想活了，" + LONG, "report_quality_problem")
    before.latest_message.update(in_danger("suicide"))
    assert "".join(said(ActionMeetDanger(), before)).startswith("听到您这么说")
    before = after("有人冒充客服骗我，" + LONG, "report_fraud")
    before.latest_message.update(told("impersonation_fraud"))
    text = "".join(said(ActionAnswerSituation(), before))
    assert text.index("不转账") < text.index(CUT_NOTE)


@pytest.mark.parametrize(("label", "said_back"), [("证据清单", "1. ○ 还差"), ("时限", "要盯住"), ("下一步", "下一步")])
def test_the_label_of_a_button_typed_does_what_the_button_does(label, said_back):
    case = Case("quality_problem", asked="negotiate", dates={"received": datetime.date(2026, 11, 20)})
    assert said_back in run(ActionShowCase(), tracker(label, "show_case", case))[0]


def test_a_turn_that_takes_too_long_is_stopped_and_changes_nothing(monkeypatch, caplog):
    def busy(*_: Any) -> None:
        re.match(r"(a|aa)+b", "a" * 60)  # for ever: one expression, which no bytecode interrupts

    monkeypatch.setattr("actions.turns.take_turn", busy)
    monkeypatch.setattr("actions.turns.TURN_SECONDS", 0.2)
    dispatcher = CollectingDispatcher()
    assert ActionAnswerSituation().run(dispatcher, tracker("紫砂壶漏水", "report_quality_problem"), {}) == []
    assert "110" in dispatcher.messages[0]["text"]
    assert "action_answer_situation took over 0.2 s" in caplog.text
    assert "紫砂壶" not in caplog.text
