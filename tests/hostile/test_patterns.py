"""No message, however it is made, keeps a regular expression busy."""

from __future__ import annotations

import collections
import json
import re
import subprocess
import sys

import pytest

from tests.hostile.measure import LIMIT, seconds
from tests.hostile.pumps import hostile_strings
from tests.hostile.readers import read_message
from weiquan.case.case import Case
from weiquan.language.normalisation import MAX_LENGTH


def test_every_pattern_of_the_project_stays_under_the_limit():
    run = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "tests.hostile.measure"], capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stdout + run.stderr[-2000:]


@pytest.mark.parametrize(
    "slow", ["(?:早就|早|就)*好", "(?:(?:[、,]|和)*|的)*好", r"(?:\d{1,3}[百千]?)*元", "(?:上面的?|的)*都有"]
)
def test_a_pattern_that_reads_a_text_in_many_ways_is_found(slow):
    pattern = re.compile(slow)
    assert any(seconds(pattern, string) > LIMIT for string in hostile_strings(pattern, MAX_LENGTH))


@pytest.mark.parametrize(
    "text",
    [
        "聊天记录截图有了，照片" + "和也都" * 10 + "吧",
        "上面的" * 22,
        "照片" + "早就" * 24,
        "1、 " * 40 + "好",
        "店已" + "已经" * 40,
        "不给我" + "给我" * 40,
        "花了1,111百" + "1" * 200,
        "我要退" * 300,
        "退款并" * 300,
    ],
)
@pytest.mark.parametrize("case", [Case(), Case(situation="quality_problem", asked="after_sales")])
def test_the_readers_come_to_an_end(facts, text, case):
    read_message(text, case, facts)


MOST_CHARACTERS = {
    "weiquan/entities": 15_600,
    "weiquan/dialogue": 50,
    "weiquan/reading": 50,
    "weiquan/facts": 600,
    "weiquan/replies": 50,
    "elsewhere": 350,
}
"""Characters of regular expressions in each room above `language`, as filled in. It is a ceiling that only comes down:
what people say is learned or written as phrases; a pattern is for numerals, dates, money and identifiers."""


def test_no_room_reads_more_by_regular_expressions_than_it_did():
    run = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "tests.hostile.recorder"], capture_output=True, text=True, check=True
    )
    characters: collections.Counter[str] = collections.Counter()
    for file, pattern in json.loads(run.stdout.splitlines()[-1]):
        room = "/".join(file.split("/")[:2])
        if room != "weiquan/language":
            characters[room if room in MOST_CHARACTERS else "elsewhere"] += len(pattern)
    assert not characters - collections.Counter(MOST_CHARACTERS), dict(characters)
