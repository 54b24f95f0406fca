"""Does each form of legal deadline fall on its day, and is it done when the register says so?"""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meeting_books import CATALOGUE, SmallBooks, day
from terril.catalogue.calendar import Deadline
from terril.contrat.meetings.days import holidays, next_worked, rank_of, ranked, shift, worked
from terril.contrat.meetings.due import Due
from terril.contrat.meetings.legal import Term, legal_dues, rule_text


def card(rule: dict[str, Any], **more: Any) -> Deadline:
    given = {
        "label": "Essai", "about": "Un essai.", "owed_by": "Tous", "text": "Un texte",
        "known": "T", "since": "2015-01-01", "rule": rule, **more,
    }  # fmt: skip
    return Deadline.model_validate(given)


def dues(
    rule: dict[str, Any],
    books: SmallBooks,
    start: str,
    end: str,
    term: Term | None = None,
    **more: Any,
) -> list[Due]:
    cards = {"essai": card(rule, **more), "rapport": card({"form": "yearly"})}
    found = legal_dues(cards, books, term or Term(), day(start), day(end))
    return [due for due in found if due.code == "essai"]


#: rule, window, last days expected
FALLS: list[tuple[dict[str, Any], str, str, list[str | None]]] = [
    ({"form": "fixed_day", "month": 6, "day": 30}, "2026-01-01", "2026-12-31", ["2026-06-30"]),
    ({"form": "fixed_day", "month": 6, "day": 30}, "2026-07-01", "2027-06-29", []),
    ({"form": "fixed_day", "month": 6, "day": 30}, "2026-06-30", "2027-06-30",
     ["2026-06-30", "2027-06-30"]),
    ({"form": "fixed_day", "month": 1, "day": 1, "before": True}, "2026-10-01", "2027-02-01",
     ["2026-12-31"]),
    ({"form": "fixed_day", "month": 1, "day": 1, "before": True}, "2026-12-31", "2026-12-31",
     ["2026-12-31"]),
    ({"form": "yearly"}, "2026-03-01", "2026-09-01", ["2026-12-31"]),
    ({"form": "yearly"}, "2026-10-01", "2027-02-01", ["2026-12-31", "2027-12-31"]),
    ({"form": "once", "year": 2027}, "2026-06-01", "2026-12-31", []),
    ({"form": "once", "year": 2027}, "2026-06-01", "2027-01-01", ["2027-12-31"]),
    ({"form": "once", "year": 2030, "month": 1, "day": 1}, "2029-06-01", "2030-06-01",
     ["2030-01-01"]),
    ({"form": "every", "years": 3}, "2024-01-01", "2030-12-31", ["2027-05-15", "2030-05-15"]),
    ({"form": "before_target", "months": 1, "target": "rapport"}, "2026-01-01", "2026-12-31",
     ["2026-08-30"]),
    ({"form": "before_target", "months": 1, "target": "rapport"}, "2027-01-01", "2027-12-31",
     [None]),
    ({"form": "each_time", "months": 3, "event": "la signature"}, "2026-01-01", "2026-12-31", []),
    ({"form": "after_date", "months": 5, "table": "instances", "column": "depuis"},
     "2026-01-01", "2026-12-31", ["2026-06-30"]),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "start", "end", "expected"), FALLS)
def test_when_it_falls(
    rule: dict[str, Any], start: str, end: str, expected: list[str | None]
) -> None:
    books = SmallBooks(
        "2026-05-01",
        instances=[{"nom": "A", "depuis": day("2026-01-31")}, {"nom": "B"}],
        echeances=[{"quoi": "Conseil", "regle": "rapport", "annee": 2026, "le": day("2026-09-30")}],
    )
    term = Term(starts=day("2024-05-15"))
    found = dues(rule, books, start, end, term)
    assert [due.day.isoformat() if due.day else None for due in found] == expected


def test_a_deadline_stays_within_the_contract_and_its_own_dates() -> None:
    rule = {"form": "fixed_day", "month": 6, "day": 30}
    books = SmallBooks("2026-05-01")
    term = Term(day("2024-07-01"), day("2026-06-29"))
    assert [d.day for d in dues(rule, books, "2020-01-01", "2030-01-01", term)] == [
        day("2025-06-30")
    ]
    own = dues(rule, books, "2020-01-01", "2030-01-01", since="2026-06-30", until="2027-06-30")
    assert [due.year for due in own] == [2026, 2027]


def test_a_deadline_of_a_generation_is_that_generation_s_only() -> None:
    rule = {"form": "yearly"}
    books = SmallBooks("2026-05-01")
    for generation, expected in (("g2015", 0), ("g2024", 1), ("", 1)):
        term = Term(generation=generation)
        found = dues(rule, books, "2026-01-01", "2026-12-31", term, generations=("g2024",))
        assert len(found) == expected, generation


def test_done_is_told_by_year_and_the_contract_sets_the_day() -> None:
    books = SmallBooks(
        "2027-02-01",
        echeances=[
            {"quoi": "R", "regle": "essai", "annee": 2026, "fait_le": day("2026-10-02")},
            {"quoi": "R", "regle": "essai", "annee": 2027, "le": day("2027-09-28")},
        ],
    )
    first, second = dues({"form": "yearly"}, books, "2026-01-01", "2027-12-31")
    assert (first.year, first.done, first.done_on) == (2026, True, day("2026-10-02"))
    assert (second.day, second.loose, second.done) == (day("2027-09-28"), False, False)
    assert second.when == "le 28 septembre 2027"


def test_a_year_without_a_day_is_late_only_once_over() -> None:
    due = dues({"form": "yearly"}, SmallBooks("2026-12-31"), "2026-01-01", "2026-12-31")[0]
    assert due.when == "en 2026"
    assert due.state(day("2026-12-31"), 60) == "proche"
    assert due.state(day("2027-01-01"), 60) == "retard"


def test_what_is_optional_is_never_late() -> None:
    rule = {"form": "fixed_day", "month": 6, "day": 30}
    due = dues(rule, SmallBooks("2026-12-31"), "2026-01-01", "2026-12-31", optional=True)[0]
    assert due.state(day("2026-12-31"), 60) == "facultatif"


def test_a_consultation_is_over_when_its_report_is_done() -> None:
    books = SmallBooks(
        "2026-12-01",
        echeances=[{"quoi": "R", "regle": "rapport", "annee": 2026, "fait_le": day("2026-11-02")}],
    )
    rule = {"form": "before_target", "months": 1, "target": "rapport"}
    assert [d.done for d in dues(rule, books, "2026-01-01", "2026-12-31")] == [True]


def test_the_calendar_of_the_package_is_that_of_the_law() -> None:
    """law.md, section 13, in a contract of 2024 seen at the end of 2026."""
    term = Term(day("2024-07-01"), day("2030-12-31"), "g2024")
    found = legal_dues(
        CATALOGUE.deadlines, SmallBooks("2026-11-24"), term, day("2026-05-28"), day("2027-11-24")
    )
    told = {(due.code, due.when) for due in found}
    assert {
        ("tfpb_signature", "avant le 1er janvier 2027"),
        ("compte_rendu_financier", "le 30 juin 2026"),
        ("compte_rendu_financier", "le 30 juin 2027"),
        ("rapport_annuel", "en 2026"),
        ("rapport_consultation", "en 2026, jour à fixer"),
        ("evaluation_mi_parcours", "en 2027"),
        ("actualisation", "le 1er juillet 2027"),
        ("engagements_signataires", "en 2026"),
    } <= told
    assert not [due for due in found if due.code == "renouvellement"]


def test_every_card_is_dated_sourced_and_told() -> None:
    assert len(CATALOGUE.deadlines) >= 15
    for code, deadline in CATALOGUE.deadlines.items():
        assert deadline.text and deadline.known in "TRU", code
        assert rule_text(deadline, CATALOGUE.deadlines), code
    assert set(CATALOGUE.lists["regles_legales"].items) >= set(CATALOGUE.deadlines)


TOLD = [
    ("compte_rendu_financier", "chaque année, au plus tard le 30 juin"),
    ("tfpb_signature", "chaque année, avant le 1er janvier"),
    ("rapport_annuel", "chaque année, sans jour fixé"),
    ("donnees_conventions", "dans les 3 mois qui suivent la signature de chaque convention"),
    ("evaluation_mi_parcours", "une fois, en 2027"),
    ("renouvellement", "le 1er janvier 2030"),
    ("actualisation", "tous les 3 ans, depuis le début du contrat"),
]


@pytest.mark.parametrize(("code", "words"), TOLD)
def test_a_rule_is_told_in_words(code: str, words: str) -> None:
    assert rule_text(CATALOGUE.deadlines[code], CATALOGUE.deadlines) == words


SHIFTS = [
    ("2026-01-31", 1, "2026-02-28"),
    ("2024-01-31", 1, "2024-02-29"),
    ("2026-08-31", 6, "2027-02-28"),
    ("2026-03-31", -1, "2026-02-28"),
    ("2026-12-15", 1, "2027-01-15"),
    ("2024-02-29", 12, "2025-02-28"),
]


@pytest.mark.parametrize(("start", "months", "end"), SHIFTS)
def test_months_are_counted_as_the_law_does(start: str, months: int, end: str) -> None:
    assert shift(day(start), months) == day(end)


@given(st.dates(dt.date(1990, 1, 1), dt.date(2090, 1, 1)), st.integers(-60, 60))
def test_a_shift_lands_in_its_month_and_never_later_in_it(start: dt.date, months: int) -> None:
    end = shift(start, months)
    assert (end.year * 12 + end.month) - (start.year * 12 + start.month) == months
    assert end.day <= start.day


def test_easter_and_the_days_that_follow_it() -> None:
    mondays = {2024: "2024-04-01", 2025: "2025-04-21", 2026: "2026-04-06", 2038: "2038-04-26"}
    for year, monday in mondays.items():
        assert day(monday) in holidays(year)
        assert day(monday) + dt.timedelta(days=38) in holidays(year)  # Ascension
    assert len(holidays(2026)) == 11
    assert next_worked(day("2026-05-14")) == day("2026-05-15")  # Ascension, then a Friday
    assert not worked(day("2026-07-14")) and not worked(day("2026-11-22"))


@given(st.dates(dt.date(2000, 1, 1), dt.date(2090, 1, 1)))
def test_a_rank_in_a_month_finds_its_day_again(some: dt.date) -> None:
    assert ranked(some.year, some.month, some.isoweekday(), rank_of(some)) == some


def test_a_fifth_tuesday_is_the_last_one_where_there_are_four() -> None:
    assert ranked(2026, 2, 2, 5) == day("2026-02-24")
