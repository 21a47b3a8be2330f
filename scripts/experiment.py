"""Compare pipelines on the same held-out examples: `make experiment`.

Trains whole models (with policies) for every config in `experiments/` and for
config.yml ("chosen") on four fifths of data/nlu, and tests them on the last
fifth; near-duplicates are never on both sides. Then start, memory and parse
times are measured in turn, each time in a fresh process, so that a busy moment
of the machine affects all of them alike. `--examples` trains all of them on the
same smaller sample, since DIET takes hours for everything on two cores.

A config is not trained again if an earlier run had the same config and data, so
a run that was stopped can be continued; the models stay in `results/models`.
"""

from __future__ import annotations

import argparse
import json
import pathlib
import sys
from typing import Any, Dict, Optional, Sequence

from scripts.comparison.report import report
from scripts.comparison.setups import CHOSEN, FOLDS, Setup, SetupError, read_setups
from scripts.comparison.trials import archive_of, measure, test_on_messages, timed_texts, train_and_test
from scripts.evaluation.folds import Fold, sample, split
from scripts.evaluation.messages import MessagesError
from scripts.evaluation.metrics import OUT_OF_SCOPE
from scripts.evaluation.models import ModelError
from scripts.evaluation.tables import as_json, machine, percent, write_json
from scripts.training_data.examples import TrainingSet, read_training_set
from weiquan.places import ROOT, SPACY_MODEL

ROUNDS = 3


def read_kept(file: pathlib.Path) -> Dict[str, Any]:
    """Return the results of earlier runs that `file` holds, empty ones if there is no such file."""
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
    """Train, test and time the setups that `options` ask for, and write the report after each step.

    Results on other data are dropped, except with `--timing-only`.
    Raises `SetupError`, `ModelError` and `MessagesError`.
    """
    data = read_training_set(ROOT / "data" / "nlu")
    setups = read_setups(data, options.only, options.epochs, options.examples)
    learnt, held = split(data.examples, FOLDS)[0]
    fold = (learnt if options.examples is None else sample(data.examples, learnt, options.examples), held)
    kept = read_kept(options.results / "experiment.json")
    if not options.timing_only:
        outside = sum(data.examples[place].intent == OUT_OF_SCOPE for place in held)
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
    ready = [setup for setup in setups if setup.name in kept["setups"] and archive_of(setup, options.results).exists()]
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
    """Write the results `kept` as experiment.json and .md into `results`."""
    write_json(results / "experiment.json", kept)
    if kept["setups"]:
        (results / "experiment.md").write_text(report(kept), encoding="utf-8")


def main(arguments: Optional[Sequence[str]] = None) -> int:
    """Run the experiment; return 1, with one sentence printed, if it cannot run."""
    options = _options(sys.argv[1:] if arguments is None else arguments)
    if not SPACY_MODEL.exists():
        print("The word lists are not built: run `make train` first.", file=sys.stderr)
        return 1
    print(f"Comparing pipelines ({machine()}) …", flush=True)
    try:
        run(options)
    except (SetupError, ModelError, MessagesError) as error:
        print(error, file=sys.stderr)
        return 1
    report_file = options.results / "experiment.md"
    print(report_file.read_text(encoding="utf-8"))
    print(f"Report: {report_file}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
