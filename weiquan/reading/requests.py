"""What a shopper asks the bot to do: write a paper, in a tone, take up another case."""

from __future__ import annotations

from typing import Any, Iterable, Optional

from weiquan.facts.knowledge import Knowledge
from weiquan.language.phrases import compiled

_WRITE = compiled(
    ("写/拟/生成/打/打印/来/出/要/开+一/1/个/张/-+份/封", "帮我/替我/给我+写/拟/起草/生成/打印"),
    {},
)
"""Asks for something written, not how to write it."""

_AT_ONCE = compiled(
    ("先这样/就这样/直接+生成/写/给/出", "别/不用/不要/不想+再/-+问/填/答+了/-", "马上/现在+就/-+生成/写"),
    {},
)
"""The paper is wanted as it is, without more questions."""

_ASKING = (
    *("?", "？", "吗", "怎么", "如何", "咋", "多久", "几天", "什么", "啥", "哪"),
    *("多少", "是否", "几号", "有没有", "没得法", "谁"),
)
_NOT = "不没"
"""Between a word and the same word it asks (会不会), at the end too (管用不, 退了没)."""
_NOT_YET = ("还没", "都没", "就不", "也不", "也没", "才不")
_ASKING_AT_THE_END = ("么", "没得", "不成", "不咯")
_SHORTEST = 3
"""Characters from which on a 不 or 没 at the end asks: 「我不」 answers."""
_SIGNS = ".。!!~… "


def is_asking(text: str) -> bool:
    """Tell whether `text` (normalised) asks something."""
    if any(word in text for word in _ASKING) or any(
        before == after for before, sign, after in zip(text, text[1:], text[2:], strict=False) if sign in _NOT
    ):
        return True
    end = text.rstrip(_SIGNS)
    if len(end) < _SHORTEST or end.endswith(_NOT_YET):
        return False
    return end[-1] in _NOT or end.endswith(_ASKING_AT_THE_END)


def find_paper(text: str, facts: Knowledge) -> Optional[str]:
    """Return the paper that a shopper asks for in `text` (normalised), None where it names none."""
    return named_in(text, facts.papers.values(), facts)


def asks_for_paper(text: str, facts: Knowledge) -> bool:
    """Tell whether `text` (normalised) asks for a paper by its name: 「起诉状也来一份」, 「帮我写12315投诉」."""
    return _WRITE.found_in(text) and find_paper(text, facts) is not None


def wants_it_at_once(text: str) -> bool:
    """Tell whether `text` (normalised) wants the paper now, blanks and all: 「先这样，直接生成」."""
    return _AT_ONCE.found_in(text)


def asks_for_day(text: str, facts: Knowledge) -> bool:
    """Tell whether `text` (normalised) asks by when: 「最晚哪天」, 「到几号」."""
    return any(word in text for word in facts.words("by_when"))


def find_tone(text: str, facts: Knowledge) -> Optional[str]:
    """Return the tone that `text` (normalised) asks for, None where it says nothing of it."""
    return named_in(text, facts.tones.values(), facts)


def named_in(text: str, records: Iterable[Any], facts: Knowledge) -> Optional[str]:
    """Return the id of the first of `records` of which a phrase stands in `text` (normalised), or None.

    「别太客气」 names no polite tone: closely after a word of refusing a phrase does not count.
    """
    refusing = facts.words("not_so")
    found = (record for record in records if facts.phrases(record.phrases).found_in(text, unless_after=refusing))
    return next((str(record.id) for record in found), None)


_ANOTHER_CASE = compiled(
    ("上一/前一/前面那/另一/另外一/另那/另外那+件/个/单", "之前那+件/个/单", "第一+件/个+事"),
    {},
)


def is_about_another_case(text: str) -> bool:
    """Tell whether a shopper means a case put away (「回到上一件」)."""
    return _ANOTHER_CASE.found_in(text)
