"""How are outlines with their figures written as GeoJSON (RFC 7946) and GeoPackage?

GeoJSON: WGS84 degrees, longitude first, six decimals (a decimetre), exteriors counter-clockwise
and holes clockwise (RFC 7946, § 3.1.6), a box around the whole. GeoPackage: in the metres of the
edition, a layer a kind of territory, as the outlines of an edition are kept.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from terril.editions.outlines_file import write_outlines
from terril.sources.outlines_layers import Outlines
from terril.territories.geometry import Layer, reproject

GEOJSON: Final = "application/geo+json"
GEOPACKAGE: Final = "application/geopackage+sqlite3"
DECIMALS: Final = 6
_WGS84: Final = 4326

Floats = npt.NDArray[np.float64]


def collection(layers: Sequence[Layer], about: dict[str, Any]) -> dict[str, Any]:
    """Return the features of some layers; ``about``: members of our own, beside (§ 6.1)."""
    features = [feature for layer in layers for feature in _features(layer)]
    boxes = [feature["bbox"] for feature in features]
    west, south, east, north = zip(*boxes, strict=True) if boxes else ((), (), (), ())
    box = {"bbox": [min(west), min(south), max(east), max(north)]} if boxes else {}
    return {"type": "FeatureCollection", **box, **about, "features": features}


def _features(layer: Layer) -> list[dict[str, Any]]:
    rows = layer.attributes.to_dicts() if layer.attributes.width else [{}] * len(layer)
    found = []
    items = zip(layer.codes, layer.labels, layer.rings(), rows, strict=True)
    for code, label, rings, row in items:
        polygons = _polygons([_degrees(ring, layer.crs) for ring in rings])
        if not polygons:
            continue
        every = np.concatenate([np.asarray(polygon[0]) for polygon in polygons])
        low, high = every.min(axis=0), every.max(axis=0)
        found.append(
            {
                "type": "Feature",
                "id": f"{layer.nature}-{code}",
                "bbox": [*low.tolist(), *high.tolist()],
                "geometry": (
                    {"type": "Polygon", "coordinates": polygons[0]}
                    if len(polygons) == 1
                    else {"type": "MultiPolygon", "coordinates": polygons}
                ),
                "properties": {"code": code, "nom": label, **row},
            }
        )
    return found


def _degrees(ring: Floats, crs: int) -> Floats:
    """Return a ring in degrees, rounded, without the points that rounding joins."""
    points = np.round(reproject(ring, crs, _WGS84), DECIMALS) + 0.0
    kept = np.ones(len(points), dtype=bool)
    kept[1:] = (points[1:] != points[:-1]).any(axis=1)
    return np.asarray(points[kept], dtype=np.float64)


def _polygons(rings: Sequence[Floats]) -> list[list[list[list[float]]]]:
    """Return the rings by polygon: one that turns left opens a polygon, others are its holes.

    A ring that rounding flattens is left out, with the holes of its polygon.
    """
    found: list[list[list[list[float]]]] = []
    open_polygon = False
    for ring in rings:
        turn = _turn(ring)
        flat = len(ring) < 4 or turn == 0.0
        if turn > 0 or (flat and not open_polygon):
            open_polygon = not flat
            if not flat:
                found.append([ring.tolist()])
        elif open_polygon and not flat:
            found[-1].append(ring.tolist())
    return found


def _turn(ring: Floats) -> float:
    """Return twice the signed surface of a closed ring: positive counter-clockwise."""
    if len(ring) < 4:
        return 0.0
    x, y = ring[:, 0] - ring[0, 0], ring[:, 1] - ring[0, 1]
    return float(np.sum(x[:-1] * y[1:] - x[1:] * y[:-1]))


def geopackage(layers: Sequence[Layer], day: str) -> bytes:
    """Return a GeoPackage of some layers; ``day``: date of the edition, the only date in it."""
    with tempfile.TemporaryDirectory(prefix="terril-gpkg-") as folder:
        path = Path(folder) / "export.gpkg"
        write_outlines(path, Outlines(tuple(layers)), day=day)
        return path.read_bytes()
