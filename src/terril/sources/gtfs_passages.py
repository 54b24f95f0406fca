"""When does a vehicle of each line call at each stop, on the day that is counted?

Times go past 24:00 for trips that end after midnight; those of the day before that run past it
belong to the day too. A time that is not given is put between its neighbours; a trip known only
by its frequency is repeated. Where nobody gets on (end of the line, no pick-up) there is no
passage: a resident cannot leave from there.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import polars as pl

from terril.lib.french import compte
from terril.lib.problems import Severity
from terril.sources.context import Context
from terril.sources.gtfs_calendar import Day
from terril.sources.gtfs_files import columns, tell_broken
from terril.sources.tables import Table

DAY_SECONDS: Final = 86_400
_TIME: Final = r"^(\d{1,3}):([0-5]\d)(?::([0-5]\d))?$"
NO_PICKUP: Final = "1"

PASSAGES: Final[dict[str, pl.DataType | type[pl.DataType]]] = {
    "stop": pl.String,
    "route": pl.String,
    "direction": pl.Int8,  # 0 or 1: the two ways of a line
    "time": pl.Int32,  # seconds from the midnight that opens the day; may pass 24 hours
    "own": pl.Boolean,  # of a trip of the day; false: of the day before, past midnight
    "pickup": pl.Boolean,  # can one get on?
}


def seconds(text: pl.Expr) -> pl.Expr:
    """Return « 7:05:00 » or « 25:10:00 » as seconds (Int32); null when it is no time."""
    parts = [text.str.extract(_TIME, k).fill_null("0").cast(pl.Int32) for k in (1, 2, 3)]
    return pl.when(text.str.contains(_TIME)).then(parts[0] * 3600 + parts[1] * 60 + parts[2])


def read_passages(
    tables: Mapping[str, Table],
    trips: pl.DataFrame,
    stops: pl.DataFrame,
    wanted: pl.Series,
    day: Day,
    ctx: Context,
) -> pl.DataFrame:
    """Return the passages of the day at the stops ``wanted`` (columns of ``PASSAGES``).

    ``trips``: trip_id, route_id, service_id, direction_id, all known. ``stops``: stop, place (the
    stops of one place are one stop for residents), every stop of the network.
    """
    table = tables["stop_times.txt"]
    running = trips.filter(pl.col("service_id").is_in(list(day.services | day.before)))
    rows = columns("stop_times.txt", table)
    known = stops["stop"].implode()
    _tell_references(rows, trips["trip_id"], stops["stop"], table, ctx)
    touching = (
        rows.filter(pl.col("stop_id").is_in(wanted.implode()))
        .join(running.select("trip_id").lazy(), on="trip_id", how="semi")
        .select("trip_id")
        .unique()
    )
    calls = (
        rows.join(touching, on="trip_id", how="semi")
        .filter(pl.col("stop_id").is_in(known))
        .select(
            "trip_id",
            "stop_id",
            pl.col("stop_sequence").cast(pl.Int32, strict=False).alias("order"),
            seconds(pl.col("departure_time")).alias("departure"),
            seconds(pl.col("arrival_time")).alias("arrival"),
            pl.col("departure_time"),
            pl.col("arrival_time"),
            pl.col("pickup_type"),
            "line",
        )
        .collect(engine="streaming")
        .sort("trip_id", "order", "line")
    )
    calls = _timed(calls, table, ctx)
    calls = _repeated(calls, tables, ctx)
    calls = (
        calls.join(stops, left_on="stop_id", right_on="stop")
        .sort("run", "order", "line")
        .with_columns(last=pl.int_range(pl.len()).over("run") == pl.len().over("run") - 1)
    )
    calls = calls.join(
        running.select("trip_id", "route_id", "service_id", "direction_id"), on="trip_id"
    )
    calls = calls.join(_ways(calls), on="trip_id", how="left")
    own = calls.filter(pl.col("service_id").is_in(list(day.services)))
    late = calls.filter(
        pl.col("service_id").is_in(list(day.before)) & (pl.col("time") >= DAY_SECONDS)
    ).with_columns(pl.col("time") - DAY_SECONDS)
    both = pl.concat([own.with_columns(own=pl.lit(True)), late.with_columns(own=pl.lit(False))])
    return (
        both.filter(pl.col("stop_id").is_in(wanted.implode()))
        .with_columns(
            pl.col("stop_id").alias("stop"),
            pl.col("route_id").alias("route"),
            pickup=~pl.col("last") & (pl.col("pickup_type") != NO_PICKUP),
        )
        .select(pl.col(name).cast(dtype) for name, dtype in PASSAGES.items())
        .sort("stop", "route", "direction", "time")
    )


def _tell_references(
    rows: pl.LazyFrame, trips: pl.Series, stops: pl.Series, table: Table, ctx: Context
) -> None:
    """Tell the calls of trips or at stops that are nowhere."""
    broken = []
    for key, known, target in (
        ("trip_id", trips, "trips.txt"),
        ("stop_id", stops, "stops.txt"),
    ):
        lost = rows.filter(~pl.col(key).is_in(known.implode())).select(
            pl.len().alias("count"),
            pl.col(key).first().alias("example"),
            pl.col("line").min().alias("line"),
        )
        broken.append((key, target, lost))
    found = pl.collect_all([lost for _, _, lost in broken], engine="streaming")
    for (key, target, _), told in zip(broken, found, strict=True):
        count, example, line = told.row(0)
        if count:
            tell_broken(count, example, line, key, table, ctx, target)


def _timed(calls: pl.DataFrame, table: Table, ctx: Context) -> pl.DataFrame:
    """Add ``time`` and ``run``: a departure, else an arrival, else between the neighbours."""
    wrong = calls.filter(
        pl.col("departure").is_null()
        & pl.col("arrival").is_null()
        & ((pl.col("departure_time") != "") | (pl.col("arrival_time") != ""))
    )
    for line, text in wrong.select("line", "departure_time").head(20).rows():
        ctx.report(
            "gtfs-heure",
            table.where(line, "departure_time"),
            f"« {text} » n’est pas une heure.",
            "heures, minutes, secondes : 07:05:00, ou 25:10:00 après minuit.",
            "L’heure est estimée d’après les arrêts voisins.",
            Severity.WARNING,
        )
    calls = calls.with_columns(pl.coalesce("departure", "arrival").alias("time"))
    empty = int(calls["time"].null_count())
    calls = calls.with_columns(
        pl.col("time").cast(pl.Float64).interpolate().over("trip_id").round(0).cast(pl.Int32),
        pl.col("trip_id").alias("run"),
    )
    lost = int(calls["time"].null_count())
    if empty:
        put = compte(
            empty - lost, "passage sans heure est placé", "passages sans heure sont placés"
        )
        rest = compte(lost, "autre ne peut l’être", "autres ne peuvent l’être")
        ctx.report(
            "gtfs-heures-estimees",
            table.where(),
            f"{put} entre les arrêts voisins de la course{f' ; {rest}' if lost else ''}.",
            severity=Severity.NOTE,
        )
    return calls.filter(pl.col("time").is_not_null())


def _repeated(calls: pl.DataFrame, tables: Mapping[str, Table], ctx: Context) -> pl.DataFrame:
    """Repeat the trips of ``frequencies.txt`` from start to end, every so many seconds."""
    if "frequencies.txt" not in tables:
        return calls
    table = tables["frequencies.txt"]
    every = columns("frequencies.txt", table).collect()
    every = every.with_columns(
        seconds(pl.col("start_time")).alias("start"),
        seconds(pl.col("end_time")).alias("end"),
        pl.col("headway_secs").cast(pl.Int32, strict=False).alias("headway"),
    )
    right = pl.all_horizontal(
        pl.col("start").is_not_null(), pl.col("end") > pl.col("start"), pl.col("headway") > 0
    ).fill_null(False)
    for line, trip in every.filter(~right).select("line", "trip_id").rows():
        ctx.report(
            "gtfs-frequence",
            table.where(line),
            f"La fréquence de la course « {trip} » n’est pas comprise.",
            "un début, une fin plus tard, un intervalle en secondes.",
            "La ligne est laissée de côté.",
            Severity.WARNING,
        )
    starts = (
        every.filter(right)
        .with_columns(pl.int_ranges("start", "end", "headway").alias("leaves"))
        .explode("leaves")
        .select("trip_id", pl.col("leaves").cast(pl.Int32))
    )
    named = calls["trip_id"].is_in(starts["trip_id"].implode())
    models = calls.filter(named).with_columns(
        (pl.col("time") - pl.col("time").first().over("trip_id")).alias("time")
    )
    runs = models.join(starts, on="trip_id").with_columns(
        (pl.col("time") + pl.col("leaves")).alias("time"),
        pl.concat_str("trip_id", pl.lit("@"), pl.col("leaves").cast(pl.String)).alias("run"),
    )
    return pl.concat([calls.filter(~named), runs.drop("leaves").select(calls.columns)])


def _ways(calls: pl.DataFrame) -> pl.DataFrame:
    """Return trip_id, direction (0 or 1): as told, else by the order in which stops are met.

    Where a line does not tell it, its longest trip sets the way; a trip that meets the stops
    they share in the other order goes the other way.
    """
    trips = calls.group_by("trip_id").agg(
        pl.col("route_id").first(), pl.col("direction_id").first(), pl.len().alias("calls")
    )
    told = trips.filter(pl.col("direction_id").is_in(["0", "1"]))
    rest = trips.join(told.select("trip_id"), on="trip_id", how="anti")
    known = told.select("trip_id", pl.col("direction_id").cast(pl.Int8).alias("direction"))
    if rest.is_empty():
        return known
    models = (
        rest.sort(["route_id", "calls", "trip_id"], descending=[False, True, False])
        .unique("route_id", keep="first", maintain_order=True)
        .select("route_id", pl.col("trip_id").alias("model"))
    )
    met = calls.select("trip_id", "place", "order").unique(
        ["trip_id", "place"], keep="first", maintain_order=True
    )
    model_order = models.join(met, left_on="model", right_on="trip_id").select(
        "route_id", "place", pl.col("order").alias("rank")
    )
    slopes = (
        rest.join(met, on="trip_id")
        .join(model_order, on=["route_id", "place"])
        .group_by("trip_id")
        .agg(pl.cov("order", "rank").alias("slope"))
    )
    ways = (
        rest.select("trip_id")
        .join(slopes, on="trip_id", how="left")
        .select("trip_id", (pl.col("slope").fill_null(0) < 0).cast(pl.Int8).alias("direction"))
    )
    return pl.concat([known, ways])
