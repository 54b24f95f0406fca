"""Are the limits those of the distributions, whatever the size?"""

from __future__ import annotations

import math
from functools import partial
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from small_world import card, catalogue, count, qpv, retained, said, territories
from terril.benchmarks.funnel import FUNNEL, Position, funnel, law_of
from terril.benchmarks.limits import EXACT, Limits, Z, binomial, dispersion, poisson, widened
from terril.catalogue.load import load_catalogue

SIZE = st.integers(1, 250)
SHARE = st.floats(0.001, 0.999)
LEVEL = st.sampled_from(sorted(Z))


def one(law: Any, n: float, parameter: float, level: float) -> tuple[float, float, bool]:
    found = law(np.array([float(n)]), np.array([parameter]), level)
    return float(found.low[0]), float(found.high[0]), bool(found.exact[0])


def naive(mass: Any, last: int, tail: float) -> tuple[int, int]:
    """Add up the distribution from both ends."""
    masses = [mass(k) for k in range(last + 1)]
    low = next(x for x in range(last + 1) if sum(masses[: x + 1]) > tail)
    high = next(x for x in range(last, -1, -1) if sum(masses[x:]) > tail)
    return low, high


def binomial_mass(n: int, p: float, k: int) -> float:
    return math.comb(n, k) * p**k * (1 - p) ** (n - k)


def poisson_mass(expected: float, k: int) -> float:
    return math.exp(k * math.log(expected) - expected - math.lgamma(k + 1))


@given(SIZE, SHARE, LEVEL)
@settings(max_examples=150, deadline=None)
def test_exact_shares_are_those_of_the_binomial_law(n: int, p: float, level: float) -> None:
    low, high, exact = one(binomial, n, p, level)
    assume(exact)
    tail = (1 - level) / 2
    expected = naive(partial(binomial_mass, n, p), n, tail)
    edges = [sum(binomial_mass(n, p, k) for k in range(x + 1)) for x in (*expected, expected[0] - 1,
             expected[1] - 1)]  # fmt: skip
    assume(all(min(abs(e - tail), abs(e - 1 + tail)) > 1e-12 for e in edges))
    assert (math.ceil(low * n - 1e-9), math.floor(high * n + 1e-9)) == expected


@given(st.floats(0.05, 90.0), LEVEL)
@settings(max_examples=60, deadline=None)
def test_exact_rates_are_those_of_the_poisson_law(expected: float, level: float) -> None:
    low, high, exact = one(poisson, 1000, expected / 1000, level)
    assert exact
    assert (math.ceil(low * 1000 - 1e-9), math.floor(high * 1000 + 1e-9)) == naive(
        partial(poisson_mass, expected), 400, (1 - level) / 2
    )


LAWS = st.sampled_from([binomial, poisson])


@given(LAWS, st.integers(1, 100_000), SHARE, LEVEL)
@settings(max_examples=200, deadline=None)
def test_limits_hold_the_expected_value(law: Any, n: int, p: float, level: float) -> None:
    low, high, _ = one(law, n, p, level)
    assert 0 <= low <= p + 1e-12 and p - 1e-12 <= high
    assert law is poisson or high <= 1


@given(LAWS, st.integers(1, 20_000), SHARE, LEVEL)
@settings(max_examples=200, deadline=None)
def test_limits_narrow_as_the_neighbourhood_grows(law: Any, n: int, p: float, level: float) -> None:
    """Counts are whole: with a handful of people the limits move by a step of one count."""
    small, large = one(law, n, p, level), one(law, 4 * n, p, level)
    few = n * min(p, 1 - p) < 5
    assert large[1] - large[0] <= small[1] - small[0] + (2 / (4 * n) if few else 1e-12)
    if not small[2]:
        assert large[1] - large[0] == pytest.approx((small[1] - small[0]) / 2, rel=1e-6) or (
            small[0] == 0 or small[1] == 1
        )


@given(LAWS, st.integers(1, 50_000), SHARE)
@settings(deadline=None)
def test_the_outer_limits_are_outside_the_inner_ones(law: Any, n: int, p: float) -> None:
    inner, outer = (one(law, n, p, level) for level in (0.95, 0.998))
    assert outer[0] <= inner[0] and inner[1] <= outer[1]


@given(SIZE, SHARE, LEVEL)
@settings(deadline=None)
def test_a_share_and_its_complement_have_mirrored_limits(n: int, p: float, level: float) -> None:
    low, high, _ = one(binomial, n, p, level)
    other = one(binomial, n, 1 - p, level)
    assert (1 - other[1], 1 - other[0]) == pytest.approx((low, high), abs=1.5 / n)
    if abs(p - 0.5) > 1e-9:
        tail = (1 - level) / 2
        at = [sum(binomial_mass(n, p, k) for k in range(x + 1)) for x in range(n + 1)]
        if all(abs(a - tail) > 1e-9 and abs(a - 1 + tail) > 1e-9 for a in at):
            assert (1 - other[1], 1 - other[0]) == pytest.approx((low, high), abs=1e-9)


@given(st.integers(500, 50_000), st.floats(0.25, 0.75), st.floats(-4, 4))
@settings(deadline=None)
def test_beyond_the_score_limits_wilson_leaves_the_expected_value_out(
    n: int, p: float, distance: float
) -> None:
    own = min(max(p + distance * math.sqrt(p * (1 - p) / n), 0.0), 1.0)
    low, high, exact = one(binomial, n, p, 0.95)
    assume(not exact and min(abs(own - low), abs(own - high)) > 1e-9)
    z = Z[0.95]
    centre = (own + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(own * (1 - own) / n + z * z / (4 * n * n))
    assert (low <= own <= high) == (centre - half <= p <= centre + half)


def test_where_exactness_ends_the_two_ways_agree() -> None:
    """Around 100 expected: within a twentieth of a standard deviation, and the step of a count."""
    for p in (0.05, 0.2, 0.5):
        n = math.floor(EXACT / p)
        spread = math.sqrt(p * (1 - p) / n)
        for level, slack in ((0.95, 0.06), (0.998, 0.16)):
            exact = one(binomial, n - 1, p, level)
            score = one(binomial, n + 1, p, level)
            assert exact[2] and not score[2]
            for a, b in zip(exact[:2], score[:2], strict=True):
                assert abs(a - b) <= slack * spread + 1.0 / n


def test_widened_limits_keep_their_centre() -> None:
    base = Limits(np.array([0.1]), np.array([0.4]), np.array([True]))
    found = widened(base, np.array([0.2]), np.array([4.0]), 1.0)
    assert (found.low[0], found.high[0]) == pytest.approx((0.0, 0.6))
    same = widened(base, np.array([0.2]), np.array([0.5]), 1.0)
    assert (same.low[0], same.high[0]) == (0.1, 0.4)


# ------------------------------------------------------------------ the frame


def own_cards() -> Any:
    return catalogue(
        {
            "essai.part": card(
                weight="essai.nb",
                formula={"form": "ratio", "terms": ["essai.nb_concernes", "essai.nb"]},
            ),
            "essai.taux": card(weight="essai.nb", unit="pour_1000"),
            "essai.nb_concernes": count(),
            "essai.nb": count(),
        }
    )


GROUPS = st.lists(st.tuples(st.integers(1, 3000), st.floats(0, 1)), min_size=3, max_size=12)


@given(GROUPS)
@settings(max_examples=60, deadline=None)
def test_the_frame_is_what_a_loop_would_give(group: list[tuple[int, float]]) -> None:
    counts = [(round(n * part), n) for n, part in group]
    rows = []
    for number, (above, below) in enumerate(counts, 1):
        rows += [
            said(qpv(number), "essai.nb_concernes", float(above)),
            said(qpv(number), "essai.nb", float(below)),
            said(qpv(number), "essai.part", 100 * above / below),
        ]
    cards = own_cards()
    found = funnel(retained(rows), territories(len(counts)), cards)
    assert found.columns == list(FUNNEL)
    found = found.filter(pl.col("indicator") == "essai.part").sort("territory")
    pooled = sum(a for a, _ in counts) / sum(n for _, n in counts)
    scores = [
        (a / n - pooled) / math.sqrt(pooled * (1 - pooled) / n) if 0 < pooled < 1 else 0.0
        for a, n in counts
    ]
    phi = dispersion(np.array(scores), cards.number("entonnoir_winsorisation"))
    wide = phi > 1 + 2 * math.sqrt(2 / len(counts))
    for row, (above, below) in zip(found.iter_rows(named=True), counts, strict=True):
        assert row["expected"] == pytest.approx(100 * pooled)
        assert row["phi"] == pytest.approx(max(phi, 1.0))
        assert row["dispersed"] == wide
        place = Position.ATTENDU.value
        for level, word in ((0.95, Position.AU_DELA_95), (0.998, Position.AU_DELA_998)):
            low, high, _ = one(binomial, below, pooled, level)
            if above / below < low - 1e-9 or above / below > high + 1e-9:
                place = word.value
        assert row["chance"] == place
        for low_name, high_name in (("low95", "high95"), ("low998", "high998")):
            assert (
                row[low_name] <= row["expected"] + 1e-9 and row["expected"] <= row[high_name] + 1e-9
            )
        outside = not row["low95"] - 1e-6 <= row["value"] <= row["high95"] + 1e-6
        assert outside == (row["position"] != Position.ATTENDU.value)
        assert (row["judgement"] == "") == (row["position"] == Position.ATTENDU.value)


def test_a_rate_per_thousand_follows_poisson() -> None:
    rows = []
    for number, (size, value) in enumerate([(1000.0, 5.0), (2000.0, 6.0), (100.0, 40.0)], 1):
        rows += [said(qpv(number), "essai.nb", size), said(qpv(number), "essai.taux", value)]
    found = funnel(retained(rows), territories(3), own_cards(), overdispersion=False)
    taux = found.filter(pl.col("indicator") == "essai.taux")
    assert set(taux["law"]) == {"poisson"} and set(taux["basis"]) == {"part"}
    assert taux["numerator"].to_list() == pytest.approx([5.0, 12.0, 4.0])
    assert taux["expected"].to_list() == pytest.approx([1000 * 21 / 3100] * 3)
    assert taux["position"].to_list() == ["attendu", "attendu", "au_dela_95"]


def test_a_weight_of_another_period_is_told() -> None:
    rows = []
    for number in (1, 2, 3):
        rows += [
            said(qpv(number), "essai.taux", 5.0, period="2018"),
            said(qpv(number), "essai.nb", 900.0, period="2010"),
            said(qpv(number), "essai.nb", 1000.0, period="2013"),
        ]
    found = funnel(retained(rows), territories(3), own_cards())
    taux = found.filter(pl.col("indicator") == "essai.taux")
    assert set(taux["denominator_period"]) == {"2013"} and set(taux["denominator"]) == {1000.0}


def test_two_neighbourhoods_have_no_funnel() -> None:
    rows = []
    for number in (1, 2):
        rows += [said(qpv(number), "essai.nb", 100.0), said(qpv(number), "essai.taux", 5.0)]
    assert funnel(retained(rows), territories(2), own_cards()).is_empty()


def test_the_law_is_that_of_the_card() -> None:
    own = load_catalogue()
    laws = {code: law_of(card_, own) for code, card_ in own.indicators.items()}
    assert laws["demographie.part_rsa_caf"] == "binomiale"
    assert laws["economie.taux_creation"] == "poisson"
    assert laws["economie.densite_etablissements_1000"] == "poisson"
    for code in ("revenus.revenu_median_uc", "demographie.population", "habitat.indice_fragilite",
                 "emploi.evolution_defm_abc", "revenus.rapport_interdecile"):  # fmt: skip
        assert laws[code] is None, code
