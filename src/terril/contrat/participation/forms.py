"""Is each form of participation alive, and which ones fade, since when and by how much?

A form fades when its active members or its meetings fell by half (parameter
« participation_chute ») against its best earlier year. It is without trace when the last one is
older than « participation_silence_mois ». What nobody wrote down stays unknown.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Final

from terril.catalogue.cards import Catalogue
from terril.contrat.participation.parity import Parity, parity_of
from terril.contrat.participation.traces import Trace, earlier, traces
from terril.registres.rows import Books, Row


class Activity(StrEnum):
    """Where a form stands, the most telling first."""

    ENDED = "cessee"
    DORMANT = "sommeil"
    SILENT = "sans_trace"
    FADING = "essouffle"
    ACTIVE = "active"
    UNKNOWN = "inconnue"


ACTIVITY_LABELS: Final[Mapping[Activity, str]] = {
    Activity.ENDED: "A cessé",
    Activity.DORMANT: "En sommeil",
    Activity.SILENT: "Sans trace récente",
    Activity.FADING: "S’essouffle",
    Activity.ACTIVE: "Active",
    Activity.UNKNOWN: "On ne sait pas",
}

#: what someone should look at
WORRYING: Final = frozenset({Activity.SILENT, Activity.FADING, Activity.DORMANT})


@dataclass(frozen=True, slots=True)
class Year:
    """What is known of a form in one year; ``None`` is unknown, 0 is none."""

    year: int
    meetings: int | None = None
    active: int | None = None
    women: int | None = None
    men: int | None = None
    state: str | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Fall:
    """A count that fell: ``what`` is « membres actifs » or « réunions »."""

    what: str
    best_year: int
    best: int
    year: int
    now: int

    @property
    def share(self) -> Fraction:
        """What was lost, as a share of one of the best year."""
        return Fraction(self.best - self.now, self.best)


@dataclass(frozen=True, slots=True)
class Form:
    """A form of participation and its health."""

    number: int
    name: str
    kind: str  # label of its form
    quartiers: tuple[int, ...]
    activity: Activity
    declared: str | None  # code of « activites_forme », ``None`` when nobody says
    falls: tuple[Fall, ...]
    last: Trace | None
    years: tuple[Year, ...]  # oldest first
    members: int | None
    parity: Parity
    created: dt.date | None
    mandate_over: bool

    @property
    def active_members(self) -> int | None:
        """Active members of the last year that tells them."""
        known = [y.active for y in self.years if y.active is not None]
        return known[-1] if known else None

    @property
    def worrying(self) -> bool:
        """Should somebody look at it?"""
        return self.activity in WORRYING


def years_of(rows: Sequence[Row]) -> tuple[Year, ...]:
    """The yearly rows of one form, oldest first; rows without a year are left out."""
    kept = [
        Year(
            row.get("annee"), row.get("reunions"), row.get("membres_actifs"), row.get("femmes"),
            row.get("hommes"), row.get("etat"), row.get("raison") or "",
        )
        for row in rows
        if row.get("annee") is not None
    ]  # fmt: skip
    return tuple(sorted(kept, key=lambda y: y.year))


def falls_of(years: Sequence[Year], this_year: int, percent: float) -> tuple[Fall, ...]:
    """The counts that fell by ``percent`` or more between the best year and the last one known.

    Meetings of ``this_year`` are left out: the year is not over. Years to come are left out.
    """
    found = []
    for what, last_year, series in (
        ("membres actifs", this_year, [(y.year, y.active) for y in years]),
        ("réunions", this_year - 1, [(y.year, y.meetings) for y in years]),
    ):
        known = [(year, n) for year, n in series if n is not None and year <= last_year]
        if len(known) < 2:
            continue
        year, now = known[-1]
        best_year, best = max(known[:-1], key=lambda item: (item[1], item[0]))
        if best > 0 and (best - now) * 100 >= best * Fraction(percent):
            found.append(Fall(what, best_year, best, year, now))
    return tuple(found)


def activity_of(
    declared: str | None, falls: Sequence[Fall], last: Trace | None, limit: dt.date
) -> Activity:
    """Where a form stands. ``limit``: a last trace before this day is too old.

    What people declare of an end or a sleep is believed; an activity that they declare is
    believed only while traces do not contradict it.
    """
    if declared == "cessee":
        return Activity.ENDED
    if declared == "sommeil":
        return Activity.DORMANT
    if last is not None and last.day < limit:
        return Activity.SILENT
    if falls:
        return Activity.FADING
    if declared == "active" or last is not None:
        return Activity.ACTIVE
    return Activity.UNKNOWN


def forms(books: Books, catalogue: Catalogue) -> tuple[Form, ...]:
    """Every form that is not archived, with its health, in the order of the register."""
    labels = catalogue.lists["formes_participation"].items
    limit = earlier(books.today, int(catalogue.number("participation_silence_mois")))
    percent = catalogue.number("participation_chute")
    low, high = catalogue.numbers("participation_parite")
    found = traces(books)
    by_form: dict[int, list[Row]] = defaultdict(list)
    for row in books.rows("formes_suivi"):
        by_form[row.get("forme")].append(row)
    result = []
    for row in books.rows("formes"):
        years = years_of(by_form[row.number])
        kept = found.get(row.number, ())
        last = kept[-1] if kept else None
        past = [y for y in years if y.year <= books.today.year]
        declared = row.get("activite") or next((y.state for y in reversed(past) if y.state), None)
        falls = falls_of(years, books.today.year, percent)
        mandate = row.get("mandat_fin")
        result.append(
            Form(
                number=row.number,
                name=row.get("nom") or "",
                kind=labels.get(row.get("forme"), ""),
                quartiers=tuple(row.get("quartiers") or ()),
                activity=activity_of(declared, falls, last, limit),
                declared=declared,
                falls=falls,
                last=last,
                years=years,
                members=row.get("membres"),
                parity=_parity(row, past, low, high),
                created=row.get("creee_le"),
                mandate_over=mandate is not None and mandate < books.today,
            )
        )
    return tuple(result)


def _parity(row: Row, years: Sequence[Year], low: float, high: float) -> Parity:
    """That of the members; that of the last year known when the form does not tell it."""
    own = parity_of(row.get("femmes"), row.get("hommes"), low, high)
    if own.share is not None:
        return own
    for year in reversed(years):
        other = parity_of(year.women, year.men, low, high)
        if other.share is not None:
            return other
    return own
