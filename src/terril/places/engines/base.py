"""What must an engine be able to do, for the same counts to run on it?

The queries are one text (``places/microdata_sql.py``) for every engine. An engine reads Parquet
files as tables, names queries, keeps the result of one, and gives the rows of another. Tables go
in and come out through Parquet files of its ``folder``, which every machine of a cluster must
see.

What the text uses means the same on every engine: ``+ − ×`` and comparisons of doubles (IEEE 754,
never fused), ``floor``, ``TRY_CAST``, ``regexp_like``, ``CASE``, sums of ``DECIMAL(19, 0)`` and of
``BIGINT``; identifiers between double quotes, texts between single ones without escape (a single
quote is ``CHR(39)``). Sums are of whole numbers: the order in which rows are met does not matter.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Protocol

import polars as pl


class Engine(Protocol):
    """Runs the queries of a count. Used in a ``with``: what it made is removed at the end."""

    name: str  # « DuckDB », « Spark », for people
    folder: Path  # where tables pass, seen by all the machines

    def read(self, table: str, paths: Sequence[Path]) -> None:
        """Name a table over Parquet files of the same columns."""

    def give(self, table: str, frame: pl.DataFrame) -> None:
        """Name a table that holds ``frame``."""

    def view(self, table: str, query: str) -> None:
        """Name a query; it runs each time the name is used."""

    def keep(self, table: str, query: str) -> None:
        """Run a query once and name its result, which may be larger than memory."""

    def rows(self, query: str) -> pl.DataFrame:
        """Run a query and return its rows, in no order."""

    def drop(self, *tables: str) -> None:
        """Forget tables and views, and free what they hold."""

    def close(self) -> None:
        """Stop, and remove all that was made."""

    def __enter__(self) -> Engine: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...


def quoted(name: str) -> str:
    """Return a name as an identifier, the same on every engine."""
    return '"' + name.replace('"', '""') + '"'


def text(value: object) -> str:
    """Return a text as a literal, the same on every engine."""
    parts = [f"'{part}'" for part in str(value).split("'")]
    return parts[0] if len(parts) == 1 else f"CONCAT({', CHR(39), '.join(parts)})"
