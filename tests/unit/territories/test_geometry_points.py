"""Are places read as points, and distances to outlines exact?"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from terril.lib.problems import ProblemList
from terril.territories.geometry import Layer, as_shapes
from terril.territories.geometry_points import (
    Extent,
    as_points,
    distances_to_edges,
    extent_of,
    is_osm,
    known_system,
    nearest_points,
    read_places,
)

RING = shapely.Polygon([(0, 0), (10, 0), (10, 10), (0, 10)], [[(4, 4), (6, 4), (6, 6), (4, 6)]])
FAR = shapely.box(100, 0, 110, 10)


def layer(*shapes: object) -> Layer:
    codes = tuple(f"Q{k}" for k in range(len(shapes)))
    return Layer("qpv", "2015", 2154, codes, codes, as_shapes(shapes), pl.DataFrame())


def test_a_point_that_lies_on_each_shape() -> None:
    shapes = as_shapes(
        [
            shapely.Point(1, 2),
            shapely.LineString([(0, 0), (4, 0)]),
            RING,
            shapely.MultiPolygon([RING, FAR]),
            shapely.GeometryCollection([FAR]),
            shapely.Point(),
            None,
        ]
    )
    x, y, kinds = as_points(shapes)
    assert kinds == ("point", "ligne", "surface", "surface", "surface", "", "")
    assert (x[0], y[0]) == (1, 2)
    for k in range(1, 5):
        assert shapely.intersects(shapes[k], shapely.Point(x[k], y[k]))
    assert np.isnan(x[5:]).all() and np.isnan(y[5:]).all()


def test_boxes() -> None:
    box = extent_of([layer(RING), layer(FAR)], 5)
    assert box == Extent(2154, -5, -5, 115, 15)
    assert extent_of([layer()]) is None and extent_of([]) is None
    assert box.holds(np.array([-5.0, -5.1, np.nan]), np.array([15.0, 0, 0])).tolist() == [
        True, False, False,
    ]  # fmt: skip


@settings(deadline=None)
@given(st.floats(100_000, 1_200_000), st.floats(6_100_000, 7_000_000), st.floats(100, 50_000))
def test_a_box_of_degrees_holds_the_box_of_metres(x: float, y: float, half: float) -> None:
    """Meridians lean in Lambert-93: the corners alone would not do."""
    box = Extent(2154, x - half, y - half, x + half, y + half)
    degrees = box.to(4326)
    back = degrees.to(2154)
    assert back.west <= box.west + 1e-3 and back.east >= box.east - 1e-3
    assert back.south <= box.south + 1e-3 and back.north >= box.north - 1e-3


def test_distances_to_the_border_inside_and_outside() -> None:
    codes = ["Q0", "Q0", "Q0", "Q1", "Q9", "Q0"]
    x = np.array([1.0, 5.0, -3.0, 99.0, 0.0, np.nan])
    y = np.array([5.0, 5.0, 14.0, 5.0, 0.0, 0.0])
    found = distances_to_edges(layer(RING, FAR), codes, x, y)
    assert found[:4].tolist() == [1, 1, 5, 1]
    assert np.isnan(found[4:]).all()


def test_the_nearest_point_of_each_outline() -> None:
    ranks, metres = nearest_points(
        layer(RING, FAR), np.array([np.nan, 20.0, 90.0, 20.0]), np.array([0.0, 5.0, 5.0, 5.0])
    )
    assert ranks.tolist() == [1, 2] and metres.tolist() == [10, 10]
    ranks, metres = nearest_points(layer(RING), np.array([np.nan]), np.array([0.0]))
    assert ranks.tolist() == [-1] and np.isnan(metres).all()


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(-50, 150), st.integers(-50, 50)), min_size=1, max_size=20))
def test_the_nearest_is_that_of_a_naive_search(points: list[tuple[int, int]]) -> None:
    x, y = (np.array([float(p[k]) for p in points]) for k in (0, 1))
    ranks, metres = nearest_points(layer(RING, FAR), x, y)
    for shape, rank, found in zip((RING, FAR), ranks, metres, strict=True):
        all_of_them = [shapely.distance(shape, shapely.Point(p)) for p in points]
        assert found == pytest.approx(min(all_of_them))
        assert rank == all_of_them.index(min(all_of_them))


def test_systems() -> None:
    assert known_system(2154) and known_system(4326) and not known_system(999999)
    assert is_osm(Path("a.osm.pbf")) and is_osm(Path("a.OSM")) and not is_osm(Path("a.geojson"))


def test_a_file_that_is_none(tmp_path: Path) -> None:
    problems = ProblemList()
    (tmp_path / "a.gpkg").write_bytes(b"not a database")
    assert read_places(tmp_path / "a.gpkg", problems, "a.gpkg") is None
    assert [p.code for p in problems] == ["lieux-illisibles"]
    text = '{"type":"FeatureCollection","name":"lieux","features":[]}'
    (tmp_path / "b.geojson").write_text(text)
    assert read_places(tmp_path / "b.geojson", problems, "b", layers=("autre",)) is None
    assert "« lieux »" in list(problems)[-1].what
