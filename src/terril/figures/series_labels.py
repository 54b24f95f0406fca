"""Where do the labels of a chart of series go, so that none lies on another?

Two small pieces of geometry, in points: labels of rules packed into rows above the plot, and
labels of points, each at the first free place beside its point.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

_CLEAR: Final = 1.0  # between two labels


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle: left, top, right, bottom."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: Box) -> bool:
        """Do they overlap, or nearly touch?"""
        return (
            self.left < other.right + _CLEAR
            and other.left < self.right + _CLEAR
            and self.top < other.bottom
            and other.top < self.bottom
        )

    def crossed(self, x1: float, y1: float, x2: float, y2: float) -> bool:
        """Does the line between two points go through it? (Liang and Barsky.)"""
        low, high = 0.0, 1.0
        dx, dy = x2 - x1, y2 - y1
        for p, q in (
            (-dx, x1 - self.left),
            (dx, self.right - x1),
            (-dy, y1 - self.top),
            (dy, self.bottom - y1),
        ):
            if p == 0:
                if q < 0:
                    return False
                continue
            at = q / p
            low, high = (max(low, at), high) if p < 0 else (low, min(high, at))
        return low < high


Line = tuple[float, float, float, float]


@dataclass(slots=True)
class Placer:
    """Gives each label a free place; what is placed is in the way of the next ones."""

    frame: Box
    lines: list[Line] = field(default_factory=list)
    boxes: list[Box] = field(default_factory=list)

    def cost(self, box: Box) -> int:
        """Return how much is in the way: a label counts as much as ten lines."""
        inside = (
            box.left >= self.frame.left
            and box.right <= self.frame.right
            and box.top >= self.frame.top
            and box.bottom <= self.frame.bottom
        )
        held = sum(box.meets(other) for other in self.boxes)
        return 10 * held + sum(box.crossed(*line) for line in self.lines) + (0 if inside else 40)

    def place(self, candidates: Sequence[Box], *, must: bool) -> tuple[Box, bool] | None:
        """Return the place taken, the first that is free, and whether it is.

        When none is, the one with least in the way if it ``must`` be printed, else ``None``.
        """
        costs = [self.cost(box) for box in candidates]
        best = min(range(len(costs)), key=lambda n: (costs[n], n), default=None)
        if best is None or (costs[best] and not must):
            return None
        self.boxes.append(candidates[best])
        return candidates[best], not costs[best]


def rows_of(spans: Sequence[tuple[float, float]], gap: float = 5.0) -> list[int]:
    """Return the row of each label, 0 nearest to the plot; no two of a row overlap.

    ``spans``: left and right of each label, in the order of their rules. The last is placed
    first: a label that begins at its rule is then above those that come after it, so that its
    rule goes down through none of them.
    """
    found = [0] * len(spans)
    held: list[list[tuple[float, float]]] = []
    for number in range(len(spans) - 1, -1, -1):
        left, right = spans[number]
        row = 0
        while row < len(held) and any(
            left < end + gap and start < right + gap for start, end in held[row]
        ):
            row += 1
        if row == len(held):
            held.append([])
        held[row].append((left, right))
        found[number] = row
    return found


def crossed(rules: Sequence[float], spans: Sequence[tuple[float, float]], rows: Sequence[int]
            ) -> bool:  # fmt: skip
    """Does the rule of a label go down through a label of a lower row?"""
    return any(
        rows[other] < rows[one] and spans[other][0] - 1 < rules[one] < spans[other][1] + 1
        for one in range(len(rules))
        for other in range(len(rules))
        if other != one
    )
