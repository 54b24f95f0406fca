"""How are counts run on a cluster of machines, when the files are a region's or the nation's?

Spark (``pip install terril[grappe]``, Java 17 or later): the same queries as DuckDB, sent to a
cluster (« spark://machine:7077 ») or to the cores of this machine (« local[4] »). Only SQL is
sent: the workers need neither Python nor Terril. Files and folder must be at the same path on
every machine.
"""

from __future__ import annotations

import os
import re
import shutil
import socket
import tempfile
import warnings
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from types import TracebackType
from typing import Any, Final

import polars as pl

from terril.lib.problems import Problem, ProblemList, Where
from terril.places.engines.base import quoted

#: so that one text of query means on Spark what it means on DuckDB
_MEANING: Final = {
    "spark.sql.ansi.enabled": "true",
    "spark.sql.ansi.doubleQuotedIdentifiers": "true",
    "spark.sql.parser.escapedStringLiterals": "true",  # no escape inside a text
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.legacy.parquet.nanosAsLong": "true",
    "spark.sql.caseSensitive": "true",
}
#: bytes above which Java does not compile a method: Spark then cuts its code in smaller ones
_COMPILED: Final = 8000
#: for tables of cells: sent whole to each worker below this size (bytes)
_SENT_WHOLE: Final = 64 << 20
#: types of the tables that are given, as Spark writes them
_KINDS: Final[dict[Any, str]] = {
    pl.Int8: "TINYINT",
    pl.Int32: "INT",
    pl.Int64: "BIGINT",
    pl.Float64: "DOUBLE",
    pl.String: "STRING",
}
_JAVA: Final = "spark.driver.extraJavaOptions"
_KNOCK: Final = 10.0  # seconds for the master of a cluster to answer
_PIECES: Final = 3  # of a shuffle, by core
_LOOPBACK: Final = re.compile(r"^(local\b.*|spark://(127\.[\d.]+|localhost)(:\d+)?)$")

_LOG: Final = """\
rootLogger.level = error
rootLogger.appenderRef.stderr.ref = console
appender.console.type = Console
appender.console.name = console
appender.console.target = SYSTEM_ERR
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = %c: %m%n
"""


class SparkEngine:
    """Spark on ``master``. ``settings``: further Spark settings (memory, cores, ports…)."""

    name = "Spark"

    def __init__(
        self,
        master: str,
        *,
        folder: Path | None = None,
        settings: dict[str, str] | None = None,
        watched: bool = False,
    ) -> None:
        """``folder``: seen by all the machines, by default temporary when all are this one.

        ``watched``: keep the web page of the run, which says what each worker did. Raises
        ``ProblemsError`` when Spark or Java is not installed, when the cluster does not answer,
        or when it is remote and no folder is given.
        """
        local = _LOOPBACK.match(master) is not None
        if folder is None and not local:
            _refuse(
                "grappe-dossier",
                f"La grappe « {master} » est sur d’autres machines, qui ne voient pas les "
                "dossiers temporaires de celle-ci.",
                "un dossier partagé, au même chemin sur toutes les machines.",
                "Ajoutez --echange DOSSIER.",
            )
        builder = _builder()
        _reach(master)
        self.folder = Path(tempfile.mkdtemp(prefix="terril-", dir=folder))
        if not local:  # the workers run as somebody else: they read and write here
            self.folder.chmod(0o777)
        self._made = 0
        self._kept: dict[str, Path] = {}
        (self.folder / "log4j2.properties").write_text(_LOG, encoding="utf-8")
        log = f"-Dlog4j2.configurationFile=file:{self.folder / 'log4j2.properties'}"
        options = {
            **_MEANING,
            "spark.app.name": "terril",
            "spark.ui.enabled": str(watched).lower(),
            "spark.ui.showConsoleProgress": "false",
            "spark.sql.autoBroadcastJoinThreshold": str(_SENT_WHOLE),
            "spark.sql.codegen.hugeMethodLimit": str(_COMPILED),
            "spark.sql.warehouse.dir": str(self.folder / "warehouse"),
            **({"spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1"} if local
               else {}),
            **(settings or {}),
        }  # fmt: skip
        options[_JAVA] = f"{log} {(settings or {}).get(_JAVA, '')}".strip()
        for key, value in options.items():
            builder = builder.config(key, value)
        try:
            self.session: Any = builder.master(master).getOrCreate()
        except Exception as error:
            shutil.rmtree(self.folder, ignore_errors=True)
            _silent(master, str(error).splitlines()[0][:160])

    def read(self, table: str, paths: Sequence[Path]) -> None:
        """Name a table over Parquet files of the same columns."""
        frame = self.session.read.parquet(*(path.resolve().as_uri() for path in paths))
        for name, dtype in pl.read_parquet_schema(paths[0]).items() if paths[0].is_file() else ():
            if dtype == pl.Datetime("ns"):  # Spark has no such moment: it gives the number
                column = quoted(name)
                moment = f"CAST(timestamp_micros({column} DIV 1000) AS TIMESTAMP_NTZ)"
                frame = frame.selectExpr("*", f"{moment} AS _moment").drop(name)
                frame = frame.withColumnRenamed("_moment", name)
        frame.createOrReplaceTempView(table)

    def give(self, table: str, frame: pl.DataFrame) -> None:
        """Name a table that holds ``frame``."""
        path = self._path()
        frame.write_parquet(path)
        self._kept[table] = path
        kinds = [_KINDS.get(dtype) for dtype in frame.dtypes]
        if None in kinds:
            self.read(table, [path])
        else:
            schema = ", ".join(f"`{n}` {k}" for n, k in zip(frame.columns, kinds, strict=True))
            self._known(table, path, schema)

    def view(self, table: str, query: str) -> None:
        """Name a query; it runs each time the name is used."""
        self._sql(f"CREATE OR REPLACE TEMP VIEW {quoted(table)} AS {query}")

    def keep(self, table: str, query: str) -> None:
        """Run a query once and name its result, which may be larger than memory."""
        path = self._path()
        schema = self._written(query, path)
        self._kept[table] = path
        self._known(table, path, schema)

    def rows(self, query: str) -> pl.DataFrame:
        """Run a query and return its rows, in no order."""
        path = self._path()
        self._written(query, path)
        frame = pl.read_parquet(sorted(path.glob("*.parquet")), memory_map=False)
        shutil.rmtree(path)
        return frame

    def drop(self, *tables: str) -> None:
        """Forget tables and views, and free what they hold."""
        for table in tables:
            self.session.catalog.dropTempView(table)
            path = self._kept.pop(table, None)
            if path is not None:
                shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)

    def close(self) -> None:
        """Stop, and remove all that was made."""
        self.session.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _sql(self, query: str) -> Any:
        """Return a query, cut in pieces that suit the cores that have joined the cluster."""
        cores = self.session.sparkContext.defaultParallelism
        self.session.conf.set("spark.sql.shuffle.partitions", str(_PIECES * max(2, cores)))
        return self.session.sql(query)

    def _known(self, table: str, path: Path, schema: Any) -> None:
        """Name a table whose columns are known: Spark has not to open the files for them."""
        self.session.read.schema(schema).parquet(path.as_uri()).createOrReplaceTempView(table)

    def _written(self, query: str, path: Path) -> Any:
        """Run a query on the cluster, return its schema; what stops it is told as a problem."""
        stopped = import_module("py4j.protocol").Py4JError
        plan = self._sql(query)
        try:
            plan.write.parquet(path.as_uri())
        except stopped as error:
            cause = next((line for line in str(error).splitlines() if ": " in line), "")
            _refuse(
                "grappe-arretee",
                f"La grappe n’a pas pu finir ({cause.strip()[:200]}).",
                "des machines en marche, qui voient les fichiers et le dossier d’échange.",
                "Voyez la page de la grappe, ou comptez sans « --grappe ».",
            )
        return plan.schema

    def _path(self) -> Path:
        self._made += 1
        return self.folder / f"passage-{self._made}.parquet"

    def __enter__(self) -> SparkEngine:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def _builder() -> Any:
    """Return the builder of a session; what is not installed is told."""
    warnings.filterwarnings("ignore", message=".*support pandas.*")  # which is not used here
    try:
        session: Any = import_module("pyspark.sql").SparkSession
    except ImportError:
        _refuse(
            "grappe-absente",
            "Spark n’est pas installé.",
            "le complément « grappe ».",
            "Installez-le avec « pip install terril[grappe] », ou comptez sans « --grappe ».",
        )
    home = os.environ.get("JAVA_HOME")
    if not (home and Path(home, "bin", "java").exists()) and shutil.which("java") is None:
        _refuse(
            "java-absent",
            "Java n’est pas installé : Spark ne peut pas démarrer.",
            "Java 17 ou plus récent.",
            "Installez-le (Debian : default-jre-headless), ou comptez sans « --grappe ».",
        )
    return session.builder


def _reach(master: str) -> None:
    """Knock at the door of a cluster: Spark would take a minute to say that nobody opens."""
    doors = [door.rpartition(":") for door in master.removeprefix("spark://").split(",")]
    if not master.startswith("spark://") or not all(port.isdigit() for _, _, port in doors):
        return
    reasons = []
    for host, _, port in doors:
        try:
            socket.create_connection((host, int(port)), timeout=_KNOCK).close()
        except OSError as error:
            reasons.append(error.strerror or str(error))
        else:
            return
    _silent(master, reasons[0])


def _silent(master: str, reason: str) -> None:
    _refuse(
        "grappe-muette",
        f"La grappe « {master} » ne répond pas ({reason}).",
        "une adresse comme spark://machine:7077, et Java 17 ou plus récent.",
        "Vérifiez que la grappe est démarrée, ou comptez sans « --grappe ».",
    )


def _refuse(code: str, what: str, expected: str, remedy: str) -> None:
    problems = ProblemList()
    problems.add(Problem(code, Where(), what, expected, remedy))
    problems.raise_errors()
