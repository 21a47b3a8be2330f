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
from weiquan.rendering.fitting import MAX_BUBBLE
from weiquan.rendering.render import render
from weiquan.replies.bubbles import Bubble, Button, with_note

LONG = "我跟他讲了半天道理他就是不听，" * 100


def test_every_answer_has_room_for_the_note(facts):
    note = render("cut", facts, TODAY)
    for name, bubbles in answers(facts):
        noted = with_note(bubbles, note)
        assert sum(note in one.text for one in noted) == 1, name
        assert len(noted) <= 2, name
        assert len(noted) == len(bubbles) or name in facts.topics, name
        assert all(len(one.text) <= MAX_BUBBLE for one in noted), name
        assert [one.buttons for one in noted][-len(bubbles) :] == [one.buttons for one in bubbles], name


def test_room_is_made_by_leaving_out_evidence_then_time_limits():
    kept, limits = "甲" * 300, "【时限】" + "丙" * 20
    (noted,) = with_note((Bubble(f"{kept}\n【证据】{'乙' * 20}\n{limits}", (Button("好", "/affirm"),)),), "丁" * 20)
    assert noted == Bubble(f"{kept}\n{limits}\n{'丁' * 20}", (Button("好", "/affirm"),))
    (noted,) = with_note((Bubble(f"{kept}\n【证据】{'乙' * 20}\n{limits}"),), "丁" * 40)
    assert noted.text == f"{kept}\n{'丁' * 40}"
    assert with_note((Bubble("甲" * 340), Bubble("乙")), "丁" * 20)[1].text == "乙\n" + "丁" * 20
    assert with_note((Bubble("甲" * 340),), "丁" * 20)[0].text == "丁" * 20


@pytest.mark.parametrize(
    ("events", "is_noted"),
    [
        ([UserUttered(LONG)], True),
        ([UserUttered("谢谢")], False),
        ([UserUttered("/thank" + LONG)], False),
        ([UserUttered(LONG), BotUttered("您的话很长")], False),
        ([UserUttered(LONG), BotUttered("您的话很长"), UserUttered("谢谢")], False),
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
