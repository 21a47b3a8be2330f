"""The name of a shop, where it stands out in a message."""

from __future__ import annotations

from typing import Optional

from weiquan.language.clauses import quotations
from weiquan.language.endings import ends_with

_BEFORE_QUOTED = ("店", "店铺", "商家", "卖家", "在", "叫")
_AFTER_QUOTED = ("店", "买", "拍", "下单", "订")
_NEAR = 2
"""Characters between the quoted name and 买: 「…」我买的."""

_KINDS = ("旗舰店", "专营店", "专卖店")
_BEFORE_NAME = ("我", "在", "叫", "从", "是", "去", "一家", "这家", "那家", "哪家")
_NO_NAMES = ("官方", "品牌")
_LENGTHS = range(2, 13)
_LONGEST_QUOTED = 20


def find_shop(text: str) -> Optional[str]:
    """Return the name of the shop where it is quoted beside 店 or 买, or has its kind at the end (旗舰店)."""
    for start, end in quotations(text):
        name, after = text[start + 1 : end - 1], text[end:]
        if 2 <= len(name) <= _LONGEST_QUOTED and (ends_with(text[:start], _BEFORE_QUOTED) or _is_bought_at(after)):
            return name
    return next(filter(None, (_named_by_kind(text, kind) for kind in _KINDS)), None)


def _is_bought_at(after: str) -> bool:
    return any(
        after.startswith(_AFTER_QUOTED, place) and not set(after[:place]) & set(",，。") for place in range(_NEAR + 1)
    )


def _named_by_kind(text: str, kind: str) -> Optional[str]:
    end = text.find(kind)
    start = end
    while start > 0 and text[start - 1].isalnum() and not text.endswith(_BEFORE_NAME, 0, start):
        start -= 1
    name = text[max(start, 0) : max(end, 0)]
    return name + kind if len(name) in _LENGTHS and "店" not in name and name not in _NO_NAMES else None
