"""What is a set of outlines, once read: codes, shapes in metres, areas, rings?

Every layer is in one grid in metres (``geometry_crs.metric_grids``), its shapes valid and
without third dimension, in the order of their codes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl
import shapely

Shapes = npt.NDArray[np.object_]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Layer:
    """Outlines of one nature: one code, one label, one valid shape a row, by code.

    ``nature``: qpv, commune, epci, iris, cite, carreau, emprise; ``generation``: « 2015 » or
    « 2024 » for qpv, else "". ``shapes``: Polygon or MultiPolygon, in metres of ``crs`` (EPSG).
    ``attributes``: the other columns of the file, one row a code.
    """

    nature: str
    generation: str
    crs: int
    codes: tuple[str, ...]
    labels: tuple[str, ...]
    shapes: Shapes
    attributes: pl.DataFrame
    file: str = ""
    sha256: str = ""
    vintage: str = ""
    source: str = ""

    def __len__(self) -> int:
        return len(self.codes)

    def pick(self, codes: Iterable[str]) -> Layer:
        """Return the outlines of some codes, in the order of the layer; others are ignored."""
        wanted = set(codes)
        rows = [i for i, code in enumerate(self.codes) if code in wanted]
        return replace(
            self,
            codes=tuple(self.codes[i] for i in rows),
            labels=tuple(self.labels[i] for i in rows),
            shapes=self.shapes[rows],
            attributes=self.attributes[rows] if self.attributes.width else self.attributes,
        )

    def areas(self) -> Floats:
        """Return the surface of each shape, m²."""
        return np.asarray(shapely.area(self.shapes), dtype=np.float64)

    def rings(self) -> list[list[Floats]]:
        """Return the rings of each shape: (n, 2) arrays in metres, closed.

        Polygon by polygon, the exterior first; exteriors turn counter-clockwise, holes clockwise.
        """
        return [rings_of(shape) for shape in self.shapes]

    def bounds(self) -> tuple[float, float, float, float]:
        """Return west, south, east and north in metres; NaN when there is no outline."""
        west, south, east, north = shapely.total_bounds(self.shapes)
        return float(west), float(south), float(east), float(north)


def rings_of(shape: Any) -> list[Floats]:
    """Return the rings of a Polygon or MultiPolygon, oriented as ``Layer.rings`` says."""
    turned = shapely.orient_polygons(shape)
    rings: list[Floats] = []
    for part in shapely.get_parts(turned):
        rings.append(shapely.get_coordinates(part.exterior))
        rings.extend(shapely.get_coordinates(hole) for hole in part.interiors)
    return rings


def settled(shape: Any) -> Any:
    """Return a shape in its one form: oriented rings, a Polygon when it has one piece."""
    turned = shapely.orient_polygons(shape)
    parts = shapely.get_parts(turned)
    return parts[0] if len(parts) == 1 else turned


def as_shapes(items: Iterable[Any]) -> Shapes:
    """Return shapes as an object array, without reading into them as sequences."""
    listed = list(items)
    array = np.empty(len(listed), dtype=object)
    array[:] = listed
    return array


def intersections(a: Layer, b: Layer) -> pl.DataFrame:
    """Return the pairs that share some surface: a, b (codes), area (m²), by a then b.

    Both layers must be in the same grid: raises ``ValueError`` otherwise.
    """
    if a.crs != b.crs and len(a) and len(b):
        raise ValueError(f"two grids: EPSG {a.crs} and {b.crs}")
    tree = shapely.STRtree(b.shapes)
    left, right = tree.query(a.shapes, predicate="intersects") if len(a) and len(b) else ([], [])
    shared = shapely.area(shapely.intersection(a.shapes[left], b.shapes[right]))
    return (
        pl.DataFrame(
            {
                "a": [a.codes[i] for i in left],
                "b": [b.codes[i] for i in right],
                "area": np.asarray(shared, dtype=np.float64),
            },
            schema={"a": pl.String, "b": pl.String, "area": pl.Float64},
        )
        .filter(pl.col("area") > 0)
        .sort("a", "b")
    )
