"""How do the series of an indicator stand on a page: drawn, with their breaks, and as a table?

A neighbourhood's series are sealed with its sheet; those that a reader asks for, and those of the
agglomeration, are put together here from the figures of the edition by the same room
(``fiches.series``), for one indicator at a time.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from terril.benchmarks.schema import GROUPS
from terril.editions.look import Look, Row
from terril.fiches.model import Series
from terril.fiches.series import SeriesMaker
from terril.lib.prose import typographie
from terril.observations.schema import RETAINED, Kind
from terril.reports.series_charts import chart, notes_of
from terril.territories.correspondence import CORRESPONDENCE

WIDTH: Final = 96.0  # millimetres: words of the drawing can be read on a telephone
_PLOT: Final = 92.0
_TOTAL: Final = "total"


@dataclass(frozen=True, slots=True)
class SeriesBlock:
    """A series drawn, what it says aloud, and the same as a table."""

    indicator: str
    label: str
    under: str
    svg: str
    alt: str
    heads: tuple[str, ...]  # whose figures: one a column after the period
    rows: tuple[tuple[str, tuple[str, ...]], ...]  # period, texts; an empty tuple: a break
    notes: tuple[str, ...]


def series_block(series: Series, whose: str, *, token: str = "brique") -> SeriesBlock:
    """Return a series as pages show it. ``whose``: the head of its own column."""
    drawn = chart(series, WIDTH, plot=_PLOT, told=True, token=token)
    under = ", ".join(part for part in (series.unit, series.sources) if part)
    heads, rows = _table(series, whose)
    notes = tuple(typographie(note) for note in notes_of(series))
    return SeriesBlock(
        series.indicator, series.label, under, drawn.svg, drawn.alt, heads, rows, notes
    )


def _table(
    series: Series, whose: str
) -> tuple[tuple[str, ...], tuple[tuple[str, tuple[str, ...]], ...]]:
    """The points by period, a row in between for each break that stands there."""
    columns: dict[str, dict[tuple[float, str], str]] = {}
    for line in series.lines:
        held = columns.setdefault(f"{whose} ({line.name})" if line.name else whose, {})
        held.update({(p.year, p.period): p.text for p in line.points})
    for reference in series.references:
        held = columns.setdefault(reference.name, {})
        held.update({(p.year, p.period): p.text for line in reference.lines for p in line})
    periods = sorted({key for held in columns.values() for key in held})
    rows: list[tuple[str, tuple[str, ...]]] = []
    cuts = sorted(series.cuts, key=lambda cut: cut.year)
    for year, period in periods:
        while cuts and cuts[0].year < year:
            rows.append((typographie(cuts.pop(0).label), ()))
        rows.append((period, tuple(h.get((year, period), "–") for h in columns.values())))
    rows += [(typographie(cut.label), ()) for cut in cuts]
    return tuple(columns), tuple(rows)


# ------------------------------------------------------------------ on demand


def neighbourhood_series(look: Look, code: str, indicator: str) -> Series | None:
    """The series of an indicator of a neighbourhood; ``None`` when it has too few points."""
    group = look.neighbourhoods[code].epci
    former = [str(r["old"]) for r in look.rows("correspondence", new=code)]
    return _maker(look, indicator, group, (code, *former)).neighbourhood(code, group, indicator)


def agglomeration_series(look: Look, group: str, indicator: str) -> tuple[Series, str] | None:
    """The series of the agglomeration beside the mean of its neighbourhoods, else the mean.

    With the series, whose it is.
    """
    codes = look.contracts.get(group, ())
    maker = _maker(look, indicator, group, codes)
    series = maker.agglomeration(group, indicator)
    if series is not None:
        return series, "agglomération"
    series = maker.mean(group, indicator, codes)
    return (series, "moyenne des quartiers") if series is not None else None


def _maker(look: Look, indicator: str, group: str, codes: Iterable[str]) -> SeriesMaker:
    key: dict[str, Any] = {"indicator": indicator, "breakdown": _TOTAL}
    rows = look.rows("observations", territory=(*codes, group), **key)
    rows = [r for r in rows if r["kind"] in (Kind.QPV, Kind.EPCI)]
    linked = look.rows("correspondence", new=tuple(codes)) if rows else []
    return SeriesMaker(
        _frame(rows, RETAINED),
        _frame(look.rows("groups", group=group, **key), GROUPS),
        _frame(linked, CORRESPONDENCE),
        look.catalogue,
        [indicator],
    )


def _frame(rows: Sequence[Row], schema: dict[str, Any]) -> pl.DataFrame:
    """Rows of the edition as the frame they were: columns by name, what is absent is null."""
    columns = {name: [row.get(name) for row in rows] for name in schema}
    held = pl.DataFrame(columns, strict=False)
    return held.select(pl.col(name).cast(kind) for name, kind in schema.items())
