"""No message, however it is made, keeps a regular expression busy."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time

import pytest

from channels.messages import MAX_MESSAGE
from tests.hostile.measure import LIMIT, seconds
from tests.hostile.pumps import hostile_strings
from tests.hostile.readers import read_message
from weiquan.case.case import Case
from weiquan.language.masking import mask
from weiquan.language.normalisation import MAX_LENGTH, normalise_whole

CLEANING_SECONDS = 0.5


@pytest.fixture(scope="module")
def measured() -> subprocess.CompletedProcess[str]:
    """What `tests.hostile.measure` printed, in a process where nothing was compiled before."""
    command = [sys.executable, "-W", "ignore", "-m", "tests.hostile.measure"]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.xdist_group("patterns")
def test_every_pattern_of_the_project_stays_under_the_limit(measured):
    assert measured.returncode == 0, measured.stdout[:2000] + measured.stderr[-2000:]


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


@pytest.mark.parametrize(
    "sign", ["\ufdfa", "😡", "字", "１", "發", "\u200b", "㍿", " 110", "验证码1 ", "店铺没", "\ufdfa字"]
)
def test_a_message_is_cleaned_in_time_also_where_cleaning_makes_it_longer(sign):
    """The longest message that a channel takes; the budget is generous, for 180,000 characters took seconds."""
    text = (sign * MAX_MESSAGE)[:MAX_MESSAGE]
    began = time.process_time()
    cleaned, _ = normalise_whole(text)
    mask(text)
    assert time.process_time() - began < CLEANING_SECONDS
    assert len(cleaned) <= MAX_LENGTH


def test_of_what_swells_the_start_and_the_end_are_read():
    cleaned, was_cut = normalise_whole("水壶漏水" + "\ufdfa，" * 5000 + "怎么办")
    assert was_cut
    assert cleaned.startswith("水壶漏水")
    assert cleaned.endswith("怎么办")


MOST_CHARACTERS = 1_200
LONGEST, MOST_LOOKAROUNDS = 120, 2
_LOOKAROUND = re.compile(r"\(\?<?[=!]")


@pytest.mark.xdist_group("patterns")
def test_expressions_are_for_closed_forms(measured):
    """Only `language` reads by regular expressions: numerals, dates, money, identifiers; elsewhere they check ids.

    What people say is learned, or written as phrases. Characters are counted as filled in.
    """
    compiled = json.loads(measured.stdout.splitlines()[-1])
    assert len(compiled) > 100
    elsewhere = [(file, pattern) for file, pattern in compiled if not file.startswith("weiquan/language/")]
    assert sum(len(pattern) for _, pattern in elsewhere) <= MOST_CHARACTERS, elsewhere
    involved = [
        (file, pattern)
        for file, pattern in elsewhere
        if len(pattern) > LONGEST or len(_LOOKAROUND.findall(pattern)) > MOST_LOOKAROUNDS
    ]
    assert involved == []
