"""How is a file with one figure a row read?

Heads are recognised by name (``columns/long.csv``), or told by the table ``[entrees.colonnes]``
of the input. A constant can stand for a column: ``genre``, ``periode``, ``indicateur``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import polars as pl

from terril.lib.problems import Severity
from terril.sources.context import Context, quoted
from terril.sources.naming import second_head
from terril.sources.statements import ROWS
from terril.sources.tables import Table, Wish, clean_head
from terril.sources.textual import LINE
from terril.sources.vocabulary import long_roles
from terril.territories.kinds import fold

OPTIONS: Final = (
    "colonnes.*", "genre", "periode", "indicateur", "entete", "lignes_apres_entete",
    "separateur", "doublons",
)  # fmt: skip
EXPECTED: Final = "une ligne de titres avec territoire, indicateur et valeur."
REQUIRED: Final = ("territoire", "indicateur", "valeur")
#: roles that an option of the same name may replace
CONSTANTS: Final = ("genre", "periode", "indicateur")


def roles_of(heads: Sequence[str], ctx: Context) -> dict[str, str]:
    """Return role → head: as the input declares, else by recognised names."""
    declared = {
        role.removeprefix("colonnes."): clean_head(head)
        for role, head in ctx.spec.options.items()
        if role.startswith("colonnes.")
    }
    by_name = {fold(head).replace(" ", "_"): head for head in reversed(heads) if head}
    found: dict[str, str] = {}
    for role, head in declared.items():
        if (match := by_name.get(fold(head).replace(" ", "_"))) is not None:
            found[role] = match
    taken = set(found.values())
    for name, role in long_roles().items():
        head = by_name.get(name.replace(" ", "_"), "")
        if role not in declared and role not in found and head and head not in taken:
            found[role] = head
    return found


def wish(ctx: Context) -> Wish:
    """Return how the table should be read."""

    def is_head(cells: Sequence[str]) -> bool:
        roles = roles_of([clean_head(c) for c in cells], ctx)
        return sum(1 for role in REQUIRED if role in roles or ctx.option(role)) == len(REQUIRED)

    return Wish(
        sheet=ctx.spec.sheet,
        head_line=ctx.number("entete"),
        skip=ctx.number("lignes_apres_entete") or 0,
        is_head=is_head,
        separator=ctx.option("separateur") or None,
        expected=EXPECTED,
    )


def rows(table: Table, ctx: Context) -> pl.LazyFrame | None:
    """Return the rows of a long table (columns of ``ROWS``), or ``None`` when it lacks one."""
    roles = roles_of(table.heads, ctx)
    missing = [r for r in REQUIRED if r not in roles and not ctx.option(r)]
    for role in missing:
        ctx.report(
            "colonne-absente",
            table.where(table.head_line),
            f"La colonne du rôle « {role} » manque. Colonnes lues : "
            f"{quoted(filter(None, table.heads))}.",
            quoted(name for name, r in long_roles().items() if r == role) + ".",
            f'Renommez la colonne, ou écrivez colonnes = {{ {role} = "…" }} dans terril.toml.',
        )
    if missing or second_head(ctx, table, roles["territoire"], [roles["valeur"]]):
        return None
    used = set(roles.values())
    ignored = [h for h in table.heads if h and h not in used]
    unknown = [h for h in ignored if long_roles().get(fold(h)) != "ignore"]
    if unknown:
        ctx.report(
            "colonnes-non-lues",
            table.where(table.head_line),
            f"Colonnes non lues : {quoted(unknown)}.",
            severity=Severity.NOTE,
        )

    def text(role: str, default: str = "") -> pl.Expr:
        if role in roles:
            return pl.col(roles[role]).fill_null("").str.strip_chars()
        return pl.lit(ctx.option(role, default) if role in CONSTANTS else default)

    value = roles["valeur"]
    status = pl.col(roles["statut"]) if "statut" in roles else pl.lit(None, pl.String)
    breakdown = text("ventilation")
    blank = pl.all_horizontal(pl.col(h).is_null() for h in table.heads if h)
    return (
        table.rows.filter(~blank)
        .select(
            text("genre").alias("kind_text"),
            text("territoire").alias("territory_text"),
            text("indicateur").alias("indicator"),
            text("periode").alias("period_text"),
            pl.when(breakdown == "").then(pl.lit("total")).otherwise(breakdown).alias("breakdown"),
            pl.col(value).alias("raw"),
            status.alias("status_text"),
            text("source").alias("source_text"),
            text("page").alias("page"),
            pl.col(LINE).alias("line"),
            pl.lit(value).alias("column"),
            pl.lit("missing").alias("empty_as"),
            pl.lit(1.0).alias("factor"),
        )
        .cast(pl.Schema(ROWS))
    )
