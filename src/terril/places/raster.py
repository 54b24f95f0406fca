"""Which cells does a perimeter cross, and which centres of cells lie inside it?

Every zone has a raster of its own, a few cells wider than what it may reach; the rasters of all
zones follow each other in one flat array, so that numpy works on all of them at once. Cells are
squares of ``cell_m`` (a power of two) whose corners are multiples of it: the column of ``x`` is
``floor(x / cell_m)``, without rounding.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Bytes = NDArray[np.int8]

#: what is this near a cell, as a part of its side, is held to touch it
TOUCH: Final = 2.0**-18


@dataclass(frozen=True)
class Edges:
    """The edges of all perimeters, lower end first, in the order of the zones."""

    zone: Ints
    ends: Floats  # (n, 4): x1, y1, x2, y2

    def __len__(self) -> int:
        return len(self.zone)


def edges(rings: Sequence[Sequence[Floats]]) -> Edges:
    """Return the edges of rings, a list of (n, 2) arrays a zone; edges of no length are left out.

    Raises ``ValueError`` when a coordinate is not finite.
    """
    parts = [np.asarray(ring, np.float64).reshape(-1, 2) for zone in rings for ring in zone]
    sizes = np.array([len(part) for part in parts], np.int64)
    points = np.concatenate([np.empty((0, 2)), *parts])
    zones = np.repeat(np.arange(len(rings)), [len(zone) for zone in rings])
    # each point and the next one; the last and the first: no edge when the ring is closed
    follow = np.arange(1, len(points) + 1)
    last = np.cumsum(sizes)[sizes > 0] - 1
    follow[last] = last + 1 - sizes[sizes > 0]
    ends = np.concatenate([points, points[follow]], axis=1)
    if not np.isfinite(ends).all():
        raise ValueError("a coordinate of a perimeter is not finite")
    down = (ends[:, 1] > ends[:, 3]) | ((ends[:, 1] == ends[:, 3]) & (ends[:, 0] > ends[:, 2]))
    ends[down] = ends[down][:, [2, 3, 0, 1]]
    long = (ends[:, 0] != ends[:, 2]) | (ends[:, 1] != ends[:, 3])
    return Edges(np.repeat(zones, sizes)[long], ends[long])


@dataclass(frozen=True)
class Rasters:
    """Where the raster of each zone stands: first column and row, width, height, offset."""

    cell_m: float
    column: Ints
    row: Ints
    width: Ints
    height: Ints
    offset: Ints
    size: int

    def zones(self, cells: Ints) -> Ints:
        """Return the zone of each flat cell."""
        return np.searchsorted(self.offset, cells, side="right") - 1

    def columns(self, cells: Ints, zones: Ints) -> tuple[Ints, Ints]:
        """Return the column and the row of each flat cell."""
        row, column = np.divmod(cells - self.offset[zones], np.maximum(self.width[zones], 1))
        return column + self.column[zones], row + self.row[zones]


def rasters(boxes: Floats, reach: Floats, cell_m: float) -> Rasters:
    """Return the rasters of zones with boxes (n, 4; NaN for an empty zone) and reaches (m)."""
    empty = np.isnan(boxes[:, 0])
    box = np.where(empty[:, None], 0.0, boxes)
    # one cell for what touches, and two for the sums along rows
    margin = np.ceil(reach / cell_m) + 2.0
    first = np.floor(box[:, :2] / cell_m) - margin[:, None]
    last = np.floor(box[:, 2:] / cell_m) + margin[:, None]
    spans = np.where(empty[:, None], 0.0, last - first + 1.0).astype(np.int64)
    sizes = spans[:, 0] * spans[:, 1]
    ends = np.cumsum(sizes)
    column, row = first.astype(np.int64).T
    return Rasters(
        cell_m,
        column,
        row,
        spans[:, 0],
        spans[:, 1],
        ends - sizes,
        int(ends[-1]) if len(ends) else 0,
    )


def spread(counts: Ints) -> tuple[Ints, Ints]:
    """Return the owner of each of ``sum(counts)`` things, and its number within its owner."""
    owner = np.repeat(np.arange(len(counts)), counts)
    within = np.arange(len(owner)) - np.repeat(np.cumsum(counts) - counts, counts)
    return owner, within


@dataclass(frozen=True)
class Crossed:
    """What the perimeters do to the cells.

    ``cells`` (flat): those that an edge touches, in order; those of cell ``k`` are
    ``edges[first[k]:first[k + 1]]``. ``inside`` (one a flat cell): whether the centre lies inside;
    to be trusted where no edge touches. ``base``: the parity, at the bottom of each crossed cell,
    of the edges to its right that do not touch it; it changes at the heights ``turn_y`` of the
    crossed cells ``turn_cell``.
    """

    edges: Ints
    inside: Bools
    cells: Ints
    first: Ints
    base: Bytes
    turn_cell: Ints
    turn_y: Floats


def cross(found: Edges, grid: Rasters) -> Crossed:
    """Return which cells the edges touch, and what lies inside."""
    c = grid.cell_m
    x1, y1, x2, y2 = found.ends.T
    touch = c * TOUCH
    low = np.floor((y1 - touch) / c)
    spans = (np.floor((y2 + touch) / c) - low).astype(np.int64) + 1
    who, step = spread(spans)
    row = (low[who] + step).astype(np.int64)
    ax, ay, dx, dy = x1[who], y1[who], (x2 - x1)[who], (y2 - y1)[who]
    flat = np.where(dy > 0, dy, 1.0)
    # the part of the edge within the row gives the columns that it touches
    enter = np.clip(np.where(dy > 0, (row * c - touch - ay) / flat, 0.0), 0.0, 1.0)
    leave = np.clip(np.where(dy > 0, ((row + 1) * c + touch - ay) / flat, 1.0), 0.0, 1.0)
    one, two = ax + dx * enter, ax + dx * leave
    left = np.floor((np.minimum(one, two) - touch) / c)
    widths = (np.floor((np.maximum(one, two) + touch) / c) - left).astype(np.int64) + 1
    zone = found.zone[who]
    start = grid.offset[zone] + (row - grid.row[zone]) * grid.width[zone] - grid.column[zone]

    # at the height of the centres of the row: in which column does the edge cross?
    middle = (row + 0.5) * c
    meets = np.flatnonzero((ay <= middle) & (middle < y2[who]))
    at = (ax[meets] + dx[meets] * (middle[meets] - ay[meets]) / flat[meets]) / c
    column = np.floor(at).astype(np.int64)
    inside = _odd(grid, start[meets] + np.ceil(at - 0.5).astype(np.int64))
    left_odd = _odd(grid, start[meets] + column)
    height = np.full(len(who), -1)
    height[meets] = start[meets] + column

    pair, step = spread(widths)
    cells = start[pair] + left[pair].astype(np.int64) + step
    order = np.argsort(cells, kind="stable")
    cells, pair = cells[order], pair[order]
    new = np.ones(len(cells), bool)
    new[1:] = cells[1:] != cells[:-1]
    first = np.flatnonzero(new)
    crossed, group = cells[first], np.cumsum(new) - 1

    # edges that touch the cell are tested for themselves: take them out of what lies to its right
    base = left_odd[crossed] ^ _parity(group[height[pair] > cells], len(crossed))
    turn_cell, turn_y, below = _turns(
        found.ends[who[pair]], group, cells - start[pair], row[pair], c
    )
    base ^= _parity(turn_cell[below], len(crossed))
    return Crossed(
        who[pair], inside.astype(bool), crossed, np.append(first, len(cells)), base,
        turn_cell, turn_y,
    )  # fmt: skip


def _turns(
    ends: Floats, group: Ints, column: Ints, row: Ints, cell_m: float
) -> tuple[Ints, Floats, Bools]:
    """Return where what lies to the right of a cell changes: cell, height, under its centre?

    A chain of edges leaves the list of a cell at an end that lies to its right: from there on the
    ray meets the edges that follow, which are not in the list. All corners join an even number of
    edges, so the ends of the listed ones tell as much; where two meet, they cancel.
    """
    cells, heights = [], []
    right, low, high = (column + 1) * cell_m, row * cell_m, (row + 1) * cell_m
    for x, y in ((ends[:, 0], ends[:, 1]), (ends[:, 2], ends[:, 3])):
        at = np.flatnonzero((x > right) & (y > low) & (y < high))
        cells.append(group[at])
        heights.append(y[at])
    cell, height = np.concatenate(cells), np.concatenate(heights)
    order = np.lexsort((height, cell))
    cell, height = cell[order], height[order]
    new = np.ones(len(cell), bool)
    new[1:] = (cell[1:] != cell[:-1]) | (height[1:] != height[:-1])
    first = np.flatnonzero(new)
    odd = first[np.diff(np.append(first, len(cell))) & 1 == 1]
    centre = np.zeros(group[-1] + 1 if len(group) else 0)
    centre[group] = (row + 0.5) * cell_m
    return cell[odd], height[odd], height[odd] <= centre[cell[odd]]


def _parity(groups: Ints, size: int) -> Bytes:
    return (np.bincount(groups, minlength=size) & 1).astype(np.int8)


def _odd(grid: Rasters, cells: Ints) -> Bytes:
    """Return, for each cell, whether an odd number of the given cells stand at or before it."""
    changes = np.bincount(cells, minlength=grid.size).astype(np.int8)
    # a row holds an even number of changes: one sum does for all rows
    return np.cumsum(changes, dtype=np.int8) & np.int8(1)
