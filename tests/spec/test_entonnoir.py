"""Les limites selon la taille, dites « en entonnoir ».

Autour de la valeur de tous les quartiers réunis, des limites qui se resserrent quand le
dénominateur grandit. Un quartier « dans l'attendu » ne s'écarte pas plus que le hasard ne le
ferait ; au-delà de 95 %, le hasard seul irait si loin moins d'une fois sur vingt ; au-delà de
99,8 %, moins de deux fois sur mille.

Quand les quartiers diffèrent plus que le hasard ne l'explique, les limites de la règle déclarée
sont élargies par la dispersion observée. La position par le hasard seul reste donnée à côté :
c'est elle qui dit si un pictogramme tiendrait.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
import pytest

from methode import Methode, Tableau, cellule, intervalle
from small_world import EPCI, card, catalogue, count, qpv, retained, said, territories
from terril.benchmarks.compare import compare
from terril.benchmarks.funnel import WORDS, Position, funnel
from terril.benchmarks.limits import Z, binomial, dispersion, poisson
from terril.benchmarks.sensitivity import Rule, neighbourhood_sentence, sensitivity, sentence
from terril.benchmarks.signals import signals
from terril.catalogue.cards import Catalogue
from terril.catalogue.schema import FicheBlock

#: part attendue, dénominateur, limites en nombre à 95 %, à 99,8 % (lois binomiales exactes)
LIMITES_EXACTES = [
    (0.10, 10, (0, 3), (0, 5)),
    (0.50, 10, (2, 8), (1, 9)),
    (0.20, 50, (5, 16), (2, 19)),
    (0.80, 50, (34, 45), (31, 48)),
    (0.05, 100, (1, 10), (0, 13)),
    (0.25, 200, (38, 62), (32, 70)),
]


@pytest.mark.parametrize(("share", "size", "inner", "outer"), LIMITES_EXACTES)
def test_limites_exactes(
    share: float, size: int, inner: tuple[int, int], outer: tuple[int, int]
) -> None:
    n, p = np.array([float(size)]), np.array([share])
    for level, (low, high) in zip(Z, (inner, outer), strict=True):
        found = binomial(n, p, level)
        assert found.exact[0]
        assert (round(found.low[0] * size), round(found.high[0] * size)) == (low, high)


#: événements attendus, limites en nombre à 95 %, à 99,8 % (lois de Poisson exactes)
LIMITES_POISSON = [
    (1.0, (0, 3), (0, 5)),
    (10.0, (4, 17), (2, 21)),
    (50.0, (37, 64), (30, 73)),
]


@pytest.mark.parametrize(("expected", "inner", "outer"), LIMITES_POISSON)
def test_limites_de_poisson(
    expected: float, inner: tuple[int, int], outer: tuple[int, int]
) -> None:
    n, rate = np.array([1000.0]), np.array([expected / 1000])
    for level, (low, high) in zip(Z, (inner, outer), strict=True):
        found = poisson(n, rate, level)
        assert (round(found.low[0] * 1000), round(found.high[0] * 1000)) == (low, high)


#: part attendue, dénominateur, demi-largeur à 95 % en points (test du score)
GRANDS_DENOMINATEURS = [(0.25, 1000, 2.68), (0.50, 2500, 1.96), (0.10, 4000, 0.93)]


@pytest.mark.parametrize(("share", "size", "half"), GRANDS_DENOMINATEURS)
def test_limites_des_grands_denominateurs(share: float, size: int, half: float) -> None:
    found = binomial(np.array([float(size)]), np.array([share]), 0.95)
    assert not found.exact[0]
    assert round(float(found.high[0] - share) * 100, 2) == half
    assert round(float(share - found.low[0]) * 100, 2) == half


#: écarts réduits des quartiers, part ramenée de chaque côté, dispersion φ
DISPERSIONS = [
    ([1.0, -1.0, 1.0, -1.0], 0.1, 1.0),
    ([2.0, -2.0, 2.0, -2.0], 0.1, 4.0),
    ([0.0, 0.0, 0.0, 10.0], 0.0, 25.0),
    ([-1.0, -1.0, -1.0, -1.0, -1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 9.0], 0.1, 1.0),
]


@pytest.mark.parametrize(("scores", "share", "phi"), DISPERSIONS)
def test_dispersion(scores: list[float], share: float, phi: float) -> None:
    assert dispersion(np.array(scores), share) == pytest.approx(phi)


def cards(polarity: str = "defavorable") -> Catalogue:
    return catalogue(
        {
            "essai.part": card(
                polarity=polarity,
                weight="essai.nb",
                formula={"form": "ratio", "terms": ["essai.nb_concernes", "essai.nb"]},
            ),
            "essai.nb_concernes": count(),
            "essai.nb": count(),
        },
        blocks=(FicheBlock(theme="emploi", signal=("essai.part",)),),
    )


def figures(counts: list[tuple[int, int]]) -> pl.DataFrame:
    rows = []
    for number, (above, below) in enumerate(counts, 1):
        rows += [
            said(qpv(number), "essai.nb_concernes", float(above)),
            said(qpv(number), "essai.nb", float(below)),
            said(qpv(number), "essai.part", round(100 * above / below, 1)),
        ]
    return retained(rows)


#: concernés et effectif de chaque quartier ; position par le hasard ; jugement (défavorable)
POSITIONS = [
    # un petit quartier à 40 % : le hasard suffit ; un grand à 26 % : non
    ([(4, 10), (260, 1000), (200, 1000), (190, 1000)], ["attendu", "au_dela_998"], 2),
    ([(20, 100), (20, 100), (20, 100)], ["attendu", "attendu"], 2),
    ([(36, 100), (200, 1000), (200, 1000), (205, 1000)], ["au_dela_998", "attendu"], 2),
    ([(28, 100), (200, 1000), (200, 1000), (200, 1000)], ["attendu", "attendu"], 2),
    ([(30, 100), (200, 1000), (200, 1000), (200, 1000)], ["au_dela_95", "attendu"], 2),
]


@pytest.mark.parametrize(("counts", "expected", "shown"), POSITIONS)
def test_positions(counts: list[tuple[int, int]], expected: list[str], shown: int) -> None:
    found = funnel(figures(counts), territories(len(counts)), cards(), overdispersion=False)
    found = found.filter(pl.col("indicator") == "essai.part")
    assert found["position"].to_list()[:shown] == expected
    assert found["chance"].to_list() == found["position"].to_list()
    assert set(found["basis"]) == {"effectifs"}
    pooled = sum(a for a, _ in counts) / sum(b for _, b in counts) * 100
    assert found["expected"].to_list() == pytest.approx([pooled] * len(counts))


def test_jugement_au_dela_des_limites() -> None:
    counts = [(60, 100), (200, 1000), (200, 1000), (120, 1000)]
    for polarity, high, low in (
        ("defavorable", "defavorable", "favorable"),
        ("favorable", "favorable", "defavorable"),
        ("neutre", "neutre", "neutre"),
    ):
        rows = funnel(figures(counts), territories(4), cards(polarity), overdispersion=False)
        assert (rows["judgement"][0], rows["judgement"][3]) == (high, low)
        assert (rows["side"][0], rows["side"][3]) == ("higher", "lower")


def test_la_dispersion_elargit_les_limites_et_le_dit() -> None:
    counts = [(100 + 40 * (n % 5), 1000) for n in range(10)]
    wide = funnel(figures(counts), territories(10), cards())
    narrow = funnel(figures(counts), territories(10), cards(), overdispersion=False)
    assert wide["dispersed"].all() and not narrow["dispersed"].any()
    assert wide["phi"][0] > 10 and "φ" in wide["rule"][0] and "φ" not in narrow["rule"][0]
    assert (wide["position"] == Position.ATTENDU.value).all()
    assert (narrow["position"] != Position.ATTENDU.value).any()
    assert wide["chance"].to_list() == narrow["position"].to_list()
    assert set(WORDS) == set(Position)


def test_un_taux_sans_denominateur_n_a_pas_de_limites() -> None:
    alone = catalogue({"essai.part": card()})
    rows = retained([said(qpv(n), "essai.part", 10.0 * n) for n in (1, 2, 3)])
    assert funnel(rows, territories(3), alone).is_empty()


def test_la_valeur_imprimee_l_emporte_sur_des_effectifs_qui_la_contredisent() -> None:
    """« 48 % » est imprimé, les effectifs donneraient 20 % : la part imprimée est jugée."""
    rows = figures([(200, 1000), (200, 1000), (200, 1000)]).with_columns(
        value=pl.when((pl.col("territory") == qpv(1)) & (pl.col("indicator") == "essai.part"))
        .then(48.0)
        .otherwise("value")
    )
    found = funnel(rows, territories(3), cards(), overdispersion=False)
    assert found["basis"].to_list() == ["part", "effectifs", "effectifs"]
    assert (found["value"][0], found["numerator"][0]) == (48.0, 480.0)


# ------------------------------------------------------------------ ce qui changerait


def test_phrases_de_ce_qui_changerait() -> None:
    """Le petit quartier à 40 % est en difficulté par l'écart réduit, non par la taille."""
    counts = [(4, 10), (200, 1000), (210, 1000), (190, 1000)]
    frame, places = figures(counts), territories(4, population={1: 50.0, 2: 5e3, 3: 5e3, 4: 5e3})
    own = cards()
    result = compare(frame, places, own)
    shown = signals(result, own, "essai")
    assert shown["signal"].to_list() == ["difficile", "favorable", "moyen", "favorable"]
    found = sensitivity(result, funnel(frame, places, own), shown, places, own, "essai")
    other = {
        rule: found.rows.filter(pl.col("rule") == rule.value)["other"].to_list() for rule in Rule
    }
    assert other[Rule.TAILLE] == ["moyen", "moyen", "moyen", "moyen"]
    assert other[Rule.MOYENNE] == ["difficile", "moyen", "moyen", "moyen"]
    assert sentence(found, EPCI, Rule.TAILLE) == (
        "3 signaux sur 4 changeraient si les écarts que le hasard suffit à expliquer ne comptaient "
        "pas (règle applicable à 1 indicateur sur 1, ceux dont le dénominateur est connu)"
    )
    assert sentence(found, EPCI, "moyenne") == (
        "2 signaux sur 4 changeraient avec la moyenne pondérée par la population"
    )
    assert neighbourhood_sentence(found, qpv(1), own) == (
        "Si les écarts que le hasard suffit à expliquer ne comptaient pas, changerait\u00a0: "
        "l’emploi (dans la moyenne et non en difficulté)."
    )
    assert neighbourhood_sentence(found, qpv(3), own).startswith("Les signaux de ce quartier")
    assert sentence(found, "999999999", Rule.TAILLE) == ""


def test_reglages_de_la_phrase_generale(pilot: Any) -> None:
    """Le contrat pilote : 126 pictogrammes, les trois indicateurs d'emploi ont un dénominateur."""
    limits = funnel(pilot.retained, pilot.territories, pilot.catalogue)
    found = sensitivity(
        pilot.comparisons, limits, pilot.signals, pilot.territories, pilot.catalogue, "quartier"
    )
    group = found.rows["group"][0]
    assert sentence(found, group, Rule.MOYENNE) == (
        "15 signaux sur 126 changeraient avec la moyenne pondérée par la population"
    )
    assert sentence(found, group, Rule.TAILLE) == (
        "7 signaux sur 126 changeraient si les écarts que le hasard suffit à expliquer ne "
        "comptaient pas (règle applicable à 3 indicateurs sur 17, ceux dont le dénominateur est "
        "connu)"
    )
    changed = found.rows.filter((pl.col("rule") == Rule.TAILLE.value) & pl.col("changed"))
    assert set(changed["theme"]) == {"emploi"}


METHODE = Methode(
    order=20,
    tables=(
        Tableau(
            "LIMITES_EXACTES",
            "Limites d’une part, en nombre (lois binomiales exactes)",
            ("part attendue", "dénominateur", "limites à 95 %", "limites à 99,8 %"),
            {"limites à 95 %": intervalle, "limites à 99,8 %": intervalle},
        ),
        Tableau(
            "LIMITES_POISSON",
            "Limites d’un taux d’événements, en nombre (lois de Poisson exactes)",
            ("événements attendus", "limites à 95 %", "limites à 99,8 %"),
            {"limites à 95 %": intervalle, "limites à 99,8 %": intervalle},
        ),
        Tableau(
            "GRANDS_DENOMINATEURS",
            "Grands dénominateurs : demi-largeur à 95 %, en points",
            ("part attendue", "dénominateur", "demi-largeur"),
        ),
        Tableau(
            "DISPERSIONS",
            "Dispersion observée",
            ("écarts réduits des quartiers", "part ramenée de chaque côté", "dispersion φ"),
        ),
        Tableau(
            "POSITIONS",
            "Position par le hasard seul",
            (
                "concernés et effectif de chaque quartier",
                "positions des premiers",
                "quartiers montrés",
            ),
            {
                "concernés et effectif de chaque quartier": lambda pairs: ", ".join(
                    f"{cellule(above)} sur {cellule(below)}" for above, below in pairs
                ),
                "positions des premiers": lambda found: ", ".join(
                    {
                        "attendu": "dans l’attendu",
                        "au_dela_95": "au-delà de 95 %",
                        "au_dela_998": "au-delà de 99,8 %",
                    }[position]
                    for position in found
                ),
            },
        ),
    ),
)
