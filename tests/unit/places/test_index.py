"""Does the grid say what each point alone would say, on borders, in holes and around?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from naive_places import Hit, Point, by_fractions, by_shapely, layer, margin
from terril.places.engines.duckdb import DuckdbEngine
from terril.places.index import GridIndex, build_index, zones_of
from terril.places.locate import hits, locate
from terril.territories.geometry import Layer

NOTHING = np.empty(0)


def found(points: Sequence[Point], index: GridIndex) -> set[Hit]:
    """What the grid says, in the words of the naive reference."""
    at = np.array(points, dtype=np.float64).reshape(-1, 2)
    frame = locate(at[:, 0], at[:, 1], index)
    rows = {(p, z, w) for p, z, w, _ in frame.rows()}
    assert len(rows) == frame.height, "a pair is given twice"
    return rows


def by_sql(points: Sequence[Point], index: GridIndex, engine: DuckdbEngine) -> set[Hit]:
    """What the same index says in SQL."""
    import polars as pl

    at = np.array(points, dtype=np.float64).reshape(-1, 2)
    rows = pl.DataFrame({"n": np.arange(len(at)), "x": at[:, 0], "y": at[:, 1]})
    for name, frame in (("pts", rows), ("cells", index.cells), ("edges", index.edges)):
        engine.give(name, frame)
    answer = engine.rows(index.located_sql("pts", ["n"]))
    engine.drop("pts", "cells", "edges")
    pairs = [(n, index.codes[zone], place) for n, zone, place in answer.rows()]
    assert len(set(pairs)) == len(pairs), "a pair is given twice"
    return set(pairs)


@pytest.fixture(scope="module")
def duck() -> Iterator[DuckdbEngine]:
    with DuckdbEngine(threads=1) as engine:
        yield engine


# --- any polygons, any points ---------------------------------------------------------------------

coordinate = st.integers(-24, 24)


@st.composite
def shapes(draw: st.DrawFn, scale: float = 1.0) -> Any:
    """Polygons with holes and corners on a lattice, sometimes in several parts."""
    parts = []
    for _ in range(draw(st.integers(1, 2))):
        corners = draw(st.lists(st.tuples(coordinate, coordinate), min_size=3, max_size=9))
        middle = np.mean(corners, axis=0)
        corners.sort(key=lambda c: (np.arctan2(c[1] - middle[1], c[0] - middle[0]), c))
        hull = shapely.Polygon(corners)
        if not hull.is_valid or hull.area == 0:
            x, y = corners[0]
            hull = shapely.box(x, y, x + 7, y + 5)
        parts.append(hull)
    for x, y in draw(st.lists(st.tuples(coordinate, coordinate), max_size=3)):
        size = draw(st.integers(1, 6))
        parts = [shapely.difference(p, shapely.box(x, y, x + size, y + size)) for p in parts]
    whole = shapely.union_all(parts)
    pieces = [p for p in shapely.get_parts(whole) if p.geom_type == "Polygon" and p.area > 0]
    if not pieces:
        pieces = [shapely.box(0, 0, 3, 2)]
    return shapely.transform(shapely.multipolygons(pieces), lambda a: a * scale)


@st.composite
def cases(draw: st.DrawFn) -> tuple[Layer, list[float], list[Point], float]:
    zones = draw(st.lists(shapes(), min_size=1, max_size=3))
    # 5 is the distance of (3, 4): ties between lattice points and slanted edges
    buffers = [float(draw(st.sampled_from([0, 1, 5, 2.5, 13]))) for _ in zones]
    half = st.integers(-80, 80).map(lambda n: n / 2)
    points: list[Point] = draw(st.lists(st.tuples(half, half), min_size=1, max_size=25))
    corners = shapely.get_coordinates(zones)
    picks = draw(st.lists(st.integers(0, len(corners) - 1), max_size=6))
    points += [(float(x), float(y)) for x, y in corners[picks]]
    # the middle of an edge, exactly on it when its ends are on the lattice
    points += [
        (float((a[0] + b[0]) / 2), float((a[1] + b[1]) / 2))
        for a, b in zip(corners[picks], corners[[max(0, p - 1) for p in picks]], strict=True)
    ]
    points += [(float(x) + 3.0, float(y) + 4.0) for x, y in corners[picks[:2]]]
    return layer(zones), buffers, points, draw(st.sampled_from([1.0, 4.0, 16.0, 128.0]))


def on_lattice(zones: Layer) -> bool:
    corners = shapely.get_coordinates(zones.shapes)
    return bool((corners * 4 == np.round(corners * 4)).all())


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(cases())
def test_the_grid_answers_as_fractions_do(
    case: tuple[Layer, list[float], list[Point], float],
) -> None:
    zones, buffers, points, size = case
    wanted = by_fractions(points, zones, buffers)
    got = found(points, build_index(zones_of(zones, buffers), size))
    if not on_lattice(zones):  # corners made by a difference: the last bit may decide
        doubtful = {n for n, p in enumerate(points) if margin(p, zones, buffers) < 1e-12}
        wanted = {hit for hit in wanted if hit[0] not in doubtful}
        got = {hit for hit in got if hit[0] not in doubtful}
    assert got == wanted


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(case=cases())
def test_sql_answers_as_numpy_does_to_the_last_bit(
    duck: DuckdbEngine, case: tuple[Layer, list[float], list[Point], float]
) -> None:
    zones, buffers, points, size = case
    index = build_index(zones_of(zones, buffers), size)
    assert by_sql(points, index, duck) == found(points, index)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(cases())
def test_the_size_of_cells_does_not_matter(
    case: tuple[Layer, list[float], list[Point], float],
) -> None:
    zones, buffers, points, size = case
    one, other = (build_index(zones_of(zones, buffers), s) for s in (size, size * 8))
    assert found(points, one) == found(points, other)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(shapes(scale=61.7), min_size=1, max_size=3),
    st.integers(0, 2**32 - 1),
    st.sampled_from([64.0, 128.0, 256.0]),
)
def test_in_metres_of_lambert_93_it_answers_as_shapely_does(
    made: list[Any], seed: int, size: float
) -> None:
    moved = [shapely.transform(s, lambda a: a + np.array([683_412.37, 7_039_871.12])) for s in made]
    zones, buffers = layer(moved), [300.0, 500.0, 0.0][: len(moved)]
    rng = np.random.default_rng(seed)
    west, south, east, north = zones.bounds()
    x = rng.uniform(west - 600, east + 600, 300)
    y = rng.uniform(south - 600, north + 600, 300)
    points = [(float(a), float(b)) for a, b in zip(x, y, strict=True)]
    index = build_index(zones_of(zones, buffers), size)
    assert found(points, index) == by_shapely(points, zones, buffers)


# --- the rule of the border, case by case ---------------------------------------------------------

SQUARE = shapely.box(0, 0, 1000, 1000)
PIERCED = shapely.Polygon(
    [(0, 0), (1000, 0), (1000, 1000), (0, 1000)], [[(200, 200), (900, 200), (900, 900), (200, 900)]]
)


@pytest.mark.parametrize(
    ("point", "where"),
    [
        ((500.0, 500.0), {"inside"}),
        ((0.0, 500.0), {"inside"}),  # on a side
        ((1000.0, 500.0), {"inside"}),  # on the opposite one: the border belongs to the perimeter
        ((1000.0, 1000.0), {"inside"}),  # on a corner
        ((-300.0, 500.0), {"around"}),  # at the distance, exactly
        ((-300.0000001, 500.0), set()),
        ((-180.0, -240.0), {"around"}),  # 300 m from the corner, exactly
        ((-180.0, -240.0000001), set()),
        ((1212.1, 1212.1), {"around"}),  # 299.95 m from the corner
        ((1212.2, 1212.2), set()),  # 300.1 m: a square buffer would take it
    ],
)
@pytest.mark.parametrize("size", [32.0, 128.0, 1024.0])
def test_one_square(point: Point, where: set[str], size: float) -> None:
    index = build_index(zones_of(layer([SQUARE]), 300.0), size)
    assert {w for _, _, w in found([point], index)} == where


def test_a_hole_is_outside_and_its_edge_inside() -> None:
    index = build_index(zones_of(layer([PIERCED]), 300.0))
    answers = found([(550, 550), (500, 550), (200, 550), (199, 550), (550, 899)], index)
    assert answers == {
        (1, "Z000", "around"), (2, "Z000", "inside"), (3, "Z000", "inside"), (4, "Z000", "around"),
    }  # fmt: skip
    frame = locate(np.array([500.0, 199.0]), np.array([550.0, 550.0]), index)
    assert frame["distance_m"].to_list() == [300.0, 0.0]


def test_each_zone_has_its_own_surroundings_and_a_point_may_be_in_several() -> None:
    two = layer([SQUARE, shapely.box(900, 0, 1900, 1000)], ["QP2", "QP1"])
    index = build_index(zones_of(two, [300.0, 500.0]))
    assert found([(950, 500), (450, 500), (1200, 500), (1301, 500)], index) == {
        (0, "QP1", "inside"), (0, "QP2", "inside"),
        (1, "QP2", "inside"), (1, "QP1", "around"),
        (2, "QP1", "inside"), (2, "QP2", "around"),
        (3, "QP1", "inside"),
    }  # fmt: skip


def test_without_a_buffer_nothing_is_around() -> None:
    index = build_index(zones_of(layer([SQUARE]), 0.0))
    assert found([(1000, 0), (1000.0000001, 0), (5, 5)], index) == {
        (0, "Z000", "inside"), (2, "Z000", "inside"),
    }  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_zones_that_share_out_the_ground_lose_no_point_and_count_none_twice(seed: int) -> None:
    rng = np.random.default_rng(seed)
    corners = rng.uniform(0, 5000, (30, 2)) + [700_000, 6_500_000]
    parts = shapely.get_parts(shapely.delaunay_triangles(shapely.multipoints(corners)))
    communes = layer(list(parts))
    inner = corners[rng.integers(0, 30, 40)] * 0.5 + corners[rng.integers(0, 30, 40)] * 0.5
    points = np.concatenate([corners, inner])  # corners, middles of edges and of nothing
    open_, shared = (build_index(zones_of(communes, 0.0, p)) for p in (False, True))
    held = hits(points[:, 0], points[:, 1], open_)
    once = hits(points[:, 0], points[:, 1], shared)
    hull = shapely.convex_hull(shapely.multipoints(corners))
    within = [n for n, p in enumerate(points) if shapely.contains_properly(hull, shapely.Point(p))]
    assert set(within) <= set(held.point.tolist())
    assert sorted(once.point.tolist()) == sorted(set(held.point.tolist()))
    firsts = {p: min(held.zone[held.point == p]) for p in held.point}
    assert dict(zip(once.point.tolist(), once.zone.tolist(), strict=True)) == firsts


def test_a_shared_border_counts_in_the_first_commune_by_code_in_sql_too(duck: DuckdbEngine) -> None:
    communes = layer(
        [shapely.box(100, 0, 200, 100), shapely.box(0, 0, 100, 100)], ["62001", "62002"]
    )
    points = [(100.0, 50.0), (50.0, 50.0), (100.0, 50.0), (101.0, 0.0)]
    index = build_index(zones_of(communes, 0.0, partition=True))
    wanted = {(0, "62001"), (1, "62002"), (2, "62001"), (3, "62001")}
    assert {hit[:2] for hit in found(points, index)} == wanted
    assert {hit[:2] for hit in by_sql(points, index, duck)} == wanted


# --- nothing, and nonsense ------------------------------------------------------------------------


def test_points_without_coordinates_are_told_and_far_ones_are_nowhere() -> None:
    index = build_index(zones_of(layer([SQUARE]), 300.0))
    x = np.array([np.nan, 500, np.nan, 1e300, -np.inf, 500, 48.85])
    y = np.array([500, np.nan, np.nan, 500, 500, 500, 2.35])
    answer = hits(x, y, index)
    assert answer.point.tolist() == [5, 6]
    assert answer.around.tolist() == [False, False]
    assert answer.unplaced == 4  # an infinite one too


def test_nothing_to_place_and_nothing_to_place_it_in(duck: DuckdbEngine) -> None:
    index = build_index(zones_of(layer([SQUARE]), 300.0))
    assert locate(NOTHING, NOTHING, index).height == 0
    assert hits(NOTHING, NOTHING, index).unplaced == 0
    empty = layer([shapely.Polygon(), shapely.MultiPolygon()])
    for zones in (layer([]), empty):
        none = build_index(zones_of(zones, 300.0))
        assert found([(0.0, 0.0), (-1.0, -1.0)], none) == set()
        assert by_sql([(0.0, 0.0)], none, duck) == set()
    beside = build_index(zones_of(layer([shapely.Polygon(), SQUARE]), 300.0))
    assert found([(500.0, 500.0)], beside) == {(0, "Z001", "inside")}


def test_what_cannot_be_indexed_is_refused() -> None:
    zones = layer([SQUARE])
    with pytest.raises(ValueError, match="power of two"):
        build_index(zones_of(zones, 300.0), 100.0)
    for width in (-1.0, np.nan, np.inf):
        with pytest.raises(ValueError, match="buffer"):
            zones_of(zones, width)
    with pytest.raises(ValueError, match="twice"):
        zones_of(layer([SQUARE, SQUARE], ["A", "A"]), 300.0)


# --- real perimeters ------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [64.0, 128.0, 512.0])
def test_real_perimeters_and_their_rings(real_data: Path, size: float) -> None:
    from terril.lib.problems import ProblemList
    from terril.territories.geometry import read_layer

    path = real_data / "qpv-2015" / "qpv2015_dep62_2154.gpkg"
    zones = read_layer(path, ProblemList(), nature="qpv", generation="2015", code_column="CODE_QP")
    assert zones is not None and len(zones) == 64
    rng = np.random.default_rng(5)
    corners = shapely.get_coordinates(zones.shapes)
    near = corners[rng.integers(0, len(corners), 4000)]
    points = np.concatenate([near[:2000], near[2000:] + rng.normal(0, 250, (2000, 2))])
    index = build_index(zones_of(zones, 300.0), size)
    frame = locate(points[:, 0], points[:, 1], index)
    tree = shapely.STRtree(zones.shapes)
    places = shapely.points(points)
    point, zone = tree.query(places, predicate="dwithin", distance=300.0)
    inside = shapely.covers(zones.shapes[zone], places[point])
    wanted = {
        (int(p), zones.codes[z], "inside" if i else "around")
        for p, z, i in zip(point, zone, inside, strict=True)
    }
    assert {(p, z, w) for p, z, w, _ in frame.rows()} == wanted
    assert len([w for w in wanted if w[0] < 2000 and w[2] == "inside"]) >= 2000
    by_code = dict(zip(zones.codes, zones.shapes, strict=True))
    exact = [
        shapely.distance(by_code[z], places[p]) for p, z in frame.select("point", "zone").rows()
    ]
    assert np.abs(frame["distance_m"].to_numpy() - np.array(exact)).max() < 1e-8
