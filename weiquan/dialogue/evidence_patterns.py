"""The words around a piece of evidence that say whether it is there."""

from __future__ import annotations

import re

from weiquan.language.clauses import BORDER
from weiquan.language.patterns import one_of

# What the shopper tells of it

CLAUSE_BORDER = rf"(?!(?<=\d)[,，]\s?\d)(?:{BORDER}|但是?|不过|可是|只是)"
"""What parts two clauses: marks, words of contrast; not the comma of 「1,3都有了」."""

QUESTION = re.compile(
    r"[?？]|吗|(?<!怎)么(?:\Z|呢)|有没有|要不要|是不是|需不需要|用不用|能不能|可不可以|怎么|如何|咋|哪|什么(?!都)|啥(?!都)|多少"
)

OTHERS = one_of("商家 卖家 店家 店铺 客服 平台 老板 他们? 她 对方 12315 快递 系统")

DEMANDED = re.compile(rf"(?:{OTHERS}\S{{0,4}}?|非)(?:要我?|让我?|叫我?|问我?|说要|说没|非要|要求)")
"""Who asks for a piece does not say that it is there."""

PLANNED = one_of("要 会 想 打算 准备(?=拍|截|录|存|去) 去 再 等下 等会儿? 待会儿? 马上 明天 回头 得 应该 可以 正在 在")

KEPT = r"(?:没(?:有)?(?:扔|丢|删|动|拆))"

GOT = (
    rf"(?:{KEPT}|(?:拍照?|照|截[图屏]?|录[屏音]?|存|保存|留存|保留|留|备份|备|准备|打印|整理|收集|开|做|拿|找|弄|搞|收|下载|上传|传|记|发|给)"
    rf"(?:[到下出全]?来?)?(?:了|好了?|过|着|到|全|齐|下来|完)|(?:发给|传给|给){OTHERS}(?:了|过|看)"
    r"|(?:是|都|已经?)?(?<!没)有(?!问题|毛病|没有|点|些|时|人|用|关|可能)|在(?=的|呢|了|手|\Z)"
    r"|齐(?:了|全)?|全(?:了|的|\Z)|留有|存有|拍得|拍的)"
)

LACKED = (
    r"(?:还?没(?:有)?(?:来得及|能|法|顾上)?(?!有|问题|用|人|毛病|扔|丢|删|动|拆)|还?没有\Z|未(?!必|来)|还?缺|还差|少了?(?!件|发|货)"
    r"|忘(?:了|记了?)?|弄?丢了?|删了?|找不[到着]|拿不到|开不[出到]|不(?:给|肯|让|见|在)了?|扔了?|拍不了|截不了)"
)

VERB = rf"(?P<verb>{KEPT}|{LACKED}|{GOT})"

_RUN = "{0,8}"
"""Fillers before or after what counts. Their number is bounded, so that a search takes time linear in the text; and no
filler is two others put together, or there would be many ways to read one run (`tests/hostile`)."""

BEFORE_VERB = (
    one_of(
        "我们? 也 都 已经? 早 就 全部? 统统 还 确实 给 一直 直 这些 倒是 手里 手头 现在 暂时 目前",
        "好像 根本 真 是 的 之类 那个 这个 这份 当时 自己 家里 里 一起 被 不小心 不知道 [,，、\\s]",
    )
    + _RUN
)

BEFORE_PIECE = (
    r"(?:[一二两三四五六七八九十几好\d]+)?(?:个|张|份|段|条|些|次|遍|页|下)?"
    + one_of("了 过 的 很多 好多 完整 全部 所有 当时 那个 这个 跟 和 我 清楚 清晰 全套 原始 \\s", OTHERS)
    + _RUN
)

NUMERAL = r"(?:\d{1,2}|十[一二]?|[一二两三四五六七八九])"

_MEASURE = r"(?: ?[个项条样份张号])"

_AND_NUMBER = r"(?: ?(?:[、,，.和跟与及]|还有|以及)| )"

_NUMBERED = rf"第 ?{NUMERAL}{_MEASURE}?(?:{_AND_NUMBER}第? ?{NUMERAL}{_MEASURE}?){{0,11}}"

_SEVERAL = rf"{NUMERAL}{_MEASURE}?(?:{_AND_NUMBER}第? ?{NUMERAL}{_MEASURE}?){{1,11}}"

_PLACES = rf"(?P<places>{_NUMBERED}|{_SEVERAL})(?![次天月日年元块层])"

BY_NUMBER = (
    re.compile(
        rf"(?:我的?|那|现在){{0,3}}(?P<places>{_NUMBERED}|{_SEVERAL}|\d{{1,2}}) ?{BEFORE_VERB}{VERB}\S{{0,3}}\Z"
    ),
    re.compile(rf"(?:我|现在|目前|已经?|还|就|只|那){_RUN}{VERB} ?{_PLACES}\S{{0,2}}\Z"),
)
"""第3个没有, and 还差第3个."""

RANGE = re.compile(
    rf"(?:第? ?(?P<first>{NUMERAL}){_MEASURE}? ?(?:到|至|-|~) ?第? ?(?P<last>{NUMERAL}){_MEASURE}?"
    rf"|前(?:面|边)?(?P<top>{NUMERAL}){_MEASURE}?)"
    rf"{BEFORE_VERB}{VERB}\S{{0,3}}\Z"
)

_WHOLE = one_of("我 这些 上面 清单上? 证据 凭证 材料 东西 [你您]说的 以上 这几[样个项] 全部 所有 的 \\s") + _RUN

ALL = re.compile(
    rf"{_WHOLE}(?:都|全部?|统统|全都|样样)(?:已经?|早就|给){{0,3}}(?:有|齐|备|准备|留|存|保存|拍|弄|截|收集|找|整理|在)\S{{0,4}}"
    r"|(?:证据|凭证|材料)(?:已经?|都|全){{0,3}}(?:齐|备齐|准备)(?:了|全|好了?)\S?"
)

NONE = re.compile(
    rf"{_WHOLE}(?:都|全|(?:什么|啥|一个|一样|一张|哪个)(?:也|都))(?:还)?(?:没(?!问题)|缺)\S{{0,5}}"
    r"|(?:我)?没(?:有)?(?:任何|一点|半点)?(?:证据|凭证)(?:了)?"
)

BUT = re.compile(
    r"除了?(?P<these>[^,，]{1,16}?)(?:以外|之外|外)?[,，]?(?:其他|其它|别的|其余|剩下的?)(?:的)?(?:都|全)\S{1,5}\Z"
)

EXCEPTION = re.compile(r"(除了?[^,，。]{1,16})[,，](?=其他|其它|别的|其余|剩下)")

_LINKS = r"[、,，\s]|和|跟|与|及|以及|还有|加上?|也|都|连"

AND = re.compile(rf"(?:{_LINKS})*\Z")

ONLY_PIECES = re.compile(rf"(?:{_LINKS}|那个|这个|我|的|至于)*\Z")

BACK = re.compile(rf"(?:我|可|也|都|还|真|确实|当时|倒是|这个|那个|它){_RUN}{VERB}\S{{0,3}}\Z")

EVERY_BEFORE, EVERY_AFTER = re.compile(r"(?:所有|全部|每张)的?\Z"), re.compile(r"(?:也|我|已经)*(?:都|全)")

ENDS_IN_VERB = re.compile(r"(?:截图|截屏|录屏|录音|拍照)\Z")
"""聊天记录截图 names a piece; with 了 after it, it tells that it was made."""
