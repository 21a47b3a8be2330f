"""Dialect and net words in standard Mandarin, as far as the context leaves no doubt.

The classifier and the sentence encoder know 怎么 better than 咋 or 点解. A word
that could also be an ordinary one is guarded by its neighbours (童鞋 are
children's shoes unless a customer service is addressed); one whose standard
reading is as likely (硬是, 锤子, 亲) is left alone. The table reads simplified
characters: 嗰 stands as 𠮶 and 喎 as 㖞, as OpenCC writes them.
"""

from __future__ import annotations

import itertools
import re

from weiquan.language.clauses import CLAUSE_END
from weiquan.language.dialect_words import GUARDED, PLAIN, Guarded
from weiquan.language.patterns import HAN


def _pattern(word: Guarded) -> str:
    """Return the regular expression of a guarded word, to be tried after its first character was read."""
    first, rest = word.word[0], re.escape(word.word[1:])
    before, after = "", ""
    if word.not_after:
        before += f"(?<![{word.not_after}]{first})"
    if word.starts is not None:
        before += f"(?:(?<![{HAN}]{first})|(?<=[{word.starts}]{first}))" if word.starts else f"(?<![{HAN}]{first})"
    if word.not_before:
        after += f"(?![{word.not_before}])"
    if word.before:
        after += f"(?=[{word.before}])"
    if word.ends is not None:
        after += f"(?={CLAUSE_END}{f'|[{word.ends}]' if word.ends else ''})"
    return f"({before}{rest}{after})"


# Longer words first; of the same word the guarded readings before the plain one.
# Grouped by the first character, which spares trying all words everywhere.
_WORDS = sorted(
    [*GUARDED, *(Guarded(*pair) for pair in PLAIN.items())], key=lambda word: (word.word[0], -len(word.word))
)

REPLACED = re.compile(
    "|".join(
        f"{first}(?:{'|'.join(_pattern(word) for word in words)})"
        for first, words in itertools.groupby(_WORDS, key=lambda word: word.word[0])
    )
)
"""Whatever `to_standard` replaces."""


def to_standard(text: str) -> str:
    """Return simplified `text` with dialect and net words in standard Mandarin."""
    return REPLACED.sub(lambda match: _WORDS[(match.lastindex or 1) - 1].meaning, text)
