"""Where do the shapes and the places of a sheet map fall, in points?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from terril.figures.maps_ground import Array, View
from terril.figures.maps_keys import MARGIN
from terril.figures.maps_marks import RADIUS
from terril.figures.maps_model import SheetMap, Spot

_MANY: Final = 40  # more places than this make smaller marks
_NEAR: Final = 0.75  # marks closer than this share of their size are moved apart


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """The shapes of a map in points."""

    view: View
    own: list[Array]
    surroundings: list[list[Array]]
    communes: list[list[Array]]
    limits: list[Array]
    quarters: list[list[Array]]
    estates: list[list[Array]]
    before: list[Array]
    spots: tuple[Spot, ...]
    marks: Array  # (n, 2) centres of the marks
    radius: float


def scene_of(data: SheetMap, width: float, height: float) -> Scene:
    """The scene of a map in a frame; marks that would hide one another are moved apart."""
    view = View.fit(data.bounds, width, height, MARGIN)
    seen = [s for s in data.spots if _within(view, s)]
    order = {symbol.code: symbol.order for symbol in data.symbols}
    seen.sort(key=lambda s: (-order.get(s.symbol, 99), s.y, s.x, s.label))
    radius = RADIUS
    if len(seen) > _MANY:
        radius *= max(0.72, (_MANY / len(seen)) ** 0.35)
    centres = view.points(np.array([(s.x, s.y) for s in seen]).reshape(-1, 2))
    return Scene(
        view,
        view.rings(data.rings),
        [view.rings(s.rings) for s in data.surroundings],
        [view.rings(area.rings) for area in data.communes],
        view.lines(data.limits),
        [view.rings(area.rings) for area in data.quarters],
        [view.rings(area.rings) for area in data.estates],
        view.lines(data.before),
        tuple(seen),
        _apart(centres, radius),
        radius,
    )


def _within(view: View, spot: Spot) -> bool:
    west, south, east, north = view.ground(-RADIUS)
    return west <= spot.x <= east and south <= spot.y <= north


def _apart(centres: Array, radius: float) -> Array:
    """Marks that would hide one another, moved apart by at most their radius."""
    if len(centres) < 2:
        return centres
    moved = centres.copy()
    least = 2 * radius * _NEAR
    for _ in range(8):
        gap = moved[:, None, :] - moved[None, :, :]
        distance = np.hypot(gap[..., 0], gap[..., 1])
        np.fill_diagonal(distance, np.inf)
        close = distance < least
        if not close.any():
            break
        a, b = np.nonzero(np.triu(close))
        # two marks on one point part along a direction of their own, the same each time
        turn = np.column_stack([np.cos(a * 2.4), np.sin(a * 2.4)])
        length = distance[a, b][:, None]
        way = np.where(length > 1e-6, gap[a, b] / np.maximum(length, 1e-6), turn)
        push = way * (least - length) / 2
        np.add.at(moved, a, push)
        np.add.at(moved, b, -push)
        shift = moved - centres
        far = np.maximum(np.hypot(shift[:, 0], shift[:, 1]) / radius, 1.0)
        moved = centres + shift / far[:, None]
    return moved
