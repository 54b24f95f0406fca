"""Which cells of a grid lie wholly in a perimeter, wholly around it, or on the edge of either?

A perimeter is a closed set: a point on its border is inside, a hole is outside. A point outside at
a distance of at most the buffer of the zone is *around* it; the distance is exact, to the
perimeter itself, not to a buffer made of short segments. Points of settled cells are counted at
once; in the others the test of ``exact.py`` runs against the few edges that can decide there.

The index is built once, and read by numpy (``locate.py``) or, as two plain tables, by any SQL
engine (``sql.py``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, Protocol

import numpy as np
import polars as pl

from terril.places import raster, sql
from terril.places.assembly import Entries, Fringes, Table, assemble
from terril.places.exact import AROUND, BORDER, INSIDE, OUTSIDE
from terril.places.raster import Floats

#: sides of cells to choose from (m), and how many cells the rasters may hold
SIDES: Final = (128.0, 256.0, 512.0, 1024.0, 2048.0, 4096.0)
MOST: Final = 4_000_000


class Shapes(Protocol):
    """What the index needs of a layer: codes, and rings in metres (``territories.geometry``)."""

    @property
    def codes(self) -> tuple[str, ...]:
        """One code a shape."""

    def rings(self) -> list[list[Floats]]:
        """Return the rings of each shape, holes too: (n, 2) arrays."""


@dataclass(frozen=True)
class Zones:
    """Perimeters with their surroundings.

    ``buffer_m``: width of the surroundings in metres, one a code, 0 for none. ``partition``: the
    zones share out the ground (communes): a point on a common border counts in the first by code.
    """

    codes: tuple[str, ...]
    shapes: Shapes
    buffer_m: Floats
    partition: bool = False

    def __post_init__(self) -> None:
        width = np.asarray(self.buffer_m, dtype=np.float64)
        if len(self.codes) != len(width) or tuple(self.codes) != tuple(self.shapes.codes):
            raise ValueError("codes, shapes and buffers are not of one length and order")
        if len(set(self.codes)) != len(self.codes):
            raise ValueError("a code stands twice")
        if not (np.isfinite(width) & (width >= 0)).all():
            raise ValueError("the width of a buffer is negative or not finite")


def zones_of(shapes: Shapes, buffer_m: float | Sequence[float], partition: bool = False) -> Zones:
    """Return the zones of a layer, with one width for all or one a shape (m)."""
    width = np.broadcast_to(np.asarray(buffer_m, dtype=np.float64), len(shapes.codes)).copy()
    return Zones(tuple(shapes.codes), shapes, width, partition)


@dataclass(frozen=True)
class GridIndex:
    """The index of zones. ``codes`` are sorted, and ``zone`` is a place in them."""

    codes: tuple[str, ...]
    buffer_m: Floats
    partition: bool
    cell_m: float
    bounds: tuple[float, float, float, float]
    entries: Entries
    fringes: Fringes
    table: Table
    perimeters: raster.Edges = field(repr=False)

    @cached_property
    def cells(self) -> pl.DataFrame:
        """The cells as a table: cell, zone, state, base, beyond, fringe (null when settled)."""
        entries, fringes = self.entries, self.fringes
        tested = np.flatnonzero(entries.fringe >= 0)
        which = entries.fringe[tested]
        base, beyond = np.zeros(len(entries.cell), np.int8), np.zeros(len(entries.cell), bool)
        base[tested], beyond[tested] = fringes.base[which], fringes.beyond[which]
        words = np.array([INSIDE, AROUND, BORDER, BORDER, BORDER])
        return pl.DataFrame(
            {
                "cell": entries.cell,
                "zone": entries.zone,
                "state": words[entries.state],
                "base": base,
                "beyond": np.where(beyond, AROUND, OUTSIDE),
                "fringe": entries.fringe,
            }
        ).with_columns(fringe=pl.when(pl.col("fringe") >= 0).then(pl.col("fringe")))

    @cached_property
    def edges(self) -> pl.DataFrame:
        """The edges of the exact test as a table: fringe, x1, y1, x2, y2, r2, turn."""
        fringes = self.fringes
        owner = np.repeat(np.arange(len(fringes.base), dtype=np.int32), np.diff(fringes.first))
        ends = fringes.ends.take(fringes.edge)
        return pl.DataFrame(
            {
                "fringe": owner,
                **vars(ends),
                "r2": fringes.r2[owner],
                "turn": (~np.isnan(fringes.low)).astype(np.int8),
            }
        )

    def located_sql(self, points: str, keep: Sequence[str] = (), **names: str) -> str:
        """Return the query of ``sql.located`` for this index; ``names``: x, y, cells, edges."""
        return sql.located(
            points, keep, cell_m=self.cell_m, bounds=self.bounds, partition=self.partition, **names
        )


def side(boxes: Floats, reach: Floats) -> float:
    """Return the side of cells to use (m): the smallest whose rasters stay small enough."""
    spans = boxes[:, 2:] - boxes[:, :2] + 2 * reach[:, None]
    known = spans[~np.isnan(spans[:, 0])]
    for size in SIDES:
        if np.prod(known / size + 4, axis=1).sum() <= MOST:
            return size
    return SIDES[-1]


def build_index(zones: Zones, cell_m: float | None = None) -> GridIndex:
    """Return the index of zones; ``cell_m``: side of the cells, a power of two (by default chosen).

    Raises ``ValueError`` when ``cell_m`` is no power of two, or a coordinate is not finite.
    """
    order = sorted(range(len(zones.codes)), key=lambda k: zones.codes[k])
    codes = tuple(zones.codes[k] for k in order)
    reach = np.asarray(zones.buffer_m, dtype=np.float64)[order]
    shapes = zones.shapes.rings()
    found = raster.edges([shapes[k] for k in order])
    boxes = _boxes(found, len(codes))
    size = side(boxes, reach) if cell_m is None else float(cell_m)
    if not size > 0 or np.frexp(size)[0] != 0.5:
        raise ValueError("the side of a cell is not a power of two")
    entries, fringes, table, bounds = assemble(found, boxes, reach, size)
    return GridIndex(codes, reach, zones.partition, size, bounds, entries, fringes, table, found)


def _boxes(found: raster.Edges, zones: int) -> Floats:
    """Return the box of each zone: xmin, ymin, xmax, ymax, NaN for an empty one."""
    boxes = np.full((zones, 4), np.nan)
    known, first = np.unique(found.zone, return_index=True)
    if len(known):
        left, right = np.minimum.reduceat(found.ends, first), np.maximum.reduceat(found.ends, first)
        boxes[known] = np.stack(
            [
                np.minimum(left[:, 0], left[:, 2]), left[:, 1],
                np.maximum(right[:, 0], right[:, 2]), right[:, 3],
            ],
            axis=1,
        )  # fmt: skip
    return boxes
