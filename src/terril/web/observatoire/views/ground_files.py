"""Which files hold figures on the ground: GeoJSON and GeoPackage?

Only of the editions that hold outlines: the others answer 404 and say why.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any, Final

from django.http import HttpRequest, HttpResponse

from terril.editions.look import Look
from terril.lib.dates import date_longue
from terril.reports.exports import geo, places
from terril.territories.geometry import Layer
from terril.web.observatoire.answers import cube_of, named, open_to_all
from terril.web.observatoire.pages import edition_page

Write = Callable[[Sequence[Layer], str, dict[str, Any]], bytes]


def _geojson(layers: Sequence[Layer], _day: str, about: dict[str, Any]) -> bytes:
    text = json.dumps(geo.collection(layers, about), ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8")


def _geopackage(layers: Sequence[Layer], day: str, _about: dict[str, Any]) -> bytes:
    return geo.geopackage(layers, day)


#: ending → media type, writer
WRITERS: Final[dict[str, tuple[str, Write]]] = {
    "geojson": (geo.GEOJSON, _geojson),
    "gpkg": (geo.GEOPACKAGE, _geopackage),
}


def indicator_on_the_ground(look: Look, code: str, ending: str) -> HttpResponse:
    """The figures of an indicator on the outlines of their territories."""
    found = cube_of(look, code)
    layers = places.with_figures(look, found)
    if not layers:
        return _no_outline(look)
    media, write = WRITERS[ending]
    sources = sorted({found.sources.get(o.source, o.source) for o in found.observations})
    about = _about(found.title, look, sources)
    answer = HttpResponse(write(layers, look.date, about), content_type=media)
    return named(answer, f"{code}-{look.date}.{ending}")


@edition_page
def neighbourhoods_file(request: HttpRequest, look: Look) -> HttpResponse:
    """The perimeters of the neighbourhoods with their names, people and signals, as GeoJSON."""
    found = places.neighbourhoods(look)
    if found is None or not len(found):
        return _no_outline(look)
    card = look.catalogue.sources.get(found.source)
    sources = [card.label if card else found.source] if found.source else []
    about = _about(look.info.name, look, sources)
    answer = HttpResponse(_geojson([found], look.date, about), content_type=geo.GEOJSON)
    return named(answer, f"quartiers-{look.date}.geojson")


def _about(title: str, look: Look, sources: list[str]) -> dict[str, Any]:
    return {
        "titre": title,
        "edition": look.date,
        "editeur": look.info.epci_name,
        "sources": sources,
    }


def _no_outline(look: Look) -> HttpResponse:
    """404 with its reason: the figures are there, in the other formats."""
    answer = HttpResponse(
        f"L’édition du {date_longue(look.date)} ne contient pas le périmètre de ces territoires : "
        "leurs chiffres ne peuvent pas être donnés sur une carte. Ils le sont en CSV, XLSX, "
        "Parquet, JSON-stat et SDMX-CSV.\n",
        content_type="text/plain; charset=utf-8",
        status=404,
    )
    return open_to_all(answer)
