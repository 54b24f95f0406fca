"""Which maps of the agglomeration does an edition print, and what do they say?

The plates are cards of the catalogue. A plate with one map is drawn large, every neighbourhood
with its name and its value; with several, they stand side by side and only the two ends are
named: the ranked table beside gives the rest. Nothing is computed here but the classes.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from terril.catalogue.maps import MapPlate
from terril.figures.maps_agglomeration import Subject, Value
from terril.figures.maps_choropleth import classes_alt, draw_classes
from terril.figures.maps_circles import circles_alt, draw_circles
from terril.figures.maps_classes import Classes, classify
from terril.figures.maps_model import Area, Atlas
from terril.figures.metrics import wrap
from terril.figures.svg import MM
from terril.lib.french import NBSP, avec_unite
from terril.observations.schema import Kind, Status
from terril.reports.grid import Column, column_of, sources_text
from terril.reports.lookup import Lookup
from terril.reports.mapped import atlas_of
from terril.reports.words import unbroken

LARGE: Final = (176.0, 150.0)  # mm
SMALL: Final = (86.0, 84.0)
_FOUR: Final = 4  # maps of a page
_HALF: Final = 0.5


def plates(lookup: Lookup, theme: str) -> list[dict[str, Any]]:
    """The pages of maps of a theme, none when the edition has no outlines."""
    atlas = atlas_of(lookup.source)
    if atlas is None or not atlas.quarters:
        return []
    cards = [card for card in lookup.catalogue.plates.values() if card.theme == theme]
    return [page for card in cards for page in plate_pages(lookup, card, atlas)]


def plate_pages(lookup: Lookup, card: MapPlate, atlas: Atlas) -> list[dict[str, Any]]:
    """A plate as pages of at most four maps; indicators that nobody knows are left out."""
    shown = [
        (column_of(lookup, code, period), held)
        for code in card.indicators
        if (period := _period(lookup, card, code, atlas)) is not None
        and _enough(held := values_of(lookup, card.level, code, period, atlas), card, atlas)
    ]
    pages = []
    for start in range(0, len(shown), _FOUR):
        part = shown[start : start + _FOUR]
        size = LARGE if len(part) == 1 else SMALL
        pages.append(
            {
                "title": card.label,
                "large": len(part) == 1,
                "width": size[0],
                "lead": _lead(card, len(part) == 1),
                "maps": [_map(card, column, held, atlas, size) for column, held in part],
                "sources": _sources(lookup, [column for column, _ in part], atlas),
            }
        )
    return pages


def values_of(
    lookup: Lookup, level: str, indicator: str, period: str, atlas: Atlas
) -> dict[str, Value]:
    """The figures of the territories that the map shows, by code; secret told from unknown."""
    column = column_of(lookup, indicator, period)
    kind = Kind.QPV if level == "qpv" else Kind.COMMUNE
    found: dict[str, Value] = {}
    for area in _areas(atlas, level):
        held = lookup.value(kind, area.code, indicator, period)
        if held.value is not None:
            text = avec_unite(held.value, column.decimals, column.symbol)
            found[area.code] = Value(held.value, text)
        elif held.status == Status.SECRET:
            found[area.code] = Value(None, "secret", "secret")
    return found


def _areas(atlas: Atlas, level: str) -> tuple[Area, ...]:
    return atlas.quarters if level == "qpv" else atlas.communes


def _period(lookup: Lookup, card: MapPlate, code: str, atlas: Atlas) -> str | None:
    """The period shown for the neighbourhoods; for communes, the one most of them know."""
    if code not in lookup.catalogue.indicators:
        return None
    if card.level == "qpv":
        return lookup.shown(code)
    counts: dict[str, int] = {}
    for area in atlas.communes:
        for period in lookup.known_periods(Kind.COMMUNE, area.code, code):
            counts[period] = counts.get(period, 0) + 1
    return max(counts, key=lambda period: (counts[period], period), default=None)


def _enough(values: dict[str, Value], card: MapPlate, atlas: Atlas) -> bool:
    known = sum(held.value is not None for held in values.values())
    if card.level == "commune":
        return known >= _HALF * len(atlas.communes)
    return known > 0


def _lead(card: MapPlate, large: bool) -> str:
    if card.drawing == "cercles":
        return "La surface de chaque cercle est proportionnelle à l’effectif."
    whose = "chaque quartier prioritaire" if card.level == "qpv" else "chaque commune"
    lead = f"Du plus clair, les valeurs les plus basses, au plus foncé, les plus hautes{NBSP}: "
    lead += f"{whose} a la couleur de sa classe."
    if large or card.level == "commune":
        return lead
    return f"{lead} Les deux valeurs de chaque extrémité sont écrites."


def _map(
    card: MapPlate,
    column: Column,
    values: dict[str, Value],
    atlas: Atlas,
    size: tuple[float, float],
) -> dict[str, Any]:
    large = size == LARGE
    under = ", ".join(part for part in (column.unit, column.period_text) if part)
    subject = Subject(
        f"{column.label} ({under})" if under else column.label,
        "",
        column.symbol,
        column.decimals,
        "quartiers" if card.level == "qpv" else "communes",
    )
    width, height = size[0] * MM, size[1] * MM
    if card.drawing == "cercles":
        drawing = draw_circles(
            atlas, values, subject, width, height, names="all" if large else "ends"
        )
        alt = circles_alt(atlas.quarters, values, subject)
    else:
        classes = classes_of(values, column, card)
        drawing = draw_classes(
            atlas, values, classes, subject, width, height,
            names="all" if large else "ends", level=card.level,
        )  # fmt: skip
        alt = classes_alt(_areas(atlas, card.level), values, classes, subject)
    return {
        "lines": wrap(unbroken(column.label), (size[0] - 2) * MM, 8.8, 600)[:2],
        "under": under,
        "svg": drawing.svg,
        "alt": alt,
    }


def classes_of(values: dict[str, Value], column: Column, card: MapPlate) -> Classes:
    """The classes of the known values, as the card wants them."""
    known = [held.value for held in values.values() if held.value is not None]
    return classify(known, decimals=column.decimals, method=card.method, most=card.classes)


def _sources(lookup: Lookup, columns: Iterable[Column], atlas: Atlas) -> str:
    told = sources_text(lookup, list(columns))
    return f"{told}. Contours{NBSP}: {atlas.source}." if atlas.source else f"{told}."
