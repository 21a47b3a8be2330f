"""What a shopper wants now (remedies) and what the shopper has done already (steps).

The phrases and the words that decide stand in `data/entities/remedies.yml` and
`steps.yml`. The same word is wanted ("我要退款"), refused ("不给退款"), done
("申请了退款") or merely named ("退款进度"): here the clause around it is read.
"""

from __future__ import annotations

import dataclasses
import functools
import re
from typing import Any, Dict, Iterable, List, Match, Optional, Pattern, Tuple

from weiquan.data_files import read_data
from weiquan.language.clauses import clause_around
from weiquan.language.patterns import without_overlaps
from weiquan.places import DATA

ENTITIES = DATA / "entities"

_STRONG_WISH = re.compile(r"(?:我|就|只|也)(?:只|就)?(?:要|想)|必须|要求")


@dataclasses.dataclass(frozen=True)
class Wish:
    """A remedy wanted at `text[start:end]`; `remedy` is its id in `remedies.yml`."""

    start: int
    end: int
    remedy: str


@dataclasses.dataclass(frozen=True)
class StepTaken:
    """The step that `text[start:end]` says was taken; `rung` is its id in `steps.yml`."""

    start: int
    end: int
    rung: str


def _read(name: str) -> Dict[str, Any]:
    return read_data(ENTITIES / name, dict)


def _filled(pattern: str, words: Dict[str, str]) -> str:
    """Return `pattern` with {names} of `words` filled in; {{ and }} are braces, {0,3} stays."""
    for _ in range(3):  # words may hold words
        pattern = re.sub(r"\{(\w*[a-z]\w*)\}", lambda match: words[match.group(1)], pattern)
    return pattern.replace("{{", "{").replace("}}", "}")


class _Phrases:
    """Alternatives of many ids, tried all at each place of a text."""

    def __init__(self, entries: Dict[str, List[str]], words: Dict[str, str]) -> None:
        self._patterns: List[Tuple[str, Pattern[str]]] = []
        for name, patterns in entries.items():
            joined = "|".join(f"(?:{_filled(pattern, words)})" for pattern in patterns)
            self._patterns.append((name, re.compile(joined)))

    def matches(self, text: str) -> List[Tuple[int, int, str]]:
        """Return (start, end, id) of all matches, of overlapping ones the longest, first to last."""
        found = [(m.start(), m.end(), name) for name, pattern in self._patterns for m in pattern.finditer(text)]
        longest_first = sorted(found, key=lambda span: (span[0] - span[1], span[0]))
        return without_overlaps(longest_first, lambda span: span[:2])


@dataclasses.dataclass(frozen=True)
class _RemedyRules:
    phrases: _Phrases
    wanted: Pattern[str]
    patterns: Dict[str, Pattern[str]]


@dataclasses.dataclass(frozen=True)
class _StepRules:
    phrases: _Phrases
    guards: Dict[str, Pattern[str]]


@functools.lru_cache(maxsize=1)
def _remedy_rules() -> _RemedyRules:
    data = _read("remedies.yml")
    cues = "|".join(f"(?:{cue})" for cue in data["wanted"])
    names = ["refused", "not_refused", "of_others", "said_by_others", "named", "done", "joined", "next_refuses"]
    patterns = {name: re.compile(data[name]) for name in names}
    patterns["whole_start"] = re.compile(rf"\s?{data['whole_start']}\s?\Z")
    patterns["whole_end"] = re.compile(rf"{data['whole_end']}\Z")
    patterns["between"] = re.compile(rf"{data['between']}\Z")
    return _RemedyRules(_Phrases(data["remedies"], data["words"]), re.compile(cues), patterns)


@functools.lru_cache(maxsize=1)
def _step_rules() -> _StepRules:
    data = _read("steps.yml")
    guards = {name: re.compile(pattern) for name, pattern in data["guards"].items()}
    return _StepRules(_Phrases(data["steps"], data["words"]), guards)


def warm_up() -> None:
    """Read and compile the data files. Raises `DataError` where a file is missing or broken."""
    _remedy_rules()
    _step_rules()


def remedy_ids() -> Tuple[str, ...]:
    """Return the ids that a remedy may have."""
    return tuple(_read("remedies.yml")["remedies"])


def _clause(text: str, start: int, end: int) -> Tuple[str, str, str]:
    """Return what stands in the clause before the span, in the clause after it, and after that clause."""
    begin, stop = clause_around(text, start, end)
    return text[begin:start], text[end:stop], text[stop:]


# --- remedies ---


def find_wishes(text: str, steps: Iterable[StepTaken] = ()) -> List[Wish]:
    """Return the remedies that `text` asks for, first to last; those inside `steps` are past."""
    rules = _remedy_rules()
    taken = list(steps)
    found: List[Wish] = []
    for start, end, remedy in rules.phrases.matches(text):
        if any(start < step.end and step.start < end for step in taken):
            continue
        is_joined = bool(found) and rules.patterns["joined"].fullmatch(text[found[-1].end : start]) is not None
        if _is_wanted(text, start, end, is_joined, rules):
            found.append(Wish(start, end, remedy))
    return found


def _is_wanted(text: str, start: int, end: int, is_joined: bool, rules: _RemedyRules) -> bool:
    patterns = rules.patterns
    before, after, rest = _clause(text, start, end)
    if patterns["refused"].search(before) and not patterns["not_refused"].search(before):
        return False
    if patterns["said_by_others"].search(before):
        return False
    cue = _cue(before, text[start:end] + after, rules)
    if patterns["done"].match(after) and not (cue and _STRONG_WISH.search(before)):
        return False
    if patterns["named"].match(after) and not patterns["whole_end"].match(after):
        return False
    if cue or is_joined:
        return True
    # "退我差价": with 我 in it a phrase is an order, whatever follows.
    is_order = "我" in text[start:end] or bool(patterns["whole_end"].match(after))
    is_whole = is_order and patterns["whole_start"].match(before)
    return bool(is_whole) and not patterns["next_refuses"].match(rest)


def _cue(before: str, rest: str, rules: _RemedyRules) -> Optional[Match[str]]:
    """Return the word of wanting in `before` that reaches the phrase, with which `rest` begins.

    It must be the shopper's own, not the seller's.
    """
    for match in rules.wanted.finditer(before + rest):
        if match.end() > len(before):
            return None
        is_near = rules.patterns["between"].match(before[match.end() :])
        if is_near and not rules.patterns["of_others"].search(before[: match.start()]):
            return match
    return None


# --- steps ---


def find_steps_taken(text: str) -> List[StepTaken]:
    """Return the steps that the shopper tells to have taken, first to last."""
    rules = _step_rules()
    return [StepTaken(*span) for span in rules.phrases.matches(text) if _is_taken(text, span[0], span[1], rules.guards)]


def _is_taken(text: str, start: int, end: int, guards: Dict[str, Pattern[str]]) -> bool:
    before, after, rest = _clause(text, start, end)
    follows = after or rest
    if guards["not_done"].search(before) and not guards["still_done"].search(before):
        return False
    if any(guards[name].search(before) for name in ("asked", "supposed", "by_others", "said_by_others")):
        return False
    if guards["asked_after"].match(follows) or guards["supposed_after"].match(follows):
        return False
    span = text[start:end]
    if re.search(r"[了过].", span):  # 打了12315, 跟店家说过了: done, whatever stands before
        return True
    if guards["planned"].search(before):
        return False
    return not guards["threat"].search(text[:start])
