"""The ladder: which rung is next."""

from __future__ import annotations

import datetime
import itertools

import pytest

from weiquan.advice.ladder import agreed_rung, ladder_of
from weiquan.advice.next_step import next_step
from weiquan.case.case import Case
from weiquan.dialogue.news import interpret, take_progress
from weiquan.facts.situations import PLATFORM_AGREED, SELLER_AGREED


def every_case(facts):
    """Every situation and variant, with every set of climbed rungs that its ladder allows."""
    for situation in facts.situations.values():
        for variant in (None, *(special.id for special in situation.variants)):
            start = Case(situation=situation.id, variant=variant)
            ladder = ladder_of(start, facts)
            for size in range(len(ladder) + 1):
                for climbed in itertools.combinations(ladder, size):
                    yield start.with_rungs(climbed=climbed)
                    yield start.with_rungs(failed=climbed)


def test_every_reachable_case_has_a_next_step_never_below_a_rung_taken(facts):
    count = 0
    for case in every_case(facts):
        ladder = ladder_of(case, facts)
        step = next_step(case, facts)
        position = ladder.index(step.rung.id)
        highest = max((ladder.index(rung) for rung in case.climbed), default=-1)
        if highest < len(ladder) - 1:
            assert position == highest + 1
            assert step.rung.id not in case.climbed
        if step.waiting:
            assert step.waiting.id in case.climbed
            assert step.waiting.id not in case.failed
        if step.after:
            assert ladder.index(step.after.id) == position + 1
        count += 1
    assert count > 1000


def test_where_nothing_is_known_of_the_order_the_day_changes_nothing(facts):
    today = datetime.date(2026, 11, 20)
    for case in every_case(facts):
        assert next_step(case, facts, today) == next_step(case, facts)


@pytest.mark.parametrize(
    ("outcome", "asked", "reached"),
    [
        (SELLER_AGREED, None, "negotiate"),
        (SELLER_AGREED, "after_sales", "after_sales"),
        (SELLER_AGREED, "platform", "negotiate"),
        (PLATFORM_AGREED, None, "platform"),
        (PLATFORM_AGREED, "platform_complaint", "platform"),
    ],
)
def test_an_agreement_is_reached_where_one_can_be(facts, outcome, asked, reached):
    assert agreed_rung(outcome, asked, facts) == reached


def test_a_case_without_a_known_situation_has_no_step(facts):
    for unknown in (Case(), Case("weather")):
        with pytest.raises(KeyError):
            next_step(unknown, facts)


def test_a_shopper_whom_the_platform_refused_is_not_sent_back_to_the_seller(facts):
    case = Case("quality_problem").with_rungs(failed={"platform"})
    assert next_step(case, facts).rung.id == "platform_complaint"


def test_a_rung_just_taken_is_waited_for(facts):
    case = Case("quality_problem").with_rungs(climbed={"negotiate", "after_sales"}, failed={"negotiate"})
    step = next_step(case, facts)
    assert step.waiting is not None
    assert (step.waiting.id, step.rung.id) == ("after_sales", "platform")


@pytest.mark.parametrize("situation", ["impersonation_fraud", "injury"])
def test_danger_starts_with_what_stops_the_harm(facts, situation):
    assert next_step(Case(situation), facts).rung.id in {"stop_loss", "medical_care", "police"}


@pytest.mark.parametrize(
    ("asked", "news", "rung"),
    [
        ("negotiate", "no_reply_yet", "after_sales"),
        ("negotiate", "seller_refused", "after_sales"),
        ("after_sales", "step_done", "platform"),
        ("after_sales", "seller_refused", "platform"),
        ("after_sales", "no_reply_yet", "after_sales"),
        ("platform", "platform_refused", "platform_complaint"),
        ("negotiate", "platform_refused", "platform_complaint"),
        ("platform_complaint", "platform_refused", "complaint_12315"),
        ("complaint_12315", "platform_refused", "court"),
    ],
)
def test_news_moves_the_case_up(facts, asked, news, rung):
    ladder = ladder_of(Case("quality_problem"), facts)
    below = ladder[: ladder.index(asked)]
    case = Case("quality_problem", asked=asked).with_rungs(failed=below)
    assert next_step(take_progress(case, news, facts), facts).rung.id == rung


def test_silence_about_an_application_nobody_told_of_is_the_seller_s(facts):
    case = Case("quality_problem", asked="after_sales")
    waiting = take_progress(case, interpret("no_reply_yet", case, "还没回", facts), facts)
    step = next_step(waiting, facts)
    assert (step.rung.id, step.waiting) == ("after_sales", None)


def test_a_step_that_is_named_is_not_taken_for_the_one_in_question(facts):
    case = Case("quality_problem", asked="after_sales")
    assert take_progress(case, "step_done", facts).climbed == {"after_sales"}
    assert take_progress(case, "step_done", facts, named=frozenset({"after_sales"})).climbed == {"after_sales"}
    other = take_progress(case, "step_done", facts, named=frozenset({"complaint_12315"}))
    assert (other.climbed, other.asked) == (frozenset(), None)


def test_an_application_handed_in_is_waited_for_and_then_failed(facts):
    case = Case("quality_problem", asked="after_sales").with_rungs(failed={"negotiate"})
    once = take_progress(case, interpret("no_reply_yet", case, "申请了，还没处理", facts), facts)
    step = next_step(once, facts)
    assert step.waiting is not None
    assert (step.waiting.id, step.rung.id) == ("after_sales", "platform")
    twice = take_progress(once, interpret("no_reply_yet", once, "一直没人处理", facts), facts)
    assert next_step(twice, facts).waiting is None


@pytest.mark.parametrize(
    ("asked", "intent", "text", "meant"),
    [
        ("medical_care", "no_reply_yet", "还没看医生", "deny"),
        ("after_sales", "no_reply_yet", "还在等", "deny"),
        ("complaint_12315", "deny", "没用", "platform_refused"),
        ("after_sales", "deny", "没兑现", "no_reply_yet"),
        ("negotiate", "no_reply_yet", "没回", "no_reply_yet"),
        ("negotiate", "affirm", "说了", "affirm"),
    ],
)
def test_short_answers_mean_what_they_mean_there(facts, asked, intent, text, meant):
    situation = "injury" if asked == "medical_care" else "quality_problem"
    assert interpret(intent, Case(situation, asked=asked), text, facts) == meant


def test_a_rung_that_the_ladder_lacks_counts_at_its_usual_height(facts):
    ladder = ladder_of(Case("subsidy_dispute"), facts)
    if "platform" not in ladder:
        step = next_step(Case("subsidy_dispute").with_rungs(failed={"platform"}), facts)
        assert step.rung.id not in {"negotiate", "after_sales"}


@pytest.mark.parametrize("news", ["affirm", "step_done", "seller_refused", "no_reply_yet"])
def test_news_without_a_case_changes_nothing(facts, news):
    assert take_progress(Case(), news, facts) == Case()


def test_slots_keep_a_case_and_damaged_slots_count_as_unknown():
    case = Case("injury", None, ("bad_service",), frozenset({"police"}), frozenset(), "police")
    assert Case.from_slots(case.to_slots()) == case
    assert Case.from_slots({"situation": 7, "rungs_climbed": "police", "other_situations": [1]}) == Case()
