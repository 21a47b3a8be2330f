"""The report of `make experiment` in Markdown."""

from __future__ import annotations

from typing import Any, Dict, List, Optional

from scripts.comparison.setups import EPOCHS, FOLDS
from scripts.comparison.trials import KEPT, Entry
from scripts.evaluation import messages
from scripts.evaluation.folds import SEED
from scripts.evaluation.tables import percent, table, with_interval
from scripts.training_data.near_duplicates import SAME_FOLD


def report(kept: Dict[str, Any]) -> str:
    """Return the report on the results `kept` (see `scripts.experiment`) in Markdown."""
    how, entries = kept["split"], kept["setups"]
    scores = [
        [
            name,
            with_interval(entry["accuracy"]["value"], entry["accuracy"]["interval"]),
            with_interval(entry["macro_f1"], entry["macro_f1_interval"]),
            percent(entry["answered_right"]["value"]),
            with_interval(entry["false_alarms"]["value"], entry["false_alarms"]["interval"]),
            percent(entry["false_alarms_at_kept"]),
            f"{entry['calibration_error']:.3f}",
        ]
        for name, entry in entries.items()
    ]
    sizes = [
        [
            name,
            ", ".join(EPOCHS.findall(entry["config"])) or "–",
            f"{entry['train_seconds']:.0f} s",
            f"{entry['archive_megabytes']:.1f} MB",
            f"{entry['load_before']:.1f}",
        ]
        for name, entry in entries.items()
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
        "".join(f"- `{name}`: {entry['description']}\n" for name, entry in entries.items()),
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
    on_messages = {name: entry["messages"] for name, entry in entries.items() if "messages" in entry}
    if not on_messages:
        return []
    files = [name for name in messages.FILES if any(name in entry["accuracy"] for entry in on_messages.values())]
    rows = []
    for name, entry in on_messages.items():
        shares = [entry["accuracy"].get(file) for file in files] + [entry.get("false_alarms")]
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
            f"{entry['parse_ms_p50']:.1f} ms",
            f"{entry['parse_ms_p95']:.1f} ms",
            f"{entry['load_seconds']:.1f} s",
            f"{entry['first_parse_seconds']:.1f} s",
            f"{entry['megabytes_loaded']:.0f} MB",
            f"{entry['megabytes_after']:.0f} MB",
        ]
        for name, entry in timing["setups"].items()
    ]
    header = ["setup", "parse p50", "p95", "model loaded", "first parse", "memory, loaded", f"after {timing['texts']}"]
    return [
        "## Time and memory\n",
        table(header, rows),
        f"Measured {timing['at']} ({timing['machine']}): {timing['rounds']} rounds over all models in turn, "
        f"a fresh process each, the same {timing['texts']} held-out texts. Parse times of all rounds together, "
        "the rest medians; seconds are from the start of the process, memory is resident.\n",
    ]
