"""Which meetings would the coming year have, if it followed the annual cycle?

A proposal, never written by itself: a person looks at it, changes the days, and says which
meetings are to be created.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from terril.catalogue.cards import Catalogue
from terril.contrat.meetings.bodies import meetings, on
from terril.contrat.meetings.days import next_worked, rank_of, ranked
from terril.registres.folding import collation
from terril.registres.rows import Books, Row

#: list of the catalogue whose order gives the number of a month
MONTHS = "mois"


@dataclass(frozen=True, slots=True)
class Proposal:
    """A meeting of the cycle. ``existing``: a meeting of that body already stands that month.

    ``day``: the day proposed, a weekday that is no holiday. ``why`` says how it was chosen.
    """

    cycle: int  # number of the row of the cycle
    body: int
    body_name: str
    title: str
    agenda: str
    day: dt.date
    why: str
    existing: int | None


def month_number(catalogue: Catalogue, code: str | None) -> int | None:
    """Return 1 for « janvier »… ``None`` for anything that is no month."""
    months = tuple(catalogue.lists[MONTHS].items) if MONTHS in catalogue.lists else ()
    return months.index(code) + 1 if code in months else None


def propose_year(books: Books, catalogue: Catalogue, year: int) -> tuple[Proposal, ...]:
    """Return the meetings of the cycle for a year, by day.

    The day: same name and rank as the last meeting of that title (else of that body in that
    month), by default that of the card ``reunion_jour_propose``; put off when it is a holiday.
    Bodies that are no longer in force that month are left out. Each existing meeting stands
    for one line of the cycle only.
    """
    in_force = {row.number: row for row in books.rows("instances")}
    by_body: dict[int, list[Row]] = {}
    for row in meetings(books):
        if row.get("etat") != "annulee" and row.get("date") is not None:
            by_body.setdefault(row.get("instance") or 0, []).append(row)
    taken: set[int] = set()
    proposals: list[Proposal] = []
    for line in sorted(books.rows("cycle"), key=lambda r: r.number):
        month = month_number(catalogue, line.get("mois"))
        body = in_force.get(line.get("instance") or 0)
        if month is None or body is None:
            continue
        day, why = _day(catalogue, by_body.get(body.number, []), line, year, month)
        if not on(body, day):
            continue
        existing = _standing(by_body.get(body.number, []), line, year, month, taken)
        if existing is not None:
            taken.add(existing)
        proposals.append(
            Proposal(
                cycle=line.number,
                body=body.number,
                body_name=books.name("instances", body.number),
                title=line.get("titre") or books.name("instances", body.number),
                agenda=line.get("ordre_du_jour") or "",
                day=day,
                why=why,
                existing=existing,
            )
        )
    return tuple(sorted(proposals, key=lambda p: (p.day, collation(p.title), p.cycle)))


def _standing(rows: list[Row], line: Row, year: int, month: int, taken: set[int]) -> int | None:
    """A meeting of the body that month, not cancelled; one of the same title first."""
    found = [
        row
        for row in rows
        if row.number not in taken
        and (row.values["date"].year, row.values["date"].month) == (year, month)
    ]
    found.sort(key=lambda row: (row.get("titre") != line.get("titre"), row.number))
    return found[0].number if found else None


def _day(
    catalogue: Catalogue, rows: list[Row], line: Row, year: int, month: int
) -> tuple[dt.date, str]:
    former = [
        row for row in rows if row.values["date"].month == month and row.values["date"].year < year
    ]
    if former:
        same = [row for row in former if row.get("titre") == line.get("titre")]
        date = (same or former)[-1].values["date"]
        day = ranked(year, month, date.isoweekday(), rank_of(date))
        why = "comme la fois précédente"
    else:
        weekday, rank = (int(n) for n in catalogue.numbers("reunion_jour_propose"))
        day, why = ranked(year, month, weekday, rank), "par défaut"
    worked = next_worked(day)
    return worked, f"{why}, reporté d’un jour férié" if worked != day else why
