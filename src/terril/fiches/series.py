"""Which figures are known at enough periods to be drawn as a series, and what stands on it?

The series of a neighbourhood has its own points, those of the neighbourhoods it follows, the
breaks that separate them, and two lighter ones: its agglomeration and the mean of the
neighbourhoods. A line never goes across a break that blocks, a secret or absent figure is a gap.
Counts have no lighter line: that of an agglomeration is of another size.
"""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any, Final

import polars as pl

from terril.catalogue.cards import Catalogue
from terril.catalogue.schema import Aggregation, Effect
from terril.fiches.model import Series, SeriesCut, SeriesLine, SeriesPoint, SeriesReference
from terril.indicators.breaks import between
from terril.indicators.periods import in_years
from terril.indicators.series import join_series
from terril.lib.dates import periode_courte
from terril.lib.french import avec_unite
from terril.observations.schema import Kind, Status

AGGLOMERATION: Final = "agglo."
MEAN: Final = "moyenne QPV"
TEXTS: Final = {
    Status.SECRET: "s",
    Status.MISSING: "–",
    Status.NOT_SIGNIFICANT: "ns",
    Status.NOT_APPLICABLE: "so",
}
_TOTAL: Final = "total"
_LEAST: Final = 3


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure at a period, as the frames have it."""

    period: str
    value: float | None
    status: str
    source: str


class SeriesMaker:
    """Makes the series of a contract's territories. Frames: ``RETAINED``, ``GROUPS``."""

    def __init__(
        self,
        retained: pl.DataFrame,
        groups: pl.DataFrame,
        correspondence: pl.DataFrame,
        catalogue: Catalogue,
        indicators: Sequence[str],
    ) -> None:
        self.catalogue = catalogue
        known = "serie_points" in catalogue.parameters  # not in the editions of before
        self.least = int(catalogue.number("serie_points")) if known else _LEAST
        kept = retained.filter(
            pl.col("indicator").is_in(list(dict.fromkeys(indicators)))
            & (pl.col("breakdown") == _TOTAL)
            & (pl.col("period") != "")
        )
        often = (
            kept.group_by("indicator")
            .agg(pl.col("period").n_unique())
            .filter(pl.col("period") >= self.least)["indicator"]
        )
        self._kept = kept.filter(pl.col("indicator").is_in(often.implode()))
        self._groups = groups.filter(
            pl.col("indicator").is_in(often.implode())
            & (pl.col("breakdown") == _TOTAL)
            & (pl.col("known") * 2 >= pl.col("total"))
            & pl.col("mean").is_not_null()
        )
        self._correspondence = correspondence

    @cached_property
    def _joined(self) -> tuple[dict[Any, list[dict[str, Any]]], dict[Any, list[dict[str, Any]]]]:
        """The points and the break lines, by territory and indicator."""
        joined = join_series(self._kept, self._correspondence, self.catalogue)
        return _by_series(joined.points), _by_series(joined.lines)

    @cached_property
    def _figures(self) -> dict[tuple[str, str, str], list[Figure]]:
        """The figures of the agglomerations: kind, territory, indicator → in time."""
        held: dict[tuple[str, str, str], list[Figure]] = defaultdict(list)
        rows = self._kept.filter(pl.col("kind") != Kind.QPV)
        for kind, code, indicator, *rest in rows.select(
            "kind", "territory", "indicator", "period", "value", "status", "source"
        ).iter_rows():
            held[kind, code, indicator].append(Figure(*rest))
        return {key: _in_time(figures) for key, figures in held.items()}

    @cached_property
    def _means(self) -> dict[tuple[str, str], list[Figure]]:
        held: dict[tuple[str, str], list[Figure]] = defaultdict(list)
        for group, indicator, period, mean in self._groups.select(
            "group", "indicator", "period", "mean"
        ).iter_rows():
            held[group, indicator].append(Figure(period, mean, Status.OK, ""))
        return {key: _in_time(figures) for key, figures in held.items()}

    def neighbourhood(self, code: str, group: str, indicator: str) -> Series | None:
        """The series of a neighbourhood of a contract; ``None`` with too few known periods."""
        points, lines = (held.get((code, indicator), []) for held in self._joined)
        segments: dict[int, list[dict[str, Any]]] = defaultdict(list)
        for row in points:
            if in_years(row["period"]) is not None:
                segments[row["segment"]].append(row)
        members = list(dict.fromkeys(rows[0]["member"] for rows in segments.values()))
        cuts = self._cuts(lines, points, members, code)
        said = {side for cut in cuts for side in cut.sides if side}
        drawn = tuple(
            SeriesLine(
                tuple(self._point(indicator, Figure(r["period"], r["value"], r["status"], ""))
                      for r in sorted(rows, key=lambda r: in_years(r["period"]) or 0.0)),
                rows[0]["member"] if len(members) > 1 and rows[0]["member"] not in said else "",
            )
            for rows in segments.values()
        )  # fmt: skip
        return self._whole(indicator, drawn, cuts, group, [row["source"] for row in points])

    def agglomeration(self, group: str, indicator: str) -> Series | None:
        """The series of an agglomeration, the mean of its neighbourhoods beside."""
        figures = self._figures.get((Kind.EPCI, group, indicator), [])
        cuts = tuple(self._own_cuts(indicator, figures))
        drawn = tuple(SeriesLine(line) for line in self._lines(indicator, figures, cuts))
        series = self._whole(indicator, drawn, cuts, group, [f.source for f in figures])
        if series is None:
            return None
        beside = tuple(r for r in series.references if r.name == MEAN)
        return dataclasses.replace(series, references=beside)

    def mean(self, group: str, indicator: str, codes: Iterable[str]) -> Series | None:
        """The mean of the neighbourhoods ``codes`` of a contract, parted where theirs are."""
        found = [self.neighbourhood(code, group, indicator) for code in codes]
        known = [series for series in found if series is not None]
        if not known:
            return None
        longest = max(known, key=lambda series: series.known)
        cuts = tuple(dataclasses.replace(cut, sides=("", "")) for cut in longest.cuts)
        figures = self._means.get((group, indicator), [])
        drawn = tuple(SeriesLine(line) for line in self._lines(indicator, figures, cuts))
        series = dataclasses.replace(longest, lines=drawn, cuts=cuts, references=())
        return series if series.known >= self.least else None

    # ------------------------------------------------------------------ parts

    def _whole(
        self,
        indicator: str,
        drawn: tuple[SeriesLine, ...],
        cuts: tuple[SeriesCut, ...],
        group: str,
        sources: Iterable[str],
    ) -> Series | None:
        card = self.catalogue.indicators[indicator]
        unit = self.catalogue.unit(indicator)
        short = card.label if card.short.startswith("…") else card.short
        theme = indicator.split(".")[0]
        bare = Series(
            indicator, theme, short, "" if unit.symbol else unit.head, self._sources(sources),
            drawn, cuts,
        )  # fmt: skip
        if bare.known < self.least:
            return None
        years = [p.year for line in drawn for p in line.points]
        references: tuple[SeriesReference, ...] = ()
        if card.aggregation is not Aggregation.SUM:
            references = tuple(self._references(group, indicator, cuts, min(years), max(years)))
        return dataclasses.replace(bare, references=references)

    def _sources(self, codes: Iterable[str]) -> str:
        cards = self.catalogue.sources
        names = dict.fromkeys(cards[code].short for code in codes if code in cards)
        return "\u202f; ".join(names)

    def _point(self, indicator: str, figure: Figure) -> SeriesPoint:
        card, symbol = self.catalogue.indicators[indicator], self.catalogue.unit(indicator).symbol
        known = figure.value is not None and figure.status == Status.OK
        return SeriesPoint(
            periode_courte(figure.period),
            in_years(figure.period) or 0.0,
            figure.value if known else None,
            avec_unite(figure.value or 0.0, card.decimals, symbol)
            if known
            else TEXTS.get(Status(figure.status), "–"),
        )

    def _references(
        self,
        group: str,
        indicator: str,
        cuts: tuple[SeriesCut, ...],
        first: float,
        last: float,
    ) -> Iterable[SeriesReference]:
        """The agglomeration and the mean, at the periods of the series."""
        epci = self._figures.get((Kind.EPCI, group, indicator), [])
        for name, figures, own, strong in (
            (AGGLOMERATION, epci, tuple(self._own_cuts(indicator, epci)), True),
            (MEAN, self._means.get((group, indicator), []), cuts, False),
        ):
            inside = [f for f in figures if first <= (in_years(f.period) or 0.0) <= last]
            lines = tuple(self._lines(indicator, inside, own))
            if any(point.value is not None for line in lines for point in line):
                yield SeriesReference(name, lines, strong)

    def _lines(
        self, indicator: str, figures: Sequence[Figure], cuts: Sequence[SeriesCut]
    ) -> Iterable[tuple[SeriesPoint, ...]]:
        """The points of a series, parted at the breaks that block."""
        walls = [cut.year for cut in cuts if cut.blocks]
        line: list[SeriesPoint] = []
        for figure in figures:
            point = self._point(indicator, figure)
            if line and any(line[-1].year < wall < point.year for wall in walls):
                yield tuple(line)
                line = []
            line.append(point)
        if line:
            yield tuple(line)

    def _own_cuts(self, indicator: str, figures: Sequence[Figure]) -> Iterable[SeriesCut]:
        """The dated breaks of the register between the figures of one territory."""
        known = [f for f in figures if f.status == Status.OK]
        for former, latter in pairwise(known):
            crossed = between(
                indicator, former.period, latter.period, former.source, self.catalogue,
                source_b=latter.source,
            )  # fmt: skip
            dated = [c.card for c in crossed if c.card.since]
            ends = (in_years(former.period) or 0.0, in_years(latter.period) or 0.0)
            for card, year in zip(dated, _spread(*ends, len(dated)), strict=True):
                blocks = card.effect is Effect.BLOQUE
                yield SeriesCut(year, card.line, card.text, blocks)

    def _cuts(
        self,
        lines: Sequence[dict[str, Any]],
        points: Sequence[dict[str, Any]],
        members: Sequence[str],
        own: str,
    ) -> tuple[SeriesCut, ...]:
        """The break lines of a series, those of one gap side by side in it."""
        times = sorted({year for row in points if (year := in_years(row["period"])) is not None})
        gaps: dict[tuple[float, float], list[dict[str, Any]]] = defaultdict(list)
        seen: set[tuple[str, str]] = set()
        for row in lines:
            latter = in_years(row["period"])
            if latter is None or (row["code"], row["period"]) in seen:
                continue
            seen.add((row["code"], row["period"]))
            before = [year for year in times if year < latter]
            gaps[before[-1] if before else latter - 1.0, latter].append(row)
        former = [member for member in members if member != own]
        cuts = []
        for ends, rows in sorted(gaps.items()):
            for row, year in zip(rows, _spread(*ends, len(rows)), strict=True):
                perimeters = row["reason"] == "perimetre"
                sides = (former[0] if len(former) == 1 else "", own) if perimeters else ("", "")
                cuts.append(
                    SeriesCut(
                        year, row["line"], row["text"], row["effect"] == Effect.BLOQUE.value, sides
                    )
                )
        return tuple(cuts)


def _spread(first: float, last: float, count: int) -> list[float]:
    """Places that part an interval evenly."""
    return [first + (last - first) * (n + 1) / (count + 1) for n in range(count)]


def _in_time(figures: Iterable[Figure]) -> list[Figure]:
    dated = [f for f in figures if in_years(f.period) is not None]
    return sorted(dated, key=lambda f: (in_years(f.period), f.period))


def _by_series(frame: pl.DataFrame) -> dict[Any, list[dict[str, Any]]]:
    held: dict[Any, list[dict[str, Any]]] = defaultdict(list)
    for row in frame.iter_rows(named=True):
        held[row["territory"], row["indicator"]].append(row)
    return held


def best_of_each_theme(series: Iterable[Series | None]) -> tuple[Series, ...]:
    """The longest series of each theme, those of most known periods first, else as given."""
    held: dict[str, Series] = {}
    for found in series:
        if found is not None and (found.theme not in held or found.known > held[found.theme].known):
            held[found.theme] = found
    return tuple(sorted(held.values(), key=lambda s: -s.known))
