"""Which statement is shown, and when do two of them contradict one another."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from small_world import qpv, said, statements
from terril.observations.resolve import repeated, resolve
from terril.observations.schema import KEY, RETAINED

Q = qpv(1)
I = "essai.part"  # noqa: E741


def _two(first: dict[str, Any], second: dict[str, Any]) -> dict[str, Any]:
    base = {"document": "fiches", "priority": 20, "file": "fiches.csv", "line": 9}
    rows = [said(Q, I, **first), said(Q, I, **{**base, **second})]
    both = resolve(statements(rows))
    # the order of the files changes nothing
    assert resolve(statements(reversed(rows))).equals(both)
    return both.row(0, named=True)


#: values and written decimals of two documents; do they contradict one another?
ROUNDINGS = [
    (19.0, 0, 19.4, 1, False),
    (19.0, 0, 18.5, 1, False),
    (19.0, 0, 19.5, 1, False),  # 19,46 prints both
    (19.0, 0, 19.6, 1, True),
    (19.0, 0, 23.0, 0, True),
    (19.0, 0, 20.0, 0, True),
    (10.4, 1, 10.5, 1, True),
    (10.4, 1, 10.4, 1, False),
    (10.4, 1, 10.40, 2, False),
    (44.7, 1, 45.0, 0, False),
    (14.7, 1, 14.0, 0, True),
    (606.0, 0, 607.0, 0, True),
    (-3.1, 1, -3.0, 0, False),
    (16431.0, 0, 15431.0, 0, True),
    (0.1 + 0.2, 1, 0.3, 1, False),
]


@pytest.mark.parametrize(("one", "d1", "two", "d2", "contradicted"), ROUNDINGS)
def test_rounding_is_no_contradiction(
    one: float, d1: int, two: float, d2: int, contradicted: bool
) -> None:
    row = _two({"value": one, "decimals": d1}, {"value": two, "decimals": d2})
    assert row["contradicted"] is contradicted
    assert (row["value"], row["document"], row["statements"]) == (one, "tableaux", 2)


#: statuses of the first (priority 10) and second (priority 20) document: shown, contradicted
STATUSES = [
    ("ok", "secret", "secret", True),
    ("secret", "ok", "secret", True),
    ("missing", "ok", "ok", False),
    ("ok", "missing", "ok", False),
    ("missing", "secret", "secret", False),
    ("secret", "secret", "secret", False),
    ("missing", "missing", "missing", False),
    ("non_significatif", "ok", "non_significatif", True),
    ("missing", "not_applicable", "not_applicable", False),
]


@pytest.mark.parametrize(("one", "two", "shown", "contradicted"), STATUSES)
def test_secrecy_first_then_what_speaks(one: str, two: str, shown: str, contradicted: bool) -> None:
    row = _two({"value": 12.0, "status": one}, {"value": 12.0, "status": two})
    assert (row["status"], row["contradicted"]) == (shown, contradicted)
    assert (row["value"] is None) == (shown != "ok")


def test_the_value_of_a_blanked_figure_is_not_carried() -> None:
    row = _two({"value": 12.0, "raw": "12"}, {"value": None, "status": "secret"})
    assert row["document"] == "fiches"
    assert not any(v == 12.0 or v == "12" for v in row.values())


def test_priority_then_document_then_line() -> None:
    rows = [
        said(Q, I, 3.0, document="b", priority=20, line=1),
        said(Q, I, 2.0, document="a", priority=20, line=7),
        said(Q, I, 1.0, document="a", priority=20, line=4),
        said(Q, I, 4.0, document="c", priority=30, line=1),
    ]
    order = repeated(statements(rows))["value"].to_list()
    assert order == [1.0, 2.0, 3.0, 4.0]
    shown = resolve(statements(rows)).row(0, named=True)
    assert (shown["value"], shown["statements"], shown["contradicted"]) == (1.0, 3, True)


def test_three_documents_of_which_one_differs() -> None:
    rows = [said(Q, I, v, document=f"d{n}", priority=n) for n, v in enumerate([40.0, 40.0, 49.0])]
    assert resolve(statements(rows))["contradicted"].to_list() == [True]


#: what we compute (ratio, no written decimals) against what a document prints
DERIVED = [
    (32.96, 33.0, 1, False),
    (32.91, 33.0, 1, False),  # one unit of the last decimal: terms are themselves rounded
    (32.80, 33.0, 1, True),
    (33.4, 33.0, 0, False),
    (34.1, 33.0, 0, True),
]


@pytest.mark.parametrize(("computed", "printed", "decimals", "contradicted"), DERIVED)
def test_derived_against_stated(
    computed: float, printed: float, decimals: int, contradicted: bool
) -> None:
    row = _two(
        {"value": printed, "decimals": decimals},
        {"value": computed, "decimals": None, "origin": "calculé", "priority": 11},
    )
    assert (row["value"], row["contradicted"]) == (printed, contradicted)


@pytest.mark.parametrize("status", ["secret", "missing", "not_applicable"])
def test_what_cannot_be_computed_says_nothing_against_a_document(status: str) -> None:
    row = _two(
        {"value": 12.0, "priority": 20},
        {"value": None, "status": status, "origin": "calculé", "priority": 11},
    )
    assert (row["status"], row["value"], row["contradicted"]) == ("ok", 12.0, False)


def test_a_computed_figure_does_not_undo_a_secret() -> None:
    row = _two(
        {"value": 12.0, "origin": "calculé", "priority": 5},
        {"value": None, "status": "secret"},
    )
    assert (row["status"], row["value"], row["origin"]) == ("secret", None, "constaté")


rows = st.lists(
    st.builds(
        lambda n, p, v, s, d: said(
            qpv(n), I, v, period=p, status=s, document=d, priority=ord(d[0]) % 3, line=n
        ),
        st.integers(1, 3),
        st.sampled_from(["2015", "2018"]),
        st.floats(0, 100).map(lambda v: round(v, 1)),
        st.sampled_from(["ok", "secret", "missing"]),
        st.sampled_from(["a", "b", "c", "d"]),
    ),
    max_size=25,
)


@settings(max_examples=60, deadline=None)
@given(rows)
def test_one_row_a_figure_and_no_secret_uncovered(given_rows: list[dict[str, Any]]) -> None:
    frame = statements(given_rows)
    shown = resolve(frame)
    assert list(shown.schema.items()) == list(pl.DataFrame(schema=RETAINED).schema.items())
    assert shown.select(KEY).is_unique().all()
    assert shown.height == frame.select(KEY).unique().height
    secret = frame.filter(pl.col("status") == "secret").select(KEY).unique()
    blanked = shown.join(secret, on=KEY)
    assert blanked["value"].null_count() == blanked.height
    assert set(blanked["status"]) <= {"secret"}
    assert (
        resolve(shown.drop("statements", "contradicted"))
        .drop("contradicted", "statements")
        .equals(shown.drop("contradicted", "statements"))
    )
