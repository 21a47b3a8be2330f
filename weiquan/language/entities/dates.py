"""Days and stretches of days, and lengths of time, in a shopper's message.

Shoppers tell what happened: where a date leaves its year or week open, the
latest one that is not after today is meant. Only a deadline (周五前发货) or a
word of the future (明天, 下周) looks ahead. Numbers are read by
`numerals`, holidays by `holidays`.
"""

from __future__ import annotations

import dataclasses
import datetime
import re
from typing import Iterator, List, Match, Optional, Pattern, Tuple

from weiquan.language.entities.calendar_words import (
    DAY_NUMBER,
    DIGITS,
    MONTH_NUMBER,
    PART_OF_DAY,
    PART_OF_MONTH,
    YEAR_WORD,
    CalendarDate,
    Found,
    Resolver,
    bare_part_of_month,
    bare_part_of_year,
    day_of_month,
    holiday,
    lunar_date,
    month_and_day,
    numeric,
    open,
    relative_day,
    relative_month,
    week,
    weekday,
    year_stretch,
)
from weiquan.language.entities.durations import LENGTH, read_length
from weiquan.language.entities.holidays import BY_NAME
from weiquan.language.patterns import one_of, without_overlaps


@dataclasses.dataclass(frozen=True)
class Duration:
    """The length of time that `text[start:end]` names.

    `iso` is an ISO 8601 duration (P10D), None where only its size is named
    (好几天) or it is counted in working days; where it is `approximate`, `iso`
    is the lower end. `since` is the day that long before the message.
    """

    start: int
    end: int
    iso: Optional[str]
    approximate: bool
    since: Optional[datetime.date]


# --- the patterns of dates ---

_NOT_A_HOLIDAY = r"(?!月饼|礼盒|粽|树|老人|帽|装|款|图书|汤圆|大闸蟹|茶|螺|粿|团子|贺卡|礼品|礼物|路|区|新村)"

_HOLIDAY_NAMES = "|".join(re.escape(name) for name in sorted(BY_NAME, key=len, reverse=True))

_DATED_EVENT = one_of(
    "下单 下的?单 买 购 拍 付款 付的 发货 发的?货 寄 揽收 派送 送 取件 取的? 收到? 签收 到货 到的? 确认 安装 预约",
    "申请 提交 退 联系 投诉 就 开始 当天",
)

# 11.3 and 11-03 are days after a word of time; after 在, 到, 是 a price or a mark (4.9) is as likely.
_TIME_CUE = r"(?:时间|日期|于|自|截止|截至)[是为到:：]?\s?"

_WEAK_CUE = r"(?:在|从|到|至|是)\s?"

_SHORT_DATE = r"(?P<month>1[0-2]|0?[1-9])[-.](?P<day>3[01]|[12]\d|0?[1-9])(?![\d.\-元块号日分折寸米斤万%])"

_NOT_DAY_NUMBER = one_of(
    "电池 楼 店 线 色 码 链接 商品 门 机 柜 仓 库 口",
    "鞋 裤 衣 球 车 院 桌 位 字 文 房 室 桶 箱 针 胶 称 召 令 铁 的鞋 的裤 客服 主播",
    "干 大 小 和 模 快递 包 桥 地 款 卡 刀 油 汽油 尺",
)

_NOT_DATE_DAY = one_of("内 之内 以内 无理由 游 用 常 本 抛 元 起 历 间")

_NOT_DAY = "天|气|然|猫|生|空|线|赋|大"

_NO_NUMBER_BEFORE = r"(?<![\d.\-/¥￥第尾])"

_DATES: List[Tuple[Pattern[str], Resolver]] = [
    (re.compile(pattern, re.VERBOSE), resolver)
    for pattern, resolver in (
        (
            r"(?<![以之目日提售然最今])(?P<which>大前|前|昨|今|明|大后|后)"
            rf"(?:天(?!{_NOT_DAY})|日(?!头条|本|韩|常)){PART_OF_DAY}",
            relative_day,
        ),
        (rf"(?P<which>昨|今|明|前)(?:晚(?!辈)|夜|早(?!就|已)|晨|儿个?)(?:上)?{PART_OF_DAY}", relative_day),
        (
            r"(?<![0-9一二两三四五六七八九十半几个每网晚早])(?P<week>上上个?|上个?|这个?|本|下下个?|下个?)?"
            rf"(?:周(?![六](?:福|生))|星期|礼拜)(?P<day>[一二三四五六日天末](?![次年岁]|天后)){PART_OF_DAY}",
            weekday,
        ),
        (
            r"(?<!每)(?P<week>上上|上|这|本|下下|下)个(?:周|星期|礼拜)(?P<day>[一二三四五六日天末])" + PART_OF_DAY,
            weekday,
        ),
        (
            r"(?<![网晚早线])(?P<week>上上个?|上个?|这个?|本|下下个?|下个?)(?:周(?![围边到遭转期身正年岁刊折密])|星期|礼拜)"
            r"(?![一二三四五六日天末])",
            week,
        ),
        (
            r"(?<![网晚早])(?P<which>上上个?|上个?|这个?|本|下下个?|下个?)月(?![饼嫂经亮球卡供票老份])"
            rf"(?:份(?!额))?(?:的?(?P<day>{DAY_NUMBER})[号日]|的?(?P<part>{PART_OF_MONTH}))?{PART_OF_DAY}",
            relative_month,
        ),
        (
            rf"{_NO_NUMBER_BEFORE}(?:(?P<year>{YEAR_WORD}的?)\s?)?(?P<month>{MONTH_NUMBER})月份?"
            rf"(?:(?P<day>{DAY_NUMBER})(?:[号日](?!内)|(?![\d件个斤盒只双块元号日]))|(?P<part>{PART_OF_MONTH})"
            rf"|(?<!几月)(?=[^前内后花饼\d]|\Z)){PART_OF_DAY}",
            month_and_day,
        ),
        (
            r"(?<![\d./\-])(?P<year>20\d\d)[-/.](?P<month>1[0-2]|0?[1-9])[-/.](?P<day>3[01]|[12]\d|0?[1-9])"
            rf"[号日]?(?![\d./\-]){PART_OF_DAY}",
            numeric,
        ),
        (
            r"(?:时间|日期)[是为:：]?\s?"
            r"(?P<span>(?P<year>20\d\d)(?P<month>1[0-2]|0[1-9])(?P<day>3[01]|[12]\d|0[1-9]))(?!\d)",
            numeric,
        ),
        (
            # 1/3 is a third more often than the third of January.
            rf"{_NO_NUMBER_BEFORE}(?P<month>1[0-2]|0?[1-9])/(?P<day>3[01]|[12]\d|0?[1-9])"
            rf"(?:[号日]|(?<=\d\d)(?![\d/%个的])|(?![\d/%])(?=\s?{_DATED_EVENT})){PART_OF_DAY}",
            month_and_day,
        ),
        (
            rf"{_NO_NUMBER_BEFORE}(?P<month>1[0-2]|0?[1-9])[-.](?P<day>3[01]|[12]\d|0?[1-9])[号日]{PART_OF_DAY}",
            month_and_day,
        ),
        (
            rf"{_TIME_CUE}(?P<span>{_SHORT_DATE}{PART_OF_DAY})",
            month_and_day,
        ),
        (
            rf"{_WEAK_CUE}(?P<span>{_SHORT_DATE}(?<!\.[958]){PART_OF_DAY})(?=\s?(?:[,，。]|之?前|[到至]|\Z|{_DATED_EVENT}))",
            month_and_day,
        ),
        (
            rf"(?<![\d.\-/¥￥第尾花付退赔扣补差价卖收才只要了])(?P<month>1[0-2]|0?[1-9])[-.](?P<day>3[01]|[12]\d|0?[1-9])"
            rf"(?![\d.\-]){PART_OF_DAY}(?=\s?(?:我|就|才|已经?)?{_DATED_EVENT})",
            month_and_day,
        ),
        (
            rf"(?<![\d.\-/第尾型{DIGITS}月])(?P<day>{DAY_NUMBER})号(?!{_NOT_DAY_NUMBER}){PART_OF_DAY}",
            day_of_month,
        ),
        (
            rf"(?<![\d.\-/第尾{DIGITS}月])(?P<day>[12]\d|3[01]|[1-9])日(?!{_NOT_DATE_DAY}){PART_OF_DAY}",
            day_of_month,
        ),
        (
            rf"(?<!\d)(?P<year>{YEAR_WORD}的?)?(?:(?P<name>{_HOLIDAY_NAMES}){_NOT_A_HOLIDAY})(?![\d.])"
            rf"(?P<shift>[前后][一两三]天|第二天)?{PART_OF_DAY}",
            holiday,
        ),
        (
            rf"(?P<year>{YEAR_WORD}的?)?(?:农历|阴历)?(?P<month>[正冬腊]|(?<=[农阴]历)[一二三四五六七八九十]{{1,2}})月"
            rf"(?P<day>(?:初|廿|二十|十|三十)[一二三四五六七八九十]?){PART_OF_DAY}",
            lunar_date,
        ),
        (
            r"(?<![以之目日提过])(?P<year>大前年|前年|去年|今年|明年|20\d\d年)(?!年(?![初底末])|轻|龄|纪|级|款|新款|度)"
            r"(?P<part>的?(?:年?初|年?底|年?末|上半年|下半年|[春夏秋冬](?:天|季)?(?!装|款|衣)))?",
            year_stretch,
        ),
        (rf"(?<![{DIGITS}上这本下个\d半几])(?P<part>月初|月底|月末|月中|上旬|中旬|下旬)", bare_part_of_month),
        (rf"(?<![{DIGITS}去今前明\d半几大])(?P<part>年初(?!一|二|三|四|五|六|七)|年底|年末)", bare_part_of_year),
        (rf"(?<![{DIGITS}\d半几多])年[前后](?=[我在才就]?(?:{_DATED_EVENT}|给|换|订))", open),
        (r"(?<![之以])前(?:几|两|些)(?:个(?:月|星期|礼拜)|天|日子|周)|前阵子|前段时间|前一阵子?|前些时候", open),
        (r"(?<![在])这(?:几|两)天", open),
    )
]

# --- lengths of time ---

_AGO = re.compile(rf"(?<![第\d.])(?:{LENGTH})(?:之前|以前|前(?![台面端后往来进提置胸排任景言]))", re.VERBOSE)

_DURATION = re.compile(rf"(?<![第\d.\-/x×*])(?:{LENGTH})", re.VERBOSE)

_NAMED_RIGHT = one_of("无理由 包退 包换 包赔 退换 价保 保价 免费退 可退 可换 试用 放心 后悔")

_RIGHT = re.compile(
    one_of(
        rf"(?:之?内)?(?:可以|支持)?{_NAMED_RIGHT}",
        "岁 龄 大的?[宝婴小孩] 的?(?:宝宝|婴儿|娃|孩子) 在线 客服 人工 热线 营业 服务",
        "天 照 围 边 末 刊 候 杀 转(?!眼) 两头 老店 陈(?!旧) 四季 到晚 [一二三四五六日]次?(?=早|晚|上|下|到|至)",
        "(?<=[年月])(?:卡|租|费|薪|款|终|轮|会|货) (?<=年)级",
    )
)
"""What follows a number of days that is the name of a right, an age, a class, an opening time."""

_PART_OF_WORD = re.compile(r"(?:第|每|头|(?<!提)前|最后|那|哪|某|同|当|改|隔|次|[x×*]|20|百|岁|龄)\Z")

_ONE_DAY = re.compile(r"(?:有|那|哪|某|同|这|前|后|次|头|每|隔|改|终有|第)\Z")

_PAST_BEFORE = re.compile(r"(?:好|这|那|过|没|了|都|已经?|着|才|等)\Z")

_PAST_AFTER = re.compile(r"(?:了|没|不|都|还|就|后|的时间)")


def _is_length(text: str, match: Match[str]) -> bool:
    """Tell a length of time from a right (七天无理由), an age, a year (2025年), a question (几天到账)."""
    before, after = text[: match.start()], text[match.end() :]
    if _RIGHT.match(text, match.end()):
        return False
    span = match.group()
    if span.startswith(("一天", "1天", "一年", "一周", "一个月", "一个星期")) and _ONE_DAY.search(before):
        return False
    if _PART_OF_WORD.search(before):
        return False
    if match.group("unit") == "年" and re.fullmatch(r"(?:19|20)\d\d|[23]\d", match.group("count")):
        return False
    if match.group("some") == "几":
        is_past = bool(_PAST_BEFORE.search(before) or _PAST_AFTER.match(after))
        return is_past and not re.search(r"(?:要|需|得|多少|最快|一般)[^,，。]{0,3}\Z", before)
    return True


# --- finding ---


def _span(match: Match[str]) -> Tuple[int, int]:
    """Return where the date itself stands in a match that begins with a cue."""
    return match.span("span") if "span" in match.re.groupindex else match.span()


def _agos(text: str, now: datetime.datetime) -> Iterator[CalendarDate]:
    for match in _AGO.finditer(text):
        length = read_length(match)
        if length is None:
            continue
        day = length.before(now)
        yield CalendarDate(match.start(), match.end(), day, day, length.approximate)


def find_dates(text: str, now: datetime.datetime) -> List[CalendarDate]:
    """Return the dates in `text`, first to last, resolved against `now` (the shopper's local time)."""
    found = list(_agos(text, now))
    for pattern, resolver in _DATES:
        for match in pattern.finditer(text):
            start, end = _span(match)
            earlier = max((date for date in found if date.end <= start), key=lambda date: date.end, default=None)
            days = resolver(Found(match, text, now.date(), earlier))
            first, last = days if days else (None, None)
            found.append(CalendarDate(start, end, first, last))
    longest_first = sorted(found, key=lambda date: (date.start - date.end, date.start))
    return without_overlaps(longest_first, lambda date: (date.start, date.end))


def find_durations(text: str, now: datetime.datetime) -> List[Duration]:
    """Return the lengths of time in `text`, first to last; those in a date (三天前) are left out."""
    taken = find_dates(text, now)
    found: List[Duration] = []
    for match in _DURATION.finditer(text):
        if any(match.start() < date.end and date.start < match.end() for date in taken):
            continue
        length = read_length(match) if _is_length(text, match) else None
        if length is not None:
            found.append(Duration(match.start(), match.end(), length.iso, length.approximate, length.before(now)))
    return found
