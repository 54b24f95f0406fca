"""Do maps draw shapes that share their borders, and only what can be seen?"""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from terril.territories import geometry_drawing as drawing
from terril.territories.geometry import Layer, as_shapes


def layer(shapes: list[object], nature: str = "commune", generation: str = "") -> Layer:
    codes = tuple(f"{nature}{generation}{k}" for k in range(len(shapes)))
    return Layer(
        nature, generation, 2154, codes, tuple(f"Nom {c}" for c in codes), as_shapes(shapes),
        pl.DataFrame(),
    )  # fmt: skip


def wavy(x: float, y: float) -> shapely.Polygon:
    """A square of 1 km whose sides tremble by a metre."""
    side = np.linspace(0, 1000, 60)
    shake = np.where(np.arange(60) % 2, 1.0, 0.0)
    shake[0] = shake[-1] = 0
    south = np.column_stack([side, shake])
    east = np.column_stack([1000 + shake, side])
    north = np.column_stack([side[::-1], 1000 + shake[::-1]])
    west = np.column_stack([shake[::-1], side[::-1]])
    return shapely.Polygon(np.concatenate([south, east, north, west]) + (x, y))


GRID = layer([wavy(0, 0), wavy(1000, 0), wavy(0, 1000), wavy(1000, 1000)])


def test_neighbours_keep_one_border() -> None:
    drawn = drawing.Drawn(GRID, together=20.0)
    whole = shapely.union_all(drawn.shapes)
    assert whole.geom_type == "Polygon" and not whole.interiors
    assert sum(s.area for s in drawn.shapes) == pytest.approx(whole.area)
    assert shapely.get_num_coordinates(whole) < 40


def test_each_border_is_drawn_once() -> None:
    drawn = drawing.Drawn(GRID, together=20.0)
    lines = drawing.Borders(drawn).within((-10, -10, 2010, 2010), 0.0)
    length = sum(shapely.LineString(line).length for line in lines)
    perimeter = sum(s.length for s in drawn.shapes)
    outer = shapely.union_all(drawn.shapes).length
    assert length == pytest.approx((perimeter + outer) / 2)


def test_what_meets_the_frame_is_cut_to_it() -> None:
    pieces = drawing.Drawn(GRID).within((500, 500, 1200, 900), 1.0)
    assert [p.row for p in pieces] == [0, 1]
    for piece in pieces:
        shape = shapely.Polygon(piece.rings[0])
        assert shapely.box(500, 500, 1200, 900).buffer(1).contains(shape)
    whole = drawing.Drawn(GRID).within((500, 500, 600, 600), 0.0, cut=False)
    assert shapely.Polygon(whole[0].rings[0]).area == pytest.approx(1e6, rel=0.01)


def test_overlapping_shapes_are_simplified_one_by_one() -> None:
    held = layer([shapely.box(0, 0, 10, 10), shapely.box(5, 5, 15, 15)])
    assert len(drawing.Drawn(held, together=1.0).shapes) == 2
    assert len(drawing.Drawn(layer([]), together=1.0).shapes) == 0
    assert drawing.Borders(drawing.Drawn(layer([]))).within((0, 0, 1, 1), 0.0) == ()


def test_crumbs_and_lines_are_not_surfaces() -> None:
    held = layer([shapely.box(0, 0, 100, 100)])
    assert drawing.Drawn(held).within((100, 0, 200, 100), 1.0) == [], "it touches the frame only"


@settings(max_examples=40, deadline=None)
@given(st.floats(10, 800), st.floats(0.2, 3))
def test_the_drawn_buffer_is_that_of_the_map(distance: float, tolerance: float) -> None:
    shape = shapely.box(0, 0, 400, 300)
    exact = shapely.buffer(shape, distance, quad_segs=200)
    drawn = drawing.buffered(shape, distance, tolerance)
    assert shapely.hausdorff_distance(drawn.exterior, exact.exterior) < tolerance + 0.003 * distance
    assert drawing.buffered(shape, 0, tolerance).equals(shape)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 5000), st.floats(0, 120))
def test_points_near_are_those_of_a_plain_reference(seed: int, distance: float) -> None:
    rng = np.random.default_rng(seed)
    ring = [(0, 0), (200, 0), (200, 150), (0, 150)]
    hole = [(50, 50), (150, 50), (150, 100), (50, 100)]
    shape = shapely.Polygon(ring, [hole])
    xy = np.round(rng.uniform(-150, 350, (80, 2)))
    rows, inside = drawing.near(shape, xy, distance)
    for row in range(len(xy)):
        away = shape.distance(shapely.Point(xy[row]))
        assert (row in rows) == (away <= distance)
        if away <= distance:
            assert bool(inside[list(rows).index(row)]) == (away == 0)


# ------------------------------------------------------------------ generations


def test_surfaces_kept_gained_and_lost() -> None:
    old, new = shapely.box(0, 0, 200, 100), shapely.box(100, 0, 300, 100)
    parts = drawing.compared(old, new, 10, 0.5)

    def area(rings: tuple[np.ndarray, ...]) -> float:
        return float(sum(shapely.Polygon(ring).area for ring in rings))

    assert (parts.old_area, parts.new_area, parts.kept_area) == (20000, 20000, 10000)
    assert area(parts.kept) == pytest.approx(10000)
    assert area(parts.gained) == pytest.approx(10000, rel=0.02)
    assert area(parts.lost) == pytest.approx(10000, rel=0.02)


def test_slivers_of_the_files_are_not_changes() -> None:
    old = shapely.box(0, 0, 400, 400)
    new = shapely.Polygon([(4, -3), (398, 5), (405, 402), (-4, 396)])
    parts = drawing.compared(old, new, 15, 1.0)
    assert parts.gained == () and parts.lost == ()
    assert parts.kept_area < parts.old_area, "the areas are those of the files"


def test_a_neighbourhood_that_came_or_left() -> None:
    shape = shapely.box(0, 0, 100, 100)
    came, left = drawing.compared(None, shape, 10, 1), drawing.compared(shape, None, 10, 1)
    assert came.old_area == 0 and came.kept == () and len(came.gained) == 1
    assert left.new_area == 0 and left.kept == () and len(left.lost) == 1


def test_groups_put_together_what_was_split_or_joined() -> None:
    old = layer(
        [shapely.box(0, 0, 100, 100), shapely.box(300, 0, 400, 100), shapely.box(900, 0, 950, 50)],
        "qpv", "2015",
    )  # fmt: skip
    new = layer(
        [
            shapely.box(0, 0, 45, 100),  # the first was split
            shapely.box(55, 0, 100, 100),
            shapely.box(299, 0, 420, 100),
            shapely.box(600, 0, 700, 100),  # new
            shapely.box(99.9, 0, 150, 100),  # touches the first by a hair
        ],
        "qpv", "2024",
    )  # fmt: skip
    found = sorted((sorted(a), sorted(b)) for a, b in drawing.groups(old, new, 0.1))
    assert found == [([], [3]), ([], [4]), ([0], [0, 1]), ([1], [2]), ([2], [])]


def test_only_what_differs_of_an_outline_is_drawn() -> None:
    own = shapely.box(0, 0, 400, 400)
    same = shapely.box(3, -2, 402, 399)
    assert drawing.differing(own, same, 15, 1) == ()
    grown = shapely.box(0, 0, 700, 400)
    lines = drawing.differing(own, grown, 15, 1)
    length = sum(shapely.LineString(line).length for line in lines)
    assert length == pytest.approx(2 * 285 + 400, rel=0.02)
