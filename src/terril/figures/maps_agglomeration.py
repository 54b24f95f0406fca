"""On which ground do the maps of the agglomeration stand, and how are they lettered?

Light communes, the shapes of a map over them, a legend in the emptiest corner, names outside the
shapes and led to them where there is no room beside. Neighbourhoods are tiny on the map of an
agglomeration: they may be enlarged about their centre.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Final, Literal

import numpy as np

from terril.figures.maps_candidates import Block, Offer, beside_shape, corners, cut
from terril.figures.maps_ground import (
    Array,
    View,
    area_of,
    bounds_of,
    centre_of,
    inside_of,
    path_of,
)
from terril.figures.maps_labels import Field, Wish, place
from terril.figures.maps_legend import Legend
from terril.figures.maps_lettering import Label, side_of
from terril.figures.maps_marks import NORTH, draw_north, draw_scale, scale_bar
from terril.figures.maps_model import Area, Atlas
from terril.figures.maps_names import Text, draw_texts
from terril.figures.maps_placed import AtlasDrawing, box_of, leader_to
from terril.figures.svg import document, fill, path, stroke
from terril.lib.french import NBSP

Names = Literal["all", "ends", "none"]

LEAST: Final = 8.5  # points: side of the square a neighbourhood is enlarged to, at least
_FACTOR: Final = 3.0  # and no more than so many times
MARGIN: Final = 5.0
_EDGE: Final = 3.0
_KEEP: Final = 1e4
_LOSS: Final = 90.0


@dataclass(frozen=True, slots=True)
class Value:
    """A figure of a territory: ``None`` with its status (« secret », « missing »…) if unknown."""

    value: float | None
    text: str
    status: str = "ok"


@dataclass(frozen=True, slots=True)
class Subject:
    """What a map shows: its title, what the legend is headed by, and how figures are written."""

    title: str
    legend: str = ""
    symbol: str = ""
    decimals: int = 0
    territories: str = "quartiers"  # plural noun, for the words


@dataclass(frozen=True, slots=True, eq=False)
class Shape:
    """A territory in points: its rings, the middle and half the size of its box."""

    area: Area
    rings: list[Array]
    centre: tuple[float, float]
    half: tuple[float, float]
    hold: tuple[float, float]  # where a leader starts


# ------------------------------------------------------------------ values


def known_values(
    areas: Sequence[Area], values: Mapping[str, Value]
) -> list[tuple[float, str, str]]:
    """The known values with the name of their territory and their text."""
    found = []
    for area in areas:
        held = values.get(area.code)
        if held is not None and held.value is not None:
            found.append((held.value, area.label, held.text))
    return found


def unknown_counts(areas: Sequence[Area], values: Mapping[str, Value]) -> tuple[int, int]:
    """How many are secret, how many have no data."""
    secret = missing = 0
    for area in areas:
        held = values.get(area.code)
        if held is not None and held.value is not None:
            continue
        if held is not None and held.status == "secret":
            secret += 1
        else:
            missing += 1
    return secret, missing


def unknown_words(secret: int, missing: int) -> list[str]:
    """« Secret : 3. », « Sans donnée : 2. »."""
    parts = []
    if secret:
        parts.append(f"Secret{NBSP}: {secret}.")
    if missing:
        parts.append(f"Sans donnée{NBSP}: {missing}.")
    return parts


def wanted_names(
    shapes: Sequence[Shape], values: Mapping[str, Value], names: Names
) -> list[tuple[int, str]]:
    """Numbers of the shapes to name, and the text of their value."""
    told = {
        number: values[shape.area.code]
        for number, shape in enumerate(shapes)
        if shape.area.code in values
    }
    if names == "none":
        return []
    if names == "all":
        return [(n, told[n].text if n in told else "") for n in range(len(shapes))]
    known = sorted(
        (held.value, shapes[n].area.label, n) for n, held in told.items() if held.value is not None
    )
    ends = dict.fromkeys([k[2] for k in known[:2]] + [k[2] for k in known[-2:]])
    return [(n, told[n].text) for n in ends]


# ------------------------------------------------------------------ the sheet


class Sheet:
    """The ground of the agglomeration in a frame, and what is put on it.

    The legend stands in a corner; when the frame is higher than the map needs, the map is put
    at its foot or its top, whichever leaves the legend most of the empty ground.
    """

    def __init__(self, atlas: Atlas, width: float, height: float, legend: Legend) -> None:
        self.atlas, self.legend = atlas, legend
        self.view = min(
            (View.fit(atlas.bounds, width, height, MARGIN, rise=r) for r in (0.0, 1.0, 0.5)),
            key=self._covered,
        )
        self.communes = [self.view.rings(area.rings) for area in atlas.communes]
        self.outline = self.view.rings(atlas.outline)

    def _covered(self, view: View) -> float:
        """Ground that the legend covers in its best corner, in this view."""
        frame = (_EDGE, _EDGE, view.width - _EDGE, view.height - _EDGE)
        empty = Field(view.width, view.height, 3.0)
        empty.surfaces([(view.rings(area.rings), 1.0) for area in self.atlas.communes])
        empty.surfaces([(view.rings(area.rings), 9.0) for area in self.atlas.quarters])
        wish = corners("legend", self.legend.size, frame, empty, loss=_KEEP, order=_LEGEND)
        return float(np.round(wish.costs.min(), 3))

    def shapes(self, areas: Sequence[Area], *, enlarge: bool) -> list[Shape]:
        """Areas in points, the small ones enlarged about their centre."""
        found = []
        for area in areas:
            rings = self.view.rings(area.rings)
            if not rings:
                continue
            side = sqrt(max(area_of(rings), 1e-6))
            factor = min(max(LEAST / side, 1.0), _FACTOR) if enlarge else 1.0
            centre = np.array(centre_of(rings))
            rings = [centre + (ring - centre) * factor for ring in rings]
            left, top, right, bottom = bounds_of(rings)
            middle = ((left + right) / 2, (top + bottom) / 2)
            at = (float(centre[0]), float(centre[1])) if not enlarge else middle
            half = ((right - left) / 2, (bottom - top) / 2)
            found.append(Shape(area, rings, at, half, inside_of(rings)))
        return found

    def finish(
        self,
        shapes: Sequence[Shape],
        painted: Sequence[str],
        wanted: Sequence[tuple[int, str]],
        title: str,
        alt: str,
        *,
        over: bool = True,
    ) -> AtlasDrawing:
        """Names, legend, scale and north placed, and the whole written.

        ``over``: the shapes lie over the communes rather than being them.
        """
        view, legend = self.view, self.legend
        ink, taken = Field(view.width, view.height, 1.5), Field(view.width, view.height, 1.5)
        empty = Field(view.width, view.height, 2.0)
        limits = view.lines(self.atlas.limits)
        ink.lines([*((line, 0.12, False) for line in limits)])
        ink.surfaces([(shape.rings, 0.02) for shape in shapes if over])
        taken.surfaces([(shape.rings, 1.0) for shape in shapes if over])
        empty.surfaces([(rings, 0.3) for rings in self.communes])
        empty.surfaces([(shape.rings, 40.0) for shape in shapes if over])
        frame = (_EDGE, _EDGE, view.width - _EDGE, view.height - _EDGE)
        bar = scale_bar(view.scale, min(120.0, view.width * 0.24))
        wishes: list[Wish] = [
            corners("legend", legend.size, frame, empty, loss=_KEEP, order=_LEGEND, anywhere=True),
            corners("scale", bar.size, frame, empty, loss=_KEEP / 2, anywhere=True),
            corners("north", NORTH, frame, empty, loss=_KEEP / 4, order=_NORTH, anywhere=True),
        ]
        offers: dict[str, Offer] = {}
        for number, text in wanted:
            shape = shapes[number]
            blocks = _blocks(shape.area.label, text)
            key = f"value {number}"
            offers[key] = beside_shape(
                key, blocks, shape.centre, shape.half, ink, taken, loss=_LOSS, hold=shape.hold
            )
        wishes += [offer.wish for offer in offers.values()]
        chosen = place(wishes, np.empty((0, 4)), (0.5, 0.5, view.width - 0.5, view.height - 0.5))
        placed = {w.key: (w, at) for w, at in zip(wishes, chosen, strict=True) if at is not None}
        parts = [*self._ground(limits, over), *painted]
        if not over:
            parts.append(path(path_of(self.outline), stroke("ardoise-2", 0.9)))
        labels, texts, furniture = [], [], []
        for key, (wish, at) in placed.items():
            box = box_of(wish.boxes[at])
            offer = offers.get(key)
            words = offer.block(at).text if offer else key
            labels.append(Label(key, words, box))
            if key == "legend":
                furniture.append(legend.draw(box[0], box[1]))
            elif key == "scale":
                furniture.append(draw_scale(bar, box[0], box[3]))
            elif key == "north":
                furniture.append(draw_north(box[0], box[1]))
            elif offer is not None:
                parts += leader_to(wish, at)
                number = int(key.split(" ")[1])
                anchor = side_of(box, shapes[number].centre[0])
                texts.append(Text("value", offer.block(at), box, anchor))
        halos, letters = draw_texts(texts)
        svg = document(
            view.width, view.height, title, [*parts, *halos, *letters, *furniture], desc=alt
        )
        boxes = tuple(
            (s.centre[0] - s.half[0], s.centre[1] - s.half[1], s.centre[0] + s.half[0],
             s.centre[1] + s.half[1])
            for s in shapes
        )  # fmt: skip
        lost = tuple(shapes[n].area.label for n, _ in wanted if f"value {n}" not in placed)
        return AtlasDrawing(svg, tuple(labels), boxes, lost)

    def _ground(self, limits: Sequence[Array], over: bool) -> list[str]:
        if not over:
            return []
        parts = [path(path_of(rings), fill("papier-2")) for rings in self.communes]
        d = path_of(limits, closed=False)
        parts += [path(d, stroke("blanc", 0.9))] if d else []
        parts.append(path(path_of(self.outline), stroke("filet", 0.8)))
        return parts


_LEGEND: Final = ("hg", "bg", "hd", "bd")
_NORTH: Final = ("hd", "bd", "hg", "bg")


def _blocks(name: str, text: str) -> list[Block]:
    """The name on one to three lines, the value under it in Semibold."""
    found = []
    for lines in cut(name, 20, 3):
        held = (*lines, text) if text else lines
        found.append(Block(held, 7.2, strong=1 if text else 0))
    return found
