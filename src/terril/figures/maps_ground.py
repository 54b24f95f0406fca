"""How do shapes in metres become paths in points, clipped to a frame?

A :class:`View` places a piece of ground, north up, in a frame of points. Rings are ``(n, 2)``
arrays in metres, exterior first, holes the other way round; what is drawn is clipped to the
frame, rounded to a tenth of a point and written with relative coordinates, so that a map of a
few thousand vertices stays a few kilobytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import cos, radians, sin
from typing import Final

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Box = tuple[float, float, float, float]  # left, top, right, bottom

_TENTHS: Final = 10
_OVER: Final = 6.0  # points beyond the frame where shapes are cut: their edges are not seen


@dataclass(frozen=True, slots=True)
class View:
    """A frame of ``width`` × ``height`` points whose corner (left, top) is ``x``, ``y`` metres.

    ``scale`` is in points a metre.
    """

    x: float
    y: float
    scale: float
    width: float
    height: float

    @classmethod
    def fit(
        cls,
        bounds: Box,
        width: float,
        height: float,
        margin: float | Box,
        *,
        least: float = 1.0,
        rise: float = 0.5,
    ) -> View:
        """The view that shows ``bounds`` (west, south, east, north, metres).

        ``margin``: points kept free on each side (or left, top, right, bottom). ``least``: metres
        that the frame covers at least, so that a tiny shape is not blown up. ``rise``: where what
        is shown stands in a frame too high for it, 0 at its foot, 1 at its top.
        """
        left, top, right, bottom = margin if isinstance(margin, tuple) else (margin,) * 4
        west, south, east, north = bounds
        wide, high = max(east - west, least), max(north - south, least)
        inner, tall = width - left - right, height - top - bottom
        scale = min(inner / wide, tall / high)
        x = (west + east) / 2 - (left + inner / 2) / scale
        spare = tall - high * scale
        y = (south + north) / 2 + (top + spare * (1 - rise) + high * scale / 2) / scale
        return cls(x, y, scale, width, height)

    def points(self, xy: Array) -> Array:
        """Coordinates in points, downwards, of coordinates in metres."""
        result: Array = np.empty((len(xy), 2))
        np.subtract(xy[:, 0], self.x, out=result[:, 0])
        np.subtract(self.y, xy[:, 1], out=result[:, 1])
        result *= self.scale
        return result

    def ground(self, over: float = _OVER) -> Box:
        """West, south, east, north in metres of the frame and ``over`` points around it."""
        more = over / self.scale
        return (
            self.x - more,
            self.y - self.height / self.scale - more,
            self.x + self.width / self.scale + more,
            self.y + more,
        )

    def rings(self, rings: Iterable[Array], over: float = _OVER) -> list[Array]:
        """Closed shapes in points, cut ``over`` points beyond the frame; the empty are dropped."""
        box = (-over, -over, self.width + over, self.height + over)
        found = []
        for ring in rings:
            points = self.points(ring)
            low, high = points.min(axis=0).tolist(), points.max(axis=0).tolist()
            if low[0] > box[2] or low[1] > box[3] or high[0] < box[0] or high[1] < box[1]:
                continue
            if low[0] < box[0] or low[1] < box[1] or high[0] > box[2] or high[1] > box[3]:
                points = clip_ring(points, box)
            if len(points) > 2:
                found.append(_open(points))
        return found

    def lines(self, lines: Iterable[Array], over: float = _OVER) -> list[Array]:
        """Open lines in points, cut ``over`` points beyond the frame."""
        box = (-over, -over, self.width + over, self.height + over)
        return [part for line in lines for part in clip_line(self.points(line), box)]


# ------------------------------------------------------------------ clipping


def _open(ring: Array) -> Array:
    """The ring without its closing point."""
    if len(ring) > 1 and ring[0, 0] == ring[-1, 0] and ring[0, 1] == ring[-1, 1]:
        return ring[:-1]
    return ring


def clip_ring(ring: Array, box: Box) -> Array:
    """The ring inside ``box`` (Sutherland and Hodgman), without its closing point.

    Pieces cut apart stay joined along the edge of the box, beyond what is seen.
    """
    ring = _open(ring)
    for axis, bound, sign in ((0, box[0], 1), (0, box[2], -1), (1, box[1], 1), (1, box[3], -1)):
        if len(ring) < 3:
            return ring[:0]
        depth = (ring[:, axis] - bound) * sign
        inside = depth >= 0
        if inside.all():
            continue
        if not inside.any():
            return ring[:0]
        following = np.concatenate([ring[1:], ring[:1]])
        ahead = np.concatenate([depth[1:], depth[:1]])
        crosses = inside != (ahead >= 0)
        share = depth / np.where(crosses, depth - ahead, 1.0)
        out = np.empty((2 * len(ring), 2))
        out[0::2] = ring
        out[1::2] = ring + (following - ring) * share[:, None]
        out[1::2, axis] = bound
        kept = np.empty(2 * len(ring), dtype=bool)
        kept[0::2], kept[1::2] = inside, crosses
        ring = out[kept]
    return ring


def clip_line(line: Array, box: Box) -> list[Array]:
    """The pieces of an open line inside ``box`` (Liang and Barsky, a segment at a time)."""
    if len(line) < 2:
        return []
    low, high = np.array(box[:2]), np.array(box[2:])
    if (line >= low).all() and (line <= high).all():
        return [line]
    start, move = line[:-1], np.diff(line, axis=0)
    enter, leave = np.zeros(len(start)), np.ones(len(start))
    for axis in (0, 1):
        d, a = move[:, axis], start[:, axis]
        still = np.abs(d) < 1e-12
        safe = np.where(still, 1.0, d)
        t0, t1 = (low[axis] - a) / safe, (high[axis] - a) / safe
        first, last = np.minimum(t0, t1), np.maximum(t0, t1)
        outside = still & ((a < low[axis]) | (a > high[axis]))
        enter = np.where(still, enter, np.maximum(enter, first))
        leave = np.where(outside, -1.0, np.where(still, leave, np.minimum(leave, last)))
    pieces: list[Array] = []
    current: list[Array] = []
    for i in np.flatnonzero(enter < leave):
        a, b = start[i] + move[i] * enter[i], start[i] + move[i] * leave[i]
        if current and enter[i] == 0 and np.array_equal(current[-1], line[i]):
            current.append(b if leave[i] < 1 else line[i + 1])
            continue
        if len(current) > 1:
            pieces.append(np.array(current))
        current = [a if enter[i] > 0 else line[i], b if leave[i] < 1 else line[i + 1]]
    if len(current) > 1:
        pieces.append(np.array(current))
    return pieces


# ------------------------------------------------------------------ writing


def _tenth(value: int) -> str:
    whole, tenth = divmod(abs(value), _TENTHS)
    sign = "-" if value < 0 else ""
    if not tenth:
        return f"{sign}{whole}" if whole else "0"
    return f"{sign}{whole or ''}.{tenth}"


_NEAR: Final = 4096
_TEXTS: Final = [_tenth(value) for value in range(-_NEAR, _NEAR + 1)]


def _texts(values: NDArray[np.int64]) -> list[str]:
    """Whole numbers of tenths as texts."""
    if not len(values):
        return []
    if values.min() < -_NEAR or values.max() > _NEAR:
        return [_tenth(value) for value in values.tolist()]
    texts = _TEXTS
    return [texts[value] for value in (values + _NEAR).tolist()]


def path_of(shapes: Sequence[Array], *, closed: bool = True, step: int = 1) -> str:
    """The ``d`` of shapes in points: tenths, relative, no point twice in a row.

    ``step``: tenths of a point to which coordinates are rounded; a small map needs no more.
    """
    parts: list[str] = []
    for shape in shapes:
        whole = np.rint(shape * (_TENTHS / step)).astype(np.int64) * step
        moves = whole[1:] - whole[:-1]
        moved = (moves[:, 0] != 0) | (moves[:, 1] != 0)
        if not moved.all():
            moves = moves[moved]
        if len(moves) < (2 if closed else 1):
            continue
        if closed and whole[0, 0] == whole[-1, 0] and whole[0, 1] == whole[-1, 1]:
            moves = moves[:-1]
        x, y = whole[0].tolist()
        numbers = " ".join(_texts(moves.ravel())).replace(" -", "-")
        parts.append(f"M{_tenth(x)} {_tenth(y)}l{numbers}{'z' if closed else ''}")
    return "".join(parts)


# ------------------------------------------------------------------ surfaces


def spans(rings: Sequence[Array], spacing: float, angle: float = 0.0) -> Array:
    """Where parallel lines cross a surface: ``(n, 4)`` segments x0, y0, x1, y1, even-odd rule.

    Lines lie ``spacing`` apart, at ``angle`` degrees from the horizontal, on one lattice through
    the origin: hatchings of two neighbours go on in one another.
    """
    if not rings:
        return np.empty((0, 4))
    c, s = cos(radians(angle)), sin(radians(angle))
    turn = np.array([[c, -s], [s, c]])  # row vectors: lines become horizontal
    opened = [_open(ring) for ring in rings]
    a = np.concatenate(opened)
    b = np.concatenate([part for ring in opened for part in (ring[1:], ring[:1])])
    if angle:
        a, b = a @ turn, b @ turn
    low, high = np.minimum(a[:, 1], b[:, 1]), np.maximum(a[:, 1], b[:, 1])
    first = np.ceil(low / spacing - 0.5).astype(np.int64)
    last = np.ceil(high / spacing - 0.5).astype(np.int64)  # half open: a vertex counts once
    counts = last - first
    edge = np.repeat(np.arange(len(a)), counts)
    if not len(edge):
        return np.empty((0, 4))
    offset = np.arange(len(edge)) - np.repeat(np.cumsum(counts) - counts, counts)
    row = first[edge] + offset
    y = (row + 0.5) * spacing
    share = (y - a[edge, 1]) / (b[edge, 1] - a[edge, 1])
    x = a[edge, 0] + share * (b[edge, 0] - a[edge, 0])
    order = np.lexsort((x, row))
    x, y = x[order], y[order]
    flat = np.empty((len(x) // 2, 4))
    flat[:, 0], flat[:, 1], flat[:, 2], flat[:, 3] = x[0::2], y[0::2], x[1::2], y[1::2]
    if angle == 0:
        return flat
    back = turn.T
    return np.concatenate([flat[:, :2] @ back, flat[:, 2:] @ back], axis=1)


def hatching(rings: Sequence[Array], spacing: float, angle: float, box: Box) -> str:
    """The ``d`` of oblique lines over a surface; what lies outside ``box`` is left out."""
    found = spans(rings, spacing, angle)
    if not len(found):
        return ""
    seen = (
        (np.maximum(found[:, 0], found[:, 2]) > box[0])
        & (np.minimum(found[:, 0], found[:, 2]) < box[2])
        & (np.maximum(found[:, 1], found[:, 3]) > box[1])
        & (np.minimum(found[:, 1], found[:, 3]) < box[3])
    )
    whole = np.rint(found[seen] * _TENTHS).astype(np.int64)
    long = (np.abs(whole[:, 2:] - whole[:, :2]) > 3).any(axis=1)
    whole = whole[long]
    whole[:, 2:] -= whole[:, :2]
    texts = _texts(whole.ravel())
    return "".join(
        [
            f"M{x} {y}l{dx} {dy}" if dy[0] != "-" else f"M{x} {y}l{dx}{dy}"
            for x, y, dx, dy in zip(texts[0::4], texts[1::4], texts[2::4], texts[3::4], strict=True)
        ]
    )


def bounds_of(shapes: Iterable[Array]) -> Box:
    """West, south, east, north of arrays of points; raises ``ValueError`` without a point."""
    held = [shape for shape in shapes if len(shape)]
    if not held:
        raise ValueError("nothing to show: no vertex")
    whole = np.concatenate(held)
    west, south = whole.min(axis=0).tolist()
    east, north = whole.max(axis=0).tolist()
    return west, south, east, north


def _cross(ring: Array) -> tuple[Array, Array, Array]:
    """From the first vertex: x, y and twice the signed area of each edge's triangle."""
    ring = _open(ring)
    x, y = ring[:, 0] - ring[0, 0], ring[:, 1] - ring[0, 1]
    following = np.concatenate([ring[1:], ring[:1]]) - ring[0]
    return x, y, x * following[:, 1] - y * following[:, 0]


def area_of(rings: Iterable[Array]) -> float:
    """Area of closed rings, holes taken off by their orientation (shoelace), absolute."""
    return abs(sum(float(_cross(ring)[2].sum()) / 2 for ring in rings if len(ring) > 2))


def inside_of(rings: Sequence[Array]) -> tuple[float, float]:
    """A point well inside a surface: the middle of the widest crossing of its middle part."""
    _, top, _, bottom = bounds_of(rings)
    step = max((bottom - top) / 24, 1e-6)
    rows = spans(rings, step)
    if not len(rows):
        return centre_of(rings)
    middle = (top + bottom) / 2
    widths = rows[:, 2] - rows[:, 0] - 0.8 * np.abs(rows[:, 1] - middle)
    best = rows[int(np.argmax(widths))]
    return float(best[0] + best[2]) / 2, float(best[1])


def centre_of(rings: Sequence[Array]) -> tuple[float, float]:
    """Centroid of the largest ring (the mean of its vertices when it has no area)."""
    best = max(rings, key=lambda ring: area_of([ring]))
    x, y, cross = _cross(best)
    x0, y0 = best[0].tolist()
    total = float(cross.sum())
    if abs(total) < 1e-9:
        return x0 + float(x.mean()), y0 + float(y.mean())
    u = float(((x + np.concatenate([x[1:], x[:1]])) * cross).sum()) / (3 * total)
    v = float(((y + np.concatenate([y[1:], y[:1]])) * cross).sum()) / (3 * total)
    return x0 + u, y0 + v
