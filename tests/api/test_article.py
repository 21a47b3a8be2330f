"""Each part of the article that the project started from, in several wordings: the right answer in the first bubble."""

from __future__ import annotations

import pathlib
from typing import Any

import pytest
import yaml

PARTS = yaml.safe_load((pathlib.Path(__file__).parent / "article.yml").read_text(encoding="utf-8"))
WORDINGS = [
    pytest.param(
        part,
        wording,
        id=f"{part['part']}: {wording}",
        marks=[pytest.mark.xfail(reason="misread")] if wording in part.get("misread", ()) else [],
    )
    for part in PARTS
    for wording in part["wordings"]
]


def test_every_part_has_three_wordings():
    assert len(PARTS) >= 25
    for part in PARTS:
        assert len(set(part["wordings"])) >= 3, part["part"]
        assert set(part.get("misread", ())) <= set(part["wordings"]), part["part"]


@pytest.mark.parametrize(("part", "wording"), WORDINGS)
def test_a_part_of_the_article_is_answered_in_the_first_bubble(bot, part: dict[str, Any], wording: str):
    text = bot.say(wording, bot.new_sender())[0]["text"]
    for wanted in part["expect"]:
        assert any(one in text for one in str(wanted).split("|")), f"no 「{wanted}」 in\n{text}"
    for unwanted in part.get("never") or []:
        assert str(unwanted) not in text, f"「{unwanted}」 in\n{text}"
