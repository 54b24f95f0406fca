"""La part de chaque quartier de 2015 dans chaque quartier de 2024, mesurée sur les périmètres.

Par surface d'abord ; par habitants là où les carreaux couvrent les deux périmètres. Les périmètres
du pilote se suivent numéro par numéro ; cinq n'ont pas changé, et ne diffèrent que par la
simplification de leur tracé.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from methode import Methode, Tableau
from terril.catalogue.load import load_catalogue
from terril.lib.problems import ProblemList
from terril.places.overlaps import measured_correspondence
from terril.sources.grid import read_grid
from terril.territories.correspondence import CORRESPONDENCE, LISTED, from_list
from terril.territories.geometry import Layer, read_layer

INCHANGES = ["02", "20", "32", "35", "45"]

#: quartier de 2015, de 2024, part de l'ancien gardée, part du nouveau qui en vient (surface)
PARTS = [
    ("QP062019", "QN06219M", 0.893, 0.666),
    ("QP062024", "QN06224M", 0.995, 0.538),
    ("QP062027", "QN06227M", 0.804, 0.611),
    ("QP062034", "QN06234M", 0.887, 0.318),
    ("QP062047", "QN06247M", 0.954, 0.641),
]


@pytest.fixture(scope="module")
def couches(real_data: Path) -> tuple[Layer, Layer]:
    layers = []
    for year in ("2015", "2024"):
        path = real_data / f"qpv-{year}" / f"qpv{year}_lens_lievin_21_4326.geojson"
        layer = read_layer(path, ProblemList(), nature="qpv", generation=year)
        assert layer is not None
        layers.append(layer)
    return layers[0], layers[1]


@pytest.fixture(scope="module")
def par_surface(couches: tuple[Layer, Layer]) -> pl.DataFrame:
    return measured_correspondence(*couches, None, None, load_catalogue(), ProblemList())


@pytest.mark.parametrize(("ancien", "nouveau", "gardee", "venue"), PARTS)
def test_parts_de_surface(
    par_surface: pl.DataFrame, ancien: str, nouveau: str, gardee: float, venue: float
) -> None:
    row = par_surface.filter(pl.col("old") == ancien, pl.col("new") == nouveau).row(0, named=True)
    assert row["share_old"] == pytest.approx(gardee, abs=0.001)
    assert row["share_new"] == pytest.approx(venue, abs=0.001)
    assert row["basis"] == "surface"


def test_les_quartiers_se_suivent_par_leur_numero(par_surface: pl.DataFrame) -> None:
    assert par_surface.columns == list(CORRESPONDENCE)
    assert par_surface.height == 21
    numbers = par_surface.select(pl.col("old").str.slice(6), pl.col("new").str.slice(5, 2))
    assert all(old == new for old, new in numbers.iter_rows())


def test_les_surfaces_grandissent_de_1_a_2_8(
    couches: tuple[Layer, Layer], par_surface: pl.DataFrame
) -> None:
    old, new = (dict(zip(c.codes, c.areas(), strict=True)) for c in couches)
    assert old["QP062034"] / 1e4 == pytest.approx(20.0, abs=0.05)
    assert new["QN06234M"] / 1e4 == pytest.approx(55.7, abs=0.05)
    ratios = [new[n] / old[o] for o, n in par_surface.select("old", "new").iter_rows()]
    assert min(ratios) == pytest.approx(1.0, abs=0.005) and max(ratios) == pytest.approx(
        2.8, abs=0.05
    )
    assert par_surface["share_old"].min() == pytest.approx(0.804, abs=0.001)


def test_un_perimetre_inchange_est_entier_malgre_son_trace(par_surface: pl.DataFrame) -> None:
    same = par_surface.filter(pl.col("old").is_in([f"QP0620{n}" for n in INCHANGES]))
    assert same.height == 5
    assert (same["share_low"] == 1.0).all() and (same["error"] == 0.0).all()
    cut = par_surface.filter(pl.col("old") == "QP062027").row(0, named=True)
    assert (cut["share_low"], cut["share_high"]) == (0.0, 1.0), "une surface ne dit pas qui y vit"


def test_les_habitants_resserrent_les_parts(
    real_data: Path, couches: tuple[Layer, Layer], par_surface: pl.DataFrame
) -> None:
    grid = read_grid(
        real_data / "carreaux-200m" / "filosofi2015_carreaux_200m_lens_extrait.csv", ProblemList()
    )
    found = measured_correspondence(*couches, grid, None, load_catalogue(), ProblemList())
    people = found.filter(pl.col("basis") == "population")
    assert people["old"].to_list() == ["QP062019", "QP062025", "QP062026", "QP062027"]
    assert found.height == par_surface.height
    assert (people["error"] < 0.5).all()
    row = people.filter(pl.col("old") == "QP062019").row(0, named=True)
    assert row["share_new"] > 0.666, "ce qui est ajouté est moins habité que l’ancien quartier"
    assert row["share_low"] < row["share_old"] < row["share_high"]


def test_la_liste_officielle_est_confrontee(couches: tuple[Layer, Layer]) -> None:
    rows = [
        ("QP062020", "QN06220M", "inchange"),
        ("QP062027", "QN06227M", "inchange"),
        ("QP062019", "QN06224M", "modifie"),
    ]
    listed = pl.DataFrame(
        [
            {"old": o, "new": n, "old_label": "", "new_label": "", "status": s, "status_text": s,
             "line": 2}
            for o, n, s in rows
        ],
        schema=LISTED,
    )  # fmt: skip
    problems = ProblemList()
    found = measured_correspondence(*couches, None, from_list(listed), load_catalogue(), problems)
    kept = found.filter(pl.col("old") == "QP062020").row(0, named=True)
    assert (kept["status"], kept["basis"]) == ("inchange", "surface")
    told = [p.what for p in problems]
    assert any("QN06227M serait inchangé" in text for text in told)
    assert any("QN06224M suivrait QP062019" in text for text in told)
    assert not any("QN06220M" in text for text in told)


METHODE = Methode(
    order=52,
    tables=(
        Tableau(
            "PARTS",
            "Parts de surface de cinq quartiers du pilote",
            ("quartier de 2015", "quartier de 2024", "part de l’ancien gardée",
             "part du nouveau qui en vient"),
        ),
    ),
)  # fmt: skip
