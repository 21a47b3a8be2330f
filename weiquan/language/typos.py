"""Slips of pinyin input that are common in complaints, and what was meant.

Only words that mean nothing as typed: 客副 is nobody's word, while 退 for 腿
could be meant.
"""

from __future__ import annotations

import re
from typing import Dict

MEANT: Dict[str, str] = {
    "质量问提": "质量问题",
    "质量文题": "质量问题",
    "质亮": "质量",
    "退宽": "退款",
    "退欵": "退款",
    "腿款": "退款",
    "推款": "退款",
    "退活": "退货",
    "退或": "退货",
    "腿货": "退货",
    "推货": "退货",
    "换活": "换货",
    "客副": "客服",
    "客福": "客服",
    "客夫": "客服",
    "课服": "客服",
    "卖加": "卖家",
    "商加": "商家",
    "店加": "店家",
    "发或": "发货",
    "发活": "发货",
    "收活": "收货",
    "收或": "收货",
    "快第": "快递",
    "快弟": "快递",
    "块递": "快递",
    "物留": "物流",
    "无流信息": "物流信息",
    "签受": "签收",
    "千收": "签收",
    "投拆": "投诉",
    "头诉": "投诉",
    "投素": "投诉",
    "举抱": "举报",
    "陪偿": "赔偿",
    "培偿": "赔偿",
    "赔尝": "赔偿",
    "赔常": "赔偿",
    "假或": "假货",
    "假活": "假货",
    "正拼": "正品",
    "冒派": "冒牌",
    "优惠卷": "优惠券",
    "代金卷": "代金券",
    "消费卷": "消费券",
    "发飘": "发票",
    "发漂": "发票",
    "运废": "运费",
    "运非": "运费",
    "由费": "邮费",
    "驳会": "驳回",
    "据绝": "拒绝",
    "巨绝": "拒绝",
    "拚多多": "拼多多",
    "拼夕夕": "拼多多",
    "并多多": "拼多多",
    "平多多": "拼多多",
    "pdd": "拼多多",
    "差平": "差评",
    "好平": "好评",
    "态渡": "态度",
    "威协": "威胁",
    "欺炸": "欺诈",
    "诈片": "诈骗",
    "被片了": "被骗了",
    "骗纸": "骗子",
    "掉瑟": "掉色",
    "起秋": "起球",
    "保制期": "保质期",
    "发梅": "发霉",
    "虫籽": "虫子",
    "不理采": "不理睬",
}

_GUARDS: Dict[str, str] = {"pdd": r"(?<![\w.@-])pdd(?![\w.@-])", "正拼": "正拼(?!多多)"}
"""Slips that are right in some places: "pdd" inside an address is part of it, 真正拼多多 is no 正品."""

_PATTERN = re.compile("|".join(_GUARDS.get(slip, re.escape(slip)) for slip in MEANT), re.IGNORECASE | re.ASCII)


def correct_typos(text: str) -> str:
    """Return `text` with the known slips replaced."""
    return _PATTERN.sub(lambda match: MEANT[match.group().lower()], text)
