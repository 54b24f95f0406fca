"""How are the tables given as CSV, to a spreadsheet and to a program?

``csv/<table>.csv`` opens in a French spreadsheet by a double click: UTF-8 with BOM,
semicolons, decimal commas, one line a territory. ``csv/plat/<table>.csv`` is for programs:
UTF-8, commas, decimal points, one line a figure with its status. Same figures in both.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path

from terril.lib.dates import periode_courte
from terril.lib.french import arrondi
from terril.reports.engine import write_atomic
from terril.reports.equipment_grid import Inventory, inventory
from terril.reports.grid import Grid, Row
from terril.reports.lookup import Lookup
from terril.reports.sheet import RISKY

BOM = "\ufeff"


def write_csv_tables(lookup: Lookup, grids: Iterable[Grid], folder: Path) -> list[Path]:
    """Write both variants of each table and of the equipment; return the files."""
    written: list[Path] = []
    for grid in grids:
        written += _pair(folder, grid.code, _wide(grid), _long(lookup, grid))
    held = inventory(lookup)
    if held.categories:
        written += _pair(folder, "equipements", _wide_inventory(held), _long_inventory(held))
    return written


def _pair(
    folder: Path, name: str, wide: Iterable[Sequence[str]], long: Iterable[Sequence[str]]
) -> list[Path]:
    spreadsheet, plain = folder / f"{name}.csv", folder / "plat" / f"{name}.csv"
    write_atomic(spreadsheet, (BOM + _text(wide, ";")).encode())
    write_atomic(plain, _text(long, ",").encode())
    return [spreadsheet, plain]


def _text(rows: Iterable[Sequence[str]], separator: str) -> str:
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=separator, lineterminator="\r\n")
    writer.writerows(rows)
    return stream.getvalue()


def harmless(text: str) -> str:
    """A text that no spreadsheet takes for a formula: an apostrophe goes before « = »…"""
    return f"'{text}" if text.startswith(RISKY) else text


def decimal(value: float, decimals: int, point: str) -> str:
    """A number without any grouping, with exactly its decimals."""
    return f"{arrondi(value, decimals):.{decimals}f}".replace(".", point)


def _wide(grid: Grid) -> Iterable[list[str]]:
    heads = [
        f"{column.label} ({', '.join(p for p in (column.unit, column.period_text) if p)})"
        for column in grid.columns
    ]
    ranks = [f"Rang, {column.short}" for column in grid.columns]
    yield [
        harmless(text) for text in ("Code", "Territoire", "Communes", *heads, *ranks, "Remarque")
    ]
    for row in grid.rows:
        values = [
            figure.text if figure.value is None else decimal(figure.value, column.decimals, ",")
            for figure, column in zip(row.figures, grid.columns, strict=True)
        ]
        places = ["" if figure.rank is None else str(figure.rank) for figure in row.figures]
        names = [harmless(text) for text in (row.code, row.label, row.detail)]
        yield [*names, *values, *places, harmless(_remark(grid, row))]


def _remark(grid: Grid, row: Row) -> str:
    """What a bare number would hide: another period, documents that contradict each other."""
    parts = [
        f"{column.short} : {periode_courte(figure.period)}"
        for figure, column in zip(row.figures, grid.columns, strict=True)
        if figure.period
    ]
    parts += [grid.notes[mark - 1] for figure in row.figures for mark in figure.marks]
    return " ; ".join(parts)


def _long(lookup: Lookup, grid: Grid) -> Iterable[list[str]]:
    yield ["type", "code", "territoire", "indicateur", "periode", "unite", "valeur", "statut",
           "rang", "connus"]  # fmt: skip
    for row in grid.rows:
        for figure, column in zip(row.figures, grid.columns, strict=True):
            card = lookup.catalogue.indicators[column.indicator]
            yield [
                row.kind, harmless(row.code), harmless(row.label), column.indicator,
                figure.period or column.period, card.unit,
                "" if figure.value is None else decimal(figure.value, column.decimals, "."),
                figure.status, "" if figure.rank is None else str(figure.rank),
                str(figure.known) if figure.known else "",
            ]  # fmt: skip


def _wide_inventory(held: Inventory) -> Iterable[list[str]]:
    heads = [
        harmless(f"{place.short}, {where}")
        for place in held.places
        for where in ("quartier", "abords")
    ]
    yield ["Catégorie", "Type", *heads]
    for category in held.categories:
        for row in category.rows:
            counts = [
                str(count.text(which)) for count in row.counts for which in ("inside", "around")
            ]
            yield [harmless(category.label), harmless(row.label), *counts]


def _long_inventory(held: Inventory) -> Iterable[list[str]]:
    yield ["code", "territoire", "abords_m", "categorie", "type", "quartier", "abords"]
    for category in held.categories:
        for row in category.rows:
            for place, buffer, count in zip(held.places, held.buffers, row.counts, strict=True):
                if count.named:
                    yield [
                        place.code, harmless(place.label), "" if buffer is None else str(buffer),
                        harmless(category.label), harmless(row.label),
                        "" if count.inside is None else str(count.inside),
                        "" if count.around is None else str(count.around),
                    ]  # fmt: skip
