"""What a shopper gets: the first answer to the messages kept out of training, end to end.

Each message of `tests/nlu/kept_out` is parsed by the trained model and answered by
`weiquan.turn`. Of the complaints the figures are

- right: the case opened is of a kind that the labels name,
- one tap: not right, but another trouble noticed, or a button, is,
- turned away: no case, no such button, and the answer is that of out of scope,
- wrong: the rest;

of what is no complaint the share for which a case was opened (false alarm). Of the
dangers, by kind, the share that is met at once, and of what only sounds like one the
share that is met so too. A danger from the middle of a case is read with the question
that was open there.
"""

from __future__ import annotations

import collections
import dataclasses
import pathlib
import re
from typing import Any, Dict, Iterator, List, Mapping, Optional, Sequence, Set, Tuple

import yaml

from components.open_case import Note
from scripts.evaluation import fine_questions, within_case
from scripts.evaluation.metrics import Share
from scripts.evaluation.plots import plot_dangers, plot_first_turns
from scripts.evaluation.summary import Part
from scripts.evaluation.tables import share_text, table
from weiquan.facts.knowledge import Knowledge, knowledge
from weiquan.handlers.context import State
from weiquan.places import MODEL, ROOT
from weiquan.reading.message import Message
from weiquan.turn import TurnResult, take_turn

KEPT_OUT = ROOT / "tests" / "nlu" / "kept_out"
SETS: Mapping[str, str] = {"": "seen by whoever chose the thresholds", "fresh": "looked at by nobody"}
"""Folders below `KEPT_OUT`, and what they are."""
LONG = 60
"""Characters from which on a complaint is a story."""
VERDICTS = ("right", "one tap", "turned away", "wrong")
OTHER = "report_other"
NOT_MET, OTHER_KIND = "not met", "met as another"
_SITUATION = re.compile(r'"situation": ?"(\w+)"')
_INTENT = re.compile(r"/(\w+)")

Labelled = Mapping[str, Any]
Counts = Dict[str, "collections.Counter[str]"]


@dataclasses.dataclass
class Scores:
    """How often each outcome came, by kind of message, by label, and by kind of danger; and the complaints misread."""

    by_kind: Counts = dataclasses.field(default_factory=lambda: collections.defaultdict(collections.Counter))
    by_situation: Counts = dataclasses.field(default_factory=lambda: collections.defaultdict(collections.Counter))
    by_danger: Counts = dataclasses.field(default_factory=lambda: collections.defaultdict(collections.Counter))
    misread: List[Tuple[str, Sequence[str], str, Optional[str], str]] = dataclasses.field(default_factory=list)


def read_kept_out(name: str, folder: str = "") -> List[Labelled]:
    """Return the labelled messages of tests/nlu/kept_out/`folder`/`name`.yml."""
    loaded: List[Labelled] = yaml.load(
        (KEPT_OUT / folder / f"{name}.yml").read_text(encoding="utf-8"), yaml.CSafeLoader
    )
    return loaded


def _known(labelled: Labelled, usual: Optional[str]) -> Note:
    """Return what the bot knows when the message comes: within a case the question before it, else the `usual` one."""
    is_open = labelled.get("position") in {"mid_case", "answer"}
    return Note(is_open, labelled.get("asked") or usual) if is_open else Note()


def first_turns(
    labelled: Sequence[Labelled], facts: Knowledge, model: pathlib.Path = MODEL
) -> List[Tuple[Message, TurnResult]]:
    """Return each message as read and the turn that answers it, each the first of a conversation."""
    usual = next(rung.question for rung in facts.rungs.values() if rung.usual)
    texts = [(str(message["text"]), _known(message, usual)) for message in labelled]
    messages = within_case.read_messages(texts, model, facts)
    return [(message, take_turn(message, State())) for message in messages]


def accepted(labelled: Labelled, facts: Knowledge) -> Set[str]:
    """Return the kinds of report that the labels of a complaint name."""
    known = {facts.situations[label].intent for label in labelled["situations"] if label in facts.situations}
    return known or {OTHER}


def verdict(labelled: Labelled, message: Message, result: TurnResult, facts: Knowledge) -> str:
    """Return right, one tap, turned away or wrong for a complaint."""
    wanted = accepted(labelled, facts)
    opened = facts.situations.get(result.case.situation or "")
    if opened and opened.intent in wanted:
        return "right"
    if wanted.intersection(_offered(result, facts)):
        return "one tap"
    declined = message.intent == "out_of_scope" and opened is None and not result.bubbles[-1].buttons
    return "turned away" if declined else "wrong"


def _offered(result: TurnResult, facts: Knowledge) -> Iterator[str]:
    for other in result.case.others:
        yield facts.situations[other].intent
    for bubble in result.bubbles:
        for button in bubble.buttons:
            yield from _INTENT.findall(button.payload)[:1]
            for situation in _SITUATION.findall(button.payload):
                yield facts.situations[situation].intent


def score(folder: str, facts: Knowledge, model: pathlib.Path = MODEL) -> Scores:
    """Return the scores of the messages and dangers in `folder` of the messages kept out."""
    messages, dangers = read_kept_out("messages", folder), read_kept_out("danger", folder)
    turns = first_turns([*messages, *dangers], facts, model)
    scores = Scores()
    for labelled, (message, result) in zip(messages, turns, strict=False):
        size, opened = "stories" if len(labelled["text"]) >= LONG else "short", result.case.situation
        if labelled["kind"] != "complaint":
            scores.by_kind[f"{labelled['kind']}, {size}"]["case opened" if opened else "none"] += 1
            if labelled.get("intent"):
                is_right = message.intent == labelled["intent"]
                scores.by_kind[f"{labelled['kind']}, intent"]["right" if is_right else "other"] += 1
            continue
        got = verdict(labelled, message, result, facts)
        scores.by_kind[f"complaints, {size}"][got] += 1
        for situation in labelled["situations"]:
            scores.by_situation[situation][got] += 1
        if got != "right":
            scores.misread.append((got, labelled["situations"], message.intent, opened, labelled["text"]))
    for labelled, (message, _) in zip(dangers, turns[len(messages) :], strict=True):
        got = "met" if message.dangers else NOT_MET
        scores.by_kind["danger" if labelled["danger"] else "only sounds like danger"][got] += 1
        for kind in labelled["danger"]:
            told = kind if kind in message.dangers else OTHER_KIND if message.dangers else NOT_MET
            scores.by_danger[kind][told] += 1
    return scores


def shares(found: Mapping[str, int], names: Sequence[str]) -> List[str]:
    """Return the share of each of `names` among all that was `found`, with its interval and counts."""
    total = sum(found.values())
    return [share_text(Share(found.get(name, 0), total)) for name in names]


def first_turn_report(model: pathlib.Path, results: pathlib.Path) -> Part:
    """Score the first answers to all messages kept out, with pictures in `results`. Raises `ModelError`."""
    facts = knowledge()
    scores = {folder: score(folder, facts, model) for folder in SETS}
    parts, summary = ["## First turn, end to end\n"], []
    for folder, what in SETS.items():
        found, name = scores[folder], folder or "kept out"
        complaints = {kind: counts for kind, counts in found.by_kind.items() if kind.startswith("complaints")}
        others = {kind: counts for kind, counts in found.by_kind.items() if "case opened" in counts or "none" in counts}
        rows = [[kind, sum(counts.values()), *shares(counts, VERDICTS)] for kind, counts in sorted(complaints.items())]
        parts += [f"### {name}: {what}\n", table(["messages", "", *VERDICTS], rows)]
        rows = [
            [kind, sum(counts.values()), *shares(counts, ["case opened"])] for kind, counts in sorted(others.items())
        ]
        parts.append(table(["no complaint", "", "case opened"], rows))
        asked = {kind: counts for kind, counts in found.by_kind.items() if kind.endswith(", intent")}
        if asked:
            rows = [[kind, sum(counts.values()), *shares(counts, ["right"])] for kind, counts in sorted(asked.items())]
            parts.append(table(["intent", "", "right"], rows))
        rows = [[kind, *shares(found.by_kind[kind], ["met"])] for kind in ("danger", "only sounds like danger")]
        parts.append(table(["danger", "met at once"], rows))
        told = [kind for kind in facts.dangers if found.by_danger[kind]]
        rows = [
            [kind, *(found.by_danger[kind].get(other, 0) for other in (kind, OTHER_KIND, NOT_MET))] for kind in told
        ]
        parts.append(table(["kind of danger", "met as such", OTHER_KIND, NOT_MET], rows))
        rows = [
            [situation, sum(counts.values()), *(counts.get(name, 0) for name in VERDICTS)]
            for situation, counts in sorted(found.by_situation.items())
        ]
        parts.append(table(["trouble", "", *VERDICTS], rows))
        summary += [
            (f"first turn, {name}: {kind} right", shares(counts, ["right"])[0]) for kind, counts in complaints.items()
        ]
        summary += [
            (f"{name}: {kind} met at once", shares(found.by_kind[kind], ["met"])[0])
            for kind in ("danger", "only sounds like danger")
        ]
    plot_first_turns(
        {name or "kept out": found.by_kind for name, found in scores.items()}, VERDICTS, results / "first_turn.png"
    )
    plot_dangers({name or "kept out": found.by_danger for name, found in scores.items()}, results / "dangers.png")
    context = within_case.score(model)
    parts.append(within_case.section(context))
    summary.append(("within a case: read wholly right", share_text(context["right"])))
    summary.append(("within a case: news seen where there are none", share_text(context["false"])))
    questions = fine_questions.score(model)
    parts.append(fine_questions.section(questions))
    summary += [(f"fine questions: {name}", share_text(share)) for name, share in questions.items()]
    figures = {name or "kept out": _figures(found) for name, found in scores.items()}
    figures |= {"within a case": context, "fine questions": questions}
    return Part(figures, "\n".join(parts), summary)


def _figures(scores: Scores) -> Dict[str, Any]:
    counted = (("kinds", scores.by_kind), ("situations", scores.by_situation), ("dangers", scores.by_danger))
    return {name: {key: dict(counts) for key, counts in found.items()} for name, found in counted}
