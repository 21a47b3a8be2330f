"""Where the project's files are: what it reads, and what set-up, training and running put down."""

from __future__ import annotations

import pathlib

ROOT = pathlib.Path(__file__).resolve().parent.parent

DATA = ROOT / "data"

TEMPLATES = ROOT / "weiquan" / "templates"

VAR = ROOT / "var"
"""What a run keeps: conversations, the secret, the encoder, logs."""

LOGS = VAR / "logs"

SPACY_MODEL = VAR / "spacy" / "zh_weiquan"

MODEL = ROOT / "models" / "weiquan.tar.gz"
"""The trained model that `make serve` loads."""
