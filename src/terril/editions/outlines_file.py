"""How are the outlines of an edition kept, in a file that QGIS opens?

``perimetres.gpkg`` is a GeoPackage (SQLite): a layer by nature and generation, one by width of
surroundings, and three plain tables: where each layer comes from, what share of each
neighbourhood lies in which commune and EPCI, which files were compared. Bytes are the same for
the same content: rows in a fixed order, tables in a fixed order, no clock.
"""

from __future__ import annotations

import datetime as dt
import re
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, Final

import polars as pl
import polars.selectors as cs

from terril.editions.database import PAGE_SIZE, connect
from terril.editions.plain import SIGNIFICANT_DIGITS
from terril.sources.outlines_layers import SHIFTS, Outlines
from terril.territories.geometry import NATURES, Layer
from terril.territories.geometry_crs import GEOGRAPHIC
from terril.territories.geometry_package import blobs, definition, from_blobs, surroundings
from terril.territories.geometry_straddle import STRADDLES

FILE_NAME: Final = "perimetres.gpkg"
APPLICATION_ID: Final = 0x47504B47  # « GPKG »
USER_VERSION: Final = 10300  # GeoPackage 1.3.0

_LAYERS: Final = "terril_couches"
_SHARES: Final = "terril_parts"
_SHIFTS: Final = "terril_decalages"
_GEOMETRY: Final = "geom"
_OWN: Final = ("fid", _GEOMETRY, "code", "nom")
_PLURAL: Final = {
    "qpv": "qpv",
    "commune": "communes",
    "epci": "epci",
    "iris": "iris",
    "cite": "cites",
    "carreau": "carreaux",
    "emprise": "emprises",
}

_TABLES: Final = """
CREATE TABLE gpkg_spatial_ref_sys (
  srs_name TEXT NOT NULL, srs_id INTEGER NOT NULL PRIMARY KEY, organization TEXT NOT NULL,
  organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT);
CREATE TABLE gpkg_contents (
  table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT UNIQUE,
  description TEXT DEFAULT '',
  last_change DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')),
  min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE, srs_id INTEGER,
  CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id));
CREATE TABLE gpkg_geometry_columns (
  table_name TEXT NOT NULL, column_name TEXT NOT NULL, geometry_type_name TEXT NOT NULL,
  srs_id INTEGER NOT NULL, z TINYINT NOT NULL, m TINYINT NOT NULL,
  CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name),
  CONSTRAINT uk_gc_table_name UNIQUE (table_name),
  CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents(table_name),
  CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys (srs_id));
"""


def table_of(nature: str, generation: str = "") -> str:
    """Return the name of a layer in the file: « qpv_2015 », « communes »."""
    return f"{_PLURAL[nature]}_{generation}" if generation else _PLURAL[nature]


def write_outlines(
    path: Path,
    outlines: Outlines,
    *,
    day: str,
    buffers: Mapping[str, float] | None = None,
) -> dict[str, int]:
    """Write the outlines of an edition; return the rows of each layer.

    ``day``: the date of the edition (ISO), the only date in the file. ``buffers``: code of a
    neighbourhood → width of its surroundings in metres, drawn as layers « tampons_300 »;
    they are for maps, counts measure true distances. Raises ``ValueError`` when ``day`` is no
    date. An existing file is replaced.
    """
    dt.date.fromisoformat(day)
    path.unlink(missing_ok=True)
    drawn = [
        (table_of(layer.nature, layer.generation), _identifier(layer), layer)
        for layer in outlines.layers
    ]
    drawn += _drawn_around(outlines, buffers or {})
    rows: dict[str, int] = {}
    with closing(sqlite3.connect(path, isolation_level=None)) as base:
        for pragma in (
            f"page_size = {PAGE_SIZE}",
            "journal_mode = OFF",
            "synchronous = OFF",
            f"application_id = {APPLICATION_ID}",
            f"user_version = {USER_VERSION}",
        ):
            base.execute(f"PRAGMA {pragma}")
        base.executescript(_TABLES)
        base.execute("BEGIN")
        _write_systems(base, sorted({layer.crs for _, _, layer in drawn}))
        for table, identifier, layer in drawn:
            rows[table] = _write_layer(base, table, identifier, layer, day)
        _write_table(base, _LAYERS, "Origine des couches", _origins(outlines.layers), day)
        _write_table(base, _SHARES, "Parts de surface", outlines.straddles, day)
        _write_table(base, _SHIFTS, "Décalages mesurés", outlines.shifts, day)
        base.execute("COMMIT")
        base.execute("VACUUM")
    return rows


def _identifier(layer: Layer) -> str:
    several = NATURES[layer.nature][1]
    return f"{several} de {layer.generation}" if layer.generation else several


def _drawn_around(outlines: Outlines, buffers: Mapping[str, float]) -> list[tuple[str, str, Layer]]:
    """Return a layer a width and generation; the generation is named when there are two."""
    found: list[tuple[str, str, Layer]] = []
    qpv = [layer for layer in outlines.layers if layer.nature == "qpv"]
    for width in sorted({buffers[code] for la in qpv for code in la.codes if code in buffers}):
        for layer in qpv:
            mine = layer.pick(c for c in layer.codes if buffers.get(c) == width)
            if len(mine):
                year = f"_{layer.generation}" if len(qpv) > 1 else ""
                metres = f"{width:g}".replace(".", "_")
                label = f"abords à {width:g} m" + (f" ({layer.generation})" if year else "")
                grown = surroundings(mine, width)
                found.append((f"tampons_{metres}{year}", label, grown))
    return found


def _write_systems(base: sqlite3.Connection, systems: Iterable[int]) -> None:
    rows: list[tuple[str, int, str, int, str, str]] = [
        ("Undefined Cartesian SRS", -1, "NONE", -1, "undefined", "undefined cartesian"),
        ("Undefined geographic SRS", 0, "NONE", 0, "undefined", "undefined geographic"),
    ]
    for crs in sorted({GEOGRAPHIC, *systems}):
        name, text = definition(crs)
        rows.append((name, crs, "EPSG", crs, text, ""))
    base.executemany("INSERT INTO gpkg_spatial_ref_sys VALUES (?, ?, ?, ?, ?, ?)", rows)


def _contents(
    base: sqlite3.Connection,
    table: str,
    kind: str,
    identifier: str,
    description: str,
    day: str,
    box: Sequence[float | None],
    crs: int | None,
) -> None:
    base.execute(
        "INSERT INTO gpkg_contents VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (table, kind, identifier, description, f"{day}T00:00:00.000Z", *box, crs),
    )


def _write_layer(
    base: sqlite3.Connection, table: str, identifier: str, layer: Layer, day: str
) -> int:
    frame = _attributes(layer)
    names = ["fid", _GEOMETRY, "code", "nom", *frame.columns]
    kinds = ["INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL", "MULTIPOLYGON", "TEXT", "TEXT"]
    kinds += [_sql_type(kind) for kind in frame.dtypes]
    columns = ", ".join(f"{_quote(n)} {k}" for n, k in zip(names, kinds, strict=True))
    base.execute(f"CREATE TABLE {_quote(table)} ({columns})")
    source = ", ".join(filter(None, (layer.source, layer.vintage, layer.file)))
    box = [round(v, 4) for v in layer.bounds()] if len(layer) else [None] * 4
    _contents(base, table, "features", identifier, source, day, box, layer.crs)
    base.execute(
        "INSERT INTO gpkg_geometry_columns VALUES (?, ?, 'MULTIPOLYGON', ?, 0, 0)",
        (table, _GEOMETRY, layer.crs),
    )
    values = frame.rows() if frame.width else [()] * len(layer)
    shapes = blobs(layer.shapes, layer.crs)
    rows = zip(shapes, layer.codes, layer.labels, values, strict=True)
    marks = ", ".join("?" * (len(names) - 1))
    base.executemany(
        f"INSERT INTO {_quote(table)} ({', '.join(map(_quote, names[1:]))}) VALUES ({marks})",
        [(shape, code, label, *rest) for shape, code, label, rest in rows],
    )
    return len(layer)


def _attributes(layer: Layer) -> pl.DataFrame:
    """Return the attributes under names that SQLite takes once, dates as ISO texts."""
    if not layer.attributes.width:
        return pl.DataFrame()
    taken = set(_OWN)
    names: dict[str, str] = {}
    for column in layer.attributes.columns:
        base = re.sub(r"\s+", "_", column.strip()) or "colonne"
        name, rank = base, 1
        while name.lower() in taken:
            rank += 1
            name = f"{base}_{rank}"
        taken.add(name.lower())
        names[column] = name
    frame = layer.attributes.rename(names)
    return frame.with_columns(
        pl.col(pl.Date, pl.Datetime).dt.to_string("%Y-%m-%d"), pl.col(pl.Boolean).cast(pl.Int8)
    )


def _sql_type(kind: pl.DataType) -> str:
    if kind.is_integer():
        return "INTEGER"
    return "REAL" if kind.is_float() else "TEXT"


def _origins(layers: Iterable[Layer]) -> pl.DataFrame:
    return pl.DataFrame(
        [
            {
                "couche": table_of(layer.nature, layer.generation),
                "nature": layer.nature,
                "generation": layer.generation,
                "crs": layer.crs,
                "fichier": layer.file,
                "sha256": layer.sha256,
                "millesime": layer.vintage,
                "source": layer.source,
            }
            for layer in layers
        ],
        schema={
            "couche": pl.String,
            "nature": pl.String,
            "generation": pl.String,
            "crs": pl.Int32,
            "fichier": pl.String,
            "sha256": pl.String,
            "millesime": pl.String,
            "source": pl.String,
        },
    )


def _write_table(
    base: sqlite3.Connection, table: str, identifier: str, frame: pl.DataFrame, day: str
) -> None:
    """Write a plain table, one that GIS software shows without shapes."""
    rows = frame.with_columns(cs.float().round_sig_figs(SIGNIFICANT_DIGITS))
    columns = ", ".join(f"{_quote(n)} {_sql_type(k)}" for n, k in rows.schema.items())
    base.execute(
        f"CREATE TABLE {_quote(table)} (fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, {columns})"
    )
    _contents(base, table, "attributes", identifier, "", day, [None] * 4, None)
    marks = ", ".join("?" * rows.width)
    base.executemany(
        f"INSERT INTO {_quote(table)} ({', '.join(map(_quote, rows.columns))}) VALUES ({marks})",
        rows.rows(),
    )


# ------------------------------------------------------------------ reading back


def read_outlines_file(path: Path) -> Outlines:
    """Return the outlines that an edition holds; its surroundings are drawn again when wanted.

    Raises ``OSError`` when the file is not there, ``ValueError`` when it is no file of
    outlines written by ``write_outlines``.
    """
    if not path.is_file():
        raise FileNotFoundError(path)
    try:
        with closing(connect(path)) as base:
            if base.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
                raise ValueError(f"{path.name}: no GeoPackage")
            layers = tuple(
                _read_layer(base, *row)
                for row in base.execute(
                    "SELECT couche, nature, generation, crs, fichier, sha256, millesime, source "
                    f"FROM {_LAYERS} ORDER BY fid"
                ).fetchall()
            )
            return Outlines(
                layers, _read_table(base, _SHARES, STRADDLES), _read_table(base, _SHIFTS, SHIFTS)
            )
    except sqlite3.DatabaseError as error:
        raise ValueError(f"{path.name}: {error}") from error


def _read_layer(base: sqlite3.Connection, table: str, *origin: Any) -> Layer:
    nature, generation, crs, file, sha256, vintage, source = origin
    cursor = base.execute(f"SELECT * FROM {_quote(table)} ORDER BY fid")
    names = [column[0] for column in cursor.description]
    rows = cursor.fetchall()
    rest = [name for name in names if name not in _OWN]
    kinds = {
        name: {"INTEGER": pl.Int64, "REAL": pl.Float64}.get(kind, pl.String)
        for _, name, kind, *_ in base.execute(f"PRAGMA table_info({_quote(table)})")
    }
    held = {name: [row[i] for row in rows] for i, name in enumerate(names)}
    return Layer(
        nature,
        generation,
        crs,
        tuple(held["code"]),
        tuple(held["nom"]),
        from_blobs(held[_GEOMETRY]),
        pl.DataFrame({n: held[n] for n in rest}, schema={n: kinds[n] for n in rest}),
        file,
        sha256,
        vintage,
        source,
    )


def _read_table(base: sqlite3.Connection, table: str, schema: Mapping[str, Any]) -> pl.DataFrame:
    columns = ", ".join(map(_quote, schema))
    rows = base.execute(f"SELECT {columns} FROM {_quote(table)} ORDER BY fid").fetchall()
    plain = {name: pl.Int64 if kind == pl.Boolean else kind for name, kind in schema.items()}
    return pl.DataFrame(rows, schema=plain, orient="row").select(
        pl.col(name).cast(kind) for name, kind in schema.items()
    )


def _quote(name: str) -> str:
    escaped = name.replace('"', '""')
    return f'"{escaped}"'
