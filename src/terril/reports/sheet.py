"""How is a spreadsheet of the house written?

One :class:`Book` is one XLSX file: house colours, real numbers, texts that are never taken
for formulas or links, dates and identifiers fixed so that the same content gives the same
bytes. Rows are written in order (constant memory): a long sheet costs no more than a short
one.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Final

import xlsxwriter  # type: ignore[import-untyped]
from xlsxwriter.format import Format  # type: ignore[import-untyped]
from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]

from terril.lib.tokens import COLOURS

FONT: Final = "Calibri"  # on every desk; LibreOffice has its metric twin
_PAGE_WIDTH: Final = 330.0  # characters that one printed page still shows legibly
LAST_ROW: Final = 1_048_575
_FORBIDDEN: Final = re.compile(r"[\[\]:*?/\\]")
_SUPERSCRIPTS: Final = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
#: what a spreadsheet would take for a formula at the head of a text
RISKY: Final = ("=", "+", "-", "@", "\t", "\r", "\n")


def superscript(number: int) -> str:
    """« ¹² » for 12."""
    return str(number).translate(_SUPERSCRIPTS)


@dataclass(frozen=True, slots=True)
class Number:
    """A real number of a cell; ``mark`` is printed after it without changing it."""

    value: float
    decimals: int = 0
    mark: str = ""


Content = str | int | Number | None


@dataclass(frozen=True, slots=True)
class Head:
    """A column: its head, its width in characters, and how its cells are laid."""

    text: str
    width: float
    wrap: bool = False
    right: bool = False


class Book:
    """An XLSX file being written. Closes, and so writes, at the end of the ``with`` block."""

    def __init__(self, path: Path, *, title: str, subject: str, edition: str) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        self._book = xlsxwriter.Workbook(
            str(path),
            {
                "constant_memory": True,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
                "nan_inf_to_errors": False,
            },
        )
        self._book.set_properties(
            {
                "title": title,
                "subject": subject,
                "category": "Observatoire du contrat de ville",
                "comments": f"Édition du {edition}",
                "created": dt.datetime.combine(dt.date.fromisoformat(edition), dt.time()),
            }
        )
        self._formats: dict[tuple[tuple[str, Any], ...], Format] = {}
        self._names: set[str] = set()

    def __enter__(self) -> Book:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._book.close()

    def style(self, **properties: Any) -> Format:
        """A cell format, made once for each set of properties."""
        key = tuple(sorted(properties.items()))
        if key not in self._formats:
            base = {
                "font_name": FONT, "font_size": 10, "font_color": COLOURS["ardoise"],
                "valign": "vcenter",
            }  # fmt: skip
            self._formats[key] = self._book.add_format({**base, **properties})
        return self._formats[key]

    def sheet(self, name: str, *, title: str = "", subtitle: str = "", note: str = "") -> Sheet:
        """Add a sheet; a name already taken gets a number, forbidden signs are replaced."""
        return Sheet(self, self._book.add_worksheet(self._unique(name)), title, subtitle, note)

    def _unique(self, name: str) -> str:
        clean = _FORBIDDEN.sub("-", name).strip("' ")[:31].rstrip() or "Feuille"
        chosen, number = clean, 2
        while chosen.casefold() in self._names:
            tail = f" ({number})"
            chosen, number = clean[: 31 - len(tail)] + tail, number + 1
        self._names.add(chosen.casefold())
        return chosen


class Sheet:
    """One sheet: a title, a table with its head, notes below. Rows go down only."""

    def __init__(self, book: Book, sheet: Worksheet, title: str, subtitle: str, note: str) -> None:
        self.book = book
        self.row = 0
        self._sheet = sheet
        self._heads: Sequence[Head] = ()
        sheet.hide_gridlines(2)
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
        sheet.fit_to_pages(1, 0)
        sheet.set_footer(f"&L&8{_plain(title)}&R&8&P / &N")
        if title:
            style = book.style(bold=True, font_size=16)
            sheet.set_row(self.row, 24)
            sheet.write_string(self.row, 0, title, style)
            self.row += 1
        for text in (subtitle, note):
            if text:
                style = book.style(font_color=COLOURS["ardoise-2"], font_size=9)
                sheet.write_string(self.row, 0, text, style)
                self.row += 1
        if title:
            self.row += 1

    def head(self, heads: Sequence[Head], *, freeze: int = 1) -> None:
        """Write the head of the table; it stays on screen and repeats on paper."""
        self._heads = heads
        tallest = max((lines_of(head.text, head.width * 0.95) for head in heads), default=1)
        self._sheet.set_row(self.row, 13.5 * tallest + 4)
        for column, head in enumerate(heads):
            self._sheet.set_column(column, column, head.width)
            style = self.book.style(
                bold=True, text_wrap=True, valign="bottom", bg_color=COLOURS["papier-2"],
                bottom=2, bottom_color=COLOURS["ardoise"], **_side(head, column),
            )  # fmt: skip
            self._sheet.write_string(self.row, column, head.text, style)
        self._sheet.freeze_panes(self.row + 1, freeze)
        self._sheet.repeat_rows(self.row)
        across = -(-sum(head.width for head in heads) // _PAGE_WIDTH)
        if across > 1:
            self._sheet.fit_to_pages(int(across), 0)
            self._sheet.repeat_columns(0, freeze - 1)
        self._first = self.row
        self.row += 1

    def line(
        self, cells: Sequence[Content], *, strong: bool = False, opens: bool = False,
        height: float | None = None,
    ) -> None:  # fmt: skip
        """Write a row of the table; ``opens`` draws a rule above it."""
        if height is not None:
            self._sheet.set_row(self.row, height)
        common: dict[str, Any] = {"bottom": 1, "bottom_color": COLOURS["cheveu"]}
        if strong:
            common["bold"] = True
        if opens:
            common |= {"top": 1, "top_color": COLOURS["ardoise"]}
        for column, cell in enumerate(cells):
            self._cell(column, cell, common)
        self.row += 1

    def _cell(self, column: int, cell: Content, common: dict[str, Any]) -> None:
        head = self._heads[column] if column < len(self._heads) else Head("", 10)
        if isinstance(cell, Number):
            style = self.book.style(**common, num_format=_format(cell))
            self._sheet.write_number(self.row, column, cell.value, style)
        elif isinstance(cell, int):
            style = self.book.style(**common, num_format="#,##0")
            self._sheet.write_number(self.row, column, cell, style)
        elif cell is None or cell == "":
            self._sheet.write_blank(self.row, column, None, self.book.style(**common))
        else:
            extra: dict[str, Any] = _side(head, column)
            if head.wrap:
                extra |= {"text_wrap": True, "valign": "top"}
            if cell.startswith(RISKY):
                extra["quote_prefix"] = True
            self._sheet.write_string(self.row, column, cell, self.book.style(**common, **extra))

    def filter(self, last: int | None = None) -> None:
        """Put a filter on the head, down to row ``last`` (the last written by default)."""
        end = self.row - 1 if last is None else last
        if end > self._first and self._heads:
            self._sheet.autofilter(self._first, 0, end, len(self._heads) - 1)

    def text(
        self, text: str, *, strong: bool = False, small: bool = False, column: int = 0,
        across: int = 0, lines: int = 1,
    ) -> None:  # fmt: skip
        """Write a line of text, over ``across`` more columns when it is long."""
        properties: dict[str, Any] = {"font_size": 9 if small else 10}
        if strong:
            properties["bold"] = True
        if small:
            properties["font_color"] = COLOURS["ardoise-2"]
        if across:
            properties |= {"text_wrap": True, "valign": "top"}
            self._sheet.set_row(self.row, (12.5 if small else 13.5) * lines + 1.5)
            style = self.book.style(**properties)
            self._sheet.merge_range(self.row, column, self.row, column + across, "", style)
        style = self.book.style(**properties)
        self._sheet.write_string(self.row, column, text, style)
        self.row += 1

    def pairs(self, pairs: Sequence[tuple[str, str]], *, widths: tuple[float, float]) -> None:
        """Write a list of terms and their texts, wrapped."""
        for column, width in enumerate(widths):
            self._sheet.set_column(column, column, width)
        term = self.book.style(bold=True, valign="top", text_wrap=True)
        body = self.book.style(valign="top", text_wrap=True)
        for label, text in pairs:
            lines = max(lines_of(text, widths[1]), lines_of(label, widths[0]))
            self._sheet.set_row(self.row, 13.5 * lines + 2)
            self._sheet.write_string(self.row, 0, label, term)
            self._sheet.write_string(self.row, 1, text, body)
            self.row += 1

    def skip(self, rows: int = 1) -> None:
        """Leave rows empty."""
        self.row += rows


def lines_of(text: str, width: float) -> int:
    """How many lines a wrapped text needs in a column of ``width`` characters."""
    return sum(max(1, -(-len(part) // max(1, int(width * 1.05)))) for part in text.split("\n"))


def _side(head: Head, column: int) -> dict[str, Any]:
    """Texts stand a little away from the numbers at their left."""
    if head.right:
        return {"align": "right"}
    return {"align": "left", "indent": 1} if column else {"align": "left"}


def _format(number: Number) -> str:
    body = "#,##0" + ("." + "0" * number.decimals if number.decimals else "")
    body += f'"{number.mark}"' if number.mark else "_¹"
    return body


def _plain(text: str) -> str:
    return text.replace("&", "&&")[:120]
