"""Make `weiquan/templates/paper.docx`: page, styles and footer of all papers.

`python -m scripts.paper_template` writes it anew. `weiquan.papers.docx` fills
it and knows the names of the styles alone. It is python-docx's own template
without what belongs to another look or language: its theme, whose fonts for
Chinese characters are Japanese, and more than a hundred styles.
"""

from __future__ import annotations

import datetime
import io
import sys
import zipfile
from typing import Optional

import docx
from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.section import Section
from docx.shared import Cm, Length, Pt, RGBColor
from docx.styles.style import ParagraphStyle

from weiquan.papers.docx import TEMPLATE

LATIN, FANGSONG, HEITI, SONGTI = "Times New Roman", "仿宋", "黑体", "宋体"

BODY, SMALL, TINY, LARGE = Pt(14), Pt(12), Pt(10.5), Pt(20)

RED = RGBColor(0xC0, 0x00, 0x00)

LANGUAGE = "zh-CN"

CENTRE, RIGHT = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT

MADE = datetime.datetime(2026, 1, 1)
"""Stands for the day on which the template was made: each paper bears its own."""

_ZIP_DATE = (1980, 1, 1, 0, 0, 0)

_PARTS = {RELATIONSHIP_TYPE.STYLES, RELATIONSHIP_TYPE.SETTINGS}

_PACKAGE_PARTS = {RELATIONSHIP_TYPE.OFFICE_DOCUMENT, RELATIONSHIP_TYPE.CORE_PROPERTIES}

_STYLES = {
    *("Normal", "Title", "Heading 1", "Body Text", "List Paragraph", "Footer", "Table Grid"),
    *("Default Paragraph Font", "Normal Table", "No List"),
}
"""The styles of python-docx's template that stay: those in use, and the four defaults of a file."""

# The Latin names of the fonts, and that they are Chinese: who lacks one gets another Chinese one.
_FONT_TABLE = f"""<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<w:fonts {nsdecls("w")}>
  <w:font w:name="{FANGSONG}"><w:altName w:val="FangSong"/><w:charset w:val="86"/><w:family w:val="modern"/></w:font>
  <w:font w:name="{HEITI}"><w:altName w:val="SimHei"/><w:charset w:val="86"/><w:family w:val="modern"/></w:font>
  <w:font w:name="{SONGTI}"><w:altName w:val="SimSun"/><w:charset w:val="86"/><w:family w:val="auto"/></w:font>
  <w:font w:name="{LATIN}"><w:charset w:val="00"/><w:family w:val="roman"/></w:font>
</w:fonts>
"""


def template() -> bytes:
    """Return the bytes of the template; their content is the same each time."""
    document = docx.Document()
    _drop_parts(document)
    _set_fonts(document)
    _set_settings(document)
    _set_page(document.sections[0])
    _set_styles(document)
    _number_pages(document.sections[0])
    properties = document.core_properties
    properties.title = properties.author = properties.last_modified_by = properties.comments = ""
    properties.created = properties.modified = MADE
    properties.language = LANGUAGE
    buffer = io.BytesIO()
    document.save(buffer)
    return _undated(buffer.getvalue())


def _undated(content: bytes) -> bytes:
    """Return a zip file with the same parts in the same order that does not tell when it was written."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(buffer, "w") as target:
        for name in source.namelist():
            target.writestr(zipfile.ZipInfo(name, _ZIP_DATE), source.read(name), zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def _drop_parts(document: Document) -> None:
    for relations, kept in ((document.part.rels, _PARTS), (document.part.package.rels, _PACKAGE_PARTS)):
        for name in [name for name, relation in relations.items() if relation.reltype not in kept]:
            del relations[name]
    for style in [style for style in document.styles if style.name not in _STYLES]:
        style.delete()
    root = document.styles.element
    for element in root.findall(qn("w:latentStyles")):
        root.remove(element)
    for element in list(root.iter(qn("w:link"), qn("w:rsid"))):
        element.getparent().remove(element)


def _set_fonts(document: Document) -> None:
    """Say what every text is in, whatever its style: the fonts, the size, the language."""
    defaults = document.styles.element.find(qn("w:docDefaults"))
    defaults.getparent().replace(
        defaults,
        parse_xml(
            f"<w:docDefaults {nsdecls('w')}><w:rPrDefault><w:rPr>"
            f'<w:rFonts w:ascii="{LATIN}" w:hAnsi="{LATIN}" w:eastAsia="{FANGSONG}" w:cs="{LATIN}"/>'
            f'<w:sz w:val="{_half_points(BODY)}"/><w:szCs w:val="{_half_points(BODY)}"/>'
            f'<w:lang w:val="{LANGUAGE}" w:eastAsia="{LANGUAGE}"/>'
            "</w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults>"
        ),
    )
    name = PackURI("/word/fontTable.xml")
    fonts = Part(name, CONTENT_TYPE.WML_FONT_TABLE, _FONT_TABLE.encode("utf-8"), document.part.package)
    document.part.relate_to(fonts, RELATIONSHIP_TYPE.FONT_TABLE)


def _half_points(size: Length) -> int:
    return int(size.pt * 2)


def _set_settings(document: Document) -> None:
    settings = document.settings.element
    # Revision marks, a preview and the colours of the theme: none of them is left.
    for name in ("w:rsids", "w:savePreviewPicture", "w:clrSchemeMapping", "w:doNotAutoCompressPictures"):
        for element in settings.findall(qn(name)):
            settings.remove(element)
    for element in settings.iter(qn("w:compatSetting")):
        if element.get(qn("w:name")) == "compatibilityMode":
            # Word 2013 and later: a table is as wide as the text, and no "compatibility mode" in the title.
            element.set(qn("w:val"), "15")
    language = settings.find(qn("w:themeFontLang"))
    language.set(qn("w:val"), LANGUAGE)
    language.set(qn("w:eastAsia"), LANGUAGE)


def _set_page(section: Section) -> None:
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    # As in official documents (GB/T 9704): 3.7 cm above, 2.8 cm at the left; a little less, for few words to fill.
    section.top_margin, section.bottom_margin = Cm(3), Cm(2.5)
    section.left_margin, section.right_margin = Cm(2.8), Cm(2.6)


def _set_styles(document: Document) -> None:
    _style(document, "Normal", line=1.5)
    title = _style(document, "Title", SONGTI, LARGE, bold=True, line=1.0, align=CENTRE, after=Pt(12))
    heading = _style(document, "Heading 1", HEITI, before=Pt(12))
    title.paragraph_format.keep_with_next = heading.paragraph_format.keep_with_next = True
    _outline(heading)
    _indent(_style(document, "Body Text"))
    _style(document, "Body Text After Table", base="Body Text", before=Pt(6))
    item = _style(document, "List Paragraph").paragraph_format
    # The second line stands under the first word, not under the number.
    item.left_indent, item.first_line_indent = Pt(28), Pt(-21)
    _style(document, "Signature", align=RIGHT)
    first = _style(document, "First Signature", base="Signature", before=Pt(18))
    first.paragraph_format.keep_with_next = True
    _style(document, "Cover", SONGTI, BODY, bold=True, line=1.0, align=CENTRE, after=Pt(12))
    _style(document, "Note", size=SMALL, line=1.35, after=Pt(6))
    _mark_blanks(document)
    _style(document, "Table Text", size=SMALL, line=1.15)
    _style(document, "Table Head", base="Table Text", bold=True, align=CENTRE)
    _style(document, "Footer", size=TINY, line=1.0, align=CENTRE)
    _set_table(document.styles["Table Grid"].element.find(qn("w:tblPr")))


def _style(
    document: Document,
    name: str,
    font: Optional[str] = None,
    size: Optional[Length] = None,
    *,
    base: Optional[str] = "Normal",
    line: Optional[float] = None,
    before: Optional[Length] = None,
    after: Optional[Length] = None,
    align: Optional[WD_ALIGN_PARAGRAPH] = None,
    bold: Optional[bool] = None,
) -> ParagraphStyle:
    """Return the paragraph style `name`, made where it is missing; what is None is as in `base`."""
    if name in document.styles:
        style = document.styles[name]
        for part in ("w:pPr", "w:rPr"):
            for element in style.element.findall(qn(part)):
                style.element.remove(element)
    else:
        style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH, builtin=name == "Signature")
    assert isinstance(style, ParagraphStyle)
    if name != base:
        style.base_style = document.styles[base] if base else None
    style.hidden = style.unhide_when_used = False
    style.quick_style = True
    style.font.size, style.font.bold = size, bold
    if font or name == "Normal":
        _set_font(style, font or FANGSONG)
    form = style.paragraph_format
    form.line_spacing, form.space_before, form.space_after, form.alignment = line, before, after, align
    return style


def _set_font(style: ParagraphStyle, font: str) -> None:
    """Name the font of the Chinese characters, which Word keeps apart from the Latin one, and that one."""
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for script, name in (("ascii", LATIN), ("hAnsi", LATIN), ("eastAsia", font), ("cs", LATIN)):
        fonts.set(qn(f"w:{script}"), name)


def _set_table(properties: BaseOxmlElement) -> None:
    """Leave a little air between the lines of a table and its words."""
    for edge in ("top", "bottom"):
        properties.find(f"{qn('w:tblCellMar')}/{qn(f'w:{edge}')}").set(qn("w:w"), "30")


def _outline(style: ParagraphStyle) -> None:
    level = OxmlElement("w:outlineLvl")
    level.set(qn("w:val"), "0")
    style.element.get_or_add_pPr().append(level)


def _indent(style: ParagraphStyle) -> None:
    indent = style.element.get_or_add_pPr().get_or_add_ind()
    # Two characters, in hundredths of one; and for programs that do not know characters, in twentieths of a point.
    indent.set(qn("w:firstLineChars"), "200")
    indent.set(qn("w:firstLine"), str(int(BODY.pt * 2 * 20)))


def _mark_blanks(document: Document) -> None:
    """Make the character style of blanks, which nobody can overlook: bold and red on yellow."""
    style = document.styles.add_style("Blank", WD_STYLE_TYPE.CHARACTER)
    style.font.bold, style.font.color.rgb = True, RED
    # A style knows no highlighting; its shading looks the same.
    style.element.get_or_add_rPr().append(
        parse_xml(f'<w:shd {nsdecls("w")} w:val="clear" w:color="auto" w:fill="FFF200"/>')
    )


def _number_pages(section: Section) -> None:
    paragraph = section.footer.paragraphs[0]
    # No total: the cover page for the shopper would count.
    paragraph.add_run("第 ")
    run = paragraph.add_run()
    for element in (
        '<w:fldChar {} w:fldCharType="begin"/>',
        "<w:instrText {}>PAGE</w:instrText>",
        '<w:fldChar {} w:fldCharType="end"/>',
    ):
        run._r.append(parse_xml(element.format(nsdecls("w"))))
    paragraph.add_run(" 页")


def main() -> int:
    """Write the template."""
    TEMPLATE.write_bytes(template())
    return 0


if __name__ == "__main__":
    sys.exit(main())
