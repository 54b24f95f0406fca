"""Is « un sur six » true whenever it is said?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from terril.lib.fractions import Fraction, fraction


@pytest.mark.parametrize(
    ("share", "stance", "words"),
    [
        (39.4, "high", "deux sur cinq"),
        (40.2, "high", "deux sur cinq"),
        (47.6, "high", "près d’un sur deux"),
        (52.3, "high", "plus d’un sur deux"),
        (30.9, "low", "moins d’un sur trois"),
        (31.0, "", "trois sur dix"),
        (15.7, "low", "moins d’un sur six"),
        (17.0, "high", "un sur six"),
        (33.0, "", "un sur trois"),
        (24.3, "", "un sur quatre"),
        (66.8, "", "deux sur trois"),
        (77.6, "high", "plus de trois sur quatre"),
        (82.4, "", "cinq sur six"),
        (50, "", "un sur deux"),
        (92.3, "high", "plus de neuf sur dix"),
    ],
)
def test_shares_of_the_model_sheets(share: float, stance: str, words: str) -> None:
    found = fraction(share, stance)
    assert found is not None
    assert found.words() == words


def test_small_and_unfit_shares_have_no_fraction() -> None:
    assert fraction(0) is None
    assert fraction(2.5) is None
    assert fraction(99.5) is None
    assert fraction(100) is None


@given(st.floats(0, 100), st.sampled_from(["", "high", "low"]))
def test_every_fraction_said_is_true(share: float, stance: str) -> None:
    found = fraction(share, stance)
    if found is None:
        return
    # said again without the module's own rule
    value = 100 * found.numerator / found.denominator
    if found.qualifier == "":
        assert abs(share - value) <= 1
        assert abs(share - value) <= 0.0501 * value
    elif found.qualifier == "plus de":
        assert 0 < share - value <= 4
    else:
        assert 0 < value - share <= 4
        assert found.qualifier == ("moins de" if stance == "low" else "près de")
    assert found.holds(share)


def test_a_false_wording_does_not_hold() -> None:
    assert not Fraction("plus de", 1, 2).holds(49.9)
    assert not Fraction("près de", 1, 2).holds(50.1)
    assert not Fraction("", 1, 2).holds(52)
    assert not Fraction("moins de", 1, 2).holds(40)


def test_wordings() -> None:
    assert Fraction("près de", 1, 2).of_people("jeune", "jeunes") == "près d’un jeune sur deux"
    assert Fraction("", 1, 5).of_people("femme", "femmes", "f") == "une femme sur cinq"
    assert (
        Fraction("plus de", 2, 3).of_people("x", "logements") == "plus de deux logements sur trois"
    )
    assert Fraction("plus de", 1, 4).named() == "plus d’un quart"
    assert Fraction("près de", 1, 2).named() == "près de la moitié"
    assert Fraction("", 3, 10).named() is None
    assert Fraction("plus de", 1, 2).key == "plus de 1/2"
