"""Train the model, unless the existing one was trained from the same inputs.

Rasa's own cache does not notice an edited jieba dictionary (the archive would
keep the old one). So it is decided here, from every input (see
`scripts.inputs`), whether to train, and each training starts from scratch.
"""

from __future__ import annotations

import os
import pathlib
import re
import subprocess
import sys
from typing import List

from scripts.inputs import fingerprint
from weiquan.facts.record_reader import KnowledgeError
from weiquan.places import LOGS, MODEL, ROOT, SPACY_MODEL
from weiquan.settings import quiet_environment

_UNTRAINED = frozenset(
    {
        "TextNormaliser",
        "SpacyNLP",
        "SpacyEntityExtractor",
        "ShopperEntityExtractor",
        "SentenceEncoderFeaturizer",
        "FallbackClassifier",
    }
)
_ENCODED = re.compile(r"Encoded (\d+) of (\d+) new sentences")
_STARTED = re.compile(r"Starting to train component '(\w+)'")
_COMPONENT = re.compile(r"^ *- name: (?:[\w.]+\.)?(\w+)", re.MULTILINE)


def is_current(mark: str) -> bool:
    """Tell whether the existing model was trained from inputs with the fingerprint `mark`."""
    stamp = MODEL.with_suffix(".inputs")
    return MODEL.exists() and SPACY_MODEL.exists() and stamp.exists() and stamp.read_text().strip() == mark


def train(log: pathlib.Path) -> int:
    """Build the spaCy pipeline and train; return the exit code. Everything printed goes to `log`."""
    environment = quiet_environment(os.environ)
    log.parent.mkdir(parents=True, exist_ok=True)
    config = (ROOT / "config.yml").read_text(encoding="utf-8")
    total = sum(1 for name in _COMPONENT.findall(config) if name not in _UNTRAINED)
    commands: List[List[str]] = [
        [sys.executable, "-m", "components.nlu.spacy_pipeline", str(SPACY_MODEL.relative_to(ROOT))],
        [sys.executable, "-m", "rasa", "train", "--force", "--fixed-model-name", MODEL.name.removesuffix(".tar.gz")],
    ]
    with log.open("w", encoding="utf-8") as out:
        done = 0
        for command in commands:
            process = subprocess.Popen(
                command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
            )
            assert process.stdout is not None
            for line in process.stdout:
                out.write(line)
                started = _STARTED.search(line)
                if started:
                    done += 1
                    print(f"  training {done}/{total}: {started.group(1)}", flush=True)
                encoded = _ENCODED.search(line)
                if encoded:
                    print(f"  encoded {encoded.group(1)} of {encoded.group(2)} new sentences", flush=True)
            if process.wait():
                return process.returncode
    return 0


def main() -> int:
    """Train if needed: `python -m scripts.train [--force]`."""
    try:
        mark = fingerprint()
    except KnowledgeError as error:
        print(error, file=sys.stderr)
        return 1
    if is_current(mark) and "--force" not in sys.argv[1:]:
        print("Model is up to date.", flush=True)
        return 0
    log = LOGS / "train.log"
    print("Training the model (about three minutes on 2 cores) …", flush=True)
    code = train(log)
    if code:
        tail = log.read_text(encoding="utf-8").splitlines()[-15:]
        print("\n".join(tail), file=sys.stderr)
        print(f"Training failed (exit {code}); the whole log is {log}.", file=sys.stderr)
        return 1
    MODEL.with_suffix(".inputs").write_text(mark + "\n")
    print("Model trained.", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
