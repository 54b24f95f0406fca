"""Do the coordinates of a file fall where its coordinate system says, and where in metres?

A file without system, one whose coordinates cannot be of the system declared, one whose axes
are swapped: each is recognised by where its outlines would fall.
"""

from __future__ import annotations

import contextlib
from typing import Any

import numpy as np
import numpy.typing as npt
import pyproj
import pyproj.exceptions
import shapely

from terril.lib.french import compte
from terril.lib.problems import Severity
from terril.territories.geometry_crs import change, grids, in_box, metric_grids
from terril.territories.geometry_layer import Shapes, as_shapes
from terril.territories.geometry_tell import Teller

_DECIMALS = 4  # of a metre
_REMEDY = 'Donnez le code EPSG du fichier dans terril.toml : crs = "2154" (Lambert-93).'


def placed(
    declared: str,
    shapes: Shapes,
    names: list[str],
    kept: npt.NDArray[np.bool_],
    crs: int | None,
    target: int,
    tell: Teller,
) -> tuple[Shapes, int] | None:
    """Return the shapes in a grid in metres and its EPSG code; ``None`` when that cannot be.

    ``declared``: what the file says of its system (EPSG or WKT, "" for nothing). ``crs``: the
    system that the project declares, which wins over the file's. An outline that
    falls outside the territory of the grid is set aside in ``kept``.
    """
    source = _source(declared, crs, tell)
    if source is None:
        return None
    rows = np.flatnonzero(kept)
    west, south, east, north = shapely.bounds(shapes[rows]).T
    middles = np.column_stack(((west + east) / 2, (south + north) / 2))
    swapped = False
    falls = _falls(middles[:, 0], middles[:, 1], source)
    if not falls.any():
        falls = _falls(middles[:, 1], middles[:, 0], source)
        swapped = bool(falls.any())
        if not swapped:
            _tell_elsewhere(source, middles, tell)
            return None
        tell.say(
            "axes-inverses",
            "Les coordonnées sont inversées : la latitude (ou le nord) vient avant la longitude "
            "(ou l’est).",
            "l’est d’abord, le nord ensuite.",
            "Les axes sont remis en ordre à la lecture ; corrigez le fichier chez son producteur.",
        )
    counts = falls.sum(axis=0)
    choice = metric_grids()[int(np.argmax(counts))]
    if target:
        choice = next(grid for grid in metric_grids() if grid.epsg == target)
    here = falls[:, metric_grids().index(choice)]
    elsewhere = np.asarray(falls[~here].any(axis=1))
    _set_aside(rows[~here], elsewhere, names, choice.label, kept, tell)
    moved = as_shapes(shapes)
    moved[np.flatnonzero(kept)] = _moved(shapes[kept], source, choice.epsg, swapped)
    return moved, choice.epsg


def _source(declared_by_file: str, asked: int | None, tell: Teller) -> int | str | None:
    """Return the system of the file: EPSG when it has one, else WKT."""
    own: int | str | None = None
    if declared_by_file:
        with contextlib.suppress(pyproj.exceptions.CRSError):
            system = pyproj.CRS.from_user_input(declared_by_file)
            if system.is_geographic or system.is_projected:  # not « undefined », nor a local grid
                own = system.to_epsg(min_confidence=20) or system.to_wkt()
    if asked is not None:
        try:
            pyproj.CRS.from_epsg(asked)
        except pyproj.exceptions.CRSError:
            tell.say(
                "projection-inconnue",
                f"Le code EPSG « {asked} » n’existe pas.",
                "un code EPSG, par exemple 2154, 4326 ou 27572.",
                _REMEDY,
                Severity.ERROR,
            )
            return None
        if own is not None and own != asked:
            tell.say(
                "projection-forcee",
                f"Le fichier se dit en {_name(own)}, le projet le lit en {_name(asked)}.",
                remedy="Retirez « crs » de terril.toml si le fichier a raison.",
                severity=Severity.NOTE,
            )
        return asked
    if own is None:
        tell.say(
            "projection-absente",
            "Le fichier ne dit pas dans quel système sont ses coordonnées.",
            "un système de coordonnées (pour un Shapefile, le fichier .prj).",
            _REMEDY,
            Severity.ERROR,
        )
    return own


def _name(crs: int | str) -> str:
    if isinstance(crs, int) and crs in grids():
        return f"{grids()[crs].label} (EPSG {crs})"
    name = pyproj.CRS.from_user_input(crs).name
    return f"{name} (EPSG {crs})" if isinstance(crs, int) else name


def _falls(
    x: npt.NDArray[np.float64], y: npt.NDArray[np.float64], source: int | str
) -> npt.NDArray[np.bool_]:
    """Say for each point (row) in which grid in metres (column) it falls."""
    lon, lat = change(x, y, source, 4326)
    return np.column_stack([in_box(lon, lat, grid.box) for grid in metric_grids()])


def _tell_elsewhere(source: int | str, middles: npt.NDArray[np.float64], tell: Teller) -> None:
    likely = [
        grid
        for grid in grids().values()
        if in_box(*change(middles[:, 0], middles[:, 1], grid.epsg, 4326), grid.box).all()
        and _falls(middles[:, 0], middles[:, 1], grid.epsg).any(axis=1).all()
    ]
    x, y = (float(v) for v in np.median(middles, axis=0))
    hints = [f'crs = "{grid.epsg}" ({grid.label})' for grid in likely[:3]]
    tell.say(
        "projection-impossible",
        f"Les coordonnées (par exemple {x:.6g} ; {y:.6g}) ne tombent sur aucun territoire "
        f"français si elles sont en {_name(source)}.",
        "des coordonnées du système déclaré.",
        f"Essayez dans terril.toml : {' ou '.join(hints)}." if hints else _REMEDY,
        Severity.ERROR,
    )


def _set_aside(
    rows: npt.NDArray[Any],
    elsewhere: npt.NDArray[np.bool_],
    names: list[str],
    grid: str,
    kept: npt.NDArray[np.bool_],
    tell: Teller,
) -> None:
    """Leave out what another grid holds (counted), and what falls nowhere (told)."""
    kept[rows] = False
    for row in rows[~elsewhere]:
        tell.say(
            "contour-hors-territoire",
            f"{names[row]} ne tombe sur aucun territoire français.",
            "des coordonnées du système du fichier.",
            "Vérifiez ce contour ; il est laissé de côté.",
            row=row,
        )
    count = int(elsewhere.sum())
    if count:
        tell.say(
            "contours-autre-territoire",
            f"{compte(count, 'contour tombe', 'contours tombent')} dans un territoire d’une autre "
            f"projection que {grid} : laissés de côté.",
            severity=Severity.NOTE,
        )


def _moved(shapes: Shapes, source: int | str, target: int, swapped: bool) -> Shapes:
    """Carry shapes to a grid in metres; to the tenth of a millimetre, the same everywhere."""

    def carry(xy: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        x, y = (xy[:, 1], xy[:, 0]) if swapped else (xy[:, 0], xy[:, 1])
        return np.column_stack(change(x, y, source, target)).round(_DECIMALS)

    return as_shapes(shapely.transform(shapes, carry))
