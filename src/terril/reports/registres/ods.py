"""How is the workbook of a register written in OpenDocument?

The same sheets as in XLSX: rows with their heads kept on screen, filters, closed lists, notes
beside the heads; « Lisez-moi »; tables of results. Cells are spelled so that a spreadsheet
that saves the file again keeps every space and every line.
"""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from terril.registres.accept import decimal_of
from terril.registres.display import Exported, plain_number
from terril.registres.rows import Table
from terril.registres.sheets import sheet_name
from terril.reports.registres.layout import TALLEST, Export, Field, closed, read_me, too_long
from terril.reports.registres.odf_xml import (
    attribute,
    automatic_styles,
    content_xml,
    meta_xml,
    packed,
    paragraphs,
    settings_xml,
    styles_xml,
    validation,
)
from terril.reports.registres.results import Look, decimal_text, head_of, result, tables_of, unit_of
from terril.reports.sheet import lines_of

READ_ME: Final = "Lisez-moi"
_SPARE: Final = 500


def ods_bytes(export: Export) -> bytes:
    """The workbook. Raises ``ProblemsError`` when a text is longer than a cell keeps."""
    too_long(export).raise_errors()
    return _Book(export).packed()


class _Book:
    def __init__(self, export: Export) -> None:
        self.export = export
        self.widths: list[float] = []
        self.names: set[str] = {READ_ME.casefold()}
        self.frozen: list[tuple[str, int, int]] = []

    def packed(self) -> bytes:
        export = self.export
        rows = self.rows()
        sheets = [rows, self.read_me(), *(self.table(t) for t in tables_of(export.summaries))]
        address = f"{_quoted(export.sheet)}.{_cell_name(0, 0)}:{_quoted(export.sheet)}." + (
            _cell_name(max(1, len(export.lines)), len(export.fields) - 1)
        )
        ranges = (
            '<table:database-ranges><table:database-range table:name="__Anonymous_Sheet_DB__0" '
            f"table:target-range-address={attribute(address)} "
            'table:display-filter-buttons="true"/></table:database-ranges>'
        )
        body = self.validations() + "".join(sheets) + ranges
        title = export.card.title
        return packed(
            {
                "content.xml": content_xml(automatic_styles(self.widths), body),
                "styles.xml": styles_xml(title, export.pages_across),
                "settings.xml": settings_xml(self.frozen),
                "meta.xml": meta_xml(title, export.about, export.day.isoformat()),
            }
        )

    def _open(self, name: str, widths: list[float], columns: int, lines: int) -> str:
        """The start of a sheet; a name already taken gets a number."""
        chosen, number = name, 2
        while chosen.casefold() in self.names and chosen != READ_ME:
            tail = f" ({number})"
            chosen, number = name[: 31 - len(tail)] + tail, number + 1
        self.names.add(chosen.casefold())
        self.frozen.append((chosen, columns, lines))
        start = f'<table:table table:name={attribute(chosen)} table:style-name="ta">'
        for width in widths:
            start += f'<table:table-column table:style-name="co{len(self.widths)}"/>'
            self.widths.append(width)
        return start

    # ---------------------------------------------------------------- rows of the register

    def _closed(self) -> dict[int, str]:
        """Place of a closed column → name of its list."""
        places = [p for p, each in enumerate(self.export.fields) if self._is_closed(each)]
        return {place: f"liste{number}" for number, place in enumerate(places, 1)}

    def _is_closed(self, each: Field) -> bool:
        return bool(each.name) and closed(each, self.export.card)

    def validations(self) -> str:
        """The lists of the closed columns."""
        sheet = _quoted(self.export.sheet)
        made = "".join(
            validation(name, f"{sheet}.{_cell_name(1, place)}", self.export.fields[place].allowed)
            for place, name in self._closed().items()
        )
        return f"<table:content-validations>{made}</table:content-validations>" if made else ""

    def rows(self) -> str:
        fields = self.export.fields
        parts = [self._open(self.export.sheet, [each.width for each in fields], 3, 1)]
        tall = min(TALLEST, max(lines_of(each.label, each.width * 0.9) for each in fields))
        parts.append(f'<table:table-header-rows><table:table-row table:style-name="ro{tall}">')
        parts += [_head(each.label, each.note, right=each.right) for each in fields]
        parts.append("</table:table-row></table:table-header-rows>")
        lists = self._closed()
        attributes = [
            f' table:style-name="c-{each.style}"'
            + (f' table:content-validation-name="{lists[place]}"' if place in lists else "")
            for place, each in enumerate(fields)
        ]
        for cells in self.export.lines:
            tall = max(
                lines_of(cell, each.width) if isinstance(cell, str) else 1
                for each, cell in zip(fields, cells, strict=True)
            )
            parts.append(f'<table:table-row table:style-name="ro{min(TALLEST, tall)}">')
            parts += [
                _cell(cell, attribute, each.style == "amount")
                for each, cell, attribute in zip(fields, cells, attributes, strict=True)
            ]
            parts.append("</table:table-row>")
        spare = "".join(f"<table:table-cell{attribute}/>" for attribute in attributes)
        parts.append(
            f'<table:table-row table:style-name="ro1" table:number-rows-repeated="{_SPARE}">'
            f"{spare}</table:table-row></table:table>"
        )
        return "".join(parts)

    # ---------------------------------------------------------------- other sheets

    def read_me(self) -> str:
        parts = [self._open(READ_ME, [28, 92], 0, 0)]
        parts.append(_row([_text(self.export.card.title, "title")], 2))
        for head, text in read_me(self.export):
            section = bool(head and not text)
            if not head:
                parts.append(_row([_text(text, "note")], 1))
                continue
            cells = [_text(head, "section" if section else "term")]
            cells += [_text(text, "body")] if text else []
            tall = 2 if section else max(lines_of(text, 92), 1)
            parts.append(_row(cells, tall))
        return "".join(parts) + "</table:table>"

    def table(self, table: Table) -> str:
        widths = [46.0] + [16.0] * (len(table.heads) - 1)
        parts = [self._open(sheet_name(table.title), widths, 1, 4)]
        parts.append(_row([_text(table.title, "title")], 2))
        parts.append(_row([_text(table.note, "note")] if table.note else [], 1))
        parts.append(_row([], 1))
        heads = [table.heads[0], *(head_of(table, p) for p in range(len(table.heads) - 1))]
        tall = max(lines_of(head, 15) for head in heads)
        parts.append(_row([_head(head, "", right=p > 0) for p, head in enumerate(heads)], tall))
        for line in table.lines:
            suffix = "-total" if line.total else ""
            cells = [_text(line.head, f"long{suffix}")]
            for place, cell in enumerate(line.cells):
                content, look = result(cell, unit_of(table, place))
                cells.append(_result(content, look, suffix))
            parts.append(_row(cells, lines_of(line.head, 46)))
        return "".join(parts) + "</table:table>"


def _row(cells: list[str], lines: int) -> str:
    inside = "".join(cells) or "<table:table-cell/>"
    return f'<table:table-row table:style-name="ro{min(TALLEST, lines)}">{inside}</table:table-row>'


def _text(text: str, style: str) -> str:
    return (
        f'<table:table-cell table:style-name="c-{style}" office:value-type="string">'
        f"{paragraphs(text)}</table:table-cell>"
    )


def _head(label: str, note: str, *, right: bool) -> str:
    annotation = ""
    if note:
        tall = 0.5 + 0.45 * lines_of(note, 36)
        annotation = (
            '<office:annotation office:display="false" svg:width="6.5cm" '
            f'svg:height="{tall:.2f}cm">'
            f"{paragraphs(note)}</office:annotation>"
        )
    return (
        f'<table:table-cell table:style-name="c-head{"-right" if right else ""}" '
        f'office:value-type="string">'
        f"{annotation}{paragraphs(label)}</table:table-cell>"
    )


def _cell(cell: Exported, attributes: str, cents: bool) -> str:
    if cell is None or cell == "":
        return f"<table:table-cell{attributes}/>"
    if isinstance(cell, str):
        return (
            f'<table:table-cell{attributes} office:value-type="string">{paragraphs(cell)}'
            "</table:table-cell>"
        )
    if isinstance(cell, dt.date):
        return _valued(attributes, "date", "date-value", cell.isoformat(), f"{cell:%d/%m/%Y}")
    shown = decimal_text(cell, 2) if cents else plain_number(decimal_of(cell))
    return _valued(attributes, "float", "value", repr(cell), shown)


def _result(content: Any, look: Look, suffix: str) -> str:
    style = f' table:style-name="c-{look}{suffix}"'
    if content is None:
        return f"<table:table-cell{style}/>"
    if isinstance(content, str):
        return _text(content, f"long{suffix}")
    if isinstance(content, dt.date):
        return _valued(style, "date", "date-value", content.isoformat(), f"{content:%d/%m/%Y}")
    if look == "percent":
        shown = f"{decimal_text(100 * content, 1)} %"
        return _valued(style, "percentage", "value", repr(content), shown)
    shown = decimal_text(content, 0 if look == "count" else 2)
    return _valued(style, "float", "value", repr(content), shown)


def _valued(attributes: str, kind: str, name: str, value: str, shown: str) -> str:
    return (
        f'<table:table-cell{attributes} office:value-type="{kind}" office:{name}="{value}">'
        f"<text:p>{shown}</text:p></table:table-cell>"
    )


def _quoted(sheet: str) -> str:
    """The name of a sheet in an address."""
    return "'" + sheet.replace("'", "''") + "'"


def _cell_name(row: int, column: int) -> str:
    letters = ""
    place = column + 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row + 1}"
