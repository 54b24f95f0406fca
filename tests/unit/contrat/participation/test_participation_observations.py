"""Do the follow-ups of walks count who answers, and what is beyond its day?"""

from __future__ import annotations

from participation_books import day, shelf
from terril.catalogue.load import load_catalogue
from terril.contrat.participation.summaries import MEASURES

CATALOGUE = load_catalogue()


def test_observations_by_who_answers() -> None:
    books = shelf(
        organisations=[{"nom": "Ville"}],
        observations=[
            {"constat": "Trou", "organisation": 1, "echeance": day("2026-11-23")},
            {"constat": "Lampe", "organisation": 1, "echeance": day("2026-11-24")},
            {"constat": "Banc", "organisation": 1, "etat": "faite", "echeance": day("2020-01-01")},
            {"constat": "Arbre"},
        ],
    )
    found = MEASURES["participation_observations"](books, CATALOGUE)
    assert [(line.head, line.cells) for line in found.tables[0].lines] == [
        ("Ville", (3, 1, 2, 1)), ("Personne n’est désigné", (1, 0, 1, 0)),
    ]  # fmt: skip
    assert [alert.number for alert in found.alerts] == [1]
