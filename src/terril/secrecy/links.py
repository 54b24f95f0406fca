"""How are the relations between figures gathered before they become rows of numbers?

Frames, in long form: one row a figure in a relation, one row a relation, one row a rate with
its counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from terril.catalogue.cards import Catalogue
from terril.catalogue.schema import Aggregation, Nature
from terril.observations.schema import KEY

#: one row a figure in a relation
ENTRIES: Final[dict[str, pl.DataType | type[pl.DataType]]] = {
    "relation": pl.Int64,
    **{name: pl.String for name in KEY},
    "coefficient": pl.Float64,
}

#: one row a relation: its ends, its text, and whether contradicting it is worth a word
RELATIONS: Final[dict[str, pl.DataType | type[pl.DataType]]] = {
    "relation": pl.Int64,
    "low": pl.Float64,
    "high": pl.Float64,
    "text": pl.String,
    "told": pl.Boolean,
}

#: one row a rate with its counts, in one cell
RATIOS: Final[dict[str, pl.DataType | type[pl.DataType]]] = {
    "kind": pl.String,
    "territory": pl.String,
    "period": pl.String,
    "breakdown": pl.String,
    "numerator": pl.String,
    "denominator": pl.String,
    "rate": pl.String,
    "factor": pl.Float64,
}


@dataclass(frozen=True)
class Links:
    """The relations of some figures: ``ENTRIES``, ``RELATIONS``, ``RATIOS``."""

    entries: pl.DataFrame
    relations: pl.DataFrame
    ratios: pl.DataFrame


class Gathered:
    """The figures, and the relations found between them so far."""

    def __init__(self, figures: pl.DataFrame, catalogue: Catalogue) -> None:
        self.figures = figures.select(*KEY, "value", "status")
        self.catalogue = catalogue
        self.entries: list[pl.DataFrame] = []
        self.relations: list[pl.DataFrame] = []
        self.rates: list[pl.DataFrame] = []
        self.count = 0
        additive = [
            code
            for code, card in catalogue.indicators.items()
            if card.aggregation is Aggregation.SUM and card.nature is Nature.NB
        ]
        self.additive = self.figures.filter(pl.col("indicator").is_in(additive))

    def add(
        self,
        groups: pl.DataFrame,
        entries: Sequence[pl.DataFrame],
        *,
        text: str,
        low: float | pl.Expr = 0.0,
        high: float | pl.Expr = 0.0,
        told: bool = True,
    ) -> None:
        """Add one relation a row of ``groups``, which holds its number in ``relation``.

        ``entries``: frames with ``relation``, the key and ``coefficient``.
        """
        if groups.is_empty():
            return
        ends = {"low": low, "high": high}
        self.relations.append(
            groups.with_columns(
                **{k: v if isinstance(v, pl.Expr) else pl.lit(v) for k, v in ends.items()},
                text=pl.lit(text),
                told=pl.lit(told),
            ).select(pl.col(name).cast(dtype) for name, dtype in RELATIONS.items())
        )
        self.entries += [
            e.select(pl.col(name).cast(dtype) for name, dtype in ENTRIES.items())
            for e in entries
            if not e.is_empty()
        ]

    def number(self, groups: pl.DataFrame, by: Sequence[str]) -> pl.DataFrame:
        """Give each row of ``groups`` a number of relation, in the order of ``by``."""
        numbered = groups.sort(by).with_row_index("relation", offset=self.count)
        self.count += numbered.height
        return numbered.with_columns(pl.col("relation").cast(pl.Int64))

    def links(self) -> Links:
        """Return what was gathered."""
        return Links(
            pl.concat([pl.DataFrame(schema=ENTRIES), *self.entries]),
            pl.concat([pl.DataFrame(schema=RELATIONS), *self.relations]),
            pl.concat([pl.DataFrame(schema=RATIOS), *self.rates]),
        )
