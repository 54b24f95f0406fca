"""What is the last trace that a form of participation left, and since when is there none?

A trace is a dated fact of the registers: creation, a year with meetings, a training, a referral,
a walk, an association with an action, a need that it carried. A day still to come is no trace.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from terril.registres.rows import Books, Row


@dataclass(frozen=True, slots=True, order=True)
class Trace:
    """A dated fact about a form. ``what``: noun, without article."""

    day: dt.date
    what: str


def earlier(day: dt.date, months: int) -> dt.date:
    """The same day so many months before; the last day of the month when it has no such day."""
    rank = day.year * 12 + day.month - 1 - months
    year, month = divmod(rank, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def traces(books: Books) -> Mapping[int, tuple[Trace, ...]]:
    """The traces of each form that has any, oldest first, none after today."""
    found: dict[int, set[Trace]] = defaultdict(set)
    for number, trace in _all(books):
        if trace.day <= books.today:
            found[number].add(trace)
    return {number: tuple(sorted(kept)) for number, kept in found.items()}


def _all(books: Books) -> Iterator[tuple[int, Trace]]:
    for row in books.rows("formes"):
        if day := row.get("creee_le"):
            yield row.number, Trace(day, "création")
    for row in books.rows("formes_suivi"):
        if lived(row):
            yield row.get("forme"), Trace(_within(row.get("annee"), books.today), "année suivie")
    for register, day, what in (
        ("formations", "date", "formation"),
        ("marches", "date", "marche"),
        ("associations", "debut", "association à un objet du contrat"),
        ("associations", "fin", "association à un objet du contrat"),
    ):
        for row in books.rows(register):
            if row.get(day) and row.get("associes") is not False:
                for number in row.get("formes") or ():
                    yield number, Trace(row.get(day), what)
    for register, day, what in (
        ("interpellations", "posee_le", "interpellation"),
        ("besoins", "recu_le", "besoin porté"),
    ):
        for row in books.rows(register):
            if row.get(day) and row.get("forme") is not None:
                yield row.get("forme"), Trace(row.get(day), what)


def lived(year: Row) -> bool:
    """Does this yearly row say that the form did something in the year?"""
    return bool(year.get("reunions") or year.get("membres_actifs") or year.get("etat") == "active")


def _within(year: int, today: dt.date) -> dt.date:
    """The latest day that a fact of a year may have: nothing says when in the year it was."""
    return min(dt.date(year, 12, 31), today) if year <= today.year else dt.date(year, 1, 1)
