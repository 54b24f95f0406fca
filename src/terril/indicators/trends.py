"""Does a figure rise or fall over the years, more than chance would have it?

Mann–Kendall's test on the comparable points of each series, and Theil–Sen's slope (the median of
the slopes of all pairs of points, in units of the figure a year). « stable » means that no trend
is established, not that nothing moves. Under ``tendance_points`` comparable points nothing is
tested: « non testé », which is an answer, and not « stable ».

Comparable: from the latest point backwards, a point is kept when no break blocks the change to
the next one kept. So two consecutive vintages of a source that forbids it are never both in a
test, census years are five years apart, and a series starts after its last break. The points
are those of one source, the one of the latest figure.

With hundreds of series, one in twenty « trends » at 5 % is the work of chance.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from terril.catalogue.cards import Catalogue
from terril.catalogue.schema import Polarity
from terril.indicators import mann_kendall
from terril.indicators.breaks import blocked_pairs
from terril.indicators.periods import end_of, in_years
from terril.lib.french import compte

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

RISING: Final = "hausse"
FALLING: Final = "baisse"
STEADY: Final = "stable"
UNTESTED: Final = "non testé"

#: one row a territory × indicator × breakdown with at least one known and dated figure
TRENDS: Final[dict[str, pl.DataType | type[pl.DataType]]] = {
    "kind": pl.String,
    "territory": pl.String,
    "indicator": pl.String,
    "breakdown": pl.String,
    "source": pl.String,  # of the points
    "points": pl.Int32,  # comparable ones
    "known": pl.Int32,  # known figures of that source, comparable or not
    "first": pl.String,  # periods of the first and last comparable points
    "last": pl.String,
    "s": pl.Int32,  # rising pairs minus falling pairs; null when not tested
    "p_value": pl.Float64,  # two-sided; null when not tested
    "slope": pl.Float64,  # Theil–Sen, a year; null under two points
    "result": pl.String,  # hausse | baisse | stable | non testé
    "judgement": pl.String,  # favorable | defavorable | neutre for a trend, "" otherwise
    "reason": pl.String,  # French: why nothing is tested; "" otherwise
}

_SERIES: Final = ("kind", "territory", "indicator", "breakdown")


def trends(
    retained: pl.DataFrame,
    catalogue: Catalogue,
    *,
    kinds: tuple[str, ...] = ("qpv",),
    alpha: float | None = None,
    points: int | None = None,
) -> pl.DataFrame:
    """Return one row a series (``TRENDS``), sorted by key.

    ``retained``: kind, territory, indicator, period, breakdown, value, status, source.
    ``alpha`` (probability) and ``points`` (smallest number of points): those of the catalogue
    (``tendance_alpha``, ``tendance_points``) unless given. Raises ``ValueError`` under three
    points: no row of two figures is a trend.
    """
    limit = catalogue.number("tendance_alpha") if alpha is None else alpha
    enough = int(catalogue.number("tendance_points")) if points is None else points
    if enough < 3:
        raise ValueError("a trend needs three points at least")
    rows = retained.filter(
        pl.col("kind").is_in(kinds)
        & (pl.col("status") == "ok")
        & pl.col("value").is_not_null()
        & (pl.col("period") != "")
    ).select(*_SERIES, "period", "source", "value")
    rows = _latest_source(rows)
    parts = [
        _one(str(key[0]), str(key[1]), frame, catalogue, limit, enough)
        for key, frame in rows.partition_by("indicator", "source", as_dict=True).items()
    ]
    parts = [part for part in parts if not part.is_empty()]
    return pl.concat(parts).sort(_SERIES) if parts else pl.DataFrame(schema=TRENDS)


def _latest_source(rows: pl.DataFrame) -> pl.DataFrame:
    """Keep, of each series, the points of the source of its latest figure."""
    if rows["source"].n_unique() < 2 or rows.select("indicator", "source").n_unique() == (
        rows["indicator"].n_unique()
    ):
        return rows
    ends = pl.DataFrame(
        {"period": (periods := rows["period"].unique()), "_end": [end_of(p) for p in periods]},
        schema={"period": pl.String, "_end": pl.String},
    )
    dated = rows.join(ends, on="period")
    kept = dated.sort("_end", "source").group_by(_SERIES).agg(pl.col("source").last())
    return dated.join(kept, on=[*_SERIES, "source"], how="semi").drop("_end")


def _one(
    indicator: str,
    source: str,
    rows: pl.DataFrame,
    catalogue: Catalogue,
    alpha: float,
    enough: int,
) -> pl.DataFrame:
    """Test all the series of one indicator and one source together."""
    periods = sorted((p for p in rows["period"].unique() if in_years(p)), key=end_of)
    if not periods:
        return pl.DataFrame(schema=TRENDS)
    years = np.array([in_years(p) for p in periods], dtype=np.float64)
    rank = {p: i for i, p in enumerate(periods)}
    dated = rows.filter(pl.col("period").is_in(periods))
    series = dated.select(_SERIES).unique(maintain_order=True).with_row_index("_series")
    placed = dated.join(series, on=_SERIES)
    values = np.full((series.height, len(periods)), np.nan)
    columns = placed["period"].replace_strict(rank, return_dtype=pl.Int64).to_numpy()
    values[placed["_series"].to_numpy(), columns] = placed["value"].to_numpy()
    known = ~np.isnan(values)
    kept = comparable(known, blocked_pairs(indicator, periods, source, catalogue))
    s, p, slope = measure(np.where(kept, values, np.nan), years, enough)
    count = kept.sum(axis=1)
    labels = np.array(periods, dtype=object)
    whole = series.drop("_series").with_columns(
        source=pl.lit(source),
        points=pl.Series(count, dtype=pl.Int32),
        known=pl.Series(known.sum(axis=1), dtype=pl.Int32),
        first=pl.Series(labels[kept.argmax(axis=1)], dtype=pl.String),
        last=pl.Series(labels[len(periods) - 1 - kept[:, ::-1].argmax(axis=1)], dtype=pl.String),
        s=pl.Series(s, dtype=pl.Int32),
        p_value=pl.Series(p, dtype=pl.Float64).fill_nan(None),
        slope=pl.Series(slope, dtype=pl.Float64).fill_nan(None),
    )
    return _worded(whole, indicator, catalogue, alpha, enough)


def _worded(
    frame: pl.DataFrame, indicator: str, catalogue: Catalogue, alpha: float, enough: int
) -> pl.DataFrame:
    card = catalogue.indicators.get(indicator)
    polarity = card.polarity if card else Polarity.NEUTRE
    rising, falling = {
        Polarity.FAVORABLE: ("favorable", "defavorable"),
        Polarity.DEFAVORABLE: ("defavorable", "favorable"),
        Polarity.NEUTRE: ("neutre", "neutre"),
    }[polarity]
    reasons = {n: _reason(n, enough) for n in range(enough)}
    asked = pl.col("points") >= enough
    sure = asked & (pl.col("p_value") <= alpha)
    return (
        frame.with_columns(
            result=pl.when(~asked)
            .then(pl.lit(UNTESTED))
            .when(sure & (pl.col("s") > 0))
            .then(pl.lit(RISING))
            .when(sure & (pl.col("s") < 0))
            .then(pl.lit(FALLING))
            .otherwise(pl.lit(STEADY)),
            reason=pl.col("points").replace_strict(reasons, default="", return_dtype=pl.String),
            s=pl.when(asked).then(pl.col("s")),
            p_value=pl.when(asked).then(pl.col("p_value")),
        )
        .with_columns(
            judgement=pl.col("result").replace_strict(
                {RISING: rising, FALLING: falling}, default="", return_dtype=pl.String
            )
        )
        .select(pl.col(name).cast(dtype) for name, dtype in TRENDS.items())
    )


def _reason(points: int, enough: int) -> str:
    return f"{compte(points, 'point comparable', 'points comparables')}, il en faut {enough}"


# ------------------------------------------------------------------ the numbers


def comparable(known: Flags, blocked: list[list[bool]]) -> Flags:
    """Return which points are kept, from the latest backwards.

    ``known``: series × periods in the order of time. ``blocked[i][j]``: may the change from i to
    a later j not be told? A point is kept when the change to the next one kept is not blocked.
    """
    height, width = known.shape
    forbidden = np.zeros((width, width + 1), dtype=bool)
    forbidden[:, :width] = np.array(blocked, dtype=bool).reshape(width, width)
    after = np.full(height, width)  # the next point kept; ``width`` when there is none yet
    kept = np.zeros_like(known)
    for column in range(width - 1, -1, -1):
        chosen = known[:, column] & ~forbidden[column, after]
        kept[:, column] = chosen
        after = np.where(chosen, column, after)
    return kept


def measure(
    values: Floats, years: Floats, enough: int
) -> tuple[npt.NDArray[np.int64], Floats, Floats]:
    """Return S, the two-sided probability (nan under ``enough`` points) and Theil–Sen's slope.

    ``values``: series × periods, nan where there is no point; ``years``: of the periods.
    """
    height, width = values.shape
    s = np.zeros(height, dtype=np.int64)
    slopes = np.full((height, width * (width - 1) // 2), np.nan)
    pair = 0
    with np.errstate(invalid="ignore"):
        for i in range(width):
            for j in range(i + 1, width):
                rise = values[:, j] - values[:, i]
                s += (rise > 0).astype(np.int64) - (rise < 0)
                if years[j] > years[i]:
                    slopes[:, pair] = rise / (years[j] - years[i])
                pair += 1
    slope = np.full(height, np.nan)
    some = ~np.isnan(slopes).all(axis=1)
    if some.any():
        slope[some] = np.nanmedian(slopes[some], axis=1)
    return s, _probabilities(values, s, enough), slope


def _probabilities(values: Floats, s: npt.NDArray[np.int64], enough: int) -> Floats:
    """Return the probability of each S, given how many points there are and which are tied."""
    ordered = np.sort(values, axis=1)  # nan last
    size = (~np.isnan(values)).sum(axis=1)
    result = np.full(len(values), np.nan)
    rows = np.flatnonzero(size >= enough)
    tied = ordered[rows, 1:] == ordered[rows, :-1]
    packed = np.packbits(tied, axis=1)
    keys = np.column_stack([size[rows], np.abs(s[rows]), packed.astype(np.int64)])
    distinct, inverse = np.unique(keys, axis=0, return_inverse=True)
    found = [
        mann_kendall.p_value(int(n), _runs(bytes(bits.astype(np.uint8))), int(value))
        for n, value, bits in ((key[0], key[1], key[2:]) for key in distinct)
    ]
    result[rows] = np.array(found)[inverse.ravel()] if found else result[rows]
    return result


@lru_cache(maxsize=65536)
def _runs(packed: bytes) -> tuple[int, ...]:
    """Return how many times the values that stand more than once do, from « equal to the next »."""
    runs, run = [], 1
    for bit in np.unpackbits(np.frombuffer(packed, dtype=np.uint8)):
        if bit:
            run += 1
        elif run > 1:
            runs.append(run)
            run = 1
    return tuple([*runs, run] if run > 1 else runs)
