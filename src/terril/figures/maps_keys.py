"""Which marks of a sheet map does the line under it explain?

Places are named where they are, or told by the key in the map; distances are written on their
line. What is left stands under the map, beside the source: when room lacks, what the map says
best by itself is left out first.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from terril.figures.maps_ground import Array, View, area_of, hatching
from terril.figures.maps_marks import dash, swatch
from terril.figures.maps_model import Area, SheetMap
from terril.figures.metrics import text_width
from terril.figures.svg import MM, colour, fill, path, size_of, stroke
from terril.lib.french import FINE, liste

Key = tuple[str, str]

ANGLES: Final = (45.0, -45.0, 0.0)
DASHES: Final = ("2.6 2", "5.2 2", "1.4 1.6")  # nearest surroundings first
DOTS: Final = 'stroke-dasharray="0 2.6" stroke-linecap="round"'
MARGIN: Final = 10.0  # points around what a sheet map must show
_FRAME: Final = (101 * MM, 81 * MM)
_CRUMB: Final = 30.0  # square points
_SIZE: Final = 7.2
_GAP: Final = 2.6 * MM
_AFTER_MARK: Final = 1.2 * MM


def dashes(number: int) -> str:
    """The attribute that draws the surroundings of a rank, from the nearest."""
    return f'stroke-dasharray="{DASHES[number % len(DASHES)]}"'


def hatched_swatch(title: str, angle: float, ground: str = "cite", ink: str = "trame") -> str:
    """A rectangle hatched as the surfaces of the map are."""
    box: Array = np.array([(0.6, 0.9), (9.4, 0.9), (9.4, 7.1), (0.6, 7.1)])
    lines = path(hatching([box], 2.6, angle, (0, 0, 10, 8)), stroke(ink, 0.6))
    return swatch(title, fill(ground), [lines])


def sheet_keys(data: SheetMap, room: float) -> tuple[Key, ...]:
    """Marks and words, in their order, of which the line is no wider than ``room`` points."""
    entries: list[tuple[int, Key]] = []  # what is left out last has the smallest rank
    brick = f'{fill("quartier")} stroke="{colour("brique")}" stroke-width="1.1"'
    entries.append((5, (swatch("ce quartier", brick), "ce quartier")))
    if data.surroundings:
        widths = [f"{around.distance}{FINE}m" for around in data.surroundings]
        words = f"abords, {liste(widths)}"
        entries.append((4, (dash(words, stroke("ardoise", 0.8, dashes(0))), words)))
    if data.before:
        entries.append(
            (1, (dash(data.before_label, stroke("brique", 1.5, DOTS)), data.before_label))
        )
    if _seen(data, data.quarters):
        grey = f'{fill("autre")} stroke="{colour("gris")}" stroke-width="0.6"'
        entries.append((3, (swatch("autre quartier", grey), "autre quartier")))
    kinds = list(dict.fromkeys(area.kind for area in data.estates))
    for number, kind in enumerate(kinds):
        if not _seen(data, [area for area in data.estates if area.kind == kind]):
            continue
        entries.append((2, (hatched_swatch(kind, ANGLES[number % 3]), kind)))
    while entries and sum(_width(key) for _, key in entries) > room:
        entries.remove(max(entries, key=lambda entry: entry[0]))
    return tuple(key for _, key in entries)


def _seen(data: SheetMap, areas: Sequence[Area]) -> bool:
    """Do these areas show in the frame of a sheet, by more than a crumb?"""
    view = View.fit(data.bounds, *_FRAME, MARGIN)
    return sum(area_of(view.rings(area.rings, 0.0)) for area in areas) > _CRUMB


def _width(key: Key) -> float:
    return size_of(key[0])[0] + _AFTER_MARK + text_width(key[1], _SIZE) + _GAP
