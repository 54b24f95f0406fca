"""Which shapes does a map draw, once simplified to what the eye can see?

Layers are made ready once for many maps: a tree a layer to find what meets a frame, the borders
of communes as lines, each once. Buffers here are for drawing only: what lies within a distance
is decided exactly, as for the counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import shapely

from terril.territories.geometry_layer import Floats, Layer, Shapes, as_shapes, rings_of

Bounds = tuple[float, float, float, float]

_QUARTER: Final = 12  # segments of a quarter of circle: 0.2 % of the radius at most
_CRUMB: Final = 6.0  # a piece smaller than so many square tolerances is not seen


@dataclass(frozen=True, slots=True)
class Piece:
    """What a map takes of a shape: its row in the layer and its rings, simplified."""

    row: int
    rings: tuple[Floats, ...]


class Drawn:
    """A layer with a tree over its shapes.

    ``together``: how far the shapes are simplified as a coverage, so that neighbours keep one
    border: side in metres of a square as large as the corners taken off; 0 leaves them as they
    are.
    """

    def __init__(self, layer: Layer, *, together: float = 0.0) -> None:
        self.layer = layer
        self.shapes = _together(layer.shapes, together) if together else layer.shapes
        self.tree = shapely.STRtree(self.shapes)

    def within(self, bounds: Bounds, tolerance: float, *, cut: bool = True) -> list[Piece]:
        """The shapes that meet a frame, by row, simplified; cut to the frame unless told not."""
        frame = shapely.box(*bounds)
        found = []
        for row in sorted(int(i) for i in self.tree.query(frame, predicate="intersects")):
            shape = shapely.simplify(self.shapes[row], tolerance) if tolerance else self.shapes[row]
            if cut and not shapely.contains_properly(frame, shape):
                shape = shapely.intersection(frame, shape)
            rings = _polygons(shape, tolerance)
            if rings:
                found.append(Piece(row, rings))
        return found


def _together(shapes: Shapes, tolerance: float) -> Shapes:
    """Simplified as a coverage; one by one when the shapes overlap."""
    if not len(shapes) or not shapely.coverage_is_valid(shapes):
        return as_shapes(shapely.simplify(shapes, tolerance))
    return as_shapes(shapely.coverage_simplify(shapes, tolerance))


def _polygons(shape: Any, tolerance: float) -> tuple[Floats, ...]:
    """Rings of the polygons of a shape; lines, points and crumbs are dropped."""
    least = _CRUMB * tolerance**2
    parts = [
        part
        for part in shapely.get_parts(shape)
        if part.geom_type == "Polygon" and part.area > least
    ]
    return tuple(ring for part in parts for ring in rings_of(part))


class Borders:
    """The borders of a layer as lines, each once: a border is shared by two neighbours."""

    def __init__(self, drawn: Drawn) -> None:
        lines = shapely.unary_union(shapely.boundary(drawn.shapes)) if len(drawn.layer) else None
        merged = shapely.line_merge(lines) if lines is not None else shapely.MultiLineString()
        self._lines = as_shapes(shapely.get_parts(merged))
        self._tree = shapely.STRtree(self._lines)

    def within(self, bounds: Bounds, tolerance: float) -> tuple[Floats, ...]:
        """The lines that meet a frame, simplified and cut to it."""
        frame = shapely.box(*bounds)
        rows = sorted(int(i) for i in self._tree.query(frame, predicate="intersects"))
        lines = shapely.simplify(self._lines[rows], tolerance)
        return lines_of(shapely.intersection(lines, frame))


def lines_of(shapes: Any) -> tuple[Floats, ...]:
    """The lines of shapes as open arrays; points and surfaces are left out."""
    parts = shapely.get_parts(np.atleast_1d(np.asarray(shapes, dtype=object)))
    parts = shapely.get_parts(parts)  # collections hold collections
    return tuple(
        shapely.get_coordinates(part)
        for part in parts
        if part.geom_type in ("LineString", "LinearRing") and not part.is_empty
    )


def buffered(shape: Any, distance: float, tolerance: float) -> Any:
    """The surroundings of a shape for drawing; ``distance`` 0 gives the shape."""
    if distance <= 0:
        return shapely.simplify(shape, tolerance)
    return shapely.simplify(shapely.buffer(shape, distance, quad_segs=_QUARTER), tolerance / 2)


def outlines(shape: Any, tolerance: float) -> tuple[Floats, ...]:
    """The rings of a shape simplified to ``tolerance`` metres."""
    simple = shapely.simplify(shape, tolerance)
    return tuple(rings_of(shape if simple.is_empty else simple))


def bounds_of(shape: Any) -> Bounds:
    """West, south, east, north of a shape."""
    west, south, east, north = shapely.bounds(shape).tolist()
    return west, south, east, north


def shared_area(a: Any, b: Any) -> float:
    """Square metres that two shapes share."""
    return float(shapely.area(shapely.intersection(a, b)))


def united(shapes: Iterable[Any]) -> Any:
    """The union of shapes."""
    return shapely.union_all(as_shapes(shapes))


def union_outline(layer: Layer, tolerance: float) -> tuple[Floats, ...]:
    """The outline of all the shapes of a layer together, small gaps between them closed."""
    whole = shapely.union_all(layer.shapes)
    closed = shapely.buffer(shapely.buffer(whole, tolerance), -tolerance)
    return outlines(closed, tolerance)


def differing(outline: Any, other: Any, apart: float, tolerance: float) -> tuple[Floats, ...]:
    """Where the border of ``other`` lies more than ``apart`` metres from that of ``outline``.

    Files of two generations are not drawn with the same care: what is nearer is the same line.
    """
    border = shapely.boundary(other)
    near = shapely.buffer(shapely.boundary(outline), apart, quad_segs=4)
    rest = shapely.difference(border, near)
    pieces = lines_of(shapely.line_merge(rest) if rest.geom_type == "MultiLineString" else rest)
    kept = [line for line in pieces if _length(line) > 3 * apart]
    simple = shapely.simplify(as_shapes(shapely.LineString(line) for line in kept), tolerance)
    return lines_of(simple) if len(kept) else ()


def _length(line: Floats) -> float:
    return float(np.hypot(*np.diff(line, axis=0).T).sum())


@dataclass(frozen=True, slots=True)
class Parts:
    """What two generations share: rings of what is kept, gained, lost, and the areas (m²)."""

    kept: tuple[Floats, ...]
    gained: tuple[Floats, ...]
    lost: tuple[Floats, ...]
    old_area: float
    new_area: float
    kept_area: float


def compared(old: Any, new: Any, apart: float, tolerance: float) -> Parts:
    """The surfaces kept, gained and lost from ``old`` to ``new`` (shapes, or ``None``).

    Strips narrower than ``apart`` metres are flaws of the outlines: they are drawn as kept. The
    areas are those of the shapes themselves.
    """
    empty = shapely.Polygon()
    old, new = old if old is not None else empty, new if new is not None else empty
    shared = shapely.intersection(old, new)
    gained = _opened(shapely.difference(new, old), apart)
    lost = _opened(shapely.difference(old, new), apart)
    kept = shapely.difference(shapely.union(old, new), shapely.union(gained, lost))
    kept = _opened(kept, apart) if not shared.is_empty else empty
    return Parts(
        _polygons(shapely.simplify(kept, tolerance), tolerance),
        _polygons(shapely.simplify(gained, tolerance), tolerance),
        _polygons(shapely.simplify(lost, tolerance), tolerance),
        float(old.area),
        float(new.area),
        float(shared.area),
    )


def _opened(shape: Any, width: float) -> Any:
    """The shape without its parts narrower than ``width`` (erosion, then dilation)."""
    half = width / 2
    eroded = shapely.buffer(shape, -half, join_style="mitre")
    grown = shapely.buffer(eroded, half * 1.02, join_style="mitre", mitre_limit=2.0)
    return shapely.intersection(grown, shape)


def near(
    shape: Any, xy: Floats, distance: float
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
    """Rows of the points at ``distance`` metres of a shape or less, and whether each is in it.

    The rule is that of the counts: a point on the border is inside, and the distance is exact.
    """
    x, y = xy[:, 0], xy[:, 1]
    west, south, east, north = shapely.bounds(shape)
    rows = np.flatnonzero(
        (x >= west - distance)
        & (x <= east + distance)
        & (y >= south - distance)
        & (y <= north + distance)
    )
    away = shapely.distance(shape, shapely.points(xy[rows]))
    held = away <= distance
    return rows[held], away[held] == 0


def groups(old: Layer, new: Layer, least: float) -> list[tuple[list[int], list[int]]]:
    """Rows of the old and new shapes that share more than ``least`` of either, put together.

    Neighbourhoods that were split or joined make one group; one without a counterpart is alone.
    """
    parent = list(range(len(old) + len(new)))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    tree = shapely.STRtree(new.shapes)
    left, right = (
        tree.query(old.shapes, predicate="intersects") if len(old) and len(new) else ((), ())
    )
    shared = shapely.area(shapely.intersection(old.shapes[list(left)], new.shapes[list(right)]))
    for a, b, area in zip(left, right, np.atleast_1d(shared), strict=True):
        smaller = min(old.shapes[a].area, new.shapes[b].area)
        if smaller and area / smaller > least:
            parent[root(len(old) + int(b))] = root(int(a))
    found: dict[int, tuple[list[int], list[int]]] = {}
    for i in range(len(parent)):
        group = found.setdefault(root(i), ([], []))
        (group[0] if i < len(old) else group[1]).append(i if i < len(old) else i - len(old))
    return list(found.values())


__all__: Sequence[str] = [
    "Borders",
    "Drawn",
    "Parts",
    "Piece",
    "bounds_of",
    "buffered",
    "compared",
    "differing",
    "groups",
    "lines_of",
    "near",
    "outlines",
    "shared_area",
    "union_outline",
    "united",
]
