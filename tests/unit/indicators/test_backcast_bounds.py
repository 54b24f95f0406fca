"""Does an estimate stay within its bounds, and is nothing estimated that may not be?"""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from small_world import card, catalogue, count, retained, said
from terril.indicators.backcast import BACKCAST, backcast
from terril.territories.correspondence import CORRESPONDENCE

CARDS = catalogue(
    {
        "essai.nb": count(unit="habitant"),
        "essai.nb_concernes": count(unit="habitant"),
        "essai.part": card(formula={"form": "ratio", "terms": ["essai.nb_concernes", "essai.nb"]}),
        "essai.indice": card(unit="base_100"),
        "essai.rien": card(aggregation="aucune"),
    }
)
OLD = ["QP001001", "QP001002", "QP001003"]
NEW = "QN00101M"


def correspondence(shares: list[tuple[float, float, float]]) -> pl.DataFrame:
    """Low, share and high of each former neighbourhood; together they fill the new one."""
    return pl.DataFrame(
        [
            {
                "old": OLD[n], "new": NEW, "old_label": "", "new_label": "", "status": "modifie",
                "status_text": "", "share_old": share, "share_new": 1.0 / len(shares),
                "share_low": low, "share_high": high, "basis": "population",
                "error": (high - low) / 2,
            }
            for n, (low, share, high) in enumerate(shares)
        ],
        schema=CORRESPONDENCE,
    )  # fmt: skip


SHARES = st.lists(
    st.lists(st.floats(0.05, 1.0), min_size=3, max_size=3).map(
        lambda three: (sorted(three)[0], sorted(three)[1], sorted(three)[2])
    ),
    min_size=1,
    max_size=3,
)
COUNTS = st.lists(st.tuples(st.integers(1, 500), st.floats(0.0, 1.0)), min_size=3, max_size=3)


@given(SHARES, COUNTS)
@settings(max_examples=80, deadline=None)
def test_an_estimate_is_within_its_bounds_and_the_extremes_reach_them(
    shares: list[tuple[float, float, float]], counts: list[tuple[int, float]]
) -> None:
    rows = []
    for code, (size, part) in zip(OLD, counts, strict=True):
        rows += [
            said(code, "essai.nb", float(size)),
            said(code, "essai.nb_concernes", float(round(size * part))),
        ]
    asked = ["essai.nb", "essai.nb_concernes", "essai.part"]
    found = backcast(retained(rows), correspondence(shares), CARDS, asked)
    assert found.columns == list(BACKCAST) and found["refused"].to_list() == [""] * 3
    for row in found.iter_rows(named=True):
        assert row["low"] <= row["value"] + 1e-9 and row["value"] <= row["high"] + 1e-9
        assert row["error"] >= -1e-9 and row["origin"] == "estimé" and row["status"] == "ok"
        assert row["low"] >= 0 and (row["indicator"] != "essai.part" or row["high"] <= 100)

    def total(pick: int, weights: list[float]) -> float:
        whole = [s if s < 0.98 else 1.0 for s in (t[1] for t in shares)]
        parts = [
            1.0 if w == 1.0 and whole[n] == 1.0 else shares[n][pick] for n, w in enumerate(whole)
        ]
        return sum(p * w for p, w in zip(parts, weights, strict=False))

    sizes = [float(size) for size, _ in counts]
    above = [float(round(size * part)) for size, part in counts]
    nb = found.row(by_predicate=pl.col("indicator") == "essai.nb", named=True)
    assert (nb["low"], nb["value"], nb["high"]) == pytest.approx(
        tuple(total(pick, sizes) for pick in (0, 1, 2))
    )
    rate = found.row(by_predicate=pl.col("indicator") == "essai.part", named=True)
    assert rate["value"] == pytest.approx(100 * total(1, above) / total(1, sizes))
    assert rate["low"] == pytest.approx(100 * total(0, above) / total(2, sizes))
    assert rate["high"] == pytest.approx(min(100.0, 100 * total(2, above) / total(0, sizes)))


@pytest.mark.parametrize("status", ["secret", "missing", "non_significatif", "not_applicable"])
def test_an_unknown_member_makes_an_unknown_estimate(status: str) -> None:
    rows = retained(
        [said(OLD[0], "essai.nb", 100.0), said(OLD[1], "essai.nb", None, status=status)]
    )
    links = correspondence([(0.4, 0.5, 0.6), (0.4, 0.5, 0.6)])
    row = backcast(rows, links, CARDS, ["essai.nb"]).row(0, named=True)
    assert (row["value"], row["low"], row["high"], row["status"]) == (None, None, None, status)
    assert row["refused"] and row["members"] == OLD[:2]


def test_a_member_without_a_row_is_missing_not_zero() -> None:
    rows = retained([said(OLD[0], "essai.nb", 100.0)])
    links = correspondence([(0.4, 0.5, 0.6), (0.4, 0.5, 0.6)])
    row = backcast(rows, links, CARDS, ["essai.nb"]).row(0, named=True)
    assert (row["value"], row["status"]) == (None, "missing")


@pytest.mark.parametrize("indicator", ["essai.indice", "essai.rien"])
def test_what_does_not_split_is_refused_with_the_reason(indicator: str) -> None:
    rows = retained([said(OLD[0], indicator, 100.0)])
    row = backcast(rows, correspondence([(1.0, 1.0, 1.0)]), CARDS, [indicator]).row(0, named=True)
    assert row["value"] is None and "ne se répartit pas" in row["refused"]
    assert row["text"] == f"Pas d’estimation d’après {OLD[0]}\u00a0: {row['refused']}."


def test_a_null_denominator_has_no_rate() -> None:
    rows = retained([said(OLD[0], "essai.nb", 0.0), said(OLD[0], "essai.nb_concernes", 0.0)])
    row = backcast(rows, correspondence([(1.0, 1.0, 1.0)]), CARDS, ["essai.part"]).row(
        0, named=True
    )
    assert (row["value"], row["status"]) == (None, "not_applicable")


def test_nothing_is_done_for_who_does_not_ask() -> None:
    rows = retained([said(OLD[0], "essai.nb", 100.0)])
    assert backcast(rows, correspondence([(1.0, 1.0, 1.0)]), CARDS, []).is_empty()
    with pytest.raises(KeyError):
        backcast(rows, correspondence([(1.0, 1.0, 1.0)]), CARDS, ["essai.inconnu"])


def test_by_surface_a_cut_neighbourhood_is_anywhere_between_nobody_and_all() -> None:
    links = correspondence([(0.0, 0.6, 1.0)]).with_columns(basis=pl.lit("surface"))
    rows = retained([said(OLD[0], "essai.nb", 100.0), said(OLD[0], "essai.nb_concernes", 20.0)])
    found = backcast(rows, links, CARDS, ["essai.nb", "essai.part"])
    assert found.select("value", "low", "high", "error").rows() == [
        pytest.approx((60.0, 0.0, 100.0, 60.0)),
        pytest.approx((20.0, 0.0, 100.0, 80.0)),
    ]
    assert "la surface commune" in found["text"][0]
