"""The page of all questions: complete, searchable without a script, safe."""

from __future__ import annotations

import html

import pytest

from weiquan.replies.topics import answer_words


def page(bot, wanted: str = "") -> str:
    reply = bot.client.get("/questions", params={"q": wanted} if wanted else {}, follow_redirects=True)
    assert reply.status_code == 200
    assert reply.headers["content-type"].startswith("text/html")
    assert "default-src 'none'" in reply.headers["content-security-policy"]
    return reply.text


def test_it_lists_every_question_with_its_answer(bot, facts):
    text = html.unescape(page(bot))
    for answer in facts.answers.values():
        assert f"<summary>{answer.title}</summary>" in text
        assert answer_words(answer, facts) in text


def test_a_search_leaves_what_holds_its_words(bot, facts):
    text = page(bot, "运费 质量")
    assert f"<summary>{facts.answers['freight_quality'].title}</summary>" in text
    assert text.count("<summary>") < len(facts.answers) / 3
    assert "没有找到「星星月亮」" in page(bot, "星星月亮")


@pytest.mark.parametrize("wanted", ["<script>alert(1)</script>", '" onfocus="x', "字" * 300, "\u0000", "(((("])
def test_no_search_breaks_the_page(bot, wanted):
    text = page(bot, wanted)
    assert "<script" not in text
    assert "能问什么" in text
    assert 'onfocus="x' not in text


def test_the_bot_tells_where_the_page_is(bot):
    assert "/questions" in bot.say("/bot_challenge", bot.new_sender())[0]["text"]
