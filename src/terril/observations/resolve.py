"""Several documents state one figure: which statement is shown, and do they disagree?

Rules, in this order.

1. Secrecy first: when a document says that a figure is secret, it is secret; the value that
   another document prints is kept in the statements, never carried into what is shown.
2. A statement that says something wins over « pas de donnée »: missing is no figure.
3. The smallest priority declared in ``terril.toml`` wins, then the order of the document
   ids, then the order of the lines.

Statements contradict one another when their values differ by more than the rounding of the
coarser one (« 19 » and « 19,4 » agree, « 19 » and « 23 » do not), or when their statuses
differ, « pas de donnée » apart.

A figure that we compute takes part like another document, save that it can neither blank
nor fill silence with silence: an uncomputable figure says nothing against a stated one.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from terril.observations.rounding import agree, half_unit
from terril.observations.schema import KEY, RETAINED, Origin, Status, conform

#: decimals assumed when no statement of the figure says any
_EXACT_DECIMALS: Final = 9


def speaks(stated: pl.Expr | None = None) -> pl.Expr:
    """Return whether a row says something of its figure (expression over ``STATEMENTS``).

    « Pas de donnée » says nothing, and a derived figure that could not be computed neither.
    """
    derived = pl.col("origin") == Origin.DERIVED if stated is None else ~stated
    return (pl.col("status") != Status.MISSING) & (~derived | (pl.col("status") == Status.OK))


def _order() -> pl.Expr:
    """Return 0 for a stated secret, 1 for what says something, 2 for the rest."""
    secret = (pl.col("status") == Status.SECRET) & (pl.col("origin") != Origin.DERIVED)
    return (
        pl.when(secret)
        .then(0)
        .when(speaks())
        .then(1)
        .when(pl.col("status") == Status.SECRET)
        .then(2)
        .otherwise(3)
        .cast(pl.Int8)
    )


def bounds() -> tuple[pl.Expr, pl.Expr]:
    """Return the ends of the interval that each statement stands for, to use ``over`` a key.

    A figure without written decimals (a ratio that we computed) is held to be as coarse as
    the coarsest statement of the same figure.
    """
    coarsest = pl.col("decimals").min().over(KEY)
    half = half_unit(pl.coalesce(pl.col("decimals"), coarsest, pl.lit(_EXACT_DECIMALS)))
    return pl.col("value") - half, pl.col("value") + half


def repeated(statements: pl.DataFrame) -> pl.DataFrame:
    """Return the statements of the figures stated more than once, in order of choice.

    Columns of ``STATEMENTS`` and ``documents`` (how many state the figure), ``contradicted``.
    The first row of each key is the one shown.
    """
    return _in_order(statements.filter(pl.len().over(KEY) > 1))


def _in_order(several: pl.DataFrame) -> pl.DataFrame:
    """Sort statements by key and choice, and say of each key whether they disagree."""
    lower, upper = bounds()
    ok = pl.col("status") == Status.OK
    spoken = speaks() & (pl.col("origin") != Origin.DERIVED)
    return (
        several.with_columns(_order=_order(), _lower=lower, _upper=upper)
        .with_columns(
            _lower=pl.when(ok).then(pl.col("_lower")), _upper=pl.when(ok).then(pl.col("_upper"))
        )
        .with_columns(
            documents=pl.col("document").n_unique().over(KEY),
            _apart=~agree(pl.col("_lower").max().over(KEY), pl.col("_upper").min().over(KEY)),
            _said=pl.when(spoken).then(pl.col("status")).drop_nulls().n_unique().over(KEY),
        )
        .with_columns(contradicted=pl.col("_apart").fill_null(value=False) | (pl.col("_said") > 1))
        .sort([*KEY, "_order", "priority", "document", "line"], nulls_last=True)
        .drop("_order", "_lower", "_upper", "_apart", "_said")
    )


def resolve(statements: pl.DataFrame) -> pl.DataFrame:
    """Return one row a figure: the statement shown (columns of ``RETAINED``).

    ``statements``: a frame of ``STATEMENTS``; derived rows may be among them. Sorted by key.
    """
    counted = statements.with_columns(_times=pl.len().over(KEY))
    alone = counted.filter(pl.col("_times") == 1).with_columns(
        statements=pl.lit(1), contradicted=pl.lit(value=False)
    )
    several = (
        _in_order(counted.filter(pl.col("_times") > 1))
        .group_by(KEY, maintain_order=True)
        .first()
        .rename({"documents": "statements"})
    )
    retained = pl.concat([conform(alone, RETAINED), conform(several, RETAINED)])
    return retained.with_columns(
        value=pl.when(pl.col("status") == Status.OK).then(pl.col("value"))
    ).sort(KEY)
