"""What do the files of a timetable (GTFS) hold, from an archive or a folder?

Required and optional files, columns that may be absent, a mark at the head of a file, spaces in
heads: everything becomes frames of texts that keep their line. What refers to nothing is counted
and left out.
"""

from __future__ import annotations

import shutil
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import polars as pl

from terril.lib.french import compte, liste
from terril.lib.problems import ProblemList, Severity, Where
from terril.sources.context import Context
from terril.sources.tables import Table, Wish, clean_head, read_table
from terril.sources.textual import LINE

#: file → its columns: those it cannot do without, then those that may be absent
FILES: Final[dict[str, tuple[tuple[str, ...], tuple[str, ...]]]] = {
    "stops.txt": (
        ("stop_id",),
        ("stop_name", "stop_lat", "stop_lon", "location_type", "parent_station"),
    ),
    "routes.txt": (
        ("route_id", "route_type"),
        ("route_short_name", "route_long_name", "agency_id"),
    ),
    "trips.txt": (("route_id", "service_id", "trip_id"), ("direction_id",)),
    "stop_times.txt": (
        ("trip_id", "stop_id", "stop_sequence"),
        ("arrival_time", "departure_time", "pickup_type"),
    ),
    "calendar.txt": (
        (
            "service_id", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday",
            "sunday", "start_date", "end_date",
        ),
        (),
    ),
    "calendar_dates.txt": (("service_id", "date", "exception_type"), ()),
    "frequencies.txt": (("trip_id", "start_time", "end_time", "headway_secs"), ()),
}  # fmt: skip
REQUIRED: Final = ("stops.txt", "routes.txt", "trips.txt", "stop_times.txt")
CALENDARS: Final = ("calendar.txt", "calendar_dates.txt")


@contextmanager
def opened(path: Path, ctx: Context) -> Iterator[dict[str, Path]]:
    """Give name → path of the files of a feed; an archive is unpacked for the time of reading.

    Empty, with an error, when there is nothing to read.
    """
    if path.is_dir():
        yield {name: path / name for name in FILES if (path / name).is_file()}
        return
    if not path.is_file():
        ctx.report(
            "fichier-absent",
            Where(ctx.shown_file),
            "Le fichier n’est pas là.",
            "une archive GTFS (.zip), ou le dossier de ses fichiers.",
            "Téléchargez-la sur transport.data.gouv.fr, ou corrigez « fichier » dans terril.toml.",
        )
        yield {}
        return
    with tempfile.TemporaryDirectory(prefix="terril-") as folder:
        yield _unpacked(path, Path(folder), ctx)


def _unpacked(path: Path, folder: Path, ctx: Context) -> dict[str, Path]:
    """Take the known files of an archive out; others, and their folders, are left."""
    found: dict[str, Path] = {}
    try:
        with zipfile.ZipFile(path) as archive:
            for member in archive.infolist():
                name = member.filename.rpartition("/")[2].lower()
                if name in FILES and name not in found and not member.is_dir():
                    target = folder / name
                    with archive.open(member) as source, target.open("wb") as out:
                        shutil.copyfileobj(source, out)
                    found[name] = target
    except (zipfile.BadZipFile, OSError, EOFError, RuntimeError) as error:
        ctx.report(
            "archive-illisible",
            Where(ctx.shown_file),
            f"L’archive ne peut pas être ouverte ({str(error)[:80]}).",
            "une archive .zip entière et sans mot de passe.",
            "Téléchargez-la de nouveau.",
        )
        return {}
    return found


def read_files(found: dict[str, Path], ctx: Context) -> dict[str, Table]:
    """Return the tables of a feed, heads checked; empty when something required lacks."""
    missing = [name for name in REQUIRED if name not in found]
    if not any(name in found for name in CALENDARS):
        missing.append(" ou ".join(CALENDARS))
    if missing:
        ctx.report(
            "gtfs-fichier-absent",
            Where(ctx.shown_file),
            f"Il manque {liste(missing)}.",
            "un jeu d’horaires GTFS complet.",
            "Vérifiez que c’est bien une archive GTFS, ou demandez-la de nouveau au réseau.",
        )
        return {}
    tables: dict[str, Table] = {}
    for name in FILES:
        if name in found:
            table = _read(name, found[name], ctx)
            if table is None and (name in REQUIRED or not _can_do_without(name, tables, found)):
                if not ctx.own.errors:
                    ctx.report(
                        "fichier-vide",
                        Where(f"{ctx.shown_file}/{name}"),
                        "Le fichier est vide.",
                        "les jours où les courses circulent.",
                        "Demandez au réseau un jeu d’horaires complet.",
                    )
                return {}
            if table is not None:
                tables[name] = table
    return tables


def _can_do_without(name: str, tables: dict[str, Table], found: dict[str, Path]) -> bool:
    """An empty calendar is usual beside a full calendar_dates, and the reverse."""
    others = [other for other in CALENDARS if other != name and (other in tables or other in found)]
    return name not in CALENDARS or bool(others)


def _read(name: str, path: Path, ctx: Context) -> Table | None:
    needed, _ = FILES[name]

    def is_head(cells: Sequence[str]) -> bool:
        return len({clean_head(c).lower() for c in cells} & set(needed)) >= min(2, len(needed))

    notes = ProblemList()
    wish = Wish(is_head=is_head, separator=",", expected=", ".join(needed) + ".")
    tables = read_table(path, notes, wish, f"{ctx.shown_file}/{name}")
    harmless = {"fichier-vide"} if name not in REQUIRED else set()
    for problem in notes:
        if problem.code not in harmless:
            ctx.own.add(problem)
    if not tables:
        return None
    table = tables[0]
    heads = {head.lower() for head in table.heads}
    missing = [column for column in needed if column not in heads]
    if missing:
        ctx.report(
            "colonne-absente",
            table.where(table.head_line),
            f"Colonnes absentes : {', '.join(missing)}.",
            ", ".join(needed) + ".",
            "Demandez au réseau un jeu d’horaires conforme.",
        )
        return None
    return table


def columns(name: str, table: Table) -> pl.LazyFrame:
    """Return the known columns of a file as texts without spaces around, and their line.

    A column that the file has not is empty.
    """
    heads = {head.lower(): head for head in reversed(table.heads) if head}
    needed, optional = FILES[name]
    return table.rows.select(
        *[
            pl.col(heads[column]).fill_null("").str.strip_chars().alias(column)
            if column in heads
            else pl.lit("").alias(column)
            for column in (*needed, *optional)
        ],
        pl.col(LINE).cast(pl.Int32).alias("line"),
    )


def without_doubles(frame: pl.DataFrame, key: str, table: Table, ctx: Context) -> pl.DataFrame:
    """Keep the first row of each id; the others, and rows without id, are told."""
    known = frame.filter(pl.col(key) != "")
    kept = known.unique(key, keep="first", maintain_order=True)
    lost = frame.height - kept.height
    if lost:
        doubled = known.filter(pl.col(key).is_duplicated() & ~pl.col(key).is_first_distinct())
        line = doubled["line"].first() if doubled.height else None
        ctx.report(
            "gtfs-identifiant",
            table.where(line if isinstance(line, int) else None, key),
            f"{compte(lost, 'ligne sans identifiant propre', 'lignes sans identifiant propre')} : "
            "vide, ou déjà pris.",
            f"un « {key} » par ligne.",
            "La première ligne de chaque identifiant est gardée.",
            Severity.WARNING,
        )
    return kept


def with_known(
    frame: pl.DataFrame, key: str, known: pl.Series, table: Table, ctx: Context, target: str
) -> pl.DataFrame:
    """Leave out the rows whose ``key`` is not among ``known``, and tell them."""
    right = frame[key].is_in(known.to_list() if known.len() < 2 else known.unique().implode())
    lost = frame.filter(~right)
    if not lost.is_empty():
        tell_broken(lost.height, lost[key][0], lost["line"][0], key, table, ctx, target)
    return frame.filter(right)


def tell_broken(
    count: int, example: str, line: int, key: str, table: Table, ctx: Context, target: str
) -> None:
    """Tell the rows that refer to something that is not there."""
    ctx.report(
        "gtfs-renvoi",
        table.where(line, key),
        f"{compte(count, 'ligne renvoie', 'lignes renvoient')} à ce qui n’est pas dans {target} "
        f"(par exemple « {example} »).",
        f"un « {key} » de {target}.",
        "Ces lignes sont laissées de côté ; signalez-le au réseau.",
        Severity.WARNING,
    )
