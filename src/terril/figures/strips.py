"""How do the neighbourhoods spread on one indicator, in the width of a table column?

Two small figures: the strip of a table row, and the dots that count equipment.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

from terril.figures.svg import MM, circle, colour, document, fill, num, path, stroke, ticks

WIDTH: Final = 13 * MM
HEIGHT: Final = 8.0
_EDGE: Final = 3.0

PITCH: Final = 5.9  # between two dots of equipment
LINE: Final = 5.4
PER_LINE: Final = 18
_DOUBLE_ABOVE: Final = 54


def table_strip(
    values: Sequence[float], own: float | None = None, mean: float | None = None
) -> str:
    """13 mm × 8 pt: every QPV placed on 0–1, the mean, this one.

    ``values`` holds the whole group; favourable is to the right, or the highest where the
    indicator has no direction.
    """

    def x(v: float) -> float:
        return _EDGE + min(max(v, 0.0), 1.0) * (WIDTH - 2 * _EDGE)

    y = HEIGHT / 2
    parts = [path(f"M0.5 {num(y)}H{num(WIDTH - 0.5)}", stroke("cheveu", 0.5))]
    parts.append(ticks((x(v) for v in values), y - 2.7, y + 2.7, stroke("gris", 0.5)))
    if mean is not None:
        parts.append(path(f"M{num(x(mean))} {num(y - 3.8)}v7.6", stroke("ardoise", 1)))
    if own is not None:
        edge = f'stroke="{colour("blanc")}" stroke-width="0.6"'
        parts.append(circle(x(own), y, 2.8, f"{fill('brique')} {edge}"))
    return document(WIDTH, HEIGHT, "place parmi les quartiers", parts)


def table_strip_alt(rank: str, known: int, group: str = "quartiers") -> str:
    """« rang 4 sur 21 quartiers connus », or that the value is not known."""
    if rank == "–" or not known:
        return "valeur de ce quartier non connue"
    return f"rang {rank} sur {known} {group} connus"


def dot_worth(largest: int) -> int:
    """How many places one dot counts, for the whole figure: 1, then 2, 4… above 54."""
    worth = 1
    while math.ceil(largest / worth) > _DOUBLE_ABOVE:
        worth *= 2
    return worth


def dot_lines(count: int, per_line: int = PER_LINE) -> list[int]:
    """Dots on each line: one line up to 18, then lines of equal length."""
    if count <= 0:
        return []
    lines = math.ceil(count / per_line)
    length = math.ceil(count / lines)
    return [min(length, count - i * length) for i in range(lines)]


def equipment_dots(inside: int | None, around: int | None, worth: int = 1) -> str:
    """One dot, one place (or ``worth`` places): full in the neighbourhood, hollow around."""
    full = math.ceil((inside or 0) / worth)
    hollow = math.ceil((around or 0) / worth)
    lines = dot_lines(full + hollow)
    width = PER_LINE * PITCH
    height = max(len(lines), 1) * LINE
    parts, rank = [], 0
    for row, length in enumerate(lines):
        y = row * LINE + LINE / 2
        for column in range(length):
            x = 2.2 + column * PITCH
            parts.append(
                circle(x, y, 1.95, fill("brique"))
                if rank < full
                else circle(x, y, 1.7, stroke("ardoise-2", 0.8))
            )
            rank += 1
    return document(width, height, "places comptées", parts)


def equipment_lines(inside: int | None, around: int | None, worth: int = 1) -> int:
    """Lines of dots that :func:`equipment_dots` draws, one at least."""
    total = math.ceil((inside or 0) / worth) + math.ceil((around or 0) / worth)
    return max(len(dot_lines(total)), 1)


def equipment_dots_alt(inside: int | None, around: int | None) -> str:
    """« 3 dans le quartier, 16 dans ses abords »; an unreadable count says so."""

    def say(count: int | None, place: str) -> str:
        return f"{'nombre inconnu' if count is None else count} {place}"

    return f"{say(inside, 'dans le quartier')}, {say(around, 'dans ses abords')}"


def equipment_keys() -> dict[str, str]:
    """The two marks of the key."""
    return {
        "dedans": document(5, 5, "dans le quartier", [circle(2.5, 2.5, 1.95, fill("brique"))]),
        "autour": document(
            5, 5, "dans les abords", [circle(2.5, 2.5, 1.7, stroke("ardoise-2", 0.8))]
        ),
    }
