"""In which zones does each point lie, and around which?

Points go through in blocks that fit in the caches, on all processors: the number of the cell, the
entries of the cell, and for those of a border cell the exact test. What comes out does not depend
on the blocks, and is what ``sql.located`` gives.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from terril.places import exact
from terril.places.assembly import BOTH, CROSSED, IN, NEAR, OUT, RING, SHIFT
from terril.places.index import GridIndex
from terril.places.raster import Bools, Bytes, Floats, Ints, spread

#: points treated together
BLOCK: Final = 1 << 17
#: pairs point × edge treated together
_PAIRS: Final = 1 << 16

LOCATED: Final = {
    "point": pl.Int64,  # place of the point in the arrays
    "zone": pl.String,  # code
    "where": pl.String,  # inside | around
    "distance_m": pl.Float64,  # to the perimeter; 0 inside
}


@dataclass(frozen=True)
class Hits:
    """The pairs point × zone that meet, by point then zone; ``around``: outside, but near."""

    point: Ints
    zone: NDArray[np.int32]
    around: Bools
    unplaced: int  # points without finite coordinates


def hits(x: Floats | pl.Series, y: Floats | pl.Series, index: GridIndex) -> Hits:
    """Return where points lie (coordinates in the CRS of the zones; NaN or null: nowhere)."""
    starts = range(0, len(x), BLOCK)
    with ThreadPoolExecutor(_processors()) as pool:
        parts = list(
            pool.map(
                lambda at: _block(_array(x[at : at + BLOCK]), _array(y[at : at + BLOCK]), index),
                starts,
            )
        )
    nothing = np.empty(0, np.int64)
    point = np.concatenate([nothing, *(p.point + at for p, at in zip(parts, starts, strict=True))])
    zone = np.concatenate([nothing.astype(np.int32), *(part.zone for part in parts)])
    around = np.concatenate([nothing.astype(bool), *(part.around for part in parts)])
    return Hits(point, zone, around, sum(part.unplaced for part in parts))


def _array(numbers: Floats | pl.Series) -> Floats:
    if isinstance(numbers, pl.Series):
        return numbers.cast(pl.Float64).fill_null(float("nan")).to_numpy()
    return np.asarray(numbers, np.float64)


def locate(x: Floats, y: Floats, index: GridIndex) -> pl.DataFrame:
    """Return where points lie (``LOCATED``), by point then code of the zone.

    ``x``, ``y``: coordinates in the CRS of the zones, NaN where there is none. A point may be in
    several zones, and around others; one that is nowhere has no row.
    """
    x, y = np.asarray(x, np.float64), np.asarray(y, np.float64)
    found = hits(x, y, index)
    order = np.lexsort((found.zone, found.point))
    point, zone, around = found.point[order], found.zone[order], found.around[order]
    distance = np.zeros(len(point))
    distance[around] = distances(x[point[around]], y[point[around]], zone[around], index)
    return pl.DataFrame(
        {
            "point": point,
            "zone": pl.Series(index.codes, dtype=pl.String).gather(zone),
            "where": np.where(around, exact.AROUND, exact.INSIDE),
            "distance_m": distance,
        },
        schema=LOCATED,
    )


def distances(x: Floats, y: Floats, zone: NDArray[np.int32], index: GridIndex) -> Floats:
    """Return the distance of points to the border of their zones (m), over all its edges.

    For points around them: no more than the width of the buffer, rounding apart.
    """
    edge_of = np.searchsorted(index.perimeters.zone, np.arange(len(index.codes) + 1))
    begin = edge_of[zone]
    counts = edge_of[zone + 1] - begin
    ends = exact.Ends(*index.perimeters.ends.T)
    squared = np.empty(len(x))
    for at, end in _portions(counts):
        owner, row = _rows(at, begin[at:end], counts[at:end])
        first = np.cumsum(counts[at:end]) - counts[at:end]
        squared[at:end] = np.minimum.reduceat(
            exact.squared_distance(ends.take(row), x.take(owner), y.take(owner)), first
        )
    return np.minimum(np.sqrt(squared), index.buffer_m[zone])


def _portions(counts: Ints) -> Iterator[tuple[int, int]]:
    """Yield ranges of points that hold about ``_PAIRS`` pairs together."""
    stops = np.cumsum(counts)
    at = 0
    while at < len(counts):
        done = int(stops[at - 1]) if at else 0
        end = max(at + 1, int(np.searchsorted(stops, done + _PAIRS, "right")))
        yield at, end
        at = end


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _block(x: Floats, y: Floats, index: GridIndex) -> Hits:
    unplaced = 0
    with np.errstate(invalid="ignore", over="ignore"):
        total = x.sum() + y.sum()
    if not np.isfinite(total):
        unplaced = len(x) - int((np.isfinite(x) & np.isfinite(y)).sum())
    point, entry = _entries(x, y, index)
    answer = index.entries.state.take(entry)
    for state, test in ((CROSSED, _crossed), (RING, _ringed), (BOTH, _tested)):
        which = np.flatnonzero(answer == state)
        if len(which):
            at = point.take(which)
            fringe = index.entries.fringe.take(entry.take(which)).astype(np.int64)
            answer[which] = test(x.take(at), y.take(at), index, fringe)
    met = np.flatnonzero(answer <= NEAR)
    point, zone = point.take(met), index.entries.zone.take(entry.take(met))
    around = answer.take(met) == NEAR
    if index.partition:
        first = _first(point, zone, around)
        point, zone, around = point[first], zone[first], around[first]
    return Hits(point, zone, around, unplaced)


def _entries(x: Floats, y: Floats, index: GridIndex) -> tuple[Ints, Ints]:
    """Return the pairs point × entry of the index."""
    table, scale, mask = index.table, 1.0 / index.cell_m, (1 << SHIFT) - 1
    left, low, right, high = index.bounds
    parts = []
    for at, least, most in ((x, left, right), (y, low, high)):
        # what lies beyond, and NaN, goes to the cells that surround all: nothing is there.
        # The product with a power of two is exact: no point changes cell by rounding
        number = np.fmin(np.fmax(at, least - index.cell_m), most)
        number *= scale
        parts.append((np.floor(number) if least < 2 * index.cell_m else number).astype(np.int32))
    column, row = parts
    block = row >> SHIFT
    block *= table.width
    block += column >> SHIFT
    block -= table.first
    # nothing is out of range; "wrap" only spares a check
    page = table.page.take(block, mode="wrap")
    point = np.flatnonzero(page != 0)
    place = page.take(point) << 2 * SHIFT
    place += (row.take(point) & mask) << SHIFT
    place += column.take(point) & mask
    entry = table.slot.take(place, mode="wrap")
    held = np.flatnonzero(entry != 0)
    point, first = point.take(held), entry.take(held).astype(np.int64) - 1
    many = index.entries.many.take(first).astype(np.int64)
    more = np.flatnonzero(many > 1)
    if len(more):
        owner, within = spread(many[more] - 1)
        point = np.concatenate([point, point[more][owner]])
        first = np.concatenate([first, first[more][owner] + within + 1])
    return point, first


def _ringed(x: Floats, y: Floats, index: GridIndex, fringe: Ints) -> Bytes:
    """Return the states of points in cells that the end of the surroundings crosses."""
    star = index.fringes.star
    place = fringe - index.fringes.ring
    wx, wy = x - star.x.take(place), y - star.y.take(place)
    ux, uy = star.ux.take(place), star.uy.take(place)
    squared = wx * ux
    squared += wy * uy
    np.abs(squared, out=squared)
    squared -= star.half.take(place)
    np.maximum(squared, 0.0, out=squared)
    squared *= squared
    wx *= uy
    wy *= ux
    wx -= wy
    wx *= wx
    squared += wx
    near = squared <= star.near.take(place)
    answer = np.where(near, NEAR, OUT).astype(np.int8)
    ask = np.flatnonzero((squared <= star.far.take(place)) & ~near)
    answer[ask] = _tested(x[ask], y[ask], index, fringe[ask], inside=False)
    return answer


def _crossed(x: Floats, y: Floats, index: GridIndex, fringe: Ints) -> Bytes:
    """Return the states of points in cells that a perimeter crosses, wholly near otherwise."""
    return _tested(x, y, index, fringe, near=False)


def _tested(
    x: Floats, y: Floats, index: GridIndex, fringe: Ints, *, inside: bool = True, near: bool = True
) -> Bytes:
    """Return the states of points by the exact test of the edges of their fringes."""
    fringes = index.fringes
    answer = np.where(fringes.beyond.take(fringe), NEAR, OUT).astype(np.int8)
    begin = fringes.first.take(fringe)
    counts = fringes.first.take(fringe + 1) - begin
    for at, end in _portions(counts):
        owner, row = _rows(at, begin[at:end], counts[at:end])
        if near:
            ends, px, py = fringes.ends.take(fringes.edge.take(row)), x.take(owner), y.take(owner)
            r2 = fringes.r2.take(fringe.take(owner))
            answer[owner[exact.near(ends, px, py, exact.cross(ends, px, py), r2)]] = NEAR
        if inside:
            py = y.take(owner)
            level = fringes.low.take(row) <= py
            level &= py <= fringes.high.take(row)
            meet = np.flatnonzero(level)
            owner, py = owner.take(meet), py.take(meet)
            ends, px = fringes.ends.take(fringes.edge.take(row.take(meet))), x.take(owner)
            product = exact.cross(ends, px, py)
            met = owner[exact.crossing(ends, py, product)] - at
            odd = np.bincount(met, minlength=end - at) + fringes.base.take(fringe[at:end]) & 1
            answer[at:end][odd == 1] = IN
            answer[owner[exact.on(ends, px, py, product)]] = IN
    return answer


def _rows(at: int, begin: Ints, counts: Ints) -> tuple[Ints, Ints]:
    """Return the pairs of points (numbered from ``at``) and rows, so many from ``begin``."""
    owner = np.repeat(np.arange(at, at + len(counts)), counts)
    row = np.repeat(begin - np.cumsum(counts) + counts, counts)
    row += np.arange(len(row))
    return owner, row


def _first(point: Ints, zone: NDArray[np.int32], around: Bools) -> Bools:
    """Return which pairs to keep where a point counts inside one zone only: the first."""
    order = np.lexsort((zone, around, point))
    repeated = np.zeros(len(order), bool)
    repeated[1:] = point[order][1:] == point[order][:-1]
    keep = np.ones(len(order), bool)
    keep[order] = ~repeated | around[order]
    return keep
