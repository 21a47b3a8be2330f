"""Dangers: what is said at once to somebody whom something happens to right now."""

from __future__ import annotations

import re
from typing import Callable, Optional, Set, Tuple

from pydantic import BaseModel, Extra, Field

from weiquan.facts.records import Fact, count


class DangerCase(BaseModel):
    """A case that a danger may belong to."""

    situation: str
    variant: Optional[str] = None

    class Config:
        extra = Extra.forbid
        frozen = True


class Danger(Fact):
    """A kind of danger, the label of the same name in `data/` (`danger`).

    `now` and `met` name contacts as {line_110}; the order of the records is that of urgency.
    """

    name: str = Field(..., max_length=20)
    now: str = Field(..., max_length=150, description="what to do at once")
    if_so: str = Field(..., max_length=50, description="what to do, for somebody who may be in it: 如果……")
    ask: str = Field(..., max_length=30)
    yes_title: str = Field(..., max_length=8)
    no_title: str = Field(..., max_length=8)
    met: str = Field(..., max_length=100, description="said once it is done")
    settles: Tuple[str, ...] = Field((), description="rungs that are taken once it is done")
    lasting: bool = Field(False, description="until it is known to be over, `if_so` stands above every answer")
    own_case: bool = Field(False, description="its first case is opened whatever trouble is told besides")
    cases: Tuple[DangerCase, ...] = ()
    contacts: Tuple[str, ...]

    _contacts = count("contacts", 1)


_NUMBER = re.compile(r"\{(\w+)\}")


def numbers_named(danger: Danger) -> Set[str]:
    """Return the ids of the contacts that the words of `danger` name."""
    return {contact for text in (danger.now, danger.if_so, danger.met) for contact in contacts_named(text)}


def contacts_named(text: str) -> Set[str]:
    """Return the ids of the contacts that `text` names, as in `{line_110}`."""
    return set(_NUMBER.findall(text))


def with_numbers(text: str, number: Callable[[str], str]) -> str:
    """Return `text` with the numbers of the contacts that it names; `number` gives that of an id."""
    return _NUMBER.sub(lambda match: number(match.group(1)), text)
