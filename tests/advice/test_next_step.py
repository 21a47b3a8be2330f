"""The decision table: every reachable case has a step, and what must hold whatever the table says."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Iterator
from typing import Optional

import pytest

from tests.advice.limits import has_lapsed
from weiquan.advice.ladder import Step, highest_taken, is_urgent, ladder_of
from weiquan.advice.next_step import next_step
from weiquan.case.case import Case
from weiquan.facts.decision_table import compiled, contradictions, dead_ends, is_complete, overlaps
from weiquan.facts.decisions import ClosedDoor, Decision
from weiquan.facts.knowledge import Knowledge, load
from weiquan.facts.record_reader import KnowledgeError
from weiquan.language.entities.wishes import remedy_ids

TODAY = datetime.date(2026, 11, 20)
STOPS_HARM = {"stop_loss", "police", "medical_care"}
LAST_RUNGS = {"complaint_12315", "association", "court"}
NOT_IN_HAND = {"not_shipped", "fake_shipping", "logistics_problem"}
IN_HAND = {
    "quality_problem",
    "counterfeit",
    "wrong_or_missing_item",
    "damaged_in_transit",
    "food_safety",
    "spoiled_fresh_goods",
    "injury",
    "seven_day_return_refused",
    "secondhand_as_new",
    "warranty_refused",
}
"""Troubles that show only once the goods are there."""

ANSWER_DUE = {"intervened", "complained_12315", "complained_to_courier", "reported_12315"}
"""Once an answer of these is due, it no longer matters where the order is."""
BAD_GOODS = {"counterfeit", "food_safety", "not_as_described"}

# How many days ago the events of a case were.
HISTORIES: tuple[dict[str, int], ...] = (
    {},
    {"received": 1, "confirmed": 1},
    {"received": 5},
    {"received": 14, "confirmed": 13},
    {"received": 40, "confirmed": 38},
    {"received": 10},
    {"applied": 0},
    {"applied": 5},
    {"applied": 20},
    {"applied": 3, "refused": 2},
    {"applied": 9, "refused": 8},
    {"applied": 9, "refused": 8, "received": 11, "confirmed": 10},
    {"applied": 30, "refused": 28, "received": 40, "confirmed": 38},
    {"applied": 0, "refused": 8, "confirmed": 10},
    {"applied": 9, "return_received": 2},
    {"applied": 30, "return_received": 20},
    {"return_received": 2},
    {"intervened": 1},
    {"intervened": 30},
    {"complained_12315": 2},
    {"complained_12315": 30},
    {"complained_12315": 30, "accepted_12315": 25},
    {"complained_12315": 90, "accepted_12315": 80},
    {"complained_to_courier": 1},
    {"complained_to_courier": 12},
    {"reported_12315": 2},
    {"paid": 1},
    {"received": 3 * 365 - 20},
    {"received": 1200, "confirmed": 1190},
    {"received": 1200, "negotiated": 300},
    {"received": 700, "harmed": 700, "complained_12315": 60},
)


def stages(situation: str, history: dict[str, int]) -> tuple[Optional[str], ...]:
    """The stages that an order can be at, given the trouble and what has happened."""
    if "return_received" in history:
        return (None, "returned")
    if {"received", "confirmed", "harmed"} & history.keys():
        return (None, "received")
    if ANSWER_DUE & history.keys():
        return (None,)
    if situation in IN_HAND:
        return (None, "received", "returned")
    if situation in NOT_IN_HAND:
        return (None, "unshipped", "shipped")
    return (None, "unshipped", "shipped", "received", "returned")


def remedies(situation: str) -> tuple[Optional[str], ...]:
    """One of each sort that the table tells apart: nothing said, money back, goods, more than the price."""
    if situation in NOT_IN_HAND:
        return (None, "return_refund", "ship")
    return (None, "return_refund", "tenfold") if situation in BAD_GOODS else (None, "return_refund")


def taken(case: Case, facts: Knowledge) -> Iterator[Case]:
    """The case with nothing done; and for each rung: the way up to it failed, it failed too, or it alone was taken."""
    ladder = ladder_of(case, facts)
    yield case
    for height, rung in enumerate(ladder):
        below = ladder[:height]
        yield case.with_rungs(climbed={rung}, failed=below)
        yield case.with_rungs(failed={rung, *below})
        if below:
            yield case.with_rungs(climbed={rung})
    if "negotiate" not in ladder:
        yield case.with_rungs(climbed={"negotiate"})


def reachable(facts: Knowledge) -> Iterator[Case]:
    """Every situation and variant with every sort of history, stage and remedy that fits it and each other."""
    for situation in facts.situations.values():
        for variant in (None, *(special.id for special in situation.variants)):
            for case in taken(Case(situation.id, variant), facts):
                for history in HISTORIES:
                    if not _fits(history, case, facts):
                        continue
                    dates = {event: TODAY - datetime.timedelta(days=ago) for event, ago in history.items()}
                    for stage in stages(situation.id, history):
                        for remedy in remedies(situation.id):
                            yield dataclasses.replace(case, dates=dates, stage=stage, remedy=remedy)


def _fits(history: dict[str, int], case: Case, facts: Knowledge) -> bool:
    """A step has a day only where it was taken, a refusal only where the application failed."""
    steps = {rung for event, rung in facts.rung_of.items() if event in history}
    if not steps <= case.climbed | {"negotiate"} or ("refused" in history and "after_sales" not in case.failed):
        return False
    if case.situation in NOT_IN_HAND and {"received", "confirmed", "harmed", "return_received"} & history.keys():
        return False
    return "accepted_12315" not in history or "complaint_12315" not in case.failed


def lapsed(limit: str, case: Case, facts: Knowledge) -> bool:
    return has_lapsed(limit, case, facts, TODAY) is True


def is_closed(rung: str, case: Case, facts: Knowledge) -> bool:
    """What the law and the platform's rules say of a rung, told without the table."""
    if rung == "complaint_12315":
        return lapsed("limit_12315", case, facts)
    if rung == "court":
        return lapsed("general_limit", case, facts) and not {"negotiated", "applied"} & case.dates.keys()
    if case.stage == "returned":
        return False
    if rung == "after_sales":
        return lapsed("after_sales_window", case, facts)
    refused = case.dates.get("refused")
    if rung == "platform" and refused and case.dates["applied"] <= refused:
        return lapsed("resubmit_after_refusal", case, facts)
    return rung == "platform" and "after_sales" not in case.climbed and lapsed("after_sales_window", case, facts)


def check(case: Case, step: Step, facts: Knowledge) -> None:
    """What must hold of a step whatever the table says."""
    ladder, rung = ladder_of(case, facts), step.rung.id
    highest = highest_taken(ladder, case.climbed, facts.usual_ladder)
    height = ladder.index(rung) if rung in ladder else -1
    again = rung == "after_sales" and "再申请一次" in step.reasons[0]

    # A reason, short and whole.
    assert 1 <= len(step.reasons) <= 2
    assert all(10 <= len(reason) <= 90 and reason.endswith("。") and "{" not in reason for reason in step.reasons)

    # No right that has lapsed.
    if case.situation != "refund_after_return" or rung != "platform":
        assert not is_closed(rung, case, facts)

    # No rung already climbed, but where it is the last one open or another application is possible.
    if rung in case.climbed and not again:
        assert all(is_closed(higher, case, facts) for higher in ladder[highest + 1 :])

    # Never below a rung taken, unless what can still be had there is told; never back from 12315 or the court.
    if height < highest and not all(is_closed(higher, case, facts) for higher in ladder[highest + 1 :]):
        assert facts.decisions[step.rule].then == rung
        assert not LAST_RUNGS & case.climbed

    # Harm under way comes first, whatever else is known.
    if is_urgent(case, facts) and not case.climbed.intersection(ladder):
        assert rung in STOPS_HARM

    # What is waited for was taken and is not settled; what comes after is above everything done.
    if step.waiting:
        assert step.waiting.id in case.climbed
        assert step.waiting.answer_within
        assert step.waiting.id != rung
    if step.after:
        assert ladder.index(step.after.id) > max(height, highest)
        assert not is_closed(step.after.id, case, facts) or case.situation == "refund_after_return"


def test_every_reachable_case_has_a_sound_step_and_every_row_decides_some_case(facts, capsys):
    count, rules = 0, set()
    for case in reachable(facts):
        step = next_step(case, facts, TODAY)
        try:
            check(case, step, facts)
        except AssertionError as error:
            raise AssertionError(f"{case}\n-> {step.rung.id} by {step.rule}: {step.reasons}") from error
        rules.add(step.rule)
        count += 1
    with capsys.disabled():
        print(f"\ncombinations: {count}")
    assert count > 10_000
    assert set(facts.decisions) - rules == set()


def ago(**events: int) -> dict[str, datetime.date]:
    return {event: TODAY - datetime.timedelta(days=days) for event, days in events.items()}


@pytest.mark.parametrize(
    ("case", "rung", "said"),
    [
        pytest.param(
            Case("live_stream_purchase", stage="unshipped", remedy="refund"),
            "after_sales",
            ["还没发货", "24 小时", "自动退款"],
            id="直播间下的单还没发货，不想要了",
        ),
        pytest.param(
            Case("price_dispute", stage="unshipped", remedy="refund"),
            "after_sales",
            ["还没发货"],
            id="没发货就降价，退了重买：梯子上没有售后也走售后",
        ),
        pytest.param(
            Case("not_as_described", stage="shipped", remedy="refund_only"),
            "after_sales",
            ["拒收"],
            id="在路上才发现和描述不符，要退款",
        ),
        pytest.param(
            Case("not_shipped", stage="unshipped", remedy="ship"), "negotiate", ["先别申请退款"], id="没发货，还想要货"
        ),
        pytest.param(
            Case("not_shipped", stage="unshipped", remedy="ship").with_rungs(failed={"negotiate"}),
            "platform_complaint",
            ["催发"],
            id="没发货，催了没用，还想要货",
        ),
        pytest.param(
            Case("quality_problem", dates=ago(applied=3, refused=2)).with_rungs(failed={"negotiate", "after_sales"}),
            "platform",
            ["通常 5 天", "还剩 3 天"],
            id="前天被拒，五天内请平台介入",
        ),
        pytest.param(
            Case("subsidy_dispute", dates=ago(applied=7, refused=5)).with_rungs(
                failed={"after_sales", "platform_complaint"}
            ),
            "platform",
            ["今天到期"],
            id="被拒第五天，已经找过官方客服，也还来得及介入",
        ),
        pytest.param(
            Case("quality_problem", dates=ago(applied=9, refused=8, confirmed=10)).with_rungs(failed={"after_sales"}),
            "after_sales",
            ["还剩 5 天", "再申请一次"],
            id="被拒八天没再提，售后期还在，再申请一次",
        ),
        pytest.param(
            Case("quality_problem", dates=ago(applied=30, refused=28, confirmed=31)).with_rungs(failed={"after_sales"}),
            "platform_complaint",
            ["已经失效"],
            id="被拒很久、售后期也过了，找官方客服",
        ),
        pytest.param(
            Case("food_safety", dates=ago(received=40, confirmed=38)),
            "complaint_12315",
            ["通常 15 天", "现在过了"],
            id="吃的有异物，售后期过了，直接 12315",
        ),
        pytest.param(
            Case("quality_problem", dates=ago(applied=4)).with_rungs(climbed={"after_sales"}),
            "platform",
            ["通常 48 小时", "不用再等"],
            id="申请四天商家不处理",
        ),
        pytest.param(
            Case("quality_problem", dates=ago(confirmed=14)), "after_sales", ["还剩 1 天"], id="售后期明天就到"
        ),
        pytest.param(
            Case("not_as_described", remedy="return_refund", dates=ago(received=7)),
            "after_sales",
            ["今天到期"],
            id="七天无理由最后一天，不先找商家谈",
        ),
        pytest.param(
            Case("seven_day_return_refused", remedy="return_refund", dates=ago(received=20)),
            "negotiate",
            ["7 天已过", "质量问题"],
            id="七天早过了还想无理由退",
        ),
        pytest.param(
            Case("quality_problem", stage="returned", dates=ago(return_received=3)),
            "negotiate",
            ["还剩 4 天"],
            id="退件商家才收到三天",
        ),
        pytest.param(
            Case("quality_problem", stage="returned", dates=ago(return_received=9)),
            "platform",
            ["已过 7 天"],
            id="退件商家收到九天还不退款",
        ),
        pytest.param(
            Case("spoiled_fresh_goods", dates=ago(received=0)), "after_sales", ["24 小时"], id="今天签收的烂果"
        ),
        pytest.param(
            Case("food_safety", "illness", stage="received", remedy="tenfold", dates=ago(received=14, confirmed=14)),
            "medical_care",
            ["先看医生"],
            id="吃出病来：售后快到期也先就医",
        ),
        pytest.param(
            Case("off_platform_payment", "payee_vanished", dates=ago(paid=1), remedy="refund"),
            "stop_loss",
            ["钱和账号要先保住"],
            id="站外付款对方失联",
        ),
        pytest.param(
            Case("complaint_rejected").with_rungs(failed={"platform_complaint", "complaint_12315"}),
            "association",
            ["消费者协会", "起诉"],
            id="12315 不受理，换消协",
        ),
        pytest.param(
            Case("quality_problem").with_rungs(failed={"complaint_12315"}),
            "court",
            ["消费者协会"],
            id="12315 没谈成，起诉",
        ),
        pytest.param(
            Case("quality_problem", dates=ago(received=1200)).with_rungs(failed={"platform"}),
            "platform_complaint",
            ["已过 3 年", "自愿处理"],
            id="过了三年，没有 12315 和法院这条路",
        ),
        pytest.param(
            Case("quality_problem", dates=ago(received=1200, negotiated=300)).with_rungs(failed={"platform_complaint"}),
            "court",
            ["重新算"],
            id="过了三年，但中间要求过商家处理",
        ),
        pytest.param(
            Case("refund_refused", dates=ago(received=1070)), "complaint_12315", ["3 年", "至少还剩"], id="三年快到"
        ),
    ],
)
def test_what_is_known_of_the_order_changes_the_step(facts, case, rung, said):
    step = next_step(case, facts, TODAY)
    reasons = "".join(step.reasons)
    assert step.rung.id == rung, step
    assert all(phrase in reasons for phrase in said), reasons


@pytest.mark.parametrize(
    ("dates", "waits", "said"),
    [
        (ago(complained_12315=2), True, "7 个工作日"),
        (ago(complained_12315=30), True, "查进度"),
        (ago(complained_12315=30, accepted_12315=20), True, "还剩"),
        (ago(complained_12315=90, accepted_12315=80), False, "调解就结束"),
    ],
)
def test_12315_is_waited_for_as_long_as_it_has_time(facts, dates, waits, said):
    step = next_step(Case("quality_problem", dates=dates), facts, TODAY)
    assert step.rung.id == "court"
    assert (step.waiting is not None) == waits
    assert said in step.reasons[0]


def test_another_application_makes_the_refusal_history(facts):
    refused = Case("quality_problem", dates=ago(applied=9, refused=8, confirmed=10)).with_rungs(failed={"after_sales"})
    assert next_step(refused, facts, TODAY).rung.id == "after_sales"
    again = dataclasses.replace(refused, dates={**refused.dates, "applied": TODAY})
    step = next_step(again, facts, TODAY)
    assert step.waiting is not None
    assert (step.waiting.id, step.rung.id) == ("after_sales", "platform")


def test_what_the_seller_agreed_to_goes_into_an_application(facts):
    step = next_step(Case("quality_problem").with_rungs(climbed={"negotiate"}), facts, TODAY)
    assert step.rung.id == "after_sales"
    assert "谈好了也要提交售后单" in step.reasons[0]


def test_a_step_whose_day_is_told_was_taken(facts):
    step = next_step(Case("quality_problem", dates=ago(complained_to_platform=1)), facts, TODAY)
    assert step.rung.id == "complaint_12315"


def test_every_remedy_that_a_row_names_exists(facts):
    named = frozenset().union(*(decision.when.remedies for decision in facts.decisions.values())) - {"unknown"}
    assert named <= set(remedy_ids())


def row(name: str, then: str, priority: str = "order", **when: object) -> Decision:
    return Decision(
        id=name,
        priority=priority,
        when=when,
        then=then,
        reason="这是一句不短的理由。",
        source=("consumer_law",),
        confidence="A",
        checked=TODAY,
    )


@pytest.mark.parametrize(
    ("first", "second", "found"),
    [
        (row("a", "platform", stages=["received"]), row("b", "after_sales", remedies=["refund"]), True),
        (row("a", "platform", stages=["received"]), row("b", "platform", remedies=["refund"]), False),
        (row("a", "platform", stages=["received"]), row("b", "after_sales", stages=["shipped"]), False),
        (row("a", "platform", closing={"seven_day_return": 3}), row("b", "court", open=["seven_day_return"]), True),
        (row("a", "platform", lapsed=["seven_day_return"]), row("b", "court", open=["seven_day_return"]), False),
        (row("a", "platform", failed=["after_sales"]), row("b", "court", taken=["after_sales"]), True),
        (row("a", "platform", pending=["after_sales"]), row("b", "court", failed=["after_sales"]), False),
        (row("a", "next", next=["platform"]), row("b", "platform"), False),
        (row("a", "next", next=["platform", "court"]), row("b", "platform"), True),
        (row("a", "next"), row("b", "platform"), True),
        (row("a", "platform", situations=["bad_service"]), row("b", "court"), False),  # its ladder has neither
        (row("a", "platform"), row("b", "court", "expiring"), False),
    ],
)
def test_overlapping_rows_are_found(facts, first, second, found):
    pairs = overlaps(compiled([first, second], [], facts.situations))
    assert bool(pairs) == found
    assert set(pairs) <= {("a", "b"), ("b", "a")}


def test_the_table_has_no_overlap_no_contradiction_and_no_dead_end(facts):
    assert overlaps(facts.table) == ()
    assert contradictions(facts.table) == ()
    assert dead_ends(facts.table, facts.situations) == ()
    assert is_complete(facts.table, facts.situations)


def test_contradictions_dead_ends_and_gaps_are_found(facts):
    never = row("never", "platform", failed=["after_sales"], untaken=["after_sales"])
    again = row("again", "platform", taken=["platform"])
    table = compiled([never, again], [], facts.situations)
    assert contradictions(table) == ("never", "again")
    assert not is_complete(table, facts.situations)
    door = ClosedDoor(
        id="all",
        rungs=frozenset(facts.rungs),
        reason="什么都关了的一扇门。",
        source=("consumer_law",),
        confidence="A",
        checked=TODAY,
    )
    assert len(dead_ends(compiled([], [door], facts.situations), facts.situations)) > 33


@pytest.mark.parametrize(
    "mistakes",
    [
        pytest.param(
            [
                ("stages: [unshipped]", "stages: [lost]", "lost"),
                ("told: [applied]", "told: [aplied]", "aplied"),
                ("  priority: danger\n", "  priority: urgent\n", "priority"),
                ("untaken: [after_sales]", "untakn: [after_sales]", "untakn"),
                ("limit: seven_day_return\n  reason: 七天", "reason: 七天", "limit"),
                ("{left}，所以先办这件", "{days}，所以先办这件", "days"),
                ("把凭证补齐。", "把凭证补齐！", "感叹号"),
            ],
            id="schema",
        ),
        pytest.param(
            [
                ("then: platform_complaint", "then: platform_complain", "「platform_complain」"),
                ("after: platform\n", "after: plat\n", "「plat」"),
                ("lapsed: [seller_reply]", "lapsed: [seller_answer]", "seller_answer"),
                ("situations: [price_dispute]", "situations: [price_quarrel]", "price_quarrel"),
            ],
            id="references",
        ),
        pytest.param(
            [
                ("    told: [applied]\n", "", "同级"),
                ("untold: [applied, return_received]", "told: [applied]\n    untold: [applied]", "互相矛盾"),
                ("- id: ladder_order\n  priority: usual\n", "- id: ladder_order\n  priority: order\n", "没有下一步"),
            ],
            id="logic",
        ),
    ],
)
def test_a_broken_table_stops_the_start_with_file_line_and_every_reason(knowledge_copy, mistakes):
    directory = knowledge_copy
    text = (directory / "decisions.yml").read_text(encoding="utf-8")
    for old, new, _ in mistakes:
        assert old in text
        text = text.replace(old, new, 1)
    (directory / "decisions.yml").write_text(text, encoding="utf-8")
    with pytest.raises(KnowledgeError) as caught:
        load(directory)
    for _, _, reason in mistakes:
        blamed = [problem for problem in caught.value.problems if reason in problem]
        assert blamed, caught.value.problems
        assert all(problem.startswith("decisions.yml:") and problem.split(":")[1].isdigit() for problem in blamed)
