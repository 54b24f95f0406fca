"""L’assiduité aux réunions.

Une structure est attendue quand elle a un mandat ce jour-là ou qu’elle a été ajoutée à la
feuille de présence. Elle est là quand elle est présente ou représentée. Ce qui n’est pas noté
n’est ni une présence ni une absence : la réunion ne compte pas pour cette structure. Le taux de
présence est la part des présences parmi ce qui est connu. Une structure est constante quand
elle était là à deux réunions connues sur trois au moins, à partir de deux. La variété est
l’inverse de l’indice de Simpson sur les natures de structures : elle se lit comme un nombre de
natures venues à égalité.
"""

from __future__ import annotations

from fractions import Fraction

import pytest

from meeting_books import CATALOGUE, SmallBooks, day
from methode import Methode, Tableau
from terril.contrat.meetings.assiduity import Assiduity, assiduity, inverse_simpson

_STATES = {"P": "present", "R": "represente", "E": "excuse", "A": "absent"}


def _assiduity(*sheets: str) -> Assiduity:
    """Une instance ; une feuille par réunion, une lettre par structure, « · » pour rien."""
    count = max(len(sheet) for sheet in sheets)
    books = SmallBooks(
        "2026-12-01",
        organisations=[{"nom": f"Structure {n}", "nature": "autre"} for n in range(count)],
        instances=[{"nom": "Comité"}],
        mandats=[
            {"instance": 1, "organisation": n, "qualite": "titulaire"}
            for n in range(1, count + 1)
        ],
        reunions=[
            {"titre": f"n° {n}", "instance": 1, "date": day(f"2026-{n:02d}-10"), "etat": "tenue"}
            for n in range(1, len(sheets) + 1)
        ],
        presences=[
            {"reunion": meeting, "organisation": place, "etat": _STATES[letter]}
            for meeting, sheet in enumerate(sheets, 1)
            for place, letter in enumerate(sheet, 1)
            if letter in _STATES
        ],
    )  # fmt: skip
    return assiduity(books, CATALOGUE, 1, 2026)


#: ce qui est noté d’une structure, réunion par réunion ; venues, connues, constante
CONSTANCES: list[tuple[str, int, int, str]] = [
    ("PPP", 3, 3, "oui"),
    ("PRA", 2, 3, "oui"),
    ("PEA", 1, 3, "non"),
    ("PA", 1, 2, "non"),
    ("PP··", 2, 2, "oui"),
    ("P···", 1, 1, "–"),
    ("AAAA", 0, 4, "non"),
    ("····", 0, 0, "–"),
    ("PPPPAA", 4, 6, "oui"),
    ("PPPAA", 3, 5, "non"),
]


@pytest.mark.parametrize(("noted", "there", "known", "constant"), CONSTANCES)
def test_constance(noted: str, there: int, known: int, constant: str) -> None:
    told = _assiduity(*noted).structures[0]
    word = {True: "oui", False: "non", None: "–"}[told.constant]
    assert (told.there, told.known, word) == (there, known, constant)


#: présences par nature de structure ; variété
VARIETES: list[tuple[str, Fraction]] = [
    ("6", Fraction(1)),
    ("3 et 3", Fraction(2)),
    ("2, 2 et 2", Fraction(3)),
    ("4 et 2", Fraction(9, 5)),
    ("10, 1 et 1", Fraction(24, 17)),
    ("5, 5, 5 et 5", Fraction(4)),
]


@pytest.mark.parametrize(("counts", "variety"), VARIETES)
def test_variete(counts: str, variety: Fraction) -> None:
    numbers = [int(word) for word in counts.replace(",", " ").replace("et", " ").split()]
    assert inverse_simpson(numbers) == variety


#: une feuille par réunion, une lettre par structure ; taux de présence
TAUX: list[tuple[str, str]] = [
    ("PPPP", "4 sur 4"),
    ("PREA", "2 sur 4"),
    ("PREA PP··", "4 sur 6"),
    ("···· PPPA", "3 sur 4"),
    ("····", "inconnu"),
]


@pytest.mark.parametrize(("sheets", "rate"), TAUX)
def test_taux_de_presence(sheets: str, rate: str) -> None:
    told = _assiduity(*sheets.split())
    said = f"{told.there} sur {told.known}" if told.presence_rate is not None else "inconnu"
    assert said == rate


METHODE = Methode(
    order=88,
    tables=(
        Tableau(
            "CONSTANCES",
            "Une structure, réunion par réunion",
            ("noté", "venues", "réunions connues", "constante"),
            note="P : présente, R : représentée, E : excusée, A : absente, · : rien n’est noté.",
        ),
        Tableau(
            "TAUX",
            "Taux de présence",
            ("feuilles de présence", "présences parmi ce qui est connu"),
            note="Une feuille par réunion, une lettre par structure.",
        ),
        Tableau(
            "VARIETES",
            "Variété des présents",
            ("présences par nature de structure", "variété"),
            {"variété": lambda value: f"{float(value):.1f}".replace(".", ",")},
            note="1 ÷ la somme des carrés des parts.",
        ),
    ),
)
