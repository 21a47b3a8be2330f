"""The Word file: its look comes from the template alone, and nothing that was told can spoil it."""

from __future__ import annotations

import datetime
import io
import re
import zipfile

import docx
import pytest
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph
from hypothesis import example, given, settings
from hypothesis import strategies as st

from scripts.paper_template import template
from tests.papers.test_papers import TODAY, as_read, counterfeit, full_case, read_back
from weiquan.advice.advice import Advice
from weiquan.case.case import Case
from weiquan.facts.knowledge import knowledge
from weiquan.papers.docx import TEMPLATE, as_docx
from weiquan.papers.paper import HEADING, NOTE, NUMBERED, PARAGRAPH, SIGNATURE, TABLE, Block, Paper, as_text
from weiquan.papers.printable import BLANK, printable
from weiquan.papers.writing import write_paper

PAPERS = tuple(knowledge().papers)


def parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def opened(content: bytes) -> docx.document.Document:
    return docx.Document(io.BytesIO(content))


def a_paper(*blocks: Block, title: str = "题目") -> Paper:
    return Paper("evidence_list", title, blocks, TODAY)


# --- the template ---


def test_the_template_is_what_the_script_makes():
    assert parts(TEMPLATE.read_bytes()) == parts(template()), "run python -m scripts.paper_template"


def test_the_template_tells_neither_when_nor_by_whom_it_was_made():
    with zipfile.ZipFile(TEMPLATE) as archive:
        assert {member.date_time for member in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    properties = opened(TEMPLATE.read_bytes()).core_properties
    assert (properties.title, properties.author, properties.last_modified_by, properties.comments) == ("",) * 4


def test_everything_is_chinese_and_no_theme_chooses_a_font():
    for content in (
        TEMPLATE.read_bytes(),
        as_docx(write_paper("civil_complaint", Advice(counterfeit(), knowledge(), TODAY))),
    ):
        text = "".join(part.decode("utf-8") for part in parts(content).values())
        assert not re.search(r'w:(?:ascii|hAnsi|eastAsia|cs)[tT]heme="|theme1\.xml|ja-JP|en-US|ＭＳ', text)
        languages = [element.attrib for element in opened(content).styles.element.iter(qn("w:lang"))]
        assert languages == [{qn("w:val"): "zh-CN", qn("w:eastAsia"): "zh-CN"}]


def test_every_style_that_names_a_font_names_a_chinese_one():
    named = {
        style.name: style.element.rPr.rFonts.get(qn("w:eastAsia"))
        for style in opened(TEMPLATE.read_bytes()).styles
        if style.element.find(f"{qn('w:rPr')}/{qn('w:rFonts')}") is not None
    }
    assert named == {"Normal": "仿宋", "Title": "宋体", "Heading 1": "黑体", "Cover": "宋体"}


# --- styles alone ---


@pytest.mark.parametrize("paper_id", PAPERS)
def test_a_paper_is_set_in_the_styles_of_the_template_and_nothing_else(paper_id):
    known = {style.style_id for style in opened(TEMPLATE.read_bytes()).styles}
    for case in (Case(), counterfeit(), full_case("food_safety", "illness")):
        body = opened(as_docx(write_paper(paper_id, Advice(case, knowledge(), TODAY)))).element.body
        for paragraph in body.iter(qn("w:p")):
            if paragraph.pPr.find(qn("w:sectPr")) is None:
                assert [element.tag for element in paragraph.pPr] == [qn("w:pStyle")]
                assert paragraph.pPr.style in known
        for properties in body.iter(qn("w:rPr")):
            assert [(element.tag, element.get(qn("w:val"))) for element in properties] == [(qn("w:rStyle"), "Blank")]


@pytest.mark.parametrize("paper_id", PAPERS)
def test_every_blank_leaps_to_the_eye_and_nothing_else_does(paper_id):
    paper = write_paper(paper_id, Advice(Case(), knowledge(), TODAY))
    document = opened(as_docx(paper))
    runs = [run for element in document.element.body.iter(qn("w:p")) for run in Paragraph(element, document).runs]
    marked = [run.text for run in runs if run.style.name == "Blank"]
    assert marked == BLANK.findall(as_text(paper, with_notes=False).removeprefix(paper.title))
    assert not [
        run.text for run in runs if run.style.name != "Blank" and BLANK.search(run.text) and "【】" not in run.text
    ]
    style = document.styles["Blank"]
    assert (style.font.bold, str(style.font.color.rgb)) == (True, "C00000")
    assert style.element.rPr.find(qn("w:shd")).get(qn("w:fill")) == "FFF200"


@pytest.mark.parametrize("paper_id", PAPERS)
def test_what_is_for_the_shopper_stands_on_a_page_of_its_own_before_the_paper(paper_id):
    paper = write_paper(paper_id, Advice(counterfeit(), knowledge(), TODAY))
    document = opened(as_docx(paper))
    texts = [paragraph.text for paragraph in document.paragraphs]
    notes = [block.text for block in paper.blocks if block.kind == NOTE]
    assert texts[: len(notes) + 1] == ["给您的提示（这一页不用交）", *notes]
    assert document.paragraphs[len(notes) + 1]._p.pPr.find(qn("w:sectPr")) is not None
    cover, handed_in = document.sections
    assert cover._sectPr.find(qn("w:footerReference")) is None
    assert handed_in._sectPr.find(qn("w:footerReference")) is not None
    assert handed_in._sectPr.find(qn("w:pgNumType")).get(qn("w:start")) == "1"
    assert not [text for text in texts[len(notes) + 1 :] if text in notes]


def test_the_first_of_its_kind_stands_at_a_distance():
    table = Block(TABLE, rows=(("一", "二"), ("三", "四")))
    paper = a_paper(
        *(Block(HEADING, "标题"), Block(PARAGRAPH, "前"), table, Block(PARAGRAPH, "后"), Block(NUMBERED, "1. 甲")),
        *(Block(SIGNATURE, "签名"), Block(SIGNATURE, "日期"), Block(NOTE, "注"), Block(NOTE, "又注")),
    )
    document = opened(as_docx(paper))
    names = [paragraph.style.name for paragraph in document.paragraphs]
    assert names[:3] == ["Cover", "Note", "Note"]
    # One empty paragraph ends the cover page.
    assert names[4:] == [
        *("Title", "Heading 1", "Body Text", "Body Text After Table", "List Paragraph"),
        *("First Signature", "Signature"),
    ]
    cells = [cell.paragraphs[0].style.name for row in document.tables[0].rows for cell in row.cells]
    assert cells == ["Table Head", "Table Head", "Table Text", "Table Text"]


def test_a_table_is_as_wide_as_the_text_and_its_head_comes_again_on_every_page():
    document = opened(as_docx(write_paper("evidence_list", Advice(counterfeit(), knowledge(), TODAY))))
    section = document.sections[-1]
    width = section.page_width - section.left_margin - section.right_margin
    (table,) = document.tables
    assert abs(sum(cell.width for cell in table.rows[0].cells) - width) < 5000
    marks = [[element.tag for element in row._tr.trPr] for row in table.rows]
    assert marks[0] == [qn("w:cantSplit"), qn("w:tblHeader")]
    assert all(mark == [qn("w:cantSplit")] for mark in marks[1:])


# --- what was told ---

UNSEEN = "\x00\x07\x0b\x1b\x7f\x85\u200b\u202e\u2066\ufeff\ufffe\ud800"


def test_what_cannot_be_seen_is_not_printed():
    assert printable(f"羽{UNSEEN}绒服") == "羽 绒服"
    assert printable("羽绒服\n\t 黑色\x0c大码") == "羽绒服 黑色 大码"
    for unseen in UNSEEN:
        assert "1101" not in printable(f"1101011990{unseen}03077715")


@pytest.mark.parametrize("paper_id", PAPERS)
def test_control_characters_in_what_was_told_spoil_no_file(paper_id):
    paper = write_paper(paper_id, Advice(counterfeit(goods=f"羽绒{UNSEEN}服"), knowledge(), TODAY))
    assert read_back(paper) == as_read(paper)


def test_goods_of_which_nothing_can_be_seen_are_a_blank():
    assert "【请填写：商品名称和规格】" in as_text(
        write_paper("seller_message", Advice(counterfeit(goods="\x07\u200b"), knowledge(), TODAY))
    )


texts = st.text(max_size=20)


@settings(deadline=None)
@given(
    texts, texts, st.sampled_from([HEADING, PARAGRAPH, NUMBERED, SIGNATURE, NOTE]), st.dates(datetime.date(1980, 1, 1))
)
@example(title="", text="\r\n", kind=HEADING, day=datetime.date(2000, 1, 1))
@example(title="甲\r\x00\n乙", text="甲\r乙\n\r丙", kind=PARAGRAPH, day=datetime.date(2000, 1, 1))
def test_any_text_gives_a_file_that_opens(title, text, kind, day):
    paper = Paper("evidence_list", title, (Block(kind, text), Block(TABLE, rows=((text, title),))), day)
    document = opened(as_docx(paper))
    if kind == NOTE:
        assert document.paragraphs[0].style.name == "Cover"
        return
    shown = [re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]", "", string) for string in (title, text)]
    as_word = [re.sub("\r\n?", "\n", string) for string in shown]
    assert [paragraph.text.replace("\r", "\n") for paragraph in document.paragraphs] == as_word
    assert document.core_properties.modified.date() == day
