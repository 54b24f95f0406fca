"""Which period of an indicator is the one shown for a contract?

Sources have their own calendars, and a document may state one neighbourhood at a period of
its own. The period shown is the latest that speaks of at least half of the neighbourhoods
of the group, else the one that speaks of most of them (the latest when equal). The former
period, when there is one, is the latest before it that speaks of at least one of them.
"""

from __future__ import annotations

import polars as pl

_KEY = ("group", "indicator", "breakdown")


def shown_periods(groups: pl.DataFrame) -> pl.DataFrame:
    """Return one row a group × indicator × breakdown: ``period`` shown and ``former`` or null.

    ``groups`` is the frame of the same name in :mod:`terril.benchmarks.schema`. A period
    whose text is empty (the document gives none) comes last.
    """
    order = [pl.col("half"), pl.col("rank_known"), pl.col("period")]
    ranked = (
        groups.filter(pl.col("known") > 0)
        .with_columns(
            half=(pl.col("known") * 2 >= pl.col("total")),
        )
        .with_columns(rank_known=pl.when(pl.col("half")).then(0).otherwise(pl.col("known")))
        .sort([*_KEY, *order], descending=[False, False, False, True, True, True])
    )
    shown = ranked.group_by(_KEY, maintain_order=True).first().select(*_KEY, "period")
    former = (
        ranked.select(*_KEY, pl.col("period").alias("other"))
        .join(shown, on=list(_KEY))
        .filter((pl.col("other") < pl.col("period")) & (pl.col("other") != ""))
        .group_by(_KEY)
        .agg(former=pl.col("other").max())
    )
    return shown.join(former, on=list(_KEY), how="left").sort(_KEY)
