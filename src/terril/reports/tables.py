"""How does each table become a page that one can print and pin up?

Thematic tables: one line a neighbourhood, a dot on the axis of each column, the extremes
told by their shape, the means and the agglomeration set apart. Equipment: the local offer,
then every type of the inventory. :func:`write_tables` writes one PDF a table.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from terril.figures.metrics import text_width, wrap
from terril.figures.signals import signal_alt
from terril.figures.svg import MM
from terril.lib.french import NBSP
from terril.reports.engine import Typesetter, write_atomic
from terril.reports.equipment_tables import LANDSCAPE, equipment_parts
from terril.reports.grid import (
    LEGEND,
    Column,
    Figure,
    Grid,
    Row,
    sources_text,
    thematic_codes,
    thematic_grid,
)
from terril.reports.lookup import Lookup
from terril.reports.source import Source
from terril.reports.table_notes import count_text, note, note_groups
from terril.reports.words import communes_text, ends, hollow, notice_line, subtitle, unbroken

TEMPLATE: Final = "tableaux.typ"
PORTRAIT: Final = 176.0
_BETWEEN: Final = 3.6  # mm, from a column to the next
_RANK: Final = 5.0
_LABEL: Final = 70.0
_MOST_COLUMNS: Final = 8
_WIDEST: Final = 52.0
_AXIS_LEAST: Final = 6.0


def write_tables(source: Source, out_dir: Path) -> list[Path]:
    """Write one PDF a thematic table and one for the equipment; return what was written.

    Raises ``TypesettingError``; each file is whole or not there.
    """
    lookup = Lookup(source)
    written = []
    with Typesetter(TEMPLATE) as setter:
        for name, data in table_documents(lookup):
            path = out_dir / f"tableau-{name}.pdf"
            write_atomic(path, setter.pdf(data, date=source.edition, name=path.name))
            written.append(path)
    return written


def table_documents(lookup: Lookup) -> list[tuple[str, dict[str, Any]]]:
    """Name and data of each document of tables."""
    documents = []
    for code in thematic_codes(lookup):
        grid = thematic_grid(lookup, code)
        if grid.empty:
            continue
        documents.append((code, document(lookup, grid.title, grid_parts(lookup, grid))))
    parts = equipment_parts(lookup)
    if parts:
        documents.append(("equipements", document(lookup, "Équipements", parts)))
    return documents


def document(lookup: Lookup, title: str, parts: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The whole data of ``tableaux.typ``."""
    source = lookup.source
    return {
        "title": f"{title} – quartiers prioritaires, {source.epci_short}",
        "author": source.epci_name,
        "subject": subtitle(source),
        "head": "Tableaux des quartiers",
        "head-right": subtitle(source),
        "notice": notice_line(source, LANDSCAPE * MM),
        "foot": f"{title} · {source.epci_short}",
        "foot-right": "",
        "flipped": True,
        "parts": list(parts),
    }


# ------------------------------------------------------------------ neighbourhoods × indicators


def grid_parts(lookup: Lookup, grid: Grid, width: float = LANDSCAPE) -> list[dict[str, Any]]:
    """The table as parts of at most eight columns, the notes under the last."""
    starts = range(0, len(grid.columns), _MOST_COLUMNS)
    parts = [_part(lookup, grid, slice(s, s + _MOST_COLUMNS), width) for s in starts]
    for part in parts[:-1]:
        part["notes"] = []
    return parts


def _part(lookup: Lookup, grid: Grid, chosen: slice, width: float) -> dict[str, Any]:
    columns = grid.columns[chosen]
    theme = lookup.catalogue.themes[grid.theme]
    with_signal = any(lookup.signal(place.code, grid.theme) for place in lookup.qpv)
    each = min((width - _LABEL) / len(columns), _WIDEST)
    return {
        "kind": "neighbourhoods",
        "title": grid.title,
        "icon": theme.icon,
        "subtitle": count_text(lookup),
        "legend": _legend(grid),
        "first-head": "quartier",
        "label-width": width - each * len(columns),
        "with-signal": with_signal,
        "columns": [
            _column(column, each, _figures(grid, number), grid.means[number])
            for number, column in _numbered(grid, chosen)
        ],
        "rows": [_row(lookup, grid, row, chosen, width - each * len(columns)) for row in grid.rows],
        "notes": grid_notes(lookup, grid),
    }


def _numbered(grid: Grid, chosen: slice) -> list[tuple[int, Column]]:
    return list(enumerate(grid.columns))[chosen]


def _figures(grid: Grid, number: int) -> list[Figure]:
    return [row.figures[number] for row in grid.rows]


def _column(
    column: Column, width: float, figures: Sequence[Figure], mean: float | None
) -> dict[str, Any]:
    value = max((text_width(figure.text, 8.4, 600) for figure in figures), default=0) / MM
    marks = 2.2 if any(figure.marks for figure in figures) else 0.0
    axis = width - _BETWEEN - _RANK - value - max(1.6, marks)
    known = max((figure.known for figure in figures), default=0)
    several = any(figure.at is not None for figure in figures) and known > 1
    under = ", ".join(part for part in (column.unit, column.period_text) if part)
    return {
        "width": round(width, 2),
        "axis": round(axis, 2) if several and axis >= _AXIS_LEAST else 0,
        "mean": mean if several else None,
        "lines": wrap(unbroken(column.short), (width - _BETWEEN) * MM, 7.8, 600),
        "under": under,
        "rank": f"/{known}" if known > 1 else "",
    }


def _row(lookup: Lookup, grid: Grid, row: Row, chosen: slice, width: float) -> dict[str, Any]:
    signal = lookup.signal(row.code, grid.theme) if row.kind == "qpv" else None
    room = (width - _BETWEEN - 4.3) * MM
    label = row.label if text_width(row.label, 8.4, 600) <= room else row.short
    left = room - text_width(label, 8.4, 600) - 1.8 * MM
    place = lookup.places.get(("qpv", row.code))
    return {
        "kind": row.kind,
        "label": label,
        "detail": communes_text(place, left, 7.2) if place else "",
        "signal": None
        if signal is None
        else {
            "kind": signal.signal,
            "hollow": hollow(lookup, signal),
            "alt": signal_alt(signal.signal, hollow(lookup, signal)),
        },
        "cells": [_cell(figure) for figure in row.figures[chosen]],
    }


def _cell(figure: Figure) -> dict[str, Any]:
    return {
        "text": figure.text,
        "status": figure.status,
        "rank": figure.rank,
        "extreme": figure.extreme,
        "at": figure.at,
        "marks": [str(mark) for mark in figure.marks],
    }


def _legend(grid: Grid) -> list[tuple[str, str]]:
    figures = [figure for row in grid.rows for figure in row.figures]
    extremes = {figure.extreme for figure in figures}
    keys = [("dot", "un quartier, à droite le plus favorable")]
    if any(row.kind == "mean" for row in grid.rows):
        keys += [("line", "moyenne des quartiers"), ("bar", "agglomération")]
    words = {"best": "le plus favorable", "worst": "le plus difficile",
             "high": "le plus élevé, sans jugement", "low": "le plus bas"}  # fmt: skip
    keys += [(name, text) for name, text in words.items() if name in extremes]
    if any(figure.rank for figure in figures):
        first = "1 = le plus favorable" if {"best", "worst"} & extremes else "1 = le plus élevé"
        keys.append(("", f"petit chiffre{NBSP}: rang, {first}"))
    return keys


def grid_notes(lookup: Lookup, grid: Grid) -> list[dict[str, Any]]:
    """What stands under a table, in three columns: how to read, notes, sources."""
    read = [note(text, LEGEND[text]) for text in grid.statuses]
    if any(row.kind == "wmean" for row in grid.rows):
        read.append(
            note("Moyenne", "chaque quartier compte autant ; pondérée, selon sa population. "
                  "Une moyenne de taux n’est pas le taux de l’ensemble")
        )  # fmt: skip
    numbered = [
        {"mark": str(number), "head": "", "text": ends(text)}
        for number, text in enumerate(grid.notes, 1)
    ]
    sources = [note("", sources_text(lookup, grid.columns))]
    sources += [note("", text) for text in grid.remarks]
    half = -(-len(numbered) // 2) if len(numbered) > 4 else len(numbered)
    groups = [
        ("Lire le tableau", read),
        ("Documents qui se contredisent", numbered[:half]),
        ("", numbered[half:]),
        ("Sources et précautions", sources),
    ]
    return note_groups(groups)
