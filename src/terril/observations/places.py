"""How is a territory, a figure or a statement named in a report?

French names for messages: composites are spelt out (« ensemble des quartiers prioritaires de
… »), a neighbourhood comes with its code, a statement with its document, file and line.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Protocol

import polars as pl

from terril.catalogue.schema import Indicator
from terril.lib.dates import periode_courte
from terril.lib.french import NBSP, de, liste
from terril.observations.schema import Kind

_COMPOSITES: Final[dict[str, str]] = {
    Kind.QPV_ENSEMBLE: "ensemble des quartiers prioritaires {de}",
    Kind.HORS_QPV: "{name} hors quartiers prioritaires",
    Kind.QPV_MOYENNE: "moyenne des quartiers prioritaires {de}",
}


class HasFrame(Protocol):
    """A registry of territories that gives its frame."""

    def frame(self) -> pl.DataFrame:
        """Return one row a territory: kind, code, label, short, epci, communes, population."""


Territories = pl.DataFrame | HasFrame


def frame_of(territories: Territories) -> pl.DataFrame:
    """Return the frame of the territories, given it or the registry."""
    return territories if isinstance(territories, pl.DataFrame) else territories.frame()


class Names:
    """Names of territories and of figures, read once from the registry and the catalogue."""

    def __init__(self, territories: Territories, indicators: Mapping[str, Indicator]) -> None:
        frame = frame_of(territories)
        rows = frame.select("kind", "code", "label", "short").rows()
        self._labels: dict[tuple[str, str], str] = {(r[0], r[1]): r[2] for r in rows}
        self._short: dict[str, str] = {r[1]: r[3] or r[2] for r in rows if r[0] == Kind.EPCI}
        self._indicators = indicators

    def place(self, kind: str, code: str) -> str:
        """Return the name of a territory: « Avion », « Cité 4 (QP000001) »."""
        if kind == Kind.QPV:
            label = self._labels.get((kind, code))
            return f"{label} ({code})" if label else code
        if kind in _COMPOSITES:
            name = self._short.get(code, code)
            return _COMPOSITES[kind].format(name=name, de=de(name))
        if kind == Kind.COMMUNES:
            names = [self._labels.get((Kind.COMMUNE, part), part) for part in code.split("+")]
            return f"communes {de(liste(names))}"
        return self._labels.get((kind, code), code)

    def indicator(self, code: str) -> str:
        """Return the label of an indicator, its code when it has no card."""
        card = self._indicators.get(code)
        return card.label if card else code

    def decimals(self, code: str) -> int:
        """Return the decimals an indicator is printed with; 1 when it has no card."""
        card = self._indicators.get(code)
        return card.decimals if card else 1

    def figure(self, row: Mapping[str, Any]) -> str:
        """Return « label, place, period » of a row that has the columns of a key."""
        detail = f" ({row['breakdown']})" if row["breakdown"] not in ("", "total") else ""
        return f"{self.indicator(row['indicator'])}{detail}, {self.cell(row)}"

    def cell(self, row: Mapping[str, Any]) -> str:
        """Return « place, period » of a row that has the kind, territory and period."""
        period = f", {periode_courte(row['period'])}" if row["period"] else ""
        return f"{self.place(row['kind'], row['territory'])}{period}"


def quoted(text: str) -> str:
    """Put a text between French quotation marks."""
    return f"«{NBSP}{text}{NBSP}»"


def where(row: Mapping[str, Any]) -> str:
    """Return « file, feuille « x », ligne 12 » of a row of ``STATEMENTS``."""
    parts = [str(row["file"])] if row["file"] else []
    if row["sheet"]:
        parts.append(f"feuille {quoted(row['sheet'])}")
    if row["line"] is not None:
        parts.append(f"ligne {row['line']}")
    return ", ".join(parts)
