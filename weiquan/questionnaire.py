"""The questions of the interview, and the words for what was told: `data/interview.yml`."""

from __future__ import annotations

import dataclasses
import datetime
import functools
import pathlib
from typing import Any, Dict, Mapping, Optional, Tuple

import yaml

from weiquan.case import EVENTS, STAGES

FILE = pathlib.Path(__file__).resolve().parent.parent / "data" / "interview.yml"
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
    empty where it may be asked in any.
    """

    id: str
    kind: str
    text: str
    why: str
    event: str = ""
    situations: Tuple[str, ...] = ()
    options: Tuple[Mapping[str, Any], ...] = ()
    not_yet: Optional[Mapping[str, str]] = None

    def offered(self, today: datetime.date) -> Tuple[Option, ...]:
        """Return the answers to offer as of `today`."""
        if self.kind != "date":
            return tuple(Option(one["title"], str(one["value"])) for one in self.options)
        days = [
            Option(one["title"], (today - datetime.timedelta(days=one["days_ago"])).isoformat()) for one in self.options
        ]
        return (*days, *((Option(self.not_yet["title"], self.not_yet["stage"]),) if self.not_yet else ()))


@dataclasses.dataclass(frozen=True)
class Interview:
    """The file `data/interview.yml`: questions in their order, and the words for what was told."""

    questions: Tuple[Question, ...]
    remedies: Mapping[str, str]
    events: Mapping[str, str]
    stages: Mapping[str, str]


@functools.lru_cache(maxsize=1)
def interview() -> Interview:
    """Read the questions. Raises `ValueError` for an unknown kind, event or stage."""
    loaded: Dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    questions = tuple(
        Question(
            **{
                **one,
                "why": f"问这个是为了{one['why']}",
                "situations": tuple(one.get("situations", ())),
                "options": tuple(one.get("options", ())),
            }
        )
        for one in loaded["questions"]
    )
    for one in questions:
        known = one.kind in {"stage", "amount", "remedy"} or (one.kind == "date" and one.event in EVENTS)
        if not known or (one.not_yet and one.not_yet["stage"] not in STAGES):
            raise ValueError(f"{FILE.name}: 问题「{one.id}」的 kind、event 或 stage 写错了")
    return Interview(questions, loaded["remedies"], loaded["events"], loaded["stages"])
