"""Which sums would tell one contributor what another one is worth?

For magnitudes (pay, staff of establishments) whose contributions are known. Number: fewer
contributors than the rule's minimum. Dominance (n, k): the n largest make more than k % of the sum.
p %: the second contributor, who knows its own part, would know the first one's to within p %.
The protection interval is the one under which the rule would no longer hold (Cox 1981; Hundepool
et al. 2012, ch. 4).

Of a sum whose smaller contributions are only known together, the contributions that are not
named are taken as large as they may be: none is larger than the smallest that is.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import polars as pl

from terril.catalogue.cards import Catalogue
from terril.catalogue.schema import SecrecyRule
from terril.lib.french import FINE, compte, nombre
from terril.lib.problems import Problem, Severity, Where
from terril.observations.schema import KEY, Status
from terril.sources.contributions import CONTRIBUTIONS

__all__ = ["CONTRIBUTIONS", "DOMINATED", "around", "disagreements", "dominated"]

#: the sums that a rule forbids, with what the attacker must not be able to exclude
DOMINATED: Final[dict[str, pl.DataType | type[pl.DataType]]] = {
    **{name: pl.String for name in KEY},
    "rule": pl.String,
    "why": pl.String,
    "wide_low": pl.Float64,
    "wide_high": pl.Float64,
    "total": pl.Float64,  # of the contributions, which the interval is around
}

#: a figure and the total of its contributions may differ by this share: another rounding
_SAME: Final = 0.005


def dominated(contributions: pl.DataFrame, catalogue: Catalogue) -> pl.DataFrame:
    """Return the sums that the rules forbid (``DOMINATED``), by key.

    ``contributions``: ``CONTRIBUTIONS`` (``contributors`` may be absent); a row whose contributor
    is "" holds the contributions that are only known together.
    """
    found = [pl.DataFrame(schema=DOMINATED)]
    sums = _sums(contributions)
    for code, rule in catalogue.secrecy.items():
        own = [c for c, card in catalogue.indicators.items() if card.secrecy == code]
        rows = sums.filter(pl.col("indicator").is_in(own))
        if not rows.is_empty():
            found += _by_rule(rows, code, rule)
    return (
        pl.concat(found)
        .sort(*KEY, "wide_high", descending=[False] * len(KEY) + [True])
        .unique(KEY, keep="first", maintain_order=True)
    )


def _sums(contributions: pl.DataFrame) -> pl.DataFrame:
    """Return one row a figure: total, rest, the contributions in order, how many there are."""
    told = contributions.filter(pl.col("amount") > 0)
    if "contributors" not in told.columns:
        told = told.with_columns(contributors=pl.lit(None, pl.Int64))
    named = pl.col("contributor") != ""
    return (
        told.sort(*KEY, "amount", descending=[False] * len(KEY) + [True])
        .group_by(KEY, maintain_order=True)
        .agg(
            total=pl.col("amount").sum(),
            rest=pl.col("amount").filter(~named).sum(),
            largest=pl.col("amount").filter(named),
            told=pl.col("contributors").max(),
        )
        .with_columns(
            contributors=pl.coalesce(
                "told", pl.when(pl.col("rest") == 0).then(pl.col("largest").list.len())
            ).cast(pl.Int64)
        )
    )


def _top(size: int) -> pl.Expr:
    """Return what the ``size`` largest make at most."""
    held = pl.col("largest").list.len().cast(pl.Int64)  # a negative number of lacking ones
    named = pl.col("largest").list.head(size).list.sum()
    lacking = (pl.lit(size) - held).clip(lower_bound=0)
    smallest = pl.col("largest").list.last().fill_null(pl.col("rest"))
    return named + pl.min_horizontal("rest", lacking * smallest)


def _by_rule(rows: pl.DataFrame, code: str, rule: SecrecyRule) -> Iterator[pl.DataFrame]:
    total = pl.col("total")
    guards = rule.dominance is not None or rule.p_percent is not None
    if rule.minimum is not None and guards:
        # no contribution says how far: the share that the card protects any figure by
        few = rows.filter(pl.col("contributors") < rule.minimum)
        yield _forbidden(
            few.with_columns(reach=total * (1 + rule.protection.relative)),
            code,
            f"Moins de {compte(rule.minimum, 'contributeur', 'contributeurs')} ({rule.unit}).",
        )
    if rule.dominance is not None:
        size, share = rule.dominance.largest, rule.dominance.share / 100
        who = (
            "Le premier contributeur pèse"
            if size == 1
            else f"Les {size} premiers contributeurs pèsent"
        )
        yield _forbidden(
            rows.with_columns(reach=_top(size) / share),
            code,
            f"{who} plus de {nombre(rule.dominance.share)}{FINE}% du total.",
        )
    if rule.p_percent is not None:
        rest = total - _top(2)
        yield _forbidden(
            rows.with_columns(reach=total + rule.p_percent / 100 * _top(1) - rest),
            code,
            f"Le deuxième contributeur connaîtrait le premier à {nombre(rule.p_percent)}{FINE}% "
            "près.",
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


def around(over: pl.DataFrame, figures: pl.DataFrame) -> pl.DataFrame:
    """Return ``over`` (``DOMINATED``) with its intervals around the figures that are published.

    A document may round, or disagree with the total of the contributions.
    """
    values = figures.filter(pl.col("status") == Status.OK).select(*KEY, _value="value")
    moved = over.join(values.unique(KEY, keep="first"), on=KEY, how="left", maintain_order="left")
    shift = (pl.col("_value") - pl.col("total")).fill_null(0.0)
    return moved.with_columns(
        wide_low=pl.max_horizontal(0.0, pl.col("wide_low") + shift.clip(upper_bound=0.0)),
        wide_high=pl.col("wide_high") + shift.clip(lower_bound=0.0),
    ).drop("_value")


def disagreements(
    contributions: pl.DataFrame, figures: pl.DataFrame, catalogue: Catalogue
) -> Iterator[Problem]:
    """Yield what the contributions and the figures do not agree on, without any value.

    A total that is not the figure: the protection would be that of another sum. Contributions of
    no figure: nothing is blanked for them. Each sort is told once, with how many there are.
    """
    sums = _sums(contributions).select(*KEY, "total")
    known = figures.filter(pl.col("status").is_in([Status.OK.value, Status.SECRET.value])).select(
        *KEY, "value"
    )
    joined = sums.join(known.unique(KEY, keep="first"), on=KEY, how="left", coalesce=True)
    apart = joined.filter(
        (pl.col("value") - pl.col("total")).abs() > (_SAME * pl.col("value").abs() + 0.5)
    )
    absent = sums.join(known, on=KEY, how="anti")
    for code, rows, what, remedy in (
        (
            "contributions-contredites",
            apart,
            "ne font pas le chiffre que le document donne",
            "Vérifiez le fichier des contributions : la protection se fonde sur lui.",
        ),
        (
            "contributions-sans-chiffre",
            absent,
            "ne sont celles d’aucun chiffre de l’édition",
            "Vérifiez l’indicateur et la période.",
        ),
    ):
        if rows.is_empty():
            continue
        first = rows.sort(KEY).row(0, named=True)
        card = catalogue.indicators.get(first["indicator"])
        label = card.label if card else first["indicator"]
        yield Problem(
            code,
            Where(),
            f"Les contributions de {compte(rows.height, 'chiffre', 'chiffres')} {what} "
            f"(le premier : {label}, {first['territory']}, {first['period']}).",
            "des contributions dont la somme est le chiffre publié.",
            remedy,
            Severity.WARNING,
        )
