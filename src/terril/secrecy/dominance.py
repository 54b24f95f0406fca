"""Which sums would tell one contributor what another one is worth?

For magnitudes (pay, staff of establishments) whose contributions are known. Dominance (n, k):
the n largest make more than k % of the sum. p %: the second contributor, who knows its own part,
would know the first one's to within p %. Either way the protection interval is the one under
which the rule would no longer hold (Cox 1981; Hundepool et al. 2012, ch. 4).
"""

from __future__ import annotations

from typing import Final

import polars as pl

from terril.catalogue.cards import Catalogue
from terril.lib.french import FINE, nombre
from terril.observations.schema import KEY

#: one row a contributor of a figure: the columns of ``KEY`` and these
CONTRIBUTIONS: Final[dict[str, pl.DataType | type[pl.DataType]]] = {
    **{name: pl.String for name in KEY},
    "contributor": pl.String,
    "amount": pl.Float64,
}

#: the sums that a rule forbids, with what the attacker must not be able to exclude
DOMINATED: Final[dict[str, pl.DataType | type[pl.DataType]]] = {
    **{name: pl.String for name in KEY},
    "rule": pl.String,
    "why": pl.String,
    "wide_low": pl.Float64,
    "wide_high": pl.Float64,
}


def dominated(contributions: pl.DataFrame, catalogue: Catalogue) -> pl.DataFrame:
    """Return the sums that the rules of dominance forbid (``DOMINATED``), by key."""
    found = [pl.DataFrame(schema=DOMINATED)]
    ranked = (
        contributions.filter(pl.col("amount") > 0)
        .sort(*KEY, "amount", "contributor", descending=[False] * len(KEY) + [True, False])
        .with_columns(place=pl.int_range(pl.len()).over(KEY) + 1)
    )
    for code, rule in catalogue.secrecy.items():
        own = [c for c, card in catalogue.indicators.items() if card.secrecy == code]
        rows = ranked.filter(pl.col("indicator").is_in(own))
        if rows.is_empty():
            continue
        total = pl.col("amount").sum()

        def top(size: int) -> pl.Expr:
            return pl.col("amount").filter(pl.col("place") <= size).sum()

        if rule.dominance is not None:
            size, share = rule.dominance.largest, rule.dominance.share / 100
            who = "premier contributeur" if size == 1 else f"les {size} premiers contributeurs"
            verb = "pèse" if size == 1 else "pèsent"
            found.append(
                _forbidden(
                    rows.group_by(KEY).agg(total=total, reach=top(size) / share),
                    code,
                    f"Le {who} {verb} plus de {nombre(rule.dominance.share)}{FINE}% du total."
                    if size == 1
                    else f"L{who[1:]} {verb} plus de {nombre(rule.dominance.share)}{FINE}% "
                    "du total.",
                )
            )
        if rule.p_percent is not None:
            rest = total - top(2)
            found.append(
                _forbidden(
                    rows.group_by(KEY).agg(
                        total=total, reach=total + rule.p_percent / 100 * top(1) - rest
                    ),
                    code,
                    "Le deuxième contributeur connaîtrait le premier à "
                    f"{nombre(rule.p_percent)}{FINE}% près.",
                )
            )
    return (
        pl.concat(found)
        .sort(*KEY, "wide_high", descending=[False] * len(KEY) + [True])
        .unique(KEY, keep="first", maintain_order=True)
    )


def _forbidden(sums: pl.DataFrame, rule: str, why: str) -> pl.DataFrame:
    """Return the sums that are under the ``reach`` that the rule asks for."""
    width = pl.col("reach") - pl.col("total")
    return (
        sums.filter(width > 1e-9)
        .with_columns(
            rule=pl.lit(rule),
            why=pl.lit(why),
            wide_low=pl.max_horizontal(0.0, pl.col("total") - width),
            wide_high=pl.col("reach"),
        )
        .select(pl.col(name).cast(dtype) for name, dtype in DOMINATED.items())
    )
