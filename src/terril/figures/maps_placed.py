"""What do the maps of the agglomeration share once their names are placed?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from terril.figures.maps_ground import Array, Box, path_of
from terril.figures.maps_labels import Wish
from terril.figures.maps_lettering import Label
from terril.figures.svg import circle, colour, fill, path, stroke


@dataclass(frozen=True, slots=True, eq=False)
class AtlasDrawing:
    """A map drawn: its SVG, the names placed, the boxes of the shapes, and names left out."""

    svg: str
    labels: tuple[Label, ...]
    shapes: tuple[Box, ...]
    omitted: tuple[str, ...]


def box_of(row: Array) -> Box:
    """A row of boxes as a plain box."""
    left, top, right, bottom = row.tolist()
    return left, top, right, bottom


def leader_to(wish: Wish, at: int) -> list[str]:
    """The line from the middle of a shape to its name, or nothing."""
    if wish.leaders is None or np.isnan(wish.leaders[at, 0]):
        return []
    line = wish.leaders[at].reshape(2, 2)
    d = path_of([line], closed=False)
    x, y = line[0].tolist()
    return [
        path(d, stroke("blanc", 1.6)),
        path(d, stroke("ardoise", 0.5)),
        circle(x, y, 1.5, f'{fill("ardoise")} stroke="{colour("blanc")}" stroke-width="0.6"'),
    ]
