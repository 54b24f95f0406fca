"""Reading outlines: formats, systems, columns, and every way in which a file may be wrong."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from outline_files import SOUTH, WEST, carried, degrees, geojson, square, written
from terril.lib.problems import Problem, ProblemList, Severity
from terril.territories.geometry import (
    Layer,
    intersections,
    metric_crs,
    read_layer,
    reproject,
    rings_of,
)
from terril.territories.geometry_crs import change, metric_grids

CODES = ("QP062019", "QP062020")
NAMES = ("Les Prés", "La Cité")


def read(path: Path, nature: str = "qpv", **options: Any) -> tuple[Layer | None, ProblemList]:
    problems = ProblemList()
    return read_layer(path, problems, nature=nature, **options), problems


def one(problems: ProblemList, code: str) -> Problem:
    found = [p for p in problems if p.code == code]
    assert len(found) == 1, [str(p) for p in problems]
    return found[0]


def two(path: Path, shapes: list[Any] | None = None, **options: Any) -> Path:
    shapes = shapes or [square(), square(200)]
    columns = {"CODE_QP": CODES[: len(shapes)], "NOM_QP": NAMES[: len(shapes)]}
    return written(path, shapes, columns, **options)


# ------------------------------------------------------------------ formats and systems


@pytest.mark.parametrize("name", ["a.gpkg", "a.geojson", "a.shp", "a.fgb"])
@pytest.mark.parametrize("crs", [2154, 27572, 4326, 3857, 3950, 32631, 4171])
def test_every_format_and_system_gives_the_same_metres(tmp_path: Path, name: str, crs: int) -> None:
    if name == "a.geojson" and crs != 4326:
        pytest.skip("GeoJSON is in WGS84")
    shapes = [carried(s, 2154, crs) for s in (square(), square(200, hole=20))]
    layer, problems = read(two(tmp_path / name, shapes, crs=f"EPSG:{crs}"))
    assert layer is not None
    assert [p for p in problems if p.severity is not Severity.NOTE] == []
    assert (layer.codes, layer.labels, layer.crs) == (CODES, NAMES, 2154)
    assert (layer.nature, layer.generation) == ("qpv", "2015")
    # GeoJSON keeps seven decimals of a degree: a centimetre
    near = 0.02 if name == "a.geojson" else 0.002
    assert layer.areas() == pytest.approx([10_000, 10_000 - 400], abs=100 * near)
    assert layer.bounds() == pytest.approx((WEST, SOUTH, WEST + 300, SOUTH + 100), abs=near)


@pytest.mark.parametrize(
    ("department", "old", "new", "place"),
    [
        ("971", 2970, 5490, (-61.5, 16.2)),
        ("972", 2973, 5490, (-61.05, 14.6)),
        ("973", 2971, 2972, (-52.33, 4.93)),
        ("974", 3727, 2975, (55.46, -20.9)),
        ("976", 32738, 4471, (45.2, -12.8)),
    ],
)
def test_overseas_files_come_to_their_own_grid(
    tmp_path: Path, department: str, old: int, new: int, place: tuple[float, float]
) -> None:
    assert metric_crs(department) == new
    middle = reproject(np.array([place]), 4326, new)[0]
    shape = shapely.box(*(middle - 50), *(middle + 50))
    away = carried(shape, new, old)
    columns = {"code_qp": (f"QP{department:0>3}001",), "lib_qp": ("Le Bourg",)}
    layer, problems = read(written(tmp_path / "a.gpkg", [away], columns, crs=f"EPSG:{old}"))
    assert layer is not None and not problems.errors
    assert layer.crs == new
    # the old datums lie tens to hundreds of metres away: a forgotten shift would show
    assert layer.bounds() == pytest.approx(shape.bounds, abs=0.01)


def test_lambert_two_is_not_read_with_a_forgotten_datum() -> None:
    """A benchmark of the north: NTF and RGF93 are 50 m apart there; IGN's parameters."""
    lon, lat = change(np.array([636_546.6]), np.array([2_602_000.0]), 27572, 4326)
    lambert = reproject(np.array([[636_546.6, 2_602_000.0]]), 27572, 2154)
    assert reproject(np.column_stack((lon, lat)), 4326, 2154) == pytest.approx(lambert, abs=1e-6)
    careless = reproject(np.column_stack((lon, lat)), 4275, 2154)
    assert 45 < math.dist(careless[0], lambert[0]) < 60


@given(st.integers(0, 8), st.floats(0.3, 0.7), st.floats(0.3, 0.7))
@settings(max_examples=40, deadline=None)
def test_a_change_of_grid_comes_back(index: int, across: float, along: float) -> None:
    grid = metric_grids()[index]
    west, south, east, north = grid.box
    lon = west + across * ((east - west) % 360)
    point = np.array([[(lon + 180) % 360 - 180, south + along * (north - south)]])
    there = reproject(point, 4326, grid.epsg)
    assert np.isfinite(there).all()
    assert reproject(there, grid.epsg, 4326) == pytest.approx(point, abs=1e-6)


def test_the_original_of_2015_agrees_with_its_copy_in_lambert(real_data: Path) -> None:
    """The Shapefile in Lambert II étendu against the copy that another software made."""
    national, problems = read(real_data / "qpv-2015" / "QPV_lambert2e_epsg27572.shp")
    copy, _ = read(real_data / "qpv-2015" / "qpv2015_dep62_2154.gpkg")
    assert national is not None and copy is not None
    assert (len(national), len(copy), national.crs) == (1296, 64, 2154)
    repaired = [p for p in problems if p.code == "anneau-repare"]
    # 27 wrong rings: five notes, one that changes a surface, and the count of the others
    assert len(repaired) == 7 and repaired[-1].what.startswith("21 autres contours")
    assert [p.what[:8] for p in repaired if p.severity is Severity.WARNING] == ["QP084012"]
    same = national.pick(copy.codes)
    assert same.codes == copy.codes
    for ours, theirs in zip(same.shapes, copy.shapes, strict=True):
        assert shapely.hausdorff_distance(ours, theirs) < 0.01


def test_the_two_invalid_rings_of_the_pilot_are_told(real_data: Path) -> None:
    layer, problems = read(real_data / "qpv-2015" / "qpv2015_lens_lievin_21_4326.geojson")
    assert layer is not None and len(layer) == 21
    assert all(shape.is_valid for shape in layer.shapes)
    assert [p.what.split()[0] for p in problems] == ["QP062034", "QP062035"]
    assert {p.severity for p in problems} == {Severity.NOTE}
    areas = dict(zip(layer.codes, layer.areas() / 1e4, strict=True))
    assert areas["QP062034"] == pytest.approx(20.0, abs=0.06)


def test_a_zipped_shapefile(tmp_path: Path) -> None:
    import zipfile

    two(tmp_path / "qpv.shp")
    with zipfile.ZipFile(tmp_path / "qpv.zip", "w") as archive:
        for part in tmp_path.glob("qpv.*"):
            if part.suffix != ".zip":
                archive.write(part, part.name)
    layer, problems = read(tmp_path / "qpv.zip")
    assert layer is not None and layer.codes == CODES and not problems.errors


# ------------------------------------------------------------------ what the file says


@pytest.mark.parametrize(
    ("nature", "head", "given", "kept"),
    [
        ("qpv", "CODE_QP", "qp062019", "QP062019"),
        ("qpv", "code_qp", " QN06219M ", "QN06219M"),
        ("qpv", "CODGEO", "QP062019", "QP062019"),
        ("commune", "INSEE_COM", "1004", "01004"),
        ("commune", "insee", "2a004", "2A004"),
        ("commune", "code", 1004, "01004"),
        ("commune", "Code Insee", 62498.0, "62498"),
        ("epci", "code_siren", 246200364, "246200364"),
        ("epci", "SIREN_EPCI", "246200364", "246200364"),
        ("iris", "CODE_IRIS", 10040101, "010040101"),
        ("iris", "DCOMIRIS", "624980101", "624980101"),
        ("cite", "id", "12", "12"),
        (
            "carreau",
            "idINSPIRE",
            "CRS3035RES200mN3056000E3811800",
            "CRS3035RES200mN3056000E3811800",
        ),
        ("emprise", "nom", "Bois", "1"),
    ],
)
def test_codes_are_found_and_given_back_their_zeros(
    tmp_path: Path, nature: str, head: str, given: Any, kept: str
) -> None:
    layer, problems = read(written(tmp_path / "a.gpkg", [square()], {head: (given,)}), nature)
    assert layer is not None, [str(p) for p in problems]
    assert layer.codes == (kept,)


def test_other_columns_stay_beside_the_codes_in_their_order(tmp_path: Path) -> None:
    path = written(
        tmp_path / "a.gpkg",
        [square(200), square()],
        {
            "code_qp": ("QP062020", "QP062019"),
            "hab": (20, 19),
            "part": (0.2, np.nan),
            "z": ("b", None),
        },
    )
    layer, _ = read(path)
    assert layer is not None
    assert layer.codes == CODES
    assert layer.attributes.to_dict(as_series=False) == {
        "hab": [19, 20], "part": [None, 0.2], "z": [None, "b"],
    }  # fmt: skip
    assert layer.pick(["QP062020", "absent"]).attributes["hab"].to_list() == [20]
    assert layer.pick(["QP062020"]).bounds()[0] == pytest.approx(WEST + 200)


def test_a_declared_column_wins_and_an_absent_one_is_told(tmp_path: Path) -> None:
    path = written(tmp_path / "a.gpkg", [square()], {"code_qp": ("x",), "id": ("QP062019",)})
    layer, _ = read(path, code_column="ID")
    assert layer is not None and layer.codes == ("QP062019",)
    refused, problems = read(path, code_column="identifiant")
    assert refused is None
    problem = one(problems, "colonne-absente")
    assert "« code_qp » et « id »" in problem.what and "colonne_code" in problem.remedy


def test_a_table_in_utf8_that_does_not_say_so(tmp_path: Path) -> None:
    path = written(
        tmp_path / "a.shp", [square()], {"CODE_QP": ("QP062019",), "NOM_QP": ("Liévin",)},
        encoding="UTF-8",
    )  # fmt: skip
    (tmp_path / "a.cpg").unlink()
    layer, problems = read(path)
    assert layer is not None and layer.labels == ("Liévin",)
    assert "LiÃ©vin" in one(problems, "contours-encodage").what


def test_numbers_that_stand_for_several_estates_are_told_apart(tmp_path: Path) -> None:
    path = written(
        tmp_path / "a.gpkg",
        [square(), square(200), square(400)],
        {"id": ("7", "7", "7"), "nom": ("Cité A", "Cité B", "Cité A")},
    )
    layer, problems = read(path, "cite")
    assert layer is not None
    assert dict(zip(layer.codes, layer.areas(), strict=True)) == pytest.approx(
        {"7": 20_000, "7-2": 10_000}
    )
    assert "1 numéro revient" in one(problems, "code-partage").what


# ------------------------------------------------------------------ what is wrong with it


def test_a_file_that_is_not_there_or_empty_or_no_outlines(tmp_path: Path) -> None:
    assert read(tmp_path / "a.gpkg")[1].items[0].code == "fichier-absent"
    (tmp_path / "b.geojson").write_bytes(b"")
    assert read(tmp_path / "b.geojson")[1].items[0].code == "fichier-vide"
    for name, text in (("c.geojson", "{"), ("d.gpkg", "perdu"), ("e.shp", "perdu"), ("f.xyz", "?")):
        (tmp_path / name).write_text(text)
        layer, problems = read(tmp_path / name)
        assert layer is None
        assert [p.code for p in problems] in (["contours-illisibles"], ["shapefile-incomplet"])
        assert str(tmp_path) not in str(problems.items[0])


def test_no_outline_at_all(tmp_path: Path) -> None:
    layer, problems = read(geojson(tmp_path / "a.geojson", [], []))
    assert layer is None
    assert [p.code for p in problems] == ["contours-vide"]
    assert problems.items[0].severity is Severity.ERROR


def test_a_shapefile_that_lost_a_companion(tmp_path: Path) -> None:
    path = two(tmp_path / "a.shp")
    (tmp_path / "a.dbf").unlink()
    assert "a.dbf" in one(read(path)[1], "shapefile-incomplet").what


def test_without_system_the_file_waits_for_one(tmp_path: Path) -> None:
    path = two(tmp_path / "a.shp")
    (tmp_path / "a.prj").unlink()
    layer, problems = read(path)
    assert layer is None
    problem = one(problems, "projection-absente")
    assert 'crs = "2154"' in problem.remedy and ".prj" in problem.expected
    layer, problems = read(path, crs=2154)
    assert layer is not None and not problems.errors
    assert layer.bounds()[0] == pytest.approx(WEST)


def test_a_system_that_is_none(tmp_path: Path) -> None:
    path = two(tmp_path / "a.gpkg", crs=None)
    assert one(read(path)[1], "projection-absente").severity is Severity.ERROR
    assert "9999" in one(read(path, crs=9999)[1], "projection-inconnue").what


@pytest.mark.parametrize(
    ("true", "declared", "hint"), [(2154, 4326, 2154), (27572, 4326, 27572), (4326, 2154, 4326)]
)
def test_coordinates_that_are_not_of_the_system(
    tmp_path: Path, true: int, declared: int, hint: int
) -> None:
    shape = carried(square(), 2154, true)
    path = two(tmp_path / "a.gpkg", [shape], crs=f"EPSG:{declared}")
    layer, problems = read(path)
    assert layer is None
    problem = one(problems, "projection-impossible")
    assert f'crs = "{hint}"' in problem.remedy, str(problem)
    layer, problems = read(path, crs=hint)
    assert layer is not None
    assert layer.bounds()[:2] == pytest.approx((WEST, SOUTH), abs=0.01)
    assert one(problems, "projection-forcee").severity is Severity.NOTE


@pytest.mark.parametrize("crs", [4326, 2154])
def test_swapped_axes_are_put_right_and_told(tmp_path: Path, crs: int) -> None:
    shape = square() if crs == 2154 else degrees(square())
    path = two(
        tmp_path / "a.gpkg", [shapely.transform(shape, lambda xy: xy[:, ::-1])], crs=f"EPSG:{crs}"
    )
    layer, problems = read(path)
    assert layer is not None
    assert layer.bounds() == pytest.approx((WEST, SOUTH, WEST + 100, SOUTH + 100), abs=0.01)
    assert one(problems, "axes-inverses").severity is Severity.WARNING


def test_empty_unreadable_and_flat_shapes_are_set_aside(tmp_path: Path) -> None:
    line = {"type": "LineString", "coordinates": [[2.8, 50.4], [2.9, 50.4]]}
    point = {"type": "Point", "coordinates": [2.8, 50.4]}
    flat = {
        "type": "Polygon",
        "coordinates": [[[2.8, 50.4], [2.9, 50.4], [2.8, 50.4], [2.8, 50.4]]],
    }
    corner = [[[2.8, 50.4], [2.801, 50.4], [2.8, 50.401], [2.8, 50.4]]]
    part = {"type": "Polygon", "coordinates": corner}
    mixed = {"type": "GeometryCollection", "geometries": [point, part]}
    shapes = [None, {"type": "Polygon", "coordinates": []}, line, point, flat, mixed, square()]
    rows = [{"code_qp": f"QP06201{i}", "lib_qp": f"N{i}"} for i in range(len(shapes))]
    layer, problems = read(geojson(tmp_path / "a.geojson", shapes, rows))
    assert layer is not None
    assert layer.codes == ("QP062015", "QP062016")
    told = [(p.code, p.what.split()[0]) for p in problems]
    assert told == [
        ("contour-vide", "QP062010"),
        ("contour-vide", "QP062011"),
        ("contour-sans-surface", "QP062012"),
        ("contour-sans-surface", "QP062013"),
        ("contour-melange", "QP062015"),
        ("anneau-sans-surface", "QP062014"),
    ]
    assert {p.severity for p in problems} == {Severity.WARNING}


def test_a_file_of_places_is_sent_to_points(tmp_path: Path) -> None:
    path = written(
        tmp_path / "a.gpkg", [shapely.Point(WEST, SOUTH)], {"code_qp": ("QP062019",)}, kind="Point"
    )
    layer, problems = read(path)
    assert layer is None
    assert "[[points]]" in one(problems, "contours-sans-surface").remedy


def test_codes_that_are_none_of_that_nature(tmp_path: Path) -> None:
    path = written(
        tmp_path / "a.gpkg",
        [square(), square(200), square(400), square(600)],
        {"code_qp": ("QP062019", "", "62498", "QN06219M")},
    )
    layer, problems = read(path, generation="2015")
    assert layer is not None and layer.codes == ("QP062019",)
    assert [p.code for p in problems] == ["code-absent", "code-contour", "generation-contour"]
    mixed, _ = read(path)
    assert mixed is not None and mixed.generation == "" and len(mixed) == 2


def test_one_code_twice(tmp_path: Path) -> None:
    names = ("A", "A", "A", "B")
    shapes = [square(), square(), square(200), square(400)]
    path = written(tmp_path / "a.gpkg", shapes, {"code_qp": ("QP062019",) * 4, "lib_qp": names})
    layer, problems = read(path)
    assert layer is not None
    assert layer.areas() == pytest.approx([20_000])  # the second piece joined, the copy left out
    assert [p.code for p in problems] == ["contour-double", "code-double", "contour-en-morceaux"]
    assert problems.items[0].severity is Severity.NOTE


def test_problems_of_a_sort_are_told_five_times_then_counted(tmp_path: Path) -> None:
    count = 12
    path = written(
        tmp_path / "a.gpkg", [square(200 * i) for i in range(count)],
        {"code_qp": ["QP062019"] + ["x"] * (count - 1)},
    )  # fmt: skip
    _, problems = read(path)
    wrong = [p for p in problems if p.code == "code-contour"]
    assert len(wrong) == 6
    assert wrong[-1].what == "6 autres contours dans ce cas."


def test_problems_of_others_are_only_counted(tmp_path: Path) -> None:
    bow = shapely.Polygon(
        [(WEST, SOUTH), (WEST + 90, SOUTH + 90), (WEST + 90, SOUTH), (WEST, SOUTH + 90)]
    )
    away = [shapely.transform(bow, lambda xy, i=i: xy + 200 * i) for i in range(3)]
    path = written(tmp_path / "a.gpkg", away, {"code_qp": ("QP062001", "QP062002", "QP062003")})
    _, problems = read(path, own=["QP062002"])
    assert [p.what.split(" :")[0] for p in problems] == ["QP062002", "Anneau réparé"]
    assert "2 contours" in problems.items[1].what


# ------------------------------------------------------------------ layers in a file


def test_several_layers(tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    two(path, layer="qpv")
    written(path, [square()], {"insee": ("62498",)}, layer="communes", append=True)
    written(
        path, [shapely.Point(WEST, SOUTH)], {"n": (1,)}, kind="Point", layer="lieux", append=True
    )
    _, problems = read(path)
    problem = one(problems, "couche-a-choisir")
    assert "« qpv » et « communes »" in problem.what and "couche =" in problem.remedy
    assert "« lieux »" not in problem.what
    layer, _ = read(path, layer="qpv")
    assert layer is not None and layer.codes == CODES
    assert "« qpv »" in one(read(path, layer="quartiers")[1], "couche-inconnue").what


# ------------------------------------------------------------------ repairs


def test_a_bow_tie_keeps_both_wings(tmp_path: Path) -> None:
    bow = shapely.Polygon(
        [(WEST, SOUTH), (WEST + 100, SOUTH + 100), (WEST + 100, SOUTH), (WEST, SOUTH + 100)]
    )
    layer, problems = read(two(tmp_path / "a.gpkg", [bow]))
    assert layer is not None
    assert layer.areas() == pytest.approx([5_000])
    problem = one(problems, "anneau-repare")
    assert "se coupe lui-même" in problem.what and "en 2 morceaux" in problem.what
    assert problem.severity is Severity.WARNING  # its surface is not what the ring said


def test_a_sliver_is_dropped_and_the_rest_kept(tmp_path: Path) -> None:
    ring = [(0, 0), (100, 0), (100, 100), (50, 100), (49, 101), (49, 99), (50, 100), (0, 100)]
    shape = shapely.Polygon([(WEST + x, SOUTH + y) for x, y in ring])
    assert not shape.is_valid
    layer, problems = read(two(tmp_path / "a.gpkg", [shape]))
    assert layer is not None
    assert layer.shapes[0].is_valid
    assert layer.areas()[0] == pytest.approx(10_000, abs=2)
    assert one(problems, "anneau-repare").severity is Severity.NOTE


def test_holes_stay_holes_and_turn_the_other_way(tmp_path: Path) -> None:
    layer, problems = read(two(tmp_path / "a.gpkg", [square(hole=20)]))
    assert layer is not None and list(problems) == []
    (rings,) = layer.rings()
    turns = [shapely.LinearRing(ring).is_ccw for ring in rings]
    assert turns == [True, False]
    assert [np.array_equal(ring[0], ring[-1]) for ring in rings] == [True, True]
    assert layer.areas() == pytest.approx([9_600])


@given(
    st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), min_size=3, max_size=9, unique=True)
)
@settings(max_examples=60, deadline=None)
def test_any_ring_is_kept_valid_or_told(ring: list[tuple[int, int]]) -> None:
    import tempfile

    shape = shapely.Polygon([(WEST + 10 * x, SOUTH + 10 * y) for x, y in ring])
    with tempfile.TemporaryDirectory() as folder:
        path = written(Path(folder) / "a.gpkg", [shape], {"code_qp": ("QP062019",)})
        layer, problems = read(path)
    if layer is None:
        assert {"anneau-sans-surface", "contours-vide"} <= {p.code for p in problems}
        return
    whole = layer.shapes[0]
    assert whole.is_valid and whole.geom_type in ("Polygon", "MultiPolygon") and whole.area > 0
    assert shape.is_valid == (list(problems) == [])
    assert whole.difference(shape.convex_hull.buffer(0.01)).area == pytest.approx(0, abs=1)
    rings = rings_of(whole)
    area = sum(shapely.Polygon(r).area * (1 if shapely.LinearRing(r).is_ccw else -1) for r in rings)
    assert area == pytest.approx(whole.area)


# ------------------------------------------------------------------ national files


def test_what_lies_overseas_is_left_out_of_a_mainland_layer(tmp_path: Path) -> None:
    reunion = shapely.box(55.45, -20.9, 55.451, -20.899)
    nowhere = shapely.box(0.0, 0.0, 0.001, 0.001)
    path = geojson(
        tmp_path / "a.geojson",
        [square(), degrees_of(reunion), degrees_of(nowhere)],
        [{"code_qp": c} for c in ("QP062019", "QP974001", "QP062020")],
    )
    layer, problems = read(path)
    assert layer is not None and layer.codes == ("QP062019",)
    assert "QP062020" in one(problems, "contour-hors-territoire").what
    assert one(problems, "contours-autre-territoire").severity is Severity.NOTE
    island, _ = read(path, target=2975)
    assert island is not None and island.codes == ("QP974001",) and island.crs == 2975


def degrees_of(shape: Any) -> dict[str, Any]:
    import json

    found: dict[str, Any] = json.loads(shapely.to_geojson(shape))
    return found


# ------------------------------------------------------------------ pairs that meet


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9), st.integers(1, 5)), max_size=6))
@settings(max_examples=40, deadline=None)
def test_intersections_are_those_of_each_pair(squares: list[tuple[int, int, int]]) -> None:
    import polars as pl

    shapes = [square(10 * x, 10 * y, 10.0 * side) for x, y, side in squares]
    array = np.empty(len(shapes), dtype=object)
    array[:] = shapes
    codes = tuple(f"{i}" for i in range(len(shapes)))
    layer = Layer("cite", "", 2154, codes, codes, array, pl.DataFrame())
    expected = {
        (a, b): sa.intersection(sb).area
        for a, sa in zip(codes, shapes, strict=True)
        for b, sb in zip(codes, shapes, strict=True)
        if sa.intersection(sb).area > 0
    }
    assert {(a, b): area for a, b, area in intersections(layer, layer).rows()} == pytest.approx(
        expected
    )


def test_two_grids_do_not_meet() -> None:
    import polars as pl

    array = np.empty(1, dtype=object)
    array[:] = [square()]
    here = Layer("cite", "", 2154, ("1",), ("",), array, pl.DataFrame())
    there = Layer("cite", "", 2975, ("1",), ("",), array, pl.DataFrame())
    with pytest.raises(ValueError, match="two grids"):
        intersections(here, there)
