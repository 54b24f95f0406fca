"""How has each figure moved, for the agglomeration and in every neighbourhood?

The chapter « Les évolutions » of the volume: a page an indicator that is known at enough periods.
A wide drawing of the agglomeration and of the mean, then one small drawing a neighbourhood, all on
the same scale. What is to be known of the breaks stands under them, once.
"""

from __future__ import annotations

from typing import Any, Final

from terril.fiches.model import Series
from terril.fiches.series import AGGLOMERATION, MEAN
from terril.figures.series import line_key, scale_of
from terril.figures.svg import MM
from terril.lib.french import nombre
from terril.lib.prose import typographie
from terril.reports.fiche_themes import keys_data
from terril.reports.lookup import Lookup, Place
from terril.reports.plan import GUTTER, WIDTH
from terril.reports.series_charts import chart, notes_of
from terril.reports.words import ends

PAGES: Final = 12  # indicators drawn; the others are in the workbook
_COLUMNS: Final = 3
_LEAST, _MOST = 36.0, 62.0  # height of a small plot, in points
_TALL: Final = 52.0
_ROOM_LEFT: Final = 176.0  # mm of a page for the small drawings
_AROUND: Final = 13.0  # mm of a small drawing that are not its plot: title, periods, gap
_NAMES: Final = {AGGLOMERATION: "agglomération", MEAN: "moyenne des quartiers"}
_ROOM: Final = 1.5  # a reference may widen the common scale so many times


def evolutions(lookup: Lookup) -> list[dict[str, Any]]:
    """One entry an indicator, those of the signals first; empty when nothing has a past."""
    model = lookup.catalogue.fiches[lookup.source.fiche_model]
    codes = [code for block in model.blocks for code in block.signal]
    codes += [code for block in model.blocks for code in block.rows]
    found = (_page(lookup, code) for code in dict.fromkeys(codes))
    return [page for page in found if page is not None][:PAGES]


def _page(lookup: Lookup, code: str) -> dict[str, Any] | None:
    group = lookup.source.epci
    held = [
        (place, series)
        for place in lookup.qpv
        if (series := lookup.series.neighbourhood(place.code, group, code)) is not None
    ]
    if not held:
        return None
    whole = lookup.series.agglomeration(group, code) or lookup.series.mean(
        group, code, [place.code for place in lookup.qpv]
    )
    notes = dict.fromkeys(text for _, series in held for text in notes_of(series))
    if whole is not None:
        notes.update(dict.fromkeys(notes_of(whole)))
    card = lookup.catalogue.indicators[code]
    left = len(lookup.qpv) - len(held)
    return {
        "theme": lookup.catalogue.themes[code.split(".")[0]].label,
        "icon": lookup.catalogue.themes[code.split(".")[0]].icon,
        "label": typographie(card.label),
        "whole": _wide(whole),
        "small": _small(held),
        "key": _key([series for _, series in held]),
        "notes": [ends(text) for text in notes],
        "left": typographie(
            f"{nombre(left)} quartier{'s' if left > 1 else ''} sans assez de périodes connues."
        )
        if left
        else "",
    }


def _wide(series: Series | None) -> dict[str, Any] | None:
    if series is None:
        return None
    who = "Agglomération" if series.references else "Moyenne des quartiers"
    return chart(series, WIDTH, plot=_TALL, label=who, token="ardoise").data()


def _key(held: list[Series]) -> list[dict[str, Any]]:
    """The lighter lines of the small drawings: they repeat, so a key says them once."""
    names = {r.name: r.strong for series in held for r in series.references}
    return keys_data(
        (line_key(strong=strong), _NAMES[name]) for name, strong in sorted(names.items())
    )


def _small(held: list[tuple[Place, Series]]) -> list[dict[str, Any]]:
    """One drawing a neighbourhood, in their order, on one scale and one width of time."""
    values = [
        p.value for _, s in held for line in s.lines for p in line.points if p.value is not None
    ]
    low, high = scale_of(values)
    beside = [
        p.value
        for _, s in held
        for reference in s.references
        for line in reference.lines
        for p in line
        if p.value is not None
    ]
    room = (_ROOM - 1) * (high - low)
    near = [value for value in beside if low - room <= value <= high + room]
    domain = (min([low, *near]), max([high, *near]))
    width = (WIDTH - 2 * GUTTER * (_COLUMNS - 1)) / _COLUMNS
    rows = -(-len(held) // _COLUMNS)
    plot = min(max((_ROOM_LEFT / rows - _AROUND) * MM, _LEAST), _MOST)
    return [
        chart(series, width, plot=plot, label=place.short, domain=domain, told=False).data()
        for place, series in held
    ]
