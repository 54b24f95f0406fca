"""Which real number does a spreadsheet hold for a result, and how is it shown?"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Final, Literal

from terril.registres.rows import Cell, Line, Summary, Table

#: how a number is shown: count, decimals, euros, per cent (the number is then a share of one)
Look = Literal["text", "date", "count", "decimals", "euros", "percent"]


_LEVELS: Final = {
    "retard": "en retard", "attention": "à regarder", "information": "pour information",
}  # fmt: skip


def tables_of(summaries: Sequence[Summary]) -> Iterator[Table]:
    """The tables of summaries, in their order; the alerts of each as one more."""
    for summary in summaries:
        yield from summary.tables
        if summary.alerts:
            yield Table(
                f"Alertes, {summary.title}",
                ("Alerte", "Degré", "N° de la ligne"),
                tuple(Line(one.text, (_LEVELS[one.level], one.number)) for one in summary.alerts),
            )


def unit_of(table: Table, place: int) -> str:
    """The unit of a column after the head of the lines."""
    return table.units[place] if place < len(table.units) else ""


def head_of(table: Table, place: int) -> str:
    """The head of a column after the first, with its unit when it is a word."""
    unit = unit_of(table, place)
    head = table.heads[place + 1] if place + 1 < len(table.heads) else ""
    return f"{head} ({unit})" if unit not in ("", "€", "%") else head


def result(cell: Cell, unit: str) -> tuple[str | float | dt.date | None, Look]:
    """The content of a cell and how it is shown. Under « % », 30 and 30/100 are 30 %."""
    if cell is None or isinstance(cell, str):
        return cell or None, "text"
    if isinstance(cell, dt.date):
        return cell, "date"
    if unit == "%":
        return float(cell if isinstance(cell, Fraction) else Fraction(cell) / 100), "percent"
    if unit == "€":
        return float(cell), "euros"
    whole = isinstance(cell, int) or cell == int(cell)
    return float(cell), "count" if whole else "decimals"


def decimal_text(value: float, decimals: int) -> str:
    """A number with a comma, for formats that want the shown text beside the value."""
    return f"{Decimal(repr(value)):.{decimals}f}".replace(".", ",")
