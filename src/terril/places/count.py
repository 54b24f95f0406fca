"""How many points of each type stand in each perimeter, and around it?

A frame, or a Parquet file read a part at a time, goes through numpy (``locate.py``), the fastest.
An engine (``places/engines``: DuckDB in process, Spark on a cluster) counts the same from the
index given as two tables (``sql.py``); the counts are the same to the last unit.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl

from terril.places.engines.base import Engine, quoted
from terril.places.exact import AROUND, INSIDE
from terril.places.index import GridIndex
from terril.places.locate import hits
from terril.places.raster import Bools, Ints
from terril.places.sql import finite

#: rows of a file in memory at once
PART: Final = 1 << 21
#: counters that are kept for groups without points too
_DENSE: Final = 1 << 22
_LARGEST: Final = 1 << 61


@dataclass(frozen=True)
class Tally:
    """Counts, with what they were made of.

    ``counts``: zone (code), the columns of ``by``, ``inside``, ``around`` (Int64), sorted. What
    has no row has no point; without ``by``, each zone has a row. ``read``: how many points there
    were; ``unplaced``: how many of them have no coordinates, and are not counted.
    """

    counts: pl.DataFrame
    read: int
    unplaced: int


def count_points(
    points: pl.DataFrame | Path,
    index: GridIndex,
    by: Sequence[str] = ("type",),
    *,
    x: str = "x",
    y: str = "y",
    engine: Engine | None = None,
) -> pl.DataFrame:
    """Return zone (code), the columns of ``by``, ``inside`` and ``around`` (Int64), sorted.

    ``points``: a frame, or a Parquet file, with columns ``x`` and ``y`` (numbers, in the CRS of
    the zones) and those of ``by``. ``engine``: the one to run on, numpy when none is given.
    """
    return tally(points, index, by, x=x, y=y, engine=engine).counts


def tally(
    points: pl.DataFrame | Path,
    index: GridIndex,
    by: Sequence[str] = ("type",),
    *,
    x: str = "x",
    y: str = "y",
    engine: Engine | None = None,
) -> Tally:
    """Return what ``count_points`` does, with how many points were read and how many unplaced.

    Raises ``ValueError`` when a column of ``by`` has the name of one of the result.
    """
    if {"zone", "inside", "around"} & set(by):
        raise ValueError("a column to count by has the name of one of the result")
    if engine is not None:
        return _by_engine(points, index, tuple(by), x, y, engine)
    parts: list[_Part] = []
    read = unplaced = 0
    for frame in _frames(points, (x, y, *by)):
        part, without = _counted(frame, index, tuple(by), x, y)
        parts.append(part)
        read += frame.height
        unplaced += without
    return Tally(_with_codes(_whole(parts, len(index.codes)), index), read, unplaced)


def _frames(points: pl.DataFrame | Path, columns: Sequence[str]) -> Iterator[pl.DataFrame]:
    wanted = list(dict.fromkeys(columns))
    if isinstance(points, pl.DataFrame):
        yield points.select(wanted)
        return
    rows = pl.scan_parquet(points).select(wanted)
    height = rows.select(pl.len()).collect().item()
    for at in range(0, max(height, 1), PART):
        yield rows.slice(at, PART).collect()


@dataclass(frozen=True)
class _Part:
    """Counts of some points, by zone and by ranks in the values met of each column."""

    zone: Ints
    ranks: tuple[Ints, ...]
    counts: Ints  # (groups, 2): inside, around
    values: tuple[pl.Series, ...]


def _counted(
    frame: pl.DataFrame, index: GridIndex, by: tuple[str, ...], x: str, y: str
) -> tuple[_Part, int]:
    """Return the counts of a part, and how many of its points have no place."""
    found = hits(frame[x], frame[y], index)
    coded = [_ranks(frame[name].gather(found.point)) for name in by]
    part = _summed(
        found.zone.astype(np.int64),
        [ranks for ranks, _ in coded],
        [values for _, values in coded],
        len(index.codes),
        around=found.around,
    )
    return part, found.unplaced


def _ranks(column: pl.Series) -> tuple[Ints, pl.Series]:
    """Return the rank of each value among those that are there, and these in order."""
    values = column.unique().sort()  # a missing value comes first
    missing = int(values.null_count() > 0)
    if column.dtype == pl.String:
        ranks = column.cast(pl.Enum(values.drop_nulls())).to_physical().cast(pl.Int64) + missing
        return ranks.fill_null(0).to_numpy(), values
    known = values.to_frame().with_row_index("rank").cast({"rank": pl.Int64})
    joined = column.to_frame().join(
        known, on=column.name, how="left", nulls_equal=True, maintain_order="left"
    )
    return joined["rank"].to_numpy(), values


def _summed(
    zone: Ints,
    ranks: Sequence[Ints],
    values: Sequence[pl.Series],
    zones: int,
    *,
    around: Bools | None = None,
    counts: Ints | None = None,
) -> _Part:
    """Return the sums by group, sorted: of points (``around``) or of ``counts``."""
    sizes = [len(known) for known in values]
    if zones * math.prod(sizes) > _LARGEST:
        raise ValueError("too many groups: count by fewer columns")
    key = zone
    for rank, size in zip(ranks, sizes, strict=True):
        key = key * size + rank
    most = int(key.max()) + 1 if len(key) else 0
    groups = None
    if most > max(_DENSE, 2 * len(key)):
        groups, key = np.unique(key, return_inverse=True)
        most = len(groups)
    if around is not None:
        summed = np.bincount(key * 2 + around, minlength=2 * most).reshape(-1, 2)
    elif counts is not None:  # whole and below 2^53: as weights they are exact
        columns = [np.bincount(key, counts[:, k], minlength=most) for k in (0, 1)]
        summed = np.stack(columns, axis=1).astype(np.int64)
    kept = np.flatnonzero(summed.any(axis=1))
    left = kept if groups is None else groups[kept]
    found: list[Ints] = []
    for size in reversed(sizes):
        left, rank = np.divmod(left, size)
        found.insert(0, rank)
    return _Part(left, tuple(found), summed[kept], tuple(values))


def _whole(parts: Sequence[_Part], zones: int) -> pl.DataFrame:
    """Return the sums of parts: zone (number), the columns counted by, inside, around; sorted."""
    whole = parts[0]
    if len(parts) > 1:
        values, ranks = [], []
        for k in range(len(whole.values)):
            known = pl.concat([part.values[k] for part in parts]).unique().sort()
            values.append(known)
            # the values of each part, ranked among those of all
            to = [_ranks(pl.concat([known, p.values[k]]))[0][len(known) :] for p in parts]
            ranks.append(np.concatenate([t[p.ranks[k]] for t, p in zip(to, parts, strict=True)]))
        whole = _summed(
            np.concatenate([part.zone for part in parts]),
            ranks,
            values,
            zones,
            counts=np.concatenate([part.counts for part in parts]),
        )
    return pl.DataFrame(
        [
            pl.Series("zone", whole.zone, dtype=pl.Int32),
            *(v.gather(r) for v, r in zip(whole.values, whole.ranks, strict=True)),
            pl.Series("inside", whole.counts[:, 0]),
            pl.Series("around", whole.counts[:, 1]),
        ]
    )


def _with_codes(counts: pl.DataFrame, index: GridIndex) -> pl.DataFrame:
    """Return counts with the codes of the zones; without a column to count by, of all zones."""
    if counts.width == 3:
        zones = pl.Series("zone", np.arange(len(index.codes)), dtype=pl.Int32).to_frame()
        counts = zones.join(counts, on="zone", how="left", maintain_order="left").fill_null(0)
    return counts.with_columns(zone=pl.Series(index.codes, dtype=pl.String).gather(counts["zone"]))


def _by_engine(
    points: pl.DataFrame | Path,
    index: GridIndex,
    by: tuple[str, ...],
    x: str,
    y: str,
    engine: Engine,
) -> Tally:
    names = ("terril_points", "terril_cells", "terril_edges")
    if isinstance(points, pl.DataFrame):
        engine.give(names[0], points.select(list(dict.fromkeys((x, y, *by)))))
    else:
        engine.read(names[0], [points])
    engine.give(names[1], index.cells)
    engine.give(names[2], index.edges)
    try:
        keys = [quoted(name) for name in by]
        one, two = f"CAST({quoted(x)} AS DOUBLE)", f"CAST({quoted(y)} AS DOUBLE)"
        located = index.located_sql(names[0], keys, x=one, y=two, cells=names[1], edges=names[2])
        group = ", ".join(["zone", *keys])
        counts = engine.rows(
            f"SELECT {group}, COUNT(CASE WHEN place = '{INSIDE}' THEN 1 END) AS inside,"
            f" COUNT(CASE WHEN place = '{AROUND}' THEN 1 END) AS around"
            f" FROM ({located}) located GROUP BY {group}"
        )
        read, placed = engine.rows(
            f"SELECT COUNT(*) AS n, COUNT(CASE WHEN {finite(one)} AND {finite(two)}"
            f" THEN 1 END) AS placed FROM {names[0]}"
        ).row(0)
    finally:
        engine.drop(*names)
    counts = counts.cast({"zone": pl.Int32, "inside": pl.Int64, "around": pl.Int64})
    return Tally(_with_codes(counts.sort("zone", *by), index), read, read - placed)
