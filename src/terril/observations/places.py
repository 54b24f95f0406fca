"""How is a territory, a figure or a statement named in a report?

French names for messages: composites are spelt out (« ensemble des quartiers prioritaires de
… »), a neighbourhood comes with its code, a statement with its document, file and line. A
document is named as the project names it, never by its identifier alone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final, Protocol

import polars as pl

from terril.catalogue.schema import Indicator
from terril.lib.dates import periode_courte
from terril.lib.french import NBSP, de, liste, nombre
from terril.observations.schema import Kind

_COMPOSITES: Final[dict[str, str]] = {
    Kind.QPV_ENSEMBLE: "ensemble des quartiers prioritaires {de}",
    Kind.HORS_QPV: "{name} hors quartiers prioritaires",
    Kind.QPV_MOYENNE: "moyenne des quartiers prioritaires {de}",
}

#: a number as files write it: shown with a comma and its thousands apart
_NUMBER: Final = re.compile(r"[+-]?\d+(?:[.,](?P<decimals>\d+))?")


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

    def __init__(
        self,
        territories: Territories,
        indicators: Mapping[str, Indicator],
        documents: Mapping[str, str] | None = None,
    ) -> None:
        """``documents``: how the project names its documents, by the id of the input."""
        frame = frame_of(territories)
        rows = frame.select("kind", "code", "label", "short").rows()
        self._labels: dict[tuple[str, str], str] = {(r[0], r[1]): r[2] for r in rows}
        self._short: dict[str, str] = {r[1]: r[3] or r[2] for r in rows if r[0] == Kind.EPCI}
        self._quartiers = {r[1]: r[3] or r[2] for r in rows if r[0] == Kind.QPV}
        self._indicators = indicators
        self._documents = documents or {}

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

    def document(self, document: str, own: str = "") -> str:
        """Return the name of a document (see :func:`document_label`)."""
        return document_label(document, self._documents, own, self._quartiers)

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


def document_label(
    document: str, labels: Mapping[str, str], own: str, names: Mapping[str, str]
) -> str:
    """Name a document in a sentence: « le tableau des quartiers », « la fiche », …

    ``document`` is the id of an input, with a part after « : » when the file holds several
    documents (the sheet of a neighbourhood); ``labels`` names the inputs, ``names`` the
    neighbourhoods. ``own`` is the neighbourhood that the sentence is about.
    """
    input_id, _, part = document.partition(":")
    label = labels.get(input_id) or f"le fichier {quoted(input_id)}"
    if not part or part == own:
        return label
    return f"{label} {quoted(names.get(part, part))}"


def written(raw: str) -> str:
    """Put what a document writes between quotation marks, a number as France writes it."""
    found = _NUMBER.fullmatch(raw.strip())
    if found is None or len(raw) > 15:
        return quoted(raw)
    decimals = len(found["decimals"] or "")
    return quoted(nombre(float(raw.replace(",", ".")), decimals))


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
