"""Papers: complete by the rule, in the order of time, without what nobody should print; the Word file says the same."""

from __future__ import annotations

import dataclasses
import datetime
import getpass
import io
import re
import socket
import zipfile
from decimal import Decimal
from typing import Iterator

import docx
import pytest
from docx.oxml.ns import qn
from docx.shared import Cm
from docx.table import Table
from docx.text.paragraph import Paragraph
from hypothesis import given, settings
from hypothesis import strategies as st

from weiquan.advice.advice import Advice
from weiquan.advice.compensation import estimate, yuan
from weiquan.case.case import Case
from weiquan.case.events import EVENTS
from weiquan.facts.knowledge import Knowledge, knowledge
from weiquan.papers.docx import COVER, as_docx
from weiquan.papers.paper import CELL_MARK, NOTE, TABLE, Paper, as_text
from weiquan.papers.printable import order_number_of
from weiquan.papers.writing import papers_for, write_paper
from weiquan.reading.requests import find_paper, find_tone

PAPERS, TONES = tuple(knowledge().papers), tuple(knowledge().tones)
TODAY = datetime.date(2026, 11, 24)
ORDER = "261101-123456789012345"
PROMISE = re.compile(r"(?<!不)保证.{0,5}(能|可以|退|赔)|一定能|必定|包退|包赢|稳赢|百分百")
CITED = re.compile(r"《((?:[^《》]|《[^》]*》)+)》((?:第[零一二三四五六七八九十百千]+条(?:第[一二三四五]+款)?、?)+)")


def troubles() -> list[tuple[str, str | None]]:
    """All situations and their special cases."""
    return [
        (situation.id, variant)
        for situation in knowledge().situations.values()
        for variant in (None, *(special.id for special in situation.variants))
    ]


def full_case(situation: str, variant: str | None = None) -> Case:
    """A case of which nearly everything is known."""
    facts = knowledge()
    ladder = facts.situations[situation].ladder
    return Case(
        situation=situation,
        variant=variant,
        others=("seller_ignoring",) if situation != "seller_ignoring" else (),
        climbed=frozenset(ladder[:2]),
        failed=frozenset(ladder[:2]),
        goods="羽绒服",
        stage="returned",
        dates={event: datetime.date(2026, 10, 1) + datetime.timedelta(days=n) for n, event in enumerate(EVENTS)},
        amount=299.5,
        remedy="refund",
        order_number=ORDER,
        circumstances=dict.fromkeys(facts.circumstances, True),
    )


def lines_of(document: docx.document.Document) -> Iterator[str]:
    """The text of a Word file from top to bottom, tables in their place."""
    for element in document.element.body.iterchildren():
        if element.tag == qn("w:p"):
            yield Paragraph(element, document).text
        elif element.tag == qn("w:tbl"):
            for row in Table(element, document).rows:
                yield CELL_MARK.join(cell.text for cell in row.cells)


def read_back(paper: Paper) -> str:
    return "\n".join(line for line in lines_of(docx.Document(io.BytesIO(as_docx(paper)))) if line)


def as_read(paper: Paper) -> str:
    """What the Word file says: the cover page for the shopper, then the paper."""
    notes = [block.text for block in paper.blocks if block.kind == NOTE]
    cover = [COVER, *notes] if notes else []
    return "\n".join([*cover, *(line for line in as_text(paper, with_notes=False).split("\n") if line)])


def written(paper_id: str, case: Case, tone: str = "firm", today: datetime.date = TODAY) -> str:
    return as_text(write_paper(paper_id, Advice(case, knowledge(), today), tone))


# --- what every paper holds ---


@pytest.mark.parametrize("paper_id", PAPERS)
def test_every_paper_of_every_trouble_holds_what_its_rule_requires(paper_id, facts):
    required = facts.papers[paper_id].required
    count = 0
    for situation, variant in troubles():
        for case in (Case(situation=situation, variant=variant), full_case(situation, variant)):
            paper = write_paper(paper_id, Advice(case, facts, TODAY))
            text = as_text(paper)
            where = f"{paper_id} {situation} {variant}\n{text}"
            assert not [phrase for phrase in required if phrase not in text], where
            assert not re.search(r"[{}]|\bNone\b|【【|】】|！|!", text), where
            assert not PROMISE.search(text), where
            assert "身份证号" not in text, where
            assert "附上" in text or paper_id == "evidence_list", where
            assert paper.blocks[-1].kind == NOTE, where
            assert "草稿" in paper.blocks[-1].text, where
            assert "不是法律意见" in paper.blocks[-1].text, where
            count += 1
    assert count == 2 * len(troubles())
    print(f"{paper_id}: {count} papers")


@pytest.mark.parametrize("paper_id", PAPERS)
def test_a_case_of_which_nothing_is_known_gives_a_form_with_blanks(paper_id, facts):
    text = written(paper_id, Case())
    assert text.count("【请填写：") >= 3
    assert not [phrase for phrase in facts.papers[paper_id].required if phrase not in text]


def test_what_the_rules_name_is_among_what_the_papers_require(facts):
    def words(paper_id: str) -> str:
        return " ".join(facts.papers[paper_id].required)

    # 投诉举报办法 art. 10: name, phone, address; the respondent's name and address; claim; facts; truth.
    for phrase in ("姓名", "联系电话", "通讯地址", "被投诉人", "名称", "地址", "投诉请求", "事实", "真实性"):
        assert phrase in words("complaint_12315")
    assert facts.papers["complaint_12315"].laws == ("samr_10",)
    # art. 28: a concrete lead and its factual basis.
    for phrase in ("违法线索", "事实依据", "真实性"):
        assert phrase in words("report_12315")
    # Civil Procedure Law: the parties in full, claims, facts and reasons, evidence and its source, witnesses.
    for phrase in ("姓名", "性别", "年龄", "民族", "职业", "工作单位", "住所", "联系方式"):
        assert phrase in words("civil_complaint")
    for phrase in ("被告", "诉讼请求", "事实与理由", "证据和证据来源", "证人", "人民法院"):
        assert phrase in words("civil_complaint")


def test_every_law_cited_is_one_of_the_facts(facts):
    articles = {(law.law, article) for law in facts.laws.values() for article in law.articles}
    seen = set()
    for situation, variant in troubles():
        for paper_id in PAPERS:
            text = written(paper_id, full_case(situation, variant))
            for match in CITED.finditer(text):
                title = match.group(1).replace("〈", "《").replace("〉", "》")
                for article in re.findall(r"第[^、]+", match.group(2)):
                    assert (title, article) in articles, f"{paper_id} {situation}: {title}{article}"
                    seen.add((title, article))
    assert len(seen) > 30


def test_an_unknown_paper_or_tone_is_an_error(facts):
    with pytest.raises(KeyError):
        write_paper("will", Advice(Case(), facts, TODAY))
    with pytest.raises(KeyError):
        write_paper("seller_message", Advice(Case(), facts, TODAY), tone="rude")


# --- what happened ---


def counterfeit(**changes) -> Case:
    values = {
        "situation": "counterfeit",
        "goods": "羽绒服",
        "amount": 299.0,
        "order_number": ORDER,
        "dates": {"ordered": datetime.date(2026, 11, 1), "received": datetime.date(2026, 11, 5)},
    }
    return Case(**{**values, **changes})


def test_the_facts_stand_in_the_order_of_time_and_in_full_dates():
    case = counterfeit(
        climbed=frozenset({"after_sales", "platform"}),
        failed=frozenset({"after_sales", "platform"}),
        dates={
            "intervened": datetime.date(2026, 11, 12),
            "refused": datetime.date(2026, 11, 9),
            "applied": datetime.date(2026, 11, 7),
            "received": datetime.date(2026, 11, 5),
            "ordered": datetime.date(2025, 12, 31),
        },
    )
    text = written("complaint_12315", case)
    stated_facts = text[text.index("事实和理由") :]
    days = re.findall(r"^\d+\. (\d{4}年\d{1,2}月\d{1,2}日)，", stated_facts, re.M)
    assert days == ["2025年12月31日", "2026年11月5日", "2026年11月7日", "2026年11月9日", "2026年11月12日"]
    assert f"购买羽绒服，订单号 {ORDER}，实付 299 元" in stated_facts
    assert "申请平台介入，没有得到支持" in stated_facts
    order = [
        stated_facts.index(phrase)
        for phrase in ("签收包裹", "与正品不一致", "提交售后申请", "拒绝售后申请", "平台介入")
    ]
    assert order == sorted(order)


def test_a_step_without_a_date_has_a_blank_and_what_has_not_come_is_not_told():
    case = counterfeit(climbed=frozenset({"after_sales"}), dates={"confirmed": datetime.date(2026, 12, 1)})
    text = written("complaint_12315", case)
    assert "【请填写：下单日期】，本人在拼多多店铺" in text
    assert "【请填写：日期】，本人在订单中提交售后申请" in text
    assert "确认收货" not in text
    assert "12月1日" not in text


def test_a_paper_does_not_tell_of_itself_unless_it_failed_before():
    taken = counterfeit(climbed=frozenset({"complaint_12315"}))
    assert "向全国 12315 平台投诉" not in written("complaint_12315", taken)
    assert "向全国 12315 平台投诉" in written("civil_complaint", taken)
    failed = counterfeit(climbed=frozenset({"complaint_12315"}), failed=frozenset({"complaint_12315"}))
    assert "终止调解的理由" in written("complaint_12315", failed)


@pytest.mark.parametrize(
    ("stage", "happened", "not_yet"),
    [("unshipped", "仍未发货", "签收"), ("received", "签收包裹", "寄回"), ("returned", "将商品寄回", "仍未发货")],
)
def test_the_stage_of_the_order_tells_what_has_happened(stage, happened, not_yet):
    situation = "not_shipped" if stage == "unshipped" else "quality_problem"
    text = written("complaint_12315", Case(situation=situation, stage=stage), today=TODAY)
    stated_facts = text[text.index("事实和理由") : text.index("附上")]
    assert happened in stated_facts
    assert not_yet not in stated_facts


def test_each_side_is_called_as_the_paper_calls_it():
    case = counterfeit(climbed=frozenset({"negotiate"}))
    assert "我与贵店协商" in written("seller_message", case)
    assert "本人与被投诉人协商" in written("complaint_12315", case)
    assert "本人与被举报人协商" in written("report_12315", case)
    assert "原告与被告协商" in written("civil_complaint", case)


def test_the_platform_is_named_where_it_is_complained_of_and_nowhere_else():
    company = "上海寻梦信息技术有限公司"
    assert f"名称：{company}" in written("complaint_12315", Case(situation="promotion_not_honoured"))
    assert company not in written("complaint_12315", Case(situation="promotion_not_honoured", variant="seller_gift"))
    assert company not in written("civil_complaint", Case(situation="counterfeit"))


# --- what is wanted ---


def test_the_remedy_told_is_the_first_request_and_money_is_written_plainly():
    text = written("complaint_12315", counterfeit(remedy="return_refund", amount=39.9))
    assert "1. 办理退货，退还货款 39.9 元" in text
    assert "1. 【请填写：您的具体要求】" in written("complaint_12315", counterfeit(remedy="other"))


@pytest.mark.parametrize("amount", [None, 0.0, -3.0, 1e12, float("nan"), float("inf")])
def test_an_unknown_or_absurd_amount_is_a_blank(amount):
    text = written("civil_complaint", counterfeit(amount=amount, remedy="refund"))
    assert "判令被告退还货款【请填写：金额】元" in text


CHOOSING = ("complaint_12315", "civil_complaint", "association_complaint", "platform_complaint")


def handed_in(paper_id: str, case: Case, tone: str = "firm") -> str:
    """The paper without the cover page."""
    return as_text(write_paper(paper_id, Advice(case, knowledge(), TODAY), tone), with_notes=False)


@pytest.mark.parametrize("paper_id", CHOOSING)
def test_a_claim_with_open_conditions_is_named_on_the_cover_and_not_among_the_claims(paper_id, facts):
    unsure = counterfeit(amount=120.0)
    claim = next(claim for claim in estimate(unsure, facts) if claim.rule.id == "fraud_triple")
    assert claim.amount == Decimal(500)
    line = next(line for line in written(paper_id, unsure).split("\n") if "按价款的三倍增加赔偿" in line)
    assert yuan(claim.amount) in line
    assert claim.formula in line
    assert all(need in line for need in claim.needs)
    assert "三倍" not in handed_in(paper_id, unsure)
    denied = counterfeit(amount=120.0, circumstances={"seller_deceived": False})
    assert "按价款的三倍" not in written(paper_id, denied)


@pytest.mark.parametrize("paper_id", CHOOSING)
def test_threefold_is_asked_for_where_deceit_is_told_and_of_two_multiples_the_larger_alone(paper_id):
    told = counterfeit(amount=120.0, circumstances={"seller_deceived": True})
    assert "按价款的三倍增加赔偿 500 元" in handed_in(paper_id, told)
    promised = counterfeit(
        amount=120.0,
        circumstances={"seller_deceived": True, "promised_tenfold": True},
        told={"claim.tenfold_promise": "yes"},
    )
    text = handed_in(paper_id, promised)
    assert "按「假一赔十」的承诺支付 1200 元" in text
    assert "三倍" not in text
    # What was chosen falls with its condition.
    taken_back = dataclasses.replace(promised, circumstances={"seller_deceived": False, "promised_tenfold": False})
    assert "假一赔十" not in handed_in(paper_id, taken_back)


def test_price_medical_cost_and_tenfold_are_kept_apart():
    case = Case("food_safety", "illness", amount=60.0, circumstances={"fell_ill": True})
    chosen = {"claim.illness_losses": "yes", "claim.food_tenfold": "yes", "medical_cost": "600"}
    text = handed_in("complaint_12315", dataclasses.replace(case, told=chosen))
    assert "误工收入等损失 600 元" in text
    assert "支付价款十倍的赔偿金 1000 元（60 元 × 10 = 600 元，不足 1000 元，按 1000 元）" in text
    assert "6000" not in text
    unknown = handed_in("complaint_12315", dataclasses.replace(case, amount=None, told=chosen))
    assert "误工收入等损失 600 元" in unknown
    assert "支付价款十倍的赔偿金【请填写：金额】元" in unknown


def test_an_open_claim_s_article_is_not_among_the_reasons():
    text = written("civil_complaint", Case(situation="quality_problem", amount=120.0))
    reasons = next(line for line in text.split("\n") if line.startswith("原告认为"))
    assert "第二十四条" in reasons
    assert "第五十五条" not in reasons


def test_a_claim_that_is_ruled_out_leaves_no_article_behind(facts):
    def cited(**circumstances: bool) -> str:
        text = written("civil_complaint", counterfeit(circumstances=circumstances))
        return next(line for line in text.split("\n") if line.startswith("原告认为"))

    assert "第五十五条" in cited(seller_deceived=True)
    for denied in (cited(seller_deceived=False), cited(seller_deceived=False, promised_tenfold=False)):
        assert "第二十四条" in denied
        assert "第五十五条" not in denied
    assert "网络消费纠纷案件" not in cited(promised_tenfold=False)


@pytest.mark.parametrize("paper_id", [paper_id for paper_id in PAPERS if paper_id not in {"evidence_list"}])
def test_a_seller_s_silence_is_told_once(paper_id):
    plain = Case(situation="quality_problem", others=("seller_ignoring",))
    text = written(paper_id, plain)
    assert text.count("没有得到答复") == 1
    assert "【请填写：具体问题】" not in text
    for failed in (frozenset(), frozenset({"negotiate"})):
        # 「协商」 alone would leave the silence out.
        tried = dataclasses.replace(plain, climbed=frozenset({"negotiate"}), failed=failed)
        text = written(paper_id, tried)
        assert "没有得到答复" not in text
        assert text.count("商家怎么说，或没有回复") == 1
        assert "【请填写：具体问题】" not in text
    alone = dataclasses.replace(plain, situation="seller_ignoring", others=())
    assert "【请填写：具体问题】" in written(paper_id, alone)
    assert written(paper_id, alone).count("没有得到答复") == 1
    tried = written(paper_id, alone.with_rungs(failed={"negotiate"}))
    assert "【请填写：具体问题】" in tried
    assert "没有得到答复" not in tried


def test_what_binds_the_platform_is_not_held_against_the_seller():
    case = Case(situation="seller_ignoring", goods="羽绒服")
    assert "《中华人民共和国电子商务法》第五十九条" in written("platform_complaint", case)
    assert "第五十九条" not in written("complaint_12315", case)
    assert "第四十四条" not in written("civil_complaint", Case(situation="counterfeit"))


def test_a_complaint_about_a_refused_complaint_asks_for_what_was_wanted_first():
    text = written("civil_complaint", Case(situation="complaint_rejected"))
    assert "判令被告【请填写：原来的诉求" in text


def test_the_court_is_that_of_the_place_of_delivery_where_goods_were_sent():
    assert "收货地为合同履行地" in written("civil_complaint", Case(situation="quality_problem"))
    assert "第二十四条，合同纠纷由被告住所地" in written("civil_complaint", Case(situation="promotion_not_honoured"))


def test_a_report_asks_for_an_investigation_and_for_no_money():
    text = written("report_12315", full_case("counterfeit"))
    assert "涉嫌销售假冒伪劣商品" in text
    assert "依法核查" in text
    assert "赔偿金" not in text
    assert "〔可选〕" not in text


def test_the_three_tones_differ_and_the_last_names_the_next_step_and_the_day(facts):
    case = counterfeit(climbed=frozenset({"negotiate", "after_sales"}), failed=frozenset({"negotiate"}))
    polite, firm, final = (written("seller_message", case, tone) for tone in ("polite", "firm", "final"))
    assert "谢谢" in polite
    assert "第二十四条" not in polite
    assert "第二十四条" in firm
    assert "2026年11月25日前" in firm
    assert "最后一次" in final
    assert "2026年11月27日前" in final
    assert f"下一步：{facts.rungs['platform'].name}" in final
    further = counterfeit(climbed=frozenset({"negotiate", "after_sales", "platform"}))
    assert f"下一步：{facts.rungs['complaint_12315'].name}" in written("seller_message", further, "final")


def test_a_message_is_sent_without_title_and_notes():
    paper = write_paper("seller_message", Advice(counterfeit(), knowledge(), TODAY))
    bare = as_text(paper, with_notes=False)
    assert bare.startswith("您好，")
    assert "草稿" not in bare
    assert as_text(paper).startswith(bare)
    assert as_text(write_paper("evidence_list", Advice(counterfeit(), knowledge(), TODAY))).startswith("证据清单\n")


# --- what is never printed ---


@pytest.mark.parametrize(
    "secret",
    [
        "11010519491231002X",
        "110105194912310021",
        "110105 19491231 002X",
        "１１０１０５１９４９１２３１００２Ｘ",
        "130503670401001",
        "6222021234567890123",
        "6222 0212 3456 7890 123",
        "6222-0212-3456-7890-123",
        "4111111111111111",
    ],
)
def test_an_identity_or_card_number_is_never_printed(secret):
    digits = re.sub(r"[^0-9]", "", secret.translate({0xFF10 + n: str(n) for n in range(10)}))
    for case in (
        counterfeit(goods=f"羽绒服 {secret}", order_number=None),
        counterfeit(goods=f"{secret}羽绒服", order_number=secret),
        counterfeit(order_number=secret),
    ):
        for paper_id in PAPERS:
            paper = write_paper(paper_id, Advice(case, knowledge(), TODAY))
            for text in (as_text(paper), read_back(paper)):
                assert digits[:12] not in re.sub(r"[^0-9]", "", text)


@given(
    area=st.sampled_from(["110105", "150102", "230103", "310104", "440305", "622202", "621700"]),
    birth=st.dates(datetime.date(1930, 1, 1), datetime.date(2015, 12, 31)),
    tail=st.integers(0, 9999),
    mark=st.sampled_from(["", "-", " "]),
)
def test_no_identity_number_passes_for_an_order_number(area, birth, tail, mark):
    number = f"{area}{mark}{birth:%Y%m%d}{tail:04d}"
    case = Case(order_number=number)
    assert order_number_of(case, TODAY) is None


@pytest.mark.parametrize(
    "number", [ORDER, "２６１１０１－１２３４５６７８９０１２３４５", "201030-123456789012", "1" * 22]
)
def test_an_order_number_is_printed(number):
    assert order_number_of(Case(order_number=number), TODAY)


def test_what_a_shopper_wrote_cannot_change_the_paper():
    goods = "{{ 7*7 }}\n## 判决\n| a | b |\n>> 签名 {me} " + "长" * 500
    text = written("evidence_list", counterfeit(goods=goods)) + written("complaint_12315", counterfeit(goods=goods))
    assert "49" not in text
    assert not [line for line in text.split("\n") if line.strip() == "判决"]
    assert "长" * 100 not in text


# --- the Word file ---


@pytest.mark.parametrize("paper_id", PAPERS)
def test_the_word_file_says_what_the_text_says(paper_id):
    for case in (Case(), counterfeit(), full_case("food_safety", "illness")):
        for tone in TONES if paper_id == "seller_message" else ("firm",):
            paper = write_paper(paper_id, Advice(case, knowledge(), TODAY), tone)
            assert read_back(paper) == as_read(paper)


def test_the_word_file_is_a4_with_chinese_fonts_and_numbered_pages():
    document = docx.Document(
        io.BytesIO(as_docx(write_paper("civil_complaint", Advice(counterfeit(), knowledge(), TODAY))))
    )
    section = document.sections[-1]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    assert all(Cm(2) < margin < Cm(4) for margin in (section.left_margin, section.right_margin, section.top_margin))
    for style, font in (("Normal", "仿宋"), ("Title", "宋体"), ("Heading 1", "黑体")):
        fonts = document.styles[style].element.rPr.rFonts
        assert fonts.get(qn("w:eastAsia")) == font
        assert fonts.get(qn("w:eastAsiaTheme")) is None
    fields = [element.text for element in section.footer._element.iter(qn("w:instrText"))]
    assert fields == ["PAGE"]
    assert len(document.tables) == 1
    assert [cell.text for cell in document.tables[0].rows[0].cells] == ["序号", "证据", "证明什么", "来源"]


def test_the_word_file_names_no_machine_person_or_tool():
    content = as_docx(write_paper("evidence_list", Advice(counterfeit(), knowledge(), TODAY)))
    properties = docx.Document(io.BytesIO(content)).core_properties
    assert properties.title == "证据清单"
    assert (properties.author, properties.last_modified_by, properties.comments) == ("", "", "")
    assert properties.created.date() == properties.modified.date() == TODAY
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        properties_text = "".join(
            archive.read(name).decode("utf-8") for name in archive.namelist() if name.startswith("docProps/")
        )
        properties_text = re.sub(r"<[^>]*>", " ", properties_text)
    for name in ("python-docx", socket.gethostname(), getpass.getuser()):
        assert name not in properties_text.split()


def test_a_table_of_evidence_has_a_row_for_each_piece(facts):
    paper = write_paper("evidence_list", Advice(counterfeit(), facts, TODAY))
    rows = next(block for block in paper.blocks if block.kind == TABLE).rows
    assert [row[0] for row in rows[1:]] == [str(n) for n in range(1, len(rows))]
    assert {len(row) for row in rows} == {4}
    assert set(facts.situations["counterfeit"].evidence) <= {row[1] for row in rows}
    assert all(row[2] and row[3] == "【请填写：页码；没有这份就删掉这一行】" for row in rows[1:])
    at_hand = counterfeit(evidence=frozenset({"product_page"}))
    assert at_hand.evidence <= set(facts.pieces)
    rows = next(
        block for block in write_paper("evidence_list", Advice(at_hand, facts, TODAY)).blocks if block.kind == TABLE
    ).rows
    assert [row[3] for row in rows[1:]] == ["【请填写：页码】"]


# --- which paper ---


def test_the_paper_of_the_next_rung_comes_first(facts: Knowledge):
    assert papers_for(Advice(Case(), facts, TODAY))[0] == "seller_message"
    assert papers_for(Advice(Case(situation="quality_problem"), facts, TODAY))[0] == "seller_message"
    refused = frozenset({"negotiate", "after_sales"})
    assert papers_for(Advice(Case(situation="quality_problem", climbed=refused, failed=refused), facts, TODAY))[0] == (
        "platform_complaint"
    )
    far = refused | {"platform", "platform_complaint"}
    fitting = papers_for(Advice(Case(situation="quality_problem", climbed=far, failed=far), facts, TODAY))
    assert fitting[0] == "complaint_12315"
    assert fitting.index("civil_complaint") < fitting.index("seller_message")
    assert "report_12315" not in fitting
    assert "report_12315" in papers_for(Advice(Case(situation="counterfeit"), facts, TODAY))


@settings(deadline=None)
@given(
    trouble=st.sampled_from(troubles()),
    climbed=st.frozensets(st.sampled_from(sorted(knowledge().rungs))),
)
def test_papers_for_any_case_are_known_and_each_once(trouble, climbed):
    fitting = papers_for(Advice(Case(situation=trouble[0], variant=trouble[1], climbed=climbed), knowledge(), TODAY))
    assert len(set(fitting)) == len(fitting) >= 2
    assert set(fitting) <= set(PAPERS)
    assert "evidence_list" in fitting


@pytest.mark.parametrize(
    ("text", "paper"),
    [
        ("帮我写起诉状", "civil_complaint"),
        ("给我一份民事起诉书", "civil_complaint"),
        ("起诉的材料怎么写", None),
        ("帮我准备起诉材料", "civil_complaint"),
        ("12315的投诉怎么写", "complaint_12315"),
        ("写一份投诉到市场监管局的材料", "complaint_12315"),
        ("12315举报材料帮我写一下", "report_12315"),
        ("我要举报这家店 帮我写", "report_12315"),
        ("消协投诉书怎么写", "association_complaint"),
        ("帮我写给消费者协会的投诉", "association_complaint"),
        ("证据清单给我一份", "evidence_list"),
        ("帮我列个证据目录", "evidence_list"),
        ("给商家的话,强硬点", "seller_message"),
        ("帮我写段话发给卖家", "seller_message"),
        ("跟店家怎么说 写一段", "seller_message"),
        ("有没有话术", "seller_message"),
        ("平台介入的理由怎么写", "platform_complaint"),
        ("帮我写个平台投诉", "platform_complaint"),
        ("给拼多多客服的投诉内容", "platform_complaint"),
        ("帮我写一份投诉书", None),
        ("今天天气不错", None),
        ("", None),
    ],
)
def test_the_paper_asked_for_is_understood(text, paper, facts):
    assert find_paper(text, facts) == paper


@pytest.mark.parametrize(
    ("text", "tone"),
    [
        ("给商家的话,强硬点", "firm"),
        ("语气重一点", "firm"),
        ("别太客气", "firm"),
        ("客气一点", "polite"),
        ("委婉些", "polite"),
        ("别太强硬", "polite"),
        ("不要写得太凶", "polite"),
        ("最后通牒", "final"),
        ("再不退就投诉他 这样写", "final"),
        ("狠一点", "final"),
        ("给商家的话", None),
        ("", None),
    ],
)
def test_the_tone_asked_for_is_understood(text, tone, facts):
    assert find_tone(text, facts) == tone


def test_the_shop_and_the_shoppers_own_words_stand_in_a_complaint(facts):
    case = Case("quality_problem", shop="青禾厨电", account=("第一顿饭就一直报E4煮不熟", "他驳回了，说外观有使用痕迹"))
    bare = Case("quality_problem")
    for paper in ("complaint_12315", "platform_complaint", "civil_complaint"):
        with_words, without = (
            as_text(write_paper(paper, Advice(told, facts, TODAY)), with_notes=False) for told in (case, bare)
        )
        assert "「青禾厨电」" in with_words
        assert all(f"「{words}」" in with_words for words in case.account)
        assert "原话" not in without


def test_own_words_hold_no_number_that_nobody_should_print(facts):
    case = Case("quality_problem", account=("他让我打到6222021234567890123这张卡\n## 标题",))
    text = as_text(write_paper("complaint_12315", Advice(case, facts, TODAY)))
    assert "6222021234567890123" not in text
    assert "\n标题" not in text
