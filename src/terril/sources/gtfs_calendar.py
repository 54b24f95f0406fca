"""Which day shall the frequency of a network be counted on, and which trips run that day?

A usual working day: of the Tuesdays, Wednesdays and Thursdays that the timetable covers (the days
are a parameter), the one with the most trips. It thus falls outside school holidays and public
holidays without a calendar of either. A project may name the day instead.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from terril.lib.dates import date_longue
from terril.lib.french import compte, nombre
from terril.lib.problems import Severity, Where
from terril.sources.context import Context
from terril.sources.gtfs_files import columns
from terril.sources.tables import Table

WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
NAMES: Final = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
ADDED, REMOVED = "1", "2"
#: a timetable longer than this many days is cut: a wrong date must not fill the memory
LONGEST: Final = 1100


@dataclass(frozen=True, slots=True)
class Day:
    """The day that is counted, why, and the services of that day and of the day before."""

    date: dt.date
    reason: str  # French, a whole sentence
    services: frozenset[str]
    before: frozenset[str]


def _date(text: str) -> dt.date | None:
    try:
        return dt.datetime.strptime(text, "%Y%m%d").date()
    except ValueError:
        return None


def day_name(day: dt.date) -> str:
    """« mardi 12 mars 2024 »."""
    return f"{NAMES[day.weekday()]} {date_longue(day.isoformat())}"


def services_by_date(tables: Mapping[str, Table], ctx: Context) -> dict[dt.date, set[str]]:
    """Return the services that run each day, exceptions included; wrong dates are told."""
    found: dict[dt.date, set[str]] = {}
    if "calendar.txt" in tables:
        table = tables["calendar.txt"]
        for row in columns("calendar.txt", table).collect().iter_rows(named=True):
            start, end = _date(row["start_date"]), _date(row["end_date"])
            if start is None or end is None or (end - start).days > LONGEST:
                _tell_date(f"{row['start_date']} – {row['end_date']}", row["line"], table, ctx)
                continue
            runs = [row[name] == "1" for name in WEEKDAYS]
            for offset in range((end - start).days + 1):
                day = start + dt.timedelta(days=offset)
                if runs[day.weekday()]:
                    found.setdefault(day, set()).add(row["service_id"])
    if "calendar_dates.txt" in tables:
        table = tables["calendar_dates.txt"]
        for row in columns("calendar_dates.txt", table).collect().iter_rows(named=True):
            date = _date(row["date"])
            if date is None or row["exception_type"] not in (ADDED, REMOVED):
                _tell_date(row["date"], row["line"], table, ctx)
            elif row["exception_type"] == ADDED:
                found.setdefault(date, set()).add(row["service_id"])
            else:
                found.setdefault(date, set()).discard(row["service_id"])
    return {day: services for day, services in sorted(found.items()) if services}


def _tell_date(text: str, line: int, table: Table, ctx: Context) -> None:
    ctx.report(
        "gtfs-date",
        table.where(line),
        f"« {text} » n’est pas une date, ou pas une période.",
        "année, mois, jour : 20240312.",
        "La ligne est laissée de côté.",
        Severity.WARNING,
    )


def choose_day(
    running: Mapping[dt.date, set[str]], trips: Mapping[str, int], ctx: Context
) -> Day | None:
    """Return the day to count; ``None``, with an error, when nothing runs.

    ``trips``: number of trips of each service. Of days with as many trips, the first.
    """
    told = ctx.option("jour")
    load = {day: sum(trips.get(s, 0) for s in services) for day, services in running.items()}
    load = {day: count for day, count in load.items() if count}
    where = ctx.spec.file
    if not load:
        ctx.declaration(
            "gtfs-sans-jour",
            f"aucune course ne circule aucun jour dans {where.name}.",
            "un calendrier qui se rapporte aux courses.",
            "Demandez au réseau un jeu d’horaires à jour.",
        )
        return None
    first, last = min(load), max(load)
    span = f"du {date_longue(first.isoformat())} au {date_longue(last.isoformat())}"
    if told:
        try:
            day = dt.date.fromisoformat(told)
        except ValueError:
            day = None
        if day is None or day not in load:
            ctx.declaration(
                "gtfs-jour",
                f"« jour = {told} » n’est pas un jour où des courses circulent.",
                f"une date {span}.",
                key="jour",
            )
            return None
        reason = f"Passages comptés le {day_name(day)}, jour choisi par le projet."
        return _day(day, reason, running)
    wanted = {int(n) - 1 for n in ctx.catalogue.numbers("desserte_jours")}
    usual = {day: count for day, count in load.items() if day.weekday() in wanted}
    names = [NAMES[n] for n in sorted(wanted) if 0 <= n < len(NAMES)]
    if not usual:
        day = max(load, key=lambda d: (load[d], -d.toordinal()))
        ctx.report(
            "gtfs-jour-inhabituel",
            Where(ctx.shown_file),
            f"Les horaires ne couvrent aucun {' ni '.join(names)} : passages comptés le "
            f"{day_name(day)}.",
            "des horaires d’une semaine au moins.",
            "Ce jour n’est peut-être pas un jour ordinaire.",
            Severity.WARNING,
        )
    else:
        day = max(usual, key=lambda d: (usual[d], -d.toordinal()))
    median = float(np.median(list((usual or load).values())))
    reason = (
        f"Passages comptés le {day_name(day)} : de tous les jours retenus ({', '.join(names)}) "
        f"{span}, c’est celui qui a le plus de courses "
        f"({compte(load[day], 'course', 'courses')} ; médiane {nombre(median)})."
    )
    return _day(day, reason, running)


def _day(day: dt.date, reason: str, running: Mapping[dt.date, set[str]]) -> Day:
    before = day - dt.timedelta(days=1)
    return Day(day, reason, frozenset(running.get(day, ())), frozenset(running.get(before, ())))
