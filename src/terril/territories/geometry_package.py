"""How are shapes written in a GeoPackage, and read back?

The binary form of OGC 12-128r18 (GeoPackage 1.3): « GP », a version, flags, the EPSG code, the
bounding box, then WKB.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable
from dataclasses import replace
from typing import Final

import numpy as np
import pyproj
import shapely

from terril.territories.geometry_crs import crs_text
from terril.territories.geometry_layer import Layer, Shapes, as_shapes, settled

_HEAD: Final = struct.Struct("<2sBBi4d")
_ENVELOPES: Final = {0: 0, 1: 32, 2: 48, 3: 48, 4: 64}  # bytes, by the code in the flags
_EMPTY: Final = 0b10000


def blobs(shapes: Shapes, crs: int) -> list[bytes]:
    """Return shapes as MultiPolygons in the binary of GeoPackage, little endian."""
    found: list[bytes] = []
    for shape in shapes:
        whole = shapely.multipolygons(shapely.get_parts(shapely.orient_polygons(shape)))
        west, south, east, north = shapely.bounds(whole)
        # flags: bit 0 little endian, bits 1-3 the envelope (1: x and y)
        head = _HEAD.pack(b"GP", 0, 0b00000011, crs, west, east, south, north)
        found.append(head + shapely.to_wkb(whole, byte_order=1, output_dimension=2))
    return found


def from_blobs(values: Iterable[bytes]) -> Shapes:
    """Return the shapes of binaries of GeoPackage; raises ``ValueError`` on another binary."""
    found: list[object] = []
    for value in values:
        if len(value) < 8 or value[:2] != b"GP":
            raise ValueError("not a GeoPackage geometry")
        flags = value[3]
        start = 8 + _ENVELOPES.get((flags >> 1) & 0b111, 0)
        shape = shapely.Polygon() if flags & _EMPTY else shapely.from_wkb(value[start:])
        found.append(settled(shape))
    return as_shapes(found)


def definition(crs: int) -> tuple[str, str]:
    """Return the name and the WKT (1, as GDAL writes it) of a coordinate system."""
    system = pyproj.CRS.from_user_input(crs_text(crs))
    return system.name, system.to_wkt("WKT1_GDAL")


def surroundings(layer: Layer, metres: float, *, steps: int = 16) -> Layer:
    """Return each outline grown by some metres, for maps only: arcs are polygons of ``steps``.

    Counts measure true distances instead. The layer has no attribute.
    """
    grown = shapely.buffer(layer.shapes, metres, quad_segs=steps)
    return replace(
        layer, shapes=as_shapes(np.atleast_1d(grown)), attributes=layer.attributes.select([])
    )
