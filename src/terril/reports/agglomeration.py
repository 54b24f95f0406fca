"""Which figures compare the agglomeration with its neighbours, its department, France?

Tables whose columns are territories (the agglomeration, its neighbourhoods together, other
agglomerations, department, region, France) and whose rows are figures of one period; and
tables of communes. Nothing is computed: a figure is there or it is not.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from terril.lib.dates import periode_courte
from terril.observations.schema import Kind, Status
from terril.reports.grid import Column, Figure, column_of, figure_of
from terril.reports.lookup import ABSENT, Lookup, Place, alphabetical

#: order of the columns, from the nearest to the widest
_ORDER = (
    Kind.EPCI,
    Kind.QPV_ENSEMBLE,
    Kind.HORS_QPV,
    Kind.DEPARTEMENT,
    Kind.REGION,
    Kind.FRANCE_METRO,
    Kind.FRANCE,
)
#: kinds that compare the agglomeration with something larger than itself or beside it
OUTSIDE = (Kind.DEPARTEMENT, Kind.REGION, Kind.FRANCE_METRO, Kind.FRANCE)


@dataclass(frozen=True, slots=True)
class ContextRow:
    """One indicator at one period, over the territories of the table."""

    column: Column
    figures: tuple[Figure, ...]

    @property
    def known(self) -> int:
        """How many territories have a value."""
        return sum(figure.value is not None for figure in self.figures)


@dataclass(frozen=True, slots=True)
class Context:
    """A table of one theme: territories in columns, figures in rows."""

    theme: str
    places: tuple[Place, ...]
    rows: tuple[ContextRow, ...]


def _key(lookup: Lookup, place: Place) -> tuple[int, int, str]:
    kinds = [str(kind) for kind in _ORDER]
    own = place.code == lookup.source.epci
    position = kinds.index(place.kind) if place.kind in kinds else len(kinds)
    if place.kind == Kind.EPCI and not own:
        position = kinds.index(Kind.HORS_QPV)  # neighbours after the composites
    return (position, 0 if own else 1, alphabetical(place.label))


def order_places(lookup: Lookup, places: Iterable[Place]) -> list[Place]:
    """The agglomeration first, its composites, its neighbours, then what is wider."""
    return sorted(places, key=lambda place: _key(lookup, place))


def indicators_of(lookup: Lookup, theme: str) -> list[str]:
    """Codes of the theme's indicators, in the order of the catalogue."""
    return [code for code in lookup.catalogue.indicators if code.split(".")[0] == theme]


def context_indicators(lookup: Lookup, theme: str) -> list[str]:
    """Indicators of the theme's tables of the agglomeration, then the theme's others."""
    tables = lookup.catalogue.tables.values()
    first = [
        code
        for table in tables
        if table.theme == theme and table.scope == "agglomeration"
        for code in table.columns
    ]
    return list(dict.fromkeys([*first, *indicators_of(lookup, theme)]))


def context(lookup: Lookup, theme: str, kinds: Iterable[str] = _ORDER) -> Context:
    """The figures of ``theme`` for the agglomeration and what surrounds it.

    One row an indicator and period that the agglomeration, or its neighbourhoods together,
    has; the territories are those that have at least one of these figures.
    """
    wanted = {str(kind) for kind in kinds}
    rows: list[tuple[str, str]] = []
    places: dict[tuple[str, str], Place] = {}
    for code in context_indicators(lookup, theme):
        held = [key for key in lookup.territories_by_indicator.get(code, ()) if key[0] in wanted]
        own = [key for key in held if key[1] == lookup.source.epci]
        for period in sorted({p for key in own for p in lookup.periods(*key, code)}):
            rows.append((code, period))
            for kind, territory in held:
                if lookup.value(kind, territory, code, period).status == Status.OK:
                    places[kind, territory] = lookup.place(kind, territory)
    ordered = tuple(order_places(lookup, places.values()))
    table = [_row(lookup, code, period, ordered) for code, period in rows]
    return Context(theme, ordered, tuple(row for row in table if row.known))


def _row(lookup: Lookup, code: str, period: str, places: tuple[Place, ...]) -> ContextRow:
    column = column_of(lookup, code, period)
    figures = tuple(
        figure_of(lookup.value(place.kind, place.code, code, period), column.decimals)
        for place in places
    )
    return ContextRow(column, figures)


@dataclass(frozen=True, slots=True)
class TerritoryTable:
    """Territories in rows, indicators in columns, each at one period."""

    title: str
    columns: tuple[Column, ...]
    places: tuple[Place, ...]
    figures: tuple[tuple[Figure, ...], ...]


def territory_table(
    lookup: Lookup, title: str, indicators: Iterable[str], kinds: Iterable[str]
) -> TerritoryTable:
    """Each indicator at the period that most of these territories know, the latest if equal.

    Indicators that none of them has are left out, and so are territories without a figure.
    """
    wanted = {str(kind) for kind in kinds}
    columns, places = [], {}
    for code in indicators:
        held = [key for key in lookup.territories_by_indicator.get(code, ()) if key[0] in wanted]
        counts: dict[str, int] = {}
        for key in held:
            for period in lookup.periods(*key, code):
                known = lookup.value(*key, code, period).status != Status.MISSING
                counts[period] = counts.get(period, 0) + known
        if not counts or not max(counts.values()):
            continue
        period = max(counts, key=lambda name: (counts[name], name))
        columns.append(column_of(lookup, code, period))
        for kind, territory in held:
            if lookup.value(kind, territory, code, period) is not ABSENT:
                places[kind, territory] = lookup.place(kind, territory)
    kinds_order = [str(kind) for kind in Kind]
    ordered = tuple(
        sorted(
            places.values(),
            key=lambda place: (kinds_order.index(place.kind), alphabetical(place.label)),
        )
    )
    return TerritoryTable(
        title,
        tuple(columns),
        ordered,
        tuple(
            tuple(
                figure_of(
                    lookup.value(place.kind, place.code, column.indicator, column.period),
                    column.decimals,
                )
                for column in columns
            )
            for place in ordered
        ),
    )


def head_text(column: Column) -> str:
    """« Familles monoparentales, CAF⏎en %, 2017 »."""
    second = ", ".join(part for part in (column.unit, periode_courte(column.period)) if part)
    return f"{column.label}\n{second}"
