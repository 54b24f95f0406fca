"""L'offre locale.

Un constat, sans calcul. Sont comptés les équipements du quartier et de ses abords. L'offre est
indispensable quand une école, un commerce alimentaire, des soins de premier recours et un
commerce du quotidien sont tous présents ; développée quand s'y ajoute un bureau de poste ou un
terrain de sport ; limitée quand une de ces familles au moins est là. La variété compte, non la
quantité. Un effectif illisible est inconnu, non nul : quand la classe en dépend, elle est
indéterminée et le dit.
"""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from methode import Methode, Tableau, cellule
from terril.benchmarks.offer import local_offer
from terril.catalogue.load import load_catalogue
from terril.sources.equipment import EQUIPMENT

TYPES = {
    "école": "École maternelle",
    "alimentaire": "Épicerie",
    "soins": "Pharmacie",
    "quotidien": "Librairie Papeterie Presse",
    "poste": "Bureau de poste",
    "sport": "Stade",
    "autre": "Garage",
}
QUATRE: dict[str, tuple[int | None, int | None]] = {
    "école": (1, 0),
    "alimentaire": (0, 1),
    "soins": (0, 2),
    "quotidien": (1, 0),
}

#: équipements (dans le quartier, aux abords ; None : illisible), classe, classe si présents
CLASSES: list[tuple[dict[str, tuple[int | None, int | None]], str, str, str]] = [
    (QUATRE, "indispensable", "indispensable", "indispensable"),
    ({**QUATRE, "poste": (0, 1)}, "developpee", "developpee", "developpee"),
    ({**QUATRE, "sport": (3, 0)}, "developpee", "developpee", "developpee"),
    ({**QUATRE, "poste": (0, 0)}, "indispensable", "indispensable", "indispensable"),
    ({**QUATRE, "soins": (0, 0), "poste": (1, 0)}, "limitee", "limitee", "limitee"),
    ({"sport": (1, 0)}, "limitee", "limitee", "limitee"),
    ({"autre": (5, 5)}, "absente", "absente", "absente"),
    ({**QUATRE, "poste": (None, 0)}, "indeterminee", "indispensable", "developpee"),
    ({**QUATRE, "soins": (0, None), "poste": (1, 0)}, "indeterminee", "limitee", "developpee"),
    ({**QUATRE, "soins": (1, None), "poste": (1, 0)}, "developpee", "developpee", "developpee"),
    ({"sport": (None, None)}, "indeterminee", "absente", "limitee"),
]


def _equipment(counts: dict[str, tuple[int | None, int | None]]) -> pl.DataFrame:
    rows = [
        {
            "territory": "QP000001",
            "buffer_m": 300,
            "category": "",
            "type": TYPES[name],
            "inside": inside,
            "around": around,
            "document": "essai",
            "file": "essai.csv",
            "sheet": "",
            "line": 2,
            "sha256": "",
        }
        for name, (inside, around) in counts.items()
    ]
    return pl.DataFrame(rows, schema=EQUIPMENT)


@pytest.mark.parametrize(("counts", "offer", "low", "high"), CLASSES)
def test_classes(
    counts: dict[str, tuple[int | None, int | None]], offer: str, low: str, high: str
) -> None:
    row = local_offer(_equipment(counts), load_catalogue()).offers.row(0, named=True)
    assert (row["offer"], row["low"], row["high"]) == (offer, low, high)
    assert row["depends"] == (low != high)
    assert ("dépend d’effectifs inconnus" in row["why"]) == (low != high)


def test_un_illisible_sans_effet_est_dit_aussi() -> None:
    counts = {**QUATRE, "poste": (None, None), "sport": (1, 0)}
    row = local_offer(_equipment(counts), load_catalogue()).offers.row(0, named=True)
    assert (row["offer"], row["depends"]) == ("developpee", False)
    assert "inconnus sans effet sur la classe (bureau de poste)" in row["why"]


def test_un_effectif_illisible_laisse_un_minimum_connu() -> None:
    """Deux types de soins : l'un compté, l'autre illisible aux abords."""
    frame = pl.concat(
        [
            _equipment({"soins": (1, 4)}),
            _equipment({"soins": (2, None)}).with_columns(type=pl.lit("Infirmier")),
        ]
    )
    families = local_offer(frame, load_catalogue()).families
    row = families.row(by_predicate=pl.col("family") == "sante", named=True)
    assert (row["inside"], row["around"]) == (3, 4)
    assert (row["inside_unreadable"], row["around_unreadable"]) == (0, 1)
    assert row["unreadable_types"] == ["Infirmier"]


def test_tout_illisible_n_est_pas_zero() -> None:
    families = local_offer(_equipment({"poste": (None, None)}), load_catalogue()).families
    row = families.row(by_predicate=pl.col("family") == "poste", named=True)
    assert (row["inside"], row["around"], row["unreadable"]) == (None, None, True)


#: les deux modèles de fiche : quartier, famille, dans le quartier, aux abords
MODELES = [
    ("QP062019", "ecole", 6, 0),
    ("QP062019", "commerce_alimentaire", 1, 5),
    ("QP062019", "sante", 3, 16),
    ("QP062019", "commerce_quotidien", 2, 4),
    ("QP062019", "poste", 0, 1),
    ("QP062019", "sport", 1, 4),
    ("QP062029", "ecole", 4, 5),
    ("QP062029", "commerce_alimentaire", 4, 2),
    ("QP062029", "sante", 3, 28),
    ("QP062029", "commerce_quotidien", 1, 4),
    ("QP062029", "poste", 1, 0),
    ("QP062029", "sport", 1, 3),
]


@pytest.mark.parametrize(("qp", "family", "inside", "around"), MODELES)
def test_familles_des_modeles(pilot: Any, qp: str, family: str, inside: int, around: int) -> None:
    row = pilot.offer.families.row(
        by_predicate=(pl.col("territory") == qp) & (pl.col("family") == family), named=True
    )
    assert (row["inside"], row["around"]) == (inside, around)


def test_dix_sept_offres_developpees_sur_vingt_et_une(pilot: Any) -> None:
    offers = pilot.offer.offers
    assert offers.height == 21
    assert offers["offer"].value_counts(sort=True).row(0) == ("developpee", 17)
    models = offers.filter(pl.col("territory").is_in(["QP062019", "QP062029"]))
    assert set(models["offer"]) == {"developpee"}


METHODE = Methode(
    order=13,
    tables=(
        Tableau(
            "CLASSES",
            "Classe de l’offre selon les équipements (dans le quartier, aux abords)",
            ("équipements", "classe", "sans les illisibles", "avec les illisibles"),
            {"équipements": lambda held: " ; ".join(
                f"{name} {cellule(inside)} + {cellule(around)}"
                for name, (inside, around) in held.items()
            )},
            words={
                "indispensable": "indispensable", "developpee": "développée",
                "limitee": "limitée", "absente": "absente", "indeterminee": "indéterminée",
            },
            note="« – » : effectif illisible.",
        ),
        Tableau(
            "MODELES",
            "Équipements de deux quartiers du pilote",
            ("quartier", "famille", "dans le quartier", "aux abords"),
            words={
                "ecole": "écoles", "commerce_alimentaire": "commerces alimentaires",
                "sante": "soins", "commerce_quotidien": "commerces du quotidien",
                "poste": "bureaux de poste", "sport": "terrains de sport",
            },
        ),
    ),
)  # fmt: skip
