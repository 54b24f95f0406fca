"""What does a chart of a series show, before it is drawn?

Points, segments that one line may link, breaks and lighter series: plain values.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

_FLAT: Final = 0.15  # the scale spans this share of the largest value at least


@dataclass(frozen=True, slots=True)
class Point:
    """A period: where it stands in time (years), its name, its figure (None: not known)."""

    at: float
    period: str
    value: float | None
    text: str  # « 44,1 % », « s », « – »


@dataclass(frozen=True, slots=True)
class Segment:
    """Points that one line may link; ``name`` is said at its end, "" when it need not be."""

    points: tuple[Point, ...]
    name: str = ""


@dataclass(frozen=True, slots=True)
class Cut:
    """A break: where it stands, its words, whether it forbids the line to go on.

    ``sides``: what each side is the figure of, « QP062020 » and « QN06220M », or "".
    """

    at: float
    label: str
    blocks: bool
    sides: tuple[str, str] = ("", "")


@dataclass(frozen=True, slots=True)
class Reference:
    """Another series, lighter, named at its end; ``strong``: the agglomeration."""

    name: str
    segments: tuple[tuple[Point, ...], ...]
    strong: bool = False

    @property
    def known(self) -> list[Point]:
        """Its known points, in time."""
        return [p for segment in self.segments for p in segment if p.value is not None]


def scale_of(values: Sequence[float]) -> tuple[float, float]:
    """Lowest and highest of the scale, never so near that a rounding looks like a slope."""
    if not values:
        return 0.0, 0.0
    low, high = min(values), max(values)
    least = _FLAT * max(abs(low), abs(high))
    lack = max(least - (high - low), 0.0) / 2
    return low - lack, high + lack
