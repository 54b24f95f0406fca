"""Which figures does a thematic table show, cell by cell?

One model, three renderers: the PDF, the workbook and the CSV files are written from the same
:class:`Grid`, so they cannot disagree. A grid holds values and their texts; it computes
nothing but where a dot stands on its axis.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from terril.catalogue.schema import Aggregation, Indicator, Polarity
from terril.lib.dates import periode_courte
from terril.lib.french import arrondi, liste, nombre
from terril.observations.schema import Kind, Origin, Status
from terril.reports.lookup import ABSENT, Lookup, Place, Value
from terril.reports.notes import contradiction_note

SECRET = "s"
NO_DATA = "–"
TEXTS = {
    Status.SECRET: SECRET,
    Status.MISSING: NO_DATA,
    Status.NOT_SIGNIFICANT: "ns",
    Status.NOT_APPLICABLE: "so",
}
LEGEND = {
    SECRET: "secret statistique : trop peu de personnes pour publier le chiffre",
    NO_DATA: "pas de donnée",
    "ns": "non significatif, selon le producteur",
    "so": "sans objet",
}
#: more ties than this and an extreme says nothing
MOST_TIES = 3

Extreme = Literal["", "best", "worst", "high", "low"]
RowKind = Literal["qpv", "mean", "wmean", "epci", "other"]


@dataclass(frozen=True, slots=True)
class Column:
    """An indicator of the table, with what its head says."""

    indicator: str
    label: str
    short: str
    unit: str  # « en % »
    symbol: str
    period: str  # as in the data
    decimals: int
    polarity: str
    source: str  # code of the source card

    @property
    def period_text(self) -> str:
        """« 2015 », « fin 2018 »."""
        return periode_courte(self.period)


@dataclass(frozen=True, slots=True)
class Figure:
    """One cell: the rounded value with its text, or why there is none."""

    value: float | None
    status: str
    text: str
    rank: int | None = None
    known: int = 0
    extreme: Extreme = ""
    at: float | None = None  # place between the lowest and highest QPV, favourable to the right
    marks: tuple[int, ...] = ()
    derived: bool = False
    period: str = ""  # only when it is not that of the column


@dataclass(frozen=True, slots=True)
class Row:
    """A territory, or a mean."""

    kind: RowKind
    code: str
    label: str
    short: str
    detail: str
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """A whole table."""

    code: str
    theme: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    notes: tuple[str, ...]  # numbered from 1
    remarks: tuple[str, ...]  # without a number: cautions, other periods
    means: tuple[float | None, ...] = ()  # place of the plain mean on the axis, by column

    @property
    def statuses(self) -> list[str]:
        """Texts that stand in the place of a value, in the order of the legend."""
        used = {figure.text for row in self.rows for figure in row.figures if figure.value is None}
        return [text for text in LEGEND if text in used]

    @property
    def empty(self) -> bool:
        """Does no neighbourhood have any figure or secrecy to show?"""
        return not any(
            figure.status != Status.MISSING
            for row in self.rows
            if row.kind == "qpv"
            for figure in row.figures
        )


def column_of(lookup: Lookup, code: str, period: str) -> Column:
    """The head of an indicator's column."""
    card = lookup.catalogue.indicators[code]
    unit = lookup.catalogue.units[card.unit]
    short = card.label if card.short.startswith("…") else card.short
    return Column(
        code, card.label, short, unit.head, unit.symbol, period, card.decimals, card.polarity,
        card.source,
    )  # fmt: skip


def figure_of(value: Value, decimals: int) -> Figure:
    """The cell of a figure without any comparison."""
    if value.value is None:
        status = value.status if value.status != Status.OK else Status.MISSING
        return Figure(None, status, TEXTS.get(Status(status), NO_DATA))
    rounded = arrondi(value.value, decimals)
    return Figure(
        rounded, Status.OK, nombre(value.value, decimals), derived=value.origin != Origin.STATED
    )


@dataclass(slots=True)
class _Builder:
    lookup: Lookup
    columns: tuple[Column, ...]
    notes: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def qpv_row(self, place: Place) -> Row:
        figures = tuple(self._qpv_figure(place, column) for column in self.columns)
        return Row("qpv", place.code, place.label, place.short, place.communes_text, figures)

    def _qpv_figure(self, place: Place, column: Column) -> Figure:
        value = self.lookup.value(Kind.QPV, place.code, column.indicator, column.period)
        plain = figure_of(value, column.decimals)
        marks = self._marks(Kind.QPV, place, column, value)
        if value.value is None:
            return Figure(plain.value, plain.status, plain.text, marks=marks)
        position = self.lookup.position(place.code, column.indicator, column.period)
        return Figure(
            plain.value,
            plain.status,
            plain.text,
            rank=position.rank if position else None,
            known=position.known if position else 0,
            extreme=self._extreme(place, column),
            at=self.place_on_axis(value.value, column),
            marks=marks,
            derived=plain.derived,
        )

    def _marks(self, kind: str, place: Place, column: Column, value: Value) -> tuple[int, ...]:
        if not value.contradicted:
            return ()
        note = contradiction_note(self.lookup, kind, place.code, column.indicator, value.period)
        if not note:
            return ()
        self.notes.append(f"{place.short}, {_lower(column.short)} : {note}")
        return (len(self.notes),)

    def _extreme(self, place: Place, column: Column) -> Extreme:
        position = self.lookup.position(place.code, column.indicator, column.period)
        group = self.lookup.group(column.indicator, column.period)
        if position is None or group is None or group.minimum == group.maximum:
            return ""
        if group.known < 3:
            return ""
        highest, lowest = position.rank_high == 1, position.rank_low == 1
        if not (highest or lowest) or self._ties(column, highest) > MOST_TIES:
            return ""
        if column.polarity == Polarity.NEUTRE:
            return "high" if highest else "low"
        good = highest == (column.polarity == Polarity.FAVORABLE)
        return "best" if good else "worst"

    def _ties(self, column: Column, highest: bool) -> int:
        count = 0
        for place in self.lookup.qpv:
            other = self.lookup.position(place.code, column.indicator, column.period)
            if other and (other.rank_high if highest else other.rank_low) == 1:
                count += 1
        return count

    def place_on_axis(self, value: float | None, column: Column) -> float | None:
        """0 = the lowest neighbourhood, 1 = the highest; turned round when high is bad."""
        group = self.lookup.group(column.indicator, column.period)
        if value is None or group is None or group.minimum is None or group.maximum is None:
            return None
        if group.maximum == group.minimum:
            return 0.5
        share = (value - group.minimum) / (group.maximum - group.minimum)
        return 1 - share if column.polarity == Polarity.DEFAVORABLE else share

    def mean_row(self, kind: Literal["mean", "wmean"], label: str) -> Row | None:
        figures = []
        for column in self.columns:
            group = self.lookup.group(column.indicator, column.period)
            value = getattr(group, kind) if group else None
            card = self.lookup.catalogue.indicators[column.indicator]
            if kind == "wmean" and card.aggregation == Aggregation.SUM:
                value = None  # a mean of counts weighted by people would mean nothing
            figures.append(_derived(value, column, self.place_on_axis(value, column)))
        if all(figure.value is None for figure in figures):
            return None
        return Row(kind, "", label, label, "", tuple(figures))

    def epci_row(self) -> Row:
        place = self.lookup.epci
        figures = []
        for column in self.columns:
            value = self.lookup.latest(Kind.EPCI, place.code, column.indicator, column.period)
            plain = figure_of(value, column.decimals)
            other = value.period if value is not ABSENT and value.period != column.period else ""
            if other and value.value is not None:
                self.remarks.append(f"{column.short} : {place.short} en {periode_courte(other)}.")
            figures.append(
                Figure(
                    plain.value,
                    plain.status,
                    plain.text,
                    at=self.place_on_axis(value.value, column),
                    marks=self._marks(Kind.EPCI, place, column, value),
                    derived=plain.derived,
                    period=other,
                )
            )
        return Row("epci", place.code, place.label, place.short, "", tuple(figures))


def _derived(value: float | None, column: Column, at: float | None) -> Figure:
    if value is None:
        return Figure(None, Status.MISSING, NO_DATA)
    text = nombre(value, column.decimals)
    return Figure(arrondi(value, column.decimals), Status.OK, text, at=at, derived=True)


def thematic_codes(lookup: Lookup) -> list[str]:
    """Codes of the tables of neighbourhoods, in the order of the themes then of the cards."""
    themes = lookup.catalogue.themes
    held = [code for code, card in lookup.catalogue.tables.items() if card.scope == "quartiers"]
    return sorted(held, key=lambda code: themes[lookup.catalogue.tables[code].theme].order)


def thematic_grid(lookup: Lookup, code: str) -> Grid:
    """The thematic table ``code`` of the catalogue, all its neighbourhoods.

    An indicator that no neighbourhood has ever had keeps its column, empty: a reader must
    see that it is missing.
    """
    card = lookup.catalogue.tables[code]
    return indicator_grid(lookup, code, card.theme, card.label, card.columns)


def indicator_grid(
    lookup: Lookup, code: str, theme: str, title: str, indicators: Sequence[str]
) -> Grid:
    """A table of neighbourhoods × ``indicators`` with the means and the agglomeration."""
    columns = tuple(column_of(lookup, name, lookup.shown(name) or "") for name in indicators)
    builder = _Builder(lookup, columns)
    rows = [builder.qpv_row(place) for place in lookup.qpv]
    many = len(rows) > 1
    for kind, label in (
        ("mean", "Moyenne des quartiers"),
        ("wmean", "Moyenne pondérée par la population"),
    ):
        row = builder.mean_row(kind, label) if many else None  # type: ignore[arg-type]
        if row is not None:
            rows.append(row)
    rows.append(builder.epci_row())
    builder.remarks += cautions(lookup, columns)
    means = tuple(
        builder.place_on_axis(group.mean, column)
        if (group := lookup.group(column.indicator, column.period))
        else None
        for column in columns
    )
    return Grid(
        code, theme, title, columns, tuple(rows), tuple(builder.notes),
        tuple(dict.fromkeys(builder.remarks)), means,
    )  # fmt: skip


def cautions(lookup: Lookup, columns: Sequence[Column]) -> list[str]:
    """« Retard en 3e et voie générale : repose sur peu d’élèves », each sentence once."""
    held: dict[str, list[str]] = {}
    for column in columns:
        caution = lookup.catalogue.indicators[column.indicator].caution or ""
        for sentence in _SENTENCE.split(caution.strip()):
            if sentence:
                names = held.setdefault(sentence.rstrip("."), [])
                names.append(_lower(column.short) if names else column.short)
    by_names: dict[str, list[str]] = {}
    for sentence, names in held.items():
        by_names.setdefault(liste(names), []).append(sentence)
    return [
        f"{names} : {_lower(sentences[0])}. {'. '.join(sentences[1:])}".rstrip(" .")
        for names, sentences in by_names.items()
    ]


_SENTENCE = re.compile(r"(?<=\.)\s+")


def _lower(text: str) -> str:
    return text if text[:2].isupper() else text[:1].lower() + text[1:]


def sources_text(lookup: Lookup, columns: Sequence[Column]) -> str:
    """« Insee, recensement (2015) ; CAF (2017) », in order of the columns."""
    held: dict[str, list[str]] = {}
    for column in columns:
        periods = held.setdefault(column.source, [])
        if column.period and column.period_text not in periods:
            periods.append(column.period_text)
    parts = []
    for code, periods in held.items():
        card = lookup.catalogue.sources.get(code)
        name = card.short if card else code
        parts.append(f"{name} ({', '.join(periods)})" if periods else name)
    return "\u202f; ".join(parts)


def card_of(lookup: Lookup, column: Column) -> Indicator:
    """The card behind a column."""
    return lookup.catalogue.indicators[column.indicator]
