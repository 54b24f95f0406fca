"""What places does the agency’s own file give: a table with coordinates, or a file of shapes?

CSV, XLSX, XLS and ODS with an x and a y (or a longitude and a latitude), GeoJSON, GeoPackage and
Shapefile. Columns are recognised by their names (``columns/points.csv``); options of terril.toml
say otherwise. Rows may be chosen (``filtre``), and several rows of one place made one
(``doublons``).
"""

from __future__ import annotations

import difflib
from typing import Final

import polars as pl

from terril.lib.french import compte, nombre
from terril.lib.problems import Severity, Where
from terril.sources.context import Context, quoted
from terril.sources.numbers import ERROR, parse
from terril.sources.points_frame import (
    POINTS,
    Ground,
    finish,
    lines_of,
    settle,
    single_ids,
    vintage_of,
)
from terril.sources.points_open import (
    EXPECTED,
    GEOMETRY_X,
    GEOMETRY_Y,
    OPTION_ROLES,
    open_tables,
    roles_of,
    system_told,
)
from terril.sources.points_precision import with_quality
from terril.sources.points_types import type_map, with_cards
from terril.sources.tables import Table
from terril.sources.textual import LINE
from terril.territories.geometry_crs import GEOGRAPHIC
from terril.territories.kinds import fold

OPTIONS: Final = (
    "type",
    "correspondance",
    "crs",
    "couche",
    "millesime",
    "doublons",
    "filtre.*",
    "colonne_type",
    "colonne_nom",
    "colonne_id",
    "colonne_x",
    "colonne_y",
    "colonne_precision",
    "entete",
    "lignes_apres_entete",
    "separateur",
)
SOURCE: Final = "inventaire_equipements"


def read(ctx: Context, ground: Ground) -> pl.DataFrame:
    """Return the places of a file (columns of ``POINTS``); problems go to ``ctx.own``."""
    frames = [_read(table, epsg, ctx, ground) for table, epsg in open_tables(ctx)]
    frame = pl.concat([pl.DataFrame(schema=POINTS), *frames])
    if frame.is_empty() and not ctx.own.errors:
        ctx.report(
            "fichier-sans-ligne",
            Where(ctx.shown_file),
            "Aucun lieu n’y est lu.",
            "un lieu par ligne.",
            "Vérifiez le fichier, et le filtre s’il y en a un.",
        )
    return frame


# ------------------------------------------------------------------ rows


def _read(table: Table, epsg: int, ctx: Context, ground: Ground) -> pl.DataFrame:
    empty = pl.DataFrame(schema=POINTS)
    roles = _roles(table, ctx)
    if roles is None:
        return empty
    coordinates = ("geometry", "") if epsg else _coordinates(roles, table, ctx)
    if coordinates is None:
        return empty
    rows = _chosen(table.rows.collect(), table, ctx)
    if rows.is_empty():
        return empty
    rows = _texts(rows, roles, ctx)
    rows = _numbers(rows, coordinates[0], table, ctx)
    rows = rows.with_columns(pl.lit(epsg or _epsg(rows, coordinates[0], ctx, ground)).alias("epsg"))
    rows = _single(rows, table, ctx, ground)
    rows = with_cards(rows, type_map(ctx), table, ctx, roles.get("type", ""))
    rows = with_quality(rows, "precision", table, ctx)
    rows = rows.with_columns(
        pl.when(pl.col("label") != "").then("label").otherwise("card").alias("label"),
        pl.Series("id", single_ids(rows["key"], ctx.spec.id, rows["line"])),
    )
    return finish(rows, table, ctx, ground, ctx.spec.source or SOURCE, vintage_of(ctx))


def _roles(table: Table, ctx: Context) -> dict[str, str] | None:
    """Return role → head: what terril.toml names, then what is recognised."""
    roles = roles_of(table.heads)
    by_fold = {fold(head): head for head in table.heads if head}
    right = True
    for role, option in OPTION_ROLES.items():
        told = ctx.option(option)
        if not told:
            continue
        head = told if told in table.heads else by_fold.get(fold(told))
        if head is None:
            near = difflib.get_close_matches(told, [h for h in table.heads if h], 2, 0.5)
            ctx.declaration(
                "colonne-absente",
                f"la colonne « {told} » n’est pas dans {table.file}.",
                f"{quoted(h for h in table.heads[:15] if h)}.",
                f"S’agit-il de {quoted(near)} ?" if near else "",
                key=option,
            )
            right = False
        else:
            roles[role] = head
    if ctx.option("type"):
        roles.pop("type", None)
    elif "type" not in roles:
        ctx.report(
            "colonne-absente",
            table.where(table.head_line or None),
            f"Rien ne dit le type des lieux. Colonnes lues : "
            f"{quoted(h for h in table.heads[:15] if h)}.",
            "une colonne « type », ou le même type pour tout le fichier.",
            'Écrivez dans terril.toml colonne_type = "…", ou type = "Bureau de poste".',
        )
        right = False
    return roles if right else None


def _coordinates(roles: dict[str, str], table: Table, ctx: Context) -> tuple[str, str] | None:
    """Return which columns hold the coordinates: « degrees », « pair » or « told »."""
    if ctx.option("colonne_x") and ctx.option("colonne_y"):
        return ("told", "")
    if {"lon", "lat"} <= set(roles):
        return ("degrees", "")
    if {"x", "y"} <= set(roles):
        return ("told", "")
    if "lat_lon" in roles:
        return ("pair", "")
    ctx.report(
        "colonne-absente",
        table.where(table.head_line or None),
        f"Les coordonnées ne sont pas reconnues. Colonnes lues : "
        f"{quoted(h for h in table.heads[:15] if h)}.",
        EXPECTED,
        'Nommez-les dans terril.toml : colonne_x = "…", colonne_y = "…", et leur système '
        'crs = "2154".',
    )
    return None


def _chosen(rows: pl.DataFrame, table: Table, ctx: Context) -> pl.DataFrame:
    """Keep the rows that ``filtre`` asks for: « filtre.voyageurs = "O" », several with « | »."""
    by_fold = {fold(head): head for head in table.heads if head}
    asked = {k.partition(".")[2]: v for k, v in ctx.spec.options.items() if k.startswith("filtre.")}
    before = rows.height
    for name, wanted in asked.items():
        head = name if name in table.heads else by_fold.get(fold(name))
        if head is None:
            ctx.declaration(
                "colonne-absente",
                f"la colonne « {name} » du filtre n’est pas dans {table.file}.",
                f"{quoted(h for h in table.heads[:15] if h)}.",
                key="filtre",
            )
            return rows.clear()
        values = {fold(part) for part in wanted.split("|")}
        present = rows[head].fill_null("").unique().to_list()
        kept = [text for text in present if fold(text) in values]
        rows = rows.filter(pl.col(head).fill_null("").is_in(kept))
    if asked and not ctx.own.errors:
        ctx.report(
            "points-filtres",
            table.where(),
            f"Le filtre garde {compte(rows.height, 'ligne', 'lignes')} sur {nombre(before)}.",
            severity=Severity.NOTE if rows.height else Severity.WARNING,
        )
    return rows


def _texts(rows: pl.DataFrame, roles: dict[str, str], ctx: Context) -> pl.DataFrame:
    def text(role: str) -> pl.Expr:
        if role not in roles:
            return pl.lit("")
        return pl.col(roles[role]).cast(pl.String).fill_null("").str.strip_chars()

    told = ctx.option("type")
    kept = [name for name in (GEOMETRY_X, GEOMETRY_Y) if name in rows.columns]
    commune = pl.when(text("commune").str.contains(r"^\d[0-9AB]?\d{2,3}$")).then(
        text("commune").str.zfill(5)
    )
    groups = [part.strip() for part in ctx.option("doublons").split("|") if part.strip()]
    by_fold = {fold(head): head for head in rows.columns}
    same = [by_fold[fold(part)] for part in groups if fold(part) in by_fold]
    for part in groups:
        if fold(part) not in by_fold:
            ctx.declaration(
                "colonne-absente",
                f"la colonne « {part} » de « doublons » n’est pas dans le fichier.",
                f"{quoted(h for h in rows.columns[:15] if not h.startswith('__'))}.",
                key="doublons",
            )
    return rows.select(
        (pl.lit(told) if told else text("type")).alias("type"),
        text("label").alias("label"),
        text("id").alias("key"),
        commune.otherwise(pl.lit("")).alias("commune"),
        text("precision").alias("precision"),
        text("lat_lon").alias("pair_text"),
        *[text(role).alias(f"{role}_text") for role in ("x", "y", "lon", "lat")],
        pl.concat_str(
            [pl.col(h).cast(pl.String).fill_null("") for h in same], separator="\t"
        ).alias("place")
        if same
        else pl.lit("").alias("place"),
        *kept,
        pl.col(LINE).cast(pl.Int32).alias("line"),
    )


_COLUMNS: Final = {"degrees": ("lon_text", "lat_text"), "told": ("x_text", "y_text")}


def _numbers(rows: pl.DataFrame, how: str, table: Table, ctx: Context) -> pl.DataFrame:
    """Add raw_x and raw_y as numbers; what is no number is told, and absent."""
    if how == "geometry":
        return rows.with_columns(
            pl.col(GEOMETRY_X).fill_nan(None).alias("raw_x"),
            pl.col(GEOMETRY_Y).fill_nan(None).alias("raw_y"),
        )
    if how == "pair":
        parts = pl.col("pair_text").str.strip_chars("[]() ").str.split_exact(",", 1)
        rows = rows.with_columns(
            parts.struct.field("field_0").fill_null("").alias("lat_text"),
            parts.struct.field("field_1").fill_null("").alias("lon_text"),
        )
    names = _COLUMNS.get(how, _COLUMNS["degrees"])
    for name, target in zip(names, ("raw_x", "raw_y"), strict=True):
        value, *_, error = parse(pl.col(name))
        rows = rows.with_columns(value.alias(target), error.alias(ERROR))
        for line, raw in rows.filter(pl.col(ERROR)).select("line", name).rows():
            ctx.report(
                "coordonnee-illisible",
                table.where(line),
                f"« {raw} » n’est pas un nombre.",
                "une coordonnée, ou rien.",
                "Le lieu est tenu pour sans coordonnées.",
                Severity.WARNING,
            )
        rows = rows.drop(ERROR)
    return rows


def _epsg(rows: pl.DataFrame, how: str, ctx: Context, ground: Ground) -> int:
    """Return the system of the columns: told, else degrees or metres as their values say."""
    asked = system_told(ctx)
    if asked > 0:
        return asked
    if how in ("degrees", "pair"):
        return GEOGRAPHIC
    large = rows.select((pl.col("raw_x").abs() > 180).any() | (pl.col("raw_y").abs() > 180).any())
    return ground.crs if large.item() else GEOGRAPHIC


def _single(rows: pl.DataFrame, table: Table, ctx: Context, ground: Ground) -> pl.DataFrame:
    """Make one place of the rows that ``doublons`` holds for one; say how far apart they are."""
    named = rows.filter(pl.col("place").str.replace_all("\t", "") != "")
    if named.is_empty():
        return rows
    firsts = rows.filter(
        (pl.col("place").str.replace_all("\t", "") == "") | pl.col("place").is_first_distinct()
    )
    dropped = rows.height - firsts.height
    if not dropped:
        return rows
    x, y, _ = settle(
        named["raw_x"].fill_null(float("nan")).to_numpy(),
        named["raw_y"].fill_null(float("nan")).to_numpy(),
        int(named["epsg"][0]),
        ground,
    )
    spread = (
        named.with_columns(pl.Series("mx", x).fill_nan(None), pl.Series("my", y).fill_nan(None))
        .group_by("place", maintain_order=True)
        .agg(
            pl.len().alias("rows"),
            pl.col("label").first(),
            pl.col("line").first(),
            (
                (pl.col("mx") - pl.col("mx").first()) ** 2
                + (pl.col("my") - pl.col("my").first()) ** 2
            )
            .max()
            .sqrt()
            .alias("metres"),
        )
        .filter(pl.col("rows") > 1)
    )
    far = spread.filter(pl.col("metres") > ctx.catalogue.number("lieu_meme_place"))
    ctx.report(
        "points-reunis",
        table.where(),
        f"{compte(dropped, 'ligne répète un lieu déjà lu', 'lignes répètent un lieu déjà lu')}"
        f"{lines_of(spread)} : chaque lieu compte une fois.",
        severity=Severity.NOTE,
    )
    for label, line, metres in far.select("label", "line", "metres").rows():
        ctx.report(
            "points-ecartes",
            table.where(line),
            f"« {label or 'sans nom'} » a deux places, distantes de {nombre(metres)} m.",
            "une place par lieu.",
            "La première est gardée ; corrigez le fichier si c’est l’autre.",
            Severity.WARNING,
        )
    return firsts
