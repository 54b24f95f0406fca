"""Where is a neighbourhood worse off than the others, and getting worse still?

The list that a steering committee reads first. An indicator is on it for a neighbourhood when
its gap to the others is one of difficulty (the threshold of the signals, on the indicator itself)
and it is getting worse:

* a tested trend says so, or
* without a tested trend, or with one that is not established, the last change is unfavourable,
  no break of series blocks it, and it is of ``aggravation_minimale`` standard deviations of the
  neighbourhoods at least.

A tested trend that is favourable takes it off, whatever the last change. Severity adds how far
the neighbourhood is from the others and how fast it worsened, both in standard deviations.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from terril.benchmarks.periods import shown_periods
from terril.benchmarks.schema import Schema, Signal
from terril.catalogue.cards import Catalogue
from terril.catalogue.schema import Polarity
from terril.lib.dates import en_periode
from terril.lib.french import avec_unite, compte, majuscule, nombre

#: one row a neighbourhood × indicator of the list, the most severe first within a group
WORSENING: Final[Schema] = {
    "group": pl.String,
    "territory": pl.String,
    "theme": pl.String,
    "indicator": pl.String,
    "period": pl.String,
    "value": pl.Float64,
    "z": pl.Float64,  # turned so that lower is worse
    "signal": pl.String,  # a Signal: of the theme; null when it has none
    "reference_period": pl.String,  # of the last change; null when only a trend says it
    "reference": pl.Float64,
    "gap": pl.Float64,
    "spread": pl.Float64,  # of the change, in standard deviations; null when unknown
    "break_effect": pl.String,  # annote, or null
    "trend": pl.String,  # hausse | baisse | stable | non testé
    "slope": pl.Float64,  # Theil–Sen, a year
    "severity": pl.Float64,
    "rank": pl.Int32,  # in the group, 1 the most severe
    "text": pl.String,  # French: the figure, its change, what else is to be known
}

_WHO: Final = ("group", "territory", "indicator", "period", "breakdown")


def worse_and_worsening(
    positions: pl.DataFrame,
    changes: pl.DataFrame,
    trends: pl.DataFrame,
    signals: pl.DataFrame,
    groups: pl.DataFrame,
    catalogue: Catalogue,
) -> pl.DataFrame:
    """Return the list (``WORSENING``), sorted by group and rank.

    ``positions``, ``groups``, ``signals``: frames of the comparison; ``changes``: the gaps as
    ``indicators.breaks.annotate_changes`` returns them; ``trends``: as ``indicators.trends`` does
    (may be empty). Only the figures of the period shown, without breakdown, whose way is judged.
    """
    senses = {
        code: 1 if card.polarity is Polarity.FAVORABLE else -1
        for code, card in catalogue.indicators.items()
        if card.polarity is not Polarity.NEUTRE
    }
    if not senses:
        return pl.DataFrame(schema=WORSENING)
    total = pl.col("breakdown") == "total"
    shown = shown_periods(groups.filter(total & pl.col("indicator").is_in(list(senses))))
    rows = (
        positions.filter(total & (pl.col("z") < catalogue.number("signal_difficile")))
        .join(shown.select("group", "indicator", "period"), on=["group", "indicator", "period"])
        .with_columns(
            sense=pl.col("indicator").replace_strict(senses, return_dtype=pl.Int8),
            theme=pl.col("indicator").str.split(".").list.first(),
        )
        .join(_last_changes(changes), on=list(_WHO), how="left")
        .join(_tested(trends), on=["territory", "indicator"], how="left")
        .join(
            signals.select("group", "territory", "theme", "signal"),
            on=["group", "territory", "theme"],
            how="left",
        )
    )
    listed = rows.filter(_worsens(catalogue.number("aggravation_minimale"))).with_columns(
        severity=(
            -pl.col("z") + (-pl.col("spread") * pl.col("sense")).clip(lower_bound=0).fill_null(0)
        ).round(3)
    )
    ranked = listed.sort(
        "group", "severity", "territory", "indicator", descending=[False, True, False, False]
    ).with_columns(
        rank=pl.int_range(1, pl.len() + 1).over("group"),
        trend=pl.col("trend").fill_null("non testé"),
    )
    return ranked.with_columns(text=_texts(ranked, catalogue)).select(
        pl.col(name).cast(dtype) for name, dtype in WORSENING.items()
    )


def _last_changes(changes: pl.DataFrame) -> pl.DataFrame:
    """Return the last change of each figure that no break blocks."""
    return changes.filter(
        (pl.col("comparator") == "previous") & pl.col("break_effect").ne_missing("bloque")
    ).select(*_WHO, "reference_period", "reference", "gap", "spread", "break_effect", "break_text")


def _tested(trends: pl.DataFrame) -> pl.DataFrame:
    return trends.filter((pl.col("kind") == "qpv") & (pl.col("breakdown") == "total")).select(
        "territory", "indicator", "judgement", "slope", "points", trend="result"
    )


def _worsens(least: float) -> pl.Expr:
    """Say whether a row in difficulty gets worse."""
    worse = pl.col("gap") * pl.col("sense") < 0
    enough = pl.col("spread").abs().fill_null(0.0) >= least
    trend = pl.col("judgement").fill_null("")
    return (trend == "defavorable") | ((trend != "favorable") & (worse & enough).fill_null(False))


def _texts(rows: pl.DataFrame, catalogue: Catalogue) -> pl.Series:
    columns = (
        "indicator", "period", "value", "reference_period", "reference", "break_text", "trend",
        "slope", "points", "judgement", "signal",
    )  # fmt: skip
    return pl.Series([_text(catalogue, *row) for row in rows.select(columns).iter_rows()],
                     dtype=pl.String)  # fmt: skip


def _text(
    catalogue: Catalogue,
    code: str,
    period: str,
    value: float,
    before: str | None,
    reference: float | None,
    note: str | None,
    trend: str,
    slope: float | None,
    points: int | None,
    judgement: str | None,
    signal: str | None,
) -> str:
    card, symbol = catalogue.indicators[code], catalogue.unit(code).symbol
    figure = avec_unite(value, card.decimals, symbol)
    when = en_periode(period)
    text = f"{majuscule(card.label)}\u00a0: {figure}{' ' + when if when else ''}"
    if reference is not None and before is not None:
        text += f", contre {avec_unite(reference, card.decimals, symbol)} {en_periode(before)}"
    text += "."
    if judgement == "defavorable" and slope is not None and points is not None:
        pace = nombre(abs(slope), card.decimals + 1)
        word = "monte" if slope > 0 else "baisse"
        text += (
            f" La série {word} de {pace} par an, tendance établie sur "
            f"{compte(points, 'point', 'points')}."
        )
    elif trend == "non testé":
        text += " Trop peu de points comparables pour tester une tendance."
    if signal == Signal.DIFFICILE.value:
        text += " Le thème entier est en difficulté."
    return f"{text} {note}" if note else text
