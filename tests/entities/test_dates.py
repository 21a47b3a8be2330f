"""Dates and lengths of time, as told on Tuesday 24 November 2026 at noon."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weiquan.language.entities.dates import find_dates, find_durations

NOW = datetime.datetime(2026, 11, 24, 12)


def dates(text: str, now: datetime.datetime = NOW) -> list[tuple[str, str | None]]:
    """Return (words, first day or first/last) of each date."""

    def days(moment) -> str | None:
        return (
            None
            if moment.first is None
            else str(moment.first)
            if moment.first == moment.last
            else f"{moment.first}/{moment.last}"
        )

    return [(text[moment.start : moment.end], days(moment)) for moment in find_dates(text, now)]


def durations(text: str) -> list[tuple[str, str | None, bool, str | None]]:
    found = find_durations(text, NOW)
    return [
        (text[moment.start : moment.end], moment.iso, moment.approximate, moment.since and str(moment.since))
        for moment in found
    ]


@pytest.mark.parametrize(
    ("text", "words", "day"),
    [
        ("前天下单的", "前天", "2026-11-22"),
        ("昨晚买的", "昨晚", "2026-11-23"),
        ("是昨天下午到的", "昨天下午", "2026-11-23"),
        ("今早收到", "今早", "2026-11-24"),
        ("昨儿个到的", "昨儿个", "2026-11-23"),
        ("昨天晚上10点", "昨天晚上", "2026-11-23"),
        ("上周三签收", "上周三", "2026-11-18"),
        ("上个星期六", "上个星期六", "2026-11-21"),
        ("上上周五", "上上周五", "2026-11-13"),
        ("上礼拜发的", "上礼拜", "2026-11-16/2026-11-22"),
        ("周三收到的", "周三", "2026-11-18"),
        ("周二", "周二", "2026-11-24"),
        ("上周末", "上周末", "2026-11-21/2026-11-22"),
        ("这个月初买的", "这个月初", "2026-11-01/2026-11-10"),
        ("上个月15号", "上个月15号", "2026-10-15"),
        ("上个月的单子", "上个月", "2026-10-01/2026-10-31"),
        ("11月3号收到", "11月3号", "2026-11-03"),
        ("十月二十八号", "十月二十八号", "2026-10-28"),
        ("11月3号那天晚上", "11月3号那天晚上", "2026-11-03"),
        ("2026年11月3日", "2026年11月3日", "2026-11-03"),
        ("2026-11-03付款", "2026-11-03", "2026-11-03"),
        ("25年11月买的", "25年11月", "2025-11-01/2025-11-30"),
        ("付款时间11.3", "11.3", "2026-11-03"),
        ("我10.28下单的", "10.28", "2026-10-28"),
        ("10/28下的单", "10/28", "2026-10-28"),
        ("15号买的", "15号", "2026-11-15"),
        ("月初下单", "月初", "2026-11-01/2026-11-10"),
        ("九月底", "九月底", "2026-09-21/2026-09-30"),
        ("3月份买的", "3月份", "2026-03-01/2026-03-31"),
        ("12月买的", "12月", "2025-12-01/2025-12-31"),
        ("去年买的", "去年", "2025-01-01/2025-12-31"),
        ("去年年底", "去年年底", "2025-12-01/2025-12-31"),
        ("今年夏天", "今年夏天", "2026-06-01/2026-08-31"),
    ],
)
def test_a_date_is_found_and_lies_in_the_past(text, words, day):
    assert dates(text) == [(words, day)]


@pytest.mark.parametrize(
    ("text", "words", "day"),
    [
        ("国庆买的", "国庆", "2026-10-01"),
        ("国庆那天", "国庆那天", "2026-10-01"),
        ("国庆假期", "国庆", "2026-10-01/2026-10-07"),
        ("春节期间", "春节", "2026-02-17/2026-02-23"),
        ("过年的时候", "过年", "2026-02-17"),
        ("中秋节前买的", "中秋节", "2026-09-25"),
        ("去年中秋", "去年中秋", "2025-10-06"),
        ("端午节买的粽子", "端午节", "2026-06-19"),
        ("清明买的", "清明", "2026-04-05"),
        ("除夕下的单", "除夕", "2026-02-16"),
        ("腊八", "腊八", "2026-01-26"),
        ("正月初六", "正月初六", "2026-02-22"),
        ("农历八月十五", "农历八月十五", "2026-09-25"),
        ("双十一抢的", "双十一", "2026-11-11"),
        ("双11那天", "双11那天", "2026-11-11"),
        ("双十一前一天", "双十一前一天", "2026-11-10"),
        ("618买的", "618", "2026-06-18"),
        ("母亲节买的", "母亲节", "2026-05-10"),
        ("父亲节买的", "父亲节", "2026-06-21"),
        ("感恩节", "感恩节", "2025-11-27"),
    ],
)
def test_a_holiday_is_the_last_one(text, words, day):
    assert dates(text) == [(words, day)]


@pytest.mark.parametrize(
    ("text", "words", "day"),
    [
        ("三天前", "三天前", "2026-11-21"),
        ("两个月前", "两个月前", "2026-09-24"),
        ("半小时前", "半小时前", "2026-11-24"),
        ("半个月前", "半个月前", "2026-11-09"),
        ("一个多月前", "一个多月前", "2026-10-24"),
        ("三年前", "三年前", "2023-11-24"),
        ("几天前", "几天前", None),
        ("前几天买的", "前几天", None),
        ("年前我给家里换窗帘", "年前", None),
    ],
)
def test_so_long_ago_is_a_date(text, words, day):
    assert dates(text) == [(words, day)]


@pytest.mark.parametrize(
    ("text", "words", "day"),
    [
        ("说明天发货", "明天", "2026-11-25"),
        ("下周一发货", "下周一", "2026-11-30"),
        ("说周五前发货", "周五", "2026-11-27"),
        ("11月30号前发货", "11月30号", "2026-11-30"),
        ("商家承诺12月1号发货", "12月1号", "2026-12-01"),
        ("11月3号前发货", "11月3号", "2026-11-03"),
    ],
)
def test_deadlines_and_words_of_the_future_look_ahead(text, words, day):
    assert dates(text) == [(words, day)]


def test_without_such_a_word_a_later_day_of_the_year_was_last_year():
    assert dates("12月1号") == [("12月1号", "2025-12-01")]


def test_the_second_day_of_a_range_is_in_the_month_of_the_first():
    assert dates("10月1号到7号") == [("10月1号", "2026-10-01"), ("7号", "2026-10-07")]


def test_the_lunar_calendar_is_read_in_its_own_year():
    assert dates("春节", datetime.datetime(2026, 1, 10)) == [("春节", "2025-01-29")]
    assert dates("中秋", datetime.datetime(2026, 9, 25)) == [("中秋", "2026-09-25")]
    assert dates("小年", datetime.datetime(2026, 3, 1)) == [("小年", "2026-02-10")]


def test_a_day_that_does_not_exist_has_no_value():
    assert dates("2月30号") == [("2月30号", None)]


@pytest.mark.parametrize(
    "text",
    [
        "花了11.3",
        "评分是4.9",
        "9.9包邮",
        "1/3都坏了",
        "以前天天买",
        "售后天天拖",
        "目前天气",
        "网上周围",
        "今日头条",
        "五号电池",
        "3号楼",
        "38号的鞋",
        "手机号",
        "周大福",
        "中秋月饼",
        "圣诞树",
        "每周一",
        "一周一次",
        "一周内",
        "3-5天",
        "小时候",
        "七天无理由",
        "三天后坏了",
    ],
)
def test_what_only_looks_like_a_date_is_left_alone(text):
    assert dates(text) == []


@pytest.mark.parametrize(
    ("text", "words", "iso", "since"),
    [
        ("签收十天了", "十天", "P10D", "2026-11-14"),
        ("都已经快一个月了", "一个月", "P1M", "2026-10-24"),
        ("48小时内发货", "48小时", "PT48H", "2026-11-22"),
        ("72h", "72h", "PT72H", "2026-11-21"),
        ("两周没发货", "两周", "P2W", "2026-11-10"),
        ("一星期", "一星期", "P1W", "2026-11-17"),
        ("半个月", "半个月", "P15D", "2026-11-09"),
        ("用了两天半", "两天半", "P2DT12H", "2026-11-22"),
        ("一个半月", "一个半月", "P1M15D", "2026-10-09"),
        ("两个半小时", "两个半小时", "PT2H30M", "2026-11-24"),
        ("一年半", "一年半", "P1Y6M", "2025-05-24"),
        ("俩月了", "俩月", "P2M", "2026-09-24"),
        ("3日内", "3日", "P3D", "2026-11-21"),
        ("一整天", "一整天", "P1D", "2026-11-23"),
        ("用了三天后坏了", "三天", "P3D", "2026-11-21"),
        ("保修一年", "一年", "P1Y", "2025-11-24"),
    ],
)
def test_a_length_of_time_is_measured(text, words, iso, since):
    assert durations(text) == [(words, iso, False, since)]


@pytest.mark.parametrize(
    ("text", "words", "iso"),
    [
        ("一个多月了", "一个多月", "P1M"),
        ("三四天", "三四天", "P3D"),
        ("3-5天", "3-5天", "P3D"),
        ("大半年", "大半年", "P6M"),
        ("十来天", "十来天", "P10D"),
        ("20多天了", "20多天", "P20D"),
        ("个把月", "个把月", "P1M"),
        ("好几天了", "好几天", None),
        ("没几天就坏了", "几天", None),
        ("等了半天", "半天", None),
        ("十天半个月", "十天半个月", None),
    ],
)
def test_a_vague_length_says_so(text, words, iso):
    ((found, length, approximate, since),) = durations(text)
    assert (found, length, approximate) == (words, iso, True)
    assert (since is None) == (iso is None)


def test_working_days_are_not_guessed():
    assert durations("3个工作日") == [("3个工作日", None, False, None)]


@pytest.mark.parametrize(
    "text",
    [
        "七天无理由退货",
        "15天价保",
        "三天前",
        "第三天",
        "有一天",
        "每天都催",
        "一天天的",
        "一天到晚",
        "三天两头",
        "小时候",
        "三年级",
        "2025年",
        "3月",
        "年卡",
        "要几天到账?",
        "3个月大的宝宝",
        "24小时客服",
        "百天照",
    ],
)
def test_what_only_looks_like_a_length_is_left_alone(text):
    assert durations(text) == []


@given(
    st.text(
        alphabet="0123456789.-/年月日号天周星期礼拜一二两三十半几个多前后昨今明上下这小时国庆双春节的了", max_size=20
    ),
    st.datetimes(min_value=datetime.datetime(2000, 1, 1), max_value=datetime.datetime(2090, 1, 1)),
)
def test_any_text_on_any_day_gives_spans_inside_it_that_do_not_overlap(text, now):
    end = 0
    found = [*find_dates(text, now), *find_durations(text, now)]
    for moment in sorted(found, key=lambda span: span.start):
        assert end <= moment.start < moment.end <= len(text)
        end = moment.end
    for date in find_dates(text, now):
        assert (date.first is None) == (date.last is None)
        assert date.first is None or date.first <= date.last
