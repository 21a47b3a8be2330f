"""A paper as blocks, and as plain text.

A template's lines become blocks by their first characters:

    ## heading    - numbered    | cell | cell |    >> signature    // note

anything else is a paragraph. Notes are for the shopper and are not part of
what is handed in.
"""

from __future__ import annotations

import dataclasses
import datetime
from typing import List, Tuple

HEADING, PARAGRAPH, NUMBERED, TABLE, SIGNATURE, NOTE = (
    "heading",
    "paragraph",
    "numbered",
    "table",
    "signature",
    "note",
)

CELL_MARK = " ｜ "
"""What stands between the cells of a row in the text form."""

_MARKS = (("## ", HEADING), ("- ", NUMBERED), (">> ", SIGNATURE), ("// ", NOTE))


@dataclasses.dataclass(frozen=True)
class Block:
    """A piece of a paper: `kind` is one of the names above; a table has `rows`, the first its heads, others `text`.

    A numbered block's text begins with its number.
    """

    kind: str
    text: str = ""
    rows: Tuple[Tuple[str, ...], ...] = ()


@dataclasses.dataclass(frozen=True)
class Paper:
    """A paper ready to be read: the blocks from top to bottom, the notes at the end.

    `written` is the day that it bears; an `is_message` is sent as it stands, without its title.
    """

    id: str
    title: str
    blocks: Tuple[Block, ...]
    written: datetime.date
    is_message: bool = False


def as_text(paper: Paper, with_notes: bool = True) -> str:
    """Return the paper as plain text to copy: the title first, then an empty line before headings and notes."""
    lines = [] if paper.is_message else [paper.title]
    before = ""
    for block in paper.blocks:
        if block.kind == NOTE and not with_notes:
            continue
        if block.kind == HEADING or (block.kind == NOTE and before != NOTE):
            lines.append("")
        lines.extend([CELL_MARK.join(row) for row in block.rows] if block.kind == TABLE else [block.text])
        before = block.kind
    return "\n".join(lines).strip()


# --- from text to blocks ---


def as_blocks(text: str) -> Tuple[Block, ...]:
    """Return the blocks of the lines that a template wrote; numbers begin anew under every heading."""
    blocks: List[Block] = []
    rows: List[Tuple[str, ...]] = []
    number = 0
    for line in [*text.split("\n"), ""]:
        if line.startswith("|"):
            rows.append(tuple(cell.strip() for cell in line.strip().strip("|").split("|")))
            continue
        if rows:
            blocks.append(Block(TABLE, rows=tuple(rows)))
            rows = []
        if not line.strip():
            continue
        mark, kind = next((mark for mark in _MARKS if line.startswith(mark[0])), ("", PARAGRAPH))
        said = line[len(mark) :].strip()
        if kind == NUMBERED:
            number += 1
            said = f"{number}. {said}"
        elif kind == HEADING:
            number = 0
        blocks.append(Block(kind, said))
    return tuple(blocks)
