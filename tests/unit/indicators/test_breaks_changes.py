"""Does the register act on the changes of a comparison, row by row, and on nothing else?"""

from __future__ import annotations

import dataclasses

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from small_world import card, catalogue, qpv, retained, said, territories
from terril.benchmarks.changes import blocked_changes, comparable_changes, summary
from terril.benchmarks.compare import compare
from terril.catalogue.load import load_catalogue
from terril.catalogue.schema import Break, Certainty, Effect
from terril.indicators.breaks import (
    ADDED,
    annotate_changes,
    between,
    blocked_pairs,
    effect_of,
    successor,
    text_of,
    two_generations,
    unblocked,
)
from terril.indicators.periods import end_of, in_years, years_between

SAID = ["gap", "spread", "direction", "degree"]


def world(source: str, periods: list[str]) -> tuple[pl.DataFrame, pl.DataFrame]:
    cards = catalogue({"essai.part": card(source=source)})
    rows = retained(
        said(qpv(n), "essai.part", 10.0 * n + i, period=period, source=source)
        for n in (1, 2, 3)
        for i, period in enumerate(periods)
    )
    return rows, compare(rows, territories(3), cards).gaps


def test_only_the_change_is_touched_and_the_order_is_kept() -> None:
    rows, gaps = world("insee_recensement", ["2010", "2013", "2018"])
    cards = catalogue({"essai.part": card(source="insee_recensement")})
    found = annotate_changes(gaps, rows, cards)
    assert found.columns == [*gaps.columns, *ADDED]
    key = ["group", "territory", "indicator", "period", "comparator", "reference"]
    assert found.select(key).equals(gaps.select(key))
    former = pl.col("comparator") == "previous"
    others = found.filter(~former)
    assert others.select(gaps.columns).equals(gaps.filter(~former))
    assert others["break_effect"].null_count() == others.height > 0
    blocked = found.filter(former & (pl.col("period") == "2013"))
    assert blocked["break_effect"].to_list() == ["bloque"] * 3
    assert all(blocked[name].null_count() == 3 for name in SAID)
    assert blocked["break_codes"].to_list() == [["recensement_fenetres"]] * 3
    free = found.filter(former & (pl.col("period") == "2018"))
    assert free["break_effect"].null_count() == 3 and free["gap"].to_list() == [1.0] * 3


def test_blocked_changes_leave_the_sentences_and_are_counted() -> None:
    rows, gaps = world("insee_filosofi", ["2013", "2014", "2018"])
    cards = catalogue({"essai.part": card(source="insee_filosofi")})
    found = annotate_changes(gaps, rows, cards)
    kept = unblocked(found)
    assert found.height - kept.height == 3
    assert set(kept.filter(pl.col("comparator") == "previous")["break_effect"]) == {"annote"}
    groups = compare(rows, territories(3), cards).groups
    told = comparable_changes(found, rows, groups, cards)
    blocked = blocked_changes(found, told)
    assert summary(told, blocked).select("period", "effect", "changes", "taken").rows() == [
        ("2014", "bloque", 3, 0),
        ("2018", "annote", 3, 0),
    ]


def test_a_change_told_since_an_older_period_is_counted_as_blocked_too() -> None:
    """2018 since 2015 is blocked and told since 2010; 2015 since 2014 is told nowhere."""
    rows, gaps = world("insee_recensement", ["2010", "2015", "2018"])
    cards = catalogue({"essai.part": card(source="insee_recensement")})
    rows = pl.concat([rows, retained([said(qpv(4), "essai.part", v, period=p,
                                           source="insee_recensement")
                                      for p, v in (("2014", 1.0), ("2015", 2.0))])])  # fmt: skip
    result = compare(rows, territories(4), cards)
    annotated = annotate_changes(result.gaps, rows, cards)
    told = comparable_changes(annotated, rows, result.groups, cards)
    blocked = blocked_changes(annotated, told)
    assert blocked.select("territory", "period", "reference_period", "taken").rows() == [
        (qpv(1), "2018", "2015", "2010"),
        (qpv(2), "2018", "2015", "2010"),
        (qpv(3), "2018", "2015", "2010"),
        (qpv(4), "2015", "2014", None),
    ]
    assert blocked["break_codes"].to_list() == [["recensement_fenetres"]] * 4
    assert blocked["break_text"].null_count() == 0
    counted = summary(told, blocked)
    assert counted.select("reference_period", "period", "effect", "changes", "taken").rows() == [
        ("2010", "2015", "libre", 3, 0),
        ("2014", "2015", "bloque", 1, 0),
        ("2010", "2018", "libre", 3, 0),
        ("2015", "2018", "bloque", 3, 3),
    ]
    with pytest.raises(ValueError, match="one comparison"):
        blocked_changes(annotated, told.head(-1))


def test_the_source_of_the_figure_decides_not_that_of_the_card() -> None:
    """The card says census, the figures come from the CAF: no census break."""
    cards = catalogue({"essai.part": card(source="insee_recensement")})
    rows = retained(
        said(qpv(n), "essai.part", 10.0 * n + i, period=period, source=source)
        for n in (1, 2, 3)
        for i, (period, source) in enumerate([("2013", "caf"), ("2014", "caf_ouvertes")])
    )
    gaps = compare(rows, territories(3), cards).gaps
    found = annotate_changes(gaps, rows, cards).filter(pl.col("comparator") == "previous")
    assert found["break_codes"].to_list() == [["caf_arrondi"]] * 3
    assert found["gap"].null_count() == 0
    stripped = annotate_changes(gaps, rows.clear(), cards)
    assert (
        stripped.filter(pl.col("comparator") == "previous")["break_codes"].to_list()
        == [["recensement_fenetres"]] * 3
    )


def test_an_empty_comparison_stays_empty() -> None:
    rows, gaps = world("caf", ["2013"])
    found = annotate_changes(gaps.clear(), rows, load_catalogue())
    assert found.is_empty() and found.columns == [*gaps.columns, *ADDED]


PERIODS = st.sampled_from(
    ["2010", "2013", "2014", "2015", "2016", "2018-12-31", "2019", "2020", "2021", "2023", "2024"]
)
INDICATORS = st.sampled_from(
    ["revenus.taux_pauvrete", "emploi.taux_emploi_15_64", "sante.nb_cmuc", "emploi.nb_defm_abc"]
)


@given(INDICATORS, st.lists(PERIODS, min_size=2, max_size=5, unique=True))
@settings(max_examples=60, deadline=None)
def test_the_frame_says_what_each_pair_says(indicator: str, periods: list[str]) -> None:
    own = load_catalogue()
    source = own.indicators[indicator].source
    cards = dataclasses.replace(own, indicators={indicator: own.indicators[indicator]})
    rows = retained(
        said(qpv(n), indicator, 10.0 * n + i, period=period, source=source)
        for n in (1, 2, 3)
        for i, period in enumerate(periods)
    )
    gaps = compare(rows, territories(3), cards).gaps
    found = annotate_changes(gaps, rows, own).filter(pl.col("comparator") == "previous")
    assert found.height == 3 * (len(periods) - 1)
    for row in found.iter_rows(named=True):
        crossings = between(indicator, row["reference_period"], row["period"], None, own)
        assert row["break_effect"] == effect_of(crossings)
        assert row["break_text"] == text_of(crossings)
        assert (row["direction"] is None) == (row["break_effect"] == "bloque")


@given(INDICATORS, PERIODS, PERIODS)
def test_the_matrix_of_blocked_pairs_is_that_of_the_pairs(
    indicator: str, one: str, other: str
) -> None:
    own = load_catalogue()
    before, after = sorted((one, other), key=end_of)
    matrix = blocked_pairs(indicator, [before, after], None, own)
    crossings = between(indicator, before, after, None, own)
    if before == after:
        assert matrix[0][1], "a period is no change to itself"
    else:
        assert matrix[0][1] == any(c.blocks for c in crossings)


def test_a_blocking_text_comes_alone() -> None:
    own = load_catalogue()
    found = between("revenus.part_prestations_logement", "2016", "2018", None, own)
    assert [c.code for c in found] == ["filosofi_2018_aides_logement", "filosofi_2018"]
    assert text_of(found) == own.breaks["filosofi_2018_aides_logement"].text
    assert text_of([]) is None and effect_of([]) is None


def test_an_indicator_says_what_took_its_place() -> None:
    own = load_catalogue()
    found = successor("emploi.part_emploi_precaire", own)
    assert found and found.card.by == ("emploi.part_emploi_duree_limitee",)
    assert successor("emploi.part_emploi_duree_limitee", own) is None


def test_since_may_be_a_day() -> None:
    broken = Break(
        label="x", effect=Effect.BLOQUE, since="2018-07-01", text="x.", line="x",
        reference="x" * 21, certainty=Certainty.OBSERVE, checked="2026",
    )  # fmt: skip
    own = dataclasses.replace(catalogue({"essai.part": card()}), breaks={"essai": broken})
    for before, after, crossed in (
        ("2018-06-30", "2018-07-01", True),
        ("2018-03", "2018-06", False),
        ("2018-06", "2018-07", True),
        ("2018-07-01", "2018-12-31", False),
        ("2017", "2018", True),
    ):
        found = between("essai.part", before, after, "essai", own)
        assert bool(found) is crossed, (before, after)


@pytest.mark.parametrize(
    ("period", "end"),
    [("2015", "2015-12-31"), ("2008-2014", "2014-12-31"), ("2016-02", "2016-02-29"),
     ("2018-12", "2018-12-31"), ("2018-12-31", "2018-12-31"), ("", ""), ("2018-13", "2018-13")],
)  # fmt: skip
def test_ends_of_periods(period: str, end: str) -> None:
    assert end_of(period) == end


def test_years_between_periods() -> None:
    assert years_between("2010", "2015") == pytest.approx(5.0)
    assert years_between("2013-12-31", "2018-12-31") == pytest.approx(5.0)
    assert years_between("2018-06", "2018-12") == pytest.approx(0.5, abs=0.01)
    assert years_between("", "2018") == 0.0 and in_years("jadis") is None


def test_codes_of_two_generations() -> None:
    frame = pl.DataFrame({"a": ["QP001001", "QP001001"], "b": ["QP001002", "QN00101M"]})
    assert frame.select(two_generations(pl.col("a"), pl.col("b"))).to_series().to_list() == [
        False,
        True,
    ]
