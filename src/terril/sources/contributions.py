"""Who makes a sum, and how much of it: the file that says whether one contributor shows through?

For sums (staff, pay of establishments) that a rule of dominance guards. Two layouts: one line a
figure with its largest contributions (``plus_grand``, ``second``… and ``total``, ``nombre`` of
contributors), or one line a contributor (``contributeur``, ``montant``). What is read here is
confidential: it serves to blank, stays out of the edition, and no message quotes an amount.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from types import MappingProxyType
from typing import Final

import polars as pl

from terril.catalogue.lists import read_list
from terril.lib.problems import Severity
from terril.sources.context import Context, quoted
from terril.sources.naming import Scope, check_indicators, known_periods, places
from terril.sources.numbers import ERROR, VALUE, parse
from terril.sources.tables import Table, Wish, clean_head
from terril.sources.textual import LINE
from terril.territories.kinds import fold

#: one row a contributor of a figure
CONTRIBUTIONS: Final[dict[str, pl.DataType | type[pl.DataType]]] = {
    "kind": pl.String,
    "territory": pl.String,
    "indicator": pl.String,
    "period": pl.String,
    "breakdown": pl.String,
    "contributor": pl.String,  # a number of order, "" for the others taken together
    "amount": pl.Float64,
    "contributors": pl.Int64,  # how many make the figure; null when not told
}

OPTIONS: Final = (
    "colonnes.*", "genre", "periode", "indicateur", "entete", "lignes_apres_entete", "separateur",
)  # fmt: skip
EXPECTED: Final = (
    "territoire, indicateur, periode, puis plus_grand, second et total, ou contributeur et montant."
)
_RANKS: Final = tuple(f"rang_{number}" for number in range(1, 6))
_KEY: Final = ("kind", "territory", "indicator", "period", "breakdown")
_CONSTANTS: Final = ("genre", "periode", "indicateur")
_TOLERANCE: Final = 1e-6  # of a total, for what a writing in decimals loses


@lru_cache(maxsize=1)
def _names() -> MappingProxyType[str, str]:
    rows = read_list("columns/contributions.csv")
    return MappingProxyType({fold(row["nom"]): row["role"] for row in rows})


def _roles(heads: Sequence[str], ctx: Context) -> dict[str, str]:
    """Return role → head: as the input declares (``colonnes``), else by recognised names."""
    folded = {fold(head): head for head in reversed(heads) if head}
    found: dict[str, str] = {}
    for name, role in _names().items():
        if name in folded:
            found.setdefault(role, folded[name])
    for key, head in ctx.spec.options.items():
        if key.startswith("colonnes.") and fold(head) in folded:
            found[key.removeprefix("colonnes.")] = folded[fold(head)]
    return found


def _layout(roles: dict[str, str]) -> str:
    """Return « figure » (one line a figure), « contributeur » (one line a contributor), or ""."""
    if "montant" in roles:
        return "contributeur"
    return "figure" if {"rang_1", "total"} <= set(roles) else ""


def wish(ctx: Context) -> Wish:
    """Return how the table should be read."""

    def is_head(cells: Sequence[str]) -> bool:
        roles = _roles([clean_head(c) for c in cells], ctx)
        return "territoire" in roles and _layout(roles) != ""

    return Wish(
        sheet=ctx.spec.sheet,
        head_line=ctx.number("entete"),
        skip=ctx.number("lignes_apres_entete") or 0,
        is_head=is_head,
        separator=ctx.option("separateur") or None,
        expected=EXPECTED,
    )


def read(table: Table, ctx: Context) -> pl.DataFrame:
    """Return the contributions of a table (``CONTRIBUTIONS``); problems go to ``ctx.own``."""
    empty = pl.DataFrame(schema=CONTRIBUTIONS)
    roles = _roles(table.heads, ctx)
    layout = _layout(roles)
    needed = ("territoire", *(r for r in ("indicateur", "periode") if not ctx.option(r)))
    missing = [role for role in needed if role not in roles]
    if missing or not layout:
        ctx.report(
            "colonne-absente",
            table.where(table.head_line),
            f"Colonnes absentes : {quoted(missing) if missing else 'les contributions'}. "
            f"Colonnes lues : {quoted(filter(None, table.heads))}.",
            EXPECTED,
            "Renommez les colonnes, ou déclarez-les sous [entrees.colonnes].",
        )
        return empty
    frame = _named(table, roles, ctx)
    amounts = [r for r in _RANKS if r in roles] + ["total"] if layout == "figure" else ["montant"]
    frame = _numbers(frame, amounts + (["nombre"] if "nombre" in roles else []), table, ctx, roles)
    if ctx.own.errors:
        return empty
    if layout == "figure":
        frame = _checked(frame, [r for r in amounts if r != "total"], table, ctx)
        return _from_figures(frame, [r for r in amounts if r != "total"])
    return _from_contributors(frame, table, ctx)


# ------------------------------------------------------------------ names and numbers


def _named(table: Table, roles: dict[str, str], ctx: Context) -> pl.DataFrame:
    """Return the rows with their territory, indicator, period and their cells as texts."""

    def text(role: str, default: str = "") -> pl.Expr:
        if role in roles:
            return pl.col(roles[role]).fill_null("").str.strip_chars()
        return pl.lit(ctx.option(role, default) if role in _CONSTANTS else default)

    breakdown = text("ventilation")
    blank = pl.all_horizontal(pl.col(h).is_null() for h in table.heads if h)
    cells = {r: h for r, h in roles.items() if r in (*_RANKS, "total", "nombre", "montant")}
    rows = table.rows.filter(~blank).select(
        text("genre").alias("kind_text"),
        text("territoire").alias("territory_text"),
        text("indicateur").alias("indicator"),
        text("periode").alias("period_text"),
        pl.when(breakdown == "").then(pl.lit("total")).otherwise(breakdown).alias("breakdown"),
        text("contributeur").alias("contributor"),
        *(pl.col(head).fill_null("").str.strip_chars().alias(role) for role, head in cells.items()),
        pl.col(LINE).alias("line"),
    )
    known = places(ctx, table, rows, Scope())
    frame = rows.collect().join(known, on=["kind_text", "territory_text"], how="inner")
    frame = frame.sort("line")
    check_indicators(ctx, table, frame)
    frame = known_periods(ctx, table, frame)
    _tell_useless(frame, table, ctx)
    return frame


def _tell_useless(frame: pl.DataFrame, table: Table, ctx: Context) -> None:
    """Say which indicators no rule of dominance guards: their lines blank nothing."""
    firsts = frame.group_by("indicator").agg(pl.col("line").min()).sort("line")
    for code, line in firsts.iter_rows():
        card = ctx.catalogue.indicators.get(code)
        rule = ctx.catalogue.secrecy.get(card.secrecy) if card is not None else None
        if rule is not None and rule.dominance is None and rule.p_percent is None:
            ctx.report(
                "contributions-sans-regle",
                table.where(line),
                f"La règle de secret de {code} ({rule.label}) ne regarde pas les contributions.",
                "une règle avec « dominance » ou « p_percent ».",
                "Ces lignes ne servent à rien : retirez-les, ou ajoutez la règle au catalogue.",
                Severity.WARNING,
            )


def _numbers(
    frame: pl.DataFrame, columns: Sequence[str], table: Table, ctx: Context, roles: dict[str, str]
) -> pl.DataFrame:
    """Read the cells as numbers that are not negative; the cell itself is never quoted."""
    for column in columns:
        read_as = frame.select("line", *parse(pl.col(column)))
        wrong = read_as.filter(pl.col(ERROR) | (pl.col(VALUE) < 0))
        for line in wrong["line"]:
            ctx.report(
                "contribution-illisible",
                table.where(line, roles[column]),
                "Cette contribution n’est pas un nombre, ou est négative.",
                "un nombre, sans signe.",
                "Corrigez la cellule.",
            )
        frame = frame.with_columns(read_as[VALUE].alias(column))
    return frame


# ------------------------------------------------------------------ one line a figure


def _checked(frame: pl.DataFrame, ranks: Sequence[str], table: Table, ctx: Context) -> pl.DataFrame:
    """Refuse the lines that contradict themselves."""
    amounts = [pl.col(rank).fill_null(0.0) for rank in ranks]
    rising = pl.any_horizontal(
        a + _TOLERANCE < b for a, b in zip(amounts[:-1], amounts[1:], strict=True)
    ) if len(amounts) > 1 else pl.lit(value=False)  # fmt: skip
    flaw = _TOLERANCE * pl.max_horizontal(pl.col("total"), pl.lit(1.0))
    wrong = {
        "contributions-sans-total": pl.col("total").is_null() | pl.col(ranks[0]).is_null(),
        "contributions-desordre": rising,
        "contributions-de-trop": pl.sum_horizontal(amounts) > pl.col("total") + flaw,
        "contributions-double": pl.struct(_KEY).is_duplicated()
        & ~pl.struct(_KEY).is_first_distinct(),
    }
    for code, condition in wrong.items():
        for line in frame.filter(condition)["line"]:
            ctx.report(code, table.where(line), *_WRONG[code])
    return frame


_WRONG: Final = {
    "contributions-sans-total": (
        "La plus grande contribution ou le total manque.",
        "les deux, sur chaque ligne.",
        "Complétez la ligne, ou retirez-la.",
    ),
    "contributions-desordre": (
        "Une contribution est plus grande que celle qui la précède.",
        "la plus grande, puis la seconde, puis les suivantes.",
        "Remettez-les dans l’ordre.",
    ),
    "contributions-de-trop": (
        "Les contributions font plus que le total.",
        "un total au moins égal à la somme des contributions.",
        "Vérifiez la ligne.",
    ),
    "contributions-double": (
        "Ce chiffre a déjà une ligne.",
        "une ligne par territoire, indicateur, période et ventilation.",
        "Supprimez la ligne en trop.",
    ),
}


def _from_figures(frame: pl.DataFrame, ranks: Sequence[str]) -> pl.DataFrame:
    number = (
        pl.col("nombre") if "nombre" in frame.columns else pl.lit(None, pl.Float64)
    )  # fmt: skip
    named = frame.with_columns(contributors=number)
    parts = [
        named.select(*_KEY, "contributors", contributor=pl.lit(rank.removeprefix("rang_")),
                     amount=rank)
        for rank in ranks
    ]  # fmt: skip
    rest = pl.col("total") - pl.sum_horizontal(pl.col(rank).fill_null(0.0) for rank in ranks)
    parts.append(
        named.select(
            *_KEY, "contributors", contributor=pl.lit(""), amount=rest.clip(lower_bound=0.0)
        )
    )
    return _conform(pl.concat([part.select(list(CONTRIBUTIONS)) for part in parts]))


def _conform(frame: pl.DataFrame) -> pl.DataFrame:
    known = frame.filter(pl.col("amount") > 0)
    return known.select(pl.col(n).cast(t) for n, t in CONTRIBUTIONS.items()).sort(
        *_KEY, "contributor"
    )


# ------------------------------------------------------------------ one line a contributor


def _from_contributors(frame: pl.DataFrame, table: Table, ctx: Context) -> pl.DataFrame:
    """Sum the lines of each contributor; names give way to numbers of order."""
    for line in frame.filter((pl.col("contributor") == "") | pl.col("montant").is_null())["line"]:
        ctx.report(
            "contribution-illisible",
            table.where(line),
            "Le contributeur ou sa contribution manque.",
            "les deux, sur chaque ligne.",
            "Complétez la ligne, ou retirez-la.",
        )
    if ctx.own.errors:
        return pl.DataFrame(schema=CONTRIBUTIONS)
    summed = frame.group_by(*_KEY, "contributor").agg(amount=pl.col("montant").sum())
    ordered = summed.filter(pl.col("amount") > 0).sort(
        *_KEY, "amount", "contributor", descending=[False] * len(_KEY) + [True, False]
    )
    return _conform(
        ordered.with_columns(
            contributor=(pl.int_range(pl.len()).over(_KEY) + 1).cast(pl.String),
            contributors=pl.len().over(_KEY),
        )
    )
