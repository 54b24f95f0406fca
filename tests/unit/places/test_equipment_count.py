"""Is equipment counted inside and around, by the right file, with its evidence?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import polars as pl
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from terril.benchmarks.offer import local_offer
from terril.catalogue.load import load_catalogue
from terril.places.equipment import (
    EquipmentCount,
    count_equipment,
    offer_evidence,
    source_lines,
)
from terril.sources.equipment import EQUIPMENT
from terril.sources.points_frame import POINTS
from terril.territories.geometry import Layer, as_shapes
from terril.territories.registry import Territories, Territory

CATALOGUE = load_catalogue()
CODES = ("QP001001", "QP001002")
#: a square of 1 km with a yard of 200 m in its middle, and a triangle 2 km to the east
SHAPES = (
    shapely.Polygon(
        [(0, 0), (1000, 0), (1000, 1000), (0, 1000)],
        [[(400, 400), (600, 400), (600, 600), (400, 600)]],
    ),
    shapely.Polygon([(3000, 0), (4000, 0), (3000, 1000)]),
)
POST, SCHOOL, CHEMIST = "Bureau de poste", "École maternelle", "Pharmacie"


def layer(shapes: Sequence[Any] = SHAPES, codes: Sequence[str] = CODES) -> Layer:
    return Layer(
        "qpv", "2015", 2154, tuple(codes), tuple(f"Quartier {c[-1]}" for c in codes),
        as_shapes(shapes), pl.DataFrame(),
    )  # fmt: skip


def points(*rows: dict[str, Any]) -> pl.DataFrame:
    """Return points; by default of one file, of good precision, in no neighbourhood told."""
    usual: dict[str, Any] = {
        "type": "A206", "card": POST, "label": "Poste", "crs": 2154, "commune": "01004",
        "qpv_2015": "", "qpv_2015_quality": "", "qpv_2024": "", "qpv_2024_quality": "",
        "xy_quality": "bonne", "xy_state": "lue", "vintage": "2024", "source": "insee_bpe",
        "priority": 50, "document": "bpe", "file": "bpe.csv", "sheet": "", "sha256": "f00d",
    }  # fmt: skip
    filled = [
        {**usual, "id": f"{row.get('document', 'bpe')}:{line}", "line": line, **row}
        for line, row in enumerate(rows, 2)
    ]
    return pl.DataFrame(filled, schema=POINTS)


def at(x: float, y: float, **more: Any) -> dict[str, Any]:
    return {"x": x, "y": y, **more}


def counts(found: EquipmentCount, kind: str = POST) -> dict[str, tuple[int, int]]:
    rows = found.equipment.filter((pl.col("type") == kind) & pl.col("inside").is_not_null())
    return {t: (i, a) for t, i, a in rows.select("territory", "inside", "around").rows()}


def test_inside_on_the_border_in_the_yard_and_around() -> None:
    found = count_equipment(
        points(
            at(100, 100),  # inside
            at(0, 500),  # on the border: inside
            at(500, 500),  # in the yard, 100 m from its wall: around
            at(-300, 500),  # 300 m, exactly: around
            at(-300.001, 500),  # too far
            at(-212.2, -212.2),  # 300.1 m from the corner, in the square of 300 m: too far
            at(-212.1, -212.1),  # 299.96 m: around
        ),
        layer(),
        CATALOGUE,
    )
    assert counts(found) == {"QP001001": (2, 3), "QP001002": (0, 0)}
    assert found.equipment.schema == pl.Schema(EQUIPMENT)


def test_each_neighbourhood_has_its_own_surroundings() -> None:
    places = Territories(
        (
            Territory("QP001001", "qpv", "A", "A"),
            Territory("QP001002", "qpv", "B", "B", buffer_m=500),
        )
    )
    rows = points(at(-400, 500), at(2600, 0), at(2499, 0))
    found = count_equipment(rows, layer(), CATALOGUE, places)
    assert counts(found) == {"QP001001": (0, 0), "QP001002": (0, 1)}
    assert dict(found.equipment.select("territory", "buffer_m").unique().rows()) == {
        "QP001001": 300, "QP001002": 500,
    }  # fmt: skip


def test_points_without_place_count_nowhere() -> None:
    rows = points({"x": None, "y": None, "xy_state": "absente"}, at(100, 100))
    assert counts(count_equipment(rows, layer(), CATALOGUE))["QP001001"] == (1, 0)


def test_no_point_at_all() -> None:
    found = count_equipment(pl.DataFrame(schema=POINTS), layer(), CATALOGUE)
    assert found.equipment.is_empty() and found.evidence.is_empty() and not found.findings


def test_points_in_another_grid_are_refused() -> None:
    with pytest.raises(ValueError, match="one grid"):
        count_equipment(points(at(0, 0, crs=2975)), layer(), CATALOGUE)


def test_of_two_files_of_one_type_the_first_by_priority_counts() -> None:
    rows = points(
        at(100, 100),
        at(200, 100),
        at(100, 200, document="laposte", priority=10),
        at(100, 300, document="osm", priority=90, card=CHEMIST),
    )
    found = count_equipment(rows, layer(), CATALOGUE)
    assert counts(found)["QP001001"] == (1, 0)
    assert counts(found, CHEMIST)["QP001001"] == (1, 0)  # only one file has it
    (finding,) = [f for f in found.findings if f.code == "type-de-deux-sources"]
    assert "« laposte »" in finding.text and "« bpe »" in finding.text
    held = found.equipment.filter(pl.col("document") != "").select("type", "document")
    assert dict(held.rows()) == {POST: "laposte", CHEMIST: "osm"}


def test_equal_priorities_follow_the_order_of_the_files() -> None:
    rows = points(at(100, 100, document="b"), at(100, 100, document="a"))
    found = count_equipment(rows, layer(), CATALOGUE)
    assert set(found.equipment.filter(pl.col("type") == POST)["document"]) == {"b"}


def test_what_is_placed_at_random_is_counted_apart() -> None:
    rows = points(
        at(100, 100), at(200, 200, xy_quality="mauvaise"), at(-50, 0, xy_quality="mauvaise")
    )
    found = count_equipment(rows, layer(), CATALOGUE)
    assert counts(found)["QP001001"] == (1, 0)
    assert found.apart.rows() == [("QP001001", POST, 1, 1)]
    assert any("2 équipements au centre de la commune" in f.text for f in found.findings)
    assert found.evidence["id"].to_list() == ["bpe:2"] * 2  # the nearest of the other is the same


def test_a_type_without_card_counts_under_its_own_name() -> None:
    found = count_equipment(points(at(100, 100, card="", type="Z999")), layer(), CATALOGUE)
    assert counts(found, "Z999")["QP001001"] == (1, 0)
    assert local_offer(found.equipment, CATALOGUE).offers["offer"].to_list() == ["indeterminee"] * 2


# ------------------------------------------------------------------ evidence and class


def whole_offer(**where: tuple[float, float]) -> pl.DataFrame:
    kinds = {
        "ecole": SCHOOL, "alimentaire": "Épicerie", "soins": CHEMIST,
        "quotidien": "Librairie Papeterie Presse", "poste": POST, "sport": "Stade",
    }  # fmt: skip
    return points(
        *(at(*where[name], card=card, label=f"Le {name}") for name, card in kinds.items()
          if name in where)
    )  # fmt: skip


def test_the_class_of_the_offer_comes_with_its_pieces() -> None:
    rows = whole_offer(
        ecole=(100, 100), alimentaire=(-140, 500), soins=(500, -10), quotidien=(990, 990),
        poste=(-640, 500), sport=(2000, 0),
    )  # fmt: skip
    found = count_equipment(rows, layer(), CATALOGUE)
    offers = local_offer(found.equipment, CATALOGUE).offers
    assert dict(offers.select("territory", "offer").rows())["QP001001"] == "indispensable"
    texts = offer_evidence(found.evidence)
    assert texts["QP001001", "ecole"] == ("Le ecole, dans le quartier",)
    assert texts["QP001001", "commerce_alimentaire"] == ("Le alimentaire, à 140\u202fm",)
    assert texts["QP001001", "poste"] == ("Le poste, à 640\u202fm",)
    wheres = found.evidence.filter(pl.col("territory") == "QP001001").select("family", "where")
    assert dict(wheres.rows())["poste"] == "beyond"


def test_a_family_that_no_file_knows_makes_the_class_undetermined() -> None:
    rows = whole_offer(ecole=(100, 100), alimentaire=(1, 1), soins=(2, 2), quotidien=(3, 3))
    found = count_equipment(rows, layer(), CATALOGUE)
    row = local_offer(found.equipment, CATALOGUE).offers.row(0, named=True)
    assert (row["offer"], row["low"], row["high"]) == (
        "indeterminee",
        "indispensable",
        "developpee",
    )


def test_pieces_are_given_the_nearest_first() -> None:
    rows = points(at(-200, 500, label="C"), at(-100, 500, label="B"), at(10, 10, label="A"))
    found = count_equipment(rows, layer(), CATALOGUE).evidence
    first = found.filter(pl.col("territory") == "QP001001")
    assert first["label"].to_list() == ["A", "B", "C"]
    assert first["distance_m"].to_list() == [0, 100, 200]
    second = found.filter(pl.col("territory") == "QP001002").row(0, named=True)
    assert (second["label"], second["where"]) == ("A", "beyond")


def test_lines_of_the_sources_name_edition_and_licence() -> None:
    rows = points(
        at(0, 0, vintage="2024"), at(0, 0, source="openstreetmap", vintage="", document="osm")
    )
    lines = source_lines(rows, CATALOGUE)
    assert lines[0].endswith("2024") and "ODbL" in lines[1]


# ------------------------------------------------------------------ beside the producer


def test_our_count_beside_the_producer_s() -> None:
    here, there = CODES
    rows = points(
        at(100, 100, qpv_2015=here, qpv_2015_quality="1"),  # agreed
        at(-12, 500, qpv_2015=here, qpv_2015_quality="2"),  # they say in, 12 m outside
        at(3, 500, qpv_2015="", qpv_2015_quality=""),  # they say out, 3 m inside
        at(500, -2000, qpv_2015=here, qpv_2015_quality="3"),  # at random
        at(3100, 100, qpv_2015=here, qpv_2015_quality="1"),  # in the other one
        {"x": None, "y": None, "qpv_2015": there, "qpv_2015_quality": "1"},  # not placed
        at(100, 100, qpv_2015="QP999999", qpv_2015_quality="1"),  # a neighbourhood of elsewhere
        at(100, 100, document="points", card=CHEMIST),  # a file that says nothing
    )
    check = count_equipment(rows, layer(), CATALOGUE).check
    told = {
        (row["ours"], row["theirs"], row["quality"]): row["distance_m"]
        for row in check.disagreements.rows(named=True)
    }
    assert told == {
        ("", here, "2"): 12, (here, "", ""): 3, ("", here, "3"): 2000,
        (there, here, "1"): pytest.approx(2100), ("", there, "1"): None, (here, "", "1"): 100,
    }  # fmt: skip
    by_code = {row["territory"]: row for row in check.counts.rows(named=True)}
    assert (by_code[here]["ours"], by_code[here]["theirs"], by_code[here]["theirs_random"]) == (
        3,
        3,
        1,
    )
    assert (by_code[there]["ours"], by_code[there]["theirs"]) == (1, 1)
    texts = {f.territory: f.text for f in check.findings}
    assert "à 2\u202f100\u202fm au plus de la limite" in texts[here]
    assert "1 équipement y est placé au hasard" in texts[here]
    assert check.findings[0].places[0] == "bpe.csv, ligne 4"


def test_a_point_in_two_overlapping_outlines_agrees_with_either() -> None:
    two = layer([shapely.box(0, 0, 10, 10), shapely.box(5, 0, 15, 10)])
    rows = points(at(7, 5, qpv_2015=CODES[1], qpv_2015_quality="1"))
    assert count_equipment(rows, two, CATALOGUE).check.disagreements.is_empty()


def test_the_other_generation_is_compared_with_its_own_column() -> None:
    rows = points(at(100, 100, qpv_2024="QN00101M", qpv_2024_quality="1", qpv_2015="QP001002"))
    new = Layer("qpv", "2024", 2154, ("QN00101M",), ("A",), as_shapes(SHAPES[:1]), pl.DataFrame())
    assert count_equipment(rows, new, CATALOGUE).check.disagreements.is_empty()
    assert count_equipment(rows, layer(), CATALOGUE).check.disagreements.height == 1


# ------------------------------------------------------------------ naive reference

_coordinate = st.integers(-40, 45).map(lambda n: n * 100.0)


@settings(deadline=None, max_examples=40)
@given(
    st.lists(
        st.tuples(
            _coordinate, _coordinate, st.sampled_from([POST, SCHOOL, CHEMIST]),
            st.sampled_from(["bonne", "mauvaise", ""]),
        ),
        max_size=40,
    ),
    st.sampled_from([0, 100, 300, 500]),
)  # fmt: skip
def test_counts_and_evidence_are_those_of_a_naive_count(
    rows: list[tuple[float, float, str, str]], buffer: int
) -> None:
    places = Territories(Territory(c, "qpv", c, c, buffer_m=buffer) for c in CODES)
    frame = points(*(at(x, y, card=card, xy_quality=q) for x, y, card, q in rows))
    found = count_equipment(frame, layer(), CATALOGUE, places)
    for code, shape in zip(CODES, SHAPES, strict=True):
        for kind in {row[2] for row in rows}:
            metres = [
                shapely.distance(shape, shapely.Point(x, y))
                for x, y, card, q in rows
                if card == kind and q != "mauvaise"
            ]
            naive = (sum(m == 0 for m in metres), sum(0 < m <= buffer for m in metres))
            assert counts(found, kind)[code] == naive
        nearest: dict[str, float] = {}
        for x, y, card, q in rows:
            if q != "mauvaise":
                family = CATALOGUE.equipment[card].range
                metres_to = shapely.distance(shape, shapely.Point(x, y))
                nearest[family] = min(nearest.get(family, np.inf), metres_to)
        mine = found.evidence.filter(pl.col("territory") == code).group_by("family")
        assert dict(mine.agg(pl.col("distance_m").min()).rows()) == pytest.approx(nearest)
