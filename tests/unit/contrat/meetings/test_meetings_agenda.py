"""Is what is due next told, from the law, the cycle, the meetings and their decisions?"""

from __future__ import annotations

import datetime as dt
from typing import Any

from meeting_books import CATALOGUE, SmallBooks, day
from terril.contrat.meetings.agenda import decision_dues, meeting_dues, own_dues, what_is_due
from terril.contrat.meetings.cycle import propose_year
from terril.contrat.meetings.due import Due
from terril.contrat.meetings.legal import Term

TERM = Term(day("2024-07-01"), day("2030-12-31"), "g2024")


def test_the_year_is_proposed_from_the_cycle_and_not_twice() -> None:
    books = SmallBooks(
        "2026-11-24",
        instances=[{"nom": "Commission"}, {"nom": "Fermée", "jusqua": day("2026-12-31")}],
        cycle=[
            {"titre": "Commission n° 1", "instance": 1, "mois": "septembre"},
            {"titre": "Commission n° 2", "instance": 1, "mois": "mars"},
            {"titre": "Fermée", "instance": 2, "mois": "mars"},
            {"titre": "Sans mois", "instance": 1},
        ],
        reunions=[
            {"titre": "Commission n° 1", "instance": 1, "date": day("2026-09-24")},
            {"titre": "Commission n° 2", "instance": 1, "date": day("2027-03-30")},
        ],
    )
    told = [(p.title, p.day.isoformat(), p.existing, p.why) for p in
            propose_year(books, CATALOGUE, 2027)]  # fmt: skip
    assert told == [
        ("Commission n° 2", "2027-03-09", 2, "par défaut"),
        ("Commission n° 1", "2027-09-23", None, "comme la fois précédente"),
    ]


def test_two_meetings_of_one_body_in_one_month_stand_for_one_line_each() -> None:
    cycle = [
        {"titre": f"Comité {word}", "instance": 1, "mois": "mars"} for word in ("des uns", "autres")
    ]
    one = [{"titre": "Comité autres", "instance": 1, "date": day("2027-03-02")}]
    books = SmallBooks("2026-11-24", instances=[{"nom": "Comité"}], cycle=cycle, reunions=one)
    found = {p.title: p.existing for p in propose_year(books, CATALOGUE, 2027)}
    assert sorted(found.values(), key=str) == [1, None]
    two = [*one, {"titre": "Comité des uns", "instance": 1, "date": day("2027-03-03")}]
    books = SmallBooks("2026-11-24", instances=[{"nom": "Comité"}], cycle=cycle, reunions=two)
    assert {p.title: p.existing for p in propose_year(books, CATALOGUE, 2027)} == {
        "Comité des uns": 2, "Comité autres": 1,
    }  # fmt: skip


def test_a_cancelled_meeting_leaves_its_place() -> None:
    books = SmallBooks(
        "2026-11-24",
        instances=[{"nom": "C"}],
        cycle=[{"titre": "C", "instance": 1, "mois": "mai"}],
        reunions=[{"titre": "C", "instance": 1, "date": day("2027-05-04"), "etat": "annulee"}],
    )
    assert [p.existing for p in propose_year(books, CATALOGUE, 2027)] == [None]


def test_a_proposed_day_is_no_holiday() -> None:
    books = SmallBooks(
        "2025-11-24",
        instances=[{"nom": "C"}],
        cycle=[{"titre": "C", "instance": 1, "mois": "juillet"}],
    )
    days = {year: propose_year(books, CATALOGUE, year)[0] for year in range(2026, 2040)}
    assert days[2026].day == day("2026-07-15") and "férié" in days[2026].why
    assert all(p.day.isoweekday() < 6 and p.day.month == 7 for p in days.values())


def dues(today: str, rows: list[dict[str, Any]]) -> list[Due]:
    books = SmallBooks(today, instances=[{"nom": "C"}], reunions=rows)
    return list(meeting_dues(books, CATALOGUE, day("2026-06-01"), day("2027-12-01")))


def test_a_meeting_asks_for_what_it_still_needs() -> None:
    ahead = {"titre": "C", "instance": 1, "date": day("2026-12-10")}
    past = {"titre": "C", "instance": 1, "date": day("2026-11-10")}
    told = [
        ({**ahead}, "C\u00a0: à convoquer", "reunion"),
        ({**ahead, "etat": "convoquee"}, "C", "reunion"),
        ({**past, "etat": "convoquee"}, "C\u00a0: a-t-elle été tenue\u202f?", "reunion"),
        ({**past, "etat": "tenue"}, "C\u00a0: compte rendu à écrire", "compte_rendu"),
        (
            {**past, "etat": "tenue", "compte_rendu": "Un texte."},
            "C\u00a0: compte rendu à faire valider",
            "compte_rendu",
        ),
    ]
    for row, what, kind in told:
        assert [(d.what, d.kind) for d in dues("2026-11-24", [row])] == [(what, kind)], row
    over = {**past, "etat": "tenue", "compte_rendu": "x", "valide_le": day("2026-11-20")}
    assert dues("2026-11-24", [over, {**past, "etat": "annulee"}]) == []


def test_minutes_are_owed_within_the_delay_of_the_card() -> None:
    held = {"titre": "C", "instance": 1, "date": day("2026-11-10"), "etat": "tenue"}
    due = dues("2026-11-24", [held])[0]
    assert due.day == day("2026-11-10") + dt.timedelta(
        days=int(CATALOGUE.number("compte_rendu_delai"))
    )


def test_own_deadlines_come_back_each_year_until_they_are_done() -> None:
    books = SmallBooks(
        "2026-11-24",
        echeances=[
            {"quoi": "Bilan", "le": day("2024-02-29"), "chaque_annee": True, "fait_pour": 2026},
            {"quoi": "Une fois", "le": day("2026-12-15")},
            {"quoi": "Oubliée", "le": day("2020-01-15")},
            {"quoi": "Faite jadis", "le": day("2020-01-15"), "fait_le": day("2020-01-10")},
            {"quoi": "Dans l’année", "annee": 2026},
            {"quoi": "Légale", "regle": "rapport_annuel", "annee": 2026},
        ],
    )
    found = list(own_dues(books, day("2026-01-01"), day("2027-12-31")))
    assert [(d.what, d.day and d.day.isoformat(), d.done) for d in found] == [
        ("Bilan", "2026-02-28", True),
        ("Bilan", "2027-02-28", False),
        ("Une fois", "2026-12-15", False),
        ("Oubliée", "2020-01-15", False),
        ("Dans l’année", "2026-12-31", False),
    ]


def test_a_late_decision_is_never_forgotten() -> None:
    books = SmallBooks(
        "2026-11-24",
        decisions=[
            {"decision": "vieille", "echeance": day("2019-01-01"), "etat": "en_cours"},
            {"decision": "faite", "echeance": day("2019-01-01"), "etat": "fait"},
            {"decision": "sans jour"},
        ],
    )
    found = list(decision_dues(books, day("2026-06-01")))
    assert [(d.what, d.state(books.today, 60)) for d in found] == [
        ("vieille", "retard"),
        ("sans jour", "a_fixer"),
    ]


def test_everything_comes_together_in_the_order_of_the_days() -> None:
    books = SmallBooks(
        "2026-11-24",
        organisations=[{"nom": "Ville A"}],
        instances=[{"nom": "Commission"}],
        cycle=[{"titre": "Commission", "instance": 1, "mois": "mars"}],
        reunions=[{"titre": "Réunion", "instance": 1, "date": day("2026-12-02")}],
        decisions=[{"decision": "Écrire", "reunion": 1, "responsable": 1,
                    "echeance": day("2026-12-20")}],
        echeances=[{"quoi": "Feuille de route", "le": day("2027-01-15")}],
    )  # fmt: skip
    found = what_is_due(books, CATALOGUE, TERM)
    assert {due.kind for due in found} == {
        "legale", "contrat", "cycle", "reunion", "decision",
    }  # fmt: skip
    dated = [due.day for due in found if due.day]
    assert dated == sorted(dated)
    cycle = next(due for due in found if due.kind == "cycle")
    assert (cycle.when, cycle.day) == ("en mars 2027", day("2027-03-31"))
    assert next(due for due in found if due.kind == "decision").countdown(books.today) == (
        "dans 26 jours"
    )
