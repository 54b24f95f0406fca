"""Do the registers of the tree, the programme and the promises compute what their cards name?"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from tree_books import TODAY, TreeBooks, of_2015, rows

from terril.catalogue.load import load_catalogue
from terril.contrat.measures import MEASURES

CATALOGUE = load_catalogue()


def test_the_cards_name_measures_that_exist() -> None:
    for register in ("arbre", "financements", "engagements", "engagements_annuels"):
        measures = CATALOGUE.registers[register].measures
        assert measures and set(measures) <= set(MEASURES), register
    assert not CATALOGUE.registers["actions"].measures, "money is not for all who read actions"


@pytest.mark.parametrize(
    "code", ["arbre_questions", "programme_argent", "engagements_annuels", "engagements_suivi"]
)
def test_an_empty_contract_computes_nothing(code: str) -> None:
    found = MEASURES[code](TreeBooks(TODAY), CATALOGUE)
    assert not found.tables and not found.alerts


def test_the_questions_of_the_tree_are_counted_and_named() -> None:
    books = TreeBooks(TODAY, arbre=of_2015())
    found = MEASURES["arbre_questions"](books, CATALOGUE)
    assert [(line.head, line.cells) for line in found.tables[0].lines] == [
        ("De l’argent, et aucun indicateur", (0,)),
        ("Objectifs sans action", (5,)),
        ("Objectifs sans indicateur", (4,)),
        ("Objectifs sans but de la loi", (4,)),
        ("Objectifs", (5,)),
    ]
    assert len(found.alerts) == 13 and all(a.register == "arbre" for a in found.alerts)


def test_the_promises_show_their_share_as_a_fraction() -> None:
    books = TreeBooks(
        TODAY,
        organisations=rows({"nom": "La Région"}),
        engagements_annuels=rows(
            {"organisation": 1, "engagement": "Bourses", "annee": 2024, "cible": Decimal(60),
             "realise": Decimal(20), "unite": "bourses"},
            {"organisation": 1, "engagement": "Bourses", "annee": 2025, "cible": Decimal(60)},
        ),
    )  # fmt: skip
    found = MEASURES["engagements_annuels"](books, CATALOGUE)
    assert [line.cells for line in found.tables[0].lines] == [
        ("La Région", Decimal(60), Decimal(20), Fraction(1, 3), "bourses"),
        ("La Région", Decimal(60), None, None, "bourses"),
    ]
    assert [(a.level, a.number) for a in found.alerts] == [("retard", 2)]
    assert found.notes == ("1 valeur attendue.",)
