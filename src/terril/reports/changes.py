"""What changed between two periods, for the agglomeration and for the neighbourhoods?

Two periods of one figure of the agglomeration are shown side by side; for the neighbourhoods
the gaps of the comparison with the former period are counted by their direction.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import polars as pl

from terril.lib.dates import periode_courte
from terril.lib.french import avec_unite, compte, liste
from terril.observations.schema import Kind
from terril.reports.agglomeration import context_indicators
from terril.reports.grid import column_of
from terril.reports.lookup import TOTAL, Lookup

PREVIOUS = "previous"


@dataclass(frozen=True, slots=True)
class Change:
    """One line: who, what, from when to when; ``direction`` is of the latest on the former."""

    label: str
    who: str
    before: str  # « 17 % en 2015 », or how many neighbourhoods are compared
    after: str
    direction: str  # higher | lower | equal | ""


def changes(lookup: Lookup, theme: str) -> list[Change]:
    """Lines of the theme, in the order of the catalogue; empty when nothing is dated twice."""
    lines = []
    for code in context_indicators(lookup, theme):
        own = _own(lookup, code)
        if own is not None:
            lines.append(own)
        several = _neighbourhoods(lookup, code)
        if several is not None:
            lines.append(several)
    return lines


def _own(lookup: Lookup, code: str) -> Change | None:
    epci = lookup.source.epci
    periods = lookup.known_periods(Kind.EPCI, epci, code)
    if len(periods) < 2:
        return None
    first, last = periods[0], periods[-1]
    column = column_of(lookup, code, last)
    texts = []
    for period in (first, last):
        value = lookup.value(Kind.EPCI, epci, code, period).value
        if value is None:
            return None
        texts.append((value, avec_unite(value, column.decimals, column.symbol), period))
    (before, before_text, _), (after, after_text, _) = texts
    return Change(
        column.short,
        "agglomération",
        f"{before_text} en {periode_courte(first)}",
        f"{after_text} en {periode_courte(last)}",
        _direction(before_text, after_text, after > before),
    )


def _direction(before: str, after: str, up: bool) -> str:
    if before == after:
        return "equal"
    return "higher" if up else "lower"


def _neighbourhoods(lookup: Lookup, code: str) -> Change | None:
    period = lookup.shown(code)
    if period is None:
        return None
    gaps = lookup.source.gaps.filter(
        (pl.col("group") == lookup.source.epci)
        & (pl.col("indicator") == code)
        & (pl.col("period") == period)
        & (pl.col("breakdown") == TOTAL)
        & (pl.col("comparator") == PREVIOUS)
    )
    if gaps.height < 2:
        return None
    counts = Counter(gaps["direction"].to_list())
    former = sorted(set(gaps["reference_period"].to_list()))
    words = (("higher", "en hausse"), ("lower", "en baisse"), ("equal", "stable"))
    parts = [f"{counts[name]} {word}" + ("s" if word == "stable" and counts[name] > 1 else "")
             for name, word in words if counts[name]]  # fmt: skip
    since = liste([periode_courte(name) for name in former], "ou")
    return Change(
        lookup.catalogue.indicators[code].short,
        compte(gaps.height, "quartier comparé", "quartiers comparés"),
        f"depuis {since}",
        liste(parts),
        "",
    )
