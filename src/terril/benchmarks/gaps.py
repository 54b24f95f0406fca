"""How far is a neighbourhood from each of its references?

A gap is taken between the two figures as printed: its sign is the one the reader sees. Its
degree comes from the spread of the neighbourhoods themselves, not from a rule of thumb: half
a standard deviation is little for one indicator and much for another.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from terril.benchmarks.schema import GAPS
from terril.observations.rounding import printed_at
from terril.observations.schema import Kind, Origin, Status

#: what a row of gap needs from the neighbourhood's row
_OWN: Final = ("cell", "territory", "shown")


class References:
    """Who a neighbourhood is compared with: its communes, their joined code, its EPCI."""

    def __init__(self, territories: pl.DataFrame) -> None:
        qpv = territories.filter(pl.col("kind") == Kind.QPV).select(
            pl.col("code").alias("territory"), "communes"
        )
        labels = territories.filter(pl.col("kind") == Kind.COMMUNE).select(
            pl.col("code").alias("commune"), pl.col("label").alias("name")
        )
        self.communes = (
            qpv.explode("communes", empty_as_null=False)
            .rename({"communes": "commune"})
            .join(labels, on="commune", how="left", maintain_order="left")
            .with_columns(name=pl.coalesce("name", "commune"))
        )
        self.joined = qpv.filter(pl.col("communes").list.len() > 1).select(
            "territory",
            joined=pl.col("communes").list.unique().list.sort().list.join("+"),
            size=pl.col("communes").list.n_unique(),
        )


def gaps(
    placed: pl.DataFrame,
    cells: pl.DataFrame,
    figures: pl.DataFrame,
    references: References,
    *,
    slight: float,
    strong: float,
) -> pl.DataFrame:
    """Return one row a neighbourhood × figure × comparator, both known (columns of ``GAPS``).

    ``placed``: rows of the neighbourhoods; ``cells``: their figures; ``figures``: all the
    retained figures of the same indicators. ``slight``, ``strong``: limits of the degrees, in
    standard deviations of the neighbourhoods.
    """
    facts = cells.select(
        "cell",
        "what",
        "group",
        "indicator",
        "period",
        "breakdown",
        "scale",
        "counted",
        "mean",
        "wmean",
        "known",
        "sd",
    )
    own = placed.filter(pl.col("value").is_not_null())
    rates = own.filter(~pl.col("counted")).select(*_OWN, "what", "group")
    beside = _beside(figures, facts)
    found = [
        _epci(rates, beside),
        *_communes(rates, beside, references),
        _means(own.select(_OWN), facts),
        _previous(own),
    ]
    distance = (
        beside_cell(pl.concat(found), facts.drop("what", "counted", "mean", "wmean"))
        .with_columns(
            reference_period=pl.coalesce("reference_period", "period"),
            gap=printed_at(
                pl.col("shown") - printed_at(pl.col("reference"), pl.col("scale")),
                pl.col("scale"),
            ),
        )
        .with_columns(
            spread=pl.when(pl.col("sd") > 0).then((pl.col("gap") / pl.col("sd")).round(9)),
            direction=pl.when(pl.col("gap") > 0)
            .then(pl.lit("higher"))
            .when(pl.col("gap") < 0)
            .then(pl.lit("lower"))
            .otherwise(pl.lit("equal")),
        )
    )
    size = pl.col("spread").abs().fill_null(0.0)
    graded = distance.with_columns(
        degree=pl.when(size < slight)
        .then(pl.lit("slight"))
        .when(size < strong)
        .then(pl.lit("plain"))
        .otherwise(pl.lit("strong"))
    )
    return graded.select(pl.col(name).cast(dtype) for name, dtype in GAPS.items())


def beside_cell(rows: pl.DataFrame, cells: pl.DataFrame) -> pl.DataFrame:
    """Put the columns of ``cells`` beside ``rows``.

    Cells are numbered from 0 in their order: a row of ``cells`` is taken by its number, which
    costs a third of a join.
    """
    return rows.hstack(cells.drop("cell")[rows["cell"]])


_SHAPE: Final = (
    "cell",
    "territory",
    "shown",
    "comparator",
    "reference",
    "reference_period",
    "reference_origin",
)


def _shaped(
    frame: pl.DataFrame, comparator: pl.Expr, reference: str, origin: pl.Expr
) -> pl.DataFrame:
    return frame.select(
        "cell",
        "territory",
        "shown",
        comparator=comparator,
        reference=pl.col(reference),
        reference_period=pl.lit(None, dtype=pl.String),
        reference_origin=origin,
    )


def _beside(figures: pl.DataFrame, facts: pl.DataFrame) -> pl.DataFrame:
    """Return the known figures of the larger territories: kind, place, what, value, origin."""
    what = facts.select("indicator", "period", "breakdown", "what").unique()
    return (
        figures.filter(
            pl.col("kind").is_in([Kind.EPCI, Kind.COMMUNE, Kind.COMMUNES])
            & (pl.col("status") == Status.OK)
        )
        .join(what, on=["indicator", "period", "breakdown"])
        .select("kind", "what", place="territory", reference="value", origin="origin")
    )


def _epci(rates: pl.DataFrame, beside: pl.DataFrame) -> pl.DataFrame:
    found = rates.join(
        beside.filter(pl.col("kind") == Kind.EPCI),
        left_on=["group", "what"],
        right_on=["place", "what"],
    )
    return _shaped(found, pl.lit("epci"), "reference", pl.col("origin"))


def _communes(
    rates: pl.DataFrame, beside: pl.DataFrame, references: References
) -> list[pl.DataFrame]:
    """Return the gaps to each commune, and to their mean: as a source gives it, else ours."""
    each = rates.join(references.communes, on="territory").join(
        beside.filter(pl.col("kind") == Kind.COMMUNE),
        left_on=["commune", "what"],
        right_on=["place", "what"],
    )
    joined = rates.join(references.joined, on="territory")
    stated = joined.join(
        beside.filter(pl.col("kind") == Kind.COMMUNES),
        left_on=["joined", "what"],
        right_on=["place", "what"],
    )
    ours = (
        each.group_by("cell", "territory", maintain_order=True)
        .agg(
            pl.col("shown").first(),
            reference=pl.col("reference").mean().round(9),
            found=pl.len(),
        )
        .join(references.joined, on="territory")
        .filter(pl.col("found") == pl.col("size"))
        .join(stated.select("cell", "territory"), on=["cell", "territory"], how="anti")
    )
    return [
        _shaped(each, pl.format("commune:{}", "name"), "reference", pl.col("origin")),
        _shaped(stated, pl.lit("communes"), "reference", pl.col("origin")),
        _shaped(ours, pl.lit("communes"), "reference", pl.lit(Origin.DERIVED.value)),
    ]


def _means(own: pl.DataFrame, facts: pl.DataFrame) -> pl.DataFrame:
    """Return the gaps to the plain and to the weighted mean of the neighbourhoods."""
    placed = beside_cell(own, facts.select("cell", "mean", "wmean"))
    derived = pl.lit(Origin.DERIVED.value)
    return pl.concat(
        [
            _shaped(placed.filter(pl.col(name).is_not_null()), pl.lit(f"qpv_{name}"), name, derived)
            for name in ("mean", "wmean")
        ]
    )


def _previous(own: pl.DataFrame) -> pl.DataFrame:
    """Return the gaps to the latest former known figure of the same neighbourhood.

    A period without text has neither before nor after.
    """

    def same(name: str) -> pl.Expr:
        return pl.col(name) == pl.col(name).shift(1)

    return (
        own.filter(pl.col("period") != "")
        .select(
            *_OWN,
            "who",
            "series",
            "order",
            "period",
            pl.lit("previous").alias("comparator"),
            "value",
            "origin",
        )
        .sort("who", "series", "order")
        .with_columns(
            pl.col(name).shift(1).alias(of)
            for name, of in (
                ("value", "reference"),
                ("period", "reference_period"),
                ("origin", "reference_origin"),
            )
        )
        .filter(same("who") & same("series"))
        .select(_SHAPE)
    )


def period_end(period: pl.Expr) -> pl.Expr:
    """Return the last day of a period as text: « 2008-2014 » ends on 2014-12-31."""
    years = period.str.extract(r"^\d{4}-(\d{4})$", 1)
    return (
        pl.when(years.is_not_null())
        .then(years + "-12-31")
        .when(period.str.contains(r"^\d{4}$"))
        .then(period + "-12-31")
        .when(period.str.contains(r"^\d{4}-\d{2}$"))
        .then(period + "-31")
        .otherwise(period)
        .alias("end")
    )
