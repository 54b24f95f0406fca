"""Les pictogrammes et leur sûreté.

Chaque indicateur est comparé à la moyenne simple des quartiers du même contrat, en écarts
types, tourné pour que plus haut soit plus favorable. Le thème prend la moyenne de ses
indicateurs connus : favorable au-dessus de +0,5, en difficulté sous −0,5, dans la moyenne
entre les deux, indéterminé quand moins de la moitié de ses indicateurs sont connus.

La sûreté est la part des méthodes plausibles qui donnent la même couleur. Une méthode est un
seuil (0,3 à 0,7, de dixième en dixième), une mesure (l'écart réduit de la valeur, ou celui du
rang, les ex æquo au rang moyen), un résumé (la moyenne ou la médiane des indicateurs) et un
jeu d'indicateurs (tous, ou tous sauf un, chacun à son tour). Toutes se combinent : 80 méthodes
pour trois indicateurs connus, 100 pour quatre, 60 pour deux, 20 pour un seul.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl
import pytest

from methode import Methode, Tableau
from small_world import card, catalogue, qpv, retained, territories, values_of
from terril.benchmarks.compare import compare
from terril.benchmarks.signals import signals
from terril.catalogue.schema import FicheBlock

#: quartier, thème, signal, sûreté imprimée en %, nombre de méthodes
MODELES = [
    ("QP062019", "demographie", "difficile", 100, 80),
    ("QP062019", "revenus", "difficile", 100, 80),
    ("QP062019", "sante", "difficile", 85, 100),
    ("QP062019", "education", "moyen", 61, 80),
    ("QP062019", "emploi", "difficile", 81, 80),
    ("QP062019", "habitat", "moyen", 50, 20),
    ("QP062029", "demographie", "moyen", 51, 80),
    ("QP062029", "revenus", "moyen", 49, 80),
    ("QP062029", "sante", "moyen", 65, 100),
    ("QP062029", "education", "moyen", 33, 60),
    ("QP062029", "emploi", "moyen", 85, 80),
    ("QP062029", "habitat", "moyen", 50, 20),
]


@pytest.mark.parametrize(("qp", "theme", "signal", "sure", "variants"), MODELES)
def test_signaux_des_modeles(
    pilot: Any, qp: str, theme: str, signal: str, sure: int, variants: int
) -> None:
    row = pilot.signals.row(
        by_predicate=(pl.col("territory") == qp) & (pl.col("theme") == theme), named=True
    )
    assert (row["signal"], row["variants"]) == (signal, variants)
    assert round(100 * row["sureness"]) == sure


def _signal(
    columns: Sequence[Sequence[float | None]], weights: tuple[float, ...] = ()
) -> dict[str, Any]:
    """The signal of neighbourhood 1 on a theme whose indicators are all unfavourable."""
    codes = [f"demographie.part_{n}" for n in range(len(columns))]
    cards = catalogue(
        {code: card(pictogram=True) for code in codes},
        blocks=[FicheBlock(theme="demographie", signal=tuple(codes), weights=weights)],
    )
    rows = [
        row for code, values in zip(codes, columns, strict=True) for row in values_of(code, values)
    ]
    size = max(len(values) for values in columns)
    result = compare(retained(rows), territories(size), cards)
    return signals(result, cards, "essai").row(
        by_predicate=pl.col("territory") == qpv(1), named=True
    )


#: valeurs des quartiers (le premier est jugé), signal, score à un centième
SEUILS = [
    ([10.0, 20.0, 30.0, 40.0, 50.0], "favorable", 1.41),
    ([50.0, 20.0, 30.0, 40.0, 10.0], "difficile", -1.41),
    ([30.0, 20.0, 10.0, 40.0, 50.0], "moyen", 0.0),
    ([10.0, 10.0, 10.0, 10.0, 10.0], "indetermine", None),
    ([None, 20.0, 30.0, 40.0, 50.0], "indetermine", None),
    ([10.0, 20.0], "indetermine", None),
]


@pytest.mark.parametrize(("values", "signal", "score"), SEUILS)
def test_seuils(values: list[float | None], signal: str, score: float | None) -> None:
    row = _signal([values])
    assert row["signal"] == signal
    assert row["score"] == (None if score is None else pytest.approx(score, abs=0.005))
    assert (row["sureness"] is None) == (signal == "indetermine")


HAUT: list[float | None] = [10.0, 20.0, 30.0, 40.0, 50.0]
INCONNU: list[float | None] = [None, 20.0, 30.0, 40.0, 50.0]

#: indicateurs connus et inconnus du thème, ce que dit le signal
CONNUS = [
    ([HAUT], "favorable", 1, 1),
    ([HAUT, INCONNU], "favorable", 1, 2),
    ([HAUT, INCONNU, INCONNU], "indetermine", 1, 3),
    ([HAUT, HAUT, INCONNU], "favorable", 2, 3),
    ([HAUT, INCONNU, INCONNU, INCONNU], "indetermine", 1, 4),
    ([HAUT, HAUT, INCONNU, INCONNU], "favorable", 2, 4),
]


@pytest.mark.parametrize(("columns", "signal", "available", "expected"), CONNUS)
def test_moins_de_la_moitie_ne_dit_rien(
    columns: list[list[float | None]], signal: str, available: int, expected: int
) -> None:
    row = _signal(columns)
    assert (row["signal"], row["available"], row["expected"]) == (signal, available, expected)


def test_un_indicateur_sans_aucune_donnee_compte_parmi_les_attendus() -> None:
    row = _signal([HAUT, [], []])
    assert (row["signal"], row["available"], row["expected"]) == ("indetermine", 1, 3)


def test_les_poids_declares_comptent() -> None:
    bas = [50.0, 20.0, 30.0, 40.0, 10.0]
    assert _signal([HAUT, bas])["signal"] == "moyen"
    assert _signal([HAUT, bas], weights=(3.0, 1.0))["signal"] == "favorable"


def test_surete_a_la_main() -> None:
    """Un indicateur, score 0,71 par la valeur et par le rang : un seuil sur cinq change tout.

    20 parmi 10, 20, 30, 40, 50 : z = 10 / 14,14 = 0,707 ; rang 2 sur 5, même écart réduit.
    Seuils 0,3 à 0,7 : favorable partout. Avec 22, z = 0,57 et le rang ne bouge pas.
    """
    assert _signal([[20.0, 10.0, 30.0, 40.0, 50.0]])["sureness"] == 1.0
    row = _signal([[22.0, 10.0, 30.0, 40.0, 50.0]])
    # valeurs : moyenne 30,4, écart type 13,82, z = 0,608 → 4 seuils sur 5 ; rang : 5 sur 5
    assert (row["signal"], row["sureness"]) == ("favorable", pytest.approx(0.9))


SIGNAUX = {
    "favorable": "favorable",
    "moyen": "dans la moyenne",
    "difficile": "en difficulté",
    "indetermine": "indéterminé",
    "demographie": "démographie",
    "sante": "santé",
    "education": "éducation",
}

METHODE = Methode(
    order=12,
    tables=(
        Tableau(
            "SEUILS",
            "Un thème d’un seul indicateur, plus haut moins favorable ; le premier est jugé",
            ("valeurs des quartiers", "signal", "score"),
            words=SIGNAUX,
        ),
        Tableau(
            "CONNUS",
            "Moins de la moitié des indicateurs connus ne dit rien",
            ("indicateurs du thème", "signal", "connus", "attendus"),
            {
                "indicateurs du thème": lambda columns: ", ".join(
                    "inconnu" if column == INCONNU else "connu" for column in columns
                )
            },
            words=SIGNAUX,
        ),
        Tableau(
            "MODELES",
            "Les pictogrammes de deux quartiers du pilote",
            ("quartier", "thème", "signal", "sûreté, en %", "méthodes essayées"),
            words=SIGNAUX,
        ),
    ),
)
