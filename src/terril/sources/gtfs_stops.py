"""Which stops has a timetable, and which of them are one for residents?

The poles that vehicles call at, with their coordinates in metres. The platforms of a station, and
the poles of one name that face each other across a street, make one place.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import polars as pl

from terril.lib.french import compte
from terril.lib.problems import Severity
from terril.sources.context import Context
from terril.sources.gtfs_files import columns, without_doubles
from terril.sources.points_frame import ABSENT, NOWHERE, PUT_RIGHT, Ground, settle
from terril.sources.tables import Table
from terril.territories.geometry_crs import GEOGRAPHIC
from terril.territories.kinds import fold

Schema = dict[str, pl.DataType | type[pl.DataType]]

STOPS: Final[Schema] = {
    "stop": pl.String,  # id of a platform or of a pole, single in the network
    "place": pl.String,  # the stop as residents know it: several poles may be one
    "place_label": pl.String,
    "x": pl.Float64,  # metres in the grid of the project, null when unknown
    "y": pl.Float64,
    "line": pl.Int32,  # of the file
}
#: of a stop (GTFS, location_type): what vehicles call at, and what groups those
_POLE, _STATION, _BOARDING = ("", "0", "4"), "1", "4"


def read_stops(table: Table, ctx: Context, ground: Ground) -> pl.DataFrame:
    """Return the poles (columns of ``STOPS``); a pole without coordinates takes its station’s."""
    rows = without_doubles(columns("stops.txt", table).collect(), "stop_id", table, ctx)
    number = [
        pl.col(name).str.replace(",", ".", literal=True).cast(pl.Float64, strict=False).alias(to)
        for name, to in (("stop_lon", "lon"), ("stop_lat", "lat"))
    ]
    rows = rows.with_columns(number)
    stations = rows.filter(pl.col("location_type") == _STATION)
    parents = rows.filter(
        (pl.col("parent_station") != "")
        & (pl.col("location_type") != _BOARDING)  # its parent is a platform
        & ~pl.col("parent_station").is_in(stations["stop_id"].implode())
    )
    if not parents.is_empty():
        ctx.report(
            "gtfs-renvoi",
            table.where(parents["line"][0], "parent_station"),
            f"{compte(parents.height, 'arrêt renvoie', 'arrêts renvoient')} à une station qui "
            f"n’est pas dans le fichier (par exemple « {parents['parent_station'][0]} »).",
            "une station (location_type = 1).",
            "Ces arrêts sont gardés, sans station.",
            Severity.WARNING,
        )
    poles = rows.filter(pl.col("location_type").is_in(_POLE)).join(
        stations.select(
            pl.col("stop_id").alias("parent_station"),
            pl.col("stop_name").alias("station_name"),
            pl.col("lon").alias("station_lon"),
            pl.col("lat").alias("station_lat"),
        ),
        on="parent_station",
        how="left",
        maintain_order="left",
    )
    lon = pl.coalesce("lon", "station_lon").fill_null(float("nan"))
    lat = pl.coalesce("lat", "station_lat").fill_null(float("nan"))
    x, y, state = settle(
        poles.select(lon).to_series().to_numpy(),
        poles.select(lat).to_series().to_numpy(),
        GEOGRAPHIC,
        ground,
    )
    _tell_places(poles, state, table, ctx)
    poles = poles.with_columns(
        pl.Series("x", x).fill_nan(None),
        pl.Series("y", y).fill_nan(None),
        pl.coalesce(
            pl.when(pl.col("station_name") != "").then("station_name"),
            pl.when(pl.col("stop_name") != "").then("stop_name"),
            "stop_id",
        ).alias("place_label"),
        pl.when(pl.col("station_name").is_not_null()).then("parent_station").alias("station"),
        pl.col("stop_id").alias("stop"),
    )
    joined = _same_places(poles, ctx.catalogue.number("desserte_meme_arret"))
    return joined.select(pl.col(name).cast(dtype) for name, dtype in STOPS.items())


def _tell_places(poles: pl.DataFrame, state: Any, table: Table, ctx: Context) -> None:
    for wanted, code, singular, plural, remedy in (
        (ABSENT, "point-sans-coordonnees", "arrêt n’a pas de coordonnées",
         "arrêts n’ont pas de coordonnées", "Il ne peut desservir aucun quartier."),
        (PUT_RIGHT, "axes-inverses", "arrêt a latitude et longitude inversées",
         "arrêts ont latitude et longitude inversées", "Elles sont remises en ordre."),
        (NOWHERE, "point-hors-systeme", "arrêt n’est pas sur le territoire français du projet",
         "arrêts ne sont pas sur le territoire français du projet", ""),
    ):  # fmt: skip
        found = poles.filter(pl.Series(state == wanted))
        if not found.is_empty():
            ctx.report(
                code,
                table.where(found["line"][0]),
                f"{compte(found.height, singular, plural)}.",
                "une longitude et une latitude en degrés.",
                remedy,
                Severity.NOTE if wanted == NOWHERE else Severity.WARNING,
            )


def _same_places(poles: pl.DataFrame, limit: float) -> pl.DataFrame:
    """Add ``place``: the station, else the poles of one name that are near one another.

    Nearness is chained: three poles of one name along a street are one place.
    """
    own = poles.with_columns(pl.coalesce("station", "stop").alias("place"))
    alone = own.filter(pl.col("station").is_null() & pl.col("x").is_not_null()).with_columns(
        pl.col("place_label").map_elements(fold, return_dtype=pl.String).alias("folded")
    )
    several = alone.filter(pl.col("folded").is_duplicated())
    renamed: dict[str, str] = {}
    for _, group in several.group_by("folded", maintain_order=True):
        ids = group["stop"].to_list()
        x, y = group["x"].to_numpy(), group["y"].to_numpy()
        for rank, first in enumerate(_chained(x, y, limit)):
            renamed[ids[rank]] = ids[first]
    return own.with_columns(pl.col("place").replace(renamed))


def _chained(x: Any, y: Any, limit: float) -> list[int]:
    """Return for each point the first point of its chain (single linkage, at most ``limit``)."""
    first = list(range(len(x)))
    order = np.argsort(x, kind="stable")
    cuts = np.flatnonzero(np.diff(x[order]) > limit) + 1  # too far apart eastwards to be chained
    for run in np.split(order, cuts):
        rows = np.sort(run)
        for rank, start in enumerate(_chained_run(x[rows], y[rows], limit)):
            first[int(rows[rank])] = int(rows[start])
    return first


def _chained_run(x: Any, y: Any, limit: float) -> list[int]:
    first = list(range(len(x)))
    near = (x[:, None] - x[None, :]) ** 2 + (y[:, None] - y[None, :]) ** 2 <= limit**2
    for start in range(len(x)):
        if first[start] != start:
            continue
        waiting = [start]
        while waiting:
            here = waiting.pop()
            for other in np.flatnonzero(near[here]):
                if first[other] == other and other > start:
                    first[other] = start
                    waiting.append(int(other))
    return first
