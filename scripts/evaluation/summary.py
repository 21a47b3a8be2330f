"""The report of `make evaluate`, joined from the latest result of each part."""

from __future__ import annotations

import json
import pathlib
from typing import Any, Dict, List, NamedTuple, Tuple

import yaml

from scripts.evaluation.tables import table, today, write_json
from weiquan.places import ROOT

PARTS = ("cv", "entities", "first_turn", "messages")
CONVERSATIONS = ROOT / "tests" / "conversations"


class Part(NamedTuple):
    """The result of one part: its figures, its section in Markdown, and its rows (name, value) of the summary."""

    figures: Dict[str, Any]
    section: str
    summary: List[Tuple[str, str]]


def keep(name: str, part: Part, results: pathlib.Path) -> None:
    """Write the result `part` of the part `name` into `results/evaluation`."""
    folder = results / "evaluation"
    write_json(folder / f"{name}.json", {"date": today(), "summary": part.summary, **part.figures})
    (folder / f"{name}.md").write_text(part.section, encoding="utf-8")


def join(results: pathlib.Path) -> str:
    """Write evaluation.md and .json in `results` from the parts that are there; return the summary table."""
    folder = results / "evaluation"
    parts = {
        name: json.loads((folder / f"{name}.json").read_text(encoding="utf-8")) for name in PARTS if _has(folder, name)
    }
    conversations, turns = conversation_counts()
    counts = {"conversations": conversations, "turns": turns}
    rows = [(*row, part["date"]) for part in parts.values() for row in part["summary"]]
    rows.append(("conversation tests (`make test`)", f"{conversations} conversations, {turns} turns", today()))
    summary = table(["figure", "value", "measured"], rows)
    sections = [(folder / f"{name}.md").read_text(encoding="utf-8") for name in parts]
    (results / "evaluation.md").write_text("\n".join(["# Evaluation\n", summary, *sections]), encoding="utf-8")
    write_json(results / "evaluation.json", {**parts, "conversation_tests": counts})
    return summary


def _has(folder: pathlib.Path, name: str) -> bool:
    return (folder / f"{name}.json").exists() and (folder / f"{name}.md").exists()


def conversation_counts(directory: pathlib.Path = CONVERSATIONS) -> Tuple[int, int]:
    """Return how many conversations `make test` has with the bot, and how many turns they have."""
    found = [
        conversation
        for file in directory.glob("*.yml")
        for conversation in yaml.safe_load(file.read_text(encoding="utf-8"))
    ]
    return len(found), sum(len(conversation["turns"]) for conversation in found)
