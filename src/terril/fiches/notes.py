"""What must the reader be told at the foot of the sheet?

A mark and a note for each figure shown that documents state differently, for a comparator
that is not what its column says, for a count that could not be read. A note never tells
the value that secrecy blanks.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import polars as pl

from terril.catalogue.load import Catalogue
from terril.catalogue.schema import Indicator
from terril.fiches.model import Note
from terril.lib.french import avec_unite, majuscule
from terril.observations.places import document_label
from terril.observations.schema import Origin, Status

SECRET_WINS = (
    "Publié dans un document, couvert par le secret dans un autre\u00a0: le secret l’emporte."
)


@dataclass(frozen=True, slots=True)
class Remark:
    """Something to tell at the foot. ``winner``: the document whose figure is shown."""

    text: str
    winner: str = ""


class NoteMaker:
    """Notes of the contradicted figures, by territory.

    ``statements`` has the columns of ``observations.schema.STATEMENTS``; ``labels`` names
    the inputs; ``names`` gives the short names of the neighbourhoods.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        statements: pl.DataFrame,
        retained: pl.DataFrame,
        labels: Mapping[str, str],
        names: Mapping[str, str],
    ) -> None:
        self.catalogue = catalogue
        self.labels = labels
        self.names = names
        key = ["kind", "territory", "indicator", "period"]
        doubtful = retained.filter(pl.col("contradicted")).select(
            *key, pl.col("status").alias("kept_status"), pl.col("document").alias("kept")
        )
        told = doubtful.join(
            statements.select(*key, "value", "status", "document", "origin", "priority"), on=key
        ).sort([*key, "priority", "document"])
        self._by_key: dict[tuple[str, str, str, str], list[tuple[object, ...]]] = {}
        for kind, territory, indicator, period, *rest in told.iter_rows():
            self._by_key.setdefault((kind, territory, indicator, period), []).append(tuple(rest))

    def contradiction(
        self, kind: str, territory: str, indicator: str, period: str, own: str
    ) -> Remark | None:
        """The note of a contradicted figure, or None when documents agree."""
        rows = self._by_key.get((kind, territory, indicator, period))
        if not rows:
            return None
        card = self.catalogue.indicators[indicator]
        kept_status, kept = rows[0][0], str(rows[0][1])
        if kept_status == Status.SECRET:
            return Remark(SECRET_WINS)
        said: dict[str, list[str]] = {}
        for _, _, value, status, document, origin, _ in rows:
            if status == Status.OK and isinstance(value, float):
                derived = origin == Origin.DERIVED
                text = self._text(card, round(value, card.decimals) if derived else value)
                label = document_label(str(document), self.labels, own, self.names)
                where = f"calculé d’après {label}" if derived else f"dans {label}"
                said.setdefault(text, [])
                if where not in said[text]:
                    said[text].append(where)
        if len(said) < 2:
            return None
        parts = [f"{text} {places[0]}" for text, places in said.items()]
        return Remark(", ".join(parts), winner=document_label(kept, self.labels, own, self.names))

    def _text(self, card: Indicator, value: float) -> str:
        decimals = card.decimals
        if abs(value - round(value, decimals)) > 1e-9:
            decimals += 1
        return avec_unite(value, decimals, self.catalogue.units[card.unit].symbol)


class Numbering:
    """Gives marks to remarks in the order of their first use; equal remarks share a mark."""

    def __init__(self) -> None:
        self._marks: dict[Remark, str] = {}

    def marks(self, remarks: Iterable[Remark | None]) -> tuple[str, ...]:
        """The marks of these remarks."""
        return tuple(
            self._marks.setdefault(remark, str(len(self._marks) + 1))
            for remark in remarks
            if remark is not None
        )

    def notes(self) -> tuple[Note, ...]:
        """The notes in order. Contradictions won by one document share one opening line."""
        wins: dict[str, int] = {}
        for remark in self._marks:
            if remark.winner:
                wins[remark.winner] = wins.get(remark.winner, 0) + 1
        notes: list[Note] = [
            Note("", f"Documents qui se contredisent\u00a0: {winner} l’emporte.")
            for winner, count in wins.items()
            if count > 1
        ]
        for remark, mark in self._marks.items():
            text = remark.text
            if remark.winner and wins[remark.winner] == 1:
                text = (
                    f"Les documents se contredisent\u00a0: {text}. "
                    f"{majuscule(remark.winner)} l’emporte."
                )
            elif remark.winner:
                text = f"{text}."
            notes.append(Note(mark, text))
        return tuple(notes)
