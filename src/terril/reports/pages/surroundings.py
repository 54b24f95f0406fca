"""Which places does the local offer of a neighbourhood rest on, and what serves it?

The places that the count found, family by family, and the lines within walking distance of its
limits, with how often they pass in the peak hours. Nothing is shown where no file says it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from terril.catalogue.load import Catalogue
from terril.editions.look import Look
from terril.lib.french import FINE, majuscule, nombre


@dataclass(frozen=True, slots=True)
class FamilyPlaces:
    """A family of equipment and the places that stand for it: « Pharmacie du Centre, à 140 m »."""

    label: str
    places: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One line at its nearest stop. ``often`` and ``hours`` are "" without a timetable."""

    mode: str
    line: str
    stop: str
    distance: str
    passages: str
    often: str
    hours: str
    structuring: bool


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is around a neighbourhood; ``summary``: its transport in a sentence."""

    families: tuple[FamilyPlaces, ...]
    summary: str
    lines: tuple[Line, ...]


def surroundings(look: Look, code: str) -> Surroundings:
    """Return the places and the lines of a neighbourhood, empty when the edition has none."""
    rows = look.rows("evidence", territory=code)
    families: dict[str, list[str]] = {}
    for row in rows:
        if row["where"] != "beyond":
            families.setdefault(str(row["family"]), []).append(str(row["text"]))
    cards = look.catalogue.families
    known = [family for family in cards if family in families]
    services = look.rows("services", territory=code)
    return Surroundings(
        tuple(FamilyPlaces(cards[f].label, tuple(families[f])) for f in known),
        str(services[0]["text"]) if services else "",
        tuple(line_of(row, look.catalogue) for row in look.rows("served", territory=code)),
    )


def line_of(row: dict[str, Any], catalogue: Catalogue) -> Line:
    """Return one row of ``places.stops.SERVED`` as it is written."""
    mode = catalogue.modes.get(str(row["mode"]))
    distance = float(row["distance_m"] or 0.0)
    headway = row["headway_min"]
    return Line(
        mode=majuscule(mode.label) if mode else str(row["mode"]),
        line=str(row["line_label"] or "–"),
        stop=str(row["stop_label"]),
        distance=f"{nombre(distance)}{FINE}m" if distance else "dans le quartier",
        passages="–" if row["passages_peak"] is None else nombre(row["passages_peak"]),
        often="" if headway is None else f"{nombre(headway)}{FINE}min",
        hours=f"{row['first']} – {row['last']}" if row["first"] and row["last"] else "",
        structuring=bool(row["structuring"]),
    )
