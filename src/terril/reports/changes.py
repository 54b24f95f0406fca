"""What changed from one period to others, for the agglomeration and for the neighbourhoods?

A change is shown when no break of series forbids it (``terril.indicators.breaks``), and drawn
when both periods are known for half of the neighbourhoods at least, or for the agglomeration
and one of its references. A note goes with a change that the register lets through with one.
A figure known at more periods is drawn as a series too (``fiches.series``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from terril.catalogue.schema import FicheBlock
from terril.fiches.model import Series
from terril.figures.change import Change, change, change_alt
from terril.figures.series import SMALL
from terril.figures.svg import MM
from terril.indicators.breaks import between
from terril.lib.dates import periode_courte
from terril.lib.french import arrondi, avec_unite, compte, liste
from terril.observations.schema import Kind
from terril.reports.agglomeration import OUTSIDE, context_indicators, order_places
from terril.reports.grid import Column, column_of
from terril.reports.lookup import Lookup, Place, Value
from terril.reports.series_charts import chart
from terril.reports.words import ends

_WIDTH: Final = 84.0  # mm, half of the page
_MOST_ROWS: Final = 13
_TOLD: Final = 4  # periods of a series told in a line
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
    series: Series | None = None  # drawn instead of the rows

    @property
    def span(self) -> str:
        """« de 2013 à 2018 »."""
        return f"{periode_courte(self.before)} → {self.column.period_text}"


def movements(lookup: Lookup, theme: str, block: FicheBlock) -> list[Movement]:
    """The changes of a theme: drawn ones first, then those of the signal, then the others."""
    codes = dict.fromkeys((*block.signal, *block.rows, *context_indicators(lookup, theme)))
    found = [
        movement for code in codes for movement in _movements(lookup, code) if movement is not None
    ]
    return sorted(found, key=lambda movement: not movement.drawn)


def _movements(lookup: Lookup, code: str) -> tuple[Movement | None, ...]:
    """The series of a figure, and its change for each neighbourhood, else for the agglomeration."""
    years, places = _years(lookup, code), _neighbourhoods(lookup, code)
    if years is not None or places is not None:
        return years, places
    return (_agglomeration(lookup, code),)


def movement_data(movement: Movement) -> dict[str, Any]:
    """What Typst needs of a movement: the drawing and its line."""
    if movement.series is not None:
        drawn = chart(movement.series, _WIDTH, plot=SMALL, token="ardoise")
        return {
            "label": drawn.label,
            "unit": movement.series.unit,
            "who": movement.who,
            "told": movement.told,
            "span": movement.span,
            "drawn": True,
            "svg": drawn.svg,
            "alt": drawn.alt,
        }
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


# ------------------------------------------------------------------ years


def _years(lookup: Lookup, code: str) -> Movement | None:
    """The series of the agglomeration beside the mean of its neighbourhoods, else of that mean."""
    epci = lookup.source.epci
    series = lookup.series.agglomeration(epci, code)
    who = "agglomération"
    if series is None:
        places = [place.code for place in lookup.qpv]
        series, who = lookup.series.mean(epci, code, places), "moyenne des quartiers"
    if series is None:
        return None
    known = [p for line in series.lines for p in line.points if p.value is not None]
    first, last = known[0], known[-1]
    column = column_of(lookup, code, last.period)
    # values side by side, never a change: two of them may not be comparable
    told = ", ".join(f"{point.text} ({point.period})" for point in known[-_TOLD:])
    notes = tuple(cut.label for cut in series.cuts)
    return Movement(column, first.period, (), True, who, told, notes, series)


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
        held, notes = _free(lookup, code, held)
        if len(held) < 2 or 2 * len(held) < len(lookup.qpv):
            continue
        column = column_of(lookup, code, last)
        own = _pair(lookup, _epci(lookup), code, before, last)
        if own is not None and _allowed(lookup, code, own[1], own[2]) is None:
            own = None
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


def _free(
    lookup: Lookup, code: str, held: list[tuple[Place, Value, Value]]
) -> tuple[list[tuple[Place, Value, Value]], tuple[str, ...]]:
    """The pairs that no break blocks, and what is said of them: sources may differ by place."""
    known: dict[tuple[str, str], tuple[str, ...] | None] = {}
    for _, before, after in held:
        sources = (before.source, after.source)
        if sources not in known:
            known[sources] = _allowed(lookup, code, before, after)
    free = [pair for pair in held if known[pair[1].source, pair[2].source] is not None]
    notes = dict.fromkeys(
        note for pair in free for note in known[pair[1].source, pair[2].source] or ()
    )
    return free, tuple(notes)


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
