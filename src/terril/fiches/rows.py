"""Which figures stand on the sheet, row by row?

Page 1: the rows of the spine, on one axis of direction-adjusted z-scores. Page 2: the rows
of the tables, with the communes, the agglomeration, the mean of the neighbourhoods and the
rank. Values are those of the period shown for the contract; nothing is computed here but
the place of a reference on the axis.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from terril.catalogue.load import Catalogue
from terril.catalogue.schema import Indicator, Polarity
from terril.fiches.index import Figure, Index
from terril.fiches.model import Cell, SpineRow, TableRow
from terril.lib.dates import periode_courte
from terril.lib.french import avec_unite, nombre
from terril.observations.schema import Kind, Status
from terril.territories.registry import Territory

ABSENT_WORDS = {
    Status.SECRET: "secret",
    Status.NOT_SIGNIFICANT: "non signif.",
    Status.NOT_APPLICABLE: "sans objet",
}
ABSENT_MARKS = {Status.SECRET: "s", Status.NOT_SIGNIFICANT: "ns", Status.NOT_APPLICABLE: "so"}
DASH = "–"
OUTSIDE_ONLY = "Agglomération\u00a0: hors quartiers prioritaires."

#: marks of the notes of a row: (indicator, period) → marks
Marks = Callable[[str, str], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Places:
    """The territories one sheet compares."""

    group: str
    qpv: Territory
    communes: tuple[tuple[str, str], ...]  # INSEE code, name

    @property
    def joined(self) -> str:
        """The code of the mean of the communes, as a source may give it."""
        return "+".join(sorted(code for code, _ in self.communes))


def direction(card: Indicator) -> int:
    """+1 when higher is better or is not judged, −1 when higher is worse."""
    return -1 if card.polarity is Polarity.DEFAVORABLE else 1


def missing_word(status: str) -> str:
    """The word of page 1 for a figure that is not there: « secret », « absent »."""
    return ABSENT_WORDS.get(Status(status), "absent")


def _unit_text(catalogue: Catalogue, card: Indicator, value: float) -> str:
    return avec_unite(value, card.decimals, catalogue.units[card.unit].symbol)


class RowMaker:
    """Makes the rows of one contract's sheets."""

    def __init__(self, catalogue: Catalogue, index: Index) -> None:
        self.catalogue = catalogue
        self.index = index

    def cell(self, card: Indicator, figure: Figure | None) -> Cell:
        """The cell of a table: a number without unit, a mark, or a dash."""
        if figure is None:
            return Cell(DASH, Status.MISSING)
        if figure.status == Status.OK and figure.value is not None:
            return Cell(nombre(figure.value, card.decimals))
        return Cell(ABSENT_MARKS.get(Status(figure.status), DASH), figure.status)

    def _communes(self, places: Places, code: str, period: str) -> list[Figure | None]:
        return [
            self.index.figure(Kind.COMMUNE, commune, code, period) for commune, _ in places.communes
        ]

    def _mean_of_communes(self, places: Places, code: str, period: str) -> Figure | None:
        return self.index.figure(Kind.COMMUNES, places.joined, code, period)

    def agglomeration(self, group: str, code: str, period: str | None) -> tuple[Figure | None, str]:
        """The figure of the agglomeration, and a note when it is that of its other areas only."""
        own = self.index.figure(Kind.EPCI, group, code, period)
        if own is not None and own.value is not None:
            return own, ""
        rest = self.index.figure(Kind.HORS_QPV, group, code, period)
        if rest is not None and rest.value is not None:
            return rest, OUTSIDE_ONLY
        return own, ""

    def spine(self, places: Places, code: str, alt: str) -> SpineRow:
        """One row of page 1; ``alt`` is the row read aloud."""
        card = self.catalogue.indicators[code]
        period = self.index.period(places.group, code)
        own = self.index.figure(Kind.QPV, places.qpv.code, code, period)
        key = (places.group, code, period or "")
        spread = self.index.spreads.get(key)
        position = self.index.positions.get((places.qpv.code, code, period or ""))

        def place(value: float | None) -> float | None:
            if value is None or spread is None or spread.mean is None or not spread.sd:
                return None
            return round((value - spread.mean) / spread.sd * direction(card), 3)

        known = [
            f.value for f in self._communes(places, code, period or "") if f and f.value is not None
        ]
        is_mean = False
        if len(known) < len(places.communes) > 1:  # the mean a source gives, else what is known
            mean = self._mean_of_communes(places, code, period or "")
            if mean and mean.value is not None:
                known, is_mean = [mean.value], True
        epci, _ = self.agglomeration(places.group, code, period)
        others = self.index.scores.get(key, {})
        has_value = own is not None and own.value is not None
        return SpineRow(
            indicator=code,
            label=card.short,
            status=own.status if own else Status.MISSING,
            value=_unit_text(self.catalogue, card, own.value)
            if own is not None and own.value is not None
            else missing_word(own.status if own else Status.MISSING),
            z=position.z if position and has_value else None,
            others=tuple(round(z, 3) for t, z in sorted(others.items()) if t != places.qpv.code),
            communes=tuple(z for z in map(place, known) if z is not None),
            communes_is_mean=is_mean,
            epci_z=place(epci.value) if epci else None,
            epci=_unit_text(self.catalogue, card, epci.value)
            if epci and epci.value is not None
            else self.cell(card, epci).text,
            rank=str(position.rank) if position and position.rank else DASH,
            known=spread.known if spread else 0,
            alt=alt,
        )

    def table(self, places: Places, code: str, marks: Marks) -> TableRow:
        """One row of page 2."""
        card = self.catalogue.indicators[code]
        period = self.index.period(places.group, code) or ""
        own = self.index.figure(Kind.QPV, places.qpv.code, code, period)
        key = (places.group, code, period)
        spread = self.index.spreads.get(key)
        position = self.index.positions.get((places.qpv.code, code, period))
        values = self.index.values.get(key, {})
        low = min(values.values(), default=None)
        high = max(values.values(), default=None)

        def on_strip(value: float | None) -> float | None:
            if value is None or low is None or high is None or low == high:
                return None
            share = (value - low) / (high - low)
            return round(1 - share if direction(card) < 0 else share, 4)

        own_value = own.value if own else None
        return TableRow(
            indicator=code,
            label=card.table or card.short,
            marks=marks(code, period),
            period=periode_courte(period) if period else "",
            value=self.cell(card, own),
            communes=self._commune_cells(places, card, code, period),
            epci=self.cell(card, self.agglomeration(places.group, code, period)[0]),
            mean=Cell(nombre(spread.mean, card.decimals))
            if spread and spread.mean is not None
            else Cell(DASH, Status.MISSING),
            rank=str(position.rank) if position and position.rank else DASH,
            known=spread.known if spread else 0,
            strip=tuple(
                x for _, value in sorted(values.items()) if (x := on_strip(value)) is not None
            ),
            strip_own=on_strip(own_value),
            strip_mean=on_strip(spread.mean) if spread else None,
        )

    def _commune_cells(
        self, places: Places, card: Indicator, code: str, period: str
    ) -> tuple[Cell, ...]:
        figures = self._communes(places, code, period)
        count = len(figures)
        known = [f.value for f in figures if f and f.value is not None]
        if len(known) < count > 1:  # the mean a source gives speaks of all of them
            mean = self._mean_of_communes(places, code, period)
            if mean and mean.value is not None:
                cell = self.cell(card, mean)
                return (Cell(cell.text, cell.status, f"moyenne des {_count_word(count)}"),)
        if count > 3:
            return (_extent(card, known),)
        return tuple(self.cell(card, figure) for figure in figures)


def _extent(card: Indicator, known: Sequence[float]) -> Cell:
    if not known:
        return Cell(DASH, Status.MISSING)
    low, high = nombre(min(known), card.decimals), nombre(max(known), card.decimals)
    return Cell(low if low == high else f"{low} à {high}")


def _count_word(count: int) -> str:
    return {2: "deux", 3: "trois", 4: "quatre", 5: "cinq", 6: "six"}.get(count, str(count))
