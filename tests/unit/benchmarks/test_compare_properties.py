"""What must be true of any comparison, whatever the figures."""

from __future__ import annotations

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from small_world import (
    EPCI,
    POPULATION,
    card,
    catalogue,
    count,
    qpv,
    retained,
    said,
    territories,
    values_of,
)
from terril.benchmarks.compare import compare
from terril.catalogue.cards import Catalogue
from terril.lib.french import nombre
from terril.observations.rounding import printed

numbers = st.floats(-1000, 1000, allow_nan=False).map(lambda v: round(v, 3))
known = st.lists(numbers, min_size=3, max_size=12)
some = st.lists(st.one_of(st.none(), numbers), min_size=1, max_size=12)
polarities = st.sampled_from(["favorable", "defavorable", "neutre"])
quick = settings(max_examples=40, deadline=None)


def _cards(polarity: str = "defavorable", decimals: int = 1) -> Catalogue:
    return catalogue(
        {"essai.part": card(polarity=polarity, decimals=decimals), POPULATION: count()}
    )


@quick
@given(known, polarities)
def test_ranks_are_a_permutation_with_ties(values: list[float], polarity: str) -> None:
    positions = compare(
        retained(values_of("essai.part", values)), territories(len(values)), _cards(polarity)
    ).positions
    for name in ("rank", "rank_high", "rank_low"):
        ranks = sorted(positions[name].to_list())
        # each rank is the place of the first that has it: 1, 2, 2, 4
        assert ranks == [1 + ranks.index(rank) for rank in ranks]
    tied = positions.filter("tied")["rank"].to_list()
    assert all(tied.count(rank) > 1 for rank in tied)
    alone = positions.filter(~pl.col("tied"))["rank"].to_list()
    assert len(set(alone)) == len(alone)


@quick
@given(known, polarities, st.integers(1, 3))
def test_a_territory_without_data_changes_no_rank(
    values: list[float], polarity: str, more: int
) -> None:
    cards, rows = _cards(polarity), values_of("essai.part", values)
    without = compare(retained(rows), territories(len(values)), cards).positions
    rows += [said(qpv(len(values) + 1), "essai.part", None, status="secret")]
    having = compare(retained(rows), territories(len(values) + more), cards).positions
    names = ["territory", "value", "known", "z", "rank", "rank_high", "rank_low", "tied"]
    shared = having.filter(pl.col("value").is_not_null()).select(names)
    assert shared.equals(without.select(names))
    assert having.filter(pl.col("value").is_null())["rank"].null_count() == more


@quick
@given(some, polarities)
def test_z_scores_have_mean_zero_and_deviation_one(
    values: list[float | None], polarity: str
) -> None:
    z = (
        compare(
            retained(values_of("essai.part", values)), territories(len(values)), _cards(polarity)
        )
        .positions["z"]
        .drop_nulls()
    )
    if z.len():
        assert abs(float(z.mean() or 0.0)) < 1e-6  # type: ignore[arg-type]
        assert abs(float(z.std(ddof=0) or 0.0) - 1) < 1e-6  # type: ignore[arg-type]


@quick
@given(known, st.integers(0, 2), numbers)
def test_a_direction_never_contradicts_what_is_printed(
    values: list[float], decimals: int, reference: float
) -> None:
    rows = values_of("essai.part", values)
    rows.append(said(EPCI, "essai.part", reference, kind="epci"))
    gaps = compare(retained(rows), territories(len(values)), _cards(decimals=decimals)).gaps
    by_code = dict(zip((qpv(n) for n in range(1, 99)), values, strict=False))
    for row in gaps.to_dicts():
        own = nombre(by_code[row["territory"]], decimals)
        other = nombre(row["reference"], decimals)
        numbers_read = [
            float(t.replace("\u202f", "").replace("\u2212", "-").replace(",", "."))
            for t in (own, other)
        ]
        sign = {True: "higher", False: "lower"}[numbers_read[0] > numbers_read[1]]
        assert row["direction"] == ("equal" if numbers_read[0] == numbers_read[1] else sign)
        assert abs(row["gap"] - (numbers_read[0] - numbers_read[1])) < 1e-6


@quick
@given(known, st.integers(1, 100_000))
def test_equal_weights_give_the_plain_mean(values: list[float], people: int) -> None:
    rows = values_of("essai.part", values) + values_of(POPULATION, [people] * len(values))
    groups = compare(retained(rows), territories(len(values)), _cards()).groups
    row = groups.row(by_predicate=pl.col("indicator") == "essai.part", named=True)
    assert abs(row["wmean"] - row["mean"]) < 1e-6
    assert min(values) - 1e-6 <= row["mean"] <= max(values) + 1e-6


@quick
@given(st.floats(-1e7, 1e7, allow_nan=False), st.integers(0, 4))
def test_printed_is_what_french_numbers_print(value: float, decimals: int) -> None:
    value = round(value, 5)
    frame = pl.DataFrame({"v": [value], "d": [decimals]})
    rounded = frame.select(printed(pl.col("v"), pl.col("d"))).item()
    assert nombre(rounded, decimals) == nombre(value, decimals)
