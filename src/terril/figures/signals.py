"""Which shapes tell a signal, and how sure it is?

Order of reading: shape, word, colour. A weak signal (fewer than two variants in three) is
hollow; an undetermined one is hatched inside a dashed outline. The shape stands beside its
word everywhere: it is decorative for assistive technology, the word speaks.
"""

from __future__ import annotations

import math
from typing import Final

from terril.figures.svg import (
    MM,
    circle,
    colour,
    document,
    fill,
    num,
    path,
    rect,
    stroke,
)

GRID: Final = 24.0
_OUTLINE: Final = 0.09 * GRID  # hollow shapes: 9 % of the height
_UP: Final = ((12.0, 2.6), (22.9, 21.4), (1.1, 21.4))
_TITLES: Final = {
    "favorable": "favorable",
    "moyen": "dans la moyenne",
    "difficile": "en difficulté",
    "indetermine": "indéterminé",
}
KINDS: Final = tuple(_TITLES)


def signal_alt(kind: str, hollow: bool = False) -> str:
    """« en difficulté », « dans la moyenne, signal fragile »."""
    return _TITLES[kind] + (", signal fragile" if hollow and kind != "indetermine" else "")


def _triangle(points: tuple[tuple[float, float], ...], token: str, hollow: bool) -> str:
    inset = _OUTLINE / 2 if hollow else 0.7
    cx = sum(x for x, _ in points) / 3
    cy = sum(y for _, y in points) / 3
    # the inscribed radius: moving every side by `inset` scales the triangle about its centre
    radius = max(y for _, y in points) - cy
    if points[0][1] > points[1][1]:
        radius = cy - min(y for _, y in points)
    k = 1 - inset / radius
    d = "M" + "L".join(f"{num(cx + (x - cx) * k)} {num(cy + (y - cy) * k)}" for x, y in points)
    width = _OUTLINE if hollow else 1.4
    inside = "none" if hollow else colour(token)
    return path(
        d + "z",
        f'fill="{inside}" stroke="{colour(token)}" stroke-width="{num(width)}"'
        ' stroke-linejoin="round"',
    )


def _hatched() -> str:
    """A disc of oblique lines in a dashed outline."""
    r, c = 8.6, 12.0
    parts = []
    for step in range(-3, 4):
        offset = step * 2.55
        half = math.sqrt(max(r * r - offset * offset, 0)) - 0.6
        s = math.sqrt(0.5)
        ox, oy = c + offset * s, c + offset * s
        parts.append(
            f"M{num(ox - half * s)} {num(oy + half * s)}L{num(ox + half * s)} {num(oy - half * s)}"
        )
    return path("".join(parts), stroke("gris", 1.05)) + circle(
        c, c, 9.3, stroke("ardoise-2", 1.5, 'stroke-dasharray="2.5 2.37"')
    )


def signal_parts(kind: str, hollow: bool = False) -> str:
    """What one shape is made of on a grid of 24, for a figure that holds it."""
    if kind == "favorable":
        body = _triangle(_UP, "favorable", hollow)
    elif kind == "difficile":
        body = _triangle(tuple((x, GRID - y) for x, y in _UP), "difficile", hollow)
    elif kind == "moyen":
        r = 9.3
        body = (
            circle(12, 12, r - _OUTLINE / 2, stroke("moyen", _OUTLINE))
            if hollow
            else circle(12, 12, r, fill("moyen"))
        )
    elif kind == "indetermine":
        body = _hatched()
    else:
        raise KeyError(kind)
    return body


def signal(kind: str, hollow: bool = False) -> str:
    """One shape on a grid of 24, scaled by whoever places it."""
    return document(GRID, GRID, signal_alt(kind, hollow), [signal_parts(kind, hollow)])


def signal_shapes() -> dict[str, str]:
    """Every shape by name: ``favorable``, ``favorable-vide``…"""
    shapes = {}
    for kind in KINDS:
        shapes[kind] = signal(kind)
        shapes[f"{kind}-vide"] = signal(kind, hollow=True)
    return shapes


def sureness(share: float, width_mm: float = 21.71) -> str:
    """The bar of sureness: 1 mm high, ``share`` of it (0–1) in slate."""
    width, height = width_mm * MM, MM
    share = min(max(share, 0.0), 1.0)
    return document(
        width,
        height,
        sureness_alt(share),
        [
            rect(0, 0, width, height, fill("cheveu")),
            rect(0, 0, width * share, height, fill("ardoise-2")),
        ],
    )


def sureness_alt(share: float) -> str:
    """« sûr à 85 % »."""
    return f"sûr à {round(share * 100)}\u202f%"
