"""Which figures changed between two editions, and why?

Two figures differ when their documents say different things: beyond the rounding with which
each is written, or, for what we compute, as it is printed. A figure that one edition
publishes and the other holds secret is a danger: what was published stays known. Its value
is not given here, nor is that of what was computed from it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import polars as pl

from terril.editions.diff_cards import formula_terms
from terril.editions.open import Edition
from terril.editions.paired import paired
from terril.observations.rounding import EPSILON, half_unit, printed
from terril.observations.schema import KEY, Origin, Status

BLANKED: Final = "masqué"  # published, then secret
UNVEILED: Final = "dévoilé"  # secret, then published
ROUNDED: Final = "arrondi"

#: one row a figure that differs
VALUES: Final[dict[str, pl.DataType | type[pl.DataType]]] = {
    "kind": pl.String,
    "territory": pl.String,
    "indicator": pl.String,
    "period": pl.String,
    "breakdown": pl.String,
    "change": pl.String,  # ajouté | retiré | valeur | statut | BLANKED | UNVEILED | ROUNDED
    "before": pl.Float64,  # null when there is none, and when it must not be shown
    "after": pl.Float64,
    "status_before": pl.String,  # null when the edition does not hold the figure
    "status_after": pl.String,
    "decimals": pl.Int8,  # as many as it takes to see the change
    "hidden": pl.Boolean,  # a value is not shown: it is secret in the other edition
    "cause": pl.String,  # chiffre | méthode | chiffre et méthode | règle de secret | document |
    # calcul (the same formula from the same terms: the software changed) | ""
    "size": pl.Float64,  # of the change, in standard deviations of the QPV, else relative
    "file_before": pl.String,
    "file_after": pl.String,
}

_SHOWN: Final = ("value", "status", "decimals", "origin", "document", "file", "raw")
_CELL: Final = ("kind", "territory", "period", "breakdown")
_SIDES: Final = ("before", "after")
_MOST_DECIMALS: Final = 6


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures that differ (``VALUES``): beyond rounding, and by rounding alone."""

    values: pl.DataFrame
    roundings: pl.DataFrame

    def secret_elsewhere(self, side: str) -> pl.DataFrame:
        """Return the figures that the edition of one side publishes and the other holds secret.

        ``side``: before | after.
        """
        return self.values.filter(pl.col("change") == (BLANKED if side == "before" else UNVEILED))


def figure_changes(before: Edition, after: Edition, method: set[str]) -> Figures:
    """Return the figures that differ. ``method``: the indicators whose card changed."""
    both = paired(before.retained, after.retained, KEY, _SHOWN).filter(
        pl.col("status_before").ne_missing(pl.col("status_after"))
        | pl.col("value_before").ne_missing(pl.col("value_after"))
    )
    both = both.with_columns(_secrets(before, after, both))
    both = both.with_columns(change=_change(_card_decimals(before, after)))
    both = both.filter(pl.col("change").is_not_null())
    terms = _links(before, after)
    both = both.with_columns(
        hidden=pl.col("change").is_in([BLANKED, UNVEILED])
        | _touched(both, both.filter(pl.col("change").is_in([BLANKED, UNVEILED])), terms)
    )
    both = both.with_columns(_cause(both, terms, method), _size(both, before, after))
    both = both.with_columns(
        pl.when("hidden").then(None).otherwise(pl.col(f"value_{side}")).alias(f"value_{side}")
        for side in _SIDES
    ).with_columns(size=pl.when("hidden").then(None).otherwise(pl.col("size")))
    rows = both.select(
        *KEY,
        "change",
        before="value_before",
        after="value_after",
        status_before="status_before",
        status_after="status_after",
        decimals=_decimals(_card_decimals(before, after)),
        hidden="hidden",
        cause="cause",
        size="size",
        file_before="file_before",
        file_after="file_after",
    ).sort(*KEY)
    rows = rows.select(pl.col(name).cast(kind) for name, kind in VALUES.items())
    rounded = pl.col("change") == ROUNDED
    return Figures(rows.filter(~rounded), rows.filter(rounded))


def _secrets(before: Edition, after: Edition, both: pl.DataFrame) -> list[pl.Series]:
    """Return, for each side, whether the edition holds the figure secret, and by our own rule."""
    found = []
    for side, edition in zip(_SIDES, (before, after), strict=True):
        status = both.select((pl.col(f"status_{side}") == Status.SECRET).fill_null(False))
        ruled = _within(both, edition.blanked.select(*KEY).unique())
        found += [
            (status.to_series() | ruled).alias(f"secret_{side}"),
            ruled.alias(f"ruled_{side}"),
        ]
    return found


def _within(both: pl.DataFrame, keys: pl.DataFrame) -> pl.Series:
    marked = both.select(*KEY).join(
        keys.with_columns(_in=pl.lit(True)), on=list(KEY), how="left", maintain_order="left"
    )
    return marked["_in"].fill_null(False)


def _change(card: pl.Expr) -> pl.Expr:
    """Return what happened to a figure, null when nothing did."""
    held = [pl.col(f"_held_{side}").fill_null(False) for side in _SIDES]
    ok = [(pl.col(f"status_{side}") == Status.OK).fill_null(False) for side in _SIDES]
    secret = [pl.col(f"secret_{side}") for side in _SIDES]
    values = [pl.col(f"value_{side}") for side in _SIDES]
    gap = (values[0] - values[1]).abs()
    width = EPSILON * pl.max_horizontal(pl.lit(1.0), values[0].abs(), values[1].abs())
    own = [
        pl.when(pl.col(f"decimals_{side}").is_null())
        .then(0.0)
        .otherwise(half_unit(pl.col(f"decimals_{side}")))
        for side in _SIDES
    ]
    computed = pl.col("decimals_before").is_null() & pl.col("decimals_after").is_null()
    alike = (gap < own[0] + own[1] - width) | (
        computed & (printed(values[0], card) == printed(values[1], card))
    )
    return (
        pl.when(ok[0] & secret[1])
        .then(pl.lit(BLANKED))
        .when(secret[0] & ok[1])
        .then(pl.lit(UNVEILED))
        .when(~held[0])
        .then(pl.lit("ajouté"))
        .when(~held[1])
        .then(pl.lit("retiré"))
        .when(pl.col("status_before") != pl.col("status_after"))
        .then(pl.lit("statut"))
        .when(~ok[0] | values[0].eq_missing(values[1]) | (gap <= width))
        .then(None)
        .when(alike)
        .then(pl.lit(ROUNDED))
        .otherwise(pl.lit("valeur"))
    )


def _card_decimals(before: Edition, after: Edition) -> pl.Expr:
    """Return the decimals with which the indicator is printed, by its newest card."""
    cards = {**before.catalogue.indicators, **after.catalogue.indicators}
    known = {code: card.decimals for code, card in cards.items()}
    return pl.col("indicator").replace_strict(known, default=1, return_dtype=pl.Int8)


def _decimals(card: pl.Expr) -> pl.Expr:
    """Return enough decimals for a change to be seen: those of the card, or of the documents."""
    return pl.max_horizontal(card, "decimals_before", "decimals_after").clip(0, _MOST_DECIMALS)


def _links(before: Edition, after: Edition) -> pl.DataFrame:
    """Return one row a derived indicator × what it is computed from."""
    links = formula_terms(before.catalogue, after.catalogue)
    rows = [(code, term) for code, terms in links.items() for term in sorted(terms)]
    return pl.DataFrame(rows, schema={"indicator": pl.String, "term": pl.String}, orient="row")


def _touched(both: pl.DataFrame, sources: pl.DataFrame, links: pl.DataFrame) -> pl.Series:
    """Return which rows are computed from one of ``sources``, in the same cell."""
    hit = sources.select(*_CELL, term="indicator").join(links, on="term").select(*KEY).unique()
    return _within(both, hit)


def _cause(both: pl.DataFrame, links: pl.DataFrame, method: set[str]) -> pl.Series:
    """Return why a figure that both editions hold changed."""
    derived = (pl.col("origin_before") == Origin.DERIVED) & (
        pl.col("origin_after") == Origin.DERIVED
    )
    stated = (
        pl.col("raw_before").ne_missing(pl.col("raw_after"))
        | pl.col("document_before").ne_missing(pl.col("document_after"))
        | pl.col("origin_before").ne_missing(pl.col("origin_after"))
    )
    by_figure = pl.when(derived).then(pl.Series(_touched(both, both, links))).otherwise(stated)
    by_method = pl.col("indicator").is_in(sorted(method)) | (~derived & ~stated)
    ruled = pl.col("ruled_before") | pl.col("ruled_after")
    return both.select(
        pl.when(pl.col("change").is_in([BLANKED, UNVEILED]))
        .then(pl.when(ruled).then(pl.lit("règle de secret")).otherwise(pl.lit("document")))
        .when(pl.col("change").is_in(["ajouté", "retiré"]))
        .then(pl.lit(""))
        .when(by_figure & by_method)
        .then(pl.lit("chiffre et méthode"))
        .when(by_figure)
        .then(pl.lit("chiffre"))
        .when(by_method)
        .then(pl.lit("méthode"))
        .otherwise(pl.lit("calcul"))
        .alias("cause")
    )["cause"]


def _size(both: pl.DataFrame, before: Edition, after: Edition) -> pl.Series:
    """Return how large each change is, so that the largest are told first."""
    spreads = (
        pl.concat([e.groups.select("indicator", "breakdown", "sd") for e in (after, before)])
        .filter(pl.col("sd") > 0)
        .group_by("indicator", "breakdown")
        .agg(pl.col("sd").mean())
    )
    gap = (pl.col("value_after") - pl.col("value_before")).abs()
    largest = pl.max_horizontal(pl.col("value_before").abs(), pl.col("value_after").abs())
    return (
        both.select(*KEY, "value_before", "value_after")
        .join(spreads, on=["indicator", "breakdown"], how="left", maintain_order="left")
        .select(
            pl.when(pl.col("sd").is_not_null())
            .then(gap / pl.col("sd"))
            .when(largest > 0)
            .then(gap / largest)
            .alias("size")
        )["size"]
    )
