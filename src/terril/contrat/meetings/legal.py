"""When does each deadline of the legal calendar fall for a contract, and was it met?

The forms of the rules are those of ``catalogue/calendar.py``. What was done is told by rows of
the register ``echeances`` that name the deadline and the year; such a row also sets the day of
a deadline that texts leave to the contract.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from terril.catalogue.calendar import (
    AfterDate,
    BeforeTarget,
    Deadline,
    EachTime,
    Every,
    FixedDay,
    Once,
    Yearly,
)
from terril.contrat.meetings.days import shift
from terril.contrat.meetings.due import Due, in_order
from terril.lib.dates import date_longue
from terril.lib.french import compte
from terril.lib.prose import typographie
from terril.registres.rows import Books, Row


@dataclass(frozen=True, slots=True)
class Term:
    """What the calendar must know of a contract; an unknown date limits nothing."""

    starts: dt.date | None = None
    ends: dt.date | None = None
    generation: str = ""


_Kept = Mapping[tuple[str, int], Row]


def legal_dues(
    cards: Mapping[str, Deadline], books: Books, term: Term, start: dt.date, end: dt.date
) -> tuple[Due, ...]:
    """Return the deadlines that fall from ``start`` to ``end``, done ones included.

    A deadline falls within the term of the contract and of its own card, else not at all. One
    whose day the contract has still to set falls in its year.
    """
    kept = _kept(books)
    dues: list[Due] = []
    for code, card in cards.items():
        if card.generations and term.generation and term.generation not in card.generations:
            continue
        first = max(start, dt.date.fromisoformat(card.since), term.starts or dt.date.min)
        last = min(
            end,
            dt.date.fromisoformat(card.until) if card.until else dt.date.max,
            term.ends or dt.date.max,
        )
        for due in _falls(code, card, books, kept, term, first, last):
            limit = due.day
            if limit is None and due.year is not None:
                limit = dt.date(due.year, 12, 31)
            if limit is None or first <= limit <= last or _whole_year(due, first, last):
                dues.append(due)
    return in_order(dues)


def _whole_year(due: Due, first: dt.date, last: dt.date) -> bool:
    """A year that the window cuts: the year runs on although its end is beyond."""
    return (
        (due.loose or due.day is None)
        and due.year is not None
        and first <= last
        and dt.date(due.year, 1, 1) <= last
        and first <= dt.date(due.year, 12, 31)
    )


def _kept(books: Books) -> _Kept:
    """The rows that speak of a legal deadline, by deadline and year; the last one wins."""
    return {
        (row.get("regle"), row.get("annee")): row
        for row in books.rows("echeances")
        if row.get("regle") and row.get("annee")
    }


def _falls(
    code: str,
    card: Deadline,
    books: Books,
    kept: _Kept,
    term: Term,
    first: dt.date,
    last: dt.date,
) -> Iterator[Due]:
    """Yield what a card makes fall around a window; a little too much is put right after."""
    rule = card.rule
    plain = Due(
        what=typographie(card.label), kind="legale", day=None, code=code,
        owed_by=typographie(card.owed_by), about=typographie(card.about),
        text=typographie(card.text), known=card.known, optional=card.optional,
    )  # fmt: skip
    years = range(first.year, last.year + 2) if first <= last else range(0)
    if isinstance(rule, FixedDay):
        for year in years:
            named = dt.date(year, rule.month, rule.day)
            day = named - dt.timedelta(days=1) if rule.before else named
            shown = f"avant le {date_longue(named.isoformat())}" if rule.before else ""
            yield _marked(replace(plain, day=day, year=year, shown=shown), kept)
    elif isinstance(rule, Yearly):
        for year in years:
            yield _marked(replace(plain, day=dt.date(year, 12, 31), loose=True, year=year), kept)
    elif isinstance(rule, Once):
        if rule.month is None or rule.day is None:
            day, loose = dt.date(rule.year, 12, 31), True
        else:
            day, loose = dt.date(rule.year, rule.month, rule.day), False
        yield _marked(replace(plain, day=day, loose=loose, year=rule.year), kept)
    elif isinstance(rule, Every):
        if term.starts is not None:
            day = shift(term.starts, 12 * rule.years)
            while day <= last:
                yield _marked(replace(plain, day=day, year=day.year), kept)
                day = shift(term.starts, 12 * (rule.years + day.year - term.starts.year))
    elif isinstance(rule, AfterDate):
        yield from _after(plain, rule, books)
    elif isinstance(rule, BeforeTarget):
        for year in years:
            target = kept.get((rule.target, year))
            set_on = target.get("le") if target is not None else None
            day_or_none = shift(set_on, -rule.months) if set_on is not None else None
            over = target is not None and target.get("fait_le") is not None
            due = _marked(replace(plain, day=day_or_none, year=year), kept)
            yield replace(due, done=due.done or over)


def _after(plain: Due, rule: AfterDate, books: Books) -> Iterator[Due]:
    for row in books.rows(rule.table):
        begun = row.get(rule.column)
        if not isinstance(begun, dt.date) or any(
            row.get(name) not in codes for name, codes in rule.only.items()
        ):
            continue
        done = row.get(rule.done) if rule.done else None
        name = books.name(rule.table, row.number)
        yield replace(
            plain,
            what=f"{plain.what} ({name})",
            day=shift(begun, rule.months),
            done=bool(done),
            done_on=done if isinstance(done, dt.date) else None,
            register=rule.table,
            number=row.number,
        )


def _marked(due: Due, kept: _Kept) -> Due:
    """Set what the contract noted: the day it chose, the day it was done."""
    row = kept.get((due.code, due.year or 0))
    if row is None:
        return due
    chosen, done = row.get("le"), row.get("fait_le")
    if chosen is not None and due.loose:
        due = replace(due, day=chosen, loose=False)
    return replace(
        due, done=done is not None, done_on=done, register="echeances", number=row.number
    )


def rule_text(card: Deadline, cards: Mapping[str, Deadline]) -> str:
    """Tell a rule in words, for the page of the calendar."""
    rule = card.rule
    if isinstance(rule, FixedDay):
        day = date_longue(f"2001-{rule.month:02d}-{rule.day:02d}").removesuffix(" 2001")
        return f"chaque année, {'avant' if rule.before else 'au plus tard'} le {day}"
    if isinstance(rule, Yearly):
        return "chaque année, sans jour fixé"
    if isinstance(rule, Once):
        if rule.month is None or rule.day is None:
            return f"une fois, en {rule.year}"
        return f"le {date_longue(f'{rule.year}-{rule.month:02d}-{rule.day:02d}')}"
    if isinstance(rule, Every):
        return f"tous les {compte(rule.years, 'an', 'ans')}, depuis le début du contrat"
    months = f"{rule.months} mois"
    if isinstance(rule, BeforeTarget):
        target = cards.get(rule.target)
        name = target.label if target else rule.target
        return typographie(f"{months} avant le jour fixé pour « {name} »")
    event = rule.event if isinstance(rule, EachTime) else "la date de chaque ligne"
    return f"dans les {months} qui suivent {typographie(event)}"
