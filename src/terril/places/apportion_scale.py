"""What does the grid itself teach of its own apportioning: contrast of density, and error?

A neighbourhood drawn around its buildings is denser than what is beside it, and the coarser the
squares, the more a share of surface undercounts it. Squares twice as large are made of those of
the file, in their four alignments: where one square metre inside is taken to weigh as much as the
right number of square metres outside, the large squares give the same people as the small ones.
That number is the *contrast*. Nothing official is looked at.

It is measured for all the outlines together, and for each; the one retained lies in between,
nearer to its own as the outlines differ more than the four alignments of one do (James and Stein,
1961; Efron and Morris, 1975).

*dispersion*: mean square of what separates both sizes, over N² p (1 − p) of the small squares, N
people counting for a share p: what it would be if all the people of a square lived in one place.
*living_gap*: by how much, in a square that is cut, the people inside have a lower living standard
than those outside, so that both sizes give the same mean.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from terril.catalogue.cards import Catalogue
from terril.sources.grid import Grid

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

_ALIGNMENTS: Final = ((0, 0), (0, 1), (1, 0), (1, 1))
_TRIED: Final = 120  # contrasts tried over the range, evenly in logarithm


@dataclass(frozen=True, slots=True)
class Scale:
    """What was measured. ``zones``: outlines that served; 0 when there were too few."""

    contrast: float = 1.0  # of all together
    contrasts: Mapping[str, float] = field(default_factory=dict)  # of each that was measured
    pooled: float = 1.0  # mean weight of all together in each; 1: they do not differ
    dispersion: float = 1.0
    zones: int = 0
    before: float = float("nan")  # mean relative gap between both sizes, by surface
    after: float = float("nan")  # the same with the contrasts, or the mask
    living_gap: float = 0.0  # €
    living_error: float | None = None  # €: gap left between both sizes; None when not measured

    def of(self, zones: pl.Expr) -> pl.Expr:
        """Return the contrast of each outline of a column."""
        if not self.contrasts:
            return pl.lit(self.contrast)
        return zones.replace_strict(
            dict(self.contrasts), default=self.contrast, return_dtype=pl.Float64
        )


@dataclass(frozen=True, slots=True)
class _Squares:
    """Squares of one size and alignment × outlines that meet them."""

    zone: Ints
    count: int  # of outlines
    people: Floats
    part: Floats  # of the square's surface in the outline
    dense: Floats  # in all of them
    masked: Floats  # share of its mask in the outline, NaN without mask
    masked_all: Floats  # in all of them
    living: Floats  # NaN when not told
    known: npt.NDArray[np.bool_]  # is the square within the extent of the file?

    def served(self) -> npt.NDArray[np.bool_]:
        """Say by outline whether all its squares are within the extent of the file."""
        beyond = np.bincount(self.zone[~self.known], minlength=self.count)
        return np.equal(beyond, 0)

    def shares(self, contrast: Floats | float) -> tuple[Floats, Floats]:
        """Return the shares of people in the outline, and in any; one contrast an outline."""
        factor = np.broadcast_to(np.asarray(contrast, dtype=np.float64), self.count)[self.zone]
        weight = factor * self.dense + 1.0 - self.dense
        own, every = factor * self.part / weight, factor * self.dense / weight
        return (
            np.where(np.isnan(self.masked), own, self.masked),
            np.where(np.isnan(self.masked_all), every, self.masked_all),
        )

    def summed(self, values: Floats) -> Floats:
        """Return sums by outline."""
        return np.asarray(np.bincount(self.zone, values, self.count), dtype=np.float64)

    def found(self, contrast: Floats | float) -> tuple[Floats, Floats]:
        """Return by outline the people estimated, and the sum of N² p (1 − p)."""
        share, _ = self.shares(contrast)
        return (
            self.summed(self.people * share),
            self.summed(self.people**2 * share * (1.0 - share)),
        )

    def bare(self) -> _Squares:
        """Return the same without mask."""
        none = np.full(len(self.zone), np.nan)
        return replace(self, masked=none, masked_all=none)


def measure(
    cells: pl.DataFrame,
    grid: Grid,
    catalogue: Catalogue,
    *,
    mask: pl.DataFrame | None = None,
    contrasted: bool = True,
) -> Scale:
    """Measure contrasts and errors on the grid (``cells``: as ``apportion.meeting`` gives).

    ``mask``: x, y, weight of the squares around, when there is one. ``contrasted``: false for
    plain areal weighting. A declared ``repartition_contraste`` is taken as it is; with fewer
    outlines than ``repartition_quartiers``, shares follow the surface, or what is declared, and
    the dispersion is the largest, 1.
    """
    declared = catalogue.number("repartition_contraste")
    fixed = 1.0 if not contrasted else declared or None
    codes = _usable(cells, grid)
    few = catalogue.number("repartition_quartiers")
    if len(codes) < few:
        return Scale(contrast=fixed or 1.0)
    kept = cells.filter(pl.col("zone").is_in(codes.implode()))
    small = _squares(kept, grid, mask, codes, None)
    large = [_squares(kept, grid, mask, codes, shift) for shift in _ALIGNMENTS]
    if fixed is None:
        low, high = catalogue.numbers("repartition_contraste_etendue")
        together, own, pooled = _contrasts(
            small.bare(), [one.bare() for one in large], np.geomspace(low, high, _TRIED)
        )
    else:
        together, own, pooled = fixed, np.full(len(codes), fixed), 1.0
    return Scale(
        together,
        dict(zip(codes.to_list(), own.tolist(), strict=True)),
        pooled,
        _dispersion(small, large, own),
        len(codes),
        _apart(small.bare(), [one.bare() for one in large], 1.0),
        _apart(small, large, own),
        *_living(small, large, own),
    )


def _usable(cells: pl.DataFrame, grid: Grid) -> pl.Series:
    """Return the outlines that serve: inhabited, and that some large squares cover whole."""
    west, south, east, north = (end // grid.size for end in grid.extent)
    served = []
    for right, up in _ALIGNMENTS:
        first_x, first_y = (west + right) % 2 + west, (south + up) % 2 + south
        last_x, last_y = east - (east + right) % 2, north - (north + up) % 2
        x, y = pl.col("x") // grid.size, pl.col("y") // grid.size
        served.append(((x >= first_x) & (y >= first_y) & (x < last_x) & (y < last_y)).all())
    held = cells.group_by("zone").agg(
        pl.any_horizontal(served).alias("safe"),
        (pl.col("population") * pl.col("part")).sum().alias("people"),
    )
    return held.filter("safe", pl.col("people") > 0)["zone"].sort()


def _contrasts(
    small: _Squares, large: list[_Squares], tried: Floats
) -> tuple[float, Floats, float]:
    """Return the contrast of all outlines together, that of each, and the weight of the former."""
    steps = np.array([small.found(k)[0] for k in tried])
    gaps = np.array([[one.found(k)[0] for k in tried] for one in large]) - steps
    served = np.array([one.served() for one in large])  # alignment × outline
    count = served.sum(axis=0)
    gaps = np.where(served[:, None, :], gaps, 0.0)
    together = _crossing(tried, (gaps.sum(axis=0) / count).sum(axis=1))
    own = np.log([[_crossing(tried, one[:, z]) for z in range(small.count)] for one in gaps])
    mean = np.where(served, own, 0.0).sum(axis=0) / count
    several = count > 1
    if not several.any():
        return together, np.full(small.count, together), 1.0
    squares = np.where(served, (own - mean) ** 2, 0.0).sum(axis=0)
    within = (squares[several] / (count[several] - 1)).mean() / count
    between = max(0.0, float(mean.var(ddof=1)) - float(within.mean()))
    pooled = within / (within + between) if within.any() or between else np.ones(small.count)
    each = np.exp(pooled * np.log(together) + (1 - pooled) * mean)
    return together, each, float(pooled.mean())


def _crossing(tried: Floats, gap: Floats) -> float:
    """Return the contrast from which the large squares give more; an end when there is none."""
    if gap[0] > 0:
        return float(tried[0])
    rising = np.flatnonzero((gap[:-1] <= 0) & (gap[1:] > 0))
    if not len(rising):
        return float(tried[-1])
    at = rising[0]
    step = -gap[at] / (gap[at + 1] - gap[at])
    return float(tried[at] * (tried[at + 1] / tried[at]) ** step)


def _dispersion(small: _Squares, large: list[_Squares], own: Floats) -> float:
    """Return the mean square of what separates both sizes, over N² p (1 − p) of the small ones.

    What separates them is taken for the error of the small ones: right when people are scattered
    at random within squares, too much when they are lumped (the error grows faster with size).
    """
    found, spread = small.found(own)
    ratios = []
    for one in large:
        seen = (spread > 0) & one.served()
        ratios.append((one.found(own)[0] - found)[seen] ** 2 / spread[seen])
    every = np.concatenate(ratios)
    return max(float(every.mean()), 1e-6) if len(every) else 1.0


def _apart(small: _Squares, large: list[_Squares], contrast: Floats | float) -> float:
    """Return the mean relative gap between both sizes."""
    found, _ = small.found(contrast)
    gaps = []
    for one in large:
        seen = (found > 0) & one.served()
        gaps.append(one.found(contrast)[0][seen] / found[seen] - 1.0)
    every = np.concatenate(gaps)
    return float(np.sqrt(np.mean(every**2))) if len(every) else float("nan")


def _living(small: _Squares, large: list[_Squares], own: Floats) -> tuple[float, float | None]:
    """Return the gap of living standards within squares, and what it leaves between sizes (€).

    Within a square of mean m, of which a share p is in the outlines, the mean is taken to be
    m − gap × (1 − p) inside and m + gap × p outside: the sum stays that of the square.
    """
    if any(np.isnan(one.living).any() for one in (small, *large)):
        return 0.0, None
    weight, _ = small.found(own)
    plain, room = _means(small, own)
    needed = missing = 0.0
    pairs = []
    for one in large:
        other, wide = _means(one, own)
        seen = one.served() & np.isfinite(plain) & np.isfinite(other)
        needed += float((weight * (wide - room))[seen].sum())
        missing += float((weight * (other - plain))[seen].sum())
        pairs.append(((other - plain)[seen], (wide - room)[seen]))
    gap = missing / needed if needed > 0 else 0.0
    left = np.concatenate([apart - gap * more for apart, more in pairs])
    return gap, float(np.sqrt(np.mean(left**2))) if len(left) else None


def _means(squares: _Squares, own: Floats) -> tuple[Floats, Floats]:
    """Return the plain mean living standard of each outline, and how much a gap of 1 € takes."""
    share, every = squares.shares(own)
    people = squares.summed(squares.people * share)
    with np.errstate(invalid="ignore", divide="ignore"):
        return (
            squares.summed(squares.living * share) / people,
            squares.summed(squares.people * share * (1.0 - every)) / people,
        )


# ------------------------------------------------------------------ squares of two sizes


def _squares(
    cells: pl.DataFrame,
    grid: Grid,
    mask: pl.DataFrame | None,
    codes: pl.Series,
    shift: tuple[int, int] | None,
) -> _Squares:
    """Return the squares of the file (``shift`` None), or those twice as large of an alignment."""
    side, (right, up) = (1, (0, 0)) if shift is None else (2, shift)
    key = ["bx", "by"]

    def placed(frame: pl.DataFrame) -> pl.DataFrame:
        return frame.with_columns(
            bx=(pl.col("x") // grid.size + right) // side,
            by=(pl.col("y") // grid.size + up) // side,
        )

    people = placed(grid.squares).group_by(key).agg(pl.col("population").sum(), _sum("living"))
    weights = (
        mask
        if mask is not None
        else pl.DataFrame(schema={"x": pl.Int64, "y": pl.Int64, "weight": pl.Float64})
    )
    total = placed(weights).group_by(key).agg(_total=pl.col("weight").sum())
    inside = pl.col("masked") * pl.col("weight")
    rank = {code: i for i, code in enumerate(codes)}
    west, south, east, north = (end // grid.size for end in grid.extent)
    x, y = pl.col("bx") * side - right, pl.col("by") * side - up
    rows = (
        placed(
            cells.select("zone", "x", "y", "part", "masked").join(
                weights, on=["x", "y"], how="left"
            )
        )
        .group_by(*key, "zone")
        .agg(part=pl.col("part").sum() / side**2, _weight=inside.sum())
        .with_columns(dense=pl.col("part").sum().over(key).clip(0.0, 1.0))
        .join(people, on=key, how="left")
        .join(total, on=key, how="left")
        .with_columns(
            living=pl.when(pl.col("population").is_null()).then(0.0).otherwise("living"),
            masked=pl.when(pl.col("_total") > 0).then(
                (pl.col("_weight") / pl.col("_total")).clip(0.0, 1.0)
            ),
            rank=pl.col("zone").replace_strict(rank, return_dtype=pl.Int64),
            known=(x >= west) & (y >= south) & (x + side <= east) & (y + side <= north),
        )
        .with_columns(pl.col("population").fill_null(0.0), masked_all=_sum("masked").over(key))
        .sort("rank", *key)
    )
    return _Squares(
        rows["rank"].to_numpy().astype(np.int64),
        len(codes),
        _floats(rows["population"]),
        _floats(rows["part"]),
        _floats(rows["dense"]),
        _floats(rows["masked"]),
        _floats(rows["masked_all"]),
        _floats(rows["living"]),
        rows["known"].to_numpy().astype(np.bool_),
    )


def _floats(column: pl.Series) -> Floats:
    """Return a column as numbers, NaN where it is null."""
    return column.cast(pl.Float64).fill_null(float("nan")).to_numpy().astype(np.float64)


def _sum(column: str) -> pl.Expr:
    """Return the sum of a column, null when one of its values is not known."""
    known = pl.col(column).is_not_null().all()
    return pl.when(known).then(pl.col(column).sum()).alias(column)
