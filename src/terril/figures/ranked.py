"""Who stands where on one indicator, name by name?

A row a territory on one common axis: the name at its left, a dot, the value printed at its
right; the mean and the agglomeration are lines labelled at their head. Territories without
a value keep their row and say why.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from terril.figures.metrics import shorten, text_width
from terril.figures.svg import circle, colour, document, fill, label, num, path, stroke

ROW: Final = 11.2
HEAD: Final = 21.0
_FOOT: Final = 3.0
_SIZE: Final = 8.2
_SMALL: Final = 7.2
_PAD: Final = 6.0


@dataclass(frozen=True, slots=True)
class RankedRow:
    """A territory: ``value`` is ``None`` when ``text`` says « secret » or « absent »."""

    name: str
    value: float | None
    text: str
    own: bool = False


@dataclass(frozen=True, slots=True)
class Reference:
    """A line across the rows: « moyenne 30,7 » or « agglomération 23,2 »."""

    value: float
    text: str
    strong: bool = False  # the agglomeration: slate and thick; else the mean, thin


def ranked_height(rows: int) -> float:
    """Height in points of :func:`ranked` with that many rows."""
    return HEAD + rows * ROW + _FOOT


def _scale(
    rows: Sequence[RankedRow], references: Sequence[Reference], left: float, right: float
) -> tuple[float, float]:
    known = [r.value for r in rows if r.value is not None] + [r.value for r in references]
    low, high = min(known), max(known)
    if low == high:
        low, high = low - 1, high + 1
    return low, (right - left) / (high - low)


def _heads(references: Sequence[Reference], xs: Sequence[float], left: float, right: float) -> str:
    """Labels of the lines on two levels, so that near lines do not collide."""
    parts = []
    for level, (ref, x) in enumerate(
        sorted(zip(references, xs, strict=True), key=lambda pair: pair[1])
    ):
        wide = text_width(ref.text, _SMALL, 600 if ref.strong else 400)
        start = min(max(x - wide / 2, left), right - wide)
        parts.append(
            label(
                start,
                7.0 + 8.2 * (level % 2),
                ref.text,
                size=_SMALL,
                weight=600 if ref.strong else 400,
                token="ardoise" if ref.strong else "ardoise-2",
            )
        )
    return "".join(parts)


def ranked(
    rows: Sequence[RankedRow],
    references: Sequence[Reference] = (),
    *,
    title: str,
    width: float,
    reverse: bool = False,
) -> str:
    """The rows in the order given, ``width`` points wide.

    ``reverse``: high values at the left (they are the less favourable ones).
    """
    names = max((text_width(r.name, _SIZE, 600 if r.own else 400) for r in rows), default=0)
    name_width = min(names, width * 0.42)
    value_width = max((text_width(r.text, _SIZE, 600) for r in rows), default=0)
    left, right = name_width + 6 + _PAD, width - value_width - 6 - _PAD
    height = ranked_height(len(rows))
    parts: list[str] = []
    if any(r.value is not None for r in rows):
        low, unit = _scale(rows, references, left, right)

        def at(value: float) -> float:
            x = left + (value - low) * unit
            return left + right - x if reverse else x

        xs = [at(r.value) for r in references]
        for i in range(len(rows)):
            y = HEAD + (i + 0.5) * ROW
            d = f"M{num(left - _PAD)} {num(y)}H{num(right + _PAD)}"
            parts.append(path(d, stroke("cheveu", 0.35)))
        for ref, x in zip(references, xs, strict=True):
            level = sorted(xs).index(x) % 2
            d = f"M{num(x)} {num(9.0 + 8.2 * level)}V{num(height - _FOOT)}"
            parts.append(
                path(d, stroke("ardoise", 1.6) if ref.strong else stroke("ardoise-2", 0.6))
            )
        parts.append(_heads(references, xs, left - _PAD, right + _PAD))
        edge = f'stroke="{colour("blanc")}" stroke-width="0.8"'
        for i, row in enumerate(rows):
            if row.value is not None:
                y = HEAD + (i + 0.5) * ROW
                token = "brique" if row.own else "gris"
                parts.append(circle(at(row.value), y, 3.3, f"{fill(token)} {edge}"))
    for i, row in enumerate(rows):
        y = HEAD + (i + 0.5) * ROW + _SIZE * 0.33
        weight = 600 if row.own else 400
        name = shorten(row.name, name_width, _SIZE, weight)
        parts.append(label(0, y, name, size=_SIZE, weight=weight))
        known = row.value is not None
        parts.append(
            label(
                width,
                y,
                row.text,
                size=_SIZE,
                weight=600 if known else 400,
                token="ardoise" if known else "ardoise-2",
                anchor="end",
            )
        )
    return document(width, height, title, parts)


def ranked_alt(
    rows: Sequence[RankedRow], references: Sequence[Reference] = (), *, title: str
) -> str:
    """Every name with its value, then the lines."""
    listed = ", ".join(f"{row.name} {row.text}" for row in rows)
    lines = "".join(f" {ref.text[:1].upper()}{ref.text[1:]}." for ref in references)
    return f"{title}\u00a0: {listed}.{lines}"
