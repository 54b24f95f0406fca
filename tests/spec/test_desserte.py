"""La desserte par les transports collectifs.

Un arrêt dessert un quartier s'il est dans son périmètre, ou dehors à une distance qui dépend du
mode : 300 mètres pour un bus, 500 pour un tramway ou un bus à haut niveau de service, 800 pour un
train, à vol d'oiseau jusqu'à la limite. La fréquence est comptée un mardi, mercredi ou jeudi, celui
qui a le plus de courses, de 7 h à 9 h et de 16 h 30 à 18 h 30 : l'intervalle est celui du sens le
moins servi. Une ligne est structurante par son mode et par sa fréquence : un train par heure, un
tramway ou un bus à haut niveau de service par quart d'heure, dans chaque sens. Le temps de marche
est une estimation : la distance, plus 30 %, à 4 kilomètres à l'heure.
"""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest
import shapely

from methode import Methode, Tableau
from terril.catalogue.load import load_catalogue
from terril.places.stops import served
from terril.sources.gtfs import LINES, Network
from terril.sources.gtfs_passages import PASSAGES
from terril.sources.gtfs_stops import STOPS
from terril.territories.geometry import Layer, as_shapes

CATALOGUE = load_catalogue()
QUARTIER = Layer(
    "qpv", "2015", 2154, ("QP001001",), ("Le Val",), as_shapes([shapely.box(0, 0, 100, 100)]),
    pl.DataFrame(),
)  # fmt: skip

#: mode, distance de l'arrêt à la limite (m), passages à l'aller et au retour pendant les quatre
#: heures de pointe, desservi, intervalle (min), structurante
LIGNES: list[tuple[str, float, tuple[int, int], bool, float | None, bool]] = [
    ("bus", 300, (24, 24), True, 10, False),
    ("bus", 301, (24, 24), False, None, False),
    ("bhns", 500, (16, 16), True, 15, True),
    ("bhns", 500, (16, 12), True, 20, False),  # trop rare dans un sens
    ("bhns", 501, (16, 16), False, None, False),
    ("tram", 500, (40, 40), True, 6, True),
    ("train", 800, (4, 4), True, 60, True),
    ("train", 800, (3, 4), True, 80, False),
    ("train", 801, (4, 4), False, None, False),
    ("train", 0, (4, 0), True, 60, True),  # terminus : on ne part que dans un sens
]


@pytest.mark.parametrize(("mode", "metres", "passages", "reached", "headway", "strong"), LIGNES)
def test_lignes(
    mode: str,
    metres: float,
    passages: tuple[int, int],
    reached: bool,
    headway: float | None,
    strong: bool,
) -> None:
    calls = [
        ("p", "1", way, 7 * 3600 + 60 * k, True, True)
        for way, count in enumerate(passages) for k in range(count)
    ]  # fmt: skip
    network = Network(
        document="essai", reader="gtfs",
        stops=pl.DataFrame([("p", "p", "Arrêt", -metres, 50.0, 2)], schema=STOPS, orient="row"),
        lines=pl.DataFrame([("1", "1", "L", "", mode)], schema=LINES, orient="row"),
        passages=pl.DataFrame(calls, schema=PASSAGES, orient="row"),
        day=dt.date(2024, 3, 5), reason="", crs=2154, source="horaires_transport", priority=50,
        file="essai.zip", sha256="",
    )  # fmt: skip
    rows = served([network], QUARTIER, CATALOGUE).served.rows(named=True)
    assert bool(rows) is reached
    if rows:
        row = rows[0]
        assert (row["passages_peak"], row["headway_min"]) == (sum(passages), headway)
        assert row["structuring"] is strong
        assert row["walk_min"] == pytest.approx(metres * 1.3 / (4000 / 60))


METHODE = Methode(
    order=51,
    tables=(
        Tableau(
            "LIGNES",
            "Desservi, et par une ligne structurante",
            ("mode", "distance, en mètres", "passages aux heures de pointe", "desservi",
             "intervalle, en minutes", "structurante"),
            {"passages aux heures de pointe": lambda pair: f"{pair[0]} et {pair[1]}"},
            words={"bhns": "bus à haut niveau de service", "tram": "tramway"},
        ),
    ),
)  # fmt: skip
