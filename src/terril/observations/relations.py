"""Do the figures that should add up add up, and does one give a secret away?

The relations are declared in the catalogue (``relations/``, and the formulas that add). A sum
is allowed the rounding of each of its terms: half a unit of the last written decimal each.
Counts that a producer does not round must add up exactly.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from terril.catalogue.cards import Catalogue
from terril.catalogue.schema import Aggregation, Nature
from terril.lib.french import FINE, NBSP, nombre
from terril.lib.problems import Severity
from terril.observations.findings import Finding, places_of
from terril.observations.places import Names
from terril.observations.rounding import EPSILON
from terril.observations.schema import KEY, Kind, Status
from terril.territories.generations import list_of

_CELL: Final = ("kind", "territory", "period", "breakdown")

#: points that shares may miss together, and how many territories make a common cause
_SLIGHT: Final = 1.0
_SEVERAL: Final = 3


@dataclass(frozen=True, slots=True)
class Equation:
    """``parts`` add up to ``total`` (an indicator) or to ``constant``; to at most, maybe."""

    label: str
    parts: tuple[str, ...]
    total: str | None
    constant: float | None
    at_most: bool = False

    @property
    def members(self) -> tuple[str, ...]:
        """The parts, then the total when it is an indicator."""
        return self.parts if self.total is None else (*self.parts, self.total)


def declared(catalogue: Catalogue) -> list[Equation]:
    """Return the relations of the catalogue."""
    return [
        Equation(r.label, r.parts, r.total, r.constant, r.at_most)
        for r in catalogue.relations.values()
    ]


def implied(catalogue: Catalogue) -> list[Equation]:
    """Return the equations that the additive formulas stand for.

    Their figures are checked by ``resolve`` (derived against stated): they serve to find
    secrets that can be computed back.
    """
    equations = []
    for code, card in catalogue.indicators.items():
        formula = card.formula
        if formula is None:
            continue
        if formula.form == "sum":
            equations.append(Equation(card.label, formula.terms, code, None))
        elif formula.form == "difference":
            first, *others = formula.terms
            equations.append(Equation(card.label, (code, *others), first, None))
        elif formula.form == "complement":
            equations.append(Equation(card.label, (code, *formula.terms), None, 100.0))
    return equations


class Figures:
    """The figures of some indicators, looked up by indicator then by territory and period."""

    def __init__(self, retained: pl.DataFrame, indicators: Sequence[str]) -> None:
        wanted = retained.filter(pl.col("indicator").is_in(sorted(set(indicators))))
        parts = wanted.partition_by("indicator", as_dict=True)
        self.frames = {str(key[0]): frame for key, frame in parts.items()}

    def together(self, members: Sequence[str]) -> pl.DataFrame:
        """Return one row a territory and period where every member is stated.

        Columns: the cell, then ``value_i``, ``half_i``, ``status_i`` for each member in order.
        """
        joined: pl.DataFrame | None = None
        for rank, member in enumerate(members):
            if member not in self.frames:
                return pl.DataFrame()
            frame = self.frames[member].select(
                *_CELL,
                pl.col("value").alias(f"value_{rank}"),
                pl.col("decimals").alias(f"decimals_{rank}"),
                pl.col("status").alias(f"status_{rank}"),
            )
            joined = frame if joined is None else joined.join(frame, on=_CELL)
        return joined if joined is not None else pl.DataFrame()

    def rows(self, members: Sequence[str], cell: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Return the full rows of the members in one cell, in order."""
        same = [pl.col(name) == cell[name] for name in _CELL]
        return [row for m in members for row in self.frames[m].filter(*same).to_dicts()]


def _half(catalogue: Catalogue, member: str, rank: int) -> pl.Expr:
    """Return half the width of what the figure of a member stands for."""
    card = catalogue.indicators[member]
    if card.nature is Nature.NB and card.decimals == 0:
        rule = catalogue.secrecy.get(card.secrecy)
        return pl.lit(rule.rounding / 2 if rule and rule.rounding else 0.0)
    decimals = pl.col(f"decimals_{rank}").fill_null(card.decimals).cast(pl.Float64)
    return 0.5 * pl.lit(10.0).pow(-decimals)


def sums(retained: pl.DataFrame, catalogue: Catalogue, names: Names) -> Iterator[Finding]:
    """Yield the figures that do not add up.

    Shares that miss 100 by less than one point in several territories point to one cause (a
    class that is not shown): they make one finding.
    """
    equations = declared(catalogue)
    figures = Figures(retained, [m for e in equations for m in e.members])
    told: set[tuple[str | None, str, str, str]] = set()
    for equation in sorted(equations, key=lambda e: e.at_most):
        wrong = [
            cell
            for cell in _wrong(equation, figures, catalogue)
            # a part-sum that exceeds says no more than the whole sum that fails
            if not (equation.at_most and (equation.total, *_where(cell)) in told)
        ]
        told |= {(equation.total, *_where(cell)) for cell in wrong}
        slight = [c for c in wrong if equation.total is None and abs(c["_gap"]) < _SLIGHT]
        if len(slight) >= _SEVERAL:
            yield _common_finding(equation, slight, figures, names)
            wrong = [cell for cell in wrong if cell not in slight]
        for cell in wrong:
            yield _sum_finding(equation, cell, figures, names)


def _where(cell: Mapping[str, Any]) -> tuple[str, str, str]:
    return cell["kind"], cell["territory"], cell["period"]


def _wrong(equation: Equation, figures: Figures, catalogue: Catalogue) -> list[dict[str, Any]]:
    """Return the cells where the sum misses its total, with ``_sum``, ``_total``, ``_gap``."""
    table = figures.together(equation.members)
    if table.is_empty():
        return []
    size = len(equation.parts)
    tolerance = pl.sum_horizontal(
        _half(catalogue, m, rank) for rank, m in enumerate(equation.members)
    )
    total = pl.lit(equation.constant) if equation.total is None else pl.col(f"value_{size}")
    parts = pl.sum_horizontal((pl.col(f"value_{r}") for r in range(size)), ignore_nulls=False)
    gap = pl.col("_gap") if equation.at_most else pl.col("_gap").abs()
    return (
        table.with_columns(_sum=parts, _total=total, _tolerance=tolerance)
        .with_columns(_gap=pl.col("_sum") - pl.col("_total"))
        .filter(
            gap > pl.col("_tolerance") + EPSILON * pl.max_horizontal(1.0, pl.col("_total").abs())
        )
        .sort(_CELL)
        .to_dicts()
    )


def _sum_finding(
    equation: Equation, cell: Mapping[str, Any], figures: Figures, names: Names
) -> Finding:
    first = equation.total or equation.parts[0]

    def text(indicator: str, value: float) -> str:
        return nombre(value, names.decimals(indicator))

    parts = " + ".join(
        text(member, cell[f"value_{rank}"]) for rank, member in enumerate(equation.parts)
    )
    total = text(first, cell["_total"])
    of = f"{names.indicator(equation.total)}{NBSP}: {total}" if equation.total else total
    most = "au plus " if equation.at_most else ""
    place = names.cell(cell)
    sentence = (
        f"{place[:1].upper()}{place[1:]}{NBSP}: {equation.label}, mais {parts} = "
        f"{text(first, cell['_sum'])} (attendu {most}{of})."
    )
    rows = figures.rows(equation.members, cell)
    return Finding(
        "somme",
        Severity.WARNING,
        first,
        cell["territory"],
        cell["period"],
        sentence,
        places_of(rows),
    )


def _common_finding(
    equation: Equation, cells: Sequence[Mapping[str, Any]], figures: Figures, names: Names
) -> Finding:
    """Tell one cause for several territories."""
    decimals = names.decimals(equation.parts[0])
    sums_ = sorted({round(cell["_sum"], 6) for cell in cells})
    span = nombre(sums_[0], decimals)
    if len(sums_) > 1:
        span = f"de {span} à {nombre(sums_[-1], decimals)}"
    places = f"{FINE}; ".join(names.place(cell["kind"], cell["territory"]) for cell in cells)
    text = (
        f"{equation.label[:1].upper()}{equation.label[1:]}, mais la somme est {span} pour "
        f"{len(cells)} territoires{NBSP}: {places}. "
        "Une classe n’est sans doute pas montrée (non précisé)."
    )
    rows = [row for cell in cells for row in figures.rows(equation.members, cell)]
    return Finding(
        "somme", Severity.NOTE, equation.parts[0], "", cells[0]["period"], text, places_of(rows)
    )


# ------------------------------------------------------------------ secrets


def secrets(retained: pl.DataFrame, catalogue: Catalogue, names: Names) -> Iterator[Finding]:
    """Yield the secret figures that the others of their relation give away.

    One secret member, all the others published: the difference is the secret. The value is
    never written.
    """
    equations = {
        (frozenset(e.parts), e.total, e.constant): e
        for e in [*implied(catalogue), *declared(catalogue)]
        if not e.at_most
    }
    figures = Figures(retained, [m for e in equations.values() for m in e.members])
    seen: set[tuple[str, ...]] = set()
    for equation in equations.values():
        table = figures.together(equation.members)
        if table.is_empty():
            continue
        statuses = [pl.col(f"status_{r}") for r in range(len(equation.members))]
        secret = pl.sum_horizontal((s == Status.SECRET).cast(pl.Int32) for s in statuses)
        known = pl.sum_horizontal((s == Status.OK).cast(pl.Int32) for s in statuses)
        given_away = table.filter((secret == 1) & (known == len(equation.members) - 1)).sort(_CELL)
        for cell in given_away.iter_rows(named=True):
            hidden = next(
                m for r, m in enumerate(equation.members) if cell[f"status_{r}"] == Status.SECRET
            )
            key = (hidden, *(str(cell[name]) for name in _CELL))
            if key in seen:
                continue
            seen.add(key)
            others = ", ".join(names.indicator(m) for m in equation.members if m != hidden)
            figure = names.figure({**cell, "indicator": hidden})
            text = (
                f"{figure}{NBSP}: couvert par le secret, mais se déduit des chiffres publiés "
                f"({others}). Blanchissez l’un d’eux avant de publier."
            )
            rows = figures.rows(equation.members, cell)
            yield Finding(
                "secret-calculable",
                Severity.WARNING,
                hidden,
                cell["territory"],
                cell["period"],
                text,
                places_of(rows),
            )


# ------------------------------------------------------------------ whole and parts


def wholes(
    retained: pl.DataFrame, catalogue: Catalogue, territories: pl.DataFrame, names: Names
) -> Iterator[Finding]:
    """Yield the totals of the neighbourhoods that are not the sum of the neighbourhoods.

    Only counts, and only where every neighbourhood of the EPCI is known (those of one list).
    Where the EPCI and its two parts are stated, they must add up too.
    """
    additive = [
        code
        for code, card in catalogue.indicators.items()
        if card.aggregation is Aggregation.SUM and card.nature is Nature.NB
    ]
    counts = retained.filter(pl.col("indicator").is_in(additive) & (pl.col("status") == Status.OK))
    qpv = territories.filter(pl.col("kind") == Kind.QPV).select(
        territory="code", group="epci", list=list_of(pl.col("code"))
    )
    cell = ["group", "indicator", "period", "breakdown"]
    parts = (
        counts.filter(pl.col("kind") == Kind.QPV)
        .join(qpv, on="territory")
        .group_by(*cell, "list")
        .agg(sum=pl.col("value").sum(), known=pl.len())
        .join(qpv.group_by("group", "list").agg(total=pl.len()), on=["group", "list"])
        .filter(pl.col("known") == pl.col("total"))
        .sort("list", descending=True)
    )
    stated = counts.filter(pl.col("kind") == Kind.QPV_ENSEMBLE).rename({"territory": "group"})
    apart = (pl.col("sum") - pl.col("value")).abs() > EPSILON * pl.max_horizontal(
        1.0, pl.col("value").abs()
    )
    wrong = (
        stated.join(parts, on=cell, maintain_order="left_right")
        .filter(apart.all().over(cell))  # of no list is it the sum
        .unique(cell, keep="first", maintain_order=True)
    )
    for row in wrong.sort(cell).rename({"group": "territory"}).iter_rows(named=True):
        figure = names.figure(row)
        text = (
            f"{figure}{NBSP}: {nombre(row['value'])} dans le document, mais les {row['total']} "
            f"quartiers additionnés font {nombre(row['sum'])}."
        )
        yield Finding(
            "ensemble",
            Severity.WARNING,
            row["indicator"],
            row["territory"],
            row["period"],
            text,
            places_of([row]),
        )


def bases(retained: pl.DataFrame, catalogue: Catalogue, names: Names) -> Iterator[Finding]:
    """Yield the indices whose base is not 100: the figure is probably another territory's."""
    for code, card in catalogue.indicators.items():
        if card.formula is None or card.formula.form != "index_of_ratios":
            continue
        wrong = retained.filter(
            (pl.col("indicator") == code)
            & (pl.col("kind") == card.formula.base)
            & (pl.col("status") == Status.OK)
            & ((pl.col("value") - 100).abs() > 0.5)
        ).sort(KEY)
        for row in wrong.iter_rows(named=True):
            text = (
                f"{names.figure(row)}{NBSP}: {nombre(row['value'], card.decimals)}, alors que "
                "ce territoire est la base 100 de l’indice. La valeur est sans doute celle d’un "
                "autre périmètre."
            )
            yield Finding(
                "base-indice",
                Severity.WARNING,
                code,
                row["territory"],
                row["period"],
                text,
                places_of([row]),
            )
