"""Which sums do the rules forbid, all contributions known or only the largest?"""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from small_world import card, catalogue, qpv, retained, said, territories
from terril.catalogue.cards import Catalogue
from terril.catalogue.schema import Dominance, SecrecyRule
from terril.secrecy.dominance import CONTRIBUTIONS, around, disagreements, dominated
from terril.secrecy.protect import protect

CODE = "essai.montant_masse"


def cards(**rule: Any) -> Catalogue:
    held = SecrecyRule(label="essai", unit="établissements", note="essai", **rule)
    own = {CODE: card(secrecy="poids", nature="montant", aggregation="somme", decimals=0)}
    return catalogue(own, secrecy={"poids": held})


def given_as(
    named: list[float], rest: float = 0.0, count: int | None = None, place: int = 1
) -> pl.DataFrame:
    """The largest contributions, and what the others make together."""
    amounts = [*((str(n), amount) for n, amount in enumerate(named, 1)), ("", rest)]
    rows = [
        {"kind": "qpv", "territory": qpv(place), "indicator": CODE, "period": "2015",
         "breakdown": "total", "contributor": name, "amount": amount, "contributors": count}
        for name, amount in amounts if amount > 0
    ]  # fmt: skip
    return pl.DataFrame(rows, schema=CONTRIBUTIONS)


ONE = {"dominance": Dominance(largest=1, share=85)}
THREE = {"dominance": Dominance(largest=3, share=90)}

#: rule, contributions named, the others together, how many; is the sum forbidden?
SUMS: list[tuple[dict[str, Any], list[float], float, int | None, bool]] = [
    (ONE, [86.0], 14.0, None, True),
    (ONE, [84.0], 16.0, None, False),
    (ONE, [85.0], 15.0, None, False),
    # three largest: two are known, the third may be as large as the second, or as the rest
    (THREE, [50.0, 30.0], 20.0, None, True),
    (THREE, [50.0, 10.0], 40.0, None, False),
    (THREE, [50.0, 30.0, 5.0], 15.0, None, False),
    ({"p_percent": 10}, [50.0, 47.0], 3.0, None, True),
    ({"p_percent": 10}, [50.0, 44.0], 6.0, None, False),
    # too few, whatever their weights
    ({**ONE, "minimum": 3}, [50.0, 50.0], 0.0, 2, True),
    ({**ONE, "minimum": 3}, [50.0, 50.0], 0.0, None, True),
    ({**ONE, "minimum": 3}, [40.0, 30.0], 30.0, 5, False),
    ({**ONE, "minimum": 3}, [40.0, 30.0], 30.0, None, False),
]


@pytest.mark.parametrize(("rule", "named", "rest", "count", "forbidden"), SUMS)
def test_forbidden_sums(
    rule: dict[str, Any], named: list[float], rest: float, count: int | None, forbidden: bool
) -> None:
    own = cards(**rule)
    found = dominated(given_as(named, rest, count), own)
    assert found.height == forbidden
    total = sum(named) + rest
    if forbidden:
        row = found.row(0, named=True)
        assert row["wide_low"] < total < row["wide_high"] and row["why"].endswith(".")
        assert not any(f"{amount:g}" in row["why"].replace("85", "").replace("90", "")
                       for amount in (*named, total))  # fmt: skip
    rows = retained([said(qpv(1), CODE, total, decimals=0)])
    protected = protect(rows, own, territories(1), contributions=given_as(named, rest, count))
    assert (protected.frame["status"][0] == "secret") == forbidden
    assert protected.audit.resists


AMOUNTS = st.lists(st.integers(1, 1000).map(float), min_size=3, max_size=9)


@given(AMOUNTS, st.integers(1, 4), st.integers(50, 95))
@settings(max_examples=150, deadline=None)
def test_what_is_forbidden_with_all_known_is_with_some_only(
    amounts: list[float], size: int, share: int
) -> None:
    """Knowing fewer contributions never frees a sum; and the naive rule is that of the whole."""
    own = cards(dominance=Dominance(largest=size, share=share), p_percent=15)
    ordered = sorted(amounts, reverse=True)
    total = sum(ordered)
    naive = sum(ordered[:size]) > total * share / 100 + 1e-9 or (
        total - sum(ordered[:2]) < 0.15 * ordered[0] - 1e-9
    )
    assert bool(dominated(given_as(ordered), own).height) == naive
    for known in range(2, len(ordered)):
        some = given_as(ordered[:known], sum(ordered[known:]))
        # named as far as the rules look, the others together change nothing
        if known >= max(size, 2):
            assert bool(dominated(some, own).height) == naive
        if naive:
            assert dominated(some, own).height == 1
        whole = dominated(given_as(ordered), own)
        if dominated(some, own).height and whole.height:
            assert dominated(some, own)["wide_high"][0] >= whole["wide_high"][0] - 1e-6


@given(AMOUNTS, st.floats(0.5, 1.5))
@settings(max_examples=60, deadline=None)
def test_the_interval_is_around_the_figure_that_is_published(
    amounts: list[float], factor: float
) -> None:
    own = cards(dominance=Dominance(largest=1, share=20))
    over = dominated(given_as(sorted(amounts, reverse=True)), own)
    published = sum(amounts) * factor
    moved = around(over, retained([said(qpv(1), CODE, published)]))
    for row, before in zip(moved.iter_rows(named=True), over.iter_rows(named=True), strict=True):
        assert row["wide_low"] - 1e-9 <= published <= row["wide_high"] + 1e-9
        assert row["wide_high"] - row["wide_low"] >= before["wide_high"] - before["wide_low"] - 1e-6


def test_contributions_that_disagree_are_told_without_a_value() -> None:
    own = cards(**ONE)
    shares = pl.concat([given_as([90.0], 10.0), given_as([700.0], 77.0, place=2)])
    figures = retained([said(qpv(1), CODE, 164.0)])
    told = list(disagreements(shares, figures, own))
    assert [p.code for p in told] == ["contributions-contredites", "contributions-sans-chiffre"]
    assert qpv(1) in told[0].what and qpv(2) in told[1].what
    for problem in told:
        assert not any(v in problem.what for v in ("164", "100", "777", "700"))
    assert not list(
        disagreements(given_as([90.0], 10.0), retained([said(qpv(1), CODE, 100.2)]), own)
    )
