"""In which grid are these coordinates, and where do they fall in another?

Terril measures in metres: Lambert-93 in metropolitan France, the grid of each overseas
territory elsewhere (``vocabularies/projections.csv``). A change of grid always passes by
longitude and latitude WGS84 and never takes a transformation that forgets the shift between
two datums: PROJ, without the grids of the IGN, would go from Lambert II étendu to Lambert-93
by such a « ballpark », 50 m off, whereas NTF to WGS84 has a published shift, right to 2 m.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyproj
import pyproj.network
from pyproj.enums import TransformDirection

from terril.catalogue.lists import read_list

Floats = npt.NDArray[np.float64]

#: longitude, latitude in degrees; every change of grid passes by it
GEOGRAPHIC: Final = 4326
MAINLAND: Final = "metropole"

pyproj.network.set_network_enabled(False)  # type: ignore[attr-defined]
# Without network, the same file gives the same outlines everywhere


@dataclass(frozen=True, slots=True)
class Grid:
    """A coordinate system a French file may be in. ``box``: west, south, east, north."""

    epsg: int
    label: str
    departments: tuple[str, ...]  # where it is the grid in metres of Terril
    box: tuple[float, float, float, float]  # degrees, where it may be used


@lru_cache(maxsize=1)
def grids() -> dict[int, Grid]:
    """Return the known grids by EPSG code, those in metres of Terril first."""
    found: dict[int, Grid] = {}
    for row in read_list("vocabularies/projections.csv"):
        area = pyproj.CRS.from_epsg(int(row["epsg"])).area_of_use
        box = area.bounds if area else (-180.0, -90.0, 180.0, 90.0)
        found[int(row["epsg"])] = Grid(
            int(row["epsg"]), row["libelle"], tuple(row["departements"].split()), box
        )
    return found


def metric_grids() -> tuple[Grid, ...]:
    """Return the grids in which Terril keeps outlines, one a territory, mainland first."""
    return tuple(grid for grid in grids().values() if grid.departments)


def metric_crs(departement: str) -> int:
    """Return the EPSG code of the grid in metres of a department (« 62 », « 2A », « 974 »)."""
    for grid in metric_grids():
        if departement in grid.departments:
            return grid.epsg
    return next(g.epsg for g in metric_grids() if MAINLAND in g.departments)


def in_box(lon: Floats, lat: Floats, box: tuple[float, float, float, float]) -> npt.NDArray[Any]:
    """Say which points lie in a box of longitudes and latitudes (it may cross 180°)."""
    west, south, east, north = box
    across = (lon >= west) | (lon <= east) if west > east else (lon >= west) & (lon <= east)
    return across & (lat >= south) & (lat <= north)


@lru_cache(maxsize=64)
def _to_geographic(crs: str) -> pyproj.Transformer:
    return pyproj.Transformer.from_crs(
        crs, f"EPSG:{GEOGRAPHIC}", always_xy=True, allow_ballpark=False
    )


def crs_text(crs: int | str) -> str:
    """Return a coordinate system as PROJ reads it: « EPSG:2154 », or its WKT."""
    return f"EPSG:{crs}" if isinstance(crs, int) else crs


def change(x: Floats, y: Floats, source: int | str, target: int | str) -> tuple[Floats, Floats]:
    """Carry points from a system to another; a point that cannot be carried is infinite.

    ``source``, ``target``: EPSG codes, or WKT. x is east or longitude, y north or latitude.
    """
    first, last = crs_text(source), crs_text(target)
    if first == last:
        return x, y
    degrees = f"EPSG:{GEOGRAPHIC}"
    if first != degrees:
        x, y = _to_geographic(first).transform(x, y)
    if last != degrees:
        x, y = _to_geographic(last).transform(x, y, direction=TransformDirection.INVERSE)
    return np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)


def reproject(xy: Floats, from_epsg: int, to_epsg: int) -> Floats:
    """Return points (n, 2), x east and y north, in another grid; infinite where impossible."""
    points = np.asarray(xy, dtype=np.float64).reshape(-1, 2)
    x, y = change(points[:, 0], points[:, 1], from_epsg, to_epsg)
    return np.column_stack((x, y))
