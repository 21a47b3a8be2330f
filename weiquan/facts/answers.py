"""Answers to fine questions: one record a question, in `knowledge/answers/`, one file a topic."""

from __future__ import annotations

import re
from typing import Iterator, Mapping, Optional, Tuple

from pydantic import Field

from weiquan.facts.records import Fact, count

MOST_CHARACTERS = 120
"""Characters of an answer: what a person reads on a phone without scrolling."""

_PHONE_OR_ARTICLE = re.compile(r"(?P<phone>\d[\d-]{3,}\d)|第 ?(?P<article>\d+) ?条")
_FIGURE = re.compile(r"\d(?:[\d-]*\d)?")


class Answer(Fact):
    """What is answered to one question.

    `title` asks it in the shortest words, as a button does. `answer` begins with
    the answer itself; `do` is what to do now. `facts` are the ids of the records it
    stands on; of `limits` the day is told where the case gives one.
    """

    topic: str
    title: str = Field(..., max_length=18)
    answer: str = Field(..., max_length=MOST_CHARACTERS)
    do: Optional[str] = Field(None, max_length=60)
    facts: Tuple[str, ...] = ()
    limits: Tuple[str, ...] = ()
    related: Tuple[str, ...] = ()
    elsewhere: bool = Field(False, description="said instead of the own platform's menus and numbers on another one")

    _related = count("related", 0, 3)

    @property
    def text(self) -> str:
        """The answer and what to do, a line each; `{pdd_hotline}` stands for the number of a contact."""
        return f"{self.answer}\n{self.do}" if self.do else self.answer


def unfounded_figures(answer: Answer, cited: Mapping[str, str]) -> Iterator[str]:
    """Yield the telephone numbers and articles in `answer` that no cited record holds.

    `cited` holds the text of each record that the answer names among its facts.
    """
    told = set(_FIGURE.findall(" ".join(cited.values())))
    for match in _PHONE_OR_ARTICLE.finditer(answer.text):
        if (match["phone"] or match["article"]) not in told:
            yield match.group()
