"""Where points lie, one at a time: slow, obvious, and the judge of the grid and of the SQL.

Two judges. ``by_shapely`` asks the geometry library, in doubles. ``by_fractions`` works out the
rule in rational numbers, without any rounding: a ray to the right, and the squared distance to
each edge.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any

import numpy as np
import polars as pl
import shapely

from terril.territories.geometry import Layer

Point = tuple[float, float]
Hit = tuple[int, str, str]


def layer(shapes: Sequence[Any], codes: Sequence[str] = ()) -> Layer:
    """A layer in metres, of polygons made by a test."""
    names = tuple(codes) or tuple(f"Z{n:03d}" for n in range(len(shapes)))
    array = np.empty(len(shapes), dtype=object)
    array[:] = list(shapes)
    return Layer("qpv", "2015", 2154, names, names, array, pl.DataFrame({"n": range(len(names))}))


def by_shapely(points: Iterable[Point], zones: Layer, buffers: Sequence[float]) -> set[Hit]:
    """Return (point, code, inside | around)."""
    found: set[Hit] = set()
    for number, (x, y) in enumerate(points):
        if not (np.isfinite(x) and np.isfinite(y)):
            continue
        point = shapely.Point(x, y)
        for code, shape, width in zip(zones.codes, zones.shapes, buffers, strict=True):
            if shapely.covers(shape, point):
                found.add((number, code, "inside"))
            elif width > 0 and shapely.distance(shape, point) <= width:
                found.add((number, code, "around"))
    return found


def by_fractions(points: Iterable[Point], zones: Layer, buffers: Sequence[float]) -> set[Hit]:
    """Return (point, code, inside | around), without rounding."""
    edges = [_edges(rings) for rings in zones.rings()]
    found: set[Hit] = set()
    for number, (x, y) in enumerate(points):
        if not (np.isfinite(x) and np.isfinite(y)):
            continue
        here = (Fraction(x), Fraction(y))
        for code, sides, width in zip(zones.codes, edges, buffers, strict=True):
            nearest = min((_squared(here, a, b) for a, b in sides), default=None)
            if nearest is None:
                continue
            crossings = sum(_crosses(here, a, b) for a, b in sides)
            if nearest == 0 or crossings % 2 == 1:
                found.add((number, code, "inside"))
            elif width > 0 and nearest <= Fraction(width) ** 2:
                found.add((number, code, "around"))
    return found


def margin(point: Point, zones: Layer, buffers: Sequence[float]) -> float:
    """Return how far a point is from where its answer changes (m)."""
    here = shapely.Point(*point)
    gaps = [np.inf]
    for shape, width in zip(zones.shapes, buffers, strict=True):
        if not shapely.is_empty(shape):
            border = shapely.distance(shapely.boundary(shape), here)
            gaps += [border, abs(border - width)]
    return float(min(gaps))


Corner = tuple[Fraction, Fraction]


def _edges(rings: Sequence[np.ndarray[Any, Any]]) -> list[tuple[Corner, Corner]]:
    sides = []
    for ring in rings:
        corners = [(Fraction(float(x)), Fraction(float(y))) for x, y in ring]
        sides += [(a, b) for a, b in zip(corners, corners[1:], strict=False) if a != b]
    return sides


def _crosses(here: Corner, a: Corner, b: Corner) -> bool:
    x, y = here
    if (a[1] <= y) == (b[1] <= y):
        return False
    return x < a[0] + (b[0] - a[0]) * (y - a[1]) / (b[1] - a[1])


def _squared(here: Corner, a: Corner, b: Corner) -> Fraction:
    ux, uy = b[0] - a[0], b[1] - a[1]
    wx, wy = here[0] - a[0], here[1] - a[1]
    part = min(max((wx * ux + wy * uy) / (ux * ux + uy * uy), Fraction(0)), Fraction(1))
    return (wx - part * ux) ** 2 + (wy - part * uy) ** 2
