"""Which territories have both an outline and something to say of it?

Rows for GeoJSON and GeoPackage: one a territory, its figures side by side, one column a period.
A figure without a value is empty and its status says why, as everywhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

import polars as pl

from terril.editions.look import Look
from terril.editions.look_outlines import layer
from terril.reports.exports.cube import Cube, value_of
from terril.reports.exports.sdmx import identifier
from terril.territories.geometry import Layer

#: kinds of territory that may have an outline, from the smallest
KINDS: Final = ("qpv", "iris", "commune", "epci")
_TOTAL: Final = "total"


def neighbourhoods(look: Look) -> Layer | None:
    """Return the outlines of the neighbourhoods that have a sheet, with their signals.

    Attributes: nom, communes, epci, population, one ``signal_<theme>`` a theme (favorable, moyen,
    difficulte… or null). ``None`` when the edition has no outline.
    """
    found = layer(look, "qpv")
    if found is None:
        return None
    found = found.pick(look.neighbourhoods)
    signals = {(r["group"], r["territory"], r["theme"]): r["signal"] for r in look.rows("signals")}
    themes = [
        code
        for code, card in sorted(look.catalogue.themes.items(), key=lambda item: item[1].order)
        if any(theme == code for _, _, theme in signals)
    ]
    rows = []
    for code in found.codes:
        place = look.neighbourhoods[code]
        row: dict[str, Any] = {
            "genre": place.kind,
            "communes": ", ".join(
                look.places["commune", c].label if ("commune", c) in look.places else c
                for c in place.communes
            ),
            "epci": place.epci,
            "population": place.population,
        }
        for theme in themes:
            row[f"signal_{theme}"] = signals.get((place.epci, code, theme))
        rows.append(row)
    kinds = {"genre": pl.String, "communes": pl.String, "epci": pl.String, "population": pl.Float64}
    schema = {**kinds, **{f"signal_{theme}": pl.String for theme in themes}}
    labels = tuple(look.names.get(code, code) for code in found.codes)
    return replace(found, labels=labels, attributes=pl.DataFrame(rows, schema=schema))


def with_figures(look: Look, cube: Cube) -> tuple[Layer, ...]:
    """Return the outlines of the territories of a cube of one indicator, with its figures.

    One layer a kind. Attributes: genre, indicateur, unite, then ``valeur_<période>`` and
    ``statut_<période>`` (``_<ventilation>`` behind when it is not the total).
    """
    found = []
    for kind in KINDS:
        outlines = layer(look, kind)
        own = [o for o in cube.observations if o.kind == kind]
        if outlines is None or not own:
            continue
        known = outlines.pick(o.territory for o in own)
        if not len(known):
            continue
        held = {(o.territory, _head(o.period, o.breakdown)): o for o in own}
        heads = sorted({head for _, head in held})
        code = own[0].indicator
        columns: dict[str, list[Any]] = {
            "genre": [kind] * len(known),
            "indicateur": [code] * len(known),
            "unite": [cube.indicators[code].unit] * len(known),
        }
        schema: dict[str, Any] = dict.fromkeys(columns, pl.String)
        for head in heads:
            cells = [held.get((territory, head)) for territory in known.codes]
            columns[f"valeur{head}"] = [None if o is None else value_of(o) for o in cells]
            columns[f"statut{head}"] = [None if o is None else o.status for o in cells]
            schema |= {f"valeur{head}": pl.Float64, f"statut{head}": pl.String}
        labels = _labels(look, kind, known.codes)
        frame = pl.DataFrame(columns, schema=schema, strict=False)
        found.append(replace(known, labels=labels, attributes=frame))
    return tuple(found)


def _labels(look: Look, kind: str, codes: Sequence[str]) -> tuple[str, ...]:
    names: Mapping[str, str] = look.names if kind == "qpv" else {}
    return tuple(
        names.get(code) or (look.places[kind, code].label if (kind, code) in look.places else code)
        for code in codes
    )


def _head(period: str, breakdown: str) -> str:
    parts = [period, *([] if breakdown == _TOTAL else [breakdown])]
    return "".join(f"_{identifier(part).replace('-', '_')}" for part in parts if part)
