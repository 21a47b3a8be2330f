"""Measure how well the bot understands: `make evaluate`.

There are four parts. Each keeps its result in `results/evaluation/` until it is
run again; `results/evaluation.md` and `.json` join them:

- `cv`: config.yml, trained and tested in turn on parts of data/nlu, with
  near-duplicates never on both sides (two to three minutes a fold);
- `entities`: the trained model on the annotated messages of tests/nlu;
- `first_turn`: the trained model's first answers to the messages kept out of training;
- `messages`: the trained model on real messages, if a folder of them is given.
"""

from __future__ import annotations

import argparse
import pathlib
import sys
from typing import Optional, Sequence

from scripts.evaluation.cross_validation import cross_validation
from scripts.evaluation.entities import entity_report
from scripts.evaluation.first_turn import first_turn_report
from scripts.evaluation.messages import MessagesError, message_report
from scripts.evaluation.models import ModelError
from scripts.evaluation.summary import PARTS, join, keep
from scripts.evaluation.tables import machine
from scripts.inputs import fingerprint
from scripts.train import is_current
from weiquan.places import MODEL, ROOT, SPACY_MODEL


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
    parser.add_argument("--model", type=pathlib.Path, default=MODEL, help="model for all but the cross-validation")
    parser.add_argument("--results", type=pathlib.Path, default=ROOT / "results", help="folder to write to")
    return parser.parse_args(arguments)


def main(arguments: Optional[Sequence[str]] = None) -> int:
    """Run the parts asked for; return 1, with one sentence printed, if one cannot run."""
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
            elif part == "first_turn":
                result = first_turn_report(options.model, options.results)
            else:
                result = message_report(options.model, options.messages)
            keep(part, result, options.results)
    except (ModelError, MessagesError) as error:
        print(error, file=sys.stderr)
        return 1
    print(join(options.results))
    print(f"The whole report: {options.results / 'evaluation.md'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
