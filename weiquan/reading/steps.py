"""Which steps a message tells as taken, failed, or not taken."""

from __future__ import annotations

import re
from typing import FrozenSet, Mapping, Pattern, Tuple

from weiquan.facts.knowledge import Knowledge
from weiquan.reading.cues import count_hits

_NOT_DONE_YET = re.compile(
    r"(没|未|怎么|如何|想|准备|打算|别|不要|是否|能不能|可以|需要|该|先)[^，。,.!?！？；;]{0,3}\Z"
)


def find_steps(text: str, facts: Knowledge) -> Tuple[FrozenSet[str], FrozenSet[str]]:
    """Return (climbed, failed) rung ids that `text` tells; "还没申请售后" tells none."""
    failed = {rung.id for rung in facts.rungs.values() if count_hits(rung.failed_cues, text)}
    climbed = {rung.id for rung in facts.rungs.values() if count_hits(rung.done_cues, text, unless_after=_NOT_DONE_YET)}
    return frozenset(climbed | failed), frozenset(failed)


_DENIED: Mapping[str, Pattern[str]] = {
    "negotiate": re.compile(r"没有?(?:跟|和|找|问|联系|告诉)[^,，。]{0,3}(?:商家|卖家|店家|客服)"),
    "after_sales": re.compile(r"没有?(?:真的)?(?:申请|提交|点)[^,，。介]{0,4}(?:售后|退款|退货|换货)?(?!.{0,4}介入)"),
    "platform": re.compile(r"没有?(?:申请|找|点|让)[^,，。]{0,4}介入"),
    "platform_complaint": re.compile(r"没有?(?:跟|找|打|联系)[^,，。]{0,4}(?:平台|官方|拼多多)客服"),
    "complaint_12315": re.compile(r"没有?[^,，。]{0,4}12315"),
    "police": re.compile(r"没有?报警"),
}


def find_steps_denied(text: str, facts: Knowledge) -> FrozenSet[str]:
    """Return the rung ids of which `text` (normalised) says that they were not taken."""
    return frozenset(rung for rung, pattern in _DENIED.items() if rung in facts.rungs and pattern.search(text))
