"""Where are the outlines of territories, in metres? The one door to geometry.

The files ``territories/geometry*.py`` are the only ones that know shapely, pyproj and pyogrio:
the other rooms take the layers, frames and arrays that this door gives.
"""

from __future__ import annotations

from terril.territories.geometry_columns import NATURES
from terril.territories.geometry_crs import metric_crs, reproject
from terril.territories.geometry_layer import Layer, Shapes, as_shapes, intersections, rings_of
from terril.territories.geometry_read import read_layer

__all__ = [
    "NATURES",
    "Layer",
    "Shapes",
    "as_shapes",
    "intersections",
    "metric_crs",
    "read_layer",
    "reproject",
    "rings_of",
]
