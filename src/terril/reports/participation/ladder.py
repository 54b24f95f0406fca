"""When was each level of participation reached, on one axis of time?

Pure functions → SVG: a strip a level, all on the same years, and the axis under them. A full dot
is an association with evidence, a hollow one is declared only; a period is a bar between two
dots. The same drawings serve the page on paper and the site.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from terril.contrat.participation.levels import Association, Verdict
from terril.figures.svg import circle, colour, document, fill, label, num, path, stroke
from terril.lib.dates import date_longue
from terril.lib.french import NBSP, compte

HEIGHT: Final = 15.0  # of a strip, in points
AXIS: Final = 11.0
_EDGE: Final = 5.0
_LEAST: Final = 26.0  # between two years written on the axis


@dataclass(frozen=True, slots=True)
class Span:
    """The years that are drawn, the first day to the last."""

    first: dt.date
    last: dt.date

    @property
    def years(self) -> range:
        """The first of January that are within."""
        return range(self.first.year, self.last.year + 1)


def span_of(found: Sequence[Association]) -> Span | None:
    """Whole years around the dated associations; ``None`` when none has a date and a level."""
    days = [day for a in found if a.level for day in (a.start, a.end) if day is not None]
    if not days:
        return None
    return Span(dt.date(min(days).year, 1, 1), dt.date(max(days).year, 12, 31))


def _x(day: dt.date, span: Span, width: float) -> float:
    whole = (span.last - span.first).days
    return _EDGE + (width - 2 * _EDGE) * (day - span.first).days / whole


def strip(found: Sequence[Association], code: str, span: Span, width: float, title: str) -> str:
    """The strip of one level, ``width`` points wide: only associations that have a date."""
    y = HEIGHT / 2
    parts = [path(f"M0 {num(y)}H{num(width)}", stroke("cheveu", 0.6))]
    lines = "".join(
        f"M{num(_x(dt.date(year, 1, 1), span, width))} {num(y - 3)}v6" for year in span.years
    )
    parts.append(path(lines, stroke("filet", 0.5)))
    for a in _dated(found, code):
        proven = a.verdict is Verdict.YES
        days = [day for day in (a.start, a.end) if day is not None]
        xs = sorted({_x(day, span, width) for day in days})
        if len(xs) == 2:
            parts.append(path(f"M{num(xs[0])} {num(y)}H{num(xs[1])}", stroke("brique", 1.4)))
        for x in xs:
            dot = (
                fill("brique")
                if proven
                else f"{stroke('brique', 1.1)}".replace('fill="none"', f'fill="{colour("blanc")}"')
            )
            parts.append(circle(x, y, 3.0, dot))
    return document(width, HEIGHT, title, parts)


def strip_alt(found: Sequence[Association], code: str, level: str) -> str:
    """The strip read aloud: each object, when, and whether evidence says it."""
    said = []
    for a in _dated(found, code):
        day = a.start or a.end
        when = date_longue(day.isoformat()) if day else ""
        said.append(f"{a.subject}, {when}{'' if a.verdict is Verdict.YES else ', sans preuve'}")
    if not said:
        return f"{level}{NBSP}: aucune date"
    return f"{level}{NBSP}: " + "\u202f; ".join(said)


def axis(span: Span, width: float) -> str:
    """The years under the strips, as many as there is room for."""
    years = list(span.years)
    step = 1
    room = (width - 2 * _EDGE) / max(len(years), 1)
    while room * step < _LEAST:
        step += 1
    parts = [
        label(
            _x(dt.date(year, 1, 1), span, width), 8, str(year), size=7.2, token="ardoise-2",
            anchor="start",
        )
        for year in years[::step]
    ]  # fmt: skip
    return document(width, AXIS, compte(len(years), "année", "années"), parts)


def marks() -> tuple[tuple[str, str], ...]:
    """The two marks and their words."""
    hollow = stroke("brique", 1.1).replace('fill="none"', f'fill="{colour("blanc")}"')
    return (
        (document(7, 7, "preuve", [circle(3.5, 3.5, 3, fill("brique"))]), "avec une preuve"),
        (document(7, 7, "déclaré", [circle(3.5, 3.5, 2.9, hollow)]), "déclaré sans preuve"),
    )


def _dated(found: Sequence[Association], code: str) -> list[Association]:
    return [a for a in found if a.level == code and (a.start or a.end)]
