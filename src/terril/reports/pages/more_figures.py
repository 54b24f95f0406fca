"""Which other figures of the catalogue may a reader ask for about one neighbourhood?

Beyond its sheet: any indicator that the edition knows of it, one row each, with the agglomeration,
the mean of the neighbourhoods, the rank, the source, and its series when it has enough points.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from terril.editions.look import Look, Row
from terril.lib.dates import periode_courte
from terril.observations.schema import Kind
from terril.reports.pages.figures_text import WORDS, plain_text, value_text
from terril.reports.pages.series import SeriesBlock, neighbourhood_series, series_block

MOST: Final = 6
TOTAL: Final = "total"


@dataclass(frozen=True, slots=True)
class MoreFigure:
    """One indicator asked for: its latest period, every text final."""

    code: str
    label: str
    question: str
    period: str
    value: str
    meaning: str  # of « s », « – », or ""
    epci: str
    mean: str
    rank: str  # « 3 » or « – »
    known: int
    source: str
    series: SeriesBlock | None


@dataclass(frozen=True, slots=True)
class MoreFigures:
    """The choice offered, by theme, and what was asked for."""

    choices: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]  # theme, (code, label)
    figures: tuple[MoreFigure, ...]
    asked: tuple[str, ...]


def more_figures(look: Look, code: str, asked: Sequence[str]) -> MoreFigures:
    """Return the indicators that may be asked for and those that are, the first six.

    ``code``: of a neighbourhood that has a sheet. A code that is not in the edition is let go.
    """
    held = {card: label for _, cards in look.index for card, label in cards}
    wanted = tuple(dict.fromkeys(c for c in asked if c in held))[:MOST]
    choices = tuple((theme[1], cards) for theme, cards in look.index)
    figures = tuple(f for c in wanted if (f := _figure(look, code, c)) is not None)
    return MoreFigures(choices, figures, wanted)


def _figure(look: Look, code: str, indicator: str) -> MoreFigure | None:
    card = look.catalogue.indicators[indicator]
    group = look.neighbourhoods[code].epci
    key: dict[str, Any] = {"indicator": indicator, "breakdown": TOTAL}
    groups = {str(g["period"]): g for g in look.rows("groups", group=group, **key)}
    positions = {
        str(p["period"]): p for p in look.rows("positions", territory=code, group=group, **key)
    }
    periods = sorted((p for p in positions if groups.get(p, {}).get("known")), reverse=True)
    periods = periods or sorted(positions, reverse=True)
    if not periods:
        return None
    # the latest that is known of this neighbourhood, else the latest
    period = next((p for p in periods if positions[p]["value"] is not None), periods[0])
    key["period"] = period
    epci = look.rows("observations", kind=Kind.EPCI, territory=group, **key)
    own = positions[period]
    series = neighbourhood_series(look, code, indicator) if len(periods) > 1 else None
    status = str(own["status"])
    return MoreFigure(
        code=indicator,
        label=card.label,
        question=card.question,
        period=periode_courte(period),
        value=value_text(look.catalogue, card, {**own, "decimals": None}),
        meaning=WORDS[status][1] if status in WORDS else "",
        epci=value_text(look.catalogue, card, _one(epci)),
        mean=plain_text(look.catalogue, card, groups.get(period, {}).get("mean")),
        rank=str(own["rank"]) if own["rank"] is not None else "–",
        known=int(own["known"] or 0),
        source=look.catalogue.sources[card.source].label,
        series=series_block(series, look.names.get(code, code)) if series else None,
    )


def _one(rows: Sequence[Row]) -> Row | None:
    return rows[0] if rows else None
