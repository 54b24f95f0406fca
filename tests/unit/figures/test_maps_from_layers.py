"""Are the maps cut out of the layers with what belongs on them, and light?"""

from __future__ import annotations

import dataclasses
import time
from pathlib import Path

import polars as pl
import pytest
import shapely

from terril.catalogue.load import load_catalogue
from terril.figures.maps_atlas import atlas_data
from terril.figures.maps_from_layers import (
    MapNames,
    sheet_maps,
    sources_of,
    symbol_by_type,
    symbols_of,
)
from terril.figures.maps_ground import area_of
from terril.figures.maps_marks import SHAPES
from terril.figures.maps_model import packed
from terril.figures.maps_sheet import draw_sheet
from terril.figures.svg import MM
from terril.lib.problems import ProblemList
from terril.lib.tokens import COLOURS
from terril.territories.geometry import Layer, as_shapes, read_layer

CATALOGUE = load_catalogue()


def layer(
    nature: str,
    shapes: dict[str, object],
    generation: str = "",
    source: str = "",
    vintage: str = "",
) -> Layer:
    codes = tuple(sorted(shapes))
    return Layer(
        nature, generation, 2154, codes, tuple(f"Nom {c}" for c in codes),
        as_shapes(shapes[c] for c in codes), pl.DataFrame(), source=source, vintage=vintage,
    )  # fmt: skip


QPV = layer(
    "qpv",
    {"QP1": shapely.box(900, 900, 1300, 1200), "QP2": shapely.box(1500, 900, 1700, 1200)},
    "2015", "ANCT", "2015",
)  # fmt: skip
NEW = layer("qpv", {"QN1": shapely.box(900, 900, 1450, 1200)}, "2024", "ANCT", "2024")
COMMUNES = layer(
    "commune",
    {
        "62001": shapely.box(-3000, -3000, 1000, 5000),
        "62002": shapely.box(1000, -3000, 5000, 5000),
        "62003": shapely.box(9000, 9000, 9999, 9999),
    },
    source="IGN",
)
ESTATES = layer("cite", {"E1": shapely.box(800, 1000, 1000, 1400)}, source="Bassin")
POINTS = pl.DataFrame(
    [
        ("Gare ferroviaire", "Gare du Nord", 1000.0, 1000.0),
        ("Gare ferroviaire", "GARE DU NORD", 1080.0, 1000.0),  # the same place, twice
        ("Collège", "Collège Zola", 1300.0, 1050.0),  # on the border: inside
        ("École maternelle", "", 1600.0, 1050.0),  # 300 m away exactly
        ("École maternelle", "", 1600.2, 1050.0),  # a little farther
        ("Garage", "Garage du Centre", 1000.0, 1000.0),  # not shown
        ("Pharmacie", "Sans place", None, None),
    ],
    schema={"card": pl.String, "label": pl.String, "x": pl.Float64, "y": pl.Float64},
    orient="row",
)


def test_a_map_holds_what_belongs_on_it() -> None:
    found = sheet_maps(
        QPV, COMMUNES, {"QP1": (300,), "QP2": ()}, CATALOGUE, points=POINTS,
        estates=[(ESTATES, "cité minière")], other=NEW,
        names=MapNames({"QP2": "Les Prés"}, {"62001": "Montbrun"}),
    )  # fmt: skip
    first, second = found["QP1"], found["QP2"]
    assert first.bounds == pytest.approx((600, 600, 1600, 1500), abs=1)
    assert [(a.label, a.own) for a in first.communes] == [("Montbrun", True), ("Nom 62002", True)]
    assert [a.label for a in first.quarters] == ["Les Prés"]
    assert [a.kind for a in first.estates] == ["cité minière"]
    assert first.before_label == "périmètre de 2024" and first.before
    assert [(s.symbol, s.inside) for s in first.spots] == [
        ("college_lycee", True), ("ecole", False), ("gare", True),
    ]  # fmt: skip
    assert {s.code for s in first.symbols} == {"gare", "college_lycee", "ecole"}
    assert area_of(first.surroundings[0].rings) == pytest.approx(
        shapely.buffer(QPV.shapes[0], 300).area, rel=0.01
    )
    assert second.surroundings == () and second.before == () and second.before_label == ""
    assert first.source == "ANCT 2015, IGN"
    assert first.credits == (
        "quartiers\u00a0: ANCT 2015 et 2024\u202f; communes\u00a0: IGN\u202f; "
        "cité minière\u00a0: Bassin"
    )


def test_layers_in_two_grids_are_refused() -> None:
    other = Layer("commune", "", 2975, ("1",), ("x",), as_shapes([shapely.box(0, 0, 1, 1)]),
                  pl.DataFrame())  # fmt: skip
    with pytest.raises(ValueError, match="one grid"):
        sheet_maps(QPV, other, {}, CATALOGUE)
    with pytest.raises(ValueError, match="one grid"):
        atlas_data(QPV, other, CATALOGUE, name="x")


def test_without_communes_points_or_surroundings_there_is_still_a_map() -> None:
    found = sheet_maps(QPV, None, {}, CATALOGUE, codes=["QP1"])
    assert list(found) == ["QP1"]
    assert found["QP1"].communes == () and found["QP1"].limits == ()
    assert draw_sheet(found["QP1"], 286, 230).svg


def test_the_cards_of_symbols_are_drawable_and_say_each_type_once() -> None:
    symbols = symbols_of(CATALOGUE)
    assert {s.shape for s in symbols} <= set(SHAPES)
    assert {s.token for s in symbols} <= set(COLOURS)
    assert len({(s.shape, s.token) for s in symbols}) == len(symbols)
    assert len({s.shape for s in symbols}) == len(symbols), "told apart in grey"
    by_type = symbol_by_type(CATALOGUE)
    assert by_type["Bureau de poste"] == "poste" and by_type["Gare ferroviaire"] == "gare"
    assert by_type["Boulangerie-pâtisserie"] == "alimentation" and "Garage" not in by_type
    for label, card in CATALOGUE.equipment.items():
        if CATALOGUE.families[card.range].role != "aucun":
            assert label in by_type, f"{label} counts in the offer and is not on the map"


def test_credits_name_each_producer_once() -> None:
    assert sources_of([QPV, NEW, COMMUNES], CATALOGUE) == "ANCT 2015 et 2024, IGN"
    assert sources_of([layer("qpv", {})], CATALOGUE) == ""
    untold = dataclasses.replace(layer("qpv", {}), file="donnees/qpv.geojson")
    carded = dataclasses.replace(untold, source="insee_bpe")
    assert sources_of([carded], CATALOGUE) == CATALOGUE.sources["insee_bpe"].short
    assert sources_of([untold, COMMUNES], CATALOGUE) == "qpv.geojson, IGN"


def test_the_atlas_pairs_the_generations() -> None:
    found = atlas_data(
        QPV, COMMUNES, CATALOGUE, name="Agglo", members=["62001", "62002"], other=NEW
    )
    assert found is not None
    assert [a.code for a in found.communes] == ["62001", "62002"]
    assert found.generations == ("2015", "2024")
    changes = {o.change.old: o.change for o in found.overlays}
    assert changes["QP1",].new == ("QN1",) and changes["QP1",].kept == pytest.approx(1.0)
    assert changes["QP1",].new_area == pytest.approx(16.5)
    assert changes["QP2",].new == () and changes["QP2",].new_area is None
    assert atlas_data(QPV, COMMUNES, CATALOGUE, name="x", members=["99999"]) is None
    alone = atlas_data(QPV, COMMUNES, CATALOGUE, name="x")
    assert alone is not None and alone.overlays == () and alone.generations == ("2015",)


# ------------------------------------------------------------------ the producers' files


def read(path: Path, nature: str, generation: str = "") -> Layer:
    problems = ProblemList()
    found = read_layer(path, problems, nature=nature, generation=generation)
    assert found is not None, list(problems)
    return found


@pytest.fixture(scope="module")
def real(real_data: Path) -> tuple[Layer, Layer, Layer, Layer]:
    return (
        read(real_data / "qpv-2015/qpv2015_lens_lievin_21_4326.geojson", "qpv", "2015"),
        read(real_data / "qpv-2024/qpv2024_lens_lievin_21_4326.geojson", "qpv", "2024"),
        read(real_data / "communes-62/communes-62-pas-de-calais.geojson", "commune"),
        read(real_data / "bassin-minier/cites-minieres.geojson", "cite"),
    )


def test_the_real_maps_are_light_and_quick(real: tuple[Layer, Layer, Layer, Layer]) -> None:
    qpv, new, communes, estates = real
    widths = {code: (300,) for code in qpv.codes}
    found = sheet_maps(
        qpv, communes, widths, CATALOGUE, estates=[(estates, "cité minière")], other=new
    )
    assert len(found) == 21
    times = []
    for data in found.values():
        assert len(packed(data)) < 40_000
        start = time.process_time()
        drawing = draw_sheet(data, 101 * MM, 81 * MM)
        times.append(time.process_time() - start)
        assert len(drawing.svg) < 60_000, data.code
        assert not drawing.omitted
        assert any(label.key == "name" for label in drawing.labels), data.code
    assert sorted(times)[len(times) // 2] < 0.1, "a map is drawn in some ten milliseconds"


def test_the_real_generations_pair_by_number(real: tuple[Layer, Layer, Layer, Layer]) -> None:
    qpv, new, communes, _ = real
    found = atlas_data(qpv, communes, CATALOGUE, name="Agglo", other=new)
    assert found is not None
    pairs = {o.change.old: o.change.new for o in found.overlays}
    assert pairs["QP062019",] == ("QN06219M",) and len(pairs) == 21
    grown = {o.change.old[0]: o for o in found.overlays if o.gained}
    assert "QP062034" in grown and "QP062020" not in grown, "20 to 56 ha, and an unchanged one"
