"""Les rangs et les écarts.

Le rang 1 est la situation la plus favorable ; pour un indicateur sans jugement (l'âge), la
valeur la plus élevée. Les quartiers dont la valeur imprimée est la même partagent le rang :
1, 2, 2, 4. Le diviseur est le nombre de valeurs connues. En dessous de trois valeurs connues,
il n'y a pas de rang.

Un écart se prend entre les deux valeurs telles qu'elles sont imprimées : son signe est celui
que lit le lecteur. Il est léger, simple ou net selon la dispersion de l'indicateur lui-même :
moins d'un demi-écart type des quartiers, moins d'un et demi, plus. La référence est de la même
période, ou il n'y a pas d'écart.
"""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from methode import Methode, Tableau, cellule, indicateur, periode
from small_world import EPCI, card, catalogue, qpv, retained, said, territories, values_of
from terril.benchmarks.compare import compare

#: les rangs des deux modèles de fiche : indicateur, période, rang de chacun, diviseur
MODELES = [
    ("demographie.part_moins_25_ans", "2015", 4, 6, 21),
    ("demographie.part_75_ans_et_plus", "2015", 19, 17, 20),
    ("demographie.indice_jeunesse", "2015", 7, 9, 21),
    ("demographie.part_familles_monoparentales_caf", "2017", 18, 2, 21),
    ("demographie.part_isoles_caf", "2017", 19, 12, 21),
    ("demographie.part_rsa_caf", "2017", 20, 9, 21),
    ("revenus.revenu_median_uc", "2015", 20, 4, 21),
    ("revenus.taux_pauvrete", "2015", 20, 5, 21),
    ("revenus.part_menages_imposes", "2015", 19, 7, 19),
    ("revenus.part_prestations_100", "2017", 20, 10, 21),
    ("sante.part_cmuc", "2018", 19, 7, 21),
    ("sante.part_acs", "2018", 16, 18, 21),
    ("sante.part_sans_mutuelle", "2018", 13, 9, 21),
    ("sante.part_ald", "2018", 15, 17, 21),
    ("sante.part_sans_medecin_traitant", "2018", 21, 14, 21),
    ("sante.part_aah_caf", "2017", 15, 11, 21),
    ("education.taux_retard_6e", "2017", None, None, 6),
    ("education.taux_retard_3e", "2017", 4, None, 10),
    ("education.part_filiere_gt", "2017", 2, 18, 21),
    ("education.part_filles_filiere_gt", "2017", 1, 13, 21),
    ("education.part_neet_16_25", "2015", 15, 2, 17),
    ("education.part_maternelle_moins_3_ans", "2017", 5, 12, 16),
    ("emploi.taux_emploi_15_64", "2015", 20, 10, 21),
    ("emploi.taux_emploi_femmes_15_64", "2015", 21, 14, 21),
    ("emploi.taux_chomage_rp", "2015", 20, 9, 21),
    ("emploi.part_rsa_defm", "2018-12-31", 17, 4, 21),
    ("emploi.part_defm_inf_cap", "2017-12-31", 18, 15, 21),
    ("emploi.part_defm_sup_bac", "2017-12-31", 14, 11, 21),
    ("habitat.part_logements_sociaux_occupes", "2018", 16, 10, 21),
    ("habitat.part_logements_vacants", "2018", 20, 9, 21),
    ("habitat.part_impayes_3_mois", "2016", 3, 6, 21),
    ("habitat.indice_fragilite", "2016", 7, 7, 21),
]


@pytest.mark.parametrize(("indicator", "period", "cite_4", "hauts", "known"), MODELES)
def test_rangs_des_modeles(
    pilot: Any, indicator: str, period: str, cite_4: int | None, hauts: int | None, known: int
) -> None:
    found = pilot.comparisons.positions.filter(
        (pl.col("indicator") == indicator) & (pl.col("period") == period)
    )
    ranks = dict(found.select("territory", "rank").iter_rows())
    assert (ranks["QP062019"], ranks["QP062029"]) == (cite_4, hauts)
    assert set(found["known"]) == {known}


#: polarité, valeurs des quartiers, rangs attendus
EXEMPLES = [
    ("defavorable", [10.0, 20.0, 30.0], [1, 2, 3]),
    ("favorable", [10.0, 20.0, 30.0], [3, 2, 1]),
    ("neutre", [10.0, 20.0, 30.0], [3, 2, 1]),
    ("defavorable", [10.0, 20.0, 20.0, 40.0], [1, 2, 2, 4]),
    ("defavorable", [10.01, 10.04, 30.0, 9.0], [2, 2, 4, 1]),
    ("defavorable", [10.0, None, 30.0, 20.0], [1, None, 3, 2]),
    ("defavorable", [10.0, None, 30.0], [None, None, None]),
]


@pytest.mark.parametrize(("polarity", "values", "ranks"), EXEMPLES)
def test_rangs(polarity: str, values: list[float | None], ranks: list[int | None]) -> None:
    cards = catalogue({"essai.part": card(polarity=polarity)})
    result = compare(retained(values_of("essai.part", values)), territories(len(values)), cards)
    assert result.positions["rank"].to_list() == ranks


def test_un_quartier_que_rien_ne_documente_est_compte_sans_rang() -> None:
    cards = catalogue({"essai.part": card()})
    rows = retained(values_of("essai.part", [10.0, 20.0, 30.0]))
    positions = compare(rows, territories(5), cards).positions
    assert positions.height == 5
    assert positions["status"].to_list() == ["ok", "ok", "ok", "missing", "missing"]
    assert positions["known"].to_list() == [3] * 5


#: valeur du quartier, de l'agglomération, écart, sens, degré (quartiers : écart type 10)
ECARTS = [
    (30.0, 30.0, 0.0, "equal", "slight"),
    (30.0, 30.04, 0.0, "equal", "slight"),
    (30.04, 29.96, 0.0, "equal", "slight"),
    (30.0, 29.9, 0.1, "higher", "slight"),
    (30.0, 34.9, -4.9, "lower", "slight"),
    (30.0, 35.0, -5.0, "lower", "plain"),
    (30.0, 44.9, -14.9, "lower", "plain"),
    (30.0, 45.0, -15.0, "lower", "strong"),
    (30.0, 15.0, 15.0, "higher", "strong"),
]


@pytest.mark.parametrize(("own", "reference", "gap", "direction", "degree"), ECARTS)
def test_ecarts(own: float, reference: float, gap: float, direction: str, degree: str) -> None:
    cards = catalogue({"essai.part": card()})
    others = [own, own - 10.0, own + 10.0, own - 10.0, own + 10.0, own - 10.0, own + 10.0]
    spread = (600.0 / 7) ** 0.5  # the deviation of those seven
    scaled = [own + (v - own) * 10.0 / spread for v in others]
    rows = values_of("essai.part", scaled)
    rows.append(said(EPCI, "essai.part", reference, kind="epci"))
    gaps = compare(retained(rows), territories(7), cards).gaps
    row = gaps.row(
        by_predicate=(pl.col("comparator") == "epci") & (pl.col("territory") == qpv(1)),
        named=True,
    )
    assert (row["gap"], row["direction"], row["degree"]) == (gap, direction, degree)


def test_reference_de_la_meme_periode_ou_rien() -> None:
    cards = catalogue({"essai.part": card()})
    rows = values_of("essai.part", [10.0, 20.0, 30.0])
    rows.append(said(EPCI, "essai.part", 15.0, kind="epci", period="2016"))
    gaps = compare(retained(rows), territories(3), cards).gaps
    assert "epci" not in gaps["comparator"].to_list()


def test_periode_precedente_la_plus_recente_connue() -> None:
    """2018 se compare à 2015 ; la valeur de 2016 est secrète, celle de 2008-2014 plus vieille."""
    cards = catalogue({"essai.part": card()})
    rows = [
        said(qpv(1), "essai.part", 10.0, period="2008-2014"),
        said(qpv(1), "essai.part", 12.0, period="2015"),
        said(qpv(1), "essai.part", None, period="2016", status="secret"),
        said(qpv(1), "essai.part", 15.0, period="2018-12-31"),
    ]
    gaps = compare(retained(rows), territories(1), cards).gaps
    previous = gaps.filter(pl.col("comparator") == "previous")
    assert previous.select("period", "reference_period", "gap").rows() == [
        ("2015", "2008-2014", 2.0),
        ("2018-12-31", "2015", 3.0),
    ]


#: communes du quartier, ce que les documents donnent, comparaisons attendues (référence, origine)
COMMUNES: list[tuple[list[str], dict[str, float], dict[str, tuple[float, str]]]] = [
    (["62001"], {"62001": 12.0}, {"commune:Commune 62001": (12.0, "constaté")}),
    (
        ["62001", "62002"],
        {"62001": 12.0, "62002": 20.0},
        {
            "commune:Commune 62001": (12.0, "constaté"),
            "commune:Commune 62002": (20.0, "constaté"),
            "communes": (16.0, "calculé"),
        },
    ),
    (
        ["62002", "62001"],
        {"62001": 12.0, "62001+62002": 17.0},
        {"commune:Commune 62001": (12.0, "constaté"), "communes": (17.0, "constaté")},
    ),
    (["62001", "62002"], {"62001": 12.0}, {"commune:Commune 62001": (12.0, "constaté")}),
    (["62001", "62002"], {"62003": 12.0}, {}),
]


@pytest.mark.parametrize(("own", "documents", "expected"), COMMUNES)
def test_communes(
    own: list[str], documents: dict[str, float], expected: dict[str, tuple[float, str]]
) -> None:
    cards = catalogue({"essai.part": card()})
    rows = values_of("essai.part", [10.0, 20.0, 30.0])
    for code, value in documents.items():
        kind = "communes" if "+" in code else "commune"
        rows.append(said(code, "essai.part", value, kind=kind))
    gaps = compare(retained(rows), territories(3, {1: own}), cards).gaps
    found = gaps.filter(
        (pl.col("territory") == qpv(1)) & pl.col("comparator").str.starts_with("commune")
    )
    assert {
        name: (reference, origin)
        for name, reference, origin in found.select(
            "comparator", "reference", "reference_origin"
        ).iter_rows()
    } == expected


METHODE = Methode(
    order=11,
    tables=(
        Tableau(
            "EXEMPLES",
            "Rangs et ex æquo",
            ("sens", "valeurs des quartiers", "rangs"),
            words={
                "defavorable": "plus haut, moins favorable",
                "favorable": "plus haut, plus favorable",
                "neutre": "sans jugement",
            },
        ),
        Tableau(
            "ECARTS",
            "Écart à l’agglomération, pour un écart type de 10 entre les quartiers",
            ("quartier", "agglomération", "écart", "sens", "degré"),
            words={
                "equal": "égal", "higher": "au-dessus", "lower": "en dessous",
                "slight": "léger", "plain": "simple", "strong": "net",
            },
        ),
        Tableau(
            "COMMUNES",
            "À quelles communes un quartier est comparé",
            ("communes du quartier", "ce que les documents donnent", "comparaisons faites"),
            {
                "comparaisons faites": lambda found: " ; ".join(
                    f"{'leur moyenne' if who == 'communes' else who.partition(' ')[2]} : "
                    f"{cellule(value)}, {origin}"
                    for who, (value, origin) in found.items()
                )
                or "aucune"
            },
        ),
        Tableau(
            "MODELES",
            "Les rangs de deux quartiers du pilote",
            ("indicateur", "période", "QP062019", "QP062029", "quartiers connus"),
            {"indicateur": indicateur, "période": periode},
        ),
    ),
)  # fmt: skip
