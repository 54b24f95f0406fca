"""How many pieces of equipment of each type stand in a neighbourhood and around it?

A count that could not be read is unknown: null, never zero.
"""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from typing import Final

import polars as pl

from terril.sources.context import Context, quoted
from terril.sources.numbers import ERROR, VALUE, parse
from terril.sources.tables import Table, Wish, clean_head
from terril.sources.textual import LINE
from terril.territories.kinds import fold

EQUIPMENT: Final[dict[str, pl.DataType | type[pl.DataType]]] = {
    "territory": pl.String,  # code of the neighbourhood
    "buffer_m": pl.Int32,  # width of the surroundings, metres
    "category": pl.String,
    "type": pl.String,  # label of a type card
    "inside": pl.Int32,  # null when unknown
    "around": pl.Int32,  # in the surroundings, outside the neighbourhood; null when unknown
    "document": pl.String,
    "file": pl.String,
    "sheet": pl.String,
    "line": pl.Int32,
    "sha256": pl.String,
}

OPTIONS: Final = ("tampon_m", "entete", "lignes_apres_entete", "separateur")
_NAMES: Final = {
    "qpv": "territory", "quartier": "territory", "code qp": "territory", "codgeo": "territory",
    "tampon m": "buffer", "buffer m": "buffer", "tampon": "buffer",
    "categorie": "category", "type": "type",
    "nb quartier": "inside", "dans le quartier": "inside",
    "nb tampon": "around", "autour": "around", "dans le tampon": "around",
}  # fmt: skip
_REQUIRED: Final = {
    "territory": "quartier", "type": "type", "inside": "nb_quartier", "around": "nb_tampon",
}  # fmt: skip


def _roles(heads: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for head in heads:
        role = _NAMES.get(fold(head))
        if role:
            found.setdefault(role, head)
    return found


def wish(ctx: Context) -> Wish:
    """Return how the table should be read."""

    def is_head(cells: Sequence[str]) -> bool:
        return len(set(_REQUIRED) & set(_roles([clean_head(c) for c in cells]))) >= 3

    return Wish(
        ctx.spec.sheet,
        ctx.number("entete"),
        ctx.number("lignes_apres_entete") or 0,
        is_head,
        ctx.option("separateur") or None,
        "quartier, tampon_m, categorie, type, nb_quartier, nb_tampon.",
    )


def read(table: Table, ctx: Context) -> pl.DataFrame:
    """Return the counts of a table (columns of ``EQUIPMENT``); problems go to ``ctx.own``."""
    empty = pl.DataFrame(schema=EQUIPMENT)
    roles = _roles(table.heads)
    missing = [name for role, name in _REQUIRED.items() if role not in roles]
    if "buffer" not in roles and not ctx.option("tampon_m"):
        missing.append("tampon_m")
    if missing:
        ctx.report(
            "colonne-absente",
            table.where(table.head_line),
            f"Colonnes absentes : {quoted(missing)}. Colonnes lues : "
            f"{quoted(filter(None, table.heads))}.",
            "quartier, tampon_m, categorie, type, nb_quartier, nb_tampon.",
            "Renommez les colonnes ; tampon_m peut être donné dans terril.toml.",
        )
        return empty
    frame = _texts(table, roles, ctx).collect()
    codes = {name: ctx.territories.resolve("qpv", name) for name in frame["name"].unique()}
    _tell_unknown(frame, codes, table, ctx)
    frame = frame.with_columns(
        pl.col("name")
        .replace_strict(codes, default=None, return_dtype=pl.String)
        .alias("territory")
    )
    for column in ("inside", "around", "buffer"):
        frame = _counts(frame, column, roles.get(column, "tampon_m"), table, ctx)
    frame = _categories(frame.filter(pl.col("territory").is_not_null()), table, ctx)
    _tell_doubles(frame, table, ctx)
    return frame.select(
        "territory",
        pl.col("buffer").alias("buffer_m"),
        "category",
        "type",
        "inside",
        "around",
        pl.lit(ctx.spec.id).alias("document"),
        pl.lit(table.file).alias("file"),
        pl.lit(table.sheet).alias("sheet"),
        "line",
        pl.lit(table.sha256).alias("sha256"),
    ).select(pl.col(name).cast(dtype) for name, dtype in EQUIPMENT.items())


def _texts(table: Table, roles: dict[str, str], ctx: Context) -> pl.LazyFrame:
    def text(role: str, default: str = "") -> pl.Expr:
        if role not in roles:
            return pl.lit(default)
        return pl.col(roles[role]).fill_null("").str.strip_chars()

    return table.rows.select(
        text("territory").alias("name"),
        text("buffer", ctx.option("tampon_m")).alias("buffer"),
        text("category").alias("category"),
        text("type").alias("type"),
        text("inside").alias("inside"),
        text("around").alias("around"),
        pl.col(LINE).alias("line"),
    ).filter((pl.col("name") != "") | (pl.col("type") != ""))


def _tell_unknown(
    frame: pl.DataFrame, codes: dict[str, str | None], table: Table, ctx: Context
) -> None:
    firsts = frame.group_by("name").agg(pl.col("line").min()).sort("line")
    for name, line in firsts.rows():
        if codes[name] is None:
            near = ctx.territories.suggestions("qpv", name)
            ctx.report(
                "territoire-inconnu",
                table.where(line),
                f"« {name} » n’est pas un quartier du projet.",
                "un code, par exemple QP062019.",
                f"S’agit-il de {' ou '.join(near)} ?" if near else "",
            )


def _counts(
    frame: pl.DataFrame, column: str, head: str, table: Table, ctx: Context
) -> pl.DataFrame:
    frame = frame.with_columns(*parse(pl.col(column)))
    whole = pl.col(VALUE).is_null() | ((pl.col(VALUE) >= 0) & (pl.col(VALUE) % 1 == 0))
    for line, raw in frame.filter(pl.col(ERROR) | ~whole).select("line", column).rows():
        ctx.report(
            "nombre-illisible",
            table.where(line, head),
            f"« {raw} » n’est pas un nombre entier.",
            "un nombre de lieux, ou une cellule vide s’il est inconnu.",
        )
    return frame.with_columns(pl.when(whole).then(pl.col(VALUE)).cast(pl.Int32).alias(column)).drop(
        "value", "status", "decimals", "unreadable"
    )


def _categories(frame: pl.DataFrame, table: Table, ctx: Context) -> pl.DataFrame:
    """Check the types against the cards; the category of the card stands when none is given."""
    cards = ctx.catalogue.equipment
    by_fold = {fold(name): name for name in cards}
    names = {t: t if t in cards else by_fold.get(fold(t), "") for t in frame["type"].unique()}
    firsts = frame.group_by("type").agg(pl.col("line").min()).sort("line")
    for name, line in firsts.rows():
        if not names[name]:
            near = difflib.get_close_matches(name, list(cards), 2, 0.6)
            ctx.report(
                "type-inconnu",
                table.where(line),
                f"« {name} » n’est pas un type d’équipement du catalogue.",
                "un type de vocabularies/equipment.yaml.",
                f"S’agit-il de {quoted(near)} ?" if near else "Ajoutez-le au catalogue du projet.",
            )
    categories = {name: card.category for name, card in cards.items()}
    return frame.with_columns(
        pl.col("type").replace_strict(names, default="", return_dtype=pl.String)
    ).with_columns(
        pl.when(pl.col("category") == "")
        .then(pl.col("type").replace_strict(categories, default="", return_dtype=pl.String))
        .otherwise(pl.col("category"))
        .alias("category")
    )


def _tell_doubles(frame: pl.DataFrame, table: Table, ctx: Context) -> None:
    doubled = frame.filter(pl.struct("territory", "type", "buffer", "category").is_duplicated())
    groups = doubled.group_by("territory", "type", "category", maintain_order=True).agg("line")
    for code, kind, _, lines in groups.rows():
        ctx.report(
            "ligne-double",
            table.where(lines[1]),
            f"« {kind} » est donné deux fois pour {code} (lignes "
            f"{' et '.join(str(n) for n in lines)}).",
            "une ligne par quartier et par type.",
            "Supprimez l’une des deux.",
        )
