"""Training Rasa models on parts of the data, and parsing texts with them.

Each model gets a process of its own (`scripts.evaluation.parsing`): within one
process jieba's dictionary, TensorFlow and the encoder are shared, so two models
would affect each other's readings, times and memory.
"""

from __future__ import annotations

import dataclasses
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time
from typing import Any, Dict, Optional, Sequence, Tuple

import yaml

from weiquan.places import ROOT
from weiquan.reading.situations import NOTHING_FOUND, Found
from weiquan.settings import quiet_environment

FALLBACK = "nlu_fallback"


class ModelError(Exception):
    """Raised where a training or a parse failed; the message holds the end of its log."""


@dataclasses.dataclass(frozen=True)
class Reading:
    """How a model reads a text.

    `ranking` is the classifier's, likeliest first, without the fallback;
    `intent` is the answer after FallbackClassifier; `entities` are Rasa's
    dicts, with positions in `text`, which the pipeline may have cleaned;
    `failed` says that the pipeline raised.
    """

    text: str
    intent: Optional[str]
    ranking: Tuple[Tuple[str, float], ...]
    entities: Tuple[Dict[str, Any], ...]
    milliseconds: float
    failed: bool = False
    found: Found = NOTHING_FOUND

    @property
    def top(self) -> Tuple[Optional[str], float]:
        """The classifier's first intent and its confidence; (None, 0.0) where it had none."""
        return self.ranking[0] if self.ranking else (None, 0.0)


@dataclasses.dataclass(frozen=True)
class Run:
    """The result of one process: its readings, seconds since its start, and resident megabytes."""

    readings: Tuple[Reading, ...]
    loaded_seconds: float
    first_parse_seconds: float
    loaded_megabytes: float
    final_megabytes: float


def train(
    config: pathlib.Path,
    data: Sequence[pathlib.Path],
    archive: pathlib.Path,
    *,
    full: bool = False,
    cache: Optional[pathlib.Path] = None,
) -> float:
    """Train `archive` (….tar.gz) from `config` and `data`; return the seconds it took.

    Only the NLU part is trained, unless `full`. Rasa's cache is `cache`, or an
    empty one; it is never the project's. Raises `ModelError`.
    """
    archive.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        # Rasa writes into a config without assistant_id, so it gets a copy.
        own_config = pathlib.Path(scratch) / "config.yml"
        own_config.write_text(config.read_text(encoding="utf-8"), encoding="utf-8")
        command = [sys.executable, "-m", "rasa", "train"]
        command += ["--data", *map(str, data)] if full else ["nlu", "--nlu", *map(str, data)]
        command += ["--config", str(own_config), "--domain", str(ROOT / "domain.yml")]
        command += ["--out", str(archive.parent), "--fixed-model-name", archive.name.removesuffix(".tar.gz")]
        environment = {
            **quiet_environment(os.environ),
            "RASA_CACHE_DIRECTORY": str(cache or pathlib.Path(scratch) / "cache"),
        }
        archive.unlink(missing_ok=True)
        began = time.monotonic()
        _run(command, environment, archive.with_suffix(".log"))
        if not archive.exists():
            raise ModelError(f"training wrote no {archive}; see {archive.with_suffix('.log')}")
        return time.monotonic() - began


def parse(model: pathlib.Path, texts: Sequence[str], now: Optional[str] = None) -> Run:
    """Parse `texts` with `model` in a fresh process.

    `now` (ISO 8601) is the time at which they count as sent. Raises `ModelError`.
    """
    if not model.is_file():
        raise ModelError(f"{model} is missing")  # Rasa would load another one of the folder without a word
    with tempfile.TemporaryDirectory() as scratch:
        job, out = pathlib.Path(scratch) / "job.json", pathlib.Path(scratch) / "out.json"
        began = time.monotonic()
        job.write_text(json.dumps({"texts": list(texts), "now": now, "began": began}), encoding="utf-8")
        command = [sys.executable, "-W", "ignore", "-m", "scripts.evaluation.parsing", str(model), str(job), str(out)]
        environment = {**quiet_environment(os.environ), "LOG_LEVEL": "ERROR", "LOG_LEVEL_LIBRARIES": "ERROR"}
        _run(command, environment, pathlib.Path(scratch) / "log")
        found = json.loads(out.read_text(encoding="utf-8"))
    return Run(tuple(as_reading(reading) for reading in found.pop("readings")), **found)


def as_reading(stored: Dict[str, Any]) -> Reading:
    """Return the `Reading` that `dataclasses.asdict` and JSON turned into `stored`."""
    ranking = tuple((str(name), float(share)) for name, share in stored["ranking"])
    told = stored["found"]
    situations, of_clauses, topics, news = (
        tuple((str(label), float(share)) for label, share in told[name])
        for name in ("situations", "of_clauses", "topics", "news")
    )
    found = Found(told["trouble"], situations, told["special_cases"], topics, news, of_clauses)
    return Reading(**{**stored, "ranking": ranking, "entities": tuple(stored["entities"]), "found": found})


def fallback_threshold(config: pathlib.Path) -> float:
    """Return the threshold of the FallbackClassifier in `config`, 0 without one."""
    pipeline = yaml.safe_load(config.read_text(encoding="utf-8"))["pipeline"]
    return float(
        next(
            (component.get("threshold", 0.3) for component in pipeline if component["name"] == "FallbackClassifier"),
            0.0,
        )
    )


def _run(command: Sequence[str], environment: Dict[str, str], log: pathlib.Path) -> None:
    with log.open("w", encoding="utf-8") as out:
        done = subprocess.run(command, cwd=ROOT, env=environment, stdout=out, stderr=subprocess.STDOUT, check=False)
    if done.returncode:
        tail = "\n".join(log.read_text(encoding="utf-8").splitlines()[-15:])
        raise ModelError(f"{' '.join(command[1:5])} … failed (exit {done.returncode}):\n{tail}")
