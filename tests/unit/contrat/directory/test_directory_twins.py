"""Are structures that stand twice found, and those that only resemble left alone?"""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from directory_world import small_directory
from terril.catalogue.load import load_catalogue
from terril.contrat.directory.twins import Reason, compared, key_of, pairs, twins, uses
from terril.registres.rows import Row

PER = int(load_catalogue().number("annuaire_doublon_lettres"))

#: two names, why they may be one
NAMES = [
    ("Centre social Brebis", "Centre social des Brebis", Reason.NAME),
    ("Association Les Anges", "Anges (association)", Reason.NAME),
    ("Régie inter-quartiers", "Regie Interquartiers", Reason.NAME),
    ("Maison des jeunes et de la culture", "Maison de la culture et des jeunes", Reason.NAME),
    ("Secours populaire", "Secours populiare", Reason.NEAR),
    ("Émergences créons", "Emergence creons", Reason.NAME),
    ("Les jardins partagés", "Les jardins prtagés", Reason.NEAR),
    ("Conseil citoyen de la Cité 4", "Conseil citoyen de la Cité 9", None),
    ("Commune de Lens", "Commune de Sens", None),  # short words: no mistake allowed
    ("CCAS de Bourg", "CCAS de Bourges", None),
    ("Secours populaire", "Secours populaire de Saint-Éloi", None),
    ("12", "12", None),
    ("L’association", "Le", None),
]


@pytest.mark.parametrize(("first", "second", "expected"), NAMES)
def test_names(first: str, second: str, expected: Reason | None) -> None:
    assert compared(key_of(first), key_of(second), PER) is expected
    assert compared(key_of(second), key_of(first), PER) is expected


def test_official_numbers_come_first_and_all_reasons_are_told() -> None:
    rows = [
        Row(1, 1, {"nom": "Centre social Nord", "siret": "12345678200010"}),
        Row(2, 1, {"nom": "Zèbre", "rna": "W621000001"}),
        Row(3, 1, {"nom": "Autre chose", "rna": "W621000001"}),
        Row(4, 1, {"nom": "Le centre social du Nord", "siret": "12345678200010"}),
        Row(5, 1, {"nom": "Centre d’information des jeunes", "sigle": "C.I.J."}),
        Row(6, 1, {"nom": "CIJ"}),
        Row(7, 1, {"nom": "Sans numéro", "siret": None}),
        Row(8, 1, {"nom": "Sans rien", "siret": None}),
    ]
    found = [(p.first.number, p.second.number, p.reasons, p.sure) for p in pairs(rows, PER)]
    assert found == [
        (1, 4, (Reason.SIRET, Reason.NAME), True),
        (2, 3, (Reason.RNA,), True),
        (5, 6, (Reason.ACRONYM,), False),
    ]


def test_the_row_in_use_is_told_apart() -> None:
    books = small_directory()
    books.put("organisations", 9, nom="Centre social Moulins")
    (pair,) = twins(books, PER)
    assert (pair.first.number, pair.second.number) == (1, 9)
    assert uses(books, 1) == (1, 3) and uses(books, 9) == (0, 0)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.text("ab éœ4", min_size=1, max_size=16), min_size=2, max_size=5))
def test_no_pair_is_lost_by_the_short_way(names: list[str]) -> None:
    rows = [Row(number, 1, {"nom": name}) for number, name in enumerate(names, 1)]
    expected = {
        (first.number, second.number)
        for first, second in combinations(rows, 2)
        if compared(key_of(first.values["nom"]), key_of(second.values["nom"]), PER)
    }
    assert {(p.first.number, p.second.number) for p in pairs(rows, PER)} == expected
