"""A small contract whose directory the tests read: five structures, four neighbourhoods."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from terril.registres.rows import Row

TODAY = dt.date(2026, 11, 24)


@dataclass
class Kept:
    """Registers kept in memory: register → number → values."""

    held: dict[str, dict[int, Mapping[str, Any]]] = field(default_factory=dict)
    today: dt.date = TODAY
    naming: Mapping[str, str] = field(
        default_factory=lambda: {"operateurs": "organisation", "offres": "intitule"}
    )

    def put(self, register: str, number: int, **values: Any) -> None:
        """Keep a row, or replace it."""
        self.held.setdefault(register, {})[number] = values

    def rows(self, register: str) -> Sequence[Row]:
        """The rows of a register, in the order of their numbers."""
        held = self.held.get(register, {})
        return [Row(number, 1, held[number]) for number in sorted(held)]

    def name(self, register: str, number: int) -> str:
        """The name of a row."""
        values = self.held.get(register, {}).get(number)
        if values is None:
            return f"n° {number}"
        return str(values.get(self.naming.get(register, "nom"), f"n° {number}"))


def small_directory() -> Kept:
    """Two communes; Moulins and Gare lie in the first, Verger in the second, Pont in both."""
    books = Kept()
    books.put("communes", 1, nom="Bourg-le-Haut", code="99001")
    books.put("communes", 2, nom="Saint-Éloi", code="99002")
    for number, (name, communes) in enumerate(
        [("Les Moulins", (1,)), ("La Gare", (1,)), ("Le Verger", (2,)), ("Le Pont", (1, 2))], 1
    ):
        books.put("quartiers", number, nom=name, code=f"QP99900{number}", communes=communes)
    structures = [
        ("Centre social des Moulins", "CSM", "association"),
        ("Mission locale du Bassin", "", "association"),
        ("Club d’échecs de Saint-Éloi", "", "association"),
        ("Atelier de l’Œuvre", "", "association"),
        ("Régie de quartier", "", "entreprise"),
    ]
    for number, (name, acronym, nature) in enumerate(structures, 1):
        books.put(
            "organisations", number, nom=name, sigle=acronym, nature=nature, courriel="x@y.fr"
        )
    books.put(
        "operateurs", 1, organisation=1, etat="publiee", a_jour_le=dt.date(2026, 3, 2),
        presentation="Le centre accueille les familles du quartier.", commune=1,
        adresse_accueil="3 rue du Moulin", horaires="du lundi au vendredi, 9 h à 18 h",
        langues=("fr", "ar"), accessibilite=("fauteuil",), telephone_accueil="0321000000",
        courriel_accueil="accueil@csm.exemple.fr", site="https://csm.exemple.fr",
        correspondant="Personne Secrète", correspondant_courriel="secret@csm.exemple.fr",
        remarques="à préciser",
    )  # fmt: skip
    books.put("operateurs", 2, organisation=2, etat="modifiee", a_jour_le=dt.date(2025, 10, 1),
              presentation="Pour les jeunes de 16 à 25 ans.", commune=2)  # fmt: skip
    books.put("operateurs", 3, organisation=3, etat="a_relire", presentation="Jouer et apprendre.")
    books.put("operateurs", 4, organisation=4, presentation="Couture et récupération.")
    books.put("offres", 1, organisation=1, intitule="Aide aux devoirs", themes=("education",),
              ages=("enfants", "adolescents"), public="tous", quartiers=(1,), cout="gratuit",
              quand="mardi, 17 h à 18 h 30", lieu="Salle bleue", publiee=True)  # fmt: skip
    books.put("offres", 2, organisation=1, intitule="Ateliers numériques",
              themes=("numerique", "droits"), public="tous", communes=(1,), cout="adhesion",
              description="Apprendre à faire ses démarches en ligne.", publiee=True)  # fmt: skip
    books.put("offres", 3, organisation=1, intitule="Groupe de parole", themes=("sante",),
              public="femmes", quartiers=(1, 4), cout="gratuit", publiee=False)  # fmt: skip
    books.put("offres", 4, organisation=2, intitule="Accompagnement vers l’emploi",
              themes=("emploi",), ages=("jeunes",), cout="gratuit", publiee=True)  # fmt: skip
    books.put("offres", 5, organisation=2, intitule="Permis à un euro", themes=("mobilite",),
              ages=("jeunes",), quartiers=(3,), jusqu_a=dt.date(2026, 6, 30),
              publiee=True)  # fmt: skip
    books.put("offres", 6, organisation=3, intitule="Échecs pour tous", themes=("culture",),
              quartiers=(3,), publiee=True)  # fmt: skip
    books.put("offres", 7, organisation=5, intitule="Chantier école", themes=("emploi",),
              quartiers=(1,), publiee=True)  # fmt: skip
    return books
