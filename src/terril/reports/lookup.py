"""Where is a figure of the edition, and what stands around it?

:class:`Lookup` finds values, ranks, means and signals by key, once for all the documents.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import polars as pl

from terril.benchmarks.periods import shown_periods
from terril.editions.mask import mask
from terril.fiches.model import ThemeText
from terril.fiches.series import SeriesMaker
from terril.lib.french import liste
from terril.observations.schema import KEY, Kind, Status
from terril.reports.source import Source
from terril.territories.generations import of_list

TOTAL = "total"  # the breakdown shown in every document


@dataclass(frozen=True, slots=True)
class Place:
    """A territory as documents name it."""

    kind: str
    code: str
    label: str
    short: str
    communes: tuple[str, ...] = ()  # names, for a neighbourhood

    @property
    def communes_text(self) -> str:
        """« Liévin, Lens et Loos-en-Gohelle »."""
        return liste(self.communes)


@dataclass(frozen=True, slots=True)
class Value:
    """One figure shown: in the indicator's unit, None unless ``status`` is ok."""

    value: float | None
    status: str
    period: str
    origin: str
    source: str
    contradicted: bool


@dataclass(frozen=True, slots=True)
class Position:
    """Where a neighbourhood stands among the others."""

    rank: int | None
    rank_high: int | None
    rank_low: int | None
    known: int
    z: float | None


@dataclass(frozen=True, slots=True)
class Group:
    """The neighbourhoods together, for one indicator and period."""

    known: int
    total: int
    mean: float | None
    wmean: float | None
    sd: float | None
    minimum: float | None
    maximum: float | None


@dataclass(frozen=True, slots=True)
class SignalOf:
    """The signal of a neighbourhood on a theme."""

    signal: str
    score: float | None
    available: int
    expected: int
    sureness: float | None


ABSENT = Value(None, Status.MISSING, "", "", "", False)

#: name and short name of the territories that have none of their own
_LEVELS = {
    Kind.DEPARTEMENT: ("département", "département"),
    Kind.REGION: ("région", "région"),
    Kind.FRANCE_METRO: ("France métropolitaine", "France métro."),
    Kind.FRANCE: ("France", "France"),
    Kind.QPV_ENSEMBLE: ("ensemble des quartiers prioritaires", "ensemble QPV"),
    Kind.HORS_QPV: ("agglomération hors quartiers prioritaires", "hors QPV"),
    Kind.QPV_MOYENNE: ("moyenne des quartiers, telle que publiée", "moyenne publiée"),
}


def alphabetical(text: str) -> str:
    """Key that sorts French names as a dictionary does: accents and case set aside."""
    flat = unicodedata.normalize("NFKD", text)
    return "".join(c for c in flat if not unicodedata.combining(c)).casefold()


class Lookup:
    """Finds the figures of a source by key. Built once, read by all the documents."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.catalogue = source.catalogue

    @cached_property
    def places(self) -> dict[tuple[str, str], Place]:
        """All the territories named, by kind and code."""
        names: dict[str, str] = {}
        rows = self.source.territories.select("kind", "code", "label", "short", "communes").rows()
        for kind, code, label, _, _ in rows:
            if kind == Kind.COMMUNE:
                names[code] = label
        return {
            (kind, code): Place(
                kind, code, label, short or label, tuple(names.get(c, c) for c in communes or ())
            )
            for kind, code, label, short, communes in rows
        }

    @cached_property
    def qpv(self) -> tuple[Place, ...]:
        """The neighbourhoods of the contract, of one list, in alphabetical order of their names."""
        frame = of_list(self.source.territories, self.source.generation).filter(
            (pl.col("kind") == Kind.QPV) & (pl.col("epci") == self.source.epci)
        )
        codes = frame["code"].unique().to_list()
        found = [self.places[(Kind.QPV, code)] for code in codes]
        return tuple(sorted(found, key=lambda place: (alphabetical(place.label), place.code)))

    @cached_property
    def epci(self) -> Place:
        """The agglomeration that runs the contract."""
        code = self.source.epci
        return Place(Kind.EPCI, code, self.source.epci_name, self.source.epci_short)

    def place(self, kind: str, code: str) -> Place:
        """The names of a territory; a composite is named after its kind."""
        found = self.places.get((kind, code))
        if found is not None:
            return found
        if kind == Kind.COMMUNES:
            names = [self.place(Kind.COMMUNE, part).label for part in code.split("+")]
            label = f"moyenne de {liste(names)}"
            return Place(kind, code, label, label)
        label, short = _LEVELS.get(Kind(kind), (code, code)) if kind in set(Kind) else (code, code)
        return Place(kind, code, label, short)

    @cached_property
    def _values(self) -> dict[tuple[str, str, str, str], Value]:
        frame = self.source.retained.filter(pl.col("breakdown") == TOTAL)
        columns = ("kind", "territory", "indicator", "period")
        rest = ("value", "status", "origin", "source", "contradicted")
        return {
            (kind, code, indicator, period): Value(
                value if status == Status.OK else None,
                status,
                period,
                origin,
                origin_source,
                bool(contradicted),
            )
            for (
                kind,
                code,
                indicator,
                period,
                value,
                status,
                origin,
                origin_source,
                contradicted,
            ) in frame.select(*columns, *rest).iter_rows()
        }

    @cached_property
    def _periods(self) -> dict[tuple[str, str, str], list[str]]:
        held: dict[tuple[str, str, str], list[str]] = {}
        for kind, code, indicator, period in self._values:
            held.setdefault((kind, code, indicator), []).append(period)
        return {key: sorted(periods) for key, periods in held.items()}

    def value(self, kind: str, code: str, indicator: str, period: str) -> Value:
        """The figure of exactly that period, or :data:`ABSENT`."""
        return self._values.get((kind, code, indicator, period), ABSENT)

    def latest(self, kind: str, code: str, indicator: str, prefer: str | None = None) -> Value:
        """The figure at ``prefer`` if there is one, else the latest known, else the latest."""
        if prefer is not None:
            exact = self.value(kind, code, indicator, prefer)
            if exact is not ABSENT:
                return exact
        periods = self.periods(kind, code, indicator)
        held = [self._values[(kind, code, indicator, period)] for period in periods]
        known = [value for value in held if value.status == Status.OK]
        return (known or held or [ABSENT])[-1]

    def periods(self, kind: str, code: str, indicator: str) -> list[str]:
        """Periods of the figure, known or not, oldest first."""
        return self._periods.get((kind, code, indicator), [])

    def known_periods(self, kind: str, code: str, indicator: str) -> list[str]:
        """Periods at which the figure is known, oldest first."""
        return [
            period
            for period in self._periods.get((kind, code, indicator), [])
            if period and self._values[(kind, code, indicator, period)].status == Status.OK
        ]

    @cached_property
    def territories_by_indicator(self) -> dict[str, tuple[tuple[str, str], ...]]:
        """Kinds and codes of the territories that have the indicator, in order of reading."""
        held: dict[str, dict[tuple[str, str], None]] = {}
        for kind, code, indicator in self._periods:
            held.setdefault(indicator, {})[(kind, code)] = None
        return {indicator: tuple(keys) for indicator, keys in held.items()}

    @cached_property
    def _shown(self) -> dict[str, tuple[str, str | None]]:
        groups = self.source.groups.filter(
            (pl.col("group") == self.source.epci) & (pl.col("breakdown") == TOTAL)
        )
        frame = shown_periods(groups).select("indicator", "period", "former")
        return {indicator: (period, former) for indicator, period, former in frame.iter_rows()}

    def shown(self, indicator: str) -> str | None:
        """The period shown for the neighbourhoods; None when none of them has a figure."""
        found = self._shown.get(indicator)
        return found[0] if found else None

    def former(self, indicator: str) -> str | None:
        """The former period that speaks of at least one neighbourhood, if any."""
        found = self._shown.get(indicator)
        return found[1] if found else None

    @cached_property
    def _groups(self) -> dict[tuple[str, str], Group]:
        frame = self.source.groups.filter(
            (pl.col("group") == self.source.epci) & (pl.col("breakdown") == TOTAL)
        )
        columns = ("known", "total", "mean", "wmean", "sd", "minimum", "maximum")
        return {
            (row[0], row[1]): Group(*row[2:])
            for row in frame.select("indicator", "period", *columns).iter_rows()
        }

    def group(self, indicator: str, period: str) -> Group | None:
        """The neighbourhoods together, or None."""
        return self._groups.get((indicator, period))

    @cached_property
    def _positions(self) -> dict[tuple[str, str, str], Position]:
        frame = self.source.positions.filter(
            (pl.col("group") == self.source.epci) & (pl.col("breakdown") == TOTAL)
        )
        columns = ("rank", "rank_high", "rank_low", "known", "z")
        return {
            (row[0], row[1], row[2]): Position(*row[3:])
            for row in frame.select("territory", "indicator", "period", *columns).iter_rows()
        }

    def position(self, code: str, indicator: str, period: str) -> Position | None:
        """Rank and z-score of a neighbourhood, or None."""
        return self._positions.get((code, indicator, period))

    @cached_property
    def _signals(self) -> dict[tuple[str, str], SignalOf]:
        frame = self.source.signals.filter(pl.col("group") == self.source.epci)
        columns = ("signal", "score", "available", "expected", "sureness")
        return {
            (row[0], row[1]): SignalOf(*row[2:])
            for row in frame.select("territory", "theme", *columns).iter_rows()
        }

    def signal(self, code: str, theme: str) -> SignalOf | None:
        """The signal of a neighbourhood on a theme, or None."""
        return self._signals.get((code, theme))

    @cached_property
    def document_labels(self) -> dict[str, str]:
        """How the project names its documents, by identifier; those without a name are left out."""
        inputs = self.source.inputs
        if "label" not in inputs.columns:
            return {}
        return {code: label for code, label in inputs.select("document", "label").rows() if label}

    @cached_property
    def series(self) -> SeriesMaker:
        """Makes the series of the figures known at enough periods."""
        source = self.source
        codes = [
            code for code in self.catalogue.indicators if code in self.territories_by_indicator
        ]
        return SeriesMaker(
            source.retained, source.groups, source.correspondence, self.catalogue, codes
        )

    @cached_property
    def theme_texts(self) -> dict[str, ThemeText]:
        """What the edition says of each theme over all the neighbourhoods."""
        return {text.theme: text for text in self.source.themes}

    @cached_property
    def short_names(self) -> dict[str, str]:
        """Short names of the neighbourhoods, by code."""
        return {code: place.short for (kind, code), place in self.places.items()
                if kind == Kind.QPV}  # fmt: skip

    @cached_property
    def offers(self) -> dict[str, dict[str, Any]]:
        """Class of the local offer by neighbourhood."""
        return {row["territory"]: row for row in self.source.offers.iter_rows(named=True)}

    def contradicted(self, theme: str) -> int:
        """How many figures of the theme documents state differently."""
        return self.source.contradictions.filter(
            pl.col("indicator").str.starts_with(f"{theme}.")
        ).height

    def shown_figure(self, key: tuple[str, ...]) -> tuple[float | None, str] | None:
        """Value and status shown for a whole key, in the order of ``schema.KEY``."""
        return self._shown_figures.get(key)

    @cached_property
    def _shown_figures(self) -> dict[tuple[str, ...], tuple[float | None, str]]:
        contradicted = self.source.contradictions.select(*KEY).unique()
        frame = self.source.retained.join(contradicted, on=list(KEY), how="semi")
        return {
            tuple(row[:-2]): (row[-2], row[-1])
            for row in frame.select(*KEY, "value", "status").iter_rows()
        }

    @cached_property
    def _names(self) -> dict[str, str]:
        return {code: place.label for (_, code), place in self.places.items()}

    def name_of_code(self, code: str) -> str | None:
        """The name of a territory whose kind is not told."""
        return self._names.get(code)

    @cached_property
    def _statements(self) -> dict[tuple[str, ...], list[dict[str, Any]]]:
        """Statements of the contradicted figures, secret values masked, best priority first."""
        keys = self.source.retained.filter(pl.col("contradicted")).select(*KEY).unique()
        held: dict[tuple[str, ...], list[dict[str, Any]]] = {}
        frame = (
            mask(self.source.statements, self.source.retained)
            .join(keys, on=list(KEY), how="semi")
            .sort("priority", "document", "file", "line", nulls_last=True)
        )
        for row in frame.iter_rows(named=True):
            held.setdefault(tuple(row[name] for name in KEY), []).append(row)
        return held

    def statements(
        self, kind: str, code: str, indicator: str, period: str, breakdown: str = TOTAL
    ) -> list[dict[str, Any]]:
        """What each document says of a contradicted figure; a secret value is never among them."""
        return self._statements.get((kind, code, indicator, period, breakdown), [])
