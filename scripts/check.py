"""Validate what Rasa does not: `knowledge/`, the wording of the dialogue, `domain.yml` and the training data.

Each is checked on its own and against the others (see `scripts.training_data`).
Errors make the check fail. Facts that nobody has checked for six months, and
examples of two intents that are nearly the same, are only warned of.
"""

from __future__ import annotations

import collections
import sys
from typing import Dict, List, Optional, Sequence, Set, Tuple

import yaml

from scripts.training_data.consistency import (
    CASE_QUESTIONS,
    NO_SITUATION,
    OUT_OF_SCOPE,
    Block,
    action_names,
    check_domain,
    check_labels,
    check_places,
    check_situation_counts,
)
from scripts.training_data.examples import TrainingSet, read_blocks, training_set_of
from scripts.training_data.near_duplicates import near_duplicates, skeleton, without_annotations, without_particles
from weiquan.clock import today
from weiquan.data_files import DataError
from weiquan.dialogue.evidence_words import evidence_words
from weiquan.facts.case_words import case_words
from weiquan.facts.interview_questions import interview
from weiquan.facts.knowledge import Knowledge, facts_folder, load
from weiquan.facts.record_reader import KnowledgeError
from weiquan.language.normalisation import normalise
from weiquan.places import ROOT
from weiquan.reading import feelings
from weiquan.reading.event_words import event_words

MINIMUM_EXAMPLES = {"report_": 60, "ask_": 30}
MINIMUM_OTHER = 25
MINIMUM_OUT_OF_SCOPE = 300
SHOWN_NEAR_DUPLICATES = 40
QUESTIONS_WITHOUT_PREFIX = frozenset({"verify_contact"})
WITHIN_CASE = CASE_QUESTIONS | NO_SITUATION
NLU = ROOT / "data" / "nlu"


def lines_by_intent(data: TrainingSet) -> Dict[str, List[str]]:
    """Return the examples of each intent, as they stand in their files."""
    examples: Dict[str, List[str]] = collections.defaultdict(list)
    for example in data.examples:
        examples[example.intent].append(example.line)
    return examples


def check_examples(examples: Dict[str, List[str]]) -> List[str]:
    """Return the problems of `examples` (by intent): too few, or a text that occurs twice, in one intent or in two."""
    problems = []
    for intent, lines in sorted(examples.items()):
        if intent == OUT_OF_SCOPE:
            least = MINIMUM_OUT_OF_SCOPE
        elif intent in QUESTIONS_WITHOUT_PREFIX:
            least = MINIMUM_EXAMPLES["ask_"]
        elif intent in WITHIN_CASE:
            least = MINIMUM_OTHER
        else:
            least = next((n for prefix, n in MINIMUM_EXAMPLES.items() if intent.startswith(prefix)), MINIMUM_OTHER)
        if len(lines) < least:
            problems.append(f"data/nlu: {intent} has {len(lines)} examples, needs {least}")
    places: Dict[str, Set[str]] = collections.defaultdict(set)
    counts: collections.Counter[str] = collections.Counter()
    for intent, lines in examples.items():
        for line in lines:
            places[skeleton(line)].add(intent)
            counts[skeleton(line)] += 1
    for text, intents in sorted(places.items()):
        if len(intents) > 1:
            problems.append(f"data/nlu: 「{text}」 stands under {', '.join(sorted(intents))}")
        elif counts[text] > 1:
            problems.append(f"data/nlu: 「{text}」 stands {counts[text]} times under {min(intents)}")
    return problems


def compare_examples(examples: Dict[str, List[str]]) -> Tuple[List[str], List[str], int]:
    """Compare the examples (by intent) with each other, as the classifier reads them.

    Returns (problems, warnings, number of near-duplicates within an intent).
    Texts of two intents are a problem where only particles and punctuation tell
    them apart, and worth a warning where they are nearly the same.
    """
    # `check_examples` reports texts that are the same but for punctuation.
    labelled = list({skeleton(line): (line, intent) for intent, lines in examples.items() for line in lines}.values())
    texts = [normalise(without_annotations(line)) for line, _ in labelled]
    by_words: Dict[str, List[int]] = collections.defaultdict(list)
    for number, text in enumerate(texts):
        by_words[without_particles(text)].append(number)
    same = {(i, j) for numbers in by_words.values() for i in numbers for j in numbers if i < j}
    near = [(i, j) for i, j, _ in near_duplicates(texts) if (i, j) not in same]
    problems: List[str] = []
    warnings: List[str] = []
    for found, pairs in ((problems, sorted(same)), (warnings, near)):
        for i, j in pairs:
            (first, intent), (second, other_intent) = labelled[i], labelled[j]
            if intent != other_intent:
                found.append(f"data/nlu: 「{first}」 ({intent}) and 「{second}」 ({other_intent}) are nearly the same")
    return problems, warnings, len(same) + len(near) - len(problems) - len(warnings)


def check_words(facts: Knowledge) -> List[str]:
    """Return the problems of the dialogue's wording in `data/`, one Chinese sentence for each file.

    The situations that a question of the interview names must be among `facts`.
    """
    problems = []
    for read in (case_words, interview, evidence_words, event_words, feelings.warm_up):
        try:
            read()
        except DataError as error:
            problems.append(str(error))
    problems = list(dict.fromkeys(problems))  # the interview reads the words of the case, too
    if not problems:
        for question in interview().questions:
            named = (*question.situations, *question.not_in, *((question.not_yet or {}).get("not_in", ())))
            unknown = "、".join(situation for situation in named if situation not in facts.situations)
            if unknown:
                problems.append(f"interview.yml: 问题「{question.id}」引用了不存在的情况「{unknown}」")
    return problems


def check_consistency(blocks: Sequence[Block], data: TrainingSet, facts: Knowledge) -> List[str]:
    """Return where files and numbers of examples, `domain.yml` or the actions do not match `facts`."""
    domain = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))
    situations = (situation for example in data.examples for situation in example.situations)
    return [
        *check_domain(domain, facts, action_names(ROOT / "actions")),
        *check_places(blocks, facts),
        *check_situation_counts(collections.Counter(situations), facts),
    ]


def check_facts() -> Optional[Knowledge]:
    """Return the facts, None where they are unusable; print what is wrong, or how many are sound."""
    try:
        facts = load(facts_folder(), today())
    except KnowledgeError as error:
        print(error, file=sys.stderr)
        return None
    print(f"knowledge/: {sum(1 for _ in facts.facts())} facts are sound.", flush=True)
    for kind, fact in facts.stale_facts(today()):
        print(f"warning: {kind} {fact.id} was last checked on {fact.checked}; check it again.", file=sys.stderr)
    return facts


def main(arguments: Sequence[str] = ()) -> int:
    """Print problems and warnings, of `knowledge/` first and with `--facts` alone; return 1 if there is a problem."""
    facts = check_facts()
    if facts is None:
        return 1
    if "--facts" in arguments:
        return 0
    blocks = list(read_blocks(NLU))
    mislabelled = check_labels(blocks, facts)
    if mislabelled:
        print("\n".join(mislabelled), file=sys.stderr)
        return 1
    data = training_set_of(blocks)
    problems = check_words(facts) + check_consistency(blocks, data, facts)
    examples = lines_by_intent(data)
    too_alike, alike, within = compare_examples(examples)
    for warning in alike[:SHOWN_NEAR_DUPLICATES]:
        print(f"warning: {warning}", file=sys.stderr)
    print(f"data/nlu: near-duplicates: {len(alike)} between intents, {within} within one.")
    problems += check_examples(examples) + too_alike
    for problem in problems:
        print(problem, file=sys.stderr)
    if problems:
        return 1
    total = sum(len(lines) for lines in examples.values())
    print(f"data/nlu: {total} examples of {len(examples)} intents are sound.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
