"""Les moyennes des quartiers.

La moyenne montrée est la moyenne simple des valeurs connues des quartiers : chaque quartier
compte pour un. Une valeur secrète ou absente n'entre pas dans la moyenne ; le nombre de
valeurs connues est donné à côté. Une moyenne de taux n'est pas le taux de l'ensemble. La
moyenne pondérée, donnée à part, compte chaque quartier pour sa population, ou pour l'effectif
que la carte de l'indicateur désigne ; elle n'est pas calculée s'il manque un poids.
"""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from methode import Methode, Tableau, indicateur, periode
from small_world import (
    EPCI,
    POPULATION,
    card,
    catalogue,
    count,
    qpv,
    retained,
    said,
    territories,
    values_of,
)
from terril.benchmarks.compare import compare, mean_label
from terril.lib.french import nombre
from terril.observations.schema import Kind

FINE = "\u202f"

#: indicateur, période, quartiers connus, moyenne telle qu'elle est imprimée sur les modèles
PUBLIEES = [
    ("demographie.part_moins_25_ans", "2015", 21, "39,0"),
    ("demographie.part_75_ans_et_plus", "2015", 20, "6,8"),
    ("demographie.indice_jeunesse", "2015", 21, "1,9"),
    ("demographie.part_familles_monoparentales_caf", "2017", 21, "19,0"),
    ("demographie.part_isoles_caf", "2017", 21, "40,1"),
    ("demographie.part_rsa_caf", "2017", 21, "30,7"),
    ("revenus.revenu_median_uc", "2015", 21, f"12{FINE}927"),
    ("revenus.taux_pauvrete", "2015", 21, "44,8"),
    ("revenus.part_menages_imposes", "2015", 19, "20,3"),
    ("revenus.part_prestations_100", "2017", 21, "26,8"),
    ("sante.part_cmuc", "2018", 21, "31,7"),
    ("sante.part_acs", "2018", 21, "5,8"),
    ("sante.part_sans_mutuelle", "2018", 21, "14,4"),
    ("sante.part_ald", "2018", 21, "16,7"),
    ("sante.part_sans_medecin_traitant", "2018", 21, "6,0"),
    ("sante.part_aah_caf", "2017", 21, "10,3"),
    ("education.taux_retard_6e", "2017", 6, "16"),
    ("education.taux_retard_3e", "2017", 10, "22"),
    ("education.part_filiere_gt", "2017", 21, "46"),
    ("education.part_filles_filiere_gt", "2017", 21, "56"),
    ("education.part_neet_16_25", "2015", 17, "39,8"),
    ("education.part_maternelle_moins_3_ans", "2017", 16, "13"),
    ("emploi.taux_emploi_15_64", "2015", 21, "38,1"),
    ("emploi.taux_emploi_femmes_15_64", "2015", 21, "30,5"),
    ("emploi.taux_chomage_rp", "2015", 21, "37,0"),
    ("emploi.part_rsa_defm", "2018-12-31", 21, "29,0"),
    ("emploi.part_defm_inf_cap", "2017-12-31", 21, "19,5"),
    ("emploi.part_defm_sup_bac", "2017-12-31", 21, "8,3"),
    ("habitat.part_logements_sociaux_occupes", "2018", 21, "73,7"),
    ("habitat.part_logements_vacants", "2018", 21, "10,3"),
    ("habitat.part_impayes_3_mois", "2016", 21, "22"),
    ("habitat.indice_fragilite", "2016", 21, "108"),
]

#: la moyenne que les documents du pilote impriment, avec leurs décimales
IMPRIMEES = [
    ("sante.part_ald", "2018", 1, "16,7"),
    ("revenus.part_prestations_100", "2017", 1, "26,8"),
    ("education.part_neet_16_25", "2015", 0, "40"),
]


@pytest.mark.parametrize(("indicator", "period", "known", "printed"), PUBLIEES)
def test_moyenne_publiee(pilot: Any, indicator: str, period: str, known: int, printed: str) -> None:
    row = pilot.comparisons.groups.row(
        by_predicate=(pl.col("indicator") == indicator)
        & (pl.col("period") == period)
        & (pl.col("breakdown") == "total"),
        named=True,
    )
    decimals = pilot.catalogue.indicators[indicator].decimals
    assert (row["known"], row["total"]) == (known, 21)
    assert nombre(row["mean"], decimals) == printed


@pytest.mark.parametrize(("indicator", "period", "decimals", "printed"), IMPRIMEES)
def test_moyenne_imprimee_par_les_documents(
    pilot: Any, indicator: str, period: str, decimals: int, printed: str
) -> None:
    said_means = pilot.statements.filter(
        (pl.col("kind") == Kind.QPV_MOYENNE) & (pl.col("indicator") == indicator)
    )["value"].unique()
    row = pilot.comparisons.groups.row(
        by_predicate=(pl.col("indicator") == indicator) & (pl.col("period") == period), named=True
    )
    assert nombre(row["mean"], decimals) == printed
    assert [nombre(v, decimals) for v in said_means] == [printed]


#: valeurs des quartiers (None : inconnue), populations, moyenne simple, moyenne pondérée
EXEMPLES = [
    ([10.0, 20.0, 60.0], [100, 100, 100], 30.0, 30.0),
    ([10.0, 20.0, 60.0], [300, 100, 100], 30.0, 22.0),
    ([10.0, None, 50.0], [100, 900, 300], 30.0, 40.0),
    ([10.0, 20.0, 60.0], [300, 100, None], 30.0, None),
    ([None, None, None], [100, 100, 100], None, None),
]


@pytest.mark.parametrize(("values", "people", "mean", "wmean"), EXEMPLES)
def test_moyenne_simple_et_ponderee(
    values: list[float | None],
    people: list[float | None],
    mean: float | None,
    wmean: float | None,
) -> None:
    cards = catalogue({"essai.part": card(), POPULATION: count()})
    rows = values_of("essai.part", values) + values_of(POPULATION, people)
    groups = compare(retained(rows), territories(3), cards).groups
    row = groups.row(by_predicate=pl.col("indicator") == "essai.part", named=True)
    assert (row["mean"], row["wmean"]) == (mean, wmean)
    assert row["weight"] == (None if wmean is None else POPULATION)


def test_poids_naturel_avant_la_population() -> None:
    """La part des demandeurs d'emploi se pondère par les demandeurs d'emploi."""
    cards = catalogue(
        {"essai.part": card(weight="essai.nb"), "essai.nb": count(), POPULATION: count()}
    )
    rows = (
        values_of("essai.part", [10.0, 40.0])
        + values_of("essai.nb", [30, 10])
        + values_of(POPULATION, [100, 100])
    )
    row = compare(retained(rows), territories(2), cards).groups.row(
        by_predicate=pl.col("indicator") == "essai.part", named=True
    )
    assert (row["wmean"], row["weight"]) == (17.5, "essai.nb")


def test_la_derniere_population_connue_sert_de_poids() -> None:
    cards = catalogue({"essai.part": card(), POPULATION: count()})
    rows = values_of("essai.part", [10.0, 40.0], period="2018")
    rows += values_of(POPULATION, [900, 100], period="2010")
    rows += values_of(POPULATION, [100, 200], period="2013")
    row = compare(retained(rows), territories(2), cards).groups.row(
        by_predicate=pl.col("indicator") == "essai.part", named=True
    )
    assert row["wmean"] == 30.0


def test_ce_qui_ne_se_moyenne_pas_n_a_pas_de_moyenne() -> None:
    cards = catalogue({"essai.part": card(aggregation="aucune"), POPULATION: count()})
    rows = values_of("essai.part", [10.0, 20.0, 60.0]) + values_of(POPULATION, [1, 1, 1])
    result = compare(retained(rows), territories(3), cards)
    row = result.groups.row(by_predicate=pl.col("indicator") == "essai.part", named=True)
    assert (row["mean"], row["wmean"], row["median"]) == (None, None, 20.0)
    about = result.gaps.filter(pl.col("indicator") == "essai.part")
    assert "qpv_mean" not in about["comparator"].to_list()


def test_une_moyenne_de_taux_est_dite_telle() -> None:
    assert "non taux de leur ensemble" in mean_label(card())


def test_un_effectif_n_est_pas_compare_a_celui_de_l_agglomeration() -> None:
    cards = catalogue({POPULATION: count()})
    rows = [*values_of(POPULATION, [100, 200, 300]), said(EPCI, POPULATION, 5000, kind="epci")]
    gaps = compare(retained(rows), territories(3), cards).gaps
    assert set(gaps["comparator"]) == {"qpv_mean"}
    assert gaps.filter(pl.col("territory") == qpv(1))["gap"].to_list() == [-100.0]


METHODE = Methode(
    order=10,
    tables=(
        Tableau(
            "EXEMPLES",
            "Moyenne simple, moyenne pondérée",
            ("valeurs des quartiers", "populations", "moyenne simple", "moyenne pondérée"),
            note="« – » dans les valeurs : inconnue. Sans tous les poids, la moyenne pondérée "
            "n’est pas calculée.",
        ),
        Tableau(
            "PUBLIEES",
            "Les moyennes du contrat pilote",
            ("indicateur", "période", "quartiers connus", "moyenne imprimée"),
            {"indicateur": indicateur, "période": periode},
        ),
        Tableau(
            "IMPRIMEES",
            "Les moyennes que les documents du pilote impriment eux-mêmes",
            ("indicateur", "période", "décimales", "moyenne imprimée"),
            {"indicateur": indicateur, "période": periode},
        ),
    ),
)
