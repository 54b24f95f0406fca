"""What a cell says: numbers as France writes them, tokens, and what is neither."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from terril.sources.numbers import parse, parse_one

NB, FINE = "\u00a0", "\u202f"


def read(*cells: str | None) -> list[tuple[float | None, str, int | None, bool]]:
    frame = pl.DataFrame({"raw": list(cells)}, schema={"raw": pl.String})
    return frame.select(parse(pl.col("raw"))).rows()


@pytest.mark.parametrize(
    ("cell", "value", "decimals"),
    [
        ("12", 12.0, 0),
        ("19,6", 19.6, 1),
        ("19.6", 19.6, 1),
        ("1 234,50", 1234.5, 2),
        (f"12{FINE}811", 12811.0, 0),
        (f"12{NB}811{NB}€", 12811.0, 0),
        (f"5{FINE}019{FINE}573", 5019573.0, 0),
        (f"19,6{FINE}%", 19.6, 1),
        ("19,6%", 19.6, 1),
        ("-9,3", -9.3, 1),
        ("\u22129,3", -9.3, 1),
        ("+ 2,0", 2.0, 1),
        ("1.234.567,8", 1234567.8, 1),
        ("1.234,5", 1234.5, 1),
        (",5", 0.5, 1),
        ("1e3", 1000.0, 0),
        ("  7  ", 7.0, 0),
        ("0", 0.0, 0),
        ("4 765 habitants", 4765.0, 0),
    ],
)
def test_a_number_is_read_with_its_decimals(cell: str, value: float, decimals: int) -> None:
    assert read(cell) == [(value, "ok", decimals, False)]


@pytest.mark.parametrize(
    ("cell", "status"),
    [
        ("s", "secret"),
        ("S", "secret"),
        (" s ", "secret"),
        ("ns", "non_significatif"),
        ("n.s.", "non_significatif"),
        ("nd", "missing"),
        ("N.D.", "missing"),
        ("NA", "missing"),
        ("-", "missing"),
        ("\u2013", "missing"),
        ("Pas de donnée", "missing"),
        ("pas de  données", "missing"),
        ("pas de donne\u0301e", "missing"),
        ("so", "not_applicable"),
        ("sans objet", "not_applicable"),
        ("", "missing"),
        ("   ", "missing"),
        (None, "missing"),
    ],
)
def test_a_token_is_a_status_and_never_zero(cell: str | None, status: str) -> None:
    assert read(cell) == [(None, status, None, False)]


@pytest.mark.parametrize(
    "cell",
    ["environ 12", "12*", "<5", "1 2345", "12  811", "2015 7", "1,234,5", "#DIV/0!", "douze",
     "12-15", "1,5,6", "%", "1.2.3"],
)  # fmt: skip
def test_what_is_neither_a_number_nor_a_token_is_told(cell: str) -> None:
    value, _, _, unreadable = read(cell)[0]
    assert value is None
    assert unreadable


def test_an_empty_cell_takes_the_status_of_the_producer() -> None:
    frame = pl.DataFrame({"raw": ["", "3"], "vide": ["secret", "secret"]})
    found = frame.select(parse(pl.col("raw"), pl.col("vide")))
    assert found["status"].to_list() == ["secret", "ok"]


def french(value: int, decimals: int, space: str) -> str:
    """Write value / 10**decimals as France does; a naive reference."""
    sign = "-" if value < 0 else ""
    digits = str(abs(value)).zfill(decimals + 1)
    whole = digits[: len(digits) - decimals]
    groups = ""
    while len(whole) > 3:
        groups, whole = space + whole[-3:] + groups, whole[:-3]
    return sign + whole + groups + ("," + digits[len(digits) - decimals :] if decimals else "")


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.integers(-(10**9), 10**9),
            st.integers(0, 4),
            st.sampled_from(["", " ", NB, FINE, "\u2009"]),
            st.sampled_from(["", "%", f"{FINE}%", " €", f"{NB}€"]),
        ),
        min_size=1,
        max_size=20,
    )
)
def test_what_france_writes_is_read_back(cells: list[tuple[int, int, str, str]]) -> None:
    texts = [french(v, d, space) + unit for v, d, space, unit in cells]
    for (value, status, decimals, wrong), (v, d, _, _) in zip(read(*texts), cells, strict=True):
        assert (status, wrong, decimals) == ("ok", False, d)
        assert value == pytest.approx(v / 10**d, rel=1e-12)


def test_one_text() -> None:
    assert parse_one("1 234,5") == 1234.5
    assert parse_one("s") is None
    assert parse_one("douze") is None
