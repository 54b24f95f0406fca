"""Where are the places of a file (equipment, stops), as points, and how far from an outline?

A place drawn as a polygon or a line gives one point that lies on it. Distances are exact: to
the outline itself, not to a polygon that stands for its surroundings.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import polars as pl
import pyogrio
import pyogrio.errors
import pyogrio.raw
import pyproj
import pyproj.exceptions
import shapely

from terril.lib.french import liste
from terril.lib.problems import Problem, ProblemList, Where
from terril.territories.geometry_columns import texts_of
from terril.territories.geometry_crs import GEOGRAPHIC, change
from terril.territories.geometry_layer import Layer, as_shapes

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

#: layers of an OpenStreetMap extract that may hold places
OSM_LAYERS: Final = ("points", "lines", "multipolygons", "other_relations")
_OSM_SUFFIXES: Final = (".osm", ".pbf")
_UNREADABLE: Final = (
    pyogrio.errors.DataSourceError,
    pyogrio.errors.DataLayerError,
    pyogrio.errors.FeatureError,
    pyogrio.errors.GeometryError,
    pyogrio.errors.FieldError,
    UnicodeDecodeError,
    ValueError,
)
_KINDS: Final = {0: "point", 1: "ligne", 2: "ligne", 3: "surface", 4: "point", 5: "ligne",
                 6: "surface", 7: "surface"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Extent:
    """A box in the units of a grid: metres, or degrees for EPSG 4326."""

    crs: int
    west: float
    south: float
    east: float
    north: float

    def wider(self, margin: float) -> Extent:
        """Return the box with a margin on each side."""
        return Extent(
            self.crs,
            self.west - margin,
            self.south - margin,
            self.east + margin,
            self.north + margin,
        )

    def holds(self, x: Floats, y: Floats) -> npt.NDArray[np.bool_]:
        """Say which points lie in the box, its sides included; NaN does not."""
        found: npt.NDArray[np.bool_] = (
            (x >= self.west) & (x <= self.east) & (y >= self.south) & (y <= self.north)
        )
        return found

    def to(self, crs: int) -> Extent:
        """Return the box of another grid that holds this one (its sides are followed)."""
        steps = np.linspace(0.0, 1.0, 21)
        x = self.west + (self.east - self.west) * steps
        y = self.south + (self.north - self.south) * steps
        west, east = np.full_like(y, self.west), np.full_like(y, self.east)
        south, north = np.full_like(x, self.south), np.full_like(x, self.north)
        ring_x = np.concatenate((x, x, west, east))
        ring_y = np.concatenate((south, north, y, y))
        new_x, new_y = change(ring_x, ring_y, self.crs, crs)
        return Extent(
            crs, float(new_x.min()), float(new_y.min()), float(new_x.max()), float(new_y.max())
        )


def extent_of(layers: Sequence[Layer], margin: float = 0.0) -> Extent | None:
    """Return the box of some layers of one grid, ``margin`` metres wider; ``None`` if empty."""
    filled = [layer for layer in layers if len(layer)]
    if not filled:
        return None
    boxes = np.array([layer.bounds() for layer in filled])
    box = Extent(
        filled[0].crs,
        float(boxes[:, 0].min()),
        float(boxes[:, 1].min()),
        float(boxes[:, 2].max()),
        float(boxes[:, 3].max()),
    )
    return box.wider(margin)


@dataclass(frozen=True, slots=True)
class Places:
    """The features of one layer, each as a point; NaN where it has no geometry.

    ``attributes``: texts, one column a head. ``kinds``: « point », « ligne », « surface », "".
    ``crs``: EPSG, or WKT, or "" when the file does not say. ``sheet``: the layer.
    """

    attributes: pl.DataFrame
    x: Floats
    y: Floats
    kinds: tuple[str, ...]
    crs: int | str
    sheet: str


def read_places(
    path: Path,
    problems: ProblemList,
    shown: str,
    *,
    layers: Sequence[str] = (),
    box: Extent | None = None,
    where: Callable[[Sequence[str]], str] | None = None,
) -> list[Places] | None:
    """Read the features of a file as points; ``None``, with an error, when it cannot be.

    ``layers``: those to read (all that the file has, when empty). ``box``: only what meets it
    (an OpenStreetMap extract of a region is large). ``where``: gives, for the columns of a layer,
    a filter in the SQL of GDAL.
    """
    try:
        names = [str(name) for name, _ in pyogrio.list_layers(path)]
        chosen = [name for name in names if not layers or name in layers]
        if not chosen:
            problems.add(_no_layer(shown, names, layers))
            return None
        return [_read(path, name, len(names) > 1, box, where) for name in chosen]
    except _UNREADABLE as error:
        first = str(error).split("\n")[0].split(";")[0].strip().rstrip(".")
        problems.add(
            Problem(
                "lieux-illisibles",
                Where(shown),
                f"Le fichier n’est pas lisible : {first}.",
                "un GeoJSON, un GeoPackage, un Shapefile, ou un extrait OpenStreetMap.",
                "Ouvrez-le dans QGIS et enregistrez-le en GeoPackage.",
            )
        )
        return None


def _no_layer(shown: str, names: Sequence[str], layers: Sequence[str]) -> Problem:
    seen = liste([f"« {name} »" for name in names]) if names else "aucune"
    return Problem(
        "couche-inconnue",
        Where(shown),
        f"La couche {liste([f'« {name} »' for name in layers], 'ou')} n’y est pas. "
        f"Couches lues : {seen}.",
        "le nom d’une de ces couches.",
        "Corrigez « couche » dans terril.toml.",
    )


def _read(
    path: Path,
    name: str,
    several: bool,
    box: Extent | None,
    where: Callable[[Sequence[str]], str] | None,
) -> Places:
    info = pyogrio.read_info(path, layer=name)
    condition = where([str(head) for head in info["fields"]]) if where else None
    system = _system(str(info["crs"] or ""))
    bounds = None
    if box is not None and isinstance(system, int):
        there = box.to(system)
        bounds = (there.west, there.south, there.east, there.north)
    meta, _, blobs, columns = pyogrio.raw.read(
        path, layer=name, force_2d=True, bbox=bounds, where=condition or None
    )
    heads = [str(head) for head in meta["fields"]]
    count = len(columns[0]) if heads else len(blobs if blobs is not None else ())
    if blobs is None:
        blobs = np.full(count, None, dtype=object)
    shapes = as_shapes(shapely.from_wkb(blobs, on_invalid="ignore"))
    x, y, kinds = as_points(shapes)
    attributes = pl.DataFrame(
        {head: texts_of(column) for head, column in zip(heads, columns, strict=True)},
        schema=dict.fromkeys(heads, pl.String),
    )
    return Places(attributes, x, y, kinds, system, name if several else "")


def known_system(epsg: int) -> bool:
    """Say whether a number is the EPSG code of a coordinate system."""
    try:
        pyproj.CRS.from_epsg(epsg)
    except pyproj.exceptions.CRSError:
        return False
    return True


def _system(text: str) -> int | str:
    """Return the EPSG code of a system, or its WKT, or "" when there is none."""
    if not text:
        return ""
    try:
        system = pyproj.CRS.from_user_input(text)
    except pyproj.exceptions.CRSError:
        return ""
    if system.to_authority() == ("OGC", "CRS84"):
        return GEOGRAPHIC
    return system.to_epsg(min_confidence=20) or system.to_wkt()


def as_points(shapes: npt.NDArray[Any]) -> tuple[Floats, Floats, tuple[str, ...]]:
    """Return x, y and the kind of each shape; a point on it when it is a line or a surface.

    NaN and "" where there is no shape, or an empty one.
    """
    nothing = shapely.is_missing(shapes) | shapely.is_empty(shapes)
    kinds = shapely.get_type_id(shapes)
    spots = as_shapes(shapes)
    drawn = ~nothing & (kinds != 0)
    spots[drawn] = shapely.point_on_surface(shapes[drawn])
    x = np.full(len(shapes), np.nan)
    y = np.full(len(shapes), np.nan)
    x[~nothing] = shapely.get_x(spots[~nothing])
    y[~nothing] = shapely.get_y(spots[~nothing])
    words = tuple(
        "" if none else _KINDS.get(int(kind), "") for none, kind in zip(nothing, kinds, strict=True)
    )
    return x, y, words


def is_osm(path: Path) -> bool:
    """Say whether GDAL reads the file as OpenStreetMap data: ``.osm`` or ``.osm.pbf``."""
    return path.suffix.lower() in _OSM_SUFFIXES


# ------------------------------------------------------------------ distances


def distances_to_edges(layer: Layer, codes: Sequence[str], x: Floats, y: Floats) -> Floats:
    """Return, for each pair (code, point), the metres to the border of that outline.

    Of a point inside it is the way to go out, of one outside the way to come in; NaN when the
    layer has not the code or the point no coordinates.
    """
    rank = {code: row for row, code in enumerate(layer.codes)}
    rows = np.array([rank.get(code, -1) for code in codes], dtype=np.int64)
    found = np.full(len(rows), np.nan)
    known = (rows >= 0) & np.isfinite(x) & np.isfinite(y)
    if known.any():
        edges = as_shapes(shapely.boundary(layer.shapes))
        found[known] = shapely.distance(edges[rows[known]], shapely.points(x[known], y[known]))
    return found


def nearest_points(layer: Layer, x: Floats, y: Floats) -> tuple[Ints, Floats]:
    """Return for each outline the nearest point (its rank) and its distance in metres.

    0 metres inside. −1 and NaN when there is no point. Points without coordinates are passed
    over; of equal distances the first point wins.
    """
    ranks = np.full(len(layer), -1, dtype=np.int64)
    metres = np.full(len(layer), np.nan)
    known = np.flatnonzero(np.isfinite(x) & np.isfinite(y))
    if not len(known) or not len(layer):
        return ranks, metres
    tree = shapely.STRtree(shapely.points(x[known], y[known]))
    (zones, points), found = tree.query_nearest(layer.shapes, return_distance=True)
    order = np.lexsort((points, zones))
    zones, points, found = zones[order], points[order], found[order]
    first = np.unique(zones, return_index=True)[1]
    ranks[zones[first]] = known[points[first]]
    metres[zones[first]] = found[first]
    return ranks, metres
