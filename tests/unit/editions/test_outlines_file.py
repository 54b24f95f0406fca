"""The GeoPackage of an edition: the same bytes, read back whole, and right for any GIS."""

from __future__ import annotations

import datetime as dt
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pyogrio
import pyogrio.raw
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from outline_files import SOUTH, WEST, square
from terril.editions.outlines_file import read_outlines_file, table_of, write_outlines
from terril.sources.outlines_layers import SHIFTS, Outlines, joined
from terril.territories.geometry import Layer, as_shapes
from terril.territories.geometry_layer import settled
from terril.territories.geometry_package import blobs, from_blobs
from terril.territories.geometry_straddle import straddles

DAY = "2024-01-01"


def layer(nature: str, shapes: dict[str, shapely.Geometry], generation: str = "") -> Layer:
    codes = tuple(sorted(shapes))
    return Layer(
        nature,
        generation,
        2154,
        codes,
        tuple(f"Nom de {c}" for c in codes),
        as_shapes(settled(shapes[c]) for c in codes),
        pl.DataFrame(
            {
                "Habitants": range(len(codes)),
                "part": [0.1 * i if i else None for i in range(len(codes))],
                "CODE": [f"l’« {c} »" for c in codes],
                "le nom": [None, *["x"] * (len(codes) - 1)],
                "vu": [dt.date(2024, 1, i + 1) for i in range(len(codes))],
                "ouvert": [i == 0 for i in range(len(codes))],
            }
        ),
        "qpv.gpkg",
        "ab" * 32,
        "2024",
        "ANCT",
    )


@pytest.fixture
def outlines() -> Outlines:
    two = shapely.union(square(1800, 300, 400, hole=40), square(2600, 300, 100))
    qpv = layer("qpv", {"QP062001": square(300, 300, 200), "QP062002": two}, "2015")
    later = layer("qpv", {"QN06201M": square(290, 300, 260)}, "2024")
    communes = layer("commune", {f"6200{i + 1}": square(1000 * i, 0, 1000) for i in range(3)})
    shares = straddles(qpv, communes, {"62001": "200000001", "62002": "200000001"})
    shifts = pl.DataFrame(
        [("qpv", "2015", "commune", "", "aligne", 4.0, 0.0, 4.0, 12.3, "")],
        schema=SHIFTS,
        orient="row",
    )
    return Outlines((qpv, later, communes), shares, shifts)


WIDTHS = {"QP062001": 300.0, "QP062002": 500.0, "QN06201M": 300.0}


def test_the_same_bytes_for_the_same_outlines(outlines: Outlines, tmp_path: Path) -> None:
    one, two, three = tmp_path / "a.gpkg", tmp_path / "b.gpkg", tmp_path / "c.gpkg"
    write_outlines(one, outlines, day=DAY, buffers=WIDTHS)
    write_outlines(two, outlines, day=DAY, buffers=WIDTHS)
    write_outlines(two, outlines, day=DAY, buffers=WIDTHS)  # over another one
    assert one.read_bytes() == two.read_bytes()
    write_outlines(three, read_outlines_file(one), day=DAY, buffers=WIDTHS)
    assert one.read_bytes() == three.read_bytes()


def test_what_was_written_is_read_back(outlines: Outlines, tmp_path: Path) -> None:
    path = tmp_path / "perimetres.gpkg"
    rows = write_outlines(path, outlines, day=DAY)
    assert rows == {"qpv_2015": 2, "qpv_2024": 1, "communes": 3}
    back = read_outlines_file(path)
    assert len(back.layers) == 3 and back.crs == 2154
    for mine, theirs in zip(outlines.layers, back.layers, strict=True):
        assert shapely.equals_exact(mine.shapes, theirs.shapes, 0.0).all()
        for field in (
            "nature",
            "generation",
            "crs",
            "codes",
            "labels",
            "file",
            "sha256",
            "vintage",
        ):
            assert getattr(mine, field) == getattr(theirs, field)
        held = theirs.attributes.to_dict(as_series=False)
        assert held["Habitants"] == mine.attributes["Habitants"].to_list()
        assert held["part"] == mine.attributes["part"].to_list()  # unknown stays unknown
        assert held["CODE_2"][0] == mine.attributes["CODE"][0]  # « code » is taken
        assert held["le_nom"][0] is None and held["vu"][0] == "2024-01-01"
        assert held["ouvert"][0] == 1
    assert back.straddles.drop("area_m2", "share").equals(
        outlines.straddles.drop("area_m2", "share")
    )
    assert back.straddles["share"].to_numpy() == pytest.approx(
        outlines.straddles["share"].to_numpy()
    )
    assert back.shifts.equals(outlines.shifts)


def test_surroundings_are_a_layer_a_width(outlines: Outlines, tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    rows = write_outlines(path, outlines, day=DAY, buffers=WIDTHS)
    assert {n: c for n, c in rows.items() if n.startswith("tampons")} == {
        "tampons_300_2015": 1, "tampons_300_2024": 1, "tampons_500_2015": 1,
    }  # fmt: skip
    meta, _, shapes, columns = pyogrio.raw.read(path, layer="tampons_300_2015")
    assert list(meta["fields"]) == ["code", "nom"] and columns[0].tolist() == ["QP062001"]
    area = shapely.from_wkb(shapes)[0].area
    assert area == pytest.approx(200**2 + 4 * 200 * 300 + np.pi * 300**2, rel=0.002)
    only = replace(outlines, layers=outlines.layers[:1])
    assert "tampons_300" in write_outlines(path, only, day=DAY, buffers=WIDTHS)


def test_gdal_opens_every_layer(outlines: Outlines, tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    write_outlines(path, outlines, day=DAY, buffers=WIDTHS)
    for mine in outlines.layers:
        name = table_of(mine.nature, mine.generation)
        info = pyogrio.read_info(
            path, layer=name, force_feature_count=True, force_total_bounds=True
        )
        assert (info["crs"], info["geometry_type"]) == ("EPSG:2154", "MultiPolygon")
        assert (info["features"], info["fid_column"], info["geometry_name"]) == (
            len(mine), "fid", "geom",
        )  # fmt: skip
        assert info["total_bounds"] == pytest.approx(mine.bounds(), abs=1e-4)
        _, _, shapes, columns = pyogrio.raw.read(path, layer=name)
        assert columns[0].tolist() == list(mine.codes)
        areas = shapely.area(shapely.from_wkb(shapes))
        assert areas == pytest.approx(mine.areas())
    plain = {str(name) for name, kind in pyogrio.list_layers(path) if kind is None}
    assert plain == {"terril_couches", "terril_parts", "terril_decalages"}


def test_the_rules_of_the_format_hold(outlines: Outlines, tmp_path: Path) -> None:
    """OGC 12-128r18, the requirements that a file of features must meet."""
    path = tmp_path / "a.gpkg"
    write_outlines(path, outlines, day=DAY, buffers=WIDTHS)
    raw = path.read_bytes()
    assert raw.startswith(b"SQLite format 3\x00")
    assert raw[68:72] == b"GPKG" and int.from_bytes(raw[60:64], "big") == 10300
    with closing(sqlite3.connect(path)) as base:
        assert base.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert base.execute("PRAGMA foreign_key_check").fetchall() == []
        systems = dict(
            base.execute("SELECT srs_id, definition FROM gpkg_spatial_ref_sys").fetchall()
        )
        assert {-1, 0, 4326, 2154} <= set(systems)
        assert systems[2154].startswith("PROJCS[") and systems[4326].startswith("GEOGCS[")
        contents = base.execute(
            "SELECT table_name, data_type, last_change, srs_id, min_x FROM gpkg_contents"
        ).fetchall()
        assert {change for _, _, change, _, _ in contents} == {"2024-01-01T00:00:00.000Z"}
        features = {name for name, kind, *_ in contents if kind == "features"}
        geometry = base.execute("SELECT * FROM gpkg_geometry_columns").fetchall()
        assert {row[0] for row in geometry} == features
        assert {row[1:] for row in geometry} == {("geom", "MULTIPOLYGON", 2154, 0, 0)}
        assert all(x is not None for _, kind, _, _, x in contents if kind == "features")
        for name in features:
            keys = [
                (column, kind)
                for _, column, kind, _, _, key in base.execute(f'PRAGMA table_info("{name}")')
                if key
            ]
            assert keys == [("fid", "INTEGER")]
            for (blob,) in base.execute(f'SELECT geom FROM "{name}"'):
                assert blob[:2] == b"GP" and blob[2] == 0 and blob[3] == 3
                assert int.from_bytes(blob[4:8], "little") == 2154


def test_a_file_that_is_none_of_ours(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_outlines_file(tmp_path / "absent.gpkg")
    (tmp_path / "a.gpkg").write_text("perdu" * 1000)
    with pytest.raises(ValueError, match="a.gpkg"):
        read_outlines_file(tmp_path / "a.gpkg")
    with closing(sqlite3.connect(tmp_path / "b.gpkg")) as base:
        base.execute("CREATE TABLE a (b)")
    with pytest.raises(ValueError, match="b.gpkg"):
        read_outlines_file(tmp_path / "b.gpkg")
    with pytest.raises(ValueError):
        write_outlines(tmp_path / "c.gpkg", Outlines(), day="hier")
    assert not (tmp_path / "c.gpkg").exists()


def test_no_outline_is_a_right_file_too(tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    assert write_outlines(path, Outlines(), day=DAY) == {}
    assert read_outlines_file(path).layers == ()


@given(
    st.lists(
        st.tuples(st.integers(0, 50), st.integers(0, 50), st.integers(2, 9), st.booleans()),
        min_size=1,
        max_size=4,
    )
)
@settings(max_examples=50, deadline=None)
def test_shapes_come_back_point_by_point(squares: list[tuple[int, int, int, bool]]) -> None:
    parts = [square(10 * x, 10 * y, 10 * s, 5 if hole else 0) for x, y, s, hole in squares]
    shapes = as_shapes([settled(shapely.union_all(parts)), settled(parts[0])])
    back = from_blobs(blobs(shapes, 2154))
    assert shapely.equals_exact(shapes, back, 0.0).all()
    with pytest.raises(ValueError):
        from_blobs([b"XX" + blobs(shapes, 2154)[0][2:]])


def test_layers_of_several_files_are_joined(tmp_path: Path) -> None:
    one = layer("commune", {"62001": square(), "62003": square(400)})
    two = layer("commune", {"62002": square(200), "62003": square(900)})
    whole, doubled = joined([one, replace(two, attributes=pl.DataFrame(), file="b.gpkg")])
    assert whole.codes == ("62001", "62002", "62003") and doubled == ["62003"]
    assert whole.bounds() == (WEST, SOUTH, WEST + 500, SOUTH + 100)
    assert whole.attributes["Habitants"].to_list() == ["0", None, "1"]
    assert whole.file == "qpv.gpkg, b.gpkg"
    with pytest.raises(ValueError, match="two grids"):
        joined([one, replace(two, crs=2975)])
