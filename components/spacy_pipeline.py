"""A spaCy Chinese pipeline on jieba's segmentation, with an EntityRuler.

`zh_core_web_*` is not on the package registry, so the pipeline is built here
from word lists and saved to a folder that Rasa's `SpacyNLP` loads. It shares
jieba's process-wide dictionary with Rasa's `JiebaTokenizer`; the saved config
names the callback below, which loads the user dictionary before spaCy
segments the ruler's own phrases (else 拼多多 would be one word in messages and
two in the patterns, and never match).
"""

from __future__ import annotations

import argparse
import pathlib
from typing import Callable, Dict, List, Type

import spacy
from spacy.lang.zh import Chinese
from spacy.language import Language

LABELS = {"goods": "goods", "couriers": "courier", "platforms": "platform", "remedies": "remedy", "steps": "step_taken"}
"""Word list (file stem) -> entity label of domain.yml."""

_loaded: set[pathlib.Path] = set()


def load_dictionary(directory: pathlib.Path) -> None:
    """Load every user dictionary in `directory` into jieba, once a process.

    Raises `FileNotFoundError` where the directory holds none.
    """
    import jieba

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


def _terms(file: pathlib.Path) -> List[str]:
    lines = (line.strip() for line in file.read_text(encoding="utf-8").splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def build(words: pathlib.Path, dictionary: pathlib.Path) -> Language:
    """Return the pipeline for the word lists in `words`.

    A term over several jieba words matches as a phrase. Raises
    `FileNotFoundError` for a missing list.
    """
    nlp = Chinese.from_config(
        {
            "nlp": {
                "tokenizer": {"segmenter": "jieba"},
                "before_creation": {"@callbacks": "weiquan.jieba_dictionary.v1", "path": str(dictionary)},
            }
        }
    )
    ruler = nlp.add_pipe("entity_ruler")
    patterns: List[Dict[str, str]] = [
        {"label": label, "pattern": term} for stem, label in LABELS.items() for term in _terms(words / f"{stem}.txt")
    ]
    ruler.add_patterns(patterns)
    return nlp


def main() -> None:
    """Build the pipeline and save it: `python -m components.spacy_pipeline OUT`."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("--words", type=pathlib.Path, default=pathlib.Path("data/entities"))
    parser.add_argument("--dictionary", type=pathlib.Path, default=pathlib.Path("data/dictionary"))
    options = parser.parse_args()
    options.out.parent.mkdir(parents=True, exist_ok=True)
    build(options.words, options.dictionary).to_disk(options.out)


if __name__ == "__main__":
    main()
