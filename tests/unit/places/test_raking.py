"""Do the factors meet every total, and say when they cannot?"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from terril.places.raking import Margin, rake

CROSS = st.lists(st.lists(st.floats(0.5, 500), min_size=3, max_size=3), min_size=2, max_size=5).map(
    np.array
)


@given(CROSS, st.lists(st.floats(0.3, 3), min_size=5, max_size=5))
@settings(max_examples=60, deadline=None)
def test_two_sets_of_totals_are_met_and_odds_kept(table: np.ndarray, by: list[float]) -> None:
    rows, columns = table.shape
    wanted = table * np.array(by[:rows])[:, None]
    wanted *= np.linspace(0.7, 1.6, columns)
    margins = [
        Margin(np.repeat(np.arange(rows), columns), wanted.sum(axis=1)),
        Margin(np.tile(np.arange(columns), rows), wanted.sum(axis=0)),
    ]
    found = rake(table.ravel(), margins)
    assert found.gap < 1e-4
    raked = (table.ravel() * found.factors).reshape(table.shape)
    assert raked.sum(axis=1) == pytest.approx(wanted.sum(axis=1), rel=1e-4)
    assert raked.sum(axis=0) == pytest.approx(wanted.sum(axis=0), rel=1e-4)
    odds = table[0, 0] * table[1, 1] / (table[0, 1] * table[1, 0])
    assert raked[0, 0] * raked[1, 1] / (raked[0, 1] * raked[1, 0]) == pytest.approx(odds, rel=1e-6)


def test_what_belongs_to_no_total_or_to_an_unknown_one_is_left_alone() -> None:
    margin = Margin(np.array([0, 0, 1, -1]), np.array([30.0, np.nan]))
    found = rake(np.array([10.0, 5.0, 7.0, 9.0]), [margin])
    assert found.factors.tolist() == [2.0, 2.0, 1.0, 1.0]


def test_a_total_without_anybody_cannot_be_met() -> None:
    found = rake(np.array([0.0, 4.0]), [Margin(np.array([0, 1]), np.array([12.0, 8.0]))])
    assert found.gap == pytest.approx(1.0)
    assert found.factors.tolist() == [1.0, 2.0]


def test_a_total_of_nobody_empties_its_parts() -> None:
    found = rake(np.array([3.0, 4.0]), [Margin(np.array([0, 1]), np.array([0.0, 8.0]))])
    assert found.factors.tolist() == [0.0, 2.0]
    assert found.gap < 1e-4


def test_no_margin_changes_nothing() -> None:
    assert rake(np.array([3.0]), []).factors.tolist() == [1.0]
