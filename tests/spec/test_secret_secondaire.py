"""Le secret secondaire.

Blanchir un chiffre ne suffit pas si une soustraction le rend : le total moins les femmes, la
commune moins le reste, un taux fois son effectif, l'édition de l'an dernier. Les tableaux
ci-dessous disent ce qui est blanchi de plus, et pourquoi. Un attaquant qui tient tout ce qui est
publié ne doit pouvoir exclure ni 1, ni le minimum de la règle ; et, pour un taux, ni un dixième
en moins, ni un dixième en plus.
"""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from methode import Methode, Tableau
from small_world import EPCI, card, catalogue, count, qpv, retained, said, territories
from terril.catalogue.cards import Catalogue
from terril.catalogue.schema import Relation, SecrecyRule
from terril.lib.problems import ProblemsError, Severity
from terril.secrecy.protect import Protected, protect

REGLES = {
    "cinq": SecrecyRule(label="5", minimum=5, unit="personnes", note="essai"),
    "sans": SecrecyRule(label="sans", unit="personnes", note="essai"),
}
SEXE = Relation(
    label="femmes et hommes font le total",
    parts=("essai.nb_femmes", "essai.nb_hommes"),
    total="essai.nb",
)
RATIO = {"form": "ratio", "terms": ("essai.nb_femmes", "essai.nb")}


def cartes(**changes: Any) -> Catalogue:
    return catalogue(
        {
            "essai.nb": count(secrecy="cinq"),
            "essai.nb_femmes": count(secrecy="cinq"),
            "essai.nb_hommes": count(secrecy="cinq"),
            "essai.part_femmes": card(secrecy="cinq", formula=RATIO),
            "essai.part_gt": card(secrecy="cinq"),
            "essai.part_pro": card(
                secrecy="cinq", formula={"form": "complement", "terms": ("essai.part_gt",)}
            ),
            **changes,
        },
        relations={"sexe": SEXE},
        secrecy=REGLES,
    )


def nombres(territory: str, **values: float | None) -> list[dict[str, Any]]:
    return [said(territory, f"essai.{name}", value, decimals=0) for name, value in values.items()]


def blanchis(protected: Protected) -> set[tuple[str, str]]:
    secret = protected.frame.filter(pl.col("status") == "secret")
    return set(secret.select("territory", "indicator").iter_rows())


def resiste(protected: Protected) -> bool:
    protected.require()
    return protected.audit.resists


def test_le_total_moins_les_femmes() -> None:
    """2 hommes blanchis, 50 femmes, 52 en tout : le total ou les femmes partent aussi."""
    protected = protect(
        retained(nombres(qpv(1), nb=52, nb_femmes=50, nb_hommes=2)), cartes(), territories(1)
    )
    # le moins lourd des deux : à peine, les femmes
    assert blanchis(protected) == {(qpv(1), "essai.nb_hommes"), (qpv(1), "essai.nb_femmes")}
    assert resiste(protected)
    row = protected.ledger.row(by_predicate=pl.col("blanking") == "secondaire", named=True)
    assert row["indicator"] == "essai.nb_femmes"
    assert row["basis"] == "essai.nb_hommes"
    assert row["relation"] == "par différence\u00a0: femmes et hommes font le total"
    assert row["rule"] == "cinq"


def test_sans_chiffre_secret_rien_ne_part() -> None:
    rows = nombres(qpv(1), nb=52, nb_femmes=40, nb_hommes=12)
    protected = protect(retained(rows), cartes(), territories(1))
    assert blanchis(protected) == set()
    assert protected.ledger.is_empty()


def test_un_zero_se_publie_et_ne_protege_personne() -> None:
    """Aucun homme : 0 est publié, et le total égal aux femmes ne trahit rien."""
    rows = nombres(qpv(1), nb=52, nb_femmes=52, nb_hommes=0)
    assert blanchis(protect(retained(rows), cartes(), territories(1))) == set()


def test_une_part_et_son_complement() -> None:
    """La voie professionnelle est blanchie par le producteur ; 100 moins l'autre la rendrait."""
    rows = [
        said(qpv(1), "essai.part_gt", 62.0),
        said(qpv(1), "essai.part_pro", None, status="secret"),
        said(qpv(2), "essai.part_gt", 55.0),
        said(qpv(2), "essai.part_pro", 45.0),
    ]
    protected = protect(retained(rows), cartes(), territories(2))
    assert blanchis(protected) == {(qpv(1), "essai.part_pro"), (qpv(1), "essai.part_gt")}
    assert resiste(protected)


def test_quartier_egale_ensemble_moins_les_autres() -> None:
    """3 dans un quartier ; l'ensemble des trois quartiers est publié : un autre part."""
    rows = [
        *nombres(qpv(1), nb=3),
        *nombres(qpv(2), nb=40),
        *nombres(qpv(3), nb=900),
        said(EPCI, "essai.nb", 943, kind="qpv_ensemble", decimals=0),
        said(EPCI, "essai.nb", 5000, kind="epci", decimals=0),
        said(EPCI, "essai.nb", 4057, kind="hors_qpv", decimals=0),
    ]
    protected = protect(retained(rows), cartes(), territories(3))
    assert blanchis(protected) == {(qpv(1), "essai.nb"), (qpv(2), "essai.nb")}
    assert resiste(protected)


def test_quartier_egale_agglomeration_moins_le_reste() -> None:
    """Un seul quartier : l'ensemble est le quartier, et l'agglomération moins le reste aussi."""
    rows = [
        *nombres(qpv(1), nb=3),
        said(EPCI, "essai.nb", 3, kind="qpv_ensemble", decimals=0),
        said(EPCI, "essai.nb", 60, kind="epci", decimals=0),
        said(EPCI, "essai.nb", 57, kind="hors_qpv", decimals=0),
    ]
    protected = protect(retained(rows), cartes(), territories(1))
    secret = protected.frame.filter(pl.col("status") == "secret")["kind"].to_list()
    assert sorted(secret) == ["hors_qpv", "qpv", "qpv_ensemble"]
    assert resiste(protected)


def test_commune_moins_le_reste() -> None:
    """Quatre personnes dans la commune, toutes connues : le quartier n'en a pas plus."""
    rows = [
        *nombres(qpv(1), nb=3),
        said("62001", "essai.nb", 4, kind="commune", decimals=0),
        said("62002", "essai.nb", 90, kind="commune", decimals=0),
    ]
    places = territories(1, communes={1: ["62001"], 2: ["62002"]})
    protected = protect(retained(rows), cartes(), places)
    assert ("62001", "essai.nb") in blanchis(protected)
    assert resiste(protected)


#: arrondi du taux publié, nombre de femmes, en tout, ce qui part de plus
TAUX = [
    (1, 3, 80, {"essai.part_femmes"}),
    (0, 3, 80, {"essai.part_femmes"}),
]


@pytest.mark.parametrize(("decimals", "women", "everyone", "more"), TAUX)
def test_un_effectif_derriere_un_taux(
    decimals: int, women: int, everyone: int, more: set[str]
) -> None:
    """3 femmes blanchies sur 80 : le taux publié les rendrait, il part."""
    rows = [
        *nombres(qpv(1), nb_femmes=women, nb=everyone),
        said(qpv(1), "essai.part_femmes", round(100 * women / everyone, decimals),
             decimals=decimals),
    ]  # fmt: skip
    protected = protect(retained(rows), cartes(), territories(1))
    assert {i for _, i in blanchis(protected)} == {"essai.nb_femmes", *more}
    assert resiste(protected)


def test_un_producteur_blanchit_l_effectif_et_publie_le_taux() -> None:
    """L'effectif est « s » dans le fichier, le taux et le total y sont : l'un des deux part."""
    rows = [
        said(qpv(1), "essai.nb_femmes", None, status="secret"),
        said(qpv(1), "essai.nb", 80, decimals=0),
        said(qpv(1), "essai.part_femmes", 3.8),
    ]
    protected = protect(retained(rows), cartes(), territories(1))
    assert {i for _, i in blanchis(protected)} == {"essai.nb_femmes", "essai.part_femmes"}
    assert resiste(protected)


def test_deux_editions() -> None:
    """Les femmes étaient publiées l'an dernier : c'est le total qui part, elles sont connues."""
    former = retained(nombres(qpv(1), nb_femmes=50))
    rows = retained(nombres(qpv(1), nb=52, nb_femmes=50, nb_hommes=2))
    protected = protect(rows, cartes(), territories(1), [former])
    assert blanchis(protected) == {(qpv(1), "essai.nb_hommes"), (qpv(1), "essai.nb")}
    assert resiste(protected)


def test_deux_editions_qui_ne_montrent_plus_la_meme_chose() -> None:
    """L'édition antérieure montrait les femmes, celle-ci ne les montre pas : elles comptent."""
    former = retained(nombres(qpv(1), nb_femmes=50))
    rows = retained(nombres(qpv(1), nb=52, nb_hommes=2))
    protected = protect(rows, cartes(), territories(1), [former])
    assert blanchis(protected) == {(qpv(1), "essai.nb_hommes"), (qpv(1), "essai.nb")}


def test_tout_est_deja_publie() -> None:
    """Femmes et total déjà publiés : rien ne protège plus les hommes, le scellement échoue."""
    former = retained(nombres(qpv(1), nb=52, nb_femmes=50))
    rows = retained(nombres(qpv(1), nb=52, nb_femmes=50, nb_hommes=2))
    protected = protect(rows, cartes(), territories(1), [former])
    assert not protected.audit.resists
    with pytest.raises(ProblemsError) as caught:
        protected.require()
    told = str(caught.value)
    assert "femmes et hommes font le total" in told
    assert "2" not in told.replace("2015", "").replace(qpv(1), "").split("calcule")[0]


def test_un_secret_deja_publie_se_dit() -> None:
    former = retained(nombres(qpv(1), nb_hommes=2))
    rows = retained(nombres(qpv(1), nb_hommes=2))
    protected = protect(rows, cartes(), territories(1), [former])
    assert [p.code for p in protected.problems] == ["secret-deja-publie"]
    assert blanchis(protected) == {(qpv(1), "essai.nb_hommes")}


def test_un_total_plus_petit_que_ses_parties() -> None:
    """60 femmes, 2 hommes, 52 en tout : la relation est fausse, elle ne protège rien, on le dit."""
    rows = nombres(qpv(1), nb=52, nb_femmes=60, nb_hommes=2)
    protected = protect(retained(rows), cartes(), territories(1))
    assert blanchis(protected) == {(qpv(1), "essai.nb_hommes")}
    told = [p for p in protected.problems if p.code == "relation-contredite"]
    assert [p.severity for p in told] == [Severity.WARNING]
    assert "60" in str(told[0]) and "52" in str(told[0])
    assert "\u00a0: s" in str(told[0])
    assert protected.audit.contradicted == 1


def test_le_registre_ne_dit_jamais_la_valeur() -> None:
    rows = nombres(qpv(1), nb=4321, nb_femmes=4318, nb_hommes=3)
    protected = protect(retained(rows), cartes(), territories(1))
    text = protected.ledger.drop("territory").write_csv() + "".join(map(str, protected.problems))
    assert "4321" not in text and "4318" not in text and "4 3" not in text
    assert not [c for c in protected.ledger.columns if protected.ledger[c].dtype == pl.Float64]


def test_les_statuts_restent_distincts() -> None:
    """Secret, non significatif, sans donnée et zéro : quatre choses, avant comme après."""
    rows = [
        said(qpv(1), "essai.nb", None, status="secret"),
        said(qpv(2), "essai.nb", None, status="non_significatif"),
        said(qpv(3), "essai.nb", None),
        said(qpv(4), "essai.nb", 0, decimals=0),
        said(qpv(5), "essai.nb", 12, decimals=0),
    ]
    protected = protect(retained(rows), cartes(), territories(5))
    assert protected.frame.sort("territory")["status"].to_list() == [
        "secret", "non_significatif", "missing", "ok", "ok",
    ]  # fmt: skip


METHODE = Methode(
    order=31,
    tables=(
        Tableau(
            "TAUX",
            "Un effectif blanchi derrière un taux publié",
            ("décimales du taux", "femmes", "en tout", "ce qui part aussi"),
            {"ce qui part aussi": lambda more: "le taux" if more else "–"},
        ),
    ),
)
