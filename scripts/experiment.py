"""Compare pipelines on the same held-out examples: `make experiment`.

Trains whole models (with policies) of every config in `experiments/`, and of
config.yml ("chosen"), on four fifths of data/nlu, and tests them on the last
fifth; near-duplicates never stand on both sides. Then their start, memory and
parse times are measured in turn, each time in a fresh process, so that a busy
moment of the machine falls on all alike. `--examples` trains all of them on the
same smaller sample, since DIET takes hours for everything on two cores.

A config whose text and data are those of an earlier run is not trained again,
so a run that was stopped goes on; the models stay in `results/models`.
"""

from __future__ import annotations

import argparse
import dataclasses
import datetime
import hashlib
import json
import os
import pathlib
import random
import re
import statistics
import sys
import tempfile
from typing import Any, Dict, List, Optional, Sequence

from scripts.evaluate import prediction
from scripts.evaluation import figures, messages, models
from scripts.evaluation.figures import Share
from scripts.evaluation.folds import SEED, Fold, TrainingSet, read_training_set, sample, split
from scripts.evaluation.tables import as_json, machine, percent, table, today, with_interval, write_json
from scripts.near_duplicates import SAME_FOLD
from weiquan.clock import BEIJING
from weiquan.facts.knowledge import load
from weiquan.places import ROOT, SPACY_MODEL
from weiquan.reading.cues import cue_groups

FOLDS = 5
CHOSEN = "chosen"
KEPT = 0.9
ROUNDS = 3
TIMED_TEXTS = 200
WARM_UP = 5
"""Texts parsed before the clock starts: dictionaries and kernels load with the first."""
_EPOCHS = re.compile(r"(?<=epochs: )\d+")
_DIALOGUE = ("data/rules", "data/stories")

Entry = Dict[str, Any]


class SetupError(Exception):
    """A setup that does not exist, as one sentence."""


@dataclasses.dataclass(frozen=True)
class Setup:
    """A pipeline to compare: its name, the text of its config, what its first comment says, and its key.

    `key` changes with the config and with all data that it is trained on.
    """

    name: str
    config: str
    description: str
    key: str


def read_setups(
    data: TrainingSet, only: Sequence[str] = (), epochs: Optional[int] = None, examples: Optional[int] = None
) -> List[Setup]:
    """Return the setups, all or those named, with `epochs` instead of their own, for a sample of `examples` or all.

    Raises `SetupError`.
    """
    files = {file.stem: file for file in sorted((ROOT / "experiments").glob("*.yml"))}
    files[CHOSEN] = ROOT / "config.yml"
    unknown = [name for name in only if name not in files]
    if unknown:
        raise SetupError(f"There is no setup {', '.join(unknown)}; there are {', '.join(files)}.")
    mark = _data_mark(data, examples)
    setups = []
    for name in only or files:
        config = files[name].read_text(encoding="utf-8")
        if epochs is not None:
            config = _EPOCHS.sub(str(epochs), config)
        key = hashlib.sha256(f"{mark}\n{config}".encode()).hexdigest()[:12]
        setups.append(Setup(name, config, _description(name, config), key))
    return setups


def _description(name: str, config: str) -> str:
    if name == CHOSEN:
        return "The project's `config.yml`."
    comment = []
    for line in config.splitlines():
        if not line.startswith("#"):
            break
        comment.append(line.lstrip("# "))
    return " ".join(comment)


def _data_mark(data: TrainingSet, examples: Optional[int]) -> str:
    """Return what the training data, word lists, dialogues and cues are, and how they are split and sampled."""
    lists = [
        file for folder in ("dictionary", "entities", "rules", "stories") for file in (ROOT / "data" / folder).glob("*")
    ]
    files = [hashlib.sha256(file.read_bytes()).hexdigest() for file in [*sorted(lists), ROOT / "domain.yml"]]
    return repr((data.digest(), files, cue_groups(load(ROOT / "knowledge")), SEED, FOLDS, SAME_FOLD, examples))


def archive_of(setup: Setup, results: pathlib.Path) -> pathlib.Path:
    """Return where the model of `setup` is kept."""
    return results / "models" / f"{setup.name}.tar.gz"


def train_and_test(setup: Setup, data: TrainingSet, fold: Fold, results: pathlib.Path) -> Entry:
    """Train `setup` on one side of `fold`, test it on the other. Raises `ModelError`."""
    train, held = fold
    archive = archive_of(setup, results)
    load_before = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as scratch:
        config, file = pathlib.Path(scratch) / "config.yml", pathlib.Path(scratch) / "nlu.yml"
        config.write_text(setup.config, encoding="utf-8")
        data.write(train, file)
        seconds = models.train(config, [file, *(ROOT / one for one in _DIALOGUE)], archive, full=True)
        threshold = models.fallback_threshold(config)
    examples = [data.examples[place] for place in held]
    readings = models.parse(archive, [one.text for one in examples]).readings
    predictions = [prediction(*pair) for pair in zip(examples, readings, strict=True)]
    write_json(results / "experiment" / f"{setup.name}.json", predictions)
    inside = [one for one in predictions if one.label != figures.OUT_OF_SCOPE]
    return {
        "key": setup.key,
        "description": setup.description,
        "config": setup.config,
        "date": today(),
        "load_before": load_before,
        "train_seconds": seconds,
        "archive_megabytes": archive.stat().st_size / 2**20,
        "threshold": threshold,
        "failed": sum(one.failed for one in readings),
        "accuracy": figures.accuracy(predictions),
        "macro_f1": figures.macro_f1(predictions),
        "macro_f1_interval": figures.macro_f1_interval(predictions),
        "calibration_error": figures.calibration_error(predictions),
        "answered_right": Share(sum(one.answer == one.label for one in inside), len(inside)),
        "false_alarms": figures.false_alarms(predictions),
        "false_alarms_at_kept": figures.false_alarms_at_kept(predictions, KEPT),
    }


def test_on_messages(setup: Setup, directory: pathlib.Path, results: pathlib.Path) -> Dict[str, Any]:
    """Return the figures of `setup` on real messages. Raises `MessagesError` and `ModelError`."""
    told, accepted = messages.read_messages(directory)
    run = models.parse(archive_of(setup, results), [one.text for one in told])
    return {"date": today(), **messages.score(told, run.readings, accepted)}


def measure(setups: Sequence[Setup], texts: Sequence[str], rounds: int, results: pathlib.Path) -> Dict[str, Any]:
    """Start and run all models in turn, `rounds` times over, on the same texts. Raises `ModelError`."""
    when = {"at": datetime.datetime.now(BEIJING).isoformat(timespec="minutes"), "machine": machine(), "rounds": rounds}
    runs: Dict[str, List[models.Run]] = {one.name: [] for one in setups}
    for number in range(rounds):
        for setup in setups:
            runs[setup.name].append(models.parse(archive_of(setup, results), texts))
        print(f"  timing: round {number + 1} of {rounds}", flush=True)
    return {**when, "texts": len(texts) - WARM_UP, "setups": {name: timing_of(some) for name, some in runs.items()}}


def timing_of(runs: Sequence[models.Run]) -> Dict[str, float]:
    """Return the figures of one model over its runs: parse times pooled, all else the median."""
    times = sorted(one.milliseconds for run in runs for one in run.readings[WARM_UP:])
    return {
        "parse_ms_p50": times[len(times) // 2],
        "parse_ms_p95": times[int(len(times) * 0.95)],
        "load_seconds": statistics.median(one.loaded_seconds for one in runs),
        "first_parse_seconds": statistics.median(one.first_parse_seconds for one in runs),
        "megabytes_loaded": statistics.median(one.loaded_megabytes for one in runs),
        "megabytes_after": statistics.median(one.final_megabytes for one in runs),
    }


def timed_texts(data: TrainingSet, fold: Fold) -> List[str]:
    """Return the held-out texts that are timed, the same each time, with those to warm up first."""
    return random.Random(SEED).sample([data.examples[place].text for place in fold[1]], TIMED_TEXTS + WARM_UP)


def report(kept: Dict[str, Any]) -> str:
    """Return the report in Markdown."""
    how, entries = kept["split"], kept["setups"]
    scores = [
        [
            name,
            with_interval(one["accuracy"]["value"], one["accuracy"]["interval"]),
            with_interval(one["macro_f1"], one["macro_f1_interval"]),
            percent(one["answered_right"]["value"]),
            with_interval(one["false_alarms"]["value"], one["false_alarms"]["interval"]),
            percent(one["false_alarms_at_kept"]),
            f"{one['calibration_error']:.3f}",
        ]
        for name, one in entries.items()
    ]
    sizes = [
        [
            name,
            ", ".join(_EPOCHS.findall(one["config"])) or "–",
            f"{one['train_seconds']:.0f} s",
            f"{one['archive_megabytes']:.1f} MB",
            f"{one['load_before']:.1f}",
        ]
        for name, one in entries.items()
    ]
    taken = f"a sample of {how['trained']} of the {how['of']}" if how["trained"] < how["of"] else how["trained"]
    header = [
        "setup",
        "accuracy",
        "macro F1",
        "answered right",
        "false alarms",
        f"at {KEPT:.0%} kept",
        "calibration error",
    ]
    parts = [
        "# Experiment: pipelines on the same split\n",
        f"Trained on {taken} examples of data/nlu, the same for all setups, tested on {how['held']}, of them "
        f"{how['out_of_scope']} out of scope (one of {FOLDS} folds, seed {SEED}, examples at least {SAME_FOLD} alike "
        "on one side; a sample has each intent's share, and near-duplicates all or not at all). "
        "Intervals are of 95 %.\n",
        "".join(f"- `{name}`: {one['description']}\n" for name, one in entries.items()),
        "## Held-out examples\n",
        table(header, scores),
        "Accuracy, macro F1 and calibration error (10 equal bins): the classifier's first intent. Answered right: "
        "in-scope examples after each config's own fallback. False alarms: out-of-scope examples answered as a "
        f"complaint or a question; in the last but one column at the threshold that keeps {KEPT:.0%} of each model's "
        "right in-scope answers, since confidences of different classifiers do not compare.\n",
        "## Training\n",
        table(["setup", "epochs", "training", "archive", "load of the machine before"], sizes),
        "Whole models with policies, from the start of the process, Rasa's cache empty. Sentence vectors of earlier "
        "trainings are reused. The weights of an encoder are not in the archive.\n",
        *_message_parts(entries),
        *_timing_parts(kept.get("timing")),
    ]
    return "\n".join(parts)


def _message_parts(entries: Dict[str, Entry]) -> List[str]:
    told = {name: one["messages"] for name, one in entries.items() if "messages" in one}
    if not told:
        return []
    files = [name for name in messages.FILES if any(name in one["accuracy"] for one in told.values())]
    rows = []
    for name, one in told.items():
        shares = [one["accuracy"].get(file) for file in files] + [one.get("false_alarms")]
        rows.append(
            [name, *("" if share is None else with_interval(share["value"], share["interval"]) for share in shares)]
        )
    return ["## Real messages\n", table(["setup", *files, "false alarms"], rows)]


def _timing_parts(timing: Optional[Dict[str, Any]]) -> List[str]:
    if not timing:
        return []
    rows = [
        [
            name,
            f"{one['parse_ms_p50']:.1f} ms",
            f"{one['parse_ms_p95']:.1f} ms",
            f"{one['load_seconds']:.1f} s",
            f"{one['first_parse_seconds']:.1f} s",
            f"{one['megabytes_loaded']:.0f} MB",
            f"{one['megabytes_after']:.0f} MB",
        ]
        for name, one in timing["setups"].items()
    ]
    header = ["setup", "parse p50", "p95", "model loaded", "first parse", "memory, loaded", f"after {timing['texts']}"]
    return [
        "## Time and memory\n",
        table(header, rows),
        f"Measured {timing['at']} ({timing['machine']}): {timing['rounds']} rounds over all models in turn, "
        f"a fresh process each, the same {timing['texts']} held-out texts. Parse times of all rounds together, "
        "the rest medians; seconds are from the start of the process, memory is resident.\n",
    ]


def read_kept(file: pathlib.Path) -> Dict[str, Any]:
    """Return what earlier runs left in `file`."""
    found: Dict[str, Any] = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    return {"setups": {}, "split": {}, **found}


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="make experiment", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", nargs="+", default=[], metavar="NAME", help=f"setups to run ({CHOSEN} is config.yml)")
    parser.add_argument("--epochs", type=int, help="epochs of every neural network, to try things out")
    parser.add_argument("--examples", type=int, metavar="N", help="train on a sample of N, each intent in proportion")
    parser.add_argument("--messages", type=pathlib.Path, help="folder of real messages (.tsv) to test on as well")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help=f"rounds of timing ({ROUNDS}); 0: none")
    parser.add_argument("--timing-only", action="store_true", help="train nothing, time the models at hand")
    parser.add_argument("--results", type=pathlib.Path, default=ROOT / "results", help="folder to write to")
    return parser.parse_args(arguments)


def run(options: argparse.Namespace) -> None:
    """Train, test and time what `options` ask for, keeping the report after each step.

    Results on other data are dropped, but not by `--timing-only`.
    Raises `SetupError`, `ModelError` and `MessagesError`.
    """
    data = read_training_set(ROOT / "data" / "nlu")
    setups = read_setups(data, options.only, options.epochs, options.examples)
    learnt, held = split(data.examples, FOLDS)[0]
    fold = (learnt if options.examples is None else sample(data.examples, learnt, options.examples), held)
    kept = read_kept(options.results / "experiment.json")
    if not options.timing_only:
        outside = sum(data.examples[place].intent == figures.OUT_OF_SCOPE for place in held)
        how = {
            "trained": len(fold[0]),
            "of": len(learnt),
            "held": len(held),
            "out_of_scope": outside,
            "data": data.digest(),
        }
        kept = kept if kept["split"] == how else {"setups": {}, "split": how}
        for setup in setups:
            _train_unless_kept(setup, data, fold, kept, options)
    ready = [one for one in setups if one.name in kept["setups"] and archive_of(one, options.results).exists()]
    if options.rounds and ready:
        kept["timing"] = measure(ready, timed_texts(data, fold), options.rounds, options.results)
    keep(kept, options.results)


def _is_kept(setup: Setup, kept: Dict[str, Any], results: pathlib.Path) -> bool:
    same = bool(kept["setups"].get(setup.name, {}).get("key") == setup.key)
    return same and archive_of(setup, results).exists()


def _train_unless_kept(
    setup: Setup, data: TrainingSet, fold: Fold, kept: Dict[str, Any], options: argparse.Namespace
) -> None:
    if _is_kept(setup, kept, options.results):
        print(f"  {setup.name}: kept from {kept['setups'][setup.name]['date']}", flush=True)
    else:
        print(f"  {setup.name}: training …", flush=True)
        entry = as_json(train_and_test(setup, data, fold, options.results))
        kept["setups"][setup.name] = entry
        keep(kept, options.results)
        print(f"  {setup.name}: {entry['train_seconds']:.0f} s, {percent(entry['accuracy']['value'])}", flush=True)
    if options.messages:
        kept["setups"][setup.name]["messages"] = as_json(test_on_messages(setup, options.messages, options.results))
        keep(kept, options.results)


def keep(kept: Dict[str, Any], results: pathlib.Path) -> None:
    """Write experiment.json and .md."""
    write_json(results / "experiment.json", kept)
    if kept["setups"]:
        (results / "experiment.md").write_text(report(kept), encoding="utf-8")


def main(arguments: Optional[Sequence[str]] = None) -> int:
    """Run the experiment; return 1 with one sentence where it cannot run."""
    options = _options(sys.argv[1:] if arguments is None else arguments)
    if not SPACY_MODEL.exists():
        print("The word lists are not built: run `make train` first.", file=sys.stderr)
        return 1
    print(f"Comparing pipelines ({machine()}) …", flush=True)
    try:
        run(options)
    except (SetupError, models.ModelError, messages.MessagesError) as error:
        print(error, file=sys.stderr)
        return 1
    report_file = options.results / "experiment.md"
    print(report_file.read_text(encoding="utf-8"))
    print(f"Report: {report_file}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
