"""The schema of `knowledge/buttons.yml`: quick replies that do not depend on a case."""

from __future__ import annotations

from typing import Any, Dict, Iterator, Mapping, Optional, Set, Tuple

from pydantic import Field, root_validator

from weiquan.facts.records import Record

WELCOME, NO_CASE, MENU, STEP, AGREED, PLAN, ESTIMATE, BACK = PLACES = (
    *("welcome", "no_case", "menu", "step"),
    *("agreed", "plan", "estimate", "back"),
)
"""Below which answers there are such buttons."""

NEXT_PAPER = "next"
"""Stands for the paper of the case's next rung."""

_TARGETS = {"situation": "situations", "topic": "topics", "paper": "papers"}
"""What a button may stand for, and the kind of record that it is."""


class QuickReply(Record):
    """A button at a place, for one situation, topic or paper; without a title it bears the name of that."""

    place: str
    title: Optional[str] = Field(None, max_length=10)
    situation: Optional[str] = None
    topic: Optional[str] = None
    paper: Optional[str] = None

    @root_validator(skip_on_failure=True)
    def _is_one_button(cls, values: Dict[str, Any]) -> Dict[str, Any]:
        if values["place"] not in PLACES:
            raise ValueError(f"place「{values['place']}」要写 {'、'.join(PLACES)} 之一")
        if sum(values[target] is not None for target in _TARGETS) != 1:
            raise ValueError("situation、topic、paper 要恰好写一个")
        if values["paper"] == NEXT_PAPER and not values["title"]:
            raise ValueError("paper: next 要写 title")
        return values


def button_problems(known: Mapping[str, Mapping[str, Any]]) -> Iterator[Tuple[str, str]]:
    """Yield (id of the button, reason): it stands for nothing that exists, or says what another one there says.

    The id is "" for a place without any button.
    """
    seen: Set[Tuple[str, str]] = set()
    for button in known["buttons"].values():
        target = next(name for name in _TARGETS if getattr(button, name) is not None)
        name, kind = getattr(button, target), _TARGETS[target]
        if name not in known[kind] and name != NEXT_PAPER:
            yield button.id, f"引用了不存在的 {kind}「{name}」"
        elif (button.place, title_of(button, known)) in seen:
            yield button.id, f"和 {button.place} 里另一个按钮的字一样"
        else:
            seen.add((button.place, title_of(button, known)))
        if button.place in {STEP, BACK} and button.topic is None:
            yield button.id, f"在 {button.place} 里，要写 topic"
    for place in PLACES:
        if all(button.place != place for button in known["buttons"].values()):
            yield "", f"「{place}」一个按钮也没有"


def title_of(button: QuickReply, known: Mapping[str, Mapping[str, Any]]) -> str:
    """Return what `button` says; `known` holds the records by kind and id."""
    if button.title:
        return button.title
    if button.topic:
        return str(known["topics"][button.topic].label)
    named = known["situations"][button.situation] if button.situation else known["papers"][button.paper or ""]
    return str(named.name)
