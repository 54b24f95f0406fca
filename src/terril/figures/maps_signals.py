"""How do the neighbourhoods fare on one theme, each at its place on the ground?

The map of the agglomeration with the shape of a signal on each neighbourhood, which is a link to
its page. A neighbourhood too small to be seen is enlarged about its centre. Two shapes that would
cover one another are moved apart, each tied to its neighbourhood by a line.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import hypot
from typing import Final

import numpy as np

from terril.figures.links import linked
from terril.figures.maps_agglomeration import MARGIN, Sheet
from terril.figures.maps_ground import View, path_of
from terril.figures.maps_legend import Legend
from terril.figures.maps_model import Atlas
from terril.figures.signals import GRID, signal_parts
from terril.figures.svg import circle, colour, fill, num, path, stroke

_MARK: Final = 13.0  # points: side of a shape
_REACH: Final = 9.5  # radius that answers the finger
_ROUNDS: Final = 200
_EDGES: Final = {"favorable": "favorable", "difficile": "difficile"}


@dataclass(frozen=True, slots=True)
class SignalMark:
    """The signal of a neighbourhood, what is said of it, and where it leads."""

    code: str
    kind: str  # favorable | moyen | difficile | indetermine
    hollow: bool
    said: str  # « République – Cité 4 : en difficulté, sûr à 85 % »
    href: str


def draw_signals(
    atlas: Atlas, marks: Sequence[SignalMark], title: str, alt: str, width: float, height: float
) -> str:
    """The map in ``width`` × ``height`` points. A neighbourhood without a mark is only drawn.

    Raises ``ValueError`` when no mark has its outline in the atlas.
    """
    sheet = Sheet(atlas, width, height, Legend((), (), ("",)))
    held = {mark.code: mark for mark in marks}
    shapes = [s for s in sheet.shapes(atlas.quarters, enlarge=True)]
    known = [shape for shape in shapes if shape.area.code in held]
    if not known:
        raise ValueError("a map of signals needs a neighbourhood of the atlas")
    at = _apart(np.array([shape.centre for shape in known]), _MARK, sheet.view)
    painted = [
        path(path_of(shape.rings), f"{fill('autre')} {_edge('gris')}")
        for shape in shapes
        if shape.area.code not in held
    ]
    for shape, place in zip(known, at, strict=True):
        mark = held[shape.area.code]
        x, y = (float(value) for value in place)
        d = path_of(shape.rings)
        line = ""
        if hypot(x - shape.centre[0], y - shape.centre[1]) > 2:
            line = path(
                f"M{num(shape.centre[0])} {num(shape.centre[1])}L{num(x)} {num(y)}",
                stroke("ardoise-2", 0.6),
            )
        drawn = "".join(
            (
                path(d, f"{fill('autre')} {_edge(_EDGES.get(mark.kind, 'gris'))}"),
                line,
                circle(x, y, _REACH, 'fill="none" pointer-events="all"'),
                circle(x, y, _MARK * 0.66, f'{fill("blanc")} fill-opacity="0.85"'),
                f'<g transform="translate({num(x - _MARK / 2)} {num(y - _MARK / 2)}) '
                f'scale({_MARK / GRID:.4f})">{signal_parts(mark.kind, mark.hollow)}</g>',
            )
        )
        painted.append(linked(mark.href, mark.said, drawn))
    return sheet.finish(shapes, painted, [], title, alt).svg


def _edge(token: str) -> str:
    return f'stroke="{colour(token)}" stroke-width="0.8" stroke-linejoin="round"'


def _apart(
    centres: np.ndarray[tuple[int, ...], np.dtype[np.float64]], least: float, view: View
) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """Places at least ``least`` points from one another, as near the centres as may be."""
    found = centres.astype(float).copy()
    low = np.array([MARGIN + least / 2, MARGIN + least / 2])
    high = np.array([view.width, view.height]) - low
    for _ in range(_ROUNDS):
        moved = False
        for a in range(len(found)):
            gap = found - found[a]
            far = np.hypot(gap[:, 0], gap[:, 1])
            far[a] = np.inf
            near = int(far.argmin())
            if far[near] >= least:
                continue
            moved = True
            way = gap[near] / far[near] if far[near] > 1e-6 else np.array([1.0, 0.0])
            step = (least - far[near]) / 2 + 0.05
            found[a] -= way * step
            found[near] += way * step
        found = np.clip(found, low, high)
        if not moved:
            break
    return found
