"""How is an official Insee file by neighbourhood, commune or EPCI read?

Its family is recognised from the heads, its vintage from the file name or the year in the
heads; the map of that vintage says what each column is. A vintage that the maps do not
describe is refused with what is recognised and what is not, and loads once it is declared:
``millesime``, ``modele`` (a known vintage with the same columns) and ``[entrees.periodes]``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import polars as pl

from terril.sources.columns import families, note_codes
from terril.sources.context import Context
from terril.sources.naming import second_head
from terril.sources.statements import ROWS
from terril.sources.tables import Table, Wish
from terril.sources.textual import LINE
from terril.sources.vintages import Plan, plan_of, upper

OPTIONS: Final = (
    "famille", "millesime", "modele", "periodes.*", "colonnes.*", "territoires", "genre",
    "entete", "lignes_apres_entete", "separateur",
)  # fmt: skip
EXPECTED: Final = "CODGEO et les titres d’un fichier DEMO, IPRO, REVN ou Filosofi de l’Insee."
TERRITORY: Final = "__territoire"
CODE, NOTE_HEAD, HEAD, CELL = "__code", "__note", "__titre", "__valeur"


def wish(ctx: Context) -> Wish:
    """Return how the table should be read: the head is the row that a family knows."""

    def is_head(cells: Sequence[str]) -> bool:
        heads = [upper(c) for c in cells]
        return any(
            f.territory in heads and sum(1 for h in heads if h and f.template(h) in known) >= 3
            for f, known in ((f, {c.head for c in f.columns}) for f in families().values())
        )

    return Wish(
        sheet=ctx.spec.sheet,
        head_line=ctx.number("entete"),
        skip=ctx.number("lignes_apres_entete") or 0,
        is_head=is_head,
        separator=ctx.option("separateur") or None,
        expected=EXPECTED,
    )


def rows(table: Table, ctx: Context) -> pl.LazyFrame | None:
    """Return the rows of an official table (columns of ``ROWS``), or ``None`` if refused."""
    plan = plan_of(table, ctx)
    if plan is None:
        return None
    heads = {upper(h): h for h in reversed(table.heads) if h}
    territory = heads[plan.family.territory]
    if second_head(ctx, table, territory, [head for _, head in plan.columns]):
        return None
    notes = {g: heads.get(p.note.replace("{aa}", plan.vintage[-2:]), "") for g, p in
             plan.periods.items() if p.note}  # fmt: skip
    code = pl.col(territory).str.strip_chars()  # own columns start with « __ »: no head does
    if plan.kind in ("france", "france_metro"):
        code = pl.lit("FR" if plan.kind == "france" else "FM")
    body = table.rows.filter(
        pl.col(territory).is_not_null()
        & ~pl.col(territory).str.strip_chars().str.to_uppercase().is_in(plan.family.totals)
    ).with_columns(code.alias(TERRITORY))
    facts = _facts(plan, notes)
    long = (
        body.select(TERRITORY, LINE, *(head for _, head in plan.columns))
        .unpivot(index=[TERRITORY, LINE], variable_name=HEAD, value_name=CELL)
        .join(facts.lazy(), on=HEAD, how="inner")
    )
    statuses = _note_statuses(body, [h for h in dict.fromkeys(notes.values()) if h])
    long = long.join(statuses, on=[LINE, NOTE_HEAD], how="left")
    return long.select(
        pl.lit(plan.kind).alias("kind_text"),
        pl.col(TERRITORY).alias("territory_text"),
        "indicator",
        "period_text",
        pl.lit("total").alias("breakdown"),
        pl.col(CELL).alias("raw"),
        pl.lit(None, pl.String).alias("status_text"),
        pl.lit(plan.family.source).alias("source_text"),
        pl.lit("").alias("page"),
        pl.col(LINE).alias("line"),
        pl.col(HEAD).alias("column"),
        pl.col("empty_as").fill_null("missing"),
        "factor",
    ).cast(pl.Schema(ROWS))


def _facts(plan: Plan, notes: dict[str, str]) -> pl.DataFrame:
    return pl.DataFrame(
        [
            (head, c.indicator, plan.periods[c.group].period, c.factor, notes.get(c.group, ""))
            for c, head in plan.columns
        ],
        schema={
            HEAD: pl.String, "indicator": pl.String, "period_text": pl.String,
            "factor": pl.Float64, NOTE_HEAD: pl.String,
        },
        orient="row",
    )  # fmt: skip


def _note_statuses(body: pl.LazyFrame, heads: list[str]) -> pl.LazyFrame:
    """Return (line, note head) → status of an empty cell, from the producer's codes."""
    if not heads:
        schema = {LINE: pl.Int32, NOTE_HEAD: pl.String, "empty_as": pl.String}
        return pl.LazyFrame(schema=schema)
    codes = dict(note_codes())
    return (
        body.select(LINE, *heads)
        .unpivot(index=LINE, variable_name=NOTE_HEAD, value_name=CODE)
        .select(
            LINE,
            NOTE_HEAD,
            pl.col(CODE)
            .str.strip_chars()
            .replace_strict(codes, default="missing", return_dtype=pl.String)
            .alias("empty_as"),
        )
    )
