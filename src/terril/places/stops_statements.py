"""What figures of the edition say how each neighbourhood is served?

The indicators ``accessibilite.*`` as statements: calculated from the timetables, dated by the day
that was counted, with the file they come from. Where no timetable was read nothing is stated: a
network that is not known is not a network that does not serve.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from terril.catalogue.cards import Catalogue
from terril.lib.french import compte, nombre
from terril.observations.schema import KEY, STATEMENTS, Origin, Status, conform, empty
from terril.places.stops import Service
from terril.sources.gtfs import STATIONS, Network

THEME: Final = "accessibilite"
#: indicator → column of the summary; those of a timetable need one
_TIMETABLE: Final = {
    "nb_arrets": "stops",
    "nb_lignes": "lines",
    "nb_lignes_structurantes": "structuring_lines",
    "nb_passages_pointe": "passages_hour",
}
_TRAINS: Final = {"nb_gares": "stations"}
_NEAREST: Final = {"distance_arret": "nearest_m"}


def service_statements(
    service: Service, catalogue: Catalogue, *, complete: bool = True
) -> pl.DataFrame:
    """Return the figures of a service (columns of ``STATEMENTS``), calculated.

    ``complete``: were all the declared networks read? Otherwise nothing is stated: a count
    without one of them would be too small. An indicator without card is left out.
    """
    if not complete or not service.networks:
        return empty(STATEMENTS)
    wanted: dict[str, str] = {}
    if service.timetable:
        wanted |= _TIMETABLE | _NEAREST
    if service.trains:
        wanted |= _TRAINS
    frames = [
        _of(f"{THEME}.{name}", column, service, catalogue)
        for name, column in wanted.items()
        if f"{THEME}.{name}" in catalogue.indicators
    ]
    return pl.concat([empty(STATEMENTS), *frames]).sort(KEY)


def _of(indicator: str, column: str, service: Service, catalogue: Catalogue) -> pl.DataFrame:
    """Return one indicator for every territory of the summary."""
    used = _networks(column, service)
    first = min(used, key=lambda n: n.priority)
    card = catalogue.indicators[indicator]
    days = [network.day.isoformat() for network in used if network.day is not None]
    known = pl.col(column).is_not_null()
    rows = service.summary.with_columns(
        pl.lit("qpv").alias("kind"),
        pl.lit(indicator).alias("indicator"),
        pl.lit(min(days) if days else first.vintage).alias("period"),
        pl.lit("total").alias("breakdown"),
        pl.col(column).cast(pl.Float64).round(card.decimals).alias("value"),
        # no stop within reach: there is no nearest one to measure
        pl.when(known).then(pl.lit(Status.OK)).otherwise(pl.lit(Status.NOT_APPLICABLE))
        .alias("status"),
        pl.lit(Origin.DERIVED).alias("origin"),
        pl.lit(None, dtype=pl.Int8).alias("decimals"),
        pl.lit(first.source).alias("source"),
        pl.lit(" + ".join(network.document for network in used)).alias("document"),
        pl.lit(max(network.priority for network in used) + 1).alias("priority"),
        pl.lit(" + ".join(dict.fromkeys(network.file for network in used))).alias("file"),
        pl.lit("").alias("sheet"),
        pl.lit(None, dtype=pl.Int32).alias("line"),
        pl.lit("").alias("column"),
        pl.lit(first.sha256).alias("sha256"),
    )  # fmt: skip
    raw = [_written(column, row, service) for row in rows.iter_rows(named=True)]
    return conform(rows.with_columns(pl.Series("raw", raw, dtype=pl.String)), STATEMENTS)


def _networks(column: str, service: Service) -> list[Network]:
    """Return the networks a figure comes from: all that know what it counts."""
    if column in (*_TRAINS.values(), *_NEAREST.values(), "stops"):
        return list(service.networks)
    return [network for network in service.networks if network.reader != STATIONS]


def _written(column: str, row: dict[str, object], service: Service) -> str:
    """Write how the figure was made, as ``tracer`` shows it."""
    rows = service.served.filter(pl.col("territory") == row["territory"])
    if column == "passages_hour":
        total = int(str(row["passages_peak"]))
        return (
            f"{compte(total, 'passage', 'passages')} / {nombre(service.peak_hours, 0)} heures "
            "de pointe"
        )
    if column == "nearest_m":
        first = rows.head(1)
        return f"arrêt {first['stop_label'][0]}" if first.height else "aucun arrêt à portée"
    kept = {
        "stops": ("stop_label", pl.lit(True)),
        "lines": ("line_label", pl.col("line") != ""),
        "structuring_lines": ("line_label", pl.col("structuring").fill_null(False)),
        "stations": ("stop_label", pl.col("mode") == "train"),
    }[column]
    names = rows.filter(kept[1])[kept[0]].unique(maintain_order=True).to_list()
    shown = ", ".join(names[:12])
    return f"{shown}…" if len(names) > 12 else shown or "aucun"
