"""The words of the dialogue in `data/`: a slip is found by `make check`, not by a shopper."""

from __future__ import annotations

import re

import pytest

from scripts import check
from weiquan.data_files import DataError
from weiquan.dialogue import evidence_words
from weiquan.facts import case_words
from weiquan.facts import interview_questions as questionnaire
from weiquan.language.entities import wishes
from weiquan.reading import event_words, feelings

READERS = {
    "evidence_words.yml": (evidence_words, "FILE", (evidence_words.evidence_words,)),
    "case_words.yml": (case_words, "FILE", (case_words.case_words, questionnaire.interview)),
    "interview.yml": (questionnaire, "FILE", (questionnaire.interview,)),
    "events.yml": (event_words, "FILE", (event_words.event_words,)),
    "remedies.yml": (wishes, "FILE", (wishes._rules,)),
    "feelings.yml": (feelings, "FILE", (feelings._feelings,)),
}


@pytest.fixture
def broken(tmp_path, monkeypatch):
    """Return a function that puts a changed copy of a file in the place of the project's own."""
    caches = [cache for _, _, some in READERS.values() for cache in some]

    def break_it(name: str, old: str, new: str) -> None:
        module, constant, _ = READERS[name]
        text = getattr(module, constant).read_text(encoding="utf-8")
        assert old in text
        (tmp_path / name).write_text(text.replace(old, new, 1), encoding="utf-8")
        monkeypatch.setattr(module, constant, tmp_path / name)
        for cache in caches:
            cache.cache_clear()

    yield break_it
    for cache in caches:
        cache.cache_clear()


def test_the_project_s_own_words_are_sound(facts):
    assert check.check_words(facts) == []


@pytest.mark.parametrize(
    ("name", "old", "new", "reason"),
    [
        ("interview.yml", "kind: stage", "kind: stadium", "order_stage"),
        ("interview.yml", "event: refused", "event: refuzed", "refused_on"),
        ("interview.yml", "  why: 算被拒后", "  wy: 算被拒后", "不认识「wy」、缺少「why」"),
        ("interview.yml", "days_ago: 15", "days_before: 15", "days_ago"),
        ("interview.yml", "value: exchange", "value: exchainge", "remedy_wanted"),
        ("case_words.yml", "  refused: 商家拒绝", "  refuzed: 商家拒绝", "refuzed"),
        ("case_words.yml", "  unshipped: 还没发货", "  unsent: 还没发货", "阶段的说法多了或少了：unsent、unshipped"),
        ("case_words.yml", "  resend: 补发", "  resent: 补发", "「resent」的诉求"),
        ("case_words.yml", "remedies:", "wishes:", "缺少「remedies」"),
        ("interview.yml", "situations: [refund_refused,", "situations: [refund_declined,", "refund_declined"),
        ("interview.yml", "\nquestions:", "\nquestions: [", "YAML"),
        ("interview.yml", "not_in: [quality_problem,", "not_in: [quality_issue,", "情况「quality_issue」"),
        ("interview.yml", "  not_in: [minor_purchase]", "  not_in: [minors_purchase]", "情况「minors_purchase」"),
        ("events.yml", "  refused:", "  refuzed:", "refuzed"),
        ("evidence_words.yml", "  contrast: [", "  contrary: [", "词的种类多了或少了：contrary、contrast"),
        ("evidence_words.yml", "{handle}+{done}", "{handle}+{doen}", "词表里没有「doen」"),
        ("evidence_words.yml", "\njoins:", "\njoint:", "缺少「joins」"),
        ("events.yml", "  - 购买/", "  - 购买//", "说法「购买//"),
        ("events.yml", "  - '{recipient} ", "  - '{reciever} ", "「reciever」"),
        ("events.yml", "\nnot_used:", "\nunused:", "unused"),
        ("feelings.yml", "- 让我/让人", "- -/让我/让人", "第一组"),
        ("feelings.yml", "  - 碰上这种事，生气是应该的。", "  - 别生气！", "叹号"),
        ("feelings.yml", "\ndespair:", "\nsorrow:", "despair"),
    ],
)
def test_a_slip_is_told_in_one_chinese_sentence_with_the_file(broken, facts, name, old, new, reason):
    broken(name, old, new)
    (problem,) = check.check_words(facts)
    assert problem.startswith(f"{name}: ")
    assert reason in problem
    assert re.search("[一-鿿]", problem)
    assert "\n" not in problem


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [("\nbare:", "\nbear:", "缺少「bare」"), ("换+{one}", "换+{won}", "词表里没有「won」")],
)
def test_a_slip_in_the_remedies_is_told_with_their_file(broken, facts, old, new, reason):
    broken("remedies.yml", old, new)
    with pytest.raises(DataError, match=f"remedies.yml: .*{reason}"):
        wishes.warm_up()
    assert any(reason in problem for problem in check.check_words(facts))


def test_a_missing_file_is_named(monkeypatch, tmp_path, facts):
    monkeypatch.setattr(feelings, "FILE", tmp_path / "feelings.yml")
    feelings._feelings.cache_clear()
    assert check.check_words(facts) == ["feelings.yml: 文件不存在"]


def test_make_check_fails(broken, monkeypatch, capsys):
    monkeypatch.setattr(check, "read_blocks", lambda directory: [])
    monkeypatch.setattr(check, "check_consistency", lambda blocks, data, facts: [])
    monkeypatch.setattr(check, "compare_examples", lambda examples: ([], [], 0))
    assert check.main() == 0
    broken("interview.yml", "kind: amount", "kind: price")
    assert check.main() == 1
    assert "interview.yml: 问题「amount_paid」" in capsys.readouterr().err
