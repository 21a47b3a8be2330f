"""Last days: how they are counted, which of them matter in a case, how they are worded."""

from __future__ import annotations

import calendar
import dataclasses
import datetime

import chinese_calendar
import pytest
import yaml
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.advice.limits import has_lapsed
from weiquan.advice.deadlines import due_dates, missing_events
from weiquan.advice.due_date import due_date, in_words, replaced_by
from weiquan.advice.workdays import UnknownCalendar, add_workdays, next_workday
from weiquan.case.case import Case
from weiquan.case.events import EVENTS, STAGES
from weiquan.facts.case_words import case_words
from weiquan.facts.knowledge import DEFAULT_DIRECTORY, knowledge, load
from weiquan.facts.record_reader import KnowledgeError

FACTS = knowledge()
TODAY = datetime.date(2026, 11, 24)
FIRST_DAY, LAST_DAY = datetime.date(2004, 1, 1), datetime.date(2026, 12, 31)
"""What the installed calendar holds; a later version holds more."""
RECKONED = sorted(deadline.id for deadline in FACTS.deadlines.values() if deadline.starts)
order_days = st.dates(datetime.date(2020, 1, 1), datetime.date(2030, 12, 31))


def day(month: int, day_of_month: int, year: int = 2026) -> datetime.date:
    return datetime.date(year, month, day_of_month)


def case_with(situation: str = "quality_problem", climbed=(), failed=(), **given) -> Case:
    """A case; keyword arguments that name an event are its day."""
    dates = {name: given.pop(name) for name in list(given) if name in EVENTS}
    return Case(situation=situation, dates=dates, **given).with_rungs(climbed, failed)


def started(deadline_id: str, start: datetime.date) -> Case:
    """A case in which the limit started on `start` and nothing else happened."""
    return Case(dates={FACTS.deadlines[deadline_id].starts: start})


def ids(case: Case, today: datetime.date = TODAY) -> list[str]:
    return [due.deadline.id for due in due_dates(case, FACTS, today)]


def sentence_of(deadline_id: str, case: Case, today: datetime.date = TODAY) -> str:
    due = due_date(deadline_id, case, FACTS, today)
    assert due is not None
    return in_words(due, FACTS, today)


# Working days


@given(st.dates(FIRST_DAY, LAST_DAY - datetime.timedelta(days=140)), st.integers(1, 40))
def test_working_days_agree_with_counting_one_by_one(start, count):
    end = add_workdays(start, count)
    after = [start + datetime.timedelta(days=number) for number in range(1, (end - start).days + 1)]
    assert sum(chinese_calendar.is_workday(date) for date in after) == count
    assert chinese_calendar.is_workday(end)


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        # National Day 2026: off from 1 to 7 October, Sunday 20 September and Saturday 10 October are worked.
        (day(9, 30), 1, day(10, 8)),
        (day(9, 30), 3, day(10, 10)),
        (day(9, 18), 1, day(9, 20)),
        (day(10, 3), 7, day(10, 15)),
        # Spring Festival 2026: off from 15 to 23 February, Saturdays 14 and 28 February are worked.
        (day(2, 13), 1, day(2, 14)),
        (day(2, 14), 1, day(2, 24)),
        (day(2, 10), 7, day(2, 26)),
        (day(2, 26), 2, day(2, 28)),
        # An ordinary week.
        (day(11, 20), 7, day(12, 1)),
        (day(11, 20), 0, day(11, 20)),
    ],
)
def test_holidays_and_make_up_days_count(start, count, end):
    assert add_workdays(start, count) == end


def test_a_year_without_a_calendar_is_said():
    with pytest.raises(UnknownCalendar) as caught:
        add_workdays(day(12, 28), 7)
    assert caught.value.year == 2027
    with pytest.raises(UnknownCalendar):
        next_workday(day(1, 1, 1999))
    with pytest.raises(ValueError, match="negative"):
        add_workdays(TODAY, -1)


# Counting


@given(st.sampled_from(RECKONED), order_days, st.integers(0, 1500))
def test_a_limit_never_ends_before_it_starts_and_lapses_when_its_days_are_gone(deadline_id, start, later):
    today = start + datetime.timedelta(days=later)
    due = due_date(deadline_id, started(deadline_id, start), FACTS, today)
    assert due is not None
    if due.ends is None:
        assert due.unknown_year
        assert due.days_left is None
        assert due.lapsed is None
        return
    assert start <= due.ends <= due.latest
    assert due.ends + datetime.timedelta(days=-due.days_left) == today
    if due.days_left >= 0:
        assert due.lapsed is False
    elif due.unknown_year or today <= due.latest:
        assert due.lapsed is None
    else:
        assert due.lapsed is True


@given(st.sampled_from(RECKONED), order_days, st.integers(0, 60))
def test_a_later_start_never_ends_earlier(deadline_id, start, later):
    today = datetime.date(2031, 12, 31)
    first = due_date(deadline_id, started(deadline_id, start), FACTS, today)
    second = due_date(deadline_id, started(deadline_id, start + datetime.timedelta(days=later)), FACTS, today)
    assume(first.ends and second.ends)
    # A last day is moved only where the calendar is known; compare like with like.
    assume(not first.unknown_year and not second.unknown_year)
    assert first.ends <= second.ends


@given(order_days)
def test_seven_days_are_the_seven_after_signing(signed):
    due = due_date("seven_day_return", started("seven_day_return", signed), FACTS, signed)
    days = [
        signed + datetime.timedelta(days=number) for number in range(1, FACTS.deadlines["seven_day_return"].amount + 1)
    ]
    assert due.ends == days[-1]
    assert due.days_left == 7


@given(order_days)
def test_months_and_years_end_on_the_same_number_or_the_month_s_last_day(start):
    for deadline_id, months in (("durable_goods_burden", 6), ("general_limit", 36), ("defect_limit", 24)):
        ends = due_date(deadline_id, started(deadline_id, start), FACTS, start).ends
        assert (ends.year * 12 + ends.month) - (start.year * 12 + start.month) == months
        assert ends.day == min(start.day, calendar.monthrange(ends.year, ends.month)[1])


@pytest.mark.parametrize(
    ("deadline_id", "start", "ends"),
    [
        ("seven_day_return", day(12, 28), day(1, 4, 2027)),
        ("seven_day_return", day(2, 24, 2024), day(3, 2, 2024)),
        ("durable_goods_burden", day(8, 31, 2025), day(2, 28)),
        ("durable_goods_burden", day(8, 31, 2023), day(2, 29, 2024)),
        ("general_limit", day(2, 29, 2024), day(2, 28, 2027)),
        ("resubmit_after_refusal", day(11, 28), day(12, 3)),
        # A shopper's hours are rounded down, the others' up.
        ("spoiled_fruit_claim", day(11, 23), day(11, 24)),
        ("fast_refund", day(11, 23), day(11, 23)),
        ("seller_reply_shipped", day(11, 23), day(11, 25)),
        ("seller_reply", day(11, 23), day(11, 25)),
        # 60 days end on Wednesday 7 October, a holiday: the next working day.
        ("mediation_12315", day(8, 8), day(10, 8)),
        ("mediation_12315", day(8, 9), day(10, 8)),
        ("accept_12315", day(9, 28), day(10, 13)),
    ],
)
def test_examples(deadline_id, start, ends):
    due = due_date(deadline_id, started(deadline_id, start), FACTS, start)
    assert due.ends == ends
    assert due.unknown_year is None
    assert due.approximate == (due.deadline.unit == "hour" or due.deadline.at_earliest)


def test_a_start_that_is_unknown_or_to_come_gives_nothing():
    assert due_date("seven_day_return", Case(), FACTS, TODAY) is None
    tomorrow = TODAY + datetime.timedelta(days=1)
    assert due_date("seven_day_return", started("seven_day_return", tomorrow), FACTS, TODAY) is None
    assert due_date("platform_records", Case(dates=dict.fromkeys(EVENTS, TODAY)), FACTS, TODAY) is None
    with pytest.raises(KeyError):
        due_date("eight_day_return", Case(), FACTS, TODAY)


def test_a_right_used_in_time_has_not_lapsed():
    used = case_with(received=day(11, 1), applied=day(11, 5))
    late = case_with(received=day(11, 1), applied=day(11, 15))
    undated = case_with(received=day(11, 1), climbed={"after_sales"})
    before = case_with(received=day(11, 1), applied=day(10, 20))
    assert has_lapsed("seven_day_return", used, FACTS, TODAY) is False
    assert has_lapsed("seven_day_return", late, FACTS, TODAY) is True
    assert has_lapsed("seven_day_return", undated, FACTS, TODAY) is None
    assert has_lapsed("seven_day_return", before, FACTS, TODAY) is True


def test_a_right_by_law_that_ends_on_a_day_off_is_not_called_lapsed_too_soon():
    signed = started("seven_day_return", day(9, 26))  # ends on Saturday 3 October, people work again on the 8th
    assert has_lapsed("seven_day_return", signed, FACTS, day(10, 3)) is False
    assert has_lapsed("seven_day_return", signed, FACTS, day(10, 8)) is None
    assert has_lapsed("seven_day_return", signed, FACTS, day(10, 9)) is True
    assert "依法可能顺延到 10月8日" in sentence_of("seven_day_return", signed, day(10, 5))
    refused = started("resubmit_after_refusal", day(9, 28))  # the app's own limit has no such grace
    assert has_lapsed("resubmit_after_refusal", refused, FACTS, day(10, 4)) is True


def test_goods_sent_back_set_the_delay_going_anew():
    demanded = case_with("refund_refused", applied=day(11, 1))
    assert due_date("deliberate_delay", demanded, FACTS, TODAY).ends == day(11, 16)
    back = case_with("refund_after_return", applied=day(11, 1), return_received=day(11, 12))
    assert due_date("deliberate_delay", back, FACTS, TODAY).ends == day(11, 27)
    unseen = case_with("refund_after_return", applied=day(11, 1))
    assert due_date("deliberate_delay", unseen, FACTS, TODAY) is None
    assert missing_events(unseen, FACTS) == ("return_received",)


# What counts


def test_a_special_limit_stands_for_the_general_one_whatever_it_is_called():
    assert replaced_by(("seller_reply_unshipped", "after_sales_window"), FACTS) == {"seller_reply"}
    applied = case_with("not_shipped", {"after_sales"}, applied=day(11, 24))
    assert "seller_reply_unshipped" in ids(applied)
    assert "seller_reply" not in ids(applied)
    special = FACTS.deadlines["seller_reply_unshipped"].copy(update={"replaces": None})
    apart = dataclasses.replace(FACTS, deadlines={**FACTS.deadlines, special.id: special})
    found = [due.deadline.id for due in due_dates(applied, apart, TODAY)]
    assert {"seller_reply", "seller_reply_unshipped"} <= set(found)


def test_the_soonest_comes_first_and_the_missed_last():
    case = case_with(
        "refund_refused",
        {"after_sales"},
        {"after_sales"},
        received=day(11, 1),
        confirmed=day(11, 15),
        applied=day(11, 12),
        refused=day(11, 22),
        remedy="refund",
    )
    assert ids(case) == ["resubmit_after_refusal", "deliberate_delay", "after_sales_window", "general_limit"]
    assert ids(case, day(11, 29)) == [
        "after_sales_window",
        "general_limit",
        "resubmit_after_refusal",
        "deliberate_delay",
    ]


@given(
    st.sampled_from(sorted(FACTS.situations)),
    st.dictionaries(st.sampled_from(EVENTS), st.dates(day(1, 1, 2023), day(12, 31)), max_size=6),
    st.sets(st.sampled_from(sorted(FACTS.rung_of.values()))),
    st.sampled_from([None, *STAGES]),
    st.sampled_from([None, "return_refund", "refund"]),
)
def test_any_case_is_ordered_and_told(situation, dates, climbed, stage, remedy):
    case = Case(situation=situation, dates=dates, stage=stage, remedy=remedy).with_rungs(climbed)
    dues = due_dates(case, FACTS, TODAY)
    left = [due.days_left for due in dues if not due.lapsed and due.days_left is not None]
    assert left == sorted(left)
    lapsed = [due.lapsed is True for due in dues]
    assert lapsed == sorted(lapsed)
    assert len({due.deadline.id for due in dues}) == len(dues)
    for due in dues:
        line = in_words(due, FACTS, TODAY)
        assert "\n" not in line
        assert len(line) <= 120
        assert line.endswith("。")
        assert "！" not in line
        assert ("通常" in line) == (not due.deadline.is_certain)
    missing = missing_events(case, FACTS)
    assert not set(missing) & set(dates)
    for event in missing:
        filled = dataclasses.replace(case, dates={**dates, event: TODAY})
        assert any(due.event == event for due in due_dates(filled, FACTS, TODAY)) or used_already(event, filled), event


def used_already(event: str, case: Case) -> bool:
    """Tell whether a right that starts with `event` was used on a day not told."""
    started_so = [name for name in RECKONED if FACTS.deadlines[name].starts == event]
    return any(due_date(name, case, FACTS, TODAY).closed for name in started_so)


def test_seven_days_count_where_a_return_is_wanted_or_still_possible():
    assert "seven_day_return" in ids(case_with(received=day(11, 20)))
    assert "seven_day_return" in ids(case_with(received=day(11, 20), remedy="return_refund"))
    assert "seven_day_return" not in ids(case_with(received=day(11, 20), remedy="repair"))
    assert "seven_day_return" in ids(case_with("seven_day_return_refused", received=day(11, 20), remedy="refund"))
    assert "seven_day_return" not in ids(case_with("spoiled_fresh_goods", received=day(11, 20)))
    assert "seven_day_return" not in ids(case_with("privacy_leak", received=day(11, 20)))


def test_the_burden_of_proof_counts_for_durable_goods_only():
    assert "durable_goods_burden" in ids(case_with(received=day(11, 1), goods="洗衣机"))
    assert "durable_goods_burden" in ids(case_with(received=day(11, 1), goods="笔记本电脑"))
    for goods in (None, "鞋", "电脑包", "洗衣机罩"):
        assert "durable_goods_burden" not in ids(case_with(received=day(11, 1), goods=goods))


def test_nobody_is_waited_for_who_has_answered_or_was_given_up():
    waiting = case_with("seller_ignoring", {"after_sales"}, applied=day(11, 23))
    assert "seller_reply" in ids(waiting)
    assert "seller_reply" not in ids(case_with("seller_ignoring", failed={"after_sales"}, applied=day(11, 23)))
    assert "seller_reply" not in ids(case_with("seller_ignoring", applied=day(11, 22), refused=day(11, 23)))
    unshipped = case_with("not_shipped", {"after_sales"}, applied=day(11, 24))
    assert [name for name in ids(unshipped) if name.startswith("seller_reply")] == ["seller_reply_unshipped"]
    complained = case_with("counterfeit", {"complaint_12315"}, complained_12315=day(11, 20))
    assert "accept_12315" in ids(complained)
    accepted = case_with("counterfeit", {"complaint_12315"}, complained_12315=day(11, 20), accepted_12315=day(11, 23))
    assert [name for name in ids(accepted) if name.endswith("12315")] == ["mediation_12315"]


@pytest.mark.parametrize(
    ("case", "missing"),
    [
        (case_with("spoiled_fresh_goods"), ("received", "confirmed")),
        (case_with("not_shipped"), ()),
        (case_with("not_shipped", {"after_sales"}), ("applied",)),
        (case_with("refund_refused", stage="received"), ("refused", "received", "confirmed")),
        (case_with("quality_problem", stage="unshipped"), ()),
        (case_with("counterfeit", {"complaint_12315"}, remedy="refund", confirmed=TODAY),
         ("complained_12315", "accepted_12315")),
        (case_with("injury", received=TODAY, confirmed=TODAY), ("harmed",)),
        (Case(), ()),
    ],
)  # fmt: skip
def test_events_worth_asking_for(case, missing):
    assert missing_events(case, FACTS) == missing


# Words


@pytest.mark.parametrize(
    ("deadline_id", "start", "line"),
    [
        (
            "seven_day_return",
            day(11, 20),
            "七天无理由退货：从 11月20日签收的次日起算，最后一天是 11月27日，还剩 3 天（定做、鲜活易腐等商品除外）。",
        ),
        (
            "resubmit_after_refusal",
            day(11, 20),
            "被拒后再提：从 11月20日商家拒绝的次日起算，通常最后一天是 11月25日，就是明天。",
        ),
        (
            "after_sales_window",
            day(11, 5),
            "申请售后的期限：从 11月5日确认收货的次日起算，通常到 11月20日，已过 4 天。"
            "质量问题还能走官方客服和 12315。",
        ),
        (
            "spoiled_fruit_claim",
            day(11, 23),
            "坏果包赔申请：从 11月23日签收起算 24 小时，通常最后一天大约是 11月24日，就是今天。",
        ),
        (
            "general_limit",
            day(11, 20),
            "起诉期限：最早从 11月20日签收的次日起算，最后一天大约是 2029年11月20日，还剩 1092 天。",
        ),
        (
            "courier_reply",
            day(11, 10),
            "快递公司答复：从 11月10日向快递公司投诉的次日起算，通常到 11月17日，已超 7 天。"
            "没答复或不满意的，可以向邮政业申诉。",
        ),
        (
            "mediation_12315",
            day(11, 9),
            "12315 调解：从 11月9日 12315 受理的次日起算，大约到 2027年1月8日，还剩 45 天，遇休息日往后顺延。",
        ),
    ],
)  # fmt: skip
def test_a_last_day_in_words(deadline_id, start, line):
    assert sentence_of(deadline_id, started(deadline_id, start)) == line


@pytest.mark.parametrize("deadline_id", RECKONED)
def test_the_start_is_worded_as_everywhere_else(deadline_id):
    event = FACTS.deadlines[deadline_id].starts
    line = sentence_of(deadline_id, started(deadline_id, day(11, 20)))
    assert f"从 {case_words().happened(event, '11月20日')}" in line


def test_a_year_without_a_calendar_is_told():
    line = sentence_of("accept_12315", started("accept_12315", day(12, 28)), day(12, 29))
    assert line.endswith("我这里还没有 2027 年的放假安排，工作日先算不准，以通知为准。")


@pytest.mark.parametrize("deadline_id", RECKONED)
def test_every_limit_can_be_told_open_and_over(deadline_id):
    start = day(6, 1)
    for today in (start, day(7, 1), day(12, 1, 2030)):
        assert sentence_of(deadline_id, started(deadline_id, start), today).startswith(
            FACTS.deadlines[deadline_id].name
        )


# The record


def test_what_the_records_name_exists():
    remedies = yaml.safe_load((DEFAULT_DIRECTORY.parent / "data/entities/remedies.yml").read_text(encoding="utf-8"))
    for deadline in FACTS.deadlines.values():
        assert set(deadline.remedies) <= set(remedies["remedies"])
        counted = deadline.starts or deadline.ends_on
        assert counted or not (deadline.restarts or deadline.closed_by or deadline.at_earliest)


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("starts: received", "starts: arrived", "没有叫「arrived」的事件"),
        ("closed_by: [applied, returned]", "closed_by: [applied, regretted]", "没有叫「regretted」的事件"),
        ("binds: shopper", "binds: nobody", "binds"),
        ("amount: 7\n  unit: day", "counted_from: 收货", "starts"),
        ("not_in: [spoiled_fresh_goods", "not_in: [spoilt_goods", "spoilt_goods"),
    ],
)
def test_a_broken_record_stops_the_start(knowledge_copy, old, new, reason):
    file = knowledge_copy / "deadlines.yml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(KnowledgeError) as caught:
        load(knowledge_copy)
    assert any("deadlines.yml:" in problem and reason in problem for problem in caught.value.problems)
