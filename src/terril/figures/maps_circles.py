"""Where in the agglomeration are they many?

A circle a neighbourhood, its area in proportion of a count, the largest drawn first so that the
small ones stay seen; the legend draws round numbers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import pi, sqrt
from typing import Final

import numpy as np

from terril.figures.maps_agglomeration import (
    Names,
    Shape,
    Sheet,
    Subject,
    Value,
    known_values,
    unknown_counts,
    unknown_words,
    wanted_names,
)
from terril.figures.maps_ground import Array, path_of
from terril.figures.maps_legend import MISSING_DASH, circle_legend, secret_paint
from terril.figures.maps_model import Area, Atlas
from terril.figures.maps_placed import AtlasDrawing
from terril.figures.svg import circle, colour, fill, path
from terril.lib.french import FINE, NBSP

_CIRCLE: Final = 0.066  # of the smaller side of the frame: radius of the largest circle
_SEEN: Final = 2.2  # radius of the smallest circle


def draw_circles(
    atlas: Atlas,
    values: Mapping[str, Value],
    subject: Subject,
    width: float,
    height: float,
    *,
    names: Names = "all",
) -> AtlasDrawing:
    """A circle a neighbourhood, its area in proportion of the value, the largest drawn first.

    Raises ``ValueError`` on a negative value: it has no area.
    """
    known = known_values(atlas.quarters, values)
    if any(value < 0 for value, _, _ in known):
        raise ValueError("a circle cannot show a negative value")
    most = max((value for value, _, _ in known), default=0.0)
    largest = _CIRCLE * min(width, height)
    secret, missing = unknown_counts(atlas.quarters, values)
    legend = circle_legend(
        subject.legend,
        most,
        largest,
        subject.symbol,
        secret=secret,
        missing=missing,
        whole=subject.decimals == 0,
    )
    sheet = Sheet(atlas, width, height, legend)
    shapes = sheet.shapes(atlas.quarters, enlarge=False)
    under = [path(path_of(s.rings), fill("autre")) for s in shapes]
    drawn: list[tuple[float, str, Shape]] = []
    for shape in shapes:
        held = values.get(shape.area.code)
        x, y = shape.centre
        if held is not None and held.value is not None and most > 0:
            radius = largest * sqrt(held.value / most)
            edge = f'stroke="{colour("blanc")}" stroke-width="0.8"'
            mark = circle(x, y, radius, f"{fill('classe-4')} {edge}") if radius else ""
        else:
            radius = _SEEN * 1.4
            dash = MISSING_DASH if held is None or held.status != "secret" else ""
            mark = circle(
                x, y, radius,
                f'{fill("blanc")} stroke="{colour("ardoise-2")}" stroke-width="0.7" {dash}',
            )  # fmt: skip
            if held is not None and held.status == "secret":
                mark += secret_paint([_round(x, y, radius)], (0, 0, width, height))
        ring = _round(x, y, max(radius, _SEEN))
        drawn.append((radius, mark, Shape(shape.area, [ring], (x, y), (radius, radius), (x, y))))
    drawn.sort(key=lambda item: (-item[0], item[2].area.code))
    rounds = [shape for _, _, shape in drawn]
    painted = [*under, *(mark for _, mark, _ in drawn)]
    alt = circles_alt(atlas.quarters, values, subject)
    wanted = wanted_names(rounds, values, names)
    return sheet.finish(rounds, painted, wanted, subject.title, alt)


def circles_alt(areas: Sequence[Area], values: Mapping[str, Value], subject: Subject) -> str:
    """The map in words: the largest and the smallest values, what is unknown."""
    known = sorted(known_values(areas, values), key=lambda item: -item[0])
    secret, missing = unknown_counts(areas, values)
    parts = [f"Carte de l’agglomération, {len(areas)} {subject.territories}, nord en haut."]
    if known:
        first = f"{FINE}; ".join(f"{name}, {text}" for _, name, text in known[:3])
        parts.append(f"{subject.title}{NBSP}: les plus grands cercles sont {first}.")
        parts.append(f"Le plus petit{NBSP}: {known[-1][1]}, {known[-1][2]}.")
    else:
        parts.append(f"{subject.title}{NBSP}: aucune valeur connue.")
    return " ".join([*parts, *unknown_words(secret, missing)])


def _round(x: float, y: float, radius: float) -> Array:
    turn = np.linspace(0, 2 * pi, 25)[:-1]
    return np.column_stack([x + radius * np.cos(turn), y + radius * np.sin(turn)])
