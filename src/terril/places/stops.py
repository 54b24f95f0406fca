"""Which neighbourhoods does public transport serve, by which line, how often at peak hours?

A stop serves a neighbourhood when it is in it, or outside at most so many metres from its border:
the distance is exact, as the crow flies, and depends on the mode (``vocabularies/modes.yaml``).
The walk is an estimate: that distance, times a detour, at a walker's speed; no network of streets
is used. A file of stations tells nothing of the timetable: what is not known stays empty.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from terril.catalogue.cards import Catalogue
from terril.lib.french import avec_unite, compte, liste
from terril.lib.problems import Severity
from terril.observations.findings import Finding
from terril.places.index import build_index, zones_of
from terril.places.locate import locate
from terril.sources.gtfs import STATIONS, Network
from terril.territories.geometry import Layer
from terril.territories.kinds import fold

Schema = dict[str, pl.DataType | type[pl.DataType]]

#: one row a territory × stop × line; a station without timetable has no line
SERVED: Final[Schema] = {
    "territory": pl.String,
    "stop": pl.String,  # the place residents know, « document:id »
    "stop_label": pl.String,
    "line": pl.String,  # « document:id », "" when the lines are not known
    "line_label": pl.String,
    "line_name": pl.String,
    "mode": pl.String,  # code of a mode card
    "distance_m": pl.Float64,  # from the perimeter to the nearest pole of the line; 0 inside
    "passages_peak": pl.Int32,  # vehicles that can be taken in the peak windows, both ways
    "ways": pl.Int8,  # ways one can go from there in the day, 1 or 2
    "headway_min": pl.Float64,  # minutes between two in the peak, in the less served way; null:
    # a way has none, or the timetable is not known
    "first": pl.String,  # first and last departure of the day, « 05:12 », past 24:00 after midnight
    "last": pl.String,
    "structuring": pl.Boolean,  # null when the timetable is not known
    "walk_min": pl.Float64,  # estimated
    "walk_status": pl.String,  # « estimé »
    "document": pl.String,
}

#: one row a territory
SUMMARY: Final[Schema] = {
    "territory": pl.String,
    "stops": pl.Int32,
    "lines": pl.Int32,
    "structuring_lines": pl.Int32,
    "stations": pl.Int32,  # of trains
    "passages_peak": pl.Int32,  # of each line at its best stop, all lines together
    "passages_hour": pl.Float64,  # the same, a peak hour
    "nearest_m": pl.Float64,  # of a stop, null when none serves
    "nearest_structuring_m": pl.Float64,
    "text": pl.String,  # French
}
ESTIMATED: Final = "estimé"
_HOUR: Final = 3600


@dataclass(frozen=True)
class Service:
    """What serves each territory. ``timetable``, ``stationed``: is each sort of file there?"""

    served: pl.DataFrame  # SERVED
    summary: pl.DataFrame  # SUMMARY
    findings: tuple[Finding, ...]
    networks: tuple[Network, ...]
    peak_hours: float

    @property
    def timetable(self) -> bool:
        """Is at least one timetable read?"""
        return any(network.day is not None for network in self.networks)

    @property
    def trains(self) -> bool:
        """Are the stations known: a file of stations, or a timetable of trains?"""
        return any(
            network.reader == STATIONS or "train" in network.lines["mode"].to_list()
            for network in self.networks
        )


def reach(catalogue: Catalogue) -> float:
    """Return the largest distance at which a stop serves, metres."""
    return max(catalogue.number(card.radius) for card in catalogue.modes.values())


def windows(catalogue: Catalogue) -> tuple[tuple[int, int], ...]:
    """Return the peak windows, seconds from midnight: start included, end excluded."""
    found = []
    for code in ("desserte_pointe_matin", "desserte_pointe_soir"):
        hours = catalogue.numbers(code)
        if len(hours) == 2 and hours[0] < hours[1]:
            found.append((round(hours[0] * _HOUR), round(hours[1] * _HOUR)))
    return tuple(found)


def served(networks: Sequence[Network], layer: Layer, catalogue: Catalogue) -> Service:
    """Return what serves the outlines of a layer.

    ``networks``: those of ``sources.gtfs.read_networks`` that could be read. Raises ``ValueError``
    when a network and the layer are not in one grid.
    """
    frames = [_of_network(network, layer, catalogue) for network in networks]
    rows = pl.concat([pl.DataFrame(schema=SERVED), *frames]).sort(
        "territory", "distance_m", "stop_label", "line_label", "stop", "line"
    )
    rows = _one_station(rows)
    hours = sum(end - start for start, end in windows(catalogue)) / _HOUR
    findings = [
        Finding("jour-des-horaires", Severity.NOTE, "", "", network.day.isoformat(),
                network.reason, (network.file,))
        for network in networks if network.day is not None
    ]  # fmt: skip
    return Service(
        rows, _summary(rows, layer, hours, catalogue), tuple(findings), tuple(networks), hours
    )


def _of_network(network: Network, layer: Layer, catalogue: Catalogue) -> pl.DataFrame:
    """Return the rows of one network (columns of ``SERVED``)."""
    if network.crs != layer.crs:
        raise ValueError(f"network and outlines are not in one grid (EPSG {layer.crs})")
    near = _near(network, layer, reach(catalogue))
    calls = _calls(network, catalogue)
    rows = near.join(calls, on="stop") if network.reader != STATIONS else _no_timetable(near)
    radius = {code: catalogue.number(card.radius) for code, card in catalogue.modes.items()}
    rows = rows.filter(
        pl.col("distance_m") <= pl.col("mode").replace_strict(radius, return_dtype=pl.Float64)
    )
    return _rows(rows, network, catalogue)


def _near(network: Network, layer: Layer, metres: float) -> pl.DataFrame:
    """Return territory, distance_m and the columns of the pole, for every pole within reach."""
    placed = network.stops.filter(pl.col("x").is_not_null())
    index = build_index(zones_of(layer, metres))
    found = locate(placed["x"].to_numpy(), placed["y"].to_numpy(), index)
    rows = placed[found["point"].to_numpy()].drop("line")  # of the file; a line is another thing
    return rows.with_columns(found["zone"].alias("territory"), found["distance_m"])


def _calls(network: Network, catalogue: Catalogue) -> pl.DataFrame:
    """Return the passages that one can take, with their line and whether they are in a peak."""
    peak = pl.any_horizontal(
        (pl.col("time") >= start) & (pl.col("time") < end) for start, end in windows(catalogue)
    )
    return network.passages.join(network.lines, on="route").with_columns(peak=peak)


def _no_timetable(near: pl.DataFrame) -> pl.DataFrame:
    return near.with_columns(
        line=pl.lit(""),
        line_label=pl.lit(""),
        line_name=pl.lit(""),
        mode=pl.lit("train"),
        direction=pl.lit(None, dtype=pl.Int8),
        time=pl.lit(None, dtype=pl.Int32),
        own=pl.lit(None, dtype=pl.Boolean),
        pickup=pl.lit(None, dtype=pl.Boolean),
        peak=pl.lit(None, dtype=pl.Boolean),
    )


def _rows(calls: pl.DataFrame, network: Network, catalogue: Catalogue) -> pl.DataFrame:
    """Put the passages of a territory × place × line together."""
    key = ["territory", "place", "line"]
    taken = pl.col("pickup") & pl.col("peak")
    ways = (
        calls.filter(pl.col("pickup"))
        .group_by(*key, "direction")
        .agg(pl.col("peak").sum().alias("peak_way"))
        .group_by(key)
        .agg(pl.len().alias("ways"), pl.col("peak_way").min())
    )
    minutes = sum(end - start for start, end in windows(catalogue)) / 60
    known = network.reader != STATIONS
    limits = {
        code: catalogue.number(card.headway)
        for code, card in catalogue.modes.items()
        if card.headway is not None
    }
    detour, speed = catalogue.number("desserte_detour"), catalogue.number("desserte_marche")
    departs = pl.col("time").filter(pl.col("pickup") & pl.col("own"))
    rows = (
        calls.group_by(key)
        .agg(
            pl.col("place_label").first(),
            pl.col("line_label").first(),
            pl.col("line_name").first(),
            pl.col("mode").first(),
            pl.col("distance_m").min(),
            taken.sum().alias("passages"),
            departs.min().alias("first"),
            departs.max().alias("last"),
        )
        .join(ways, on=key, how="left")
        .with_columns(
            headway=pl.when(pl.col("peak_way") > 0).then(minutes / pl.col("peak_way")),
        )
        .with_columns(
            structuring=pl.lit(known)
            & (pl.col("headway") <= pl.col("mode").replace_strict(
                limits, default=None, return_dtype=pl.Float64
            )).fill_null(False),
        )
    )  # fmt: skip
    document = network.document
    return rows.select(
        "territory",
        pl.concat_str(pl.lit(f"{document}:"), pl.col("place")).alias("stop"),
        pl.col("place_label").alias("stop_label"),
        (pl.concat_str(pl.lit(f"{document}:"), pl.col("line")) if known else pl.col("line")).alias(
            "line"
        ),
        "line_label",
        "line_name",
        "mode",
        "distance_m",
        (pl.col("passages") if known else pl.lit(None)).alias("passages_peak"),
        (pl.col("ways").fill_null(0) if known else pl.lit(None)).alias("ways"),
        pl.col("headway").alias("headway_min"),
        _clock(pl.col("first")).alias("first"),
        _clock(pl.col("last")).alias("last"),
        (pl.col("structuring") if known else pl.lit(None)).alias("structuring"),
        (pl.col("distance_m") * detour / (speed * 1000 / 60)).alias("walk_min"),
        pl.lit(ESTIMATED).alias("walk_status"),
        pl.lit(document).alias("document"),
    ).select(pl.col(name).cast(dtype) for name, dtype in SERVED.items())


def _clock(seconds: pl.Expr) -> pl.Expr:
    """Write seconds as « 05:12 »; « 25:10 » is ten past one in the night that follows."""
    hours = (seconds // _HOUR).cast(pl.String).str.zfill(2)
    minutes = (seconds % _HOUR // 60).cast(pl.String).str.zfill(2)
    return pl.when(seconds.is_not_null()).then(pl.concat_str(hours, pl.lit(":"), minutes))


def _one_station(rows: pl.DataFrame) -> pl.DataFrame:
    """Leave out a station without timetable where a timetable has trains at the same place.

    The same: of the same territory, both within reach, and the names of one another.
    """
    trains = rows.filter((pl.col("mode") == "train") & (pl.col("line") != ""))
    if trains.is_empty():
        return rows
    names: dict[str, set[str]] = {}
    for territory, label in trains.select("territory", "stop_label").unique().rows():
        names.setdefault(territory, set()).add(_bare(fold(label)))
    doubled = [
        line == "" and mode == "train" and _bare(fold(label)) in names.get(territory, set())
        for territory, label, line, mode in rows.select(
            "territory", "stop_label", "line", "mode"
        ).rows()
    ]
    return rows.filter(~pl.Series(doubled, dtype=pl.Boolean))


def _bare(name: str) -> str:
    """« gare de lens », « lens sncf » → lens."""
    return " ".join(w for w in name.split() if w not in ("gare", "sncf", "de", "d", "du", "des"))


# ------------------------------------------------------------------ a territory at a time


def _summary(rows: pl.DataFrame, layer: Layer, hours: float, catalogue: Catalogue) -> pl.DataFrame:
    """Return one row a territory of the layer, served or not."""
    train = pl.col("mode") == "train"
    best = (
        rows.filter((pl.col("line") != "") & (pl.col("ways") > 0))
        .group_by("territory", "line")
        .agg(pl.col("passages_peak").max(), pl.col("structuring").any())
        .group_by("territory")
        .agg(
            pl.len().alias("lines"),
            pl.col("structuring").sum().alias("structuring_lines"),
            pl.col("passages_peak").sum(),
        )
    )
    places = rows.group_by("territory").agg(
        pl.col("stop").n_unique().alias("stops"),
        pl.col("stop").filter(train).n_unique().alias("stations"),
        pl.col("distance_m").min().alias("nearest_m"),
        pl.col("distance_m").filter(pl.col("structuring")).min().alias("nearest_structuring_m"),
    )
    frame = (
        pl.DataFrame({"territory": list(layer.codes)}, schema={"territory": pl.String})
        .join(places, on="territory", how="left", maintain_order="left")
        .join(best, on="territory", how="left", maintain_order="left")
        .with_columns(
            pl.col("stops", "stations", "lines", "structuring_lines", "passages_peak").fill_null(0)
        )
        .with_columns(passages_hour=pl.col("passages_peak") / hours if hours else pl.lit(None))
    )
    by_territory = {
        str(code): group for (code,), group in rows.group_by("territory", maintain_order=True)
    }
    texts = [_text(by_territory.get(code), catalogue) for code in frame["territory"]]
    return frame.with_columns(pl.Series("text", texts, dtype=pl.String)).select(
        pl.col(name).cast(dtype) for name, dtype in SUMMARY.items()
    )


def _text(rows: pl.DataFrame | None, catalogue: Catalogue) -> str:
    """Say what serves a territory: its structuring lines, else its other lines."""
    if rows is None or rows.is_empty():
        return "Aucun arrêt n’est à portée."
    strong = rows.filter(pl.col("structuring").fill_null(False)).unique(
        ["line_label", "mode"], keep="first", maintain_order=True
    )
    stations = rows.filter((pl.col("mode") == "train") & (pl.col("line") == ""))
    parts = [
        f"{_named(mode, label, catalogue)}, {_away(stop, metres)}, toutes les "
        f"{avec_unite(headway, 0, 'minutes')}"
        for mode, label, stop, metres, headway in strong.select(
            "mode", "line_label", "stop_label", "distance_m", "headway_min"
        ).rows()
    ]
    parts += [
        f"la gare {_away(label, metres)}"
        for label, metres in stations.select("stop_label", "distance_m").rows()
    ]
    others = rows.filter((pl.col("line") != "") & ~pl.col("structuring").fill_null(False))
    count = others.filter(~pl.col("line").is_in(strong["line"].implode()))["line"].n_unique()
    if count:
        nouns = ("autre ligne", "autres lignes") if parts else ("ligne", "lignes")
        parts.append(compte(count, *nouns))
    sentence = liste(parts)
    return f"{sentence[:1].upper()}{sentence[1:]}."


def _named(mode: str, label: str, catalogue: Catalogue) -> str:
    card = catalogue.modes.get(mode)
    return f"{card.label if card else mode} {label}"


def _away(stop: str, metres: float) -> str:
    """« Lens, à 420 m », « Mairie, dans le quartier »."""
    if metres <= 0:
        return f"{stop}, dans le quartier"
    return f"{stop}, à {avec_unite(max(10.0, round(metres, -1)), 0, 'm')}"
