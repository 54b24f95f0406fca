"""Is a trend tested as the long way would, and does it hang on nothing but the order?"""

from __future__ import annotations

import itertools
import math
from collections import Counter

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from small_world import card, catalogue, qpv, retained, said
from terril.indicators import mann_kendall
from terril.indicators.trends import TRENDS, comparable, measure, trends


def naive_p(values: list[float]) -> float:
    """Try every order of the values."""
    seen = abs(mann_kendall.statistic(values))
    orders = list(itertools.permutations(values))
    return sum(abs(mann_kendall.statistic(order)) >= seen for order in orders) / len(orders)


@given(st.lists(st.integers(0, 4), min_size=2, max_size=7))
@settings(max_examples=60, deadline=None)
def test_the_exact_probability_is_that_of_all_the_orders(values: list[int]) -> None:
    row = [float(v) for v in values]
    found = mann_kendall.p_value(len(row), list(Counter(row).values()), mann_kendall.statistic(row))
    assert found == pytest.approx(naive_p(row))


@pytest.mark.parametrize(
    ("points", "s", "p"),
    # Kendall's table (1975): n = 8, S = 16 one-sided 0.031; n = 10, S = 23 one-sided 0.023
    [(4, 6, 1 / 12), (5, 10, 1 / 60), (5, 8, 5 / 60), (8, 16, 2 * 0.0305556), (10, 23, 2 * 0.0233)],
)
def test_published_probabilities(points: int, s: int, p: float) -> None:
    assert mann_kendall.p_value(points, [], s) == pytest.approx(p, abs=1e-4)


def test_the_normal_approximation_takes_over_without_a_step() -> None:
    exact = mann_kendall.p_value(mann_kendall.EXACT, [3, 2], 150)
    near = mann_kendall._approximate(mann_kendall.EXACT, (2, 3), 150)
    assert exact == pytest.approx(near, rel=0.02)
    after = mann_kendall.p_value(mann_kendall.EXACT + 1, [3, 2], 150)
    assert after == pytest.approx(exact, rel=0.2)


def test_what_cannot_be_is_refused() -> None:
    with pytest.raises(ValueError):
        mann_kendall.p_value(4, [], 7)
    with pytest.raises(ValueError):
        mann_kendall.p_value(4, [3, 3], 0)
    with pytest.raises(ValueError):
        trends(retained([]), catalogue({"essai.part": card()}), points=2)


def naive_slope(values: list[float | None], years: list[float]) -> float | None:
    slopes = [
        (b - a) / (v - u)
        for (a, u), (b, v) in itertools.combinations(zip(values, years, strict=True), 2)
        if a is not None and b is not None
    ]
    return float(np.median(slopes)) if slopes else None


ROWS = st.lists(
    st.lists(st.none() | st.integers(-3, 3), min_size=7, max_size=7), min_size=1, max_size=12
)


@given(ROWS)
@settings(max_examples=60, deadline=None)
def test_the_columns_give_what_a_loop_over_the_series_gives(rows: list[list[int | None]]) -> None:
    years = [2001.0, 2002.0, 2004.0, 2005.0, 2009.0, 2010.0, 2011.5]
    values = np.array([[math.nan if v is None else float(v) for v in row] for row in rows])
    s, p, slope = measure(values, np.array(years), 5)
    for index, row in enumerate(rows):
        known = [float(v) for v in row if v is not None]
        assert s[index] == mann_kendall.statistic(known)
        if len(known) < 5:
            assert math.isnan(p[index])
        else:
            ties = list(Counter(known).values())
            assert p[index] == pytest.approx(mann_kendall.p_value(len(known), ties, int(s[index])))
        expected = naive_slope([None if v is None else float(v) for v in row], years)
        assert (expected is None and math.isnan(slope[index])) or slope[index] == pytest.approx(
            expected
        )


SERIES = st.lists(st.integers(-50, 50), min_size=5, max_size=9)
MONOTONE = {
    "double": lambda v: 2 * v + 3,
    "cube": lambda v: v**3,
    "exponential": lambda v: math.exp(v / 20),
    "arctangent": math.atan,
}


@given(SERIES, st.sampled_from(sorted(MONOTONE)))
@settings(max_examples=60, deadline=None)
def test_a_trend_is_the_same_after_any_increasing_change_of_scale(
    values: list[int], way: str
) -> None:
    cards = catalogue({"essai.part": card(source="asp")})
    change = MONOTONE[way]

    def rows(transformed: bool) -> pl.DataFrame:
        return retained(
            said(
                qpv(1),
                "essai.part",
                float(change(v)) if transformed else float(v),
                period=str(2000 + n),
                source="asp",
            )
            for n, v in enumerate(values)
        )

    plain, other = (trends(rows(t), cards).row(0, named=True) for t in (False, True))
    for name in ("result", "s", "p_value", "points", "judgement"):
        assert plain[name] == other[name]


@given(SERIES)
@settings(max_examples=40, deadline=None)
def test_upside_down_a_rise_is_a_fall(values: list[int]) -> None:
    cards = catalogue({"essai.part": card(source="asp")})
    found = [
        trends(
            retained(
                said(qpv(1), "essai.part", sign * float(v), period=str(2000 + n), source="asp")
                for n, v in enumerate(values)
            ),
            cards,
        ).row(0, named=True)
        for sign in (1, -1)
    ]
    swap = {"hausse": "baisse", "baisse": "hausse", "stable": "stable"}
    assert found[1]["result"] == swap[found[0]["result"]]
    assert found[1]["s"] == -found[0]["s"]
    assert found[1]["slope"] == pytest.approx(-found[0]["slope"])


@given(
    st.lists(st.booleans(), min_size=6, max_size=6),
    st.lists(st.lists(st.booleans(), min_size=6, max_size=6), min_size=6, max_size=6),
)
def test_no_two_points_kept_next_to_one_another_are_blocked(
    known: list[bool], blocked: list[list[bool]]
) -> None:
    kept = comparable(np.array([known]), blocked)[0]
    chosen = [i for i in range(6) if kept[i]]
    assert all(known[i] for i in chosen)
    assert all(not blocked[a][b] for a, b in itertools.pairwise(chosen))
    if any(known):
        assert chosen[-1] == max(i for i in range(6) if known[i]), "the latest point is kept"
    for i in range(6):  # what is left out would have been blocked against the next one kept
        later = [j for j in chosen if j > i]
        if known[i] and i not in chosen:
            assert later and blocked[i][later[0]]


def test_the_points_are_those_of_the_source_of_the_latest_figure() -> None:
    cards = catalogue({"essai.part": card(source="asp")})
    rows = [
        said(qpv(1), "essai.part", float(n), period=str(2000 + n), source="caf" if n < 6 else "asp")
        for n in range(12)
    ]
    found = trends(retained(rows), cards)
    assert found.columns == list(TRENDS)
    row = found.row(0, named=True)
    assert (row["source"], row["points"], row["first"], row["last"]) == ("asp", 6, "2006", "2011")
    assert row["slope"] == pytest.approx(1.0, abs=0.01)


def test_alpha_and_points_are_declared_and_may_be_given() -> None:
    cards = catalogue({"essai.part": card(source="asp")})
    rows = retained(
        said(qpv(1), "essai.part", float(v), period=str(2000 + n), source="asp")
        for n, v in enumerate([1, 2, 3, 5, 4])
    )
    assert trends(rows, cards)["result"].item() == "stable"
    assert trends(rows, cards, alpha=0.1)["result"].item() == "hausse"
    assert trends(rows, cards, points=6)["reason"].item() == "5 points comparables, il en faut 6"


def test_secret_undated_and_other_kinds_are_no_points() -> None:
    cards = catalogue({"essai.part": card(source="asp")})
    rows = [
        said(qpv(1), "essai.part", float(n), period=str(2000 + n), source="asp") for n in range(4)
    ]
    rows += [
        said(qpv(1), "essai.part", None, period="2010", status="secret", source="asp"),
        said(qpv(1), "essai.part", 9.0, period="", source="asp"),
        said("62001", "essai.part", 9.0, kind="commune", period="2011", source="asp"),
    ]
    found = trends(retained(rows), cards)
    assert found.height == 1
    assert found.row(0, named=True)["points"] == 4
    assert trends(retained(rows), cards, kinds=("commune",))["territory"].to_list() == ["62001"]
