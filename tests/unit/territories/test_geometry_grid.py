"""Do the parts of squares, of masks and of two layers add up to what was cut?"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from terril.lib.problems import ProblemList
from terril.territories.geometry import Layer, as_shapes, read_layer
from terril.territories.geometry_grid import (
    grid_parts,
    mask_parts,
    overlay,
    point_parts,
    points_within,
)

X, Y, CRS = 3_800_000, 3_000_000, 3035


def layer(shapes: dict[str, shapely.Geometry], crs: int = CRS) -> Layer:
    return Layer(
        "qpv", "", crs, tuple(shapes), tuple(shapes), as_shapes(shapes.values()), pl.DataFrame()
    )


def blob(points: list[tuple[int, int]]) -> shapely.Geometry:
    """Return the hull of some points with a hole in it, in the grid."""
    hull = shapely.convex_hull(shapely.multipoints([(X + x, Y + y) for x, y in points]))
    return hull.buffer(7).difference(hull.centroid.buffer(60))


BLOB = st.lists(st.tuples(st.integers(-900, 900), st.integers(-900, 900)), min_size=3, max_size=6)


@given(BLOB, BLOB, st.sampled_from([100, 200, 1000]))
@settings(max_examples=60, deadline=None)
def test_the_parts_of_squares_make_the_outline(
    one: list[tuple[int, int]], other: list[tuple[int, int]], size: int
) -> None:
    shapes = {"A": blob(one), "B": blob(other)}
    parts = grid_parts(layer(shapes), CRS, size)
    assert parts["part"].is_between(0.0, 1.0).all()
    for code, shape in shapes.items():
        held = parts.filter(pl.col("code") == code)
        assert held["part"].sum() * size * size == pytest.approx(shape.area, rel=1e-6, abs=1e-3)
        for x, y, part in held.head(8).select("x", "y", "part").iter_rows():
            assert x % size == 0 and y % size == 0
            square = shapely.box(x, y, x + size, y + size)
            assert part == pytest.approx(shape.intersection(square).area / size**2, abs=1e-9)


@given(BLOB, BLOB, BLOB)
@settings(max_examples=40, deadline=None)
def test_the_pieces_of_two_layers_make_both(
    one: list[tuple[int, int]], two: list[tuple[int, int]], three: list[tuple[int, int]]
) -> None:
    first = {"A": blob(one)}
    second = {"B": blob(two), "C": blob(three)}
    second["C"] = second["C"].difference(second["B"])
    pieces = overlay(layer(first), layer(second))
    areas = pieces.attributes.with_columns(area=pl.Series(pieces.areas()))
    for side, shapes in (("a", first), ("b", second)):
        for code, shape in shapes.items():
            held = areas.filter(pl.col(side) == code)["area"].sum()
            assert held == pytest.approx(shape.area, rel=1e-6, abs=1.0)
    union = shapely.union_all([*first.values(), *second.values()])
    assert areas["area"].sum() == pytest.approx(union.area, rel=1e-6, abs=1.0)


def test_a_mask_of_outlines_and_of_points() -> None:
    zones = layer({"A": shapely.box(X, Y, X + 100, Y + 200)})
    mask = layer(
        {
            "in": shapely.box(X + 10, Y + 10, X + 30, Y + 20),
            "astride": shapely.box(X + 90, Y + 50, X + 110, Y + 60),
            "next": shapely.box(X + 190, Y + 50, X + 210, Y + 60),
            "far": shapely.box(X + 9000, Y, X + 9010, Y + 10),
        }
    )
    found = mask_parts(mask, np.array([8.0, 4.0, 2.0, 99.0]), zones, CRS, 200)
    rows = {(c, x, y): w for c, x, y, w in found.select("code", "x", "y", "weight").iter_rows()}
    assert rows == {("A", X, Y): 10.0, (None, X, Y): 13.0, (None, X + 200, Y): 1.0}
    xy = np.array([[X + 20.0, Y + 15], [X + 100.0, Y + 55], [X + 150.0, Y + 55], [np.nan, 0.0]])
    points = point_parts(xy, CRS, np.array([8.0, 4.0, 2.0, 1.0]), zones, CRS, 200)
    assert dict(points.select("code", "weight").iter_rows()) == {"A": 12.0, None: 14.0}
    row, point = points_within(zones, xy, CRS)
    assert (row.tolist(), sorted(point.tolist())) == ([0, 0], [0, 1]), "the border is inside"


def test_nothing_gives_nothing() -> None:
    empty, one = layer({}), layer({"A": shapely.box(X, Y, X + 10, Y + 10)})
    assert grid_parts(empty, CRS, 200).is_empty()
    assert overlay(empty, empty).codes == ()
    assert overlay(one, empty).attributes.rows() == [("A", None)]
    assert mask_parts(empty, np.zeros(0), one, CRS, 200).is_empty()
    assert point_parts(np.zeros((0, 2)), CRS, np.zeros(0), one, CRS, 200).is_empty()
    with pytest.raises(ValueError, match="two grids"):
        overlay(one, layer({"B": shapely.box(0, 0, 1, 1)}, 2154))


def test_the_squares_of_insee_are_found_where_they_are(real_data: Path) -> None:
    """The outlines that Insee’s own GeoPackage draws are the squares of the identifiers."""
    problems = ProblemList()
    squares = read_layer(
        real_data / "carreaux-200m" / "filosofi2015_carreaux_200m_lens_extrait_3035.gpkg",
        problems,
        nature="carreau",
    )
    assert squares is not None and len(squares) == 495
    parts = grid_parts(squares, CRS, 200).filter(pl.col("part") > 0.01)
    assert parts.height == 495 and (parts["part"] > 0.9999).all()
    named = parts.select(pl.format("CRS3035RES200mN{}E{}", "y", "x")).to_series()
    assert named.to_list() == parts["code"].to_list()
