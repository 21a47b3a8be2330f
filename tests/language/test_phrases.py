"""Phrases: words in order, with gaps, as the facts are written; and nothing that a message can make slow."""

from __future__ import annotations

import re
import time

import pytest

from weiquan.facts.knowledge import DEFAULT_DIRECTORY
from weiquan.language.phrases import FAR, NEAR, compiled, parse
from weiquan.places import DATA

LEXICON = {"seller": ("商家", "卖家")}
PATTERN = re.compile(r"\(\?|\[[^\]]*\]\{|\\[sdwbAZ]|\.\{|\.\*")


@pytest.mark.parametrize(
    ("phrase", "text", "is_said"),
    [
        ("{seller} 承认", "卖家自己承认了", True),
        ("{seller} 承认", "承认了，卖家", False),
        ("{seller} 承认", "卖家说了半天也不肯承认", len("说了半天也不肯") <= NEAR),
        ("{seller} 承认", "卖家不说，承认", False),
        ("{seller} … 承认", "卖家一直拖着不说，最后承认", len("一直拖着不说，最后") <= FAR),
        ("快递+客服", "快递客服", True),
        ("快递+客服", "快递的客服", False),
        ("瑕疵/毛病 (拍)", "毛病处我都拍了", True),
        ("瑕疵/毛病 (拍)", "毛病很多", False),
        ("app", "打开APP看看", True),
        ("没+有/-+发", "没发", True),
        ("没+有/-+发", "没有发", True),
        ("没+有/-+发", "没给发", False),
        ("没发+。", "还没发", True),
        ("没发+(。)", "还没发,怎么办", True),
        ("没发+。", "还没发 怎么办", True),
        ("没发+。", "没发现", False),
        ("办法+了/。", "没办法", True),
    ],
)
def test_words_count_in_their_order_within_their_distance(phrase, text, is_said):
    assert compiled((phrase,), LEXICON).found_in(text) == is_said


def test_a_span_ends_before_what_must_only_follow():
    assert parse("毛病 (拍)", LEXICON).spans("毛病都拍了") == {(0, 2)}
    assert parse("聊天 记录", LEXICON).spans("聊天没有记录", barred="没") == set()


@pytest.mark.parametrize("phrase", ["", "{buyer} 说", "商家//卖家", "商家 {buyer}", "+"])
def test_a_phrase_that_says_nothing_is_refused(phrase):
    with pytest.raises(ValueError, match="词"):
        parse(phrase, LEXICON)


@pytest.mark.parametrize("phrase", ["-/商家 说", "。 商家"])
def test_a_phrase_begins_with_words(phrase):
    with pytest.raises(ValueError, match=f"说法「{phrase}」：第一组"):
        compiled((phrase,), LEXICON)


@pytest.mark.parametrize(
    ("text", "counts"),
    [("已经报警", True), ("还没报警", False), ("没有去报警", False), ("没用，报警", True), ("报警了吗", False)],
)
def test_what_is_denied_or_asked_does_not_count(text, counts):
    assert compiled(("报警",), LEXICON).found_in(text, unless_after=("没",), unless_asked=True) == counts


def test_knowledge_and_the_words_of_readers_hold_no_regular_expression():
    found = [
        f"{file.name}:{number}"
        for file in (*DEFAULT_DIRECTORY.glob("*.yml"), DATA / "entities" / "events.yml", DATA / "feelings.yml")
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1)
        if PATTERN.search(line)
    ]
    assert found == []


def test_the_facts_own_phrases_take_time_linear_in_the_text(facts):
    """Each text is long and made of a phrase's own words, which is what takes longest."""
    all_phrases = [
        *(scam.phrases for scam in facts.scams.values()),
        *(piece.phrases for piece in facts.pieces.values()),
        *(rung.done_phrases + rung.failed_phrases for rung in facts.rungs.values()),
    ]
    for phrases in filter(None, all_phrases):
        words = [group.words[0] for phrase in facts.phrases(phrases).phrases for group in phrase.groups]
        spent = []
        for length in (2_000, 8_000):
            text = ("".join(words) * length)[:length]
            began = time.process_time()
            facts.phrases(phrases).found_in(text, unless_asked=True)
            facts.phrases(phrases).spans(text)
            spent.append(time.process_time() - began)
        assert spent[1] < max(0.5, 12 * spent[0]), (phrases, spent)
