"""What does the page of one indicator hold?

Its meaning in plain words, the neighbourhoods of a contract ranked, the references, the other
periods, and what to be careful of. All is taken from a sealed edition: gaps, ranks and means
are read, not made.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from terril.catalogue.schema import Polarity
from terril.editions.look import Look, Row
from terril.lib.dates import periode_courte
from terril.observations.schema import Kind, Status
from terril.reports.pages.figures_text import WORDS, gap_text, plain_text, sense_text, value_text
from terril.reports.pages.ground import classes_map
from terril.reports.pages.series import SeriesBlock, agglomeration_series, series_block
from terril.reports.pages.signals import name_of

TOTAL: Final = "total"

#: references that may be chosen: word of the address → comparator of the edition, label
REFERENCES: Final[dict[str, tuple[str, str]]] = {
    "moyenne": ("qpv_mean", "moyenne simple des quartiers"),
    "ponderee": ("qpv_wmean", "moyenne pondérée des quartiers"),
    "agglomeration": ("epci", "agglomération"),
    "commune": ("commune", "commune du quartier"),
}


@dataclass(frozen=True, slots=True)
class Choice:
    """One choice of a list."""

    value: str
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class RankedRow:
    """One neighbourhood. ``at``: its place on the axis of the chart, 0 to 1, none unknown."""

    code: str
    name: str
    text: str
    status: str
    meaning: str  # of « s », « – », or ""
    rank: str  # « 3 », « 3 ex. » or "–"
    gap: str
    at: float | None


@dataclass(frozen=True, slots=True)
class PeriodRow:
    """One period of the series: the mean of the neighbourhoods, the agglomeration."""

    period: str
    mean: str
    epci: str
    known: str  # « 21 sur 21 »


@dataclass(frozen=True, slots=True)
class IndicatorPage:
    """The page, every text final."""

    code: str
    theme: str
    theme_label: str
    label: str
    question: str
    sense: str
    unit: str
    meaning: str  # what the source counts
    treatment: str
    period_meaning: str
    caution: tuple[str, ...]
    source: str
    licence: str
    period: str  # as in the data
    period_text: str
    periods: tuple[Choice, ...]
    references: tuple[Choice, ...]
    reference_label: str
    reference_at: float | None
    reference_text: str
    breakdown: str
    breakdowns: tuple[Choice, ...]
    contracts: tuple[Choice, ...]
    rows: tuple[RankedRow, ...]
    known: int
    total: int
    low_text: str
    high_text: str
    marks: tuple[tuple[str, str], ...]  # references: label, value
    series: tuple[PeriodRow, ...]
    breaks: tuple[str, ...]
    chart: SeriesBlock | None
    map: str  # SVG, "" without perimeters
    map_alt: str
    map_source: str
    contract: str


def indicator_page(
    look: Look,
    code: str,
    *,
    period: str = "",
    reference: str = "moyenne",
    breakdown: str = TOTAL,
    contract: str = "",
    address: Callable[[str], str] = lambda code: "",
) -> IndicatorPage | None:
    """Return the page of an indicator, ``None`` when the edition has no figure of it.

    ``address``: from the code of a neighbourhood to its page.

    What is asked for and is not there falls back: the latest period, the plain mean, the
    contract of the edition.
    """
    card = look.catalogue.indicators.get(code)
    if card is None:
        return None
    groups = look.rows("groups", indicator=code)
    if not groups:
        return None
    held = sorted({str(g["group"]) for g in groups}, key=lambda g: g != look.info.epci)
    group = contract if contract in held else held[0]
    of_group = [g for g in groups if g["group"] == group]
    parts = sorted({str(g["breakdown"]) for g in of_group}, key=lambda b: (b != TOTAL, b))
    breakdown = breakdown if breakdown in parts else parts[0]
    of_part = {str(g["period"]): g for g in of_group if g["breakdown"] == breakdown}
    known = [p for p in sorted(of_part, reverse=True) if of_part[p]["known"]]
    period = period if period in of_part else (known or sorted(of_part, reverse=True))[0]
    facts = of_part[period]
    key: dict[str, Any] = {"indicator": code, "period": period, "breakdown": breakdown}
    positions = look.rows("positions", group=group, **key)
    choice = reference if reference in REFERENCES else "moyenne"
    gaps = {g["territory"]: g for g in _gaps(look, group, key, REFERENCES[choice][0])}
    low, high = facts["minimum"], facts["maximum"]
    epci_row = _one(look.rows("observations", kind=Kind.EPCI, territory=group, **key))
    ends = [v for v in (low, high, _value(epci_row)) if v is not None]
    axis = (min(ends), max(ends)) if ends else None
    rows = [_ranked(look, code, position, gaps, axis) for position in positions]
    rows.sort(key=lambda row: (row.at is None, _order(row, card.polarity), row.name))
    target = {
        "moyenne": facts["mean"],
        "ponderee": facts["wmean"],
        "agglomeration": _value(epci_row),
    }.get(choice)
    theme = code.split(".")[0]
    source = look.catalogue.sources[card.source]
    unit = look.catalogue.units[card.unit]
    marks = [
        ("moyenne simple des quartiers", plain_text(look.catalogue, card, facts["mean"])),
        ("moyenne pondérée", plain_text(look.catalogue, card, facts["wmean"])),
        (name_of(look, Kind.EPCI, group), value_text(look.catalogue, card, epci_row)),
    ]
    for kind, word in ((Kind.REGION, ""), (Kind.FRANCE_METRO, ""), (Kind.FRANCE, "")):
        for row in look.rows("observations", kind=kind, **key):
            marks.append(
                (word or name_of(look, kind, row["territory"]),
                 value_text(look.catalogue, card, row))
            )  # fmt: skip
    drawn = agglomeration_series(look, group, code) if breakdown == TOTAL else None
    title = f"{card.label}, {periode_courte(period)}"
    ground, said = classes_map(
        look, group, card, code, period, breakdown, positions, address, title
    )
    atlas = look.atlas(group) if ground else None
    return IndicatorPage(
        code=code,
        theme=theme,
        theme_label=look.catalogue.themes[theme].label,
        label=card.label,
        question=card.question,
        sense=sense_text(card),
        unit=unit.head or unit.plural,
        meaning=source.meaning,
        treatment=source.treatment or "",
        period_meaning=card.period,
        caution=tuple(text for text in (card.caution, source.caution) if text),
        source=source.label,
        licence=source.licence or "",
        period=period,
        period_text=periode_courte(period),
        periods=tuple(
            Choice(p, periode_courte(p), p == period) for p in sorted(of_part, reverse=True)
        ),
        references=tuple(
            Choice(word, label, word == choice) for word, (_, label) in REFERENCES.items()
        ),
        reference_label=REFERENCES[choice][1],
        reference_at=_at(target, axis),
        reference_text=plain_text(look.catalogue, card, target) if target is not None else "",
        breakdown=breakdown,
        breakdowns=tuple(Choice(b, b, b == breakdown) for b in parts),
        contracts=tuple(Choice(g, name_of(look, Kind.EPCI, g), g == group) for g in held),
        rows=tuple(rows),
        known=int(facts["known"] or 0),
        total=int(facts["total"] or len(rows)),
        low_text=plain_text(look.catalogue, card, axis[0]) if axis else "",
        high_text=plain_text(look.catalogue, card, axis[1]) if axis else "",
        marks=tuple((label, text) for label, text in marks if text != "–"),
        series=_series(look, code, group, breakdown, of_part),
        breaks=_breaks(look, code, breakdown),
        chart=series_block(*drawn, token="ardoise") if drawn else None,
        map=ground,
        map_alt=said,
        map_source=atlas.source if atlas is not None else "",
        contract=group,
    )


def _one(rows: Sequence[Row]) -> Row | None:
    return rows[0] if rows else None


def _value(row: Row | None) -> float | None:
    return row["value"] if row is not None and row["status"] == Status.OK else None


def _at(value: float | None, axis: tuple[float, float] | None) -> float | None:
    """The place of a value between the ends of the axis."""
    if value is None or axis is None:
        return None
    low, high = axis
    return (value - low) / (high - low) if high > low else 0.5


def _gaps(look: Look, group: str, key: dict[str, Any], comparator: str) -> list[Row]:
    rows = look.rows("gaps", group=group, **key)
    if comparator == "commune":
        return [r for r in rows if str(r["comparator"]).startswith("commune")]
    return [r for r in rows if r["comparator"] == comparator]


def _ranked(
    look: Look,
    code: str,
    position: Row,
    gaps: dict[str, Row],
    axis: tuple[float, float] | None,
) -> RankedRow:
    card = look.catalogue.indicators[code]
    territory = str(position["territory"])
    rank, ties = position["rank"], position["tied"] or 1
    gap = gaps.get(territory)
    status = str(position["status"])
    return RankedRow(
        code=territory,
        name=look.names.get(territory) or name_of(look, Kind.QPV, territory),
        text=value_text(look.catalogue, card, {**position, "decimals": None}),
        status=status,
        meaning=WORDS[status][1] if status in WORDS else "",
        rank="–" if rank is None else f"{rank} ex." if ties > 1 else str(rank),
        gap=gap_text(look.catalogue, card, gap["gap"]) if gap else "",
        at=_at(position["value"] if status == Status.OK else None, axis),
    )


def _order(row: RankedRow, polarity: Polarity) -> float:
    """From the most favourable to the least; from the highest when nothing is judged."""
    at = row.at or 0.0
    return at if polarity is Polarity.DEFAVORABLE else -at


def _series(
    look: Look, code: str, group: str, breakdown: str, facts: dict[str, Row]
) -> tuple[PeriodRow, ...]:
    card = look.catalogue.indicators[code]
    stated = {
        r["period"]: r
        for r in look.rows(
            "observations", kind=Kind.EPCI, territory=group, indicator=code, breakdown=breakdown
        )
    }
    return tuple(
        PeriodRow(
            periode_courte(period),
            plain_text(look.catalogue, card, facts[period]["mean"] if period in facts else None),
            value_text(look.catalogue, card, stated.get(period)),
            f"{facts[period]['known']} sur {facts[period]['total']}" if period in facts else "–",
        )
        for period in sorted({*facts, *stated})
    )


def _breaks(look: Look, code: str, breakdown: str) -> tuple[str, ...]:
    rows = look.rows("break_lines", indicator=code, breakdown=breakdown)
    return tuple(dict.fromkeys(str(r["text"]) for r in rows if r["text"]))
