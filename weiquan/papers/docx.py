"""A paper as a Word file: A4, the fonts and margins usual for Chinese documents, page numbers.

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
from docx.oxml import OxmlElement
from docx.shared import Emu
from docx.table import Table

from weiquan.papers.paper import HEADING, NOTE, NUMBERED, PARAGRAPH, SIGNATURE, TABLE, Block, Paper
from weiquan.places import TEMPLATES

TEMPLATE = TEMPLATES / "paper.docx"

TITLE_STYLE, TABLE_STYLE, HEAD_STYLE, CELL_STYLE = "Title", "Table Grid", "Table Head", "Table Text"

_STYLES = {
    HEADING: "Heading 1",
    PARAGRAPH: "Body Text",
    NUMBERED: "List Paragraph",
    SIGNATURE: "Signature",
    NOTE: "Note",
}

_FIRST_STYLES = {SIGNATURE: "First Signature", NOTE: "First Note"}
"""The styles of those that stand first of their kind, at some distance from what is above."""

_STYLES_AFTER_TABLE = {**_FIRST_STYLES, PARAGRAPH: "Body Text After Table"}

_COLUMNS: Dict[int, Tuple[float, ...]] = {4: (0.09, 0.34, 0.31, 0.26)}
"""Shares of the width for the columns of a table; equal ones where none are given."""

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What no XML file may hold: control characters and halves of characters."""


def as_docx(paper: Paper) -> bytes:
    """Return the bytes of a .docx file that says what `papers.as_text` says, but for characters that no file can hold.

    The file names neither the machine nor a person; its dates are the day the paper bears.
    """
    document = docx.Document(str(TEMPLATE))
    _set_properties(document, paper)
    if not paper.is_message:
        document.add_paragraph(_writable(paper.title), style=TITLE_STYLE)
    before: Optional[Block] = None
    for block in paper.blocks:
        if block.kind == TABLE:
            _add_table(document, block.rows)
        else:
            document.add_paragraph(_writable(block.text), style=_style_of(block, before))
        before = block
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


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
            cell.paragraphs[0].add_run(_writable(text))
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
