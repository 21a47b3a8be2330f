"""The questions of the interview: `data/interview.yml`."""

from __future__ import annotations

import dataclasses
import datetime
import functools
from typing import Any, Collection, Mapping, Optional, Tuple

from weiquan.case.events import EVENTS, STAGES
from weiquan.data_files import DataError, read_data
from weiquan.facts.case_words import case_words
from weiquan.places import DATA

FILE = DATA / "interview.yml"

CIRCUMSTANCE = "circumstance"

YES, NO = "yes", "no"


@dataclasses.dataclass(frozen=True)
class Option:
    """One answer offered as a button: what it says, and its value (a day, a stage, a remedy)."""

    title: str
    value: str


@dataclasses.dataclass(frozen=True)
class Question:
    """A question of the interview: `kind` is date, stage, amount, remedy or circumstance.

    `event` is what a date is of, or the id of a circumstance. `situations` is
    empty where it may be asked in any but those of `not_in`. Once the rung
    `unless_failed` has failed, the answer is of no use any more. `not_yet` is the answer that it has not
    happened: its `title`, the `stage` that it means, and in which situations it
    makes no sense (`not_in`: the goods are at hand there).
    """

    id: str
    kind: str
    text: str
    why: str
    event: str = ""
    situations: Tuple[str, ...] = ()
    not_in: Tuple[str, ...] = ()
    unless_failed: Optional[str] = None
    options: Tuple[Mapping[str, Any], ...] = ()
    not_yet: Optional[Mapping[str, Any]] = None

    def offered(self, today: datetime.date) -> Tuple[Option, ...]:
        """Return the answers to offer as of `today`."""
        if self.kind != "date":
            return tuple(Option(option["title"], str(option["value"])) for option in self.options)
        days = [
            Option(option["title"], (today - datetime.timedelta(days=option["days_ago"])).isoformat())
            for option in self.options
        ]
        return (*days, *((Option(self.not_yet["title"], self.not_yet["stage"]),) if self.not_yet else ()))


@dataclasses.dataclass(frozen=True)
class Interview:
    """The file `data/interview.yml`: questions in their order."""

    questions: Tuple[Question, ...]


@functools.lru_cache(maxsize=1)
def interview() -> Interview:
    """Return the questions, read once.

    Raises `DataError` (a `ValueError`) where the file, or that of `case_words`,
    is not as it should be.
    """
    remedies = case_words().remedies
    return read_data(FILE, lambda loaded: _interview(loaded, remedies))


def _interview(loaded: Any, remedies: Collection[str]) -> Interview:
    questions = tuple(_question(question) for question in loaded["questions"])
    for question in questions:
        _check(question, remedies)
    return Interview(questions)


def _question(loaded: Any) -> Question:
    known = {field.name for field in dataclasses.fields(Question)}
    unknown = sorted(set(loaded) - known)
    missing = [name for name in ("id", "kind", "text", "why") if not loaded.get(name)]
    if unknown or missing:
        found = "、".join([*(f"不认识「{name}」" for name in unknown), *(f"缺少「{name}」" for name in missing)])
        raise DataError(f"问题「{loaded.get('id', '?')}」{found}")
    return Question(
        **{
            **loaded,
            "why": f"问这个是为了{loaded['why']}",
            "situations": tuple(loaded.get("situations", ())),
            "not_in": tuple(loaded.get("not_in", ())),
            "options": tuple(loaded.get("options", ())),
        }
    )


def _check(question: Question, remedies: Collection[str]) -> None:
    """Refuse a question that could not be asked, or an answer that could not be taken."""
    known = question.kind in {"stage", "amount", "remedy"} or (question.kind == "date" and question.event in EVENTS)
    if not known or (question.not_yet and question.not_yet["stage"] not in STAGES):
        raise DataError(f"问题「{question.id}」的 kind、event 或 stage 写错了")
    values = {"stage": STAGES, "remedy": remedies}.get(question.kind, ())
    for option in question.options:
        is_known = isinstance(option.get("days_ago"), int) if question.kind == "date" else option.get("value") in values
        if not is_known or not option.get("title"):
            raise DataError(
                f"问题「{question.id}」的选项要有 title 和认得的 {'days_ago' if question.kind == 'date' else 'value'}"
            )
