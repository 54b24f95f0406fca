"""Are figures given on the ground, with the outlines of the edition, and refused without them?"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio.raw
import pytest
import shapely
from django.test import Client, override_settings

from terril.cli.main import main

CODE = "revenus.taux_pauvrete"
TOML = """\
[projet]
nom = "Observatoire d’essai"
contrat = "Contrat de ville d’essai"
edition = 2020-07-01
generation = "2015"
modele_fiche = "quartier"

[territoire]
epci = "200000000"
nom = "Communauté d’essai"
sigle = "CE"
fichier = "territoires.csv"

[[entrees]]
id = "tableaux"
fichier = "tableaux.csv"
lecteur = "long"
priorite = 10

[[perimetres]]
id = "quartiers"
fichier = "quartiers.geojson"
lecteur = "contours"
nature = "qpv"
generation = "2015"
crs = "2154"
"""
TERRITORIES = """\
genre;code;nom;communes;epci;population
epci;200000000;Communauté d’essai;;;9000
commune;62001;Villeneuve;;200000000;5000
commune;62002;Vieuxbourg;;200000000;4000
qpv;QP062001;Cité du Nord;62001;200000000;1200
qpv;QP062002;Cité du Sud;62001;200000000;900
qpv;QP062003;Cité de l’Est;62002;200000000;800
"""
TABLE = f"""\
genre;territoire;indicateur;periode;valeur;source
qpv;QP062001;{CODE};2015;44,1;insee_filosofi
qpv;QP062002;{CODE};2015;s;insee_filosofi
qpv;QP062003;{CODE};2015;38,0;insee_filosofi
qpv;QP062001;{CODE};2014;43,0;insee_filosofi
epci;200000000;{CODE};2015;20,3;insee_filosofi
"""
X, Y = 688_000.0, 7_037_000.0


def outlines() -> dict[str, Any]:
    """One with a hole, one in two pieces, one plain; the first ring turns the wrong way."""
    square = shapely.box(X, Y, X + 400, Y + 400) - shapely.box(X + 100, Y + 100, X + 200, Y + 200)
    double = shapely.MultiPolygon(
        [shapely.box(X + 1000, Y, X + 1200, Y + 200), shapely.box(X + 1400, Y, X + 1600, Y + 200)]
    )
    shapes = {
        "QP062001": square,
        "QP062002": double,
        "QP062003": shapely.box(X, Y + 900, X + 300, Y + 1200),
    }
    return {
        "type": "FeatureCollection",
        "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::2154"}},
        "features": [
            {
                "type": "Feature",
                "properties": {"code_qp": code, "nom_qp": code},
                "geometry": json.loads(shapely.to_geojson(shapely.reverse(shape))),
            }
            for code, shape in shapes.items()
        ],
    }


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """An edition that holds outlines; the site shows it."""
    folder = tmp_path_factory.mktemp("sol")
    project = folder / "projet"
    project.mkdir()
    (project / "terril.toml").write_text(TOML, encoding="utf-8")
    (project / "territoires.csv").write_text(TERRITORIES, encoding="utf-8")
    (project / "tableaux.csv").write_text(TABLE, encoding="utf-8")
    (project / "quartiers.geojson").write_text(json.dumps(outlines()), encoding="utf-8")
    editions = folder / "editions"
    assert main(["construire", str(project), "--vers", str(editions)]) == 0
    with override_settings(EDITIONS=editions):
        yield editions


def features(answer: Any) -> list[dict[str, Any]]:
    assert answer.status_code == 200 and answer["Content-Type"] == "application/geo+json"
    assert answer["Access-Control-Allow-Origin"] == "*"
    data = json.loads(answer.content)
    assert data["type"] == "FeatureCollection" and "crs" not in data
    return list(data["features"])


def test_the_neighbourhoods_are_given_with_their_signals(ground: Path, web: Client) -> None:
    found = features(web.get("/quartiers.geojson"))
    assert [f["properties"]["code"] for f in found] == ["QP062001", "QP062002", "QP062003"]
    first = found[0]["properties"]
    assert (first["nom"], first["communes"], first["population"]) == (
        "Cité du Nord", "Villeneuve", 1200.0,
    )  # fmt: skip
    assert "signal_revenus" in first
    for feature in found:
        shape = shapely.from_geojson(json.dumps(feature["geometry"]))
        assert shapely.is_valid(shape)
        for part in shapely.get_parts(shape):
            assert shapely.is_ccw(part.exterior)
            assert not any(shapely.is_ccw(ring) for ring in part.interiors)
        west, south, east, north = feature["bbox"]
        assert 2.7 < west <= east < 3.0 and 50.3 < south <= north < 50.6
        assert np.allclose(feature["bbox"], np.round(feature["bbox"], 6), atol=0)
    assert len(found[0]["geometry"]["coordinates"]) == 2
    assert found[1]["geometry"]["type"] == "MultiPolygon"


def test_a_secret_figure_is_null_and_says_so(ground: Path, web: Client) -> None:
    base = f"/editions/2020-07-01/indicateurs/{CODE}/donnees"
    rows = {f["properties"]["code"]: f["properties"] for f in features(web.get(f"{base}.geojson"))}
    assert rows["QP062001"]["valeur_2015"] == 44.1 and rows["QP062001"]["statut_2015"] == "ok"
    assert rows["QP062002"]["valeur_2015"] is None
    assert rows["QP062002"]["statut_2015"] == "secret"
    assert rows["QP062003"]["valeur_2014"] is None and rows["QP062003"]["statut_2014"] is None
    answer = web.get(f"{base}.geojson")
    assert "immutable" in answer["Cache-Control"]


def test_the_geopackage_holds_the_same(ground: Path, web: Client, tmp_path: Path) -> None:
    answer = web.get(f"/indicateurs/{CODE}/donnees.gpkg")
    assert answer["Content-Type"] == "application/geopackage+sqlite3"
    path = tmp_path / "donnees.gpkg"
    path.write_bytes(answer.content)
    meta, _, shapes, fields = pyogrio.raw.read(str(path), layer="qpv_2015")
    columns: dict[str, Any] = dict(zip(meta["fields"], fields, strict=True))
    assert meta["crs"] == "EPSG:2154" and len(shapes) == 3
    assert list(columns["statut_2015"]) == ["ok", "secret", "ok"]
    assert columns["valeur_2015"][0] == 44.1 and np.isnan(columns["valeur_2015"][1])
    areas = shapely.area(shapely.from_wkb(shapes))
    assert list(np.round(areas)) == [400**2 - 100**2, 2 * 200**2, 300**2]


def test_harvesters_are_told_of_the_maps(ground: Path, web: Client) -> None:
    text = web.get("/catalogue.jsonld").content.decode()
    assert "donnees.geojson" in text and "donnees.gpkg" in text


@pytest.mark.parametrize(
    "address",
    ["/quartiers.geojson", "/indicateurs/education.taux_retard_3e/donnees.geojson",
     "/indicateurs/education.taux_retard_3e/donnees.gpkg"],
)  # fmt: skip
def test_without_outlines_the_refusal_says_why(web: Client, address: str) -> None:
    import site_of_tests

    with override_settings(EDITIONS=site_of_tests.editions()):
        answer = web.get(address)
        assert answer.status_code == 404
        assert "ne contient pas le périmètre" in answer.content.decode()
        assert "donnees.geojson" not in web.get("/catalogue.jsonld").content.decode()
