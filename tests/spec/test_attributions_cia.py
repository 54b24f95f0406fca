"""Les attributions de logements sociaux.

Trois parts se mesurent sur une année civile, pour tous les bailleurs (code de la construction et de
l'habitation, article L. 441-1). Hors des quartiers prioritaires : parmi les attributions suivies
d'un bail signé, celles qui vont au premier quartile de ressources ou à un ménage relogé par le
renouvellement urbain ; un ménage qui est l'un et l'autre compte une fois. En quartier : celles qui
vont aux quartiles 2 à 4. Pour chaque réservataire : celles qui vont aux ménages prioritaires.

Le plafond du premier quartile est celui de l'année de l'attribution. C'est le plus haut revenu du
quartile : qui l'atteint tout juste en est.

Des ressources inconnues ne comptent ni dedans ni dehors. Le taux est donné sur les cas connus, avec
la part inconnue et deux bornes : tous les inconnus dehors, tous dedans. L'objectif est atteint
quand la borne basse y est, non atteint quand la borne haute est dessous, indécis entre les deux.
Les parts sont comparées exactes, et arrondies seulement pour être montrées.

Une ligne de moins de 11 attributions est cachée. Si les lignes cachées d'un tableau font moins que
cela, une autre l'est aussi : le total moins le reste les donnerait.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from methode import Methode, Tableau
from scheme_shelf import CATALOGUE, Shelf, cells, table_of
from terril.contrat.schemes.allocations import INSIDE, OUTSIDE, Rate, rate
from terril.contrat.schemes.allocations_summary import HIDDEN, allocations_summary
from terril.contrat.schemes.quartiles import Ceilings, quartile
from terril.registres.rows import Row

PLAFONDS = {2024: Ceilings(Decimal(9000)),
            2025: Ceilings(Decimal(9500), Decimal(14000), Decimal(20000))}  # fmt: skip

#: année, ressources par unité de consommation, quartile
QUARTILES: list[tuple[int, float | None, str]] = [
    (2024, 9000, "q1"),
    (2024, 9000.01, "q2_4"),
    (2025, 9000.01, "q1"),
    (2025, 9500.01, "q2"),
    (2025, 14000, "q2"),
    (2025, 14000.01, "q3"),
    (2025, 20000.01, "q4"),
    (2025, 0, "q1"),
    (2025, None, "inconnu"),
    (2023, 5000, "inconnu"),
]

#: bail signé, quartile, relogé, compté, retenu
HORS_QPV: list[tuple[bool | None, str, bool | None, str]] = [
    (True, "q1", False, "retenue"),
    (True, "q1", True, "retenue"),
    (True, "q4", True, "retenue"),
    (True, "inconnu", True, "retenue"),
    (True, "q2_4", False, "non retenue"),
    (True, "inconnu", False, "inconnue"),
    (True, "q3", None, "inconnue"),
    (False, "q1", True, "hors du compte"),
    (None, "q1", False, "compte inconnu"),
]

#: quartile, retenu en quartier
EN_QPV = [("q1", "non retenue"), ("q2", "retenue"), ("q3", "retenue"), ("q4", "retenue"),
          ("q2_4", "retenue"), ("inconnu", "inconnue")]  # fmt: skip

#: retenues, non retenues, inconnues, taux connu, au moins, au plus, objectif, résultat
BORNES: list[tuple[int, int, int, str, str, str, int, str]] = [
    (25, 75, 0, "1/4", "1/4", "1/4", 25, "atteint"),
    (249, 751, 0, "249/1000", "249/1000", "249/1000", 25, "non atteint"),
    (2499, 7501, 0, "2499/10000", "2499/10000", "2499/10000", 25, "non atteint"),
    (30, 60, 10, "1/3", "3/10", "2/5", 25, "atteint"),
    (20, 70, 10, "2/9", "1/5", "3/10", 25, "indécis"),
    (10, 85, 5, "2/19", "1/10", "3/20", 25, "non atteint"),
    (1, 2, 0, "1/3", "1/3", "1/3", 50, "non atteint"),
    (0, 0, 8, "–", "0", "1", 50, "indécis"),
]

#: effectifs des lignes d'un tableau, lignes cachées (rang, à partir de 1)
SECRETS: list[tuple[tuple[int, ...], tuple[int, ...]]] = [
    ((40, 30, 20), ()),
    ((40, 30, 5), (2, 3)),
    ((40, 6, 5), (2, 3)),
    ((40, 3, 5), (1, 2, 3)),
    ((40, 11, 0), ()),
]


@pytest.mark.parametrize(("year", "resources", "code"), QUARTILES)
def test_quartiles(year: int, resources: float | None, code: str) -> None:
    held = None if resources is None else Decimal(str(resources))
    assert quartile(held, PLAFONDS, year) == code


def _said(held: Rate) -> str:
    told = {"retenue": held.yes, "non retenue": held.no, "inconnue": held.unknown,
            "compte inconnu": held.loose}  # fmt: skip
    return next((text for text, number in told.items() if number == 7), "hors du compte")


@pytest.mark.parametrize(("lease", "level", "rehoused", "said"), HORS_QPV)
def test_hors_quartier(lease: bool | None, level: str, rehoused: bool | None, said: str) -> None:
    row = Row(1, 1, {"situation": "hors_qpv", "bail": lease, "quartile": level,
                     "reloge": rehoused, "nombre": 7})  # fmt: skip
    held = rate([row], OUTSIDE)
    assert _said(held) == said
    assert held.size == (0 if said == "hors du compte" else 7), "chaque ménage compte une fois"
    assert rate([row], INSIDE).size == 0


@pytest.mark.parametrize(("level", "said"), EN_QPV)
def test_en_quartier(level: str, said: str) -> None:
    row = Row(1, 1, {"situation": "en_qpv", "quartile": level, "nombre": 7})
    assert _said(rate([row], INSIDE)) == said


@pytest.mark.parametrize(
    ("yes", "no", "unknown", "known", "low", "high", "target", "verdict"), BORNES
)
def test_bornes(
    yes: int, no: int, unknown: int, known: str, low: str, high: str, target: int, verdict: str
) -> None:
    held = Rate(yes, no, unknown)
    assert held.known == (None if known == "–" else Fraction(known))
    assert (held.low, held.high) == (Fraction(low), Fraction(high))
    assert held.verdict(Fraction(target, 100)) == verdict


@pytest.mark.parametrize(("sizes", "hidden"), SECRETS)
def test_secret(sizes: tuple[int, ...], hidden: tuple[int, ...]) -> None:
    books = Shelf(
        cia_attributions=[
            {"annee": 2025, "commune": place, "situation": "en_qpv", "quartile": "q2", "nombre": n}
            for place, n in enumerate(sizes, 1)
        ],
    )
    table = table_of(allocations_summary(books, CATALOGUE), "Par commune, en quartier")
    gone = tuple(
        place
        for place in range(1, len(sizes) + 1)
        if cells(table, f"Commune {place}")["Attributions"] == HIDDEN
    )
    assert gone == hidden
    assert cells(table, "Ensemble")["Attributions"] == sum(sizes)


def _mot(code: str) -> str:
    return CATALOGUE.lists["quartiles"].items[code]


METHODE = Methode(
    order=85,
    tables=(
        Tableau("QUARTILES", "Le quartile d’un ménage",
                ("année", "ressources par unité de consommation (€)", "quartile"),
                shown={"année": str, "quartile": _mot},
                note="Plafonds de l’exemple : 9 000 € en 2024 (premier quartile seul) ; 9 500, "
                "14 000 et 20 000 € en 2025 ; aucun en 2023."),
        Tableau("HORS_QPV", "Hors quartier prioritaire",
                ("bail signé", "quartile", "relogé", "l’attribution est"),
                shown={"quartile": _mot},
                note="« Compte inconnu » : sans savoir si le bail est signé, l’attribution élargit "
                "les bornes."),
        Tableau("EN_QPV", "En quartier prioritaire", ("quartile", "l’attribution est"),
                shown={"quartile": _mot}),
        Tableau("BORNES", "Taux, bornes et objectif",
                ("retenues", "non retenues", "inconnues", "taux connu", "au moins", "au plus",
                 "objectif (%)", "résultat")),
        Tableau("SECRETS", "Lignes cachées", ("attributions par ligne", "lignes cachées")),
    ),
)  # fmt: skip
