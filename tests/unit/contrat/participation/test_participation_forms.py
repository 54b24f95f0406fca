"""Are forms said active, fading, silent or unknown as the registers say, and never otherwise?"""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from participation_books import day, shelf, small_contract
from terril.catalogue.load import load_catalogue
from terril.contrat.participation.forms import Activity, Year, falls_of, forms
from terril.contrat.participation.parity import parity_of, together
from terril.contrat.participation.traces import earlier, traces
from terril.contrat.participation.training import training
from terril.contrat.participation.words import form_sentence

CATALOGUE = load_catalogue()


def test_each_form_of_the_small_contract() -> None:
    fading, unknown, active, dormant = forms(small_contract(), CATALOGUE)
    assert fading.activity is Activity.FADING
    assert [(f.what, f.best_year, f.best, f.year, f.now) for f in fading.falls] == [
        ("membres actifs", 2023, 18, 2026, 8), ("réunions", 2023, 8, 2025, 3),
    ]  # fmt: skip
    assert fading.falls[0].share == Fraction(10, 18)
    assert fading.mandate_over and fading.active_members == 8
    assert (unknown.activity, unknown.last) == (Activity.UNKNOWN, None)
    assert active.activity is Activity.ACTIVE
    assert active.parity.verdict == "plus_hommes"
    assert (dormant.activity, dormant.declared) == (Activity.DORMANT, "sommeil")
    assert form_sentence(dormant) == "Le budget n’a pas été voté."


def test_a_sentence_says_the_fall() -> None:
    fading = forms(small_contract(), CATALOGUE)[0]
    assert form_sentence(fading) == (
        "Membres actifs\u00a0: 18 en 2023, 8 en 2026 (56\u202f% de moins). "
        "Réunions\u00a0: 8 en 2023, 3 en 2025 (63\u202f% de moins)."
    )


def test_nothing_written_is_unknown_and_a_declared_activity_without_trace_is_believed() -> None:
    books = shelf(formes=[{"nom": "A"}, {"nom": "B", "activite": "active"}])
    assert [f.activity for f in forms(books, CATALOGUE)] == [Activity.UNKNOWN, Activity.ACTIVE]


@pytest.mark.parametrize(
    ("created", "activity"),
    [
        ("2025-11-24", Activity.ACTIVE),  # twelve months to the day
        ("2025-11-23", Activity.SILENT),
        ("2027-01-01", Activity.UNKNOWN),  # to come: no trace yet
    ],
)
def test_twelve_months_without_a_trace(created: str, activity: Activity) -> None:
    books = shelf(formes=[{"nom": "A", "creee_le": day(created)}])
    assert forms(books, CATALOGUE)[0].activity is activity


def test_a_declared_activity_is_not_believed_against_an_old_trace() -> None:
    books = shelf(formes=[{"nom": "A", "activite": "active", "creee_le": day("2016-01-01")}])
    assert forms(books, CATALOGUE)[0].activity is Activity.SILENT


def test_the_state_of_the_last_year_is_that_of_a_form_that_says_nothing() -> None:
    books = shelf(
        formes=[{"nom": "A"}],
        formes_suivi=[
            {"forme": 1, "annee": 2026, "etat": "cessee"},
            {"forme": 1, "annee": 2024, "etat": "active"},
            {"forme": 1, "annee": 2027, "etat": "active"},
        ],
    )
    assert forms(books, CATALOGUE)[0].activity is Activity.ENDED


def test_every_kind_of_fact_is_a_trace_and_a_refused_association_is_not() -> None:
    books = shelf(
        formes=[{"nom": str(k)} for k in range(7)],
        formes_suivi=[{"forme": 1, "annee": 2024, "reunions": 0}],
        formations=[{"date": day("2026-01-01"), "formes": (2,)}],
        interpellations=[{"posee_le": day("2026-01-02"), "forme": 3}],
        marches=[{"date": day("2026-01-03"), "formes": (4,)}],
        besoins=[{"recu_le": day("2026-01-04"), "forme": 5}],
        associations=[
            {"debut": day("2026-01-05"), "formes": (6,), "associes": True},
            {"debut": day("2026-01-06"), "formes": (7,), "associes": False},
        ],
    )
    found = {number: kept[-1].day.day for number, kept in traces(books).items()}
    assert found == {2: 1, 3: 2, 4: 3, 5: 4, 6: 5}  # 1: a year without a meeting; 7: « no »


def test_the_running_year_is_no_fall_of_meetings_but_one_of_members() -> None:
    years = (Year(2025, meetings=10, active=10), Year(2026, meetings=2, active=9))
    assert falls_of(years, 2026, 50) == ()
    later = falls_of(years, 2027, 50)
    assert [f.what for f in later] == ["réunions"]


def test_months_before_keep_to_the_end_of_a_short_month() -> None:
    assert earlier(dt.date(2024, 3, 31), 1) == dt.date(2024, 2, 29)
    assert earlier(dt.date(2026, 1, 15), 12) == dt.date(2025, 1, 15)


@given(
    st.lists(
        st.tuples(st.integers(2000, 2030), st.none() | st.integers(0, 60)),
        unique_by=lambda item: item[0],
    )
)
def test_falls_agree_with_their_definition(series: list[tuple[int, int | None]]) -> None:
    years = [Year(y, active=n) for y, n in sorted(series)]
    falls = falls_of(years, 2026, 50)
    known = [(y, n) for y, n in sorted(series) if n is not None and y <= 2026]
    expected = (
        len(known) > 1
        and max(n for _, n in known[:-1]) > 0
        and known[-1][1] <= max(n for _, n in known[:-1]) / 2
    )
    assert bool(falls) is expected
    for fall in falls:
        assert fall.best_year < fall.year and Fraction(1, 2) <= fall.share <= 1


@given(st.lists(st.tuples(st.none() | st.integers(0, 40), st.none() | st.integers(0, 40))))
def test_parity_of_all_lies_between_those_of_each(
    pairs: list[tuple[int | None, int | None]],
) -> None:
    parities = [parity_of(women, men, 40, 60) for women, men in pairs]
    shares = [p.share for p in parities if p.share is not None]
    whole = together(parities, 40, 60)
    assert (whole.share is None) == (not shares)
    if whole.share is not None:
        assert min(shares) <= whole.share <= max(shares)


def test_parity_bounds_are_inside() -> None:
    assert parity_of(4, 6, 40, 60).verdict == parity_of(6, 4, 40, 60).verdict == "equilibree"
    assert parity_of(0, 0, 40, 60).verdict == parity_of(None, 3, 40, 60).verdict == "inconnue"


def test_training_of_a_form_leaves_out_what_is_shared() -> None:
    books = small_contract()
    every = forms(books, CATALOGUE)
    mine = training(books, every, every[0])
    assert (mine.sessions, mine.shared, mine.person_hours) == (1, 1, Fraction(24))
    assert mine.per_member == 3
    whole = training(books, every)
    assert (whole.sessions, whole.person_hours, whole.active) == (3, Fraction(54), 23)
    assert (whole.untold, whole.per_member) == (1, Fraction(54, 23))
    silent = training(books, every, every[1])
    assert (silent.active, silent.per_member) == (None, None)
