"""How is the review of the commitments shown on slides, that a secretary may still change?

Native titles, tables and a native chart: the words are read aloud in order, the figures can be
corrected by hand. The font is one that every office has.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from typing import Any, Final

from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION
from pptx.enum.shapes import MSO_CONNECTOR
from pptx.enum.text import MSO_ANCHOR
from pptx.util import Emu, Inches, Pt

from terril.contrat.commitments.review import Review
from terril.lib.french import NBSP, compte, majuscule
from terril.lib.prose import typographie
from terril.lib.tokens import COLOURS as TOKENS
from terril.reports.commitments.words import (
    COLOURS,
    TITLE,
    Concern,
    Heading,
    concerns,
    day_text,
    line_of,
    moves,
    period_text,
    summary_text,
)

FONT: Final = "Calibri"
_WIDTH, _HEIGHT = Inches(13.333), Inches(7.5)
_LEFT, _TOP = Inches(0.75), Inches(1.6)
_ROOM = _WIDTH - 2 * _LEFT
_LINES: Final = 7  # of a list on one slide
_ROWS: Final = 6  # of a table on one slide
_HEADS: Final = ("N°", "Engagement", "Responsable", "Échéance", "État")
_SHARES: Final = (0.05, 0.45, 0.20, 0.18, 0.12)
_TITLE_ONLY: Final = 5  # layout of the model that python-pptx ships
_STILL: Final = (1980, 1, 1, 0, 0, 0)
_HOUR: Final = re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


def review_slides(review: Review, heading: Heading) -> bytes:
    """Return the slides as a PPTX. The same review gives the same bytes."""
    deck = Presentation()
    deck.slide_width, deck.slide_height = _WIDTH, _HEIGHT
    _cover(deck, review, heading)
    _overview(deck, review)
    _concerns(deck, concerns(review))
    told = [f"{name}{NBSP}: {move}" for name, move in moves(review)]
    for part, lines in _pages(told, _LINES):
        _list(_slide(deck, f"Ce qui a changé d’état{part}"), lines)
    for theme, found in review.themes:
        rows = [line_of(c, review.until) for c in found]
        for part, some in _pages(rows, _ROWS):
            _table(_slide(deck, f"{typographie(theme)}{part}"), some)
    properties = deck.core_properties
    properties.title, properties.author = f"{TITLE} – {heading.contract}", heading.holder
    properties.language = "fr-FR"
    properties.last_modified_by = heading.holder
    day = dt.datetime.combine(heading.day, dt.time())
    properties.created = properties.modified = day
    stream = io.BytesIO()
    deck.save(stream)
    return _still(stream.getvalue())


def _pages(items: Sequence[Any], most: int) -> Iterator[tuple[str, Sequence[Any]]]:
    """Yield « (1/2) » and the items of each slide, evenly filled; "" when one slide is enough."""
    count = -(-len(items) // most)
    for index in range(count):
        first, last = index * len(items) // count, (index + 1) * len(items) // count
        yield (f" ({index + 1}/{count})" if count > 1 else ""), items[first:last]


def _colour(token: str) -> RGBColor:
    red, green, blue = bytes.fromhex(TOKENS[token].lstrip("#"))
    return RGBColor(red, green, blue)  # type: ignore[no-untyped-call]


def _write(paragraph: Any, text: str, size: float, token: str, *, bold: bool = False) -> None:
    run = paragraph.add_run()
    run.text = text
    run.font.size, run.font.bold, run.font.name = Pt(size), bold, FONT
    run.font.color.rgb = _colour(token)


def _slide(deck: Any, title: str, *, top: int = Inches(0.45), size: float = 30) -> Any:
    slide = deck.slides.add_slide(deck.slide_layouts[_TITLE_ONLY])
    shape = slide.shapes.title
    shape.left, shape.top, shape.width, shape.height = _LEFT, top, _ROOM, Inches(0.8)
    frame = shape.text_frame
    frame.word_wrap = True
    frame.vertical_anchor = MSO_ANCHOR.MIDDLE
    frame.margin_left = frame.margin_right = 0
    frame.paragraphs[0].alignment = 1
    _write(frame.paragraphs[0], title, size, "ardoise", bold=True)
    under = top + Inches(0.86)
    line = slide.shapes.add_connector(MSO_CONNECTOR.STRAIGHT, _LEFT, under, _LEFT + _ROOM, under)
    line.line.color.rgb, line.line.width = _colour("brique"), Pt(1.5)
    return slide


def _box(slide: Any, left: int, top: int, width: int, height: int) -> Any:
    frame = slide.shapes.add_textbox(left, top, width, height).text_frame
    frame.word_wrap = True
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    return frame


def _cover(deck: Any, review: Review, heading: Heading) -> None:
    slide = _slide(deck, TITLE, top=Inches(2.3), size=44)
    frame = _box(slide, _LEFT, Inches(3.5), _ROOM, Inches(2))
    lines = (
        (heading.contract, 24.0, "ardoise"),
        (majuscule(period_text(review)), 18.0, "ardoise-2"),
        (f"Pour le {heading.body}, {day_text(heading.day)}", 18.0, "ardoise-2"),
    )
    for index, (text, size, token) in enumerate(lines):
        paragraph = frame.paragraphs[0] if index == 0 else frame.add_paragraph()
        paragraph.space_after = Pt(8)
        _write(paragraph, typographie(text), size, token)


def _overview(deck: Any, review: Review) -> None:
    slide = _slide(deck, "Où en sont les engagements")
    frame = _box(slide, _LEFT, _TOP, _ROOM, Inches(0.8))
    _write(frame.paragraphs[0], typographie(summary_text(review)), 18, "ardoise")
    if not review.total:
        return
    step = Emu(int(_ROOM * 0.3))
    frame = _box(slide, _LEFT, Inches(2.6), step, Inches(4))
    figures = [(str(c.count), c.label, "ardoise") for c in review.counts]
    figures.append((str(len(review.late)), "En retard", "brique"))
    for index, (number, label, token) in enumerate(figures):
        paragraph = frame.paragraphs[0] if index == 0 else frame.add_paragraph()
        paragraph.space_after = Pt(6)
        _write(paragraph, number, 32, token, bold=True)
        _write(paragraph, f"  {label}", 16, token)
    _chart(slide, review, _LEFT + step, _ROOM - step)


def _chart(slide: Any, review: Review, left: int, width: int) -> None:
    """Theme × state, as a native bar chart whose figures can be changed."""
    lines = [line for line in review.by_theme.lines if not line.total][::-1]
    data: Any = CategoryChartData()  # type: ignore[no-untyped-call]
    data.categories = [typographie(line.head) for line in lines]
    for index, count in enumerate(review.counts):
        data.add_series(count.label, [line.cells[index] or None for line in lines])
    graphic = slide.shapes.add_chart(
        XL_CHART_TYPE.BAR_STACKED, left, Inches(2.5), width, Inches(4.4), data
    )
    said = "; ".join(
        f"{line.head}{NBSP}: "
        + ", ".join(
            f"{cell} {count.label.lower()}"
            for cell, count in zip(line.cells, review.counts, strict=False)
            if cell
        )
        for line in lines[::-1]
    )
    name = graphic._element.nvGraphicFramePr.cNvPr
    name.set("descr", f"Engagements par thème et par état. {said}.")
    chart = graphic.chart
    chart.has_legend = True
    chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.BOTTOM, False
    chart.font.size, chart.font.name = Pt(14), FONT
    chart.value_axis.visible = False
    chart.value_axis.has_major_gridlines = False
    plot = chart.plots[0]
    plot.gap_width, plot.overlap, plot.has_data_labels = 60, 100, True
    plot.data_labels.font.size = Pt(14)
    for series, count in zip(plot.series, review.counts, strict=True):
        series.format.fill.solid()
        series.format.fill.fore_color.rgb = _colour(COLOURS[count.tone])
        series.format.line.color.rgb = _colour("ardoise-2")
        series.data_labels.show_value = True
        series.data_labels.font.size = Pt(14)
        dark = count.tone == "fait"
        series.data_labels.font.color.rgb = _colour("blanc" if dark else "ardoise")


def _concerns(deck: Any, found: Sequence[Concern]) -> None:
    """A slide a concern, or one for all of them when they are short."""
    if found and sum(1 + len(concern.lines) for concern in found) <= _LINES + 1:
        lines = [(line, bold) for c in found for line, bold in _headed(c)]
        _list(_slide(deck, "À examiner"), [text for text, _ in lines], [bold for _, bold in lines])
        return
    for concern in found:
        for part, lines_ in _pages(concern.lines, _LINES):
            _list(_slide(deck, f"{concern.title}{NBSP}: {len(concern.lines)}{part}"), lines_)


def _headed(concern: Concern) -> Iterator[tuple[str, bool]]:
    yield f"{concern.title}{NBSP}: {len(concern.lines)}", True
    for line in concern.lines:
        yield line, False


def _list(slide: Any, lines: Sequence[str], bold: Sequence[bool] = ()) -> None:
    frame = _box(slide, _LEFT, _TOP, _ROOM, _HEIGHT - _TOP - Inches(0.5))
    for index, line in enumerate(lines):
        paragraph = frame.paragraphs[0] if index == 0 else frame.add_paragraph()
        paragraph.space_after = Pt(8)
        head = bool(bold) and bold[index]
        size = 16 if len(lines) > 5 else 18
        _write(paragraph, line, size, "brique" if head else "ardoise", bold=head)


def _table(slide: Any, rows: Sequence[dict[str, Any]]) -> None:
    shape = slide.shapes.add_table(
        len(rows) + 1, len(_HEADS), _LEFT, _TOP, _ROOM, Inches(0.5) * (len(rows) + 1)
    )
    count = compte(len(rows), "engagement", "engagements")
    shape._element.nvGraphicFramePr.cNvPr.set("descr", f"Tableau de {count}.")
    table = shape.table
    for column, share in zip(table.columns, _SHARES, strict=True):
        column.width = Emu(int(_ROOM * share))
    for index, head in enumerate(_HEADS):
        _cell(table.cell(0, index), [(head, 14.0, "blanc", True)], "ardoise")
    for number, row in enumerate(rows, 1):
        fill = "papier" if number % 2 else "blanc"
        title = [(row["title"], 15.0, "ardoise", True)]
        if row["details"]:
            title.append((row["details"], 12.0, "ardoise-2", False))
        due = [(row["due"], 14.0, "ardoise", False)]
        if row["late"]:
            due.append((row["late"], 12.0, "brique", True))
        owner = [(row["owner"], 14.0, "ardoise-2" if row["ownerless"] else "ardoise", False)]
        cells = ([(row["mark"], 14.0, "ardoise", True)], title, owner, due,
                 [(row["state"], 14.0, "ardoise", False)])  # fmt: skip
        for index, cell in enumerate(cells):
            _cell(table.cell(number, index), cell, fill)
    said = [f"{row['mark']}. {row['title']}{NBSP}: {row['said']}" for row in rows if row["said"]]
    if said:
        slide.notes_slide.notes_text_frame.text = "\n".join(said)


def _cell(cell: Any, lines: Sequence[tuple[str, float, str, bool]], fill: str) -> None:
    cell.fill.solid()
    cell.fill.fore_color.rgb = _colour(fill)
    frame = cell.text_frame
    frame.word_wrap = True
    for index, (text, size, token, bold) in enumerate(lines):
        paragraph = frame.paragraphs[0] if index == 0 else frame.add_paragraph()
        _write(paragraph, text, size, token, bold=bold)


def _still(content: bytes, *, within: bool = False) -> bytes:
    """The same archive without the hour at which it was made; ``within``: the chart's workbook."""
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as before,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as after,
    ):
        for item in before.infolist():
            body = before.read(item)
            if item.filename.endswith(".xlsx"):
                body = _still(body, within=True)
            elif within and item.filename == "docProps/core.xml":
                body = _HOUR.sub(b"1980-01-01T00:00:00Z", body)
            after.writestr(zipfile.ZipInfo(item.filename, _STILL), body, zipfile.ZIP_DEFLATED)
    return stream.getvalue()
