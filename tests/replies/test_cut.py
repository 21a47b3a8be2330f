"""The word that a very long message was not read to the end, beside every answer."""

from __future__ import annotations

import asyncio

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from components.core.nlg import KnowledgeNaturalLanguageGenerator
from tests.conftest import ROOT
from tests.replies.test_answers import TODAY, answers
from weiquan.language.normalisation import CUT
from weiquan.rendering.fitting import MAX_BUBBLE
from weiquan.rendering.render import render
from weiquan.replies.bubbles import Bubble, Button, with_note

CUT_MESSAGE = UserUttered("我跟他讲了半天道理", parse_data={"text": "我跟他讲了半天道理", CUT: True})


def test_every_answer_has_room_for_the_note(facts):
    note = render("cut", facts, TODAY)
    for name, bubbles in answers(facts):
        noted = with_note(bubbles, note)
        assert sum(note in bubble.text for bubble in noted) == 1, name
        assert len(noted) <= 2, name
        assert len(noted) == len(bubbles) or name in facts.topics, name
        assert all(len(bubble.text) <= MAX_BUBBLE for bubble in noted), name
        assert [bubble.buttons for bubble in noted][-len(bubbles) :] == [bubble.buttons for bubble in bubbles], name


def test_room_is_made_by_saying_the_same_in_less():
    whole = Bubble("甲" * 340, (Button("好", "/affirm"),), within=lambda room: Bubble("乙" * min(room, 300)))
    (noted,) = with_note((whole,), "丁" * 20)
    assert noted.text == "乙" * 300 + "\n" + "丁" * 20
    assert noted.buttons == whole.buttons
    assert with_note((Bubble("甲" * 340), Bubble("乙")), "丁" * 20)[1].text == "乙\n" + "丁" * 20
    assert with_note((Bubble("甲" * 340),), "丁" * 20)[0].text == "丁" * 20


@pytest.mark.parametrize(
    ("events", "is_noted"),
    [
        ([CUT_MESSAGE], True),
        ([UserUttered("谢谢")], False),
        ([CUT_MESSAGE, BotUttered("您的话很长")], False),
        ([CUT_MESSAGE, BotUttered("您的话很长"), UserUttered("谢谢")], False),
        ([], False),
    ],
)
def test_a_response_of_the_domain_has_the_note_too(events, is_noted):
    domain = Domain.load(str(ROOT / "domain.yml"))
    generator = KnowledgeNaturalLanguageGenerator(domain=domain)
    tracker = DialogueStateTracker.from_events("somebody", events)
    for name in domain.responses:
        draft = asyncio.run(generator.generate(name, tracker, "rest"))
        assert draft is not None
        assert ("只读了开头和结尾" in draft["text"]) == is_noted, name
        assert len(draft["text"]) <= MAX_BUBBLE, name
