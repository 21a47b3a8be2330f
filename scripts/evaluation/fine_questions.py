"""Fine questions: whether the record that answers is the one that was asked for, on questions kept out of training.

Each question of `tests/nlu/kept_out/fresh/questions.yml` is parsed by the trained model and
answered by `weiquan.turn` as the first message of a conversation. Where one record answers it, the outcomes are

- right: that record answers (in what is urgent, after what to do at once),
- one tap: it is a button of the answer,
- topic: no record answers, but the topic of that record does,
- wrong record: another record answers,
- else: anything else;

where none answers it, that none did (`none kept`).
"""

from __future__ import annotations

import collections
import pathlib
import re
from typing import Any, Dict, List, Mapping

import yaml

from components.open_case import Note
from scripts.evaluation.metrics import Share
from scripts.evaluation.tables import share_text, table
from scripts.evaluation.within_case import read_messages
from weiquan.facts.knowledge import Knowledge, knowledge
from weiquan.handlers.context import State
from weiquan.places import ROOT
from weiquan.reading.message import Message
from weiquan.replies.topics import answer_words
from weiquan.turn import TurnResult, take_turn

FILE = ROOT / "tests" / "nlu" / "kept_out" / "fresh" / "questions.yml"
OUTCOMES = ("right", "one tap", "topic", "wrong record", "else")
_OFFERED = re.compile(r'"answer_id": ?"(\w+)"')


def read_questions(file: pathlib.Path = FILE) -> List[Mapping[str, Any]]:
    """Return the labelled questions: `text` and `answer`, the id of the record that answers, null for none."""
    loaded: List[Mapping[str, Any]] = yaml.load(file.read_text(encoding="utf-8"), yaml.CSafeLoader)
    return loaded


def outcome(wanted: str, message: Message, result: TurnResult, facts: Knowledge) -> str:
    """Return which of `OUTCOMES` the turn is for a question that the record `wanted` answers."""
    if any(answer_words(facts.answers[wanted], facts) in bubble.text for bubble in result.bubbles):
        return "right"
    offered = {
        name for bubble in result.bubbles for button in bubble.buttons for name in _OFFERED.findall(button.payload)
    }
    if wanted in offered:
        return "one tap"
    if is_answered(result, facts):
        return "wrong record"
    return "topic" if message.intent == facts.answers[wanted].topic else "else"


def is_answered(result: TurnResult, facts: Knowledge) -> bool:
    """Tell whether a record answers in the turn."""
    return any(
        answer_words(answer, facts) in bubble.text for bubble in result.bubbles for answer in facts.answers.values()
    )


def score(model: pathlib.Path) -> Dict[str, Share]:
    """Return the share of each outcome among what a record answers, and of `none kept` among the rest."""
    facts, labelled = knowledge(), read_questions()
    messages = read_messages([(str(question["text"]), Note()) for question in labelled], model, facts)
    found: collections.Counter[str] = collections.Counter()
    kept = none = 0
    for question, message in zip(labelled, messages, strict=True):
        result = take_turn(message, State())
        if question["answer"]:
            found[outcome(question["answer"], message, result, facts)] += 1
        else:
            none += 1
            kept += not is_answered(result, facts)
    total = sum(found.values())
    return {**{name: Share(found[name], total) for name in OUTCOMES}, "none kept": Share(kept, none)}


def section(found: Mapping[str, Share]) -> str:
    """Return the part of the report with these shares."""
    rows = [[name, share_text(share)] for name, share in found.items()]
    return "\n".join(["### Fine questions\n", table(["outcome", "share"], rows)])
