"""How does a whole edition become one volume, from the cover to the annexes?

The *état des lieux*: the essential, what gets worse, the method, a chapter a theme, the series
over the years, the tables, a page a neighbourhood, and in annex the equipment, the agglomeration,
what is missing, secret or contradicted, the sources and the words. Its parts are those of the
other documents.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from terril.benchmarks.schema import Signal
from terril.fiches.assemble import OFFER_SIGNALS
from terril.fiches.model import Fiche
from terril.fiches.offers import CLASS_WORDS
from terril.figures import tiles
from terril.figures.maps_model import SheetMap
from terril.figures.metrics import text_width
from terril.figures.signals import signal_alt
from terril.figures.svg import MM
from terril.lib.dates import date_longue
from terril.lib.prose import typographie
from terril.reports import annexes, method_words
from terril.reports.agglomeration import context
from terril.reports.engine import Typesetter, write_atomic
from terril.reports.equipment_tables import equipment_parts
from terril.reports.evolutions import evolutions
from terril.reports.fiche import fiche_data
from terril.reports.fiche_themes import keys_data
from terril.reports.getting_worse import committee_page
from terril.reports.grid import thematic_codes, thematic_grid
from terril.reports.lookup import Lookup, alphabetical
from terril.reports.mapped import maps_of
from terril.reports.perimeters import perimeter_pages
from terril.reports.source import Source
from terril.reports.tables import PORTRAIT, grid_parts
from terril.reports.theme_sheets import context_table, sheet_themes, theme_data
from terril.reports.words import communes_text, hollow, notice_line, notice_text, subtitle

TEMPLATE: Final = "volume.typ"
NAME: Final = "etat-des-lieux.pdf"
_COVER_MAP: Final = (176.0, 122.0)
_CONTEXT_ROWS: Final = 60
_MATRIX_LABEL: Final = 58.0  # mm of the first column, less the gaps
_COVER_SCALE: Final = 0.84  # drawn small then enlarged: its names are read at arm’s length


def write_volume(source: Source, out_dir: Path) -> list[Path]:
    """Write ``etat-des-lieux.pdf`` under ``out_dir``; return its path in a list.

    Raises ``TypesettingError``; the file is whole or not there.
    """
    path = out_dir / NAME
    with Typesetter(TEMPLATE) as setter:
        pdf = setter.pdf(volume_data(Lookup(source)), date=source.edition, name=path.name)
    write_atomic(path, pdf)
    return [path]


def volume_data(lookup: Lookup) -> dict[str, Any]:
    """The whole data of ``volume.typ``."""
    source = lookup.source
    maps = maps_of(source)
    themes = [theme_data(lookup, theme) for theme in sheet_themes(lookup)]
    return {
        "title": "État des lieux des quartiers prioritaires",
        "author": source.epci_name,
        "subject": subtitle(source),
        "epci": source.epci_name,
        "contract": source.contract,
        "edition": date_longue(source.edition),
        "extent": typographie(method_words.extent(lookup)),
        "draft": source.draft,
        "notice": notice_text(source),
        "notice-line": notice_line(source, PORTRAIT * MM),
        "cover": _cover(source.fiches),
        "introduction": method_words.introduction(lookup),
        "messages": [_message(theme) for theme in themes],
        "matrix": _matrix(lookup),
        "worse": committee_page(lookup),
        "perimeters": perimeter_pages(source),
        "method": _method(lookup),
        "themes": themes,
        "evolutions": evolutions(lookup),
        "tables": [
            part
            for code in thematic_codes(lookup)
            if not (grid := thematic_grid(lookup, code)).empty
            for part in grid_parts(lookup, grid)
        ],
        "quartiers": [_quartier(fiche, maps.get(fiche.code)) for fiche in _ordered(source.fiches)],
        "equipment": equipment_parts(lookup),
        "around": _around(lookup),
        **annexes.annex_data(lookup),
    }


def _ordered(fiches: Any) -> list[Fiche]:
    return sorted(fiches, key=lambda fiche: (alphabetical(fiche.name), fiche.code))


# ------------------------------------------------------------------ cover and essential


def _cover(fiches: Any) -> dict[str, Any] | None:
    """The schematic map: no neighbourhood set apart, how many themes are difficult in each."""
    if not fiches or not fiches[0].tiles:
        return None
    first: Fiche = fiches[0]
    marks = [
        tiles.TileMark(tile.code, tile.label, tile.column, tile.row, difficult=tile.difficult)
        for tile in first.tiles
    ]
    width, height = _COVER_MAP
    note = "un carré par quartier, nord en haut" if first.tiles_placed else "un carré par quartier"
    told = any(mark.difficult for mark in marks)
    return {
        "keys": keys_data(tiles.tile_keys(told, False)[1:]),
        "svg": tiles.tile_map(marks, width * MM * _COVER_SCALE, height * MM * _COVER_SCALE),
        "alt": tiles.tile_map_alt(marks),
        "ratio": width / height,
        "note": note,
    }


def _message(theme: dict[str, Any]) -> dict[str, Any]:
    """The line of a theme on the page of the essential."""
    return {
        "icon": theme["icon"],
        "label": theme["label"],
        "tally": theme["tally"],
        "headline": theme["headline"],
        "more": theme["summary"][:2],
    }


def _matrix(lookup: Lookup) -> dict[str, Any]:
    """Signals by neighbourhood and theme; most difficult themes first, then by name."""
    cards = lookup.catalogue.themes
    themes = [
        code
        for code in sorted(cards, key=lambda code: cards[code].order)
        if any(lookup.signal(place.code, code) for place in lookup.qpv)
    ]
    with_offer = bool(lookup.offers)
    rows = []
    for place in lookup.qpv:
        cells = []
        for theme in themes:
            found = lookup.signal(place.code, theme)
            kind = found.signal if found else Signal.INDETERMINE.value
            weak = bool(found and hollow(lookup, found))
            cells.append({"kind": kind, "hollow": weak, "alt": signal_alt(kind, weak)})
        offer = lookup.offers.get(place.code)
        rows.append(
            {
                "code": place.code,
                "label": place.short,
                "detail": communes_text(place, _room(place.short), 7.2),
                "cells": cells,
                "offer": {
                    "signal": OFFER_SIGNALS.get(str(offer["offer"]), Signal.INDETERMINE),
                    "word": CLASS_WORDS.get(str(offer["offer"]), str(offer["offer"])),
                }
                if offer
                else None,
                "difficult": sum(cell["kind"] == Signal.DIFFICILE for cell in cells),
                "good": sum(cell["kind"] == Signal.FAVORABLE for cell in cells),
            }
        )
    rows.sort(key=lambda row: (-int(str(row["difficult"])), int(str(row["good"]))))
    return {
        "themes": [{"label": cards[code].label, "icon": cards[code].icon} for code in themes],
        "with-offer": with_offer,
        "rows": rows,
    }


def _room(label: str) -> float:
    """Points left beside a name in the first column of the matrix."""
    return _MATRIX_LABEL * MM - text_width(label, 8.6, 600)


def _method(lookup: Lookup) -> dict[str, Any]:
    def plain(held: list[method_words.Paragraph]) -> list[dict[str, str]]:
        return [{"title": item.title, "text": item.text} for item in held]

    return {
        "paragraphs": plain(method_words.paragraphs(lookup)),
        "signals": plain(method_words.signal_indicators(lookup)),
        "parameters": plain(method_words.parameters(lookup)),
    }


# ------------------------------------------------------------------ neighbourhoods, around


def _quartier(fiche: Fiche, sheet_map: SheetMap | None) -> dict[str, Any]:
    """What the page of a neighbourhood takes from its sheet."""
    data = fiche_data(fiche, sheet_map=sheet_map)
    names = ("population", "population-lines", "headline", "strip", "brief", "map",
             "spine")  # fmt: skip
    return {
        **{name: data[name] for name in names},
        "code": fiche.code,
        "name": fiche.name,
        "communes": fiche.communes_text,
    }


def _around(lookup: Lookup) -> list[dict[str, Any]]:
    """All the figures of the agglomeration beside its references, a table a theme."""
    cards = lookup.catalogue.themes
    tables = []
    for theme in sorted(cards, key=lambda code: cards[code].order):
        held = context(lookup, theme)
        # more than a page of vintages: the last of each figure
        many = len(held.rows) > _CONTEXT_ROWS
        table = context_table(held, _CONTEXT_ROWS, latest=many)
        if table is not None:
            tables.append({**table, "title": typographie(cards[theme].label)})
    return tables
