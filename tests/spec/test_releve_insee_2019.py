"""Les tableaux du rapport, retrouvés dans les fichiers de l'Insee.

Quinze des trente-deux indicateurs des tableaux thématiques viennent de la parution 2019 des
fichiers de l'Insee par quartier. Le logiciel lit ces fichiers, calcule les parts, et retrouve
les valeurs imprimées des 21 quartiers, à la décimale imprimée ; là où le rapport n'imprime
rien, le fichier ne donne rien non plus.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from methode import Methode, Tableau, indicateur, periode
from terril.catalogue.load import load_catalogue
from terril.indicators.derive import derive
from terril.lib.problems import ProblemList
from terril.observations.resolve import resolve
from terril.observations.schema import STATEMENTS, conform
from terril.sources.project import InputSpec, read_project
from terril.sources.read import read_input, read_inputs
from terril.territories.registry import read_territories

#: indicateur, période, fichier, colonnes : lu tel quel, ou rapport de deux colonnes × 100
RETROUVES = [
    ("demographie.part_moins_25_ans", "2015", "DEMO", "TX_TOT_0A24"),
    ("demographie.indice_jeunesse", "2015", "DEMO", "IND_JEUNE"),
    ("demographie.part_familles_monoparentales_caf", "2017", "DEMO", "AM / A"),
    ("demographie.part_isoles_caf", "2017", "DEMO", "AI / A"),
    ("emploi.taux_emploi_15_64", "2015", "IPRO", "TX_TOT_EMPL"),
    ("emploi.taux_emploi_femmes_15_64", "2015", "IPRO", "TX_F_EMPL"),
    ("emploi.nb_defm_abc_femmes", "2018-12-31", "IPRO", "ABC_F"),
    ("emploi.nb_defm_abc_hommes", "2018-12-31", "IPRO", "ABC_H"),
    ("emploi.part_rsa_defm", "2018-12-31", "IPRO", "ABC_RSA / ABC"),
    ("revenus.taux_pauvrete", "2015", "REVN", "TP60"),
    ("revenus.revenu_median_uc", "2015", "REVN", "DISP_Q2"),
    ("revenus.part_menages_imposes", "2015", "REVN", "PMIMP"),
    ("demographie.part_rsa_caf", "2017", "REVN", "ARSAS / A"),
    ("revenus.part_prestations_100", "2017", "REVN", "APRES100 / A"),
    ("sante.part_aah_caf", "2017", "REVN", "AAAH / A"),
]


@pytest.fixture(scope="module")
def lus(demo_dir: Path, real_data: Path) -> pl.DataFrame:
    """Les trois fichiers de 2019, lus et complétés par le calcul des parts."""
    problems = ProblemList()
    project = read_project(demo_dir)
    catalogue = load_catalogue(project.catalogue_dirs)
    registry = read_territories(project.territories_file, problems)
    frames = [
        read_input(
            InputSpec(name.lower(), real_data / "insee-qpv" / f"{name}_2019.csv", "insee"),
            project, registry, catalogue, problems,
        )[0]
        for name in ("DEMO", "IPRO", "REVN")
    ]  # fmt: skip
    assert problems.errors == []
    stated = conform(pl.concat(frames), STATEMENTS)
    derived = derive(resolve(stated), catalogue, registry.frame())
    return resolve(pl.concat([stated, derived]))


@pytest.fixture(scope="module")
def imprimes(demo_dir: Path) -> pl.DataFrame:
    """Les tableaux du rapport."""
    problems = ProblemList()
    project = read_project(demo_dir)
    catalogue = load_catalogue(project.catalogue_dirs)
    registry = read_territories(project.territories_file, problems)
    statements = read_inputs(project, registry, catalogue, problems).statements
    return statements.filter((pl.col("document") == "tableaux") & (pl.col("kind") == "qpv"))


@pytest.mark.parametrize(("indicateur", "periode", "fichier", "colonnes"), RETROUVES)
def test_la_valeur_imprimee_est_retrouvee(
    lus: pl.DataFrame,
    imprimes: pl.DataFrame,
    indicateur: str,
    periode: str,
    fichier: str,
    colonnes: str,
) -> None:
    voulu = (pl.col("indicator") == indicateur) & (pl.col("period") == periode)
    tableau = imprimes.filter(voulu)
    assert tableau.height == 21
    ensemble = tableau.join(
        lus.filter(voulu), on=["kind", "territory", "indicator", "period"], suffix="_lu"
    )
    assert ensemble.height == 21
    calcule = "/" in colonnes
    for row in ensemble.iter_rows(named=True):
        lieu = row["territory"]
        assert row["origin_lu"] == ("calculé" if calcule else "constaté"), lieu
        assert fichier in row["file_lu"]
        if not calcule:
            assert row["column_lu"] == colonnes
        assert (row["status"] == "ok") == (row["status_lu"] == "ok"), lieu
        if row["status"] == "ok":
            # à la décimale imprimée : au plus une demi-unité du dernier chiffre
            demi = 0.5 * 10 ** -row["decimals"] + 1e-9
            assert abs(row["value_lu"] - row["value"]) <= demi, (lieu, row["value_lu"])


def test_quinze_indicateurs_sur_trente_deux(imprimes: pl.DataFrame) -> None:
    assert len(RETROUVES) == 15
    assert len({code for code, *_ in RETROUVES}) == 15
    assert imprimes["indicator"].n_unique() == 32


METHODE = Methode(
    order=41,
    tables=(
        Tableau(
            "RETROUVES",
            "Quinze indicateurs, à la décimale imprimée, pour les 21 quartiers",
            ("indicateur", "période", "fichier", "colonnes"),
            {"indicateur": indicateur, "période": periode},
        ),
    ),
)
