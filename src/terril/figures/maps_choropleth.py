"""Where in the agglomeration are the figures high, where are they low?

Each neighbourhood (or commune) has the colour of its class; secret is hatched, unknown dashed. A
neighbourhood is tiny on the map of an agglomeration: it is enlarged about its centre until it can
be seen, and the legend says so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from terril.figures.links import Link
from terril.figures.maps_agglomeration import (
    LEAST,
    MARGIN,
    Names,
    Sheet,
    Subject,
    Value,
    known_values,
    unknown_counts,
    unknown_words,
    wanted_names,
)
from terril.figures.maps_classes import Classes
from terril.figures.maps_ground import View, area_of, path_of
from terril.figures.maps_legend import MISSING_DASH, class_legend, secret_paint
from terril.figures.maps_model import Area, Atlas
from terril.figures.maps_placed import AtlasDrawing
from terril.figures.svg import colour, fill, path
from terril.lib.french import FINE, NBSP


def draw_classes(
    atlas: Atlas,
    values: Mapping[str, Value],
    classes: Classes,
    subject: Subject,
    width: float,
    height: float,
    *,
    names: Names = "all",
    level: Literal["qpv", "commune"] = "qpv",
    link: Link | None = None,
) -> AtlasDrawing:
    """The territories of ``level`` coloured by the class of their value.

    A territory without an entry in ``values`` has no data. ``names``: which are written, with
    their value: all, the lowest and the highest, or none. ``link`` makes a link of each territory.
    """
    areas = atlas.quarters if level == "qpv" else atlas.communes
    secret, missing = unknown_counts(areas, values)
    scale = View.fit(atlas.bounds, width, height, MARGIN).scale
    enlarged = level == "qpv" and any(
        area_of(area.rings) * scale**2 < LEAST**2 for area in atlas.quarters
    )
    note = f"{classes.words()}{FINE}; quartiers agrandis" if enlarged else classes.words()
    note = note if classes.classes else ""
    legend = class_legend(
        subject.legend, classes, subject.symbol, secret=secret, missing=missing, note=note
    )
    sheet = Sheet(atlas, width, height, legend)
    shapes = sheet.shapes(areas, enlarge=level == "qpv")
    frame = (0.0, 0.0, width, height)
    edge = f'stroke="{colour("ardoise-2")}" stroke-width="0.5" stroke-linejoin="round"'
    tokens = classes.tokens()
    painted: list[str] = []
    for shape in sorted(shapes, key=lambda s: -area_of(s.rings)):
        d = path_of(shape.rings)
        held = values.get(shape.area.code)
        if held is not None and held.value is not None:
            drawn = path(d, f"{fill(tokens[classes.of(held.value)])} {edge}")
        elif held is not None and held.status == "secret":
            drawn = path(d, f"{fill('blanc')} {edge}") + secret_paint(shape.rings, frame)
        else:
            drawn = path(d, f"{fill('blanc')} {edge} {MISSING_DASH}")
        if link is not None:
            text = held.text if held is not None else "pas de donnée"
            drawn = link(shape.area.code, f"{shape.area.label}{NBSP}: {text}", drawn)
        painted.append(drawn)
    alt = classes_alt(areas, values, classes, subject)
    if level == "commune":
        return sheet.finish(shapes, painted, [], subject.title, alt, over=False)
    wanted = wanted_names(shapes, values, names)
    return sheet.finish(shapes, painted, wanted, subject.title, alt)


def classes_alt(
    areas: Sequence[Area], values: Mapping[str, Value], classes: Classes, subject: Subject
) -> str:
    """The map in words: how many territories in each class, the two ends, what is unknown."""
    known = known_values(areas, values)
    secret, missing = unknown_counts(areas, values)
    parts = [f"Carte de l’agglomération, {len(areas)} {subject.territories}, nord en haut."]
    if known:
        listed = f"{FINE}; ".join(
            f"{c.count} de {c.text(classes.decimals, subject.symbol)}" for c in classes.classes
        )
        parts.append(f"{subject.title}{NBSP}: {listed}.")
        low, high = min(known, key=lambda k: k[0]), max(known, key=lambda k: k[0])
        parts.append(f"Le plus bas{NBSP}: {low[1]}, {low[2]}.")
        parts.append(f"Le plus haut{NBSP}: {high[1]}, {high[2]}.")
    else:
        parts.append(f"{subject.title}{NBSP}: aucune valeur connue.")
    return " ".join([*parts, *unknown_words(secret, missing)])
