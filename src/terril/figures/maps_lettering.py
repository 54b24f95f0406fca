"""Which names, key, scale bar and north does a sheet map carry, and where?

Everything that is written is placed together: the furniture in the corners first, then the
names of places, of the neighbourhood, of communes, of other neighbourhoods. A place whose name
finds no room, even at the end of a leader, gets a number that the key explains.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from terril.figures.maps_candidates import Block, Offer, around, corners, cut, on_line
from terril.figures.maps_ground import Array, Box, path_of
from terril.figures.maps_labels import Wish, place
from terril.figures.maps_marks import (
    NORTH,
    Entry,
    KeyBlock,
    draw_north,
    draw_scale,
    scale_bar,
)
from terril.figures.maps_model import SheetMap, Spot, Symbol
from terril.figures.maps_names import (
    Grounds,
    Text,
    commune_offer,
    distance_block,
    draw_texts,
    name_offer,
    quarter_offer,
)
from terril.figures.maps_scene import Scene
from terril.figures.svg import path, stroke
from terril.lib.french import FINE

_INSET: Final = 5.0  # from the frame to the scale bar, the north, the key
_SCALE: Final = 62.0  # points of the scale bar at most
_NAMES: Final = 14  # names of places at most: more would hide the ground
_MUST: Final = 60.0  # to leave out the name of a place costs as much as crossing 20 outlines
_DISTANCE: Final = 50.0
_KEEP: Final = 1e4  # the furniture is never left out for a name


@dataclass(frozen=True, slots=True)
class Label:
    """A name as it was placed: its text and its box in points."""

    key: str
    text: str
    box: Box


class Lettering:
    """What is written on a sheet map, placed.

    ``numbered``: places told by a number (rows of the spots of the scene); ``silent``: places
    that are not named at all. ``unplaced``: those that found no room; ``omitted``: their names.
    """

    def __init__(
        self,
        data: SheetMap,
        scene: Scene,
        symbols: dict[str, Symbol],
        grounds: Grounds,
        numbered: Sequence[int] = (),
        silent: Sequence[int] = (),
    ) -> None:
        self.scene = scene
        self.reach = scene.radius + 0.6
        self.fixed = np.concatenate([scene.marks - self.reach, scene.marks + self.reach], axis=1)
        self.numbers = {spot: str(i + 1) for i, spot in enumerate(numbered)}
        self.offers: dict[str, Offer] = {}
        named = [i for i in _named(scene.spots, symbols) if i not in silent]
        self.bar = scale_bar(scene.view.scale, _SCALE)
        self.key_block = _key_block(scene.spots, named, symbols, self.numbers)
        wishes = self._furniture(grounds)
        offers = [*self._spots(named, grounds), *self._others(data, grounds)]
        self.offers = {offer.wish.key: offer for offer in offers}
        wishes += [offer.wish for offer in offers]
        chosen = place(wishes, self.fixed, (0.0, 0.0, scene.view.width, scene.view.height))
        self.placed = {
            wish.key: (wish, at) for wish, at in zip(wishes, chosen, strict=True) if at is not None
        }
        lost = [i for i in named if f"spot {i}" not in self.placed]
        if self.key_block is not None and "key" not in self.placed:
            lost = list(dict.fromkeys([*lost, *self.numbers]))
        self.unplaced = lost
        self.omitted = tuple(scene.spots[i].label for i in [*lost, *silent])

    def _furniture(self, grounds: Grounds) -> list[Wish]:
        """Scale bar, north and key: corners first."""
        view = self.scene.view
        inner = (_INSET, _INSET, view.width - _INSET, view.height - _INSET)
        found = [
            corners("scale", self.bar.size, inner, grounds.empty, loss=_KEEP),
            corners("north", NORTH, inner, grounds.empty, loss=_KEEP / 2, order=_NORTH_CORNERS),
        ]
        if self.key_block is not None:
            size, empty = self.key_block.size, grounds.empty
            found.append(
                corners(
                    "key", size, inner, empty, loss=_KEEP / 4, order=_KEY_CORNERS, anywhere=True
                )
            )
        return found

    def _spots(self, named: Sequence[int], grounds: Grounds) -> list[Offer]:
        found = []
        for rank, index in enumerate(named):
            text = self.numbers.get(index, self.scene.spots[index].label)
            blocks = [Block(lines, 7.6, 600) for lines in cut(text, 24, 3)]
            x, y = self.scene.marks[index].tolist()
            loss = _MUST + len(named) - rank
            key = f"spot {index}"
            found.append(around(key, blocks, (x, y), self.reach, grounds.ink, loss=loss, own=index))
        return found

    def _others(self, data: SheetMap, grounds: Grounds) -> list[Offer]:
        """Distances, the neighbourhood, communes, other neighbourhoods."""
        scene = self.scene
        frame = (1.5, 1.5, scene.view.width - 1.5, scene.view.height - 1.5)
        found: list[Offer | None] = []
        pairs = zip(data.surroundings, scene.surroundings, strict=True)
        for number, (around_it, rings) in enumerate(pairs):
            block = distance_block(f"{around_it.distance}{FINE}m")
            key = f"distance {number}"
            found.append(on_line(key, block, rings, grounds.ink, loss=_DISTANCE))
        found.append(name_offer(data.name, scene.own, frame, grounds))
        for number, area in enumerate(data.communes):
            rings, key = scene.communes[number], f"commune {number}"
            found.append(commune_offer(key, area, rings, frame, grounds, number + 1))
        for number, area in enumerate(data.quarters):
            rings, key = scene.quarters[number], f"quarter {number}"
            found.append(quarter_offer(key, area, rings, frame, grounds, number + 1))
        return [offer for offer in found if offer is not None]

    @property
    def fixed_boxes(self) -> tuple[Box, ...]:
        """The boxes of the marks of places."""
        return tuple(_box(row) for row in self.fixed)

    def labels(self) -> tuple[Label, ...]:
        """Names, and the boxes of scale, north and key."""
        found = []
        for key, (wish, at) in self.placed.items():
            offer = self.offers.get(key)
            text = offer.block(at).text if offer else key
            found.append(Label(key, text, _box(wish.boxes[at])))
        return tuple(found)

    def parts(self) -> tuple[list[str], list[str]]:
        """What goes under the marks of places, the halos; and over them, names and furniture."""
        leaders: list[str] = []
        names: list[Text] = []
        rest: list[str] = []
        for key, (wish, at) in self.placed.items():
            box = _box(wish.boxes[at])
            if key == "scale":
                rest.append(draw_scale(self.bar, box[0], box[3]))
            elif key == "north":
                rest.append(draw_north(box[0], box[1]))
            elif key == "key" and self.key_block is not None:
                rest.append(self.key_block.draw(box[0], box[1]))
            else:
                leaders += leader(wish, at)
                kind, _, number = key.partition(" ")
                anchor = "middle"
                if kind == "spot":
                    anchor = side_of(box, float(self.scene.marks[int(number), 0]))
                names.append(Text(kind, self.offers[key].block(at), box, anchor))
        halos, letters = draw_texts(names)
        return halos, [*leaders, *letters, *rest]


_NORTH_CORNERS: Final = ("hd", "hg", "bd", "bg")
_KEY_CORNERS: Final = ("bd", "hg", "bg", "hd")


def _box(row: Array) -> Box:
    left, top, right, bottom = row.tolist()
    return left, top, right, bottom


def leader(wish: Wish, at: int) -> list[str]:
    """The line from a symbol to its name, or nothing."""
    if wish.leaders is None or np.isnan(wish.leaders[at, 0]):
        return []
    d = path_of([wish.leaders[at].reshape(2, 2)], closed=False)
    return [path(d, stroke("blanc", 1.8)), path(d, stroke("ardoise", 0.55))]


def side_of(box: Box, x: float) -> str:
    """How lines stand in a box beside a symbol at ``x``: towards it, or centred above it."""
    if box[0] >= x:
        return "start"
    return "end" if box[2] <= x else "middle"


def _named(spots: Sequence[Spot], symbols: dict[str, Symbol]) -> list[int]:
    """Rows of the places whose name is written, the most important first."""
    wanted = [
        (symbols[spot.symbol].order, not spot.inside, spot.label, index)
        for index, spot in enumerate(spots)
        if spot.label and spot.symbol in symbols and symbols[spot.symbol].named
    ]
    return [index for *_, index in sorted(wanted)][:_NAMES]


def _key_block(
    spots: Sequence[Spot],
    named: Sequence[int],
    symbols: dict[str, Symbol],
    numbers: dict[int, str],
) -> KeyBlock | None:
    """The categories of places that no name tells, and the names that had no room."""
    told = set(named)
    untold = {spot.symbol for i, spot in enumerate(spots) if i not in told or not spot.label}
    entries = [
        Entry(symbol.label, symbol.shape, symbol.token)
        for symbol in sorted(symbols.values(), key=lambda s: (s.order, s.code))
        if symbol.code in untold
    ]
    entries += [Entry(spots[index].label, number=number) for index, number in numbers.items()]
    if not entries:
        return None
    return KeyBlock(tuple(entries), 2 if len(entries) > 7 else 1)
