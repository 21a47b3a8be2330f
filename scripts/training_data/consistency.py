"""Checks that training data, `domain.yml`, the actions and `knowledge/` agree with each other.

Each `check_` function returns the problems, one sentence for each, and looks at
its arguments only.
"""

from __future__ import annotations

import ast
import collections
import fnmatch
import pathlib
from typing import Any, Dict, FrozenSet, Iterable, Iterator, List, Mapping, Set, Tuple

from components.nlu.labels import DANGER, FINE_QUESTIONS, NEWS, QUESTIONS, SITUATIONS, SPECIAL_CASES, UNLABELLED
from scripts.training_data.examples import situations_of
from weiquan.case import events
from weiquan.facts.knowledge import Knowledge

Block = Tuple[pathlib.PurePath, Mapping[str, Any]]
"""A block of an NLU file, with the file's path below data/nlu."""

OUT_OF_SCOPE = "out_of_scope"
ENTITIES = "entities"
"""The file that may hold any intent: examples with entities in them, patterns, synonyms."""
CASE_QUESTIONS = frozenset({"ask_why", "ask_next_step", "ask_deadline"})
"""Questions about the case: they lie with what is said within one."""
NO_TOPIC = frozenset({"ask_why"})
"""Answered from the case alone."""
NO_SITUATION = frozenset({"report_wrong_fact"})
"""Named like a report, but about the bot's own facts."""
RUNG_SLOT = "asked_rung"

MINIMUM_OF_SITUATION = 20
STORIES = "stories"
"""The folder of whole complaints: their first label is the trouble to handle first, further ones may be of any kind."""


def other_labels(facts: Knowledge) -> Mapping[str, FrozenSet[str]]:
    """Return what an example may be labelled with beside its situations, for each key of the metadata."""
    variants = (variant.id for situation in facts.situations.values() for variant in situation.variants)
    return {
        SPECIAL_CASES: frozenset(variants),
        NEWS: events.NEWS,
        DANGER: frozenset(facts.dangers),
        QUESTIONS: frozenset(facts.topics),
        FINE_QUESTIONS: frozenset(facts.answers),
        UNLABELLED: frozenset({SITUATIONS}),
    }


def check_labels(blocks: Iterable[Block], facts: Knowledge) -> List[str]:
    """Return the problems of labels: each must be known, and the first situation one of the block's intent."""
    problems = []
    for path, block in blocks:
        try:
            labels = situations_of(block)
        except ValueError as error:
            problems.append(f"data/nlu/{path}: {error}")
            continue
        for place, label in enumerate(labels):
            situation = facts.situations.get(label)
            if situation is None:
                problems.append(f"data/nlu/{path}: there is no situation «{label}» in knowledge/situations.yml")
            elif place == 0 and block.get("intent") not in facts.topics and situation.intent != block.get("intent"):
                problems.append(f"data/nlu/{path}: {label} is a situation of {situation.intent}, not of this intent")
        for kind, known in other_labels(facts).items():
            for label in (block.get("metadata") or {}).get(kind, ()):
                if label not in known:
                    problems.append(f"data/nlu/{path}: there is no label «{label}» among {kind}")
    return problems


def check_situation_counts(counts: Mapping[str, int], facts: Knowledge) -> List[str]:
    """Return the situations with too few examples; `counts` holds the number for each situation."""
    problems = []
    for situation in facts.situations:
        found = counts.get(situation, 0)
        if found < MINIMUM_OF_SITUATION:
            problems.append(f"data/nlu/reports/{situation}.yml: {found} examples, needs {MINIMUM_OF_SITUATION}")
    return problems


def check_places(blocks: Iterable[Block], facts: Knowledge) -> List[str]:
    """Return the examples in the wrong file: each intent and each situation has one file, named after it.

    Raises `ValueError` for labels that `check_labels` rejects.
    """
    problems = []
    files: Dict[str, Set[pathlib.PurePath]] = collections.defaultdict(set)
    reports = {situation.intent for situation in facts.situations.values()}
    for path, block in blocks:
        intent = block.get("intent")
        if path.with_suffix("") == pathlib.PurePath(ENTITIES):
            continue
        if intent is None:
            problems.append(f"data/nlu/{path}: patterns, synonyms and word lists belong in {ENTITIES}.yml")
            continue
        if intent not in reports and intent != OUT_OF_SCOPE:
            files[intent].add(path)
        places = _places(intent, facts, reports)
        if not any(fnmatch.fnmatchcase(path.as_posix(), place) for place in places):
            problems.append(f"data/nlu/{path}: {intent} belongs in {' or '.join(places)}")
        elif path.parts[0] == STORIES and situations_of(block)[:1] != (path.stem,):
            problems.append(f"data/nlu/{path}: the metadata must begin with «situations: [{path.stem}»")
        elif intent in reports and path.parts[0] != STORIES and situations_of(block) != (path.stem,):
            problems.append(f"data/nlu/{path}: the metadata must be «situations: [{path.stem}]»")
    for intent, found in sorted(files.items()):
        if len(found) > 1:
            problems.append(f"data/nlu: {intent} lies in {', '.join(sorted(map(str, found)))}, it needs one file")
    return problems


def _places(intent: str, facts: Knowledge, reports: Set[str]) -> List[str]:
    """Return the files below data/nlu that may hold examples of `intent`; `*` is any name."""
    if intent == OUT_OF_SCOPE:
        return [f"{OUT_OF_SCOPE}/*.yml"]
    if intent in reports:
        own = [situation.id for situation in facts.situations.values() if situation.intent == intent]
        return [f"{folder}/{name}.yml" for folder in ("reports", STORIES) for name in own]
    if intent in CASE_QUESTIONS:
        return [f"case/{intent}.yml"]
    if intent in facts.topics:
        return [f"questions/{intent}.yml"]
    return [f"{folder}/{intent}.yml" for folder in ("case", "talk")]


def check_domain(domain: Mapping[str, Any], facts: Knowledge, actions: Iterable[str]) -> List[str]:
    """Return what `domain` lists too much or too little: intents, rungs and actions.

    `actions` are the names of the actions that `actions/` holds.
    """
    intents = {next(iter(entry)) if isinstance(entry, dict) else entry for entry in domain["intents"]}
    reports = {intent for intent in intents if intent.startswith("report_")} - NO_SITUATION
    questions = {intent for intent in intents if intent.startswith("ask_")} - NO_TOPIC
    rungs = {rung.id for rung in facts.rungs.values() if rung.question}
    pairs = (
        ("report_ intents", reports, "situations.yml", {situation.intent for situation in facts.situations.values()}),
        ("ask_ intents", questions | (intents & set(facts.topics)), "topics.yml", set(facts.topics)),
        (f"values of {RUNG_SLOT}", set(domain["slots"][RUNG_SLOT]["values"]), "ladder.yml, with a question", rungs),
        ("actions", set(domain["actions"]), "actions/", set(actions)),
    )
    problems = []
    for what, listed, place, there in pairs:
        for name in sorted(listed - there):
            problems.append(f"domain.yml, {what}: {name} is not in {place}")
        for name in sorted(there - listed):
            problems.append(f"domain.yml, {what}: {name} is missing, it is in {place}")
    return problems


def action_names(folder: pathlib.Path) -> List[str]:
    """Return the names of the actions in the modules below `folder`: the constant `NAME` of each class."""
    return sorted(name for file in folder.rglob("*.py") for name in _names_in(ast.parse(file.read_bytes())))


def _names_in(module: ast.Module) -> Iterator[str]:
    for kind in ast.walk(module):
        for line in kind.body if isinstance(kind, ast.ClassDef) else ():
            if isinstance(line, ast.Assign) and ast.unparse(line.targets[0]) == "NAME":
                name = ast.literal_eval(line.value)
                if name:
                    yield str(name)
