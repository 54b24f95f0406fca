"""Which small registers do the tests of participation share?"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from terril.registres.rows import Row

TODAY = dt.date(2026, 11, 24)
day = dt.date.fromisoformat


@dataclass(frozen=True)
class Shelf:
    """Registers held in memory: ``Books`` for tests."""

    registers: Mapping[str, Sequence[Row]] = field(default_factory=dict)
    today: dt.date = TODAY

    def rows(self, register: str) -> Sequence[Row]:
        """The rows that are not archived."""
        return [row for row in self.registers.get(register, ()) if not row.archived]

    def name(self, register: str, number: int) -> str:
        """The first text of a row."""
        for row in self.registers.get(register, ()):
            if row.number == number:
                return str(next(v for v in row.values.values() if isinstance(v, str)))
        return f"n° {number}"


def shelf(today: dt.date = TODAY, **registers: Sequence[Mapping[str, Any]]) -> Shelf:
    """Number the rows of each register from 1."""
    return Shelf(
        {
            name: [Row(number, 1, dict(values)) for number, values in enumerate(rows, 1)]
            for name, rows in registers.items()
        },
        today,
    )


def small_contract(today: dt.date = TODAY) -> Shelf:
    """A contract with two neighbourhoods, four forms, needs, referrals and associations."""
    return shelf(
        today,
        quartiers=[{"nom": "Le Val"}, {"nom": "Les Tilleuls"}],
        organisations=[{"nom": "Ville de Montreval"}, {"nom": "Office de l’habitat"}],
        instances=[{"nom": "Comité de pilotage"}],
        actions=[{"code": "A1", "intitule": "Jardin partagé"}],
        formes=[
            {"nom": "Conseil citoyen du Val", "forme": "conseil_citoyen", "quartiers": (1,),
             "creee_le": day("2016-03-01"), "membres": 12, "femmes": 7, "hommes": 5,
             "mandat_fin": day("2025-12-31")},
            {"nom": "Conseil citoyen des Tilleuls", "forme": "conseil_citoyen",
             "quartiers": (2,)},
            {"nom": "Table de quartier du Val", "forme": "table_quartier", "quartiers": (1,),
             "activite": "active", "membres": 20, "femmes": 3, "hommes": 16},
            {"nom": "Budget participatif", "forme": "budget_participatif",
             "activite": "sommeil"},
        ],
        formes_suivi=[
            {"forme": 1, "annee": 2023, "reunions": 8, "membres_actifs": 18},
            {"forme": 1, "annee": 2025, "reunions": 3, "membres_actifs": 8, "femmes": 5,
             "hommes": 3},
            {"forme": 1, "annee": 2026, "reunions": 1, "membres_actifs": 8},
            {"forme": 3, "annee": 2025, "reunions": 6, "membres_actifs": 15},
            {"forme": 4, "annee": 2022, "etat": "sommeil", "raison": "Le budget n’a pas été voté."},
        ],
        formations=[
            {"titre": "Prendre la parole", "date": day("2025-05-06"), "formes": (1,),
             "heures": 6, "participants": 4},
            {"titre": "Lire un budget", "date": day("2025-06-10"), "formes": (1, 3),
             "heures": 3, "participants": 10},
            {"titre": "Visite", "date": day("2025-07-01"), "formes": (3,)},
        ],
        interpellations=[
            {"objet": "Fermeture du guichet", "forme": 1, "quartiers": (1,),
             "posee_le": day("2026-01-10"), "destinataire": "prefet", "etat": "repondue",
             "reponse": "Réouverture le matin.", "repondu_le": day("2026-02-09")},
            {"objet": "Éclairage du parc", "forme": 3, "quartiers": (1,),
             "posee_le": day("2026-06-01"), "destinataire": "commune", "etat": "transmise"},
            {"objet": "Ligne de bus", "forme": 1, "quartiers": (1,),
             "posee_le": day("2026-11-01"), "destinataire": "epci",
             "attendue_le": day("2026-12-15")},
        ],
        besoins=[
            {"titre": "Un banc", "quartiers": (1,), "theme": "cadre_de_vie",
             "recu_le": day("2026-03-01"), "etat": "fait", "repondu_le": day("2026-03-21"),
             "fait_le": day("2026-05-20"), "texte": "Un banc à l’arrêt.", "publie": True},
            {"titre": "Un jardin", "quartiers": (1, 2), "theme": "environnement",
             "recu_le": day("2026-05-01"), "etat": "repondu", "repondu_le": day("2026-05-31"),
             "texte": "Un jardin partagé.", "publie": True},
            {"titre": "Un local", "quartiers": (2,), "theme": "lien_social",
             "recu_le": day("2026-07-01"), "etat": "etudie", "publie": None},
            {"titre": "Un passage", "recu_le": day("2026-11-20"), "publie": False},
        ],
        associations=[
            {"objet": "Contrat de ville", "type": "document", "etape": "elaboration",
             "associes": True, "niveau": "concertation", "debut": day("2023-10-01"),
             "fin": day("2024-02-28"), "formes": (1,), "preuve": "Bilan de la concertation, p. 4",
             "change": "Un axe sur la santé a été ajouté."},
            {"objet": "Contrat de  ville", "type": "document", "etape": "evaluation",
             "associes": True, "niveau": "co_construction", "debut": day("2026-09-01")},
            {"objet": "Jardin partagé", "type": "action", "action": 1, "quartiers": (1,),
             "etape": "mise_en_oeuvre", "associes": True, "niveau": "co_decision",
             "debut": day("2026-04-12"), "formes": (3,), "preuve": "Vote du 12 avril",
             "change": "Les habitants ont choisi l’emplacement."},
            {"objet": "Comité de pilotage", "type": "instance", "instance": 1,
             "etape": "mise_en_oeuvre", "associes": False, "debut": day("2025-06-01")},
            {"objet": "Rénovation de la place", "type": "amenagement", "quartiers": (2,)},
            {"objet": "Fête du quartier", "quartiers": (1,), "associes": True,
             "niveau": "consultation", "debut": day("2027-06-01"), "preuve": "programme"},
        ],
    )  # fmt: skip
