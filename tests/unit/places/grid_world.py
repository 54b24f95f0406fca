"""A small made-up town: squares of a grid, outlines as rectangles, and the slow way to count."""

from __future__ import annotations

import numpy as np
import polars as pl
import shapely

from terril.sources.grid import GRID, Grid
from terril.territories.geometry import Layer, as_shapes

CRS = 3035
SIZE = 200
WEST, SOUTH = 3_800_000, 3_000_000

#: west, south, east, north in metres from the corner of the town
Box = tuple[float, float, float, float]


def layer(shapes: dict[str, shapely.Geometry], nature: str = "qpv", generation: str = "") -> Layer:
    """Return a layer in the grid's own system."""
    codes = sorted(shapes)
    return Layer(
        nature=nature,
        generation=generation,
        crs=CRS,
        codes=tuple(codes),
        labels=tuple(f"Quartier {code}" for code in codes),
        shapes=as_shapes([shapes[code] for code in codes]),
        attributes=pl.DataFrame(),
        file="essai.gpkg",
    )


def rectangle(box: Box) -> shapely.Geometry:
    """Return a rectangle of the town."""
    west, south, east, north = box
    return shapely.box(WEST + west, SOUTH + south, WEST + east, SOUTH + north)


def rectangles(boxes: dict[str, Box], **options: str) -> Layer:
    """Return a layer of rectangles."""
    return layer({code: rectangle(box) for code, box in boxes.items()}, **options)


def grid(people: np.ndarray, living: np.ndarray | None = None, imputed: object = False) -> Grid:
    """Return the grid of a town: ``people[row][column]``, rows northwards; zeros are not named."""
    rows, columns = people.shape
    held: list[dict[str, object]] = [
        {
            "x": WEST + SIZE * i,
            "y": SOUTH + SIZE * j,
            "population": float(people[j, i]),
            "living": None if living is None else float(living[j, i]),
            "imputed": bool(imputed),
            "communes": [],
        }
        for j in range(rows)
        for i in range(columns)
        if people[j, i] > 0
    ]
    extent = (WEST, SOUTH, WEST + SIZE * columns, SOUTH + SIZE * rows)
    return Grid(
        pl.DataFrame(held, schema=GRID), CRS, SIZE, extent, "carreaux.csv", "0" * 64, "2015"
    )


def slowly(
    town: Grid, zones: Layer, contrast: float = 1.0
) -> dict[str, tuple[float, float, float]]:
    """Return value, low and high of each outline, one square and one outline at a time."""
    found = dict.fromkeys(zones.codes, (0.0, 0.0, 0.0))
    for x, y, people in town.squares.select("x", "y", "population").iter_rows():
        square = shapely.box(x, y, x + SIZE, y + SIZE)
        parts = [shape.intersection(square).area / square.area for shape in zones.shapes]
        dense = sum(parts)
        for code, part in zip(zones.codes, parts, strict=True):
            if part <= 1e-9:
                continue
            share = contrast * part / (contrast * dense + 1 - dense)
            value, low, high = found[code]
            low += people if part > 1 - 1e-9 else 0.0
            found[code] = (value + people * share, low, high + people)
    return found
