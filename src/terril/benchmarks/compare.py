"""How does each neighbourhood stand against its references?

Per group (the EPCI that runs the contract) × indicator × period × breakdown: the plain and
the weighted mean of the neighbourhoods, their spread, the rank of each, and the gap of each
to its communes, to their mean, to the EPCI, to the means of the neighbourhoods and to its own
former period.

Rules. Ranks and gaps are taken on the values as printed, so that no text contradicts the
figures beside it. A reference is of the same period, or there is none. A count is not
compared with the count of a larger territory. Figures that may not be averaged have no mean;
a mean of rates is a mean of rates (``mean_label``), never a rate of the whole.

Columns only; a batch of indicators at a time, so that the national file stays under 2 GB.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from terril.benchmarks.gaps import References, beside_cell, gaps, period_end
from terril.benchmarks.schema import GAPS, GROUPS, POSITIONS, Schema
from terril.benchmarks.weights import Weights
from terril.catalogue.cards import Catalogue
from terril.catalogue.schema import Aggregation, Indicator, Polarity
from terril.observations.rounding import printed_at
from terril.observations.schema import Kind, Status

_CELL: Final = ("group", "indicator", "period", "breakdown")
_NEEDED: Final = (
    "kind",
    "territory",
    "indicator",
    "period",
    "breakdown",
    "value",
    "status",
    "origin",
)

#: rows of neighbourhoods worked on together
BATCH_ROWS: Final = 160_000

#: means and scores are given to the ninth decimal: beyond is the noise of the machine
_CLEAN: Final = 9


@dataclass(frozen=True, slots=True)
class Comparisons:
    """The three frames of a comparison (``GROUPS``, ``POSITIONS``, ``GAPS``)."""

    groups: pl.DataFrame
    positions: pl.DataFrame
    gaps: pl.DataFrame


def mean_label(card: Indicator) -> str:
    """Say in French what the plain mean of the neighbourhoods is, for that indicator."""
    if card.aggregation is Aggregation.MEAN:
        return "moyenne simple des valeurs des quartiers, et non taux de leur ensemble"
    if card.aggregation is Aggregation.SUM:
        return "effectif moyen par quartier"
    return "pas de moyenne : ces valeurs ne se moyennent pas"


def compare(
    retained: pl.DataFrame | pl.LazyFrame,
    territories: pl.DataFrame,
    catalogue: Catalogue,
    population: str = "demographie.population",
) -> Comparisons:
    """Compare every neighbourhood with its references, over all indicators of the catalogue.

    ``retained``: at least kind, territory, indicator, period, breakdown, value, status, origin
    of ``RETAINED``; ``territories``: kind, code, label, epci, communes, population;
    ``population``: the indicator that weighs by default. Frames are sorted by their keys.
    """
    parts = list(batches(retained, territories, catalogue, population))

    def whole(name: str, schema: Schema, key: Sequence[str]) -> pl.DataFrame:
        frames = [getattr(part, name) for part in parts]
        return pl.concat(frames).sort(key) if frames else pl.DataFrame(schema=schema)

    return Comparisons(
        whole("groups", GROUPS, _CELL),
        whole("positions", POSITIONS, ("group", "territory", *_CELL[1:])),
        whole("gaps", GAPS, ("group", "territory", *_CELL[1:], "comparator")),
    )


def batches(
    retained: pl.DataFrame | pl.LazyFrame,
    territories: pl.DataFrame,
    catalogue: Catalogue,
    population: str = "demographie.population",
) -> Iterator[Comparisons]:
    """Yield the comparisons some indicators at a time, for who writes them as they come.

    With a lazy frame (a Parquet file sorted by indicator) only one batch is in memory.
    """
    figures = retained.lazy().select(_NEEDED)
    members = (
        territories.filter(pl.col("kind") == Kind.QPV)
        .select(pl.col("epci").alias("group"), pl.col("code").alias("territory"))
        .with_row_index("who")
    )
    weights = Weights(figures, territories, catalogue, population)
    references = References(territories)
    sizes = (
        figures.filter(pl.col("indicator").is_in(list(catalogue.indicators)))
        .group_by("indicator")
        .agg(size=(pl.col("kind") == Kind.QPV).sum())
        .filter(pl.col("size") > 0)
        .sort("indicator")
        .collect()
    )
    for codes in _packed(sizes.rows()):
        few = figures.filter(pl.col("indicator").is_in(codes)).collect()
        yield _batch(few, members, weights, references, catalogue)


def _packed(sizes: Sequence[tuple[str, int]]) -> Iterator[list[str]]:
    """Pack indicators into batches of at most ``BATCH_ROWS`` rows, one at least."""
    codes: list[str] = []
    rows = 0
    for code, size in sizes:
        if codes and rows + size > BATCH_ROWS:
            yield codes
            codes, rows = [], 0
        codes.append(code)
        rows += size
    if codes:
        yield codes


# ------------------------------------------------------------------ one batch


def _batch(
    figures: pl.DataFrame,
    members: pl.DataFrame,
    weights: Weights,
    references: References,
    catalogue: Catalogue,
) -> Comparisons:
    rows = _crossed(figures, members, catalogue)
    cells = _statistics(weights.of(rows), weights.population)
    placed = _placed(rows, cells, int(catalogue.number("effectif_minimal_rang")))
    distances = gaps(
        placed,
        cells,
        figures,
        references,
        slight=catalogue.number("ecart_leger"),
        strong=catalogue.number("ecart_net"),
    )
    return Comparisons(_conform(cells, GROUPS), _conform(placed, POSITIONS), distances)


def _conform(frame: pl.DataFrame, schema: Schema) -> pl.DataFrame:
    return frame.select(pl.col(name).cast(dtype) for name, dtype in schema.items())


def _crossed(figures: pl.DataFrame, members: pl.DataFrame, catalogue: Catalogue) -> pl.DataFrame:
    """Return one row a figure of a group × each of its neighbourhoods, known or not.

    Adds numbers that stand for texts in joins and sorts: ``cell`` (the figure of the group),
    ``what`` (the figure whatever the group), ``series`` (whatever the period), ``order`` (of
    the period), ``who``; then ``scale`` (10 to the decimals), ``sense`` (+1 when higher is
    better or nobody judges, −1 when it is worse), ``averaged``, ``counted`` and ``shown``
    (the value as printed).
    """
    cards = catalogue.indicators
    facts = pl.DataFrame(
        [
            (
                code,
                10.0**card.decimals,
                -1 if card.polarity is Polarity.DEFAVORABLE else 1,
                card.aggregation is not Aggregation.NONE,
                card.aggregation is Aggregation.SUM,
            )
            for code, card in cards.items()
        ],
        schema={
            "indicator": pl.String,
            "scale": pl.Float64,
            "sense": pl.Int8,
            "averaged": pl.Boolean,
            "counted": pl.Boolean,
        },
        orient="row",
    )
    own = figures.filter(pl.col("kind") == Kind.QPV).select(
        "territory", "indicator", "period", "breakdown", "value", "status", "origin"
    )
    what = (
        own.select("indicator", "period", "breakdown")
        .unique()
        .sort("indicator", "period", "breakdown")
        .with_row_index("what")
        .with_columns(
            series=pl.struct("indicator", "breakdown").rank("dense"),
            order=pl.struct(period_end(pl.col("period")), "period").rank("dense"),
        )
        .join(facts, on="indicator", maintain_order="left")
    )
    stated = own.join(
        what.select("indicator", "period", "breakdown", "what"),
        on=["indicator", "period", "breakdown"],
    ).join(members, on="territory")
    cells = (
        stated.select("group", "what")
        .unique()
        .sort("group", "what")
        .with_row_index("cell")
        .join(what, on="what", maintain_order="left")
    )
    return (
        cells.join(members, on="group", maintain_order="left")
        .join(
            stated.select("who", "what", "value", "status", "origin"),
            on=["who", "what"],
            how="left",
            maintain_order="left",
        )
        .with_columns(
            status=pl.col("status").fill_null(Status.MISSING.value),
            value=pl.when(pl.col("status") == Status.OK).then(pl.col("value")),
        )
        .with_columns(shown=printed_at(pl.col("value"), pl.col("scale")))
    )


def _statistics(rows: pl.DataFrame, population: str) -> pl.DataFrame:
    """Return one row a cell, in order: the columns of ``GROUPS`` and those of the figure."""
    value = pl.col("value")
    known = value.is_not_null()
    natural, people = pl.col("natural"), pl.col("people")

    def weighted(weight: pl.Expr) -> pl.Expr:
        complete = (known & weight.is_null()).sum() == 0
        total = weight.filter(known).sum()
        return pl.when(complete & (total > 0)).then((value * weight).sum() / total)

    return (
        rows.group_by("cell", maintain_order=True)
        .agg(
            pl.col("group", "indicator", "period", "breakdown", "what", "scale").first(),
            pl.col("averaged", "counted", "natural_code").first(),
            known=known.sum(),
            total=pl.len(),
            _mean=value.mean(),
            _natural=weighted(natural),
            _people=weighted(people),
            median=value.median(),
            _sd=value.std(ddof=0),
            minimum=value.min(),
            maximum=value.max(),
        )
        .with_columns(
            mean=pl.when("averaged").then(pl.col("_mean").round(_CLEAN)),
            wmean=pl.coalesce("_natural", "_people").round(_CLEAN),
            weight=pl.when(pl.col("_natural").is_not_null())
            .then(pl.col("natural_code"))
            .when(pl.col("_people").is_not_null())
            .then(pl.lit(population)),
            # equal values: the machine may find a spread of 1e-15
            sd=pl.when(pl.col("minimum") == pl.col("maximum")).then(0.0).otherwise(pl.col("_sd")),
        )
    )


def _placed(rows: pl.DataFrame, cells: pl.DataFrame, enough: int) -> pl.DataFrame:
    """Add the z-score and the ranks to each row (columns of ``POSITIONS``).

    Below ``enough`` known values there is neither: a rank among two says nothing.
    """
    spread = cells.select("cell", "known", "sd", pl.col("_mean").alias("centre"))
    value, known = pl.col("value"), pl.col("known")
    some = value.is_not_null() & (known >= enough)
    return (
        _ranked(beside_cell(rows, spread))
        .with_columns(
            z=pl.when(some & (pl.col("sd") > 0)).then(
                ((value - pl.col("centre")) / pl.col("sd") * pl.col("sense")).round(_CLEAN)
            ),
            rank_low=pl.when(some).then("_first"),
            rank_high=pl.when(some).then(known + 1 - pl.col("_last")),
            tied=value.is_not_null() & (pl.col("_last") > pl.col("_first")),
        )
        .with_columns(rank=pl.when(pl.col("sense") > 0).then("rank_high").otherwise("rank_low"))
    )


def _ranked(rows: pl.DataFrame) -> pl.DataFrame:
    """Add ``_first`` and ``_last``, the places of the equals of each row in its cell, from 1.

    One sort for all the cells, then the ends of the runs: a rank a group costs ten times more
    when there are a hundred thousand groups of four.
    """
    cell, shown, place = pl.col("cell"), pl.col("shown"), pl.int_range(pl.len())
    opens_cell = (cell != cell.shift(1)).fill_null(value=True)
    opens_run = opens_cell | shown.ne_missing(shown.shift(1))
    ends_run = opens_run.shift(-1, fill_value=True)
    return (
        rows.sort("cell", "shown", nulls_last=True)
        .with_columns(
            _start=pl.when(opens_cell).then(place).forward_fill(),
            _first=pl.when(opens_run).then(place).forward_fill(),
            _last=pl.when(ends_run).then(place).backward_fill(),
        )
        .with_columns(pl.col("_first", "_last") - pl.col("_start") + 1)
    )
