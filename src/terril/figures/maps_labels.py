"""Where does each name go, so that none covers another?

A :class:`Wish` is a box with its possible places, the best first by cost. :func:`place` gives
each one place at most: no two boxes overlap, none covers a fixed box, no leader line crosses a
box or another leader. Greedy by priority, then improved one wish at a time: a box may push up
to three others away when the whole becomes better. Nothing is drawn at random: the same map
gives the same places.

A :class:`Field` says what a box would cover: ink of lines and surfaces, summed once so that any
box costs four look-ups.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from terril.figures.maps_ground import Array

Flags = NDArray[np.bool_]
Indices = NDArray[np.int64]

_ROUNDS: Final = 6
_PUSHED: Final = 3  # a box pushes this many others away at most
_GAIN: Final = 1e-6
_NEAR_BEST: Final = 0.25  # a label this near its best place is left alone


@dataclass(frozen=True, slots=True, eq=False)
class Wish:
    """A box that wants a place.

    ``boxes``: ``(n, 4)`` left, top, right, bottom; ``costs``: ``(n,)``; ``leaders``: ``(n, 4)``
    x0, y0, x1, y1, NaN where the place needs none. ``loss``: what it costs to leave it out.
    ``own``: number of the fixed box that a leader starts from, or -1.
    """

    key: str
    loss: float
    boxes: Array
    costs: Array
    leaders: Array | None = None
    own: int = -1


class Field:
    """Ink over a frame of ``width`` × ``height`` points, in cells of ``cell`` points."""

    def __init__(self, width: float, height: float, cell: float = 1.0) -> None:
        self._cell = cell
        self._w, self._h = int(np.ceil(width / cell)), int(np.ceil(height / cell))
        self._limits = np.array([self._w, self._h, self._w, self._h])
        self.cells = np.zeros(self._h * self._w)
        self._sums: Array | None = None

    def lines(self, lines: Iterable[tuple[Array, float, bool]]) -> None:
        """Add ink along lines: points, weight a point of length, and whether each is closed."""
        starts: list[Array] = []
        moves: list[Array] = []
        weights: list[Array] = []
        for line, amount, closed in lines:
            whole = np.concatenate([line, line[:1]]) if closed else line
            starts.append(whole[:-1])
            moves.append(whole[1:] - whole[:-1])
            weights.append(np.full(len(whole) - 1, amount))
        if not starts:
            return
        start, move = np.concatenate(starts) / self._cell, np.concatenate(moves) / self._cell
        weight = np.concatenate(weights)
        lengths = np.hypot(move[:, 0], move[:, 1])
        steps = np.maximum(np.ceil(lengths).astype(np.int64), 1)
        segment = np.repeat(np.arange(len(steps)), steps)
        offset = np.arange(len(segment)) - np.repeat(np.cumsum(steps) - steps, steps)
        share = (offset + 0.5) / steps[segment]
        spots = np.floor(start[segment] + move[segment] * share[:, None]).astype(np.int64)
        x, y = spots.T
        seen = (x >= 0) & (x < self._w) & (y >= 0) & (y < self._h)
        inked = (weight * self._cell * lengths / steps)[segment]
        self.cells += np.bincount((y * self._w + x)[seen], inked[seen], minlength=len(self.cells))
        self._sums = None

    def surfaces(self, shapes: Iterable[tuple[Sequence[Array], float]]) -> None:
        """Add ink over shapes: their rings (holes the other way round), weight a square point."""
        edges: list[Array] = []
        weights: list[Array] = []
        for rings, amount in shapes:
            held = [ring for ring in rings if len(ring) > 2]
            if not held:
                continue
            pairs = [np.hstack([ring, np.concatenate([ring[1:], ring[:1]])]) for ring in held]
            shape = np.concatenate(pairs)
            cross = shape[:, 0] * shape[:, 3] - shape[:, 2] * shape[:, 1]
            sign = 1.0 if cross.sum() >= 0 else -1.0
            edges.append(shape)
            weights.append(np.full(len(shape), sign * amount))
        if not edges:
            return
        edge, weight = np.concatenate(edges) / self._cell, np.concatenate(weights)
        y0, y1 = edge[:, 1], edge[:, 3]
        first = np.clip(np.ceil(np.minimum(y0, y1) - 0.5), 0, self._h).astype(np.int64)
        last = np.clip(np.ceil(np.maximum(y0, y1) - 0.5), 0, self._h).astype(np.int64)
        counts = last - first
        at = np.repeat(np.arange(len(edge)), counts)
        row = np.arange(len(at)) - np.repeat(np.cumsum(counts) - counts, counts) + first[at]
        y0, y1 = y0[at], y1[at]
        share = (row + 0.5 - y0) / (y1 - y0)
        x = edge[at, 0] + share * (edge[at, 2] - edge[at, 0])
        column = np.clip(np.rint(x), 0, self._w).astype(np.int64)
        # going up opens a surface, going down closes it
        turned = np.where(y1 < y0, weight[at], -weight[at])
        wide = self._w + 1
        turns = np.bincount(row * wide + column, turned, minlength=self._h * wide)
        self.cells += np.cumsum(turns.reshape(self._h, wide), axis=1)[:, : self._w].ravel()
        self._sums = None

    def under(self, boxes: Array) -> Array:
        """Ink under each box: lines by their length, surfaces in cells."""
        wide = self._w + 1
        if self._sums is None:
            sums = np.zeros((self._h + 1, wide))
            cells = self.cells.reshape(self._h, self._w)
            np.cumsum(cells.cumsum(axis=0), axis=1, out=sums[1:, 1:])
            self._sums = sums.ravel()
        # cells are counted whole: ends are rounded up
        ends = (boxes / self._cell + _WHOLE).astype(np.int64)
        np.maximum(ends, 0, out=ends)
        np.minimum(ends, self._limits, out=ends)
        x0, y0, x1, y1 = ends.T
        y0, y1 = y0 * wide, y1 * wide
        take = self._sums.take
        found: Array = take(y1 + x1) - take(y0 + x1) - take(y1 + x0) + take(y0 + x0)
        return found

    def share(self, boxes: Array, value: float) -> Array:
        """Part of each box (0–1) whose cells hold ``value``, read at fifteen points."""
        wide, high = boxes[:, 2:3] - boxes[:, :1], boxes[:, 3:] - boxes[:, 1:2]
        x = (boxes[:, :1] + wide * _ACROSS) / self._cell
        y = (boxes[:, 1:2] + high * _DOWN) / self._cell
        column = np.minimum(np.maximum(x.astype(np.int64), 0), self._w - 1)
        row = np.minimum(np.maximum(y.astype(np.int64), 0), self._h - 1)
        held = np.rint(self.cells.take(row * self._w + column)) == value
        part: Array = held.mean(axis=1)
        return part


_WHOLE: Final = np.array([0.0, 0.0, 0.999, 0.999])
_ACROSS: Final = np.tile([0.02, 0.26, 0.5, 0.74, 0.98], 3)
_DOWN: Final = np.repeat([0.02, 0.5, 0.98], 5)


# ------------------------------------------------------------------ overlaps


def overlap(a: Array, b: Array) -> Flags:
    """``(len(a), len(b))``: do the boxes share a surface? Touching is not sharing."""
    met: Flags = (
        (a[:, None, 0] < b[None, :, 2])
        & (b[None, :, 0] < a[:, None, 2])
        & (a[:, None, 1] < b[None, :, 3])
        & (b[None, :, 1] < a[:, None, 3])
    )
    return met


def crossing(lines: Array, boxes: Array) -> Flags:
    """``(len(lines), len(boxes))``: does the segment pass through the box?"""
    spans = np.concatenate(
        [np.minimum(lines[:, :2], lines[:, 2:]), np.maximum(lines[:, :2], lines[:, 2:])], axis=1
    )
    met: Flags = (
        (spans[:, None, 0] < boxes[None, :, 2])
        & (boxes[None, :, 0] < spans[:, None, 2])
        & (spans[:, None, 1] < boxes[None, :, 3])
        & (boxes[None, :, 1] < spans[:, None, 3])
    ) | _upright(spans, boxes)
    line, box = np.nonzero(met)
    start = lines[line, :2]
    move = lines[line, 2:] - start
    still = np.abs(move) < 1e-9
    safe = np.where(still, 1.0, move)
    t0, t1 = (boxes[box, :2] - start) / safe, (boxes[box, 2:] - start) / safe
    enter = np.where(still, 0.0, np.minimum(t0, t1))
    leave = np.where(still, 1.0, np.maximum(t0, t1))
    beside = still & ((start <= boxes[box, :2]) | (start >= boxes[box, 2:]))
    first = np.maximum(np.maximum(enter[:, 0], enter[:, 1]), 0.0)
    last = np.minimum(np.minimum(leave[:, 0], leave[:, 1]), 1.0)
    met[line, box] = (first < last) & ~beside.any(axis=1)
    return met


def _upright(spans: Array, boxes: Array) -> Flags:
    """Segments along an axis have an empty span: which boxes may they meet?"""
    flat = (spans[:, 0] == spans[:, 2]) | (spans[:, 1] == spans[:, 3])
    met: Flags = np.zeros((len(spans), len(boxes)), dtype=bool)
    rows = np.flatnonzero(flat)
    if len(rows):
        held = spans[rows]
        met[rows] = (
            (held[:, None, 0] <= boxes[None, :, 2])
            & (boxes[None, :, 0] <= held[:, None, 2])
            & (held[:, None, 1] <= boxes[None, :, 3])
            & (boxes[None, :, 1] <= held[:, None, 3])
        )
    return met


def _meeting(lines: Array) -> Flags:
    """Which segments cross one another, or touch."""
    a, b = lines[:, None, :2], lines[:, None, 2:]
    c, d = lines[None, :, :2], lines[None, :, 2:]

    def side(p: Array, q: Array, r: Array) -> Array:
        return (q[..., 0] - p[..., 0]) * (r[..., 1] - p[..., 1]) - (q[..., 1] - p[..., 1]) * (
            r[..., 0] - p[..., 0]
        )

    met: Flags = (side(a, b, c) * side(a, b, d) <= 0) & (side(c, d, a) * side(c, d, b) <= 0)
    return met


# ------------------------------------------------------------------ placing


class _Board:
    """All the candidates side by side, and which of them exclude one another."""

    def __init__(self, wishes: Sequence[Wish], fixed: Array, frame: Array) -> None:
        kept: list[Indices] = [_allowed(wish, fixed, frame) for wish in wishes]
        self.kept = kept
        self.starts = np.cumsum([0, *(len(k) for k in kept)])
        self.costs = np.concatenate([w.costs[k] for w, k in zip(wishes, kept, strict=True)])
        boxes = np.concatenate([w.boxes[k] for w, k in zip(wishes, kept, strict=True)])
        none = [np.full((len(k), 4), np.nan) for k in kept]
        leaders = np.concatenate(
            [
                n if w.leaders is None else w.leaders[k]
                for w, k, n in zip(wishes, kept, none, strict=True)
            ]
        )
        owner = np.repeat(np.arange(len(wishes)), [len(k) for k in kept])
        clash = overlap(boxes, boxes)
        held = np.flatnonzero(~np.isnan(leaders[:, 0]))
        if len(held):
            through = crossing(leaders[held], boxes)
            clash[held] |= through
            clash[:, held] |= through.T
            clash[np.ix_(held, held)] |= _meeting(leaders[held])
        clash[owner[:, None] == owner[None, :]] = False
        self.clash, self.owner = clash, owner
        self.loss = np.array([wish.loss for wish in wishes])
        self.chosen = np.full(len(wishes), -1, dtype=np.int64)

    def now(self, wish: int) -> float:
        at = self.chosen[wish]
        return float(self.loss[wish] if at < 0 else self.costs[at])

    def _free(self, wish: int, taken: Indices) -> int:
        """The cheapest candidate of ``wish`` that none of ``taken`` excludes, or -1."""
        first, last = self.starts[wish], self.starts[wish + 1]
        if first == last:
            return -1
        costs = self.costs[first:last]
        if len(taken):
            costs = np.where(self.clash[first:last][:, taken].any(axis=1), np.inf, costs)
        best = int(np.argmin(costs))
        return int(first + best) if costs[best] < self.loss[wish] else -1

    def greedy(self) -> None:
        sizes = np.diff(self.starts)
        for wish in sorted(range(len(self.loss)), key=lambda w: (-self.loss[w], sizes[w], w)):
            self.chosen[wish] = self._free(wish, self.chosen[self.chosen >= 0])

    def improve(self) -> bool:
        """One round over the wishes that could be better placed; was anything gained?"""
        gained = False
        order = sorted(range(len(self.loss)), key=lambda w: (self._best(w) - self.now(w), w))
        for wish in order:
            if self.now(wish) - self._best(wish) > _NEAR_BEST:
                gained |= self._move(wish)
        return gained

    def _best(self, wish: int) -> float:
        costs = self.costs[self.starts[wish] : self.starts[wish + 1]]
        return float(costs.min()) if len(costs) else float(self.loss[wish])

    def _move(self, wish: int) -> bool:
        others = self.chosen.copy()
        others[wish] = -1
        held = np.flatnonzero(others >= 0)
        now = self.now(wish)
        best, moves = -_GAIN, None
        first, last = self.starts[wish], self.starts[wish + 1]
        for at in sorted(range(first, last), key=lambda c: self.costs[c]):
            delta = self.costs[at] - now
            if delta >= best:
                break  # dearer candidates cannot gain more
            pushed = held[self.clash[at, others[held]]].tolist()
            if len(pushed) > _PUSHED:
                continue
            trial = others.copy()
            trial[wish] = at
            trial[pushed] = -1
            for other in pushed:
                trial[other] = self._free(other, trial[trial >= 0])
                after = self.loss[other] if trial[other] < 0 else self.costs[trial[other]]
                delta += after - self.now(other)
            if delta < best:
                best, moves = delta, trial
        if moves is None:
            return False
        self.chosen = moves
        return True


def _allowed(wish: Wish, fixed: Array, frame: Array) -> Indices:
    """Candidates inside the frame that cover no fixed box and whose leader meets none."""
    boxes = wish.boxes
    good = (
        (boxes[:, 0] >= frame[0])
        & (boxes[:, 1] >= frame[1])
        & (boxes[:, 2] <= frame[2])
        & (boxes[:, 3] <= frame[3])
        & (wish.costs < wish.loss)
    )
    if len(fixed):
        good &= ~overlap(boxes, fixed).any(axis=1)
        if wish.leaders is not None:
            led = np.flatnonzero(good & ~np.isnan(wish.leaders[:, 0]))
            if len(led):
                met = crossing(wish.leaders[led], fixed)
                if wish.own >= 0:
                    met[:, wish.own] = False
                good[led] &= ~met.any(axis=1)
    return np.flatnonzero(good)


def place(wishes: Sequence[Wish], fixed: Array, frame: tuple[float, ...]) -> list[int | None]:
    """The number of the candidate given to each wish, ``None`` for those left out.

    ``fixed``: ``(m, 4)`` boxes that nothing may cover; ``frame``: left, top, right, bottom.
    """
    if not wishes:
        return []
    board = _Board(wishes, fixed, np.array(frame, dtype=np.float64))
    board.greedy()
    for _ in range(_ROUNDS):
        if not board.improve():
            break
    return [
        None if at < 0 else int(board.kept[wish][at - board.starts[wish]])
        for wish, at in enumerate(board.chosen)
    ]
