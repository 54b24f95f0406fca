"""Do the files that leave follow their standards, whatever the figures are?

JSON-stat is checked by ``jsonstat-validator``, CSVW by ``csvw``, GeoPackage by GDAL: programs
of others. SDMX is checked on an edition, in ``tests/web/test_exports_sdmx.py``.
"""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pyogrio.raw
import pytest
import shapely
from csvw import CSVW  # type: ignore[import-untyped]
from export_cubes import CODE, cell, outlines, small
from hypothesis import given
from hypothesis import strategies as st
from jsonstat_validator import validate_jsonstat  # type: ignore[import-untyped]

from terril.observations.schema import Origin, Status
from terril.reports.exports import flat, geo, jsonstat, sdmx
from terril.reports.exports.cube import CONCENTRATED, Cube, Observation, value_of
from terril.reports.exports.dcat import temporal
from terril.territories.geometry import as_shapes


def test_json_stat_passes_its_validator() -> None:
    data = json.loads(json.dumps(jsonstat.dataset(small(), "https://exemple.fr/donnees.json")))
    assert validate_jsonstat(data)
    assert len(data["value"]) == 3 * 2 * 2  # territories × periods × breakdowns
    assert sorted(v for v in data["value"] if v is not None) == [41.3, 41.3, 41.3]


def test_json_stat_finds_each_cell_where_its_dimensions_say() -> None:
    cube = small()
    data = jsonstat.dataset(cube)
    for o in cube.observations:
        at = 0
        keys = (o.indicator, o.area, o.period, o.breakdown)
        for name, size, key in zip(data["id"], data["size"], keys, strict=True):
            at = at * size + data["dimension"][name]["category"]["index"][key]
        assert data["value"][at] == value_of(o)
        assert data["status"].get(str(at), "ok") == o.status


def described(cube: Cube, folder: Path) -> CSVW:
    (folder / "donnees.csv").write_bytes(flat.csv_bytes(cube))
    meta = flat.csvw(cube, "donnees.csv", "https://exemple.fr/licence")
    path = folder / "donnees.csv-metadata.json"
    path.write_text(json.dumps(meta), encoding="utf-8")
    return CSVW(str(path), validate=True)


def test_csvw_reads_the_csv_and_finds_nothing_wrong(tmp_path: Path) -> None:
    cube = small()
    found = described(cube, tmp_path)
    assert found.is_valid
    rows = list(found.tables[0])
    assert len(rows) == len(cube.observations)
    assert [None if r["valeur"] is None else float(r["valeur"]) for r in rows] == [
        value_of(o) for o in cube.observations
    ]


def test_csvw_finds_a_key_that_comes_twice(tmp_path: Path) -> None:
    found = described(small(cell("QP000001"), cell("QP000001")), tmp_path)
    with pytest.raises(ValueError, match="duplicate primary key"):
        assert found.is_valid


@pytest.mark.parametrize(
    ("observation", "observed", "secrecy"),
    [
        (cell("a"), "A", "F"),
        (cell("a", breaks=True), "B", "F"),
        (cell("a", origin=Origin.ESTIMATED), "E", "F"),
        (cell("a", status=Status.MISSING), "O", "F"),
        (cell("a", status=Status.NOT_APPLICABLE), "M", "F"),
        (cell("a", status=Status.NOT_SIGNIFICANT), "N", "F"),
        (cell("a", status=Status.SECRET, blanking="primaire"), "Q", "A"),
        (cell("a", status=Status.SECRET, blanking=CONCENTRATED), "Q", "C"),
        (cell("a", status=Status.SECRET, blanking="secondaire"), "Q", "D"),
        (cell("a", status=Status.SECRET, blanking="calculé"), "Q", "D"),
        (cell("a", status=Status.SECRET), "Q", "C"),
    ],
)
def test_what_a_figure_is_worth_has_its_sdmx_codes(
    observation: Observation, observed: str, secrecy: str
) -> None:
    assert (sdmx.obs_status(observation), sdmx.conf_status(observation)) == (observed, secrecy)
    (row,) = csv.DictReader(io.StringIO(sdmx.csv_text(small(observation))))
    assert (row["OBS_VALUE"] == "") == (observed in "QOMN")
    assert observed in sdmx.OBS_STATUS and secrecy in sdmx.CONF_STATUS


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [("2017", "2017"), ("2017-12-31", "2017-12-31"), ("2008-2012", "2008-01-01/P5Y"),
     ("", "2020-07-01")],
)  # fmt: skip
def test_periods_are_those_of_sdmx(ours: str, theirs: str) -> None:
    (row,) = csv.DictReader(io.StringIO(sdmx.csv_text(small(cell("a", ours)))))
    assert row["TIME_PERIOD"] == theirs
    assert bool(row["COMMENT_OBS"]) == (ours == "")


def test_the_version_of_the_structure_is_the_edition() -> None:
    (row,) = csv.DictReader(io.StringIO(sdmx.csv_text(small(cell("a")))))
    assert row["STRUCTURE_ID"] == "TERRIL:OBSERVATOIRE_QPV(2020.7.1)"


def test_the_time_of_a_dataset_goes_from_the_first_to_the_last() -> None:
    found = temporal(["2017", "2008-2012", "", "2015"])
    assert found["dcat:startDate"] == {"@value": "2008", "@type": "xsd:gYear"}
    assert found["dcat:endDate"] == {"@value": "2017", "@type": "xsd:gYear"}
    assert temporal(["2019-03-31", "2018"])["dcat:endDate"]["@type"] == "xsd:date"
    assert temporal([""]) == {}


HOSTILE = st.sampled_from(
    ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("http://x")']
)


@given(name=HOSTILE | st.text(min_size=1, max_size=20))
def test_no_name_becomes_a_formula(name: str) -> None:
    cube = small(cell("QP000001"), name=name)
    for row in csv.reader(io.StringIO(flat.csv_text(cube), newline=""), delimiter=";"):
        assert not any(item.startswith(("=", "+", "-", "@", "\t", "\r")) for item in row)


@pytest.mark.parametrize("name", ["=1+1", "@SUM(A1)", '=HYPERLINK("http://x")', "{=1}"])
def test_a_workbook_holds_texts_and_real_numbers(name: str) -> None:
    book = openpyxl.load_workbook(io.BytesIO(flat.xlsx_bytes(small(cell("a"), name=name))))
    row = next(book["Chiffres"].iter_rows(min_row=2))
    assert (row[2].data_type, row[2].value) == ("s", name)
    assert (row[7].data_type, row[7].value) == ("n", 41.3)
    assert row[2].hyperlink is None


def test_parquet_holds_numbers_and_nulls() -> None:
    cube = small()
    frame = pl.read_parquet(io.BytesIO(flat.parquet_bytes(cube)))
    assert frame["valeur"].dtype == pl.Float64
    assert frame["valeur"].to_list() == [value_of(o) for o in cube.observations]


def turn(ring: list[list[float]]) -> float:
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, ring[1:], strict=False))


def test_geojson_follows_the_rfc() -> None:
    """RFC 7946: WGS84, closed rings, right-hand rule, box, six decimals (§ 3.1.6, 4, 5, 11.2)."""
    data = json.loads(json.dumps(geo.collection([outlines()], {"titre": "t"})))
    assert data["type"] == "FeatureCollection" and len(data["features"]) == 2
    assert "crs" not in data
    holed, double = data["features"]
    assert holed["geometry"]["type"] == "Polygon"
    assert len(holed["geometry"]["coordinates"]) == 2
    assert double["geometry"]["type"] == "MultiPolygon"
    assert [len(p) for p in double["geometry"]["coordinates"]] == [1, 1]
    west, south, east, north = data["bbox"]
    for feature in data["features"]:
        shape = feature["geometry"]
        polygons = shape["coordinates"] if shape["type"] == "MultiPolygon" else [
            shape["coordinates"]
        ]  # fmt: skip
        for polygon in polygons:
            for place, ring in enumerate(polygon):
                assert ring[0] == ring[-1] and len(ring) >= 4
                assert (turn(ring) > 0) == (place == 0)
                for x, y in ring:
                    assert west <= x <= east and south <= y <= north
                    assert round(x, 6) == x and round(y, 6) == y
    assert abs(west - 3.0) < 0.01 and abs(south - 46.5) < 0.01  # the grid's central meridian
    assert holed["properties"] == {
        "code": "QP000001", "nom": "Un", "valeur_2017": 41.3, "statut_2017": "ok",
    }  # fmt: skip
    assert double["properties"]["valeur_2017"] is None
    assert double["properties"]["statut_2017"] == "secret"


def test_outlines_stay_valid_on_the_grid_of_degrees() -> None:
    """Two edges nearer than the grid: rounding point by point would make the ring touch itself."""
    x, y = 700_000.0, 6_600_000.0
    neck = [(0, 0), (100, 0), (100, 100), (50.03, 40), (50.06, 60), (0, 100), (50.0, 50), (0, 0)]
    shape = shapely.Polygon([(x + a, y + b) for a, b in neck])
    layer = replace(outlines().pick(["QP000001"]), shapes=as_shapes([shape]))
    (feature,) = geo.collection([layer], {})["features"]
    drawn = shapely.from_geojson(json.dumps(feature["geometry"]))
    assert shapely.is_valid(drawn) and not drawn.is_empty


def test_geojson_gives_back_the_surface() -> None:
    """The hole is not lost, nor filled: 300² − 100² square metres, on the sphere."""
    (feature, _) = geo.collection([outlines()], {})["features"]
    exterior, hole = feature["geometry"]["coordinates"]
    assert turn(hole) / turn(exterior) == pytest.approx(-1 / 9, rel=0.02)


def test_a_geopackage_opens_in_gis_software(tmp_path: Path) -> None:
    path = tmp_path / "export.gpkg"
    path.write_bytes(geo.geopackage([outlines()], "2020-07-01"))
    assert geo.geopackage([outlines()], "2020-07-01") == path.read_bytes()
    meta, _, shapes, fields = pyogrio.raw.read(str(path), layer="qpv_2015")
    columns: dict[str, Any] = dict(zip(meta["fields"], fields, strict=True))
    assert meta["crs"] == "EPSG:2154" and len(shapes) == 2
    assert list(columns["code"]) == ["QP000001", "QP000002"]
    assert (
        columns["valeur_2017"][0] == 41.3 and columns["valeur_2017"][1] != columns["valeur_2017"][1]
    )
    assert list(columns["statut_2017"]) == ["ok", "secret"]


def test_the_code_of_the_material_is_a_real_one() -> None:
    assert CODE in small().indicators
