"""What stands in the place of the map of a profile sheet?

The map of the neighbourhood when its perimeter is known, else the schematic map of the
agglomeration; nothing when neither is there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from terril.fiches.model import Fiche
from terril.figures import tiles
from terril.figures.maps_keys import sheet_keys
from terril.figures.maps_locator import draw_locator, locator_alt
from terril.figures.maps_model import Atlas, SheetMap
from terril.figures.maps_sheet import draw_sheet
from terril.figures.maps_words import sheet_words
from terril.figures.metrics import shorten, text_width
from terril.figures.svg import MM
from terril.lib.french import NBSP
from terril.reports import plan

MAP_WIDTH: Final = 101 * MM
LOCATOR: Final = 32.0  # millimetres of the small map under the brief, with its title
_LOCATOR_TITLE: Final = 4.0
_CREDIT: Final = 0.62  # of the width: credits longer than this are cut


@dataclass(frozen=True, slots=True)
class Picture:
    """What stands in the place of the map.

    ``draw`` makes an SVG of the given width and height in points. ``keys``: small SVG and
    its word. ``most``: height it may take when the page has room, in millimetres. ``ground``:
    it fills its frame, which keeps its proportions. ``credits``: who made what, for the notes.
    """

    draw: Callable[[float, float], str]
    alt: str
    source: str
    keys: tuple[tuple[str, str], ...] = ()
    most: float = plan.MAP_MOST
    ground: bool = False
    credits: str = ""


def tile_picture(fiche: Fiche) -> Picture | None:
    """The schematic map of the agglomeration, ``None`` without a square."""
    if not fiche.tiles:
        return None
    marks = [
        tiles.TileMark(t.code, t.label, t.column, t.row, t.own, t.same_commune, t.difficult)
        for t in fiche.tiles
    ]
    source = "schéma, nord en haut" if fiche.tiles_placed else "dans l’ordre des codes"
    same = any(m.same_commune and not m.own for m in marks)
    return Picture(
        draw=lambda width, height: tiles.tile_map(marks, width, height),
        alt=tiles.tile_map_alt(marks),
        source=source,
        keys=tuple(tiles.tile_keys(any(m.difficult for m in marks), same)),
    )


def map_picture(data: SheetMap) -> Picture:
    """The map of the neighbourhood; its key and its credits share the line under it."""
    word = "Sources" if any(mark in data.source for mark in (",", ";", " et ")) else "Source"
    credit = f"{word}{NBSP}: {data.source}" if data.source else ""
    credit = shorten(credit, _CREDIT * MAP_WIDTH, 7.2)
    return Picture(
        draw=lambda width, height: draw_sheet(data, width, height).svg,
        alt=sheet_words(data),
        source=credit,
        keys=sheet_keys(data, MAP_WIDTH - text_width(credit, 7.2)),
        ground=True,
        credits=data.credits,
    )


def picture_of(fiche: Fiche, data: SheetMap | None) -> Picture | None:
    """The map when the perimeter is known, else the schematic map, else nothing."""
    return map_picture(data) if data is not None else tile_picture(fiche)


def locator(data: SheetMap | None, atlas: Atlas | None) -> dict[str, Any] | None:
    """The small map of the agglomeration, ``LOCATOR`` millimetres with its title."""
    if data is None or atlas is None:
        return None
    communes = {area.code for area in data.communes if area.own}
    count = len(atlas.quarters)
    title = "Le quartier dans l’agglomération"
    if count > 1:
        title = f"Les {count} quartiers prioritaires de l’agglomération"
    width, height = plan.span(5) * MM, (LOCATOR - _LOCATOR_TITLE) * MM
    return {
        "title": title,
        "svg": draw_locator(atlas, data.code, communes, width, height),
        "alt": locator_alt(atlas, data.code, communes),
    }
