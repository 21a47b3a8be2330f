"""Answers to fine questions: one record a question, in `knowledge/answers/`, one file a topic."""

from __future__ import annotations

import re
from typing import Iterator, Mapping, Optional, Set, Tuple

from pydantic import Field

from weiquan.facts.dangers import with_numbers
from weiquan.facts.records import Contact, Fact, Record, count

MOST_CHARACTERS = 120
"""Characters of an answer: what a person reads on a phone without scrolling."""

_BINDING = re.compile(r"(?P<phone>\d[\d-]{3,}\d)|第 ?(?P<article>\d+) ?条|(?P<time>\d{1,2}[:：]\d{2})")
_FIGURE = re.compile(r"\d{1,2}:\d{2}|\d(?:[\d-]*\d)?")
_HOURS = re.compile(r"\{(\w+)\.hours\}")


class Topic(Record):
    """A question intent: its button label and an example; `limits` are the deadlines that it may be about.

    `contacts` are the numbers that its answer names, for the card below it.
    """

    label: str = Field(..., max_length=14)
    example: str
    limits: Tuple[str, ...] = ()
    contacts: Tuple[str, ...] = ()
    told_by_developments: bool = Field(False, description="what is said of an offer or a demand answers it as well")
    own_platform: bool = Field(False, description="its answer is the own platform's menus or numbers")


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
        """The answer and what to do, a line each; `{pdd_hotline}` stands for the number of a contact with its hours,
        `{pdd_hotline.hours}` for these alone.
        """
        return f"{self.answer}\n{self.do}" if self.do else self.answer

    def filled(self, contacts: Mapping[str, Contact]) -> str:
        """Return `text` with the numbers and hours that it names, of `contacts` by their ids."""
        text = _HOURS.sub(lambda match: str(contacts[match[1]].hours), self.text)
        return with_numbers(text, lambda contact: contacts[contact].with_hours)

    @property
    def hours_named(self) -> Set[str]:
        """The ids of the contacts whose hours are named alone."""
        return set(_HOURS.findall(self.text))


def unfounded_figures(answer: Answer, cited: Mapping[str, str]) -> Iterator[str]:
    """Yield the telephone numbers, articles and times of day in `answer` that no cited record holds.

    `cited` holds the text of each record that the answer names among its facts.
    """
    told = set(_FIGURE.findall(" ".join(cited.values())))
    for match in _BINDING.finditer(answer.text):
        if (match["phone"] or match["article"] or match["time"]) not in told:
            yield match.group()
