"""What do the tests of the documents show: a review of two themes with all that may go wrong?"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from terril.catalogue.load import load_catalogue
from terril.contrat.commitments.board import commitments
from terril.contrat.commitments.review import Moved, Review, review
from terril.registres.rows import Row
from terril.reports.commitments.words import Heading

TODAY = dt.date(2026, 11, 24)
HEADING = Heading("Contrat de ville d’essai", "Agglomération d’essai", TODAY)


class Protocol:
    """Registers in memory."""

    def __init__(self, **registers: Sequence[Mapping[str, Any]]) -> None:
        self._held = {
            name: [Row(n, 1, values) for n, values in enumerate(rows, 1)]
            for name, rows in registers.items()
        }

    @property
    def today(self) -> dt.date:
        return TODAY

    def rows(self, register: str) -> Sequence[Row]:
        return self._held.get(register, [])

    def name(self, register: str, number: int) -> str:
        return "L'agglomération" if number == 1 else f"n° {number}"


def made(count: int = 4, moves: Sequence[Moved] = ()) -> Review:
    """A review of ``count`` commitments: done, late, coming, without owner, and round again."""
    kinds: list[dict[str, Any]] = [
        {"etat": "realise", "responsable": 1, "echeance": dt.date(2025, 1, 1)},
        {"etat": "engage", "responsable": 1, "echeance": dt.date(2026, 8, 1),
         "avancement": Decimal(40), "fait": "Trois réunions ; \"deux\" visites <b>.\n\nEt après ?"},
        {"etat": "a_engager", "responsable": 1, "echeance": dt.date(2027, 1, 1)},
        {"etat": "engage"},
    ]  # fmt: skip
    books = Protocol(
        engagements=[
            {"numero": n + 1, "titre": f"L'engagement {n + 1} : agir !",
             "theme": "Gouvernance" if n < 2 else "Cadre de vie", **kinds[n % 4]}
            for n in range(count)
        ],
        engagements_actions=[{"engagement": 2, "intitule": "Une", "etat": "faite"},
                             {"engagement": 2, "intitule": "Deux"}],
    )  # fmt: skip
    catalogue = load_catalogue()
    return review(commitments(books, catalogue), catalogue, dt.date(2026, 1, 1), TODAY, moves)
