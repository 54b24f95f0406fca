"""How are counts run in this very process, on files larger than memory?

DuckDB streams the files over all cores and keeps within ``memory``; what does not fit goes to
its folder on disk. Nothing to install nor to start.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Final

import duckdb
import polars as pl

from terril.lib.problems import Problem, ProblemList, ProblemsError, Where
from terril.places.engines.base import quoted

#: memory of the queries by default: fits a laptop, the rest goes to disk
MEMORY: Final = "2GB"


#: functions of the text of the queries that have another name here
_MACROS: Final = ("regexp_like(cell, pattern) AS regexp_matches(cell, pattern)",)


class DuckdbEngine:
    """DuckDB in process. ``memory``: « 2GB »; ``threads``: all the cores by default."""

    name = "DuckDB"

    def __init__(
        self, *, memory: str = MEMORY, threads: int | None = None, folder: Path | None = None
    ) -> None:
        """``folder``: where temporary files go, by default that of the system."""
        self.folder = Path(tempfile.mkdtemp(prefix="terril-", dir=folder))
        self._made = 0
        try:
            self.connection = duckdb.connect(str(self.folder / "terril.duckdb"))
            for setting, value in (
                ("memory_limit", memory),
                ("temp_directory", str(self.folder / "spill")),
                ("preserve_insertion_order", "false"),
                *((("threads", str(threads)),) if threads else ()),
            ):
                self.connection.execute(f"SET {setting} = {_literal(value)}")
            for macro in _MACROS:
                self.connection.execute(f"CREATE MACRO {macro}")
        except BaseException:
            shutil.rmtree(self.folder, ignore_errors=True)
            raise

    def read(self, table: str, paths: Sequence[Path]) -> None:
        """Name a table over Parquet files of the same columns."""
        files = ", ".join(_literal(path) for path in paths)
        # statistics leave « not a number » out: without the option DuckDB takes it for a number
        options = "can_have_nan = true, hive_partitioning = false"
        self.view(table, f"SELECT * FROM read_parquet([{files}], {options})")

    def give(self, table: str, frame: pl.DataFrame) -> None:
        """Name a table that holds ``frame``."""
        path = self._path()
        frame.write_parquet(path)
        self.keep(table, f"SELECT * FROM read_parquet({_literal(path)})")
        path.unlink()

    def view(self, table: str, query: str) -> None:
        """Name a query; it runs each time the name is used."""
        self._execute(f"CREATE OR REPLACE VIEW {quoted(table)} AS {query}")

    def keep(self, table: str, query: str) -> None:
        """Run a query once and name its result, which may be larger than memory."""
        self._execute(f"CREATE OR REPLACE TABLE {quoted(table)} AS {query}")

    def rows(self, query: str) -> pl.DataFrame:
        """Run a query and return its rows, in no order."""
        path = self._path()
        self._execute(f"COPY ({query}) TO {_literal(path)} (FORMAT parquet)")
        frame = pl.read_parquet(path, memory_map=False)
        path.unlink()
        return frame

    def drop(self, *tables: str) -> None:
        """Forget tables and views, and free what they hold."""
        listed = self._execute("SELECT table_name, table_type FROM information_schema.tables")
        kinds = dict(listed.fetchall())
        for table in tables:
            if table in kinds:
                kind = "VIEW" if kinds[table] == "VIEW" else "TABLE"
                self._execute(f"DROP {kind} {quoted(table)}")

    def close(self) -> None:
        """Stop, and remove all that was made."""
        self.connection.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _execute(self, query: str) -> duckdb.DuckDBPyConnection:
        """Run a query; memory or disk that lacks is told as a problem."""
        try:
            return self.connection.execute(query)
        except (duckdb.OutOfMemoryException, duckdb.IOException) as error:
            memory = isinstance(error, duckdb.OutOfMemoryException)
            problems = ProblemList()
            problems.add(
                Problem(
                    "memoire-insuffisante" if memory else "disque",
                    Where(),
                    "Le comptage manque de mémoire."
                    if memory
                    else "Le comptage ne peut pas lire "
                    f"ou écrire sur le disque ({str(error).splitlines()[0][:160]}).",
                    "de la mémoire, et de la place pour ce qui n’y tient pas.",
                    "Augmentez --memoire, ou donnez avec --echange un dossier d’un disque plus "
                    "grand.",
                )
            )
            raise ProblemsError(problems) from error

    def _path(self) -> Path:
        self._made += 1
        return self.folder / f"passage-{self._made}.parquet"

    def __enter__(self) -> DuckdbEngine:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def _literal(value: object) -> str:
    return "'" + str(value).replace("'", "''") + "'"
