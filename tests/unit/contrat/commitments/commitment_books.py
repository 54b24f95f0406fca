"""What do the tests of commitments read: a small protocol of two themes?"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from terril.registres.rows import Row

TODAY = dt.date(2026, 11, 24)
D = dt.date


def rows(*values: Mapping[str, Any]) -> list[Row]:
    """Rows numbered from 1 in their order."""
    return [Row(number, 1, held) for number, held in enumerate(values, 1)]


class CommitmentBooks:
    """Registers in memory."""

    def __init__(self, today: dt.date = TODAY, **registers: Sequence[Row]) -> None:
        self._today, self._held = today, registers

    @property
    def today(self) -> dt.date:
        return self._today

    def rows(self, register: str) -> Sequence[Row]:
        return self._held.get(register, ())

    def name(self, register: str, number: int) -> str:
        for row in self._held.get(register, ()):
            if row.number == number:
                return str(row.get("nom"))
        return f"n° {number}"


def protocol(today: dt.date = TODAY) -> CommitmentBooks:
    """Five commitments: late, near, done with and without evidence, without owner nor day."""
    return CommitmentBooks(
        today,
        organisations=rows({"nom": "L’agglomération"}, {"nom": "La Région"}),
        engagements=rows(
            {"numero": 2, "theme": "Gouvernance", "titre": "Une commission d’évaluation",
             "responsable": 1, "echeance": D(2026, 11, 23), "etat": "engage", "public": True,
             "fait": "La commission s’est réunie deux fois."},
            {"numero": 1, "theme": "Gouvernance", "titre": "Un comité par an", "responsable": 1,
             "echeance": D(2025, 1, 1), "etat": "realise"},
            {"numero": 3, "theme": "Emploi", "titre": "La mobilité", "responsable": 2,
             "echeance": D(2026, 12, 20), "etat": "engage"},
            {"numero": 4, "theme": "Emploi", "titre": "Le numérique", "etat": "realise"},
            {"numero": 5, "titre": "Sans thème ni jour"},
        ),
        engagements_actions=rows(
            {"engagement": 3, "intitule": "Bus du soir", "echeance": D(2026, 12, 1),
             "etat": "en_cours", "preuve": "  "},
            {"engagement": 2, "intitule": "Réunion de juin", "responsable": 2, "etat": "faite",
             "preuve": "Compte rendu"},
            {"engagement": 3, "intitule": "Vélos", "echeance": D(2026, 1, 1),
             "etat": "abandonnee"},
            {"engagement": 2, "intitule": "Réunion de mai", "echeance": D(2020, 1, 1)},
        ),
    )  # fmt: skip
