"""Cross-validation: the pipeline is trained and tested in turn on parts of data/nlu."""

from __future__ import annotations

import dataclasses
import pathlib
import tempfile
from typing import Any, Dict, List, Sequence, Tuple

from scripts.evaluation import error_costs, metrics, models, plots
from scripts.evaluation.folds import SEED, Fold, split
from scripts.evaluation.metrics import Prediction, Share
from scripts.evaluation.summary import Part
from scripts.evaluation.tables import percent, share_text, table, with_interval
from scripts.training_data.examples import Example, TrainingSet, read_training_set
from scripts.training_data.near_duplicates import SAME_FOLD
from weiquan.facts.knowledge import Knowledge, load
from weiquan.places import ROOT

THRESHOLDS = [step / 50 for step in range(51)]
SHOWN_THRESHOLDS = [step / 20 for step in range(13)]
RANKED = 5
"""Intents of each ranking that are kept."""


@dataclasses.dataclass(frozen=True)
class Level:
    """The scores of held-out predictions after some intents were merged into classes."""

    name: str
    classes: int
    accuracy: Share
    macro_f1: float
    macro_f1_interval: metrics.Interval


def predict_fold(config: pathlib.Path, data: TrainingSet, fold: Fold) -> List[models.Reading]:
    """Train `config` on one side of `fold` of `data`; return the readings of the other. Raises `ModelError`."""
    train, held = fold
    with tempfile.TemporaryDirectory() as scratch:
        file, archive = pathlib.Path(scratch) / "nlu.yml", pathlib.Path(scratch) / "model.tar.gz"
        data.write(train, file)
        models.train(config, [file], archive)
        return list(models.parse(archive, [data.examples[place].text for place in held]).readings)


def prediction(example: Example, reading: models.Reading) -> Prediction:
    """Return the prediction for `example` that `reading` amounts to."""
    top, confidence = reading.top
    ranking = tuple(name for name, _ in reading.ranking[:RANKED])
    return Prediction(example.intent, top, confidence, reading.intent, ranking)


def cross_validation(config: pathlib.Path, folds: int, quick: bool, results: pathlib.Path) -> Part:
    """Cross-validate `config` on data/nlu in `folds` parts, of which `quick` runs one; draw the plots into `results`.

    Raises `ModelError`."""
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
            f"{guess.label}\t{guess.top}\t{guess.confidence:.3f}\t{','.join(guess.ranking)}\t{example.text}\n"
            for guess, example in zip(new, held, strict=True)
        ]
        predictions += new
        replies.append(same_replies(new, readings, facts))
        by_fold.append(metrics.accuracy(new))
        print(f"  fold {number} of {1 if quick else folds}: {share_text(by_fold[-1])}", flush=True)
    (results / "evaluation").mkdir(parents=True, exist_ok=True)
    (results / "evaluation" / "predictions.tsv").write_text("".join(lines), encoding="utf-8")
    found = cv_figures(predictions, models.fallback_threshold(config))
    found["levels"] = level_figures(predictions, facts)
    found["same_reply"] = Share(sum(share.hits for share in replies), sum(share.total for share in replies))
    found["split"] = {"folds": folds, "run": len(by_fold), "seed": SEED, "same_fold": SAME_FOLD, "data": data.digest()}
    found["folds"] = by_fold
    plots.plot_confusion(predictions, results / "confusion.png")
    plots.plot_reliability(found["reliability"], found["calibration_error"], results / "calibration.png")
    curve = metrics.threshold_curve(predictions, THRESHOLDS)
    plots.plot_out_of_scope(curve, found["threshold"], results / "out_of_scope.png")
    return Part(found, cv_section(found), cv_summary(found))


def same_replies(predictions: Sequence[Prediction], readings: Sequence[models.Reading], facts: Knowledge) -> Share:
    """Return the share of examples whose answer is the one that their label would get."""
    same = 0
    for guess, reading in zip(predictions, readings, strict=True):
        right = error_costs.reply(guess.label, reading.found, facts)
        same += error_costs.reply(str(guess.answer), reading.found, facts) == right
    return Share(same, len(predictions))


def level_figures(predictions: Sequence[Prediction], facts: Knowledge) -> List[Level]:
    """Return the scores by intent, with intents of the same advice merged, and by kind of utterance."""
    intents = sorted({guess.label for guess in predictions})
    by_rule = error_costs.actions_by_intent(ROOT / "data" / "rules")
    groupings = {
        "intent": {},
        "advice: complaints with the same ladder are one": error_costs.advice_by_intent(intents, facts),
        "kind of speech: intents that the same rule answers are one": by_rule,
    }
    found = []
    for name, groups in groupings.items():
        merged = error_costs.merged(predictions, groups)
        classes = len({guess.label for guess in merged})
        interval = metrics.macro_f1_interval(merged)
        found.append(Level(name, classes, metrics.accuracy(merged), metrics.macro_f1(merged), interval))
    return found


def cv_figures(predictions: Sequence[Prediction], threshold: float) -> Dict[str, Any]:
    """Return all figures of the held-out `predictions`; `threshold` is that of the config's fallback."""
    inside = [guess for guess in predictions if guess.label != metrics.OUT_OF_SCOPE]
    refused = [guess for guess in inside if guess.answer == models.FALLBACK]
    return {
        "examples": len(predictions),
        "accuracy": metrics.accuracy(predictions),
        "macro_f1": metrics.macro_f1(predictions),
        "macro_f1_interval": metrics.macro_f1_interval(predictions),
        "intents": metrics.intent_scores(predictions),
        "calibration_error": metrics.calibration_error(predictions),
        "reliability": metrics.reliability(predictions),
        "threshold": threshold,
        "in_scope_answered_right": Share(sum(guess.answer == guess.label for guess in inside), len(inside)),
        "in_scope_refused": Share(len(refused), len(inside)),
        "false_alarms": metrics.false_alarms(predictions),
        "thresholds": metrics.threshold_curve(predictions, sorted({*SHOWN_THRESHOLDS, threshold})),
        "confused_pairs": metrics.confused_pairs(predictions),
        "among_first": {count: metrics.among_first(predictions, count) for count in (1, 3, RANKED)},
        "errors_by_kind": error_costs.errors_by_kind(predictions),
    }


def cv_summary(found: Dict[str, Any]) -> List[Tuple[str, str]]:
    """Return the rows (name, value) of the summary for the figures `found`."""
    return [
        ("accuracy, held-out examples", share_text(found["accuracy"])),
        ("macro F1", with_interval(found["macro_f1"], found["macro_f1_interval"])),
        *(
            (f"label among the first {count}", share_text(share))
            for count, share in found["among_first"].items()
            if count > 1
        ),
        ("expected calibration error", f"{found['calibration_error']:.3f}"),
        (f"in scope, right at threshold {found['threshold']:g}", share_text(found["in_scope_answered_right"])),
        ("in scope, left to the fallback", share_text(found["in_scope_refused"])),
        ("false alarms, out_of_scope examples", share_text(found["false_alarms"])),
    ]


def cv_section(found: Dict[str, Any]) -> str:
    """Return the section of the report for the figures `found`, in Markdown."""
    how = found["split"]
    intents = [
        [name, score.support, percent(score.precision), percent(score.recall), f"{score.f1:.3f}", _interval(score)]
        for name, score in sorted(found["intents"].items(), key=lambda pair: float(pair[1].f1))
    ]
    bins = [
        [f"{bucket.low:.1f}–{bucket.high:.1f}", bucket.count, percent(bucket.confidence), percent(bucket.accuracy)]
        for bucket in found["reliability"]
        if bucket.count
    ]
    curve = [
        [f"{point.threshold:.2f}", *map(percent, (point.coverage, point.accuracy, point.kept, point.false_alarms))]
        for point in found["thresholds"]
    ]
    pairs = [[label, top, times, support] for label, top, times, support in found["confused_pairs"]]
    merged = [
        [level.name, level.classes, share_text(level.accuracy), with_interval(level.macro_f1, level.macro_f1_interval)]
        for level in found["levels"]
    ]
    kinds = [[kind, *counts] for kind, counts in found["errors_by_kind"]]
    folds = ", ".join(percent(share.value) for share in found["folds"])
    return "\n".join(
        [
            "## Cross-validation on data/nlu\n",
            f"{found['examples']} examples held out in {how['run']} of {how['folds']} folds, each intent spread about "
            f"evenly (seed {how['seed']}). Examples at least {how['same_fold']} alike "
            "(`scripts/training_data/near_duplicates.py`), also through a third, are in one fold. "
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
            f"Expected calibration error over {metrics.BINS} bins of equal width: {found['calibration_error']:.3f}.\n",
            table(["confidence", "examples", "mean confidence", "accuracy"], bins),
            "![calibration](calibration.png)\n",
            "### What the errors cost\n",
            table(["intents merged by", "classes", "accuracy", "macro F1"], merged),
            "Answered, as a first message, as it would be under its label (words and fallback included; of a complaint "
            f"the situation and its variant): {share_text(found['same_reply'])}.\n",
            table(["misread", *(f"as {kind}" for kind in metrics.KINDS)], kinds),
            "### Intents, the weakest first\n",
            table(["intent", "examples", "precision", "recall", "F1", "recall, 95 %"], intents),
            "### The most confused pairs\n",
            table(["label", "taken for", "times", "examples of the label"], pairs),
            "![confusion](confusion.png)\n",
        ]
    )


def _interval(score: metrics.Score) -> str:
    low, high = Share(score.right, score.support).interval
    return f"{low * 100:.0f}–{high * 100:.0f}"
