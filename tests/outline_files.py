"""Small files of outlines, in any system, right or wrong."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio.raw
import pyproj
import shapely

from terril.territories.geometry import reproject

#: a corner in the north of France, in Lambert-93
WEST, SOUTH = 688_000.0, 7_033_000.0

Geometry = dict[str, Any] | None


def square(
    x: float = 0.0, y: float = 0.0, side: float = 100.0, hole: float = 0.0
) -> shapely.Polygon:
    """A square ``x``, ``y`` metres from the corner, with a square hole in its middle."""
    west, south = WEST + x, SOUTH + y
    holes = []
    if hole:
        edge = (side - hole) / 2
        holes = [shapely.box(west + edge, south + edge, west + edge + hole, south + edge + hole)]
    outer = shapely.box(west, south, west + side, south + side)
    return shapely.Polygon(outer.exterior, [h.exterior for h in holes])


def degrees(shape: Any, crs: int = 2154) -> Any:
    """The same shape in longitude and latitude."""
    carry = pyproj.Transformer.from_crs(crs, 4326, always_xy=True)
    return shapely.transform(shape, lambda xy: np.column_stack(carry.transform(*xy.T)))


def carried(shape: Any, source: int, target: int) -> Any:
    """The same shape in another system."""
    return shapely.transform(shape, lambda xy: reproject(xy, source, target))


def geojson(
    path: Path,
    shapes: Sequence[Any],
    properties: Sequence[dict[str, Any]],
    crs: str = "",
    *,
    raw: bool = False,
) -> Path:
    """A GeoJSON of shapes (carried to degrees unless ``raw``), ``None``, or plain geometries."""

    def plain(shape: Any) -> Geometry:
        if shape is None or isinstance(shape, dict):
            return shape
        found: dict[str, Any] = json.loads(shapely.to_geojson(shape if raw else degrees(shape)))
        return found

    whole: dict[str, Any] = {
        "type": "FeatureCollection",
        "features": [
            {"type": "Feature", "properties": p, "geometry": plain(s)}
            for s, p in zip(shapes, properties, strict=True)
        ],
    }
    if crs:
        whole["crs"] = {"type": "name", "properties": {"name": crs}}
    path.write_text(json.dumps(whole), encoding="utf-8")
    return path


def written(
    path: Path,
    shapes: Sequence[Any],
    columns: Mapping[str, Sequence[Any]],
    crs: str | None = "EPSG:2154",
    kind: str = "Polygon",
    **options: Any,
) -> Path:
    """A file in the format of its suffix, as GIS software writes it."""
    fields = []
    for values in columns.values():
        array = np.array(values)
        fields.append(array.astype(object) if array.dtype.kind == "U" else array)
    pyogrio.raw.write(
        path,
        shapely.to_wkb(np.array(list(shapes), dtype=object)),
        fields,
        list(columns),
        crs=crs,
        geometry_type=kind,
        **options,
    )
    return path
