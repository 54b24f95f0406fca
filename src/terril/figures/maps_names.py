"""How are the names of communes, of neighbourhoods and of distances set on a map?

Communes: italic, letters apart, on their own ground. The neighbourhood: in the accent colour,
beside its shape and within its surroundings. Others: small, on their shape or not at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from terril.figures.maps_candidates import PAD, Block, Offer, cut, priced, scattered
from terril.figures.maps_ground import Array, Box, area_of, bounds_of, centre_of
from terril.figures.maps_labels import Field
from terril.figures.maps_model import Area
from terril.figures.svg import label

_HALO: Final = 2.6
_COMMUNE_LEAST: Final = 600.0  # square points that a shape shows, to be named
_QUARTER_LEAST: Final = 250.0
#: the colour of each kind of name
_INKS: Final = {
    "value": "ardoise",
    "spot": "ardoise",
    "distance": "ardoise",
    "name": "brique",
    "commune": "ardoise-2",
    "quarter": "ardoise-2",
}


def distance_block(text: str) -> Block:
    """« 300 m », on the line of the surroundings."""
    return Block((text,), 7.2)


class Grounds:
    """The ink that names and furniture avoid, from the shapes of a map in points.

    ``ink``: lines. ``own`` and ``white``: the neighbourhood and its surroundings, 1 a cell;
    ``empty``: what the scale bar, the north and the key avoid. ``communes`` and ``quarters``
    hold in each cell the number of the shape, from 1.
    """

    CELL: Final = 2.0

    def __init__(
        self,
        size: tuple[float, float],
        own: Sequence[Array],
        surroundings: Sequence[Sequence[Array]],
        communes: Sequence[Sequence[Array]],
        quarters: Sequence[Sequence[Array]],
        limits: Sequence[Array],
        before: Sequence[Array],
    ) -> None:
        self.ink = Field(*size, 1.5)
        self.ink.lines(
            [
                *((ring, 0.7, True) for ring in own),
                *((ring, 0.6, True) for rings in surroundings for ring in rings),
                *((ring, 0.6, True) for rings in quarters for ring in rings),
                *((line, 0.35, False) for line in limits),
                *((line, 0.5, False) for line in before),
            ]
        )
        self.own, self.white, self.empty = (Field(*size, self.CELL) for _ in range(3))
        self.communes, self.quarters = Field(*size, self.CELL), Field(*size, self.CELL)
        self.own.surfaces([(own, 1.0)])
        self.white.surfaces([(rings, 1.0) for rings in surroundings[-1:]])
        self.communes.surfaces([(rings, i + 1.0) for i, rings in enumerate(communes)])
        self.quarters.surfaces([(rings, i + 1.0) for i, rings in enumerate(quarters)])
        surface = self.CELL**2
        self.empty.cells += surface * (
            0.6 * self.own.cells + 0.02 * self.white.cells + 0.004 * (self.quarters.cells > 0.5)
        )


def name_offer(name: str, shape: Sequence[Array], frame: Box, grounds: Grounds) -> Offer:
    """The name beside the shape, never over it, within the surroundings when it holds there."""
    blocks = [Block(lines, 9.0, 700) for lines in cut(name, 30, 3)]
    near = _widened(bounds_of(shape), 16 + max(block.width for block in blocks), frame)
    offer = scattered("name", blocks, near, grounds.ink, loss=34.0, step=6.0)
    boxes = offer.wish.boxes
    if not len(boxes):
        return offer
    surface = (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])
    cell = Grounds.CELL**2
    costs = 0.4 * cell * grounds.own.under(boxes)
    for reach, cost in ((5.0, 1.5), (9.0, 2.5), (16.0, 6.0), (30.0, 20.0)):
        wider = boxes + np.array([-reach, -reach, reach, reach])
        costs += np.where(grounds.own.under(wider) > 0, 0.0, cost)
    costs += 5.0 * (1 - np.clip(cell * grounds.white.under(boxes) / surface, 0, 1))
    return priced(offer, costs, 60)


def commune_offer(
    key: str, area: Area, rings: Sequence[Array], frame: Box, grounds: Grounds, number: int
) -> Offer | None:
    """The name of a commune on its own ground, away from its border and the surroundings.

    ``number``: what its cells hold in ``grounds.communes``.
    """
    if not area.label or not rings or _seen(rings, frame) < _COMMUNE_LEAST:
        return None
    blocks = [Block(lines, 7.8, 400, True, 0.5) for lines in cut(area.label, 18, 2)]
    within = _widened(bounds_of(rings), 0, frame)
    offer = scattered(key, blocks, within, grounds.ink, loss=26.0)
    boxes = offer.wish.boxes
    if not len(boxes):
        return None
    centres = (boxes[:, :2] + boxes[:, 2:]) / 2
    covered = grounds.communes.share(boxes + np.array([-3.0, -3.0, 3.0, 3.0]), number)
    middle = np.array(_middle(rings, frame))
    away = np.hypot(*(centres - middle).T)
    white = grounds.white.under(boxes) * grounds.CELL**2
    own = grounds.own.under(boxes) * grounds.CELL**2
    costs = 60.0 * (1 - covered) + 0.03 * away + 0.006 * white + 0.02 * own
    return priced(offer, costs, 40)


def quarter_offer(
    key: str, area: Area, rings: Sequence[Array], frame: Box, grounds: Grounds, number: int
) -> Offer | None:
    """The name of another neighbourhood on its shape; left out when it does not hold."""
    if not area.label or not rings or _seen(rings, frame) < _QUARTER_LEAST:
        return None
    blocks = [Block(lines, 7.0, 600) for lines in cut(area.label, 18, 3)]
    within = _widened(bounds_of(rings), 0, frame)
    offer = scattered(key, blocks, within, grounds.ink, loss=12.0, step=6.0)
    boxes = offer.wish.boxes
    if not len(boxes):
        return None
    covered = grounds.quarters.share(boxes, number)
    return priced(offer, 14.0 * (1 - covered), 24)


def _seen(rings: Sequence[Array], frame: Box) -> float:
    """Square points of the shape within the frame, more or less."""
    west, south, east, north = _widened(bounds_of(rings), 0, frame)
    if east - west < 12 or north - south < 9:
        return 0.0
    return area_of(rings)


def _middle(rings: Sequence[Array], frame: Box) -> tuple[float, float]:
    x, y = centre_of(rings)
    return min(max(x, frame[0]), frame[2]), min(max(y, frame[1]), frame[3])


def _widened(bounds: Box, more: float, frame: Box) -> Box:
    """``bounds`` and ``more`` points around, inside the frame."""
    return (
        max(bounds[0] - more, frame[0]),
        max(bounds[1] - more, frame[1]),
        min(bounds[2] + more, frame[2]),
        min(bounds[3] + more, frame[3]),
    )


@dataclass(frozen=True, slots=True)
class Text:
    """A name in its box: its kind (« spot », « name »…) and how its lines stand."""

    kind: str
    block: Block
    box: Box
    anchor: str = "middle"


def draw_texts(texts: Sequence[Text]) -> tuple[list[str], list[str]]:
    """All the halos, and all the letters: drawn in that order, none covers another."""
    halos, letters = [], []
    for text in texts:
        left, top, right, _ = text.box
        block = text.block
        # the space after the last letter is not seen
        x = {
            "start": left + PAD,
            "end": right - PAD + block.spacing,
            "middle": (left + right + block.spacing) / 2,
        }[text.anchor]
        for number, line in enumerate(block.lines):
            drawn = label(
                x,
                block.baseline(top, number),
                line,
                size=block.size,
                weight=block.weight_of(number),
                token=_INKS[text.kind],
                anchor=text.anchor,
                halo=_HALO,
                italic=block.italic,
                spacing=block.spacing,
                edge="autre" if text.kind == "quarter" else "blanc",
            )
            halo, end, letter = drawn.partition("</text>")
            halos.append(halo + end)
            letters.append(letter)
    return halos, letters
