"""Which part of each square of a grid lies in each outline, and what of a mask with it?

Everything is measured in the grid's own system, where its squares are squares: the European
one (EPSG 3035) keeps surfaces. A square is named by its lower left corner, in metres, a
multiple of its size.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl
import shapely

from terril.territories.geometry_crs import reproject
from terril.territories.geometry_layer import Floats, Layer, Shapes, as_shapes

Ints = npt.NDArray[np.int64]

#: a square × an outline that shares some of its surface; ``part`` of the square, 0–1
GRID_PARTS: Final = {"code": pl.String, "x": pl.Int64, "y": pl.Int64, "part": pl.Float64}

#: weight of a mask in a square: in all (``code`` null), and in each outline
MASK_PARTS: Final = {"code": pl.String, "x": pl.Int64, "y": pl.Int64, "weight": pl.Float64}

_ROUND: Final = 1e-9  # parts nearer to 0 or 1 than this are 0 or 1


def in_grid(layer: Layer, crs: int) -> Shapes:
    """Return the shapes of a layer in another system, valid."""
    if layer.crs == crs:
        return layer.shapes
    moved = shapely.transform(layer.shapes, lambda xy: reproject(xy, layer.crs, crs))
    return as_shapes(shapely.make_valid(moved, method="structure", keep_collapsed=False))


def bounds_in(layer: Layer, crs: int, margin: float) -> tuple[float, float, float, float]:
    """Return west, south, east and north of a layer in another system, and a margin around."""
    west, south, east, north = shapely.total_bounds(in_grid(layer, crs))
    return west - margin, south - margin, east + margin, north + margin


def grid_parts(layer: Layer, crs: int, size: int) -> pl.DataFrame:
    """Return the squares of a grid that each outline of a layer covers (``GRID_PARTS``).

    ``crs``: EPSG of the grid; ``size``: side of a square, metres. Every square is there, inhabited
    or not. Sorted by code, y, x.
    """
    row, x, y, area = _cut(in_grid(layer, crs), size)
    part = area / (size * size)
    part[part > 1 - _ROUND] = 1.0
    return (
        _frame(layer, row, {"x": x, "y": y, "part": part}, GRID_PARTS)
        .filter(pl.col("part") > _ROUND)
        .sort("code", "y", "x")
    )


def mask_parts(mask: Layer, weights: Floats, layer: Layer, crs: int, size: int) -> pl.DataFrame:
    """Return the weight of a mask of outlines in each square, in all and by outline of ``layer``.

    ``weights``: one an outline of the mask, spread evenly over its surface. Only the squares that
    an outline of ``layer`` or its neighbourhood (two squares around) reaches are given.
    Columns of ``MASK_PARTS``.
    """
    zones, built = in_grid(layer, crs), in_grid(mask, crs)
    near = _near(zones, built, 2 * size)
    built, weights = built[near], np.asarray(weights, dtype=np.float64)[near]
    density = weights / np.maximum(shapely.area(built), 1e-9)
    row, x, y, area = _cut(built, size)
    total = pl.DataFrame({"x": x, "y": y, "weight": area * density[row]})
    tree = shapely.STRtree(built)
    zone, piece = tree.query(zones, predicate="intersects") if len(zones) else ([], [])
    shared = shapely.intersection(built[piece], zones[zone])
    row, x, y, area = _cut(as_shapes(shared), size)
    weight = area * density[np.asarray(piece, dtype=np.int64)[row]]
    inside = _frame(
        layer, np.asarray(zone, dtype=np.int64)[row], {"x": x, "y": y, "weight": weight}, MASK_PARTS
    )
    return _summed(total, inside)


def point_parts(
    xy: Floats, from_crs: int, weights: Floats, layer: Layer, crs: int, size: int
) -> pl.DataFrame:
    """Return the same as ``mask_parts`` for a mask of points (n, 2) in metres of ``from_crs``.

    A point on the border of an outline is in it, as everywhere in Terril.
    """
    zones = in_grid(layer, crs)
    points = reproject(xy, from_crs, crs)
    seen = np.isfinite(points).all(axis=1)
    points, weights = points[seen], np.asarray(weights, dtype=np.float64)[seen]
    shapes = as_shapes(shapely.points(points))
    near = _near(zones, shapes, 2 * size)
    points, weights, shapes = points[near], weights[near], shapes[near]
    corner = (np.floor(points / size) * size).astype(np.int64)
    total = pl.DataFrame({"x": corner[:, 0], "y": corner[:, 1], "weight": weights})
    tree = shapely.STRtree(shapes)
    zone, point = tree.query(zones, predicate="intersects") if len(zones) else ([], [])
    place = np.asarray(point, dtype=np.int64)
    inside = _frame(
        layer,
        np.asarray(zone, dtype=np.int64),
        {"x": corner[place, 0], "y": corner[place, 1], "weight": weights[place]},
        MASK_PARTS,
    )
    return _summed(total, inside)


def points_within(layer: Layer, xy: Floats, crs: int) -> tuple[Ints, Ints]:
    """Return the pairs (row of the layer, row of the point) where a point is in an outline.

    ``xy``: (n, 2) in metres of ``crs``. The border is inside.
    """
    points = reproject(xy, crs, layer.crs)
    seen = np.flatnonzero(np.isfinite(points).all(axis=1))
    if not len(layer) or not len(seen):
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    tree = shapely.STRtree(shapely.points(points[seen]))
    row, point = tree.query(layer.shapes, predicate="intersects")
    return np.asarray(row, dtype=np.int64), seen[np.asarray(point, dtype=np.int64)]


def overlay(a: Layer, b: Layer) -> Layer:
    """Return the pieces that two layers cut each other into, each with its codes.

    ``attributes``: a, b (codes; null outside). The pieces do not overlap when neither layer
    does; together they are the union of both. Slivers under one square decimetre are dropped.
    Raises ``ValueError`` when the layers are not in the same grid.
    """
    if a.crs != b.crs and len(a) and len(b):
        raise ValueError(f"two grids: EPSG {a.crs} and {b.crs}")
    tree = shapely.STRtree(b.shapes)
    left, right = tree.query(a.shapes, predicate="intersects") if len(a) and len(b) else ([], [])
    both = shapely.intersection(a.shapes[left], b.shapes[right])
    pieces: list[tuple[str | None, str | None, object]] = [
        (a.codes[i], b.codes[j], shape) for i, j, shape in zip(left, right, both, strict=True)
    ]
    pieces += [(code, None, shape) for code, shape in _rest(a, b)]
    pieces += [(None, code, shape) for code, shape in _rest(b, a)]
    kept = []
    for one, other, shape in pieces:
        polygons = [p for p in shapely.get_parts(shape) if shapely.area(p) > 0.01]
        if polygons:
            kept.append((one, other, shapely.union_all(polygons)))
    kept.sort(key=lambda piece: (piece[0] or "", piece[1] or ""))
    return Layer(
        nature="morceau",
        generation="",
        crs=a.crs if len(a) else b.crs,
        codes=tuple(f"{one or ''}+{other or ''}" for one, other, _ in kept),
        labels=tuple("" for _ in kept),
        shapes=as_shapes([shape for *_, shape in kept]),
        attributes=pl.DataFrame(
            {"a": [p[0] for p in kept], "b": [p[1] for p in kept]},
            schema={"a": pl.String, "b": pl.String},
        ),
    )


def _rest(layer: Layer, other: Layer) -> list[tuple[str, object]]:
    """Return what each outline of a layer has outside all those of another."""
    if not len(layer):
        return []
    tree = shapely.STRtree(other.shapes)
    found = []
    for code, shape in zip(layer.codes, layer.shapes, strict=True):
        over = tree.query(shape, predicate="intersects") if len(other) else []
        cover = shapely.union_all(other.shapes[over]) if len(over) else None
        found.append((code, shape if cover is None else shapely.difference(shape, cover)))
    return found


def _near(zones: Shapes, shapes: Shapes, distance: float) -> npt.NDArray[np.bool_]:
    """Say which shapes come within a distance of the boxes of the zones."""
    near = np.zeros(len(shapes), dtype=bool)
    if len(zones) and len(shapes):
        boxes = shapely.bounds(zones) + np.array([-distance, -distance, distance, distance])
        near[shapely.STRtree(shapes).query(shapely.box(*boxes.T), predicate="intersects")[1]] = True
    return near


def _cut(shapes: Shapes, size: int) -> tuple[Ints, Ints, Ints, Floats]:
    """Cut shapes along a grid: row of the shape, corner of the square, surface shared (m²)."""
    if not len(shapes):
        none = np.zeros(0, dtype=np.int64)
        return none, none, none, np.zeros(0)
    box = np.floor(shapely.bounds(shapes) / size)
    filled = ~shapely.is_empty(shapes)
    west, south, east, north = np.where(filled[:, None], np.nan_to_num(box), 0).astype(np.int64).T
    wide, high = east - west + 1, north - south + 1
    count = np.where(filled, wide * high, 0)
    row = np.repeat(np.arange(len(shapes)), count)
    place = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
    x = (west[row] + place % wide[row]) * size
    y = (south[row] + place // wide[row]) * size
    area = np.zeros(len(row))
    alone = count[row] == 1
    area[alone] = shapely.area(shapes[row[alone]])
    many = np.flatnonzero(~alone)
    squares = shapely.box(x[many], y[many], x[many] + size, y[many] + size)
    shapely.prepare(shapes)
    whole = shapely.contains_properly(shapes[row[many]], squares)
    area[many[whole]] = size * size
    rest = many[~whole]
    area[rest] = shapely.area(shapely.intersection(shapes[row[rest]], squares[~whole]))
    kept = area > 0
    return row[kept], x[kept], y[kept], area[kept]


def _frame(
    layer: Layer,
    row: Ints,
    columns: dict[str, npt.NDArray[np.int64] | Floats],
    schema: dict[str, type[pl.DataType]],
) -> pl.DataFrame:
    codes = pl.Series("code", layer.codes, dtype=pl.String).gather(row)
    return pl.DataFrame({"code": codes, **columns}, schema=schema)


def _summed(total: pl.DataFrame, inside: pl.DataFrame) -> pl.DataFrame:
    whole = total.with_columns(code=pl.lit(None, pl.String))
    return (
        pl.concat([f.select(pl.col(n).cast(t) for n, t in MASK_PARTS.items())
                   for f in (whole, inside)])
        .group_by("code", "x", "y")
        .agg(pl.col("weight").sum())
        .filter(pl.col("weight") > 0)
        .sort("code", "y", "x", nulls_last=True)
    )  # fmt: skip
