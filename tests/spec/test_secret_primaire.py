"""Le secret primaire.

Chaque source a sa règle : un effectif inférieur au minimum est blanchi ; un taux l'est aussi
quand son numérateur ou son dénominateur, déclaré par sa formule ou son poids, est connu et
inférieur au minimum. Zéro se publie, sauf règle contraire. Une somme dont les contributeurs sont
connus est blanchie quand ils sont trop peu, ou quand l'un d'eux y pèse trop lourd : les autres
n'auraient qu'à ôter leur part. Ce que le producteur a déjà blanchi
le reste. Le registre dit ce qui a été blanchi et selon quelle règle, jamais la valeur.
"""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from methode import Methode, Tableau
from small_world import card, catalogue, count, qpv, retained, said, territories, values_of
from terril.benchmarks.compare import compare
from terril.catalogue.cards import Catalogue
from terril.catalogue.schema import Dominance, SecrecyRule
from terril.indicators.derive import derive
from terril.secrecy.primary import apply_primary
from terril.secrecy.protect import protect
from terril.sources.contributions import CONTRIBUTIONS

REGLES = {
    "cinq": SecrecyRule(label="5", minimum=5, unit="élèves", note="essai"),
    "cinq_zero": SecrecyRule(label="5", minimum=5, unit="élèves", note="essai", blank_zero=True),
    "sans": SecrecyRule(label="sans", unit="élèves", note="essai"),
}


def _cards(rule: str = "cinq", **rate: Any) -> Catalogue:
    return catalogue(
        {
            "essai.nb": count(secrecy=rule),
            "essai.nb_tous": count(secrecy=rule),
            "essai.part": card(secrecy=rule, **rate),
        },
        secrecy=REGLES,
    )


#: règle, effectif, publié ?
EFFECTIFS = [
    ("cinq", 4, False),
    ("cinq", 5, True),
    ("cinq", 1, False),
    ("cinq", 0, True),
    ("cinq_zero", 0, False),
    ("cinq_zero", 5, True),
    ("sans", 1, True),
]


@pytest.mark.parametrize(("rule", "number", "published"), EFFECTIFS)
def test_effectifs(rule: str, number: int, published: bool) -> None:
    frame, ledger = apply_primary(
        retained([said(qpv(1), "essai.nb", number, decimals=0)]), _cards(rule)
    )
    row = frame.row(0, named=True)
    assert (row["status"], row["value"]) == (("ok", number) if published else ("secret", None))
    assert ledger.height == (0 if published else 1)


RATIO = {"form": "ratio", "terms": ("essai.nb", "essai.nb_tous")}

#: ce que la carte du taux déclare, numérateur, dénominateur, le taux est-il publié ?
TAUX: list[tuple[dict[str, Any], float | None, float | None, bool]] = [
    ({"formula": RATIO}, 12, 80, True),
    ({"formula": RATIO}, 3, 80, False),
    ({"formula": RATIO}, 0, 80, True),
    ({"formula": RATIO}, 3, 4, False),
    ({"formula": RATIO}, None, 4, False),
    ({"formula": RATIO}, None, None, True),
    ({"weight": "essai.nb_tous"}, None, 4, False),
    ({"weight": "essai.nb_tous"}, 3, 80, True),
    ({}, 3, 4, True),
]


@pytest.mark.parametrize(("declared", "numerator", "denominator", "published"), TAUX)
def test_taux(
    declared: dict[str, Any], numerator: float | None, denominator: float | None, published: bool
) -> None:
    rows = [said(qpv(1), "essai.part", 15.0)]
    rows += [said(qpv(1), "essai.nb", numerator)] if numerator is not None else []
    rows += [said(qpv(1), "essai.nb_tous", denominator)] if denominator is not None else []
    frame, _ = apply_primary(retained(rows), _cards(**declared))
    row = frame.row(by_predicate=pl.col("indicator") == "essai.part", named=True)
    assert (row["status"] == "ok") == published


#: le plus grand contributeur, le second, le total, combien ils sont (None : non dit) ; publié ?
CONTRIBUTEURS: list[tuple[float, float, float, int | None, bool]] = [
    (400, 300, 1000, 8, True),
    (850, 50, 1000, 8, True),
    (851, 50, 1000, 8, False),
    (500, 500, 1000, 2, False),
    (500, 300, 1000, 3, True),
    (500, 300, 1000, None, True),
    (900, 40, 1000, None, False),
]


@pytest.mark.parametrize(("first", "second", "total", "number", "published"), CONTRIBUTEURS)
def test_contributeurs(
    first: float, second: float, total: float, number: int | None, published: bool
) -> None:
    """Salariés d'établissements : trois au moins, dont aucun ne pèse plus de 85 % du total."""
    rule = SecrecyRule(
        label="85 %", minimum=3, unit="établissements", note="essai",
        dominance=Dominance(largest=1, share=85),
    )  # fmt: skip
    cards = catalogue({"essai.nb": count(secrecy="poids")}, secrecy={"poids": rule})
    amounts = [("1", first), ("2", second), ("", total - first - second)]
    rows = [
        {"kind": "qpv", "territory": qpv(1), "indicator": "essai.nb", "period": "2015",
         "breakdown": "total", "contributor": who, "amount": amount, "contributors": number}
        for who, amount in amounts if amount
    ]  # fmt: skip
    protected = protect(
        retained([said(qpv(1), "essai.nb", total, decimals=0)]),
        cards,
        territories(1),
        contributions=pl.DataFrame(rows, schema=CONTRIBUTIONS),
    )
    assert (protected.frame["status"][0] == "ok") == published
    assert protected.audit.resists


def test_une_base_sous_une_autre_regle_ne_blanchit_pas() -> None:
    """La population d'un taux d'élèves n'est pas un nombre d'élèves."""
    cards = catalogue(
        {
            "essai.nb_tous": count(secrecy="sans"),
            "essai.part": card(secrecy="cinq", weight="essai.nb_tous"),
        },
        secrecy=REGLES,
    )
    rows = [said(qpv(1), "essai.part", 15.0), said(qpv(1), "essai.nb_tous", 3)]
    frame, ledger = apply_primary(retained(rows), cards)
    assert set(frame["status"]) == {"ok"}
    assert ledger.is_empty()


def test_le_registre_et_le_texte_ne_disent_jamais_la_valeur() -> None:
    rows = [
        said(qpv(1), "essai.nb", 3, raw="3"),
        said(qpv(1), "essai.nb_tous", 4321, raw="4321"),
        said(qpv(1), "essai.part", 0.0694, raw="0,0694"),
    ]
    frame, ledger = apply_primary(retained(rows), _cards(formula=RATIO))
    assert ledger.select("indicator", "basis", "rule", "minimum").rows() == [
        ("essai.nb", "essai.nb", "cinq", 5),
        ("essai.part", "essai.nb", "cinq", 5),
    ]
    blanked = frame.filter(pl.col("status") == "secret")
    assert blanked["raw"].to_list() == ["s", "s"]
    assert blanked["decimals"].to_list() == [None, None]
    assert not [c for c in ledger.columns if ledger[c].dtype == pl.Float64]
    assert all("3" not in text for text in ledger["why"])


def test_un_total_calcule_ne_montre_pas_le_terme_blanchi() -> None:
    cards = catalogue(
        {
            "essai.nb": count(secrecy="cinq"),
            "essai.nb_tous": count(secrecy="cinq"),
            "essai.nb_somme": count(
                secrecy="cinq", formula={"form": "sum", "terms": ("essai.nb", "essai.nb_tous")}
            ),
        },
        secrecy=REGLES,
    )
    stated = retained([said(qpv(1), "essai.nb", 3), said(qpv(1), "essai.nb_tous", 40)])
    derived = derive(stated, cards)
    assert derived["raw"].to_list() == ["3,0 + 40,0"]
    whole = retained([*stated.drop("statements", "contradicted").to_dicts(), *derived.to_dicts()])
    frame, _ = apply_primary(whole, cards)
    total = frame.row(by_predicate=pl.col("indicator") == "essai.nb_somme", named=True)
    assert (total["status"], total["value"]) == ("ok", 43.0)
    assert "3" not in total["raw"]
    assert "secret" in total["raw"]


def test_applique_deux_fois_il_ne_change_rien() -> None:
    rows = values_of("essai.nb", [3, 7, 0]) + values_of("essai.part", [1.0, 2.0, 0.0])
    once, _ = apply_primary(retained(rows), _cards(formula=RATIO))
    twice, ledger = apply_primary(once, _cards(formula=RATIO))
    assert twice.equals(once)
    assert ledger.is_empty()


def test_un_secret_n_est_ni_un_zero_ni_une_moyenne() -> None:
    """Une valeur blanchie sort des moyennes et des rangs, et compte parmi les inconnues."""
    rows = values_of("essai.nb", [3, 10, 20, 30])
    frame, _ = apply_primary(retained(rows), _cards())
    group = compare(frame, territories(4), _cards()).groups.row(0, named=True)
    assert (group["known"], group["total"], group["mean"]) == (3, 4, 20.0)


REGLES_DITES = {
    "cinq": "5 au moins",
    "cinq_zero": "5 au moins, zéro blanchi",
    "sans": "sans minimum",
}

METHODE = Methode(
    order=30,
    tables=(
        Tableau(
            "EFFECTIFS",
            "Un effectif",
            ("règle", "effectif", "publié"),
            words=REGLES_DITES,
        ),
        Tableau(
            "TAUX",
            "Un taux, sous la règle de 5 au moins",
            ("ce que sa carte déclare", "numérateur", "dénominateur", "publié"),
            {
                "ce que sa carte déclare": lambda declared: (
                    "numérateur et dénominateur"
                    if "formula" in declared
                    else "dénominateur seul"
                    if declared
                    else "rien"
                )
            },
            note="« – » : l’effectif n’est pas connu.",
        ),
        Tableau(
            "CONTRIBUTEURS",
            "Une somme, sous la règle de trois établissements dont aucun ne pèse plus de 85 %",
            ("le plus grand", "le second", "total", "combien ils sont", "publié"),
        ),
    ),
)
