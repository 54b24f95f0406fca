"""How do crossed cells, rings and edges become one index of a grid?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from terril.places import raster, rings
from terril.places.exact import Ends
from terril.places.raster import Bools, Bytes, Edges, Floats, Ints, Rasters
from terril.places.sql import ROW

#: states of an entry: settled (inside, around), or which test remains: inside, distance, both
IN, NEAR, CROSSED, RING, BOTH = 0, 1, 2, 3, 4
OUT: Final = 9

#: beyond any coordinate: what stands there is to the right of all points
_FAR: Final = 1e30
#: metres by which distances worked out twice may differ, and far more
_SLIP: Final = 1e-4
#: pages are squares of 2^4 cells a side
SHIFT: Final = 4


@dataclass(frozen=True)
class Entries:
    """The pairs cell × zone that hold something, by cell then zone."""

    cell: Ints
    zone: NDArray[np.int32]
    state: Bytes
    fringe: NDArray[np.int32]  # number of the fringe, -1 when settled
    many: NDArray[np.int32]  # how many entries the cell has


@dataclass(frozen=True)
class Fringes:
    """The pairs cell × zone that need a test.

    The edges of fringe ``k`` are ``ends.take(edge[first[k]:first[k + 1]])``; ``low`` and ``high``,
    beside ``edge``: where a ray to the right may meet them, nowhere for those that only count for
    the distance. ``r2``: the distance, squared. ``base``: parity of what lies to the right of the
    cell. ``beyond``: what is neither inside nor near one of the edges is around all the same.
    ``star``: for the fringes from ``ring`` on, which no edge crosses.
    """

    ends: Ends
    first: Ints
    edge: NDArray[np.int32]
    low: Floats
    high: Floats
    r2: Floats
    base: Bytes
    beyond: Bools
    ring: int
    star: Star


@dataclass(frozen=True)
class Star:
    """The edge that is the nearest to the centre of a cell: middle, unit vector, half length.

    A point whose squared distance to it is at most ``near`` is near; above ``far`` it is not.
    """

    x: Floats
    y: Floats
    ux: Floats
    uy: Floats
    half: Floats
    near: Floats
    far: Floats


@dataclass(frozen=True)
class Table:
    """Where the entries of a cell begin: pages of 16 × 16 cells, only where there is something."""

    width: int  # of the table, in blocks
    first: int  # what to take off the number of a block, row × width + column
    page: NDArray[np.int32]  # of each block, 0 for none
    slot: NDArray[np.int32]  # page × 256 + place in it → 1 + first entry, 0 for none


def assemble(
    found: Edges, boxes: Floats, reach: Floats, cell_m: float
) -> tuple[Entries, Fringes, Table, tuple[float, float, float, float]]:
    """Return what the index holds, and the bounds that it covers (xmin, ymin, xmax, ymax)."""
    grid = raster.rasters(boxes, reach, cell_m)
    crossed = raster.cross(found, grid)
    state = np.where(crossed.inside, IN, OUT).astype(np.int8)
    state[crossed.cells] = CROSSED
    beyond = np.zeros(grid.size, bool)
    ask = _surroundings(grid, crossed.cells, state, beyond, reach)
    ringed = rings.near(found, grid, ask, boxes, reach)
    within, partly = ask[ringed.near], ask[ringed.partly]
    beyond[within] = True
    state[within[state[within] != CROSSED]] = NEAR
    state[partly] = np.where(state[partly] == CROSSED, BOTH, RING)

    entry = np.flatnonzero(state != OUT)
    zone = grid.zones(entry)
    column, row = grid.columns(entry, zone)
    cell = row * ROW + column
    order = np.argsort(cell, kind="stable")
    entry, zone, cell = entry[order], zone[order], cell[order]
    fringes, number = _fringes(found, grid, crossed, ringed, partly, state, beyond, reach)
    starts = np.flatnonzero(np.append(True, cell[1:] != cell[:-1])) if len(cell) else entry
    counts = np.diff(np.append(starts, len(cell)))
    entries = Entries(
        cell,
        zone.astype(np.int32),
        state[entry],
        number[entry],
        np.repeat(counts, counts).astype(np.int32),
    )
    table = _table(column[order][starts], row[order][starts], starts)
    if not len(cell):
        return entries, fringes, table, (0.0, 0.0, -1.0, -1.0)
    bounds = (column.min(), row.min(), column.max() + 1, row.max() + 1)
    left, low, right, high = (float(v) * cell_m for v in bounds)
    return entries, fringes, table, (left, low, right, high)


def _surroundings(grid: Rasters, crossed: Ints, state: Bytes, beyond: Bools, reach: Floats) -> Ints:
    """Settle what the distances between cells tell; return the cells where they do not.

    A crossed cell holds a point of the perimeter (or has one just beside it): another cell is
    wholly near when the farthest corners are, and wholly far when the nearest ones are.
    """
    zone = grid.zones(crossed)
    asked = [np.empty(0, np.int64)]
    for width in np.unique(reach[reach > 0]):
        own = np.flatnonzero(reach[zone] == width)
        cells, wide = crossed[own], grid.width[zone[own]]
        sure, maybe = np.zeros(grid.size, bool), np.zeros(grid.size, bool)
        across = int(np.ceil(width / grid.cell_m)) + 1
        least = max(width / grid.cell_m - raster.TOUCH * 2, 0.0) ** 2
        most = (width / grid.cell_m + raster.TOUCH * 2) ** 2
        for dx in range(-across, across + 1):
            for dy in range(-across, across + 1):
                if (abs(dx) + 1) ** 2 + (abs(dy) + 1) ** 2 <= least:
                    sure[cells + dy * wide + dx] = True
                elif max(abs(dx) - 1, 0) ** 2 + max(abs(dy) - 1, 0) ** 2 <= most:
                    maybe[cells + dy * wide + dx] = True
        settled = np.flatnonzero(sure)
        beyond[settled] = True
        state[settled[state[settled] == OUT]] = NEAR
        open_ = np.flatnonzero(maybe & ~sure)
        asked.append(open_[state[open_] != IN])
    return np.sort(np.concatenate(asked))


def _fringes(
    found: Edges,
    grid: Rasters,
    crossed: raster.Crossed,
    ringed: rings.Near,
    partly: Ints,
    state: Bytes,
    beyond: Bools,
    reach: Floats,
) -> tuple[Fringes, NDArray[np.int32]]:
    """Return the fringes, and the number of that of each flat cell (-1 for none)."""
    alone = state[partly] == RING
    rows = np.concatenate([crossed.cells, partly[alone]])
    number = np.full(grid.size, -1, np.int32)
    number[rows] = np.arange(len(rows), dtype=np.int32)
    turns = np.full((len(crossed.turn_y), 4), _FAR)
    turns[:, 1] = crossed.turn_y
    owner = np.concatenate(
        [
            np.repeat(np.arange(len(crossed.cells)), np.diff(crossed.first)),
            crossed.turn_cell,
            np.repeat(number[partly], np.diff(ringed.first)),
        ]
    )
    edge = np.concatenate([crossed.edges, len(found) + np.arange(len(turns)), ringed.edges]).astype(
        np.int32
    )
    distant = len(edge) - len(ringed.edges)  # from there on, for the distance only
    order = np.argsort(owner, kind="stable")
    ends = Ends(*np.concatenate([found.ends, turns]).T.copy())
    zone = grid.zones(rows)
    base = np.zeros(len(rows), np.int8)
    base[: len(crossed.cells)] = crossed.base
    return Fringes(
        ends,
        np.append(0, np.cumsum(np.bincount(owner, minlength=len(rows)))),
        edge[order],
        np.where(order < distant, ends.y1.take(edge[order]), np.nan),
        np.where(order < distant, ends.y2.take(edge[order]), np.nan),
        (reach * reach)[zone],
        base,
        beyond[rows] | False,
        len(crossed.cells),
        _stars(found, ringed.star[alone], ringed.slack[alone], reach[zone[len(crossed.cells) :]]),
    ), number


def _stars(found: Edges, star: Ints, slack: Floats, reach: Floats) -> Star:
    x1, y1, x2, y2 = found.ends[star].T
    ux, uy = (x2 - x1) / 2, (y2 - y1) / 2
    half = np.sqrt(ux * ux + uy * uy)
    near = np.where(reach > _SLIP, (reach - _SLIP) ** 2, -1.0)
    return Star(x1 + ux, y1 + uy, ux / half, uy / half, half, near, (reach + slack + _SLIP) ** 2)


def _table(column: Ints, row: Ints, first: Ints) -> Table:
    """Return the table that gives the first entry of each cell."""
    if not len(first):
        return Table(0, 0, np.zeros(1, np.int32), np.zeros(1 << 2 * SHIFT, np.int32))
    bx, by = column >> SHIFT, row >> SHIFT
    # a cell more on each side: for what lies beyond the bounds
    left, low = int(column.min()) - 1 >> SHIFT, int(row.min()) - 1 >> SHIFT
    width = (int(column.max()) + 1 >> SHIFT) - left + 1
    height = (int(row.max()) + 1 >> SHIFT) - low + 1
    block = (by - low) * width + (bx - left)
    page = np.zeros(width * height, np.int32)
    page[block] = 1
    page[page > 0] = np.arange(1, int(page.sum()) + 1)
    slot = np.zeros((int(page.max()) + 1) << 2 * SHIFT, np.int32)
    mask = (1 << SHIFT) - 1
    place = ((row & mask) << SHIFT) | (column & mask)
    slot[(page[block].astype(np.int64) << 2 * SHIFT) | place] = first + 1
    return Table(width, low * width + left, page, slot)
