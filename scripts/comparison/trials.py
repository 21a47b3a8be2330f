"""Training, testing and timing the pipelines that are compared."""

from __future__ import annotations

import datetime
import os
import pathlib
import random
import statistics
import tempfile
from typing import Any, Dict, List, Sequence

from scripts.comparison.setups import Setup
from scripts.evaluation import messages, metrics, models
from scripts.evaluation.cross_validation import prediction
from scripts.evaluation.folds import SEED, Fold
from scripts.evaluation.metrics import Share
from scripts.evaluation.tables import machine, today, write_json
from scripts.training_data.examples import TrainingSet
from weiquan.clock import BEIJING
from weiquan.places import ROOT

KEPT = 0.9
"""Share of a model's right answers at which false alarms are compared."""
TIMED_TEXTS = 200
WARM_UP = 5
"""Texts parsed before the clock starts: dictionaries and kernels load with the first."""
_DIALOGUE = ("data/rules", "data/stories")

Entry = Dict[str, Any]
"""What is kept of a setup's trial."""


def archive_of(setup: Setup, results: pathlib.Path) -> pathlib.Path:
    """Return the path, below `results`, of the model of `setup`."""
    return results / "models" / f"{setup.name}.tar.gz"


def train_and_test(setup: Setup, data: TrainingSet, fold: Fold, results: pathlib.Path) -> Entry:
    """Train `setup` on one side of `fold` of `data`, test it on the other; return its figures. Raises `ModelError`."""
    train, held = fold
    archive = archive_of(setup, results)
    load_before = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as scratch:
        config, file = pathlib.Path(scratch) / "config.yml", pathlib.Path(scratch) / "nlu.yml"
        config.write_text(setup.config, encoding="utf-8")
        data.write(train, file)
        seconds = models.train(config, [file, *(ROOT / name for name in _DIALOGUE)], archive, full=True)
        threshold = models.fallback_threshold(config)
    examples = [data.examples[place] for place in held]
    readings = models.parse(archive, [example.text for example in examples]).readings
    predictions = [prediction(*pair) for pair in zip(examples, readings, strict=True)]
    write_json(results / "experiment" / f"{setup.name}.json", predictions)
    inside = [guess for guess in predictions if guess.label != metrics.OUT_OF_SCOPE]
    return {
        "key": setup.key,
        "description": setup.description,
        "config": setup.config,
        "date": today(),
        "load_before": load_before,
        "train_seconds": seconds,
        "archive_megabytes": archive.stat().st_size / 2**20,
        "threshold": threshold,
        "failed": sum(reading.failed for reading in readings),
        "accuracy": metrics.accuracy(predictions),
        "macro_f1": metrics.macro_f1(predictions),
        "macro_f1_interval": metrics.macro_f1_interval(predictions),
        "calibration_error": metrics.calibration_error(predictions),
        "answered_right": Share(sum(guess.answer == guess.label for guess in inside), len(inside)),
        "false_alarms": metrics.false_alarms(predictions),
        "false_alarms_at_kept": metrics.false_alarms_at_kept(predictions, KEPT),
    }


def test_on_messages(setup: Setup, directory: pathlib.Path, results: pathlib.Path) -> Dict[str, Any]:
    """Return the figures of `setup` on the real messages in `directory`. Raises `MessagesError` and `ModelError`."""
    labelled, accepted = messages.read_messages(directory)
    run = models.parse(archive_of(setup, results), [message.text for message in labelled])
    return {"date": today(), **messages.score(labelled, run.readings, accepted)}


def measure(setups: Sequence[Setup], texts: Sequence[str], rounds: int, results: pathlib.Path) -> Dict[str, Any]:
    """Run the models of `setups` in turn on the same `texts`, `rounds` times; return the times. Raises `ModelError`."""
    when = {"at": datetime.datetime.now(BEIJING).isoformat(timespec="minutes"), "machine": machine(), "rounds": rounds}
    runs: Dict[str, List[models.Run]] = {setup.name: [] for setup in setups}
    for number in range(rounds):
        for setup in setups:
            runs[setup.name].append(models.parse(archive_of(setup, results), texts))
        print(f"  timing: round {number + 1} of {rounds}", flush=True)
    return {**when, "texts": len(texts) - WARM_UP, "setups": {name: timing_of(some) for name, some in runs.items()}}


def timing_of(runs: Sequence[models.Run]) -> Dict[str, float]:
    """Return the times and memory of one model over its runs: parse times pooled, medians of everything else."""
    times = sorted(reading.milliseconds for run in runs for reading in run.readings[WARM_UP:])
    return {
        "parse_ms_p50": times[len(times) // 2],
        "parse_ms_p95": times[int(len(times) * 0.95)],
        "load_seconds": statistics.median(run.loaded_seconds for run in runs),
        "first_parse_seconds": statistics.median(run.first_parse_seconds for run in runs),
        "megabytes_loaded": statistics.median(run.loaded_megabytes for run in runs),
        "megabytes_after": statistics.median(run.final_megabytes for run in runs),
    }


def timed_texts(data: TrainingSet, fold: Fold) -> List[str]:
    """Return the held-out texts to time, always the same ones; the first `WARM_UP` are for warming up."""
    return random.Random(SEED).sample([data.examples[place].text for place in fold[1]], TIMED_TEXTS + WARM_UP)
