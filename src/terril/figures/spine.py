"""By how much does a neighbourhood stand away from the mean of its kind?

The spine of page 1: one row an indicator on a common axis of direction-adjusted z-scores
(right = more favourable). Rows touch, so that the band of ±0.5 (the very threshold of the
signals) and the line of the mean run through. The scale is never squeezed for an outlier:
beyond the axis a chevron at its end says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from terril.figures.svg import (
    MM,
    circle,
    colour,
    document,
    fill,
    label,
    num,
    path,
    rect,
    stroke,
    ticks,
)

WIDTH: Final = 62 * MM
ROW: Final = 4.6 * MM
FIRST: Final = 1.2 * MM  # more above the first row of a theme
LOW: Final = -3.1
HIGH: Final = 3.65
_EDGE: Final = 3.6  # half a dot and a chevron stay inside


def axis(z: float) -> float:
    """Position of a z-score on the axis, in points from its left end."""
    return _EDGE + (z - LOW) / (HIGH - LOW) * (WIDTH - 2 * _EDGE)


def _chevron(x: float, y: float, right: bool, attributes: str, h: float = 3.3) -> str:
    """A triangle whose tip is at ``x``."""
    back = x - 4.4 if right else x + 4.4
    d = f"M{num(back)} {num(y - h)}L{num(x)} {num(y)}L{num(back)} {num(y + h)}z"
    return path(d, attributes)


def is_outside(z: float | None) -> bool:
    """True when a score lies beyond the axis: it is told by a chevron."""
    return z is not None and _outside(z) != 0


def _outside(z: float) -> int:
    return 1 if z > HIGH else -1 if z < LOW else 0


def _bar(x: float, y: float, height: float, attributes: str, width: float = 2.8) -> str:
    return rect(x - width / 2, y - height / 2, width, height, attributes)


def spine_row(
    z: float | None,
    others: Sequence[float] = (),
    communes: Sequence[float] = (),
    epci_z: float | None = None,
    *,
    communes_is_mean: bool = False,
    first: bool = False,
    threshold: float = 0.5,
) -> str:
    """One row, 62 × 4.6 mm (1.2 mm more when ``first`` of its theme).

    ``z`` is this neighbourhood's score (``None``: secret or absent, no dot), ``others``
    those of the other QPV, ``communes`` one score a commune or their mean alone,
    ``threshold`` that of the signals, which is the half width of the band.
    """
    height = ROW + (FIRST if first else 0)
    y = height - ROW / 2
    mean = axis(0)
    parts = [
        rect(axis(-threshold), 0, axis(threshold) - axis(-threshold), height, fill("papier-2")),
        ticks((axis(o) for o in others if not _outside(o)), y - 3, y + 3, stroke("gris", 0.6)),
        path(f"M{num(mean)} 0V{num(height)}", stroke("ardoise-2", 0.6)),
    ]
    beyond = {_outside(o) for o in others} - {0}
    for side in sorted(beyond):
        # the other QPV beyond the axis: a grey open angle at its very end
        x = WIDTH - 0.4 if side > 0 else 0.4
        d = f"M{num(x - 1.6 * side)} {num(y - 2.2)}L{num(x)} {num(y)}L{num(x - 1.6 * side)}"
        parts.append(path(f"{d} {num(y + 2.2)}", stroke("gris", 0.6)))
    ends = _Ends(y)
    own = "" if z is None else _own(z, y, mean, ends)
    parts += [*_references(y, communes, communes_is_mean, epci_z, ends), own]
    return document(WIDTH, height, "écart à la moyenne des quartiers", parts)


class _Ends:
    """Places for the chevrons at both ends of the axis, from the outside in."""

    def __init__(self, y: float) -> None:
        self.y = y
        self.tips = {1: WIDTH - 0.6, -1: 0.6}

    def chevron(self, side: int, attributes: str, h: float = 3.0) -> str:
        tip = self.tips[side]
        self.tips[side] = tip - 6.2 * side
        return _chevron(tip, self.y, side > 0, attributes, h)

    def limit(self, side: int) -> float:
        """Where a bar that goes beyond the axis stops: before the chevrons."""
        if side > 0:
            return min(axis(HIGH), self.tips[1] - 5.4)
        return max(axis(LOW), self.tips[-1] + 5.4)


def _own(z: float, y: float, mean: float, ends: _Ends) -> str:
    """Stem and dot of this neighbourhood, or its chevron."""
    side = _outside(z)
    if not side:
        edge = f'stroke="{colour("blanc")}" stroke-width="0.8"'
        stem = path(f"M{num(mean)} {num(y)}H{num(axis(z))}", stroke("brique", 1.7))
        return stem + circle(axis(z), y, 3.5, f"{fill('brique')} {edge}")
    base = ends.tips[side] - 4.4 * side
    stem = path(f"M{num(mean)} {num(y)}H{num(base)}", stroke("brique", 1.7))
    edge = f'{fill("brique")} stroke="{colour("blanc")}" stroke-width="0.6"'
    return stem + ends.chevron(side, edge, h=3.6)


def _references(
    y: float, communes: Sequence[float], is_mean: bool, epci_z: float | None, ends: _Ends
) -> list[str]:
    """Communes (hollow) then agglomeration (solid), or their chevrons at the end."""
    parts: list[str] = []
    epci = ""
    if epci_z is not None:
        side = _outside(epci_z)
        epci = (
            ends.chevron(side, fill("ardoise"))
            if side
            else _bar(axis(epci_z), y, 9.2, fill("ardoise"))
        )
    inside = [c for c in communes if not _outside(c)]
    outside = sorted({_outside(c) for c in communes} - {0})
    outline = stroke("ardoise", 0.7)
    parts += [ends.chevron(side, f'{outline} stroke-linejoin="round"') for side in outside]
    if len(communes) > 1 and not is_mean and inside:
        low = ends.limit(-1) if -1 in outside else axis(min(inside)) - 1
        high = ends.limit(1) if 1 in outside else axis(max(inside)) + 1
        parts.append(rect(low, y - 3.85, high - low, 7.7, outline))
    elif inside:
        hollow = f'fill="{colour("blanc")}" stroke="{colour("ardoise")}" stroke-width="0.7"'
        parts.append(_bar(axis(inside[0]), y, 7.7, hollow, width=2.1))
    return [*parts, epci]


def spine_row_alt(
    text: str,
    value: str,
    z: float | None,
    *,
    epci: str = "",
    rank: str = "–",
    known: int = 0,
) -> str:
    """The row read aloud: value, side and distance from the mean, agglomeration, rank."""
    parts = [f"{text}\u00a0: {value}"]
    if z is not None:
        side = "plus favorable" if z > 0 else "moins favorable"
        steps = f"{abs(z):.1f}".replace(".", ",")
        word = "écart type" if round(abs(z), 1) < 2 else "écarts types"
        parts.append(
            "à la moyenne des quartiers"
            if steps == "0,0"
            else f"{side} que la moyenne des quartiers, de {steps} {word}"
        )
    if epci and epci != "–":
        parts.append(f"agglomération {epci}")
    if rank != "–":
        parts.append(f"rang {rank} sur {known}")
    return ", ".join(parts) + "."


def spine_head(height_mm: float = 3.0) -> str:
    """The ends of the axis and the mean, labelled where they are."""
    height = height_mm * MM
    base = height - 1.9
    mid = base - 2.4

    def arrow(x: float, direction: int) -> str:
        tip = x + 9.5 * direction
        d = (
            f"M{num(x)} {num(mid)}H{num(tip)}M{num(tip - 2.6 * direction)} {num(mid - 2.6)}"
            f"L{num(tip)} {num(mid)}L{num(tip - 2.6 * direction)} {num(mid + 2.6)}"
        )
        return path(d, stroke("ardoise-2", 0.8))

    parts = [
        arrow(13.5, -1),
        label(17, base, "plus difficile", size=7.2, token="ardoise-2"),
        label(axis(0), base, "moyenne", weight=600, anchor="middle", size=7.2, token="ardoise-2"),
        label(WIDTH - 17, base, "plus favorable", anchor="end", size=7.2, token="ardoise-2"),
        arrow(WIDTH - 13.5, 1),
    ]
    return document(WIDTH, height, spine_head_alt(), parts)


def spine_head_alt() -> str:
    """What the axis says."""
    return "à gauche plus difficile, au centre la moyenne, à droite plus favorable"


def spine_keys() -> dict[str, str]:
    """The marks of the key, by name, each as its own small SVG 8 pt high."""
    y = 4.0
    hollow = f'fill="{colour("blanc")}" stroke="{colour("ardoise")}" stroke-width="0.8"'
    return {
        "quartier": document(7, 8, "ce quartier", [circle(3.5, y, 3.1, fill("brique"))]),
        "autres": document(
            8, 8, "les autres quartiers", [ticks((0.5, 2.8, 5.1, 7.4), 1, 7, stroke("gris", 0.6))]
        ),
        "commune": document(4, 8, "commune", [rect(0.8, 0.4, 2.2, 7.2, hollow)]),
        "etendue": document(
            9, 8, "communes, de la plus basse à la plus haute", [rect(0.5, 0.5, 8, 7, hollow)]
        ),
        "agglo": document(4, 8, "agglomération", [rect(0.6, 0, 2.8, 8, fill("ardoise"))]),
        "hors": document(5, 8, "hors échelle", [_chevron(4.7, y, True, fill("ardoise"), h=3)]),
    }
