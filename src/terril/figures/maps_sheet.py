"""What lies in a neighbourhood and around it?

The map of a profile sheet: the neighbourhood in the accent colour, its surroundings between a
dashed line, places by category (shape, then colour), estates hatched, other neighbourhoods in
grey, communes light with their names, the perimeter of the other generation dotted; scale bar,
north, key where the ground is empty. North is up, the frame fits the surroundings.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from terril.figures.maps_ground import Array, Box, hatching, path_of
from terril.figures.maps_keys import ANGLES, DOTS, dashes
from terril.figures.maps_lettering import Label, Lettering
from terril.figures.maps_marks import marks
from terril.figures.maps_model import SheetMap, Spot, Symbol
from terril.figures.maps_names import Grounds
from terril.figures.maps_scene import Scene, scene_of
from terril.figures.maps_words import sheet_words
from terril.figures.svg import colour, document, fill, path, rect, stroke

_HATCH: Final = 3.4


@dataclass(frozen=True, slots=True, eq=False)
class Drawing:
    """A map drawn: its SVG, and what was placed where (points).

    ``symbols``: boxes of the marks of places, in the order of ``spots``; ``omitted``: names
    that found no room, neither beside nor in the key.
    """

    svg: str
    labels: tuple[Label, ...]
    symbols: tuple[Box, ...]
    spots: tuple[Spot, ...]
    omitted: tuple[str, ...]


def draw_sheet(data: SheetMap, width: float, height: float) -> Drawing:
    """The map in ``width`` × ``height`` points; its frame is drawn by the page.

    Raises ``ValueError`` when the neighbourhood has no vertex.
    """
    if not any(len(ring) > 2 for ring in data.rings):
        raise ValueError(f"{data.code}: a map needs the perimeter of the neighbourhood")
    scene = scene_of(data, width, height)
    symbols = {symbol.code: symbol for symbol in data.symbols}
    grounds = Grounds(
        (width, height),
        scene.own,
        scene.surroundings,
        scene.communes,
        scene.quarters,
        scene.limits,
        scene.before,
    )
    letters = Lettering(data, scene, symbols, grounds)
    if letters.unplaced:
        numbered = letters.unplaced
        letters = Lettering(data, scene, symbols, grounds, numbered)
        if letters.unplaced:  # not even their number has room
            kept = [index for index in numbered if index not in letters.unplaced]
            letters = Lettering(data, scene, symbols, grounds, kept, letters.unplaced)
    under, over = letters.parts()
    parts = [*_ground(data, scene), *under, *_marks(scene, symbols), *over]
    svg = document(width, height, sheet_title(data), parts, desc=sheet_words(data))
    return Drawing(svg, letters.labels(), letters.fixed_boxes, scene.spots, letters.omitted)


# ------------------------------------------------------------------ the ground


def _ground(data: SheetMap, scene: Scene) -> list[str]:
    """Surfaces and lines, from the back to the front."""
    width, height = scene.view.width, scene.view.height
    frame = (0.0, 0.0, width, height)
    parts = [rect(0, 0, width, height, fill("papier-2"))]
    pairs = zip(data.communes, scene.communes, strict=True)
    own = [ring for area, rings in pairs if area.own for ring in rings]
    parts += _filled(own, fill("papier"))
    if scene.surroundings:
        parts += _filled(scene.surroundings[-1], fill("blanc"))
    for rings in scene.estates:
        parts += _filled(rings, fill("cite"))
    for rings in scene.quarters:
        edge = f'{fill("autre")} stroke="{colour("gris")}" stroke-width="0.6"'
        parts += _filled(rings, edge)
    parts += _filled(scene.own, fill("quartier"))
    kinds = _kinds(data)
    for area, rings in zip(data.estates, scene.estates, strict=True):
        d = hatching(rings, _HATCH, ANGLES[kinds.index(area.kind) % 3], frame)
        parts += [path(d, stroke("trame", 0.45))] if d else []
    d = path_of(scene.limits, closed=False)
    if d:
        parts.append(path(d, stroke("gris", 0.6, 'stroke-dasharray="6 1.8 1 1.8"')))
    outline = path_of(scene.own)
    parts.append(path(outline, stroke("brique", 1.3, 'stroke-linejoin="round"')))
    if scene.before:
        line = path_of(scene.before, closed=False)
        parts.append(path(line, stroke("brique", 1.5, DOTS)))
    for number, rings in enumerate(scene.surroundings):
        parts.append(path(path_of(rings), stroke("ardoise", 0.8, dashes(number))))
    return parts


def _filled(rings: Sequence[Array], attributes: str) -> list[str]:
    d = path_of(rings)
    return [path(d, f'{attributes} fill-rule="evenodd"')] if d else []


def _kinds(data: SheetMap) -> list[str]:
    return list(dict.fromkeys(area.kind for area in data.estates))


def _marks(scene: Scene, symbols: dict[str, Symbol]) -> list[str]:
    """The places, those of the smallest order on top; a path a category."""
    held: dict[str, list[tuple[float, float]]] = {}
    for spot, (x, y) in zip(scene.spots, scene.marks.tolist(), strict=True):
        held.setdefault(spot.symbol, []).append((x, y))
    return [
        marks(symbols[code].shape, symbols[code].token, centres, scene.radius)
        for code, centres in held.items()
        if code in symbols
    ]


def sheet_title(data: SheetMap) -> str:
    """« Carte du quartier République – Cité 4 »."""
    return f"Carte du quartier {data.name}"
