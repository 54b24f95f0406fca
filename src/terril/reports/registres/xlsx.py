"""How is the workbook of a register written in XLSX?

Heads stay on screen and have a filter; dates, amounts and numbers are real ones; closed
columns offer their list; texts are never formulas or links. The same content gives the same
bytes.
"""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Sequence
from typing import Any, Final

import xlsxwriter  # type: ignore[import-untyped]
from xlsxwriter.format import Format  # type: ignore[import-untyped]
from xlsxwriter.utility import xl_col_to_name  # type: ignore[import-untyped]
from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]

from terril.lib.tokens import COLOURS
from terril.registres.display import Exported
from terril.registres.rows import Table
from terril.reports.registres.layout import TALLEST, Export, Field, Style, closed, read_me, too_long
from terril.reports.registres.results import Look, head_of, result, tables_of, unit_of
from terril.reports.sheet import FONT, RISKY, lines_of

READ_ME: Final = "Lisez-moi"
LISTS: Final = "Listes"
#: rows below the last one that keep formats and lists, for those that people add
_SPARE: Final = 500
_LINE: Final = 12.75  # points

_FORMATS: Final[dict[Style, str]] = {
    "text": "@",
    "long": "General",
    "number": "General",
    "integer": "#,##0",
    "amount": '#,##0.00 "€"',
    "share": 'General" %"',
    "date": "dd/mm/yyyy",
    "year": "0",
    "technical": "0",
}
_LOOKS: Final[dict[Look, str]] = {
    "text": "General", "date": "dd/mm/yyyy", "count": "#,##0", "decimals": "#,##0.0#",
    "euros": '#,##0.00 "€"', "percent": "0.0 %",
}  # fmt: skip


def xlsx_bytes(export: Export) -> bytes:
    """The workbook. Raises ``ProblemsError`` when a text is longer than a cell keeps."""
    too_long(export).raise_errors()
    stream = io.BytesIO()
    book = _Book(stream, export)
    book.rows()
    book.read_me()
    for table in tables_of(export.summaries):
        book.table(table)
    book.close()
    return stream.getvalue()


class _Book:
    def __init__(self, stream: io.BytesIO, export: Export) -> None:
        self.export = export
        self.book = xlsxwriter.Workbook(
            stream,
            {
                "in_memory": True,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
            },
        )
        self.book.set_properties(
            {
                "title": export.card.title,
                "comments": export.about,
                "created": dt.datetime.combine(export.day, dt.time()),
            }
        )
        self.formats: dict[tuple[tuple[str, Any], ...], Format] = {}
        self.names: set[str] = {READ_ME.casefold(), LISTS.casefold()}
        self.lists: list[tuple[str, ...]] = []

    def style(self, **properties: Any) -> Format:
        key = tuple(sorted(properties.items()))
        if key not in self.formats:
            base = {"font_name": FONT, "font_size": 10, "font_color": COLOURS["ardoise"],
                    "valign": "top"}  # fmt: skip
            self.formats[key] = self.book.add_format({**base, **properties})
        return self.formats[key]

    def sheet(self, name: str) -> Worksheet:
        """Add a sheet; a name already taken gets a number."""
        chosen, number = name, 2
        while chosen.casefold() in self.names and number < 1000:
            tail = f" ({number})"
            chosen, number = name[: 31 - len(tail)] + tail, number + 1
        self.names.add(chosen.casefold())
        sheet = self.book.add_worksheet(chosen)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        return sheet

    def close(self) -> None:
        if self.lists:
            sheet = self.book.add_worksheet(LISTS)
            for column, texts in enumerate(self.lists):
                for row, text in enumerate(texts):
                    sheet.write_string(row, column, text)
            sheet.hide()
        self.book.close()

    # ---------------------------------------------------------------- rows of the register

    def rows(self) -> None:
        export = self.export
        sheet = self.sheet(export.sheet)
        last = len(export.lines) + _SPARE
        tallest = max(lines_of(each.label, each.width * 0.9) for each in export.fields)
        sheet.set_row(0, _LINE * tallest + 4)
        for place, each in enumerate(export.fields):
            sheet.set_column(place, place, each.width, self._cell_style(each))
            head = self.style(
                bold=True, text_wrap=True, valign="bottom", bottom=2,
                bottom_color=COLOURS["ardoise"], bg_color=COLOURS["papier-2"], **_side(each),
            )  # fmt: skip
            sheet.write_string(0, place, each.label, head)
            if each.note:
                sheet.write_comment(0, place, each.note, {
                    "author": "", "font_name": FONT, "font_size": 9, "x_scale": 1.8,
                    "y_scale": 0.3 + 0.22 * lines_of(each.note, 36),
                })  # fmt: skip
            if closed(each, export.card):
                sheet.data_validation(1, place, last, place, self._validation(each))
        rule = {"bottom": 1, "bottom_color": COLOURS["cheveu"]}
        styles = [
            (self._cell_style(each, **rule), self._cell_style(each, **rule, quote_prefix=True))
            for each in export.fields
        ]
        for number, cells in enumerate(export.lines, 1):
            self._line(sheet, number, cells, styles)
        sheet.freeze_panes(1, 3)
        sheet.repeat_rows(0)
        if export.pages_across > 1:
            sheet.fit_to_pages(export.pages_across, 0)
            sheet.repeat_columns(0, 2)
        sheet.autofilter(0, 0, max(1, len(export.lines)), len(export.fields) - 1)
        sheet.set_footer(f"&L&8{export.card.title.replace('&', '&&')[:120]}&R&8&P / &N")

    def _cell_style(self, each: Field, **more: Any) -> Format:
        properties: dict[str, Any] = {"num_format": _FORMATS[each.style], **_side(each), **more}
        if each.wraps:
            properties["text_wrap"] = True
        if each.style == "technical":
            properties["font_color"] = COLOURS["gris"]
        return self.style(**properties)

    def _line(
        self,
        sheet: Worksheet,
        row: int,
        cells: tuple[Exported, ...],
        styles: Sequence[tuple[Format, Format]],
    ) -> None:
        """``styles``: of each column, and of a text there that could be read as a formula."""
        tallest = 1
        for place, (each, cell) in enumerate(zip(self.export.fields, cells, strict=True)):
            plain, quoted = styles[place]
            if cell is None or cell == "":
                sheet.write_blank(row, place, None, plain)
            elif isinstance(cell, str):
                sheet.write_string(row, place, cell, quoted if cell.startswith(RISKY) else plain)
                tallest = max(tallest, lines_of(cell, each.width))
            elif isinstance(cell, dt.date):
                moment = dt.datetime.combine(cell, dt.time())
                sheet.write_datetime(row, place, moment, plain)
            else:
                sheet.write_number(row, place, cell, plain)
        sheet.set_row(row, _LINE * min(tallest, TALLEST) + 2)

    def _validation(self, each: Field) -> dict[str, Any]:
        options: dict[str, Any] = {
            "validate": "list",
            "error_title": "Valeur inconnue",
            "error_message": "Choisissez une valeur de la liste.",
        }
        inline = ",".join(each.allowed)
        if len(inline) <= 255 and not any("," in text for text in each.allowed):
            return {**options, "source": list(each.allowed)}
        if each.allowed not in self.lists:
            self.lists.append(each.allowed)
        column = xl_col_to_name(self.lists.index(each.allowed), True)
        return {**options, "source": f"={LISTS}!{column}$1:{column}${len(each.allowed)}"}

    # ---------------------------------------------------------------- other sheets

    def read_me(self) -> None:
        sheet = self.book.add_worksheet(READ_ME)
        sheet.hide_gridlines(2)
        sheet.set_column(0, 0, 28)
        sheet.set_column(1, 1, 92)
        sheet.write_string(0, 0, self.export.card.title, self.style(bold=True, font_size=16))
        sheet.set_row(0, 24)
        for row, (head, text) in enumerate(read_me(self.export), 1):
            section = bool(head and not text)
            if head:
                style = self.style(
                    bold=True, font_size=12 if section else 10, text_wrap=not section,
                    valign="bottom" if section else "top",
                )  # fmt: skip
                sheet.write_string(row, 0, head, style)
            if text:
                sheet.write_string(row, 1 if head else 0, text, self.style(text_wrap=bool(head)))
            tall = max(lines_of(text, 92) if head else 1, lines_of(head, 28))
            sheet.set_row(row, 26 if section else _LINE * tall + 3)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)

    def table(self, table: Table) -> None:
        name = re.sub(r"[\[\]:*?/\\]", "-", table.title).strip("' ")[:31].rstrip() or "Tableau"
        sheet = self.sheet(name)
        sheet.hide_gridlines(2)
        sheet.write_string(0, 0, table.title, self.style(bold=True, font_size=16))
        sheet.set_row(0, 24)
        if table.note:
            note = self.style(font_color=COLOURS["ardoise-2"], font_size=9)
            sheet.write_string(1, 0, table.note, note)
        sheet.set_column(0, 0, 46)
        heads = [table.heads[0], *(head_of(table, p) for p in range(len(table.heads) - 1))]
        for place, head in enumerate(heads):
            if place:
                sheet.set_column(place, place, 16)
            sheet.write_string(3, place, head, self.style(
                bold=True, text_wrap=True, valign="bottom", bottom=2, bg_color=COLOURS["papier-2"],
                bottom_color=COLOURS["ardoise"], align="right" if place else "left",
            ))  # fmt: skip
        sheet.set_row(3, _LINE * max(lines_of(head, 15) for head in heads) + 4)
        for row, line in enumerate(table.lines, 4):
            weight = {"bold": True, "top": 1} if line.total else {}
            sheet.write_string(row, 0, line.head, self.style(text_wrap=True, **weight))
            sheet.set_row(row, _LINE * min(TALLEST, lines_of(line.head, 46)) + 2)
            for place, cell in enumerate(line.cells):
                content, look = result(cell, unit_of(table, place))
                self._result(sheet, row, place + 1, content, look, weight)
        sheet.freeze_panes(4, 1)
        sheet.repeat_rows(3)

    def _result(
        self, sheet: Worksheet, row: int, column: int, content: Any, look: Look,
        weight: dict[str, Any],
    ) -> None:  # fmt: skip
        style = self.style(num_format=_LOOKS[look], align="right", **weight)
        if content is None:
            sheet.write_blank(row, column, None, style)
        elif isinstance(content, str):
            sheet.write_string(row, column, content, self.style(text_wrap=True, **weight))
        elif isinstance(content, dt.date):
            moment = dt.datetime.combine(content, dt.time())
            sheet.write_datetime(row, column, moment, style)
        else:
            sheet.write_number(row, column, content, style)


def _side(each: Field) -> dict[str, Any]:
    """Texts stand a little away from the numbers at their left."""
    return {"align": "right"} if each.right else {"align": "left", "indent": 1}
