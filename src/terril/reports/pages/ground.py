"""Which map of the agglomeration does a page show, when the edition has perimeters?

The signals of a theme or the classes of an indicator, each neighbourhood a link that says its
value. Without perimeters there is no map: the pages have their schematic plan or their table.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from terril.catalogue.load import Catalogue
from terril.catalogue.schema import Indicator
from terril.editions.look import Look, Row
from terril.fiches.model import SIGNAL_WORDS
from terril.figures.links import linked
from terril.figures.maps_agglomeration import Subject, Value
from terril.figures.maps_choropleth import classes_alt, draw_classes
from terril.figures.maps_classes import classify
from terril.figures.maps_model import Atlas
from terril.figures.maps_signals import SignalMark, draw_signals
from terril.lib.french import NBSP, avec_unite
from terril.observations.schema import Status
from terril.reports.pages.kept import kept

#: points; narrow, so that marks and words are still seen on a telephone
_SIGNALS_WIDTH: Final = 320.0
_CLASSES_WIDTH: Final = 420.0
#: height over width of a map at least and at most, whatever the agglomeration is like
_FLAT, _HIGH = 0.55, 1.1
_ROOM: Final = 22.0  # points under the agglomeration, for its scale

Address = Callable[[str], str]


def signals_map(look: Look, epci: str, theme: str, marks: Sequence[SignalMark], label: str) -> str:
    """The map of the signals of a theme, "" when the perimeters are not known."""
    atlas = look.atlas(epci)
    if atlas is None or not {m.code for m in marks} & {q.code for q in atlas.quarters}:
        return ""

    def make() -> str:
        counts = ", ".join(
            f"{count} {word}"
            for kind, word in SIGNAL_WORDS.items()
            if (count := sum(mark.kind == kind for mark in marks))
        )
        alt = f"Carte de l’agglomération, {len(marks)} quartiers, thème {label}{NBSP}: {counts}."
        return draw_signals(
            atlas, marks, f"Signaux du thème {label}", alt, *_size(atlas, _SIGNALS_WIDTH)
        )

    return kept(("signals", look.mark, epci, theme, marks[0].href), make)


def classes_map(
    look: Look,
    epci: str,
    card: Indicator,
    code: str,
    period: str,
    breakdown: str,
    positions: Sequence[Row],
    address: Address,
    title: str,
) -> tuple[str, str]:
    """The map of an indicator and what it says in words; two "" without perimeter or value."""
    atlas = look.atlas(epci)
    if atlas is None:
        return "", ""
    values = _values(look.catalogue, card, positions)
    known = [held.value for held in values.values() if held.value is not None]
    held_codes = {q.code for q in atlas.quarters}
    if not known or not held_codes & set(values):
        return "", ""
    unit = look.catalogue.units[card.unit]
    subject = Subject(title, "", unit.symbol, card.decimals)
    classes = classify(known, decimals=card.decimals)

    def link(territory: str, said: str, drawn: str) -> str:
        if territory not in look.neighbourhoods:
            return drawn
        return linked(address(territory), said, drawn)

    def make() -> str:
        return draw_classes(
            atlas, values, classes, subject, *_size(atlas, _CLASSES_WIDTH), names="ends", link=link
        ).svg

    first = address(next(iter(look.neighbourhoods)))
    svg = kept(("classes", look.mark, epci, code, period, breakdown, first), make)
    return svg, classes_alt(atlas.quarters, values, classes, subject)


def _size(atlas: Atlas, width: float) -> tuple[float, float]:
    """Width and height in points that leave little ground empty around the agglomeration."""
    west, south, east, north = atlas.bounds
    ratio = (north - south) / max(east - west, 1.0)
    return width, width * min(max(ratio, _FLAT), _HIGH) + _ROOM


def _values(catalogue: Catalogue, card: Indicator, positions: Sequence[Row]) -> Mapping[str, Value]:
    found: dict[str, Value] = {}
    symbol = catalogue.units[card.unit].symbol
    for row in positions:
        if row["status"] == Status.OK and row["value"] is not None:
            text = avec_unite(row["value"], card.decimals, symbol)
            found[str(row["territory"])] = Value(row["value"], text)
        elif row["status"] == Status.SECRET:
            found[str(row["territory"])] = Value(None, "secret statistique", "secret")
    return found
