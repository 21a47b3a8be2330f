"""The facts of a paper, over generated cases: each sentence has its source in the case, and no two contradict."""

from __future__ import annotations

import dataclasses
import datetime
import itertools
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.papers.test_papers import PAPERS, TODAY, troubles
from weiquan.advice.advice import Advice
from weiquan.case.case import Case
from weiquan.case.events import EVENTS, STAGES
from weiquan.facts.knowledge import knowledge
from weiquan.papers.draft import Draft
from weiquan.papers.paper import as_text
from weiquan.papers.printable import in_full
from weiquan.papers.statements import DATE, SITUATION, Statement, problems_of, without_contradictions
from weiquan.papers.writing import write_paper

FACTS = knowledge()
KEPT = [question.id for question in FACTS.paper_questions.values() if question.fills is None]
NEITHER_AND = (
    # What a reader would call a contradiction, in the words of the papers themselves.
    ("签收包裹", "没有收到商品"),
    ("签收包裹", "仍未发货"),
    ("订单显示已发货。", "仍未发货"),
    ("将商品寄回", "没有收到商品"),
    ("确认收货。", "没有确认收货"),
    ("没有得到答复", "协商，没有解决"),
)
SHARES = re.compile(r"\d{4}年\d{1,2}月\d{1,2}日")
MONEY = re.compile(r"([\d.]+) 元")

days = st.dates(TODAY - datetime.timedelta(days=60), TODAY + datetime.timedelta(days=5))
words = st.sampled_from(["包裹是空的", "第一顿饭就报E4", "他说人为损坏，不给退", "用了两天\x07就坏了", "看病花了600"])


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Any case that could be in the slots, told well or badly."""
    situation, variant = draw(st.sampled_from([*troubles(), (None, None)]))
    rungs = sorted(FACTS.rungs)
    climbed = draw(st.frozensets(st.sampled_from(rungs), max_size=6))
    told = draw(
        st.dictionaries(st.sampled_from([*KEPT, "claim.fraud_triple", "claim.food_tenfold"]), words, max_size=4)
    )
    told = {name: "yes" if name.startswith("claim.") else told_words for name, told_words in told.items()}
    return Case(
        situation=situation,
        variant=variant,
        others=tuple(draw(st.lists(st.sampled_from(sorted(FACTS.situations)), max_size=3, unique=True))),
        climbed=climbed,
        failed=draw(st.frozensets(st.sampled_from(sorted(climbed)))) if climbed else frozenset(),
        goods=draw(st.sampled_from([None, "电饭煲", "面包"])),
        stage=draw(st.sampled_from([None, *STAGES])),
        dates=draw(st.dictionaries(st.sampled_from(EVENTS), days, max_size=6)),
        amount=draw(st.sampled_from([None, 60.0, 129.0])),
        remedy=draw(st.sampled_from([None, "refund", "triple", "tenfold", "exchange"])),
        circumstances=draw(st.dictionaries(st.sampled_from(sorted(FACTS.circumstances)), st.booleans(), max_size=4)),
        shop=draw(st.sampled_from([None, "青禾厨电"])),
        account=tuple(draw(st.lists(words, max_size=3, unique=True))),
        told=told,
    )


@settings(deadline=None, max_examples=300)
@given(case=cases(), paper_id=st.sampled_from(PAPERS))
def test_every_sentence_of_the_facts_has_its_source_in_the_case_and_no_two_contradict(case, paper_id):
    statements = Draft(FACTS.papers[paper_id], Advice(case, FACTS, TODAY)).narrative.statements
    assert list(problems_of(statements, case, FACTS)) == []
    # The same by the words alone, without trust in what the statements say of themselves.
    text = "\n".join(statement.text for statement in statements)
    for one, other in NEITHER_AND:
        assert not (one in text and other in text), text
    known = {in_full(day) for day in (*case.dates.values(), TODAY)}
    assert set(SHARES.findall(text)) <= known, text
    paid = {f"{case.amount:g}"} if case.amount is not None else set()
    assert set(MONEY.findall(text)) <= paid, text
    assert "确认收货。" not in text


@settings(deadline=None, max_examples=200)
@given(case=cases(), tone=st.sampled_from(sorted(FACTS.tones)))
def test_the_seller_is_told_nothing_that_only_the_shopper_should_know(case, tone):
    paper = write_paper("seller_message", Advice(case, FACTS, TODAY), tone)
    told = as_text(paper, with_notes=False)
    facts = told.split("\n")[0]
    for word in ("12315", "报警", "平台介入", "向平台客服", "消费者协会", "人民法院", "没有得到支持", "止付", "举报"):
        assert word not in facts, told
    assert "还没有的" not in told


@settings(deadline=None, max_examples=200)
@given(case=cases(), paper_id=st.sampled_from(PAPERS))
def test_threefold_is_claimed_only_where_deceit_was_told(case, paper_id):
    text = as_text(write_paper(paper_id, Advice(case, FACTS, TODAY)), with_notes=False)
    if not case.circumstances.get("seller_deceived"):
        assert "三倍增加赔偿" not in text
    assert sum(multiple in text for multiple in ("三倍增加赔偿", "价款十倍", "损失三倍", "假一赔十」的承诺")) <= 1, text


def test_the_checker_finds_what_it_is_for():
    case = Case("logistics_problem", dates={"received": TODAY})
    received = Statement("签收包裹。", DATE, "received", frozenset({"received"}), day=TODAY)
    missing = Statement("没有收到商品。", SITUATION, "logistics_problem", denies=frozenset({"received"}))
    assert [problem.split(":")[0] for problem in problems_of([received, missing], case, FACTS)] == ["contradiction"]
    assert without_contradictions([received, missing]) == [missing]
    unsaid = dataclasses.replace(received, about="shipped", day=TODAY - datetime.timedelta(days=1))
    assert len(list(problems_of([unsaid], case, FACTS))) == 2
    assert [problem.split(":")[0] for problem in problems_of([missing, missing], case, FACTS)] == ["twice"]


@pytest.mark.parametrize("paper_id", [paper for paper in PAPERS if paper not in {"evidence_list"}])
@pytest.mark.parametrize(
    ("situation", "variant"), [("logistics_problem", None), ("logistics_problem", "false_delivery")]
)
def test_who_received_nothing_did_not_sign(paper_id, situation, variant):
    case = Case(situation, variant, stage="received", dates={"received": TODAY}, account=("快递显示签收，我没收到",))
    text = as_text(write_paper(paper_id, Advice(case, FACTS, TODAY)))
    assert "没有收到商品" in text
    assert "签收包裹" not in text
    assert in_full(TODAY) + "，" not in text


def test_a_refusal_by_the_platform_is_not_the_seller_s():
    platform = Case("refund_refused", failed=frozenset({"platform"}), climbed=frozenset({"platform"}))
    text = as_text(write_paper("complaint_12315", Advice(platform, FACTS, TODAY)))
    assert "申请平台介入，没有得到支持" in text
    assert "被投诉人没有同意" not in text
    assert "被投诉人拒绝" not in text
    seller = dataclasses.replace(platform, dates={"refused": TODAY})
    assert "被投诉人没有同意" in as_text(write_paper("complaint_12315", Advice(seller, FACTS, TODAY)))


def test_days_that_cannot_both_be_right_are_blanks_and_named_on_the_cover():
    ordered, received = TODAY - datetime.timedelta(days=4), TODAY - datetime.timedelta(days=9)
    case = Case("counterfeit", goods="鞋", dates={"ordered": ordered, "received": received})
    paper = write_paper("complaint_12315", Advice(case, FACTS, TODAY))
    body, whole = as_text(paper, with_notes=False), as_text(paper)
    for day in (ordered, received):
        assert in_full(day) not in body
        assert f"日期对不上：{in_full(day)}" in whole


def test_the_events_on_which_statements_rest_are_all_told_somewhere():
    said = {event for trouble in FACTS.trouble_sentences.values() for event in (*trouble.supposes, *trouble.denies)}
    assert said <= set(EVENTS)
    for one, other in itertools.combinations(FACTS.trouble_sentences.values(), 2):
        assert one.text != other.text
