"""Is a change taken since a comparable figure, and is the list of what worsens the right one?"""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from small_world import EPCI, card, catalogue, qpv, retained, said, territories
from terril.benchmarks.changes import BLOCKED, blocked_changes, comparable_changes, summary
from terril.benchmarks.compare import compare
from terril.benchmarks.signals import signals
from terril.benchmarks.worsening import WORSENING, worse_and_worsening
from terril.catalogue.schema import FicheBlock
from terril.indicators.breaks import annotate_changes, between
from terril.indicators.trends import TRENDS, trends

ALL = ["2010", "2012", "2013", "2015", "2016", "2018"]


@given(st.lists(st.sampled_from(ALL), min_size=2, max_size=6, unique=True), st.integers(0, 5))
@settings(max_examples=60, deadline=None)
def test_the_reference_is_the_latest_that_may_be(periods: list[str], seed: int) -> None:
    periods = sorted(periods)
    cards = catalogue({"essai.part": card(source="insee_recensement")})
    values = {p: float((7 * n + seed) % 11) for n, p in enumerate(periods)}
    rows = retained(
        said(qpv(q), "essai.part", value + q * q, period=p, source="insee_recensement")
        for q in (1, 2, 3)
        for p, value in values.items()
    )
    result = compare(rows, territories(3), cards)
    annotated = annotate_changes(result.gaps, rows, cards)
    found = comparable_changes(annotated, rows, result.groups, cards)
    assert found.schema == annotated.schema and found.height == annotated.height
    former = pl.col("comparator") == "previous"
    assert found.filter(~former).equals(annotated.filter(~former))
    for row in found.filter(former & (pl.col("territory") == qpv(1))).iter_rows(named=True):
        own = values[row["period"]]
        free = [
            p
            for p in periods
            if p < row["period"]
            and not any(c.blocks for c in between("essai.part", p, row["period"], None, cards))
        ]
        if free:
            gap = round(own - values[free[-1]], 1)
            assert row["reference_period"] == free[-1]
            assert row["reference"] == values[free[-1]] + 1
            assert row["gap"] == pytest.approx(gap)
            assert row["direction"] == ("higher" if gap > 0 else "lower" if gap < 0 else "equal")
            assert row["break_effect"] is None
        else:
            assert row["break_effect"] == "bloque" and row["gap"] is None


@given(st.lists(st.sampled_from(ALL), min_size=2, max_size=6, unique=True))
@settings(max_examples=40, deadline=None)
def test_every_nearest_change_is_counted_once(periods: list[str]) -> None:
    """Told or blocked, the nearest change of each figure is in one count of the register."""
    periods = sorted(periods)
    cards = catalogue({"essai.part": card(source="insee_recensement")})
    rows = retained(
        said(qpv(q), "essai.part", 10.0 * q + n, period=p, source="insee_recensement")
        for q in (1, 2)
        for n, p in enumerate(periods)
    )
    result = compare(rows, territories(2), cards)
    annotated = annotate_changes(result.gaps, rows, cards)
    told = comparable_changes(annotated, rows, result.groups, cards)
    blocked = blocked_changes(annotated, told)
    assert blocked.schema == pl.Schema(BLOCKED)
    nearest = {
        (q, after): before
        for q in (qpv(1), qpv(2))
        for before, after in zip(periods[:-1], periods[1:], strict=True)
    }
    naive = {
        key: before
        for key, before in nearest.items()
        if any(c.blocks for c in between("essai.part", before, key[1], None, cards))
    }
    found = {
        (t, p): r
        for t, p, r in blocked.select("territory", "period", "reference_period").iter_rows()
    }
    assert found == naive
    counted = summary(told, blocked)
    stopped = counted.filter(pl.col("effect") == "bloque")
    free = counted.filter(pl.col("effect") != "bloque")
    assert sum(stopped["changes"]) == len(naive)
    assert sum(free["changes"]) + len(naive) - sum(stopped["taken"]) == len(nearest)


def test_a_gap_taken_again_is_the_one_of_the_comparison() -> None:
    """2010 to 2018 taken over 2015, against the same change in a file without 2015."""
    cards = catalogue({"essai.part": card(source="insee_recensement")})

    def gaps(periods: list[str]) -> pl.DataFrame:
        rows = retained(
            said(qpv(q), "essai.part", 2.25 * q * int(p) % 17, period=p,
                 source="insee_recensement")
            for q in range(1, 6)
            for p in periods
        )  # fmt: skip
        result = compare(rows, territories(5), cards)
        found = annotate_changes(result.gaps, rows, cards)
        found = comparable_changes(found, rows, result.groups, cards)
        return found.filter((pl.col("comparator") == "previous") & (pl.col("period") == "2018"))

    assert gaps(["2010", "2015", "2018"]).equals(gaps(["2010", "2018"]))


# ------------------------------------------------------------------ worse and worsening


def world(
    series: dict[int, list[float]], *, polarity: str = "defavorable", source: str = "asp"
) -> tuple[Any, ...]:
    cards = catalogue(
        {"emploi.part_essai": card(polarity=polarity, source=source)},
        blocks=(FicheBlock(theme="emploi", signal=("emploi.part_essai",)),),
    )
    rows = retained(
        said(qpv(q), "emploi.part_essai", value, period=str(2018 - len(values) + 1 + n),
             source=source)
        for q, values in series.items()
        for n, value in enumerate(values)
    )  # fmt: skip
    result = compare(rows, territories(len(series)), cards)
    return cards, rows, result


def listed(
    series: dict[int, list[float]], *, polarity: str = "defavorable", source: str = "asp"
) -> pl.DataFrame:
    cards, rows, result = world(series, polarity=polarity, source=source)
    changes = annotate_changes(result.gaps, rows, cards)
    return worse_and_worsening(
        result.positions,
        changes,
        trends(rows, cards),
        signals(result, cards, "essai"),
        result.groups,
        cards,
    )


FLAT = {2: [10.0, 10.0], 3: [12.0, 12.0], 4: [11.0, 11.0]}


def test_worse_and_worsening_is_listed_with_its_words() -> None:
    found = listed({1: [25.0, 30.0], **FLAT})
    assert found.columns == list(WORSENING)
    row = found.row(0, named=True)
    assert found.height == 1
    assert (row["territory"], row["group"], row["signal"], row["rank"]) == (
        qpv(1), EPCI, "difficile", 1
    )  # fmt: skip
    assert (row["reference_period"], row["gap"], row["trend"]) == ("2017", 5.0, "non testé")
    assert row["severity"] == pytest.approx(-row["z"] + row["spread"], abs=1e-3)
    assert row["text"] == (
        "Part d’essai\u00a0: 30,0\u202f% en 2018, contre 25,0\u202f% en 2017. Trop peu de "
        "points comparables pour tester une tendance. Le thème entier est en difficulté."
    )


@pytest.mark.parametrize(
    ("series", "polarity", "source"),
    [
        ({1: [35.0, 30.0], **FLAT}, "defavorable", "asp"),  # worse, but improving
        ({1: [30.0, 30.0], **FLAT}, "defavorable", "asp"),  # worse, unchanged
        ({1: [29.0, 30.0], **FLAT}, "defavorable", "asp"),  # too slight a change
        ({1: [9.0, 10.0], **FLAT}, "defavorable", "asp"),  # worsening, but not worse
        ({1: [25.0, 30.0], **FLAT}, "favorable", "asp"),  # higher is better
        ({1: [25.0, 30.0], **FLAT}, "neutre", "asp"),  # nobody judges
        ({1: [25.0, 30.0], **FLAT}, "defavorable", "cnam"),  # consecutive vintages: blocked
    ],
)
def test_who_is_not_on_the_list(series: dict[int, list[float]], polarity: str, source: str) -> None:
    assert listed(series, polarity=polarity, source=source).is_empty()


LONG = {q: [10.0 + q] * 6 for q in (2, 3, 4)}


def test_a_tested_trend_has_the_last_word() -> None:
    worsening = listed({1: [20.0, 21.0, 22.0, 23.0, 24.0, 24.0], **LONG})
    assert worsening.height == 1
    row = worsening.row(0, named=True)
    assert (row["trend"], row["gap"]) == ("hausse", 0.0)
    assert "La série monte de" in row["text"] and "établie sur 6 points" in row["text"]
    improving = listed({1: [40.0, 38.0, 36.0, 34.0, 28.0, 31.0], **LONG})
    assert trends(world({1: [40.0, 38.0, 36.0, 34.0, 28.0, 31.0], **LONG})[1],
                  world({1: [1.0, 2.0]})[0])["result"][0] == "baisse"  # fmt: skip
    assert improving.is_empty(), "the trend is favourable although the last change is not"


def test_the_most_severe_comes_first() -> None:
    found = listed(
        {1: [25.0, 30.0], 2: [26.0, 38.0], 3: [5.0, 5.0], 4: [6.0, 6.0], 5: [5.0, 5.0],
         6: [4.0, 4.0]}
    )  # fmt: skip
    assert found.select("territory", "rank").rows() == [(qpv(2), 1), (qpv(1), 2)]
    assert found["severity"].is_sorted(descending=True)


def test_without_trends_the_last_change_is_enough() -> None:
    cards, rows, result = world({1: [25.0, 30.0], **FLAT})
    found = worse_and_worsening(
        result.positions,
        annotate_changes(result.gaps, rows, cards),
        pl.DataFrame(schema=TRENDS),
        signals(result, cards, "essai"),
        result.groups,
        cards,
    )
    assert found["trend"].to_list() == ["non testé"]
