"""A file beside its place is found, with its shift and its cause; a right one is not accused."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest
import shapely

from outline_files import SOUTH, WEST
from terril.lib.problems import ProblemList
from terril.territories.geometry import Layer, as_shapes, read_layer, reproject
from terril.territories.geometry_shift import (
    ALIGNED,
    SHIFTED,
    UNKNOWN,
    find_shift,
    known_causes,
)

TRAP = "qpv-2015/PIEGE_qpv2015_lens_lievin_wgs84_decale_52m.geojson"
RIGHT = "qpv-2015/qpv2015_lens_lievin_21_4326.geojson"
DEPARTMENT = "qpv-2015/qpv2015_dep62_2154.gpkg"
LATER = "qpv-2024/qpv2024_lens_lievin_21_4326.geojson"
SIMPLE = "communes-62/communes-62-pas-de-calais.geojson"
FINE = "bassin-minier/communes-mbm.geojson"


def layer_of(shapes: list[shapely.Polygon], nature: str = "qpv", crs: int = 2154) -> Layer:
    codes = tuple(f"{i:05}" for i in range(len(shapes)))
    return Layer(nature, "", crs, codes, codes, as_shapes(shapes), pl.DataFrame())


def moved(layer: Layer, east: float, north: float) -> Layer:
    shift = np.array([east, north])
    return replace(layer, shapes=as_shapes(shapely.transform(layer.shapes, lambda xy: xy + shift)))


def ragged(seed: int, count: int = 5, size: float = 1500.0) -> tuple[Layer, Layer]:
    """Communes that share ragged borders, and neighbourhoods with some sides along them."""
    rng = np.random.default_rng(seed)
    corners = np.stack(
        np.meshgrid(np.arange(count + 1), np.arange(count + 1), indexing="ij"), axis=-1
    ) * size + rng.uniform(-0.25 * size, 0.25 * size, (count + 1, count + 1, 2))
    corners += np.array([WEST, SOUTH])

    def side(a: np.ndarray, b: np.ndarray, key: int) -> list[np.ndarray]:
        own = np.random.default_rng(key)
        along = np.linspace(0, 1, 9)[:-1]
        across = np.concatenate(([0.0], own.uniform(-60, 60, 7)))
        turn = np.array([a[1] - b[1], b[0] - a[0]]) / max(math.dist(a, b), 1)
        return [a + t * (b - a) + d * turn for t, d in zip(along, across, strict=True)]

    communes, parts = [], []
    for i in range(count):
        for j in range(count):
            south = side(corners[i, j], corners[i + 1, j], 1000 + 10 * i + j)
            east = side(corners[i + 1, j], corners[i + 1, j + 1], 2000 + 10 * (i + 1) + j)
            north = side(corners[i, j + 1], corners[i + 1, j + 1], 1000 + 10 * i + j + 1)
            west = side(corners[i, j], corners[i, j + 1], 2000 + 10 * i + j)
            ring = [
                *south,
                *east,
                corners[i + 1, j + 1],
                *north[:0:-1],
                corners[i, j + 1],
                *west[:0:-1],
            ]
            whole = shapely.Polygon(ring)
            communes.append(whole)
            if (i + j) % 2 == 0:
                middle = np.array(whole.centroid.coords[0]) + rng.uniform(-600, 600, 2)
                spot = shapely.Point(middle).buffer(rng.uniform(250, 500), quad_segs=3)
                # a town hall draws its own sides, and stops at the edge of the commune
                cut = shapely.intersection(spot, whole)
                parts += [p for p in shapely.get_parts(cut) if p.area > 1e4]
    return layer_of(parts), layer_of(communes, "commune")


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_right_files_are_not_accused(seed: int) -> None:
    qpv, communes = ragged(seed)
    found = find_shift(qpv, communes)
    assert found.verdict == ALIGNED
    assert found.metres < 8
    assert found.cause is None


@pytest.mark.parametrize(
    ("east", "north", "towards"),
    [(100, 0, "l’est"), (-40, 30, "le nord-ouest"), (0, -150, "le sud"), (60, 80, "le nord-est")],
)
def test_a_shift_is_measured(east: float, north: float, towards: str) -> None:
    qpv, communes = ragged(4)
    found = find_shift(moved(qpv, east, north), communes)
    assert found.verdict == SHIFTED
    assert math.dist((found.east, found.north), (east, north)) < 8
    assert found.towards == towards
    assert found.clear > 6 > found.clear_here


def test_it_does_not_matter_which_of_the_two_is_moved() -> None:
    qpv, communes = ragged(5)
    one = find_shift(moved(qpv, 80, -20), communes)
    other = find_shift(qpv, moved(communes, -80, 20))
    assert (one.east, one.north) == (other.east, other.north)


def test_a_forgotten_datum_is_named_and_so_is_the_file_it_spoilt() -> None:
    qpv, communes = ragged(6)
    ntf = next(c for c in known_causes(qpv) if c.label == "NTF")
    assert (ntf.east, ntf.north) == pytest.approx((52, 8), abs=1.5)  # north of France
    assert ntf.origin == 27572
    found = find_shift(moved(qpv, ntf.east, ntf.north), communes)
    assert found.verdict == SHIFTED and found.cause is not None
    assert found.cause.label == "NTF" and not found.cause.of_reference
    spoilt = find_shift(qpv, moved(communes, ntf.east, ntf.north))
    assert spoilt.cause is not None and spoilt.cause.of_reference


def test_a_datum_farther_than_the_search_is_found() -> None:
    qpv, communes = ragged(7)
    middle = np.array([[55.5, -21.1]])
    x, y = reproject(middle, 4326, 2975)[0] - np.array([WEST, SOUTH])
    qpv = replace(moved(qpv, x, y), crs=2975)
    communes = replace(moved(communes, x, y), crs=2975)
    cause = next(c for c in known_causes(qpv) if c.label == "Réunion 1947")
    assert math.hypot(cause.east, cause.north) > 300
    found = find_shift(moved(qpv, cause.east, cause.north), communes)
    assert found.verdict == SHIFTED
    assert found.cause is not None and found.cause.label == "Réunion 1947"


def test_without_shared_borders_nothing_is_claimed() -> None:
    _, communes = ragged(8)
    rng = np.random.default_rng(8)
    spots = [
        shapely.Point(WEST + x, SOUTH + y).buffer(200, quad_segs=8)
        for x, y in rng.uniform(500, 7000, (12, 2))
    ]
    assert find_shift(layer_of(spots), communes).verdict == UNKNOWN
    far = moved(layer_of(spots), 90_000, 0)
    assert find_shift(far, communes).verdict == UNKNOWN
    assert find_shift(layer_of([]), communes).verdict == UNKNOWN


def test_two_grids_are_refused() -> None:
    qpv, communes = ragged(9, count=2)
    with pytest.raises(ValueError, match="two grids"):
        find_shift(replace(qpv, crs=2975), communes)


# ------------------------------------------------------------------ the producers' files


def real(folder: Path, name: str, nature: str) -> Layer:
    layer = read_layer(folder / name, ProblemList(), nature=nature)
    assert layer is not None
    return layer


@pytest.mark.parametrize("reference", [SIMPLE, FINE])
def test_the_trap_is_found_from_the_communes_alone(real_data: Path, reference: str) -> None:
    found = find_shift(real(real_data, TRAP, "qpv"), real(real_data, reference, "commune"))
    assert found.verdict == SHIFTED
    assert found.metres == pytest.approx(52.4, abs=1)
    assert found.towards == "l’est"
    assert found.cause is not None and found.cause.label == "NTF"


@pytest.mark.parametrize("reference", [SIMPLE, FINE])
@pytest.mark.parametrize("name", [RIGHT, DEPARTMENT, LATER])
def test_right_real_files_are_not_accused(real_data: Path, name: str, reference: str) -> None:
    found = find_shift(real(real_data, name, "qpv"), real(real_data, reference, "commune"))
    assert found.verdict == ALIGNED


def test_communes_simplified_at_fifty_metres_are_enough(real_data: Path) -> None:
    fine = real(real_data, FINE, "commune")
    coarse = replace(fine, shapes=as_shapes(shapely.simplify(fine.shapes, 50)))
    assert find_shift(real(real_data, RIGHT, "qpv"), coarse).verdict == ALIGNED
    found = find_shift(real(real_data, TRAP, "qpv"), coarse)
    assert found.verdict == SHIFTED and found.metres == pytest.approx(52.4, abs=1)


def test_generations_compare_with_each_other(real_data: Path) -> None:
    later = real(real_data, LATER, "qpv")
    assert find_shift(real(real_data, RIGHT, "qpv"), later).verdict == ALIGNED
    found = find_shift(real(real_data, TRAP, "qpv"), later)
    assert found.verdict == SHIFTED and found.metres == pytest.approx(52.4, abs=1)


@pytest.mark.long
def test_random_draws_raise_no_false_alarm(real_data: Path) -> None:
    """The claim of the card « perimetre_decalage_nettete »."""
    department = real(real_data, DEPARTMENT, "qpv")
    rng = np.random.default_rng(3)
    for name in (SIMPLE, FINE):
        communes = real(real_data, name, "commune")
        measured = 0
        for _ in range(15):
            codes = rng.choice(department.codes, int(rng.integers(4, 30)), replace=False)
            draw = department.pick(codes)
            assert find_shift(draw, communes).verdict != SHIFTED
            turn, length = rng.uniform(0, 2 * math.pi), rng.uniform(40, 150)
            east, north = length * math.cos(turn), length * math.sin(turn)
            found = find_shift(moved(draw, east, north), communes)
            assert found.verdict != ALIGNED
            if found.verdict == SHIFTED:
                measured += 1
                assert math.dist((found.east, found.north), (east, north)) < 25
        assert measured >= 6
