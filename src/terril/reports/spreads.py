"""How does an indicator spread over the neighbourhoods, for the rows of a theme sheet?

What the drawings and the notes of a theme need of one indicator, found by key: nothing is
computed and nothing is said of the figures here (see ``fiches.theme_texts``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from terril.benchmarks.schema import Signal
from terril.catalogue.schema import Indicator
from terril.lib.french import avec_unite, nombre
from terril.observations.schema import Kind, Status
from terril.reports.grid import Column, column_of
from terril.reports.lookup import Group, Lookup, Place, Value


@dataclass(frozen=True, slots=True)
class Spread:
    """An indicator over the neighbourhoods, at the period shown."""

    column: Column
    card: Indicator
    group: Group
    epci: Value


def spreads(lookup: Lookup, indicators: Sequence[str]) -> list[Spread]:
    """The indicators that at least one neighbourhood knows, in the order given."""
    held = []
    for code in indicators:
        period = lookup.shown(code)
        group = lookup.group(code, period) if period is not None else None
        if period is None or group is None or not group.known:
            continue
        held.append(
            Spread(
                column_of(lookup, code, period),
                lookup.catalogue.indicators[code],
                group,
                lookup.value(Kind.EPCI, lookup.source.epci, code, period),
            )
        )
    return held


def amount(column: Column, value: float) -> str:
    """« 19,6 % », « 12 811 € »."""
    return avec_unite(value, column.decimals, column.symbol)


def ordered_by_score(lookup: Lookup, theme: str) -> list[tuple[Place, float]]:
    """Neighbourhoods with a score, the most difficult first."""
    held = []
    for place in lookup.qpv:
        found = lookup.signal(place.code, theme)
        if found is not None and found.score is not None and found.signal != Signal.INDETERMINE:
            held.append((place, found.score))
    return sorted(held, key=lambda item: item[1])


def known_sentence(lookup: Lookup, spread: Spread) -> str:
    """« 10 quartiers connus sur 21, 11 secrets. », "" when all are known."""
    if spread.group.known == spread.group.total:
        return ""
    statuses = Counter(
        lookup.value(Kind.QPV, place.code, spread.column.indicator, spread.column.period).status
        for place in lookup.qpv
    )
    parts = [f"{nombre(spread.group.known)} quartiers connus sur {nombre(spread.group.total)}"]
    secret = statuses[Status.SECRET]
    if secret:
        parts.append(f"{nombre(secret)} secret{'s' if secret > 1 else ''}")
    return ", ".join(parts)
