"""Measure how well the bot understands: `make evaluate`.

Three parts, each kept in `results/evaluation/` until it is run again, joined in
`results/evaluation.md` and `.json`:

- `cv`: config.yml, trained and tested in turn on parts of data/nlu, with
  near-duplicates never on both sides (two to three minutes a fold);
- `entities`: the trained model on the annotated messages of tests/nlu;
- `messages`: the trained model on real messages, where a folder of them is given.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import pathlib
import sys
import tempfile
from typing import Any, Dict, List, Optional, Sequence, Tuple

import yaml

from scripts.evaluation import entities, figures, levels, messages, models, plots
from scripts.evaluation.figures import Prediction, Share
from scripts.evaluation.folds import SEED, Example, Fold, TrainingSet, read_training_set, split
from scripts.evaluation.tables import machine, percent, share_text, table, today, with_interval, write_json
from scripts.inputs import fingerprint
from scripts.near_duplicates import SAME_FOLD
from scripts.train import is_current
from weiquan.facts.knowledge import Knowledge, load
from weiquan.places import MODEL, ROOT, SPACY_MODEL

PARTS = ("cv", "entities", "messages")
GOLD = ROOT / "tests" / "nlu" / "entity_messages.yml"
CONVERSATIONS = ROOT / "tests" / "conversations"
INTERVIEWS = "conversations.json"
"""What tests/conversations counts: the questions that the bot asks before its plan."""
THRESHOLDS = [step / 50 for step in range(51)]
RANKED = 5
"""Intents of each ranking that are kept."""
SHOWN_THRESHOLDS = [step / 20 for step in range(13)]

Part = Tuple[Dict[str, Any], str, List[Tuple[str, str]]]
"""Figures, a section of Markdown, and rows of the summary."""


@dataclasses.dataclass(frozen=True)
class Level:
    """Held-out predictions with some intents merged: of how many classes, and how well."""

    name: str
    classes: int
    accuracy: Share
    macro_f1: float
    macro_f1_interval: figures.Interval


def predict_fold(config: pathlib.Path, data: TrainingSet, fold: Fold) -> List[models.Reading]:
    """Train `config` on one side of `fold` and read the other. Raises `ModelError`."""
    train, held = fold
    with tempfile.TemporaryDirectory() as scratch:
        file, archive = pathlib.Path(scratch) / "nlu.yml", pathlib.Path(scratch) / "model.tar.gz"
        data.write(train, file)
        models.train(config, [file], archive)
        return list(models.parse(archive, [data.examples[place].text for place in held]).readings)


def prediction(example: Example, reading: models.Reading) -> Prediction:
    """Return what counts of a reading."""
    top, confidence = reading.top
    ranking = tuple(name for name, _ in reading.ranking[:RANKED])
    return Prediction(example.intent, top, confidence, reading.intent, ranking)


def cross_validation(config: pathlib.Path, folds: int, quick: bool, results: pathlib.Path) -> Part:
    """Cross-validate `config` on data/nlu and draw its pictures into `results`."""
    data, facts = read_training_set(ROOT / "data" / "nlu"), load(ROOT / "knowledge")
    predictions: List[Prediction] = []
    replies: List[Share] = []
    lines: List[str] = []
    by_fold: List[Share] = []
    for number, fold in enumerate(split(data.examples, folds)[: 1 if quick else None], start=1):
        readings = predict_fold(config, data, fold)
        held = [data.examples[place] for place in fold[1]]
        new = [prediction(*pair) for pair in zip(held, readings, strict=True)]
        lines += [
            f"{one.label}\t{one.top}\t{one.confidence:.3f}\t{','.join(one.ranking)}\t{example.text}\n"
            for one, example in zip(new, held, strict=True)
        ]
        predictions += new
        replies.append(same_replies(new, readings, facts))
        by_fold.append(figures.accuracy(new))
        print(f"  fold {number} of {1 if quick else folds}: {share_text(by_fold[-1])}", flush=True)
    (results / "evaluation").mkdir(parents=True, exist_ok=True)
    (results / "evaluation" / "predictions.tsv").write_text("".join(lines), encoding="utf-8")
    found = cv_figures(predictions, models.fallback_threshold(config))
    found["levels"] = level_figures(predictions, facts)
    found["same_reply"] = Share(sum(one.hits for one in replies), sum(one.total for one in replies))
    found["split"] = {"folds": folds, "run": len(by_fold), "seed": SEED, "same_fold": SAME_FOLD, "data": data.digest()}
    found["folds"] = by_fold
    plots.plot_confusion(predictions, results / "confusion.png")
    plots.plot_reliability(found["reliability"], found["calibration_error"], results / "calibration.png")
    curve = figures.threshold_curve(predictions, THRESHOLDS)
    plots.plot_out_of_scope(curve, found["threshold"], results / "out_of_scope.png")
    return found, cv_section(found), cv_summary(found)


def same_replies(predictions: Sequence[Prediction], readings: Sequence[models.Reading], facts: Knowledge) -> Share:
    """Return the share of examples that are answered as they would be under their label."""
    same = 0
    for one, reading in zip(predictions, readings, strict=True):
        right = levels.reply(reading.text, one.label, 1.0, facts)
        same += levels.reply(reading.text, str(one.answer), one.confidence, facts) == right
    return Share(same, len(predictions))


def level_figures(predictions: Sequence[Prediction], facts: Knowledge) -> List[Level]:
    """Return accuracy and macro F1 by intent, with intents of the same advice merged, and by kind of speech."""
    intents = sorted({one.label for one in predictions})
    groupings = {
        "intent": {},
        "advice: complaints with the same ladder are one": levels.advice_by_intent(intents, facts),
        "kind of speech: intents that the same rule answers are one": levels.actions_by_intent(ROOT / "data" / "rules"),
    }
    found = []
    for name, groups in groupings.items():
        merged = levels.merged(predictions, groups)
        classes = len({one.label for one in merged})
        interval = figures.macro_f1_interval(merged)
        found.append(Level(name, classes, figures.accuracy(merged), figures.macro_f1(merged), interval))
    return found


def cv_figures(predictions: Sequence[Prediction], threshold: float) -> Dict[str, Any]:
    """Return all figures of held-out predictions; `threshold` is the config's."""
    inside = [one for one in predictions if one.label != figures.OUT_OF_SCOPE]
    refused = [one for one in inside if one.answer == models.FALLBACK]
    return {
        "examples": len(predictions),
        "accuracy": figures.accuracy(predictions),
        "macro_f1": figures.macro_f1(predictions),
        "macro_f1_interval": figures.macro_f1_interval(predictions),
        "intents": figures.intent_scores(predictions),
        "calibration_error": figures.calibration_error(predictions),
        "reliability": figures.reliability(predictions),
        "threshold": threshold,
        "in_scope_answered_right": Share(sum(one.answer == one.label for one in inside), len(inside)),
        "in_scope_refused": Share(len(refused), len(inside)),
        "false_alarms": figures.false_alarms(predictions),
        "thresholds": figures.threshold_curve(predictions, sorted({*SHOWN_THRESHOLDS, threshold})),
        "confused_pairs": figures.confused_pairs(predictions),
        "among_first": {count: figures.among_first(predictions, count) for count in (1, 3, RANKED)},
        "errors_by_kind": levels.errors_by_kind(predictions),
    }


def cv_summary(found: Dict[str, Any]) -> List[Tuple[str, str]]:
    """Return the rows of the summary."""
    return [
        ("accuracy, held-out examples", share_text(found["accuracy"])),
        ("macro F1", with_interval(found["macro_f1"], found["macro_f1_interval"])),
        *(
            (f"label among the first {count}", share_text(one))
            for count, one in found["among_first"].items()
            if count > 1
        ),
        ("expected calibration error", f"{found['calibration_error']:.3f}"),
        (f"in scope, right at threshold {found['threshold']:g}", share_text(found["in_scope_answered_right"])),
        ("in scope, left to the fallback", share_text(found["in_scope_refused"])),
        ("false alarms, out_of_scope examples", share_text(found["false_alarms"])),
    ]


def cv_section(found: Dict[str, Any]) -> str:
    """Return the section on cross-validation."""
    how = found["split"]
    intents = [
        [name, one.support, percent(one.precision), percent(one.recall), f"{one.f1:.3f}", _interval(one)]
        for name, one in sorted(found["intents"].items(), key=lambda pair: float(pair[1].f1))
    ]
    bins = [
        [f"{one.low:.1f}–{one.high:.1f}", one.count, percent(one.confidence), percent(one.accuracy)]
        for one in found["reliability"]
        if one.count
    ]
    curve = [
        [f"{one.threshold:.2f}", *map(percent, (one.coverage, one.accuracy, one.kept, one.false_alarms))]
        for one in found["thresholds"]
    ]
    pairs = [[label, top, times, support] for label, top, times, support in found["confused_pairs"]]
    merged = [
        [one.name, one.classes, share_text(one.accuracy), with_interval(one.macro_f1, one.macro_f1_interval)]
        for one in found["levels"]
    ]
    kinds = [[kind, *counts] for kind, counts in found["errors_by_kind"]]
    folds = ", ".join(percent(one.value) for one in found["folds"])
    return "\n".join(
        [
            "## Cross-validation on data/nlu\n",
            f"{found['examples']} examples held out in {how['run']} of {how['folds']} folds, each intent spread about "
            f"evenly (seed {how['seed']}). Examples at least {how['same_fold']} alike (`scripts/near_duplicates.py`), "
            "also through a third, are in one fold. "
            "The first table's first three rows, and the tables of intents, bins and pairs, are about the classifier's "
            "first intent before the fallback. "
            "Intervals are of 95 %: Wilson for shares, bootstrap over examples for F1. "
            f"Accuracy by fold: {folds}.\n",
            table(["figure", "value"], cv_summary(found)),
            "### Thresholds\n",
            "Coverage, accuracy of the answered, and right answers kept: in-scope examples. "
            "False alarms: `out_of_scope` examples that get a `report_` or `ask_` intent.\n",
            table(["threshold", "coverage", "right of the answered", "right answers kept", "false alarms"], curve),
            "![threshold](out_of_scope.png)\n",
            "### Calibration\n",
            f"Expected calibration error over {figures.BINS} bins of equal width: {found['calibration_error']:.3f}.\n",
            table(["confidence", "examples", "mean confidence", "accuracy"], bins),
            "![calibration](calibration.png)\n",
            "### What the errors cost\n",
            table(["intents merged by", "classes", "accuracy", "macro F1"], merged),
            "Answered, as a first message, as it would be under its label (words and fallback included; of a complaint "
            f"the situation and its variant): {share_text(found['same_reply'])}.\n",
            table(["misread", *(f"as {kind}" for kind in figures.KINDS)], kinds),
            "### Intents, the weakest first\n",
            table(["intent", "examples", "precision", "recall", "F1", "recall, 95 %"], intents),
            "### The most confused pairs\n",
            table(["label", "taken for", "times", "examples of the label"], pairs),
            "![confusion](confusion.png)\n",
        ]
    )


def _interval(score: figures.Score) -> str:
    low, high = Share(score.right, score.support).interval
    return f"{low * 100:.0f}–{high * 100:.0f}"


def entity_report(model: pathlib.Path, results: pathlib.Path, gold_file: pathlib.Path = GOLD) -> Part:
    """Score the entities that `model` finds in the annotated messages. Raises `ModelError`."""
    now, gold = entities.read_gold(gold_file)
    run = models.parse(model, [one.text for one in gold], now)
    aligned = [entities.moved(one, read.text) for one, read in zip(gold, run.readings, strict=True)]
    pairs = [(one.spans, entities.found_spans(read.entities)) for one, read in zip(aligned, run.readings, strict=True)]
    scores = entities.entity_scores(pairs)
    whole = entities.total(scores)
    resolved = entities.resolved_shares([(one, read.entities) for one, read in zip(aligned, run.readings, strict=True)])
    plots.plot_entities(scores, results / "entities.png")
    misread = [
        f"{kind}\t{span[2]}\t{one.text[span[0] : span[1]]}\t{one.text}\n"
        for one, (wanted, found) in zip(aligned, pairs, strict=True)
        for kind, spans in (("missed", set(wanted) - found), ("wrong", found - set(wanted)))
        for span in sorted(spans)
    ]
    (results / "evaluation").mkdir(parents=True, exist_ok=True)
    (results / "evaluation" / "misread_entities.tsv").write_text("".join(misread), encoding="utf-8")
    rows = [
        [name, one.support, percent(one.precision), percent(one.recall), f"{one.f1:.3f}", _resolved(resolved.get(name))]
        for name, one in [*scores.items(), ("all", whole)]
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
    return found, section, summary


def _resolved(share: Optional[Share]) -> str:
    return f"{share.hits} of {share.total}" if share else ""


def message_report(model: pathlib.Path, directory: pathlib.Path) -> Part:
    """Score the readings of real messages. Raises `MessagesError` and `ModelError`."""
    told, accepted = messages.read_messages(directory)
    found = messages.score(told, models.parse(model, [one.text for one in told]).readings, accepted)
    errors = found["calibration_error"]
    rows = [[name, share_text(one), f"{errors[name]:.3f}"] for name, one in found["accuracy"].items()]
    summary = [(f"real messages: {name}", share_text(one)) for name, one in found["accuracy"].items()]
    parts = ["## Real messages\n"]
    parts.append(
        f"{len(told)} messages of strangers that no example was written from. Right: an accepted intent of any label.\n"
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
    parts.append(table(["misread", *(f"as {kind}" for kind in messages.READ_AS)], rows))
    if "situations_by_label" in found:
        summary.append(("real messages: mean over the kinds of trouble", percent(found["situations_macro"])))
        rows = [[label, share_text(one)] for label, one in found["situations_by_label"].items()]
        parts.append(table(["trouble", "right"], rows))
    return found, "\n".join(parts), summary


def conversation_counts(directory: pathlib.Path = CONVERSATIONS) -> Tuple[int, int]:
    """Return how many conversations `make test` holds with the bot, and their turns."""
    found = [one for file in directory.glob("*.yml") for one in yaml.safe_load(file.read_text(encoding="utf-8"))]
    return len(found), sum(len(one["turns"]) for one in found)


def interview_figures(results: pathlib.Path) -> Optional[Tuple[str, str, str]]:
    """Return a row on the questions before the plan, from the last `make test`; None where none was kept."""
    file = results / INTERVIEWS
    if not file.exists():
        return None
    found = json.loads(file.read_text(encoding="utf-8"))
    value = (
        f"median {found['median_questions']:g}, at most {found['most_questions']}, "
        f"over {found['with_a_plan']} conversations that reach one"
    )
    return "questions before the plan (`make test`)", value, found.get("date", "")


def keep(part: str, result: Part, results: pathlib.Path) -> None:
    """Put a part's figures, section and summary into `results/evaluation`."""
    found, section, summary = result
    folder = results / "evaluation"
    write_json(folder / f"{part}.json", {"date": today(), "summary": summary, **found})
    (folder / f"{part}.md").write_text(section, encoding="utf-8")


def join(results: pathlib.Path) -> str:
    """Write evaluation.md and .json from the parts at hand; return the summary table."""
    folder = results / "evaluation"
    parts = {
        name: json.loads((folder / f"{name}.json").read_text(encoding="utf-8")) for name in PARTS if _has(folder, name)
    }
    conversations, turns = conversation_counts()
    counts = {"conversations": conversations, "turns": turns}
    rows = [(*row, part["date"]) for part in parts.values() for row in part["summary"]]
    rows.append(("conversation tests (`make test`)", f"{conversations} conversations, {turns} turns", today()))
    rows += [row] if (row := interview_figures(results)) else []
    summary = table(["figure", "value", "measured"], rows)
    sections = [(folder / f"{name}.md").read_text(encoding="utf-8") for name in parts]
    (results / "evaluation.md").write_text("\n".join(["# Evaluation\n", summary, *sections]), encoding="utf-8")
    write_json(results / "evaluation.json", {**parts, "conversation_tests": counts})
    return summary


def _has(folder: pathlib.Path, name: str) -> bool:
    return (folder / f"{name}.json").exists() and (folder / f"{name}.md").exists()


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="make evaluate", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--folds", type=int, default=5, help="parts of the cross-validation (5)")
    parser.add_argument("--quick", action="store_true", help="test on one of the parts only")
    parser.add_argument("--only", choices=PARTS, help="run one part; the others stay as they are")
    parser.add_argument(
        "--messages", type=pathlib.Path, help="folder of real messages (.tsv), see scripts/evaluation/messages.py"
    )
    parser.add_argument("--config", type=pathlib.Path, default=ROOT / "config.yml", help="pipeline to cross-validate")
    parser.add_argument("--model", type=pathlib.Path, default=MODEL, help="model for entities and messages")
    parser.add_argument("--results", type=pathlib.Path, default=ROOT / "results", help="folder to write to")
    return parser.parse_args(arguments)


def main(arguments: Optional[Sequence[str]] = None) -> int:
    """Run the parts asked for; return 1 with one sentence where one cannot run."""
    options = _options(sys.argv[1:] if arguments is None else arguments)
    if options.only == "messages" and not options.messages:
        print("--only messages needs --messages FOLDER.", file=sys.stderr)
        return 1
    wanted = [options.only] if options.only else [name for name in PARTS if name != "messages" or options.messages]
    if not SPACY_MODEL.exists():
        print("The word lists are not built: run `make train` first.", file=sys.stderr)
        return 1
    if wanted != ["cv"] and options.model == MODEL and not is_current(fingerprint()):
        print(
            "warning: the trained model is older than its inputs; run `make train` for the present ones.",
            file=sys.stderr,
        )
    print(f"Evaluating {', '.join(wanted)} ({machine()}) …", flush=True)
    try:
        for part in wanted:
            if part == "cv":
                result = cross_validation(options.config, options.folds, options.quick, options.results)
            elif part == "entities":
                result = entity_report(options.model, options.results)
            else:
                result = message_report(options.model, options.messages)
            keep(part, result, options.results)
    except (models.ModelError, messages.MessagesError) as error:
        print(error, file=sys.stderr)
        return 1
    print(join(options.results))
    print(f"The whole report: {options.results / 'evaluation.md'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
