"""Score entities against annotated messages: a span counts only with its exact boundaries."""

from __future__ import annotations

import collections
import dataclasses
import difflib
import json
import pathlib
import re
from typing import Any, Dict, List, Mapping, Optional, Sequence, Set, Tuple

import yaml

from scripts.evaluation import models, plots
from scripts.evaluation.metrics import Score, Share
from scripts.evaluation.summary import Part
from scripts.evaluation.tables import percent, table
from weiquan.places import ROOT

GOLD = ROOT / "tests" / "nlu" / "entity_messages.yml"

_MARK = re.compile(r"\[(?P<text>[^\]]+)\]\((?P<entity>\w+)\)(?P<resolved>\{(?:[^{}]|\{[^{}]*\})*\})?")

Span = Tuple[int, int, str]
"""First character, the one after the last, entity."""


@dataclasses.dataclass(frozen=True)
class Gold:
    """An annotated message: its plain text, its spans, and what some of them resolve to."""

    text: str
    spans: Tuple[Span, ...]
    resolved: Mapping[Span, Mapping[str, Any]]


def parse_gold(line: str) -> Gold:
    """Read `[39.9](amount){"value": 39.9}包邮`; the braces are optional.

    Raises `ValueError` for braces that are not JSON.
    """
    text, end = "", 0
    spans: List[Span] = []
    resolved: Dict[Span, Mapping[str, Any]] = {}
    for mark in _MARK.finditer(line):
        text += line[end : mark.start()]
        span = (len(text), len(text) + len(mark["text"]), mark["entity"])
        text += mark["text"]
        end = mark.end()
        spans.append(span)
        if mark["resolved"]:
            resolved[span] = _flat(json.loads(mark["resolved"]))
    return Gold(text + line[end:], tuple(spans), resolved)


def read_gold(file: pathlib.Path) -> Tuple[str, List[Gold]]:
    """Return the time at which the messages of `file` count as sent (ISO 8601), and the messages."""
    content = yaml.safe_load(file.read_text(encoding="utf-8"))
    return str(content["now"]), [parse_gold(message) for message in content["messages"]]


def moved(gold: Gold, text: str) -> Gold:
    """Return `gold` with its spans moved to where they are in `text`, the message as the pipeline cleaned it.

    An end of a span whose character was removed keeps its position.
    """
    if text == gold.text:
        return gold
    place: Dict[int, int] = {}
    for here, there, length in difflib.SequenceMatcher(None, gold.text, text, autojunk=False).get_matching_blocks():
        place.update((here + step, there + step) for step in range(length))
    new = {
        (start, end, name): (place.get(start, start), place.get(end - 1, end - 1) + 1, name)
        for start, end, name in gold.spans
    }
    return Gold(
        text, tuple(new[span] for span in gold.spans), {new[span]: known for span, known in gold.resolved.items()}
    )


def found_spans(entities: Sequence[Mapping[str, Any]]) -> Set[Span]:
    """Return the spans of Rasa's entities; one found by two extractors counts once."""
    return {(int(entity["start"]), int(entity["end"]), str(entity["entity"])) for entity in entities}


def entity_scores(pairs: Sequence[Tuple[Sequence[Span], Set[Span]]]) -> Dict[str, Score]:
    """Return the score of each entity over pairs of annotated and found spans.

    A span with another boundary or another entity is a wrong one and a miss.
    """
    right: collections.Counter[str] = collections.Counter()
    wrong: collections.Counter[str] = collections.Counter()
    missed: collections.Counter[str] = collections.Counter()
    for wanted, found in pairs:
        right.update(span[2] for span in found & set(wanted))
        wrong.update(span[2] for span in found - set(wanted))
        missed.update(span[2] for span in set(wanted) - found)
    return {name: Score(right[name], wrong[name], missed[name]) for name in sorted({*right, *wrong, *missed})}


def total(scores: Mapping[str, Score]) -> Score:
    """Return the score over all entities, with equal weight for each span (micro average)."""
    values = scores.values()
    return Score(
        sum(score.right for score in values),
        sum(score.wrong for score in values),
        sum(score.missed for score in values),
    )


def resolved_shares(pairs: Sequence[Tuple[Gold, Sequence[Mapping[str, Any]]]]) -> Dict[str, Share]:
    """Return for each entity: of the found spans with an annotated value, how many resolve to just that."""
    hits: collections.Counter[str] = collections.Counter()
    seen: collections.Counter[str] = collections.Counter()
    for gold, entities in pairs:
        by_span = {(int(entity["start"]), int(entity["end"]), str(entity["entity"])): entity for entity in entities}
        for span, wanted in gold.resolved.items():
            if span in by_span:
                seen[span[2]] += 1
                known = _flat(by_span[span])
                hits[span[2]] += all(_same(known.get(key), value) for key, value in wanted.items())
    return {name: Share(hits[name], seen[name]) for name in sorted(seen)}


def _flat(entity: Mapping[str, Any]) -> Dict[str, Any]:
    """Return an entity with a value of several parts (`from`, `to`) as those parts."""
    value = entity.get("value")
    return {**entity, **value, "value": None} if isinstance(value, dict) else dict(entity)


def _same(found: Any, wanted: Any) -> bool:
    if isinstance(wanted, (int, float)) and not isinstance(wanted, bool):
        try:
            return abs(float(found) - wanted) < 1e-6
        except (TypeError, ValueError):
            return False
    return wanted is None or bool(found == wanted)


def entity_report(model: pathlib.Path, results: pathlib.Path, gold_file: pathlib.Path = GOLD) -> Part:
    """Score the entities that `model` finds in the messages of `gold_file`; draw the plot into `results`.

    Raises `ModelError`."""
    now, gold = read_gold(gold_file)
    run = models.parse(model, [message.text for message in gold], now)
    aligned = [moved(message, read.text) for message, read in zip(gold, run.readings, strict=True)]
    pairs = [(message.spans, found_spans(read.entities)) for message, read in zip(aligned, run.readings, strict=True)]
    scores = entity_scores(pairs)
    whole = total(scores)
    resolved = resolved_shares([(message, read.entities) for message, read in zip(aligned, run.readings, strict=True)])
    plots.plot_entities(scores, results / "entities.png")
    misread = [
        f"{kind}\t{span[2]}\t{message.text[span[0] : span[1]]}\t{message.text}\n"
        for message, (wanted, found) in zip(aligned, pairs, strict=True)
        for kind, spans in (("missed", set(wanted) - found), ("wrong", found - set(wanted)))
        for span in sorted(spans)
    ]
    (results / "evaluation").mkdir(parents=True, exist_ok=True)
    (results / "evaluation" / "misread_entities.tsv").write_text("".join(misread), encoding="utf-8")
    rows = [
        [
            name,
            score.support,
            percent(score.precision),
            percent(score.recall),
            f"{score.f1:.3f}",
            _resolved(resolved.get(name)),
        ]
        for name, score in [*scores.items(), ("all", whole)]
    ]
    section = "\n".join(
        [
            "## Entities\n",
            f"{len(gold)} messages written and annotated by hand (`tests/nlu/entity_messages.yml`), read as if sent at "
            f"{now}. A span counts with its exact boundaries only. Value: of the spans found whose value is annotated, "
            "how many resolve to it.\n",
            table(["entity", "spans", "precision", "recall", "F1", "value"], rows),
            "![entities](entities.png)\n",
        ]
    )
    found = {"messages": len(gold), "now": now, "entities": scores, "all": whole, "resolved": resolved}
    summary = [(f"entity F1, {len(gold)} messages, {whole.support} spans", f"{whole.f1:.3f}")]
    return Part(found, section, summary)


def _resolved(share: Optional[Share]) -> str:
    return f"{share.hits} of {share.total}" if share else ""
