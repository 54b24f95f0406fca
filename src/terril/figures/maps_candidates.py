"""Which places are open to a name on a map, and what does each cost?

A :class:`Block` is a name cut into lines and measured. A place, an area, a line and a corner of
the frame each offer their candidates; what they would cover is read from the field of ink. The
costs are in « points of a line crossed »: a label beside its symbol costs about nothing, one at
the end of a leader as much as crossing an outline.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import cos, pi, sin
from typing import Final

import numpy as np
from numpy.typing import NDArray

from terril.figures.maps_ground import Array, Box
from terril.figures.maps_labels import Field, Wish
from terril.figures.metrics import text_width, wrap

CAP: Final = 0.66
LEADING: Final = 1.1
DROP: Final = 0.2  # of the letters that go below the baseline
PAD: Final = 0.9  # around a text, so that two never touch
GAP: Final = 2.4  # from a symbol to its name
_LINE_COST: Final = 2.0  # for each line after the first
_LEADER_COST: Final = 11.0
_LEADER_RATE: Final = 0.3  # and for each point of its length
_LEADERS: Final = (9.0, 17.0, 28.0, 42.0)
_SIDES: Final = 12
_CORNER_COST: Final = 30.0
_PLACES: Final = 40  # of the furniture, the cheapest ones
#: shifts from the symbol: right, left, above, below, then the corners and the half heights;
#: the horizontal and the vertical place of the box, and what it costs
_AROUND: Final = (
    (1.0, 0.0, 0.0), (1.0, -0.5, 0.5), (1.0, 0.5, 0.6), (1.0, -1.0, 0.8), (1.0, 1.0, 0.9),
    (-1.0, 0.0, 1.1), (-1.0, -0.5, 1.4), (-1.0, 0.5, 1.5), (-1.0, -1.0, 1.6), (-1.0, 1.0, 1.7),
    (0.0, -1.0, 1.3), (0.0, 1.0, 1.5), (0.5, -1.0, 1.2), (-0.5, -1.0, 1.7), (0.5, 1.0, 1.4),
    (-0.5, 1.0, 1.8),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Block:
    """A name as it is set: its lines, their type, and the size of the whole in points.

    ``strong``: how many of the last lines are in Semibold (a value under a name).
    """

    lines: tuple[str, ...]
    size: float
    weight: int = 400
    italic: bool = False
    spacing: float = 0.0  # between letters
    strong: int = 0

    @property
    def text(self) -> str:
        """The lines put together again; a line that ends on a hyphen goes on."""
        whole = self.lines[0]
        for line in self.lines[1:]:
            whole += line if whole[-1:] == "-" and whole[-2:-1].isalnum() else f" {line}"
        return whole

    @property
    def width(self) -> float:
        """Width with the padding of both sides."""
        widths = (self._wide(n, line) for n, line in enumerate(self.lines))
        return max(widths) + 2 * PAD

    @property
    def height(self) -> float:
        """From the cap of the first line to below the last, with the padding."""
        body = CAP + DROP + (len(self.lines) - 1) * LEADING
        return body * self.size + 2 * PAD

    def baseline(self, top: float, line: int) -> float:
        """Baseline of a line in a box whose top is ``top``."""
        return top + PAD + (CAP + line * LEADING) * self.size

    def weight_of(self, line: int) -> int:
        """Weight of a line."""
        return 600 if line >= len(self.lines) - self.strong else self.weight

    def _wide(self, number: int, line: str) -> float:
        return text_width(line, self.size, self.weight_of(number)) + self.spacing * len(line)


@lru_cache(maxsize=4096)
def cut(text: str, characters: int, lines: int) -> tuple[tuple[str, ...], ...]:
    """The ways to write a name: on one line, then on two or three as even as can be.

    One line only up to ``characters``; never more than ``lines``.
    """
    plain = " ".join(text.split())
    ways: list[tuple[str, ...]] = []
    if len(plain) <= characters or lines == 1:
        ways.append((plain,))
    for count in range(2, lines + 1):
        held = _even(plain, count)
        if len(held) == count and held not in ways:
            ways.append(held)
            if max(len(line) for line in held) <= characters * 0.6:
                break
    return tuple(ways) or (_even(plain, lines),)


def _even(text: str, count: int) -> tuple[str, ...]:
    """``text`` on at most ``count`` lines, the longest as short as can be."""
    width = text_width(text, 10) / count
    bound = text.replace(" – ", "\u00a0– ").replace(" - ", "\u00a0- ")
    for _ in range(40):
        held = wrap(bound, width, 10)
        if len(held) <= count:
            return tuple(line.replace("\u00a0", " ") for line in held)
        width *= 1.05
    return (text,)


@dataclass(frozen=True, slots=True, eq=False)
class Offer:
    """A wish and the block that each of its candidates shows."""

    wish: Wish
    blocks: tuple[Block, ...]
    which: NDArray[np.int64]

    def block(self, candidate: int) -> Block:
        """The text of a candidate."""
        return self.blocks[int(self.which[candidate])]


def best(offer: Offer, count: int) -> Offer:
    """The ``count`` cheapest candidates, cheapest first."""
    wish = offer.wish
    order = np.argsort(wish.costs, kind="stable")[:count]
    leaders = None if wish.leaders is None else wish.leaders[order]
    wish = Wish(wish.key, wish.loss, wish.boxes[order], wish.costs[order], leaders, wish.own)
    return Offer(wish, offer.blocks, offer.which[order])


def around(
    key: str,
    blocks: Sequence[Block],
    at: tuple[float, float],
    radius: float,
    ink: Field,
    *,
    loss: float,
    own: int,
    leaders: bool = True,
    keep: int = 22,
) -> Offer:
    """The candidates of a place: beside its symbol of ``radius`` points, then led to it."""
    boxes: list[Array] = []
    costs: list[Array] = []
    lines: list[Array] = []
    which: list[NDArray[np.int64]] = []
    shift = np.array([at[0], at[1], at[0], at[1]])
    for number, block in enumerate(blocks):
        w, h = block.width, block.height
        more = _LINE_COST * (len(block.lines) - 1)
        box = _beside(radius, w, h) + shift
        boxes.append(box)
        costs.append(_NEAR_COSTS + more)
        lines.append(np.full((len(box), 4), np.nan))
        if leaders:
            box, line = (origin + shift for origin in _led(radius, w, h))
            boxes.append(box)
            costs.append(_LED_COSTS + more)
            lines.append(line)
        count = len(_SHIFTS) + (len(_WAYS) if leaders else 0)
        which.append(np.full(count, number, dtype=np.int64))
    held = np.concatenate(boxes)
    price = np.concatenate(costs) + ink.under(held)
    wish = Wish(key, loss, held, price, np.concatenate(lines), own)
    return best(Offer(wish, tuple(blocks), np.concatenate(which)), keep)


_SHIFTS: Final = np.array(_AROUND)
_NEAR_COSTS: Final = _SHIFTS[:, 2]
_WAYS: Final = np.array(
    [
        (cos(2 * pi * side / _SIDES), sin(2 * pi * side / _SIDES), length)
        for length in _LEADERS
        for side in range(_SIDES)
    ]
)
_LED_COSTS: Final = _LEADER_COST + _LEADER_RATE * _WAYS[:, 2]


@lru_cache(maxsize=1024)
def _beside(radius: float, w: float, h: float) -> Array:
    """Boxes beside a symbol at the origin, at the shifts of ``_AROUND``."""
    dx, dy, _ = _SHIFTS.T
    reach = radius + GAP - PAD
    side = np.abs(dx) == 1
    left = np.where(side, np.where(dx > 0, reach, -reach - w), -w / 2 + dx * w * 0.7)
    slide = dy * np.where(np.abs(dy) < 1, h / 2, h / 2 + radius * 0.4)
    top = np.where(side, -h / 2 + slide, np.where(dy > 0, reach, -reach - h))
    return np.column_stack([left, top, left + w, top + h])


@lru_cache(maxsize=1024)
def _led(radius: float, w: float, h: float) -> tuple[Array, Array]:
    """Boxes at the end of leaders all around the origin, and the leaders.

    A leader ends at the middle of the near side of its box, without touching it.
    """
    ux, uy, length = _WAYS.T
    ex, ey = (radius + length) * ux, (radius + length) * uy
    flat = np.abs(ux) > 0.4
    left = np.where(flat, np.where(ux > 0, ex, ex - w), ex - w / 2)
    top = np.where(flat, ey - h / 2, np.where(uy > 0, ey, ey - h))
    boxes = np.column_stack([left, top, left + w, top + h])
    near = (radius + 0.6) * ux, (radius + 0.6) * uy
    return boxes, np.column_stack([*near, ex - 0.3 * ux, ey - 0.3 * uy])


def beside_shape(
    key: str,
    blocks: Sequence[Block],
    at: tuple[float, float],
    half: tuple[float, float],
    ink: Field,
    taken: Field,
    *,
    loss: float,
    hold: tuple[float, float],
    keep: int = 44,
) -> Offer:
    """The candidates of a shape centred on ``at``: against its sides, then led to ``hold``.

    ``half``: half its width and height. No candidate lies over the surfaces of ``taken``.
    """
    boxes: list[Array] = []
    costs: list[Array] = []
    lines: list[Array] = []
    which: list[NDArray[np.int64]] = []
    shift = np.array([at[0], at[1], at[0], at[1]])
    dx, dy, price = _SHIFTS.T
    side = np.abs(dx) == 1
    for number, block in enumerate(blocks):
        w, h = block.width, block.height
        rx, ry = half[0] + GAP - PAD, half[1] + GAP - PAD
        left = np.where(side, np.where(dx > 0, rx, -rx - w), -w / 2 + dx * (w / 2 + half[0] * 0.6))
        top = np.where(side, -h / 2 + dy * (h / 2 + half[1] * 0.6), np.where(dy > 0, ry, -ry - h))
        near = np.column_stack([left, top, left + w, top + h]) + shift
        ux, uy, length = _FAR.T
        ex, ey = (half[0] + length) * ux, (half[1] + length) * uy
        flat = np.abs(ux) > 0.4
        left = np.where(flat, np.where(ux > 0, ex, ex - w), ex - w / 2)
        top = np.where(flat, ey - h / 2, np.where(uy > 0, ey, ey - h))
        far = np.column_stack([left, top, left + w, top + h]) + shift
        ends = np.column_stack([0 * ux, 0 * uy, ex - 0.3 * ux, ey - 0.3 * uy]) + shift
        ends[:, :2] = hold
        more = _LINE_COST * 0.5 * (len(block.lines) - 1)
        boxes += [near, far]
        costs += [price + more, _LED_FAR + more]
        lines += [np.full((len(near), 4), np.nan), ends]
        which.append(np.full(len(near) + len(far), number, dtype=np.int64))
    held = np.concatenate(boxes)
    over = np.where(taken.under(held) > 0.5, _NEVER, 0.0)
    total = np.concatenate(costs) + ink.under(held) + over
    wish = Wish(key, loss, held, total, np.concatenate(lines))
    return best(Offer(wish, tuple(blocks), np.concatenate(which)), keep)


_NEVER: Final = 1e9
_FAR: Final = np.array(
    [
        (cos(2 * pi * side / 24), sin(2 * pi * side / 24), length)
        for length in (7.0, 14.0, 23.0, 34.0, 48.0, 66.0, 90.0)
        for side in range(24)
    ]
)
_LED_FAR: Final = 5.0 + 0.22 * _FAR[:, 2]


def scattered(
    key: str,
    blocks: Sequence[Block],
    frame: Box,
    ink: Field,
    *,
    loss: float,
    step: float = 8.0,
) -> Offer:
    """A lattice of places all over ``frame``, each at the cost of the ink under it."""
    x0, y0, x1, y1 = frame
    boxes, which = [np.empty((0, 4))], [np.empty(0, dtype=np.int64)]
    for number, block in enumerate(blocks):
        w, h = block.width, block.height
        xs = np.arange(x0, x1 - w + 0.01, step)
        ys = np.arange(y0, y1 - h + 0.01, step * 0.8)
        box = np.empty((len(ys), len(xs), 4))
        box[..., 0], box[..., 1] = xs, ys[:, None]
        box[..., 2], box[..., 3] = box[..., 0] + w, box[..., 1] + h
        boxes.append(box.reshape(-1, 4))
        which.append(np.full(len(boxes[-1]), number, dtype=np.int64))
    held, numbers = np.concatenate(boxes), np.concatenate(which)
    lines = np.array([len(block.lines) for block in blocks])
    costs = _LINE_COST * (lines[numbers] - 1) + ink.under(held)
    return Offer(Wish(key, loss, held, costs), tuple(blocks), numbers)


def priced(offer: Offer, costs: Array, keep: int = 40) -> Offer:
    """The same candidates with ``costs`` added, the ``keep`` cheapest."""
    wish = offer.wish
    wish = Wish(wish.key, wish.loss, wish.boxes, wish.costs + costs, wish.leaders, wish.own)
    return best(Offer(wish, offer.blocks, offer.which), keep)


def on_line(
    key: str, block: Block, lines: Sequence[Array], ink: Field, *, loss: float, keep: int = 24
) -> Offer:
    """Places centred on a closed line, where it runs up and down rather than under the text."""
    spots: list[Array] = []
    slants: list[Array] = []
    for line in lines:
        whole = np.concatenate([line, line[:1]])
        move = np.diff(whole, axis=0)
        lengths = np.hypot(move[:, 0], move[:, 1])
        ends = np.concatenate([[0.0], np.cumsum(lengths)])
        if ends[-1] <= 0:
            continue
        at = np.arange(3.0, ends[-1], 6.0)
        spots.append(
            np.column_stack([np.interp(at, ends, whole[:, 0]), np.interp(at, ends, whole[:, 1])])
        )
        segment = np.clip(np.searchsorted(ends, at, side="right") - 1, 0, len(move) - 1)
        slants.append(np.abs(move[segment, 0]) / np.maximum(lengths[segment], 1e-9))
    if not spots:
        return Offer(
            Wish(key, loss, np.empty((0, 4)), np.empty(0)), (block,), np.empty(0, np.int64)
        )
    centres, slant = np.concatenate(spots), np.concatenate(slants)
    half = np.array([block.width / 2, block.height / 2])
    boxes = np.concatenate([centres - half, centres + half], axis=1)
    costs = ink.under(boxes) + 3.0 * slant
    offer = Offer(Wish(key, loss, boxes, costs), (block,), np.zeros(len(boxes), dtype=np.int64))
    return best(offer, keep)


def corners(
    key: str,
    size: tuple[float, float],
    frame: Box,
    ink: Field,
    *,
    loss: float,
    order: Sequence[str] = ("bg", "bd", "hg", "hd"),
    anywhere: bool = False,
) -> Wish:
    """The corners of a frame for a box, in the order preferred (b, h: bottom, top; g, d: sides).

    ``anywhere``: then places along the sides, then a lattice all over the frame.
    """
    w, h = size
    x0, y0, x1, y1 = frame
    right, low = x1 - w, y1 - h
    ends = {"bg": (x0, low), "bd": (right, low), "hg": (x0, y0), "hd": (right, y0)}
    places = [(*ends[name], _CORNER_COST * rank) for rank, name in enumerate(order)]
    if anywhere and right > x0 and low > y0:
        across, down = max(2, int((right - x0) / 12)), max(2, int((low - y0) / 12))
        for column in range(across + 1):
            for row in range(down + 1):
                edge = column in (0, across) or row in (0, down)
                cost = _CORNER_COST * (4 if edge else 6)
                x = x0 + (right - x0) * column / across
                places.append((x, y0 + (low - y0) * row / down, cost))
    held = np.array(places)
    boxes = np.column_stack([held[:, 0], held[:, 1], held[:, 0] + w, held[:, 1] + h])
    costs = held[:, 2] + ink.under(boxes)
    kept = np.argsort(costs, kind="stable")[:_PLACES]
    return Wish(key, loss, boxes[kept], costs[kept])
