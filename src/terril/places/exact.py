"""Is this point in the perimeter, or within its distance? The exact test.

One rule for numpy (here) and SQL (``sql.py``), with + − × and comparisons of doubles only, so that
numpy, DuckDB and Spark give the same answer to the last bit. Edges are written with their lower
end first (of two ends at one height, the left one first): neighbours that share an edge compute
the same thing of it, and no point falls between them or in both.

- *On* an edge: ``cross = (x2−x1)(y−y1) − (y2−y1)(x−x1)`` is zero and the point is in the box of
  the edge. A point on the border is inside.
- *Crossing*: a ray to the right meets the edge when ``y1 ≤ y < y2`` and ``cross > 0``. An odd
  number of crossings: inside.
- *Near*: squared distance to the edge at most ``r2``, the square of the distance. Between the ends
  it is ``cross² ≤ r2 × length²``, without division.

Differences of coordinates of one country are exact in doubles, so ties are true ties when their
products hold in 53 bits (coordinates in whole metres, in halves, in quarters…). Elsewhere the
rounding moves the border by less than 10⁻¹² m for an edge of a kilometre.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

#: where a point or a cell stands, as the tables and the frames say it
INSIDE: Final = "inside"
AROUND: Final = "around"
OUTSIDE: Final = "outside"
BORDER: Final = "border"


@dataclass(frozen=True)
class Ends:
    """Edges, as columns: lower end (x1, y1), upper end (x2, y2)."""

    x1: Floats
    y1: Floats
    x2: Floats
    y2: Floats

    def take(self, rows: NDArray[np.integer[Any]]) -> Ends:
        """Return some of the edges."""
        columns = (self.x1, self.y1, self.x2, self.y2)
        return Ends(*(column.take(rows) for column in columns))


def cross(ends: Ends, x: Floats, y: Floats) -> Floats:
    """Return the cross product of each point with its edge."""
    along = ends.x2 - ends.x1
    along *= y - ends.y1
    up = ends.y2 - ends.y1
    up *= x - ends.x1
    along -= up
    return along


def on(ends: Ends, x: Floats, y: Floats, product: Floats) -> Bools:
    """Return whether each point lies on its edge; ``product`` is ``cross``."""
    left, right = np.minimum(ends.x1, ends.x2), np.maximum(ends.x1, ends.x2)
    found: Bools = (product == 0) & (y >= ends.y1) & (y <= ends.y2) & (x >= left) & (x <= right)
    return found


def crossing(ends: Ends, y: Floats, product: Floats) -> Bools:
    """Return whether a ray to the right of each point meets its edge."""
    found: Bools = (product > 0) & (ends.y1 <= y) & (y < ends.y2)
    return found


def near(ends: Ends, x: Floats, y: Floats, product: Floats, r2: Floats) -> Bools:
    """Return whether each point is within the distance of its edge (``r2``: squared, m²)."""
    ux, uy = ends.x2 - ends.x1, ends.y2 - ends.y1
    wx, wy = x - ends.x1, y - ends.y1
    vx, vy = x - ends.x2, y - ends.y2
    along, length = wx * ux + wy * uy, ux * ux + uy * uy
    first: Bools = wx * wx + wy * wy <= r2
    last: Bools = vx * vx + vy * vy <= r2
    between: Bools = product * product <= r2 * length
    return np.where(along <= 0, first, np.where(along >= length, last, between))


def squared_distance(ends: Ends, x: Floats, y: Floats) -> Floats:
    """Return the squared distance of each point to its edge (m²), rounded."""
    ux, uy = ends.x2 - ends.x1, ends.y2 - ends.y1
    wx, wy = x - ends.x1, y - ends.y1
    part = np.clip((wx * ux + wy * uy) / (ux * ux + uy * uy), 0.0, 1.0)
    wx -= part * ux
    wy -= part * uy
    return wx * wx + wy * wy
