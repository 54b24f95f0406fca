"""Is a neighbourhood better off than the others on a theme, and how sure are we?

The published method says green when better off than the average of the QPV, red when in
difficulty, and gives no threshold. Ours: the mean, over the indicators of the theme, of the
z-scores turned so that higher is better, against the QPV of the same contract; favourable
above ``signal_favorable``, difficult below ``signal_difficile``. Below ``signal_part_disponible``
of the indicators, the signal is undetermined.

Sureness: the share of the plausible methods that give the same colour. A method is

* a threshold, on either side (``surete_seuils``: 0.3, 0.4, 0.5, 0.6, 0.7),
* a measure: the z-score of the value, or of its rank (ties share their mean rank),
* a summary: the mean of the indicators, or their median,
* a set of indicators: all that are known, or all but one, each in turn (a theme with one
  known indicator has one set).

All are combined and weigh the same: with k known indicators, 5 × 2 × 2 × (1 + k) methods
(× 1 when k = 1).
"""

from __future__ import annotations

from typing import Final

import polars as pl

from terril.benchmarks.compare import Comparisons
from terril.benchmarks.periods import shown_periods
from terril.benchmarks.schema import SIGNALS, Signal
from terril.catalogue.cards import Catalogue
from terril.catalogue.schema import FicheModel, Polarity

_WHO: Final = ("group", "territory", "theme")
_TOTAL: Final = "total"


def signals(
    comparisons: Comparisons, catalogue: Catalogue, fiche_model: FicheModel | str
) -> pl.DataFrame:
    """Return one row a neighbourhood × theme (columns of ``SIGNALS``), sorted by key.

    ``fiche_model``: the sheet model or its code; the ``signal`` rows of its blocks are the
    indicators, with their weights. Themes whose signal is not a z-score are left out. Each
    indicator is taken at the period shown for the contract (``shown_periods``).
    """
    model = catalogue.fiches[fiche_model] if isinstance(fiche_model, str) else fiche_model
    asked = _asked(model, catalogue)
    if asked.is_empty() or comparisons.positions.is_empty():
        return pl.DataFrame(schema=SIGNALS)
    scores = _scores(comparisons, asked)
    high = catalogue.number("signal_favorable")
    low = catalogue.number("signal_difficile")
    share = catalogue.number("signal_part_disponible")
    base = (
        scores.group_by(_WHO)
        .agg(
            score=_mean("z"),
            available=pl.col("z").is_not_null().sum(),
            expected=pl.col("expected").first(),
        )
        .with_columns(
            signal=pl.when(pl.col("available") < share * pl.col("expected"))
            .then(pl.lit(Signal.INDETERMINE.value))
            .otherwise(_colour(pl.col("score"), pl.lit(low), pl.lit(high)))
        )
        .with_columns(signal=pl.col("signal").fill_null(Signal.INDETERMINE.value))
    )
    sure = _sureness(scores, base, catalogue.numbers("surete_seuils"))
    known = pl.col("signal") != Signal.INDETERMINE
    return (
        base.join(sure, on=_WHO, how="left")
        .with_columns(
            score=pl.col("score").round(9),
            sureness=pl.when(known).then(pl.col("sureness")),
            variants=pl.when(known).then(pl.col("variants")).otherwise(0),
        )
        .select(pl.col(name).cast(dtype) for name, dtype in SIGNALS.items())
        .sort(_WHO)
    )


def _asked(model: FicheModel, catalogue: Catalogue) -> pl.DataFrame:
    """Return the indicators that count: theme, indicator, weight, how many in the theme."""
    rows = []
    for block in model.blocks:
        if catalogue.themes[block.theme].signal != "zscore":
            continue
        weights = block.weights or (1.0,) * len(block.signal)
        judged = [
            (code, weight)
            for code, weight in zip(block.signal, weights, strict=True)
            if catalogue.indicators[code].polarity is not Polarity.NEUTRE
        ]
        rows += [(block.theme, code, weight, len(judged)) for code, weight in judged]
    return pl.DataFrame(
        rows,
        schema={
            "theme": pl.String,
            "indicator": pl.String,
            "weight": pl.Float64,
            "expected": pl.Int32,
        },
        orient="row",
    )


def _scores(comparisons: Comparisons, asked: pl.DataFrame) -> pl.DataFrame:
    """Return one row a neighbourhood × indicator that counts: ``z`` and ``rank_z``, or null.

    Every neighbourhood of a group appears for every indicator, known or not, so that what is
    missing is counted as missing.
    """
    total = pl.col("breakdown") == _TOTAL
    wanted = asked["indicator"].implode()
    positions = comparisons.positions.filter(total & pl.col("indicator").is_in(wanted))
    groups = comparisons.groups.filter(total & pl.col("indicator").is_in(wanted))
    shown = shown_periods(groups).select("group", "indicator", "period")
    # ranks with ties at their mean: (lowest + highest rank) / 2, counted from the worst
    above = pl.col("known") + 1 - pl.col("rank_high")
    middle = (pl.col("rank_low") + above) / 2
    # same order whichever way, then turned so that higher is better
    better = (
        pl.when(pl.col("rank") == pl.col("rank_high"))
        .then(middle)
        .otherwise(pl.col("known") + 1 - middle)
    )
    cell = ["group", "indicator"]
    placed = (
        positions.join(shown, on=["group", "indicator", "period"])
        .with_columns(_rank=pl.when(pl.col("z").is_not_null()).then(better))
        .with_columns(
            rank_z=(pl.col("_rank") - pl.col("_rank").mean().over(cell))
            / pl.col("_rank").std(ddof=0).over(cell)
        )
        .select("territory", "indicator", "z", "rank_z")
    )
    who = comparisons.positions.select("group", "territory").unique()
    return who.join(asked, how="cross").join(placed, on=["territory", "indicator"], how="left")


def _colour(score: pl.Expr, low: pl.Expr, high: pl.Expr) -> pl.Expr:
    return (
        pl.when(score > high)
        .then(pl.lit(Signal.FAVORABLE.value))
        .when(score < low)
        .then(pl.lit(Signal.DIFFICILE.value))
        .when(score.is_not_null())
        .then(pl.lit(Signal.MOYEN.value))
    )


def _mean(column: str) -> pl.Expr:
    """Return the weighted mean of the known values of a column within a group."""
    weight = pl.col("weight").filter(pl.col(column).is_not_null()).sum()
    return pl.when(weight > 0).then((pl.col(column) * pl.col("weight")).sum() / weight)


def _median(column: str) -> pl.Expr:
    """Return the weighted median of the known values: the usual one when weights are equal.

    The value where half of the weight is reached; the middle of two when it is reached
    exactly between them.
    """
    known = pl.col(column).is_not_null()
    order = pl.col(column).filter(known).sort()
    weight = pl.col("weight").filter(known).sort_by(pl.col(column).filter(known))
    share = (weight.cum_sum() / weight.sum()).round(9)
    return (order.filter(share >= 0.5).first() + order.filter(share > 0.5).first()) / 2


def _sureness(scores: pl.DataFrame, base: pl.DataFrame, limits: tuple[float, ...]) -> pl.DataFrame:
    """Return ``sureness`` and ``variants`` of each neighbourhood × theme with a signal."""
    known = scores.filter(pl.col("z").is_not_null())
    out = known.select(*_WHO, out="indicator").filter(pl.len().over(_WHO) > 1)
    everything = known.select(_WHO).unique().with_columns(out=pl.lit(None, dtype=pl.String))
    sets = (
        pl.concat([everything, out])
        .join(known, on=_WHO)
        .filter(pl.col("out").is_null() | (pl.col("out") != pl.col("indicator")))
    )
    tried = (
        sets.group_by(*_WHO, "out")
        .agg(
            _mean("z").alias("z_mean"),
            _median("z").alias("z_median"),
            _mean("rank_z").alias("rank_mean"),
            _median("rank_z").alias("rank_median"),
        )
        .unpivot(
            ["z_mean", "z_median", "rank_mean", "rank_median"],
            index=[*_WHO, "out"],
            variable_name="method",
            value_name="value",
        )
        .join(pl.DataFrame({"limit": limits}, schema={"limit": pl.Float64}), how="cross")
        .join(base.select(*_WHO, "signal"), on=_WHO)
    )
    same = _colour(pl.col("value"), -pl.col("limit"), pl.col("limit")) == pl.col("signal")
    return tried.group_by(_WHO).agg(sureness=same.mean(), variants=pl.len())
