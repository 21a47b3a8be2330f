"""Reading the training examples of data/nlu, and writing a selection of them."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import pathlib
from typing import Any, Dict, Iterable, Iterator, List, Mapping, Sequence, Tuple

import yaml

from components.nlu.labels import DANGER, FINE_QUESTIONS, NEWS, QUESTIONS, SITUATIONS, SPECIAL_CASES, UNLABELLED
from scripts.training_data.near_duplicates import without_annotations

OTHER_LABELS = (SPECIAL_CASES, NEWS, DANGER, QUESTIONS, FINE_QUESTIONS, UNLABELLED)
"""Keys in the metadata of a block beside the situations."""


@dataclasses.dataclass(frozen=True)
class Example:
    """One example: its `line` in the file, its `text` without entity marks, the `situations` that it describes.

    `labels` is the whole metadata of its block, as JSON, "" for none.
    """

    intent: str
    line: str
    text: str
    situations: Tuple[str, ...] = ()
    labels: str = ""


@dataclasses.dataclass(frozen=True)
class TrainingSet:
    """All examples of a folder, and the other blocks of its files (patterns, synonyms, word lists)."""

    examples: Tuple[Example, ...]
    other_blocks: Tuple[Dict[str, Any], ...]

    def digest(self) -> str:
        """Return a digest of the content, 12 hexadecimal digits."""
        lines = ["\t".join((example.intent, example.line, example.labels)) for example in self.examples]
        return hashlib.sha256("\n".join([*lines, repr(self.other_blocks)]).encode()).hexdigest()[:12]

    def write(self, places: Sequence[int], file: pathlib.Path) -> None:
        """Write the examples at `places`, and all other blocks, to `file` as Rasa's NLU YAML."""
        by_label: Dict[Tuple[str, str], List[str]] = {}
        for place in places:
            example = self.examples[place]
            by_label.setdefault((example.intent, example.labels), []).append(example.line)
        blocks: List[Dict[str, Any]] = [
            {
                "intent": intent,
                **({"metadata": json.loads(labels)} if labels else {}),
                "examples": "".join(f"- {line}\n" for line in lines),
            }
            for (intent, labels), lines in sorted(by_label.items())
        ]
        content = {"version": "3.1", "nlu": [*blocks, *self.other_blocks]}
        file.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=10**6), encoding="utf-8")


def read_blocks(directory: pathlib.Path) -> Iterator[Tuple[pathlib.PurePath, Dict[str, Any]]]:
    """Yield (path below `directory`, block) for each block of every NLU file there, in the order of the paths."""
    for file in sorted(directory.rglob("*.yml")):
        for block in yaml.load(file.read_text(encoding="utf-8"), yaml.CSafeLoader)["nlu"]:
            yield file.relative_to(directory), block


def situations_of(block: Mapping[str, Any]) -> Tuple[str, ...]:
    """Return the situation ids that label the examples of a block of an NLU file; none where it has other labels only.

    Raises `ValueError` if the metadata has another form.
    """
    metadata = block.get("metadata")
    if metadata is None:
        return ()
    is_known = isinstance(metadata, dict) and bool(metadata) and set(metadata) <= {SITUATIONS, *OTHER_LABELS}
    if is_known and SITUATIONS not in metadata:
        return ()
    labels = metadata[SITUATIONS] if is_known else None
    if not isinstance(labels, list) or not labels or not all(isinstance(label, str) for label in labels):
        raise ValueError(f"metadata must be «{SITUATIONS}: [id, …]», not {metadata!r}")
    return tuple(labels)


def read_training_set(directory: pathlib.Path) -> TrainingSet:
    """Read every NLU file below `directory`, in the order of their paths."""
    return training_set_of(read_blocks(directory))


def training_set_of(blocks: Iterable[Tuple[pathlib.PurePath, Dict[str, Any]]]) -> TrainingSet:
    """Return the training set in `blocks`, as `read_blocks` yields them."""
    examples: List[Example] = []
    others: List[Dict[str, Any]] = []
    for _, block in blocks:
        if "intent" not in block:
            others.append(block)
            continue
        labels = json.dumps(block["metadata"], sort_keys=True) if "metadata" in block else ""
        for line in block["examples"].splitlines():
            if line.strip():
                bare = line.removeprefix("- ").strip()
                text, situations = without_annotations(bare), situations_of(block)
                examples.append(Example(block["intent"], bare, text, situations, labels))
    return TrainingSet(tuple(examples), tuple(others))
