"""Les contradictions des documents du pilote.

Deux documents se contredisent quand leurs valeurs diffèrent de plus que l'arrondi de la moins
précise, ou quand l'un couvre par le secret ce que l'autre publie. Ne rien dire n'est pas
contredire. Un chiffre calculé par le logiciel est confronté aux documents comme un autre.
"""

from __future__ import annotations

import re
from typing import Any

import polars as pl

from methode import Methode, Tableau, indicateur, periode
from terril.observations.contradictions import find

#: territoire, indicateur, période, nature : toutes, et rien d'autre
PILOT = [
    ("62065", "sante.part_acs", "2018", "valeurs"),
    ("62498", "demographie.part_isoles_caf", "2017", "valeurs"),
    ("62510", "education.part_filiere_pro", "2017", "valeurs"),
    ("62510", "revenus.revenu_median_uc", "2015", "valeurs"),
    ("246200364", "education.part_filiere_pro", "2017", "valeurs"),
    ("246200364", "education.taux_retard_3e", "2015", "valeurs"),
    ("246200364", "education.taux_retard_3e", "2017", "valeurs"),
    ("246200364", "emploi.nb_defm_abc", "2018-12-31", "valeurs"),
    ("246200364", "emploi.part_defm_moins_26", "2018-12-31", "valeurs"),
    ("246200364", "sante.part_acs", "2018", "valeurs"),
    ("QP062002", "sante.part_cmuc", "2018", "valeurs"),
    ("QP062019", "education.taux_retard_3e", "2017", "valeurs"),
    ("QP062020", "demographie.part_isoles_caf", "2017", "valeurs"),
    ("QP062021", "habitat.part_logements_sociaux_occupes", "2018", "valeurs"),
    ("QP062021", "habitat.part_logements_vacants", "2018", "valeurs"),
    ("QP062022", "education.taux_retard_3e", "2017", "secret"),
    ("QP062023", "education.taux_retard_3e", "2017", "valeurs"),
    ("QP062023", "revenus.taux_pauvrete", "2015", "valeurs"),
    ("QP062024", "demographie.part_isoles_caf", "2017", "valeurs"),
    ("QP062026", "education.part_filiere_pro", "2017", "valeurs"),
    ("QP062026", "habitat.part_logements_vacants", "2018", "valeurs"),
    ("QP062027", "sante.part_aah_caf", "2017", "valeurs"),
    ("QP062027", "sante.part_cmuc", "2018", "valeurs"),
    ("QP062027", "sante.part_sans_medecin_traitant", "2018", "valeurs"),
    ("QP062028", "habitat.nb_logements_a_rehabiliter", "2018-2020", "valeurs"),
    ("QP062029", "education.taux_retard_3e", "2017", "secret"),
    ("QP062030", "sante.part_acs", "2018", "valeurs"),
    ("QP062033", "habitat.nb_logements_a_rehabiliter", "2018-2020", "valeurs"),
    ("QP062034", "education.part_filiere_gt", "2017", "valeurs"),
    ("QP062034", "education.part_filiere_pro", "2017", "valeurs"),
    ("QP062045", "education.part_neet_16_25", "2015", "valeurs"),
    ("QP062045", "habitat.part_logements_sociaux_occupes", "2018", "valeurs"),
    ("QP062047", "demographie.part_75_ans_et_plus", "2015", "valeurs"),
    ("QP062047", "habitat.part_logements_sociaux_occupes", "2018", "valeurs"),
    ("QP062047", "habitat.part_logements_vacants", "2018", "valeurs"),
    ("QP062047", "revenus.part_menages_imposes", "2015", "valeurs"),
    ("QP062047", "sante.part_acs", "2018", "valeurs"),
    ("QP062047", "sante.part_cmuc", "2018", "valeurs"),
]

#: ce qui se dit deux fois et s'accorde : arrondis, silences
ACCORDS = [
    ("QP062025", "education.part_neet_16_25", "2015"),  # 44,7 et 45
    ("QP062030", "education.part_neet_16_25", "2015"),  # 53,7 et 54
    ("QP062032", "revenus.part_prestations_100", "2017"),  # 25,4 et 25
    ("246200364", "revenus.part_prestations_100", "2017"),  # 21,3 et 21
    ("246200364", "education.taux_retard_6e", "2017"),  # 8,4 et 8
    ("QP062034", "revenus.part_menages_imposes", "2015"),  # pas de donnée et secret
]


def test_toutes_les_contradictions_et_rien_d_autre(pilot: Any) -> None:
    found = find(pilot.statements, pilot.catalogue, pilot.territories)
    assert sorted(found.select("territory", "indicator", "period", "nature").rows()) == sorted(
        PILOT
    )


def test_un_arrondi_ou_un_silence_n_est_pas_une_contradiction(pilot: Any) -> None:
    key = ["territory", "indicator", "period"]
    wanted = pl.DataFrame(ACCORDS, schema=key, orient="row")
    shown = pilot.retained.filter(pl.col("kind") != "qpv_moyenne").join(wanted, on=key)
    assert shown.height == len(ACCORDS)
    assert shown["statements"].min() >= 2
    assert not shown["contradicted"].any()


def test_aucun_texte_ne_dit_une_valeur_secrete(pilot: Any) -> None:
    """Deux quartiers publiés dans le tableau, secrets dans leur fiche."""
    found = find(pilot.statements, pilot.catalogue, pilot.territories)
    secret = found.filter(pl.col("nature") == "secret")
    assert secret.height == 2
    for row in secret.to_dicts():
        hidden = pilot.statements.filter(
            (pl.col("territory") == row["territory"])
            & (pl.col("indicator") == row["indicator"])
            & (pl.col("period") == row["period"])
            & (pl.col("status") == "ok")
        )["raw"].to_list()
        assert len(hidden) == 1
        said = [text.partition("\u00a0:")[0] for text in row["statements"]]
        for text in (row["values"], row["kept"], row["reason"], *said):
            assert not re.search(rf"(?<!\w){re.escape(hidden[0])}(?!\w)", text), text


METHODE = Methode(
    order=40,
    tables=(
        Tableau(
            "PILOT",
            "Toutes les contradictions, et rien d’autre",
            ("territoire", "indicateur", "période", "nature"),
            {"indicateur": indicateur, "période": periode},
            words={"valeurs": "deux valeurs", "secret": "publié ici, secret là"},
        ),
        Tableau(
            "ACCORDS",
            "Ce qui se dit deux fois et s’accorde : arrondis, silences",
            ("territoire", "indicateur", "période"),
            {"indicateur": indicateur, "période": periode},
        ),
    ),
)
