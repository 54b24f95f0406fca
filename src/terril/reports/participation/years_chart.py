"""How did the members and the meetings of a form move over the years, in a small drawing?

A pure function → SVG: a column a year for the active members, under it one for the meetings, each
on its own scale that begins at zero, values printed. A year that nobody followed has a dash; none
is a column without height and its « 0 ».
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from terril.contrat.participation.forms import Year
from terril.figures.svg import document, fill, label, num, path, rect, stroke
from terril.lib.french import NBSP, nombre

_STEP: Final = 34.0
_BAR: Final = 18.0
_TALL: Final = 34.0
_HEAD: Final = 22.0
_BLOCK: Final = 72.0


def shown_years(years: Sequence[Year]) -> range:
    """All the years from the first to the last followed, those without a row too."""
    known = [y.year for y in years]
    return range(min(known), max(known) + 1) if known else range(0)


def years_chart(years: Sequence[Year], title: str) -> str:
    """The drawing; raises ``ValueError`` without a year."""
    span = shown_years(years)
    if not span:
        raise ValueError("no year to draw")
    by_year = {y.year: y for y in years}
    width = max(_STEP * len(span), 110.0)
    parts: list[str] = []
    series = (
        ("Membres actifs", [by_year[y].active if y in by_year else None for y in span], "brique"),
        ("Réunions", [by_year[y].meetings if y in by_year else None for y in span], "ardoise"),
    )
    for rank, (name, values, token) in enumerate(series):
        parts += _columns(name, values, token, rank * _BLOCK, width)
    below = len(series) * _BLOCK + 6
    for place, year in enumerate(span):
        parts.append(
            label(place * _STEP + _BAR / 2 + 4, below, str(year), size=7.2, token="ardoise-2",
                  anchor="middle")
        )  # fmt: skip
    return document(width, below + 4, title, parts)


def _columns(
    name: str, values: Sequence[int | None], token: str, top: float, width: float
) -> list[str]:
    highest = max((v for v in values if v is not None), default=0) or 1
    base = top + _HEAD + _TALL
    parts = [
        label(0, top + 8, name, size=7.6, weight=600),
        path(f"M0 {num(base)}H{num(width)}", stroke("filet", 0.6)),
    ]
    for place, value in enumerate(values):
        x = place * _STEP + 4
        height = 0 if value is None else _TALL * value / highest
        if height:
            parts.append(rect(x, base - height, _BAR, height, fill(token)))
        text = "–" if value is None else nombre(value)
        parts.append(label(x + _BAR / 2, base - height - 3, text, size=7.6, anchor="middle"))
    return parts


def years_alt(years: Sequence[Year]) -> str:
    """The drawing read aloud, year after year."""
    by_year = {y.year: y for y in years}
    told = []
    for year in shown_years(years):
        one = by_year.get(year)
        members = "membres actifs inconnus"
        meetings = "réunions inconnues"
        if one is not None and one.active is not None:
            members = f"membres actifs {nombre(one.active)}"
        if one is not None and one.meetings is not None:
            meetings = f"réunions {nombre(one.meetings)}"
        told.append(f"{year}{NBSP}: {members}, {meetings}")
    return "\u202f; ".join(told)
