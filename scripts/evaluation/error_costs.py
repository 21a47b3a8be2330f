"""What a wrong intent costs: to the shopper it is no error if both intents lead to the same reply."""

from __future__ import annotations

import collections
import dataclasses
import pathlib
from typing import Any, Dict, List, Mapping, Sequence, Tuple

import yaml

from scripts.evaluation.metrics import KINDS, Prediction, kind_of
from weiquan.facts.knowledge import Knowledge
from weiquan.reading.situations import REPORT, Found, read


def actions_by_intent(directory: pathlib.Path) -> Dict[str, str]:
    """Return for each intent the actions of the rule that it starts, joined to a name for its kind of utterance."""
    found: Dict[str, str] = {}
    for file in sorted(directory.glob("*.yml")):
        for rule in yaml.safe_load(file.read_text(encoding="utf-8")).get("rules", []):
            first, *rest = rule["steps"]
            actions = " ".join(str(step["action"]) for step in rest if "action" in step)
            for intent in _intents(first):
                found.setdefault(intent, actions)
    return found


def _intents(step: Mapping[str, Any]) -> List[str]:
    return [str(branch["intent"]) for branch in step.get("or", [step]) if "intent" in branch]


def advice_by_intent(intents: Sequence[str], facts: Knowledge) -> Dict[str, str]:
    """Return for each complaint the ladder of its default situation, and for any other intent the intent itself."""
    found = {}
    for intent in intents:
        situation = facts.default_situation(intent) if intent.startswith(REPORT) else None
        found[intent] = " ".join(situation.ladder) if situation else intent
    return found


def merged(predictions: Sequence[Prediction], groups: Mapping[str, str]) -> List[Prediction]:
    """Return `predictions` with each intent replaced by its group, if it has one."""
    return [
        dataclasses.replace(
            prediction,
            label=groups.get(prediction.label, prediction.label),
            top=groups.get(str(prediction.top), prediction.top),
            answer=groups.get(str(prediction.answer), prediction.answer),
        )
        for prediction in predictions
    ]


def reply(intent: str, found: Found, facts: Knowledge) -> Tuple[str, str]:
    """Return what decides the reply to a first message that is read as `intent`, with what the reader `found` in it.

    For a complaint that is its first situation and special case, for anything else the intent.
    """
    reading = read("", intent, found, facts) if intent.startswith(REPORT) else None
    return (reading.situation, reading.variant or "") if reading and reading.situation else (intent, "")


def errors_by_kind(predictions: Sequence[Prediction]) -> List[Tuple[str, Tuple[int, ...]]]:
    """Return for each of `KINDS` how many of its examples were misread as an intent of each kind, in that order."""
    counts = collections.Counter(
        (kind_of(prediction.label), kind_of(str(prediction.top)))
        for prediction in predictions
        if not prediction.is_right
    )
    return [(row, tuple(counts[row, column] for column in KINDS)) for row in KINDS]
