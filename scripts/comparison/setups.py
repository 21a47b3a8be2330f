"""The pipelines that are compared: config.yml and those of `experiments/`."""

from __future__ import annotations

import dataclasses
import hashlib
import re
from typing import List, Optional, Sequence

from scripts.evaluation.folds import SEED
from scripts.inputs import read_by
from scripts.training_data.examples import TrainingSet
from scripts.training_data.near_duplicates import SAME_FOLD
from weiquan.facts.knowledge import load
from weiquan.places import ROOT

FOLDS = 5
CHOSEN = "chosen"
"""The name of config.yml among the setups."""
EPOCHS = re.compile(r"(?<=epochs: )\d+")


class SetupError(Exception):
    """Raised, with one sentence for the user, where a setup does not exist."""


@dataclasses.dataclass(frozen=True)
class Setup:
    """A pipeline to compare.

    `config` is the text of its configuration, `description` the comment that it
    begins with. `key` changes with the config and the data it is trained on.
    """

    name: str
    config: str
    description: str
    key: str


def read_setups(
    data: TrainingSet, only: Sequence[str] = (), epochs: Optional[int] = None, examples: Optional[int] = None
) -> List[Setup]:
    """Return the setups named in `only`, or all of them, for trainings on `data`.

    `epochs` replaces the number in their configs; `examples` is the size of the
    sample they are trained on, None for everything.

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
            config = EPOCHS.sub(str(epochs), config)
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
    """Return a text that changes with the training data, word lists, dialogues, labels, cues, and the split."""
    lists = [
        file for folder in ("dictionary", "entities", "rules", "stories") for file in (ROOT / "data" / folder).glob("*")
    ]
    files = [hashlib.sha256(file.read_bytes()).hexdigest() for file in [*sorted(lists), ROOT / "domain.yml"]]
    return repr((data.digest(), files, read_by(load(ROOT / "knowledge")), SEED, FOLDS, SAME_FOLD, examples))
