"""Which figures do the rows of a document state?

Readers give rows of texts: who, what, when, the cell. Here names become codes, cells become
numbers or statuses, and everything that cannot be right is told with its place. All checks
run before anything is refused, so that one reading tells all.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from terril.lib.problems import Severity, Where
from terril.sources.context import Context
from terril.sources.naming import (
    Scope,
    check_indicators,
    known_periods,
    known_sources,
    places,
    tell_absent,
)
from terril.sources.numbers import DECIMALS, ERROR, STATUS, VALUE, parse, trimmed
from terril.sources.tables import Table
from terril.sources.vocabulary import statuses

#: what a reader gives: one row a cell
ROWS: Final[dict[str, pl.DataType | type[pl.DataType]]] = {
    "kind_text": pl.String,  # "" when the file does not tell the kind
    "territory_text": pl.String,
    "indicator": pl.String,
    "period_text": pl.String,
    "breakdown": pl.String,
    "raw": pl.String,
    "status_text": pl.String,  # null when the file has no column of statuses
    "source_text": pl.String,
    "page": pl.String,  # part of the document that states it
    "line": pl.Int32,
    "column": pl.String,
    "empty_as": pl.String,  # status of an empty cell
    "factor": pl.Float64,
}

#: what comes out: the columns of a statement (observations declare the same schema)
STATEMENT: Final[dict[str, pl.DataType | type[pl.DataType]]] = {
    "kind": pl.String,
    "territory": pl.String,
    "indicator": pl.String,
    "period": pl.String,
    "breakdown": pl.String,
    "value": pl.Float64,
    "status": pl.String,
    "origin": pl.String,
    "decimals": pl.Int8,
    "source": pl.String,
    "document": pl.String,
    "priority": pl.Int16,
    "file": pl.String,
    "sheet": pl.String,
    "line": pl.Int32,
    "column": pl.String,
    "sha256": pl.String,
    "raw": pl.String,
}

STATED: Final = "constaté"
SLICE: Final = 500_000  # rows turned into statements at a time: bounds the memory
_KEY: Final = ("kind", "territory", "indicator", "period", "breakdown")


def state(ctx: Context, table: Table, rows: pl.LazyFrame, scope: Scope) -> pl.DataFrame:
    """Return the statements of one table (columns of ``STATEMENT``).

    ``rows`` has the columns of ``ROWS``. Problems go to ``ctx.own``; a row with a problem is
    not in the result, and the caller refuses the whole input when one of them is an error.
    """
    known = places(ctx, table, rows, scope)
    frame = (
        rows.join(known.lazy(), on=["kind_text", "territory_text"], how="inner")
        .drop("kind_text", "territory_text")
        .collect(engine="streaming")
    )
    if scope.national and not scope.everything:
        tell_absent(ctx, table, frame)
    check_indicators(ctx, table, frame)
    frame = known_periods(ctx, table, frame)
    frame = known_sources(ctx, table, frame)
    frame = frame.sort("line", "column")  # a streamed join keeps no order
    parts = [_statements(ctx, table, part) for part in frame.iter_slices(SLICE)]
    return pl.concat(parts) if parts else pl.DataFrame(schema=STATEMENT)


def _statements(ctx: Context, table: Table, rows: pl.DataFrame) -> pl.DataFrame:
    """Return the statements of some rows whose names are resolved."""
    document = pl.lit(ctx.spec.id)
    page = pl.when(pl.col("page") != "").then(pl.lit(f"{ctx.spec.id}:") + pl.col("page"))
    return (
        _read_cells(ctx, table, rows)
        .with_columns(
            pl.lit(STATED).alias("origin"),
            page.otherwise(document).alias("document"),
            pl.lit(ctx.spec.priority).alias("priority"),
            pl.lit(table.file).alias("file"),
            pl.lit(table.sheet).alias("sheet"),
            pl.lit(table.sha256).alias("sha256"),
        )
        .select(pl.col(name).cast(dtype) for name, dtype in STATEMENT.items())
    )


def _read_cells(ctx: Context, table: Table, frame: pl.DataFrame) -> pl.DataFrame:
    """Read numbers and statuses; tell what is neither, and what contradicts itself."""
    frame = _parsed(frame)
    wrong_status = (pl.col("told") == "?").fill_null(False)
    secret_value = (
        pl.col("told").is_in(["secret", "non_significatif", "missing", "not_applicable"])
        & pl.col(VALUE).is_not_null()
    ).fill_null(False)
    ok_blank = ((pl.col("told") == "ok") & pl.col("blank")).fill_null(False)
    bad = pl.col(ERROR) | wrong_status | secret_value | ok_blank
    if frame.select(bad.any()).item():
        _tell_cells(ctx, table, frame, wrong_status, secret_value, ok_blank)
        frame = frame.filter(~bad)
    cell = pl.col(STATUS)
    both = pl.when((pl.col("told") == "ok") | pl.col("told").is_null()).then(cell)
    secret = (cell == "secret") & ~pl.col("blank")
    frame = frame.with_columns(
        both.when(secret).then(cell).otherwise(pl.col("told")).alias("status")
    )
    return _scaled(frame)


def _parsed(frame: pl.DataFrame) -> pl.DataFrame:
    """Add value, status, decimals… to the rows: each distinct cell is read once only.

    A file of five million figures holds some thousands of distinct cells.
    """
    words = dict(statuses())
    told = trimmed(pl.col("status_text")).str.to_lowercase()
    cell = ["raw", "empty_as", "status_text"]
    cells = (
        frame.select(cell)
        .unique()
        .with_columns(
            *parse(pl.col("raw"), pl.col("empty_as")),
            pl.when(pl.col("status_text").is_null() | (told == ""))
            .then(None)
            .otherwise(told.replace_strict(words, default="?", return_dtype=pl.String))
            .alias("told"),
            (trimmed(pl.col("raw")) == "").alias("blank"),
        )
    )
    return frame.join(cells, on=cell, how="left", nulls_equal=True, maintain_order="left")


def _tell_cells(
    ctx: Context,
    table: Table,
    frame: pl.DataFrame,
    wrong_status: pl.Expr,
    secret_value: pl.Expr,
    ok_blank: pl.Expr,
) -> None:
    def places(condition: pl.Expr) -> list[tuple[int, str, str, str]]:
        wanted = frame.filter(condition).sort("line")
        rows = wanted.select("line", "column", "raw", "status_text")
        return rows.with_columns(pl.col("raw", "status_text").fill_null("")).rows()

    for line, column, raw, _ in places(pl.col(ERROR)):
        ctx.report(
            "nombre-illisible",
            table.where(line, column),
            f"« {raw} » n’est pas un nombre.",
            "un nombre (12 811 ; 19,6 %), une cellule vide, ou s, ns, nd, so, -.",
            "Corrigez la cellule, ou vérifiez que la colonne est la bonne.",
        )
    for line, _, _, status in places(wrong_status):
        ctx.report(
            "statut-inconnu",
            table.where(line),
            f"Le statut « {status} » n’existe pas.",
            "ok, secret, non_significatif, missing ou not_applicable.",
        )
    for line, column, _, status in places(secret_value):
        ctx.report(
            "valeur-avec-statut",
            table.where(line, column),
            f"Une valeur est donnée alors que le statut dit « {status} ».",
            "une cellule vide avec ce statut, ou le statut ok.",
            "Effacez la valeur si elle est couverte par le secret.",
        )
    for line, column, _, _ in places(ok_blank):
        ctx.report(
            "valeur-absente",
            table.where(line, column),
            "Le statut dit « ok » mais la cellule est vide.",
            "un nombre, ou un autre statut (secret, missing…).",
        )


def _scaled(frame: pl.DataFrame) -> pl.DataFrame:
    """Apply the factor of a column (a share written 0.196 becomes 19.6)."""
    if frame.select((pl.col("factor") == 1).all()).item():
        return frame
    shift = pl.col("factor").log(10).round(0).cast(pl.Int8)
    return frame.with_columns(
        pl.when(pl.col("factor") == 1)
        .then(pl.col(VALUE))
        .otherwise((pl.col(VALUE) * pl.col("factor")).round(10))
        .alias("value"),
        pl.max_horizontal(pl.col(DECIMALS) - shift, pl.lit(0, pl.Int8)).alias("decimals"),
    )


def without_doubles(ctx: Context, frame: pl.DataFrame) -> pl.DataFrame:
    """Tell figures that one document states twice; keep the first of two equal ones.

    Two different values are an error, unless the input says ``doublons = "garder"``: then
    both stay, and stand in the report of contradictions.
    """
    key = [*_KEY, "document"]
    doubled = frame.filter(pl.struct(key).is_duplicated())
    if doubled.is_empty():
        return frame
    keep_all = ctx.option("doublons") == "garder"
    groups = doubled.group_by(key, maintain_order=True).agg(
        "file", "sheet", "line", "raw", pl.struct("value", "status").n_unique().alias("different")
    )
    for row in groups.iter_rows(named=True):
        lines = " et ".join(str(n) for n in row["line"])
        what = f"{row['indicator']}, {row['territory']}, période « {row['period']} »"
        where = Where(row["file"][1], row["sheet"][1], row["line"][1])
        if row["different"] == 1:
            ctx.report(
                "ligne-double",
                where,
                f"La même valeur est donnée deux fois ({what} ; lignes "
                f"{lines}) : la première est gardée.",
                "une ligne par valeur.",
                "Supprimez la ligne en trop.",
                Severity.WARNING,
            )
        elif not keep_all:
            values = " et ".join(str(raw) for raw in row["raw"])
            ctx.report(
                "ligne-double",
                where,
                f"Deux valeurs différentes pour une seule chose ({what} ; lignes {lines} : "
                f"{values}).",
                "une ligne par valeur.",
                "Supprimez la fausse ; si le document les donne bien toutes, écrivez "
                'doublons = "garder" dans terril.toml.',
            )
    return frame.unique([*key, "value", "status"], keep="first", maintain_order=True)
