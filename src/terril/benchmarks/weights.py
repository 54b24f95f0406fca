"""What does each neighbourhood weigh in a weighted mean?

The card of an indicator names its natural weight (job-seekers for a share of job-seekers);
otherwise the population. The weight of the same period is taken where it is known, else the
latest known. When the natural weight lacks for one neighbourhood with a value, the whole
figure is weighted by the population; when that lacks too, there is no weighted mean.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from terril.catalogue.cards import Catalogue
from terril.catalogue.schema import Aggregation
from terril.observations.schema import Kind, Status

TOTAL: Final = "total"


class Weights:
    """The weights of the neighbourhoods, looked up once for a whole comparison."""

    def __init__(
        self,
        retained: pl.LazyFrame,
        territories: pl.DataFrame,
        catalogue: Catalogue,
        population: str,
    ) -> None:
        self.population = population
        self.natural = {
            code: card.weight
            for code, card in catalogue.indicators.items()
            if card.aggregation is Aggregation.MEAN and card.weight is not None
        }
        self.weighed = [
            code
            for code, card in catalogue.indicators.items()
            if card.aggregation is Aggregation.MEAN
        ]
        wanted = sorted({population, *self.natural.values()})
        known = (
            retained.filter(
                (pl.col("kind") == Kind.QPV)
                & (pl.col("breakdown") == TOTAL)
                & (pl.col("status") == Status.OK)
                & pl.col("indicator").is_in(wanted)
                & (pl.col("value") >= 0)
            )
            .select("territory", "period", weight="indicator", amount="value")
            .collect()
        )
        declared = territories.filter(
            (pl.col("kind") == Kind.QPV) & pl.col("population").is_not_null()
        ).select(
            pl.col("code").alias("territory"),
            pl.lit("").alias("period"),
            pl.lit(population).alias("weight"),
            pl.col("population").alias("amount"),
        )
        self.known = known
        self.latest = (
            pl.concat([declared, known])
            .sort("period")
            .unique(["territory", "weight"], keep="last", maintain_order=True)
            .drop("period")
        )

    def of(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Add ``natural`` and ``people`` (weights, null when unknown) and ``natural_code``.

        ``rows``: territory, indicator, period; the order of the rows is kept.
        """
        natural = pl.col("indicator").replace_strict(
            self.natural, default=None, return_dtype=pl.String
        )
        weighed = pl.col("indicator").is_in(self.weighed)
        return (
            rows.with_columns(natural_code=natural)
            .join(
                self.known.rename({"weight": "natural_code", "amount": "_same"}),
                on=["territory", "period", "natural_code"],
                how="left",
                maintain_order="left",
            )
            .join(
                self.latest.rename({"weight": "natural_code", "amount": "_last"}),
                on=["territory", "natural_code"],
                how="left",
                maintain_order="left",
            )
            .join(
                self.known.filter(pl.col("weight") == self.population)
                .drop("weight")
                .rename({"amount": "_people"}),
                on=["territory", "period"],
                how="left",
                maintain_order="left",
            )
            .join(
                self.latest.filter(pl.col("weight") == self.population)
                .drop("weight")
                .rename({"amount": "_people_last"}),
                on="territory",
                how="left",
                maintain_order="left",
            )
            .with_columns(
                natural=pl.when(weighed).then(pl.coalesce("_same", "_last")),
                people=pl.when(weighed).then(pl.coalesce("_people", "_people_last")),
            )
            .drop("_same", "_last", "_people", "_people_last")
        )
