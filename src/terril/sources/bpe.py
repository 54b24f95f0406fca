"""What does the Insee’s permanent database of equipment (BPE) say of the project’s territory?

CSV or Parquet, national or not, of any edition: columns are recognised by their names of each
edition (``columns/bpe.csv``), types by the nomenclature (``vocabularies/bpe.csv``). The national
file is streamed: only what is in the project’s box, or in its communes, is ever held. A row is a
piece of equipment; a row that counts several (NB_EQUIP) is told as many times.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

import numpy as np
import polars as pl

from terril.catalogue.lists import read_list
from terril.lib.french import compte, nombre
from terril.lib.problems import ProblemList, Severity, Where
from terril.lib.textfile import fingerprint
from terril.sources.context import Context, quoted
from terril.sources.points_frame import POINTS, Ground, finish, single_ids, vintage_of
from terril.sources.points_precision import with_quality
from terril.sources.points_types import bpe_codes, out_of_edition, type_map, with_cards
from terril.sources.tables import Table, Wish, read_table
from terril.sources.textual import LINE
from terril.territories.geometry import metric_crs
from terril.territories.geometry_crs import GEOGRAPHIC, metric_grids
from terril.territories.geometry_points import Extent
from terril.territories.kinds import KINDS, fold

OPTIONS: Final = (
    "millesime",
    "correspondance",
    "territoires",
    "entete",
    "lignes_apres_entete",
    "separateur",
)
SOURCE: Final = "insee_bpe"
_EXPECTED: Final = "TYPEQU, DEPCOM, LAMBERT_X, LAMBERT_Y…"
_QPV: Final = f"^{KINDS['qpv'].pattern}$"
#: what stands in a cell that has no value
_TOKENS: Final = ("", "_U", "_Z", "NA", "NaN", "nan", "NULL")


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    return {fold(row["colonne"]): row["role"] for row in read_list("columns/bpe.csv")}


def roles_of(heads: Sequence[str]) -> dict[str, str]:
    """Return role → head, for the heads of a file of any edition; the first of a role wins."""
    found: dict[str, str] = {}
    for head in heads:
        role = _names().get(fold(head))
        if role:
            found.setdefault(role, head)
    return found


def read(ctx: Context, ground: Ground) -> pl.DataFrame:
    """Return the equipment of the ground (columns of ``POINTS``); problems go to ``ctx.own``."""
    empty = pl.DataFrame(schema=POINTS)
    table = _open(ctx)
    if table is None:
        return empty
    roles = roles_of(table.heads)
    if not _whole(roles, table, ctx):
        return empty
    wanted = list(dict.fromkeys([*roles.values(), LINE]))
    rows = table.rows.select(wanted)
    schema = rows.collect_schema()
    numeric = frozenset(head for head, dtype in schema.items() if dtype.is_numeric())
    everything = ctx.option("territoires", "projet") == "tous"
    near = rows if everything else rows.filter(_maybe_near(roles, ground, numeric))
    total, kept = pl.collect_all([rows.select(pl.len()), near], engine="streaming")
    found = _rows(kept, roles).sort("line")
    if not everything:
        found = found.filter(_near(ground))
    years = found.filter(pl.col("vintage") != "")["vintage"].unique().to_list()
    vintage = _vintage(years, ctx)
    ctx.report(
        "bpe-lue",
        table.where(),
        f"Base permanente des équipements{f' {vintage}' if vintage else ''} : "
        f"{nombre(found.height)} lignes retenues sur {nombre(int(total.item()))}.",
        severity=Severity.NOTE,
    )
    if found.is_empty():
        ctx.report(
            "fichier-sans-ligne",
            table.where(),
            "Aucun équipement n’est dans le territoire du projet.",
            f"des lignes pour les communes de {ctx.project.territories_file.name}.",
            "Vérifiez que le fichier couvre votre département.",
        )
        return empty
    _tell_unreadable(found, roles, table, ctx)
    found = _repeated(found, roles, table, ctx)
    found = with_cards(found, type_map(ctx), table, ctx, roles["type"])
    _tell_edition(found, vintage, table, ctx)
    found = with_quality(found, "quality", table, ctx)
    labels = {code: card.label for code, card in bpe_codes().items()}
    named = (
        pl.when(pl.col("name") != "")
        .then("name")
        .otherwise(
            pl.col("type").replace_strict(labels, default=pl.col("type"), return_dtype=pl.String)
        )
    )
    found = found.with_columns(
        named.alias("label"),
        pl.Series("id", single_ids([""] * found.height, ctx.spec.id, found["line"])),
    )
    return finish(found, table, ctx, ground, ctx.spec.source or SOURCE, vintage)


# ------------------------------------------------------------------ the file


def _open(ctx: Context) -> Table | None:
    path = ctx.spec.file
    if path.is_file():
        with path.open("rb") as stream:
            if stream.read(4) == b"PAR1":
                return _parquet(ctx)
    if path.suffix.lower() == ".zip":
        ctx.report(
            "archive",
            Where(ctx.shown_file),
            "C’est une archive.",
            "le fichier CSV ou Parquet qu’elle contient.",
            "Décompressez-la, et donnez le fichier de données.",
        )
        return None

    def is_head(cells: Sequence[str]) -> bool:
        return "type" in roles_of(cells)

    notes = ProblemList()
    wish = Wish(
        ctx.spec.sheet,
        ctx.number("entete"),
        ctx.number("lignes_apres_entete") or 0,
        is_head,
        ctx.option("separateur") or None,
        _EXPECTED,
    )
    tables = read_table(path, notes, wish, ctx.shown_file)
    ctx.own.extend(p for p in notes if p.code != "encodage")  # Windows-1252 is its usual form
    return tables[0] if tables else None


def _parquet(ctx: Context) -> Table | None:
    path = ctx.spec.file
    name = ctx.shown_file
    try:
        rows = pl.scan_parquet(path)
        heads = tuple(rows.collect_schema().names())
        rows = rows.with_row_index(LINE, offset=1).with_columns(pl.col(LINE).cast(pl.Int32))
        rows.select(pl.len()).collect()
    except (pl.exceptions.PolarsError, OSError) as error:
        ctx.report(
            "parquet-illisible",
            Where(name),
            f"Le fichier Parquet ne peut pas être lu ({str(error).splitlines()[0][:120]}).",
            "un fichier entier.",
            "Téléchargez-le de nouveau.",
        )
        return None
    return Table(name, "", fingerprint(path), path.stat().st_size, "parquet", 0, heads, rows)


def _whole(roles: dict[str, str], table: Table, ctx: Context) -> bool:
    """Check that the columns are there: a type, and coordinates."""
    placed = {"x", "y"} <= set(roles) or {"lon", "lat"} <= set(roles)
    missing = [name for role, name in (("type", "TYPEQU"), ("commune", "DEPCOM"))
               if role not in roles]  # fmt: skip
    if not placed:
        missing.append("LAMBERT_X et LAMBERT_Y")
    if not missing:
        return True
    counted = "count" in roles and not placed
    ctx.report(
        "colonne-absente",
        table.where(table.head_line or None),
        f"Colonnes absentes : {quoted(missing)}. Colonnes lues : "
        f"{quoted(head for head in table.heads[:12] if head)}…",
        _EXPECTED,
        "C’est la base des comptes par commune ou par IRIS : prenez celle des équipements "
        "géolocalisés (« …_xy », ou BPE depuis 2024)."
        if counted
        else "Prenez la base des équipements géolocalisés de l’Insee.",
    )
    return False


# ------------------------------------------------------------------ rows


def _maybe_near(roles: dict[str, str], ground: Ground, numeric: frozenset[str]) -> pl.Expr:
    """Return a quick test on the columns of the file, that keeps all that ``_near`` keeps."""
    commune = pl.col(roles["commune"]).cast(pl.String).str.strip_chars()
    codes = sorted(ground.communes)
    tests = [commune.is_in([*codes, *(code.lstrip("0") for code in codes)])]
    if ground.extent is None:
        starts = sorted({*ground.departments, *(d.lstrip("0") for d in ground.departments)})
        return pl.any_horizontal(*tests, *(commune.str.starts_with(start) for start in starts))
    for east, north, box in (
        ("x", "y", ground.extent),
        ("lon", "lat", ground.extent.to(GEOGRAPHIC)),
    ):
        if {east, north} <= set(roles):
            tests.append(
                _number(roles[east], numeric).is_between(box.west, box.east)
                & _number(roles[north], numeric).is_between(box.south, box.north)
            )
    return pl.any_horizontal(tests).fill_null(False)


def _number(head: str, numeric: frozenset[str]) -> pl.Expr:
    """Return a column as numbers; ``numeric``: the columns that are (Parquet), the rest texts."""
    column = pl.col(head)
    if head not in numeric:
        column = column.cast(pl.String).str.strip_chars().str.replace(",", ".", literal=True)
    return column.cast(pl.Float64, strict=False).fill_nan(None)


def _rows(kept: pl.DataFrame, roles: dict[str, str]) -> pl.DataFrame:
    """Return the rows by role: texts, coordinates as numbers, their system."""
    numeric = frozenset(head for head, dtype in kept.schema.items() if dtype.is_numeric())

    def text(role: str) -> pl.Expr:
        if role not in roles:
            return pl.lit("")
        return pl.col(roles[role]).cast(pl.String).fill_null("").str.strip_chars()

    def number(role: str) -> pl.Expr:
        return _number(roles[role], numeric) if role in roles else pl.lit(None, dtype=pl.Float64)

    def zone(role: str) -> pl.Expr:
        code = text(role).str.to_uppercase()
        return pl.when(code.str.contains(_QPV)).then(code).otherwise(pl.lit(""))

    def sureness(role: str) -> pl.Expr:
        return pl.when(text(role).is_in(["1", "2", "3"])).then(text(role)).otherwise(pl.lit(""))

    in_grid = number("x").is_not_null() & number("y").is_not_null()
    quality = text("quality")
    return kept.select(
        text("type").str.to_uppercase().alias("type"),
        text("name").replace(list(_TOKENS), [""] * len(_TOKENS)).alias("name"),
        text("commune").str.zfill(5).alias("commune"),
        pl.when(in_grid).then(number("x")).otherwise(number("lon")).alias("raw_x"),
        pl.when(in_grid).then(number("y")).otherwise(number("lat")).alias("raw_y"),
        pl.when(in_grid)
        .then(pl.coalesce(number("epsg").cast(pl.Int32, strict=False), _grid(text("commune"))))
        .otherwise(pl.lit(GEOGRAPHIC))
        .cast(pl.Int32)
        .alias("epsg"),
        *[zone(name).alias(name) for name in ("qpv_2015", "qpv_2024")],
        *[sureness(f"{n}_quality").alias(f"{n}_quality") for n in ("qpv_2015", "qpv_2024")],
        pl.when(quality.is_in(list(_TOKENS))).then(text("geocoding")).otherwise(quality)
        .alias("quality"),
        text("count").alias("count"),
        text("vintage").alias("vintage"),
        *[text(role).alias(f"{role}_text") for role in ("x", "y", "lon", "lat")],
        pl.col(LINE).cast(pl.Int32).alias("line"),
    )  # fmt: skip


def _grid(commune: pl.Expr) -> pl.Expr:
    """Return the grid of a commune: that of its department, Lambert-93 on the mainland."""
    department = (
        pl.when(commune.str.starts_with("97")).then(commune.str.slice(0, 3)).otherwise(pl.lit(""))
    )
    overseas = {
        code: grid.epsg for grid in metric_grids() for code in grid.departments if code.isdigit()
    }
    return department.replace_strict(overseas, default=metric_crs(""), return_dtype=pl.Int32)


def _near(ground: Ground) -> pl.Expr:
    """Return whether a row concerns the ground: in its box, or in one of its communes."""
    own = pl.col("commune").is_in(sorted(ground.communes))
    if ground.extent is None:
        starts = sorted(ground.departments)
        there = [pl.col("commune").str.starts_with(start) for start in starts]
        return pl.any_horizontal(own, *there)
    return own | _in_box(ground.extent) | _in_box(ground.extent.to(GEOGRAPHIC))


def _in_box(box: Extent) -> pl.Expr:
    return (
        (pl.col("epsg") == box.crs)
        & pl.col("raw_x").is_between(box.west, box.east)
        & pl.col("raw_y").is_between(box.south, box.north)
    )


def _vintage(years: Sequence[str], ctx: Context) -> str:
    """Return the year of the edition: told, of the column AN, noted when fetched, of the name."""
    if ctx.option("millesime"):
        return vintage_of(ctx)
    if years:
        return max(years)
    if noted := vintage_of(ctx):
        return noted
    found = re.search(r"(?:19|20)\d{2}", ctx.spec.file.stem)
    short = re.search(r"bpe[_-]?(\d{2})(?!\d)", ctx.spec.file.stem.lower())
    return found[0] if found else f"20{short[1]}" if short else ""


# ------------------------------------------------------------------ what is told


def _tell_unreadable(
    found: pl.DataFrame, roles: dict[str, str], table: Table, ctx: Context
) -> None:
    for role in ("x", "y", "lon", "lat"):
        if role not in roles:
            continue
        text = pl.col(f"{role}_text")
        read_as = text.str.replace(",", ".", literal=True).cast(pl.Float64, strict=False)
        wrong = found.filter(read_as.is_null() & ~text.is_in(list(_TOKENS)))
        for line, raw in wrong.select("line", f"{role}_text").rows():
            ctx.report(
                "coordonnee-illisible",
                table.where(line, roles[role]),
                f"« {raw} » n’est pas un nombre.",
                "un nombre, ou rien.",
                "Le lieu est tenu pour sans coordonnées.",
                Severity.WARNING,
            )


def _repeated(
    found: pl.DataFrame, roles: dict[str, str], table: Table, ctx: Context
) -> pl.DataFrame:
    """Tell a row that counts several pieces as many times; 0 pieces is no row."""
    if "count" not in roles:
        return found
    count = pl.col("count").str.replace(r"[.,]0+$", "").cast(pl.Int32, strict=False)
    frame = found.with_columns(count.alias("pieces"))
    wrong = frame.filter(pl.col("pieces").is_null() | (pl.col("pieces") < 0))
    for line, raw in wrong.select("line", "count").rows():
        ctx.report(
            "nombre-illisible",
            table.where(line, roles["count"]),
            f"« {raw} » n’est pas un nombre d’équipements.",
            "un nombre entier.",
            "La ligne est comptée pour un seul équipement.",
            Severity.WARNING,
        )
    sure = pl.when(pl.col("pieces") >= 0).then(pl.col("pieces")).otherwise(1)
    frame = frame.with_columns(sure.alias("pieces"))
    several = frame.filter(pl.col("pieces") > 1)
    if not several.is_empty():
        ctx.report(
            "equipements-groupes",
            table.where(),
            f"{compte(several.height, 'ligne compte', 'lignes comptent')} plusieurs équipements "
            f"({nombre(int(several['pieces'].sum()))} en tout).",
            severity=Severity.NOTE,
        )
    ranks = np.repeat(np.arange(frame.height), frame["pieces"].to_numpy())
    return frame.drop("pieces")[ranks]


def _tell_edition(found: pl.DataFrame, vintage: str, table: Table, ctx: Context) -> None:
    if not re.fullmatch(r"\d{4}", vintage):
        return
    present = found["type"].unique().sort().to_list()
    odd = [
        code
        for code in present
        if code in bpe_codes() and out_of_edition(bpe_codes()[code], int(vintage))
    ]
    if odd:
        ctx.report(
            "code-hors-millesime",
            table.where(),
            f"Ces codes ne sont pas de la nomenclature de {vintage} : {quoted(odd[:8])}"
            f"{'…' if len(odd) > 8 else '.'}",
            "des codes du millésime du fichier.",
            "Vérifiez le millésime ; les codes sont compris comme ceux de leur nomenclature.",
            Severity.NOTE,
        )
