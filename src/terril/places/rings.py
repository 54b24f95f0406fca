"""Which cells lie wholly within the distance of a perimeter, and which edges decide in the others?

The distance to an edge is a convex function of the point. Over a cell it is at least its tangent
plane at the centre, and at most its largest value at the four corners; so is the difference of
the distance to one edge and of the tangent plane of another. From there, without error: the cell
is wholly near, wholly far, or to be tested against the edges that may be the nearest somewhere in
it; and how much nearer than the edge nearest to the centre another one can be (``slack``).

Worked out in single precision around the middle of each zone, with a margin well above its
rounding; what is within the margin is tested.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from terril.places.raster import Edges, Floats, Ints, Rasters, spread

Singles = NDArray[np.float32]

#: rounding of the distances, as a part of the size of the zone and its surroundings
ROUNDING: Final = 4e-6
#: distances are worked out for tiles of so many cells, and so many tiles at once
TILE: Final = 32
_BLOCK: Final = 1 << 18
#: with more edges than this, those that lie too far from a tile are first put aside
_MANY: Final = 512
_FAR: Final = (1.0, 0.0, 1e9, 1e9, 0.0)


@dataclass(frozen=True)
class Near:
    """The cells, among those asked, that are wholly near or on the edge of it.

    ``near``: positions of the cells wholly within the distance. ``partly``: positions of those
    to be tested; the edges that decide in the ``k``-th are ``edges[first[k]:first[k + 1]]``,
    ``star[k]`` is the nearest to the centre and no other is nearer than it by more than
    ``slack[k]`` (m), anywhere in the cell.
    """

    near: Ints
    partly: Ints
    first: Ints
    edges: Ints
    star: Ints
    slack: Floats


@dataclass(frozen=True)
class _Lines:
    """Edges as lines around the middle of their zone: unit vector, middle, half a length."""

    ux: Singles
    uy: Singles
    mx: Singles
    my: Singles
    half: Singles

    def part(self, which: Ints) -> _Lines:
        columns = (self.ux, self.uy, self.mx, self.my, self.half)
        return _Lines(*(column.take(which) for column in columns))


def near(found: Edges, grid: Rasters, cells: Ints, boxes: Floats, reach: Floats) -> Near:
    """Return which of the flat ``cells`` (in order) are within ``reach`` (m, one a zone)."""
    zone = grid.zones(cells)
    middle = (boxes[:, :2] + boxes[:, 2:]) / 2
    extent = np.max(boxes[:, 2:] - boxes[:, :2], axis=1)
    margin = ROUNDING * (extent + reach + grid.cell_m)
    column, row = grid.columns(cells, zone)
    search = _Search(
        _lines(found, middle),
        np.searchsorted(found.zone, np.arange(len(reach) + 1)),
        zone,
        ((column + 0.5) * grid.cell_m - middle[zone, 0]).astype(np.float32),
        ((row + 0.5) * grid.cell_m - middle[zone, 1]).astype(np.float32),
        margin.astype(np.float32),
        (ROUNDING * (extent + reach + grid.cell_m) ** 2).astype(np.float32),
        reach.astype(np.float32),
        grid.cell_m,
    )
    with ThreadPoolExecutor() as pool:
        parts = list(pool.map(search.block, search.blocks()))
    nothing = np.empty(0, np.int64)
    counts = np.concatenate([nothing, *(np.diff(part.first) for part in parts)])
    return Near(
        np.concatenate([nothing, *(part.near for part in parts)]),
        np.concatenate([nothing, *(part.partly for part in parts)]),
        np.append(0, np.cumsum(counts)),
        np.concatenate([nothing, *(part.edges for part in parts)]),
        np.concatenate([nothing, *(part.star for part in parts)]),
        np.concatenate([np.empty(0), *(part.slack for part in parts)]),
    )


def _lines(found: Edges, middle: Floats) -> _Lines:
    one = found.ends[:, :2] - middle[found.zone]
    two = found.ends[:, 2:] - middle[found.zone]
    along = two - one
    length = np.sqrt(along[:, 0] ** 2 + along[:, 1] ** 2)
    unit, centre = along / length[:, None], (one + two) / 2
    columns = (unit[:, 0], unit[:, 1], centre[:, 0], centre[:, 1], length / 2)
    # one line more, farther than any reach: it fills the places that are left
    return _Lines(*(np.append(c, f).astype(np.float32) for c, f in zip(columns, _FAR, strict=True)))


@dataclass(frozen=True)
class _Block:
    """Tiles to look at together: their cells (first, how many) and their edges, filled up."""

    first: Ints
    size: Ints
    edges: Ints  # (tiles, edges)


@dataclass(frozen=True)
class _Search:
    lines: _Lines
    edge_of: Ints  # first edge of each zone
    zone: Ints  # of each cell
    px: Singles
    py: Singles
    margin: Singles
    slip: Singles  # rounding of squared distances (m²)
    reach: Singles
    cell_m: float

    def blocks(self) -> Iterator[_Block]:
        """Yield tiles of cells of a zone, with the edges of the zone; as many edges together."""
        begin = np.flatnonzero(np.append(True, self.zone[1:] != self.zone[:-1]))
        begin = begin[begin < len(self.zone)]
        sizes = np.diff(np.append(begin, len(self.zone)))
        owner, number = spread(-(-sizes // TILE))
        first = begin[owner] + number * TILE
        size = np.minimum(sizes[owner] - number * TILE, TILE)
        zone = self.zone[first]
        start, many = self.edge_of[zone], np.diff(self.edge_of)[zone]
        few = many <= _MANY
        for tile in np.flatnonzero(~few):
            edges = self._beside(int(zone[tile]), int(first[tile]), int(size[tile]))
            if len(edges):
                yield _Block(first[[tile]], size[[tile]], edges[None, :])
        order = np.flatnonzero(few)[np.argsort(many[few], kind="stable")]
        at = 0
        while at < len(order):
            step = max(1, _BLOCK // (TILE * int(many[order[at]])))
            which = order[at : at + step]
            wide = np.arange(int(many[which[-1]]))
            edges = np.where(
                wide < many[which][:, None], start[which][:, None] + wide, self.edge_of[-1]
            )
            yield _Block(first[which], size[which], edges)
            at += step

    def _beside(self, zone: int, first: int, size: int) -> Ints:
        """Return the edges of a zone that may be near one of some cells."""
        which = np.arange(self.edge_of[zone], self.edge_of[zone + 1])
        lines, wide = self.lines.part(which), self.reach[zone] + self.cell_m + self.margin[zone]
        found = np.ones(len(which), bool)
        for middle, of in ((lines.mx, self.px), (lines.my, self.py)):
            centre = of[first : first + size]
            found &= middle + lines.half >= centre.min() - wide
            found &= middle - lines.half <= centre.max() + wide
        return which[found]

    def block(self, block: _Block) -> Near:
        """Settle the cells of some tiles, by the distance of their centres to all the edges.

        To the middle of an edge first: the edge is no nearer than that less half its length.
        """
        lines = self.lines.part(block.edges)
        tiles, edges = block.edges.shape
        place = np.arange(TILE)
        real = place < block.size[:, None]
        cell = block.first[:, None] + np.where(real, place, 0)
        px, py = self.px.take(cell), self.py.take(cell)
        zone = self.zone[block.first]
        half = np.float32(self.cell_m * np.sqrt(0.5))
        reach, slip = self.reach[zone][:, None], self.slip[zone][:, None]
        most = reach + half
        here = np.stack([px, py, px * px + py * py, np.ones_like(px)], axis=2)
        there = np.stack(
            [-2 * lines.mx, -2 * lines.my, np.ones_like(lines.mx), lines.mx**2 + lines.my**2],
            axis=1,
        )
        squared = here @ there
        nearest = np.sqrt(np.maximum(squared.min(axis=2), 0) + slip)
        within = nearest + half <= reach
        # nothing further can be the nearest, nor within the distance, anywhere in the cell
        limit = np.minimum(most, nearest + 2 * half) ** 2 + slip
        limit[within | ~real] = -np.inf
        squared -= (lines.half * (lines.half + 2 * most))[:, None, :]
        found = np.flatnonzero(squared <= limit[:, :, None])
        cells, column = np.divmod(found, edges)
        tile = cells // TILE
        return self.settle(cell[within & real], cell.ravel()[cells], block.edges[tile, column])

    def settle(self, within: Ints, cells: Ints, edges: Ints) -> Near:
        """Look at the pairs: keep the edges that decide, settle the cells that none has to."""
        lines, px, py = self.lines.part(edges), self.px[cells], self.py[cells]
        new = np.ones(len(cells), bool)
        new[1:] = cells[1:] != cells[:-1]
        first, group = np.flatnonzero(new), np.cumsum(new) - 1
        distance, gx, gy = _tangent(lines, px, py)
        least = np.minimum.reduceat(distance, first) if len(first) else distance
        nearest = np.flatnonzero(distance == least[group])
        star = nearest[np.searchsorted(nearest, first)]
        best = lines.part(star)
        zone = self.zone[cells[first]]
        margin, reach = self.margin[zone], self.reach[zone]
        half = np.float32(self.cell_m / 2)
        top = np.zeros(len(first), np.float32)
        gain = np.full(len(cells), -np.inf, np.float32)
        gx *= half
        gy *= half
        gx, gy = gx + gy, gx - gy
        for sx, sy, tangent in ((-half, -half, gx), (half, half, -gx), (-half, half, gy),
                                (half, -half, -gy)):  # fmt: skip
            corner = _tangent(best, px[first] + sx, py[first] + sy)[0]
            np.maximum(top, corner, out=top)
            np.maximum(gain, corner.take(group) + tangent, out=gain)
        gain -= distance
        reached = distance - np.maximum(np.abs(gx), np.abs(gy)) <= (reach + margin)[group]
        keep = reached & (gain > -margin[group])
        gain[star] = 0
        gain[~keep] = 0
        slack = np.maximum.reduceat(gain, first) + margin if len(first) else gain
        whole = top <= reach - margin
        partly = ~whole & (np.bincount(group[keep], minlength=len(first)) > 0)
        kept = np.flatnonzero(keep & partly[group])
        counts = np.bincount(group[kept], minlength=len(first))[partly]
        return Near(
            np.concatenate([within, cells[first[whole]]]),
            cells[first[partly]],
            np.append(0, np.cumsum(counts)),
            edges[kept],
            edges[star[partly]],
            slack[partly].astype(np.float64),
        )


def _tangent(lines: _Lines, px: Singles, py: Singles) -> tuple[Singles, Singles, Singles]:
    """Return the distance of each point to its edge, and the direction in which it grows."""
    wx, wy = px - lines.mx, py - lines.my
    along = np.clip(wx * lines.ux + wy * lines.uy, -lines.half, lines.half)
    wx -= along * lines.ux
    wy -= along * lines.uy
    distance = np.sqrt(wx * wx + wy * wy)
    scale = np.divide(1, distance, out=np.zeros_like(distance), where=distance > 0)
    return distance, wx * scale, wy * scale
