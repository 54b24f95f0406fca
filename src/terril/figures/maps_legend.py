"""What does the legend of a map of the agglomeration say?

Classes with their bounds and how many territories each holds, secret and unknown told apart by
their hatching; or round numbers for circles, drawn one in another.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor, log10, sqrt
from typing import Final

import numpy as np

from terril.figures.maps_classes import Classes
from terril.figures.maps_ground import Array, Box, hatching
from terril.figures.metrics import text_width, wrap
from terril.figures.svg import circle, colour, fill, label, num, path, rect, stroke
from terril.lib.french import avec_unite

SIZE: Final = 7.2
_ROW: Final = 10.4
_SWATCH: Final = (14.0, 8.0)
_GAP: Final = 4.0
_TITLE_LEAD: Final = 8.6
_TITLE_WIDTH: Final = 96.0
#: hatching of what is not a value: angle, step, width of the lines
SECRET: Final = (45.0, 2.6, 0.7)
MISSING_DASH: Final = 'stroke-dasharray="1.2 1.2"'


def secret_paint(rings: Sequence[Array], frame: Box) -> str:
    """A surface whose value is secret: hatched."""
    angle, step, width = SECRET
    d = hatching(rings, step, angle, frame)
    return path(d, stroke("ardoise-2", width)) if d else ""


@dataclass(frozen=True, slots=True)
class Legend:
    """A legend measured before it is placed: title lines, rows, and the notes under them."""

    title: tuple[str, ...]
    rows: tuple[tuple[str, str], ...]  # token of a class, « secret » or « absent »; words
    notes: tuple[str, ...] = ()
    circles: tuple[tuple[float, str], ...] = ()  # radius and words, the largest first

    @property
    def size(self) -> tuple[float, float]:
        """Width and height in points."""
        widths = [text_width(line, SIZE, 600) for line in self.title]
        widths += [_SWATCH[0] + 4 + text_width(words, SIZE) for _, words in self.rows]
        widths += [text_width(line, SIZE) for line in self.notes]
        if self.circles:
            words = max(text_width(text, SIZE) for _, text in self.circles)
            widths.append(2 * self.circles[0][0] + 10 + words)
        return max(widths) + 2 * _GAP, self._foot() + _GAP

    def _foot(self) -> float:
        height = _GAP + len(self.title) * _TITLE_LEAD + (2.0 if self.title else 0.0)
        if self.circles:
            height += 2 * self.circles[0][0] + 5.0
        height += len(self.rows) * _ROW
        return height + (1.0 + len(self.notes) * 8.2 if self.notes else 0.0)

    def draw(self, x: float, y: float) -> str:
        """The legend with its corner at ``x``, ``y``."""
        parts = []
        left, at = x + _GAP, y + _GAP
        for line in self.title:
            parts.append(label(left, at + 5.2, line, size=SIZE, weight=600, halo=2))
            at += _TITLE_LEAD
        at += 2.0 if self.title else 0.0
        if self.circles:
            parts.append(self._nested(left, at))
            at += 2 * self.circles[0][0] + 5.0
        for token, words in self.rows:
            parts.append(_patch(token, left, at))
            parts.append(label(left + _SWATCH[0] + 4, at + 6.4, words, size=SIZE, halo=2))
            at += _ROW
        at += 1.0
        for line in self.notes:
            parts.append(label(left, at + 6.2, line, size=SIZE, token="ardoise-2", halo=2))
            at += 8.2
        return "".join(parts)

    def _nested(self, x: float, y: float) -> str:
        """Circles that share their foot, their words beside their tops."""
        most = self.circles[0][0]
        foot, parts = y + 2 * most, []
        heights: list[float] = []
        for radius, words in self.circles:
            top = foot - 2 * radius
            base = top if not heights else max(top, heights[-1] + 7.6)
            heights.append(base)
            parts.append(circle(x + most, foot - radius, radius, stroke("ardoise-2", 0.7)))
            d = f"M{num(x + most)} {num(top)}L{num(x + 2 * most + 6)} {num(base)}"
            parts.append(path(d, stroke("ardoise-2", 0.45)))
            parts.append(label(x + 2 * most + 8, base + 2.4, words, size=SIZE, halo=2))
        return "".join(parts)


def _patch(token: str, x: float, y: float) -> str:
    w, h = _SWATCH
    edge = f'stroke="{colour("ardoise-2")}" stroke-width="0.5"'
    if token == "secret":
        box = np.array([(x, y), (x + w, y), (x + w, y + h), (x, y + h)])
        lines = secret_paint([box], (x, y, x + w, y + h))
        return rect(x, y, w, h, f"{fill('blanc')} {edge}") + lines
    if token == "absent":
        return rect(x, y, w, h, f"{fill('blanc')} {edge} {MISSING_DASH}")
    return rect(x, y, w, h, f"{fill(token)} {edge}")


def class_legend(
    title: str, classes: Classes, symbol: str, *, secret: int, missing: int, note: str = ""
) -> Legend:
    """The legend of classes, the highest first, then secret and unknown ones if there are any."""
    tokens = classes.tokens()
    rows = [
        (tokens[number], f"{held.text(classes.decimals, symbol)}  ({held.count})")
        for number, held in reversed(list(enumerate(classes.classes)))
    ]
    return Legend(
        tuple(wrap(title, _TITLE_WIDTH, SIZE, 600)) if title else (),
        (*rows, *_not_values(secret, missing)),
        tuple(wrap(note, _TITLE_WIDTH, SIZE)) if note else (),
    )


def _not_values(secret: int, missing: int) -> list[tuple[str, str]]:
    rows = []
    if secret:
        rows.append(("secret", f"secret  ({secret})"))
    if missing:
        rows.append(("absent", f"pas de donnée  ({missing})"))
    return rows


def round_values(most: float, count: int = 3) -> list[float]:
    """Round numbers (1, 2 or 5 × 10ⁿ) at most ``most``, the largest first, areas well apart."""
    if most <= 0:
        return []
    found: list[float] = []
    power = floor(log10(most))
    while len(found) < count and power > -4:
        for step in (5, 2, 1):
            value = step * 10.0**power
            if value <= most and (not found or value <= found[-1] / 2.4) and len(found) < count:
                found.append(value)
        power -= 1
    return found


def circle_legend(
    title: str, most: float, radius: float, symbol: str, *, secret: int, missing: int, whole: bool
) -> Legend:
    """Round numbers as circles; ``radius`` is that of ``most``. ``whole``: counts, not parts."""
    values = [v for v in round_values(most) if not whole or v >= 1]
    circles = []
    for value in values:
        decimals = 0 if value == int(value) else 1
        circles.append((radius * sqrt(value / most), avec_unite(value, decimals, symbol)))
    return Legend(
        tuple(wrap(title, _TITLE_WIDTH, SIZE, 600)) if title else (),
        tuple(_not_values(secret, missing)),
        (),
        tuple(circles),
    )
