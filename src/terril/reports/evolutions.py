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
from terril.reports.plan import BODY, GUTTER, WIDTH, Face
from terril.reports.series_charts import Chart, chart, notes_of
from terril.reports.words import ends

PAGES: Final = 12  # indicators drawn; the others are in the workbook
_COLUMNS: Final = 3
_LEAST, _MOST = 30.0, 62.0  # height of a small plot, in points
_TALL: Final = 52.0
_HEAD: Final = 27.5  # mm of a page: title, theme, heading of the small drawings (evolutions.typ)
_TITLE: Final = Face(20.0, 21.0, 700)
_SMALL: Final = Face(7.2, 8.0)
_WIDE_GAP: Final = 5.4
_ROW_GAP: Final = 4.6
_PART_GAP: Final = 4.0  # before what stands under the drawings
_NOTES_HEAD: Final = 2.3
_NOTES: Final = "Ruptures de série. "
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
    whole = agglomeration = lookup.series.agglomeration(group, code)
    if agglomeration is None:
        whole = lookup.series.mean(group, code, [place.code for place in lookup.qpv])
    notes = dict.fromkeys(text for _, series in held for text in notes_of(series))
    if whole is not None:
        notes.update(dict.fromkeys(notes_of(whole)))
    card = lookup.catalogue.indicators[code]
    left = len(lookup.qpv) - len(held)
    wide = _wide(whole, "Agglomération" if agglomeration else "Moyenne des quartiers")
    told = [ends(text) for text in notes]
    titles = _TITLE.lines(card.label, WIDTH)
    room = BODY - _HEAD - (_TITLE.height(titles) - _TITLE.height(1))
    if wide:
        room -= wide.height + _WIDE_GAP
    if left:
        room -= _PART_GAP + _SMALL.height(1)
    if told:
        lines = _SMALL.lines(_NOTES + " ".join(told), WIDTH)
        room -= _PART_GAP + _NOTES_HEAD + _SMALL.height(lines)
    return {
        "theme": lookup.catalogue.themes[code.split(".")[0]].label,
        "icon": lookup.catalogue.themes[code.split(".")[0]].icon,
        "label": typographie(card.label),
        "whole": wide.data() if wide else None,
        "small": _small(held, room),
        "key": _key([series for _, series in held]),
        "notes": told,
        "left": typographie(
            f"{nombre(left)} quartier{'s' if left > 1 else ''} sans assez de périodes connues."
        )
        if left
        else "",
    }


def _wide(series: Series | None, who: str) -> Chart | None:
    if series is None:
        return None
    return chart(series, WIDTH, plot=_TALL, label=who, token="ardoise")


def _key(held: list[Series]) -> list[dict[str, Any]]:
    """The lighter lines of the small drawings: they repeat, so a key says them once."""
    names = {r.name: r.strong for series in held for r in series.references}
    return keys_data(
        (line_key(strong=strong), _NAMES[name]) for name, strong in sorted(names.items())
    )


def _small(held: list[tuple[Place, Series]], room: float) -> list[dict[str, Any]]:
    """One drawing a neighbourhood, in their order, on one scale and one width of time.

    ``room``: millimetres of the page that they share; where it is too little they are as low
    as may be, and go on over the page.
    """
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
    wider = (_ROOM - 1) * (high - low)
    near = [value for value in beside if low - wider <= value <= high + wider]
    domain = (min([low, *near]), max([high, *near]))
    width = (WIDTH - 2 * GUTTER * (_COLUMNS - 1)) / _COLUMNS

    def drawn(plot: float) -> list[Chart]:
        return [
            chart(series, width, plot=plot, label=place.short, domain=domain, told=False)
            for place, series in held
        ]

    least = drawn(_LEAST)
    rows = -(-len(held) // _COLUMNS)
    spare = (room + _ROW_GAP) / rows - _ROW_GAP - max(small.height for small in least)
    plot = min(_LEAST + max(spare, 0.0) * MM, _MOST)
    return [small.data() for small in (drawn(plot) if plot > _LEAST else least)]
