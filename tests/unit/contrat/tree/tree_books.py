"""What do the tests of the tree and of its money read: two generations of contracts, in short?"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from terril.registres.rows import Row

TODAY = dt.date(2026, 11, 24)


def rows(*values: Mapping[str, Any]) -> list[Row]:
    """Rows numbered from 1 in their order."""
    return [Row(number, 1, held) for number, held in enumerate(values, 1)]


class TreeBooks:
    """Registers in memory."""

    def __init__(self, today: dt.date = TODAY, **registers: Sequence[Row]) -> None:
        self._today, self._held = today, registers

    @property
    def today(self) -> dt.date:
        return self._today

    def rows(self, register: str) -> Sequence[Row]:
        return [row for row in self._held.get(register, ()) if not row.archived]

    def name(self, register: str, number: int) -> str:
        for row in self._held.get(register, ()):
            if row.number == number:
                return str(row.get("nom") or row.get("intitule") or f"n° {number}")
        return f"n° {number}"


PILLARS = [["pilier", "piliers"], ["axe", "axes"], ["objectif", "objectifs"]]
PROJECTS = [["projet de quartier", "projets de quartier"], ["objectif", "objectifs"]]


def of_2015() -> list[Row]:
    """Pillars, axes, objectives; one stake that crosses them; an objective straight on a pillar."""
    return rows(
        {"code": "P1", "intitule": "Cohésion sociale", "niveau": "n1"},
        {"code": "P1.10", "intitule": "Santé", "niveau": "n2", "parent": 1},
        {"code": "P1.2", "intitule": "Réussite éducative", "niveau": "n2", "parent": 1},
        {"code": "P1.2.1", "intitule": "Soutenir les parents", "niveau": "n3", "parent": 3,
         "buts": ("but_02",), "indicateurs": ("education.taux_retard_6e",)},
        {"code": "P1.2.2", "intitule": "Repérer l’excellence", "niveau": "n3", "parent": 3},
        {"code": "P1.3", "intitule": "Estime de soi", "niveau": "n3", "parent": 1},
        {"code": "T", "intitule": "Égalité des chances", "niveau": "n1", "transversal": True},
    )  # fmt: skip


def of_2024() -> list[Row]:
    """A base for the whole contract, one project a neighbourhood (1 and 2), no level written."""
    return rows(
        {"code": "S", "intitule": "Socle transversal", "transversal": True},
        {"code": "S1", "intitule": "Accès aux droits", "parent": 1},
        {"code": "Q1", "intitule": "Projet du quartier A", "quartiers": (1,)},
        {"code": "Q1.1", "intitule": "Ouvrir une maison de santé", "parent": 3, "quartiers": (1,)},
        {"code": "Q2", "intitule": "Projet du quartier B", "quartiers": (2,)},
        {"code": "Q2.1", "intitule": "Relier le quartier au centre", "parent": 5},
        {"code": "Q2.1.1", "intitule": "Une ligne de bus le soir", "parent": 6},
    )
