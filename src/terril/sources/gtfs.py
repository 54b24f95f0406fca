"""Which stops and which lines has a network of public transport, and when do vehicles call?

A timetable (GTFS, archive or folder), or a file of stations, declared in ``[[dessertes]]``. Stops
that are one for residents (two sides of a street, platforms of a station) make one place. Of a
file of stations the timetable is not known: no passage is made up.
"""

from __future__ import annotations

import datetime as dt
import difflib
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import polars as pl

from terril.catalogue.cards import Catalogue
from terril.lib.french import compte
from terril.lib.problems import ProblemList, Severity, Where
from terril.lib.textfile import fingerprint
from terril.sources import points_table
from terril.sources.context import Context, quoted
from terril.sources.gtfs_calendar import choose_day, services_by_date
from terril.sources.gtfs_files import columns, opened, read_files, with_known, without_doubles
from terril.sources.gtfs_passages import PASSAGES, read_passages
from terril.sources.gtfs_stops import STOPS, read_stops
from terril.sources.points_frame import Ground, ground_of, vintage_of
from terril.sources.project import InputSpec, Project
from terril.sources.tables import Table
from terril.territories.geometry_points import Extent
from terril.territories.kinds import fold
from terril.territories.registry import Territories, read_territories

Schema = dict[str, pl.DataType | type[pl.DataType]]

LINES: Final[Schema] = {
    "route": pl.String,
    "line": pl.String,  # routes of one short name are one line
    "line_label": pl.String,  # « 12 », as it is written on the vehicle
    "line_name": pl.String,  # where it goes
    "mode": pl.String,  # code of a mode card
}
GTFS, STATIONS = "gtfs", "gares"
_OPTIONS: Final = {
    GTFS: ("jour", "bhns", "lignes_exclues", "millesime"),
    STATIONS: tuple(
        name for name in points_table.OPTIONS if name not in ("type", "correspondance")
    ),
}
_LABELS: Final = {GTFS: "horaires GTFS", STATIONS: "liste de gares"}
_SOURCES: Final = {GTFS: "horaires_transport", STATIONS: "gares_sncf"}


@dataclass(frozen=True)
class Network:
    """One network as its file tells it. ``day`` is ``None`` for a file of stations.

    ``passages``: of the stops in the box of the project only.
    """

    document: str
    reader: str
    stops: pl.DataFrame  # STOPS
    lines: pl.DataFrame  # LINES
    passages: pl.DataFrame  # PASSAGES
    day: dt.date | None
    reason: str  # French: why that day
    crs: int
    source: str
    priority: int
    file: str
    sha256: str
    vintage: str = ""  # of the file, when it is told


def read_networks(
    project: Project,
    catalogue: Catalogue,
    problems: ProblemList,
    *,
    territories: Territories | None = None,
    extent: Extent | None = None,
) -> tuple[Network | None, ...]:
    """Read every file of ``[[dessertes]]``, in order; ``None`` in the place of a refused one.

    ``extent``: the box of the outlines, wider by the largest distance a stop serves at.
    """
    known = territories or read_territories(project.territories_file, ProblemList())
    return tuple(
        read_network(spec, project, catalogue, problems, territories=known, extent=extent)
        for spec in project.networks
    )


def read_network(
    spec: InputSpec,
    project: Project,
    catalogue: Catalogue,
    problems: ProblemList,
    *,
    territories: Territories | None = None,
    extent: Extent | None = None,
) -> Network | None:
    """Read one network; ``None``, with errors in ``problems``, when it is refused."""
    known = territories or read_territories(project.territories_file, ProblemList())
    ctx = Context(project, spec, known, catalogue)
    ground = ground_of(project, known, extent)
    network = None
    if spec.reader not in _OPTIONS:
        near = difflib.get_close_matches(spec.reader, _OPTIONS, 1)
        ctx.declaration(
            "lecteur-inconnu",
            f"le lecteur « {spec.reader} » n’existe pas pour une desserte.",
            ", ".join(f"{code} ({label})" for code, label in _LABELS.items()) + ".",
            f"Écrivez « {near[0]} »." if near else "",
            key="lecteur",
        )
    else:
        ctx.check_options(_OPTIONS[spec.reader])
        if spec.source and spec.source not in catalogue.sources:
            ctx.declaration(
                "source-inconnue",
                f"la source « {spec.source} » n’est pas au catalogue.",
                ", ".join(sorted(catalogue.sources)) + ".",
                key="source",
            )
        if not ctx.own.errors:
            network = _timetable(ctx, ground) if spec.reader == GTFS else _stations(ctx, ground)
    ctx.summarise()
    problems.extend(ctx.own)
    return None if ctx.own.errors else network


def _network(ctx: Context, ground: Ground, **parts: Any) -> Network:
    spec = ctx.spec
    empty: dict[str, Any] = {
        "stops": pl.DataFrame(schema=STOPS),
        "lines": pl.DataFrame(schema=LINES),
        "passages": pl.DataFrame(schema=PASSAGES),
        "day": None,
        "reason": "",
    }
    return Network(
        document=spec.id,
        reader=spec.reader,
        crs=ground.crs,
        source=spec.source or _SOURCES[spec.reader],
        priority=spec.priority,
        file=ctx.shown_file,
        vintage=vintage_of(ctx),
        **{**empty, **parts},
    )


# ------------------------------------------------------------------ timetables


def _timetable(ctx: Context, ground: Ground) -> Network | None:
    with opened(ctx.spec.file, ctx) as found:
        tables = read_files(found, ctx) if found else {}
        if not tables:
            if not ctx.own.errors:
                read_files({}, ctx)  # a folder without any of the files
            return None
        stops = read_stops(tables["stops.txt"], ctx, ground)
        routes = without_doubles(
            columns("routes.txt", tables["routes.txt"]).collect(), "route_id",
            tables["routes.txt"], ctx,
        )  # fmt: skip
        lines = _lines(routes, tables["routes.txt"], ctx)
        trips = _trips(tables, lines["route"], ctx)
        running = services_by_date(tables, ctx)
        _tell_services(trips, running, tables["trips.txt"], ctx)
        loads = dict(trips.group_by("service_id").len().rows())
        day = choose_day(running, loads, ctx)
        if day is None:
            return None
        near = stops.filter(pl.col("x").is_not_null())
        if ground.extent is not None:
            here = ground.extent.holds(near["x"].to_numpy(), near["y"].to_numpy())
            near = near.filter(pl.Series(here))
        passages = read_passages(
            tables, trips, stops.select("stop", "place"), near["stop"], day, ctx
        )
    ctx.report(
        "gtfs-lu",
        Where(ctx.shown_file),
        f"{compte(stops['place'].n_unique(), 'arrêt', 'arrêts')}, "
        f"{compte(lines['line'].n_unique(), 'ligne', 'lignes')}. {day.reason}",
        severity=Severity.NOTE,
    )
    _tell_far(stops, near, ctx, ground)
    return _network(
        ctx,
        ground,
        stops=stops,
        lines=lines,
        passages=passages,
        day=day.date,
        reason=day.reason,
        sha256=_digest(ctx.spec.file),
    )


def _digest(path: Path) -> str:
    """Return the fingerprint of an archive, or that of the files of a folder together."""
    if path.is_file():
        return fingerprint(path)
    digest = hashlib.sha256()
    for file in sorted(path.glob("*.txt")):
        digest.update(f"{file.name} {fingerprint(file)}\n".encode())
    return digest.hexdigest()


def _tell_far(stops: pl.DataFrame, near: pl.DataFrame, ctx: Context, ground: Ground) -> None:
    if ground.extent is not None and stops.height and near.is_empty():
        ctx.report(
            "gtfs-ailleurs",
            Where(ctx.shown_file),
            "Aucun arrêt de ce réseau n’est dans les quartiers du projet ni à leurs abords.",
            "un réseau qui dessert le territoire.",
            "Vérifiez que c’est le bon réseau.",
            Severity.WARNING,
        )


def _lines(routes: pl.DataFrame, table: Table, ctx: Context) -> pl.DataFrame:
    """Return the routes as lines (columns of ``LINES``), with the mode of each."""
    modes = ctx.catalogue.modes
    kinds = {
        text: next(
            (code for code, card in modes.items() if text.isdigit() and card.holds(int(text))), ""
        )
        for text in routes["route_type"].unique()
    }
    unknown = routes.filter(
        pl.col("route_type").replace_strict(kinds, return_dtype=pl.String) == ""
    )
    if not unknown.is_empty():
        ctx.report(
            "gtfs-mode",
            table.where(unknown["line"][0], "route_type"),
            f"{compte(unknown.height, 'ligne est', 'lignes sont')} d’un type inconnu (par exemple "
            f"« {unknown['route_type'][0]} ») : sans effet sur la desserte.",
            "un type de vocabularies/modes.yaml.",
            "Ajoutez le type à une carte de mode du projet.",
            Severity.WARNING,
        )
    name = pl.coalesce(
        *[pl.when(pl.col(c) != "").then(c) for c in ("route_short_name", "route_long_name")],
        pl.col("route_id"),
    )
    frame = routes.with_columns(
        pl.col("route_id").alias("route"),
        name.alias("line_label"),
        pl.col("route_long_name").alias("line_name"),
        pl.col("route_type").replace_strict(kinds, return_dtype=pl.String).alias("mode"),
    ).filter(pl.col("mode") != "")
    frame = frame.filter(~_named(frame, "lignes_exclues", ctx))
    frame = frame.with_columns(
        pl.when(_named(frame, "bhns", ctx)).then(pl.lit("bhns")).otherwise("mode").alias("mode")
    )
    return frame.with_columns(
        pl.col("route").first().over("agency_id", "line_label", "mode").alias("line")
    ).select(pl.col(column).cast(dtype) for column, dtype in LINES.items())


def _named(frame: pl.DataFrame, option: str, ctx: Context) -> pl.Series:
    """Return which lines an option names, by short name: « B1 | B2 »."""
    wanted = [part.strip() for part in ctx.option(option).split("|") if part.strip()]
    labels = frame["line_label"].to_list()
    known = {fold(label) for label in labels}
    for name in wanted:
        if fold(name) not in known:
            near = difflib.get_close_matches(name, sorted(set(labels)), 3, 0.5)
            ctx.declaration(
                "gtfs-ligne",
                f"« {name} » ({option}) n’est pas une ligne de ce réseau.",
                "des noms courts de lignes, séparés par « | ».",
                f"S’agit-il de {quoted(near)} ?" if near else "",
                key=option,
            )
    asked = {fold(name) for name in wanted}
    return pl.Series([fold(label) in asked for label in labels], dtype=pl.Boolean)


def _trips(tables: Mapping[str, Table], routes: pl.Series, ctx: Context) -> pl.DataFrame:
    table = tables["trips.txt"]
    rows = without_doubles(columns("trips.txt", table).collect(), "trip_id", table, ctx)
    every = columns("routes.txt", tables["routes.txt"]).select("route_id").collect().to_series()
    rows = with_known(rows, "route_id", every, table, ctx, "routes.txt")
    return rows.filter(pl.col("route_id").is_in(routes.implode()))


def _tell_services(
    trips: pl.DataFrame, running: Mapping[dt.date, set[str]], table: Table, ctx: Context
) -> None:
    known = set().union(*running.values()) if running else set()
    lost = trips.filter(~pl.col("service_id").is_in(list(known)))
    if not lost.is_empty():
        ctx.report(
            "gtfs-renvoi",
            table.where(lost["line"][0], "service_id"),
            f"{compte(lost.height, 'course n’a', 'courses n’ont')} aucun jour de circulation (par "
            f"exemple « {lost['service_id'][0]} »).",
            "un service des calendriers.",
            "Ces courses ne comptent pas.",
            Severity.WARNING,
        )


# ------------------------------------------------------------------ stations


def _stations(ctx: Context, ground: Ground) -> Network | None:
    """Return a file of stations as a network without timetable, of the mode « train »."""
    options = {**ctx.spec.options, "type": "Gare ferroviaire"}
    spec = replace(ctx.spec, options=options)
    inner = Context(ctx.project, spec, ctx.territories, ctx.catalogue, ctx.own)
    points = points_table.read(inner, ground)
    inner.summarise()
    if points.is_empty():
        if not ctx.own.errors:
            ctx.report(
                "fichier-sans-ligne",
                Where(ctx.shown_file),
                "Aucune gare n’y est lue.",
                "une gare par ligne, avec ses coordonnées.",
            )
        return None
    stops = points.select(
        pl.col("id").alias("stop"),
        pl.col("id").alias("place"),
        pl.col("label").alias("place_label"),
        "x",
        "y",
        "line",
    ).select(pl.col(name).cast(dtype) for name, dtype in STOPS.items())
    return _network(ctx, ground, stops=stops, sha256=points["sha256"][0])
