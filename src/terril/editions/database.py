"""How are frames laid in edition.sqlite?

The file is plain SQLite, made to be opened and searched with any tool: one table a frame,
columns named as the schemas name them, lists as JSON. File names and hashes repeat on every
row, so they are kept once in ``files`` and a view of the frame's name gives the flat table
back. Bytes are the same for the same content: rows sorted, tables in a fixed order, no clock,
page size declared. Whole frames are read from their Parquet, which keeps their types.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing
from pathlib import Path
from typing import Final

import polars as pl
import polars.selectors as cs

from terril.editions.plain import SIGNIFICANT_DIGITS

APPLICATION_ID: Final = 0x54455252  # « TERR », shown by `file edition.sqlite`
PAGE_SIZE: Final = 4096
_FILE: Final = ("file", "sha256")

#: what readers ask by: the figures of a territory, those of an indicator in a contract or of a
#: kind of territory, the signals of a contract. A table has those whose columns it has, but the
#: beginnings of another; with them a page of the national edition reads no more rows than one
#: of a single contract.
_INDEXES: Final = (
    ("territory", "indicator"),
    ("indicator", "group", "period"),
    ("indicator", "kind", "period"),
    ("group", "theme", "territory"),
    ("territory",),
    ("indicator",),
)


def stable(frame: pl.DataFrame) -> pl.DataFrame:
    """Return ``frame`` in the one form that is sealed: floats rounded, rows sorted.

    Floats keep twelve significant digits: the last bits of a sum depend on the order of
    the additions, which threads do not promise.
    """
    rounded = frame.with_columns(cs.float().round_sig_figs(SIGNIFICANT_DIGITS))
    plain = [name for name, kind in rounded.schema.items() if not isinstance(kind, pl.List)]
    return rounded.sort(plain, nulls_last=True) if plain else rounded


def write_database(
    path: Path,
    frames: Mapping[str, pl.DataFrame],
    texts: Mapping[str, Iterable[tuple[str, ...]]],
    columns: Mapping[str, tuple[str, ...]],
) -> dict[str, int]:
    """Write frames (already ``stable``) and tables of texts; return the rows of each.

    ``texts`` are small tables of strings whose columns ``columns`` names; the first column
    is the key.
    """
    rows: dict[str, int] = {}
    with closing(sqlite3.connect(path, isolation_level=None)) as base:
        base.execute(f"PRAGMA page_size = {PAGE_SIZE}")
        base.execute("PRAGMA journal_mode = OFF")
        base.execute("PRAGMA synchronous = OFF")
        base.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        base.execute("BEGIN")
        files = _write_files(base, frames.values())
        for name, frame in frames.items():
            rows[name] = _write_frame(base, name, frame, files)
        for name, lines in texts.items():
            rows[name] = _write_texts(base, name, columns[name], lines)
        base.execute("COMMIT")
        base.execute("VACUUM")
    return rows


def read_texts(path: Path, name: str) -> list[tuple[str, ...]]:
    """Return the rows of a table of texts, in the order they were written."""
    with closing(connect(path)) as base:
        return base.execute(f"SELECT * FROM {_quote(name)} ORDER BY rowid").fetchall()


def connect(path: Path) -> sqlite3.Connection:
    """Open the database for reading only; nothing is ever written beside it."""
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)


def _write_files(base: sqlite3.Connection, frames: Iterable[pl.DataFrame]) -> pl.DataFrame:
    held = [frame.select(_FILE) for frame in frames if set(_FILE) <= set(frame.columns)]
    files = (
        pl.concat(held).unique().sort(_FILE, nulls_last=True)
        if held
        else pl.DataFrame(schema={name: pl.String for name in _FILE})
    ).with_row_index("file_id", offset=1)
    base.execute('CREATE TABLE files ("file_id" INTEGER PRIMARY KEY, "file" TEXT, "sha256" TEXT)')
    base.executemany("INSERT INTO files VALUES (?, ?, ?)", files.iter_rows())
    return files


def _write_frame(
    base: sqlite3.Connection, name: str, frame: pl.DataFrame, files: pl.DataFrame
) -> int:
    columns = frame.columns
    shared = set(_FILE) <= set(frame.columns)
    table = f"{name}_rows" if shared else name
    if shared:
        frame = frame.join(
            files, on=list(_FILE), how="left", nulls_equal=True, maintain_order="left"
        )
        frame = frame.drop(_FILE)
    frame = frame.with_columns(
        pl.col(column).map_elements(_list_text, return_dtype=pl.String)
        for column, kind in frame.schema.items()
        if isinstance(kind, pl.List)
    )
    declared = ['"rowid_" INTEGER PRIMARY KEY']
    declared += [f"{_quote(column)} {_affinity(kind)}" for column, kind in frame.schema.items()]
    base.execute(f"CREATE TABLE {_quote(table)} ({', '.join(declared)})")
    marks = ", ".join(["?"] * (len(frame.columns) + 1))
    base.executemany(
        f"INSERT INTO {_quote(table)} VALUES ({marks})",
        frame.with_row_index("rowid_", offset=1).iter_rows(),
    )
    for keys in _indexes(frame.columns):
        label = _quote(f"{name}_by_{'_'.join(keys)}")
        named = ", ".join(_quote(key) for key in keys)
        base.execute(f"CREATE INDEX {label} ON {_quote(table)} ({named})")
    if shared:
        selected = ", ".join(
            f"{'files' if column in _FILE else 'held'}.{_quote(column)}" for column in columns
        )
        base.execute(
            f"CREATE VIEW {_quote(name)} AS SELECT held.rowid_, {selected} "
            f"FROM {_quote(table)} AS held LEFT JOIN files USING (file_id)"
        )
    return frame.height


def _indexes(columns: Iterable[str]) -> list[tuple[str, ...]]:
    held = set(columns)
    fit = [keys for keys in _INDEXES if set(keys) <= held]
    return [k for k in fit if not any(k != other and k == other[: len(k)] for other in fit)]


def _write_texts(
    base: sqlite3.Connection, name: str, columns: tuple[str, ...], lines: Iterable[tuple[str, ...]]
) -> int:
    declared = ", ".join(f"{_quote(column)} TEXT NOT NULL" for column in columns)
    base.execute(f"CREATE TABLE {_quote(name)} ({declared})")
    base.execute(
        f"CREATE INDEX {_quote(f'{name}_by_{columns[0]}')} ON {_quote(name)} ({_quote(columns[0])})"
    )
    rows = list(lines)
    base.executemany(f"INSERT INTO {_quote(name)} VALUES ({', '.join('?' * len(columns))})", rows)
    return len(rows)


def _list_text(items: pl.Series) -> str:
    return json.dumps(items.to_list(), ensure_ascii=False)


def _quote(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _affinity(kind: pl.DataType) -> str:
    if kind.is_float():
        return "REAL"
    return "INTEGER" if kind.is_integer() or kind == pl.Boolean else "TEXT"
