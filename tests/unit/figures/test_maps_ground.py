"""Are shapes clipped, written and hatched as a slow and plain reference does it?"""

from __future__ import annotations

import re

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from small_maps import square, star
from terril.figures import maps_ground as ground

BOX = (0.0, 0.0, 100.0, 80.0)
radii = st.lists(st.floats(4, 70), min_size=4, max_size=18)


def read_path(d: str) -> list[np.ndarray]:
    """The shapes that a relative path draws, as a browser reads it."""
    shapes = []
    for part in re.findall(r"M[^M]*", d):
        numbers = [float(n) for n in re.findall(r"-?(?:\d+\.\d+|\.\d+|\d+)", part)]
        steps = np.array(numbers).reshape(-1, 2)
        shapes.append(np.cumsum(steps, axis=0))
    return shapes


@settings(max_examples=60, deadline=None)
@given(radii, st.floats(-30, 130), st.floats(-30, 110))
def test_a_clipped_ring_has_the_area_of_the_intersection(
    held: list[float], x: float, y: float
) -> None:
    ring = star(x, y, held)
    expected = shapely.intersection(shapely.Polygon(ring), shapely.box(*BOX)).area
    clipped = ground.clip_ring(ring, BOX)
    found = ground.area_of([clipped]) if len(clipped) > 2 else 0.0
    assert found == pytest.approx(expected, rel=1e-9, abs=1e-6)
    assert (clipped >= -1e-9).all() and (clipped <= np.array(BOX[2:]) + 1e-9).all()


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.floats(-60, 160), st.floats(-60, 140)), min_size=2, max_size=12))
def test_a_clipped_line_has_the_length_of_the_intersection(
    points: list[tuple[float, float]],
) -> None:
    points = [(round(x, 3), round(y, 3)) for x, y in points]
    line = np.array(points)
    expected = shapely.intersection(shapely.LineString(points), shapely.box(*BOX)).length
    inside = sum(float(np.hypot(*np.diff(p, axis=0).T).sum()) for p in ground.clip_line(line, BOX))
    if shapely.LineString(points).is_simple:
        assert inside == pytest.approx(expected, rel=1e-6, abs=1e-6)
    else:  # a line that goes back over itself counts once in the reference
        assert inside >= expected - 1e-6


@settings(max_examples=40, deadline=None)
@given(radii, st.sampled_from([0.0, 45.0, -45.0, 20.0]))
def test_hatching_covers_the_surface_evenly(held: list[float], angle: float) -> None:
    ring = star(40, 40, held)
    rows = ground.spans([ring], 0.05, angle)
    lengths = np.hypot(rows[:, 2] - rows[:, 0], rows[:, 3] - rows[:, 1]).sum() if len(rows) else 0
    assert lengths * 0.05 == pytest.approx(ground.area_of([ring]), rel=0.03, abs=1.0)


def test_a_hole_is_not_hatched() -> None:
    hole = square(10, 10, 20)[::-1]
    rows = ground.spans([square(0, 0, 40), hole], 1.0)
    assert np.abs(rows[:, 2] - rows[:, 0]).sum() == pytest.approx(40 * 40 - 20 * 20)
    assert ground.area_of([square(0, 0, 40), hole]) == 1200


@settings(max_examples=40, deadline=None)
@given(radii)
def test_a_path_reads_back_to_a_tenth_of_a_point(held: list[float]) -> None:
    ring = star(50, 40, held)
    shapes = read_path(ground.path_of([ring]))
    whole = np.rint(ring * 10) / 10
    kept = [whole[0]]
    for point in whole[1:]:
        if not np.array_equal(point, kept[-1]):
            kept.append(point)
    if len(kept) < 4:
        assert not shapes
        return
    assert np.allclose(shapes[0], np.array(kept[:-1]), atol=1e-6), (
        "the closing point is not written"
    )


def test_numbers_are_short_and_exact() -> None:
    d = ground.path_of([np.array([(0.04, 0.0), (0.5, -0.26), (12.34, 900.0)])], closed=False)
    assert d == "M0 0l.5-.3 11.8 900.3"
    assert ground.path_of([np.array([(1.0, 1.0), (1.01, 1.02)])], closed=False) == ""


def test_a_view_fits_and_keeps_north_up() -> None:
    view = ground.View.fit((0, 0, 1000, 500), 220, 220, 10)
    (x0, y0), (x1, y1) = view.points(np.array([(0.0, 0.0), (1000.0, 500.0)])).tolist()
    assert (x0, x1) == pytest.approx((10, 210)) and y0 - y1 == pytest.approx(100)
    assert y0 + y1 == pytest.approx(220), "centred"
    top = ground.View.fit((0, 0, 1000, 500), 220, 220, 10, rise=1.0)
    assert top.points(np.array([(0.0, 500.0)]))[0, 1] == pytest.approx(10)
    west, south, east, north = view.ground(0)
    assert (west, east) == pytest.approx((-50, 1050)) and north - south == pytest.approx(1100)


def test_a_point_inside_is_inside() -> None:
    shape = np.array(
        [(0, 0), (30, 0), (30, 4), (4, 4), (4, 26), (30, 26), (30, 30), (0, 30)], float
    )
    assert shapely.contains_xy(shapely.Polygon(shape), *ground.inside_of([shape]))


def test_nothing_to_show_is_refused() -> None:
    with pytest.raises(ValueError, match="nothing to show"):
        ground.bounds_of([])
