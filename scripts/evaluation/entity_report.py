"""The entities that the trained model finds in messages annotated by hand."""

from __future__ import annotations

import pathlib
from typing import Optional

from scripts.evaluation import entities, models, plots
from scripts.evaluation.metrics import Share
from scripts.evaluation.summary import Part
from scripts.evaluation.tables import percent, table
from weiquan.places import ROOT

GOLD = ROOT / "tests" / "nlu" / "entity_messages.yml"


def entity_report(model: pathlib.Path, results: pathlib.Path, gold_file: pathlib.Path = GOLD) -> Part:
    """Score the entities that `model` finds in the messages of `gold_file`; draw the plot into `results`.

    Raises `ModelError`."""
    now, gold = entities.read_gold(gold_file)
    run = models.parse(model, [message.text for message in gold], now)
    aligned = [entities.moved(message, read.text) for message, read in zip(gold, run.readings, strict=True)]
    pairs = [
        (message.spans, entities.found_spans(read.entities))
        for message, read in zip(aligned, run.readings, strict=True)
    ]
    scores = entities.entity_scores(pairs)
    whole = entities.total(scores)
    resolved = entities.resolved_shares(
        [(message, read.entities) for message, read in zip(aligned, run.readings, strict=True)]
    )
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
