"""Do the polynomials put a point where PROJ puts it, and SQL where numpy does?"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from terril.places.engines.duckdb import DuckdbEngine
from terril.places.microdata_grid import TOLERANCE, box_in, carry, number
from terril.territories.geometry import reproject

#: grid of the file, grid of the outlines, box of the outlines, most terms that should be needed
PLACES = {
    "une agglomération, en degrés": (4326, 2154, (676000, 7020000, 700000, 7046000), 4),
    "la France, en degrés": (4326, 2154, (100000, 6050000, 1240000, 7110000), 9),
    "la France, en Lambert II étendu": (27572, 2154, (100000, 6050000, 1240000, 7110000), 10),
    "les Antilles": (4326, 5490, (480000, 1590000, 730000, 2000000), 6),
    "la Réunion": (4326, 2975, (314000, 7630000, 381000, 7700000), 5),
    "Mayotte, dans l’hémisphère sud": (4326, 4471, (500000, 8560000, 535000, 8605000), 5),
}


@pytest.mark.parametrize("name", PLACES)
def test_every_point_is_within_a_tenth_of_a_millimetre(name: str) -> None:
    source, target, box, terms = PLACES[name]
    way = carry(source, target, box)
    assert way is not None and 0 < way.error <= TOLERANCE and len(way.x) <= terms
    rng = np.random.default_rng(5)
    x = rng.uniform(way.box[0], way.box[2], 20_000)
    y = rng.uniform(way.box[1], way.box[3], 20_000)
    exact = reproject(np.column_stack((x, y)), source, target)
    got = np.column_stack(way.metres(x, y))
    assert np.hypot(*(got - exact).T).max() <= 1.2 * TOLERANCE


def test_the_box_of_the_file_holds_that_of_the_outlines() -> None:
    box = (676000.0, 7020000.0, 700000.0, 7046000.0)
    own = box_in(4326, 2154, box)
    assert own is not None
    corners = np.array([(x, y) for x in box[::2] for y in box[1::2]])
    around = reproject(corners, 2154, 4326)
    assert (around[:, 0] > own[0]).all() and (around[:, 0] < own[2]).all()
    assert (around[:, 1] > own[1]).all() and (around[:, 1] < own[3]).all()


def test_one_grid_needs_nothing() -> None:
    way = carry(2154, 2154, (0, 0, 1, 1))
    assert way is not None and way.same and way.error == 0
    x = np.array([0.25])
    assert way.metres(x, x)[0] is x


def test_a_place_out_of_reach_of_the_grid_is_refused() -> None:
    """The poles in Lambert-93, both sides of 180° in degrees."""
    assert carry(2154, 4326, (-180, -90, 180, 90)) is None


def test_an_unknown_grid_is_told_by_proj() -> None:
    with pytest.raises(Exception, match="EPSG"):
        carry(1999, 2154, (676000, 7020000, 700000, 7046000))


def test_sql_gives_the_very_doubles_of_numpy(tmp_path: Path) -> None:
    way = carry(4326, 2154, (100000, 6050000, 1240000, 7110000))
    assert way is not None
    rng = np.random.default_rng(9)
    x = rng.uniform(way.box[0], way.box[2], 5000)
    y = rng.uniform(way.box[1], way.box[3], 5000)
    east, north = way.metres(x, y)
    path = tmp_path / "points.parquet"
    pl.DataFrame({"x": x, "y": y, "east": east, "north": north}).write_parquet(path)
    u, v = way.unit_sql("x", "y")
    sx, sy = way.metres_sql("u", "v")
    with DuckdbEngine(threads=1) as engine:
        engine.read("points", [path])
        alike = engine.rows(
            f"SELECT COUNT(*) AS n, COUNT(CASE WHEN {sx} = east AND {sy} = north THEN 1 END) AS s"
            f" FROM (SELECT p.*, {u} AS u, {v} AS v FROM points p) q"
        )
    assert alike.rows() == [(5000, 5000)]


@pytest.mark.parametrize("value", [0.1, -1 / 3, 1e-300, 6842917.123456789, 2.0**53, 5e-324, 0.0])
def test_a_literal_is_the_double_itself(value: float) -> None:
    with DuckdbEngine(threads=1) as engine:
        found = engine.rows(f"SELECT {number(value)} AS a, typeof({number(value)}) AS b")
    assert found.rows() == [(value, "DOUBLE")]
