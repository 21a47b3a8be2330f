"""A paper as a Word file: A4, the fonts and margins usual for Chinese documents, page numbers.

What is for the shopper stands on a page of its own before it, which is not handed in; blanks
are marked.

The look is that of `weiquan/templates/paper.docx` (made by
`scripts/paper_template.py`); here its styles are only named. Numbers before
items are plain text and not Word's own numbering, so that the file says exactly
what `papers.as_text` says, wherever it is opened.
"""

from __future__ import annotations

import datetime
import io
import re
from typing import Dict, Optional, Sequence, Tuple

import docx
from docx.document import Document
from docx.enum.section import WD_SECTION
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Emu
from docx.table import Table
from docx.text.paragraph import Paragraph

from weiquan.papers.paper import HEADING, NOTE, NUMBERED, PARAGRAPH, SIGNATURE, TABLE, Block, Paper
from weiquan.papers.printable import BLANK
from weiquan.places import TEMPLATES

TEMPLATE = TEMPLATES / "paper.docx"

TITLE_STYLE, TABLE_STYLE, HEAD_STYLE, CELL_STYLE = "Title", "Table Grid", "Table Head", "Table Text"
COVER_STYLE, BLANK_STYLE = "Cover", "Blank"

COVER = "给您的提示（这一页不用交）"

_STYLES = {
    HEADING: "Heading 1",
    PARAGRAPH: "Body Text",
    NUMBERED: "List Paragraph",
    SIGNATURE: "Signature",
    NOTE: "Note",
}

_FIRST_STYLES = {SIGNATURE: "First Signature"}
"""The styles of those that stand first of their kind, at some distance from what is above."""

_STYLES_AFTER_TABLE = {**_FIRST_STYLES, PARAGRAPH: "Body Text After Table"}

_COLUMNS: Dict[int, Tuple[float, ...]] = {4: (0.09, 0.34, 0.31, 0.26)}
"""Shares of the width for the columns of a table; equal ones where none are given."""

BLANK_OR_NOT = re.compile(f"({BLANK.pattern})")

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What no XML file may hold: control characters and halves of characters."""


def as_docx(paper: Paper) -> bytes:
    """Return the bytes of a .docx file that says what `papers.as_text` says, but for characters that no file can hold.

    The file names neither the machine nor a person; its dates are the day the paper bears.
    """
    document = docx.Document(str(TEMPLATE))
    _set_properties(document, paper)
    notes = [block for block in paper.blocks if block.kind == NOTE]
    if notes:
        _add_cover(document, notes)
    if not paper.is_message:
        document.add_paragraph(_writable(paper.title), style=TITLE_STYLE)
    before: Optional[Block] = None
    for block in paper.blocks:
        if block.kind == NOTE:
            continue
        if block.kind == TABLE:
            _add_table(document, block.rows)
        else:
            _write(document.add_paragraph(style=_style_of(block, before)), block.text)
        before = block
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _add_cover(document: Document, notes: Sequence[Block]) -> None:
    """Write the page for the shopper; the paper begins on the next one, as page 1."""
    document.add_paragraph(COVER, style=COVER_STYLE)
    for note in notes:
        document.add_paragraph(_writable(note.text), style=_STYLES[NOTE])
    paper = document.add_section(WD_SECTION.NEW_PAGE)
    for footer in document.sections[0]._sectPr.findall(qn("w:footerReference")):
        paper._sectPr.insert(0, footer)
    pages = OxmlElement("w:pgNumType")
    pages.set(qn("w:start"), "1")
    # The schema fixes the order of these elements: the numbers come after the margins.
    paper._sectPr.find(qn("w:pgMar")).addnext(pages)


def _write(paragraph: Paragraph, text: str) -> None:
    """Write `text` into an empty paragraph, its blanks in a style of their own."""
    for part in BLANK_OR_NOT.split(_writable(text)):
        if part:
            paragraph.add_run(part, style=BLANK_STYLE if BLANK.fullmatch(part) else None)


def _writable(text: str) -> str:
    # python-docx would make two breaks of one end of line as Windows writes it.
    return re.sub("\r\n?", "\n", _NOT_XML.sub("", text))


def _style_of(block: Block, before: Optional[Block]) -> str:
    usual = _STYLES[block.kind]
    if before is None or before.kind == block.kind:
        return usual
    return (_STYLES_AFTER_TABLE if before.kind == TABLE else _FIRST_STYLES).get(block.kind, usual)


def _add_table(document: Document, rows: Sequence[Sequence[str]]) -> None:
    table = document.add_table(rows=len(rows), cols=len(rows[0]), style=TABLE_STYLE)
    table.autofit = False
    width = _text_width(document)
    shares = _COLUMNS.get(len(rows[0]), tuple(1 / len(rows[0]) for _ in rows[0]))
    for column, share in zip(table.columns, shares, strict=True):
        # LibreOffice goes by the columns, Word by the cells.
        column.width = Emu(int(width * share))
    for number, row in enumerate(rows):
        for cell, text, share in zip(table.rows[number].cells, row, shares, strict=True):
            cell.width = Emu(int(width * share))
            cell.paragraphs[0].style = CELL_STYLE if number else HEAD_STYLE
            _write(cell.paragraphs[0], text)
        _mark_row(table, number, "w:cantSplit")
    # The heads stand above the rows on every page.
    _mark_row(table, 0, "w:tblHeader")


def _text_width(document: Document) -> int:
    section = document.sections[0]
    return int((section.page_width or 0) - (section.left_margin or 0) - (section.right_margin or 0))


def _mark_row(table: Table, row: int, mark: str) -> None:
    table.rows[row]._tr.get_or_add_trPr().append(OxmlElement(mark))


def _set_properties(document: Document, paper: Paper) -> None:
    properties = document.core_properties
    properties.title = _writable(paper.title)
    properties.created = properties.modified = datetime.datetime.combine(paper.written, datetime.time())
