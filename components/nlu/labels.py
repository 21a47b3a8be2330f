"""The labels of examples, of which several may hold at once, and what an example teaches of each.

Five families beside the intents: the situations of `knowledge/` and their special
cases, the news (what has happened already), the dangers, and the questions asked. The labels stand in the metadata of a
block of `data/nlu`; for each label an example tells that it holds, that it does
not, or nothing.
"""

from __future__ import annotations

import dataclasses
import pathlib
import zlib
from typing import Any, Dict, Iterator, List, Mapping, Optional, Sequence, Tuple

import numpy as np
import numpy.typing as npt
import yaml

from components.nlu.held_back import is_held_back
from weiquan.case.events import NEWS as NEWS_LABELS
from weiquan.facts.interview_questions import interview
from weiquan.facts.knowledge import Knowledge
from weiquan.reading.prices import bare_amount
from weiquan.reading.situations import is_report

Array = npt.NDArray[np.float32]

SITUATIONS, SPECIAL_CASES, NEWS, DANGER, QUESTIONS = "situations", "special_cases", "news", "danger", "questions"
FINE_QUESTIONS = "answers"
UNLABELLED = "unlabelled"
"""Keys in the metadata of a block; under the last one stand those that no reader could decide on."""
OUT_OF_SCOPE = "out_of_scope"
COMPLAINT = "complaint"
"""The label of a message that tells a shopper's trouble, whatever else it is."""
ANY_DANGER = "danger"
MAY_BE_DANGER = frozenset(
    {
        *("report_fraud", "report_injury", "report_payment_or_account", "report_food_safety"),
        *("report_bad_service", "report_privacy_leak"),
    }
)
"""Intents whose short examples may tell a danger; they are not labelled for it."""
NEWS_INTENTS = frozenset({"seller_agreed", "seller_refused", "no_reply_yet", "platform_agreed", "platform_refused"})
"""What they tell of is within a case: whether a trouble is told besides is not labelled."""
SHORT_ANSWER = 10
"""An answer up to this length says what it says by the question before it."""
ANSWERS = frozenset(
    {
        *NEWS_INTENTS,
        *("affirm", "deny", "dont_know", "skip", "step_done", "inform", "correct_information"),
        *("tick_evidence", "ask_next_step", "ask_why", "ask_deadline", "show_case", "request_document"),
    }
)
"""Intents of messages that the bot reads while a question of its own is open."""
SAID_WITHIN_A_CASE = frozenset({"mid_case", "answer"})
"""Positions of messages that the bot reads while a question of its own is open."""


@dataclasses.dataclass(frozen=True)
class Lesson:
    """A text with the labels known to hold (`True`) and not to hold (`False`); `answer` is the one it asks for."""

    text: str
    labels: Mapping[str, bool]
    is_held_back: bool = False
    answer: Optional[str] = None


def label_names(facts: Knowledge) -> List[str]:
    """Return all labels but the intents: `situation:…`, `news:…`, `danger:…`, and those of every message."""
    found = [f"situation:{situation}" for situation in facts.situations]
    found += [f"special_case:{variant}" for variant in _variants(facts)]
    found += [f"news:{news}" for news in sorted(NEWS_LABELS)]
    found += [f"topic:{topic}" for topic in facts.topics]
    return [*found, *(f"danger:{danger}" for danger in facts.dangers), COMPLAINT, ANY_DANGER]


def labels_of(intent: str, metadata: Optional[Mapping[str, Any]], facts: Knowledge) -> Dict[str, bool]:
    """Return what is known of an example of `intent` whose block has this `metadata`."""
    known: Mapping[str, Any] = metadata or {}
    labels: Dict[str, bool] = {}
    situations = known.get(SITUATIONS) or ()
    if intent not in NEWS_INTENTS and SITUATIONS not in known.get(UNLABELLED, ()):
        labels = {f"situation:{other}": other in situations for other in facts.situations}
        labels[COMPLAINT] = is_report(intent) or bool(situations)
    if SPECIAL_CASES in known:
        own = {variant.id for name in situations for variant in facts.situations[name].variants}
        labels |= {f"special_case:{variant}": variant in known[SPECIAL_CASES] for variant in own}
    if QUESTIONS in known or FINE_QUESTIONS in known or not is_report(intent):
        of_answers = {facts.answers[name].topic for name in known.get(FINE_QUESTIONS, ()) if name in facts.answers}
        asked = {*known.get(QUESTIONS, ()), *of_answers, intent}
        labels |= {f"topic:{topic}": topic in asked for topic in facts.topics}
    if NEWS in known or intent == OUT_OF_SCOPE:
        labels |= {f"news:{news}": news in known.get(NEWS, ()) for news in NEWS_LABELS}
    if DANGER in known or intent not in MAY_BE_DANGER:
        labels |= _dangers(known.get(DANGER) or (), facts)
    return labels


def answer_of(metadata: Optional[Mapping[str, Any]]) -> Optional[str]:
    """Return the id of the answer that an example with this `metadata` asks for, None where it names none."""
    return next(iter((metadata or {}).get(FINE_QUESTIONS) or ()), None)


def lessons_of_messages(file: pathlib.Path, facts: Knowledge) -> Iterator[Lesson]:
    """Yield what each message of a file beside data/nlu teaches, which has no intent: data/danger.yml, data/news.yml.

    What such a message says by the question before it alone is no lesson without that
    question. One from the middle of a case is a lesson with a question as well: with
    that before it, or, where it came unasked, with one that the bot asks.
    """
    put = questions_put(facts)
    for message in yaml.load(file.read_text(encoding="utf-8"), yaml.CSafeLoader)["messages"]:
        text, danger, news, asked = message["text"], message.get(DANGER), message.get(NEWS), message.get("asked")
        held_back, is_short = is_held_back(text), len(text) < SHORT_ANSWER
        labels = {} if danger is None else _dangers(danger, facts)
        if news is not None:
            labels |= {f"news:{label}": label in news for label in NEWS_LABELS}
        if asked:
            yield Lesson(in_context(text, asked), dict(labels), held_back)
        elif not is_short and (news is not None or message.get("position") in SAID_WITHIN_A_CASE):
            yield Lesson(in_context(text, put[zlib.crc32(text.encode()) % len(put)]), dict(labels), held_back)
        if (danger or news) and ((asked and is_short) or bare_amount(text) is not None):
            continue
        if message.get("situations"):
            told = [situation for situation in message["situations"] if situation in facts.situations]
            labels |= {f"situation:{situation}": True for situation in told}
            labels[COMPLAINT] = True
            if danger:
                labels |= _special_cases_of(danger, told, facts)
        yield Lesson(text, labels, held_back)


def as_answer(lesson: Lesson, put: Sequence[str]) -> Lesson:
    """Return what `lesson`, an example of `ANSWERS`, teaches of dangers and news beside one of the questions `put`.

    Otherwise 「第一个有了」 would be read in context without ever having been seen there.
    """
    labels = {name: told for name, told in lesson.labels.items() if name.startswith((ANY_DANGER, "news:"))}
    question = put[zlib.crc32(lesson.text.encode()) % len(put)]
    return Lesson(in_context(lesson.text, question), labels, lesson.is_held_back)


def in_context(text: str, question: str) -> str:
    """Return what is encoded of `text` as an answer to `question`."""
    return f"{question} {text}"


def questions_put(facts: Knowledge) -> List[str]:
    """Return the questions that the bot puts within a case."""
    asked = [rung.question for rung in facts.rungs.values()] + [danger.ask for danger in facts.dangers.values()]
    return sorted({question for question in asked if question} | {question.text for question in interview().questions})


def _variants(facts: Knowledge) -> List[str]:
    return [variant.id for situation in facts.situations.values() for variant in situation.variants]


def _dangers(told: Sequence[str], facts: Knowledge) -> Dict[str, bool]:
    return {**{f"danger:{danger}": danger in told for danger in facts.dangers}, ANY_DANGER: bool(told)}


def _special_cases_of(danger: Sequence[str], told: Sequence[str], facts: Knowledge) -> Dict[str, bool]:
    """Return which special cases of the situations `told` a danger is, and is not: money gone, a code given.

    What only sounds like a danger may be one that is over (ill last month), so it tells nothing of them.
    """
    return {
        f"special_case:{case.variant}": kind in danger
        for kind, record in facts.dangers.items()
        for case in record.cases
        if case.variant and case.situation in told
    }


def targets(lessons: Sequence[Lesson], names: Sequence[str]) -> Tuple[Array, Array]:
    """Return for each lesson (row) and label (column) whether it holds, and whether that is known (1 or 0)."""
    place = {name: column for column, name in enumerate(names)}
    holds, known = np.zeros((2, len(lessons), len(names)), np.float32)
    for row, lesson in enumerate(lessons):
        for name, value in lesson.labels.items():
            holds[row, place[name]], known[row, place[name]] = value, 1
    return holds, known
