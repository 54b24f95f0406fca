"""Which figures do the estimates of a perimeter state, and marked how?

Estimates become rows of observations, origin « estimé », with the squares' file as document: they
are told beside the published figures and never take their place, by their priority. One that was
refused is a figure that is missing, with the reason.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from terril.observations.schema import STATEMENTS, Kind, Origin, Status, conform
from terril.places.apportion import Apportioned
from terril.sources.grid import Grid
from terril.territories.geometry import Layer

#: quantity → indicator that it is
INDICATORS: Final = {"population": "demographie.population", "living": "revenus.revenu_moyen_uc"}
SOURCE: Final = "insee_carreaux"
PRIORITY: Final = 900  # after any document that states the figure


def as_statements(
    done: Apportioned,
    zones: Layer,
    grid: Grid,
    *,
    period: str = "",
    document: str = "",
    priority: int = PRIORITY,
) -> pl.DataFrame:
    """Return the estimates as rows of ``STATEMENTS``.

    ``period``: by default the vintage of the grid; ``document``: the id of its declaration.
    Raises ``ValueError`` when the outlines are of no kind of territory (a mask, an estate).
    """
    kind = Kind(zones.nature)
    estimated = done.estimates["value"].is_not_null()
    return conform(
        done.estimates.with_columns(
            kind=pl.lit(kind.value),
            territory="zone",
            indicator=pl.col("quantity").replace_strict(INDICATORS, return_dtype=pl.String),
            period=pl.lit(period or grid.vintage),
            breakdown=pl.lit("total"),
            status=pl.when(estimated)
            .then(pl.lit(Status.OK.value))
            .otherwise(pl.lit(Status.MISSING.value)),
            origin=pl.lit(Origin.ESTIMATED.value),
            decimals=pl.when(estimated).then(pl.lit(0)),
            source=pl.lit(grid.source or SOURCE),
            document=pl.lit(document or grid.document),
            priority=pl.lit(priority),
            file=pl.lit(grid.file),
            sheet=pl.lit(""),
            line=pl.lit(None, pl.Int32),
            column=pl.lit(""),
            sha256=pl.lit(grid.sha256),
            raw="text",
        ).sort("territory", "indicator"),
        STATEMENTS,
    )
