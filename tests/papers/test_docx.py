"""The Word file: its look comes from the template alone, and nothing that was told can spoil it."""

from __future__ import annotations

import datetime
import io
import re
import zipfile

import docx
import pytest
from docx.oxml.ns import qn
from hypothesis import example, given
from hypothesis import strategies as st

from scripts.paper_template import template
from tests.papers.test_papers import TODAY, counterfeit, full_case, lines_of
from weiquan.advice.advice import Advice
from weiquan.case.case import Case
from weiquan.facts.knowledge import knowledge
from weiquan.papers.docx import TEMPLATE, as_docx
from weiquan.papers.paper import HEADING, NOTE, NUMBERED, PARAGRAPH, SIGNATURE, TABLE, Block, Paper, as_text
from weiquan.papers.printable import printable
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
    assert named == {"Normal": "仿宋", "Title": "宋体", "Heading 1": "黑体"}


# --- styles alone ---


@pytest.mark.parametrize("paper_id", PAPERS)
def test_a_paper_is_set_in_the_styles_of_the_template_and_nothing_else(paper_id):
    known = {style.style_id for style in opened(TEMPLATE.read_bytes()).styles}
    for case in (Case(), counterfeit(), full_case("food_safety", "illness")):
        body = opened(as_docx(write_paper(paper_id, Advice(case, knowledge(), TODAY)))).element.body
        for paragraph in body.iter(qn("w:p")):
            assert [element.tag for element in paragraph.pPr] == [qn("w:pStyle")]
            assert paragraph.pPr.style in known
        assert not list(body.iter(qn("w:rPr")))


def test_the_first_of_its_kind_stands_at_a_distance():
    table = Block(TABLE, rows=(("一", "二"), ("三", "四")))
    paper = a_paper(
        *(Block(HEADING, "标题"), Block(PARAGRAPH, "前"), table, Block(PARAGRAPH, "后"), Block(NUMBERED, "1. 甲")),
        *(Block(SIGNATURE, "签名"), Block(SIGNATURE, "日期"), Block(NOTE, "注"), Block(NOTE, "又注")),
    )
    document = opened(as_docx(paper))
    assert [paragraph.style.name for paragraph in document.paragraphs] == [
        *("Title", "Heading 1", "Body Text", "Body Text After Table", "List Paragraph"),
        *("First Signature", "Signature", "First Note", "Note"),
    ]
    cells = [cell.paragraphs[0].style.name for row in document.tables[0].rows for cell in row.cells]
    assert cells == ["Table Head", "Table Head", "Table Text", "Table Text"]


def test_a_table_is_as_wide_as_the_text_and_its_head_comes_again_on_every_page():
    document = opened(as_docx(write_paper("evidence_list", Advice(counterfeit(), knowledge(), TODAY))))
    section = document.sections[0]
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
    read = "\n".join(line for line in lines_of(opened(as_docx(paper))) if line)
    assert read == "\n".join(line for line in as_text(paper).split("\n") if line)


def test_goods_of_which_nothing_can_be_seen_are_a_blank():
    assert "【请填写：商品名称和规格】" in as_text(
        write_paper("seller_message", Advice(counterfeit(goods="\x07\u200b"), knowledge(), TODAY))
    )


texts = st.text(max_size=20)


@given(
    texts, texts, st.sampled_from([HEADING, PARAGRAPH, NUMBERED, SIGNATURE, NOTE]), st.dates(datetime.date(1980, 1, 1))
)
@example(title="", text="\r\n", kind=HEADING, day=datetime.date(2000, 1, 1))
@example(title="甲\r\x00\n乙", text="甲\r乙\n\r丙", kind=PARAGRAPH, day=datetime.date(2000, 1, 1))
def test_any_text_gives_a_file_that_opens(title, text, kind, day):
    paper = Paper("evidence_list", title, (Block(kind, text), Block(TABLE, rows=((text, title),))), day)
    document = opened(as_docx(paper))
    shown = [re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]", "", string) for string in (title, text)]
    as_word = [re.sub("\r\n?", "\n", string) for string in shown]
    assert [paragraph.text.replace("\r", "\n") for paragraph in document.paragraphs] == as_word
    assert document.core_properties.modified.date() == day
