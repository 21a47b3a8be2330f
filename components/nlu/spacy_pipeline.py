"""A spaCy Chinese pipeline that finds goods, couriers and platforms.

`zh_core_web_*` is not on the package registry, so the pipeline is built here
from word lists and saved to a folder that Rasa's `SpacyNLP` loads.

Every character is a token. Were jieba's words the tokens, a phrase would match
only where jieba cuts the message as it cuts the phrase alone; by characters it
matches everywhere, and too much: 手机 in 手机号. So spaCy's `SpanRuler` gathers
all the matches, and `WholeWords` keeps those that do not tear a word of jieba
apart, and that the words around them (`data/entities/goods_rules.yml`) allow.
"""

# No `from __future__ import annotations`: spaCy hands the signatures of factories
# to pydantic, which must see types, not their names.
import argparse
import dataclasses
import json
import pathlib
import re
from typing import Any, Callable, Dict, Iterable, List, Pattern, Sequence, Tuple, Type

import jieba
import spacy
import yaml
from spacy.lang.zh import Chinese
from spacy.language import Language
from spacy.tokens import Doc, Span

LABELS = {"goods": "goods", "couriers": "courier", "platforms": "platform"}
"""Word list (file stem) -> entity label of domain.yml."""
RULES = "goods_rules.yml"
GOODS = "goods"
_MATCHES = "words"
"""Name of the span group in which the ruler leaves its matches."""
_LONG = 3
"""A phrase of so many characters is hardly ever there by accident."""

_loaded: set[pathlib.Path] = set()


def load_dictionary(directory: pathlib.Path) -> None:
    """Load every user dictionary in `directory` into jieba, once a process.

    Raises `FileNotFoundError` where the directory holds none.
    """
    files = sorted(directory.glob("*.txt"))
    if not files:
        raise FileNotFoundError(f"no jieba dictionary (*.txt) in {directory}")
    for file in files:
        if file.resolve() not in _loaded:
            jieba.load_userdict(str(file))
            _loaded.add(file.resolve())


@spacy.registry.callbacks("weiquan.jieba_dictionary.v1")
def jieba_dictionary(path: str) -> Callable[[Type[Language]], Type[Language]]:
    """spaCy `before_creation` callback: load the jieba dictionary of `path`."""

    def load(language: Type[Language]) -> Type[Language]:
        load_dictionary(pathlib.Path(path))
        return language

    return load


@dataclasses.dataclass(frozen=True)
class _Around:
    """What must not stand right before and right after a word."""

    before: Pattern[str]
    after: Pattern[str]

    def forbids(self, text: str, start: int, end: int) -> bool:
        return bool(self.before.search(text[:start]) or self.after.match(text[end:]))


_NOWHERE = r"(?!)"


def _around(rule: Dict[str, str]) -> _Around:
    return _Around(re.compile(rule.get("before", _NOWHERE)), re.compile(rule.get("after", _NOWHERE)))


def _cuts(text: str) -> List[Tuple[int, int]]:
    """Return the (start, end) of jieba's words in `text`."""
    spans: List[Tuple[int, int]] = []
    start = 0
    # Without the HMM: it invents words, and would tear nothing apart but itself.
    for word in jieba.cut(text, HMM=False):
        spans.append((start, start + len(word)))
        start += len(word)
    return spans


class WholeWords:
    """Pipe that sets `doc.ents` to those matches of the ruler that are what they look like."""

    def __init__(self) -> None:
        """Create the pipe; without rules (see `use`) it lets nothing through."""
        self._rules: Dict[str, Any] = {}

    def use(self, rules: Dict[str, Any]) -> None:
        """Take over the content of `data/entities/goods_rules.yml`; raises `KeyError` for a missing part."""
        self._rules = rules
        singles = rules["singles"]
        self._free = set(singles["free"])
        self._measured: Dict[str, str] = singles["measured"]
        self._opening = set(singles["opening"])
        self._clause_start = re.compile(singles["clause_start"])
        self._goods_before = re.compile(singles["bought"])
        self._parts = set(rules["bought_only"]["words"])
        self._bought = re.compile(rules["bought_only"]["bought"])
        self._never = _around(rules["never"])
        self._unless = {word.lower(): _around(rule) for word, rule in rules["unless"].items()}

    def __call__(self, doc: Doc) -> Doc:
        """Set the entities of `doc` and return it."""
        spans: Sequence[Span] = list(doc.spans.get(_MATCHES, ()))
        if spans and self._rules:
            words = _cuts(doc.text)
            allowed = [span for span in spans if self._is_whole(span, words) and self._is_meant(span, doc.text)]
            doc.ents = tuple(_heads(spacy.util.filter_spans(allowed)))
        return doc

    def _is_whole(self, span: Span, words: Sequence[Tuple[int, int]]) -> bool:
        """Tell whether the match tears no word apart; the tail of a word is its head noun (羊毛|衫)."""
        start, end = span.start_char, span.end_char
        size = end - start
        if size == 1 and (start, end) not in words:
            return False
        for first, last in words:
            if last <= start or end <= first:
                continue
            begins_inside, ends_inside = first < start < last, first < end < last
            if not begins_inside and not ends_inside:
                continue
            is_tail = begins_inside and end == last
            is_across = size >= _LONG and not (first <= start and end <= last)
            if not (is_tail and size > 1) and not is_across:
                return False
        return True

    def _is_meant(self, span: Span, text: str) -> bool:
        word, start, end = span.text, span.start_char, span.end_char
        rule = self._unless.get(word.lower())
        if rule and rule.forbids(text, start, end):
            return False
        if word.isascii() and _touches_letters(text, start, end):
            return False
        if span.label_ != GOODS:
            return True
        if self._never.forbids(text, start, end):
            return False
        if word in self._measured:
            return self._is_single_meant(word, text[:start])
        return word not in self._parts or bool(self._bought.search(text[:start]))

    def _is_single_meant(self, word: str, before: str) -> bool:
        if before and before[-1] in self._measured[word]:
            return True
        return bool(self._goods_before.search(before)) or (
            word in self._opening and bool(self._clause_start.search(before))
        )

    def to_disk(self, path: pathlib.Path, *, exclude: Iterable[str] = ()) -> None:
        """Write the rules to `path`."""
        path.write_text(json.dumps(self._rules, ensure_ascii=False), encoding="utf-8")

    def from_disk(self, path: pathlib.Path, *, exclude: Iterable[str] = ()) -> "WholeWords":
        """Take over the rules in `path`."""
        self.use(json.loads(path.read_text(encoding="utf-8")))
        return self


def _touches_letters(text: str, start: int, end: int) -> bool:
    """Tell whether a word of letters goes on: "ems" in "items", "1688" in a longer number."""
    around = text[max(start - 1, 0) : start] + text[end : end + 1]
    return any(character.isascii() and character.isalnum() for character in around)


def _heads(spans: Sequence[Span]) -> List[Span]:
    """Of goods that follow each other without a gap keep the last, the head of the compound (苹果|手机)."""
    return [
        span
        for span in spans
        if span.label_ != GOODS
        or not any(span.end_char == other.start_char and other.label_ == GOODS for other in spans)
    ]


@Chinese.factory("weiquan_whole_words")
def make_whole_words(nlp: Language, name: str) -> WholeWords:
    """spaCy factory of `WholeWords`."""
    return WholeWords()


def _terms(file: pathlib.Path) -> List[str]:
    lines = (line.strip() for line in file.read_text(encoding="utf-8").splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def build(words: pathlib.Path, dictionary: pathlib.Path) -> Language:
    """Return the pipeline for the word lists and rules in `words`.

    Raises `FileNotFoundError` for a missing list.
    """
    rules = yaml.safe_load((words / RULES).read_text(encoding="utf-8"))
    nlp = Chinese.from_config(
        {
            "nlp": {
                "tokenizer": {"segmenter": "char"},
                "before_creation": {"@callbacks": "weiquan.jieba_dictionary.v1", "path": str(dictionary)},
            }
        }
    )
    ruler = nlp.add_pipe("span_ruler", config={"spans_key": _MATCHES, "phrase_matcher_attr": "LOWER"})
    terms = {stem: _terms(words / f"{stem}.txt") for stem in LABELS}
    terms["goods"] += [*rules["singles"]["free"], *rules["singles"]["measured"], *rules["bought_only"]["words"]]
    patterns: List[Dict[str, str]] = [
        {"label": label, "pattern": term} for stem, label in LABELS.items() for term in dict.fromkeys(terms[stem])
    ]
    ruler.add_patterns(patterns)
    whole_words = nlp.add_pipe("weiquan_whole_words")
    assert isinstance(whole_words, WholeWords)
    whole_words.use(rules)
    return nlp


def main() -> None:
    """Build the pipeline and save it: `python -m components.nlu.spacy_pipeline OUT`."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("--words", type=pathlib.Path, default=pathlib.Path("data/entities"))
    parser.add_argument("--dictionary", type=pathlib.Path, default=pathlib.Path("data/dictionary"))
    options = parser.parse_args()
    options.out.parent.mkdir(parents=True, exist_ok=True)
    build(options.words, options.dictionary).to_disk(options.out)


if __name__ == "__main__":
    main()
