"""Points and stretches of the calendar, and lengths of time, in a shopper's message.

Shoppers tell what happened: where a date leaves its year or week open, the
latest one that is not after today is meant. Only a deadline (周五前发货) or a
word of the future (明天, 下周) looks ahead. Numbers are read by
`weiquan.numbers_told`, holidays by `weiquan.holidays`.
"""

from __future__ import annotations

import dataclasses
import datetime
import re
from typing import Callable, Iterable, Iterator, List, Match, Optional, Pattern, Sequence, Tuple

from dateutil.relativedelta import relativedelta  # type: ignore[import-untyped]

from weiquan.holidays import BY_NAME, LONG, lunar_day
from weiquan.lengths import LENGTH, read_length
from weiquan.numbers_told import read_number
from weiquan.patterns import one_of, without_overlaps

Days = Tuple[datetime.date, datetime.date]
"""First and last day of a stretch; equal for one day."""


@dataclasses.dataclass(frozen=True)
class Moment:
    """A point or stretch of the calendar told at `text[start:end]`.

    `first` and `last` are None where the words leave the days open (前几天).
    `approximate` where the day is only about right (一个多月前).
    """

    start: int
    end: int
    first: Optional[datetime.date]
    last: Optional[datetime.date]
    approximate: bool = False


@dataclasses.dataclass(frozen=True)
class Duration:
    """A length of time told at `text[start:end]`.

    `iso` is an ISO 8601 duration (P10D), None where only its size is told
    (好几天) or it is counted in working days; where it is `approximate`, `iso`
    is the lower end. `since` is the day that long before the message.
    """

    start: int
    end: int
    iso: Optional[str]
    approximate: bool
    since: Optional[datetime.date]


@dataclasses.dataclass(frozen=True)
class _Found:
    """A match of one of the patterns below, in its message."""

    match: Match[str]
    text: str
    today: datetime.date
    earlier: Optional[Moment] = None
    """The moment that was told just before."""

    def get(self, group: str) -> str:
        """Return what a group matched, "" for nothing."""
        return self.match.groupdict().get(group) or ""

    @property
    def is_deadline(self) -> bool:
        """Tell whether the date is a limit still to come, or promised (11月30号前发货)."""
        before, after = self.text[: self.match.start()], self.text[self.match.end() :]
        return bool(_LIMIT_AFTER.match(after) or _LIMIT_BEFORE.search(before) or _PROMISE.search(before)) and not (
            _DONE_AFTER.match(after)
        )


Resolver = Callable[[_Found], Optional[Days]]

_LIMIT_AFTER = re.compile(r"(?:之前|以前|前(?![台面后一几两天年])|截止|为止|到期)")
_LIMIT_BEFORE = re.compile(r"(?:最晚|最迟|等到|要等|截止到?|预计|预售到?|保证|承诺)(?:在|到|是|于)?\Z")
_PROMISE = re.compile(r"(?:说|答应|通知|显示)(?:要|会|得|是)?(?:等到?|到)?\Z")
_DONE_AFTER = re.compile(
    r"(?:之前|以前|前)?(?:就|才)?(?:已经?)?(?:发了|到了|收到|签收|买的|下的?单|拍的|付的?款|发的货|申请的)"
)

_DIGITS = "一二两三四五六七八九十"
_ONES = "[一二三四五六七八九]"
_DAY_NUMBER = one_of(rf"[12]\d 3[01] 0?[1-9] 三十一? 二十{_ONES}? 廿{_ONES}? 十{_ONES}? {_ONES}")
_MONTH_NUMBER = one_of(f"1[0-2] 0?[1-9] 十[一二]? {_ONES}")
_TIME_OF_DAY = one_of(
    "那一?天 当天 那晚 当晚 一大早 大清早 清早 清晨 早上 早晨 上午 中午 下午 傍晚 晚上 夜里 半夜 凌晨 深夜 午后"
)
_PART_OF_DAY = rf"(?:的?{_TIME_OF_DAY}){{0,2}}"
_YEAR_WORD = r"(?:大前年|前年|去年|今年|明年|(?:20)?\d\d年)"
_PART_OF_MONTH = r"(?:月?初|月?底|月?末|中旬|上旬|下旬|月中|中(?![秋间午旬国号])|头)"


# --- resolving ---


def _one(day: datetime.date) -> Days:
    return day, day


def _date(year: int, month: int, day: int) -> Optional[datetime.date]:
    try:
        return datetime.date(year, month, day)
    except ValueError:
        return None


def _int(text: str) -> int:
    """Return the whole number in `text`, 0 where there is none."""
    told = read_number(text) if text else None
    return int(told.value) if told and told.value is not None else 0


def _month_of(year: int, month: int) -> Days:
    first = datetime.date(year, month, 1)
    return first, first + relativedelta(months=1, days=-1)


def _part_of(month: Days, part: str) -> Days:
    """Return the thirds of a month: its first ten days, its second ten, the rest."""
    first, last = month
    if part in {"初", "月初", "上旬", "头"}:
        return first, first.replace(day=10)
    if part in {"中旬", "月中", "中"}:
        return first.replace(day=11), first.replace(day=20)
    if part:
        return first.replace(day=21), last
    return month


def _choose(candidates: Iterable[Optional[Days]], found: _Found) -> Optional[Days]:
    """Return the latest candidate that is not after today, of a deadline the nearest."""
    known = [one for one in candidates if one]
    if found.is_deadline:
        return min(known, key=lambda one: (abs((one[0] - found.today).days), one[0] < found.today), default=None)
    return max((one for one in known if one[0] <= found.today), default=None)


def _year(text: str, today: datetime.date) -> Optional[int]:
    shift = {"大前年": -3, "前年": -2, "去年": -1, "今年": 0, "明年": 1}
    if text in shift:
        return today.year + shift[text]
    digits = text.rstrip("年")
    return int(digits) + (2000 if len(digits) == 2 else 0) if digits.isdigit() else None


def _years(found: _Found) -> Sequence[int]:
    """Return the years that may be meant: the one named, else those around today."""
    named = _year(found.get("year").rstrip("的"), found.today)
    return (named,) if named else (found.today.year - 1, found.today.year, found.today.year + 1)


def _pick(candidates: Sequence[Optional[Days]], found: _Found) -> Optional[Days]:
    return candidates[0] if len(candidates) == 1 else _choose(candidates, found)


_DAY_WORDS = {
    "大前": -3,
    "前": -2,
    "昨": -1,
    "今": 0,
    "明": 1,
    "后": 2,
    "大后": 3,
}


def _relative_day(found: _Found) -> Days:
    return _one(found.today + datetime.timedelta(days=_DAY_WORDS[found.get("which")]))


def _week_shift(prefix: str) -> Optional[int]:
    bare = prefix.replace("个", "")
    return {"上上": -2, "上": -1, "这": 0, "本": 0, "下": 1, "下下": 2}.get(bare)


def _weekday(found: _Found) -> Optional[Days]:
    monday = found.today - datetime.timedelta(days=found.today.weekday())
    shift = _week_shift(found.get("week"))
    name = found.get("day")
    first, last = (5, 6) if name == "末" else ["一二三四五六日".find(name.replace("天", "日"))] * 2
    if shift is not None:
        start = monday + datetime.timedelta(weeks=shift)
        return start + datetime.timedelta(days=first), start + datetime.timedelta(days=last)
    weeks = [monday + datetime.timedelta(weeks=one) for one in (-1, 0, 1)]
    days = [(one + datetime.timedelta(days=first), one + datetime.timedelta(days=last)) for one in weeks]
    if found.is_deadline:
        return min(one for one in days if one[1] >= found.today)
    return max(one for one in days if one[0] <= found.today)


def _week(found: _Found) -> Optional[Days]:
    shift = _week_shift(found.get("week"))
    if shift is None:
        return None
    monday = found.today + datetime.timedelta(days=-found.today.weekday(), weeks=shift)
    return monday, monday + datetime.timedelta(days=6)


def _relative_month(found: _Found) -> Optional[Days]:
    shift = _week_shift(found.get("which"))
    if shift is None:
        return None
    first = found.today.replace(day=1) + relativedelta(months=shift)
    month = _month_of(first.year, first.month)
    if found.get("day"):
        day = _date(first.year, first.month, _int(found.get("day")))
        return _one(day) if day else None
    return _part_of(month, found.get("part"))


def _month_and_day(found: _Found) -> Optional[Days]:
    month, day = _int(found.get("month")), _int(found.get("day"))
    if not found.get("day"):
        return _pick([_part_of(_month_of(one, month), found.get("part")) for one in _years(found)], found)
    days = [_date(one, month, day) for one in _years(found)]
    return _pick([_one(one) if one else None for one in days], found)


def _day_of_month(found: _Found) -> Optional[Days]:
    day = _int(found.get("day"))
    before = found.text[: found.match.start()]
    if found.earlier and found.earlier.last and re.search(r"(?:到|至|-|~|—)\Z", before):
        # "10月1号到7号": the month of the one before.
        same = _date(found.earlier.last.year, found.earlier.last.month, day)
        return _one(same) if same else None
    firsts = [found.today.replace(day=1) + relativedelta(months=one) for one in (-2, -1, 0, 1)]
    days = [_date(one.year, one.month, day) for one in firsts]
    return _choose([_one(one) if one else None for one in days], found)


def _numeric(found: _Found) -> Optional[Days]:
    day = _date(_int(found.get("year")), _int(found.get("month")), _int(found.get("day")))
    return _one(day) if day else None


_HOLIDAY_SHIFTS = {
    "前一天": -1,
    "前两天": -2,
    "前三天": -3,
    "后一天": 1,
    "第二天": 1,
    "后两天": 2,
    "后三天": 3,
}


def _holiday(found: _Found) -> Optional[Days]:
    name = found.get("name")
    length = LONG.get(name, 1) if re.match(r"期间|假期|长假|放假|黄金周", found.text[found.match.end() :]) else 1
    shift = datetime.timedelta(days=_HOLIDAY_SHIFTS.get(found.get("shift"), 0))
    firsts = [BY_NAME[name](year) + shift for year in _years(found)]
    return _pick([(one, one + datetime.timedelta(days=length - 1)) for one in firsts], found)


def _lunar_date(found: _Found) -> Optional[Days]:
    month = {"正": 1, "冬": 11, "腊": 12}.get(found.get("month")) or _int(found.get("month"))
    days: List[Optional[Days]] = []
    for year in _years(found):
        try:
            days.append(_one(lunar_day(year, month, _int(found.get("day").lstrip("初")))))
        except ValueError:
            days.append(None)
    return _pick(days, found)


_SEASONS = {"春": (3, 5), "夏": (6, 8), "秋": (9, 11), "冬": (12, 14)}


def _year_stretch(found: _Found) -> Optional[Days]:
    year = _year(found.get("year"), found.today)
    if year is None:
        return None
    part = found.get("part").lstrip("的")
    if part[:1] in _SEASONS:
        low, high = _SEASONS[part[0]]
    else:
        low, high = {"上半年": (1, 6), "下半年": (7, 12)}.get(part) or (
            (1, 1) if part.endswith("初") else (12, 12) if part.endswith(("底", "末")) else (1, 12)
        )
    first = datetime.date(year, low, 1)
    return first, first + relativedelta(months=high - low + 1, days=-1)


def _bare_part_of_month(found: _Found) -> Optional[Days]:
    firsts = [found.today.replace(day=1) + relativedelta(months=one) for one in (-1, 0, 1)]
    return _choose([_part_of(_month_of(one.year, one.month), found.get("part")) for one in firsts], found)


def _bare_part_of_year(found: _Found) -> Optional[Days]:
    month = 1 if found.get("part") == "年初" else 12
    return _choose([_month_of(found.today.year + one, month) for one in (-1, 0, 1)], found)


def _open(found: _Found) -> Optional[Days]:
    """Return None: the words name no day (前几天)."""
    return None


# --- the patterns of dates ---

_NOT_A_HOLIDAY = r"(?!月饼|礼盒|粽|树|老人|帽|装|款|图书|汤圆|大闸蟹|茶|螺|粿|团子|贺卡|礼品|礼物|路|区|新村)"
_HOLIDAY_NAMES = "|".join(re.escape(one) for one in sorted(BY_NAME, key=len, reverse=True))
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
            rf"(?:天(?!{_NOT_DAY})|日(?!头条|本|韩|常)){_PART_OF_DAY}",
            _relative_day,
        ),
        (rf"(?P<which>昨|今|明|前)(?:晚(?!辈)|夜|早(?!就|已)|晨|儿个?)(?:上)?{_PART_OF_DAY}", _relative_day),
        (
            r"(?<![0-9一二两三四五六七八九十半几个每网晚早])(?P<week>上上个?|上个?|这个?|本|下下个?|下个?)?"
            rf"(?:周(?![六](?:福|生))|星期|礼拜)(?P<day>[一二三四五六日天末](?![次年岁]|天后)){_PART_OF_DAY}",
            _weekday,
        ),
        (
            r"(?<!每)(?P<week>上上|上|这|本|下下|下)个(?:周|星期|礼拜)(?P<day>[一二三四五六日天末])" + _PART_OF_DAY,
            _weekday,
        ),
        (
            r"(?<![网晚早线])(?P<week>上上个?|上个?|这个?|本|下下个?|下个?)(?:周(?![围边到遭转期身正年岁刊折密])|星期|礼拜)"
            r"(?![一二三四五六日天末])",
            _week,
        ),
        (
            r"(?<![网晚早])(?P<which>上上个?|上个?|这个?|本|下下个?|下个?)月(?![饼嫂经亮球卡供票老份])"
            rf"(?:份(?!额))?(?:的?(?P<day>{_DAY_NUMBER})[号日]|的?(?P<part>{_PART_OF_MONTH}))?{_PART_OF_DAY}",
            _relative_month,
        ),
        (
            rf"{_NO_NUMBER_BEFORE}(?:(?P<year>{_YEAR_WORD}的?)\s?)?(?P<month>{_MONTH_NUMBER})月份?"
            rf"(?:(?P<day>{_DAY_NUMBER})(?:[号日](?!内)|(?![\d件个斤盒只双块元号日]))|(?P<part>{_PART_OF_MONTH})"
            rf"|(?<!几月)(?=[^前内后花饼\d]|\Z)){_PART_OF_DAY}",
            _month_and_day,
        ),
        (
            r"(?<![\d./\-])(?P<year>20\d\d)[-/.](?P<month>1[0-2]|0?[1-9])[-/.](?P<day>3[01]|[12]\d|0?[1-9])"
            rf"[号日]?(?![\d./\-]){_PART_OF_DAY}",
            _numeric,
        ),
        (
            r"(?:时间|日期)[是为:：]?\s?"
            r"(?P<span>(?P<year>20\d\d)(?P<month>1[0-2]|0[1-9])(?P<day>3[01]|[12]\d|0[1-9]))(?!\d)",
            _numeric,
        ),
        (
            # 1/3 is a third more often than the third of January.
            rf"{_NO_NUMBER_BEFORE}(?P<month>1[0-2]|0?[1-9])/(?P<day>3[01]|[12]\d|0?[1-9])"
            rf"(?:[号日]|(?<=\d\d)(?![\d/%个的])|(?![\d/%])(?=\s?{_DATED_EVENT})){_PART_OF_DAY}",
            _month_and_day,
        ),
        (
            rf"{_NO_NUMBER_BEFORE}(?P<month>1[0-2]|0?[1-9])[-.](?P<day>3[01]|[12]\d|0?[1-9])[号日]{_PART_OF_DAY}",
            _month_and_day,
        ),
        (
            rf"{_TIME_CUE}(?P<span>{_SHORT_DATE}{_PART_OF_DAY})",
            _month_and_day,
        ),
        (
            rf"{_WEAK_CUE}(?P<span>{_SHORT_DATE}(?<!\.[958]){_PART_OF_DAY})(?=\s?(?:[,，。]|之?前|[到至]|\Z|{_DATED_EVENT}))",
            _month_and_day,
        ),
        (
            rf"(?<![\d.\-/¥￥第尾花付退赔扣补差价卖收才只要了])(?P<month>1[0-2]|0?[1-9])[-.](?P<day>3[01]|[12]\d|0?[1-9])"
            rf"(?![\d.\-]){_PART_OF_DAY}(?=\s?(?:我|就|才|已经?)?{_DATED_EVENT})",
            _month_and_day,
        ),
        (
            rf"(?<![\d.\-/第尾型{_DIGITS}月])(?P<day>{_DAY_NUMBER})号(?!{_NOT_DAY_NUMBER}){_PART_OF_DAY}",
            _day_of_month,
        ),
        (
            rf"(?<![\d.\-/第尾{_DIGITS}月])(?P<day>[12]\d|3[01]|[1-9])日(?!{_NOT_DATE_DAY}){_PART_OF_DAY}",
            _day_of_month,
        ),
        (
            rf"(?<!\d)(?P<year>{_YEAR_WORD}的?)?(?:(?P<name>{_HOLIDAY_NAMES}){_NOT_A_HOLIDAY})(?![\d.])"
            rf"(?P<shift>[前后][一两三]天|第二天)?{_PART_OF_DAY}",
            _holiday,
        ),
        (
            rf"(?P<year>{_YEAR_WORD}的?)?(?:农历|阴历)?(?P<month>[正冬腊]|(?<=[农阴]历)[一二三四五六七八九十]{{1,2}})月"
            rf"(?P<day>(?:初|廿|二十|十|三十)[一二三四五六七八九十]?){_PART_OF_DAY}",
            _lunar_date,
        ),
        (
            r"(?<![以之目日提过])(?P<year>大前年|前年|去年|今年|明年|20\d\d年)(?!年(?![初底末])|轻|龄|纪|级|款|新款|度)"
            r"(?P<part>的?(?:年?初|年?底|年?末|上半年|下半年|[春夏秋冬](?:天|季)?(?!装|款|衣)))?",
            _year_stretch,
        ),
        (rf"(?<![{_DIGITS}上这本下个\d半几])(?P<part>月初|月底|月末|月中|上旬|中旬|下旬)", _bare_part_of_month),
        (rf"(?<![{_DIGITS}去今前明\d半几大])(?P<part>年初(?!一|二|三|四|五|六|七)|年底|年末)", _bare_part_of_year),
        (rf"(?<![{_DIGITS}\d半几多])年[前后](?=[我在才就]?(?:{_DATED_EVENT}|给|换|订))", _open),
        (r"(?<![之以])前(?:几|两|些)(?:个(?:月|星期|礼拜)|天|日子|周)|前阵子|前段时间|前一阵子?|前些时候", _open),
        (r"(?<![在])这(?:几|两)天", _open),
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
_TOLD_BEFORE = re.compile(r"(?:好|这|那|过|没|了|都|已经?|着|才|等)\Z")
_TOLD_AFTER = re.compile(r"(?:了|没|不|都|还|就|后|的时间)")


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
        is_told = bool(_TOLD_BEFORE.search(before) or _TOLD_AFTER.match(after))
        return is_told and not re.search(r"(?:要|需|得|多少|最快|一般)[^,，。]{0,3}\Z", before)
    return True


# --- finding ---


def _span(match: Match[str]) -> Tuple[int, int]:
    """Return where the date itself stands in a match that begins with a cue."""
    return match.span("span") if "span" in match.re.groupindex else match.span()


def _agos(text: str, now: datetime.datetime) -> Iterator[Moment]:
    for match in _AGO.finditer(text):
        length = read_length(match)
        if length is None:
            continue
        day = length.before(now)
        yield Moment(match.start(), match.end(), day, day, length.approximate)


def find_moments(text: str, now: datetime.datetime) -> List[Moment]:
    """Return the dates in `text`, first to last, resolved against `now` (the shopper's local time)."""
    found = list(_agos(text, now))
    for pattern, resolver in _DATES:
        for match in pattern.finditer(text):
            start, end = _span(match)
            earlier = max((one for one in found if one.end <= start), key=lambda one: one.end, default=None)
            days = resolver(_Found(match, text, now.date(), earlier))
            first, last = days if days else (None, None)
            found.append(Moment(start, end, first, last))
    longest_first = sorted(found, key=lambda moment: (moment.start - moment.end, moment.start))
    return without_overlaps(longest_first, lambda moment: (moment.start, moment.end))


def find_durations(text: str, now: datetime.datetime) -> List[Duration]:
    """Return the lengths of time in `text`, first to last; those in a date (三天前) are left out."""
    taken = find_moments(text, now)
    found: List[Duration] = []
    for match in _DURATION.finditer(text):
        if any(match.start() < one.end and one.start < match.end() for one in taken):
            continue
        length = read_length(match) if _is_length(text, match) else None
        if length is not None:
            found.append(Duration(match.start(), match.end(), length.iso, length.approximate, length.before(now)))
    return found
