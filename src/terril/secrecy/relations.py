"""Which relations bind the figures of an edition, those of the former ones, and of both lists?

Everything that the catalogue and the territories declare: totals and their parts, formulas,
breakdowns; the neighbourhoods and their total, that total and the rest of the agglomeration, the
communes and the agglomeration, a neighbourhood within its commune; a mean that a document
prints; a perimeter that is the same, or part of another, in the list of 2024.

A relation more than need be never weakens the protection: it gives the attacker more. A relation
that the figures contradict is set aside elsewhere, and said.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import polars as pl

from terril.catalogue.cards import Catalogue
from terril.lib.french import NBSP
from terril.observations.relations import Equation, declared, implied
from terril.secrecy import zonings
from terril.secrecy.links import RATIOS, Gathered, Links

_CELL: Final = ("kind", "territory", "period", "breakdown")
_WHERE: Final = ("kind", "territory", "period")
TOTAL: Final = "total"
SUM_OF: Final = "#somme"  # the sum of the terms of a share
_INFINITE: Final = float("inf")


def links(
    figures: pl.DataFrame,
    catalogue: Catalogue,
    territories: pl.DataFrame,
    correspondence: pl.DataFrame | None = None,
) -> Links:
    """Return every relation between the figures (columns of ``KEY``, ``value``, ``status``).

    ``territories``: the frame of the registry. ``correspondence``: the columns of
    ``territories.correspondence.CORRESPONDENCE``. A relation may go through figures that are
    not there.
    """
    gathered = Gathered(figures, catalogue)
    equations(gathered)
    ratios(gathered)
    breakdowns(gathered)
    zonings.neighbourhoods(gathered, territories)
    zonings.agglomerations(gathered)
    zonings.communes(gathered, territories)
    zonings.means(gathered, territories)
    if correspondence is not None:
        zonings.generations(gathered, correspondence)
    return gathered.links()


def equations(gathered: Gathered) -> None:
    """The relations and the additive formulas of the catalogue."""
    seen: dict[tuple[frozenset[str], str | None, float | None, bool], Equation] = {}
    for equation in [*declared(gathered.catalogue), *implied(gathered.catalogue)]:
        key = (
            frozenset(equation.parts), equation.total, equation.constant, equation.at_most
        )  # fmt: skip
        seen.setdefault(key, equation)
    for equation in seen.values():
        _equation(gathered, equation)


def _equation(gathered: Gathered, equation: Equation) -> None:
    members = list(equation.members)
    present = (
        gathered.figures.filter(pl.col("indicator").is_in(members))
        .group_by(_CELL)
        .agg(there=pl.col("indicator").n_unique())
        .filter(pl.col("there") >= 2)
    )
    groups = gathered.number(present, _CELL)
    parts = [
        groups.with_columns(indicator=pl.lit(m), coefficient=pl.lit(1.0)) for m in equation.parts
    ]
    if equation.total is not None:
        parts.append(
            groups.with_columns(indicator=pl.lit(equation.total), coefficient=pl.lit(-1.0))
        )
    end = equation.constant or 0.0
    gathered.add(
        groups,
        parts,
        text=f"par différence{NBSP}: {equation.label}",
        low=-_INFINITE if equation.at_most else end,
        high=end,
    )


def ratios(gathered: Gathered) -> None:
    """The rates whose counts have cards: two of the three figures are there."""
    for code, card in gathered.catalogue.indicators.items():
        formula = card.formula
        if formula is None or formula.form not in ("ratio", "share"):
            continue
        top, base = formula.terms[0], formula.terms[-1]
        factor = formula.factor
        if formula.form == "share":
            base, factor = code + SUM_OF, 100.0
            _sum_of_terms(gathered, code, formula.terms)
        there = (
            gathered.figures.filter(pl.col("indicator").is_in([code, *formula.terms]))
            .group_by(_CELL)
            .agg(
                there=pl.col("indicator").n_unique(),
                rate=(pl.col("indicator") == code).any(),
            )
            .filter((pl.col("there") >= 2) & pl.col("rate"))
            .sort(_CELL)
        )
        gathered.rates.append(
            there.with_columns(
                numerator=pl.lit(top),
                denominator=pl.lit(base),
                rate=pl.lit(code),
                factor=pl.lit(factor),
            ).select(pl.col(name).cast(dtype) for name, dtype in RATIOS.items())
        )


def _sum_of_terms(gathered: Gathered, code: str, terms: Sequence[str]) -> None:
    present = gathered.figures.filter(pl.col("indicator") == code).select(_CELL).unique()
    groups = gathered.number(present, _CELL)
    parts = [groups.with_columns(indicator=pl.lit(t), coefficient=pl.lit(1.0)) for t in terms]
    parts.append(groups.with_columns(indicator=pl.lit(code + SUM_OF), coefficient=pl.lit(-1.0)))
    label = gathered.catalogue.indicators[code].label
    gathered.add(groups, parts, text=f"par la somme des termes de « {label} »")


def breakdowns(gathered: Gathered) -> None:
    """The parts of a breakdown add up to the total, unless it shows some of them only.

    Of a crossing (« sexe=F;age=26_49 ») the parts of each dimension add up to the figure without
    it; a part without « = » (« autour_300m ») is where the rest is said, not a dimension.
    """
    parted = _parted(gathered.additive["breakdown"].unique().sort())
    parts = gathered.additive.join(parted, on="breakdown")
    if parts.is_empty():
        return
    family = ["indicator", "period", "dimension", "whole"]
    cell = [*_WHERE, "indicator", "dimension", "whole"]
    totals = gathered.additive.select(*_WHERE, "indicator", whole="breakdown", total="value")
    sums = (
        parts.group_by(cell)
        .agg(
            known=pl.col("value").sum(),
            sure=pl.col("value").is_not_null().all(),
            here=pl.len(),
        )
        .join(totals, on=[*_WHERE, "indicator", "whole"])
    )
    kinds = parts.select(*family, "breakdown").unique()
    full = kinds.group_by(family).agg(parts=pl.len())
    sums = sums.join(full, on=family)
    checked = sums.filter(pl.col("sure") & (pl.col("here") == pl.col("parts")))
    short = (
        checked.group_by(family)
        .agg(short=(pl.col("known") < pl.col("total") - 1e-6).all())
        .filter(pl.col("short"))
    )
    groups = gathered.number(sums.join(short, on=family, how="left"), cell)
    entries = groups.join(kinds, on=family).with_columns(coefficient=pl.lit(1.0))
    whole = groups.with_columns(breakdown=pl.col("whole"), coefficient=pl.lit(-1.0))
    gathered.add(
        groups,
        [entries, whole],
        text="par différence entre l’ensemble et les autres modalités de la ventilation",
        low=pl.when(pl.col("short").fill_null(value=False)).then(-_INFINITE).otherwise(0.0),
    )


def _parted(breakdowns: pl.Series) -> pl.DataFrame:
    """Return breakdown, one of its dimensions, and the breakdown without it."""
    rows = []
    for breakdown in breakdowns.to_list():
        parts = breakdown.split(";")
        for rank, part in enumerate(parts):
            name, equal, _ = part.partition("=")
            if equal:
                rest = ";".join(parts[:rank] + parts[rank + 1 :])
                rows.append((breakdown, name, rest or TOTAL))
    schema = {"breakdown": pl.String, "dimension": pl.String, "whole": pl.String}
    return pl.DataFrame(rows, schema=schema, orient="row")
