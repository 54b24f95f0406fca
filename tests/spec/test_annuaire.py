"""L’annuaire des opérateurs.

L’annuaire dit qui fait quoi, où, pour qui. Une offre qui nomme des quartiers est pour eux ; une
offre qui ne nomme que des communes est pour tous ceux qui y vivent, quartiers compris ; une offre
qui ne nomme rien est pour toute l’agglomération. Dans le tableau par quartier, les deux premières
comptent, la troisième a sa ligne. Une case sans nombre veut dire que l’annuaire ne connaît pas
d’offre, jamais qu’il n’y en a pas.

La recherche ne tient compte ni des accents, ni des majuscules, ni du pluriel. Un mot que personne
n’a écrit est rapproché de ceux qui n’en diffèrent que d’une lettre, à partir de cinq lettres. Deux
structures sont tenues pour un doublon possible quand elles ont le même numéro officiel, le même
nom, ou des noms proches ; rien n’est fusionné.
"""

from __future__ import annotations

import pytest

from directory_world import Kept
from methode import Methode, Tableau
from terril.catalogue.load import load_catalogue
from terril.contrat.directory.matrix import matrix
from terril.contrat.directory.reach import Reach, reach
from terril.contrat.directory.search import Query, Search
from terril.contrat.directory.sheets import Offer, Place, whole_directory
from terril.contrat.directory.twins import Reason, compared, key_of

CATALOGUE = load_catalogue()
#: deux communes, A et B ; un quartier de A, un de B, un à cheval
NOMS = {1: "quartier de A", 2: "quartier de B", 3: "quartier à cheval"}
LIEUX = tuple(Place(n, NOMS[n], held) for n, held in ((1, (1,)), (2, (2,)), (3, (1, 2))))
COMMUNES = {1: "A", 2: "B"}

#: quartiers de l’offre, ses communes, quartiers qu’elle concerne, ligne de l’agglomération
PORTEES: list[tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...], bool]] = [
    ((1,), (), (1,), False),
    ((1, 3), (), (1, 3), False),
    ((), (1,), (1, 3), False),
    ((), (1, 2), (1, 2, 3), False),
    ((2,), (1,), (2,), False),
    ((), (), (), True),
]


@pytest.mark.parametrize(("quartiers", "communes", "reached", "everywhere"), PORTEES)
def test_ou_est_une_offre(
    quartiers: tuple[int, ...],
    communes: tuple[int, ...],
    reached: tuple[int, ...],
    everywhere: bool,
) -> None:
    books = Kept()
    for number, place in NOMS.items():
        books.put("quartiers", number, nom=place, communes=LIEUX[number - 1].communes)
    books.put("organisations", 1, nom="Structure")
    books.put("offres", 1, organisation=1, intitule="Offre", themes=("sante",),
              quartiers=quartiers, communes=communes)  # fmt: skip
    held = matrix(whole_directory(books, CATALOGUE))
    assert tuple(n for n in NOMS if (n, "sante") in held.known) == reached
    assert ("sante" in held.everywhere) is everywhere
    offer = Offer(1, 1, "Structure", "Offre", quartiers=quartiers, communes=communes)
    assert tuple(p.number for p in LIEUX if reach(offer, p) >= Reach.COMMUNE) == reached


#: ce qui est tapé, ce qui est écrit dans l’annuaire, trouvé
RECHERCHES = [
    ("sante", "Santé", True),
    ("ATELIERS", "Atelier d’écriture", True),
    ("nume", "Numérique", True),
    ("rique", "Numérique", False),
    ("alphabetsation", "Alphabétisation", True),
    ("dnase", "Danse", True),
    ("bios", "Bois", False),
    ("atelier danse", "Atelier d’écriture", False),
]


@pytest.mark.parametrize(("typed", "written", "found"), RECHERCHES)
def test_ce_que_trouve_une_recherche(typed: str, written: str, found: bool) -> None:
    books = Kept()
    books.put("organisations", 1, nom="Structure")
    books.put("offres", 1, organisation=1, intitule=written)
    letters = int(CATALOGUE.number("annuaire_faute_longueur"))
    search = Search(whole_directory(books, CATALOGUE), letters)
    assert bool(search.ask(Query(typed)).offers) is found


#: un nom, un autre, pourquoi ce serait la même structure
DOUBLONS = [
    ("Centre social du Nord", "Le centre social Nord", Reason.NAME),
    ("Secours populaire", "Secours populiare", Reason.NEAR),
    ("Régie inter-quartiers", "Régie interquartiers", Reason.NAME),
    ("Conseil citoyen Cité 4", "Conseil citoyen Cité 9", None),
    ("CCAS de Bourg", "CCAS de Bourges", None),
    ("Secours populaire", "Secours populaire de Bourg", None),
]


@pytest.mark.parametrize(("first", "second", "reason"), DOUBLONS)
def test_noms_proches(first: str, second: str, reason: Reason | None) -> None:
    per_mistake = int(CATALOGUE.number("annuaire_doublon_lettres"))
    assert compared(key_of(first), key_of(second), per_mistake) is reason


def _places(numbers: tuple[int, ...]) -> str:
    return ", ".join(NOMS[n] for n in numbers) or "–"


METHODE = Methode(
    order=89,
    tables=(
        Tableau(
            "PORTEES",
            "Les quartiers qu’une offre concerne",
            ("quartiers de l’offre", "communes de l’offre", "quartiers concernés",
             "toute l’agglomération"),
            {
                "quartiers de l’offre": _places,
                "communes de l’offre": lambda held: ", ".join(COMMUNES[n] for n in held) or "–",
                "quartiers concernés": _places,
            },
        ),
        Tableau(
            "RECHERCHES",
            "Ce que trouve une recherche",
            ("ce qui est tapé", "ce qui est écrit", "trouvé"),
        ),
        Tableau(
            "DOUBLONS",
            "Deux noms pour une structure ?",
            ("un nom", "un autre", "rapprochés"),
        ),
    ),
)  # fmt: skip
