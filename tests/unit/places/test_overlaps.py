"""Are both generations measured by people where the grid reaches, by surface elsewhere?"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from grid_world import SIZE, grid, rectangles

from terril.catalogue.load import load_catalogue
from terril.lib.problems import ProblemList
from terril.places.overlaps import by_people, measured_correspondence
from terril.territories.correspondence import CORRESPONDENCE

CATALOGUE = load_catalogue()


def test_fields_have_nobody() -> None:
    """Half of the new perimeter is a field: by surface half of it is new, by people nothing."""
    people = np.zeros((10, 10))
    people[2:4, 2:4] = 100
    old = rectangles({"QP000001": (400, 400, 800, 800)})
    new = rectangles({"QN00001M": (400, 400, 1200, 800)})
    surface = measured_correspondence(old, new, None, None, CATALOGUE, ProblemList())
    assert surface.select("share_old", "share_new", "basis").row(0) == (1.0, 0.5, "surface")
    found = measured_correspondence(old, new, grid(people), None, CATALOGUE, ProblemList())
    assert found.select("share_old", "share_new", "basis").row(0) == (1.0, 1.0, "population")
    assert found.select("share_low", "share_high", "error").row(0) == (1.0, 1.0, 0.0)


def test_a_neighbourhood_cut_in_two_shares_its_people() -> None:
    people = np.zeros((10, 10))
    people[2, 2:6] = [100, 50, 30, 20]
    old = rectangles({"QP000001": (400, 400, 1200, 600)})
    new = rectangles({"QN00001M": (400, 400, 700, 600), "QN00002M": (700, 400, 1200, 600)})
    found = by_people(old, new, grid(people), CATALOGUE)
    shares = dict(found.select("new", "share_old").iter_rows())
    assert shares == {"QN00001M": pytest.approx(0.625), "QN00002M": pytest.approx(0.375)}
    bounds = {new: (low, high) for new, low, high in
              found.select("new", "share_low", "share_high").iter_rows()}  # fmt: skip
    assert bounds["QN00001M"] == (pytest.approx(0.5), pytest.approx(0.75))


def test_what_the_grid_does_not_reach_stays_by_surface_and_nobody_is_lost() -> None:
    people = np.full((6, 6), 40.0)
    old = rectangles(
        {"QP000001": (200, 200, 600, 600), "QP000002": (1000, 200, 1800, 600),
         "QP000003": (200, 700, 500, 1000)}
    )  # fmt: skip
    new = rectangles(
        {"QN00001M": (200, 200, 700, 600), "QN00002M": (1000, 200, 1900, 600),
         "QN00009N": (3000, 0, 3500, 400)}
    )  # fmt: skip
    found = measured_correspondence(old, new, grid(people), None, CATALOGUE, ProblemList())
    assert found.columns == list(CORRESPONDENCE)
    rows = {(o, n): (b, s) for o, n, b, s in found.select("old", "new", "basis", "status").rows()}
    assert rows[("QP000001", "QN00001M")] == ("population", "")
    assert rows[("QP000002", "QN00002M")] == ("surface", "")
    assert rows[("QP000003", None)][1] == "sorti"
    assert rows[(None, "QN00009N")][1] == "nouveau"
    assert len(rows) == 4


def test_two_projections_are_told() -> None:
    old = rectangles({"QP000001": (0, 0, 400, 400)})
    new = replace(rectangles({"QN00001M": (0, 0, 400, 400)}), crs=2975)
    problems = ProblemList()
    found = measured_correspondence(old, new, None, None, CATALOGUE, problems)
    assert found.is_empty() and found.schema == pl.Schema(CORRESPONDENCE)
    assert [p.code for p in problems] == ["generations-eloignees"]


def test_no_perimeter_gives_nothing() -> None:
    empty = rectangles({})
    new = rectangles({"QN00001N": (0, 0, 400, 400)})
    town = grid(np.full((6, 6), 40.0))
    found = measured_correspondence(empty, new, town, None, CATALOGUE, ProblemList())
    assert found.select("old", "new", "status").rows() == [(None, "QN00001N", "nouveau")]
    assert SIZE == 200
