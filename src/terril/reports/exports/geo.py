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

from terril.editions.outlines_file import write_outlines
from terril.sources.outlines_layers import Outlines
from terril.territories.geometry import Layer
from terril.territories.geometry_degrees import polygons_in_degrees

GEOJSON: Final = "application/geo+json"
GEOPACKAGE: Final = "application/geopackage+sqlite3"


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
    items = zip(layer.codes, layer.labels, polygons_in_degrees(layer), rows, strict=True)
    for code, label, polygons, row in items:
        if not polygons:
            continue
        every = [point for polygon in polygons for point in polygon[0]]
        low, high = np.min(every, axis=0), np.max(every, axis=0)
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


def geopackage(layers: Sequence[Layer], day: str) -> bytes:
    """Return a GeoPackage of some layers; ``day``: date of the edition, the only date in it."""
    with tempfile.TemporaryDirectory(prefix="terril-gpkg-") as folder:
        path = Path(folder) / "export.gpkg"
        write_outlines(path, Outlines(tuple(layers)), day=day)
        return path.read_bytes()
