"""May two figures of one series be compared, and what must be said of it?

The register of breaks is data (``catalogue/breaks``): what each source changed, when, how that
is known. A change of a figure from one period to another *crosses* a break when the break's
source and indicator are its own and, according to the break, it passes over its date, its two
periods are too near one another, its producer rounds, its perimeters are of two generations, or
its indicator took the place of another. A crossed break blocks the change, or adds a note to it.

Dates are compared by the last day of the periods, in years; the figure of 2015 and that of
2020 are five years apart whatever their documents call them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase
from typing import Final, NamedTuple

import polars as pl

from terril.catalogue.cards import Catalogue
from terril.catalogue.schema import Break, Effect
from terril.indicators.periods import end_of, years_between
from terril.territories.generations import generation, generation_of

#: what :func:`annotate_changes` adds to a frame of gaps
ADDED: Final[dict[str, pl.DataType | type[pl.DataType]]] = {
    "break_effect": pl.String,  # bloque | annote; null when nothing is crossed
    "break_text": pl.String,  # French, whole sentences; of the blocking breaks only when blocked
    "break_codes": pl.List(pl.String),  # cards of catalogue/breaks
}

PREVIOUS: Final = "previous"
#: what a blocked change no longer says
_SAID: Final = ("gap", "spread", "direction", "degree")
_CHANGE: Final = ("indicator", "reference_period", "period", "_source_a", "_source_b")


class Crossing(NamedTuple):
    """A break that a change crosses: its code and its card."""

    code: str
    card: Break

    @property
    def blocks(self) -> bool:
        """Does the break forbid to tell the change?"""
        return self.card.effect is Effect.BLOQUE


def between(
    indicator: str,
    period_a: str,
    period_b: str,
    source: str | None,
    catalogue: Catalogue,
    *,
    source_b: str | None = None,
    indicator_b: str | None = None,
    territories: tuple[str, str] | None = None,
) -> list[Crossing]:
    """Return the breaks that lie between two figures, those that block first.

    ``period_a`` is the former one (the order does not matter). ``source``: of both figures, or
    of the former when ``source_b`` is given; ``None``: that of the card. ``indicator_b`` when the
    latter has another code; ``territories``: the two codes, when they are neighbourhoods.
    """
    if end_of(period_b) < end_of(period_a):
        period_a, period_b = period_b, period_a
        source, source_b = source_b or source, source
        indicator, indicator_b = indicator_b or indicator, indicator
    known = catalogue.indicators.get(indicator)
    first = source or (known.source if known else "")
    years = tuple(generation_of(code) for code in territories or ())
    found = [
        Crossing(code, card)
        for code, card in catalogue.breaks.items()
        if _concerns(card, (indicator, indicator_b or indicator), (first, source_b or first))
        and _crosses(card, (indicator, indicator_b or indicator), (period_a, period_b), years)
    ]
    return sorted(found, key=lambda crossing: not crossing.blocks)


def _concerns(card: Break, indicators: tuple[str, str], sources: tuple[str, str]) -> bool:
    """Is the change of an indicator and of a source that the break names?"""
    if card.replaced:
        return True
    named = any(fnmatchcase(code, pattern) for code in indicators for pattern in card.indicators)
    return named and (not card.sources or bool(set(sources) & set(card.sources)))


def _crosses(
    card: Break,
    indicators: tuple[str, str],
    periods: tuple[str, str],
    years: Sequence[str | None],
) -> bool:
    before, after = periods
    if card.replaced:
        return indicators[0] in card.replaced and indicators[1] in card.by
    if card.generations:
        return len(years) == 2 and set(years) == set(card.generations)
    if not before or not after:
        return False
    if card.since:
        return end_of(before) < _first_day(card.since) <= end_of(after)
    if card.minimum_gap:
        return 0 < years_between(before, after) < card.minimum_gap - 0.01
    return True


def _first_day(since: str) -> str:
    """« 2018 » → 2018-01-01, « 2018-07 » → 2018-07-01."""
    return since + "-01" * ((10 - len(since)) // 3)


def blocked_pairs(
    indicator: str, periods: Sequence[str], source: str | None, catalogue: Catalogue
) -> list[list[bool]]:
    """Return, for periods in order, whether the change from one to a later one is blocked.

    Row: the former period, column: the latter; only what is above the diagonal has a sense. Two
    periods that end on the same day, or without a date, are no change and count as blocked.
    """
    known = catalogue.indicators.get(indicator)
    first = source or (known.source if known else "")
    cards = [
        card
        for card in catalogue.breaks.values()
        if card.effect is Effect.BLOQUE
        and not card.replaced
        and not card.generations
        and _concerns(card, (indicator, indicator), (first, first))
    ]
    return [
        [
            years_between(former, latter) <= 0
            or any(_crosses(c, (indicator, indicator), (former, latter), ()) for c in cards)
            for latter in periods
        ]
        for former in periods
    ]


def successor(indicator: str, catalogue: Catalogue) -> Crossing | None:
    """Return the break by which other indicators took the place of that one, if any."""
    return next(
        (Crossing(c, card) for c, card in catalogue.breaks.items() if indicator in card.replaced),
        None,
    )


def effect_of(crossings: Iterable[Crossing]) -> str | None:
    """Return « bloque » when one blocks, else « annote », ``None`` when there is none."""
    effects = {crossing.card.effect for crossing in crossings}
    if not effects:
        return None
    return (Effect.BLOQUE if Effect.BLOQUE in effects else Effect.ANNOTE).value


def text_of(crossings: Sequence[Crossing]) -> str | None:
    """Return what is to be said, as sentences: of the blocking breaks, else of all."""
    told = [c for c in crossings if c.blocks] or list(crossings)
    return " ".join(dict.fromkeys(c.card.text for c in told)) or None


# ------------------------------------------------------------------ frames


def annotate_changes(
    gaps: pl.DataFrame, retained: pl.DataFrame, catalogue: Catalogue
) -> pl.DataFrame:
    """Return the gaps with ``ADDED``; a blocked change has no gap, spread, direction nor degree.

    ``gaps``: columns of ``GAPS``; only the rows whose comparator is « previous » may cross a
    break. ``retained``: kind, territory, indicator, period, breakdown, source, for the source of
    each of the two figures (that of the card for a figure that is not there). Order is kept.
    """
    own = retained.lazy().filter(pl.col("kind") == "qpv")
    sources = (
        own.group_by("indicator", "period")
        .agg(source=pl.col("source").first(), several=pl.col("source").n_unique() > 1)
        .collect()
    )
    single = sources.filter(~pl.col("several")).drop("several")
    mixed = sources.filter("several").select("indicator", "period")
    changes = (
        gaps.lazy().filter(pl.col("comparator") == PREVIOUS).select(_CHANGE[:3]).unique().collect()
    )
    former, latter = ["indicator", "reference_period"], ["indicator", "period"]
    renamed = {"period": "reference_period"}
    plain = changes.join(mixed, on=latter, how="anti").join(
        mixed.rename(renamed), on=former, how="anti"
    )
    known = plain.join(
        single.rename({**renamed, "source": "_source_a"}), on=former, how="left"
    ).join(single.rename({"source": "_source_b"}), on=latter, how="left")
    told = _told(known, catalogue).select(*_CHANGE[:3], *ADDED, comparator=pl.lit(PREVIOUS))
    joined = gaps.join(told, on=[*_CHANGE[:3], "comparator"], how="left", maintain_order="left")
    rest = changes.join(plain, on=list(_CHANGE[:3]), how="anti")
    if not rest.is_empty():
        joined = _row_by_row(joined, rest, own, catalogue)
    blocked = (pl.col("break_effect") == Effect.BLOQUE.value).fill_null(value=False)
    return joined.with_columns(
        pl.when(~blocked).then(pl.col(name)).alias(name) for name in _SAID if name in gaps.columns
    )


def _told(changes: pl.DataFrame, catalogue: Catalogue) -> pl.DataFrame:
    """Return the changes (columns ``_CHANGE``) that cross a break, with ``ADDED``."""
    rows = [_crossed(row, catalogue) for row in changes.select(_CHANGE).iter_rows()]
    return pl.DataFrame(
        rows, schema={**dict.fromkeys(_CHANGE, pl.String), **ADDED}, orient="row"
    ).filter(pl.col("break_effect").is_not_null())


def _row_by_row(
    joined: pl.DataFrame, changes: pl.DataFrame, own: pl.LazyFrame, catalogue: Catalogue
) -> pl.DataFrame:
    """Annotate the changes whose two figures come from one source here, from another there."""
    numbered = joined.with_row_index("_row")
    rows = numbered.filter(pl.col("comparator") == PREVIOUS).join(
        changes, on=list(_CHANGE[:3]), how="semi"
    )
    on = ["territory", "indicator", "period", "breakdown"]
    few = pl.col("indicator").is_in(changes["indicator"].unique().implode())
    stated = own.filter(few).select(*on, "source").unique(on).collect()
    placed = (
        rows.select("_row", "territory", "breakdown", *_CHANGE[:3])
        .join(
            stated.rename({"period": "reference_period", "source": "_source_a"}),
            on=["territory", "indicator", "reference_period", "breakdown"],
            how="left",
        )
        .join(stated.rename({"source": "_source_b"}), on=on, how="left")
    )
    crossed = _told(placed.select(_CHANGE).unique(), catalogue)
    told = placed.join(crossed, on=list(_CHANGE), nulls_equal=True).select(
        "_row", *(pl.col(name).alias(f"_{name}") for name in ADDED)
    )
    return (
        numbered.join(told, on="_row", how="left", maintain_order="left")
        .with_columns(pl.coalesce(f"_{name}", name).alias(name) for name in ADDED)
        .select(joined.columns)
    )


def _crossed(row: tuple[str | None, ...], catalogue: Catalogue) -> tuple[object, ...]:
    indicator, before, after, source_a, source_b = row
    found = between(
        indicator or "", before or "", after or "", source_a, catalogue, source_b=source_b
    )
    return (*row, effect_of(found), text_of(found), [crossing.code for crossing in found])


def unblocked(annotated: pl.DataFrame) -> pl.DataFrame:
    """Return the gaps without the blocked changes: what sentences may speak of."""
    return annotated.filter(pl.col("break_effect").ne_missing(Effect.BLOQUE.value))


def two_generations(former: pl.Expr, latter: pl.Expr) -> pl.Expr:
    """Return whether two columns of codes are of two generations of perimeters."""
    return generation(former).ne_missing(generation(latter))
