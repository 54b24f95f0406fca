"""What is due next: by law, by the contract's own dates and cycle, after its meetings?"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

from terril.catalogue.cards import Catalogue
from terril.contrat.meetings.bodies import AHEAD, HELD
from terril.contrat.meetings.cycle import propose_year
from terril.contrat.meetings.days import month_end, shift
from terril.contrat.meetings.due import Due, in_order
from terril.contrat.meetings.legal import Term, legal_dues
from terril.lib.dates import date_longue
from terril.registres.rows import Books, Row

#: states of a decision that is over
OVER = frozenset({"fait", "abandonne"})
_THEN = "\u00a0: "


def what_is_due(books: Books, catalogue: Catalogue, term: Term) -> tuple[Due, ...]:
    """Return everything to do, in the order of the days; what is done is in it, marked.

    The window goes from ``echeance_passe`` days ago to ``echeance_horizon`` days ahead. A
    decision or a meeting that is late stays however old it is: nobody forgets it by waiting.
    """
    start = books.today - dt.timedelta(days=int(catalogue.number("echeance_passe")))
    end = books.today + dt.timedelta(days=int(catalogue.number("echeance_horizon")))
    return in_order(
        (
            *legal_dues(catalogue.deadlines, books, term, start, end),
            *own_dues(books, start, end),
            *cycle_dues(books, catalogue, min(end, term.ends or end)),
            *meeting_dues(books, catalogue, start, end),
            *decision_dues(books, start),
        )
    )


def own_dues(books: Books, start: dt.date, end: dt.date) -> Iterator[Due]:
    """Yield the contract's own deadlines: those that come once, each year of the others."""
    for row in books.rows("echeances"):
        if row.get("regle"):
            continue
        owner = row.get("responsable")
        plain = Due(
            what=row.get("quoi") or "Échéance",
            kind="contrat",
            day=row.get("le"),
            done=row.get("fait_le") is not None,
            done_on=row.get("fait_le"),
            year=row.get("annee"),
            register="echeances",
            number=row.number,
            owed_by=books.name("organisations", owner) if owner else "",
            about=row.get("remarques") or "",
        )
        if row.get("chaque_annee") and plain.day is not None:
            yield from _each_year(plain, row, start, end)
        elif plain.day is None:
            year = plain.year
            if year is not None:
                yield replace(plain, day=dt.date(year, 12, 31), loose=True)
            elif not plain.done:
                yield plain
        elif start <= plain.day <= end or (plain.day < start and not plain.done):
            yield plain


def _each_year(plain: Due, row: Row, start: dt.date, end: dt.date) -> Iterator[Due]:
    """Yield the occurrences of a window. ``fait_pour`` is the last year that was done."""
    first: dt.date = row.values["le"]
    until = row.get("fait_pour")
    for year in range(max(start.year, first.year), end.year + 1):
        day = shift(first, 12 * (year - first.year))
        if start <= day <= end:
            done = until is not None and year <= until
            done_on = plain.done_on if done and year == until else None
            yield replace(plain, day=day, year=year, done=done, done_on=done_on)


def cycle_dues(books: Books, catalogue: Catalogue, end: dt.date) -> Iterator[Due]:
    """Yield the meetings of the cycle that nobody planned yet, this month and after."""
    today = books.today
    for year in range(today.year, end.year + 1):
        for proposal in propose_year(books, catalogue, year):
            limit = month_end(proposal.day.year, proposal.day.month)
            if proposal.existing is None and today <= limit and proposal.day <= end:
                yield Due(
                    what=f"{proposal.title}{_THEN}réunion à programmer",
                    kind="cycle",
                    day=limit,
                    shown=f"en {date_longue(proposal.day.isoformat()).split(' ', 1)[1]}",
                    year=year,
                    register="cycle",
                    number=proposal.cycle,
                )


def meeting_dues(books: Books, catalogue: Catalogue, start: dt.date, end: dt.date) -> Iterator[Due]:
    """Yield the meetings ahead, those whose state is behind their date, the minutes owed."""
    delay = dt.timedelta(days=int(catalogue.number("compte_rendu_delai")))
    for row in books.rows("reunions"):
        day, state = row.get("date"), row.get("etat") or "prevue"
        if day is None or state == "annulee":
            continue
        title = row.get("titre") or books.name("reunions", row.number)
        plain = Due(what=title, kind="reunion", day=day, register="reunions", number=row.number)
        if state in AHEAD:
            if day < books.today:
                yield replace(plain, what=f"{title}{_THEN}a-t-elle été tenue\u202f?")
            elif day <= end:
                word = "" if state == "convoquee" else f"{_THEN}à convoquer"
                yield replace(plain, what=f"{title}{word}", calm=not word)
        elif state == HELD and day >= start:
            written, agreed = row.get("compte_rendu"), row.get("valide_le")
            if not written or agreed is None:
                word = "à faire valider" if written else "à écrire"
                yield replace(
                    plain,
                    what=f"{title}{_THEN}compte rendu {word}",
                    kind="compte_rendu",
                    day=day + delay,
                )


def decision_dues(books: Books, start: dt.date) -> Iterator[Due]:
    """Yield the decisions that have a day, or that wait for one."""
    for row in books.rows("decisions"):
        day, over = row.get("echeance"), (row.get("etat") or "a_faire") in OVER
        if over and (day is None or day < start):
            continue
        owner = row.get("responsable")
        yield Due(
            what=row.get("decision") or "Décision",
            kind="decision",
            day=day,
            done=over,
            done_on=row.get("fait_le"),
            register="decisions",
            number=row.number,
            owed_by=books.name("organisations", owner) if owner else "",
        )
