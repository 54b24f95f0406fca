"""Which files of records does an input name, and do they have the columns that the work reads?

A pattern (``donnees/defm_*.csv``) names several. Text files and workbooks are read by the door of
``sources`` (encoding, separator, head, lines that are too long are told as everywhere else) and
written once as Parquet, with the columns of the work only, in the folder of the engine; Parquet
files are read where they are. Every engine then reads the same cells.
"""

from __future__ import annotations

import difflib
import glob
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

import polars as pl

from terril.catalogue.works import Work
from terril.lib.problems import Where
from terril.lib.textfile import fingerprint
from terril.sources.context import Context, quoted
from terril.sources.read import FileRead
from terril.sources.tables import Table, Wish, clean_head, read_table
from terril.territories.kinds import fold

PARQUET: Final = (".parquet", ".pq")
#: the column of a file written again that says whether a line holds anything
FILLED: Final = "plein"
_MARKS: Final = "*?[]"  # of a pattern, for Terril and for the engines

#: how the cells of a column are held, for the SQL that reads them; ``clean``: a text without
#: spaces around, null when empty
Held = Literal["text", "clean", "whole", "double", "decimal", "truth", "date", "moment"]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a Parquet file: its name there, and how its cells are held."""

    name: str
    held: Held


@dataclass(frozen=True)
class Batch:
    """Parquet files with the same columns: head asked for by the work → column.

    ``filled``: the column that says whether a line holds anything, "" when all do.
    """

    paths: tuple[Path, ...]
    columns: dict[str, Column]
    filled: str = ""


@dataclass(frozen=True)
class Records:
    """The files of an input, ready to be counted."""

    batches: tuple[Batch, ...]
    files: tuple[FileRead, ...]
    shown: str  # the file, or the pattern, as provenance names it
    sha256: str  # of the file; of the fingerprints in order when there are several


def find_records(ctx: Context, work: Work, folder: Path) -> Records | None:
    """Return the files of the input, ``None`` when one cannot be read; problems to ``ctx.own``.

    ``folder``: where text files are written again as Parquet.
    """
    paths = _paths(ctx)
    wanted = work.columns()
    batches: list[Batch] = []
    files: list[FileRead] = []
    for number, path in enumerate(paths):
        shown = ctx.project.shown(path)
        if path.suffix.lower() in PARQUET:
            found = _parquet(ctx, path, shown, wanted)
        else:
            found = _written(ctx, work, path, shown, folder / f"fiches-{number}")
        if found is not None:
            batches.extend(found[0])
            files.append(found[1])
    if not paths or ctx.own.errors:
        return None
    single = len(files) == 1
    joined = hashlib.sha256("\n".join(file.sha256 for file in files).encode()).hexdigest()
    return Records(
        _together(batches),
        tuple(files),
        files[0].file if single else ctx.shown_file,
        files[0].sha256 if single else joined,
    )


def _paths(ctx: Context) -> tuple[Path, ...]:
    """Return the files that the input names, by name."""
    pattern = str(ctx.spec.file)
    listed = glob.glob(pattern, recursive=True)
    found = tuple(sorted(Path(p) for p in listed if Path(p).is_file()))
    if ctx.spec.file.is_file():
        found = (ctx.spec.file,)
    for path in found:
        if any(mark in str(path) for mark in _MARKS):
            ctx.report(
                "fichier-nom",
                Where(ctx.project.shown(path)),
                "Le nom du fichier, ou de son dossier, contient un signe réservé aux motifs.",
                "un nom sans *, ?, [ ni ].",
                "Renommez-le.",
            )
    if not found:
        several = any(mark in pattern for mark in _MARKS)
        ctx.report(
            "fichier-absent",
            Where(ctx.shown_file),
            "Aucun fichier ne répond à ce motif." if several else "Le fichier n’est pas là.",
            "un fichier CSV, XLSX ou Parquet, ou un motif comme « donnees/licences_*.csv ».",
            "Déposez-le, ou corrigez « fichier » dans terril.toml.",
        )
    return found


# ------------------------------------------------------------------ Parquet


def _parquet(
    ctx: Context, path: Path, shown: str, wanted: Sequence[str]
) -> tuple[list[Batch], FileRead] | None:
    try:
        schema = pl.read_parquet_schema(path)
        rows = pl.scan_parquet(path).select(pl.len()).collect().item()
    except (pl.exceptions.PolarsError, OSError) as error:
        ctx.report(
            "fichier-illisible",
            Where(shown),
            f"Ce n’est pas un fichier Parquet entier ({str(error).splitlines()[0][:120]}).",
            "un fichier Parquet.",
            "Copiez-le de nouveau, ou demandez-le au producteur.",
        )
        return None
    heads = _matched(ctx, Where(shown), list(schema), wanted)
    if heads is None:
        return None
    columns: dict[str, Column] = {}
    for head, name in heads.items():
        held = _held(schema[name])
        twins = [other for other in schema if other.lower() == name.lower() and other != name]
        if twins:
            ctx.report(
                "colonnes-casse",
                Where(shown, column=name),
                f"Les colonnes {quoted([name, *twins])} ne diffèrent que par les capitales.",
                "des noms de colonnes différents.",
                "Renommez-en une.",
            )
            return None
        if held is None:
            ctx.report(
                "colonne-genre",
                Where(shown, column=name),
                f"La colonne est de type « {schema[name]} », qui ne se compare pas.",
                "un texte, un nombre, une date, vrai ou faux.",
                "Aplatissez la colonne avant de l’importer.",
            )
            return None
        columns[head] = Column(name, held)
    read = FileRead(
        ctx.spec.id, shown, fingerprint(path), path.stat().st_size, ctx.spec.reader, "", (),
        rows, False,
    )  # fmt: skip
    return [Batch((path,), columns)], read


def _held(dtype: pl.DataType) -> Held | None:
    """Return how cells of a type are held; ``None`` for lists, structures, bytes."""
    if dtype in (pl.String, pl.Categorical, pl.Enum) or isinstance(dtype, pl.Enum):
        return "text"
    if dtype.is_integer():
        return "whole"
    if dtype.is_float():
        return "double"
    if dtype.is_decimal():
        return "decimal"
    if dtype == pl.Boolean:
        return "truth"
    if dtype == pl.Date:
        return "date"
    # with a time zone, the day depends on where one stands
    local = isinstance(dtype, pl.Datetime) and dtype.time_zone is None
    return "moment" if local else None


# ------------------------------------------------------------------ text files and workbooks


def _written(
    ctx: Context, work: Work, path: Path, shown: str, stem: Path
) -> tuple[list[Batch], FileRead] | None:
    wanted = work.columns()

    def is_head(cells: Sequence[str]) -> bool:
        heads = [clean_head(cell) for cell in cells]
        return len([w for w in wanted if _match(w, heads) is not None]) * 2 >= len(wanted)

    before = len(ctx.own.errors)
    wish = Wish(
        sheet=ctx.spec.sheet,
        head_line=ctx.number("entete"),
        is_head=is_head,
        separator=work.separator,
        expected=f"{', '.join(wanted)}.",
    )
    tables = read_table(path, ctx.own, wish, shown)
    batches: list[Batch] = []
    rows = 0
    for number, table in enumerate(tables):
        heads = _matched(ctx, table.where(table.head_line), table.heads, wanted)
        if heads is None or len(ctx.own.errors) > before:
            continue
        target = stem.with_name(f"{stem.name}-{number}.parquet")
        columns = _rewrite(table, heads, target)
        rows += pl.scan_parquet(target).select(pl.col(FILLED).sum()).collect().item()
        batches.append(Batch((target,), columns, FILLED))
    if not tables or len(ctx.own.errors) > before:
        return None
    first = tables[0]
    read = FileRead(
        ctx.spec.id, shown, first.sha256, first.size, ctx.spec.reader, first.encoding,
        tuple(t.sheet for t in tables if t.sheet), rows, False,
    )  # fmt: skip
    return batches, read


def _rewrite(table: Table, heads: dict[str, str], target: Path) -> dict[str, Column]:
    """Write the columns of the work, as texts, and which lines are not blank all over.

    Blank lines are marked and not dropped: polars would gather a filtered file in memory.
    """
    columns = {head: Column(f"c{n}", "clean") for n, head in enumerate(heads)}
    texts = [
        pl.when(pl.col(name).str.strip_chars() != "")
        .then(pl.col(name).str.strip_chars())
        .alias(columns[head].name)
        for head, name in heads.items()
    ]
    filled = pl.any_horizontal(pl.col(head).is_not_null() for head in table.heads if head)
    table.rows.select(*texts, filled.alias(FILLED)).sink_parquet(target)
    return columns


# ------------------------------------------------------------------ columns


def _match(wanted: str, heads: Iterable[str]) -> str | None:
    """Return the head that is ``wanted``, or the only one of the same letters."""
    listed = list(heads)
    if wanted in listed:
        return wanted
    alike = [head for head in listed if head and fold(head) == fold(wanted)]
    return alike[0] if len(alike) == 1 else None


def _matched(
    ctx: Context, where: Where, heads: Sequence[str], wanted: Sequence[str]
) -> dict[str, str] | None:
    """Return column of the work → head of the file, or ``None`` and what is absent."""
    found = {name: _match(name, heads) for name in wanted}
    absent = [name for name, head in found.items() if head is None]
    for name in absent:
        near = difflib.get_close_matches(name, [h for h in heads if h], 2, 0.6)
        ctx.report(
            "colonne-absente",
            where,
            f"La colonne « {name} » manque. Colonnes lues : {quoted(filter(None, heads))}.",
            "les colonnes que cite la carte du travail.",
            f"S’agit-il de {quoted(near)} ? Corrigez la carte." if near else "Corrigez la carte.",
        )
    return None if absent else {name: head for name, head in found.items() if head is not None}


def _together(batches: Sequence[Batch]) -> tuple[Batch, ...]:
    """Put together the files whose columns are alike, in the order they came."""
    groups: dict[tuple[str, tuple[tuple[str, Column], ...]], list[Path]] = {}
    for batch in batches:
        alike = batch.filled, tuple(sorted(batch.columns.items()))
        groups.setdefault(alike, []).extend(batch.paths)
    return tuple(
        Batch(tuple(paths), dict(columns), filled) for (filled, columns), paths in groups.items()
    )
