"""Cleaning what shoppers type before anything reads it."""

from __future__ import annotations

import functools
import re
import unicodedata
from typing import Any, Tuple

from weiquan.language.dialect import to_standard
from weiquan.language.patterns import HAN
from weiquan.language.typos import correct_typos

CUT = "cut"
"""The key of a parse under which the pipeline tells that a part of a very long message was left out."""
MAX_LENGTH = 1000
"""Characters that are read of one message; of a longer one the start and the end."""

_KEEP_START, _KEEP_END = 700, 290
_MOST_CLEANED = 4 * MAX_LENGTH
"""Characters that are cleaned: cleaning shortens most texts, and of some signs makes eighteen (U+FDFA)."""

_MOST_PASSES = 8

_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]"
)

_PARTICLE_RUN = re.compile(r"([了啊吧吗呢呀哦啦嘛哇])\1+")

# Not "/", "-" or ".", which stand twice in addresses and numbers.
_MARK_RUN = re.compile(r"([!?。,、~…;:*·])\1+")

_WORD_RUN = re.compile(r"([\u4e00-\u9fff])\1{2,}")

_EMOJI = {"😡": "气死了", "😠": "气死了", "🤬": "气死了", "👎": "差评", "😤": "气死了", "🙏": "谢谢", "👍": "好"}

_SPACES = re.compile(r"\s+")

_SPACE_BESIDE_NUMBER = re.compile(rf"(?<=[{HAN}]) (?=\d)|(?<=\d) (?=[{HAN}])")
"""Many write a number so (「12315 怎么打」, 「花了 99 元」); a space between characters is a pause."""


@functools.lru_cache(maxsize=1)
def _traditional_to_simplified() -> Any:
    from opencc import OpenCC

    return OpenCC("t2s")


def normalise(text: str) -> str:
    """Return `text` in the form that the classifier was trained on. To normalise again changes nothing.

    Full-width forms become half-width (Unicode NFKC), traditional characters
    become simplified (OpenCC t2s), invisible and control characters vanish,
    runs of white space become one space, none stays between a number and a
    character, of repeated characters one or two stay, emoji beside words become
    words or vanish, common slips of pinyin input are corrected, plain cases of dialect become standard Mandarin, and of
    what is then over `MAX_LENGTH` characters the first 700 and the last 290 are
    kept.
    """
    return normalise_whole(text)[0]


def normalise_whole(text: str) -> Tuple[str, bool]:
    """Return `text` normalised, and whether it was so long that only its start and end are kept."""
    text, was_cut = _shortened(text)
    text = _settle(text)
    if len(text) <= MAX_LENGTH:
        return text, was_cut
    return _settle(f"{text[:_KEEP_START]} {text[-_KEEP_END:]}"), True


def _shortened(text: str) -> Tuple[str, bool]:
    """Return a start and an end of `text` that can be cleaned in time, and whether anything else stood between them."""
    swollen = unicodedata.normalize("NFKC", text)
    if len(swollen) <= _MOST_CLEANED:
        return text, False
    plain = _without_repeats(_SPACES.sub(" ", swollen))
    if len(plain) <= _MOST_CLEANED:
        return plain, False
    end = _MOST_CLEANED * _KEEP_END // MAX_LENGTH
    return f"{plain[: _MOST_CLEANED - end]} {plain[-end:]}", True


def _settle(text: str) -> str:
    """Return `text` cleaned until cleaning changes nothing, for one corrected word may complete another."""
    for _ in range(_MOST_PASSES):
        cleaned = _clean(text)
        if cleaned == text:
            break
        text = cleaned
    return text


def _clean(text: str) -> str:
    text = unicodedata.normalize("NFKC", text)
    text = _INVISIBLE.sub("", text)
    text = "".join(c if c.isspace() or unicodedata.category(c) not in {"Cc", "Cs"} else "" for c in text)
    text = _SPACE_BESIDE_NUMBER.sub("", _SPACES.sub(" ", text).strip())
    text = str(_traditional_to_simplified().convert(text))
    return to_standard(correct_typos(_without_repeats(_without_emoji(text))))


def _without_repeats(text: str) -> str:
    """Return `text` with 了了了 as 了, 哈哈哈哈 as 哈哈, !!!! as !; digits stay as they are."""
    text = _PARTICLE_RUN.sub(r"\1", text)
    text = _MARK_RUN.sub(r"\1", text)
    return _WORD_RUN.sub(r"\1\1", text)


def _without_emoji(text: str) -> str:
    """Return `text` with emoji put into words or left out; unknown emoji alone stay."""
    for emoji, meaning in _EMOJI.items():
        text = text.replace(emoji, meaning)
    if not any(c.isalnum() for c in text):
        return text
    return "".join(c for c in text if unicodedata.category(c) not in {"So", "Sk"} or not c.isprintable()).strip()


_NUMBER = re.compile(r"[¥￥$]?\d+(?:[.,:/\-]\d+)*\s*(?:元钱|块钱|元|块|毛|角|分钱|月|日|号|年|点钟|%)?")

_HOTLINES = frozenset({"12315", "12345", "96110", "12305", "12363", "110"})


def without_numbers(text: str) -> str:
    """Return `text` without amounts, dates and order numbers; the public hotlines stay.

    For sentence encoders, to which the same words with another number are
    another sentence.
    """
    return _NUMBER.sub(lambda match: match.group() if match.group() in _HOTLINES else "", text).strip()
