"""The ladder: which rung is next."""

from __future__ import annotations

import itertools

import pytest

from weiquan.case import Case
from weiquan.ladder import ladder_of, next_step
from weiquan.progress import take_progress


def every_case(facts):
    """Every situation and variant, with every set of climbed rungs that its ladder allows."""
    for situation in facts.situations.values():
        for variant in (None, *(one.id for one in situation.variants)):
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
        highest = max((ladder.index(one) for one in case.climbed), default=-1)
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
        ("after_sales", "no_reply_yet", "platform"),
        ("platform", "platform_refused", "platform_complaint"),
        ("negotiate", "platform_refused", "platform_complaint"),
        ("platform_complaint", "platform_refused", "complaint_12315"),
        ("complaint_12315", "no_reply_yet", "court"),
    ],
)
def test_news_moves_the_case_up(facts, asked, news, rung):
    ladder = ladder_of(Case("quality_problem"), facts)
    below = ladder[: ladder.index(asked)]
    case = Case("quality_problem", asked=asked).with_rungs(failed=below)
    assert next_step(take_progress(case, news, facts), facts).rung.id == rung


def test_an_application_not_answered_yet_is_waiting_and_then_failed(facts):
    case = Case("quality_problem", asked="after_sales").with_rungs(failed={"negotiate"})
    once = take_progress(case, "no_reply_yet", facts)
    assert next_step(once, facts).waiting is not None
    twice = take_progress(once, "no_reply_yet", facts)
    assert next_step(twice, facts).waiting is None


@pytest.mark.parametrize("news", ["affirm", "step_done", "seller_refused", "no_reply_yet"])
def test_news_without_a_case_changes_nothing(facts, news):
    assert take_progress(Case(), news, facts) == Case()


def test_slots_keep_a_case_and_damaged_slots_count_as_unknown():
    case = Case("injury", None, ("bad_service",), frozenset({"police"}), frozenset(), "police")
    assert Case.from_slots(case.to_slots()) == case
    assert Case.from_slots({"situation": 7, "rungs_climbed": "police", "other_situations": [1]}) == Case()
