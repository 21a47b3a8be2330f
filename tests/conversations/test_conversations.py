"""Whole conversations over REST, as a shopper has them.

Each YAML file here is a list of conversations; one reads:

    - name: quality problem, the seller is silent
      covers: [quality_problem]        # situation ids, or parts in docs/coverage.md, it stands for
      misread: what is read wrongly    # the reading is not there yet (optional): may fail, and says what is right
      turns:
      - say: 买的鞋子穿两天就开胶了    # typed words, or
      - press: 还没申请                # the title of a button of the turn before
        situation: quality_problem     # the slot after the turn (optional)
        slots: {amount_paid: 128}      # more slots after the turn; of a mapping the entries named
        expect: [申请售后, 平台介入]   # every string occurs in the turn's text
        never: [抱歉]                  # none of these does
        buttons: [要说的话]            # every one of these is offered
        asks: received_on              # the question of the interview that is put, null for none
        plan: true                     # whether the turn gives the plan

Days are told from today, in Beijing: `{day-5}` is five days ago as people write it
(11月20日), `{date-5}` the same for a slot (2026-11-20), `{day 上周三}` the Wednesday
of last week. `{goods}` and other braces stay as they are.

Whatever is said, every turn obeys the house rules checked in `assert_well_formed`.
"""

from __future__ import annotations

import dataclasses
import datetime
import pathlib
import re
from collections.abc import Mapping
from typing import Any

import pytest
import yaml

from weiquan import clock
from weiquan.rendering.fitting import MAX_BUBBLE

HERE = pathlib.Path(__file__).resolve().parent
COVERAGE = HERE.parent.parent / "docs" / "coverage.md"
BESIDE_THE_ARTICLE = {"greeting", "digression", "two_complaints", "fallback"}
MAX_PAPER = 4000
"""Characters of a paper to copy, which is no bubble to read."""
TURN_KEYS = {"say", "press", "situation", "slots", "expect", "never", "buttons", "asks", "plan"}
MOST_QUESTIONS = 5
"""On the way to the plan, the one about the steps taken included (`advice.next_question`)."""
FIRST_STEP = "现在这样做"
"""Stands above the moves of the first answer to a trouble."""
_DAY = re.compile(r"\{(?P<form>day|date)(?:(?P<offset>[+-]\d+)| 上周(?P<weekday>[一二三四五六日]))\}")


def load_conversations() -> list[Any]:
    """Return every conversation of the folder as a pytest parameter."""
    found = []
    for file in sorted(HERE.glob("*.yml")):
        for conversation in yaml.safe_load(file.read_text(encoding="utf-8")):
            misread = conversation.pop("misread", None)
            marks = [pytest.mark.xfail(reason=f"misread: {misread}")] if misread else []
            found.append(pytest.param(conversation, id=f"{file.stem}: {conversation['name']}", marks=marks))
    return found


CONVERSATIONS = load_conversations()


def dated(value: Any, today: datetime.date) -> Any:
    """Return `value` (text, or lists and mappings of it) with its days written out."""
    if isinstance(value, list):
        return [dated(part, today) for part in value]
    if isinstance(value, Mapping):
        return {name: dated(part, today) for name, part in value.items()}
    return _DAY.sub(lambda match: _written(match, today), value) if isinstance(value, str) else value


def _written(match: re.Match[str], today: datetime.date) -> str:
    if match["weekday"]:
        offset = "一二三四五六日".index(match["weekday"]) - today.weekday() - 7
    else:
        offset = int(match["offset"])
    day = today + datetime.timedelta(days=offset)
    if match["form"] == "date":
        return day.isoformat()
    return f"{day.month}月{day.day}日" if day.year == today.year else f"{day.year}年{day.month}月{day.day}日"


def assert_well_formed(bubbles: list[dict[str, Any]]) -> None:
    """At most two bubbles, each short, without blank lines, never empty."""
    assert 1 <= len(bubbles) <= 2, bubbles
    for bubble in bubbles:
        text = bubble["text"]
        assert text.strip()
        is_paper = card_of(bubble).get("kind") == "paper"
        assert is_paper or "\n\n" not in text
        assert len(text) <= (MAX_PAPER if is_paper else MAX_BUBBLE), (len(text), text)
        for button in bubble.get("buttons") or []:
            assert button["payload"].startswith("/")
            assert button["title"]


def holds(actual: Any, wanted: Any) -> bool:
    """Tell whether a slot has the value `wanted`, of a mapping the entries named; null is what is not there."""
    if isinstance(wanted, Mapping):
        return all((actual or {}).get(name) == value for name, value in wanted.items())
    return bool(actual == wanted)


def card_of(bubble: Mapping[str, Any]) -> dict[str, Any]:
    """Return the card of a bubble, empty where it has none."""
    return dict((bubble.get("custom") or {}).get("card") or {})


@dataclasses.dataclass
class Interviewing:
    """What the bot asked on the way to the first plan of a conversation.

    `asked` are the questions of the interview put so far, each once however often it
    was put again; the one about the steps taken, beside the first step, counts as one.
    """

    asked: set[str] = dataclasses.field(default_factory=set)
    has_step: bool = False
    has_plan: bool = False

    def take(self, bubbles: list[dict[str, Any]]) -> None:
        """Count one turn; a question of the interview before the first step fails."""
        cards = [card_of(bubble) for bubble in bubbles]
        steps = [card for card in cards if card.get("kind") == "step"]
        if self.has_plan:
            return
        # Beside the answer to a question the step has no card of its own.
        if not self.has_step and (steps or any(FIRST_STEP in bubble["text"] for bubble in bubbles)):
            self.has_step = True
            if not any(card.get("kind") == "question" for card in cards) and re.search("[？?]", bubbles[-1]["text"]):
                self.asked.add("steps")
        for card in cards:
            if card.get("kind") == "question":
                assert self.has_step, f"「{card['text']}」 stands before the first step"
                if not any(step.get("plan") for step in steps):
                    self.asked.add(card["id"])
        self.has_plan = any(step.get("plan") for step in steps)


@pytest.mark.parametrize("conversation", CONVERSATIONS)
def test_conversation(bot, conversation):
    sender = bot.new_sender()
    today = clock.today()
    offered: dict[str, str] = {}
    interviewing = Interviewing()
    for turn in dated(conversation["turns"], today):
        assert not set(turn) - TURN_KEYS, turn
        message = turn["say"] if "say" in turn else offered[turn["press"]]
        bubbles = bot.say(message, sender)
        assert_well_formed(bubbles)
        interviewing.take(bubbles)
        assert len(interviewing.asked) <= MOST_QUESTIONS, interviewing.asked
        text = "\n".join(bubble["text"] for bubble in bubbles)
        offered = {button["title"]: button["payload"] for bubble in bubbles for button in bubble.get("buttons") or []}
        for wanted in turn.get("expect", []):
            assert wanted in text, f"「{message}」: no 「{wanted}」 in\n{text}"
        for unwanted in turn.get("never", []):
            assert unwanted not in text, f"「{message}」: 「{unwanted}」 in\n{text}"
        for title in turn.get("buttons", []):
            assert title in offered, f"「{message}」: no button 「{title}」 among {list(offered)}"
        cards = [card_of(bubble) for bubble in bubbles]
        if "asks" in turn:
            put = next((card["id"] for card in cards if card.get("kind") == "question"), None)
            assert put == turn["asks"], f"「{message}」: asks {put}\n{text}"
        if "plan" in turn:
            assert any(card.get("plan") for card in cards) == turn["plan"], f"「{message}」\n{text}"
        wanted_slots = {name: turn[name] for name in ("situation",) if name in turn} | turn.get("slots", {})
        slots = bot.slots(sender) if wanted_slots else {}
        for name, value in wanted_slots.items():
            assert holds(slots[name], value), f"「{message}」: {name} is {slots[name]}, not {value}\n{text}"


def test_every_situation_and_part_of_the_article_has_a_conversation(facts):
    covered = {topic for parameter in CONVERSATIONS for topic in parameter.values[0].get("covers", [])}
    assert set(facts.situations) <= covered
    parts = COVERAGE.read_text(encoding="utf-8").split("## Every part of the article\n", 1)[1]
    ids = {*re.findall(r"^\| `(\w+)` \|", parts, re.MULTILINE), *BESIDE_THE_ARTICLE}
    assert len(ids) > len(BESIDE_THE_ARTICLE)
    assert ids <= covered, ids - covered
    names = [parameter.values[0]["name"] for parameter in CONVERSATIONS]
    assert len(names) == len(set(names)), [name for name in names if names.count(name) > 1]
