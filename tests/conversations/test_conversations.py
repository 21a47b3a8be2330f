"""Whole conversations over REST, as a shopper has them.

Each YAML file here is a list of conversations; one reads:

    - name: quality problem, the seller is silent
      covers: [quality_problem]        # situation ids or README rows it stands for
      turns:
      - say: 买的鞋子穿两天就开胶了    # typed words, or
      - press: 还没申请                # the title of a button of the turn before
        situation: quality_problem     # the slot after the turn (optional)
        expect: [申请售后, 平台介入]   # every string occurs in the turn's text
        never: [抱歉]                  # none of these does
        buttons: [要说的话]            # every one of these is offered

Whatever is said, every turn obeys the house rules checked in `assert_well_formed`.
"""

from __future__ import annotations

import pathlib
from typing import Any

import pytest
import yaml

from weiquan.bubbles import MAX_BUBBLE

HERE = pathlib.Path(__file__).resolve().parent
MAX_PAPER = 4000
"""Characters of a paper to copy, which is no bubble to read."""
TURN_KEYS = {"say", "press", "situation", "expect", "never", "buttons"}


def load_conversations() -> list[Any]:
    """Return every conversation of the folder as a pytest parameter."""
    found = []
    for file in sorted(HERE.glob("*.yml")):
        for one in yaml.safe_load(file.read_text(encoding="utf-8")):
            found.append(pytest.param(one, id=f"{file.stem}: {one['name']}"))
    return found


CONVERSATIONS = load_conversations()


def assert_well_formed(bubbles: list[dict[str, Any]]) -> None:
    """At most two bubbles, each short, without blank lines, never empty."""
    assert 1 <= len(bubbles) <= 2, bubbles
    for bubble in bubbles:
        text = bubble["text"]
        assert text.strip()
        is_paper = bubble.get("custom", {}).get("card", {}).get("kind") == "paper"
        assert is_paper or "\n\n" not in text
        assert len(text) <= (MAX_PAPER if is_paper else MAX_BUBBLE), (len(text), text)
        for button in bubble.get("buttons") or []:
            assert button["payload"].startswith("/")
            assert button["title"]


@pytest.mark.parametrize("conversation", CONVERSATIONS)
def test_conversation(bot, conversation):
    sender = bot.new_sender()
    offered: dict[str, str] = {}
    for turn in conversation["turns"]:
        assert not set(turn) - TURN_KEYS, turn
        message = turn["say"] if "say" in turn else offered[turn["press"]]
        bubbles = bot.say(message, sender)
        assert_well_formed(bubbles)
        text = "\n".join(one["text"] for one in bubbles)
        offered = {one["title"]: one["payload"] for bubble in bubbles for one in bubble.get("buttons") or []}
        for wanted in turn.get("expect", []):
            assert wanted in text, f"「{message}」: no 「{wanted}」 in\n{text}"
        for unwanted in turn.get("never", []):
            assert unwanted not in text, f"「{message}」: 「{unwanted}」 in\n{text}"
        for title in turn.get("buttons", []):
            assert title in offered, f"「{message}」: no button 「{title}」 among {list(offered)}"
        if "situation" in turn:
            assert bot.slots(sender)["situation"] == turn["situation"], f"「{message}」\n{text}"


def test_every_situation_and_row_of_the_readme_has_a_conversation(facts):
    covered = {one for parameter in CONVERSATIONS for one in parameter.values[0].get("covers", [])}
    assert set(facts.situations) <= covered
    rows = {
        "talk_to_seller", "refund_or_return", "platform_intervention", "online_complaint", "telephone", "email",
        "process", "12315", "review", "legal_route", "prevention", "merchant_line",
        "digression", "fallback", "greeting", "two_complaints",
    }  # fmt: skip
    assert rows <= covered, rows - covered
    assert len(CONVERSATIONS) >= 80
