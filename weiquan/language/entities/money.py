"""Amounts of money in a shopper's message: 39块9, 一百二十块五毛, 几十块, 1.2万, 花了39.9.

Patterns find the spans and guards throw out what only looks like money (一块手表,
五毛特效, 退了3次); `numerals` reads the numbers.
"""

from __future__ import annotations

import dataclasses
import re
from typing import Iterator, List, Match, Optional, Tuple

from weiquan.language.entities.numerals import ARABIC, CHINESE, COUNT, Number, read_number, tidy
from weiquan.language.patterns import one_of


@dataclasses.dataclass(frozen=True)
class Amount:
    """The money that `text[start:end]` names.

    `yuan` is None where only its size is named (几十块) or another currency is
    meant; where it is `approximate`, `yuan` is the lower end (五十多元: 50).
    """

    start: int
    end: int
    yuan: Optional[float]
    approximate: bool = False


_BIG = 10
"""块 after at least so many is money whatever follows, nouns counted in 块 excepted."""

_MAX_BARE_DIGITS = 6
"""A longer bare number is a code, not a price."""

# What stands before a number must not make it a part of something else.
_OPEN = r"(?<![\d.第双a-zA-Z_#*\-])"

_FOREIGN = one_of("美元 美金 美刀 港币 港元 欧元 英镑 日元 韩元 台币 澳元 卢布")

_DIGIT = r"(?:\d|[一二三四五六七八九])"

# After one of these a number counts things, days or shares.
_MEASURES = one_of(
    "[个件斤盒袋箱瓶条双只台套份张片支根颗粒本把辆批次回遍级位单笔种样款组对副朵棵株盆桶罐提卷层栋间期届代集页字轮串枚抽码]",
    "[天日号月年周岁点倍折%克米寸升平兆度星人] 小时 星期 礼拜 分钟 公斤 千克 毫升 厘米 公分 公里 平方",
    r"kg KG ml ML cm mm [gGLlxX×*/:~\-](?!\w*元)",
    "包(?!邮) 秒(?![的杀到了]) 成(?:新|都)?(?!交) 家(?!里) 分(?!钱)",
)

_NOT_COUNTED = rf"(?!\s?{_MEASURES})"

# 两块五, 39块9毛, 12块8毛5, 三块半, 39块多; "30块5斤" and "两块五花肉" end at 块.
_SMALL_CHANGE = rf"(?:[毛角]{_DIGIT}?分?)?{_NOT_COUNTED}"

_TAIL = one_of(
    "半(?![天年个斤月])",
    rf"零{_DIGIT}[毛角分]",
    rf"\d{{1,2}}(?![\d.]){_SMALL_CHANGE}",
    rf"(?!五花)[一二三四五六七八九](?![十百千万点块]){_SMALL_CHANGE}(?![^,，。]?一[斤个件盒])",
    "多(?:钱)?(?!个|次|种|年|天|月)",
)

_NOT_YUAN = one_of("大钞 机 旦 宵 素 件 气 老 器 月 年 朝 代 购 店")

_NOT_ROUND = one_of("形 领 通 润 的 头 珠 管")

_YUAN_UNIT = one_of(f"元钱 块钱 块大洋 元(?!{_NOT_YUAN}) 块 圆(?!{_NOT_ROUND})")

_NOT_MAO = one_of("巾 衣 毯 绒 笔 线 裤 病 孩 豆 肚 刺 重 利 发 边 囊 呢 坯 孔 特效 党")

_NOT_JIAO = one_of("星 形 架 度 铁 梅 裤 色 落 质 钢")

_JIAO_UNIT = one_of(rf"毛钱 角钱 (?<=\d)角(?!{_NOT_JIAO}) 毛(?!{_NOT_MAO})")

_WITH_UNIT = re.compile(
    rf"""{_OPEN}(?:
        (?P<sign>[¥￥]\s?)(?P<signed>{COUNT})(?:\s?(?:元|块)钱?)?
      | (?P<dollars>\$\s?{ARABIC})
      | (?P<foreign>{COUNT}\s?(?:{_FOREIGN}))
      | (?P<low>{ARABIC}|{CHINESE})\s?(?:元|块)?\s?[-~—到至]\s?(?P<high>{COUNT})\s?(?:块钱|元钱|元|块)
      | (?P<yuan>{COUNT}|几|好几)\s?(?P<unit>{_YUAN_UNIT})(?P<tail>{_TAIL})?
      | (?P<jiao>{ARABIC}|[一二两三四五六七八九几])(?P<jiao_unit>{_JIAO_UNIT})(?P<cents>{_DIGIT}分?{_NOT_COUNTED})?
      | (?P<fen>{ARABIC}|[一二两三四五六七八九几])分钱
      | (?P<named>{COUNT})\s?(?:rmb|RMB|人民币|软妹币)
    )""",
    re.VERBOSE,
)

# "花了39.9", "退我两百", "价格从59涨到89": a verb of money, and little else, before a bare number.
_MONEY_VERB = one_of(
    "花 付 支付 充值? 交了? 押了 借 欠 买 拍下 下单 打款 转(?!让|运) 骗 坑 亏 损失",
    "退(?!货|一赔) (?<![一二三四五六七八九十])赔(?!率) 赔偿 补(?!发|寄|货|件) 补偿 补贴 返 提现 红包",
    "扣 收(?!货|件|纳) (?<![一二两三])罚款? 罚了 差(?![评别点劲]) 差价 减(?!肥) 省(?![内外市份])",
    "优惠 便宜 贵 涨 降(?!解)",
    "卖(?!家) 价(?!值|格|钱|位) 一[笔单] 要价 报价 标价 原价 现价 售价 单价 定价 总价 到手价? 券后",
    "价格 价钱 价值 值 金额 余额 一共 总共 合计",
    "保证金 押金 定金 订金 运费 邮费 快递费 货款",
)

_LINK = one_of(
    r"了 过 掉 出去 走 回来? 为 到 成 是 的 [:：=\s] 账 成功 额 款 钱 价 费 金 标 写 显示 变 从",
    "我们? 给 你 他们? 她 商家 卖家 客服 平台 那 这",
    "时候? 就 才 只 也 都 又 再 多 少 要 肯 直接 竟然 居然 实际 整整 起码",
    "大概 差不多 将近 近 快 一共 总共 共 不到 超过 最多 至少",
)

_NOT_BARE = one_of(r"块 元 毛 角 万 亿 分 [一二三四五六七八九]?赔 之一 个 开头 字头 打头 [a-zA-Z] [-/:]\d")

_BARE_NUMBER = (
    rf"(?P<bare>{COUNT})(?![\d.]|[多来余几](?![少久长大])|\s?{_MEASURES})"
    rf"(?!{_NOT_BARE})"
)

_AFTER_VERB = re.compile(rf"{_MONEY_VERB}{_LINK}{{0,5}}{_OPEN}{_BARE_NUMBER}")

_CHANGE = re.compile(rf"(?:从|由){_OPEN}{_BARE_NUMBER}(?=(?:元|块)?(?:涨|降|变|改|跌|调|加))")

# "9.9包邮", "29.9买的", "20运费": the sense stands behind the number.
_BEFORE_CUE = re.compile(
    rf"""{_OPEN}(?P<bare>{ARABIC})(?:
        (?=包邮|特价|秒杀|买的|买了|买来|买到|拼的|拍的|拍下|入手|到手|拿下|抢的|秒的|下单买)
      | (?=的?(?:运费|邮费|快递费|押金|定金|订金|红包|优惠券|无门槛|差价|补偿金|罚款|手续费|安装费))
      | (?<=\.[958])(?=的)(?<!穿\d\d..)(?<!码\d\d..) | (?<=\.9[089])(?=的)
    )""",
    re.VERBOSE,
)

# "两百多的鞋": hundreds and more of nothing else than yuan.
_WORTH = re.compile(
    rf"{_OPEN}(?P<bare>(?:{CHINESE}(?<=[百千万])|\d{{3,}})[多来]|(?:好?几)[百千])(?=的(?!人|字|销量|评|好评|粉丝|流量|访客|单|步|公里))"
)

_DEDUCTION = re.compile(rf"满(?P<full>{ARABIC}|{CHINESE})(?:元|块)?[立直]?减(?P<less>{ARABIC}|{CHINESE})(?![\d.元块])")

# "10.28买的" is a day, unless it ends as prices do (9.9, 12.8).
_MONTH_AND_DAY = re.compile(r"(?:1[0-2]|[1-9])\.(?:3[01]|[12]\d|0?[1-9])(?<!\.[958])(?<!\.[0189]8)")

_SALES_DAYS = {"618", "1111", "1212", "11.11", "12.12", "6.18"}

# 块 is a measure word too. These are counted in it, however many there are.
_IN_KUAI = one_of(
    "大?手?表(?!示) 智能手表 布 地(?:方|砖|毯|垫|板) 肥皂 香皂 电池 砖 瓷砖 玻璃 木板 板 屏 毛巾",
    "橡皮 抹布 海绵 硬盘 石头 玉",
    "蛋糕 巧克力 饼干 肉 牛排 牛肉 五花肉 排骨 面包 豆腐 糖 姜 生姜 红薯 茶饼 普洱 腊肉 火腿 奶酪 年糕 冰",
    "拼图 积木 面料 桌布 窗帘 门帘 墙 皮 疤 斑 污渍 印 霉 锈 膜 钢化膜 镜片 显卡",
    "主板 内存 滑板 菜板 砧板 案板 香 铁 金 料 牌",
    "空地 区域",
)

_COUNTED_IN_KUAI = re.compile(rf"\s?(?:[新旧好大小红白黑厚薄破烂]的?)?{_IN_KUAI}")

_SURE_KUAI = re.compile(
    r"\s?(?:\Z|[,，。.!！?？;；、~)）]|一[斤个件盒箱包]|每|/|包邮)"
    r"|\s?的?(?P<noun>红包|优惠券|券|运费|邮费|差价|补偿|押金|定金|手续费)"
)

_PAYING = one_of(
    "花 付 退 赔 扣 补(?!发|寄|货) 差 收(?!到) 转 骗 便宜 贵 涨 降 优惠 减 返",
    "值 才 要 给我? 卖(?!家) 价格? 券 红包 补偿 赔偿 补贴",
    "[费款金价] [一每][条份个次斤件包盒单天] 首[月单] 加 垫的? 其中 只要",
)

_PAID = re.compile(rf"{_PAYING}[^,，。.!！?？;；0-9]{{0,6}}\Z")

_NOT_PAID = re.compile(
    r"(?:少|掉|缺|破|烂|坏|裂|黑|青|有|是|买|寄|发|拿|切|碎成|成|摔|那|这|吃|用)(?:了|过|着)?(?:我)?\Z"
)

_IDIOM = re.compile(r"(?:一|1)(?:分|毛|角|块)钱?(?:都|也)?(?:不|没|未|别|的?(?:诚意|责任)|一分货)|一毛不拔|一块一块")


def find_amounts(text: str) -> List[Amount]:
    """Return the amounts of money in `text`, first to last; they never overlap."""
    found: List[Amount] = []
    for amount in (*_with_unit(text), *_bare(text)):
        if all(amount.end <= other.start or other.end <= amount.start for other in found):
            found.append(amount)
    return sorted(found, key=lambda amount: amount.start)


def _with_unit(text: str) -> Iterator[Amount]:
    for match in _WITH_UNIT.finditer(text):
        start, end = match.span()
        if _IDIOM.match(text, start) or (match.group("unit") and _is_measure(text, match)):
            continue
        number = _value(match)
        if number is not None:
            yield Amount(start, end, number.value, number.approximate)


def _bare(text: str) -> Iterator[Amount]:
    for match in _DEDUCTION.finditer(text):
        for group in ("full", "less"):
            yield Amount(*match.span(group), _number(match.group(group)))
    for pattern in (_AFTER_VERB, _CHANGE, _BEFORE_CUE, _WORTH):
        for match in pattern.finditer(text):
            if _is_price(text, match, after_verb=pattern in {_AFTER_VERB, _CHANGE}):
                number = read_number(match.group("bare"))
                assert number is not None
                yield Amount(*match.span("bare"), number.value, number.approximate)


def _is_price(text: str, match: Match[str], after_verb: bool) -> bool:
    """Tell whether the bare number may be money: no code, no sales day, no single numeral (退一赔三)."""
    bare = match.group("bare")
    if read_number(bare) is None or len(bare.split(".")[0].replace(",", "")) > _MAX_BARE_DIGITS:
        return False
    if not after_verb and _MONTH_AND_DAY.fullmatch(bare):
        return False
    if bare in _SALES_DAYS and not re.search(r"(?:花|付|退|赔|扣|转|骗|充)[了我]{0,2}\Z", text[: match.start("bare")]):
        return False
    if (
        after_verb
        and match.group().startswith(("买", "下单", "拍下", "交", "给"))
        and "." not in bare
        and "成" not in match.group()
    ):
        # "买了2026款", "买成200": a whole number after these is seldom a price.
        return bool(re.search(r"[百千万]", bare)) and not re.search(r"\d", bare)
    return bare[0].isdigit() or (
        bool(re.search(r"[十百千万]", bare)) and not re.match(r"十\Z|[百千万]+\Z|万一|千万", bare)
    )


def _is_measure(text: str, match: Match[str]) -> bool:
    """Tell 一块手表, 少了一块, 一块去 from money."""
    if match.group("unit") != "块":
        return match.group("yuan") == "几" and match.group("unit") == "元"
    after = text[match.end() :]
    if match.group("tail"):
        return False
    if _COUNTED_IN_KUAI.match(after):
        return True
    if match.group("yuan") not in {"几", "好几"}:
        number = read_number(match.group("yuan"))
        if number is None or number.value is None or number.value >= _BIG or number.value != int(number.value):
            return False
    before = text[: match.start()]
    sure = _SURE_KUAI.match(after)
    if sure and sure.group("noun"):
        return False
    if _NOT_PAID.search(before):
        return True
    if _PAID.search(before):
        # "退我一块新的": what follows decides.
        return match.group("yuan") in {"一", "几", "好几"} and not sure
    return not re.match(r"\s?(?:一[斤个件盒箱包]|每|/|包邮)", after)


def _value(match: Match[str]) -> Optional[Number]:
    """Return the yuan that a match of `_WITH_UNIT` tells, None where its number cannot be read."""
    if match.group("dollars") or match.group("foreign"):
        return Number(None)
    if match.group("high"):
        return Number(None, approximate=True) if read_number(match.group("high")) else None
    for group, per_yuan in (("signed", 1), ("named", 1), ("jiao", 10), ("fen", 100)):
        if match.group(group):
            return _plus(read_number(match.group(group)), per_yuan, _jiao_cents(match.group("cents")))
    whole = (
        Number(None, approximate=True) if match.group("yuan") in {"几", "好几"} else read_number(match.group("yuan"))
    )
    fraction, is_more = _fraction(match.group("tail") or "")
    return _plus(whole, 1, fraction, is_more)


def _plus(number: Optional[Number], per_yuan: int, fraction: float, is_more: bool = False) -> Optional[Number]:
    if number is None or number.value is None:
        return number
    return Number(tidy(number.value / per_yuan + fraction), number.approximate or is_more)


def _jiao_cents(cents: Optional[str]) -> float:
    return _number(cents[0]) / 100 if cents else 0.0


def _fraction(tail: str) -> Tuple[float, bool]:
    """Return the part of a yuan in `tail` (9, 五毛, 8毛5, 90, 半) and whether it says "and more"."""
    if tail.startswith("半"):
        return 0.5, False
    if tail.startswith("多"):
        return 0.0, True
    if tail.endswith("分") and tail.startswith("零"):
        return _number(tail[1]) / 100, False
    digits = [_number(digit) for digit in tail if digit.isdigit() or digit in "一二三四五六七八九"]
    return sum(digit / 10 ** (place + 1) for place, digit in enumerate(digits)), False


def _number(text: str) -> float:
    number = read_number(text)
    return number.value if number and number.value is not None else 0.0
