"""What changed between two periods, for the agglomeration and for the neighbourhoods?

A change is shown when no break of series forbids it (``terril.indicators.breaks``), and drawn
when both periods are known for half of the neighbourhoods at least, or for the agglomeration
and one of its references. A note goes with a change that the register lets through with one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from terril.catalogue.schema import FicheBlock
from terril.figures.change import Change, change, change_alt
from terril.figures.svg import MM
from terril.indicators.breaks import between
from terril.lib.dates import periode_courte
from terril.lib.french import arrondi, avec_unite, compte, liste
from terril.observations.schema import Kind
from terril.reports.agglomeration import OUTSIDE, context_indicators, order_places
from terril.reports.grid import Column, column_of
from terril.reports.lookup import Lookup, Place, Value
from terril.reports.words import ends

_WIDTH: Final = 84.0  # mm, half of the page
_MOST_ROWS: Final = 13
_EACH_END: Final = 4  # of a longer list: the strongest rises and falls


@dataclass(frozen=True, slots=True)
class Movement:
    """One indicator from one period to another: rows to draw, and the same in one line."""

    column: Column  # of the latest period
    before: str  # period, as in the data
    rows: tuple[Change, ...]
    drawn: bool  # enough territories to be worth a drawing
    who: str  # « agglomération », « 10 quartiers comparés »
    told: str  # « 8,4 en 2013 → 7,7 en 2018 », « 7 en hausse, 3 en baisse »
    notes: tuple[str, ...]  # what the register of breaks says of it

    @property
    def span(self) -> str:
        """« de 2013 à 2018 »."""
        return f"{periode_courte(self.before)} → {self.column.period_text}"


def movements(lookup: Lookup, theme: str, block: FicheBlock) -> list[Movement]:
    """The changes of a theme: drawn ones first, then those of the signal, then the others."""
    codes = dict.fromkeys((*block.signal, *block.rows, *context_indicators(lookup, theme)))
    found = [
        movement
        for code in codes
        for movement in (_neighbourhoods(lookup, code) or _agglomeration(lookup, code),)
        if movement is not None
    ]
    return sorted(found, key=lambda movement: not movement.drawn)


def movement_data(movement: Movement) -> dict[str, Any]:
    """What Typst needs of a movement: the drawing and its line."""
    title = f"{movement.column.label}, {movement.span}"
    periods = {
        "before": periode_courte(movement.before),
        "after": movement.column.period_text,
    }
    return {
        "label": movement.column.short,
        "unit": movement.column.unit,
        "who": movement.who,
        "told": movement.told,
        "span": movement.span,
        "drawn": movement.drawn,
        "svg": change(movement.rows, title=title, width=_WIDTH * MM, **periods)
        if movement.drawn
        else "",
        "alt": change_alt(movement.rows, title=title, **periods),
    }


def cautions_of(held: Sequence[Movement]) -> str:
    """What the register of breaks says of these changes, each thing once, as one text."""
    lines = dict.fromkeys(ends(line) for movement in held for line in movement.notes)
    return " ".join(lines)


# ------------------------------------------------------------------ neighbourhoods


def _neighbourhoods(lookup: Lookup, code: str) -> Movement | None:
    """The latest former period that half of the neighbourhoods share with the one shown."""
    last = lookup.shown(code)
    if last is None:
        return None
    for before in reversed(_periods(lookup, code, Kind.QPV, last)):
        held = [
            pair
            for place in lookup.qpv
            if (pair := _pair(lookup, place, code, before, last)) is not None
        ]
        if len(held) < 2 or 2 * len(held) < len(lookup.qpv):
            continue
        notes = _allowed(lookup, code, held[0][1], held[0][2])
        if notes is None:
            continue
        column = column_of(lookup, code, last)
        own = _pair(lookup, _epci(lookup), code, before, last)
        rows = _longest([_row(column, *pair) for pair in held], column)
        if own is not None:
            rows = [_row(column, *own, own=True), *rows]
        ways = Counter(_direction(column, pair[1].value, pair[2].value) for pair in held)
        words = (("higher", "en hausse"), ("lower", "en baisse"), ("equal", "stable"))
        told = liste(
            [
                f"{ways[name]} {word}{'s' if word == 'stable' and ways[name] > 1 else ''}"
                for name, word in words
                if ways[name]
            ]
        )
        who = compte(len(held), "quartier comparé", "quartiers comparés")
        return Movement(column, before, tuple(rows), True, who, told, notes)
    return None


def _longest(rows: list[Change], column: Column) -> list[Change]:
    """The rows by their change, the greatest rise first; of many, those of both ends."""

    def moved(row: Change) -> tuple[float, str]:
        return (
            -arrondi((row.after or 0.0) - (row.before or 0.0), column.decimals),
            row.name,
        )

    ordered = sorted(rows, key=moved)
    if len(ordered) < _MOST_ROWS:
        return ordered
    return [*ordered[:_EACH_END], *ordered[-_EACH_END:]]


# ------------------------------------------------------------------ agglomeration


def _agglomeration(lookup: Lookup, code: str) -> Movement | None:
    """From the former period that most references share to the latest of the agglomeration."""
    epci = _epci(lookup)
    known = lookup.known_periods(Kind.EPCI, epci.code, code)
    if len(known) < 2:
        return None
    last = known[-1]
    column = column_of(lookup, code, last)
    best: tuple[int, str, list[tuple[Place, Value, Value]], tuple[str, ...]] | None = None
    for before in known[:-1]:
        own = _pair(lookup, epci, code, before, last)
        notes = _allowed(lookup, code, own[1], own[2]) if own is not None else None
        if own is None or notes is None:
            continue
        others = [
            pair
            for place in _references(lookup, code)
            if (pair := _pair(lookup, place, code, before, last)) is not None
        ]
        if best is None or len(others) >= best[0]:
            best = (len(others), before, [own, *others], notes)
    if best is None:
        return None
    count, before, pairs, notes = best
    rows = tuple(_row(column, *pair, own=pair[0] is epci) for pair in pairs)
    told = (
        f"{rows[0].before_text} en {periode_courte(before)} → {rows[0].after_text} en "
        f"{column.period_text}"
    )
    return Movement(column, before, rows, count > 0, "agglomération", told, notes)


def _epci(lookup: Lookup) -> Place:
    return lookup.place(Kind.EPCI, lookup.source.epci)


def _references(lookup: Lookup, code: str) -> list[Place]:
    """Other agglomerations, the composites of this one, department, region, France."""
    kinds = {str(kind) for kind in (Kind.EPCI, Kind.QPV_ENSEMBLE, Kind.HORS_QPV, *OUTSIDE)}
    held = [
        lookup.place(kind, territory)
        for kind, territory in lookup.territories_by_indicator.get(code, ())
        if kind in kinds and (kind, territory) != (str(Kind.EPCI), lookup.source.epci)
    ]
    return order_places(lookup, held)


# ------------------------------------------------------------------ both


def _periods(lookup: Lookup, code: str, kind: str, last: str) -> Sequence[str]:
    """Periods before ``last`` at which some neighbourhood has the figure, oldest first."""
    found: set[str] = set()
    for place in lookup.qpv:
        found.update(lookup.known_periods(kind, place.code, code))
    return sorted(period for period in found if period < last)


def _pair(
    lookup: Lookup, place: Place, code: str, before: str, last: str
) -> tuple[Place, Value, Value] | None:
    first, second = (lookup.value(place.kind, place.code, code, p) for p in (before, last))
    return None if first.value is None or second.value is None else (place, first, second)


def _allowed(lookup: Lookup, code: str, before: Value, after: Value) -> tuple[str, ...] | None:
    """None when a break of series forbids the change; else what is to be said of it."""
    crossed = between(
        code, before.period, after.period, before.source, lookup.catalogue, source_b=after.source
    )
    if any(crossing.blocks for crossing in crossed):
        return None
    return tuple(crossing.card.line for crossing in crossed)


def _row(column: Column, place: Place, before: Value, after: Value, own: bool = False) -> Change:
    texts = [
        avec_unite(value.value or 0.0, column.decimals, column.symbol) for value in (before, after)
    ]
    return Change(place.short, before.value, after.value, texts[0], texts[1], own)


def _direction(column: Column, before: float | None, after: float | None) -> str:
    """The direction left after rounding."""
    moved = arrondi(after or 0.0, column.decimals) - arrondi(before or 0.0, column.decimals)
    return "higher" if moved > 0 else "lower" if moved < 0 else "equal"
