"""A small agglomeration made up for the tests of maps: rings in metres, places, figures."""

from __future__ import annotations

from math import cos, pi, sin

import numpy as np

from terril.figures.maps_ground import Array
from terril.figures.maps_model import (
    Area,
    Atlas,
    Change,
    Overlay,
    SheetMap,
    Spot,
    Surroundings,
    Symbol,
)

LONG = "Les Hauts De Liévin - Résidence Des Provinces - Cités 9-9bis"
SYMBOLS = (
    Symbol("gare", "gare", "losange", "ardoise", 1, True),
    Symbol("lycee", "collège ou lycée", "carre", "bleu", 2, True),
    Symbol("poste", "bureau de poste", "disque", "ocre", 3, True),
    Symbol("ecole", "école", "carre-vide", "bleu", 4),
    Symbol("soins", "soins de premier recours", "croix-vide", "violet", 5),
    Symbol("sport", "terrain de sport", "etoile", "ardoise-2", 6),
)


def square(x: float, y: float, w: float, h: float | None = None) -> Array:
    """A closed rectangle, counter-clockwise, its south-west corner at ``x``, ``y``."""
    h = w if h is None else h
    corners = [(x, y), (x + w, y), (x + w, y + h), (x, y + h), (x, y)]
    return np.array(corners, dtype=np.float64)


def star(x: float, y: float, radii: list[float]) -> Array:
    """A closed shape around ``x``, ``y``, counter-clockwise, at these distances."""
    n = len(radii)
    points = [
        (x + r * cos(2 * pi * k / n), y + r * sin(2 * pi * k / n)) for k, r in enumerate(radii)
    ]
    return np.array([*points, points[0]])


def sheet(
    spots: tuple[Spot, ...] = (),
    *,
    name: str = "La Cité verte",
    shape: Array | None = None,
    distances: tuple[int, ...] = (300,),
) -> SheetMap:
    """A neighbourhood astride two communes, with its surroundings as a square around it."""
    own = square(1000, 1000, 600, 400) if shape is None else shape
    west, south = own.min(axis=0).tolist()
    east, north = own.max(axis=0).tolist()
    around = tuple(
        Surroundings(d, (square(west - d, south - d, east - west + 2 * d, north - south + 2 * d),))
        for d in distances
    )
    most = max(distances, default=0)
    return SheetMap(
        "QP1",
        name,
        (west - most, south - most, east + most, north + most),
        (own,),
        around,
        (
            Area("C1", "Montbrun", (square(-4000, -4000, 5200, 9000),), own=True),
            Area("C2", "Saint-Firmin-sur-Lys", (square(1200, -4000, 5000, 9000),), own=True),
            Area("C3", "Ailleurs", (square(-4000, 5000, 10000, 4000),)),
        ),
        (
            np.array([(1200.0, -4000.0), (1200.0, 5000.0)]),
            np.array([(-4000.0, 5000.0), (6200, 5000)]),
        ),
        (Area("QP2", "Les Prés", (square(1750, 1500, 500, 300),)),),
        (Area("E1", "Cité 3", (square(700, 900, 500, 700),), kind="cité minière"),),
        (np.array([(1600.0, 1000.0), (1800.0, 1000.0), (1800.0, 1200.0), (1600.0, 1200.0)]),),
        "périmètre de 2024",
        spots,
        SYMBOLS,
        "Contours 2015",
    )


def atlas(quarters: int = 9) -> Atlas:
    """Nine communes in a grid of 3 km, a neighbourhood in some of them, two generations."""
    names = ["Amont", "Bourg", "Champs", "Dune", "Étang", "Forge", "Grange", "Hameau", "Îlot"]
    communes = tuple(
        Area(f"C{k}", names[k], (square(3000 * (k % 3), 3000 * (k // 3), 3000),)) for k in range(9)
    )
    limits = tuple(
        line
        for k in (1, 2)
        for line in (
            np.array([(3000.0 * k, 0.0), (3000.0 * k, 9000.0)]),
            np.array([(0.0, 3000.0 * k), (9000.0, 3000.0 * k)]),
        )
    )
    held = []
    overlays = []
    for k in range(quarters):
        x, y = 3000 * (k % 3) + 900 + 120 * (k // 9), 3000 * (k // 3 % 3) + 1100
        label = LONG if k == 4 else f"Quartier {k + 1}"
        ring = square(x, y, 260 + 90 * (k % 4), 420)
        held.append(Area(f"QP{k}", label, (ring,)))
        kept = square(x, y, 260 + 90 * (k % 4), 300)
        lost = square(x, y + 300, 260 + 90 * (k % 4), 120)
        gained = square(x - 200, y, 200, 300)
        new = square(x - 200, y, 460 + 90 * (k % 4), 300)
        change = Change(label, (f"QP{k}",), (f"QN{k}",), 20.0 + k, 24.5 + k, 0.75)
        overlays.append(
            Overlay(
                change, (x - 200.0, float(y), x + 700.0, y + 420.0), (kept,), (gained,), (lost,),
                (ring,), (new,),
            )
        )  # fmt: skip
    return Atlas(
        "Agglomération d’essai",
        (0.0, 0.0, 9000.0, 9000.0),
        communes,
        limits,
        (square(0, 0, 9000),),
        tuple(held),
        tuple(overlays),
        ("2015", "2024"),
        "Contours 2015 et 2024",
    )
