"""Where does the assembly find a figure, without searching a frame for each cell?

The frames of the comparison, cut down to the indicators of one sheet model and to the
periods shown, become dictionaries once for all the contracts; a sheet then reads keys.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import polars as pl

from terril.benchmarks.periods import shown_periods
from terril.observations.schema import Kind, Status

TOTAL = "total"


class Figure(NamedTuple):
    """One figure shown, of any territory."""

    value: float | None
    status: str
    period: str
    decimals: int | None
    source: str
    document: str
    contradicted: bool


class Position(NamedTuple):
    """Where a neighbourhood stands on an indicator."""

    z: float | None
    rank: int | None
    known: int


class Spread(NamedTuple):
    """The group on an indicator."""

    known: int
    total: int
    mean: float | None
    sd: float | None
    minimum: float | None
    maximum: float | None


class SignalRow(NamedTuple):
    """The signal of a neighbourhood on a theme."""

    signal: str
    available: int
    expected: int
    sureness: float | None


@dataclass(frozen=True, slots=True)
class Index:
    """Keys: ``figures`` by kind, territory, indicator, period; the others as named."""

    periods: Mapping[tuple[str, str], tuple[str, str | None]]  # group, indicator → shown, former
    figures: Mapping[tuple[str, str, str, str], Figure]
    latest: Mapping[tuple[str, str, str], Figure]  # kind, territory, indicator → latest known
    positions: Mapping[tuple[str, str, str], Position]  # territory, indicator, period
    spreads: Mapping[tuple[str, str, str], Spread]  # group, indicator, period
    values: Mapping[tuple[str, str, str], Mapping[str, float]]  # same → territory → value
    scores: Mapping[tuple[str, str, str], Mapping[str, float]]  # same → territory → z
    signals: Mapping[tuple[str, str], SignalRow]  # territory, theme
    sources: Mapping[str, str] = field(default_factory=dict)

    def period(self, group: str, indicator: str) -> str | None:
        """The period shown for the group, or None when nobody has a figure."""
        found = self.periods.get((group, indicator))
        return found[0] if found else None

    def figure(
        self, kind: str, territory: str, indicator: str, period: str | None
    ) -> Figure | None:
        """The figure of exactly that period."""
        if period is None:
            return None
        return self.figures.get((kind, territory, indicator, period))


def build(
    indicators: Collection[str],
    retained: pl.DataFrame,
    groups: pl.DataFrame,
    positions: pl.DataFrame,
    signals: pl.DataFrame,
) -> Index:
    """Index the frames (schemas of ``observations`` and ``benchmarks``) for ``indicators``."""
    wanted = pl.col("indicator").is_in(list(indicators)) & (pl.col("breakdown") == TOTAL)
    groups = groups.filter(wanted)
    shown = shown_periods(groups)
    periods: dict[tuple[str, str], tuple[str, str | None]] = {
        (group, indicator): (period, former)
        for group, indicator, period, former in shown.select(
            "group", "indicator", "period", "former"
        ).iter_rows()
    }
    figures: dict[tuple[str, str, str, str], Figure] = {}
    latest: dict[tuple[str, str, str], Figure] = {}
    columns = ("value", "status", "period", "decimals", "source", "document", "contradicted")
    for kind, territory, indicator, *rest in (
        retained.filter(wanted)
        .sort("period")
        .select("kind", "territory", "indicator", *columns)
        .iter_rows()
    ):
        figure = Figure(*rest)
        figures[kind, territory, indicator, figure.period] = figure
        if figure.status == Status.OK:
            latest[kind, territory, indicator] = figure
    places: dict[tuple[str, str, str], Position] = {}
    values: dict[tuple[str, str, str], dict[str, float]] = {}
    scores: dict[tuple[str, str, str], dict[str, float]] = {}
    kept = positions.filter(wanted).join(
        shown.select("group", "indicator", "period"), on=["group", "indicator", "period"]
    )
    for group, territory, indicator, period, value, z, rank, known in kept.select(
        "group", "territory", "indicator", "period", "value", "z", "rank", "known"
    ).iter_rows():
        places[territory, indicator, period] = Position(z, rank, known)
        key = (group, indicator, period)
        if value is not None:
            values.setdefault(key, {})[territory] = value
        if z is not None:
            scores.setdefault(key, {})[territory] = z
    spreads = {
        (group, indicator, period): Spread(*rest)
        for group, indicator, period, *rest in groups.select(
            "group", "indicator", "period", "known", "total", "mean", "sd", "minimum", "maximum"
        ).iter_rows()
    }
    marks = {
        (territory, theme): SignalRow(*rest)
        for territory, theme, *rest in signals.select(
            "territory", "theme", "signal", "available", "expected", "sureness"
        ).iter_rows()
    }
    return Index(periods, figures, latest, places, spreads, values, scores, marks)


__all__ = ["Figure", "Index", "Kind", "Position", "SignalRow", "Spread", "build"]
