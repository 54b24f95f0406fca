"""Is equipment found in OpenStreetMap extracts, by its tags, whatever the form of the file?"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

import polars as pl
import pytest
from osm_pbf import Node, Way, write_pbf
from point_material import LAT, LON, PointDesk

from terril.catalogue.lists import read_list
from terril.catalogue.load import load_catalogue
from terril.places.equipment import source_lines
from terril.sources.osm import ordered, parse_rule, tags_of

STEP = 0.001
NODES: list[Node] = [
    (1, LON, LAT, {"amenity": "pharmacy", "name": 'Pharmacie "du Val"'}),
    (2, LON + 3 * STEP, LAT, {"shop": "bakery"}),
    (3, LON + 9, LAT, {"shop": "bakery", "name": "Loin"}),
    (4, LON, LAT, {"amenity": "bench"}),
    (5, LON, LAT, {"amenity": "school", "name": "École sans degré"}),
    (11, LON, LAT, {}),
    (12, LON + STEP, LAT, {}),
    (13, LON + STEP, LAT + STEP, {}),
    (14, LON, LAT + STEP, {}),
]
SQUARE = [11, 12, 13, 14, 11]
WAYS: list[Way] = [
    (21, SQUARE, {"amenity": "school", "school:FR": "élémentaire", "name": "École Jaurès",
                  "building": "yes"}),
    (22, [11, 12], {"highway": "residential", "name": "Rue"}),
]  # fmt: skip
EXPECTED = {
    ("node/1", "Pharmacie", 'Pharmacie "du Val"'),
    ("node/2", "Boulangerie-pâtisserie", "Boulangerie-pâtisserie"),
    ("way/21", "École élémentaire / primaire", "École Jaurès"),
}


def as_xml() -> str:
    def tags(bag: Mapping[str, str]) -> str:
        return "".join(f"<tag k={quoteattr(k)} v={quoteattr(v)}/>" for k, v in bag.items())

    nodes = "".join(
        f'<node id="{i}" lon="{x}" lat="{y}">{tags(bag)}</node>' for i, x, y, bag in NODES
    )
    ways = "".join(
        f'<way id="{i}">' + "".join(f'<nd ref="{r}"/>' for r in refs) + f"{tags(bag)}</way>"
        for i, refs, bag in WAYS
    )
    return f'<?xml version="1.0" encoding="UTF-8"?><osm version="0.6">{nodes}{ways}</osm>'


def as_geojson(nested: bool) -> str:
    places = {node[0]: [node[1], node[2]] for node in NODES}
    features: list[tuple[str, Mapping[str, str], dict[str, Any]]] = []
    for number, _, _, bag in NODES:
        if bag:
            features.append(
                (f"node/{number}", bag, {"type": "Point", "coordinates": places[number]})
            )
    for number, refs, bag in WAYS:
        line = [places[r] for r in refs]
        shape: dict[str, Any] = (
            {"type": "Polygon", "coordinates": [line]}
            if refs[0] == refs[-1]
            else {"type": "LineString", "coordinates": line}
        )
        features.append((f"way/{number}", bag, shape))
    return json.dumps(
        {
            "type": "FeatureCollection",
            "features": [
                {
                    "type": "Feature",
                    "properties": {"@id": i, "tags": bag} if nested else {"@id": i, **bag},
                    "geometry": shape,
                }
                for i, bag, shape in features
            ],
        }
    )


FORMS: dict[str, str | bytes] = {
    "val.osm": as_xml(),
    "val.osm.pbf": write_pbf(NODES, WAYS),
    "plat.geojson": as_geojson(False),
    "range.geojson": as_geojson(True),
}


@pytest.fixture
def desk(tmp_path: Path) -> PointDesk:
    return PointDesk(tmp_path)


@pytest.mark.parametrize("name", FORMS)
def test_every_form_gives_the_same_places(desk: PointDesk, name: str) -> None:
    found = desk.read(name, FORMS[name], "osm")
    assert not found.errors()
    near = found.frame.filter(pl.col("label") != "Loin")
    rows = {(i.partition(":")[2], card, label) for i, card, label in
            near.select("id", "card", "label").rows()}  # fmt: skip
    assert rows == EXPECTED
    assert set(found.frame["source"]) == {"openstreetmap"}
    school = near.filter(pl.col("card") == "École élémentaire / primaire").row(0, named=True)
    assert school["type"] == "amenity=school + school:FR=élémentaire"
    assert school["x"] is not None


@pytest.mark.parametrize("name", ["val.osm", "plat.geojson"])
def test_what_has_no_type_is_told(desk: PointDesk, name: str) -> None:
    what = desk.read(name, FORMS[name], "osm").one("etiquettes-sans-type").what
    assert "amenity=bench (1)" in what and "amenity=school (1)" in what


def test_the_licence_is_named_wherever_the_figures_go(desk: PointDesk) -> None:
    frame = desk.read("val.osm", FORMS["val.osm"], "osm", millesime="2024").frame
    (line,) = source_lines(frame, load_catalogue())
    assert "OpenStreetMap" in line and "ODbL" in line and line.endswith("2024")


def test_a_building_and_a_point_of_one_place_are_one(desk: PointDesk) -> None:
    nodes: list[Node] = [
        (1, LON, LAT, {"amenity": "pharmacy", "name": "Du Val"}),
        (2, LON + STEP, LAT, {"amenity": "pharmacy", "name": "Du Val"}),  # 77 m
        (3, LON + 5 * STEP, LAT, {"amenity": "pharmacy", "name": "Du Val"}),  # 390 m: another
        (4, LON, LAT, {"amenity": "pharmacy"}),  # no name: cannot be told from another
    ]
    found = desk.read("v.osm.pbf", write_pbf(nodes, []), "osm")
    assert [i.partition(":")[2] for i in found.frame["id"]] == ["node/1", "node/3", "node/4"]
    assert "150 m" in found.one("points-reunis").what


def test_the_project_may_add_and_take_out_rules(desk: PointDesk, tmp_path: Path) -> None:
    (tmp_path / "c.csv").write_text(
        "etiquettes;type\namenity=bench;Jardin public ou square\namenity=pharmacy;\n", "utf-8"
    )
    found = desk.read("val.osm", FORMS["val.osm"], "osm", correspondance="c.csv")
    assert "Jardin public ou square" in found.frame["card"].to_list()
    assert "Pharmacie" not in found.frame["card"].to_list()
    (tmp_path / "c.csv").write_text("etiquettes;type\namenity;Pharmacie\na=b;Rien\n", "utf-8")
    codes = desk.read("val.osm", FORMS["val.osm"], "osm", correspondance="c.csv").codes
    assert codes == ["etiquettes", "type-inconnu"]


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("v.osm.pbf", b"not a pbf at all", "lieux-illisibles"),
        ("v.geojson", '{"type": "FeatureCollection", "features": []}', "fichier-sans-ligne"),
        ("v.json", '{"version": 0.6, "elements": []}', "overpass-brut"),
        ("v.osm", None, "fichier-absent"),
    ],
)
def test_a_wrong_extract_is_refused(
    desk: PointDesk, name: str, content: str | bytes | None, code: str
) -> None:
    found = desk.read(name, content, "osm")
    assert found.frame.is_empty() and code in found.codes, found.problems


# ------------------------------------------------------------------ rules


def test_every_rule_of_the_vocabulary_is_one_and_has_a_card() -> None:
    cards = load_catalogue().equipment
    rows = read_list("vocabularies/osm.csv")
    assert len(rows) > 80
    for row in rows:
        rule = parse_rule(row["etiquettes"], row["type"])
        assert rule is not None and (rule.card in cards or rule.card == ""), row
    assert len({row["etiquettes"] for row in rows}) == len(rows)


def test_the_most_demanding_rule_is_tried_first() -> None:
    texts = ["shop=*", "amenity=doctors", "amenity=doctors + healthcare:speciality=*",
             "amenity=doctors + healthcare:speciality=general"]  # fmt: skip
    rules = [rule for text in texts if (rule := parse_rule(text, "x"))]
    assert [r.text for r in ordered(rules)] == [texts[3], texts[2], texts[1], texts[0]]


@pytest.mark.parametrize("text", ["amenity", "=bench", "amenity=", 'a"b=c', ""])
def test_what_is_no_rule(text: str) -> None:
    assert parse_rule(text, "x") is None


def test_tags_in_a_bag_with_quotes_and_commas() -> None:
    bag = r'"name:fr"=>"L\"Étoile, \\ici","amenity"=>"bar","x"=>""'
    frame = tags_of(
        pl.DataFrame({"name": [None], "other_tags": [bag]}), ["name:fr", "amenity", "z"]
    )
    assert frame.row(0) == ('L"Étoile, \\ici', "bar", "")


def test_a_tag_may_have_several_values(desk: PointDesk) -> None:
    nodes: list[Node] = [
        (1, LON, LAT, {"leisure": "pitch", "sport": "basketball; soccer"}),
        (2, LON, LAT, {"shop": "bakery;pastry"}),
        (3, LON, LAT, {"shop": "vacant"}),
        (4, LON, LAT, {"shop": "kitchen"}),
    ]
    cards = desk.read("v.osm.pbf", write_pbf(nodes, []), "osm").frame["card"].to_list()
    assert cards == ["Terrain de football", "Boulangerie-pâtisserie", "Autre magasin"]
