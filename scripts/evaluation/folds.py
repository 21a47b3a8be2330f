"""Split the training examples so that near-duplicates never stand on both sides."""

from __future__ import annotations

import collections
import dataclasses
import hashlib
import pathlib
import random
from typing import Any, Dict, Iterator, List, Mapping, Sequence, Tuple

import numpy as np
import yaml
from sklearn.model_selection import StratifiedGroupKFold

from scripts.near_duplicates import SAME_FOLD, groups, without_annotations

SEED = 20261124
SITUATIONS = "situations"
"""Key in the metadata of a block: the situations that its examples tell."""

Fold = Tuple[List[int], List[int]]
"""The places of the examples to train on, and of those held out."""


@dataclasses.dataclass(frozen=True)
class Example:
    """One example: `line` as it stands in the file, `text` without entity marks, `situations` that it tells."""

    intent: str
    line: str
    text: str
    situations: Tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True)
class TrainingSet:
    """All examples of a folder, and its other blocks (patterns, synonyms, word lists)."""

    examples: Tuple[Example, ...]
    other_blocks: Tuple[Dict[str, Any], ...]

    def digest(self) -> str:
        """Return a name for this content, 12 hexadecimal digits."""
        lines = ["\t".join((one.intent, one.line, *one.situations)) for one in self.examples]
        return hashlib.sha256("\n".join([*lines, repr(self.other_blocks)]).encode()).hexdigest()[:12]

    def write(self, places: Sequence[int], file: pathlib.Path) -> None:
        """Write the examples at `places`, and all other blocks, as Rasa's NLU YAML."""
        by_label: Dict[Tuple[str, Tuple[str, ...]], List[str]] = {}
        for place in places:
            one = self.examples[place]
            by_label.setdefault((one.intent, one.situations), []).append(one.line)
        blocks: List[Dict[str, Any]] = [
            {
                "intent": intent,
                **({"metadata": {SITUATIONS: list(situations)}} if situations else {}),
                "examples": "".join(f"- {line}\n" for line in lines),
            }
            for (intent, situations), lines in sorted(by_label.items())
        ]
        content = {"version": "3.1", "nlu": [*blocks, *self.other_blocks]}
        file.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=10**6), encoding="utf-8")


def read_blocks(directory: pathlib.Path) -> Iterator[Tuple[pathlib.PurePath, Dict[str, Any]]]:
    """Yield each block of every NLU file below `directory` with the file's path there, in the order of the paths."""
    for file in sorted(directory.rglob("*.yml")):
        for block in yaml.safe_load(file.read_text(encoding="utf-8"))["nlu"]:
            yield file.relative_to(directory), block


def situations_of(block: Mapping[str, Any]) -> Tuple[str, ...]:
    """Return the situation ids with which a block of an NLU file labels its examples.

    Raises `ValueError` where the metadata has another form.
    """
    metadata = block.get("metadata")
    if metadata is None:
        return ()
    labels = metadata.get(SITUATIONS) if isinstance(metadata, dict) and len(metadata) == 1 else None
    if not isinstance(labels, list) or not all(isinstance(one, str) for one in labels):
        raise ValueError(f"metadata must be «{SITUATIONS}: [id, …]», not {metadata!r}")
    return tuple(labels)


def read_training_set(directory: pathlib.Path) -> TrainingSet:
    """Read every NLU file below `directory`, in the order of their paths."""
    examples: List[Example] = []
    others: List[Dict[str, Any]] = []
    for _, block in read_blocks(directory):
        if "intent" not in block:
            others.append(block)
            continue
        for line in block["examples"].splitlines():
            if line.strip():
                bare = line.removeprefix("- ").strip()
                examples.append(Example(block["intent"], bare, without_annotations(bare), situations_of(block)))
    return TrainingSet(tuple(examples), tuple(others))


def split(examples: Sequence[Example], count: int, seed: int = SEED, threshold: float = SAME_FOLD) -> List[Fold]:
    """Return `count` folds with about the same share of each intent.

    Texts at least `threshold` alike (see `scripts.near_duplicates`), and those
    that a third text joins, are in one fold. Raises `ValueError` for fewer
    than two folds.
    """
    if count < 2:
        raise ValueError("at least two folds are needed")
    numbers = groups([one.text for one in examples], threshold)
    splitter = StratifiedGroupKFold(n_splits=count, shuffle=True, random_state=seed)
    found = splitter.split(np.zeros(len(examples)), [one.intent for one in examples], numbers)
    return [(train.tolist(), held.tolist()) for train, held in found]


def sample(
    examples: Sequence[Example], places: Sequence[int], count: int, seed: int = SEED, threshold: float = SAME_FOLD
) -> List[int]:
    """Return about `count` of `places`, in order, with the same share of each intent; always the same ones.

    Near-duplicates of an intent (as in `split`) come all or not at all, so the
    sample is as repetitive as the whole. All places where there are no more
    than `count`. Raises `ValueError` for a count below 1.
    """
    if count < 1:
        raise ValueError("at least one example is needed")
    if count >= len(places):
        return sorted(places)
    numbers = groups([examples[place].text for place in places], threshold)
    families: Dict[str, Dict[int, List[int]]] = {}
    for place, number in zip(places, numbers, strict=True):
        families.setdefault(examples[place].intent, {}).setdefault(number, []).append(place)
    chance = random.Random(seed)
    totals = collections.Counter(examples[place].intent for place in places)
    chosen: List[int] = []
    for intent in sorted(families):
        room = max(1, round(count * totals[intent] / len(places)))
        for family in chance.sample(list(families[intent].values()), len(families[intent])):
            if len(family) <= room:
                chosen += family
                room -= len(family)
    return sorted(chosen)
