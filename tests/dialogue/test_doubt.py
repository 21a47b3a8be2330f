"""Doubt: what is hardly told is asked back, and what was misread is put right by one tap."""

from __future__ import annotations

import dataclasses
import datetime
import json
from typing import Any

import pytest

from weiquan.case.case import Case
from weiquan.handlers.context import State
from weiquan.reading.details import Entity
from weiquan.reading.message import Message
from weiquan.reading.situations import NEAR, NOTHING_FOUND, Found
from weiquan.replies.bubbles import Button
from weiquan.turn import TurnResult, take_turn

TODAY = datetime.date(2026, 11, 24)
DOUBTFUL = Found(0.3, (("counterfeit", 0.3), ("not_as_described", 0.2), ("quality_problem", 0.01)))


def say(facts, intent: str, found: Found = NOTHING_FOUND, case: Case | None = None, text: str = "这个") -> TurnResult:
    """The turn that answers `text`, read as `intent`, in `case`."""
    return take_turn(Message(text, facts, TODAY, intent, 0.9, found=found), State(case=case or Case()))


def buttons(result: TurnResult) -> dict[str, Button]:
    return {button.title: button for bubble in result.bubbles for button in bubble.buttons}


def content(button: Button) -> tuple[str, dict[str, Any]]:
    """The intent and the entities of a button."""
    intent, brace, rest = button.payload.lstrip("/").partition("{")
    return intent, json.loads(brace + rest) if brace else {}


def press(facts, button: Button, case: Case) -> TurnResult:
    """The turn after `button` was pressed in `case`."""
    intent, entities = content(button)
    found = tuple(Entity(kind, value, 0, 0) for kind, value in entities.items())
    return take_turn(Message("", facts, TODAY, intent, 1.0, entities=found), State(case=case))


def test_a_report_in_doubt_opens_no_case_but_asks_which_trouble_it_is(facts):
    result = say(facts, "report_counterfeit", DOUBTFUL)
    assert result.case == Case()
    assert "拿不准" in result.bubbles[0].text
    assert [content(button)[1].get("situation") for button in buttons(result).values()] == [
        "counterfeit",
        "not_as_described",
        None,
    ]
    assert content(buttons(result)["都不是"])[0] == "nlu_fallback"


def test_the_trouble_tapped_is_the_case(facts):
    result = say(facts, "report_counterfeit", DOUBTFUL)
    tapped = press(facts, buttons(result)[facts.situations["not_as_described"].name], result.case)
    assert tapped.case.situation == "not_as_described"
    assert "现在这样做" in tapped.bubbles[0].text


@pytest.mark.parametrize(
    ("found", "opened"),
    [
        (Found(0.9, (("counterfeit", 0.3),)), "counterfeit"),
        (Found(0.3, (("counterfeit", 0.6),)), "counterfeit"),
        (DOUBTFUL, None),
        (Found(0.05, (("counterfeit", 0.3),)), None),
        (NOTHING_FOUND, None),
    ],
)
def test_it_is_no_doubt_where_something_went_wrong_for_sure_or_the_kind_is_sure(facts, found, opened):
    assert say(facts, "report_counterfeit", found).case.situation == opened


def test_within_a_case_nothing_is_asked_back_and_the_case_is_kept(facts):
    at_hand = Case("quality_problem", asked="negotiate")
    result = say(facts, "report_counterfeit", DOUBTFUL, at_hand)
    assert result.case.situation == "quality_problem"
    assert "拿不准" not in result.bubbles[0].text


def test_what_seems_out_of_scope_with_a_trace_of_a_trouble_is_asked_back(facts):
    asked = say(facts, "out_of_scope", Found(0.15, (("injury", 0.1),)))
    assert list(buttons(asked)) == [facts.situations["injury"].name, "都不是"]
    declined = say(facts, "out_of_scope", Found(0.05, (("injury", 0.1),)))
    assert buttons(declined) == {}


def test_beside_the_first_step_the_near_readings_are_one_tap_away(facts):
    found = Found(0.9, (("quality_problem", 0.8), ("not_as_described", 0.2), ("counterfeit", NEAR), ("injury", 0.01)))
    result = say(facts, "report_quality_problem", found)
    assert result.case.situation == "quality_problem"
    near = {title: content(button)[1] for title, button in buttons(result).items() if "instead_of" in button.payload}
    assert [entities["situation"] for entities in near.values()] == ["not_as_described", "counterfeit"]
    assert {entities["instead_of"] for entities in near.values()} == {"quality_problem"}
    assert all(facts.situations[entities["situation"]].name in title for title, entities in near.items())
    # They are offered once: the case stands as it is while nobody objects.
    again = say(facts, "report_quality_problem", found, result.case)
    assert not [title for title, button in buttons(again).items() if "instead_of" in button.payload]


def test_a_trouble_told_besides_is_no_reading_instead(facts):
    found = Found(0.9, (("quality_problem", 0.8), ("refund_refused", 0.7), ("counterfeit", 0.1)))
    result = say(facts, "report_quality_problem", found)
    assert result.case.others == ("refund_refused",)
    near = [content(button)[1] for button in buttons(result).values() if "instead_of" in button.payload]
    assert [entities["situation"] for entities in near] == ["counterfeit"]


def put_right(facts, misread: str, meant: str, **known: Any) -> Case:
    """The case after a tap that says that a message told `meant` and not `misread`."""
    result = say(facts, facts.situations[misread].intent, Found(0.9, ((misread, 0.8), (meant, 0.2))))
    assert result.case.situation == misread
    (button,) = [button for button in buttons(result).values() if "instead_of" in button.payload]
    return press(facts, button, dataclasses.replace(result.case, **known)).case


def test_a_trouble_that_was_misread_is_replaced_and_not_kept_among_the_others(facts):
    case = put_right(facts, "quality_problem", "counterfeit", amount=88.0)
    assert (case.situation, case.others, case.amount) == ("counterfeit", (), 88.0)


def test_what_failed_by_the_misread_trouble_alone_has_not_failed(facts):
    fails = set(facts.situations["refund_refused"].fails)
    assert say(facts, "report_refund_refused", Found(0.9, (("refund_refused", 0.8),))).case.failed == fails
    case = put_right(facts, "refund_refused", "quality_problem")
    assert (case.failed, case.climbed) == (frozenset(), frozenset())


def test_steps_that_were_told_stay_taken_when_the_trouble_is_put_right(facts):
    told = frozenset({"complaint_12315"})
    assert put_right(facts, "quality_problem", "counterfeit", climbed=told).climbed >= told


def test_an_old_button_does_not_put_away_the_case_of_another_trouble(facts):
    result = say(facts, "report_quality_problem", Found(0.9, (("quality_problem", 0.8), ("counterfeit", 0.2))))
    (button,) = [button for button in buttons(result).values() if "instead_of" in button.payload]
    later = press(facts, button, Case("not_shipped"))
    assert later.case.situation == "counterfeit"
    assert "not_shipped" in later.case.others


def test_a_question_in_a_trouble_comes_first_and_the_near_readings_last(facts):
    found = Found(0.9, (("quality_problem", 0.8), ("counterfeit", 0.2)), topics=(("ask_phone", 0.9),))
    result = say(facts, "report_quality_problem", found, text="坏了，电话多少")
    assert facts.contacts["pdd_hotline"].value in result.bubbles[0].text
    assert [title for title, button in buttons(result).items() if "instead_of" in button.payload]
    assert all(len(bubble.buttons) <= 12 for bubble in result.bubbles)
