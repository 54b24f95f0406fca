"""Les équipements d'un quartier et de ses abords.

Un équipement est compté à sa place, d'après ses coordonnées. Il est dans le quartier s'il est dans
son périmètre, limite comprise. Il est à ses abords s'il est dehors et à 300 mètres au plus de la
limite : la distance est exacte, en ligne droite, jusqu'à la limite elle-même. Certains quartiers
ont des abords de 500 mètres. Ce qui est dans une cour entourée par le quartier est dehors, et donc
à ses abords quand la limite est assez près. Un équipement placé au centre de sa commune, ou au
hasard, n'est pas compté : il est donné à part. Un équipement sans coordonnées est signalé, jamais
perdu.
"""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest
import shapely

from methode import Methode, Tableau
from terril.catalogue.load import load_catalogue
from terril.places.equipment import count_equipment
from terril.sources.points_frame import POINTS
from terril.territories.geometry import Layer, as_shapes
from terril.territories.registry import Territories, Territory

CATALOGUE = load_catalogue()
#: un carré d'un kilomètre avec une cour de 200 mètres en son milieu
QUARTIER = shapely.Polygon(
    [(0, 0), (1000, 0), (1000, 1000), (0, 1000)],
    [[(400, 400), (600, 400), (600, 600), (400, 600)]],
)

#: abords (m), est (m), nord (m), précision dite par le producteur, dans le quartier, aux abords
PLACES: list[tuple[int, float | None, float | None, str, int, int]] = [
    (300, 100, 100, "bonne", 1, 0),
    (300, 0, 500, "bonne", 1, 0),  # sur la limite : dedans
    (300, -1, 500, "bonne", 0, 1),
    (300, -300, 500, "acceptable", 0, 1),  # 300 mètres tout juste
    (300, -301, 500, "bonne", 0, 0),
    (500, -301, 500, "bonne", 0, 1),
    (300, -212, -212, "bonne", 0, 1),  # à 299,8 mètres du coin
    (300, -213, -213, "bonne", 0, 0),  # à 301,2 mètres du coin
    (300, 500, 500, "bonne", 0, 1),  # dans la cour, à 100 mètres de la limite
    (50, 500, 500, "bonne", 0, 0),
    (300, 100, 100, "mauvaise", 0, 0),  # au centre de la commune : compté à part
    (300, 100, 100, "", 1, 0),  # précision inconnue : compté
    (300, None, None, "bonne", 0, 0),  # sans coordonnées
]


def _counted(buffer: int, x: float | None, y: float | None, precision: str, **more: Any) -> Any:
    shapes = as_shapes([QUARTIER])
    layer = Layer("qpv", "2015", 2154, ("QP001001",), ("Le Val",), shapes, pl.DataFrame())
    row: dict[str, Any] = {
        "id": "essai:2", "type": "D307", "card": "Pharmacie", "label": "Pharmacie du Val", "x": x,
        "y": y, "crs": 2154, "commune": "01004", "qpv_2015": "", "qpv_2015_quality": "",
        "qpv_2024": "", "qpv_2024_quality": "", "xy_quality": precision, "xy_state": "lue",
        "vintage": "2024", "source": "insee_bpe", "priority": 50, "document": "essai",
        "file": "bpe.csv", "sheet": "", "line": 2, "sha256": "",
    }  # fmt: skip
    places = Territories([Territory("QP001001", "qpv", "Le Val", "Le Val", buffer_m=buffer)])
    return count_equipment(pl.DataFrame([{**row, **more}], schema=POINTS), layer, CATALOGUE, places)


@pytest.mark.parametrize(("buffer", "x", "y", "precision", "inside", "around"), PLACES)
def test_places(
    buffer: int, x: float | None, y: float | None, precision: str, inside: int, around: int
) -> None:
    found = _counted(buffer, x, y, precision)
    row = found.equipment.row(by_predicate=pl.col("type") == "Pharmacie", named=True)
    assert (row["inside"], row["around"], row["buffer_m"]) == (inside, around, buffer)


def test_a_part() -> None:
    assert _counted(300, 100, 100, "mauvaise").apart.rows() == [("QP001001", "Pharmacie", 1, 0)]


#: quartier dit par le producteur, sûreté qu'il donne, est (m), comptés par lui, au hasard,
#: désaccord
PRODUCTEUR: list[tuple[str, str, float, int, int, bool]] = [
    ("QP001001", "1", 100, 1, 0, False),
    ("QP001001", "2", 100, 1, 0, False),
    ("QP001001", "3", 100, 0, 1, False),
    ("QP001001", "1", -8, 1, 0, True),  # à 8 mètres de la limite
    ("QP001001", "3", -800, 0, 1, True),
]


@pytest.mark.parametrize(("theirs", "quality", "x", "sure", "random", "disagree"), PRODUCTEUR)
def test_comptes_du_producteur(
    theirs: str, quality: str, x: float, sure: int, random: int, disagree: bool
) -> None:
    """L'Insee dit le quartier : 1 sûr, 2 probable, 3 au hasard. Il compte 1 et 2, et signale 3."""
    check = _counted(300, x, 500, "bonne", qpv_2015=theirs, qpv_2015_quality=quality).check
    row = check.counts.row(0, named=True)
    assert (row["theirs"], row["theirs_random"]) == (sure, random)
    assert (not check.disagreements.is_empty()) == disagree


METHODE = Methode(
    order=50,
    tables=(
        Tableau(
            "PLACES",
            "Dans le quartier, à ses abords, ou ni l’un ni l’autre",
            ("abords, en mètres", "est", "nord", "précision", "dans le quartier", "aux abords"),
            note="Le quartier d’essai est un carré d’un kilomètre, percé d’une cour de 200 mètres.",
        ),
        Tableau(
            "PRODUCTEUR",
            "Le quartier que dit le producteur, confronté aux coordonnées",
            ("quartier dit", "sûreté dite", "est, en mètres", "comptés par lui", "au hasard",
             "désaccord"),
        ),
    ),
)  # fmt: skip
