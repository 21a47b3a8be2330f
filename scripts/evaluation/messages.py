"""Score the readings of real messages, which are kept in .tsv files outside the project.

A folder holds one or more of `situations.tsv`, `questions.tsv`, `smalltalk.tsv`
and `out_of_scope.tsv`. Each line is a text, a tab and a label; a message with
two troubles has two labels, `a|b`. `intents.json` beside the folder says which
intents are right for each label: {file: {label: [intents]}}, where `*` stands
for any other label.
"""

from __future__ import annotations

import collections
import csv
import dataclasses
import json
import pathlib
from typing import Any, Dict, List, Mapping, Sequence, Set, Tuple

from scripts.evaluation import models
from scripts.evaluation.metrics import KINDS, Prediction, Share, calibration_error, is_alarm, kind_of
from scripts.evaluation.models import FALLBACK, Reading
from scripts.evaluation.summary import Part
from scripts.evaluation.tables import percent, share_text, table

FILES = ("situations", "questions", "smalltalk", "out_of_scope")
TOP = 3
READ_AS = (*KINDS, FALLBACK)

Accepted = Mapping[str, Mapping[str, Sequence[str]]]


class MessagesError(Exception):
    """Raised, with one sentence for the user, where messages cannot be scored."""


@dataclasses.dataclass(frozen=True)
class Labelled:
    """A real message, the name of its file and its labels."""

    file: str
    text: str
    labels: Tuple[str, ...]


def read_messages(directory: pathlib.Path) -> Tuple[List[Labelled], Accepted]:
    """Return the messages of `directory` and the table of accepted intents. Raises `MessagesError`."""
    table = directory.resolve().parent / "intents.json"
    if not table.is_file():
        raise MessagesError(f"{table} is missing: it says which intents are right for which label.")
    found: List[Labelled] = []
    for name in FILES:
        path = directory / f"{name}.tsv"
        if path.exists():
            with path.open(encoding="utf-8", newline="") as handle:
                rows = [row for row in csv.reader(handle, delimiter="\t", quoting=csv.QUOTE_NONE) if row]
            found += [Labelled(name, text, tuple(label.split("|"))) for text, label, *_ in rows]
    if not found:
        raise MessagesError(f"{directory} holds none of {', '.join(f'{name}.tsv' for name in FILES)}.")
    return found, json.loads(table.read_text(encoding="utf-8"))


def score(messages: Sequence[Labelled], readings: Sequence[Reading], table: Accepted) -> Dict[str, Any]:
    """Return the figures for `readings` of `messages`, with the accepted intents in `table`.

    Accuracy by file and label, false alarms, calibration, messages with two troubles."""
    pairs = list(zip(messages, readings, strict=True))
    files = {name: [pair for pair in pairs if pair[0].file == name] for name in FILES}
    result: Dict[str, Any] = {
        "accuracy": {name: _share(files[name], table) for name in FILES if files[name]},
        "calibration_error": {name: _calibration(files[name], table) for name in FILES if files[name]},
        "calibration_error_of_all": _calibration(pairs, table),
        "misread_as": {name: _misread_as(files[name], table) for name in FILES if files[name]},
    }
    if files["situations"]:
        by_label: Dict[str, List[Tuple[Labelled, Reading]]] = collections.defaultdict(list)
        for pair in files["situations"]:
            by_label[pair[0].labels[0]].append(pair)
        result["situations_by_label"] = {label: _share(some, table) for label, some in sorted(by_label.items())}
        shares = [share.value for share in result["situations_by_label"].values()]
        result["situations_macro"] = sum(shares) / len(shares)
        doubles = [pair for pair in files["situations"] if len(pair[0].labels) == 2]
        result["both_labels_in_top_three"] = Share(sum(_both(*pair, table) for pair in doubles), len(doubles))
    if files["out_of_scope"]:
        alarms = sum(
            is_alarm(read.intent) and not _is_right(message, read.intent, table)
            for message, read in files["out_of_scope"]
        )
        result["false_alarms"] = Share(alarms, len(files["out_of_scope"]))
    return result


def _accepted(message: Labelled, label: str, table: Accepted) -> Set[str]:
    intents = table.get(message.file, {})
    return set(intents.get(label, intents.get("*", [])))


def _is_right(message: Labelled, intent: Any, table: Accepted) -> bool:
    return any((intent or FALLBACK) in _accepted(message, label, table) for label in message.labels)


def _share(pairs: Sequence[Tuple[Labelled, Reading]], table: Accepted) -> Share:
    return Share(sum(_is_right(message, read.intent, table) for message, read in pairs), len(pairs))


def _misread_as(pairs: Sequence[Tuple[Labelled, Reading]], table: Accepted) -> Dict[str, int]:
    """Return how many wrong readings there are of each of `READ_AS`."""
    wrong = [read.intent or FALLBACK for message, read in pairs if not _is_right(message, read.intent, table)]
    counts = collections.Counter(FALLBACK if answer == FALLBACK else kind_of(answer) for answer in wrong)
    return {kind: counts[kind] for kind in READ_AS}


def _calibration(pairs: Sequence[Tuple[Labelled, Reading]], table: Accepted) -> float:
    """The classifier's confidence against whether its first intent is accepted, before the fallback."""
    predictions = [
        Prediction("right", "right" if _is_right(message, read.top[0], table) else "wrong", read.top[1], None)
        for message, read in pairs
    ]
    return calibration_error(predictions)


def _both(message: Labelled, read: Reading, table: Accepted) -> bool:
    """Tell whether the three likeliest complaints hold an accepted intent of either label."""
    first = {name for name, _ in [pair for pair in read.ranking if pair[0].startswith("report_")][:TOP]}
    return all(first & _accepted(message, label, table) for label in message.labels)


def message_report(model: pathlib.Path, directory: pathlib.Path) -> Part:
    """Score the readings that `model` gives the messages in `directory`. Raises `MessagesError` and `ModelError`."""
    labelled, accepted = read_messages(directory)
    found = score(labelled, models.parse(model, [message.text for message in labelled]).readings, accepted)
    errors = found["calibration_error"]
    rows = [[name, share_text(share), f"{errors[name]:.3f}"] for name, share in found["accuracy"].items()]
    summary = [(f"real messages: {name}", share_text(share)) for name, share in found["accuracy"].items()]
    parts = ["## Real messages\n"]
    parts.append(
        f"{len(labelled)} messages of strangers that no example was written from. "
        "Right: an accepted intent of any label.\n"
    )
    rows.append(["all", "", f"{found['calibration_error_of_all']:.3f}"])
    parts.append(table(["messages", "right", "calibration error"], rows))
    summary.append(("real messages: expected calibration error, all", f"{found['calibration_error_of_all']:.3f}"))
    for key, name in (
        ("false_alarms", "false alarms"),
        ("both_labels_in_top_three", "both troubles among the first three"),
    ):
        if key in found:
            parts.append(f"{name.capitalize()}: {share_text(found[key])}.\n")
            summary.append((f"real messages: {name}", share_text(found[key])))
    rows = [[name, *counts.values()] for name, counts in found["misread_as"].items()]
    parts.append(table(["misread", *(f"as {kind}" for kind in READ_AS)], rows))
    if "situations_by_label" in found:
        summary.append(("real messages: mean over the kinds of trouble", percent(found["situations_macro"])))
        rows = [[label, share_text(share)] for label, share in found["situations_by_label"].items()]
        parts.append(table(["trouble", "right"], rows))
    return Part(found, "\n".join(parts), summary)
