"""A paper as a Word file: A4, the fonts and margins usual for Chinese documents, page numbers.

Numbers before items are plain text and not Word's own numbering, so that the
file says exactly what `papers.as_text` says, wherever it is opened.
"""

from __future__ import annotations

import datetime
import io
from typing import Dict, Optional, Sequence, Tuple

import docx
from docx.document import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Emu, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.table import Table
from docx.text.paragraph import Paragraph

from weiquan.papers.paper import HEADING, NOTE, NUMBERED, PARAGRAPH, SIGNATURE, TABLE, Block, Paper

BODY_FONT, HEADING_FONT, TITLE_FONT, LATIN_FONT = "仿宋", "黑体", "宋体", "Times New Roman"

BODY_SIZE, TABLE_SIZE, NOTE_SIZE, TITLE_SIZE = Pt(14), Pt(12), Pt(10.5), Pt(20)

PAGE_WIDTH, PAGE_HEIGHT = Cm(21), Cm(29.7)

# A4 as in official documents (GB/T 9704): 3.7 cm above, 2.8 cm at the left; a little less, for few words to fill.
TOP, BOTTOM, LEFT, RIGHT = Cm(3), Cm(2.5), Cm(2.8), Cm(2.6)

_NOTE_COLOUR = RGBColor(0x59, 0x59, 0x59)

_INDENT = "200"
"""Two characters, in hundredths of one (w:firstLineChars)."""

_COLUMNS: Dict[int, Tuple[float, ...]] = {4: (0.09, 0.34, 0.31, 0.26)}
"""Shares of the width for the columns of a table; equal ones where none are given."""


def as_docx(paper: Paper) -> bytes:
    """Return the bytes of a .docx file that says what `papers.as_text` says.

    The file names neither the machine nor a person; its dates are the day the paper bears.
    """
    document = docx.Document()
    _set_page(document)
    _set_styles(document)
    _set_properties(document, paper)
    _number_pages(document)
    if not paper.is_message:
        _add(document, paper.title, "Title")
    before: Optional[Block] = None
    for block in paper.blocks:
        _write(document, block, before)
        before = block
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _write(document: Document, block: Block, before: Optional[Block]) -> None:
    if block.kind == TABLE:
        _add_table(document, block.rows)
        return
    style = {HEADING: "Heading 1", NOTE: "Caption", NUMBERED: "List Paragraph"}.get(block.kind, "Normal")
    paragraph = _add(document, block.text, style)
    if block.kind == PARAGRAPH:
        _indent(paragraph)
        if before and before.kind == TABLE:
            paragraph.paragraph_format.space_before = Pt(6)
    elif block.kind == SIGNATURE:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        if before and before.kind != SIGNATURE:
            paragraph.paragraph_format.space_before = Pt(18)
            paragraph.paragraph_format.keep_with_next = True
    elif block.kind == NOTE and before and before.kind != NOTE:
        paragraph.paragraph_format.space_before = Pt(24)
        _rule_above(paragraph)


def _add(document: Document, text: str, style: str) -> Paragraph:
    return document.add_paragraph(text, style=style)


def _add_table(document: Document, rows: Sequence[Sequence[str]]) -> None:
    table = document.add_table(rows=len(rows), cols=len(rows[0]), style="Table Grid")
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    width = PAGE_WIDTH - LEFT - RIGHT
    shares = _COLUMNS.get(len(rows[0]), tuple(1 / len(rows[0]) for _ in rows[0]))
    for column, share in zip(table.columns, shares, strict=True):
        # LibreOffice goes by the columns, Word by the cells.
        column.width = Emu(int(width * share))
    for number, row in enumerate(rows):
        for cell, text, share in zip(table.rows[number].cells, row, shares, strict=True):
            cell.width = Emu(int(width * share))
            paragraph = cell.paragraphs[0]
            paragraph.paragraph_format.line_spacing = 1.15
            run = paragraph.add_run(text)
            run.font.size = TABLE_SIZE
            run.bold = number == 0
            if number == 0:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        _keep_whole(table, number)
    _repeat_first_row(table)


# --- the look ---


def _set_page(document: Document) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = PAGE_WIDTH, PAGE_HEIGHT
    section.top_margin, section.bottom_margin = TOP, BOTTOM
    section.left_margin, section.right_margin = LEFT, RIGHT


def _set_styles(document: Document) -> None:
    normal = _styled(document, "Normal", BODY_FONT, BODY_SIZE)
    normal.paragraph_format.line_spacing = 1.5
    normal.paragraph_format.space_after = Pt(0)
    title = _styled(document, "Title", TITLE_FONT, TITLE_SIZE, bold=True)
    title.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    title.paragraph_format.space_after = Pt(12)
    _drop_border(title)
    heading = _styled(document, "Heading 1", HEADING_FONT, BODY_SIZE, bold=False)
    heading.paragraph_format.space_before = Pt(12)
    heading.paragraph_format.space_after = Pt(0)
    heading.paragraph_format.keep_with_next = True
    item = _styled(document, "List Paragraph", BODY_FONT, BODY_SIZE)
    # The second line stands under the first word, not under the number.
    item.paragraph_format.left_indent, item.paragraph_format.first_line_indent = Pt(28), Pt(-21)
    note = _styled(document, "Caption", BODY_FONT, NOTE_SIZE, bold=False)
    note.font.color.rgb = _NOTE_COLOUR
    note.paragraph_format.line_spacing = 1.25
    note.paragraph_format.space_after = Pt(3)


def _styled(document: Document, name: str, font: str, size: Pt, bold: Optional[bool] = None) -> ParagraphStyle:
    """Set the fonts of a style: `font` for Chinese characters, which Word keeps apart from the Latin ones."""
    style = document.styles[name]
    assert isinstance(style, ParagraphStyle)
    style.font.name, style.font.size, style.font.bold, style.font.italic = LATIN_FONT, size, bold, False
    style.font.color.rgb = RGBColor(0, 0, 0)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        # A theme's font would win over the one named here.
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    fonts.set(qn("w:eastAsia"), font)
    return style


def _indent(paragraph: Paragraph) -> None:
    indent = paragraph._p.get_or_add_pPr().get_or_add_ind()
    indent.set(qn("w:firstLineChars"), _INDENT)
    # For programs that do not know characters: two of the body's size, in twentieths of a point.
    indent.set(qn("w:firstLine"), str(int(BODY_SIZE.pt * 2 * 20)))


def _drop_border(style: ParagraphStyle) -> None:
    properties = style.element.get_or_add_pPr()
    for border in properties.findall(qn("w:pBdr")):
        properties.remove(border)


def _rule_above(paragraph: Paragraph) -> None:
    """Draw a line between the paper and the notes, which are not handed in."""
    borders = OxmlElement("w:pBdr")
    top = OxmlElement("w:top")
    for name, value in (("val", "single"), ("sz", "6"), ("space", "6"), ("color", "A6A6A6")):
        top.set(qn(f"w:{name}"), value)
    borders.append(top)
    properties = paragraph._p.get_or_add_pPr()
    # The schema fixes the order of these elements: borders come before spacing.
    spacing = properties.find(qn("w:spacing"))
    if spacing is None:
        properties.append(borders)
    else:
        spacing.addprevious(borders)


def _keep_whole(table: Table, row: int) -> None:
    properties = table.rows[row]._tr.get_or_add_trPr()
    properties.append(OxmlElement("w:cantSplit"))


def _repeat_first_row(table: Table) -> None:
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def _number_pages(document: Document) -> None:
    _styled(document, "Footer", BODY_FONT, NOTE_SIZE)
    paragraph = document.sections[0].footer.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for before, field in (("第 ", "PAGE"), (" 页，共 ", "NUMPAGES")):
        paragraph.add_run(before)
        run = paragraph.add_run()
        for element, attribute, value in (
            ("w:fldChar", "w:fldCharType", "begin"),
            ("w:instrText", None, field),
            ("w:fldChar", "w:fldCharType", "end"),
        ):
            piece = OxmlElement(element)
            if attribute:
                piece.set(qn(attribute), value)
            else:
                piece.text = value
            run._r.append(piece)
    paragraph.add_run(" 页")


def _set_properties(document: Document, paper: Paper) -> None:
    """Say the title and the day; the library's own name and the template's date go."""
    properties = document.core_properties
    written = datetime.datetime.combine(paper.written, datetime.time())
    properties.title = paper.title
    properties.author = properties.last_modified_by = properties.comments = properties.keywords = ""
    properties.created = properties.modified = written
    properties.language = "zh-CN"
    properties.revision = 1
