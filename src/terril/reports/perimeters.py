"""What became of the perimeters from one generation to the next?

A page with the agglomeration in both generations, then each neighbourhood at its own scale with
its two surfaces. Only when the edition holds the outlines of both.
"""

from __future__ import annotations

from typing import Any, Final

from terril.figures.maps_generations import (
    draw_generations,
    draw_overlay,
    generation_keys,
    generations_alt,
    generations_title,
    overlay_alt,
    overlay_words,
    tally_of,
)
from terril.figures.maps_model import Atlas
from terril.figures.svg import MM
from terril.lib.french import FINE, NBSP, compte, liste, majuscule, nombre
from terril.reports.fiche_themes import keys_data
from terril.reports.lookup import alphabetical
from terril.reports.mapped import atlas_of

_LARGE: Final = (176.0, 132.0)  # mm
_PANEL: Final = 41.0
_ROWS: Final = ((20, 31.0), (24, 24.4))  # panels of a page, and how high each then is


def perimeter_pages(source: object) -> dict[str, Any] | None:
    """The data of the pages, ``None`` when one generation only is known."""
    atlas = atlas_of(source)
    if atlas is None or not atlas.overlays:
        return None
    count = len(atlas.overlays)
    high = next((height for most, height in _ROWS if count <= most), _ROWS[0][1])
    drawing = draw_generations(atlas, _LARGE[0] * MM, _LARGE[1] * MM)
    return {
        "title": generations_title(atlas),
        "lead": _lead(atlas),
        "svg": drawing.svg,
        "alt": generations_alt(atlas),
        "keys": keys_data(generation_keys(atlas)),
        "panels": [
            {
                "name": overlay.change.name,
                "words": overlay_words(overlay.change),
                "svg": draw_overlay(overlay, _PANEL * MM, high * MM),
                "alt": overlay_alt(overlay.change),
            }
            for overlay in sorted(atlas.overlays, key=lambda o: alphabetical(o.change.name))
        ],
        "width": _PANEL,
        "source": f"Contours{NBSP}: {atlas.source}. Chaque quartier est à son échelle."
        if atlas.source
        else "Chaque quartier est à son échelle.",
    }


def _lead(atlas: Atlas) -> str:
    """« 16 périmètres agrandis et 5 de même surface : 1 131 puis 1 399 hectares en tout. »"""
    changes = [overlay.change for overlay in atlas.overlays]
    listed = [compte(n, one, many) for n, one, many in tally_of(changes) if n]
    old = sum(change.old_area or 0.0 for change in changes)
    new = sum(change.new_area or 0.0 for change in changes)
    text = f"{majuscule(liste(listed))}. Leur surface totale passe de {nombre(old)} à "
    return text + f"{nombre(new)}{FINE}hectares."
