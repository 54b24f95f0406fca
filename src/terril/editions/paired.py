"""How are the rows of two editions put side by side?"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl


def paired(
    before: pl.DataFrame, after: pl.DataFrame, key: Sequence[str], shown: Sequence[str]
) -> pl.DataFrame:
    """Return one row a key that either frame holds.

    Columns: the key; each ``shown`` column twice, ``<name>_before`` and ``<name>_after``;
    ``_held_before`` and ``_held_after``, true or null. Where a frame holds a key twice, its
    first row counts.
    """
    sides = [
        frame.select(
            *key,
            *(pl.col(name).alias(f"{name}_{side}") for name in shown),
            pl.lit(True).alias(f"_held_{side}"),
        ).unique(list(key), keep="first", maintain_order=True)
        for side, frame in (("before", before), ("after", after))
    ]
    return sides[0].join(sides[1], on=list(key), how="full", coalesce=True, nulls_equal=True)


def plain_changes(
    before: pl.DataFrame, after: pl.DataFrame, key: Sequence[str], value: str
) -> pl.DataFrame:
    """Return the keys whose ``value`` differs: the key, change, before, after.

    ``change`` is ajouté | retiré | changé. Sorted by key.
    """
    both = paired(before, after, key, (value,))
    change = (
        pl.when(pl.col("_held_before").is_null())
        .then(pl.lit("ajouté"))
        .when(pl.col("_held_after").is_null())
        .then(pl.lit("retiré"))
        .when(pl.col(f"{value}_before").ne_missing(pl.col(f"{value}_after")))
        .then(pl.lit("changé"))
    )
    return (
        both.with_columns(change=change)
        .filter(pl.col("change").is_not_null())
        .select(*key, "change", before=f"{value}_before", after=f"{value}_after")
        .sort(*key)
    )
