"""Is a neighbourhood's rate far from the others', or only small enough for chance to move it?

Funnel limits (Spiegelhalter, 2005): around the value of the neighbourhoods of the contract put
together, limits that narrow as the denominator grows. They need a numerator and a denominator:
the counts of the card's formula where both are known, else the rate times the count that the card
names as weight, of the same period or of the latest known one. A median or an index has none.

The law follows the card: binomial for a percentage, Poisson for a rate per 1 000 inhabitants, or
what the card says (``chance``). A census share comes from a survey: its true limits are wider.

Each row says the position by the declared rule (``position``: limits widened by the dispersion
of the group when ``entonnoir_surdispersion`` is 1) and by chance alone (``chance``). The first
answers « is it out of the ordinary among these neighbourhoods? », the second « would chance alone
explain the gap? ».
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from terril.benchmarks import limits
from terril.benchmarks.limits import Limits
from terril.benchmarks.schema import Schema
from terril.catalogue.cards import Catalogue
from terril.catalogue.schema import Aggregation, Indicator, Polarity
from terril.observations.schema import Kind, Status


class Position(StrEnum):
    """Where a value stands against the limits."""

    ATTENDU = "attendu"
    AU_DELA_95 = "au_dela_95"
    AU_DELA_998 = "au_dela_998"


#: words of the positions
WORDS: Final = {
    Position.ATTENDU: "dans l’attendu",
    Position.AU_DELA_95: "au-delà de 95\u202f%",
    Position.AU_DELA_998: "au-delà de 99,8\u202f%",
}

#: one row a neighbourhood × figure whose numerator and denominator are known
FUNNEL: Final[Schema] = {
    "group": pl.String,
    "territory": pl.String,
    "indicator": pl.String,
    "period": pl.String,
    "breakdown": pl.String,
    "numerator": pl.Float64,
    "denominator": pl.Float64,
    "denominator_period": pl.String,
    "basis": pl.String,  # effectifs | part: both counts are known, or the value and what is below
    "law": pl.String,  # binomiale | poisson
    "value": pl.Float64,  # numerator / denominator, in the unit of the indicator, as are
    "expected": pl.Float64,  # the pooled value of the group and
    "low95": pl.Float64,  # the limits of the declared rule
    "high95": pl.Float64,
    "low998": pl.Float64,
    "high998": pl.Float64,
    "phi": pl.Float64,  # dispersion of the group, winsorised; 1 when chance explains all
    "dispersed": pl.Boolean,  # are the limits widened by it?
    "exact": pl.Boolean,  # limits from the discrete distribution, or from the score test
    "position": pl.String,  # a Position, by the declared rule
    "chance": pl.String,  # a Position, by chance alone
    "side": pl.String,  # higher | lower | equal
    "judgement": pl.String,  # favorable | defavorable | neutre beyond 95 %, "" within
    "rule": pl.String,  # French: which rule was used
}

_CELL: Final = ("group", "indicator", "period", "breakdown")
_WHO: Final = ("territory", "period", "breakdown")
_TINY: Final = 1e-9

Flags = npt.NDArray[np.bool_]


def funnel(
    retained: pl.DataFrame,
    territories: pl.DataFrame,
    catalogue: Catalogue,
    *,
    overdispersion: bool | None = None,
) -> pl.DataFrame:
    """Return the funnel of every figure that may have one (``FUNNEL``), sorted by key.

    ``retained``: kind, territory, indicator, period, breakdown, value, status; ``territories``:
    kind, code, epci. A group with fewer than ``effectif_minimal_rang`` known neighbourhoods has
    none. ``overdispersion``: are the limits widened? That of the catalogue unless given.
    """
    wide = bool(catalogue.number("entonnoir_surdispersion"))
    wide = wide if overdispersion is None else overdispersion
    known = retained.filter(
        (pl.col("kind") == Kind.QPV)
        & (pl.col("status") == Status.OK)
        & pl.col("value").is_not_null()
    ).select("territory", "indicator", "period", "breakdown", "value")
    rows = _counted(known, catalogue)
    members = territories.filter(pl.col("kind") == Kind.QPV).select(territory="code", group="epci")
    rows = rows.join(members, on="territory").filter(
        pl.len().over(_CELL) >= int(catalogue.number("effectif_minimal_rang"))
    )
    if rows.is_empty():
        return pl.DataFrame(schema=FUNNEL)
    rows = _expected(rows, catalogue.number("entonnoir_winsorisation"), wide)
    return _placed(rows, catalogue)


# ------------------------------------------------------------------ what is counted


def law_of(card: Indicator, catalogue: Catalogue) -> str | None:
    """Return the law of the limits of an indicator, or ``None`` when it can have none."""
    if card.aggregation is not Aggregation.MEAN or card.chance == "aucune":
        return None
    per = catalogue.units[card.unit].per
    return card.chance or {None: None, 100.0: "binomiale"}.get(per, "poisson")


def _counted(known: pl.DataFrame, catalogue: Catalogue) -> pl.DataFrame:
    """Return the figures shown that have a denominator, with their numerator, one row a figure.

    ``known``: territory, indicator, period, breakdown, value. Adds ``per``, what one numerator
    over one denominator is multiplied by. The value is the one that is shown: the count above is
    taken when it gives it, within the rounding of the card; otherwise the value times the
    denominator. Counts that contradict the value shown are so left aside.
    """
    asked, terms = _asked(catalogue)
    counts = known.select(*_WHO, term="indicator", count="value")
    below = (
        terms.join(counts, on="term")
        .group_by("indicator", *_WHO)
        .agg(_below=pl.col("count").sum(), _found=pl.len(), _terms=pl.col("terms").first())
        .filter(pl.col("_found") == pl.col("_terms"))
        .drop("_found", "_terms")
    )
    rows = (
        known.join(asked, on="indicator")
        .join(below, on=["indicator", *_WHO], how="left")
        .join(counts.rename({"term": "above", "count": "_above"}), on=["above", *_WHO], how="left")
        .pipe(_weighed, known)
        .with_columns(denominator=pl.coalesce("_below", "_weight"))
        .filter(pl.col("denominator") >= 1)
    )
    given = pl.col("_above") / pl.col("_below") * pl.col("per")
    agrees = (given - pl.col("value")).abs() <= pl.col("half") * (1 + 1e-6) + 1e-9
    fits = (pl.col("law") != "binomiale") | (pl.col("_above") <= pl.col("_below"))
    counted = (agrees & fits).fill_null(value=False)
    worked = pl.col("value") * pl.col("denominator") / pl.col("per")
    return rows.filter((pl.col("law") != "binomiale") | (worked <= pl.col("denominator"))).select(
        *_WHO,
        "indicator",
        "per",
        "law",
        "denominator",
        numerator=pl.when(counted).then("_above").otherwise(worked),
        denominator_period=pl.when(pl.col("_below").is_not_null())
        .then("period")
        .otherwise("_weight_period"),
        basis=pl.when(counted).then(pl.lit("effectifs")).otherwise(pl.lit("part")),
    )


def _asked(catalogue: Catalogue) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the indicators that may have a funnel, and the counts below those with a formula."""
    cards = catalogue.indicators
    asked: list[tuple[str, float, str, str | None, str | None, float]] = []
    terms: list[tuple[str, str, int]] = []
    for code, card in cards.items():
        law = law_of(card, catalogue)
        if law is None:
            continue
        per = catalogue.units[card.unit].per
        above, below = _division(card, catalogue)
        if below and card.formula is not None:
            per = 100.0 if card.formula.form == "share" else card.formula.factor
        if per is None or not (below or card.weight):
            continue
        asked.append((code, per, law, above, card.weight, 0.5 * 10.0**-card.decimals))
        terms += [(code, term, len(below)) for term in below]
    text = pl.String
    return (
        pl.DataFrame(
            asked,
            schema={
                "indicator": text,
                "per": pl.Float64,
                "law": text,
                "above": text,
                "weight": text,
                "half": pl.Float64,
            },
            orient="row",
        ),
        pl.DataFrame(
            terms, schema={"indicator": text, "term": text, "terms": pl.Int32}, orient="row"
        ),
    )


def _division(card: Indicator, catalogue: Catalogue) -> tuple[str | None, tuple[str, ...]]:
    """Return the count above and the counts below of a formula, ``(None, ())`` when it has none."""
    formula = card.formula
    if formula is None or formula.form not in ("ratio", "share"):
        return None, ()
    if any(catalogue.indicators[term].aggregation is not Aggregation.SUM for term in formula.terms):
        return None, ()
    return formula.terms[0], formula.terms if formula.form == "share" else formula.terms[1:]


def _weighed(rows: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """Add the count that each card names as weight: of the same period, else the latest known."""
    weights = known.filter(
        pl.col("indicator").is_in(rows["weight"].drop_nulls().unique().implode())
        & (pl.col("breakdown") == "total")
    ).select("territory", "period", weight="indicator", _same="value")
    latest = (
        weights.sort("period")
        .unique(["territory", "weight"], keep="last", maintain_order=True)
        .rename({"period": "_last_period", "_same": "_last"})
    )
    return (
        rows.join(weights, on=["territory", "period", "weight"], how="left")
        .join(latest, on=["territory", "weight"], how="left")
        .with_columns(
            _weight=pl.coalesce("_same", "_last"),
            _weight_period=pl.when(pl.col("_same").is_not_null())
            .then("period")
            .otherwise("_last_period"),
        )
    )


# ------------------------------------------------------------------ the limits


def _expected(rows: pl.DataFrame, share: float, wide: bool) -> pl.DataFrame:
    """Add the pooled proportion of each group and its dispersion."""
    n, p = pl.col("denominator"), pl.col("_pooled")
    shares = pl.col("law") == "binomiale"
    spread = pl.when(shares).then(p * (1.0 - p) / n).otherwise(p / n).sqrt()
    score = pl.when(spread > 0).then((pl.col("_own") - p) / spread).otherwise(0.0)

    def end(q: float) -> pl.Expr:
        return pl.col("_score").quantile(q, interpolation="linear").over(_CELL)

    limit = 1.0 + 2.0 * (2.0 / pl.len().over(_CELL)).sqrt()
    return (
        rows.with_columns(
            _own=pl.col("numerator") / n,
            _pooled=pl.col("numerator").sum().over(_CELL) / n.sum().over(_CELL),
        )
        .with_columns(_score=score)
        .with_columns(_low=end(share), _high=end(1.0 - share))
        .with_columns(
            phi=(pl.col("_score").clip(pl.col("_low"), pl.col("_high")) ** 2).mean().over(_CELL)
        )
        .with_columns(dispersed=(pl.col("phi") > limit) & pl.lit(wide))
    )


def _placed(rows: pl.DataFrame, catalogue: Catalogue) -> pl.DataFrame:
    """Add the limits, the positions and the words of the rule."""
    pooled, own = rows["_pooled"].to_numpy(), rows["_own"].to_numpy()
    size = np.maximum(np.round(rows["denominator"].to_numpy()), 1.0)
    shares = (rows["law"] == "binomiale").to_numpy()
    phi = np.where(rows["dispersed"].to_numpy(), rows["phi"].to_numpy(), 1.0)
    per = rows["per"].to_numpy()
    found: dict[float, tuple[Limits, Limits]] = {}
    for level in limits.Z:
        chance = _limits(size, pooled, shares, level)
        wide = limits.widened(chance, pooled, phi, None)
        high = np.where(shares, np.minimum(wide.high, 1.0), wide.high)
        found[level] = (chance, Limits(wide.low, high, wide.exact))
    (chance95, wide95), (chance998, wide998) = found[0.95], found[0.998]
    side = np.where(own > pooled + _TINY, 1, np.where(own < pooled - _TINY, -1, 0))
    whole = rows.with_columns(
        value=pl.Series(own * per),
        expected=pl.Series(pooled * per),
        low95=pl.Series(wide95.low * per),
        high95=pl.Series(wide95.high * per),
        low998=pl.Series(wide998.low * per),
        high998=pl.Series(wide998.high * per),
        exact=pl.Series(chance95.exact),
        position=_positions(own, wide95, wide998),
        chance=_positions(own, chance95, chance998),
        side=pl.Series(side).replace_strict(
            {1: "higher", -1: "lower", 0: "equal"}, return_dtype=pl.String
        ),
    )
    return (
        whole.with_columns(judgement=_judgement(catalogue), rule=_rule())
        .with_columns(phi=pl.max_horizontal(pl.col("phi"), pl.lit(1.0)))
        .select(pl.col(name).cast(dtype) for name, dtype in FUNNEL.items())
        .sort("group", "territory", "indicator", "period", "breakdown")
    )


def _limits(size: limits.Floats, pooled: limits.Floats, shares: Flags, level: float) -> Limits:
    low, high = np.empty_like(pooled), np.empty_like(pooled)
    exact = np.empty(pooled.shape, dtype=bool)
    for law, mask in ((limits.binomial, shares), (limits.poisson, ~shares)):
        part = law(size[mask], pooled[mask], level)
        low[mask], high[mask], exact[mask] = part
    return Limits(low, high, exact)


def _positions(own: limits.Floats, inner: Limits, outer: Limits) -> pl.Series:
    def beyond(of: Limits) -> Flags:
        return (own < of.low - _TINY) | (own > of.high + _TINY)

    return pl.Series(
        np.where(
            beyond(outer),
            Position.AU_DELA_998.value,
            np.where(beyond(inner), Position.AU_DELA_95.value, Position.ATTENDU.value),
        )
    )


def _judgement(catalogue: Catalogue) -> pl.Expr:
    """Say whether what is beyond the limits is so for the better."""
    senses = {
        code: {Polarity.FAVORABLE: 1, Polarity.DEFAVORABLE: -1, Polarity.NEUTRE: 0}[card.polarity]
        for code, card in catalogue.indicators.items()
    }
    sense = pl.col("indicator").replace_strict(senses, return_dtype=pl.Int8)
    way = pl.when(pl.col("side") == "higher").then(sense).otherwise(-sense)
    return (
        pl.when(pl.col("position") == Position.ATTENDU.value)
        .then(pl.lit(""))
        .when(sense == 0)
        .then(pl.lit("neutre"))
        .when(way > 0)
        .then(pl.lit("favorable"))
        .otherwise(pl.lit("defavorable"))
    )


def _rule() -> pl.Expr:
    """Write which rule gave the limits."""
    law = (
        pl.when(pl.col("law") == "binomiale")
        .then(pl.lit("loi binomiale"))
        .otherwise(pl.lit("loi de Poisson"))
    )
    way = (
        pl.when("exact")
        .then(pl.lit(", limites exactes"))
        .otherwise(pl.lit(", limites du test du score (Wilson)"))
    )
    phi = pl.col("phi").round(1).cast(pl.String).str.replace(".", ",", literal=True)
    wide = pl.format(", élargies par la dispersion des quartiers (φ = {})", phi)
    return law + way + pl.when("dispersed").then(wide).otherwise(pl.lit(""))
