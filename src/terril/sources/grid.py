"""How many people live in each square of the Insee grid, and with which living standard?

The files of Filosofi by squares of 200 m or 1 km, as CSV, as GeoPackage, or as a layer already
read. The identifier tells the place (« CRS3035RES200mN3056800E3810800 »: system, size, lower left
corner); outlines are not needed. The heads change with the vintage: ``columns/carreaux.csv``.
A square that is not in the file has no inhabitant. Insee imputes what it says of squares of
fewer than 11 households: a mark is kept.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import polars as pl

from terril.catalogue.lists import read_list
from terril.catalogue.load import Catalogue
from terril.lib.french import compte, nombre
from terril.lib.problems import Problem, ProblemList, Severity, Where
from terril.lib.textfile import fingerprint
from terril.sources.context import Context, quoted
from terril.sources.numbers import parse
from terril.sources.origin import read_origin
from terril.sources.project import FILE_NAME, Project
from terril.sources.tables import Wish, read_table
from terril.sources.textual import LINE
from terril.territories.geometry import Layer
from terril.territories.geometry_grid import bounds_in
from terril.territories.registry import Territories

#: one row a square of the file
GRID: Final[dict[str, pl.DataType | type[pl.DataType]]] = {
    "x": pl.Int64,  # lower left corner, metres of the grid's system
    "y": pl.Int64,
    "population": pl.Float64,  # persons
    "living": pl.Float64,  # sum of their living standards, €; null when the file has none
    "imputed": pl.Boolean,  # imputed by the producer
    "communes": pl.List(pl.String),  # INSEE codes, as many as the producer says; empty when none
}

_IDENTIFIER: Final = r"^CRS(\d{4,5})RES(\d+)mN(-?\d+)E(-?\d+)$"
#: reader of the squares in ``[[perimetres]]``, and its options
READER: Final = "carreaux"
OPTIONS: Final = ("millesime",)
REACH: Final = 5000.0  # metres around outlines where squares are kept

_SHOWN: Final = 5
_YES: Final = ("1", "1.0", "true", "oui")


@dataclass(frozen=True)
class Grid:
    """The squares of a file. ``crs``: EPSG of their system; ``size``: metres.

    ``extent``: west, south, east, north of all the squares of the file, those left out by a
    window too: beyond, the file says nothing, within, what it does not name is uninhabited.
    """

    squares: pl.DataFrame  # GRID, sorted by y then x
    crs: int
    size: int
    extent: tuple[int, int, int, int]
    file: str = ""
    sha256: str = ""
    vintage: str = ""
    source: str = ""
    document: str = ""


def read_grid(
    path: Path,
    problems: ProblemList,
    *,
    shown: str = "",
    near: Layer | None = None,
    vintage: str = "",
    source: str = "",
    document: str = "",
) -> Grid | None:
    """Read the squares of a CSV or a GeoPackage; ``None``, with an error, when it cannot be.

    ``near``: outlines; squares further than ``REACH`` of them are not kept, which spares memory
    on a national file (2.3 million squares). The extent stays that of the file.
    """
    shown = shown or path.name
    heard = ProblemList()
    if not path.is_file():
        _refuse(heard, shown, "fichier-absent", "Le fichier n’est pas là.", "un CSV ou un gpkg.")
        rows = None
    elif path.suffix.lower() == ".gpkg":
        rows = _from_package(path, shown, heard)
    else:
        rows = _from_table(path, shown, heard)
    found = None
    if rows is not None:
        found = _grid(rows, shown, near, heard, (vintage, source, document))
    problems.extend(heard)
    if found is None:
        return None
    return replace(found, sha256=fingerprint(path))


def declared_grid(
    project: Project,
    near: Layer | None,
    territories: Territories,
    catalogue: Catalogue,
    problems: ProblemList,
) -> Grid | None:
    """Return the squares that the project declares, or ``None``.

    A table ``[[perimetres]]`` with ``lecteur = "carreaux"``: the CSV or the GeoPackage of Insee.
    ``near``: as in ``read_grid``. The first in order of trust counts; the others are told.
    """
    specs = sorted(
        (spec for spec in project.perimeters if spec.reader == READER), key=lambda s: s.priority
    )
    if not specs:
        return None
    ctx = Context(project, specs[0], territories, catalogue)
    ctx.check_options(OPTIONS)
    for other in specs[1:]:
        ctx.report(
            "carreaux-doubles",
            Where(FILE_NAME, line=other.line),
            f"« {other.id} » est un second fichier de carreaux : « {specs[0].id} » est gardé.",
            "un seul fichier de carreaux.",
            "Retirez l’une des deux tables, ou donnez une priorité.",
            Severity.WARNING,
        )
    problems.extend(ctx.own)
    if ctx.own.errors:
        return None
    origin = read_origin(specs[0].file)
    return read_grid(
        specs[0].file,
        problems,
        shown=ctx.shown_file,
        near=near,
        vintage=ctx.option("millesime") or (origin.vintage if origin else ""),
        source=specs[0].source or "",
        document=specs[0].id,
    )


def grid_of_layer(layer: Layer, problems: ProblemList, document: str = "") -> Grid | None:
    """Return the squares of a layer of nature « carreau », by the codes and columns it has."""
    attributes = layer.attributes.with_columns(pl.all().cast(pl.String)).with_columns(
        pl.Series(_CELL, layer.codes, dtype=pl.String)
    )
    roles = {**_roles(layer.attributes.columns), "cell": _CELL}
    heard = ProblemList()
    found = None
    if _complete(roles, layer.attributes.columns, layer.file, heard):
        rows = _rows(attributes.lazy().with_row_index(LINE, 1), roles)
        told = (layer.vintage, layer.source, document)
        found = _grid(rows, layer.file, None, heard, told)
    problems.extend(heard)
    if found is None:
        return None
    return replace(found, sha256=layer.sha256)


_CELL: Final = "\ue000carreau"


def _refuse(
    problems: ProblemList, shown: str, code: str, what: str, expected: str = "", remedy: str = ""
) -> None:
    problems.add(Problem(code, Where(shown), what, expected, remedy))


def _roles(heads: Sequence[str]) -> dict[str, str]:
    """Return the head of each role."""
    by_name = {head.strip().lower(): head for head in reversed(list(heads))}
    found: dict[str, str] = {}
    for row in read_list("columns/carreaux.csv"):
        if row["nom"] in by_name:
            found.setdefault(row["role"], by_name[row["nom"]])
    return found


def _complete(
    roles: dict[str, str], heads: Sequence[str], shown: str, problems: ProblemList
) -> bool:
    missing = [name for role, name in (("cell", "idcar_200m"), ("population", "ind"))
               if role not in roles]  # fmt: skip
    if missing:
        _refuse(
            problems,
            shown,
            "colonne-absente",
            f"Colonnes absentes : {quoted(missing)}. Colonnes lues : {quoted(heads[:12])}.",
            "idcar_200m (ou IdINSPIRE), ind, et si possible ind_snv, i_est_200, lcog_geo.",
            "Prenez le fichier des carreaux de l’Insee (Filosofi), sans renommer ses colonnes.",
        )
    return not missing


def _rows(frame: pl.LazyFrame, roles: dict[str, str]) -> pl.LazyFrame:
    """Return the texts of the roles, with the line."""
    names = ("cell", "population", "living", "imputed", "commune")
    return frame.select(
        *(
            (pl.col(roles[name]).cast(pl.String) if name in roles else pl.lit(None, pl.String))
            .fill_null("")
            .str.strip_chars()
            .alias(name)
            for name in names
        ),
        pl.col(LINE).alias("line"),
    )


def _from_table(path: Path, shown: str, problems: ProblemList) -> pl.LazyFrame | None:
    wish = Wish(
        is_head=lambda cells: {"cell", "population"} <= set(_roles(cells)),
        expected="idcar_200m, ind, ind_snv…",
    )
    tables = read_table(path, problems, wish, shown)
    if not tables:
        return None
    roles = _roles(tables[0].heads)
    if not _complete(roles, tables[0].heads, shown, problems):
        return None
    return _rows(tables[0].rows, roles)


def _from_package(path: Path, shown: str, problems: ProblemList) -> pl.LazyFrame | None:
    """Read the columns of a GeoPackage, which is an SQLite file; outlines are left alone."""
    try:
        address = f"{path.resolve().as_uri()}?mode=ro"
        with contextlib.closing(sqlite3.connect(address, uri=True)) as base:
            query = "SELECT table_name FROM gpkg_contents WHERE data_type = 'features'"
            for (table,) in base.execute(query).fetchall():
                quoted_name = '"' + str(table).replace('"', '""') + '"'
                cursor = base.execute(f"SELECT * FROM {quoted_name} LIMIT 0")
                heads = [column[0] for column in cursor.description]
                roles = _roles(heads)
                if {"cell", "population"} <= set(roles):
                    return _package_rows(base, quoted_name, roles)
            heads = []
    except sqlite3.Error:
        _refuse(
            problems,
            shown,
            "contours-illisibles",
            "Le fichier n’est pas un GeoPackage lisible.",
            "le GeoPackage des carreaux de l’Insee.",
            "Téléchargez-le à nouveau.",
        )
        return None
    _complete({}, heads, shown, problems)
    return None


def _package_rows(base: sqlite3.Connection, table: str, roles: dict[str, str]) -> pl.LazyFrame:
    columns = ", ".join('"' + head.replace('"', '""') + '"' for head in roles.values())
    cursor = base.execute(f"SELECT {columns} FROM {table}")
    parts = []
    while block := cursor.fetchmany(200_000):
        parts.append(
            pl.DataFrame(
                {
                    head: pl.Series(
                        [None if v is None else str(v) for v in values], dtype=pl.String
                    )
                    for head, values in zip(roles.values(), zip(*block, strict=True), strict=True)
                }
            )
        )
    frame = (
        pl.concat(parts) if parts else pl.DataFrame(schema=dict.fromkeys(roles.values(), pl.String))
    )
    return _rows(frame.lazy().with_row_index(LINE, 1), roles)


def _grid(
    rows: pl.LazyFrame,
    shown: str,
    near: Layer | None,
    problems: ProblemList,
    told: tuple[str, str, str],
) -> Grid | None:
    """Read identifiers and numbers, tell what is wrong; ``None`` when the file is refused."""
    place = {"crs": 1, "size": 2, "y": 3, "x": 4}
    frame = rows.with_columns(
        pl.col("cell").str.extract(_IDENTIFIER, group).cast(pl.Int64, strict=False).alias(name)
        for name, group in place.items()
    )
    bad = frame.filter(pl.col("x").is_null())
    x, y, size = pl.col("x"), pl.col("y"), pl.col("size")
    ends = (
        frame.select(
            w=x.min(), s=y.min(), e=(x + size).max(), n=(y + size).max(), crs=pl.col("crs").max()
        )
        .collect(engine="streaming")
        .row(0)
    )
    if near is not None and len(near) and ends[4] is not None:
        west, south, east, north = bounds_in(near, int(ends[4]), REACH)
        frame = frame.filter(
            pl.col("x").is_null()
            | (
                (pl.col("x") + pl.col("size") > west) & (pl.col("x") < east)
                & (pl.col("y") + pl.col("size") > south) & (pl.col("y") < north)
            )
        )  # fmt: skip
    lost = bad.select("line", "cell").collect(engine="streaming")
    held = frame.drop_nulls("x").collect(engine="streaming")
    for line, cell in lost.head(_SHOWN).iter_rows():
        problems.add(
            Problem(
                "carreau-illisible",
                Where(shown, line=line),
                f"« {cell} » n’est pas l’identifiant d’un carreau.",
                "CRS3035RES200mN3056800E3810800, par exemple.",
                "Corrigez la cellule : sans sa place, ce carreau ne peut être compté.",
            )
        )
    _counted(problems, shown, "carreau-illisible", lost.height)
    frames = held.select("crs", "size").unique().sort("crs", "size").rows()
    if len(frames) > 1:
        told_frames = ", ".join(f"EPSG {crs} à {size} m" for crs, size in frames)
        _refuse(
            problems,
            shown,
            "carreaux-melanges",
            f"Le fichier mêle plusieurs grilles : {told_frames}.",
            "une seule grille.",
            "Gardez un fichier par territoire et par taille de carreau.",
        )
    held = _numbers(held, shown, problems)
    if lost.height or len(frames) > 1 or problems.errors:
        return None
    if held.is_empty() and near is None:
        _refuse(problems, shown, "fichier-vide", "Le fichier ne contient aucun carreau.")
        return None
    side_crs, side = frames[0] if frames else (3035, 200)
    squares = held.select(pl.col(n).cast(t) for n, t in GRID.items()).sort("y", "x")
    extent = tuple(int(end or 0) for end in ends[:4])
    return Grid(squares, int(side_crs), int(side), extent, shown, "", *told)  # type: ignore[arg-type]


def _numbers(frame: pl.DataFrame, shown: str, problems: ProblemList) -> pl.DataFrame:
    """Read populations and living standards; a square without population is set aside."""

    def tell(rows: pl.DataFrame, column: str, code: str, what: str, severity: Severity) -> None:
        for line, raw in rows.select("line", column).head(_SHOWN).iter_rows():
            where = Where(shown, line=line, column=column)
            told = what.format(raw=raw)
            expected = "un nombre, de zéro à l’infini."
            problems.add(Problem(code, where, told, expected, "Corrigez la cellule.", severity))
        _counted(problems, shown, code, rows.height, severity)

    for name in ("population", "living"):
        value = parse(pl.col(name))[0].alias(f"_{name}")
        frame = frame.with_columns(value)
        wrong = (pl.col(f"_{name}").is_null() & (pl.col(name) != "")) | (pl.col(f"_{name}") < 0)
        tell(frame.filter(wrong), name, "nombre-illisible", "« {raw} » n’est pas un effectif.",
             Severity.ERROR)  # fmt: skip
    empty = frame.filter(pl.col("population") == "")
    tell(empty, "population", "carreau-sans-population",
         "Le carreau n’a pas de population : il est laissé de côté.", Severity.WARNING)  # fmt: skip
    frame = frame.filter(pl.col("population") != "")
    double = frame.filter(
        pl.struct("x", "y").is_duplicated() & pl.struct("x", "y").is_first_distinct()
    )
    for line, cell in double.select("line", "cell").head(_SHOWN).iter_rows():
        problems.add(
            Problem(
                "carreau-double",
                Where(shown, line=line),
                f"Le carreau {cell} figure deux fois.",
                "une ligne par carreau.",
                "Supprimez l’une des deux lignes.",
            )
        )
    _counted(problems, shown, "carreau-double", double.height)
    return frame.with_columns(
        population=pl.col("_population"),
        living=pl.col("_living"),
        imputed=pl.col("imputed").str.to_lowercase().is_in(_YES),
        communes=pl.col("commune").str.extract_all(r"[0-9][0-9AB][0-9]{3}"),
    )


def _counted(
    problems: ProblemList, shown: str, code: str, count: int, severity: Severity = Severity.ERROR
) -> None:
    if count > _SHOWN:
        more = compte(count - _SHOWN, "autre ligne du même genre.", "autres lignes du même genre.")
        problems.add(Problem(code, Where(shown), more, severity=severity))


def described(grid: Grid) -> str:
    """Return one French line: « 495 carreaux de 200 m, 56 330 personnes, 20 % imputés »."""
    squares = grid.squares
    share = 100 * int(squares["imputed"].sum()) / max(1, squares.height)
    return (
        f"{compte(squares.height, 'carreau', 'carreaux')} de {nombre(grid.size)} m, "
        f"{nombre(float(squares['population'].sum()))} personnes, "
        f"{nombre(share)}\u202f% de carreaux imputés"
    )
