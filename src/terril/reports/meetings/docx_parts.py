"""How are a heading, a list or a table written into a word-processor file, for all readers?

Headings and lists are styles, never bold paragraphs; the head line of a table is marked and
repeated; a table has its description; the language is French. Nothing depends on the clock.
"""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Sequence
from typing import Any, Final

from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.table import Table
from docx.text.paragraph import Paragraph

from terril.lib.tokens import COLOURS

_FONT: Final = "Calibri"
#: properties of a table, in the order of ISO/IEC 29500-1, 17.4.60
_ORDER: Final = (
    "tblStyle", "tblpPr", "tblOverlap", "bidiVisual", "tblStyleRowBandSize",
    "tblStyleColBandSize", "tblW", "jc", "tblCellSpacing", "tblInd", "tblBorders", "shd",
    "tblLayout", "tblCellMar", "tblLook", "tblCaption", "tblDescription",
)  # fmt: skip
_SIZES: Final = {"Title": (22, 2), "Heading 1": (14, 14), "Heading 2": (12, 10)}


def colour(name: str) -> RGBColor:
    """A colour of the house."""
    return RGBColor.from_string(COLOURS[name].removeprefix("#"))


def dress(document: Document) -> None:
    """Give the document the styles of the house: A4, slate on white, French."""
    for section in document.sections:
        section.page_width, section.page_height = Cm(21), Cm(29.7)
        section.left_margin = section.right_margin = Cm(2.2)
        section.top_margin, section.bottom_margin = Cm(2.2), Cm(2)
    normal = _style(document, "Normal")
    normal.font.name, normal.font.size = _FONT, Pt(11)
    normal.paragraph_format.space_after = Pt(6)
    normal.paragraph_format.line_spacing = 1.15
    for name, (size, before) in _SIZES.items():
        style = _style(document, name)
        style.font.name, style.font.size, style.font.bold = _FONT, Pt(size), True
        style.font.color.rgb = colour("ardoise")
        style.paragraph_format.space_before = Pt(before)
        style.paragraph_format.space_after = Pt(4)
        style.paragraph_format.keep_with_next = True
        _plain_font(style)
    for border in _style(document, "Title").element.findall(".//" + qn("w:pBdr")):
        border.getparent().remove(border)
    language(document)


def _style(document: Document, name: str) -> ParagraphStyle:
    style = document.styles[name]
    if not isinstance(style, ParagraphStyle):
        raise TypeError(f"{name} is no style of paragraphs")
    return style


def _plain_font(style: ParagraphStyle) -> None:
    """Drop the fonts of a theme, which win over the name of a font."""
    fonts = style.element.find(".//" + qn("w:rFonts"))
    if fonts is not None:
        for key in [k for k in fonts.attrib if k.endswith("Theme")]:
            del fonts.attrib[key]


def language(document: Document, code: str = "fr-FR") -> None:
    """Say that the text is French, for spelling and for screen readers."""
    properties = document.styles.element.find(".//" + qn("w:rPrDefault") + "/" + qn("w:rPr"))
    if properties is None:
        return
    mark = properties.find(qn("w:lang"))
    if mark is None:
        mark = OxmlElement("w:lang")
        properties.append(mark)
    mark.set(qn("w:val"), code)
    mark.set(qn("w:eastAsia"), code)


def has_style(document: Document, name: str, kind: WD_STYLE_TYPE) -> bool:
    """Does the document know a style?"""
    return any(s.name == name and s.type == kind for s in document.styles)


def heading(document: Document, text: str, level: int) -> Paragraph:
    """Make a heading; a document without that style gets a bold paragraph."""
    name = f"Heading {level}"
    if has_style(document, name, WD_STYLE_TYPE.PARAGRAPH):
        return document.add_paragraph(text, style=name)
    paragraph = document.add_paragraph()
    paragraph.add_run(text).bold = True
    return paragraph


def numbered(document: Document, items: Sequence[str], *, styled: bool = False) -> list[Paragraph]:
    """Make a numbered list.

    ``styled``: a list of the word processor, for a document that has no other one. Without it
    the numbers are written, since the numbering of a file of others may go on from elsewhere.
    """
    if styled and has_style(document, "List Number", WD_STYLE_TYPE.PARAGRAPH):
        return [document.add_paragraph(item, style="List Number") for item in items]
    made = []
    for rank, item in enumerate(items, 1):
        paragraph = document.add_paragraph()
        paragraph.paragraph_format.left_indent = Cm(0.8)
        paragraph.paragraph_format.first_line_indent = Cm(-0.8)
        paragraph.paragraph_format.space_after = Pt(2)
        paragraph.paragraph_format.tab_stops.add_tab_stop(Cm(0.8))
        paragraph.add_run(f"{rank}.\t{item}")
        made.append(paragraph)
    return made


def written(document: Document, text: str) -> Paragraph:
    """Make a paragraph; the line breaks of the text are kept."""
    paragraph = document.add_paragraph()
    for index, line in enumerate(text.split("\n")):
        if index:
            paragraph.add_run().add_break()
        paragraph.add_run(line)
    return paragraph


def table(
    document: Document,
    heads: Sequence[str],
    rows: Sequence[Sequence[str]],
    widths: Sequence[float],
    about: str,
) -> Table:
    """Make a table. ``widths`` in centimetres; ``about`` is read to who does not see it."""
    made: Table = document.add_table(rows=1, cols=len(heads))
    made.autofit = False
    properties = made._tbl.tblPr
    for name, value in (("w:tblCaption", about), ("w:tblDescription", about)):
        mark = OxmlElement(name)
        mark.set(qn("w:val"), value)
        properties.append(mark)
    _borders(properties)
    _in_order(properties)
    _line(made.rows[0].cells, heads, bold=True)
    mark = OxmlElement("w:tblHeader")
    made.rows[0]._tr.get_or_add_trPr().append(mark)
    for cells in rows:
        line = made.add_row()  # type: ignore[no-untyped-call]
        line._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        _line(line.cells, cells, bold=False)
    for row in made.rows:
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = Cm(width)
    return made


def _line(cells: Sequence[Any], texts: Sequence[str], *, bold: bool) -> None:
    for cell, text in zip(cells, texts, strict=True):
        paragraph = cell.paragraphs[0]
        paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(2)
        paragraph.paragraph_format.line_spacing = 1.0
        for index, part in enumerate(text.split("\n")):
            if index:
                paragraph.add_run().add_break()
            run = paragraph.add_run(part)
            run.font.size = Pt(10)
            run.bold = bold or None


def _borders(properties: Any) -> None:
    """Lines between the rows, none between the columns."""
    borders = OxmlElement("w:tblBorders")
    for side, size in (("top", "8"), ("bottom", "4"), ("insideH", "4")):
        edge = OxmlElement(f"w:{side}")
        edge.set(qn("w:val"), "single")
        edge.set(qn("w:sz"), size)
        edge.set(qn("w:space"), "0")
        edge.set(qn("w:color"), COLOURS["ardoise" if side == "top" else "filet"].lstrip("#"))
        borders.append(edge)
    properties.append(borders)


def _in_order(properties: Any) -> None:
    """Put the properties of a table in the order of the standard, without which Word refuses."""
    properties[:] = sorted(properties, key=lambda mark: _ORDER.index(mark.tag.rpartition("}")[2]))


def saved(document: Document, day: dt.date) -> bytes:
    """Return the file. Its dates are those of the meeting: the same meeting, the same bytes."""
    moment = dt.datetime(day.year, day.month, day.day)
    properties = document.core_properties
    properties.created = properties.modified = moment
    properties.last_printed = moment
    properties.revision = 1
    properties.last_modified_by = ""
    raw, stamped = io.BytesIO(), io.BytesIO()
    document.save(raw)
    when = (max(day.year, 1980), day.month, day.day, 0, 0, 0)
    with (
        zipfile.ZipFile(raw) as source,
        zipfile.ZipFile(stamped, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for item in source.infolist():
            entry = zipfile.ZipInfo(item.filename, when)
            entry.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(entry, source.read(item))
    return stamped.getvalue()
