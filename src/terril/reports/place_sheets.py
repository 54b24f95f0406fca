"""Which places and lines do the equipment counts and the transport figures rest on?

Sheets « Lieux » and « Desserte » of ``tableaux.xlsx``, when the edition was made with points and
timetables. Distances are exact, from the perimeter, 0 inside it.
"""

from __future__ import annotations

from typing import Any, Final, Protocol, runtime_checkable

import polars as pl

from terril.reports.lookup import Lookup
from terril.reports.pages.surroundings import line_of
from terril.reports.sheet import Book, Head, Number
from terril.reports.words import subtitle

_WHERE: Final = {"inside": "dans le quartier", "around": "aux abords", "beyond": "au-delà"}


@runtime_checkable
class Placed(Protocol):
    """What an edition made with places offers besides the frames."""

    @property
    def evidence(self) -> pl.DataFrame:
        """Columns of ``places.equipment.EVIDENCE``."""

    @property
    def served(self) -> pl.DataFrame:
        """Columns of ``places.stops.SERVED``."""


def place_sheets(book: Book, lookup: Lookup) -> None:
    """Write the two sheets; none when there is nothing to write."""
    source = lookup.source
    if not isinstance(source, Placed):
        return
    names = dict(
        source.territories.filter(pl.col("kind") == "qpv").select("code", "label").iter_rows()
    )
    if source.evidence.height:
        _places(book, lookup, source.evidence, names)
    if source.served.height:
        _lines(book, lookup, source.served, names)


def _places(book: Book, lookup: Lookup, rows: pl.DataFrame, names: dict[str, str]) -> None:
    sheet = book.sheet("Lieux", title="Les lieux de l’offre locale",
                       subtitle=subtitle(lookup.source))  # fmt: skip
    sheet.head(
        [Head("Code", 11), Head("Quartier", 34), Head("Famille", 30), Head("Type", 30),
         Head("Lieu", 44), Head("Où", 18), Head("Distance (m)", 13, right=True)],
        freeze=2,
    )  # fmt: skip
    families = lookup.catalogue.families
    for row in rows.iter_rows(named=True):
        family = families.get(row["family"])
        sheet.line(
            [row["territory"], names.get(row["territory"], ""),
             family.label if family else row["family"], row["type"], row["label"],
             _WHERE.get(row["where"], row["where"]), _metres(row)]
        )  # fmt: skip
    sheet.filter(sheet.row)


def _lines(book: Book, lookup: Lookup, rows: pl.DataFrame, names: dict[str, str]) -> None:
    sheet = book.sheet("Desserte", title="Ce qui dessert les quartiers",
                       subtitle=subtitle(lookup.source))  # fmt: skip
    sheet.head(
        [Head("Code", 11), Head("Quartier", 34), Head("Mode", 12), Head("Ligne", 16),
         Head("Arrêt", 34), Head("Distance (m)", 13, right=True),
         Head("Passages aux heures de pointe", 16, right=True), Head("Intervalle", 12, right=True),
         Head("Premier – dernier", 18), Head("Structurante", 13)],
        freeze=2,
    )  # fmt: skip
    for row in rows.iter_rows(named=True):
        line = line_of(row, lookup.catalogue)
        sheet.line(
            [row["territory"], names.get(row["territory"], ""), line.mode, line.line, line.stop,
             _metres(row), row["passages_peak"], line.often, line.hours,
             "oui" if line.structuring else ""]
        )  # fmt: skip
    sheet.filter(sheet.row)


def _metres(row: dict[str, Any]) -> Number | None:
    return None if row["distance_m"] is None else Number(float(row["distance_m"]))
