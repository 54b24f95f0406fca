"""What does GDAL read in this file: columns, shapes as they are, and the system it declares?

A Shapefile lives in several files, a GeoPackage may hold several layers: what is missing or
undecided is told with its remedy.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyogrio
import pyogrio.errors
import pyogrio.raw
import shapely

from terril.lib.french import liste
from terril.lib.problems import Problem, ProblemList, Severity, Where
from terril.territories.geometry_layer import Shapes, as_shapes

SUFFIXES: Final = (".gpkg", ".geojson", ".json", ".shp", ".zip", ".fgb", ".gml", ".kml", ".tab")
_UNREADABLE = (
    pyogrio.errors.DataSourceError,
    pyogrio.errors.DataLayerError,
    pyogrio.errors.FeatureError,
    pyogrio.errors.GeometryError,
    pyogrio.errors.FieldError,
    UnicodeDecodeError,
    ValueError,
)


@dataclass(frozen=True, slots=True)
class Raw:
    """A layer as the file gives it. ``crs`` is EPSG or WKT text, "" when the file has none."""

    heads: tuple[str, ...]
    columns: dict[str, npt.NDArray[Any]]
    shapes: Shapes  # None for a feature without geometry
    crs: str
    sheet: str  # the layer, when the file holds several
    unreadable: frozenset[int] = frozenset()  # rows whose geometry cannot be read
    closed: frozenset[int] = frozenset()  # rows of which a ring had to be closed


def companions(path: Path) -> tuple[Path, ...]:
    """Return the files that a Shapefile needs beside it and that are there (dbf, shx, prj…)."""
    if path.suffix.lower() != ".shp":
        return ()
    wanted = {".shx", ".dbf", ".prj", ".cpg", ".qix"}
    return tuple(
        sorted(
            other
            for other in path.parent.glob(f"{path.stem}.*")
            if other.suffix.lower() in wanted and other.stem == path.stem
        )
    )


def open_file(path: Path, problems: ProblemList, shown: str, layer: str = "") -> Raw | None:
    """Read one layer of a file; ``None``, with an error in ``problems``, when it cannot be."""

    def refuse(code: str, what: str, expected: str = "", remedy: str = "") -> None:
        problems.add(Problem(code, Where(shown), what, expected, remedy, Severity.ERROR))

    if not path.is_file():
        refuse(
            "fichier-absent",
            "Le fichier n’est pas là.",
            "un GeoPackage, un GeoJSON ou un Shapefile.",
            "Corrigez « fichier » dans terril.toml.",
        )
        return None
    if path.stat().st_size == 0:
        refuse("fichier-vide", "Le fichier est vide.", remedy="Téléchargez-le à nouveau.")
        return None
    if path.suffix.lower() == ".shp":
        there = {other.suffix.lower() for other in companions(path)}
        missing = [suffix for suffix in (".shx", ".dbf") if suffix not in there]
        if missing:
            refuse(
                "shapefile-incomplet",
                f"Il manque {liste([path.stem + suffix for suffix in missing])} à côté.",
                "les fichiers .shp, .shx, .dbf et .prj ensemble.",
                "Copiez tous les fichiers du Shapefile.",
            )
            return None
    try:
        names = [str(name) for name, _ in pyogrio.list_layers(path)]
        chosen = _choose(path, names, layer, refuse)
        if chosen is None:
            return None
        with warnings.catch_warnings():  # what GDAL murmurs is told below, in French
            warnings.simplefilter("ignore")
            meta, _, blobs, columns = pyogrio.raw.read(path, layer=chosen, force_2d=True)
    except _UNREADABLE:
        refuse(
            "contours-illisibles",
            "Le fichier n’est pas lisible : il est abîmé, ou d’un autre format.",
            "un GeoPackage (.gpkg), un GeoJSON (.geojson) ou un Shapefile (.shp).",
            "Ouvrez-le dans QGIS et enregistrez-le en GeoPackage.",
        )
        return None
    heads = tuple(str(head) for head in meta["fields"])
    if blobs is None:
        blobs = np.full(len(columns[0]) if heads else 0, None, dtype=object)
    shapes = shapely.from_wkb(blobs, on_invalid="ignore")
    lost = [i for i, blob in enumerate(blobs) if blob is not None and shapes[i] is None]
    shapes[lost] = shapely.from_wkb(blobs[lost], on_invalid="fix")
    return Raw(
        heads,
        dict(zip(heads, columns, strict=True)),
        as_shapes(shapes),
        str(meta["crs"] or ""),
        chosen if len(names) > 1 else "",
        frozenset(i for i in lost if shapes[i] is None),
        frozenset(i for i in lost if shapes[i] is not None),
    )


def _choose(path: Path, names: list[str], asked: str, refuse: Any) -> str | None:
    """Return the layer to read: the one asked, or the only one that holds polygons."""
    if asked:
        if asked in names:
            return asked
        refuse(
            "couche-inconnue",
            f"La couche « {asked} » n’y est pas. Couches lues : "
            f"{liste([f'« {name} »' for name in names])}.",
            "le nom d’une de ces couches.",
            "Corrigez « couche » dans terril.toml.",
        )
        return None
    if not names:
        refuse("contours-vide", "Le fichier ne contient aucune couche.")
        return None
    kinds = {str(name): str(kind) for name, kind in pyogrio.list_layers(path)}
    areal = [n for n in names if "Polygon" in kinds[n] or kinds[n] in ("Unknown", "Geometry")]
    choices = areal or names
    if len(choices) > 1:
        refuse(
            "couche-a-choisir",
            f"Le fichier contient plusieurs couches : {liste([f'« {n} »' for n in choices])}.",
            "une seule.",
            f'Donnez-la dans terril.toml : couche = "{choices[0]}".',
        )
        return None
    return choices[0]
