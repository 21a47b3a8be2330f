"""The facts: the schema, its refusals, and what the loader says to an editor."""

from __future__ import annotations

import datetime
import pathlib

import pytest
import yaml

from components.nlu.complaint_reader import ComplaintReader
from scripts import check
from weiquan import data_files
from weiquan.facts import record_reader
from weiquan.facts.dangers import numbers_named, with_numbers
from weiquan.facts.knowledge import DEFAULT_DIRECTORY, load
from weiquan.facts.record_reader import KnowledgeError, RecordReader
from weiquan.facts.records import Contact
from weiquan.places import DATA

MORE_EXAMPLES = ComplaintReader.get_default_config()["more_examples"]


@pytest.fixture
def copy(knowledge_copy: pathlib.Path) -> pathlib.Path:
    """A copy of knowledge/ to break."""
    return knowledge_copy


def edit(file: pathlib.Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_the_project_s_own_facts_are_sound(facts):
    assert sorted(situation.number for situation in facts.situations.values()) == list(
        range(1, len(facts.situations) + 1)
    )


@pytest.mark.parametrize(
    ("file", "old", "new", "reason"),
    [
        ("contacts.yml", "id: line_12315", "id: pdd_hotline", "重复"),
        ("ladder.yml", "channel: pdd_after_sales", "channel: pdd_nowhere", "pdd_nowhere"),
        ("ladder.yml", "source: [open_platform, web_after_sales]", "source: [hearsay]", "hearsay"),
        ("ladder.yml", "source: [open_platform, web_after_sales]", "source: []", "source"),
        ("ladder.yml", "event: applied", "event: asked_for", "没有叫「asked_for」的事件"),
        ("ladder.yml", "event: applied", "event: negotiated", "after_sales 的 event「negotiated」已经是 negotiate 的"),
        ("ladder.yml", "tells: no_reply_yet", "tells: no_answer_yet", "「no_answer_yet」说不出这一步的结果"),
        ("ladder.yml", "variant: already_paid", "variant: paid_already", "「impersonation_fraud.paid_already」"),
        ("ladder.yml", "tells: report_fraud", "tells: report_scam", "impersonation_fraud 的意图是 report_fraud"),
        ("ladder.yml", "tells: platform_agreed", "tells: seller_agreed", "没有一步的 outcomes 写了 platform_agreed"),
        ("ladder.yml", "{lacking} 申请/找/点/让 介入", "{lack} 申请/找/点/让 介入", "词表里没有「lack」"),
        ("situations.yml", "fails: [negotiate]", "fails: [negotiation]", "rungs「negotiation」"),
        ("situations.yml", "fails_if_taken: [after_sales]", "fails_if_taken: [aftersales]", "rungs「aftersales」"),
        ("situations.yml", "  about_process: true\n  fails_all: true", "  fails_all: true", "要写 about_process: true"),
        ("situations.yml", "number: 32", "number: 99", "编号不连续，缺 32"),
        ("situations.yml", "number: 2\n", "number: 1\n", "编号 1 重复：quality_problem、counterfeit"),
        ("contacts.yml", "  name: 拼多多客服和举报电话\n", "", "pdd_hotline 的 name：没有写"),
        ("contacts.yml", "  kind: phone", "  kind: fax", "kind：只能是 phone、website、mini_program、caller_id"),
        ("contacts.yml", "  confidence: A", "  confidence: Z", "confidence：只能是 A、B、C"),
        ("contacts.yml", "  confidence: A", "  confidense: A", "confidense：没有这一项"),
        ("contacts.yml", "  checked: 2026-11-01", "  checked: yesterday", "checked：要写日期"),
        ("contacts.yml", "opens: '8:00'", "opens: 8:00", "hours.opens：时间要加引号"),
        ("contacts.yml", "also_written: [021-5339-5288, '02153395288']", "also_written: 021-5339-5288", "要写成列表"),
        ("situations.yml", "  opening: ", f"  opening: {'长' * 60}", "opening：最多 60 个字"),
        ("situations.yml", "severity: 4", "severity: high", "severity：要写整数"),
        ("situations.yml", "default: true", "default: false", "default"),
        ("scams.yml", "  phrases:\n  - ", "  phrases:\n  - 骗//子\n  - ", "空的词"),
        ("answers/ask_invoice.yml", "topic: ask_invoice", "topic: ask_nothing", "topics「ask_nothing」"),
        ("answers/ask_invoice.yml", "  facts: [", "  facts: [hearsay, ", "facts「hearsay」"),
        (
            "answers/ask_invoice.yml",
            "  related: [invoice_extra_money, ",
            "  related: [nobody_asks, ",
            "answers「nobody_asks」",
        ),
        (
            "answers/ask_invoice.yml",
            "  answer: ",
            "  answer: 打 400-123-4567 问。",
            "「400-123-4567」在它引用的 facts 里找不到",
        ),
        ("answers/ask_human_agent.yml", "{pdd_hotline.hours}", "8:30 到 21:30", "「8:30」在它引用的 facts 里找不到"),
        ("answers/ask_human_agent.yml", "{pdd_hotline.hours}", "{pdd_line.hours}", "contacts「pdd_line」"),
        ("answers/ask_human_agent.yml", "{pdd_hotline.hours}", "{line_12315.hours}", "「line_12315」没有 hours"),
        ("answers/ask_invoice.yml", "  answer: ", "  answer: 看第 999 条。", "「第 999 条」在它引用的 facts 里找不到"),
        ("answers/ask_invoice.yml", "  answer: ", f"  answer: {'长' * 120}", "answer"),
        ("answers/ask_invoice.yml", "- id: invoice_electronic", "- id: what_is_12315", "what_is_12315」重复"),
        ("topics.yml", "  example: ", "  cues: ['邮箱']\n  example: ", "cues"),
        ("situations.yml", "  opening: ", "  cues: ['坏']\n  opening: ", "cues"),
        (
            "dangers.yml",
            "contacts: [line_12356, line_120, line_110]",
            "contacts: [line_12356, line_120, line_999]",
            "不能推荐「line_999」",
        ),
        (
            "dangers.yml",
            "contacts: [line_12356, line_120, line_110]",
            "contacts: [line_12356, line_120]",
            "正好是文字里",
        ),
        ("dangers.yml", "contacts: [line_119, line_120]", "contacts: [line_119, line_120, line_110]", "正好是文字里"),
        ("buttons.yml", "situation: quality_problem}", "situation: bad_quality}", "situations「bad_quality」"),
        ("buttons.yml", "place: menu,", "place: attic,", "place「attic」"),
        ("buttons.yml", "place: menu,", "place: welcome,", "welcome 里另一个按钮的字一样"),
        ("buttons.yml", "place: estimate,", "place: plan,", "「estimate」一个按钮也没有"),
        ("buttons.yml", "paper: next, title: 投诉材料", "paper: next", "paper: next 要写 title"),
        ("buttons.yml", "topic: ask_evidence,", "topic: ask_evidence, paper: seller_message,", "恰好写一个"),
        ("topics.yml", "contacts: [pdd_hotline, line_12315]", "contacts: [pdd_line]", "contacts「pdd_line」"),
        (
            "topics.yml",
            "contacts: [pdd_hotline, line_12315]",
            "contacts: [pdd_merchant_line]",
            "不能推荐「pdd_merchant_line」",
        ),
        ("situations.yml", "opened_by: [no_reply_yet]", "opened_by: [silence]", "「silence」不是一种结果"),
        ("situations.yml", "opened_by: [no_reply_yet]", "opened_by: [seller_refused]", "opened_by 写了 seller_refused"),
        ("ladder.yml", "failed_by: [closed]", "failed_by: [shut]", "shut"),
        ("dangers.yml", "settles: [medical_care]", "settles: [medical_cure]", "rungs「medical_cure」"),
        (
            "dangers.yml",
            "situation: bad_service, variant: threat",
            "situation: worse_service",
            "situations「worse_service」",
        ),
        ("dangers.yml", "variant: threat", "variant: false_delivery", "「bad_service」没有特殊情形「false_delivery」"),
        ("dangers.yml", "  ask: ", "  asks: ", "asks"),
        ("dangers.yml", "- id: fire", "- id: suicide", "重复"),
        ("laws.yml", "articles: [第", "articles: [24 条, 第", "条号"),
        (
            "compensation.yml",
            "not_asked_in: [quality_problem",
            "not_asked_in: [bad_quality",
            "situations「bad_quality」",
        ),
        ("deadlines.yml", "unit: day", "unit: fortnight", "unit"),
        ("deadlines.yml", "replaces: seller_reply\n", "replaces: seller_answer\n", "deadlines「seller_answer」"),
        (
            "deadlines.yml",
            "- id: seller_reply\n",
            "- id: seller_reply\n  replaces: seller_reply_shipped\n",
            "seller_reply_shipped 的 replaces「seller_reply」",
        ),
        ("papers.yml", "侵害消费者权益行为处罚办法,", "侵害消费者权益处罚办法,", "cites「侵害消费者权益处罚办法」"),
        ("scams.yml", "wrong_numbers:", "wrong_numbers: [", "YAML"),
        ("papers.yml", "'{seller}拒绝售后申请", "'{saller}拒绝售后申请", "refused 的 text 里，「{saller}」不认识"),
        (
            "papers.yml",
            "  failed: '{me}申请平台介入",
            "  failed: '{me申请平台介入",
            "intervened 的 failed 里，「{」不认识",
        ),
        ("papers.yml", "text: 双倍返还定金 {amount}", "text: 双倍返还{goods}定金", "「{goods}」"),
        ("papers.yml", "  suspected: 虚假发货", "  suspected: '{seller}虚假发货'", "「{seller}」"),
        ("papers.yml", "- id: stop_loss", "- id: stop_losing", "stop_losing 引用了不存在的事件或步骤"),
        (
            "papers.yml",
            "- id: price_difference\n  text: 退还差价",
            "- id: price_diff\n  text: 退还差价",
            "诉求「price_diff」",
        ),
        ("papers.yml", "- id: refund\n", "- id: refunding\n", "wish_sentences 缺少「refund」"),
        ("papers.yml", "required: [举报人,", "required: [举报者,", "report_12315 必须写明的「举报者」"),
        ("papers.yml", "  - heading: 被举报人", "  - heading: 那家店", "必须写明的「被举报人」"),
    ],
)
def test_a_broken_fact_is_refused_with_file_line_and_reason(copy, file, old, new, reason):
    edit(copy / file, old, new)
    with pytest.raises(KnowledgeError) as caught:
        load(copy)
    blamed = [problem for problem in caught.value.problems if reason in problem]
    assert blamed, caught.value.problems
    assert any(problem.startswith(f"{file}:") and problem.split(":")[1].isdigit() for problem in blamed)


def test_a_danger_may_name_no_number_that_is_not_offered(copy):
    edit(copy / "dangers.yml", "contacts: [line_12356, line_120, line_110]", "contacts: [pdd_merchant_line]")
    with pytest.raises(KnowledgeError, match="suicide 不能推荐「pdd_merchant_line」"):
        load(copy)


def test_the_numbers_of_a_danger_are_those_of_its_contacts(facts):
    for danger in facts.dangers.values():
        assert numbers_named(danger) == set(danger.contacts), danger.id
        said = with_numbers(danger.now + danger.met, lambda contact: facts.contacts[contact].value)
        assert "{" not in said
        assert all(facts.contacts[contact].value in said for contact in danger.contacts), danger.id


def test_without_a_usual_ladder_there_is_none_for_a_trouble_unknown(copy):
    file = copy / "ladder.yml"
    file.write_text(file.read_text(encoding="utf-8").replace("  usual: true\n", ""), encoding="utf-8")
    with pytest.raises(KnowledgeError, match="usual: true"):
        load(copy)


def test_the_usual_ladder_goes_from_the_seller_to_the_court(facts):
    assert facts.usual_ladder[0] == "negotiate"
    assert facts.usual_ladder[-1] == "court"
    assert all(facts.rungs[rung].event == event for event, rung in facts.rung_of.items())


def test_the_line_named_is_the_line_of_the_mistake(copy):
    file = copy / "contacts.yml"
    line = next(n for n, text in enumerate(file.read_text(encoding="utf-8").splitlines(), 1) if "kind: phone" in text)
    edit(file, "  kind: phone", "  kind: fax")
    with pytest.raises(KnowledgeError) as caught:
        load(copy)
    assert caught.value.problems[0].startswith(f"contacts.yml:{line}:")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("  kind: phone", "  kind: phone: mobile"),
        ("  kind: phone", "\tkind: phone"),
        ("  kind: phone", "  kind: 'phone"),
        ("  kind: phone", "  kind: [phone"),
        ("  kind: phone", "  kind: *phone"),
        ("  kind: phone", "  kind: !phone phone"),
        ("  kind: phone", "  kind: @phone"),
        ("  kind: phone", "---\n  kind: phone"),
        ("  kind: phone", "  kind: phone\x07"),
        ("  kind: phone", "  kind: fax"),
        ("  kind: phone", "  {kind: fax, kind: phone, kind: fax}"),
    ],
)
def test_a_mistake_is_told_in_the_same_words_with_and_without_libyaml(copy, monkeypatch, old, new):
    edit(copy / "contacts.yml", old, new)
    problems = []
    for loader in (data_files._LOADER, yaml.SafeLoader):
        monkeypatch.setattr(data_files, "_LOADER", loader)
        monkeypatch.setattr(record_reader, "read_yaml", data_files.read_yaml)
        reader = RecordReader(copy)
        reader.records("contacts", "contacts", Contact)
        problems.append(reader.problems)
    assert problems[0] == problems[1] != []


def test_of_a_key_taken_over_and_given_anew_the_line_is_that_of_the_new_one(copy):
    file = copy / "contacts.yml"
    edit(file, "  kind: phone", "  <<: {kind: phone}\n  kind: fax")
    line = next(n for n, text in enumerate(file.read_text(encoding="utf-8").splitlines(), 1) if "kind: fax" in text)
    with pytest.raises(KnowledgeError) as caught:
        load(copy)
    assert caught.value.problems[0].startswith(f"contacts.yml:{line}:")


def test_every_file_reads_the_same_with_and_without_libyaml():
    # The messages to learn from are large, all of one form, and none of an editor's records.
    words = [file for file in DATA.glob("*.yml") if f"data/{file.name}" not in MORE_EXAMPLES]
    for file in [*DEFAULT_DIRECTORY.rglob("*.yml"), *words]:
        text = file.read_text(encoding="utf-8")
        assert repr(data_files.read_yaml(text)[0]) == repr(yaml.safe_load(text)), file


def test_a_missing_file_is_named(copy):
    (copy / "laws.yml").unlink()
    with pytest.raises(KnowledgeError, match=r"laws\.yml"):
        load(copy)


def test_the_merchant_line_cannot_be_offered(copy):
    text = (copy / "contacts.yml").read_text(encoding="utf-8")
    start = text.index("id: pdd_merchant_line")
    (copy / "contacts.yml").write_text(
        text[:start] + text[start:].replace("offered: false", "offered: true", 1), encoding="utf-8"
    )
    with pytest.raises(KnowledgeError, match="商家专线"):
        load(copy)


def test_an_answer_tells_the_hours_of_the_contact_as_they_are_now(copy):
    before = load(copy).contacts["pdd_hotline"].hours
    edit(copy / "contacts.yml", f"closes: '{before.closes}'", "closes: '20:15'")
    facts = load(copy)
    told = [answer.filled(facts.contacts) for answer in facts.answers.values()]
    assert f"{before.opens}–20:15" in facts.answers["human_agent_hours"].filled(facts.contacts)
    assert not [text for text in told if before.closes in text or "{" in text]


def test_a_day_to_come_is_none_on_which_anybody_checked(copy):
    newest = max(fact.checked for _, fact in load(copy).facts())
    load(copy, newest)
    edit(copy / "contacts.yml", "  checked: 2026-11-01", f"  checked: {newest + datetime.timedelta(days=1)}")
    with pytest.raises(KnowledgeError, match=r"contacts\.yml:\d+: pdd_hotline 的 checked：\S+ 还没到"):
        load(copy, newest)
    load(copy)  # the bot starts: its clock may be slow
    load(copy, datetime.date(2020, 1, 1))  # this one is


def test_make_facts_tells_of_the_facts_alone(copy, monkeypatch, capsys):
    monkeypatch.setenv("WEIQUAN_KNOWLEDGE", str(copy))
    monkeypatch.setattr(check, "read_blocks", None)
    assert check.main(["--facts"]) == 0
    assert "facts are sound" in capsys.readouterr().out
    edit(copy / "contacts.yml", "  kind: phone", "  kind: fax")
    assert check.main(["--facts"]) == 1
    assert "contacts.yml:" in capsys.readouterr().err


def test_facts_grow_stale_after_six_months(facts):
    newest = max(fact.checked for _, fact in facts.facts())
    assert not facts.stale_facts(newest)
    everything = sum(1 for _ in facts.facts())
    assert len(facts.stale_facts(newest + datetime.timedelta(days=184))) == everything
