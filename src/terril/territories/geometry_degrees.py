"""Where are outlines in degrees, as the web wants them?

WGS84, longitude first, on a grid of so many decimals: shapes are moved to it whole, so that they
stay valid (a ring whose rounded points would touch is cut there), exteriors counter-clockwise
and holes clockwise.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import shapely

from terril.territories.geometry_crs import GEOGRAPHIC, reproject
from terril.territories.geometry_layer import Layer

#: rings of one polygon, the exterior first: closed lists of [longitude, latitude]
Polygon = list[list[list[float]]]
#: decimals kept by default: a decimetre
DECIMALS: Final = 6


def polygons_in_degrees(layer: Layer, decimals: int = DECIMALS) -> list[list[Polygon]]:
    """Return the polygons of each outline of a layer, none for one smaller than the grid."""
    found = []
    for shape in layer.shapes:
        moved = shapely.transform(shape, lambda xy: reproject(xy, layer.crs, GEOGRAPHIC))
        gridded = shapely.set_precision(shapely.make_valid(moved), 10.0**-decimals)
        found.append([_polygon(part, decimals) for part in _parts(gridded)])
    return found


def _parts(shape: Any) -> Sequence[Any]:
    turned = shapely.orient_polygons(shape)
    pieces = shapely.get_parts(shapely.get_parts(turned))
    return [piece for piece in pieces if piece.geom_type == "Polygon" and not piece.is_empty]


def _polygon(part: Any, decimals: int) -> Polygon:
    rings = [part.exterior, *part.interiors]
    return [(np.round(shapely.get_coordinates(ring), decimals) + 0.0).tolist() for ring in rings]
