"""Since when may a figure be said to have changed, when its last change may not be told?

The gap to the former period is taken to the latest known one. When a break of series blocks it,
an older figure may still do: with census years 2010, 2015 and 2018, the change from 2015 to 2018
is blocked and that from 2010 to 2018 is not. The older figure is then the reference, and the
nearest change stays in a register of its own (``BLOCKED``): what the breaks did is counted whole.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from terril.benchmarks.gaps import period_end
from terril.benchmarks.schema import Schema
from terril.catalogue.cards import Catalogue
from terril.catalogue.schema import Effect
from terril.indicators.breaks import ADDED, PREVIOUS, between, effect_of, text_of
from terril.observations.rounding import printed_at
from terril.observations.schema import Kind, Status

#: one row a figure whose change since the latest former one is blocked
BLOCKED: Final[Schema] = {
    "group": pl.String,
    "territory": pl.String,
    "indicator": pl.String,
    "period": pl.String,
    "breakdown": pl.String,
    "reference_period": pl.String,  # of the latest former figure
    "taken": pl.String,  # the older period told in its place; null when nothing is told
    "break_text": pl.String,  # French: why
    "break_codes": pl.List(pl.String),  # cards of catalogue/breaks
}

_SERIES: Final = ("territory", "indicator", "breakdown")
_CHANGE: Final = ("indicator", "reference_period", "period", "_source_a", "_source_b")
_SAID: Final = (
    "reference",
    "reference_period",
    "reference_origin",
    "gap",
    "spread",
    "direction",
    "degree",
    *ADDED,
)


def comparable_changes(
    annotated: pl.DataFrame, retained: pl.DataFrame, groups: pl.DataFrame, catalogue: Catalogue
) -> pl.DataFrame:
    """Return the gaps with each blocked change taken to the latest former figure that may be.

    ``annotated``: the gaps as ``annotate_changes`` returns them; ``retained``: kind, territory,
    indicator, period, breakdown, value, status, origin, source; ``groups``: frame of the
    comparison, for the spread. A blocked change without such a figure stays blocked. Rows keep
    their order.
    """
    numbered = annotated.with_row_index("_row")
    blocked = numbered.filter(
        (pl.col("comparator") == PREVIOUS) & (pl.col("break_effect") == "bloque")
    )
    if blocked.is_empty():
        return annotated
    found = _older(blocked, retained, catalogue)
    told = _measured(found, groups, catalogue)
    joined = numbered.join(
        told.select("_row", *(pl.col(name).alias(f"_{name}") for name in _SAID)),
        on="_row",
        how="left",
        maintain_order="left",
    )
    new = pl.col("_reference").is_not_null()
    return joined.with_columns(
        pl.when(new).then(pl.col(f"_{name}")).otherwise(pl.col(name)).alias(name) for name in _SAID
    ).select(annotated.columns)


def blocked_changes(annotated: pl.DataFrame, told: pl.DataFrame) -> pl.DataFrame:
    """Return the changes to the nearest former figure that a break blocks (``BLOCKED``), by key.

    ``annotated``: as ``annotate_changes`` returns them; ``told``: the same rows, as
    :func:`comparable_changes` does. Raises ``ValueError`` when they are not the same rows.
    """
    if annotated.height != told.height:
        raise ValueError("not the rows of one comparison")
    blocks = pl.col("break_effect") == Effect.BLOQUE.value
    free = told.select(taken=pl.when(~blocks.fill_null(value=False)).then("reference_period"))
    return (
        annotated.with_columns(free["taken"])
        .filter((pl.col("comparator") == PREVIOUS) & blocks)
        .select(pl.col(name).cast(dtype) for name, dtype in BLOCKED.items())
        .sort("group", "territory", "indicator", "period", "breakdown")
    )


def summary(changes: pl.DataFrame, blocked: pl.DataFrame) -> pl.DataFrame:
    """Count the changes by indicator, periods and effect: what the register of breaks did.

    ``changes``: as :func:`comparable_changes` returns them; ``blocked``: ``BLOCKED``. Columns:
    indicator, reference_period, period, effect (bloque | annote | libre), changes (how many
    neighbourhoods), taken (how many of them are told since an older period), codes, text. A
    change told since an older period also has a row of its own, by the periods that are told.
    """
    pair = ["indicator", "reference_period", "period"]
    about = [
        pl.col("break_codes").explode().drop_nulls().unique(maintain_order=True).alias("codes"),
        pl.col("break_text").drop_nulls().unique(maintain_order=True).str.join(" ").alias("text"),
    ]
    told = (
        changes.filter(
            (pl.col("comparator") == PREVIOUS)
            & pl.col("break_effect").ne_missing(Effect.BLOQUE.value)
        )
        .group_by(*pair, effect=pl.col("break_effect").fill_null("libre"))
        .agg(pl.len().alias("changes"), pl.lit(0, pl.UInt32).alias("taken"), *about)
    )
    stopped = blocked.group_by(*pair, effect=pl.lit(Effect.BLOQUE.value)).agg(
        pl.len().alias("changes"), pl.col("taken").count(), *about
    )
    whole = pl.concat([told, stopped], how="vertical_relaxed")
    return whole.sort("indicator", "period", "reference_period", "effect")


def _older(blocked: pl.DataFrame, retained: pl.DataFrame, catalogue: Catalogue) -> pl.DataFrame:
    """Return the latest former figure that no break blocks, for each blocked change."""
    known = retained.filter(
        (pl.col("kind") == Kind.QPV)
        & (pl.col("status") == Status.OK)
        & pl.col("value").is_not_null()
        & pl.col("indicator").is_in(blocked["indicator"].unique().implode())
    ).select(*_SERIES, "period", "value", "origin", "source")
    candidates = (
        blocked.select("_row", "group", *_SERIES, "period", _former="reference_period")
        .join(known.select(*_SERIES, "period", "value", _source_b="source"),
              on=[*_SERIES, "period"])
        .join(
            known.select(
                *_SERIES,
                reference_period="period",
                reference="value",
                reference_origin="origin",
                _source_a="source",
            ),
            on=list(_SERIES),
        )
        .with_columns(
            _end=period_end(pl.col("reference_period")), _limit=period_end(pl.col("_former"))
        )
        .filter((pl.col("_end") < pl.col("_limit")) & (pl.col("reference_period") != ""))
    )  # fmt: skip
    rows = []
    for change in candidates.select(_CHANGE).unique().iter_rows():
        indicator, before, after, source_a, source_b = change
        crossings = between(indicator, before, after, source_a, catalogue, source_b=source_b)
        effect = effect_of(crossings)
        if effect != "bloque":
            codes = [crossing.code for crossing in crossings]
            rows.append((*change, effect, text_of(crossings), codes if codes else None))
    free = pl.DataFrame(rows, schema={**dict.fromkeys(_CHANGE, pl.String), **ADDED}, orient="row")
    return (
        candidates.join(free, on=list(_CHANGE))
        .sort("_row", "_end", "reference_period")
        .unique("_row", keep="last", maintain_order=True)
    )


def _measured(rows: pl.DataFrame, groups: pl.DataFrame, catalogue: Catalogue) -> pl.DataFrame:
    """Add the gap, its spread, direction and degree, as the other gaps have them."""
    scales = {code: 10.0**card.decimals for code, card in catalogue.indicators.items()}
    slight, strong = catalogue.number("ecart_leger"), catalogue.number("ecart_net")
    scale = pl.col("indicator").replace_strict(scales, return_dtype=pl.Float64)
    cell = ["group", "indicator", "period", "breakdown"]
    size = pl.col("spread").abs().fill_null(0.0)
    return (
        rows.join(groups.select(*cell, "sd"), on=cell, how="left")
        .with_columns(
            gap=printed_at(
                printed_at(pl.col("value"), scale) - printed_at(pl.col("reference"), scale), scale
            )
        )
        .with_columns(
            spread=pl.when(pl.col("sd") > 0).then((pl.col("gap") / pl.col("sd")).round(9)),
            direction=pl.when(pl.col("gap") > 0)
            .then(pl.lit("higher"))
            .when(pl.col("gap") < 0)
            .then(pl.lit("lower"))
            .otherwise(pl.lit("equal")),
        )
        .with_columns(
            degree=pl.when(size < slight)
            .then(pl.lit("slight"))
            .when(size < strong)
            .then(pl.lit("plain"))
            .otherwise(pl.lit("strong"))
        )
    )
